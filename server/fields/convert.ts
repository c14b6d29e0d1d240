import { sql } from 'drizzle-orm';
import {
  type FieldDefinition,
  type FieldSettings,
  fieldOf,
  type OwnFieldType,
  settingsByType,
} from '@/domain/custom-fields';
import type { Field } from '@/domain/fields';
import { toMajor, toMinor } from '@/domain/money';
import { notFound, Refusal } from '@/domain/refusals';
import { apply, type Change, startChangeSet } from '../core/changes';
import type { RecordType } from '../core/record-types';
import { andKind } from '../core/types';
import type { Work } from '../core/work';
import { checkSettings } from './checks';

const numeric = ['number', 'percent', 'money', 'rating'] as const;
const worded = ['text', 'longText', 'email', 'phone', 'link'] as const;
const all = [...numeric, ...worded] as const;

/** What a field of a type can become. Whether a value can is another question. */
export const convertible: Partial<Record<OwnFieldType, readonly OwnFieldType[]>> = {
  text: ['longText', 'email', 'phone', 'link', 'number', 'date'],
  longText: ['text'],
  email: ['text', 'longText'],
  phone: ['text', 'longText'],
  link: ['text', 'longText'],
  number: all,
  percent: all,
  money: all,
  rating: all,
  date: ['datetime', 'text'],
  datetime: ['date', 'text'],
  time: ['text'],
  choice: ['choices', 'text'],
  choices: ['choice', 'text'],
};

export interface ConvertInput {
  id: string;
  type: OwnFieldType;
  /** Rules of the new type; what is not given stays as far as the new type knows it. */
  settings?: FieldSettings;
}

export interface Conversion {
  /** Values there are, those that stay or are brought into the new form, and those that have none in it. */
  values: number;
  converted: number;
  lost: number;
  /** Some of those that would be lost. */
  examples: { id: string; value: unknown }[];
}

/** Most values that are converted in one request. */
const mostValues = 10_000;

/** What would become of a field's values, before anything is done. @throws Refusal as `convertField` */
export async function previewConversion(work: Work, input: ConvertInput): Promise<Conversion> {
  return (await convert(work, input)).report;
}

/**
 * Turns a field into one of another type, with all values: in one change set, so that undo brings back both, lost values
 * included.
 * @throws Refusal notFound, invalid `typeUnfit` for types that have nothing in common, conflict `tooManyValues`
 */
export async function convertField(
  work: Work,
  input: ConvertInput,
): Promise<{ changeSetId: string; report: Conversion }> {
  const { fieldType, object, settings, changed, report } = await convert(work, input);
  const changeSetId = await startChangeSet(work, 'configure');
  await apply(
    work,
    'configure',
    [{ type: fieldType, op: 'update', id: input.id, values: { type: input.type, settings } }],
    {
      changeSetId,
    },
  );
  // The tenant's kinds are others now: the values are written as ones of the new type.
  const type = work.types.get(object);
  const list = changed.map(({ id, values }): Change => ({ type, op: 'update', id, values }));
  if (list.length > 0) await apply(work, 'configure', list, { changeSetId });
  return { changeSetId, report };
}

async function convert(work: Work, { id, type: to, settings: given }: ConvertInput) {
  const field = work.types.fields.find((known) => known.id === id);
  const type = field && work.types.find(field.object);
  if (!field || !type) throw notFound();
  if (!convertible[field.type]?.includes(to)) throw new Refusal('invalid', { code: 'typeUnfit', field: 'type' });
  const known = new Set(settingsByType[to]);
  // A default, and limits of a number, mean something else in another type.
  const kept = Object.entries(field.settings).filter(
    ([name]) => known.has(name as keyof FieldSettings) && name !== 'default' && name !== 'pattern',
  );
  const settings = await checkSettings(work, type, to, { ...Object.fromEntries(kept), ...given });
  const after: FieldDefinition = { ...field, type: to, settings };
  const rows = await valuesOf(work, type, field);
  const target = fieldOf(after);
  const outcome = rows.map(({ id: record, value }) => ({
    record,
    value,
    next: converted(value, field, after, target),
  }));
  const lost = outcome.filter(({ next }) => next === null);
  return {
    fieldType: work.types.get('customField'),
    object: field.object,
    settings,
    changed: outcome
      .filter(({ value, next }) => JSON.stringify(value) !== JSON.stringify(next))
      .map(({ record, next }) => ({ id: record, values: { [field.key]: next } })),
    report: {
      values: rows.length,
      converted: rows.length - lost.length,
      lost: lost.length,
      examples: lost.slice(0, 10).map(({ record, value }) => ({ id: record, value })),
    },
  };
}

async function valuesOf(work: Work, type: RecordType, { key }: FieldDefinition) {
  const rows = await work.db.rows<{ id: string; value: unknown }>(sql`
    select t.id, t.custom -> ${key} as value from ${type.table} t
    where t.tenant_id = ${work.actor.tenantId} and t.deleted_at is null ${andKind(type)} and jsonb_exists(t.custom, ${key})
    order by t.id limit ${mostValues + 1}`);
  if (rows.length > mostValues) throw new Refusal('conflict', { code: 'tooManyValues', params: { max: mostValues } });
  return rows;
}

/** A value in the form of the new type; null where it has none. */
function converted(value: unknown, from: FieldDefinition, to: FieldDefinition, target: Field): unknown {
  const raw = inform(value, from, to);
  const read = target.schema.safeParse(raw);
  return read.success ? (read.data ?? null) : null;
}

function inform(value: unknown, from: FieldDefinition, to: FieldDefinition): unknown {
  const currency = (field: FieldDefinition) => field.settings.currency ?? 'USD';
  if (typeof value === 'number') {
    const n = from.type === 'money' ? toMajor(value, currency(from)) : value;
    if (to.type === 'money')
      return from.type === 'money' && currency(from) === currency(to) ? value : toMinor(n, currency(to));
    return (worded as readonly string[]).includes(to.type) ? String(n) : n;
  }
  if (Array.isArray(value)) {
    if (to.type === 'text') return value.map((one) => labelOf(from, one)).join(', ');
    // Of several, none is more right than the others.
    return to.type === 'choice' ? (value.length === 1 ? value[0] : null) : value;
  }
  if (typeof value !== 'string') return value;
  switch (to.type) {
    case 'number':
      return /^\s*[-+]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : null;
    case 'datetime':
      return from.type === 'date' ? `${value}T00:00:00Z` : value;
    case 'date':
      return from.type === 'datetime' ? new Date(value).toISOString().slice(0, 10) : value.trim();
    case 'choices':
      return [value];
    case 'text':
      return from.type === 'choice' ? labelOf(from, value) : value;
    default:
      return value;
  }
}

function labelOf({ settings }: FieldDefinition, value: unknown): string {
  const choice = settings.choices?.find((one) => one.value === value);
  return choice?.label.en ?? choice?.label.zh ?? String(value);
}
