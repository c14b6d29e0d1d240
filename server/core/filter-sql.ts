import { type SQL, type SQLChunk, sql } from 'drizzle-orm';
import type { FieldDefinition } from '@/domain/custom-fields';
import { type Field, storable } from '@/domain/fields';
import { type Condition, type Filter, periodOf } from '@/domain/filters';
import { Refusal } from '@/domain/refusals';
import { folded, secondsOf } from './field-values';
import { type RecordType, snake } from './record-types';
import { inScope } from './scope';
import { andKind } from './types';
import type { Work } from './work';

/** Compiles the filter language to one condition on alias `t`, each test one that an index under row policies can serve. */
export function filterSql(work: Work, type: RecordType, filter: Filter, t = 't'): SQL {
  if ('and' in filter) return group(work, type, filter.and, t, 'and');
  if ('or' in filter) return group(work, type, filter.or, t, 'or');
  return conditionSql(work, type, filter, t);
}

function group(work: Work, type: RecordType, filters: Filter[], t: string, word: 'and' | 'or'): SQL {
  if (filters.length === 0) return sql`true`;
  const parts = filters.map((f) => filterSql(work, type, f, t));
  return sql`(${sql.join(parts, word === 'and' ? sql` and ` : sql` or `)})`;
}

function conditionSql(work: Work, type: RecordType, condition: Condition, t: string): SQL {
  const [name, ...rest] = condition.field.split('.');
  const field = name !== undefined && Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
  if (!name || !field) throw new Refusal('invalid', { code: 'unknownField', params: { field: condition.field } });
  if (rest.length === 0) {
    if (field.own) return ownTestSql(work, field, field.own, condition, t);
    return wholeDaySql(work, field, condition, columnOf(t, name)) ?? testSql(work, field, condition, columnOf(t, name));
  }
  const target = field.to ? work.types.find(field.to) : undefined;
  if (!target || rest.length > 3)
    throw new Refusal('invalid', { code: 'unknownField', params: { field: condition.field } });
  const alias = `${t}_${snake(name)}`;
  const a = sql.identifier(alias);
  const scope = inScope(work, target, 'read', alias);
  return sql`exists (select from ${target.table} ${a} where ${a}.tenant_id = ${work.actor.tenantId} and ${linkedSql(work, field, t, name, a)} and ${a}.deleted_at is null
    ${andKind(target, alias)} ${scope ? sql`and ${scope}` : sql``} and ${conditionSql(work, target, { ...condition, field: rest.join('.') }, alias)})`;
}

const columnOf = (t: string, name: string) => sql`${sql.identifier(t)}.${sql.identifier(snake(name))}`;

/** Whether the record `a` is what a reference, or one of what a relation, of `t` points to. */
function linkedSql(work: Work, { own }: Field, t: string, name: string, a: SQLChunk): SQL {
  if (!own) return sql`${a}.id = ${columnOf(t, name)}`;
  const tenant = work.actor.tenantId;
  const id = sql`${sql.identifier(t)}.id`;
  return own.type === 'relation'
    ? sql`${a}.id in (select l.to_id from app.relation_link l where l.tenant_id = ${tenant} and l.field_id = ${own.id} and l.from_id = ${id} and l.deleted_at is null)`
    : sql`${a}.id in (select v.ref from app.field_value v where v.tenant_id = ${tenant} and v.field_id = ${own.id} and v.record_id = ${id})`;
}

/** Which of the columns of `field_value` holds the values of a type. */
export const copyColumns: Partial<Record<Field['type'], 'text' | 'number' | 'time' | 'ref'>> = {
  text: 'text',
  email: 'text',
  phone: 'text',
  link: 'text',
  choice: 'text',
  choices: 'text',
  number: 'number',
  integer: 'number',
  money: 'number',
  percent: 'number',
  rating: 'number',
  boolean: 'number',
  time: 'number',
  date: 'time',
  datetime: 'time',
  member: 'ref',
  reference: 'ref',
};

