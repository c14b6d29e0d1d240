import type { ActivityObject } from '@/domain/imports/activity-targets';
import type { PlannedRow } from '@/domain/imports/rows';
import type { RecordValues } from '../core/record-types';

/** What a new task, call, meeting or note begins with where its row says nothing. */
export function beginActivity(
  object: ActivityObject,
  { createdAt }: PlannedRow,
  values: RecordValues,
  now: Date,
): RecordValues {
  // What is to come was not written on its day.
  const made = createdAt && Date.parse(createdAt) <= now.getTime() ? { createdAt } : {};
  if (object !== 'task') return { ...values, ...made };
  const task = { type: 'todo', priority: 'medium', done: false, ...values, ...made };
  return task.done && values.doneAt === undefined ? { ...task, doneAt: now.toISOString() } : task;
}

/** The same of one that is here: what follows from the values that change. */
export function followActivity(
  object: ActivityObject,
  current: RecordValues,
  changed: RecordValues,
  now: Date,
): RecordValues {
  if (object === 'task') {
    if (changed.done === true && changed.doneAt === undefined) return { ...changed, doneAt: now.toISOString() };
    return changed.done === false ? { ...changed, doneAt: null } : changed;
  }
  if (object !== 'activity') return changed;
  const end = changed.endsAt ?? current.endsAt;
  const start = changed.startsAt ?? current.startsAt;
  if (typeof end !== 'string' || typeof start !== 'string' || Date.parse(end) >= Date.parse(start)) return changed;
  // It goes on as long as before, since it cannot end before it begins.
  if (changed.startsAt === undefined || typeof current.endsAt !== 'string') {
    const { endsAt: _, ...rest } = changed;
    return rest;
  }
  const length = Date.parse(current.endsAt) - Date.parse(String(current.startsAt));
  return { ...changed, endsAt: new Date(Date.parse(start) + length).toISOString() };
}
