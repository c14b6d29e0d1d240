import * as f from './fields';

export const taskTypes = ['todo', 'call', 'email', 'meeting'] as const;
export const taskPriorities = ['low', 'medium', 'high'] as const;

export const taskFields = {
  subject: f.text({ required: true, prominent: true, max: 300 }),
  type: f.choice(taskTypes, { prominent: true }),
  priority: f.choice(taskPriorities, { prominent: true }),
  dueOn: f.date({ prominent: true }),
  ownerId: f.member({ prominent: true }),
  companyId: f.reference('company'),
  contactId: f.reference('contact'),
  dealId: f.reference('deal'),
  description: f.longText(),
  done: f.boolean({ prominent: true }),
  doneAt: f.datetime({ readOnly: true }),
  createdAt: f.datetime({ readOnly: true }),
  updatedAt: f.datetime({ readOnly: true }),
  createdBy: f.member({ readOnly: true }),
} satisfies f.Fields;

export const taskCreate = f.createSchema(taskFields);
export const taskUpdate = f.updateSchema(taskFields);
