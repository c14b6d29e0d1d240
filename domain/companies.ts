import * as f from './fields';

export const companyTypes = ['customer', 'prospect', 'partner', 'reseller', 'vendor', 'competitor', 'other'] as const;
export const lifecycleStages = [
  'subscriber',
  'lead',
  'qualified',
  'opportunity',
  'customer',
  'evangelist',
  'other',
] as const;
export const leadStatuses = [
  'new',
  'open',
  'inProgress',
  'openDeal',
  'unqualified',
  'attempted',
  'connected',
  'badTiming',
] as const;
export const ratings = ['hot', 'warm', 'cold'] as const;

/** Address parts, flat so that each can be filtered, imported and shown alone. */
const address = {
  street: f.text({ max: 500 }),
  street2: f.text({ max: 500 }),
  district: f.text(),
  city: f.text(),
  state: f.text(),
  postalCode: f.text({ max: 40 }),
  country: f.text(),
};

export const companyFields = {
  name: f.text({ required: true, prominent: true }),
  domain: f.text({ prominent: true }),
  industry: f.text({ prominent: true }),
  parentId: f.reference('company'),
  type: f.choice(companyTypes),
  ownerId: f.member({ prominent: true }),
  phone: f.phone({ prominent: true }),
  email: f.email(),
  website: f.link(),
  employees: f.integer({ prominent: true }),
  annualRevenue: f.money(),
  currency: f.currency(),
  shortName: f.text(),
  englishName: f.text(),
  legalName: f.text(),
  taxId: f.text(),
  fax: f.phone(),
  industryGroup: f.text(),
  ownership: f.text(),
  ticker: f.text({ max: 40 }),
  rating: f.choice(ratings),
  lifecycleStage: f.choice(lifecycleStages),
  leadStatus: f.choice(leadStatuses),
  yearFounded: f.integer(),
  accountNumber: f.text(),
  site: f.text(),
  source: f.text(),
  linkedin: f.link(),
  timeZone: f.text(),
  ...address,
  shippingStreet: f.text({ max: 500 }),
  shippingCity: f.text(),
  shippingState: f.text(),
  shippingPostalCode: f.text({ max: 40 }),
  shippingCountry: f.text(),
  tags: f.tags(),
  description: f.longText(),
  createdAt: f.datetime({ readOnly: true, prominent: true }),
  updatedAt: f.datetime({ readOnly: true }),
  createdBy: f.member({ readOnly: true }),
} satisfies f.Fields;

export const companyCreate = f.createSchema(companyFields);
export const companyUpdate = f.updateSchema(companyFields);
