import type { Product } from './product';

/** Headers are `Entity - Field`; `columns.ts` reads the entity, what is here follows it. */
export const pipedrive: Product = {
  marks:
    'note is pinned to deal, note is pinned to person, note is pinned to organization, note is pinned to lead, currency of value, full/combined address of address, city/town/village/locality of address, state/county of address, zip/postal code of address, street/road name of address, house number of address',
  words: {
    contact: {
      email: 'email - work, email (work), ~email',
      otherEmail: 'email - home, email (home), ~email - other, ~email (other)',
      phone: 'phone - work, phone (work), ~phone',
      mobile: 'phone - mobile, phone (mobile)',
      homePhone: 'phone - home, phone (home)',
      otherPhone: 'phone - other, phone (other)',
      // `unsubscribed` and `no consent` are refusals, which `refusalMeant` reads.
      doNotMail: 'marketing status',
      company: 'organization',
      companyExternalId: 'organization id',
    },
    deal: {
      closedOn: 'deal closed on, closed on, ~won time, ~lost time',
      company: 'organization',
      companyExternalId: 'organization id',
      contact: 'contact person, person',
      contactExternalId: 'contact person id, person id',
      source: 'source channel, ~source origin',
      createdAt: 'deal created, creation date, add time',
      product: 'product name',
    },
    company: { tags: 'labels, label', website: 'website', linkedin: 'linkedin profile' },
    product: { taxPercent: 'tax', series: 'category' },
  },
  ignored:
    'open deals, won deals, lost deals, closed deals, people, activities to do, email messages count, last stage change, last email received, last email sent, product quantity, product amount, visible to, source origin id, source channel id, archive status, archive time',
};
