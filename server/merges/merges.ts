import { eq, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { merges } from '@/db/schema/duplicates';
import { isBlank } from '@/domain/blank';
import type { UndoReport } from '@/domain/changes';
import { clip } from '@/domain/clip';
import { recordOf } from '@/domain/fields';
import { leaderOf, type MergeRow, maxMerged, mergedFields, mergedValues, mostComplete } from '@/domain/merge';
import { notFound, Refusal } from '@/domain/refusals';
import { onUndo, titlesOf, undo } from '../changes/changes';
import { apply } from '../core/changes';
import { newId } from '../core/ids';
import { flat, type RecordType, type RecordValues } from '../core/record-types';
import { lockRecords } from '../core/record-verbs';
import { isVisible, requireInScope } from '../core/scope';
import type { Work } from '../core/work';
import { certainPairs } from '../duplicates/duplicates';
import { kindOf } from '../duplicates/kinds';
import { type Merging, Moves, moveReferences, moveRows, moveRowsBack } from './moves';

const object = z.string().max(60);
export const previewInput = z.strictObject({ object, ids: z.array(z.uuid()).min(2).max(maxMerged) });
export const mergeInput = z.strictObject({
  object,
  survivorId: z.uuid(),
  mergedIds: z
    .array(z.uuid())
    .min(1)
    .max(maxMerged - 1),
  /** Fields whose value is taken from a certain record; the rest is the most complete. */
  choice: recordOf(z.string().max(60), z.uuid(), 1000).default({}),
  /** The versions that were looked at: refused as stale when somebody was quicker. */
  versions: recordOf(z.uuid(), z.int(), maxMerged).optional(),
});

export interface MergePreview {
  records: { id: string; title: string; version: number; createdAt: string; updatedAt: string; filled: number }[];
  fields: {
    name: string;
    /** By record; titles of what they refer to are in `titles`. */
    values: Record<string, unknown>;
    differs: boolean;
    /** The record whose value is taken where nobody chooses, by which of the records stays. */
    complete: Record<string, string>;
    /** The record that got its value last. */
    newest: string;
    /** The field that decides this one too. */
    leader: string;
  }[];
  titles: Record<string, string>;
  /** The record with most fields filled in, and of those the oldest. */
  suggested: string;
}

/** Records side by side, field by field, before they become one. @throws Refusal notFound for one not the actor's to write */
export async function preview(work: Work, input: z.infer<typeof previewInput>): Promise<MergePreview> {
  const type = mergeable(work, input.object);
  const ids = [...new Set(input.ids)];
  await requireMergeable(work, type, ids);
  const rows = (await visibleRows(work, type, ids)) as MergeRow[];
  const names = mergedFields(type.fields);
  const setAt = await lastSet(work, ids);
  const titles = await titlesOf(
    work,
    rows.map((row) => ({ object: type.object, recordId: row.id, after: row })),
  );
  const filled = (row: RecordValues) => names.filter((name) => !isBlank(row[name])).length;
  const records = rows.map((row) => ({
    id: row.id,
    title: clip(String(row[type.title] ?? ''), 200),
    version: Number(row.version),
    createdAt: String(row.createdAt),
    updatedAt: String(row.updatedAt),
    filled: filled(row),
  }));
  const best = [...records].sort((a, b) => b.filled - a.filled || a.createdAt.localeCompare(b.createdAt))[0];
  return {
    records,
    suggested: best?.id ?? '',
    titles: Object.fromEntries(titles),
    fields: names.flatMap((name) => {
      const present = rows.filter((row) => !isBlank(row[name]));
      if (present.length === 0) return [];
      const values = Object.fromEntries(rows.map((row) => [row.id, row[name] ?? null]));
      const newest = [...present].sort((a, b) => at(setAt, b, name).localeCompare(at(setAt, a, name)))[0];
      const differs = new Set(rows.map((row) => JSON.stringify(row[name] ?? null))).size > 1;
      return [
        {
          name,
          values,
          differs,
          complete: Object.fromEntries(
            rows.map((row) => [row.id, mostComplete([row, ...rows.filter((other) => other !== row)], name)]),
          ),
          newest: newest?.id ?? '',
          leader: leaderOf(type.object, name),
        },
      ];
    }),
  };
}

const at = (setAt: Map<string, string>, row: MergeRow, name: string): string =>
  setAt.get(`${row.id} ${name}`) ?? String(row.createdAt);

/** When each field of each record was last written. */
async function lastSet(work: Work, ids: string[]): Promise<Map<string, string>> {
  const rows = await work.db.rows<{ id: string; field: string; at: string }>(sql`
    select c.record_id as id, f.field, to_char(max(c.at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
    from app.change c cross join jsonb_object_keys(coalesce(c.after, '{}')) as f (field)
    where c.tenant_id = ${work.actor.tenantId} and c.record_id = any(${sql.param(ids)}::uuid[]) group by 1, 2`);
  return new Map(rows.map(({ id, field, at }) => [`${id} ${field}`, at]));
}

/** Said and planned once each: two of them are never one, and what some of their fields mean depends on others. */
const passing = new Set(['note', 'task', 'activity']);

/** @throws Refusal notFound, invalid `notMerged` for a kind whose records are not merged */
function mergeable(work: Work, object: string): RecordType {
  const type = kindOf(work, object, 'write');
  if (passing.has(type.object)) throw new Refusal('invalid', { code: 'notMerged', field: 'object' });
  return type;
}

/** Merging changes the survivor and puts the others in the bin: the actor needs the right to both of each. */
async function requireMergeable(work: Work, type: RecordType, ids: string[]): Promise<void> {
  kindOf(work, type.object, 'delete');
  await requireInScope(work, type, 'write', ids);
  await requireInScope(work, type, 'delete', ids);
  for (const id of ids) if (!(await isVisible(work, type, id))) throw notFound();
}

/** Live rows in the order of the ids. */
async function visibleRows(work: Work, type: RecordType, ids: string[]): Promise<RecordValues[]> {
  const live = sql`${type.table.id} = any(${sql.param(ids)}::uuid[]) and ${type.table.deletedAt} is null`;
  const rows: RecordValues[] = await work.db.find(type.table, live);
  const byId = new Map(rows.map((row) => [String(row.id), flat(row)]));
  return ids.map((id) => byId.get(id)).filter((row) => row !== undefined);
}

export interface Merged {
  mergeId: string;
  changeSetId: string;
  survivorId: string;
}

/**
 * Makes one record of several: the survivor gets the chosen values, everything that hangs on the others moves to it, and
 * they go to the bin. One change set; undo takes it back, at once or weeks later.
 * @throws Refusal notFound for records not the actor's to write and delete, conflict `stale`
 */
export async function merge(work: Work, input: z.infer<typeof mergeInput>): Promise<Merged> {
  const type = mergeable(work, input.object);
  const { survivorId } = input;
  const losers = [...new Set(input.mergedIds)].filter((id) => id !== survivorId);
  if (losers.length === 0) throw new Refusal('invalid', { code: 'mergeWithItself', field: 'mergedIds' });
  const all = [survivorId, ...losers];
  for (const [name, id] of Object.entries(input.choice)) {
    if (!Object.hasOwn(type.fields, name))
      throw new Refusal('invalid', { code: 'unknownField', field: `choice.${name}`, params: { field: name } });
    if (!all.includes(id)) throw new Refusal('invalid', { code: 'noSuchRecord', field: `choice.${name}` });
  }
  await requireMergeable(work, type, all);
  const rows = (await lockRecords(work, type, all)) as MergeRow[];
  for (const row of rows) {
    const seen = input.versions?.[row.id];
    if (seen !== undefined && seen !== row.version) throw new Refusal('conflict', 'stale');
  }
  const values = mergedValues(type.object, type.fields, rows, input.choice);
  await withoutLoops(work, type, all, values);
  const merging: Merging = { type, survivorId, losers };
  const moves = new Moves();
  moves.update(type, survivorId, values);
  for (const id of losers) moves.remove(type, id);
  await moveReferences(work, merging, values, moves);
  const mergeId = newId();
  const { changeSetId } = await apply(work, 'merge', moves.list(), { detail: { mergeId, merged: losers.length } });
  const moved = await moveRows(work, merging);
  await work.db.insert(merges, {
    id: mergeId,
    object: type.object,
    survivorId,
    mergedIds: losers,
    changeSetId,
    at: work.now.toISOString(),
    memberId: work.actor.memberId,
    moved,
  });
  return { mergeId, changeSetId, survivorId };
}

/** A record is not its own parent, nor above itself over what it became one with. */
async function withoutLoops(work: Work, type: RecordType, all: string[], values: RecordValues): Promise<void> {
  for (const [name, field] of Object.entries(type.fields)) {
    if (field.type !== 'reference' || field.to !== type.object || typeof values[name] !== 'string') continue;
    if (all.includes(values[name])) values[name] = null;
    else if (name === 'parentId') {
      const rows = await work.db.rows(sql`
        with recursive up as (
          select c.id, c.parent_id, 1 as depth from app.company c where c.tenant_id = ${work.actor.tenantId} and c.id = ${values[name]}
          union all
          select c.id, c.parent_id, up.depth + 1 from up join app.company c on c.tenant_id = ${work.actor.tenantId} and c.id = up.parent_id where up.depth < 50
        ) select 1 as found from up where id = any(${sql.param(all)}::uuid[]) limit 1`);
      if (rows.length > 0) values[name] = null;
    }
  }
}

export const certainInput = z.strictObject({ object, count: z.int().min(1).max(100) });

/**
 * Merges what is certain, the most complete record of each group surviving.
 * @param input count of pairs that were shown: refused when there are other than so many
 */
export async function mergeCertain(work: Work, input: z.infer<typeof certainInput>): Promise<{ merges: Merged[] }> {
  const type = mergeable(work, input.object);
  const pairs = await certainPairs(work, type);
  if (pairs.length !== input.count) throw new Refusal('conflict', 'stale');
  const done: Merged[] = [];
  for (const ids of groupsOf(pairs)) {
    const rows = (await visibleRows(work, type, ids.slice(0, maxMerged))) as MergeRow[];
    const names = mergedFields(type.fields);
    const filled = (row: MergeRow) => names.filter((name) => !isBlank(row[name])).length;
    const [survivor, ...others] = [...rows].sort(
      (a, b) => filled(b) - filled(a) || String(a.createdAt).localeCompare(String(b.createdAt)),
    );
    if (!survivor || others.length === 0) continue;
    const mergedIds = others.map(({ id }) => id);
    done.push(await merge(work, { object: type.object, survivorId: survivor.id, mergedIds, choice: {} }));
  }
  return { merges: done };
}

/** Records that are connected by pairs. */
export function groupsOf(pairs: readonly { a: string; b: string }[]): string[][] {
  const groups = new Map<string, Set<string>>();
  for (const { a, b } of pairs) {
    const joined = new Set([a, b, ...(groups.get(a) ?? []), ...(groups.get(b) ?? [])]);
    for (const id of joined) groups.set(id, joined);
  }
  return [...new Set(groups.values())].map((group) => [...group]);
}

type Merge = typeof merges.$inferSelect;

export interface Unmerged extends UndoReport {
  survivorId: string;
  /** Records that are themselves again. */
  restored: string[];
}

/**
 * Takes a merge back, however long ago it was: what it did and nobody has changed since. Edits made since stay and are
 * reported, records made since stay with the survivor.
 * @throws Refusal notFound for records not the actor's, conflict `alreadyUndone`
 */
export async function unmerge(work: Work, mergeId: string): Promise<Unmerged> {
  const [row] = await work.db.find(merges, eq(merges.id, mergeId));
  if (!row) throw notFound();
  if (row.unmergedAt) throw new Refusal('conflict', 'alreadyUndone');
  const report = await undo(work, row.changeSetId);
  return { ...report, survivorId: row.survivorId, restored: row.mergedIds };
}

/** Taking back the change set of a merge, or that of its taking back, by whatever way: more moves than records. */
onUndo(async (work, set) => {
  const [row] = await work.db.find(merges, or(eq(merges.changeSetId, set.id), eq(merges.unmergeSetId, set.id)), {
    lock: true,
  });
  if (!row) return undefined;
  const type = work.types.find(row.object);
  if (!type) throw notFound();
  return {
    // Who may merge these records may take it back, whoever owns what hung on them.
    requireRights: () => requireMerged(work, type, row),
    after: (undoId) => (row.unmergedAt ? remerged(work, type, row, undoId) : unmerged(work, type, row, undoId)),
  };
});

async function requireMerged(work: Work, type: RecordType, row: Merge): Promise<void> {
  kindOf(work, type.object, 'write');
  kindOf(work, type.object, 'delete');
  const ids = [row.survivorId, ...row.mergedIds];
  await requireInScope(work, type, 'write', ids);
  await requireInScope(work, type, 'delete', row.mergedIds);
  const there = await work.db.find(type.table, sql`${type.table.id} = any(${sql.param(ids)}::uuid[])`);
  if (there.length !== ids.length) throw new Refusal('conflict', 'mergeErased');
}

async function unmerged(work: Work, type: RecordType, row: Merge, undoId: string): Promise<void> {
  await moveRowsBack(work, { type, survivorId: row.survivorId }, row.moved);
  await work.db.update(merges, { unmergedAt: work.now.toISOString(), unmergeSetId: undoId }, eq(merges.id, row.id));
}

async function remerged(work: Work, type: RecordType, row: Merge, undoId: string): Promise<void> {
  const moved = await moveRows(work, { type, survivorId: row.survivorId, losers: row.mergedIds });
  await work.db.update(
    merges,
    { unmergedAt: null, unmergeSetId: null, changeSetId: undoId, moved },
    eq(merges.id, row.id),
  );
}

export const survivorInput = z.strictObject({ object, id: z.uuid() });

/** Where a record went that was merged into another; null when it was not, or the actor may not see where. */
export async function survivorOf(
  work: Work,
  input: z.infer<typeof survivorInput>,
): Promise<{ id: string; title: string; mergeId: string } | null> {
  const type = kindOf(work, input.object, 'read');
  const last = await lastOf(work, type, input.id);
  if (!last || !(await isVisible(work, type, last.id))) return null;
  const titles = await titlesOf(work, [{ object: type.object, recordId: last.id }]);
  return { ...last, title: titles.get(last.id) ?? '' };
}

/** What a record is part of now, with the merge that it went into first; undefined for one that was not merged. */
async function lastOf(
  work: Work,
  type: RecordType,
  from: string,
): Promise<{ id: string; mergeId: string } | undefined> {
  let id = from;
  let mergeId = '';
  // Merged again and again, but not for ever.
  for (let step = 0; step < 20; step++) {
    const [row] = await work.db.rows<{ id: string; survivorId: string }>(sql`
      select m.id, m.survivor_id as "survivorId" from app.merge m
      where m.tenant_id = ${work.actor.tenantId} and m.object = ${type.object} and m.unmerged_at is null
        and m.merged_ids @> array[${id}]::uuid[] order by m.at desc limit 1`);
    if (!row) break;
    mergeId ||= row.id;
    id = row.survivorId;
  }
  return mergeId ? { id, mergeId } : undefined;
}

/**
 * What came out of the bin may refer to records that were merged while it was there: it leads to what they have become.
 * @param rows what came back, flat
 */
export async function followMerges(work: Work, rows: readonly RecordValues[]): Promise<void> {
  const named = new Set(rows.flatMap((row) => Object.values(row).flat()).filter(isId));
  if (named.size === 0) return;
  const gone = await work.db.rows<{ object: string; id: string }>(sql`
    select distinct m.object, g.id from app.merge m cross join unnest(m.merged_ids) as g (id)
    where m.tenant_id = ${work.actor.tenantId} and m.unmerged_at is null and m.merged_ids && ${sql.param([...named])}::uuid[]`);
  for (const { object, id } of gone.filter((one) => named.has(one.id))) {
    const type = work.types.find(object);
    const last = type && (await lastOf(work, type, id));
    if (!last) continue;
    const [survivor] = await visibleRows(work, type, [last.id]);
    if (!survivor) continue;
    const moves = new Moves();
    await moveReferences(work, { type, survivorId: last.id, losers: [id] }, survivor, moves);
    const list = moves.list();
    if (list.length > 0) await apply(work, 'restore', list);
  }
}

const isId = (value: unknown): value is string => z.uuid().safeParse(value).success;

export interface MergeRowView {
  id: string;
  at: string;
  by: string | null;
  merged: { id: string; title: string | null }[];
}

/** The merges a record has survived that can be taken back. */
export async function mergesOf(work: Work, input: z.infer<typeof survivorInput>): Promise<MergeRowView[]> {
  const type = kindOf(work, input.object, 'read');
  if (!(await isVisible(work, type, input.id))) throw notFound();
  const rows = await work.db.rows<{ id: string; at: string; by: string | null; mergedIds: string[] }>(sql`
    select g.id, g.at, m.name as by, g.merged_ids as "mergedIds" from app.merge g
    left join app.member m on m.tenant_id = ${work.actor.tenantId} and m.id = g.member_id
    where g.tenant_id = ${work.actor.tenantId} and g.survivor_id = ${input.id} and g.object = ${type.object} and g.unmerged_at is null
    order by g.at desc limit 50`);
  const titles = await titlesOf(
    work,
    rows.flatMap(({ mergedIds }) => mergedIds.map((recordId) => ({ object: type.object, recordId }))),
  );
  return rows.map(({ mergedIds, ...row }) => ({
    ...row,
    merged: mergedIds.map((id) => ({ id, title: titles.get(id) ?? null })),
  }));
}
