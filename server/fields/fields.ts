import { eq, sql } from 'drizzle-orm';
import { customFields, fieldValues } from '@/db/schema/catalogue';
import {
  type FieldDefinition,
  type FieldInput,
  type FieldSettings,
  type FieldUpdate,
  type Labels,
  labelIn,
} from '@/domain/custom-fields';
import * as f from '@/domain/fields';
import { currencyDecimals } from '@/domain/money';
import { notFound, Refusal } from '@/domain/refusals';
import { apply, applySet, type Change } from '../core/changes';
import { newId } from '../core/ids';
import { defineRecord, type RecordType } from '../core/record-types';
import type { Work } from '../core/work';
import { settingsOf } from '../tenants/settings';
import { checkSettings } from './checks';
import { followFields } from './recompute';

export const fieldType = defineRecord({
  object: 'customField' as const,
  table: customFields,
  tableName: 'custom_field',
  fields: {
    object: f.text({ required: true }),
    key: f.text({ required: true }),
    type: f.text({ required: true }),
    label: f.text(),
    help: f.text(),
    required: f.boolean(),
    settings: f.text(),
    position: f.integer(),
  },
  title: 'key',
  permission: 'fields.configure',
  applied: followFields,
});

/** Objects whose fields a tenant may add to: those with a place for them. */
export const extensible = (type: RecordType | undefined): type is RecordType =>
  type !== undefined && 'custom' in type.table;

/** All definitions of the tenant. */
export function listFields(work: Work): readonly FieldDefinition[] {
  return work.types.fields;
}

/**
 * Adds a field to an object.
 * @throws Refusal notFound for no such object, invalid naming the setting that is wrong, conflict `nameTaken` for a key
 *   that is or was in use, `tooManyFields` beyond 500 on one object
 */
export async function createField(
  work: Work,
  input: FieldInput,
): Promise<{ id: string; key: string; changeSetId: string }> {
  const type = work.types.find(input.object);
  if (!extensible(type)) throw notFound();
  const settings = await checkSettings(work, type, input.type, input.settings ?? {});
  // Those in the bin too: their values are still with the records.
  const taken = await work.db.find(customFields, eq(customFields.object, input.object));
  if (taken.filter(({ deletedAt }) => deletedAt === null).length >= f.maxFields)
    throw new Refusal('conflict', { code: 'tooManyFields', params: { max: f.maxFields } });
  const keys = new Set(taken.map(({ key }) => key));
  if (input.key && keys.has(input.key)) throw new Refusal('conflict', { code: 'nameTaken', field: 'key' });
  refuseSameLabel(work, input.object, input.label);
  const key = input.key ?? freeKey(input.label, keys);
  const id = newId();
  const position = Math.max(0, ...taken.map((field) => field.position)) + 1;
  const values = {
    object: input.object,
    key,
    type: input.type,
    label: input.label,
    help: input.help ?? null,
    required: input.required ?? false,
    settings,
    position,
  };
  const { changeSetId } = await apply(work, 'configure', [{ type: fieldType, op: 'create', id, values }]);
  return { id, key, changeSetId };
}

/**
 * Changes what a field is called and its rules; its key and type stay. What is stored already is left as it is, even
 * where new rules would not take it.
 * @throws Refusal conflict `valuesNotUnique` when a field is to allow each value once and some are there twice;
 *   `choiceGone`, `targetFixed`, `currencyUnits` where stored values would mean something else or nothing
 */
export async function updateField(
  work: Work,
  { id, values }: { id: string; values: FieldUpdate },
): Promise<{ changeSetId: string }> {
  const field = work.types.fields.find((known) => known.id === id);
  const type = field && work.types.find(field.object);
  if (!field || !type) throw notFound();
  const settings = values.settings && (await checkSettings(work, type, field.type, values.settings));
  if (settings) {
    keepChoices(field, settings);
    if (settings.to !== field.settings.to) throw new Refusal('conflict', { code: 'targetFixed', field: 'settings.to' });
    await keepUnits(work, field, settings);
    if (settings.unique && !field.settings.unique) await refuseDoubles(work, type, field);
  }
  if (values.label) refuseSameLabel(work, field.object, values.label, id);
  const update = settings ? { ...values, settings } : values;
  const { changeSetId } = await applySet(work, 'configure', [{ type: fieldType, op: 'update', id, values: update }]);
  return { changeSetId };
}

