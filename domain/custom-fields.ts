import { z } from 'zod';
import * as f from './fields';
import { type Filter, filterSchema } from './filters';
import { tones } from './tones';

/**
 * Fields that a tenant makes for itself, on standard objects and on its own. A definition is data; `fieldOf` makes of
 * it what the catalogue holds for a standard field, so that forms, tables, filters, imports and REST know no difference.
 */
export const ownFieldTypes = [
  'text',
  'longText',
  'number',
  'money',
  'percent',
  'date',
  'datetime',
  'time',
  'boolean',
  'choice',
  'choices',
  'rating',
  'email',
  'phone',
  'link',
  'address',
  'member',
  'reference',
  'relation',
  'file',
  'formula',
  'rollup',
] as const;
export type OwnFieldType = (typeof ownFieldTypes)[number];

/** A text in the product's languages; one of them at least. */
export interface Labels {
  en?: string;
  zh?: string;
}

/** What an object is called: one of it and many of it. */
export interface ObjectLabels {
  en?: { one: string; other: string };
  zh?: { one: string; other: string };
}

export interface Choice {
  /** Stored with the records; never changes. */
  value: string;
  label: Labels;
  tone: (typeof tones)[number];
  /** Kept where it is set, no longer offered. */
  retired?: boolean;
}

export const linkAttributeTypes = ['text', 'number', 'date', 'boolean'] as const;
/** What a link of a relation says besides its two ends. */
export interface LinkAttribute {
  key: string;
  label: Labels;
  type: (typeof linkAttributeTypes)[number];
}

export const resultTypes = ['text', 'number', 'money', 'percent', 'date', 'datetime', 'boolean'] as const;
export type ResultType = (typeof resultTypes)[number];

export const rollupFunctions = ['count', 'sum', 'min', 'max', 'avg'] as const;

export interface Rollup {
  /** The object whose records are summed up, and its field that points here. */
  object: string;
  through: string;
  fn: (typeof rollupFunctions)[number];
  /** The field summed up; none for `count`. */
  field?: string;
  filter?: Filter;
}

/** The rules of a field, each for some types only (`settingsByType`). */
export interface FieldSettings {
  choices?: Choice[];
  min?: number;
  max?: number;
  /** Digits after the point that are kept and shown: 0 to 6. */
  decimals?: number;
  maxLength?: number;
  /** A regular expression in RE2's syntax that the whole text must match, and what to say when it does not. */
  pattern?: { expression: string; message?: Labels };
  /** ISO 4217; amounts are in its minor units. */
  currency?: string;
  to?: string;
  /** What the other side's list of records is called. */
  inverse?: Labels;
  attributes?: LinkAttribute[];
  default?: unknown;
  unique?: boolean;
  showIf?: Filter;
  requireIf?: Filter;
  formula?: string;
  result?: ResultType;
  rollup?: Rollup;
  /** Offered when a record is made in a hurry. */
  prominent?: boolean;
}

export interface FieldDefinition {
  id: string;
  version: number;
  object: string;
  /** `c_budget`. */
  key: string;
  type: OwnFieldType;
  label: Labels;
  help: Labels | null;
  required: boolean;
  settings: FieldSettings;
  position: number;
}

/** Most objects of one tenant. */
export const maxObjects = 50;

const fieldKey = /^c_[a-z0-9]+(?:_[a-z0-9]+)*$/;
const objectKey = /^o_[a-z0-9]+(?:_[a-z0-9]+)*$/;
export const isOwnField = (name: string): name is `c_${string}` => name.startsWith('c_') && fieldKey.test(name);
export const isOwnObject = (name: string): name is f.OwnObject => name.startsWith('o_') && objectKey.test(name);
export const fieldKeySchema = z.string().max(60).regex(fieldKey, { error: 'badKey' });
export const objectKeySchema = z.string().max(60).regex(objectKey, { error: 'badKey' });

