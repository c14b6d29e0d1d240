import { sql } from 'drizzle-orm';
import { isOwnObject, type Labels, type ObjectLabels } from '@/domain/custom-fields';
import type { ImportPlan } from '@/domain/imports/mapping';
import { draftKey } from '@/domain/imports/new-field';
import { can, newObjectRights } from '@/domain/permissions';
import { Refusal } from '@/domain/refusals';
import { apply } from '../core/changes';
import { loadTypes, Types } from '../core/types';
import type { Work } from '../core/work';
import { createObject, objectType } from '../fields/objects';

/** The tenant's kinds of records with the one that a plan is going to make: what a dry run reads its file by. */
export function typesWith(types: Types, { object, make }: ImportPlan): Types {
  if (!make) return types;
  const { label, titleLabel = null, icon = 'box', tone = 'slate' } = make;
  const drafted = {
    ...{ id: object, version: 1, key: object, label, description: null, titleLabel, icon, tone },
    ...{ rights: newObjectRights, position: 0 },
  };
  return new Types([...types.objects, drafted], types.fields, types.matching);
}

/**
 * Makes the object that a plan asks for, in the transaction that starts the import.
 * @param joins an object of the same name is what is meant: another file of a set has made it
 * @returns the plan of its records, and the work with the object among its kinds
 * @throws Refusal forbidden without the right to make objects; what `createObject` refuses, naming `plan.make`
 */
export async function makeObject<P extends ImportPlan>(
  work: Work,
  plan: P,
  joins: boolean,
): Promise<{ work: Work; plan: P }> {
  const { make, ...rest } = plan;
  if (!make) return { work, plan };
  if (!can(work.actor.role, 'fields.configure')) throw new Refusal('forbidden', 'forbidden');
  if (joins) {
    const types = await loadTypes(work.db);
    const same = types.objects.find(({ label }) => isNamed(many(label), many(make.label)));
    if (same) return { work: { ...work, types }, plan: joined(plan, same.key, types) };
  }
  const { key } = await createObject(work, make).catch((error) => {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(error.kind, { ...error.detail, field: 'plan.make' });
  });
  if (!isOwnObject(key)) throw new Error(`Not a key of an object: ${key}`);
  const types = await loadTypes(work.db);
  // The same plan with the object's own name in place of the draft's.
  return { work: { ...work, types }, plan: { ...rest, object: key, made: true } as unknown as P };
}

/** The plan of records of an object that is there, its new fields those of the same names. */
function joined<P extends ImportPlan>(plan: P, object: string, types: Types): P {
  const { make: _, ...rest } = plan;
  const fields = types.find(object)?.own ?? [];
  const found = new Map<string, string>();
  const columns = plan.columns.map((column) => {
    const { create, ...others } = column;
    const field = create && fields.find(({ type, label }) => type === create.type && isNamed(label, create.label));
    if (!field || column.target !== null) return column;
    found.set(draftKey(column.index), field.key);
    return { ...others, target: field.key };
  });
  const idsOf = (target: string | null) => {
    const field = target?.endsWith('ExternalId') && found.get(target.replace(/ExternalId$/, ''));
    return field ? `${field}ExternalId` : target;
  };
  const settled = columns.map((column) => ({ ...column, target: idsOf(column.target) }));
  return { ...rest, object, columns: settled } as unknown as P;
}

const many = ({ en, zh }: ObjectLabels): Labels => ({ en: en?.other, zh: zh?.other });

/** Whether two labels are one name, in a language that both have. */
const isNamed = (a: Labels, b: Labels): boolean =>
  (['en', 'zh'] as const).some((locale) => a[locale] !== undefined && a[locale] === b[locale]);

/** Puts an object that an import made into the bin, unless records have come into it since, or fields that others gave it. */
export async function removeMadeObject(
  work: Work,
  { object, columns, made }: ImportPlan,
  undoId: string,
): Promise<boolean> {
  const definition = work.types.objects.find(({ key }) => key === object);
  if (!made || !definition || !can(work.actor.role, 'fields.configure')) return false;
  const mine = new Set(columns.flatMap(({ create, target }) => (create && target ? [target] : [])));
  const others = work.types.fields.some(
    (field) => (field.object === object && !mine.has(field.key)) || field.settings.to === object,
  );
  const [left] = await work.db.rows(sql`
    select 1 from app.custom_record t where t.tenant_id = ${work.actor.tenantId} and t.object = ${object} and t.deleted_at is null limit 1`);
  if (others || left) return false;
  await apply(work, 'undo', [{ type: objectType, op: 'delete', id: definition.id }], { changeSetId: undoId });
  return true;
}
