import * as f from './fields';

export const noteFields = {
  body: f.longText({ required: true, prominent: true }),
  companyId: f.reference('company'),
  contactId: f.reference('contact'),
  dealId: f.reference('deal'),
  ...f.about,
  ownerId: f.member(),
  pinned: f.boolean(),
  createdAt: f.datetime({ readOnly: true }),
  updatedAt: f.datetime({ readOnly: true }),
  createdBy: f.member({ readOnly: true }),
} satisfies f.Fields;

export const noteCreate = f.createSchema(noteFields);
export const noteUpdate = f.updateSchema(noteFields);
