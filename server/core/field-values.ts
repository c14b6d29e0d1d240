import { sql } from 'drizzle-orm';
import { clip } from '@/domain/clip';
import type { FieldDefinition } from '@/domain/custom-fields';
import { Refusal } from '@/domain/refusals';
import { sortKey } from '@/domain/search-keys';
import type { RecordType, RecordValues } from './record-types';
import type { Work } from './work';

/** A typed copy of one value of a tenant's field. */
interface Copy {
  field: string;
  record: string;
  n: number;
  text?: string;
  sort?: string;
  number?: number;
  time?: string;
  ref?: string;
  single?: boolean;
}

const maxText = 200;

/** Texts are compared without regard to case, as far as their first 200 characters. */
export const folded = (text: string) => clip(text.toLowerCase(), maxText);

/** The copies by which a value is filtered and sorted; none of what cannot be (long texts, addresses, files). */
export function copiesOf({ id, type, settings }: FieldDefinition, record: string, value: unknown): Copy[] {
  if (value === null || value === undefined) return [];
  const copy = (rest: Omit<Copy, 'field' | 'record' | 'n'>): Copy[] => [{ field: id, record, n: 0, ...rest }];
  const once = settings.unique ? { single: true } : {};
  switch (type) {
    case 'text':
    case 'email':
    case 'phone':
    case 'link':
      return typeof value === 'string'
        ? copy({ text: folded(value), sort: clip(sortKey(value), maxText), ...once })
        : [];
    case 'choice':
    case 'choices':
      return (Array.isArray(value) ? value : [value]).map((chosen, n) => ({
        field: id,
        record,
        n,
        text: String(chosen),
        ...(n === 0
          ? { sort: choiceSort(settings.choices?.findIndex((choice) => choice.value === chosen) ?? -1) }
          : {}),
      }));
    case 'number':
    case 'money':
    case 'percent':
    case 'rating':
      return typeof value === 'number' ? copy({ number: value, ...once }) : [];
    case 'boolean':
      return copy({ number: value === true ? 1 : 0 });
    case 'time':
      return typeof value === 'string' ? copy({ number: secondsOf(value) }) : [];
    case 'date':
      return isMoment(value) ? copy({ time: `${value.slice(0, 10)}T00:00:00Z`, ...once }) : [];
    case 'datetime':
      return isMoment(value) ? copy({ time: value }) : [];
    case 'member':
    case 'reference':
      return typeof value === 'string' ? copy({ ref: value, ...once }) : [];
    case 'formula':
    case 'rollup':
      if (typeof value === 'number') return copy({ number: value });
      if (typeof value === 'boolean') return copy({ number: value ? 1 : 0 });
      if (typeof value !== 'string') return [];
      if (settings.result === 'date') return copy({ time: `${value}T00:00:00Z` });
      if (settings.result === 'datetime') return copy({ time: value });
      return copy({ text: folded(value), sort: clip(sortKey(value), maxText) });
    case 'longText':
    case 'address':
    case 'file':
    case 'relation':
      return [];
  }
}

/** While a field is turned into one of another type, and back, there are values that are none of its own. */
const isMoment = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) && !Number.isNaN(Date.parse(value));

const choiceSort = (place: number) => String(place + 1).padStart(4, '0');

