import { and, eq } from 'drizzle-orm';
import { layouts } from '@/db/schema/views';
import { catalogueOf } from '@/domain/catalogue';
import * as f from '@/domain/fields';
import { fieldsIn } from '@/domain/filter-eval';
import type { Filter } from '@/domain/filters';
import { isArranged, type LayoutConfig, type LayoutRole, layoutSchema, type StoredLayout } from '@/domain/layouts';
import { notFound, Refusal } from '@/domain/refusals';
import { relatedLists } from '@/domain/related-lists';
import { applySet, type Change } from '../core/changes';
import { newId } from '../core/ids';
import { defineRecord, type RecordType } from '../core/record-types';
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
    return read?.success && isArranged(read.data) ? [{ object, role: role as LayoutRole, config: read.data }] : [];
  });
}

/**
 * Lays out the page of an object's records for a role, or for all that have none of their own; a layout with nothing in
 * it: as the product has it.
 * @throws Refusal notFound for an object that is not there, invalid `unknownField` or `unknownList` naming where it stands
 */
export async function setLayout(
  work: Work,
  input: { object: string; role: LayoutRole; config: LayoutConfig },
): Promise<{ changeSetId: string }> {
  const type = work.types.find(input.object);
  if (!type || !isAnchor(type)) throw notFound();
  refuseUnknown(work, type, input.config);
  const [known] = await work.db.find(layouts, and(eq(layouts.object, input.object), eq(layouts.role, input.role)), {
    lock: true,
  });
  const { config } = input;
  const change = (one: Change) => applySet(work, 'configure', [one]);
  if (!known) return change({ type: layoutType, op: 'create', id: newId(), values: { ...input } });
  // One that was taken back by undo stands in the bin under the same object and role. It comes back first, and undo of
  // that leaves none again.
  const back = known.deletedAt === null ? null : await change({ type: layoutType, op: 'restore', id: known.id });
  const changed = await change({ type: layoutType, op: 'update', id: known.id, values: { config } });
  return back ?? changed;
}

/** Refuses names of fields and lists that the object's page cannot have. */
function refuseUnknown(work: Work, type: RecordType, { sections, hidden, related, hiddenLists }: LayoutConfig): void {
  const catalogue = catalogueOf(work.types.objects, work.types.fields);
  const kind = catalogue.get(type.object);
  const lists = new Set(kind && relatedLists(kind, catalogue));
  const check = (field: string, fields: readonly string[], listed: readonly string[]) => {
    const unknown = fields.find((name) => !Object.hasOwn(type.fields, name));
    if (unknown !== undefined)
      throw new Refusal('invalid', { code: 'unknownField', params: { field: unknown }, field });
    const list = listed.find((name) => !lists.has(name));
    if (list !== undefined) throw new Refusal('invalid', { code: 'unknownList', params: { list }, field });
  };
  sections.forEach(({ fields, lists: listed, showIf }, i) => {
    check(`config.sections.${i}`, [...fields, ...(showIf ? fieldsIn(showIf as Filter) : [])], listed);
  });
  check('config.hidden', hidden, []);
  check('config.related', [], related);
  check('config.hiddenLists', [], hiddenLists);
}
