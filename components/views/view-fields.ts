import type { CatalogueObject } from '@/domain/catalogue';
import type { Field } from '@/domain/fields';

const grouped = new Set<Field['type']>([
  'choice',
  'choices',
  'currency',
  'boolean',
  'rating',
  'member',
  'team',
  'reference',
  'date',
  'datetime',
]);
const summed = new Set<Field['type']>(['number', 'integer', 'money', 'percent', 'rating']);

const named = ({ fields }: CatalogueObject, fits: (field: Field) => boolean) =>
  Object.keys(fields).filter((name) => {
    const field = fields[name];
    return field !== undefined && fits(field);
  });

/** Fields a table can be grouped by. */
export const groupFields = (kind: CatalogueObject): string[] => named(kind, ({ type }) => grouped.has(type));
/** Fields that can be summed up. */
export const totalFields = (kind: CatalogueObject): string[] => named(kind, ({ type }) => summed.has(type));
/** Choice fields whose values can be the columns of a board. */
export const boardFields = (kind: CatalogueObject): string[] =>
  named(kind, ({ type, choices }) => type === 'choice' && (choices?.length ?? 0) > 0);
/** Fields by which a calendar can place records; those nobody sets stand last. */
export const dateFields = (kind: CatalogueObject): string[] => {
  const all = named(kind, ({ type }) => type === 'date' || type === 'datetime');
  return [...all.filter((name) => !kind.fields[name]?.readOnly), ...all.filter((name) => kind.fields[name]?.readOnly)];
};
