import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { momentSchema, textSchema } from '@/domain/fields';
import { Refusal } from '@/domain/refusals';
import { apply, type Change } from '../core/changes';
import { makeCursor, readCursor } from '../core/cursor';
import { flat, type RecordType, type RecordValues, snake } from '../core/record-types';
import { inScope, requireInScope } from '../core/scope';
import { andKind } from '../core/types';
import type { Work } from '../core/work';
import { kindOf, kinds } from '../duplicates/kinds';
import { followMerges, unmerge } from '../merges/merges';

/** How long the bin keeps a record. */
export const keptDays = 180;

const object = z.string().max(60);
export const listInput = z.strictObject({
  object: object.optional(),
  q: textSchema(200).optional(),
  /** Who put it there. */
  byId: z.uuid().optional(),
  cursor: z.string().max(300).nullish(),
  limit: z.int().min(1).max(100).default(50),
});
export const itemsInput = z.strictObject({
  items: z
    .array(z.strictObject({ object, id: z.uuid() }))
    .min(1)
    .max(500),
});
export type BinItem = z.infer<typeof itemsInput>['items'][number];

export interface BinRow {
  object: string;
  id: string;
  title: string;
  deletedAt: string;
  by: string | null;
  byId: string | null;
  /** Whole days until it is erased by itself. */
  daysLeft: number;
  /** Set for a record that became part of another: the merge, and what it became. */
  merge: { id: string; survivorId: string; survivor: string | null } | null;
  /** The actor may take it out. */
  restorable: boolean;
}

const cursorSchema = z.strictObject({ at: momentSchema, id: z.uuid() });

/** What is in the bin of all kinds the actor may see, what was put there last first. */
export async function listBin(
  work: Work,
  input: z.infer<typeof listInput>,
): Promise<{ rows: BinRow[]; next: string | null }> {
  const types = input.object ? [kindOf(work, input.object, 'read')] : kinds(work, 'read');
  const after = input.cursor ? readCursor(cursorSchema, input.cursor) : undefined;
  const q = input.q?.trim().toLowerCase();
  const tenant = work.actor.tenantId;
  const parts = types.map((type) => {
    const title = sql`t.${sql.identifier(snake(type.title))}`;
    const scope = inScope(work, type, 'read');
    return sql`(select ${type.object}::text as object, t.id, left(${title}, 200) as title, t.deleted_at as "deletedAt",
        to_char(t.deleted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as exact, t.deleted_by as "byId",
        coalesce(${inScope(work, type, 'delete') ?? sql`true`}, false) as restorable
      from ${type.table} t where t.tenant_id = ${tenant} and t.deleted_at is not null ${andKind(type)}
        ${scope ? sql`and ${scope}` : sql``} ${q ? sql`and strpos(lower(${title}), ${q}) > 0` : sql``}
        ${input.byId ? sql`and t.deleted_by = ${input.byId}` : sql``}
        ${after ? sql`and (t.deleted_at, t.id) < (${after.at}::timestamptz, ${after.id}::uuid)` : sql``}
      order by t.deleted_at desc, t.id desc limit ${input.limit + 1})`;
  });
  if (parts.length === 0) return { rows: [], next: null };
  const rows = await work.db.rows<Omit<BinRow, 'daysLeft' | 'merge'> & { exact: string }>(sql`
    select u.object, u.id, u.title, u."deletedAt", u.exact, m.name as by, u."byId", u.restorable
    from (${sql.join(parts, sql` union all `)}) u
    left join app.member m on m.tenant_id = ${tenant} and m.id = u."byId"
    order by u.exact desc, u.id desc limit ${input.limit + 1}`);
  const page = rows.slice(0, input.limit);
  const merges = await mergesInto(work, page);
  const last = page.at(-1);
  return {
    rows: page.map(({ exact: _, ...row }) => ({
      ...row,
      title: row.title ?? '',
      daysLeft: daysLeft(row.deletedAt, work.now),
      merge: merges.get(row.id) ?? null,
    })),
    next: rows.length > input.limit && last ? makeCursor({ at: last.exact, id: last.id }) : null,
  };
}

function daysLeft(deletedAt: string, now: Date): number {
  return Math.max(0, Math.ceil(keptDays - (now.getTime() - Date.parse(deletedAt)) / 86_400_000));
}

/** Of records in the bin, what those became that were merged; the survivor's title only where the actor may see it. */
async function mergesInto(work: Work, rows: { object: string; id: string }[]) {
  const found = new Map<string, NonNullable<BinRow['merge']>>();
  if (rows.length === 0) return found;
  const ids = rows.map(({ id }) => id);
  const merges = await work.db.rows<{ id: string; object: string; survivorId: string; mergedIds: string[] }>(sql`
    select g.id, g.object, g.survivor_id as "survivorId", g.merged_ids as "mergedIds" from app.merge g
    where g.tenant_id = ${work.actor.tenantId} and g.unmerged_at is null and g.merged_ids && ${sql.param(ids)}::uuid[] order by g.at`);
  for (const { id, object, survivorId, mergedIds } of merges) {
    const type = work.types.find(object);
    if (!type) continue;
    const scope = inScope(work, type, 'read');
    const [survivor] = await work.db.rows<{ title: string | null }>(sql`
      select left(t.${sql.identifier(snake(type.title))}, 200) as title from ${type.table} t
      where t.tenant_id = ${work.actor.tenantId} and t.id = ${survivorId} ${scope ? sql`and ${scope}` : sql``}`);
    for (const merged of mergedIds) found.set(merged, { id, survivorId, survivor: survivor?.title ?? null });
  }
  return found;
}

