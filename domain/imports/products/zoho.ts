import type { Product } from './product';

/** Module exports carry the labels of fields, and beside every lookup its id as `Account Name.id`. */
export const zoho: Product = {
  marks:
    'contact owner.id, account owner.id, deal owner.id, lead owner.id, account name.id, contact name.id, created by.id, modified by.id, reporting to.id, parent account.id, vendor name.id, created time, modified time, last activity time, unsubscribed mode, unsubscribed time, closing date, asst phone, billing code, shipping code, mailing zip, skype id, email opt out, usage unit, change log time, lead conversion time',
  form: /^[\p{L} ]+\.id$/u,
  ids: /^zcrm_\d{10,}$/,
  words: {
    company: {
      name: 'account name',
      externalId: 'record id, account id',
      owner: 'account owner',
      ownerExternalId: 'account owner.id, owner.id',
      parent: 'parent account',
      parentExternalId: 'parent account.id',
      postalCode: 'billing code',
      shippingPostalCode: 'shipping code',
      site: 'account site',
      createdByExternalId: 'created by.id',
    },
    contact: {
      externalId: 'record id, contact id, lead id',
      owner: 'contact owner, lead owner',
      ownerExternalId: 'contact owner.id, lead owner.id, owner.id',
      company: 'account name, company name, company',
      companyExternalId: 'account name.id, company name.id',
      reportsTo: 'reporting to',
      reportsToExternalId: 'reporting to.id',
      otherEmail: 'secondary email',
      postalCode: 'mailing zip',
      jobTitle: 'title',
      createdByExternalId: 'created by.id',
    },
    deal: {
      externalId: 'record id, deal id',
      owner: 'deal owner',
      ownerExternalId: 'deal owner.id, owner.id',
      company: 'account name',
      companyExternalId: 'account name.id',
      contact: 'contact name',
      contactExternalId: 'contact name.id',
      closeDate: 'closing date',
      lossReason: 'reason for loss, reason for loss/no action',
      createdByExternalId: 'created by.id',
    },
    product: {
      externalId: 'record id',
      series: 'product category',
      unit: 'usage unit',
      active: 'product active',
      createdByExternalId: 'created by.id',
    },
  },
  ignored:
    'modified by, modified by.id, last activity time, locked, change log time, unsubscribed mode, unsubscribed time, sales cycle duration, overall sales duration, lead conversion time, last enriched time, enrich status, expected revenue',
};
