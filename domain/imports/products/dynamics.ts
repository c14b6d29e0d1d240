import type { Product } from './product';

const mainAddress = {
  street: 'address 1: street 1, address 1',
  street2: 'address 1: street 2',
  district: 'address 1: county',
  city: 'address 1: city',
  state: 'address 1: state/province',
  postalCode: 'address 1: zip/postal code',
  country: 'address 1: country/region',
};

/** Excel exports begin with three hidden columns, `(Do Not Modify) …`; parts of an address are `Address 1: City`. */
export const dynamics: Product = {
  marks:
    '(do not modify) row checksum, (do not modify) modified on, (do not modify) account, (do not modify) contact, (do not modify) opportunity, (do not modify) lead, (do not modify) product, potential customer, est. revenue, est. close date, main phone, email (primary contact), (请勿修改) 行校验和, (不要修改) 行校验和',
  form: /^(?:\(do not modify\)|\((?:请勿|不要)修改\)|address [12]: )/i,
  words: {
    company: {
      updatedAt: '(do not modify) modified on, modified on',
      name: 'account name',
      externalId: '(do not modify) account, accountid',
      phone: 'main phone',
      ...mainAddress,
      shippingStreet: 'address 2: street 1',
      shippingCity: 'address 2: city',
      shippingState: 'address 2: state/province',
      shippingPostalCode: 'address 2: zip/postal code',
      shippingCountry: 'address 2: country/region',
      employees: 'no. of employees, number of employees',
      type: 'relationship type',
      parent: 'parent account',
    },
    contact: {
      updatedAt: '(do not modify) modified on, modified on',
      externalId: '(do not modify) contact, contactid, (do not modify) lead, leadid',
      company: 'company name, account name',
      phone: 'business phone',
      mobile: 'mobile phone',
      firstName: 'first name, +middle name',
      email: 'email, email address 1, ~email 1',
      otherEmail: 'email address 2, ~email 2',
      ...mainAddress,
      doNotMail: 'do not allow emails, do not allow bulk emails, do not allow mails',
      doNotCall: 'do not allow phone calls',
      reportsTo: 'manager',
    },
    deal: {
      updatedAt: '(do not modify) modified on, modified on',
      externalId: '(do not modify) opportunity, opportunityid',
      name: 'topic, name',
      company: 'potential customer, account',
      contact: 'contact',
      amount: 'est. revenue, estimated revenue, ~actual revenue',
      expectedClose: 'est. close date, estimated close date',
      closedOn: 'actual close date',
      stage: 'sales stage, process stage, pipeline phase',
      status: 'status',
    },
    product: { externalId: '(do not modify) product', code: 'product id', unit: 'default unit', price: 'list price' },
    member: { externalId: '(do not modify) user' },
  },
  ignored: '(do not modify) row checksum, email (primary contact), email (potential customer)',
};
