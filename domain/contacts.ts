import { leadStatuses, lifecycleStages } from './companies';
import * as f from './fields';

export const contactCompanyRoles = ['employee', 'decisionMaker', 'billing', 'technical', 'former', 'other'] as const;

export const contactFields = {
  name: f.text({ required: true, prominent: true }),
  companyId: f.reference('company', { prominent: true }),
  jobTitle: f.text({ prominent: true }),
  email: f.email({ prominent: true }),
  phone: f.phone({ prominent: true }),
  mobile: f.phone(),
  ownerId: f.member({ prominent: true }),
  salutation: f.text({ max: 40 }),
  firstName: f.text(),
  lastName: f.text(),
  department: f.text(),
  seniority: f.text(),
  otherEmail: f.email(),
  homePhone: f.phone(),
  otherPhone: f.phone(),
  fax: f.phone(),
  wechat: f.text(),
  whatsapp: f.phone(),
  linkedin: f.link(),
  birthday: f.date(),
  assistant: f.text(),
  assistantPhone: f.phone(),
  reportsToId: f.reference('contact'),
  lifecycleStage: f.choice(lifecycleStages),
  leadStatus: f.choice(leadStatuses),
  source: f.text(),
  preferredLanguage: f.text(),
  timeZone: f.text(),
  street: f.text({ max: 500 }),
  street2: f.text({ max: 500 }),
  district: f.text(),
  city: f.text(),
  state: f.text(),
  postalCode: f.text({ max: 40 }),
  country: f.text(),
  doNotCall: f.boolean(),
  doNotMail: f.boolean(),
  tags: f.tags(),
  description: f.longText(),
  createdAt: f.datetime({ readOnly: true, prominent: true }),
  updatedAt: f.datetime({ readOnly: true }),
  createdBy: f.member({ readOnly: true }),
} satisfies f.Fields;

export const contactCreate = f.createSchema(contactFields);
export const contactUpdate = f.updateSchema(contactFields);
