import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { isOwnField } from '@/domain/custom-fields';
import { type Field, searchText } from '@/domain/fields';
import { type Filter, filterSchema } from '@/domain/filters';
import { Refusal } from '@/domain/refusals';
import { type Bucket, groupedTypes, groupSchema, summedTypes } from '@/domain/views';
import { titlesOf } from '../changes/changes';
import { copyColumns } from '../core/filter-sql';
import { type RecordType, snake } from '../core/record-types';
import { baseConditions, direction } from '../core/records';
import { topicsOf } from '../core/topics';
import type { Work } from '../core/work';
import { settingsOf } from '../tenants/settings';
import { typeToRead } from './kinds';

export const groupsInput = z.strictObject({
  object: z.string().max(60),
  group: groupSchema.optional(),
  filter: filterSchema.optional(),
  q: searchText.optional(),
  /** Number and amount fields to be summed up. */
  totals: z.array(z.string().max(100)).max(20).optional(),
  /** How many groups have been shown already. */
  cursor: z.int().min(0).max(1_000_000).optional(),
  direction,
});

/** Of the values that are there, of one field in one currency. */
export interface Total {
  field: string;
  /** Of amounts; null for numbers. */
  currency: string | null;
  count: number;
  sum: number;
  avg: number;
  min: number;
  max: number;
}

export interface Group {
  /** The value as text: of a choice, an id, the first day of a bucket; null where there is none. */
  key: string | null;
  /** Of what a reference points to, as far as the actor may see it. */
  title: string | null;
  count: number;
  totals: Total[];
  /** Narrows a list to this group. */
  filter: Filter | null;
}

/** So many groups at once; those after them are asked for by `cursor`. */
const maxGroups = 500;

export interface Groups {
  groups: Group[];
  /** How many groups there are in all. */
  total: number;
  /** Records of all groups; one of several choices is in several groups and still one. */
  records: number;
  /** Where the next groups begin; null at the end. */
  next: number | null;
}

/**
 * Counts and totals of a list, in groups by a field or, without one, as a whole. Records of several choices are in
 * several groups. Where there are more groups than are told at once the largest come first, days in their order.
 * @throws Refusal invalid `unknownField` for a field that makes no groups or has no totals
 */
export async function groupsOf(work: Work, input: z.infer<typeof groupsInput>): Promise<Groups> {
  const type = typeToRead(work, input.object);
  const { timeZone, currency } = await settingsOf(work);
  const by = input.group ? keyOf(type, input.group, timeZone) : undefined;
  const summed = (input.totals ?? []).map((name) => summedOf(type, name, currency));
  const money = summed.some(({ perRecord }) => perRecord);
  const parts = [
    sql`${by?.sql ?? sql`null::text`} as key`,
    sql`${money ? sql`t.currency` : sql`null::text`} as currency`,
    sql`count(*)::int as count`,
    ...summed.map(
      ({ sql: value }, i) =>
        sql`json_build_array(count(${value}), sum(${value}), avg(${value}), min(${value}), max(${value})) as ${sql.identifier(`t${i}`)}`,
    ),
  ];
  const where = sql.join(baseConditions(work, type, input.filter, input.q), sql` and `);
  const from = input.cursor ?? 0;
  // Days have an order that does not change when there are more of them; of others the largest matter most.
  const order = by?.bucket ? sql`key nulls last` : sql`of_key desc, key nulls last`;
  const rows = await work.db.rows<Row>(sql`
    with by_currency as (
      select ${sql.join(parts, sql`, `)} from ${type.table} t ${by?.join ?? sql``} where ${where} group by 1, 2),
    sized as (select *, sum(count) over (partition by key) as of_key from by_currency),
    placed as (select *, dense_rank() over (order by ${order}) as place from sized)
    select *, (select coalesce(max(place), 0)::int from placed) as groups, (select coalesce(sum(count), 0)::int from placed) as records
    from placed where place > ${from} and place <= ${from + maxGroups} order by place`);
  const groups = new Map<string | null, Group>();
  for (const row of rows) {
    const group = groups.get(row.key) ?? { key: row.key, title: null, count: 0, totals: [], filter: null };
    groups.set(row.key, group);
    group.count += row.count;
    for (const [i, total] of summed.entries()) addTotal(group, total, row, row[`t${i}`]);
  }
  const list = [...groups.values()];
  const { groups: total = 0, records: counted = 0 } = rows[0] ?? {};
  const several = by?.field.type === 'choices' && counted > 0;
  const records = several ? await countWhole(work, type, where) : counted;
  if (input.group && by) {
    const edges = by.bucket ? await edgesOf(work, list, by.bucket, timeZone) : new Map<string, [string, string]>();
    for (const group of list) group.filter = filterOf(input.group.field, by, group.key, edges);
    await nameGroups(work, by.field, list);
    if (total <= maxGroups) list.sort(orderOf(by, list));
  }
  const shown = from + list.length;
  return { groups: list, total, records, next: list.length > 0 && shown < total ? shown : null };
}

