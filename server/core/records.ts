import { type SQL, sql } from 'drizzle-orm';
import { getTableConfig } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import { searchText } from '@/domain/fields';
import { type Filter, filterSchema, maxSorts, sortSchema } from '@/domain/filters';
import { notFound, Refusal } from '@/domain/refusals';
import { queryKeys } from '@/domain/search-keys';
import { makeCursor } from './cursor';
import { filterSql, testsOnCopies } from './filter-sql';
import {
  absentOrder,
  afterCursor,
  afterRest,
  asScalar,
  type Cursor,
  literal,
  type Order,
  orderOf,
  parseCursor,
  type SortKeys,
  sortKeys,
  startOf,
  type Through,
  throughKeys,
  word,
} from './record-order';
import { bounds, type OwnPlan, planOf } from './record-plans';
import { type RecordType, snake } from './record-types';
import { inScope } from './scope';
import { topicFields, topicTitle } from './topics';
import { andKind } from './types';
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

/** Only these records of a list: a narrowing of our own, which no door takes. */
interface Only {
  ids?: readonly string[];
}

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
  input: ListInput & Only,
): Promise<{ rows: RecordRow[]; next: string | null }> {
  const limit = input.limit ?? 50;
  const skip = input.skip ?? 0;
  const keys = sortKeys(work, type, input.sort);
  const [first, ...others] = keys;
  const names = columnNames(type, input.columns);
  const sorted = keys.map(({ name, dir }) => `${name} ${dir}`).join(' ');
  const head = headOf(work, type, names, sorted, keys);
  // What a filter asks of the very copies that the list is sorted by is asked of them, so that an index begins there.
  const { tests, rest: filter } =
    first.order.from && input.filter
      ? testsOnCopies(work, type, input.filter, first.name)
      : { tests: [], rest: input.filter };
  const plan = input.ids ? undefined : await planOf(work, type, filter);
  const conditions = [...conditionsOf(work, type, plan, filter, input.q), ...only(input)];
  const cursor = input.cursor ? parseCursor(input.cursor, keys.length) : undefined;
  const kept = keys.length === 1 && !input.ids && planIsKept(work, type, input, first.name);
  const page = (part: SQL[], most: number, by: SQL, past: number, of = head) =>
    rowsOf(
      work,
      of,
      sql`where ${sql.join([...conditions, ...part], sql` and `)} order by ${by} limit ${most} ${past > 0 ? sql`offset ${past}` : sql``}`,
      kept,
    );
  const byRest = orderOf(others, first.dir);
  const byValue = sql`${first.order.sql} ${word(first.dir)}, ${byRest}`;

  let rows: unknown[][];
  const along = (part: SQL[] = []) =>
    plan && !plan.few && keys.length === 1
      ? pageAlong(work, type, { plan, keys, names, sorted, q: input.q, cursor, limit, skip, part })
      : [];
  if (!first.order.nullable) {
    rows = await along();
    if (rows.length <= limit) rows = await page(afterCursor(keys, cursor), limit + 1, byValue, skip);
  } else {
    // Nulls come last in both directions. Asked for apart, both halves can come from an index in order.
    const rest = cursor?.values[0] === null;
    const through =
      first.order.through && !input.ids && (await isWide(work, type, input, conditions))
        ? first.order.through
        : undefined;
    const present = rest ? [] : [first.order.present, ...tests, ...afterCursor(keys, cursor)];
    if (rest) rows = [];
    else if (through)
      rows = await pageThrough(work, type, { through, keys, names, sorted, conditions, cursor, limit, skip });
    else {
      rows = first.order.copies ? await along([first.order.present, ...tests]) : [];
      if (rows.length <= limit) rows = await page(present, limit + 1, byValue, skip);
    }
    if (rows.length <= limit && tests.length === 0) {
      // What the first half has behind the cursor is left out there already.
      const left =
        skip > 0 && !rest && rows.length === 0
          ? skip - (await countOf(work, type, conditions, first.order, present))
          : 0;
      const after = rest && cursor ? [afterRest(others, cursor.values.slice(1), cursor.id, first.dir)] : [];
      const of =
        first.order.from || through
          ? headOf(work, type, names, `${sorted} absent`, [absentOrder(first), ...others])
          : head;
      rows.push(
        ...(await page(
          [through?.absent ?? first.order.absent, ...after],
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
    next: last ? makeCursor([...last.slice(-keys.length), last[0]]) : null,
    rows: rows.map((row) => toRecord(row, head)),
  };
}

/** Whether a list has so many records that a page of them is found soon wherever one looks. */
async function isWide(work: Work, type: RecordType, input: ListInput, conditions: SQL[]): Promise<boolean> {
  if (!input.filter && !input.q?.trim() && !inScope(work, type, 'read')) return true;
  const [row] = await work.db.rows<{ n: number }>(
    sql`select count(*)::int as n from (select from ${type.table} t where ${sql.join(conditions, sql` and `)} limit ${bounds.few + 1}) c`,
  );
  return (row?.n ?? 0) > bounds.few;
}

interface Page {
  keys: SortKeys;
  names: string[];
  sorted: string;
  cursor: Cursor | undefined;
  limit: number;
  skip: number;
}

/** What a list's records must be, its tests of own fields as their plan has them. */
function conditionsOf(work: Work, type: RecordType, plan: OwnPlan | undefined, filter?: Filter, q?: string): SQL[] {
  return plan?.few ? [...baseConditions(work, type, plan.rest, q), plan.few] : baseConditions(work, type, filter, q);
}

/**
 * A page of what passes tests of own fields, from the first records of the list's order, one looked up after the other.
 * @returns not a whole page when there are too few among them
 */
function pageAlong(
  work: Work,
  type: RecordType,
  page: Page & { plan: OwnPlan; q?: string; part: SQL[] },
): Promise<unknown[][]> {
  const { plan, keys, cursor, limit, skip } = page;
  const [{ order, dir }] = keys;
  const { copies } = order;
  // In the order of copies the record is not there yet, but its id is.
  const from = copies
    ? sql`(select s.* from app.field_value s cross join lateral (select s.record_id as id) t`
    : sql`(select t.* from ${type.table} t`;
  const of = copies ? [sql`s.tenant_id = ${work.actor.tenantId}`, copies] : liveRows(work, type);
  const inner = [...of, ...page.part, ...afterCursor(keys, cursor)];
  const outer = [
    ...baseConditions(work, type, plan.rest, page.q),
    ...plan.tests.map(({ passes }) => passes(sql`t.id`)),
  ];
  const by = sql`${order.sql} ${word(dir)}, t.id ${word(dir)}`;
  return rowsOf(
    work,
    headOf(work, type, page.names, `${page.sorted} along`, keys, from),
    sql`where ${sql.join(inner, sql` and `)} order by ${by} limit ${bounds.walked})
      ${copies ? sql`s join ${type.table} t ${order.on}` : sql`t`} where ${sql.join(outer, sql` and `)}
      order by ${by} limit ${limit + 1} ${skip > 0 ? sql`offset ${skip}` : sql``}`,
    false,
  );
}

/**
 * A page in the order of the titles that references lead to: from one title to the next, of each the first records that
 * point to it, until the page is full. Only records that lead somewhere.
 */
function pageThrough(
  work: Work,
  type: RecordType,
  page: Page & { through: Through; conditions: SQL[] },
): Promise<unknown[][]> {
  const { through, conditions, cursor, limit, skip } = page;
  const { target, from, on } = through;
  const keys = throughKeys(page.keys, through);
  const [first, ...others] = keys;
  const head = headOf(
    work,
    type,
    page.names,
    `${page.sorted} through`,
    keys,
    sql`${target.table} o cross join lateral (select t.* from ${from}`,
  );
  const byRest = orderOf(others, first.dir);
  return rowsOf(
    work,
    head,
    sql`where ${sql.join([...conditions, on, ...afterCursor(keys, cursor)], sql` and `)} order by ${byRest} limit ${skip + limit + 1}) t
      where o.tenant_id = ${work.actor.tenantId} ${andKind(target, 'o')} and ${startOf(keys, cursor)}
      order by ${first.order.sql} ${word(first.dir)}, ${byRest} limit ${limit + 1} ${skip > 0 ? sql`offset ${skip}` : sql``}`,
    false,
  );
}

async function countOf(work: Work, type: RecordType, conditions: SQL[], order: Order, part: SQL[]): Promise<number> {
  const [row] = await work.db.rows<{ n: number }>(
    sql`select count(*)::int as n from ${order.from ?? sql``} ${type.table} t ${order.on ?? sql``} where ${sql.join([...conditions, ...part], sql` and `)}`,
  );
  return row?.n ?? 0;
}

/** Marks at most; more records have them farther apart. */
const maxMarks = 1000;
const leastStep = 100;

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
  const keys = sortKeys(work, type, input.sort).map((key) => ({ ...key, order: asScalar(key.order) }));
  const where = sql.join(baseConditions(work, type, input.filter, input.q), sql` and `);
  const values = keys.map(({ order }, i) => sql`${order.sql} as ${sql.identifier(`k${i}`)}`);
  const read = keys.map((_, i) => sql`m.${sql.identifier(`k${i}`)}`);
  // Every hundredth and the last, whose place is how many there are: the list is gone through once.
  const rows = await work.db.rows<{ id: string; at: unknown[]; place: number }>(sql`
    select m.id, jsonb_build_array(${sql.join(read, sql`, `)}) as at, m.place::int as place from (
      select t.id, ${sql.join(values, sql`, `)}, row_number() over list as place, lead(t.id) over list as next
      from ${type.table} t where ${where} window list as (order by ${orderOf(keys, keys[0]?.dir ?? 'desc')})) m
    where m.place % ${leastStep} = 0 or m.next is null order by m.place`);
  const count = rows.at(-1)?.place ?? 0;
  const step = Math.min(maxSkip, Math.max(leastStep, Math.ceil(count / maxMarks / leastStep) * leastStep));
  const marks = count > step ? rows.filter(({ place }) => place % step === 0) : [];
  return { count, step, marks: marks.map(({ id, at }) => makeCursor([...at, id])) };
}

/** One record. @throws Refusal notFound when it is not there, in the bin, or not the actor's to see */
export async function getRecord(work: Work, type: RecordType, id: string): Promise<RecordRow> {
  const head = headOf(work, type, columnNames(type, undefined));
  const conditions = sql.join([...baseConditions(work, type), sql`t.id = ${id}`], sql` and `);
  const [row] = await rowsOf(work, head, sql`where ${conditions}`, true);
  if (!row) throw notFound();
  return toRecord(row, head);
}

/** How many records a list has in all, counted up to 10,000 unless `exact`. */
export async function countRecords(
  work: Work,
  type: RecordType,
  input: z.infer<typeof countInput> & Only,
): Promise<{ count: number; capped: boolean }> {
  const plan = input.ids ? undefined : await planOf(work, type, input.filter);
  const [driving, ...others] = plan?.few ? [] : (plan?.tests ?? []);
  const from = driving?.once
    ? sql`(${driving.ids}) d join ${type.table} t on t.id = d.record_id`
    : sql`${type.table} t`;
  const conditions = driving?.once
    ? [...baseConditions(work, type, plan?.rest, input.q), ...others.map(({ passes }) => passes(sql`t.id`))]
    : conditionsOf(work, type, plan, input.filter, input.q);
  const where = sql.join([...conditions, ...only(input)], sql` and `);
  const counted = input.exact
    ? sql`select count(*)::int as n from ${from} where ${where}`
    : sql`select count(*)::int as n from (select from ${from} where ${where} limit ${countCap + 1}) as counted`;
  const n = (await work.db.rows<{ n: number }>(counted))[0]?.n ?? 0;
  return input.exact || n <= countCap ? { count: n, capped: false } : { count: countCap, capped: true };
}

const only = ({ ids }: Only): SQL[] => (ids ? [sql`t.id = any(${sql.param([...ids])}::uuid[])`] : []);

/** The tenant's records of a kind that are not in the bin. */
function liveRows(work: Work, type: RecordType): SQL[] {
  const conditions = [sql`t.tenant_id = ${work.actor.tenantId}`, sql`t.deleted_at is null`];
  if (type.rows) conditions.push(sql`t.object = ${type.rows}`);
  return conditions;
}

/** Conditions every reading query starts from: the tenant, not in the bin, in scope, the filter, the words. */
export function baseConditions(work: Work, type: RecordType, filter?: Filter, q?: string): SQL[] {
  const conditions = liveRows(work, type);
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
  const looked = Object.keys(type.looked ?? {});
  if (!wanted) return [...Object.keys(type.fields), ...looked];
  for (const name of wanted) {
    if (!Object.hasOwn(type.fields, name))
      throw new Refusal('invalid', { code: 'unknownField', params: { field: name } });
  }
  const kinds = topicFields(type).flatMap(([name, kindIn]) => (wanted.includes(name) ? [kindIn] : []));
  return [...new Set([type.title, ...wanted, ...kinds, ...looked])];
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
/** Columns are chosen by callers, so the number of heads has to end somewhere; a tenant's own kinds are many. */
const maxHeads = (type: RecordType) => (type.own || type.rows ? 20 : 200);

/** Whether what these fields show depends on whose records the actor may see: titles of what they lead to do. */
function areScoped(work: Work, type: RecordType, names: string[]): boolean {
  return names.some((name) => {
    const target = work.types.find(type.looked?.[name]?.object ?? type.fields[name]?.to ?? '');
    return target !== undefined && inScope(work, target, 'read', 'a') !== undefined;
  });
}

function headOf(work: Work, type: RecordType, names: string[], sort = '', keys?: SortKeys, from?: SQL): Head {
  const found = references(work, type, names);
  const build = () => {
    const { text, values } = work.db.compile(selectList(work, type, names, found, keys, from));
    return { text, values, names, titles: [...found, ...topicsIn(type, names)].map(({ name }) => name) };
  };
  // The text differs from actor to actor then, and must never be another's.
  if (areScoped(work, type, [...names, ...(keys ?? []).map(({ name }) => name)])) return build();
  const known = heads.get(type) ?? new Map<string, Head>();
  heads.set(type, known);
  const key = `${sort} ${names.join(' ')}`;
  let head = known.get(key);
  if (!head) {
    head = build();
    // The tenant is the only value in it, so one parameter will do for all.
    if (head.values.some((value) => value !== work.actor.tenantId)) throw new Error('A head with values of its own');
    head.text = head.text.replace(/\$\d+/g, '$1');
    if (known.size < maxHeads(type)) known.set(key, head);
  }
  return head.values.length > 0 ? { ...head, values: [work.actor.tenantId] } : head;
}

/** Rows as arrays in the order of the head, which the remainder of the statement follows. `kept`: Postgres may keep the plan, which then does not know the values. */
function rowsOf(work: Work, head: Head, remainder: SQL, kept: boolean): Promise<unknown[][]> {
  const rest = work.db.compile(remainder);
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

function selectList(
  work: Work,
  type: RecordType,
  names: string[],
  found: Reference[],
  keys?: SortKeys,
  from?: SQL,
): SQL {
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
  for (const { name } of topicsIn(type, names)) parts.push(topicTitle(work.actor.tenantId, name));
  for (const { order } of keys ?? []) parts.push(order.sql);
  const first = keys?.[0].order;
  return sql`select ${sql.join(parts, sql`, `)} from ${from ?? sql`${first?.from ?? sql``} ${type.table} t ${first?.on ?? sql``}`}`;
}

/** What a field of a record is selected by. Heads hold no values but the tenant: keys and ids are written out. */
function valueSql(work: Work, type: RecordType, name: string): SQL {
  const looked = type.looked?.[name];
  if (looked) return sql`(${looked.sql(work)})`;
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

/** Fields among these that lead to records of whichever kind. */
const topicsIn = (type: RecordType, names: string[]) =>
  topicFields(type).flatMap(([name]) => (names.includes(name) ? [{ name }] : []));

function toRecord(row: unknown[], { names, titles }: Head): RecordRow {
  // The head selects id and version first, then the fields, then the titles, which are texts or null.
  const record: RecordRow = { id: row[0] as string, version: row[1] as number, refs: {} };
  let i = 2;
  for (const name of names) record[name] = row[i++];
  for (const name of titles) record.refs[name] = row[i++] as string | null;
  return record;
}
