import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import { getTableConfig } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import { type FieldDefinition, isOwnField } from '@/domain/custom-fields';
import { type Field, searchText, storable } from '@/domain/fields';
import { type Filter, filterSchema, maxSorts, type Sort, sortSchema } from '@/domain/filters';
import { notFound, Refusal } from '@/domain/refusals';
import { queryKeys } from '@/domain/search-keys';
import { copyColumns, filterSql, isMoment } from './filter-sql';
import { type RecordType, snake } from './record-types';
import { inScope } from './scope';
import type { Work } from './work';

/** A record as readers get it: its fields, and under `refs` the titles of what its reference fields point to. */
export interface RecordRow {
  id: string;
  version: number;
  refs: Record<string, string | null>;
  [field: string]: unknown;
}

/** tRPC's endless queries say which way they page; there is only forward. */
export const direction = z.enum(['forward', 'backward']).optional();

/** So many records at most lie between two marks of a list. */
export const maxSkip = 10_000;

export const listInput = z.strictObject({
  filter: filterSchema.optional(),
  sort: z.array(sortSchema).max(maxSorts).optional(),
  columns: z.array(z.string().max(100)).max(100).optional(),
  cursor: z.string().max(2000).nullish(),
  limit: z.int().min(1).max(200).default(50),
  q: searchText.optional(),
  /** Records to leave out after the cursor: a place between two marks (`marksOf`). */
  skip: z.int().min(0).max(maxSkip).optional(),
  direction,
});
export type ListInput = z.input<typeof listInput>;

export const countInput = z.strictObject({
  filter: filterSchema.optional(),
  q: searchText.optional(),
  exact: z.boolean().optional(),
});

/** Beyond this a count says "or more": nobody waits for a number they do not need. */
const countCap = 10_000;

/**
 * A page of records in scope, newest first unless sorted, with a cursor for the next one.
 * @throws Refusal invalid for an unknown field, a wrong filter value or a foreign cursor
 */
export async function listRecords(
  work: Work,
  type: RecordType,
  input: ListInput,
): Promise<{ rows: RecordRow[]; next: string | null }> {
  const limit = input.limit ?? 50;
  const skip = input.skip ?? 0;
  const keys = sortKeys(work, type, input.sort);
  const [first, ...others] = keys;
  const names = columnNames(type, input.columns);
  const sorted = keys.map(({ name, dir }) => `${name} ${dir}`).join(' ');
  const head = headOf(work, type, names, sorted, keys);
  const conditions = baseConditions(work, type, input.filter, input.q);
  const cursor = input.cursor ? parseCursor(input.cursor, keys.length) : undefined;
  const kept = keys.length === 1 && planIsKept(work, type, input, first.name);
  const page = (part: SQL[], most: number, by: SQL, past: number, of = head) =>
    rowsOf(
      work,
      of,
      [...conditions, ...part],
      kept,
      past > 0 ? sql`order by ${by} limit ${most} offset ${past}` : sql`order by ${by} limit ${most}`,
    );
  const byRest = orderOf(others, first.dir);
  const byValue = sql`${first.order.sql} ${word(first.dir)}, ${byRest}`;

  let rows: unknown[][];
  if (!first.order.nullable) rows = await page(afterCursor(keys, cursor), limit + 1, byValue, skip);
  else {
    // Nulls come last in both directions. Asked for apart, both halves can come from an index in order.
    const rest = cursor?.values[0] === null;
    const present = rest ? [] : [first.order.present, ...afterCursor(keys, cursor)];
    rows = rest ? [] : await page(present, limit + 1, byValue, skip);
    if (rows.length <= limit) {
      // What the first half has behind the cursor is left out there already.
      const left =
        skip > 0 && !rest && rows.length === 0
          ? skip - (await countOf(work, type, conditions, first.order, present))
          : 0;
      const after = rest && cursor ? [afterRest(others, cursor.values.slice(1), cursor.id, first.dir)] : [];
      const of = first.order.from
        ? headOf(work, type, names, `${sorted} absent`, [absentOrder(first), ...others])
        : head;
      rows.push(
        ...(await page(
          [first.order.absent, ...after],
          limit + 1 - rows.length,
          byRest,
          rest ? skip : Math.max(0, left),
          of,
        )),
      );
    }
  }
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  if (rows.length > limit) rows.length = limit;
  return {
    next: last ? makeCursor(last.slice(-keys.length), last[0]) : null,
    rows: rows.map((row) => toRecord(row, head)),
  };
}

