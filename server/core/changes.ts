import { and, eq, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm';
import { plainArray, textArray } from '@/db/arrays';
import { changeSets, changes } from '@/db/schema/records';
import type { Part, TenantDb } from '@/db/tenant';
import type { ChangeOp, Verb } from '@/domain/changes';
import { isOwnField } from '@/domain/custom-fields';
import type { Workspace } from '@/domain/formula/values';
import { Refusal } from '@/domain/refusals';
import { type RankedKey, rankedKeys } from '@/domain/search-keys';
import { among } from './among';
import { computedValues, emptyRollups, workspaceFor } from './computed';
import { releaseSingle, writeCopies } from './field-values';
import { newId } from './ids';
import { addMatchKeys, dropMatches, isCompared, matchConfigOf, matchKeysDiffer, matchParts } from './match-keys';
import { flat, ownValues, type RecordType, type RecordValues, snake } from './record-types';
import { followRollups, lockInOrder, lockParents, refresh, rollupPlan, type Touched } from './rollups';
import { topicFields } from './topics';
import { ofKind } from './types';
import { tellWatchers } from './watchers';
import type { Work } from './work';

/**
 * The one write path. Every change to a tenant's records is applied here, and the same transaction holds its change
 * set: who, when, through what, which verb, and the fields before and after. History, undo, timeline and search
 * follow from it.
 */
export type Change =
  /** `updatedAt`: when it was changed last, of a record that an import brings with its past. */
  | { type: RecordType; op: 'create'; id: string; values: RecordValues; updatedAt?: string }
  /** `row`: the record as it is, where it has been read and locked in this transaction. */
  | { type: RecordType; op: 'update'; id: string; values: RecordValues; version?: number; row?: RecordValues }
  | { type: RecordType; op: 'delete' | 'restore'; id: string };

export interface ApplyOptions {
  detail?: Record<string, unknown>;
  undoes?: string;
  /** Joins an open change set: the batches of an import are one. */
  changeSetId?: string;
  /** An import may bring its own creation date and author. */
  keepAuthors?: boolean;
  /** Search keys of new records are made by a job afterwards (server/search/follow.ts): they are most of an insert's work. */
  keysLater?: boolean;
}

export interface Applied {
  changeSetId: string;
  /** Version of each written record after the change. */
  versions: Map<string, number>;
  /** Records whose values really changed, or which were made or removed. */
  changed: Set<string>;
}

/** One record's part of a change set. */
export interface Entry {
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
  const writes = new Writes(work, list);
  const grouped = groupByType(work, list);
  const touched: Touched[] = [];
  const existing = [...grouped].map(
    ([type, all]) => [type, all.filter((c) => c.op !== 'create').map((c) => c.id)] as const,
  );
  await lockInOrder(work, new Map(existing.filter(([, ids]) => ids.length > 0)));
  // The set's row goes out first: statements travel in order, and change rows refer to it.
  if (!options.changeSetId) writes.add(changeSetPart(work, applied.changeSetId, verb, options));
  for (const [type, ofType] of grouped) {
    const creates = ofType.filter((c) => c.op === 'create');
    const others = ofType.filter((c) => c.op !== 'create');
    if (creates.length > 0) {
      const made = creates.map(({ id, values }): Touched => ({ type, id, before: null, after: values }));
      if (rollupPlan(work.types).over.has(type.object)) await lockParents(work, made);
      const workspace = await workspaceFor(work, type);
      await insertRecords(work, type, creates, { applied, entries, touched, writes }, workspace, options);
    }
    if (others.length > 0) await updateRecords(work, type, others, { applied, entries, touched, writes });
  }
  if (entries.length > 0) writes.add(entriesPart(work, applied.changeSetId, entries));
  await writes.finish();
  await followChanges(work, entries, touched);
  await tellWatchers(work, verb, entries, applied.changeSetId);
  return applied;
}

/** What follows from what has been written: sums, and whatever a kind says follows from changes of its records. */
async function followChanges(work: Work, entries: Entry[], touched: Touched[]): Promise<void> {
  if (touched.length > 0) await followRollups(work, touched);
  for (const [object, ofObject] of Map.groupBy(entries, (entry) => entry.object)) {
    const type = work.types.find(object);
    if (!type) continue;
    // Sums were not kept while a record was in the bin.
    const back = ofObject.filter(({ op, after }) => op === 'create' && after === null).map(({ id }) => id);
    if (back.length > 0 && type.own?.some((own) => own.type === 'rollup')) await refresh(work, type, back);
    await type.applied?.(work, ofObject);
  }
}

/** `apply` for a verb whose answer is its change set alone. */
export async function applySet(work: Work, verb: Verb, list: Change[]): Promise<{ changeSetId: string }> {
  const { changeSetId } = await apply(work, verb, list);
  return { changeSetId };
}

/** Above this many records of one kind in one change, what the statements are made of takes longer than sending them. */
const many = 200;
/** New records of one statement, where there are many: Postgres writes these while the next are made ready. */
const atOnce = 200;

/** Lets what was said to the database leave: sockets are written to when the event loop comes round. */
const sent = () => new Promise<void>((resolve) => setImmediate(resolve));

/** So many records at most are changed without waiting to hear that it was done: a job goes from batch to batch. */
const few = 20;

/**
 * What an `apply` writes. A change of few records is one statement, sent in the end, and is waited for by nobody but the
 * end of the transaction. One that fails after another threw is not an unhandled rejection: the transaction is over.
 */
class Writes {
  private readonly db: TenantDb;
  private readonly isFew: boolean;
  private readonly parts: Part[] = [];
  private readonly later: Part[] = [];
  private readonly statements: Promise<unknown>[] = [];
  private readonly steps: (() => Promise<unknown>)[] = [];

  constructor({ db }: Work, list: readonly Change[]) {
    this.db = db;
    this.isFew = list.length <= few && new Set(list.map(({ id }) => id)).size === list.length;
  }

  /** Statements that touch nothing of what the others touch, and see nothing of what they write. */
  add(...parts: readonly Part[]): void {
    if (this.isFew) this.parts.push(...parts);
    else this.send(parts);
  }

  /** The same that are to see what the others wrote. */
  addLater(...parts: readonly Part[]): void {
    if (this.isFew) this.later.push(...parts);
    else this.send(parts);
  }

  /** Statements that go by themselves, behind all that was added before: they may refer to it. */
  run(...statements: (() => Promise<unknown>)[]): void {
    this.flush();
    this.push(...statements.map((statement) => statement()));
  }

  /** Statements that have been sent and refer to nothing of the others. */
  push(...statements: Promise<unknown>[]): void {
    for (const statement of statements) statement.catch(() => {});
    this.statements.push(...statements);
  }

  /** Work of several statements that comes after all others, of which some wait for the answers of others. */
  follow(...steps: (() => Promise<unknown>)[]): void {
    this.steps.push(...steps);
  }

  async finish(): Promise<void> {
    this.flush();
    this.send(this.later);
    const steps = this.steps.map((step) => step());
    for (const step of steps) step.catch(() => {});
    if (this.isFew) this.db.unheard(...this.statements);
    await Promise.all(this.isFew ? steps : [...this.statements, ...steps]);
  }

  private flush(): void {
    const parts = this.parts.splice(0);
    if (parts.length > 0) this.push(this.db.atOnce(parts));
  }

  private send(parts: readonly Part[]): void {
    for (const part of parts) this.push(this.db.atOnce([part]));
  }
}

/** Starts a change set that several `apply` calls share. @returns its id */
export async function startChangeSet(work: Work, verb: Verb, detail?: Record<string, unknown>): Promise<string> {
  const id = newId();
  await work.db.atOnce([changeSetPart(work, id, verb, { detail })]);
  return id;
}

function changeSetPart(work: Work, id: string, verb: Verb, options: ApplyOptions): Part {
  return {
    name: 'change_set.insert',
    text: 'insert into app.change_set (tenant_id, id, at, member_id, channel, verb, detail, request_id, ip, undoes) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
    values: [
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
  };
}

/** Verbs name a kind as its domain declared it; what is written is the tenant's version of it. */
function groupByType(work: Work, list: Change[]): Map<RecordType, Change[]> {
  return Map.groupBy(list, ({ type }) => work.types.of(type));
}

/** What one `apply` comes to, as its parts add to it. */
interface Outcome {
  applied: Applied;
  entries: Entry[];
  touched: Touched[];
  writes: Writes;
}

/** Sends what writes new records, in the order it is to be carried out. */
async function insertRecords(
  work: Work,
  type: RecordType,
  creates: Extract<Change, { op: 'create' }>[],
  { applied, entries, touched, writes }: Outcome,
  workspace: Workspace,
  options: ApplyOptions,
): Promise<void> {
  const isMany = creates.length > many;
  const now = work.now.toISOString();
  const columns = writableColumns(type);
  const made: RecordValues[] = [];
  const rules = isMany && isCompared(type) ? matchConfigOf(work, type) : undefined;
  const size = nameEachOther(type, creates) ? creates.length : atOnce;
  for (let at = 0; at < creates.length; at += size) {
    const rows = creates.slice(at, at + size).map(({ id, values, updatedAt }) => {
      const authored = {
        tenantId: work.actor.tenantId,
        id,
        version: 1,
        createdAt: (options.keepAuthors && values.createdAt) || now,
        updatedAt: (options.keepAuthors && updatedAt) || now,
        createdBy: (options.keepAuthors && values.createdBy) || work.actor.memberId,
        updatedBy: work.actor.memberId,
        origin: work.actor.channel,
        ...(type.rows ? { object: type.rows } : {}),
      };
      const row: RecordValues = { ...values, ...authored, ...type.derive?.({ ...values, ...authored }) };
      if (type.own) {
        Object.assign(row, emptyRollups(type));
        Object.assign(row, computedValues(type, row, workspace));
      }
      touched.push({ type, id, before: null, after: row });
      applied.versions.set(id, 1);
      applied.changed.add(id);
      entries.push({ object: type.object, id, op: 'create', before: null, after: withoutNulls(values) });
      return 'custom' in type.table ? { ...row, custom: ownValues(row) } : row;
    });
    made.push(...rows);
    if (isMany) writes.run(() => insertMany(work, type, rows, columns));
    else writes.add(insertFew(type, rows, columns));
    if (isMany) await sent();
    const keys = options.keysLater ? [] : rows.flatMap((row) => keysOf(type, row));
    if (keys.length > 0) writes.add(keysPart(work, type, keys, true));
    if (rules) writes.run(() => addMatchKeys(work, type, rows, rules));
    if (isMany) await sent();
  }
  if (!isMany) compare(work, writes, type, made, true);
  writes.follow(() =>
    writeCopies(
      work,
      type,
      made.map((row) => ({ id: row.id as string, row, names: 'all' })),
    ),
  );
}

/** Whether some of the new records refer to others of them, which may come later: only one statement has them all. */
function nameEachOther(type: RecordType, creates: readonly { id: string; values: RecordValues }[]): boolean {
  const own = Object.keys(type.fields).filter((name) => type.fields[name]?.to === type.object);
  const ids = new Set<unknown>(creates.map(({ id }) => id));
  return creates.some(({ values }) => own.some((name) => ids.has(values[name])));
}

/** Match keys of written records, and the pairs they make: those of several may be pairs of each other. */
function compare(work: Work, writes: Writes, type: RecordType, rows: readonly RecordValues[], fresh: boolean): void {
  const { keys, pairs } = matchParts(work, type, rows, fresh);
  writes.add(...keys);
  if (rows.length === 1) writes.add(...pairs);
  else writes.addLater(...pairs);
}

/** A statement of all columns, whose plan is kept. */
function insertFew(type: RecordType, rows: RecordValues[], writable: WritableColumn[]): Part {
  const columns = writable.map(({ name }) => name);
  const names = columns.map(columnOf);
  return {
    // By the table: own objects share one, and a name of each would be a statement of each on every connection.
    name: `${type.tableName}.insert`,
    text: `insert into app.${type.tableName} (${names.join(', ')}) select ${names.map((n) => `coalesce_row.${n}`).join(', ')} from jsonb_populate_recordset(null::app.${type.tableName}, $1) as coalesce_row`,
    values: [JSON.stringify(rows.map((row) => toColumns(row, columns)))],
  };
}

/**
 * A statement of the columns these rows fill, those with one value for all of them given once: most of a wide table's
 * columns stay empty, and reading them from each row is what an insert of many rows spends its time with.
 */
function insertMany(work: Work, type: RecordType, rows: RecordValues[], columns: WritableColumn[]): Promise<unknown> {
  const filled: { name: string; sqlType: string; texts: (string | null)[]; shared: boolean }[] = [];
  for (const { name, sqlType, hasDefault } of columns) {
    const isFilled = hasDefault || rows.some((row) => (row[name] ?? null) !== null);
    // A column with a default gets what its row says, and be it nothing.
    if (!isFilled) continue;
    const texts = rows.map((row) => asText(sqlType, row[name]));
    const [first] = texts;
    filled.push({ name, sqlType, texts, shared: name !== 'id' && texts.every((text) => text === first) });
  }
  const list = (parts: SQL[]) => sql.join(parts, sql`, `);
  const name = (column: string) => sql`${sql.identifier(columnOf(column))}`;
  const each = filled.filter(({ shared }) => !shared);
  const from = sql`unnest(${list(each.map(({ texts }) => sql`${textArray(texts)}::text[]`))}) as r (${list(each.map((column) => name(column.name)))})`;
  const value = (column: (typeof filled)[number]) =>
    sql`${column.shared ? sql`${column.texts[0]}` : sql`r.${name(column.name)}`}::${sql.raw(column.sqlType)}`;
  return work.db.rows(
    sql`insert into ${type.table} (${list(filled.map((column) => name(column.name)))}) select ${list(filled.map(value))} from ${from}`,
  );
}

/** A value as Postgres reads it where a column of that type is given as text. */
function asText(type: string, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (type === 'jsonb') return JSON.stringify(value);
  return Array.isArray(value) ? textArray(value.map((one) => asText('text', one))) : String(value);
}

/** Updates, removes and restores: reads the rows under lock, works out what differs, writes only that. */
async function updateRecords(
  work: Work,
  type: RecordType,
  list: Change[],
  { applied, entries, touched, writes }: Outcome,
): Promise<void> {
  const { id } = type.table;
  const current = new Map<string, RecordValues>();
  const ids: string[] = [];
  for (const change of list) {
    if ('row' in change && change.row) current.set(change.id, change.row);
    else ids.push(change.id);
  }
  if (ids.length > 0) {
    const one = ids.length > many ? among(id, ids) : inArray(id, ids);
    const rows = await work.db.find(type.table, and(one, ofKind(type)), { lock: true, orderBy: id });
    for (const row of rows) current.set(row.id as string, flat(row));
  }
  const now = work.now.toISOString();
  const workspace = await workspaceFor(work, type);
  const mine: Touched[] = [];
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
      const computed = type.own ? computedValues(type, next, workspace) : {};
      Object.assign(next, computed);
      mine.push({ type, id: change.id, before: row, after: next });
      const own: Set<string> = new Set([...names.filter(isOwnField), ...Object.keys(computed)]);
      updated.push({
        id: change.id,
        row: own.size > 0 ? { ...next, custom: ownValues(next) } : next,
        copies: own,
        rematch: matchKeysDiffer(type, row, next),
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
      const computed = !gone && type.own ? computedValues(type, next, workspace) : {};
      Object.assign(next, computed);
      const isComputed = Object.keys(computed).length > 0;
      mine.push({ type, id: change.id, before: gone ? row : null, after: gone ? null : next });
      entries.push({
        object: type.object,
        id: change.id,
        op: gone ? 'delete' : 'create',
        before: gone && type.shownOn ? pick(row, anchorsOf(type)) : null,
        after: null,
      });
      updated.push({
        id: change.id,
        row: isComputed ? { ...next, custom: ownValues(next) } : next,
        copies: gone ? 'none' : 'all',
        rematch: true,
        columns: new Set([
          ...Object.keys(stamp),
          'deletedAt',
          ...('deletedBy' in row ? ['deletedBy'] : []),
          ...(isComputed ? ['custom'] : []),
        ]),
      });
      if (type.searchTexts) {
        unkeyed.push(change.id);
        if (!gone) rekeyed.push(next);
      }
    }
    applied.versions.set(change.id, version);
    applied.changed.add(change.id);
  }
  if (rollupPlan(work.types).over.has(type.object)) {
    touched.push(...mine);
    await lockParents(work, mine);
  }
  writeUpdates(work, type, updated, unkeyed, rekeyed, writes);
}

interface Updated {
  id: string;
  row: RecordValues;
  columns: Set<string>;
  /** Own fields whose copies are written anew; none when the record goes to the bin. */
  copies: ReadonlySet<string> | 'all' | 'none';
  /** What it is compared by to find duplicates is not what it was. */
  rematch: boolean;
}

function writeUpdates(
  work: Work,
  type: RecordType,
  updated: Updated[],
  unkeyed: string[],
  rekeyed: RecordValues[],
  writes: Writes,
): void {
  if (updated.length === 0) return;
  const columns = [...new Set(updated.flatMap((u) => [...u.columns]))].sort();
  const [only] = updated;
  if (updated.length === 1 && only) writes.add(updateOne(work, type, only.row, columns));
  else writes.run(() => updateMany(work, type, updated, columns));
  if (unkeyed.length > 0) writes.push(deleteKeys(work, unkeyed));
  const keys = rekeyed.flatMap((row) => keysOf(type, row));
  if (keys.length > 0) writes.add(keysPart(work, type, keys));
  rematch(work, writes, type, updated);
  if (type.own) {
    const binned = updated.filter(({ copies }) => copies === 'none').map(({ id }) => id);
    writes.follow(
      () => releaseSingle(work, type, binned),
      () =>
        writeCopies(
          work,
          type,
          updated.flatMap(({ id, row, copies }) => (copies === 'none' ? [] : [{ id, row, names: copies }])),
        ),
    );
  }
}

/** Match keys follow every write that changes what a record is compared by. */
function rematch(work: Work, writes: Writes, type: RecordType, updated: Updated[]): void {
  const concerned = updated.filter((one) => one.rematch);
  const ids = concerned.map(({ id }) => id);
  writes.push(...dropMatches(work, type, ids));
  const live = concerned.filter(({ row }) => row.deletedAt === null).map(({ row }) => flat(row));
  compare(work, writes, type, live, false);
}

function updateOne(work: Work, type: RecordType, row: RecordValues, columns: string[]): Part {
  const set = columns.map((name, i) => `"${columnOf(name)}" = $${i + 3}`);
  return {
    name: `${type.tableName}.update ${columns.join(' ')}`,
    text: `update app.${type.tableName} set ${set.join(', ')} where tenant_id = $1 and id = $2`,
    values: [work.actor.tenantId, row.id, ...columns.map((name) => row[name] ?? null)],
  };
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
    )} from jsonb_populate_recordset(null::${type.table}, ${JSON.stringify(updated.map(({ row }) => toColumns({ custom: ownValues(row), ...row }, ['id', ...columns])))}) as r
    where t.tenant_id = ${work.actor.tenantId} and t.id = r.id`,
  );
}

function entriesPart(work: Work, changeSetId: string, entries: Entry[]): Part {
  const json = (values: RecordValues | null) => values && JSON.stringify(values);
  return {
    name: 'change.insert',
    text: `insert into app.change (tenant_id, change_set_id, object, record_id, op, at, before, after)
     select $1, $2, r.object, r.id, r.op, $3, r.before, r.after
     from unnest($4::text[], $5::uuid[], $6::text[], $7::jsonb[], $8::jsonb[]) as r (object, id, op, before, after)`,
    values: [
      work.actor.tenantId,
      changeSetId,
      work.now,
      textArray(entries.map(({ object }) => object)),
      plainArray(entries.map(({ id }) => id)),
      textArray(entries.map(({ op }) => op)),
      textArray(entries.map(({ before }) => json(before))),
      textArray(entries.map(({ after }) => json(after))),
    ],
  };
}

type StoredKey = RankedKey & { id: string };
/** What of a `Work` the keys need. */
type KeyWork = Pick<Work, 'db'> & { actor: { tenantId: string } };

/** Goes out at once: what the query builder deletes a moment later would be the new keys. */
function deleteKeys(work: KeyWork, ids: string[]): Promise<unknown[]> {
  return work.db.prepared(
    'search_key.delete',
    'delete from app.search_key where tenant_id = $1 and record_id = any($2::uuid[])',
    [work.actor.tenantId, ids],
  );
}

/** @param fresh whether the records are new: each has a key once, so there is nothing to run into, which is half the work */
function keysPart(work: KeyWork, type: RecordType, keys: StoredKey[], fresh = false): Part {
  return {
    name: fresh ? 'search_key.add' : 'search_key.insert',
    text: fresh
      ? `insert into app.search_key (tenant_id, key, object, record_id, rank)
         select $1, r.key, $2, r.id, r.rank from unnest($3::text[], $4::uuid[], $5::int[]) as r (key, id, rank)`
      : `insert into app.search_key (tenant_id, key, object, record_id, rank)
         select $1, r.key, $2, r.id, r.rank from unnest($3::text[], $4::uuid[], $5::int[]) as r (key, id, rank) on conflict do nothing`,
    values: [
      work.actor.tenantId,
      type.object,
      textArray(keys.map(({ key }) => key)),
      plainArray(keys.map(({ id }) => id)),
      plainArray(keys.map(({ rank }) => rank)),
    ],
  };
}

function keysOf(type: RecordType, row: RecordValues): StoredKey[] {
  return rankedKeys(type.searchTexts?.(row) ?? []).map((key) => ({ ...key, id: row.id as string }));
}

/**
 * Makes the search keys of stored records anew, after the rules for keys have changed; no change of the records.
 * @param rows as they are, locked by the caller
 */
export async function rewriteKeys(work: KeyWork, type: RecordType, rows: RecordValues[]): Promise<void> {
  const ids = rows.map(({ id }) => id as string);
  await deleteKeys(work, ids);
  const keys = rows.flatMap((row) => keysOf(type, row));
  if (keys.length === 0) return;
  await work.db.atOnce([keysPart(work, type, keys, true)]);
}

function searchChanged(type: RecordType, before: RecordValues, after: RecordValues): boolean {
  return JSON.stringify(type.searchTexts?.(before)) !== JSON.stringify(type.searchTexts?.(after));
}

interface WritableColumn {
  name: string;
  sqlType: string;
  hasDefault: boolean;
}
const columnCache = new WeakMap<RecordType, WritableColumn[]>();

/** Columns an insert fills: all but generated ones. */
function writableColumns(type: RecordType): WritableColumn[] {
  let columns = columnCache.get(type);
  if (!columns) {
    columns = Object.entries(getTableColumns(type.table))
      .filter(([name, column]) => !column.generated && name !== 'deletedAt' && name !== 'deletedBy')
      .map(([name, column]) => ({ name, sqlType: column.getSQLType(), hasDefault: column.hasDefault }));
    columnCache.set(type, columns);
  }
  return columns;
}

/** A row as a JSON object keyed by column name; what is left out of it is null. */
function toColumns(row: RecordValues, columns: string[]): RecordValues {
  const values: RecordValues = {};
  for (const name of columns) {
    const value = row[name];
    if (value !== null && value !== undefined) values[columnOf(name)] = value;
  }
  return values;
}

const columnNames = new Map<string, string>();

/** `snake` of the name of one of a table's columns: there are only so many, and each is asked for with every row. */
function columnOf(name: string): string {
  const known = columnNames.get(name);
  if (known !== undefined) return known;
  const column = snake(name);
  columnNames.set(name, column);
  return column;
}

/** The values that differ from the row's, by field type: moments compare as moments. */
export function differences(type: RecordType, row: RecordValues, values: RecordValues): RecordValues {
  const differing: RecordValues = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && !sameValue(type, name, row[name], value)) differing[name] = value;
  }
  // An id of whichever kind says nothing without the kind, in history and when it is taken back.
  for (const [name, kindIn] of topicFields(type)) {
    if (name in differing)
      differing[kindIn] = differing[name] === null ? null : (values[kindIn] ?? row[kindIn] ?? null);
  }
  return differing;
}

/** Whether two values of a field are the same; null and missing are. */
export function sameValue(type: RecordType, name: string, a: unknown, b: unknown): boolean {
  if (a === b || ((a ?? null) === null && (b ?? null) === null)) return true;
  if (type.fields[name]?.type === 'datetime' && typeof a === 'string' && typeof b === 'string')
    // A day is no moment, not even its first: values of a field that was one of days until now are written anew.
    return Date.parse(a) === Date.parse(b) && (a.length === 10) === (b.length === 10);
  if (typeof a === 'object' || typeof b === 'object') return JSON.stringify(a) === JSON.stringify(b);
  return false;
}

/** Columns that say on whose timelines a record stands. */
const anchorsOf = (type: RecordType): string[] => [
  ...(type.shownOn ?? []),
  ...(type.shownOnAny ?? []),
  ...topicFields(type).map(([, kindIn]) => kindIn),
];

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
