import { and, eq } from 'drizzle-orm';
import { layouts } from '@/db/schema/views';
import * as f from '@/domain/fields';
import { fieldsIn } from '@/domain/filter-eval';
import type { Filter } from '@/domain/filters';
import { type LayoutConfig, type LayoutRole, layoutSchema, type StoredLayout } from '@/domain/layouts';
import { notFound, Refusal } from '@/domain/refusals';
import { apply } from '../core/changes';
import { newId } from '../core/ids';
import { defineRecord } from '../core/record-types';
import { isAnchor } from '../core/scope';
import type { Work } from '../core/work';

export const layoutType = defineRecord({
  object: 'layout' as const,
  table: layouts,
  tableName: 'layout',
  fields: {
    object: f.text({ required: true }),
    role: f.text({ required: true }),
    config: f.field('address', layoutSchema, { required: true }, { opaque: true }),
  },
  title: 'object',
  permission: 'fields.configure',
});

/** How the pages of a tenant's records are laid out, those that somebody arranged. */
export async function listLayouts(work: Work): Promise<StoredLayout[]> {
  const rows = await work.db.find(layouts, undefined, { limit: 500 });
  return rows.flatMap(({ object, role, config, deletedAt }): StoredLayout[] => {
    const read = deletedAt === null ? layoutSchema.safeParse(config) : undefined;
    // The verb below holds roles to the catalogue's.
    return read?.success && read.data.sections.length > 0
      ? [{ object, role: role as LayoutRole, config: read.data }]
      : [];
  });
}

/**
 * Lays out the page of an object's records for a role, or for all that have none of their own; no sections: as the
 * product has it.
 * @throws Refusal notFound for an object that is not there, invalid `unknownField` naming the section
 */
export async function setLayout(
  work: Work,
  input: { object: string; role: LayoutRole; config: LayoutConfig },
): Promise<{ changeSetId: string }> {
  const type = work.types.find(input.object);
  if (!type || !isAnchor(type)) throw notFound();
  const { sections, hidden } = input.config;
  sections.forEach(({ fields, showIf }, i) => {
    const named = [...fields, ...(showIf ? fieldsIn(showIf as Filter) : [])];
    refuseUnknown(
      named.find((name) => !Object.hasOwn(type.fields, name)),
      `config.sections.${i}`,
    );
  });
  refuseUnknown(
    hidden.find((name) => !Object.hasOwn(type.fields, name)),
    'config.hidden',
  );
  const [known] = await work.db.find(layouts, and(eq(layouts.object, input.object), eq(layouts.role, input.role)), {
    lock: true,
  });
  const { config } = input;
  // One that was taken back by undo stands in the bin under the same object and role, and comes back first.
  if (known?.deletedAt) await apply(work, 'configure', [{ type: layoutType, op: 'restore', id: known.id }]);
  const { changeSetId } = await apply(work, 'configure', [
    known
      ? { type: layoutType, op: 'update', id: known.id, values: { config } }
      : { type: layoutType, op: 'create', id: newId(), values: { ...input } },
  ]);
  return { changeSetId };
}

function refuseUnknown(name: string | undefined, field: string): void {
  if (name !== undefined) throw new Refusal('invalid', { code: 'unknownField', params: { field: name }, field });
}