async function countOf(work: Work, type: RecordType, conditions: SQL[], order: Order, part: SQL[]): Promise<number> {
  const [row] = await work.db.rows<{ n: number }>(
    sql`select count(*)::int as n from ${order.from ?? sql``} ${type.table} t ${order.on ?? sql``} where ${sql.join([...conditions, ...part], sql` and `)}`,
  );
  return row?.n ?? 0;
}

/** Marks at most; more records have them farther apart. */
const maxMarks = 1000;

/**
 * Cursors at even distances of a list, so that any place of it is reached with one page: the records from `n` on are
 * those after mark `floor(n / step) - 1`, with `skip` the rest.
 * @returns `step`, how many records apart the marks are; `count`, of all records of the list
 */
export async function marksOf(
  work: Work,
  type: RecordType,
  input: Pick<ListInput, 'filter' | 'q' | 'sort'>,
): Promise<{ count: number; step: number; marks: string[] }> {
  const { count } = await countRecords(work, type, { filter: input.filter, q: input.q, exact: true });
  const step = Math.min(maxSkip, Math.max(100, Math.ceil(count / maxMarks / 100) * 100));
  if (count <= step) return { count, step, marks: [] };
  const keys = sortKeys(work, type, input.sort).map((key) => ({ ...key, order: asScalar(key.order) }));
  const where = sql.join(baseConditions(work, type, input.filter, input.q), sql` and `);
  const values = keys.map(({ order }, i) => sql`${order.sql} as ${sql.identifier(`k${i}`)}`);
  const read = keys.map((_, i) => sql`m.${sql.identifier(`k${i}`)}`);
  const rows = await work.db.rows<{ id: string; at: unknown[] }>(sql`
    select m.id, jsonb_build_array(${sql.join(read, sql`, `)}) as at from (
      select t.id, ${sql.join(values, sql`, `)}, row_number() over (order by ${orderOf(keys, keys[0]?.dir ?? 'desc')}) as place
      from ${type.table} t where ${where}) m
    where m.place % ${step} = 0 order by m.place`);
  return { count, step, marks: rows.map(({ id, at }) => makeCursor(at, id)) };
}

/** One record. @throws Refusal notFound when it is not there, in the bin, or not the actor's to see */
export async function getRecord(work: Work, type: RecordType, id: string): Promise<RecordRow> {
  const head = headOf(work, type, columnNames(type, undefined));
  const [row] = await rowsOf(work, head, [...baseConditions(work, type), sql`t.id = ${id}`], true);
  if (!row) throw notFound();
  return toRecord(row, head);
}

/** How many records a list has in all, counted up to 10,000 unless `exact`. */
export async function countRecords(
  work: Work,
  type: RecordType,
  input: z.infer<typeof countInput>,
): Promise<{ count: number; capped: boolean }> {
  const where = sql.join(baseConditions(work, type, input.filter, input.q), sql` and `);
  const counted = input.exact
    ? sql`select count(*)::int as n from ${type.table} t where ${where}`
    : sql`select count(*)::int as n from (select from ${type.table} t where ${where} limit ${countCap + 1}) as counted`;
  const n = (await work.db.rows<{ n: number }>(counted))[0]?.n ?? 0;
  return input.exact || n <= countCap ? { count: n, capped: false } : { count: countCap, capped: true };
}

/** Conditions every reading query starts from: the tenant, not in the bin, in scope, the filter, the words. */
export function baseConditions(work: Work, type: RecordType, filter?: Filter, q?: string): SQL[] {
  const conditions = [sql`t.tenant_id = ${work.actor.tenantId}`, sql`t.deleted_at is null`];
  if (type.rows) conditions.push(sql`t.object = ${type.rows}`);
  const scope = inScope(work, type, 'read');
  if (scope) conditions.push(scope);
  if (filter) conditions.push(filterSql(work, type, filter));
  if (q?.trim()) conditions.push(...matching(work, type, q));
  return conditions;
}

