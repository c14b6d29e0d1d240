import { taskPriorities } from '../tasks';
import type { Target } from './targets';

/**
 * Tasks, calls, meetings and notes stand mixed in the files of most systems: files of any of them have the same columns,
 * and each row says what it is (`activities.ts`).
 */
export const activityObjects = ['task', 'activity', 'note'] as const;
export type ActivityObject = (typeof activityObjects)[number];
export const isActivityObject = (object: string): object is ActivityObject =>
  activityObjects.some((known) => known === object);

const named = (name: string, to: NonNullable<Target['to']>, field: string, many?: true): Target[] => {
  const target: Target = { name, kind: 'reference', type: 'reference', field, to, many };
  return [target, { ...target, name: `${name}ExternalId`, type: 'text', idOf: name }];
};
const text = (name: string, glue?: string): Target => ({ name, kind: 'special', type: 'text', glue });

/** Where the columns of such files may go, beside what every record has. */
export const activityTargets: readonly Target[] = [
  text('kind'),
  { name: 'subject', kind: 'value', type: 'text' },
  { name: 'description', kind: 'value', type: 'longText', glue: '\n' },
  { name: 'startsAt', kind: 'value', type: 'datetime' },
  { name: 'endsAt', kind: 'value', type: 'datetime' },
  // Minutes, or hours and minutes between colons; some systems count seconds.
  text('duration'),
  { name: 'durationSeconds', kind: 'special', type: 'number' },
  { name: 'dueOn', kind: 'value', type: 'date' },
  text('dueTime'),
  text('done'),
  { name: 'doneAt', kind: 'value', type: 'datetime' },
  { name: 'priority', kind: 'value', type: 'choice', choices: taskPriorities },
  text('direction'),
  // Calls and meetings have a column each in some files, of which one is filled.
  text('outcome', '; '),
  { name: 'location', kind: 'value', type: 'text' },
  { name: 'link', kind: 'value', type: 'link' },
  // Some systems pin a note to each of its records by itself.
  text('pinned', ' '),
  ...named('owner', 'member', 'ownerId'),
  ...named('company', 'company', 'companyId'),
  ...named('contact', 'contact', 'contactId', true),
  ...named('deal', 'deal', 'dealId'),
  // Salesforce's WhatId: a record of any kind.
  { name: 'aboutExternalId', kind: 'reference', type: 'text' },
];
