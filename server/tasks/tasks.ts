import { and, inArray, isNotNull, isNull } from 'drizzle-orm';
import { taskQueues, tasks } from '@/db/schema/records';
import { anchored, formatRecurrence, movedRule, parseRecurrence } from '@/domain/recurrence';
import { Refusal } from '@/domain/refusals';
import { sortKey } from '@/domain/search-keys';
import { carriedFields, taskFields } from '@/domain/tasks';
import { apply, type Change, type Entry } from '../core/changes';
import { newId } from '../core/ids';
import { defineRecord, type RecordValues } from '../core/record-types';
import { createRecord, lockRecords, requireReferences } from '../core/record-verbs';
import { requireInScope } from '../core/scope';
import { leadsToTopic } from '../core/topics';
import type { Work } from '../core/work';
import { settingsOf } from '../tenants/settings';
import { nextOf, reminderFor } from './series';

export const taskType = defineRecord({
  object: 'task' as const,
  table: tasks,
  tableName: 'task',
  fields: taskFields,
  title: 'subject',
  permission: 'task.write',
  owner: 'ownerId',
  derive: (row) => ({ sortKey: sortKey(String(row.subject)), remindedAt: remindedAt(row) }),
  searchTexts: (row) => [String(row.subject)],
  shownOn: ['companyId', 'contactId', 'dealId'],
  shownOnAny: ['aboutId'],
  leadsTo: leadsToTopic,
  applied: requireDue,
});

/** When the reminder was given; null where it has been put to a later time since, by whichever change. */
function remindedAt({ remindAt, remindedAt }: RecordValues): unknown {
  if (typeof remindAt !== 'string' || typeof remindedAt !== 'string') return null;
  return Date.parse(remindedAt) < Date.parse(remindAt) ? null : remindedAt;
}

/** However a change comes about, what comes again has a day to begin on. */
async function requireDue(work: Work, entries: Entry[]): Promise<void> {
  const moved = entries.filter(({ after }) => after && ('dueOn' in after || 'recurrence' in after));
  if (moved.length === 0) return;
  const ids = moved.map(({ id }) => id);
  const endless = and(inArray(tasks.id, ids), isNotNull(tasks.recurrence), isNull(tasks.dueOn));
  if ((await work.db.find(tasks, endless, { limit: 1 })).length > 0) throw needsDue();
}

const needsDue = () => new Refusal('invalid', { code: 'recurrenceNeedsDue', field: 'dueOn' });

/**
 * Makes a task. One that is put in a queue waits for whoever takes it, unless it is given to somebody.
 * @throws Refusal invalid `recurrenceNeedsDue` at `dueOn` for one that comes again but begins on no day
 */
export function createTask(work: Work, values: RecordValues, id?: string) {
  const filled = { type: 'todo', priority: 'medium', done: false, ...values };
  const waiting = typeof values.queueId === 'string' && values.ownerId === undefined ? { ownerId: null } : {};
  return createRecord(work, taskType, withRule({}, withDoneAt(work, {}, { ...filled, ...waiting })), id);
}

/**
 * Changes a task, and with it those that come after; ticking it off notes when, and makes the next one of a series in the
 * same change set.
 */
export async function updateTask(work: Work, input: { id: string; values: RecordValues; version?: number }) {
  const { changeSetId, versions } = await change(work, [input.id], input.values, 'series', input.version);
  return { version: versions.get(input.id) ?? 0, changeSetId };
}

/** The same for many tasks in one change set. */
export async function updateTasks(work: Work, input: { ids: string[]; values: RecordValues }) {
  const ids = [...new Set(input.ids)];
  const { changed, changeSetId } = await change(work, ids, input.values, 'series');
  // The next ones of series are in the set too, but nobody asked for those.
  return { count: ids.filter((id) => changed.has(id)).length, changeSetId };
}

/** Changes this one task of a series only: those that come after are as if it had not been. */
export async function updateThisTask(work: Work, input: { id: string; values: RecordValues; version?: number }) {
  const { changeSetId, versions } = await change(work, [input.id], input.values, 'this', input.version);
  return { version: versions.get(input.id) ?? 0, changeSetId };
}

/** Puts tasks off to another day, and their reminders with them; the series of those that come again keep their days. */
export async function rescheduleTasks(work: Work, { ids, dueOn }: { ids: string[]; dueOn: string }) {
  const unique = [...new Set(ids)];
  work.db.requires(requireInScope(work, taskType, 'write', unique));
  const rows = await lockRecords(work, taskType, unique);
  const { timeZone } = await settingsOf(work);
  const list = rows.map((row) => {
    const remindAt = reminderFor(row, dueOn, timeZone);
    return { id: String(row.id), values: { dueOn, ...(remindAt ? { remindAt } : {}) } };
  });
  const { changed, changeSetId } = await apply(work, 'update', await taskChanges(work, list, 'this'));
  return { count: changed.size, changeSetId };
}

async function change(work: Work, ids: string[], given: RecordValues, scope: 'series' | 'this', version?: number) {
  work.db.requires(requireInScope(work, taskType, 'write', ids));
  const values = await requireReferences(work, taskType, given);
  const list = ids.map((id) => ({ id, values, version }));
  return apply(work, values.done === true ? 'complete' : 'update', await taskChanges(work, list, scope));
}

