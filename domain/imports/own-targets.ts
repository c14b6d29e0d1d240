import type { z } from 'zod';
import { type FieldDefinition, fieldOf, type OwnFieldType } from '../custom-fields';
import type { ColumnMatch } from './columns';
import { headerKey } from './keys';
import type { Target } from './targets';

/** Fields that are filled by other ways than a column of a file. */
const closed = new Set<OwnFieldType>(['relation', 'file', 'formula', 'rollup']);
/** Kinds of records that a text may name. */
const named = ['company', 'contact', 'product', 'member'] as const;

/** The targets that a tenant's own fields of an object are. */
export function ownTargets(definitions: readonly FieldDefinition[]): Target[] {
  return definitions.flatMap((own): Target[] => {
    if (closed.has(own.type)) return [];
    const { type, to, choices } = fieldOf(own);
    const base = { name: own.key, field: own.key, type, own };
    if (!to) return [{ ...base, kind: 'value', choices }];
    const known = named.find((object) => object === to);
    return known ? [{ ...base, kind: 'reference', to: known }] : [];
  });
}

const schemas = new WeakMap<FieldDefinition, z.ZodType>();

/** What a value of an own field must be. */
export function ownSchema(own: FieldDefinition): z.ZodType {
  let schema = schemas.get(own);
  if (!schema) {
    schema = fieldOf(own).schema;
    schemas.set(own, schema);
  }
  return schema;
}

/** The choice a cell means: by its label in either language, or by its value. */
export function ownChoiceMeant({ settings }: FieldDefinition, text: string): string | undefined {
  const key = headerKey(text);
  const names = ({ value, label }: NonNullable<typeof settings.choices>[number]) => [label.en, label.zh, value];
  const exact = settings.choices?.find((choice) => names(choice).includes(text.trim()));
  if (exact || key === '') return exact?.value;
  return settings.choices?.find((choice) => names(choice).some((name) => name && headerKey(name) === key))?.value;
}

/** Columns headed by the label or key of an own field, unless they are surely something else. */
export function matchOwn(matches: readonly ColumnMatch[], targets: readonly Target[]): ColumnMatch[] {
  const taken = new Set<string>();
  return matches.map((match) => {
    if (match.target !== null && match.confidence > 0.95) return match;
    const key = headerKey(match.header);
    const target = targets.find(
      ({ name, own }) =>
        !taken.has(name) && [own?.label.en, own?.label.zh, name].some((label) => label && headerKey(label) === key),
    );
    if (!target || key === '') return match;
    taken.add(target.name);
    return { ...match, target: target.name, confidence: 0.97, reason: { code: 'name' } };
  });
}