async function countWhole(work: Work, type: RecordType, where: SQL): Promise<number> {
  const [row] = await work.db.rows<{ count: number }>(
    sql`select count(*)::int as count from ${type.table} t where ${where}`,
  );
  return row?.count ?? 0;
}

type Row = { key: string | null; currency: string | null; count: number; groups: number; records: number } & Figures;

type Figures = Record<`t${number}`, [number, number | null, number | null, number | null, number | null]>;

interface Summed {
  name: string;
  sql: SQL;
  /** Of amounts whose currency is the same for all records. */
  currency: string | null;
  /** Each record has its own currency. */
  perRecord: boolean;
}

function addTotal(group: Group, total: Summed, row: { currency: string | null }, figures: Figures['t0'] | undefined) {
  const [count, sum, avg, min, max] = figures ?? [0, null, null, null, null];
  if (count === 0) return;
  const currency = total.perRecord ? (row.currency ?? total.currency) : total.currency;
  const figure = { field: total.name, currency, count, sum: sum ?? 0, avg: avg ?? 0, min: min ?? 0, max: max ?? 0 };
  const same = group.totals.find((other) => other.field === total.name && other.currency === currency);
  if (!same) group.totals.push(figure);
  else {
    same.sum += figure.sum;
    same.count += figure.count;
    same.avg = same.sum / same.count;
    same.min = Math.min(same.min, figure.min);
    same.max = Math.max(same.max, figure.max);
  }
}

function summedOf(type: RecordType, name: string, currency: string): Summed {
  const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
  if (!field || !summedTypes.has(field.type)) throw unknownField(name);
  const money = field.type === 'money';
  if (field.own) {
    if (!isOwnField(name)) throw unknownField(name);
    return {
      name,
      sql: sql`(t.custom ->> ${name})::float8`,
      currency: money ? (field.own.settings.currency ?? currency) : null,
      perRecord: false,
    };
  }
  const perRecord = money && Object.hasOwn(type.fields, 'currency');
  return { name, sql: sql`t.${sql.identifier(snake(name))}`, currency: money ? currency : null, perRecord };
}

interface Key {
  field: Field;
  sql: SQL;
  join?: SQL;
  bucket?: { by: Bucket; moment: boolean };
}

