import { and, eq, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm';
import { changeSets, changes, searchKeys as searchKeyTable } from '@/db/schema/records';
import type { ChangeOp, Verb } from '@/domain/changes';
import { isOwnField } from '@/domain/custom-fields';
import { Refusal } from '@/domain/refusals';
import { searchKeys } from '@/domain/search-keys';
import { releaseSingle, writeCopies } from './field-values';
import { newId } from './ids';
import { flat, ownValues, type RecordType, type RecordValues, snake } from './record-types';
import { ofKind } from './types';
import type { Work } from './work';

/**
 * The one write path. Every change to a tenant's records is applied here, and the same transaction holds its change
 * set: who, when, through what, which verb, and the fields before and after. History, undo, timeline and search
 * follow from it.
 */
export type Change =
  | { type: RecordType; op: 'create'; id: string; values: RecordValues }
  | { type: RecordType; op: 'update'; id: string; values: RecordValues; version?: number }
  | { type: RecordType; op: 'delete' | 'restore'; id: string };

export interface ApplyOptions {
  detail?: Record<string, unknown>;
  undoes?: string;
  /** Joins an open change set: the batches of an import are one. */
  changeSetId?: string;
  /** An import may bring its own creation date and author. */
  keepAuthors?: boolean;
}

export interface Applied {
  changeSetId: string;
  /** Version of each written record after the change. */
  versions: Map<string, number>;
  /** Records whose values really changed, or which were made or removed. */
  changed: Set<string>;
}

interface Entry {
  object: string;
  id: string;
  op: ChangeOp;
  before: RecordValues | null;
  after: RecordValues | null;
}

/**
 * Applies changes and records them.
 * @throws Refusal notFound when a record is not there, conflict `stale` when its version has moved on
 */
export async function apply(work: Work, verb: Verb, list: Change[], options: ApplyOptions = {}): Promise<Applied> {
  const applied: Applied = { changeSetId: options.changeSetId ?? newId(), versions: new Map(), changed: new Set() };
  const entries: Entry[] = [];
  const writes = new Writes();
  // The set's row goes out first: statements travel in order, and change rows refer to it.
  if (!options.changeSetId) writes.push(openChangeSet(work, applied.changeSetId, verb, options));
  for (const [type, ofType] of groupByType(work, list)) {
    const creates = ofType.filter((c) => c.op === 'create');
    const others = ofType.filter((c) => c.op !== 'create');
    if (creates.length > 0) writes.push(insertRecords(work, type, creates, applied, entries, options));
    if (others.length > 0) writes.push(...(await updateRecords(work, type, others, applied, entries)));
  }
  writes.push(insertEntries(work, applied.changeSetId, entries));
  await Promise.all(writes);
  return applied;
}

/** `apply` for a verb whose answer is its change set alone. */
export async function applySet(work: Work, verb: Verb, list: Change[]): Promise<{ changeSetId: string }> {
  const { changeSetId } = await apply(work, verb, list);
  return { changeSetId };
}

/** Statements under way. One that fails after another threw is not an unhandled rejection: the transaction is over. */
class Writes extends Array<Promise<unknown>> {
  override push(...promises: Promise<unknown>[]): number {
    for (const promise of promises) promise.catch(() => {});
    return super.push(...promises);
  }
}

/** Starts a change set that several `apply` calls share. @returns its id */
export async function startChangeSet(work: Work, verb: Verb, detail?: Record<string, unknown>): Promise<string> {
  const id = newId();
  await openChangeSet(work, id, verb, { detail });
  return id;
}

function openChangeSet(work: Work, id: string, verb: Verb, options: ApplyOptions): Promise<unknown> {
  return work.db.prepared(
    'change_set.insert',
    'insert into app.change_set (tenant_id, id, at, member_id, channel, verb, detail, request_id, ip, undoes) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
    [
      work.actor.tenantId,
      id,
      work.now,
      work.actor.memberId,
      work.actor.channel,
      verb,
      options.detail ? JSON.stringify(options.detail) : null,
      work.requestId,
      work.ip,
      options.undoes ?? null,
    ],
  );
}

/** Verbs name a kind as its domain declared it; what is written is the tenant's version of it. */
function groupByType(work: Work, list: Change[]): Map<RecordType, Change[]> {
  return Map.groupBy(list, ({ type }) => work.types.of(type));
}

async function insertRecords(
  work: Work,
  type: RecordType,
  creates: Extract<Change, { op: 'create' }>[],
  applied: Applied,
  entries: Entry[],
  options: ApplyOptions,
) {
  const now = work.now.toISOString();
  const columns = writableColumns(type);
  const rows = creates.map(({ id, values }) => {
    const authored = {
      tenantId: work.actor.tenantId,
      id,
      version: 1,
      createdAt: (options.keepAuthors && values.createdAt) || now,
      updatedAt: now,
      createdBy: (options.keepAuthors && values.createdBy) || work.actor.memberId,
      updatedBy: work.actor.memberId,
      origin: work.actor.channel,
      ...(type.rows ? { object: type.rows } : {}),
    };
    const row: RecordValues = { ...values, ...authored, ...type.derive?.({ ...values, ...authored }) };
    applied.versions.set(id, 1);
    applied.changed.add(id);
    entries.push({ object: type.object, id, op: 'create', before: null, after: withoutNulls(values) });
    return 'custom' in type.table ? { ...row, custom: ownValues(row) } : row;
  });
  const names = columns.map((c) => snake(c));
  const statements: Promise<unknown>[] = [
    work.db.prepared(
      `${type.object}.insert`,
      `insert into app.${type.tableName} (${names.join(', ')}) select ${names.map((n) => `coalesce_row.${n}`).join(', ')} from jsonb_populate_recordset(null::app.${type.tableName}, $1) as coalesce_row`,
      [JSON.stringify(rows.map((row) => toColumns(row, columns)))],
    ),
  ];
  const keys = rows.flatMap((row) => keysOf(type, row));
  if (keys.length > 0) statements.push(insertKeys(work, type, keys));
  statements.push(
    writeCopies(
      work,
      type,
      rows.map((row) => ({ id: row.id as string, row, names: 'all' })),
    ),
  );
  await Promise.all(statements);
}

/** Updates, removes and restores: reads the rows under lock, works out what differs, writes only that. */
async function updateRecords(
  work: Work,
  type: RecordType,
  list: Change[],
  applied: Applied,
  entries: Entry[],
): Promise<Promise<unknown>[]> {
  const ids = list.map((c) => c.id);
  const rows = await work.db.find(type.table, and(inArray(type.table.id, ids), ofKind(type)), {
    lock: true,
    orderBy: type.table.id,
  });
  const current = new Map(rows.map((row) => [row.id as string, flat(row)]));
  const now = work.now.toISOString();
  const updated: Updated[] = [];
  const rekeyed: RecordValues[] = [];
  const unkeyed: string[] = [];

  for (const change of list) {
    const row = current.get(change.id);
    if (!row || (row.deletedAt !== null && change.op !== 'restore')) throw new Refusal('notFound', 'notFound');
    const version = (row.version as number) + 1;
    const stamp = { version, updatedAt: now, ...('updatedBy' in row ? { updatedBy: work.actor.memberId } : {}) };
    if (change.op === 'update') {
      if (change.version !== undefined && change.version !== row.version) throw new Refusal('conflict', 'stale');
      const differing = differences(type, row, change.values);
      const names = Object.keys(differing);
      if (names.length === 0) {
        applied.versions.set(change.id, row.version as number);
        continue;
      }
      const next = { ...row, ...differing };
      const derived = type.derive?.(next) ?? {};
      Object.assign(next, derived, stamp);
      entries.push({ object: type.object, id: change.id, op: 'update', before: pick(row, names), after: differing });
      const own: Set<string> = new Set(names.filter(isOwnField));
      updated.push({
        id: change.id,
        row: own.size > 0 ? { ...next, custom: ownValues(next) } : next,
        copies: own,
        columns: new Set([
          ...names.filter((name) => !own.has(name)),
          ...(own.size > 0 ? ['custom'] : []),
          ...Object.keys(derived).filter((name) => derived[name] !== row[name]),
          ...Object.keys(stamp),
        ]),
      });
      if (type.searchTexts && searchChanged(type, row, next)) {
        unkeyed.push(change.id);
        rekeyed.push(next);
      }
    } else if (change.op === 'delete' || change.op === 'restore') {
      const gone = change.op === 'delete';
      if (!gone && row.deletedAt === null) continue;
      const next = {
        ...row,
        ...stamp,
        deletedAt: gone ? now : null,
        ...('deletedBy' in row ? { deletedBy: gone ? work.actor.memberId : null } : {}),
      };
      entries.push({
        object: type.object,
        id: change.id,
        op: gone ? 'delete' : 'create',
        before: gone && type.shownOn ? pick(row, type.shownOn) : null,
        after: null,
      });
      updated.push({
        id: change.id,
        row: next,
        copies: gone ? 'none' : 'all',
        columns: new Set([...Object.keys(stamp), 'deletedAt', ...('deletedBy' in row ? ['deletedBy'] : [])]),
      });
      if (type.searchTexts) {
        unkeyed.push(change.id);
        if (!gone) rekeyed.push(next);
      }
    }
    applied.versions.set(change.id, version);
    applied.changed.add(change.id);
  }
  return writeUpdates(work, type, updated, unkeyed, rekeyed);
}

interface Updated {
  id: string;
  row: RecordValues;
  columns: Set<string>;
  /** Own fields whose copies are written anew; none when the record goes to the bin. */
  copies: ReadonlySet<string> | 'all' | 'none';
}

function writeUpdates(
  work: Work,
  type: RecordType,
  updated: Updated[],
  unkeyed: string[],
  rekeyed: RecordValues[],
): Promise<unknown>[] {
  if (updated.length === 0) return [];
  const columns = [...new Set(updated.flatMap((u) => [...u.columns]))].sort();
  const [only] = updated;
  const writes: Promise<unknown>[] = [
    updated.length === 1 && only ? updateOne(work, type, only.row, columns) : updateMany(work, type, updated, columns),
  ];
  if (unkeyed.length > 0) writes.push(work.db.delete(searchKeyTable, inArray(searchKeyTable.recordId, unkeyed)));
  const keys = rekeyed.flatMap((row) => keysOf(type, row));
  if (keys.length > 0) writes.push(insertKeys(work, type, keys));
  if (type.own) {
    const binned = updated.filter(({ copies }) => copies === 'none').map(({ id }) => id);
    writes.push(
      releaseSingle(work, type, binned),
      writeCopies(
        work,
        type,
        updated.flatMap(({ id, row, copies }) => (copies === 'none' ? [] : [{ id, row, names: copies }])),
      ),
    );
  }
  return writes;
}

function updateOne(work: Work, type: RecordType, row: RecordValues, columns: string[]): Promise<unknown> {
  const set = columns.map((name) => sql`${sql.identifier(snake(name))} = ${sql.param(row[name] ?? null)}`);
  return work.db.kept(
    sql`update ${type.table} as t set ${sql.join(set, sql`, `)} where t.tenant_id = ${work.actor.tenantId} and t.id = ${row.id}`,
  );
}

function updateMany(
  work: Work,
  type: RecordType,
  updated: { row: RecordValues }[],
  columns: string[],
): Promise<unknown> {
  const names = columns.map(snake);
  return work.db.rows(
    sql`update ${type.table} as t set ${sql.join(
      names.map((n) => sql`${sql.identifier(n)} = r.${sql.identifier(n)}`),
      sql`, `,
    )} from jsonb_populate_recordset(null::${type.table}, ${JSON.stringify(updated.map((u) => toColumns(u.row, ['id', ...columns])))}) as r
    where t.tenant_id = ${work.actor.tenantId} and t.id = r.id`,
  );
}

function insertEntries(work: Work, changeSetId: string, entries: Entry[]): Promise<unknown> {
  if (entries.length === 0) return Promise.resolve();
  return work.db.prepared(
    'change.insert',
    `insert into app.change (tenant_id, change_set_id, object, record_id, op, at, before, after)
     select $1, $2, r.object, r.id, r.op, $3, r.before, r.after
     from jsonb_to_recordset($4) as r (object text, id uuid, op text, before jsonb, after jsonb)`,
    [work.actor.tenantId, changeSetId, work.now, JSON.stringify(entries)],
  );
}

function insertKeys(work: Work, type: RecordType, keys: { key: string; id: string }[]): Promise<unknown[]> {
  return work.db.prepared(
    'search_key.insert',
    `insert into app.search_key (tenant_id, key, object, record_id)
     select $1, r.key, $2, r.id from jsonb_to_recordset($3) as r (key text, id uuid) on conflict do nothing`,
    [work.actor.tenantId, type.object, JSON.stringify(keys)],
  );
}

function keysOf(type: RecordType, row: RecordValues): { key: string; id: string }[] {
  const texts = type.searchTexts?.(row).filter((text): text is string => Boolean(text)) ?? [];
  return searchKeys(texts).map((key) => ({ key, id: row.id as string }));
}

function searchChanged(type: RecordType, before: RecordValues, after: RecordValues): boolean {
  return JSON.stringify(type.searchTexts?.(before)) !== JSON.stringify(type.searchTexts?.(after));
}

const columnCache = new WeakMap<RecordType, string[]>();

/** Columns an insert fills: all but generated ones. */
function writableColumns(type: RecordType): string[] {
  let columns = columnCache.get(type);
  if (!columns) {
    columns = Object.entries(getTableColumns(type.table))
      .filter(([name, column]) => !column.generated && name !== 'deletedAt' && name !== 'deletedBy')
      .map(([name]) => name);
    columnCache.set(type, columns);
  }
  return columns;
}

/** A row as a JSON object keyed by column name. Columns without a value take the table's default where one is declared. */
function toColumns(row: RecordValues, columns: string[]): RecordValues {
  return Object.fromEntries(columns.map((name) => [snake(name), row[name] ?? null]));
}

/** The values that differ from the row's, by field type: moments compare as moments. */
export function differences(type: RecordType, row: RecordValues, values: RecordValues): RecordValues {
  const differing: RecordValues = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && !sameValue(type, name, row[name], value)) differing[name] = value;
  }
  return differing;
}