/**
 * The changes of tasks with all that follows: when they were done, reminders to be given again, the next ones of series.
 * The tasks are locked; that the actor may change them has been asked.
 * @throws Refusal notFound when one is not there; invalid `recurrenceNeedsDue` at `dueOn`
 */
export async function taskChanges(
  work: Work,
  list: readonly { id: string; values: RecordValues; version?: number }[],
  scope: 'series' | 'this' = 'series',
): Promise<Change[]> {
  const asked = new Map(list.map((each) => [each.id, each]));
  const rows = await lockRecords(work, taskType, [...asked.keys()]);
  const updates = rows.flatMap((row) => {
    const { values, version } = asked.get(String(row.id)) ?? {};
    return values ? [{ row, values: changed(work, row, values, scope), version }] : [];
  });
  const finished = updates.filter(({ row, values }) => values.done === true && row.done !== true && row.recurrence);
  const following = await makeNext(
    work,
    finished.map(({ row, values }) => ({ ...row, ...values })),
  );
  return [
    ...updates.map(
      ({ row, values, version }): Change => ({
        type: taskType,
        op: 'update',
        id: String(row.id),
        values,
        version,
        row,
      }),
    ),
    ...following,
  ];
}

/** What of a task changes when a person changes some of its values. */
function changed(work: Work, row: RecordValues, values: RecordValues, scope: 'series' | 'this'): RecordValues {
  const next = withRule(row, withDoneAt(work, row, scope === 'series' ? withMovedRule(row, values) : values));
  if (!row.recurrence) return next;
  const series = { ...(row.series as RecordValues | null) };
  for (const name of carriedFields) {
    if (!(name in values)) continue;
    // How a series comes again is never one task's alone.
    if (scope === 'series' || name === 'recurrence') delete series[name];
    else if (!(name in series)) series[name] = row[name] ?? null;
  }
  const some = Object.keys(series).length > 0;
  return some || row.series ? { ...next, series: some ? series : null } : next;
}

/** A series that is put on another day stays on it: what comes each Monday comes each Tuesday from now on. */
function withMovedRule(row: RecordValues, values: RecordValues): RecordValues {
  const rule = typeof row.recurrence === 'string' ? parseRecurrence(row.recurrence) : null;
  const from = (row.series as RecordValues | null)?.dueOn ?? row.dueOn;
  if (!rule || typeof values.dueOn !== 'string' || typeof from !== 'string' || 'recurrence' in values) return values;
  const recurrence = formatRecurrence(movedRule(rule, from, values.dueOn));
  return recurrence === row.recurrence ? values : { ...values, recurrence };
}

/** The next tasks of series whose latest are done; one that was reopened and is done again has its next already. */
async function makeNext(work: Work, done: RecordValues[]): Promise<Change[]> {
  if (done.length === 0) return [];
  const ids = done.map((row) => String(row.id));
  const [there, { timeZone }] = await Promise.all([
    work.db.find(tasks, and(inArray(tasks.recursFrom, ids), isNull(tasks.deletedAt))),
    settingsOf(work),
  ]);
  const followed = new Set(there.map((row) => row.recursFrom));
  const type = work.types.of(taskType);
  const next = done.flatMap((row) => {
    const values = followed.has(String(row.id)) ? null : nextOf(type, row, timeZone, work.now);
    return values ? [{ values, ownerId: row.ownerId ?? work.actor.memberId }] : [];
  });
  const queueIds = next.flatMap(({ values: { queueId } }) => (typeof queueId === 'string' ? [queueId] : []));
  const queues = new Set(
    (queueIds.length > 0
      ? await work.db.find(taskQueues, and(inArray(taskQueues.id, queueIds), isNull(taskQueues.deletedAt)))
      : []
    ).map(({ id }) => id),
  );
  return next.map(({ values, ownerId }): Change => {
    // In a queue that is gone nobody would find it.
    const lost = typeof values.queueId === 'string' && !queues.has(values.queueId);
    return { type: taskType, op: 'create', id: newId(), values: lost ? { ...values, queueId: null, ownerId } : values };
  });
}

/**
 * A rule is kept with its days said, so that a task that is put off does not move its series.
 * @throws Refusal invalid `recurrenceNeedsDue` at `dueOn`
 */
function withRule(row: RecordValues, values: RecordValues): RecordValues {
  const { recurrence = row.recurrence, dueOn = row.dueOn } = values;
  if (typeof recurrence !== 'string') return values;
  if (typeof dueOn !== 'string') throw needsDue();
  const rule = typeof values.recurrence === 'string' ? parseRecurrence(values.recurrence) : null;
  return rule ? { ...values, recurrence: formatRecurrence(anchored(rule, dueOn)) } : values;
}

/** What is done stays done when it was. */
function withDoneAt(work: Work, row: RecordValues, values: RecordValues): RecordValues {
  if (values.done === undefined || (values.done ?? false) === (row.done ?? false)) return { ...values };
  return { ...values, doneAt: values.done ? work.now.toISOString() : null };
}