/**
 * Records whose search keys start with every word of `q`. Signs are no words: a search of nothing else looks for just
 * these signs in the title, with none of them standing for anything but itself (security J3).
 */
export function matching(work: Work, type: RecordType, q: string): SQL[] {
  const keys = queryKeys(q);
  if (keys.length === 0)
    return [sql`strpos(lower(t.${sql.identifier(snake(type.title))}), ${q.trim().toLowerCase()}) > 0`];
  return keys.map(
    (key) =>
      sql`t.id in (select k.record_id from app.search_key k where k.tenant_id = ${work.actor.tenantId} and k.object = ${type.object} and k.key ^@ ${key})`,
  );
}

function columnNames(type: RecordType, wanted: string[] | undefined): string[] {
  if (!wanted) return Object.keys(type.fields);
  for (const name of wanted) {
    if (!Object.hasOwn(type.fields, name))
      throw new Refusal('invalid', { code: 'unknownField', params: { field: name } });
  }
  return [...new Set([type.title, ...wanted])];
}

/** What a statement selects, as text: building it anew for every request would cost more than running it. */
interface Head {
  text: string;
  values: unknown[];
  names: string[];
  /** Names of the reference fields whose titles follow the fields. */
  titles: string[];
}

const heads = new WeakMap<RecordType, Map<string, Head>>();
/** Columns are chosen by callers, so the number of heads has to end somewhere. */
const maxHeads = 200;

function headOf(work: Work, type: RecordType, names: string[], sort = '', keys?: SortKeys): Head {
  const found = references(work, type, names);
  const build = () => {
    const { text, values } = work.db.compile(selectList(work, type, names, found, keys));
    return { text, values, names, titles: found.map(({ name }) => name) };
  };
  // Where a title depends on the actor's scope the text differs from actor to actor.
  if (found.some(({ name, target }) => inScope(work, target, 'read', `r_${snake(name)}`))) return build();
  const known = heads.get(type) ?? new Map<string, Head>();
  heads.set(type, known);
  const key = `${sort} ${names.join(' ')}`;
  let head = known.get(key);
  if (!head) {
    head = build();
    // The tenant is the only value in it, so one parameter will do for all.
    if (head.values.some((value) => value !== work.actor.tenantId)) throw new Error('A head with values of its own');
    head.text = head.text.replace(/\$\d+/g, '$1');
    if (known.size < maxHeads) known.set(key, head);
  }
  return head.values.length > 0 ? { ...head, values: [work.actor.tenantId] } : head;
}

