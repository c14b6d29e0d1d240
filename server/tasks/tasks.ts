import { tasks } from '@/db/schema/records';
import { sortKey } from '@/domain/search-keys';
import { taskFields } from '@/domain/tasks';
import { apply } from '../core/changes';
import { defineRecord, type RecordValues } from '../core/record-types';
import { createRecord, requireReferences } from '../core/record-verbs';
import { requireInScope } from '../core/scope';
import type { Work } from '../core/work';

export const taskType = defineRecord({
  object: 'task' as const,
  table: tasks,
  tableName: 'task',
  fields: taskFields,
  title: 'subject',
  permission: 'task.write',
  owner: 'ownerId',
  derive: (row) => ({ sortKey: sortKey(String(row.subject)) }),
  shownOn: ['companyId', 'contactId', 'dealId'],
});

export function createTask(work: Work, values: RecordValues) {
  return createRecord(work, taskType, withDoneAt(work, { type: 'todo', priority: 'medium', done: false, ...values }));
}

/** Changes a task; ticking it off notes when. */
export async function updateTask(work: Work, input: { id: string; values: RecordValues; version?: number }) {
  await requireInScope(work, taskType, 'write', [input.id]);
  await requireReferences(work, taskType, input.values);
  const verb = input.values.done === true ? 'complete' : 'update';
  const applied = await apply(work, verb, [
    { type: taskType, op: 'update', ...input, values: withDoneAt(work, input.values) },
  ]);
  return { version: applied.versions.get(input.id) ?? 0, changeSetId: applied.changeSetId };
}

function withDoneAt(work: Work, values: RecordValues): RecordValues {
  if (values.done === undefined) return values;
  return { ...values, doneAt: values.done ? work.now.toISOString() : null };
}