const countedTo = 10_000;

/** How much is in the bin, by kind; each counted to 10,000. */
export async function summary(work: Work): Promise<{ objects: { object: string; count: number }[]; keptDays: number }> {
  const parts = kinds(work, 'read').map((type) => {
    const scope = inScope(work, type, 'read');
    return sql`select ${type.object}::text as object, count(*)::int as count from (
      select from ${type.table} t where t.tenant_id = ${work.actor.tenantId} and t.deleted_at is not null ${andKind(type)}
        ${scope ? sql`and ${scope}` : sql``} limit ${countedTo}) u`;
  });
  const objects = await work.db.rows<{ object: string; count: number }>(sql.join(parts, sql` union all `));
  return { objects: objects.filter(({ count }) => count > 0), keptDays };
}

/**
 * Takes records out of the bin, with what went there because of them in the same change. A record that was merged comes
 * back by taking the merge back, in a change of its own.
 * @returns `changeSetId`, that of the change; null where it took several
 * @throws Refusal notFound for one that is not in the bin or not the actor's to put there, conflict `taken` when a value
 * that may be there once is on another record by now
 */
export async function restore(
  work: Work,
  { items }: { items: BinItem[] },
): Promise<{ count: number; changeSetId: string | null }> {
  const merges = await mergesInto(work, items);
  const list: Change[] = [];
  for (const [object, ofObject] of Map.groupBy(items, (item) => item.object)) {
    const type = kindOf(work, object, 'delete');
    const ids = [...new Set(ofObject.map(({ id }) => id))];
    await requireInBin(work, type, ids);
    const plain = ids.filter((id) => !merges.has(id));
    list.push(...plain.map((id): Change => ({ type, op: 'restore', id })), ...(await wentWith(work, type, plain)));
  }
  const undone = new Set(items.flatMap(({ id }) => merges.get(id)?.id ?? []));
  const sets: string[] = [];
  let count = 0;
  for (const id of undone) {
    const report = await unmerge(work, id);
    sets.push(report.changeSetId);
    count += report.restored.length;
  }
  const once = [...new Map(list.map((change) => [change.id, change])).values()];
  if (once.length > 0) {
    const applied = await apply(work, 'restore', once);
    sets.push(applied.changeSetId);
    await followMerges(work, await backAgain(work, once));
    count += new Set(items.filter(({ id }) => applied.changed.has(id)).map(({ id }) => id)).size;
  }
  const [only = null] = sets;
  return { count, changeSetId: sets.length === 1 ? only : null };
}

/** The rows of what was restored. */
async function backAgain(work: Work, list: readonly Change[]): Promise<RecordValues[]> {
  const rows: RecordValues[] = [];
  for (const [type, ofType] of Map.groupBy(list, (change) => change.type)) {
    const ids = sql.param(ofType.map(({ id }) => id));
    const found: RecordValues[] = await work.db.find(type.table, sql`${type.table.id} = any(${ids}::uuid[])`);
    rows.push(...found.map(flat));
  }
  return rows;
}

/** @throws Refusal notFound unless all of them are in the bin and the actor's to put there */
export async function requireInBin(work: Work, type: RecordType, ids: string[], lock = true): Promise<void> {
  await requireInScope(work, type, 'delete', ids);
  const rows = await work.db.rows(sql`select t.id from ${type.table} t where t.tenant_id = ${work.actor.tenantId}
    and t.id = any(${sql.param(ids)}::uuid[]) and t.deleted_at is not null ${andKind(type)} order by t.id ${lock ? sql`for update` : sql``}`);
  if (rows.length !== ids.length) throw new Refusal('notFound', 'notInBin');
}

/** Records that went to the bin in the same change as these and refer to them: their notes, tasks and links. */
async function wentWith(work: Work, type: RecordType, ids: string[]): Promise<Change[]> {
  if (ids.length === 0) return [];
  const tenant = work.actor.tenantId;
  const list: Change[] = [];
  for (const other of work.types.all()) {
    const columns = [
      ...(other.shownOn ?? []).filter((name) => other.fields[name]?.to === type.object),
      ...(other.shownOnAny ?? []),
    ];
    for (const name of columns) {
      const rows = await work.db.rows<{ id: string }>(sql`
        select distinct t.id from ${other.table} t
        join app.change c on c.tenant_id = ${tenant} and c.record_id = t.id and c.op = 'delete'
        join app.change p on p.tenant_id = ${tenant} and p.change_set_id = c.change_set_id
          and p.record_id = t.${sql.identifier(snake(name))} and p.op = 'delete'
        where t.tenant_id = ${tenant} and t.deleted_at is not null ${andKind(other)}
          and t.${sql.identifier(snake(name))} = any(${sql.param(ids)}::uuid[]) and c.at >= t.deleted_at - interval '1 second'`);
      list.push(...rows.map(({ id }): Change => ({ type: other, op: 'restore', id })));
    }
  }
  return list;
}