/** Whether two values of a field are the same; null and missing are. */
export function sameValue(type: RecordType, name: string, a: unknown, b: unknown): boolean {
  if (a === b || ((a ?? null) === null && (b ?? null) === null)) return true;
  if (type.fields[name]?.type === 'datetime' && typeof a === 'string' && typeof b === 'string')
    return Date.parse(a) === Date.parse(b);
  if (typeof a === 'object' || typeof b === 'object') return JSON.stringify(a) === JSON.stringify(b);
  return false;
}

const pick = (row: RecordValues, names: string[]) => Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
const withoutNulls = (values: RecordValues) =>
  Object.fromEntries(Object.entries(values).filter(([, v]) => v !== null && v !== undefined));

/** The changes of a set as stored, oldest first. */
export async function changesOf(work: Work, changeSetId: string) {
  return work.db.find(changes, eq(changes.changeSetId, changeSetId));
}

/** A change set by id. */
export async function changeSet(work: Work, id: string, lock = false) {
  return (await work.db.find(changeSets, eq(changeSets.id, id), { lock }))[0];
}

/** Marks a set as taken back; false when somebody was quicker. */
export async function markUndone(work: Work, id: string, by: string): Promise<boolean> {
  const open: SQL | undefined = and(eq(changeSets.id, id), sql`${changeSets.undoneBy} is null`);
  return (await work.db.update(changeSets, { undoneBy: by }, open)) === 1;
}
