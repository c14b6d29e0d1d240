import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import { getTableConfig } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import { type FieldDefinition, isOwnField } from '@/domain/custom-fields';
import { type Field, storable } from '@/domain/fields';
import { maxSorts, type Sort } from '@/domain/filters';
import { Refusal } from '@/domain/refusals';
import { badCursor, readCursor } from './cursor';
import { copyColumns, isMoment } from './filter-sql';
import { type RecordType, snake } from './record-types';
import { inScope } from './scope';
import { topicTitle } from './topics';
import type { Work } from './work';

/** What one key of a sort is in SQL, for records with the alias `t`. */
export interface Order {
  sql: SQL;
  nullable: boolean;
  cast: string;
  /** Whether a record has a value to be sorted by. */
  present: SQL;
  absent: SQL;
  /** Copies of a tenant's field that lead to the records in order, and how records follow from them. */
  from?: SQL;
  on?: SQL;
  /** Which copies those are. */
  copies?: SQL;
  /** The value without `from`: what the second and later keys are sorted by. */
  scalar?: SQL;
  /** Where the key is the title of what a reference leads to. */
  through?: Through;
}

/** The way from the records that references lead to, in the order of their titles, to those that point to them. */
export interface Through {
  /** Has the alias `o` here. */
  target: RecordType;
  /** What `o` is sorted by. */
  key: SQL;
  cast: string;
  /** Tables that hold the records `t` which point to `o`, and the condition that they do. */
  from: SQL;
  on: SQL;
  /** Whether `t` leads to nothing. */
  absent: SQL;
}

export type Dir = Sort['dir'];
export const word = (dir: Dir) => (dir === 'asc' ? sql`asc` : sql`desc`);

/** One of the things a list is sorted by. */
export interface SortKey {
  name: string;
  dir: Dir;
  order: Order;
}
export type SortKeys = [SortKey, ...SortKey[]];

/** What a list is sorted by, newest first unless said otherwise. The first key may lead to the records, others follow from them. */
export function sortKeys(work: Work, type: RecordType, sort: Sort[] | undefined): SortKeys {
  const unique = [...new Map((sort ?? []).toReversed().map((by) => [by.field, by])).values()].toReversed();
  const [first = { field: 'createdAt', dir: 'desc' as const }, ...others] = unique;
  const key = ({ field, dir }: Sort): SortKey => ({ name: field, dir, order: sortColumn(work, type, field) });
  return [key(first), ...others.map(key).map((by) => ({ ...by, order: asScalar(by.order) }))];
}

export function asScalar(order: Order): Order {
  if (!order.scalar) return order;
  return { ...orderBy(order.scalar, order.nullable, order.cast) };
}

/** Sorts by keys that may be null, which come last, then by id. */
export function orderOf(keys: SortKey[], idDir: Dir): SQL {
  const parts = keys.flatMap(({ order, dir }) => {
    const value = sql`${order.sql} ${word(dir)}`;
    return order.nullable ? [sql`(${order.sql}) is null`, value] : [value];
  });
  return sql.join([...parts, sql`t.id ${word(idDir)}`], sql`, `);
}

/** The first key where there is nothing to be sorted by. */
export function absentOrder(key: SortKey): SortKey {
  return { ...key, order: { ...key.order, sql: sql`null`, from: undefined, on: undefined, copies: undefined } };
}

const orderBy = (sql: SQL, nullable: boolean, cast: string): Order => ({ sql, nullable, cast, ...presence(sql) });
const presence = (value: SQL) => ({ present: sql`${value} is not null`, absent: sql`${value} is null` });

/** The key or id of a field of the tenant's, written into a statement; both have shapes that say nothing else. */
export function literal(name: string): SQL {
  if (!isOwnField(name) && !/^[0-9a-f-]{36}$/.test(name)) throw new Error(`Not a key: ${name}`);
  return sql.raw(`'${name}'`);
}

const copyCasts = { sort: 'text', text: 'text', number: 'float8', time: 'timestamptz', ref: 'text' } as const;

/** A tenant's field is sorted by its copies: an index gives them in order, and each leads to its record. */
function ownOrder(work: Work, type: RecordType, field: Field, own: FieldDefinition): Order {
  const kind = copyColumns[field.type];
  if (!kind) throw new Refusal('invalid', { code: 'unknownField', params: { field: own.key } });
  const column = kind === 'text' ? 'sort' : kind;
  const copies = sql`s.field_id = ${literal(own.id)}::uuid and s.n = 0`;
  const mine = sql`s.tenant_id = t.tenant_id and ${copies} and s.record_id = t.id`;
  const target = field.to ? work.types.find(field.to) : undefined;
  if (column === 'ref' && target) {
    const { key, cast } = titleKey(target);
    const order = orderBy(titleOf(work, target, ownScalar(own, 'ref')), true, cast);
    if (isScoped(work, target)) return order;
    return {
      ...order,
      through: {
        target,
        key,
        cast,
        from: sql`app.field_value s join ${type.table} t on ${mine}`,
        on: sql`s.ref = o.id`,
        // The other end may have been erased since.
        absent: sql`not exists (select from app.field_value s join ${target.table} o on o.tenant_id = s.tenant_id and o.id = s.ref where ${mine})`,
      },
    };
  }
  const value = sql`s.${sql.identifier(column)}`;
  return {
    sql: value,
    nullable: true,
    cast: copyCasts[column],
    present: sql`${value} is not null`,
    absent: sql`not exists (select from app.field_value s where ${mine} and ${value} is not null)`,
    from: sql`app.field_value s join`,
    on: sql`on ${mine}`,
    copies,
    scalar: ownScalar(own, column),
  };
}

