import { z } from 'zod';
import * as f from './fields';
import { daySchema, lineSchema } from './fields';
import { recurrenceField } from './recurrence';

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
  ...f.about,
  description: f.longText(),
  done: f.boolean({ prominent: true }),
  doneAt: f.datetime({ readOnly: true }),
  remindAt: f.datetime(),
  recurrence: recurrenceField(),
  queueId: f.reference('queue'),
  createdAt: f.datetime({ readOnly: true }),
  updatedAt: f.datetime({ readOnly: true }),
  createdBy: f.member({ readOnly: true }),
} satisfies f.Fields;

export const taskCreate = f.createSchema(taskFields);
export const taskUpdate = f.updateSchema(taskFields);

/** What the next task of a series takes over from the one before it. */
export const carriedFields = [
  'subject',
  'type',
  'priority',
  'dueOn',
  'ownerId',
  'companyId',
  'contactId',
  'dealId',
  'aboutId',
  'aboutObject',
  'description',
  'remindAt',
  'recurrence',
  'queueId',
] as const satisfies (keyof typeof taskFields)[];

/** A line of tasks that several people take from: who they are; nobody named means everybody. */
export const queueInput = z.strictObject({
  name: lineSchema(100),
  memberIds: z.array(z.uuid({ error: 'choice' })).max(500, { error: 'tooMany' }),
});

/** A queue as those who work on it see it. */
export interface QueueView {
  id: string;
  name: string;
  memberIds: string[];
  /** Tasks that wait for somebody. */
  waiting: number;
  /** Of these, the ones that are late. */
  overdue: number;
  /** Tasks somebody has taken and not finished. */
  taken: number;
  /** Whether the reader may take from it. */
  mine: boolean;
}

/** Another day for tasks. */
export const rescheduleInput = z.strictObject({
  ids: z.array(z.uuid()).min(1).max(1000),
  dueOn: daySchema,
});