const short = f.lineSchema(80);
export const labelsSchema = z
  .strictObject({ en: short.optional(), zh: short.optional() })
  .refine((labels) => labels.en !== undefined || labels.zh !== undefined, { error: 'required' });
const helpSchema = z.strictObject({ en: f.textSchema(500).optional(), zh: f.textSchema(500).optional() });
const nouns = z.strictObject({ one: short, other: short });
export const objectLabelsSchema = z
  .strictObject({ en: nouns.optional(), zh: nouns.optional() })
  .refine((labels) => labels.en !== undefined || labels.zh !== undefined, { error: 'required' });

const slug = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(?:_[a-z0-9]+)*$/, { error: 'badKey' });
const choiceSchema = z.strictObject({
  value: slug,
  label: labelsSchema,
  tone: z.enum(tones),
  retired: z.boolean().optional(),
});
const settingSchemas = {
  choices: z
    .array(choiceSchema)
    .min(1, { error: 'required' })
    .max(500)
    .refine((list) => new Set(list.map(({ value }) => value)).size === list.length, { error: 'duplicate' }),
  min: z.number(),
  max: z.number(),
  decimals: z.int().min(0).max(6),
  maxLength: z.int().min(1).max(20_000),
  pattern: z.strictObject({ expression: f.textSchema(500), message: labelsSchema.optional() }),
  currency: z.string().regex(/^[A-Z]{3}$/, { error: 'currency' }),
  to: z.string().max(60),
  inverse: labelsSchema,
  attributes: z
    .array(z.strictObject({ key: slug, label: labelsSchema, type: z.enum(linkAttributeTypes) }))
    .max(10)
    .refine((list) => new Set(list.map(({ key }) => key)).size === list.length, { error: 'duplicate' }),
  default: f.anyValue,
  unique: z.boolean(),
  showIf: filterSchema,
  requireIf: filterSchema,
  formula: f.textSchema(2000),
  result: z.enum(resultTypes),
  rollup: z.strictObject({
    object: z.string().max(60),
    through: z.string().max(60),
    fn: z.enum(rollupFunctions),
    field: z.string().max(60).optional(),
    filter: filterSchema.optional(),
  }),
  prominent: z.boolean(),
} satisfies Record<keyof FieldSettings, z.ZodType>;

type SettingName = keyof FieldSettings;
const conditions: SettingName[] = ['showIf', 'requireIf', 'prominent'];
const entered: SettingName[] = [...conditions, 'default'];
const textual: SettingName[] = [...entered, 'unique', 'maxLength', 'pattern'];
const numeric: SettingName[] = [...entered, 'unique', 'min', 'max', 'decimals'];
/** Which rules a type of field knows; others are refused. */
export const settingsByType: Record<OwnFieldType, readonly SettingName[]> = {
  text: textual,
  longText: [...entered, 'maxLength'],
  number: numeric,
  money: [...numeric, 'currency'],
  percent: numeric,
  date: [...entered, 'unique'],
  datetime: entered,
  time: entered,
  boolean: entered,
  choice: [...entered, 'choices'],
  choices: [...entered, 'choices'],
  rating: [...entered, 'max'],
  email: [...entered, 'unique'],
  phone: [...entered, 'unique'],
  link: [...entered, 'unique'],
  address: conditions,
  member: entered,
  reference: [...conditions, 'to', 'inverse', 'unique'],
  relation: ['showIf', 'prominent', 'to', 'inverse', 'attributes'],
  file: conditions,
  formula: ['showIf', 'formula', 'result', 'decimals', 'currency'],
  rollup: ['showIf', 'rollup', 'result', 'decimals', 'currency'],
};
const needed: Partial<Record<OwnFieldType, readonly SettingName[]>> = {
  choice: ['choices'],
  choices: ['choices'],
  reference: ['to'],
  relation: ['to'],
  formula: ['formula'],
  rollup: ['rollup'],
};