/** A test of a field the tenant made: of its copies in `field_value`, where an index can serve it. */
function ownTestSql(work: Work, field: Field, own: FieldDefinition, condition: Condition, t: string): SQL {
  const tenant = work.actor.tenantId;
  const id = sql`${sql.identifier(t)}.id`;
  const { op } = condition;
  const none = op === 'isEmpty' || (op === 'is' && condition.value === null);
  if (own.type === 'relation') {
    if (!none && op !== 'isNotEmpty' && op !== 'anyOf') throw wrongValue(condition);
    const to =
      op === 'anyOf' ? sql`and ${testSql(work, { ...field, type: 'reference' }, condition, sql`l.to_id`)}` : sql``;
    const target = work.types.find(own.settings.to ?? '');
    if (!target) return none ? sql`true` : sql`false`;
    const scope = inScope(work, target, 'read', 'a');
    // What the actor is shown of it counts: nothing from the bin, nothing of others.
    const links = sql`select from app.relation_link l join ${target.table} a on a.tenant_id = l.tenant_id and a.id = l.to_id and a.deleted_at is null
      where l.tenant_id = ${tenant} and l.field_id = ${own.id} and l.from_id = ${id} and l.deleted_at is null ${scope ? sql`and ${scope}` : sql``} ${to}`;
    return none ? sql`not exists (${links})` : sql`exists (${links})`;
  }
  const column = copyColumns[field.type];
  if (!column) {
    if (!none && op !== 'isNotEmpty') throw wrongValue(condition);
    // A field of files that all went holds none of them.
    const set = sql`coalesce(${sql.identifier(t)}.custom -> ${own.key}, '[]') <> '[]'`;
    return none ? sql`not ${set}` : set;
  }
  const value = sql`v.${sql.identifier(column)}`;
  const copies = (test: SQL) =>
    sql`select v.record_id from app.field_value v where v.tenant_id = ${tenant} and v.field_id = ${own.id} ${test}`;
  const without = (test: SQL) => sql`not exists (${copies(sql`and v.record_id = ${id} ${test}`)})`;
  const tested = (other: Condition) => sql`and ${copyTest(work, field, other, value)}`;
  if (none) return without(sql``);
  if (op === 'isNotEmpty') return sql`${id} in (${copies(sql``)})`;
  if (op === 'isNot' && condition.value === null) throw wrongValue(condition);
  if (op === 'isNot') return without(tested({ ...condition, op: 'is' }));
  if (op === 'noneOf') return without(tested({ ...condition, op: 'anyOf' }));
  if (field.type === 'boolean' && condition.value === false) return without(sql`and v.number = 1`);
  return sql`${id} in (${copies(tested(condition))})`;
}

/** A test of one copy. */
function copyTest(work: Work, field: Field, condition: Condition, value: SQL): SQL {
  const kind = field.type === 'date' ? 'copiedDate' : 'datetime';
  if (isSpan(condition.op) && fitsType(field, condition.op)) return spanSql(work, condition, value, kind);
  if (isRelative(condition.op) && fitsType(field, condition.op)) return relativeSql(work, condition, value, kind);
  return wholeDaySql(work, field, condition, value) ?? testSql(work, asCopied(field), copied(field, condition), value);
}

/** Tests that no record without a value passes. */
const positive = new Set<Condition['op']>([
  ...(['is', 'anyOf', 'contains', 'startsWith', 'gt', 'gte', 'lt', 'lte', 'between'] as const),
  ...(['before', 'after', 'inLast', 'inNext', 'during', 'olderThan', 'me'] as const),
]);

/**
 * What a filter asks, besides whatever else, of a tenant's field of one value, as conditions on its copies with the
 * alias `s`. No record without a copy passes them.
 * @returns the conditions and what is left of the filter
 */
export function testsOnCopies(
  work: Work,
  type: RecordType,
  filter: Filter,
  name: string,
): { tests: SQL[]; rest: Filter | undefined } {
  if ('or' in filter) return { tests: [], rest: filter };
  if ('and' in filter) {
    const parts = filter.and.map((part) => testsOnCopies(work, type, part, name));
    const rest = parts.flatMap((part) => part.rest ?? []);
    return { tests: parts.flatMap(({ tests }) => tests), rest: rest.length > 0 ? { and: rest } : undefined };
  }
  const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
  const column = field?.own ? copyColumns[field.type] : undefined;
  const moved = filter.field === name && positive.has(filter.op) && filter.value !== null && !(filter.value === false);
  if (!field || !column || !moved || field.type === 'choices') return { tests: [], rest: filter };
  return { tests: [copyTest(work, field, filter, sql`s.${sql.identifier(column)}`)], rest: undefined };
}

