import { sectionsOf } from '@/components/records/record-sections';
import type { CatalogueObject } from '@/domain/catalogue';
import type { Labels } from '@/domain/custom-fields';
import { type LayoutConfig, type LayoutSection, layoutFor, type StoredLayout } from '@/domain/layouts';
import type { Role } from '@/domain/permissions';

/** What is moved about: a field by its name, a related list by its own with this before it. */
const listMark = 'list:';

/** The list an item is; undefined for a field. */
export function listOf(item: string): string | undefined {
  return item.startsWith(listMark) ? item.slice(listMark.length) : undefined;
}

/** Where the lists beside the record stand; no section can be called so. */
export const aside = '@related';

export const emptyLayout: LayoutConfig = { sections: [], hidden: [], related: [], hiddenLists: [] };

/** The page as it is for a role, or for everyone, with all its sections written out, for an admin to begin from. */
export function beginLayout(
  kind: CatalogueObject,
  role: Role | 'all',
  layouts: readonly StoredLayout[],
  lists: readonly string[],
): LayoutConfig {
  const stored = role === 'all' ? layouts.filter((each) => each.role === 'all') : layouts;
  // With only everyone's at hand, any role has that.
  const layout = layoutFor(kind, role === 'all' ? 'owner' : role, stored, lists);
  const base = layout ?? { ...emptyLayout, related: [...lists] };
  return base.sections.length > 0 ? base : { ...base, sections: standardSections(kind, base.hidden) };
}

/** The layout as it is stored: without labels that were emptied, and without sections while they are the product's own. */
export function storedLayout(kind: CatalogueObject, layout: LayoutConfig): LayoutConfig {
  const sections = layout.sections.map((section) => ({ ...section, label: filledLabels(section.label) }));
  const standard = JSON.stringify(sections) === JSON.stringify(standardSections(kind, layout.hidden));
  return { ...layout, sections: standard ? [] : sections };
}

function standardSections(kind: CatalogueObject, hidden: readonly string[]): LayoutSection[] {
  return sectionsOf(kind, hidden).map(({ name, fields }) => {
    return { id: name, label: null, fields, lists: [], showIf: null };
  });
}

function filledLabels(labels: Labels | null): Labels | null {
  const filled = Object.entries(labels ?? {}).filter(([, text]) => text.trim() !== '');
  return filled.length > 0 ? Object.fromEntries(filled) : null;
}

/** Fields and then lists of a section, or the lists beside the record. */
export function itemsIn(layout: LayoutConfig, place: string): string[] {
  const section = layout.sections.find(({ id }) => id === place);
  const lists = place === aside ? layout.related : (section?.lists ?? []);
  return [...(section?.fields ?? []), ...lists.map((name) => listMark + name)];
}

/** The layout with a place holding these items; lists stand after fields, and beside the record nothing but lists. */
export function withItems(layout: LayoutConfig, place: string, items: readonly string[]): LayoutConfig {
  const lists = items.flatMap((item) => listOf(item) ?? []);
  if (place === aside) return { ...layout, related: lists };
  const fields = items.filter((item) => listOf(item) === undefined);
  return withSection(layout, place, { fields, lists });
}

export function withSection(layout: LayoutConfig, id: string, part: Partial<LayoutSection>): LayoutConfig {
  const sections = layout.sections.map((section) => (section.id === id ? { ...section, ...part } : section));
  return { ...layout, sections };
}

/** The layout with an item moved to a place, at the end of it unless told how many stand before. */
export function moved(layout: LayoutConfig, item: string, place: string, at = Number.POSITIVE_INFINITY): LayoutConfig {
  const rest = without(layout, item);
  const items = itemsIn(rest, place);
  return withItems(rest, place, items.toSpliced(Math.min(at, items.length), 0, item));
}

/** The layout with an item that the page does not show. */
export function hiding(layout: LayoutConfig, item: string): LayoutConfig {
  const rest = without(layout, item);
  const list = listOf(item);
  return list === undefined
    ? { ...rest, hidden: [...rest.hidden, item] }
    : { ...rest, hiddenLists: [...rest.hiddenLists, list] };
}

/** The layout with a hidden item shown again: a field in the last section, a list beside the record. */
export function showing(layout: LayoutConfig, item: string): LayoutConfig {
  return moved(layout, item, listOf(item) === undefined ? (layout.sections.at(-1)?.id ?? '') : aside);
}

/** Hidden fields, then hidden lists, as items. */
export function hiddenItems({ hidden, hiddenLists }: LayoutConfig): string[] {
  return [...hidden, ...hiddenLists.map((name) => listMark + name)];
}

/** The layout without a section; what stood in it is not lost: it goes to the end of the first one left. */
export function withoutSection(layout: LayoutConfig, id: string): LayoutConfig {
  const gone = layout.sections.find((section) => section.id === id);
  const [first, ...others] = layout.sections.filter((section) => section.id !== id);
  if (!gone || !first) return layout;
  const fields = [...first.fields, ...gone.fields];
  return { ...layout, sections: [{ ...first, fields, lists: [...first.lists, ...gone.lists] }, ...others] };
}

function without(layout: LayoutConfig, item: string): LayoutConfig {
  const list = listOf(item);
  return {
    sections: layout.sections.map((section) => ({
      ...section,
      fields: section.fields.filter((name) => name !== item),
      lists: section.lists.filter((name) => name !== list),
    })),
    hidden: layout.hidden.filter((name) => name !== item),
    related: layout.related.filter((name) => name !== list),
    hiddenLists: layout.hiddenLists.filter((name) => name !== list),
  };
}