const numbers = ['number', 'percent', 'money', 'rating'] as const;
/** Types whose values are texts, into which a number can be written. */
export const worded = ['text', 'longText', 'email', 'phone', 'link'] as const;
const all = [...numbers, ...worded] as const;

/** What a field of a type can become. Whether a value can is another question. */
export const convertible: Partial<Record<OwnFieldType, readonly OwnFieldType[]>> = {
  text: ['longText', 'email', 'phone', 'link', 'number', 'date'],
  longText: ['text'],
  email: ['text', 'longText'],
  phone: ['text', 'longText'],
  link: ['text', 'longText'],
  number: all,
  percent: all,
  money: all,
  rating: all,
  date: ['datetime', 'text'],
  datetime: ['date', 'text'],
  time: ['text'],
  choice: ['choices', 'text'],
  choices: ['choice', 'text'],
};

/** The rules of a field of a type as they may come in. Whether they fit the catalogue is the server's to say. */
export const settingsSchema = z.strictObject(
  Object.fromEntries(Object.entries(settingSchemas).map(([name, schema]) => [name, schema.optional()])),
) as unknown as z.ZodType<FieldSettings>;

/** What is wrong with the rules of a field of this type, by setting; empty when nothing is. */
export function settingProblems(type: OwnFieldType, settings: FieldSettings): { setting: SettingName; code: string }[] {
  const known = settingsByType[type];
  const problems: { setting: SettingName; code: string }[] = [];
  for (const name of Object.keys(settings) as SettingName[]) {
    if (settings[name] !== undefined && !known.includes(name)) problems.push({ setting: name, code: 'settingUnfit' });
  }
  for (const name of needed[type] ?? []) {
    if (settings[name] === undefined) problems.push({ setting: name, code: 'required' });
  }
  const { min, max } = settings;
  // Copies hold so much of a text: what is longer could not be told apart.
  if (settings.unique && (type === 'text' || type === 'link') && (settings.maxLength ?? 201) > 200)
    problems.push({ setting: 'maxLength', code: 'uniqueTooLong' });
  if (min !== undefined && max !== undefined && min > max) problems.push({ setting: 'max', code: 'numberTooSmall' });
  if (type === 'rating' && max !== undefined && !(Number.isInteger(max) && max >= 2 && max <= 10))
    problems.push({ setting: 'max', code: 'integer' });
  return problems;
}

export const fieldInput = z.strictObject({
  object: z.string().max(60),
  key: fieldKeySchema.optional(),
  type: z.enum(ownFieldTypes),
  label: labelsSchema,
  help: helpSchema.nullable().optional(),
  required: z.boolean().optional(),
  settings: settingsSchema.optional(),
});
export type FieldInput = z.infer<typeof fieldInput>;
export const fieldUpdate = fieldInput.omit({ object: true, key: true, type: true }).partial();
export type FieldUpdate = z.infer<typeof fieldUpdate>;

/** A postal address as one value. */
export const addressParts = ['street', 'street2', 'district', 'city', 'state', 'postalCode', 'country'] as const;
export type Address = Partial<Record<(typeof addressParts)[number], string>>;
const part = f.textSchema(500).trim();
const addressSchema = z
  .strictObject(Object.fromEntries(addressParts.map((name) => [name, part.optional()])))
  .transform((address) => {
    const filled = Object.fromEntries(Object.entries(address).filter(([, text]) => text));
    return Object.keys(filled).length > 0 ? filled : null;
  });

/** A time of day `HH:MM` or `HH:MM:SS`, kept without seconds that are zero. */
const timeSchema = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/, { error: 'time' })
  .transform((time) => time.replace(/^(..:..):00$/, '$1'));

/** Largest number that is told apart from its neighbours by less than one. */
const exact = 9e15;