/** A test of a tenant's own field that only records with a copy pass. */
export interface OwnTest {
  /** `record_id` of all that pass it, whatever else holds for them. */
  ids: SQL;
  /** No record is among them twice. */
  once: boolean;
  /** Whether the record with this id passes it, looked up by the id and in no other way. */
  passes(id: SQL): SQL;
}

/** What a filter asks, besides whatever else, of the tenant's own fields, and what is left of it. */
export function ownTests(work: Work, type: RecordType, filter: Filter): { tests: OwnTest[]; rest: Filter | undefined } {
  if ('or' in filter) return { tests: [], rest: filter };
  if ('and' in filter) {
    const parts = filter.and.map((part) => ownTests(work, type, part));
    const rest = parts.flatMap((part) => part.rest ?? []);
    return { tests: parts.flatMap(({ tests }) => tests), rest: rest.length > 0 ? { and: rest } : undefined };
  }
  const field = Object.hasOwn(type.fields, filter.field) ? type.fields[filter.field] : undefined;
  const column = field?.own ? copyColumns[field.type] : undefined;
  if (!field?.own || !column || !isPositive(filter)) return { tests: [], rest: filter };
  const { own } = field;
  const copies = (alias: 'v' | 'w', more = sql``) => {
    const a = sql.identifier(alias);
    const test = copyTest(work, field, filter, sql`${a}.${sql.identifier(column)}`);
    return sql`select ${a}.record_id from app.field_value ${a} where ${a}.tenant_id = ${work.actor.tenantId} and ${a}.field_id = ${own.id} and ${test} ${more}`;
  };
  // `offset 0` keeps Postgres from joining instead, which it would choose by how common a value is in all fields.
  const passes = (id: SQL) => sql`exists (${copies('w', sql`and w.record_id = ${id}`)} offset 0)`;
  return { tests: [{ ids: copies('v'), once: field.type !== 'choices', passes }], rest: undefined };
}

const isPositive = ({ op, value }: Condition) => positive.has(op) && value !== null && value !== false;

/** The field as its copies are compared. */
function asCopied(field: Field): Field {
  if (field.type === 'date') return { ...field, type: 'datetime' };
  if (field.type === 'choices') return { ...field, type: 'choice' };
  return copyColumns[field.type] === 'number' ? { ...field, type: 'number' } : field;
}

/** A condition's value as it is in the copies: texts folded, yes as 1, a time as seconds. */
function copied(field: Field, condition: Condition): Condition {
  const { value } = condition;
  const one = <T>(v: T) => {
    if (field.type === 'boolean') return v === true ? 1 : v;
    if (typeof v !== 'string') return v;
    if (field.type === 'time') return /^\d\d:\d\d/.test(v) ? secondsOf(v) : v;
    return copyColumns[field.type] === 'text' ? folded(v) : v;
  };
  // Each is a value of the same kinds as before.
  return { ...condition, value: (Array.isArray(value) ? value.map(one) : one(value)) as Condition['value'] };
}

const wrongValue = ({ field }: Condition) => new Refusal('invalid', { code: 'filterValue', params: { field } });

