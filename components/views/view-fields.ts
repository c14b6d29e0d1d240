import type { CatalogueObject } from '@/domain/catalogue';
import type { Field, Fields } from '@/domain/fields';
import { groupedTypes, summedTypes, type ViewConfig, type ViewKind } from '@/domain/views';

const named = ({ fields }: CatalogueObject, fits: (field: Field) => boolean) =>
  Object.keys(fields).filter((name) => {
    const field = fields[name];
    return field !== undefined && fits(field);
  });

/** Fields a table can be grouped by. */
export const groupFields = (kind: CatalogueObject): string[] =>
  named(kind, ({ type }) => groupedTypes.has(type) || type === 'date' || type === 'datetime');
/** Fields that can be summed up. */
export const totalFields = (kind: CatalogueObject): string[] => named(kind, ({ type }) => summedTypes.has(type));
/** What a deal's board is made of when nothing else is said: the stages of a pipeline. */
export const stages = 'stageId';
/** What the columns of a board can be: the stages where there are any, and every choice. */
export const boardChoices = (kind: CatalogueObject): string[] => [
  ...(kind.fields[stages]?.to === 'stage' ? [stages] : []),
  ...boardFields(kind),
];
/** Whether a list is shown as a pipeline. */
export const showsStages = ({ kind, config }: { kind: ViewKind; config: ViewConfig }, fields: Fields): boolean =>
  kind === 'board' && fields[stages]?.to === 'stage' && (config.board ?? stages) === stages;
/** A view without what its object no longer has, so that an old view or link still shows the list. */
export function feasible({ sort, group, totals, ...config }: ViewConfig, kind: CatalogueObject): ViewConfig {
  const sorts = sort?.filter(({ field }) => Object.hasOwn(kind.fields, field) && !kind.fields[field]?.opaque);
  const groups = group && groupFields(kind).includes(group.field);
  const summable = new Set(totalFields(kind));
  const sums = Object.entries(totals ?? {}).filter(([name]) => summable.has(name));
  return {
    ...config,
    ...(sorts && sorts.length > 0 ? { sort: sorts } : {}),
    ...(groups ? { group } : {}),
    ...(sums.length > 0 ? { totals: Object.fromEntries(sums) } : {}),
  };
}

/** So many fields stand under the title of a card. */
export const mostOnCards = 6;

/** Choice fields whose values can be the columns of a board. */
export const boardFields = (kind: CatalogueObject): string[] =>
  named(kind, ({ type, choices }) => type === 'choice' && (choices?.length ?? 0) > 0);
/** Fields by which a calendar can place records; those nobody sets stand last. */
export const dateFields = (kind: CatalogueObject): string[] => {
  const all = named(kind, ({ type }) => type === 'date' || type === 'datetime');
  return [...all.filter((name) => !kind.fields[name]?.readOnly), ...all.filter((name) => kind.fields[name]?.readOnly)];
};