/** Rows as arrays in the order of the head. `kept`: Postgres may keep the plan, which then does not know the values. */
function rowsOf(work: Work, head: Head, conditions: SQL[], kept: boolean, tail?: SQL): Promise<unknown[][]> {
  const rest = work.db.compile(sql`where ${sql.join(conditions, sql` and `)} ${tail}`);
  const offset = head.values.length;
  const shifted = rest.text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + offset}`);
  return work.db.arrays(`${head.text} ${shifted}`, [...head.values, ...rest.values], kept);
}

/**
 * Whether one plan serves every tenant and value: an index gives the rows in order, whatever they are. Any other filter,
 * scope or word needs a plan of its own, made with the values in sight.
 */
function planIsKept(work: Work, type: RecordType, input: ListInput, sort: string): boolean {
  if (input.q?.trim() || inScope(work, type, 'read')) return false;
  if (!input.filter) return true;
  const { filter } = input;
  if (!('field' in filter) || filter.op !== 'is' || filter.value === null) return false;
  return !type.rows && indexesOf(type).has(`${snake(filter.field)} ${snake(sort)}`);
}

const indexes = new WeakMap<RecordType, Set<string>>();

/** Second and third column of the indexes of a record's table; the first is the tenant. */
function indexesOf(type: RecordType): Set<string> {
  let found = indexes.get(type);
  if (!found) {
    // A table's own columns have names, expressions have not.
    found = new Set(
      getTableConfig(type.table).indexes.map(({ config }) =>
        config.columns
          .slice(1, 3)
          .map((c) => ('name' in c ? snake(String(c.name)) : ''))
          .join(' '),
      ),
    );
    indexes.set(type, found);
  }
  return found;
}

function selectList(work: Work, type: RecordType, names: string[], found: Reference[], keys?: SortKeys): SQL {
  const parts = [sql`t.id`, sql`t.version`, ...names.map((name) => valueSql(work, type, name))];
  for (const { name, target } of found) {
    const a = sql.identifier(`r_${snake(name)}`);
    const scope = inScope(work, target, 'read', `r_${snake(name)}`);
    const id = type.fields[name]?.own
      ? sql`(t.custom ->> ${literal(name)})::uuid`
      : sql`t.${sql.identifier(snake(name))}`;
    // A title is a value too: what lies outside the actor's scope stays nameless. Not a join: it is looked up for the
    // rows of the page only, after they are sorted.
    parts.push(sql`(select ${a}.${sql.identifier(snake(target.title))} from ${target.table} ${a}
      where ${a}.tenant_id = ${work.actor.tenantId} and ${a}.id = ${id} and ${a}.deleted_at is null ${scope ? sql`and ${scope}` : sql``})`);
  }
  for (const { order } of keys ?? []) parts.push(order.sql);
  const first = keys?.[0].order;
  return sql`select ${sql.join(parts, sql`, `)} from ${first?.from ?? sql``} ${type.table} t ${first?.on ?? sql``}`;
}

/** What a field of a record is selected by. Heads hold no values but the tenant: keys and ids are written out. */
function valueSql(work: Work, type: RecordType, name: string): SQL {
  const own = type.fields[name]?.own;
  if (!own) return sql`t.${sql.identifier(snake(name))}`;
  if (own.type !== 'relation') return sql`t.custom -> ${literal(name)}`;
  const target = work.types.find(own.settings.to ?? '');
  if (!target) return sql`null::jsonb`;
  const scope = inScope(work, target, 'read', 'a');
  return sql`(select jsonb_agg(jsonb_build_object('id', l.id, 'title', l.title) order by l.position, l.id) from (
    select a.id, a.${sql.identifier(snake(target.title))} as title, l.position from app.relation_link l join ${target.table} a on a.tenant_id = l.tenant_id and a.id = l.to_id and a.deleted_at is null
    where l.tenant_id = ${work.actor.tenantId} and l.field_id = ${literal(own.id)}::uuid and l.from_id = t.id and l.deleted_at is null ${scope ? sql`and ${scope}` : sql``}
    order by l.position, l.id limit 20) l)`;
}

/** The key or id of a field of the tenant's, written into a statement; both have shapes that say nothing else. */
function literal(name: string): SQL {
  if (!isOwnField(name) && !/^[0-9a-f-]{36}$/.test(name)) throw new Error(`Not a key: ${name}`);
  return sql.raw(`'${name}'`);
}

interface Reference {
  name: string;
  target: RecordType;
}

function references(work: Work, type: RecordType, names: string[]): Reference[] {
  return names.flatMap((name) => {
    const field = type.fields[name];
    const target = field?.to && field.type !== 'relation' ? work.types.find(field.to) : undefined;
    return target ? [{ name, target }] : [];
  });
}

function toRecord(row: unknown[], { names, titles }: Head): RecordRow {
  // The head selects id and version first, then the fields, then the titles, which are texts or null.
  const record: RecordRow = { id: row[0] as string, version: row[1] as number, refs: {} };
  let i = 2;
  for (const name of names) record[name] = row[i++];
  for (const name of titles) record.refs[name] = row[i++] as string | null;
  return record;
}

interface Order {
  sql: SQL;
  nullable: boolean;
  cast: string;
  /** Whether a record has a value to be sorted by. */
  present: SQL;
  absent: SQL;
  /** Copies of a tenant's field that lead to the records in order, and how records follow from them. */
  from?: SQL;
  on?: SQL;
  /** The value without `from`: what the second and later keys are sorted by. */
  scalar?: SQL;
}

type Dir = Sort['dir'];
const word = (dir: Dir) => (dir === 'asc' ? sql`asc` : sql`desc`);

/** One of the things a list is sorted by. */
interface SortKey {
  name: string;
  dir: Dir;
  order: Order;
}
type SortKeys = [SortKey, ...SortKey[]];

/** What a list is sorted by, newest first unless said otherwise. The first key may lead to the records, others follow from them. */
function sortKeys(work: Work, type: RecordType, sort: Sort[] | undefined): SortKeys {
  const unique = [...new Map((sort ?? []).toReversed().map((by) => [by.field, by])).values()].toReversed();
  const [first = { field: 'createdAt', dir: 'desc' as const }, ...others] = unique;
  const key = ({ field, dir }: Sort): SortKey => ({ name: field, dir, order: sortColumn(work, type, field) });
  return [key(first), ...others.map(key).map((by) => ({ ...by, order: asScalar(by.order) }))];
}

function asScalar(order: Order): Order {
  if (!order.scalar) return order;
  return { ...orderBy(order.scalar, order.nullable, order.cast) };
}

/** Sorts by keys that may be null, which come last, then by id. */
function orderOf(keys: SortKey[], idDir: Dir): SQL {
  const parts = keys.flatMap(({ order, dir }) => {
    const value = sql`${order.sql} ${word(dir)}`;
    return order.nullable ? [sql`(${order.sql}) is null`, value] : [value];
  });
  return sql.join([...parts, sql`t.id ${word(idDir)}`], sql`, `);
}

/** The first key where there is nothing to be sorted by. */
function absentOrder(key: SortKey): SortKey {
  return { ...key, order: { ...key.order, sql: sql`null`, from: undefined, on: undefined } };
}

const orderBy = (sql: SQL, nullable: boolean, cast: string): Order => ({ sql, nullable, cast, ...presence(sql) });
const presence = (value: SQL) => ({ present: sql`${value} is not null`, absent: sql`${value} is null` });

const copyCasts = { sort: 'text', text: 'text', number: 'float8', time: 'timestamptz', ref: 'text' } as const;

/** A tenant's field is sorted by its copies: an index gives them in order, and each leads to its record. */
function ownOrder(work: Work, field: Field, own: FieldDefinition): Order {
  const kind = copyColumns[field.type];
  if (!kind) throw new Refusal('invalid', { code: 'unknownField', params: { field: own.key } });
  const column = kind === 'text' ? 'sort' : kind;
  const target = field.to ? work.types.find(field.to) : undefined;
  const value =
    column === 'ref' && target
      ? titleOrder(target, sql`s.tenant_id`, sql`s.ref`).sql
      : sql`s.${sql.identifier(column)}`;
  const scalar =
    column === 'ref' && target
      ? titleOrder(target, sql`t.tenant_id`, ownScalar(own, 'ref')).sql
      : ownScalar(own, column);
  const mine = sql`s.tenant_id = t.tenant_id and s.field_id = ${literal(own.id)}::uuid and s.n = 0 and s.record_id = t.id`;
  return {
    sql: value,
    nullable: true,
    cast: copyCasts[column],
    present: sql`s.${sql.identifier(column)} is not null`,
    absent: sql`not exists (select from app.field_value s where ${mine} and s.${sql.identifier(column)} is not null)`,
    from: sql`app.field_value s join`,
    on: sql`on ${mine}`,
    scalar,
  };
}

const ownScalar = (own: FieldDefinition, column: string) =>
  sql`(select s.${sql.identifier(column)} from app.field_value s where s.tenant_id = t.tenant_id and s.field_id = ${literal(own.id)}::uuid and s.n = 0 and s.record_id = t.id)`;

/** Records that others point to are sorted by what they are called, stages by their place. */
function titleOrder(target: RecordType, tenant: SQL, id: SQL): { sql: SQL; cast: string } {
  const key =
    'sortKey' in target.table
      ? 'sort_key'
      : 'nameNorm' in target.table
        ? 'name_norm'
        : target.object === 'stage'
          ? 'position'
          : snake(target.title);
  return {
    sql: sql`(select o.${sql.identifier(key)} from app.${sql.identifier(target.tableName)} o where o.tenant_id = ${tenant} and o.id = ${id})`,
    cast: key === 'position' ? 'int8' : 'text',
  };
}

const sortCasts: Record<string, string> = {
  date: 'date',
  datetime: 'timestamptz',
  number: 'float8',
  integer: 'int8',
  money: 'int8',
  percent: 'int8',
  boolean: 'bool',
};

/** What a sort orders by: the title by its sort key, references by the title they show. */
function sortColumn(work: Work, type: RecordType, name: string): Order {
  const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
  if (!field || field.opaque) throw new Refusal('invalid', { code: 'unknownField', params: { field: name } });
  const hasSortKey = 'sortKey' in type.table;
  if (name === type.title && hasSortKey) return orderBy(sql`t.sort_key`, false, 'text');
  if (field.own) return ownOrder(work, field, field.own);
  if (field.to) {
    const target = work.types.find(field.to);
    if (!target) throw new Refusal('invalid', { code: 'unknownField', params: { field: name } });
    const by = titleOrder(target, sql`t.tenant_id`, sql`t.${sql.identifier(snake(name))}`);
    return orderBy(by.sql, true, by.cast);
  }
  const column = getTableColumns(type.table)[name];
  return orderBy(sql`t.${sql.identifier(snake(name))}`, !column?.notNull, sortCasts[field.type] ?? 'text');
}

interface Cursor {
  /** Of the last record seen, one per key. */
  values: unknown[];
  id: string;
}

/** Rows behind the cursor, among those that have a value of the first key. */
function afterCursor([first, ...others]: SortKeys, cursor: Cursor | undefined): SQL[] {
  if (!cursor) return [];
  const { id } = cursor;
  const [value, ...values] = cursor.values;
  const { order, dir } = first;
  if (!fits(value, order.cast)) throw badCursor();
  const at = sql`${value}::${sql.identifier(order.cast)}`;
  if (others.length === 0) return [sql`(${order.sql}, t.id) ${beyond(dir)} (${at}, ${id}::uuid)`];
  // The first half of it alone says where an index is to begin.
  const from = dir === 'asc' ? sql`>=` : sql`<=`;
  const rest = afterRest(others, values, id, dir);
  return [sql`${order.sql} ${from} ${at}`, sql`(${order.sql} ${beyond(dir)} ${at} or ${rest})`];
}

const beyond = (dir: Dir) => (dir === 'asc' ? sql`>` : sql`<`);

/** Rows behind the cursor by the second and later keys, those without a value last. */
function afterRest(keys: SortKey[], values: unknown[], id: string, idDir: Dir): SQL {
  const [key, ...others] = keys;
  if (!key) return sql`t.id ${beyond(idDir)} ${id}::uuid`;
  const { order, dir } = key;
  const [value, ...later] = values;
  const rest = afterRest(others, later, id, idDir);
  if (value === null) {
    if (!order.nullable) throw badCursor();
    return sql`(${order.sql} is null and ${rest})`;
  }
  if (!fits(value, order.cast)) throw badCursor();
  const at = sql`${value}::${sql.identifier(order.cast)}`;
  const last = order.nullable ? sql`or ${order.sql} is null` : sql``;
  return sql`(${order.sql} ${beyond(dir)} ${at} ${last} or (${order.sql} = ${at} and ${rest}))`;
}

function makeCursor(values: unknown[], id: unknown): string {
  return Buffer.from(JSON.stringify([...values, id])).toString('base64url');
}

const cursorSchema = z
  .array(z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .min(2)
  .max(maxSorts + 1);

function parseCursor(cursor: string, keys: number): Cursor {
  try {
    const parts = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    const id = z.uuid().parse(parts.at(-1));
    if (parts.length !== keys + 1) throw badCursor();
    return { values: parts.slice(0, -1), id };
  } catch {
    throw badCursor();
  }
}

const badCursor = () => new Refusal('invalid', { code: 'badCursor', field: 'cursor' });

/** Whether a cursor's value is of the type it is compared as: a cursor comes back from outside. */
function fits(value: unknown, cast: string): boolean {
  switch (cast) {
    case 'int8':
      return Number.isSafeInteger(value);
    case 'float8':
      return typeof value === 'number';
    case 'bool':
      return typeof value === 'boolean';
    case 'date':
    case 'timestamptz':
      return isMoment(value);
    default:
      return typeof value === 'string' && storable(value);
  }
}