function testSql(work: Work, field: Field, condition: Condition, column: SQL): SQL {
  const { op, value } = condition;
  const wrong = () => wrongValue(condition);
  const one = (v: unknown = value): SQL => {
    if (v === null || v === undefined || Array.isArray(v)) throw wrong();
    return typed(field, v, wrong);
  };
  const many = (): SQL => {
    const list = Array.isArray(value) ? value : [value];
    if (list.length === 0) throw wrong();
    return sql.join(
      list.map((v) => one(v)),
      sql`, `,
    );
  };
  const text = () => {
    if (typeof value !== 'string' || !storable(value)) throw wrong();
    return value;
  };
  if (!fitsType(field, op)) throw wrong();
  switch (op) {
    case 'is':
      if (field.type === 'boolean' && value === false) return sql`${column} is not true`;
      return value === null ? sql`${column} is null` : sql`${column} = ${one()}`;
    case 'isNot':
      return sql`${column} is distinct from ${one()}`;
    case 'anyOf':
      if (field.type === 'tags') return sql`${column} && array[${many()}]::text[]`;
      return sql`${column} in (${many()})`;
    case 'noneOf':
      if (field.type === 'tags') return sql`not coalesce(${column} && array[${many()}]::text[], false)`;
      return sql`(${column} is null or ${column} not in (${many()}))`;
    case 'contains':
      return sql`lower(${column}) like ${`%${escapeLike(text().toLowerCase())}%`}`;
    case 'startsWith':
      if (field.own) return sql`${column} ^@ ${text()}`;
      return sql`lower(${column}) like ${`${escapeLike(text().toLowerCase())}%`}`;
    case 'gt':
    case 'after':
      return sql`${column} > ${one()}`;
    case 'gte':
      return sql`${column} >= ${one()}`;
    case 'lt':
    case 'before':
      return sql`${column} < ${one()}`;
    case 'lte':
      return sql`${column} <= ${one()}`;
    case 'between': {
      if (!Array.isArray(value) || value.length !== 2) throw wrong();
      return sql`${column} between ${one(value[0])} and ${one(value[1])}`;
    }
    case 'isEmpty':
      return field.type === 'tags' ? sql`coalesce(cardinality(${column}), 0) = 0` : sql`${column} is null`;
    case 'isNotEmpty':
      return field.type === 'tags' ? sql`cardinality(${column}) > 0` : sql`${column} is not null`;
    case 'inLast':
    case 'inNext':
      return relativeSql(work, condition, column, field.type === 'date' ? 'date' : 'datetime');
    case 'during':
    case 'olderThan':
      return spanSql(work, condition, column, field.type === 'date' ? 'date' : 'datetime');
    case 'me':
      return sql`${column} = ${work.actor.memberId}::uuid`;
    default:
      throw wrong();
  }
}

const textTypes = new Set<Field['type']>(['text', 'longText', 'email', 'phone', 'link', 'choice', 'currency']);
const idTypes = new Set<Field['type']>(['member', 'team', 'reference']);

/** Whether a test means anything for a type: what does not is refused here, so Postgres never sees it. */
function fitsType({ type }: Field, op: Condition['op']): boolean {
  if (op === 'isEmpty' || op === 'isNotEmpty') return true;
  if (type === 'tags') return op === 'anyOf' || op === 'noneOf';
  if (isSpan(op)) return type === 'date' || type === 'datetime';
  if (type === 'longText' || type === 'address' || type === 'file') return false;
  if (op === 'contains' || op === 'startsWith') return textTypes.has(type);
  if (isRelative(op)) return type === 'date' || type === 'datetime';
  if (op === 'me') return idTypes.has(type);
  return true;
}

const isSpan = (op: Condition['op']) => op === 'during' || op === 'olderThan';
const isRelative = (op: Condition['op']) => op === 'inLast' || op === 'inNext';

/** What a column of days or moments holds; `copiedDate`: a day that is kept as its midnight in UTC. */
type Dated = 'date' | 'datetime' | 'copiedDate';

function daysIn(condition: Condition): number {
  const { value } = condition;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 36_500) throw wrongValue(condition);
  return value;
}

/** What clocks of the tenant's time zone show, and the beginning of a day there; Postgres looks the zone up once. */
function calendarOf(work: Work, kind: Dated): { today: SQL; edge: (day: SQL) => SQL } {
  const zone = sql`(select z.time_zone from app.tenant_settings z where z.tenant_id = ${work.actor.tenantId})`;
  return {
    today: sql`(${work.now.toISOString()}::timestamptz at time zone ${zone})`,
    edge: (day) =>
      kind === 'date'
        ? sql`(${day})::date`
        : sql`((${day})::date::timestamp at time zone ${kind === 'datetime' ? zone : sql`'UTC'`})`,
  };
}

