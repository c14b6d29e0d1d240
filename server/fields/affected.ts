import { eq, type SQL, sql } from 'drizzle-orm';
import { matchRules } from '@/db/schema/duplicates';
import type { ObjectDefinition } from '@/domain/catalogue';
import type { FieldDefinition, Labels } from '@/domain/custom-fields';
import { matchConfig } from '@/domain/duplicates';
import { fieldsIn } from '@/domain/filter-eval';
import type { Filter } from '@/domain/filters';
import { notFound } from '@/domain/refusals';
import { filterSql } from '../core/filter-sql';
import type { RecordType } from '../core/record-types';
import { askedBy } from '../core/rollups';
import { andKind } from '../core/types';
import type { Work } from '../core/work';
import { usedBy } from './graph';

export interface Affected {
  /** Live records that hold a value; of an object, all of its records. */
  records: number;
  /** Fields that would say nothing any more: formulas, roll-ups, conditions, and what points to the object. */
  fields: { id: string; key: string; label: Labels; object: string }[];
  /** Saved views, of everybody, and page layouts that name it. */
  views: number;
  layouts: number;
  /** Rules by which likely duplicates are found that go by it. */
  rules: number;
}

/** What changing or removing a field touches, before it is done. */
export async function affectedByField(work: Work, id: string): Promise<Affected> {
  const field = work.types.fields.find((known) => known.id === id);
  const type = field && work.types.find(field.object);
  if (!field || !type) throw notFound();
  const [records, views, layouts, weight] = await Promise.all([
    countRecords(work, type, holdsValue(work, type, field)),
    countNaming(work, field, sql`app.view`),
    countNaming(work, field, sql`app.layout`),
    weightOf(work, type, field),
  ]);
  const fields = work.types.fields.filter((other) => uses(work, other, field)).map(shown);
  return { records, fields, views, layouts, rules: weight > 0 ? 1 : 0 };
}

/** What removing an object touches, before it is done. */
export async function affectedByObject(work: Work, id: string): Promise<Affected> {
  const object = work.types.objects.find((known) => known.id === id);
  const type = object && work.types.find(object.key);
  if (!object || !type) throw notFound();
  const [records, views, layouts, rules] = await Promise.all([
    countRecords(work, type),
    countOf(work, object, sql`app.view`),
    countOf(work, object, sql`app.layout`),
    work.db.find(matchRules, eq(matchRules.object, object.key)),
  ]);
  const fields = work.types.fields.filter((field) => leansOn(field, object)).map(shown);
  return { records, fields, views, layouts, rules: rules.length };
}

const shown = ({ id, key, label, object }: FieldDefinition) => ({ id, key, label, object });

async function countRecords(work: Work, type: RecordType, condition: SQL = sql`true`): Promise<number> {
  const [row] = await work.db.rows<{ n: number }>(sql`
    select count(*)::int as n from ${type.table} t
    where t.tenant_id = ${work.actor.tenantId} and t.deleted_at is null ${andKind(type)} and ${condition}`);
  return row?.n ?? 0;
}

/** Files of a field are told by what hangs on the record, links by the links; everything else by the record's own value. */
function holdsValue(work: Work, type: RecordType, { key, type: kind }: FieldDefinition): SQL {
  if (kind !== 'file') return filterSql(work, type, { field: key, op: 'isNotEmpty' });
  return sql`exists (select from app.attachment a where a.tenant_id = ${work.actor.tenantId} and a.record_id = t.id
    and a.object = ${type.object} and a.field = ${key} and a.deleted_at is null)`;
}

/** Configuration of the field's object that names it, or of any that reaches it through a reference. */
async function countNaming(work: Work, { object, key }: FieldDefinition, table: SQL): Promise<number> {
  const [row] = await work.db.rows<{ n: number }>(sql`select count(*)::int as n from ${table} c
    where c.tenant_id = ${work.actor.tenantId} and c.deleted_at is null and (
      (c.object = ${object} and strpos(c.config::text, ${`"${key}"`}) > 0) or strpos(c.config::text, ${`.${key}"`}) > 0
      or (c.object = ${object} and strpos(c.config::text, ${`"${key}.`}) > 0))`);
  return row?.n ?? 0;
}

async function countOf(work: Work, { key }: ObjectDefinition, table: SQL): Promise<number> {
  const [row] = await work.db.rows<{ n: number }>(sql`select count(*)::int as n from ${table} c
    where c.tenant_id = ${work.actor.tenantId} and c.deleted_at is null and c.object = ${key}`);
  return row?.n ?? 0;
}

/** How much the field says where duplicates are looked for, 0 to 100. */
async function weightOf(work: Work, type: RecordType, { key }: FieldDefinition): Promise<number> {
  const [chosen] = await work.db.find(matchRules, eq(matchRules.object, type.object));
  return matchConfig(type.object, type.own, chosen?.config).weights[key] ?? 0;
}

function uses(work: Work, other: FieldDefinition, field: FieldDefinition): boolean {
  const { showIf, requireIf, formula, rollup } = other.settings;
  const asks = (filter: Filter | undefined) => filter !== undefined && fieldsIn(filter).includes(field.key);
  if (other.object === field.object && (asks(showIf) || asks(requireIf))) return true;
  if (other.object === field.object && formula && usedBy(work.types, other).includes(field.key)) return true;
  return rollup?.object === field.object && askedBy(rollup).includes(field.key);
}

/** Fields of other objects that point to this one, or sum it up. */
function leansOn({ object, settings }: FieldDefinition, { key }: ObjectDefinition): boolean {
  return object !== key && (settings.to === key || settings.rollup?.object === key);
}
