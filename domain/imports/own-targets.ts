import type { z } from 'zod';
import type { ObjectDefinition } from '../catalogue';
import { type FieldDefinition, fieldOf, isOwnField, isOwnObject, type OwnFieldType } from '../custom-fields';
import type { OwnObject } from '../fields';
import type { ColumnMatch } from './columns';
import { headerKey } from './keys';
import { partsHeaders } from './products/guanxi-parts';
import { byId, type Target } from './targets';

/** Fields that are filled by other ways than a column of a file. */
const closed = new Set<OwnFieldType>(['file', 'formula', 'rollup']);
/** Kinds of records that a text may name, beside those a tenant made. */
const named = ['company', 'contact', 'product', 'member', 'deal', 'task'] as const;

/**
 * The targets that a tenant's own fields of an object are.
 * @param has whether the tenant has an object: a field that points to one in the bin takes nothing
 */
export function ownTargets(definitions: readonly FieldDefinition[], has: (object: string) => boolean): Target[] {
  return definitions.flatMap((own): Target[] => {
    if (closed.has(own.type)) return [];
    const { type, to, choices } = fieldOf(own);
    const base = { name: own.key, field: own.key, type, own };
    if (!to) return [{ ...base, kind: 'value', choices }];
    const known = isOwnObject(to) ? has(to) && to : named.find((object) => object === to);
    if (!known) return [];
    const target: Target = { ...base, kind: 'reference', to: known };
    // Links are records of their own: they set no field of this one.
    if (type === 'relation') Object.assign(target, { field: undefined, many: true });
    return [target, byId(target)];
  });
}

/** Whether a column may go to a tenant's own field of that name, should there be one: by text, or by the source's id. */
export const isOwnTarget = (name: string): boolean => isOwnField(name.replace(/ExternalId$/, ''));

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

/** What a tenant has added to an object. */
export interface OwnTargets {
  targets: readonly Target[];
  /** The object itself, where the tenant made it. */
  definition?: Pick<ObjectDefinition, 'label' | 'titleLabel'>;
}

/** Columns headed by the label or key of an own field, or by what an own object's records are called by. */
export function matchOwn(matches: readonly ColumnMatch[], { targets, definition }: OwnTargets): ColumnMatch[] {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  const learn = (target: string, labels: readonly (string | undefined)[]) => {
    for (const key of labels.map((label) => headerKey(label ?? '')))
      if (key !== '' && !names.has(key)) names.set(key, target);
  };
  for (const { name, own } of targets) learn(name, namesOf(name, own));
  if (definition) learn('name', titlesOf(definition));
  const settled = matches.map((match): ColumnMatch => {
    const target = names.get(headerKey(match.header));
    // A label of the tenant's own is surer than what the word usually means.
    const isSure = match.target !== null && match.confidence > 0.95 && !definition;
    if (!target || isSure || taken.has(target)) return match;
    taken.add(target);
    return { ...match, target, confidence: 0.97, reason: { code: 'name' } };
  });
  return settled.map((match) =>
    match.target !== null && taken.has(match.target) && names.get(headerKey(match.header)) !== match.target
      ? { ...match, target: null, confidence: 0, reason: { code: 'taken', params: { target: match.target } } }
      : match,
  );
}

/** What the header of a field's column may say; of the column with the source's ids, the same and that it is ids. */
function namesOf(name: string, own: FieldDefinition | undefined): (string | undefined)[] {
  const labels = [own?.label.en, own?.label.zh];
  const parts = own?.type === 'address' ? labels.flatMap((label) => (label ? partsHeaders(label) : [])) : [];
  if (name === own?.key) return [...labels, name, ...parts];
  return labels.flatMap((label) => (label ? ['id', '编号'].map((word) => `${label} ${word}`) : []));
}

/** What the column of the names may be headed: the label it was given, or what one record is called. */
function titlesOf({ label, titleLabel }: Pick<ObjectDefinition, 'label' | 'titleLabel'>): (string | undefined)[] {
  const nouns = [label.en?.one, label.en && `${label.en.one} name`, label.zh?.one, label.zh && `${label.zh.one}名称`];
  return [titleLabel?.en, titleLabel?.zh, ...nouns];
}

/**
 * The object a tenant made that a file seems to hold: the one whose own labels its headers are, or whose name the file
 * has. Null when none stands out.
 */
export function guessOwnObject(
  objects: readonly { key: OwnObject; definition: ObjectDefinition; targets: readonly Target[] }[],
  headers: readonly string[],
  fileName: string,
): { object: OwnObject; confidence: number } | null {
  const keys = headers.map(headerKey).filter((key) => key !== '');
  const file = headerKey(fileName.replace(/\.\w+$/, ''));
  const scored = objects.map(({ key, definition, targets }) => {
    const known = new Set(
      [...targets.flatMap(({ name, own }) => namesOf(name, own)), ...titlesOf(definition)].map((n) =>
        headerKey(n ?? ''),
      ),
    );
    const explained = keys.filter((header) => known.has(header)).length;
    const { en, zh } = definition.label;
    const called = [en?.one, en?.other, zh?.one, zh?.other].some((noun) => noun && file.includes(headerKey(noun)));
    const score = Math.min(1, explained / Math.max(1, keys.length)) * 0.7 + (called ? 0.29 : 0);
    return { object: key, confidence: Math.round(score * 100) / 100, explained, called };
  });
  const [best] = scored.sort((a, b) => b.confidence - a.confidence);
  // One header may be called so by chance; a file's name alone says what it holds.
  return best && (best.called || best.explained >= 2) ? { object: best.object, confidence: best.confidence } : null;
}