/** A day named where moments are asked for: the whole day by the calendar of the tenant's time zone. */
function wholeDaySql(work: Work, { type }: Field, { op, value }: Condition, column: SQL): SQL | undefined {
  const days = Array.isArray(value) ? value : [value];
  const [first, last] = days;
  if (type !== 'datetime' || !days.every((day) => isMoment(day) && day.length === 10)) return undefined;
  // So many values as the test takes; anything else is refused as it would be of moments.
  if (Array.isArray(value) ? op !== 'between' || value.length !== 2 : op === 'between') return undefined;
  const { edge } = calendarOf(work, 'datetime');
  const start = (day: unknown) => edge(sql`${day}::date`);
  const end = (day: unknown) => edge(sql`${day}::date + 1`);
  switch (op) {
    case 'lt':
    case 'before':
      return sql`${column} < ${start(first)}`;
    case 'lte':
      return sql`${column} < ${end(first)}`;
    case 'gt':
    case 'after':
      return sql`${column} >= ${end(first)}`;
    case 'gte':
      return sql`${column} >= ${start(first)}`;
    case 'between':
      return sql`(${column} >= ${start(first)} and ${column} < ${end(last)})`;
    default:
      return undefined;
  }
}

/** `during lastWeek`, `olderThan 30`: by the calendar of the tenant's time zone. */
function spanSql(work: Work, condition: Condition, column: SQL, kind: Dated): SQL {
  const { today, edge } = calendarOf(work, kind);
  if (condition.op === 'olderThan')
    return sql`${column} < ${edge(sql`${today} - make_interval(days => ${daysIn(condition)}::int)`)}`;
  const period = periodOf(condition.value);
  if (!period) throw wrongValue(condition);
  const { unit, away } = period;
  const step = unit === 'quarter' ? { unit: 'month', times: 3 } : { unit, times: 1 };
  const at = (n: number) =>
    edge(sql`date_trunc(${unit}, ${today}) + ${n * step.times}::int * ${`1 ${step.unit}`}::interval`);
  return sql`(${column} >= ${at(away)} and ${column} < ${at(away + 1)})`;
}

/**
 * `inLast 7`: of moments the seven days up to now, of days today and the seven before it; counted from the clock of the
 * work, not of the database.
 */
function relativeSql(work: Work, condition: Condition, column: SQL, kind: Dated): SQL {
  const days = (condition.op === 'inNext' ? 1 : -1) * daysIn(condition);
  const ordered = <T>(now: T, away: T): [T, T] => (condition.op === 'inNext' ? [now, away] : [away, now]);
  if (kind === 'datetime') {
    const away = new Date(work.now.getTime() + days * 86_400_000);
    const [from, to] = ordered(work.now.toISOString(), away.toISOString());
    return sql`${column} between ${from}::timestamptz and ${to}::timestamptz`;
  }
  const { today, edge } = calendarOf(work, kind);
  const [from, to] = ordered(edge(today), edge(sql`${today} + make_interval(days => ${days}::int)`));
  return sql`${column} between ${from} and ${to}`;
}

const casts: Partial<Record<Field['type'], string>> = {
  date: 'date',
  datetime: 'timestamptz',
  member: 'uuid',
  team: 'uuid',
  reference: 'uuid',
  number: 'float8',
  integer: 'int8',
  money: 'int8',
  percent: 'int8',
  boolean: 'bool',
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A value as a parameter of the field's type; one that cannot be is refused here, so Postgres never sees it. */
function typed(field: Field, value: unknown, wrong: () => Refusal): SQL {
  const cast = casts[field.type];
  if (cast === 'uuid' && !(typeof value === 'string' && UUID.test(value))) throw wrong();
  if ((cast === 'float8' || cast === 'int8') && !(typeof value === 'number' && Number.isFinite(value))) throw wrong();
  if (cast === 'int8' && !Number.isSafeInteger(value)) throw wrong();
  if (cast === 'bool' && typeof value !== 'boolean') throw wrong();
  if ((cast === 'date' || cast === 'timestamptz') && !isMoment(value)) throw wrong();
  if (!cast && (typeof value !== 'string' || !storable(value))) throw wrong();
  return cast ? sql`${value}::${sql.identifier(cast)}` : sql`${value}`;
}

/** Offsets beyond ±15:59 are none to Postgres. */
const momentPattern = /^(\d{4})-(\d\d)-(\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)?)?$/;

/** Whether a value is a day or a moment that Postgres knows too. */
export function isMoment(value: unknown): value is string {
  if (typeof value !== 'string' || !momentPattern.test(value) || value.startsWith('0000')) return false;
  const day = value.slice(0, 10);
  return !Number.isNaN(Date.parse(value)) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** `%`, `_` and `\` in a text a person typed match themselves (security J3). */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (c) => `\\${c}`);
}
