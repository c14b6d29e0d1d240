import { inArray } from 'drizzle-orm';
import { z } from 'zod';
import { customObjects } from '@/db/schema/catalogue';
import type { ObjectDefinition } from '@/domain/catalogue';
import { labelIn, labelsSchema, maxObjects, type ObjectLabels, objectLabelsSchema } from '@/domain/custom-fields';
import * as f from '@/domain/fields';
import { newObjectRights, roles, scopes } from '@/domain/permissions';
import { notFound, Refusal } from '@/domain/refusals';
import { tones } from '@/domain/tones';
import { apply, applySet, type Entry } from '../core/changes';
import { newId } from '../core/ids';
import { defineRecord } from '../core/record-types';
import type { Work } from '../core/work';
import { followDefinitions } from './recompute';

export const objectType = defineRecord({
  object: 'customObject' as const,
  table: customObjects,
  tableName: 'custom_object',
  fields: {
    key: f.text({ required: true }),
    label: f.text(),
    description: f.text(),
    titleLabel: f.text(),
    icon: f.text(),
    tone: f.text(),
    rights: f.text(),
    position: f.integer(),
  },
  title: 'key',
  permission: 'fields.configure',
  applied: followObjects,
});

/** What is summed up in or over an object comes and goes with it. */
async function followObjects(work: Work, entries: readonly Entry[]): Promise<void> {
  const ids = entries.filter(({ op }) => op !== 'update').map(({ id }) => id);
  const keys =
    ids.length > 0 ? (await work.db.find(customObjects, inArray(customObjects.id, ids))).map(({ key }) => key) : [];
  await followDefinitions(
    work,
    // Fields of an object in the bin are not among the tenant's: before and after are asked.
    () =>
      work.types.fields.filter(
        ({ object, settings }) => keys.includes(object) || keys.includes(settings.rollup?.object ?? ''),
      ),
  );
}

const cell = z.strictObject(
  Object.fromEntries(roles.map((role) => [role, z.enum(scopes)])) as Record<
    (typeof roles)[number],
    z.ZodEnum<{ none: 'none'; own: 'own'; team: 'team'; all: 'all' }>
  >,
);
const rightsSchema = z
  .strictObject({ read: cell, write: cell, delete: cell })
  // Owners and admins who lock themselves out could never let anybody in again.
  .refine(({ read, write }) => [read, write].every(({ owner, admin }) => owner === 'all' && admin === 'all'), {
    error: 'adminsKeepRights',
  });

export const objectInput = z.strictObject({
  label: objectLabelsSchema,
  description: labelsSchema.nullable().optional(),
  titleLabel: labelsSchema.nullable().optional(),
  icon: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, { error: 'choice' })
    .optional(),
  tone: z.enum(tones).optional(),
  rights: rightsSchema.optional(),
});
export const objectUpdate = objectInput.partial();

/** The tenant's own objects, in order. */
export function listObjects(work: Work): readonly ObjectDefinition[] {
  return work.types.objects;
}

/** Makes an object. @throws Refusal conflict `nameTaken`, `tooManyObjects` beyond 50 */
export async function createObject(
  work: Work,
  { key: wanted, ...input }: z.infer<typeof objectInput> & { key?: string },
): Promise<{ id: string; key: string; changeSetId: string }> {
  const all = await work.db.find(customObjects);
  if (all.filter(({ deletedAt }) => deletedAt === null).length >= maxObjects)
    throw new Refusal('conflict', { code: 'tooManyObjects', params: { max: maxObjects } });
  refuseSameLabel(work, input.label);
  const keys = new Set(all.map(({ key }) => key));
  if (wanted && keys.has(wanted)) throw new Refusal('conflict', { code: 'nameTaken', field: 'key' });
  const key = wanted ?? freeKey(input.label, keys);
  const id = newId();
  const values = {
    key,
    label: input.label,
    description: input.description ?? null,
    titleLabel: input.titleLabel ?? null,
    icon: input.icon ?? 'box',
    tone: input.tone ?? 'slate',
    rights: input.rights ?? newObjectRights,
    position: Math.max(0, ...all.map(({ position }) => position)) + 1,
  };
  const { changeSetId } = await apply(work, 'configure', [{ type: objectType, op: 'create', id, values }]);
  return { id, key, changeSetId };
}

/** Changes what an object is called, looks like and who may do what with it. */
export async function updateObject(
  work: Work,
  { id, values }: { id: string; values: z.infer<typeof objectUpdate> },
): Promise<{ changeSetId: string }> {
  if (!work.types.objects.some((object) => object.id === id)) throw notFound();
  if (values.label) refuseSameLabel(work, values.label, id);
  const { changeSetId } = await applySet(work, 'configure', [{ type: objectType, op: 'update', id, values }]);
  return { changeSetId };
}

/**
 * Puts an object in the bin: its records are out of sight until this is undone. Fields that point to it stay, and say
 * nothing meanwhile.
 */
export async function removeObject(work: Work, id: string): Promise<{ changeSetId: string }> {
  if (!work.types.objects.some((object) => object.id === id)) throw notFound();
  const { changeSetId } = await applySet(work, 'configure', [{ type: objectType, op: 'delete', id }]);
  return { changeSetId };
}

function refuseSameLabel(work: Work, label: ObjectLabels, except?: string): void {
  const same = work.types.objects.some(
    (object) =>
      object.id !== except &&
      (['en', 'zh'] as const).some((locale) => label[locale] && label[locale].other === object.label[locale]?.other),
  );
  if (same) throw new Refusal('conflict', { code: 'nameTaken', field: 'label' });
}

function freeKey({ en, zh }: ObjectLabels, taken: ReadonlySet<string>): string {
  const words =
    labelIn({ en: en?.one, zh: zh?.one }, 'en')
      .normalize('NFKD')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  const base = `o_${words.join('_').slice(0, 40).replace(/_$/, '') || 'object'}`;
  if (!taken.has(base)) return base;
  for (let n = 2; ; n++) if (!taken.has(`${base}_${n}`)) return `${base}_${n}`;
}
