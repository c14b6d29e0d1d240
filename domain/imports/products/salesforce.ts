import type { Product } from './product';

/** Data exports carry API names, reports carry labels; own fields end in `__c`, ids begin with the object's three letters. */
export const salesforce: Product = {
  marks:
    'is deleted, master record id, billing street, billing city, billing postal code, mailing street, mailing city, stage name, forecast category, forecast category name, created by id, last modified by id, system modstamp, owner id, account id, opportunity owner, account owner, opportunity name, ticker symbol, sic code, asst phone, mailing zip/postal code, billing zip/postal code, mailing state/province, billing state/province, probability (%), owner alias, jigsaw, clean status, has opted out of email, 业务机会名称, 业务机会所有人, 客户所有人, 联系人所有人, 邮寄街道, 账单街道',
  form: /__c$/i,
  ids: /^(?:001|003|005|006|00Q|00T|00U|01t|500|701)[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?$/,
  words: {
    contact: {
      company: 'account name, account',
      companyExternalId: 'account id',
      firstName: 'first name, +middle name',
      lastName: 'last name, +suffix',
      jobTitle: 'title',
      homePhone: 'home phone',
      ownerExternalId: 'owner id',
      // Leads are contacts that have not come far.
      leadStatus: 'lead status, status',
    },
    // The day a task is due, or a call was made.
    task: { dueOn: 'activity date, due date, date' },
    deal: { closeDate: 'close date', stage: 'stage, stage name', status: 'deal status' },
    member: { name: 'name, full name', email: 'email', externalId: 'id, user id', role: '~profile' },
  },
  ignored:
    'is converted, converted date, converted account id, converted contact id, converted opportunity id, is unread by owner, company duns number, geocode accuracy, latitude, longitude, jigsaw, jigsaw company id, jigsaw contact id, clean status, dandb company id, billing geocode accuracy, shipping geocode accuracy, mailing geocode accuracy, billing latitude, billing longitude, shipping latitude, shipping longitude, mailing latitude, mailing longitude, individual id, last cu request date, last cu update date, has open activity, has overdue task, has opportunity line item, pricebook2 id, total opportunity quantity, is private, record type id, user role id, profile id',
};
