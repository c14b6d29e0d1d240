import { z } from 'zod';
import { type FieldDefinition, labelsSchema, type OwnFieldType, settingsSchema } from '../custom-fields';
import { ownTargets } from './own-targets';
import type { Target } from './targets';

/** Types of fields that a column of texts can be made into. */
export const newFieldTypes = [
  'text',
  'longText',
  'number',
  'money',
  'percent',
  'date',
  'datetime',
  'boolean',
  'choice',
  'choices',
  'email',
  'phone',
  'link',
  'address',
] as const satisfies readonly OwnFieldType[];
export type NewFieldType = (typeof newFieldTypes)[number];

/** Rules that a column's values tell. */
const guessed = ['choices', 'currency', 'decimals', 'to'];
/** What a field of an object made from a file may name. */
const named = ['company', 'contact', 'product', 'deal'];

/** A field that an import is to make from a column. */
export const newFieldSchema = z
  .strictObject({
    // References are made for an object of the file's own alone.
    type: z.enum([...newFieldTypes, 'reference']),
    label: labelsSchema,
    settings: settingsSchema
      .refine((settings) => Object.keys(settings).every((name) => guessed.includes(name)), { error: 'settingUnfit' })
      .optional(),
  })
  .refine(({ type, settings }) => (type === 'reference' ? named.includes(settings?.to ?? '') : !settings?.to), {
    error: 'settingUnfit',
    path: ['settings'],
  });
export type NewField = z.infer<typeof newFieldSchema>;

interface Column {
  index: number;
  target: string | null;
  create?: NewField;
}

/** What a column's field is called in a plan while it is not made yet. */
export const draftKey = (index: number): string => `c_new_${index}`;

/** Whether a field of a plan is one that is to be made: no record has anything in it yet. */
export const isDrafted = (columns: readonly Column[], field: string): boolean =>
  columns.some(({ index, target, create }) => create && target === null && draftKey(index) === field);

/** The fields a plan would make, as definitions nobody has stored: what a dry run reads their columns by. */
export function draftDefinitions(object: string, columns: readonly Column[]): FieldDefinition[] {
  return columns.flatMap(({ index, target, create }) => {
    if (target !== null || !create) return [];
    const { type, label, settings = {} } = create;
    const key = draftKey(index);
    return [{ id: key, version: 1, object, key, type, label, help: null, required: false, settings, position: index }];
  });
}

/** The same as targets of their columns. */
export function draftTargets(object: string, columns: readonly Column[]): Target[] {
  return ownTargets(draftDefinitions(object, columns), () => true);
}

/** Columns that go to the fields they would make, as if those were there. */
export function draftedColumns<C extends Column>(columns: readonly C[]): C[] {
  return columns.map((column) =>
    column.create && column.target === null ? { ...column, target: draftKey(column.index) } : column,
  );
}