/** What records are grouped by, as text. */
function keyOf(type: RecordType, { field: name, by = 'month' }: z.infer<typeof groupSchema>, timeZone: string): Key {
  const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
  const dated = field?.type === 'date' || field?.type === 'datetime';
  if (!field || !(dated || groupedTypes.has(field.type))) throw unknownField(name);
  const { own } = field;
  const column = own ? copyColumns[field.type] : undefined;
  if (own && !column) throw unknownField(name);
  const value = column ? sql`v.${sql.identifier(column)}` : sql`t.${sql.identifier(snake(name))}`;
  // Of several choices each makes a group; of everything else there is one.
  const one = field.type === 'choices' ? sql`` : sql`and v.n = 0`;
  const join = own
    ? sql`left join app.field_value v on v.tenant_id = t.tenant_id and v.field_id = ${own.id} and v.record_id = t.id ${one}`
    : undefined;
  if (dated) {
    const moment = field.type === 'datetime';
    const zone = moment ? timeZone : 'UTC';
    const local = own || moment ? sql`(${value} at time zone ${zone})` : value;
    return { field, join, sql: sql`to_char(date_trunc(${by}, ${local}), 'YYYY-MM-DD')`, bucket: { by, moment } };
  }
  if (field.type === 'boolean') {
    const yes = own ? sql`coalesce(${value} = 1, false)` : sql`coalesce(${value}, false)`;
    return { field, join, sql: sql`(${yes})::text` };
  }
  return { field, join, sql: sql`(${value})::text` };
}

/** First and one-past-last moment or day of each bucket. */
async function edgesOf(work: Work, list: Group[], { by, moment }: NonNullable<Key['bucket']>, timeZone: string) {
  const keys = list.flatMap(({ key }) => key ?? []);
  const step = by === 'quarter' ? '3 months' : `1 ${by}`;
  if (!moment) {
    const days = await work.db.rows<{ key: string; next: string }>(sql`
      select k.key, to_char(k.key::timestamp + ${step}::interval, 'YYYY-MM-DD') as next from unnest(${sql.param(keys)}::text[]) as k (key)`);
    return new Map(days.map(({ key, next }): [string, [string, string]] => [key, [key, next]]));
  }
  const rows = await work.db.rows<{ key: string; low: string; high: string }>(sql`
    select k.key, to_char((k.key::timestamp at time zone ${timeZone}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as low,
      to_char(((k.key::timestamp + ${step}::interval) at time zone ${timeZone}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as high
    from unnest(${sql.param(keys)}::text[]) as k (key)`);
  return new Map(rows.map(({ key, low, high }): [string, [string, string]] => [key, [low, high]]));
}

function filterOf(name: string, by: Key, key: string | null, edges: Map<string, [string, string]>): Filter {
  if (key === null) return { field: name, op: 'isEmpty' };
  const edge = edges.get(key);
  if (edge) {
    const [low, high] = edge;
    return {
      and: [
        { field: name, op: 'gte', value: low },
        { field: name, op: 'lt', value: high },
      ],
    };
  }
  if (by.field.type === 'boolean') return { field: name, op: 'is', value: key === 'true' };
  return { field: name, op: 'is', value: by.field.type === 'rating' ? Number(key) : key };
}

async function nameGroups(work: Work, { to, kindIn }: Field, list: Group[]): Promise<void> {
  if (kindIn) {
    const topics = await topicsOf(
      work,
      list.flatMap(({ key }) => key ?? []),
    );
    for (const group of list) group.title = group.key === null ? null : (topics.get(group.key)?.title ?? null);
  }
  if (!to) return;
  const keys = list.flatMap(({ key }) => (key === null ? [] : [{ object: to, recordId: key }]));
  const titles = await titlesOf(work, keys);
  for (const group of list) group.title = group.key === null ? null : (titles.get(group.key) ?? null);
}

/** Choices in their order, references by name, days by day; what has no value last. */
function orderOf({ field, bucket }: Key, list: Group[]): (a: Group, b: Group) => number {
  const places = new Map(field.choices?.map((value, place) => [value, place]));
  const known = new Map(list.map((group, place) => [group, place]));
  return (a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
    if (places.size > 0) return (places.get(a.key) ?? places.size) - (places.get(b.key) ?? places.size);
    if (field.to || field.kindIn) return (a.title ?? '\uffff').localeCompare(b.title ?? '\uffff');
    if (bucket) return (known.get(a) ?? 0) - (known.get(b) ?? 0);
    return a.key.localeCompare(b.key, undefined, { numeric: true });
  };
}

const unknownField = (field: string) => new Refusal('invalid', { code: 'unknownField', params: { field } });
