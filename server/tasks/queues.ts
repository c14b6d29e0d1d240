import { and, asc, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { taskQueues, tasks } from '@/db/schema/records';
import * as f from '@/domain/fields';
import { notFound, Refusal } from '@/domain/refusals';
import type { QueueView, queueInput } from '@/domain/tasks';
import { apply, applySet, type Change, type Entry } from '../core/changes';
import { newId } from '../core/ids';
import { defineRecord } from '../core/record-types';
import { getRecord, type RecordRow } from '../core/records';
import { aboutReadable, isVisible, requireInScope } from '../core/scope';
import type { Work } from '../core/work';
import { settingsOf, todayIn } from '../tenants/settings';
import { taskType } from './tasks';

/** Lines of tasks that several people take from; admins make them. */
export const queueType = defineRecord({
  object: 'queue' as const,
  table: taskQueues,
  tableName: 'task_queue',
  fields: { name: f.text({ required: true }), memberIds: f.tags(), position: f.integer({ required: true }) },
  title: 'name',
  permission: 'queues.configure',
  applied: refuseOccupied,
});

const isOpen = sql`${tasks.done} is not true`;

/** However a queue goes, undo included, nothing is left waiting where nobody would find it. */
async function refuseOccupied(work: Work, entries: Entry[]): Promise<void> {
  const gone = entries.filter(({ op }) => op === 'delete').map(({ id }) => id);
  if (gone.length === 0) return;
  const left = and(inArray(tasks.queueId, gone), isNull(tasks.deletedAt), isOpen);
  if ((await work.db.find(tasks, left, { limit: 1 })).length > 0) throw new Refusal('conflict', 'queueInUse');
}

/**
 * Queues in their order, with how many tasks wait in each of those the actor could take; nobody sees which they are until
 * they take one.
 */
export async function listQueues(work: Work): Promise<QueueView[]> {
  const tenant = work.actor.tenantId;
  const { timeZone } = await settingsOf(work);
  const today = todayIn(timeZone, work.now);
  const readable = readableTasks(work);
  const [queues, counts] = await Promise.all([
    work.db.find(taskQueues, isNull(taskQueues.deletedAt), { orderBy: asc(taskQueues.position) }),
    work.db.rows<{ queueId: string; waiting: number; overdue: number; taken: number }>(sql`
      select t.queue_id as "queueId", count(*) filter (where t.owner_id is null)::int as waiting,
        count(*) filter (where t.owner_id is null and t.due_on < ${today})::int as overdue,
        count(*) filter (where t.owner_id is not null)::int as taken
      from app.task t
      where t.tenant_id = ${tenant} and t.queue_id is not null and t.done is not true and t.deleted_at is null ${readable}
      group by t.queue_id`),
  ]);
  const byId = new Map(counts.map(({ queueId, ...rest }) => [queueId, rest]));
  return queues.map(({ id, name, memberIds }) => ({
    id,
    name,
    memberIds,
    ...(byId.get(id) ?? { waiting: 0, overdue: 0, taken: 0 }),
    mine: isOn(work, memberIds),
  }));
}

/** Of tasks `t`: not those about a record that the actor may not read. */
function readableTasks(work: Work): SQL {
  const readable = aboutReadable(work, work.types.of(taskType), 't');
  return readable ? sql`and ${readable}` : sql``;
}

const isOn = (work: Work, memberIds: readonly string[]) =>
  memberIds.length === 0 || memberIds.includes(work.actor.memberId);

/** @throws Refusal conflict `nameTaken`, invalid `noSuchRecord` for somebody who is no member */
export async function createQueue(
  work: Work,
  input: z.infer<typeof queueInput>,
): Promise<{ id: string; changeSetId: string }> {
  const others = await work.db.find(taskQueues, isNull(taskQueues.deletedAt));
  refuseSameName(others, input.name);
  await requireMembers(work, input.memberIds);
  const id = newId();
  const position = Math.max(-1, ...others.map((queue) => queue.position)) + 1;
  const values = { ...input, memberIds: [...new Set(input.memberIds)], position };
  const { changeSetId } = await apply(work, 'configure', [{ type: queueType, op: 'create', id, values }]);
  return { id, changeSetId };
}

/** @throws Refusal notFound, conflict `nameTaken`, invalid `noSuchRecord` */
export async function updateQueue(
  work: Work,
  { id, ...input }: { id: string } & Partial<z.infer<typeof queueInput>>,
): Promise<{ changeSetId: string }> {
  const all = await work.db.find(taskQueues, isNull(taskQueues.deletedAt));
  const before = all.find((queue) => queue.id === id);
  if (!before) throw notFound();
  if (input.name)
    refuseSameName(
      all.filter((queue) => queue.id !== id),
      input.name,
    );
  // Whoever has left since stays as long as nobody takes them out.
  const added = input.memberIds?.filter((each) => !before.memberIds.includes(each));
  if (added) await requireMembers(work, added);
  return applySet(work, 'configure', [{ type: queueType, op: 'update', id, values: input }]);
}

/**
 * Takes a queue away; what waits in it becomes the actor's, so that no task is lost from sight. What is done keeps it, as
 * where it came from.
 */
export async function removeQueue(work: Work, id: string): Promise<{ changeSetId: string; moved: number }> {
  const [queue] = await work.db.find(taskQueues, and(eq(taskQueues.id, id), isNull(taskQueues.deletedAt)), {
    lock: true,
  });
  if (!queue) throw notFound();
  const inside = await work.db.find(tasks, and(eq(tasks.queueId, id), isNull(tasks.deletedAt), isOpen));
  const list = inside.map(
    (task): Change => ({
      type: taskType,
      op: 'update',
      id: task.id,
      values: { queueId: null, ...(task.ownerId ? {} : { ownerId: work.actor.memberId }) },
    }),
  );
  const { changeSetId } = await apply(work, 'configure', [...list, { type: queueType, op: 'delete', id }]);
  return { changeSetId, moved: list.length };
}

/**
 * Gives the actor the next task of a queue: the most pressing first, of equal ones the one that waits longest. Of two who
 * ask at once each gets another: a row that somebody is taking is passed over, and so is one about a record that the actor
 * may not read.
 * @throws Refusal notFound when the queue is not there or not the actor's to take from
 */
export async function takeNext(
  work: Work,
  queueId: string,
): Promise<{ task: RecordRow | null; changeSetId: string | null }> {
  const [queue] = await work.db.find(taskQueues, and(eq(taskQueues.id, queueId), isNull(taskQueues.deletedAt)));
  if (!queue || !isOn(work, queue.memberIds)) throw notFound();
  const [next] = await work.db.rows<{ id: string }>(sql`
    select t.id from app.task t
    where t.tenant_id = ${work.actor.tenantId} and t.queue_id = ${queueId} and t.owner_id is null
      and t.done is not true and t.deleted_at is null ${readableTasks(work)}
    order by case t.priority when 'high' then 0 when 'low' then 2 else 1 end, t.due_on nulls last, t.created_at, t.id
    limit 1 for update skip locked`);
  if (!next) return { task: null, changeSetId: null };
  const values = { ownerId: work.actor.memberId };
  const { changeSetId } = await apply(work, 'update', [{ type: taskType, op: 'update', id: next.id, values }]);
  return { task: await getRecord(work, work.types.of(taskType), next.id), changeSetId };
}

/** Gives a task back to its queue. @throws Refusal notFound; invalid `noQueue` for one that came from none, or whose is gone */
export async function putBack(work: Work, id: string): Promise<{ changeSetId: string }> {
  work.db.requires(requireInScope(work, taskType, 'write', [id]));
  const task = await getRecord(work, work.types.of(taskType), id);
  if (typeof task.queueId !== 'string' || !(await isVisible(work, queueType, task.queueId)))
    throw new Refusal('invalid', { code: 'noQueue', field: 'queueId' });
  return applySet(work, 'update', [{ type: taskType, op: 'update', id, values: { ownerId: null } }]);
}

function refuseSameName(others: { name: string }[], name: string): void {
  if (others.some((queue) => queue.name.trim().toLowerCase() === name.trim().toLowerCase()))
    throw new Refusal('conflict', { code: 'nameTaken', field: 'name' });
}

async function requireMembers(work: Work, ids: string[]): Promise<void> {
  const wanted = [...new Set(ids)];
  const [found] = await work.db.rows<{ n: number }>(sql`
    select count(*)::int as n from app.member m where m.tenant_id = ${work.actor.tenantId}
      and m.id = any(${sql.param(wanted)}::uuid[]) and m.deleted_at is null and m.status <> 'inactive'`);
  if (found?.n !== wanted.length) throw new Refusal('invalid', { code: 'noSuchRecord', field: 'memberIds' });
}