const ownScalar = (own: FieldDefinition, column: string) =>
  sql`(select s.${sql.identifier(column)} from app.field_value s where s.tenant_id = t.tenant_id and s.field_id = ${literal(own.id)}::uuid and s.n = 0 and s.record_id = t.id)`;

/** Records that others point to are sorted by what they are called, stages by their place. */
function titleKey(target: RecordType): { key: SQL; cast: string } {
  const name =
    'sortKey' in target.table
      ? 'sort_key'
      : 'nameNorm' in target.table
        ? 'name_norm'
        : target.object === 'stage'
          ? 'position'
          : snake(target.title);
  return { key: sql`o.${sql.identifier(name)}`, cast: name === 'position' ? 'int8' : 'text' };
}

/** A title that the actor may not see is none: neither a list's order nor its cursors tell of it. */
function titleOf(work: Work, target: RecordType, id: SQL): SQL {
  const scope = inScope(work, target, 'read', 'o');
  return sql`(select ${titleKey(target).key} from app.${sql.identifier(target.tableName)} o
    where o.tenant_id = t.tenant_id and o.id = ${id} ${scope ? sql`and ${scope}` : sql``})`;
}

const isScoped = (work: Work, target: RecordType) => inScope(work, target, 'read', 'o') !== undefined;

/**
 * By the title of what a column leads to. The way through those titles is there where an index gives, of each, the
 * records that point to it in the order of their ids, a foreign key says that none points to nothing, and the actor may
 * see all of them.
 */
function referenceOrder(work: Work, type: RecordType, name: string, target: RecordType): Order {
  const column = sql`t.${sql.identifier(snake(name))}`;
  const { key, cast } = titleKey(target);
  const order = orderBy(titleOf(work, target, column), true, cast);
  if (!isIndexed(type, name) || isScoped(work, target)) return order;
  const from = sql`${type.table} t`;
  return { ...order, through: { target, key, cast, from, on: sql`${column} = o.id`, absent: sql`${column} is null` } };
}

function isIndexed(type: RecordType, name: string): boolean {
  const { indexes, foreignKeys } = getTableConfig(type.table);
  const start = ['tenant_id', ...(type.rows ? ['object'] : []), snake(name), 'id'].join(' ');
  return (
    indexes.some(({ config }) =>
      config.columns
        .map((c) => ('name' in c ? snake(String(c.name)) : ''))
        .join(' ')
        .startsWith(start),
    ) && foreignKeys.some((key) => key.reference().columns.some((c) => snake(c.name) === snake(name)))
  );
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
  if (field.own) return ownOrder(work, type, field, field.own);
  if (field.to) {
    const target = work.types.find(field.to);
    if (!target) throw new Refusal('invalid', { code: 'unknownField', params: { field: name } });
    return referenceOrder(work, type, name, target);
  }
  if (field.kindIn) return orderBy(topicTitle(work.actor.tenantId, name, 'sortKey'), true, 'text');
  const column = getTableColumns(type.table)[name];
  return orderBy(sql`t.${sql.identifier(snake(name))}`, !column?.notNull, sortCasts[field.type] ?? 'text');
}

export interface Cursor {
  /** Of the last record seen, one per key. */
  values: unknown[];
  id: string;
}

/** A list's keys where its first leads through the titles of references. */
export function throughKeys([first, ...others]: SortKeys, { key, cast }: Through): SortKeys {
  return [{ ...first, order: orderBy(key, false, cast) }, ...others];
}

/** From where on a way through titles leads to rows behind the cursor. */
export function startOf([{ order, dir }]: SortKeys, cursor: Cursor | undefined): SQL {
  if (!cursor) return sql`true`;
  return sql`${order.sql} ${dir === 'asc' ? sql`>=` : sql`<=`} ${cursor.values[0]}::${sql.identifier(order.cast)}`;
}

/** Rows behind the cursor, among those that have a value of the first key. */
export function afterCursor([first, ...others]: SortKeys, cursor: Cursor | undefined): SQL[] {
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
export function afterRest(keys: SortKey[], values: unknown[], id: string, idDir: Dir): SQL {
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

const cursorSchema = z
  .array(z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .min(2)
  .max(maxSorts + 1);

export function parseCursor(cursor: string, keys: number): Cursor {
  const parts = readCursor(cursorSchema, cursor);
  const id = z.uuid().safeParse(parts.at(-1));
  if (!id.success || parts.length !== keys + 1) throw badCursor();
  return { values: parts.slice(0, -1), id: id.data };
}

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
