import { z } from 'zod';
import type { CatalogueObject } from './catalogue';
import { labelsSchema } from './custom-fields';
import { holds } from './filter-eval';
import { type Filter, filterSchema } from './filters';
import { type Role, roles } from './permissions';

/**
 * How the page of a record is laid out: sections in order, each with its fields, some only while the record meets a
 * condition. What a layout does not name (a field made since) stands in the last section, so nothing is lost by it.
 */
const sectionSchema = z.strictObject({
  id: z
    .string()
    .max(40)
    .regex(/^[\w-]+$/),
  /** In the product's languages; sections of the product's own have none and take their name from it. */
  label: labelsSchema.nullable(),
  fields: z.array(z.string().max(60)).max(600),
  showIf: filterSchema.nullable(),
});
export const layoutSchema = z
  .strictObject({
    sections: z.array(sectionSchema).max(40, { error: 'tooMany' }),
    /** Fields that this page does not show; rights are not its business. */
    hidden: z.array(z.string().max(60)).max(600),
  })
  .refine(({ sections }) => new Set(sections.map(({ id }) => id)).size === sections.length, {
    error: 'duplicate',
    path: ['sections'],
  })
  .refine(
    ({ sections, hidden }) => {
      const named = [...sections.flatMap(({ fields }) => fields), ...hidden];
      return new Set(named).size === named.length;
    },
    { error: 'fieldTwice', path: ['sections'] },
  );
export type LayoutConfig = z.infer<typeof layoutSchema>;
export type LayoutSection = LayoutConfig['sections'][number];

/** For whom a layout is: everybody, or one role; a role's own comes first. */
export const layoutRoles = ['all', ...roles] as const;
export type LayoutRole = (typeof layoutRoles)[number];

export interface StoredLayout {
  object: string;
  role: LayoutRole;
  config: LayoutConfig;
}

/**
 * The layout of an object's page for a role: the role's own, else everybody's; null where nobody has arranged it, so that
 * the product's own order holds. Fields the object no longer has are left out, fields the layout does not know are put
 * into its last section.
 */
export function layoutFor(
  object: Pick<CatalogueObject, 'name' | 'title' | 'fields'>,
  role: Role,
  layouts: readonly StoredLayout[],
): LayoutConfig | null {
  const mine = layouts.filter((layout) => layout.object === object.name && layout.config.sections.length > 0);
  const chosen = mine.find((layout) => layout.role === role) ?? mine.find((layout) => layout.role === 'all');
  if (!chosen) return null;
  const { sections, hidden } = chosen.config;
  const there = (name: string) => name !== object.title && Object.hasOwn(object.fields, name);
  const known = new Set([...sections.flatMap(({ fields }) => fields), ...hidden]);
  const added = Object.keys(object.fields).filter((name) => there(name) && !known.has(name));
  return {
    hidden: hidden.filter(there),
    sections: sections.map((section, i) => ({
      ...section,
      fields: [...section.fields.filter(there), ...(i === sections.length - 1 ? added : [])],
    })),
  };
}

/** Sections whose condition a record meets, those without fields left out. */
export function sectionsShown(
  layout: LayoutConfig,
  row: Readonly<Record<string, unknown>>,
  about: { now: number; memberId: string },
): LayoutSection[] {
  return layout.sections.filter(
    ({ fields, showIf }) => fields.length > 0 && (showIf === null || holds(showIf as Filter, row, about)),
  );
}
