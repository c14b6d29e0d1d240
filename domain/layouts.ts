import { z } from 'zod';
import type { CatalogueObject } from './catalogue';
import { labelsSchema } from './custom-fields';
import { fieldsIn, holds } from './filter-eval';
import { type Filter, filterSchema } from './filters';
import { type Role, roles } from './permissions';

const fieldNames = z.array(z.string().max(60)).max(600);
/** Names of `relatedLists` in domain/related-lists.ts. */
const listNames = z.array(z.string().max(130)).max(600);

/**
 * How the page of a record is laid out: sections in order, each with its fields and related lists, some only while the
 * record meets a condition; and the lists that stand beside, in order. What a layout does not name was made since: a
 * field stands in the last section that is always there, a list at the end of those beside. Without sections the fields
 * stand as the product has them.
 */
const sectionSchema = z.strictObject({
  id: z
    .string()
    .max(40)
    .regex(/^[\w-]+$/),
  /** In the product's languages; sections of the product's own have none and take their name from it. */
  label: labelsSchema.nullable(),
  fields: fieldNames,
  lists: listNames.default([]),
  showIf: filterSchema.nullable(),
});
export const layoutSchema = z
  .strictObject({
    sections: z.array(sectionSchema).max(40, { error: 'tooMany' }),
    /** Fields that this page does not show; rights are not its business. */
    hidden: fieldNames,
    /** Related lists beside the record, in order. */
    related: listNames.default([]),
    /** Related lists that this page neither shows nor asks for. */
    hiddenLists: listNames.default([]),
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
  )
  .refine(
    (layout) => {
      const named = listsIn(layout);
      return new Set(named).size === named.length;
    },
    { error: 'listTwice', path: ['related'] },
  );
export type LayoutConfig = z.infer<typeof layoutSchema>;
export type LayoutSection = LayoutConfig['sections'][number];

interface Lists {
  sections: readonly { lists: readonly string[] }[];
  related: readonly string[];
  hiddenLists: readonly string[];
}

/** Every related list a layout names, wherever it puts it. */
function listsIn({ sections, related, hiddenLists }: Lists): string[] {
  return [...sections.flatMap(({ lists }) => lists), ...related, ...hiddenLists];
}

/** Whether a layout says anything; one that does not leaves the page as the product has it. */
export function isArranged({ sections, hidden, related, hiddenLists }: LayoutConfig): boolean {
  return [sections, hidden, related, hiddenLists].some((part) => part.length > 0);
}

/** For whom a layout is: everybody, or one role; a role's own comes first. */
export const layoutRoles = ['all', ...roles] as const;
export type LayoutRole = (typeof layoutRoles)[number];

export interface StoredLayout {
  object: string;
  role: LayoutRole;
  config: LayoutConfig;
}

/** Where fields stand that a layout does not name and that no section of it would always show. */
const unplaced = 'unplaced';

/**
 * The layout of an object's page for a role: the role's own, else everybody's; null where nobody has arranged it, so that
 * the product's own order holds. Fields and lists that are no longer there are left out, those the layout does not name
 * are added where they are always seen.
 * @param lists names of all that can stand beside a record: `relatedLists`
 */
export function layoutFor(
  object: Pick<CatalogueObject, 'name' | 'title' | 'fields'>,
  role: Role,
  layouts: readonly StoredLayout[],
  lists: readonly string[],
): LayoutConfig | null {
  const mine = layouts.filter(({ object: name, config }) => name === object.name && isArranged(config));
  const chosen = mine.find((layout) => layout.role === role) ?? mine.find((layout) => layout.role === 'all');
  if (!chosen) return null;
  const { sections, hidden, related, hiddenLists } = chosen.config;
  const known = (name: string) => Object.hasOwn(object.fields, name);
  const there = (name: string) => name !== object.title && known(name);
  const placed = new Set([...sections.flatMap(({ fields }) => fields), ...hidden]);
  const added = Object.keys(object.fields).filter((name) => there(name) && !placed.has(name));
  const listed = (name: string) => lists.includes(name);
  const named = new Set(listsIn(chosen.config));
  const standing = sections.map((section) => ({
    ...section,
    fields: section.fields.filter(there),
    lists: section.lists.filter(listed),
    // A condition on a field that is gone would hide the section for good.
    showIf: section.showIf && fieldsIn(section.showIf as Filter).every(known) ? section.showIf : null,
  }));
  const last = standing.findLast(({ showIf }) => showIf === null);
  if (last) last.fields.push(...added);
  else if (standing.length > 0 && added.length > 0)
    standing.push({ id: unplaced, label: null, fields: added, lists: [], showIf: null });
  return {
    sections: standing,
    hidden: hidden.filter(there),
    related: [...related.filter(listed), ...lists.filter((name) => !named.has(name))],
    hiddenLists: hiddenLists.filter(listed),
  };
}

/** Sections whose condition a record meets, those with nothing in them left out. */
export function sectionsShown(
  layout: LayoutConfig,
  row: Readonly<Record<string, unknown>>,
  about: { now: number; memberId: string },
): LayoutSection[] {
  return layout.sections.filter(
    ({ fields, lists, showIf }) =>
      fields.length + lists.length > 0 && (showIf === null || holds(showIf as Filter, row, about)),
  );
}