function numberSchema({ min = -exact, max = exact, decimals }: FieldSettings, whole: boolean): z.ZodType<number> {
  const schema = z
    .number({ error: 'number' })
    .min(min, { error: 'numberTooSmall' })
    .max(max, { error: 'numberTooBig' });
  if (whole) return schema.refine(Number.isSafeInteger, { error: 'integer' });
  const factor = 10 ** (decimals ?? 6);
  // A number with more decimals than the field has is rounded, half away from zero, as amounts are.
  return schema.transform((n) => (Math.sign(n) * Math.round(Math.abs(n) * factor)) / factor + 0);
}

function textOf({ maxLength = 1000 }: FieldSettings): z.ZodType<string> {
  return f.textSchema(maxLength).trim();
}

const emptyList = (value: unknown) => (Array.isArray(value) && value.length === 0 ? null : value);

/** The catalogue's entry of a tenant's field. */
export function fieldOf(definition: FieldDefinition): f.Field {
  const { type, settings, required } = definition;
  // Defaults and conditions decide in the verb whether a field must be filled; the schema says what a value is.
  const o = { prominent: settings.prominent };
  const make = (): f.Field => {
    switch (type) {
      case 'text':
        return f.field('text', textOf(settings), o);
      case 'longText':
        return f.field('longText', f.textSchema(settings.maxLength ?? 20_000), o, { opaque: true });
      case 'number':
        return f.field('number', numberSchema(settings, settings.decimals === 0), o);
      case 'percent':
        return f.field('percent', numberSchema(settings, settings.decimals === undefined), o);
      case 'money':
        return f.field('money', numberSchema(settings, true), o);
      case 'date':
        return f.date(o);
      case 'datetime':
        return f.datetime(o);
      case 'time':
        return f.field('time', timeSchema, o);
      case 'boolean':
        return f.boolean(o);
      case 'choice': {
        const [first = '', ...rest] = (settings.choices ?? []).map(({ value }) => value);
        return f.choice([first, ...rest], o);
      }
      case 'choices': {
        const values = (settings.choices ?? []).map(({ value }) => value);
        const list = z.array(z.string().refine((value) => values.includes(value), { error: 'choice' })).max(500);
        const once = list.transform((chosen) => values.filter((value) => chosen.includes(value)));
        return f.field('choices', z.preprocess(emptyList, once.nullable()), o, { choices: values });
      }
      case 'rating':
        return f.field(
          'rating',
          z
            .int({ error: 'integer' })
            .min(1, { error: 'numberTooSmall' })
            .max(settings.max ?? 5, { error: 'numberTooBig' }),
          o,
        );
      case 'email':
        return f.email(o);
      case 'phone':
        return f.phone(o);
      case 'link':
        return f.link(o);
      case 'address':
        return f.field('address', addressSchema, o, { opaque: true });
      case 'member':
        return f.member(o);
      case 'reference':
        return f.reference(toOf(settings), o);
      case 'relation':
        return f.field('relation', z.never(), { ...o, readOnly: true }, { to: toOf(settings), opaque: true });
      case 'file':
        return f.field('file', z.array(z.uuid()).max(20, { error: 'tooMany' }), o, { opaque: true });
      case 'formula':
        return f.field(settings.result ?? 'text', z.never(), { readOnly: true });
      case 'rollup':
        return f.field(rollupType(settings), z.never(), { readOnly: true });
    }
  };
  const made = make();
  // Nobody fills in what is worked out, and links come after the record.
  return { ...made, required: required && !made.readOnly, own: definition };
}

// Checked by the server against the tenant's objects when the field was made.
const toOf = ({ to }: FieldSettings) => to as f.ObjectName | f.OwnObject;

/** Sums of amounts are amounts; everything else that is counted is a number, unless the server found another type. */
function rollupType({ result, currency }: FieldSettings): ResultType {
  return result ?? (currency ? 'money' : 'number');
}

/** A label in a language, or in the other one where it has none. */
export function labelIn(labels: Labels | null | undefined, locale: string): string {
  const [first, second] = locale.startsWith('zh') ? [labels?.zh, labels?.en] : [labels?.en, labels?.zh];
  return first ?? second ?? '';
}
