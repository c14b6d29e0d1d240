import { and, desc, eq, gt, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import { changeSets, changes } from '@/db/schema/records';
import { isBlank } from '@/domain/blank';
import type { ChangeView, UndoReport, Verb } from '@/domain/changes';
import { clip } from '@/domain/clip';
import { type FieldDefinition, isOwnField } from '@/domain/custom-fields';
import { type RecordObject, recordObjects } from '@/domain/objects';
import { can } from '@/domain/permissions';
import { notFound, Refusal } from '@/domain/refusals';
import { apply, type Change, changeSet, changesOf, markUndone, sameValue } from '../core/changes';
import { newId } from '../core/ids';
import { flat, type RecordType, type RecordValues, snake } from '../core/record-types';
import { inScope, requireInScope } from '../core/scope';
import { forgetSessions } from '../core/session';
import { topicsOf } from '../core/topics';
import { andKind, loadTypes } from '../core/types';
import type { Work } from '../core/work';

type StoredChange = Awaited<ReturnType<typeof changesOf>>[number];

/** Above this many records one request would hold its locks too long; such a set is taken back by a job. */
export const undoAtOnce = 5_000;
const batchSize = 2_000;
/** Of the fields edited since, a report names so many. */
const namedKept = 100;

/** What more there is to taking back sets that are more than their changes. */
export interface UndoRule {
  /** Instead of the rights to every record in it. @throws Refusal */
  requireRights?(): Promise<void>;
  /** Does the rest, in the same transaction. */
  after?(undoId: string): Promise<void>;
  /** Does what comes last, once every record is as it was before: of a large set at the end of its job. */
  atEnd?(undoId: string): Promise<void>;
}
type FindRule = (work: Work, set: { id: string; verb: string }) => Promise<UndoRule | undefined>;
const rules: FindRule[] = [];

/** Declares such sets; called once per domain, at import. */
export function onUndo(find: FindRule): void {
  rules.push(find);
}

async function ruleOf(work: Work, set: { id: string; verb: string }): Promise<UndoRule | undefined> {
  if (set.verb !== 'merge' && set.verb !== 'undo' && set.verb !== 'import') return undefined;
  for (const find of rules) {
    const rule = await find(work, set);
    if (rule) return rule;
  }
  return undefined;
}

/**
 * Takes a change set back: what it made goes to the bin, what it removed comes back, what it changed is as before.
 * Fields edited since, and those removed since, keep their value and are reported. The undo is a change set itself, so it
 * can be undone.
 * @param atOnce a set of more records is taken back by a job, which reports how many wait as `queued`
 * @throws Refusal notFound for a set not one's to change or of an object removed since, conflict `alreadyUndone`
 */
export async function undo(asked: Work, changeSetId: string, atOnce = undoAtOnce): Promise<UndoReport> {
  const work = await withRemoved(asked, changeSetId);
  const set = await changeSet(work, changeSetId, true);
  if (!set) throw notFound();
  if (set.undoneBy) throw new Refusal('conflict', 'alreadyUndone');
  const { count, parts } = await partsOf(work, changeSetId);
  const rule = await ruleOf(work, set);
  await rule?.requireRights?.();
  if (count > atOnce) {
    const report = await undoLater(work, set, count, parts);
    await rule?.after?.(report.changeSetId);
    return report;
  }
  const stored = await changesOf(work, changeSetId);
  if (!rule?.requireRights) await requireRights(work, set, stored);
  const kept: UndoReport['kept'] = [];
  const list: Change[] = [];
  for (const [object, changes] of byObject(stored))
    list.push(...(await inverses(work, work.types.get(object), changes, kept)));
  for (const [type, ofType] of Map.groupBy(list, (change) => change.type)) await type.guard?.(work, ofType);
  const undoId = newId();
  if (!(await markUndone(work, changeSetId, undoId))) throw new Refusal('conflict', 'alreadyUndone');
  await openUndo(work, undoId, set);
  await apply(work, 'undo', list, { changeSetId: undoId });
  await rule?.after?.(undoId);
  await rule?.atEnd?.(undoId);
  if (stored.some((c) => c.object === 'member' || c.object === 'team' || c.object === 'tenant'))
    await forgetSessions(work.db);
  await nameKept(work, kept);
  return { changeSetId: undoId, undone: list.length, kept };
}

/** With the fields and objects a set removed: taking it back brings them back, and what records hold of them. */
async function withRemoved(work: Work, changeSetId: string): Promise<Work> {
  const tenant = work.actor.tenantId;
  // From the few definitions in the bin to the set, never through all of its records.
  const removed = await work.db.rows<{ id: string }>(sql`
    select d.id from (
      select id from app.custom_field where tenant_id = ${tenant} and deleted_at is not null
      union all select id from app.custom_object where tenant_id = ${tenant} and deleted_at is not null) d
    where exists (select from app.change c where c.tenant_id = ${tenant} and c.record_id = d.id
      and c.change_set_id = ${changeSetId} and c.op = 'delete')`);
  if (removed.length === 0) return work;
  const ids = removed.map(({ id }) => id);
  return { ...work, types: await loadTypes(work.db, ids) };
}

/** A kind that a change set names. @throws Refusal notFound when the tenant has removed the object since */
function kindOf(work: Work, object: string): RecordType {
  const type = work.types.find(object);
  if (!type) throw notFound();
  return type;
}

/** Records of one kind in a set. */
interface Part {
  type: RecordType;
  /** Whether some were made or removed, which taking back removes or brings back. */
  moves: boolean;
}

/** How many records a set touched, and of which kinds, without reading them. */
async function partsOf(work: Work, changeSetId: string): Promise<{ count: number; parts: Part[] }> {
  const rows = await work.db.rows<{ object: string; n: number; moves: boolean }>(
    sql`select c.object, count(*)::int as n, bool_or(c.op <> 'update') as moves from app.change c
      where c.tenant_id = ${work.actor.tenantId} and c.change_set_id = ${changeSetId} group by c.object`,
  );
  return {
    count: rows.reduce((sum, { n }) => sum + n, 0),
    parts: rows.map(({ object, moves }) => ({ type: kindOf(work, object), moves })),
  };
}

/** What the actor did is the actor's to take back; what others made or removed only with the right to remove it. */
const isOthers = (work: Work, set: { memberId: string | null }) => set.memberId !== work.actor.memberId;

/** Leaves a large set to a job. Only whoever may write, or remove, all records of its kinds may start that. */
async function undoLater(
  work: Work,
  set: { id: string; verb: string; memberId: string | null },
  count: number,
  parts: Part[],
): Promise<UndoReport> {
  for (const { type, moves } of parts) {
    if (!can(work.actor.role, type.permission) || inScope(work, type, 'write')) throw notFound();
    if (moves && isOthers(work, set) && inScope(work, type, 'delete')) throw notFound();
  }
  const undoId = newId();
  if (!(await markUndone(work, set.id, undoId))) throw new Refusal('conflict', 'alreadyUndone');
  await openUndo(work, undoId, set);
  const { tenantId, memberId } = work.actor;
  const job: UndoJob = { tenantId, memberId, requestId: work.requestId, changeSetId: set.id, undoId };
  await work.enqueue(work.db, 'undo', { ...job });
  return { changeSetId: undoId, undone: 0, kept: await editedSince(work, set.id, { limit: namedKept }), queued: count };
}

/**
 * Fields of a set's records that later sets, still standing, have changed again: undoing it leaves them their newer value.
 * @param except sets that do not count: those that would be taken back with it
 */
export async function editedSince(
  work: Work,
  changeSetId: string,
  { limit, except = [] }: { limit: number; except?: readonly string[] },
): Promise<UndoReport['kept']> {
  const tenant = work.actor.tenantId;
  // From the few edits since to the many records of the set, never the other way: a set that was just written has no
  // statistics yet. A write begun before the set's own may have ended after it, by at most its transaction's deadline.
  const edited = await work.db.rows<Omit<UndoReport['kept'][number], 'recordTitle'>>(sql`
    with later as materialized (
      select n.object, n.record_id, n.at, n.after, n.change_set_id from app.change n
      where n.tenant_id = ${tenant} and n.op = 'update' and n.change_set_id <> ${changeSetId} and n.written_at >=
        (select written_at - interval '1 minute' from app.change_set where tenant_id = ${tenant} and id = ${changeSetId}))
    select distinct on (n.object, n.record_id, field) n.object, n.record_id as "recordId", field, m.name as by, n.at
    from later n
    join app.change c on c.tenant_id = ${tenant} and c.change_set_id = ${changeSetId} and c.record_id = n.record_id
      and c.op <> 'delete' and n.at >= c.at
    join app.change_set s on s.tenant_id = ${tenant} and s.id = n.change_set_id and s.undone_by is null and s.undoes is null
      and s.id <> all(${sql.param([...except])}::uuid[])
    cross join jsonb_object_keys(n.after) as field
    left join app.member m on m.tenant_id = ${tenant} and m.id = s.member_id
    where jsonb_exists(c.after, field) or c.op = 'create'
    order by n.object, n.record_id, field, n.at desc
    limit ${limit}`);
  const titles = await titlesOf(work, edited);
  return edited.map((entry) => ({ ...entry, recordTitle: titles.get(entry.recordId) ?? null }));
}

export interface UndoJob {
  tenantId: string;
  memberId: string;
  requestId: string;
  changeSetId: string;
  undoId: string;
}

/**
 * Takes the next records of a large set back. What a killed job had done already has no inverse any more, so going
 * through it again changes nothing.
 * @param after the last record of the batch before, or null at the beginning
 * @returns the last record of this batch, or null at the end
 */
export async function undoBatch(asked: Work, job: UndoJob, after: string | null): Promise<string | null> {
  const work = await withRemoved(asked, job.changeSetId);
  const stored = await work.db.find(
    changes,
    and(eq(changes.changeSetId, job.changeSetId), after ? gt(changes.recordId, after) : undefined),
    { orderBy: changes.recordId, limit: batchSize },
  );
  const list: Change[] = [];
  for (const [object, ofObject] of byObject(stored)) {
    list.push(...(await inverses(work, work.types.get(object), ofObject, [])));
  }
  await apply(work, 'undo', list, { changeSetId: job.undoId });
  const last = stored.at(-1)?.recordId ?? null;
  if (last === null) {
    const set = await changeSet(work, job.changeSetId);
    const rule = set && (await ruleOf(work, set));
    await rule?.atEnd?.(job.undoId);
  }
  return last;
}

async function openUndo(work: Work, id: string, set: { id: string; verb: string }): Promise<void> {
  await work.db.insert(changeSets, {
    id,
    at: work.now.toISOString(),
    memberId: work.actor.memberId,
    channel: work.actor.channel,
    verb: 'undo',
    detail: { verb: set.verb },
    requestId: work.requestId,
    ip: work.ip,
    undoes: set.id,
  });
}

/** Undoing is changing: every kind of record in the set asks for its own right, every record for its scope. */
async function requireRights(work: Work, set: { memberId: string | null }, stored: StoredChange[]): Promise<void> {
  for (const [object, changes] of byObject(stored)) {
    const type = work.types.get(object);
    if (!can(work.actor.role, type.permission)) throw notFound();
    await requireInScope(
      work,
      type,
      'write',
      changes.map((c) => c.recordId),
    );
    const moved = isOthers(work, set) ? changes.filter(({ op }) => op !== 'update') : [];
    if (moved.length > 0)
      await requireInScope(
        work,
        type,
        'delete',
        moved.map((c) => c.recordId),
      );
  }
}

async function inverses(
  work: Work,
  type: RecordType,
  changes: StoredChange[],
  kept: UndoReport['kept'],
): Promise<Change[]> {
  const rows = await work.db.find(
    type.table,
    inArray(
      type.table.id,
      changes.map((c) => c.recordId),
    ),
    { lock: true, orderBy: type.table.id },
  );
  const current = new Map(rows.map((row) => [row.id as string, flat(row)]));
  const filled = await filledSince(work, changes);
  const list: Change[] = [];
  for (const change of changes) {
    const row = current.get(change.recordId);
    if (!row) continue;
    const inverse = inverseOf(type, change, row, filled.get(change.recordId) ?? [], (field) =>
      kept.push({
        object: type.object,
        recordId: change.recordId,
        recordTitle: titleOf(type, row),
        field,
        by: null,
        at: String(row.updatedAt),
      }),
    );
    if (inverse) list.push(inverse);
  }
  return list;
}

/** Fields that records were made without, and that later sets, still standing, have written: what is in them is somebody's. */
async function filledSince(work: Work, changes: readonly StoredChange[]): Promise<Map<string, string[]>> {
  const made = changes.filter(({ op }) => op === 'create');
  const [first] = made;
  if (!first) return new Map();
  const tenant = work.actor.tenantId;
  const ids = made.map(({ recordId }) => recordId);
  // From the few edits since to the set's own changes, of which there may be a million that no statistics know.
  const rows = await work.db.rows<{ id: string; field: string }>(sql`
    with later as materialized (
      select n.record_id, n.at, n.after, n.change_set_id from app.change n
      where n.tenant_id = ${tenant} and n.record_id = any(${sql.param(ids)}::uuid[]) and n.op = 'update' and n.change_set_id <> ${first.changeSetId})
    select distinct n.record_id as id, field from later n
    join app.change c on c.tenant_id = ${tenant} and c.change_set_id = ${first.changeSetId} and c.record_id = n.record_id and n.at >= c.at
    join app.change_set s on s.tenant_id = ${tenant} and s.id = n.change_set_id and s.undone_by is null and s.undoes is null
    cross join jsonb_object_keys(n.after) as field
    where not jsonb_exists(c.after, field)`);
  return new Map([...Map.groupBy(rows, ({ id }) => id)].map(([id, list]) => [id, list.map(({ field }) => field)]));
}

/** @param filled fields that a record was made without and has been given since */
function inverseOf(
  type: RecordType,
  change: StoredChange,
  row: RecordValues,
  filled: readonly string[],
  keep: (field: string) => void,
): Change | undefined {
  // Both sides were written by apply(): field names and values, or null.
  const before = change.before as RecordValues | null;
  const after = change.after as RecordValues | null;
  const gone = row.deletedAt !== null;
  if (change.op === 'delete') return gone ? { type, op: 'restore', id: change.recordId } : undefined;
  if (change.op === 'create') {
    if (gone) return undefined;
    const edited = [
      ...Object.keys(after ?? {}).filter((name) => !sameValue(type, name, row[name], after?.[name])),
      ...filled.filter((name) => !isBlank(row[name])),
    ];
    for (const name of edited) keep(name);
    return edited.length > 0 ? undefined : { type, op: 'delete', id: change.recordId };
  }
  if (gone) {
    keep(type.title);
    return undefined;
  }
  const values: RecordValues = {};
  for (const name of Object.keys(after ?? {})) {
    // Nothing follows the values of a field that is in the bin: it is to come back as it went.
    const isGone = isOwnField(name) && !Object.hasOwn(type.fields, name);
    if (!isGone && sameValue(type, name, row[name], after?.[name])) values[name] = before?.[name] ?? null;
    else keep(name);
  }
  return Object.keys(values).length > 0 ? { type, op: 'update', id: change.recordId, values } : undefined;
}

/** Says who edited the kept fields last. */
async function nameKept(work: Work, kept: UndoReport['kept']): Promise<void> {
  const titles = await titlesOf(work, kept);
  for (const [place, entry] of kept.entries()) {
    // Taking a merge back reaches records that the actor may not see: of those it is told only that a field stayed.
    entry.recordTitle = titles.get(entry.recordId) ?? null;
    if (place >= namedKept || !titles.has(entry.recordId)) continue;
    if (!Object.hasOwn(work.types.get(entry.object).fields, entry.field)) continue;
    const [latest] = await fieldHistory(work, { object: entry.object, id: entry.recordId, field: entry.field });
    if (!latest) continue;
    entry.by = latest.by;
    entry.at = latest.at;
  }
}

export interface TimelineItem {
  changeSetId: string;
  at: string;
  by: { id: string; name: string } | null;
  channel: string;
  verb: Verb;
  undoneBy: string | null;
  changes: ChangeView[];
}

/** Parts of a timeline one may ask for alone; `change` is all that is none of the others. */
export const timelineKinds = ['change', 'comment', 'note', 'task', 'activity', 'attachment'] as const;
export type TimelineKind = (typeof timelineKinds)[number];

function ofKinds(kinds: readonly TimelineKind[] | undefined): SQL {
  if (!kinds || kinds.length === 0) return sql``;
  const named = sql`c.object = any(${sql.param([...kinds])}::text[])`;
  if (!kinds.includes('change')) return sql`and ${named}`;
  return sql`and (${named} or not c.object = any(${sql.param([...timelineKinds])}::text[]))`;
}

/** What happened to a record and to what hangs on it (notes, tasks, links), newest first. */
export async function timeline(
  work: Work,
  input: { object: string; id: string; cursor?: string | null; limit: number; kinds?: readonly TimelineKind[] },
): Promise<{ items: TimelineItem[]; next: string | null }> {
  const type = work.types.find(input.object);
  if (!type || !(type.rights || recordObjects.includes(type.object as RecordObject))) throw notFound();
  work.db.requires(requireRecord(work, type, input.id));
  const tenant = work.actor.tenantId;
  const shown = work.types.all().flatMap((t) =>
    [...(t.shownOn ?? []).filter((ref) => t.fields[ref]?.to === type.object), ...(t.shownOnAny ?? [])].map((ref) => ({
      type: t,
      ref,
    })),
  );
  const related = shown.map(({ type: t, ref }) => {
    const scope = inScope(work, t, 'read');
    return sql`union all (select t.id from ${t.table} t where t.tenant_id = ${tenant} and t.${sql.identifier(snake(ref))} = ${input.id} ${scope ? sql`and ${scope}` : sql``}
      order by t.id desc limit 500)`;
  });
  const sets = await work.db.rows<{
    changeSetId: string;
    at: string;
    byId: string | null;
    byName: string | null;
    channel: string;
    verb: Verb;
    undoneBy: string | null;
    objects: {
      object: string;
      recordId: string;
      op: ChangeView['op'];
      before: RecordValues | null;
      after: RecordValues | null;
    }[];
  }>(sql`
    with about as (select ${input.id}::uuid as id ${sql.join(related, sql` `)})
    select s.id as "changeSetId", s.at, s.member_id as "byId", m.name as "byName", s.channel, s.verb, s.undone_by as "undoneBy",
      jsonb_agg(jsonb_build_object('object', c.object, 'recordId', c.record_id, 'op', c.op, 'before', c.before, 'after', c.after)) as objects
    from app.change c
    join app.change_set s on s.tenant_id = ${tenant} and s.id = c.change_set_id
    left join app.member m on m.tenant_id = ${tenant} and m.id = s.member_id
    where c.tenant_id = ${tenant} and c.record_id in (select id from about) ${input.cursor ? sql`and s.id < ${input.cursor}::uuid` : sql``} ${ofKinds(input.kinds)}
    group by s.tenant_id, s.id, m.name order by s.id desc limit ${input.limit + 1}`);
  const page = sets.slice(0, input.limit);
  const titles = await titlesOf(
    work,
    page.flatMap((s) => s.objects),
  );
  return {
    next: sets.length > input.limit ? (page.at(-1)?.changeSetId ?? null) : null,
    items: page.map(({ byId, byName, objects, ...set }) => ({
      ...set,
      by: byId ? { id: byId, name: byName ?? '' } : null,
      changes: objects.map((c) => ({
        ...c,
        recordTitle: titles.get(c.recordId) ?? null,
        ...namedReferences(work, c, titles),
      })),
    })),
  };
}

export interface FieldEntry {
  at: string;
  by: string | null;
  channel: string;
  verb: string;
  changeSetId: string;
  /** What was there; references as titles, files as their names. */
  before: unknown;
  after: unknown;
}

/** Who set a field of a record, when, through what, and from what: newest first. */
export async function fieldHistory(
  work: Work,
  input: { object: string; id: string; field: string },
): Promise<FieldEntry[]> {
  const type = work.types.find(input.object);
  if (!type || !Object.hasOwn(type.fields, input.field)) throw notFound();
  work.db.requires(requireRecord(work, type, input.id));
  const field = type.fields[input.field];
  if (field?.type === 'relation' && field.own) return linkHistory(work, input.id, field.own);
  const rows = await work.db.rows<FieldEntry>(sql`
    select ${entryColumns}, c.before -> ${input.field} as before, c.after -> ${input.field} as after
    from app.change c ${setOfChange(work)}
    where c.tenant_id = ${work.actor.tenantId} and c.record_id = ${input.id} and (jsonb_exists(c.after, ${input.field}) or jsonb_exists(c.before, ${input.field}))
    order by c.at desc, s.id desc limit 200`);
  const to = field?.type === 'file' ? 'attachment' : field?.to;
  if (!to && !field?.kindIn) return rows;
  const ids = rows.flatMap(({ before, after }) => [before, after].flat().filter((id) => typeof id === 'string'));
  const titles = to
    ? await titlesOf(
        work,
        ids.map((recordId) => ({ object: to, recordId })),
      )
    : new Map([...(await topicsOf(work, ids))].map(([id, { title }]) => [id, title]));
  const one = (v: unknown) => (typeof v === 'string' ? (titles.get(v) ?? null) : (v ?? null));
  const show = (v: unknown) => (Array.isArray(v) ? v.map(one) : one(v));
  return rows.map((row) => ({ ...row, before: show(row.before), after: show(row.after) }));
}

const entryColumns = sql`c.at, m.name as by, s.channel, s.verb, s.id as "changeSetId"`;
const setOfChange = (work: Work) => sql`
  join app.change_set s on s.tenant_id = ${work.actor.tenantId} and s.id = c.change_set_id
  left join app.member m on m.tenant_id = ${work.actor.tenantId} and m.id = s.member_id`;

/** A relation holds what it is linked with: a link made says what came, a link taken away what went. */
async function linkHistory(work: Work, id: string, own: FieldDefinition): Promise<FieldEntry[]> {
  const tenant = work.actor.tenantId;
  const rows = await work.db.rows<FieldEntry & { toId: string; op: string }>(sql`
    select ${entryColumns}, l.to_id as "toId", c.op
    from app.relation_link l join app.change c on c.tenant_id = ${tenant} and c.record_id = l.id ${setOfChange(work)}
    where l.tenant_id = ${tenant} and l.from_id = ${id} and l.field_id = ${own.id} and c.op <> 'update'
    order by c.at desc, s.id desc limit 200`);
  const object = own.settings.to ?? '';
  const titles = await titlesOf(
    work,
    rows.map(({ toId }) => ({ object, recordId: toId })),
  );
  return rows.map(({ toId, op, ...row }) => {
    const title = titles.get(toId) ?? null;
    return { ...row, before: op === 'delete' ? title : null, after: op === 'delete' ? null : title };
  });
}

/** The actor's own latest change sets that can be taken back, for Ctrl+Z. */
export async function recent(work: Work, limit: number): Promise<{ changeSetId: string; verb: Verb; at: string }[]> {
  const rows = await work.db.find(
    changeSets,
    and(
      eq(changeSets.memberId, work.actor.memberId),
      isNull(changeSets.undoneBy),
      isNull(changeSets.undoes),
      eq(changeSets.channel, 'screen'),
    ),
    { orderBy: desc(changeSets.at), limit },
  );
  // The verb was written by apply().
  return rows.map(({ id, verb, at }) => ({ changeSetId: id, verb: verb as Verb, at }));
}

/** The record exists, in the bin or not, and the actor may see it. */
async function requireRecord(work: Work, type: RecordType, id: string): Promise<void> {
  const scope = inScope(work, type, 'read');
  const rows = await work.db.rows(
    sql`select 1 as found from ${type.table} t where t.tenant_id = ${work.actor.tenantId} and t.id = ${id} ${andKind(type)} ${scope ? sql`and ${scope}` : sql``}`,
  );
  if (rows.length === 0) throw notFound();
}

interface Reference {
  object: string;
  recordId: string;
  before?: RecordValues | null;
  after?: RecordValues | null;
}

/** Titles of records and of all they refer to, as far as the actor may see them. */
export async function titlesOf(work: Work, references: Reference[]): Promise<Map<string, string>> {
  const wanted = new Map<string, Set<string>>();
  const want = (object: string | undefined, id: unknown) => {
    if (!object || typeof id !== 'string') return;
    const ids = wanted.get(object) ?? new Set();
    wanted.set(object, ids.add(id));
  };
  for (const { object, recordId, before, after } of references) {
    want(object, recordId);
    const type = work.types.find(object);
    for (const side of [before, after]) {
      for (const [name, value] of Object.entries(side ?? {})) want(leadsTo(work, type, name, side), value);
    }
  }
  const titles = new Map<string, string>();
  for (const [object, ids] of wanted) {
    const type = work.types.find(object);
    if (!type) continue;
    const scope = inScope(work, type, 'read');
    const rows = await work.db.rows<{ id: string; title: string | null }>(
      sql`select t.id, left(t.${sql.identifier(snake(type.title))}::text, 200) as title from ${type.table} t
        where t.tenant_id = ${work.actor.tenantId} and t.id = any(${sql.param([...ids])}::uuid[]) ${andKind(type)} ${scope ? sql`and ${scope}` : sql``}`,
    );
    for (const { id, title } of rows) if (title) titles.set(id, title);
  }
  return titles;
}

const leadsTo = (work: Work, type: RecordType | undefined, name: string, row: RecordValues | null | undefined) =>
  type?.fields[name]?.to ?? type?.leadsTo?.(work.types, name, row ?? {});

/** A change's values with the titles of what they refer to in place of ids. */
export function namedReferences(
  work: Work,
  change: Reference,
  titles: Map<string, string>,
): { before: RecordValues | null; after: RecordValues | null } {
  const type = work.types.find(change.object);
  const name = (side: RecordValues | null | undefined) =>
    side
      ? Object.fromEntries(
          Object.entries(side).map(([key, v]) => [
            key,
            leadsTo(work, type, key, side) && typeof v === 'string' ? (titles.get(v) ?? null) : v,
          ]),
        )
      : null;
  return { before: name(change.before), after: name(change.after) };
}

function byObject(stored: StoredChange[]): Map<string, StoredChange[]> {
  return Map.groupBy(stored, (c) => c.object);
}

function titleOf(type: RecordType, row: RecordValues): string | null {
  const title = row[type.title];
  return typeof title === 'string' ? clip(title, 200) : null;
}
