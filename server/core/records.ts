import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type Filter, filterSchema, sortSchema } from '@/domain/filters';
import { notFound, Refusal } from '@/domain/refusals';
import { queryKeys } from '@/domain/search-keys';
import { filterSql } from './filter-sql';
import { findRecordType, type RecordType, type RecordValues, snake } from './record-types';
import { inScope } from './scope';
import type { Work } from './work';

/** A record as readers get it: its fields, and under `refs` the titles of what its reference fields point to. */
export interface RecordRow {
  id: string;
  version: number;
  refs: Record<string, string | null>;
  [field: string]: unknown;
}

export const listInput = z.strictObject({
  filter: filterSchema.optional(),
  sort: z.array(sortSchema).max(1).optional(),
  columns: z.array(z.string().max(100)).max(100).optional(),
  cursor: z.string().max(2000).nullish(),
  limit: z.int().min(1).max(200).default(50),
  q: z.string().max(200).optional(),
});
export type ListInput = z.input<typeof listInput>;

export const countInput = z.strictObject({
  filter: filterSchema.optional(),
  q: z.string().max(200).optional(),
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
  const sort = input.sort?.[0] ?? { field: 'createdAt', dir: 'desc' as const };
  const order = sortColumn(type, sort.field);
  const names = columnNames(type, input.columns);
  const t = sql.identifier('t');
  const conditions = [...baseConditions(work, type, input.filter, input.q)];
  if (input.cursor) conditions.push(afterCursor(order, sort.dir, parseCursor(input.cursor)));
  const direction = sort.dir === 'asc' ? sql`asc` : sql`desc`;
  const rows = await work.db.rows<RecordValues>(
    sql`select ${selectList(work, type, names, order)} from ${type.table} ${t} ${joins(work, type, names)}
      where ${sql.join(conditions, sql` and `)}
      order by ${order.nullable ? sql`${order.sql} is null, ` : sql``}${order.sql} ${direction}, ${t}.id ${direction} limit ${limit + 1}`,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    next: rows.length > limit && last ? makeCursor(last.sortValue, last.id) : null,
    rows: page.map((row) => toRecord(row, names)),
  };
}

/** One record. @throws Refusal notFound when it is not there, in the bin, or not the actor's to see */
export async function getRecord(work: Work, type: RecordType, id: string): Promise<RecordRow> {
  const names = columnNames(type, undefined);
  const t = sql.identifier('t');
  const rows = await work.db.rows<RecordValues>(
    sql`select ${selectList(work, type, names)} from ${type.table} ${t} ${joins(work, type, names)}
      where ${sql.join([...baseConditions(work, type), sql`${t}.id = ${id}`], sql` and `)}`,
  );
  const row = rows[0];
  if (!row) throw notFound();
  return toRecord(row, names);
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
  const scope = inScope(work, type, 'read');
  if (scope) conditions.push(scope);
  if (filter) conditions.push(filterSql(work, type, filter));
  if (q?.trim()) conditions.push(...matching(work, type.object, q));
  return conditions;
}

/** Records whose search keys start with every word of `q`. */
function matching(work: Work, object: string, q: string): SQL[] {
  return queryKeys(q).map(
    (key) =>
      sql`t.id in (select k.record_id from app.search_key k where k.tenant_id = ${work.actor.tenantId} and k.object = ${object} and k.key ^@ ${key})`,
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

function selectList(work: Work, type: RecordType, names: string[], order?: Order): SQL {
  const parts = [
    sql`t.id`,
    sql`t.version`,
    ...names.map((name) => sql`t.${sql.identifier(snake(name))} as ${sql.identifier(name)}`),
  ];
  for (const { name, target } of references(type, names)) {
    const a = sql.identifier(`r_${snake(name)}`);
    const title = sql`${a}.${sql.identifier(snake(target.title))}`;
    const scope = inScope(work, target, 'read', `r_${snake(name)}`);
    // A title is a value too: what lies outside the actor's scope stays nameless.
    parts.push(sql`${scope ? sql`case when ${scope} then ${title} end` : title} as ${sql.identifier(`ref:${name}`)}`);
  }
  if (order) parts.push(sql`${order.sql} as "sortValue"`);
  return sql.join(parts, sql`, `);
}

function joins(work: Work, type: RecordType, names: string[]): SQL {
  const parts = references(type, names).map(({ name, target }) => {
    const a = sql.identifier(`r_${snake(name)}`);
    return sql`left join ${target.table} ${a} on ${a}.tenant_id = ${work.actor.tenantId} and ${a}.id = t.${sql.identifier(snake(name))} and ${a}.deleted_at is null`;
  });
  return sql.join(parts, sql` `);
}

function references(type: RecordType, names: string[]): { name: string; target: RecordType }[] {
  return names.flatMap((name) => {
    const to = type.fields[name]?.to;
    const target = to ? findRecordType(to) : undefined;
    return target ? [{ name, target }] : [];
  });
}

function toRecord(row: RecordValues, names: string[]): RecordRow {
  // The statement selects id and version of every row.
  const record: RecordRow = { id: row.id as string, version: row.version as number, refs: {} };
  for (const name of names) {
    record[name] = row[name];
    const title = row[`ref:${name}`];
    if (title !== undefined) record.refs[name] = title as string | null;
  }
  return record;
}

interface Order {
  sql: SQL;
  nullable: boolean;
  cast: string;
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
function sortColumn(type: RecordType, name: string): Order {
  const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
  if (!field || field.opaque) throw new Refusal('invalid', { code: 'unknownField', params: { field: name } });
  const hasSortKey = 'sortKey' in type.table;
  if (name === type.title && hasSortKey) return { sql: sql`t.sort_key`, nullable: false, cast: 'text' };
  if (field.to) {
    const target = findRecordType(field.to);
    if (!target) throw new Refusal('invalid', { code: 'unknownField', params: { field: name } });
    const key =
      'sortKey' in target.table
        ? 'sort_key'
        : 'nameNorm' in target.table
          ? 'name_norm'
          : field.to === 'stage'
            ? 'position'
            : snake(target.title);
    const a = sql.identifier(target.tableName);
    return {
      sql: sql`(select o.${sql.identifier(key)} from app.${a} o where o.tenant_id = t.tenant_id and o.id = t.${sql.identifier(snake(name))})`,
      nullable: true,
      cast: key === 'position' ? 'int8' : 'text',
    };
  }
  return {
    sql: sql`t.${sql.identifier(snake(name))}`,
    nullable: name !== 'createdAt' && name !== 'updatedAt',
    cast: sortCasts[field.type] ?? 'text',
  };
}

/** Rows behind the cursor. Nulls come last in both directions. */
function afterCursor(order: Order, dir: 'asc' | 'desc', [value, id]: [unknown, string]): SQL {
  const beyond = dir === 'asc' ? sql`>` : sql`<`;
  if (value === null) return sql`(${order.sql} is null and t.id ${beyond} ${id}::uuid)`;
  const v = sql`${value}::${sql.identifier(order.cast)}`;
  const row = sql`(${order.sql}, t.id) ${beyond} (${v}, ${id}::uuid)`;
  return order.nullable ? sql`(${row} or ${order.sql} is null)` : row;
}

function makeCursor(value: unknown, id: unknown): string {
  return Buffer.from(JSON.stringify([value, id])).toString('base64url');
}

const cursorSchema = z.tuple([z.union([z.string(), z.number(), z.boolean(), z.null()]), z.uuid()]);

function parseCursor(cursor: string): [unknown, string] {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new Refusal('invalid', { code: 'badCursor', field: 'cursor' });
  }
}