/** Puts a field in the bin. The values stay with the records and are back when this is undone. */
export async function removeField(work: Work, id: string): Promise<{ changeSetId: string }> {
  if (!work.types.fields.some((field) => field.id === id)) throw notFound();
  const { changeSetId } = await applySet(work, 'configure', [{ type: fieldType, op: 'delete', id }]);
  return { changeSetId };
}

/** Sets the order in which an object's fields stand. */
export async function reorderFields(work: Work, object: string, ids: string[]): Promise<{ changeSetId: string }> {
  const mine = new Set(work.types.fields.filter((field) => field.object === object).map(({ id }) => id));
  if (ids.length !== mine.size || new Set(ids).size !== mine.size || !ids.every((id) => mine.has(id))) throw notFound();
  const { changeSetId } = await applySet(
    work,
    'configure',
    ids.map((id, position): Change => ({ type: fieldType, op: 'update', id, values: { position: position + 1 } })),
  );
  return { changeSetId };
}

/** A choice that records may hold is retired, never dropped. */
function keepChoices(field: FieldDefinition, settings: FieldSettings): void {
  const left = new Set(settings.choices?.map(({ value }) => value));
  if ((field.settings.choices ?? []).some(({ value }) => !left.has(value)))
    throw new Refusal('conflict', { code: 'choiceGone', field: 'settings.choices' });
}

function refuseSameLabel(work: Work, object: string, label: Labels, except?: string): void {
  const same = work.types.fields.some(
    (field) =>
      field.object === object &&
      field.id !== except &&
      (['en', 'zh'] as const).some((locale) => label[locale] && label[locale] === field.label[locale]),
  );
  if (same) throw new Refusal('conflict', { code: 'nameTaken', field: 'label' });
}

/** Amounts are stored in their currency's smallest unit: read in one with other decimals, 100.00 would be 10,000. */
async function keepUnits(work: Work, field: FieldDefinition, { currency }: FieldSettings): Promise<void> {
  if (field.type !== 'money' || field.settings.currency === currency) return;
  const usual = (await settingsOf(work)).currency;
  const [from, to] = [field.settings.currency ?? usual, currency ?? usual];
  if (currencyDecimals(from) === currencyDecimals(to)) return;
  const held = await work.db.find(fieldValues, eq(fieldValues.fieldId, field.id), { limit: 1 });
  if (held.length > 0)
    throw new Refusal('conflict', { code: 'currencyUnits', field: 'settings.currency', params: { from, to } });
}

/** What is in the bin stands in nobody's way. */
async function refuseDoubles(work: Work, type: RecordType, field: FieldDefinition): Promise<void> {
  const [double] = await work.db.rows<{ n: number }>(sql`
    select count(*)::int as n from app.field_value v join ${type.table} t on t.tenant_id = v.tenant_id and t.id = v.record_id
    where v.tenant_id = ${work.actor.tenantId} and v.field_id = ${field.id} and t.deleted_at is null
    group by v.text, v.number, v.time, v.ref having count(*) > 1 limit 1`);
  if (double)
    throw new Refusal('conflict', { code: 'valuesNotUnique', field: 'settings.unique', params: { count: double.n } });
}

/** A key from a label: its Latin words, else a number. */
function freeKey(label: Labels, taken: ReadonlySet<string>): string {
  const words =
    labelIn(label, 'en')
      .normalize('NFKD')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  const base = `c_${words.join('_').slice(0, 40).replace(/_$/, '') || 'field'}`;
  if (!taken.has(base)) return base;
  for (let n = 2; ; n++) if (!taken.has(`${base}_${n}`)) return `${base}_${n}`;
}