/** Seconds since midnight of `HH:MM[:SS]`. */
export function secondsOf(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

/**
 * Writes the copies of rows' own values anew: of all fields, or of those named.
 * @throws Refusal conflict `taken` naming the field when a value that may be there once is on another record
 */
export async function writeCopies(
  work: Work,
  type: RecordType,
  rows: { id: string; row: RecordValues; names: ReadonlySet<string> | 'all' }[],
): Promise<void> {
  const own = type.own ?? [];
  if (own.length === 0 || rows.length === 0) return;
  const copies: Copy[] = [];
  const whole: string[] = [];
  const written: { record: string; field: string }[] = [];
  for (const { id, row, names } of rows) {
    const fields = own.filter(({ key }) => names === 'all' || names.has(key));
    for (const field of fields) copies.push(...copiesOf(field, id, row[field.key]));
    if (names !== 'all') written.push(...fields.map((field) => ({ record: id, field: field.id })));
    else if (row.version !== 1) whole.push(id);
  }
  const single = copies.some((copy) => copy.single);
  const several = new Set(own.filter(({ type }) => type === 'choices').map(({ id }) => id));
  const kept = new Set(copies.map(({ record, field }) => `${record} ${field}`));
  // A copy is written over where it is; but what may be there once passes from one record to another in one change.
  const gone = written.filter(({ record, field }) => single || several.has(field) || !kept.has(`${record} ${field}`));
  const { tenantId } = work.actor;
  if (whole.length > 0)
    await work.db.prepared(
      'field_value.clear',
      'delete from app.field_value where tenant_id = $1 and record_id = any($2::uuid[]) and field_id = any($3::uuid[])',
      [tenantId, whole, own.map(({ id }) => id)],
    );
  if (gone.length > 0)
    await work.db.prepared(
      'field_value.delete',
      `delete from app.field_value v using jsonb_to_recordset($2) as r (record uuid, field uuid)
       where v.tenant_id = $1 and v.field_id = r.field and v.record_id = r.record`,
      [tenantId, JSON.stringify(gone)],
    );
  if (copies.length === 0) return;
  // After the old ones are gone.
  if (single) await refuseTaken(work, own, copies);
  await work.db.prepared(
    'field_value.write',
    `insert into app.field_value (tenant_id, field_id, record_id, n, text, sort, number, time, ref, single)
     select $1, r.field, r.record, r.n, r.text, r.sort, r.number, r.time, r.ref, coalesce(r.single, false)
     from jsonb_to_recordset($2) as r (field uuid, record uuid, n int, text text, sort text, number float8, time timestamptz, ref uuid, single boolean)
     on conflict (tenant_id, field_id, record_id, n) do update set text = excluded.text, sort = excluded.sort,
       number = excluded.number, time = excluded.time, ref = excluded.ref, single = excluded.single`,
    [tenantId, JSON.stringify(copies)],
  );
}

/** What is in the bin stands in nobody's way. */
export async function releaseSingle(work: Work, type: RecordType, ids: string[]): Promise<void> {
  if (ids.length === 0 || !type.own?.some(({ settings }) => settings.unique)) return;
  // Sent at once, so that whoever takes the value over in the same change comes after it.
  await work.db.rows(
    sql`update app.field_value v set single = false where v.tenant_id = ${work.actor.tenantId} and v.record_id = any(${sql.param(ids)}::uuid[])`,
  );
}

/** The columns by which a value that may be there once is compared. */
const compared = ['text', 'number', 'time', 'ref'] as const;

async function refuseTaken(work: Work, own: readonly FieldDefinition[], copies: Copy[]): Promise<void> {
  const single = copies.filter((copy) => copy.single);
  if (single.length === 0) return;
  const refuse = (fieldId: string | undefined) => {
    const key = own.find(({ id }) => id === fieldId)?.key;
    throw new Refusal('conflict', { code: 'taken', field: key ? `values.${key}` : undefined });
  };
  const seen = new Set<string>();
  for (const { field, text, number, time, ref } of single) {
    const name = `${field} ${text ?? number ?? time ?? ref}`;
    if (seen.has(name)) refuse(field);
    seen.add(name);
  }
  const given = sql`jsonb_to_recordset(${JSON.stringify(single)}) as r (field uuid, record uuid, text text, number float8, time timestamptz, ref uuid)`;
  const others = compared.map((name) => {
    const column = sql.identifier(name);
    const value = name === 'text' ? sql`r.text collate "C"` : sql`r.${column}`;
    return sql`(select v.field_id as field from ${given} join app.field_value v on v.tenant_id = ${work.actor.tenantId}
      and v.field_id = r.field and v.${column} = ${value} and v.single and v.record_id <> r.record limit 1)`;
  });
  const [taken] = await work.db.rows<{ field: string }>(sql.join(others, sql` union all `));
  if (taken) refuse(taken.field);
}

/** Brings the copies of a field in line with new rules: whether values may be there once, the order of choices. */
export async function renewCopies(work: Work, before: FieldDefinition, after: FieldDefinition): Promise<void> {
  const tenant = work.actor.tenantId;
  if (Boolean(before.settings.unique) !== Boolean(after.settings.unique)) {
    // Values in the bin stay free; taking a record out looks whether its value is.
    const type = work.types.get(after.object);
    await work.db.rows(sql`update app.field_value v set single = ${Boolean(after.settings.unique)} from ${type.table} t
      where v.tenant_id = ${tenant} and v.field_id = ${after.id} and t.tenant_id = ${tenant} and t.id = v.record_id and t.deleted_at is null`);
  }
  if (after.settings.choices) {
    const sorts = after.settings.choices.map(({ value }, place) => ({ value, sort: choiceSort(place) }));
    await work.db.rows(sql`update app.field_value v set sort = r.sort from jsonb_to_recordset(${JSON.stringify(sorts)}) as r (value text, sort text)
      where v.tenant_id = ${tenant} and v.field_id = ${after.id} and v.n = 0 and v.text = r.value collate "C" and v.sort is distinct from r.sort collate "C"`);
  }
}
