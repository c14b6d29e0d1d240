import { z } from 'zod';
import type { FieldDefinition } from './custom-fields';
import { isEmail, strippedEmail } from './email';

/**
 * The field catalogue: what a field of a record is, said once. Forms, tables, filters, imports, REST and history
 * read it. Labels live in `messages/*\/fields.json` under the object's and the field's name.
 */
export type FieldType =
  | 'text'
  | 'longText'
  | 'number'
  | 'integer'
  | 'money'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'time'
  | 'boolean'
  | 'choice'
  | 'choices'
  | 'rating'
  | 'email'
  | 'phone'
  | 'link'
  | 'tags'
  | 'currency'
  | 'member'
  | 'team'
  | 'reference'
  | 'relation'
  | 'address'
  | 'file';

const objectNames = [
  'company',
  'contact',
  'deal',
  'product',
  'task',
  'note',
  'activity',
  'queue',
  'member',
  'team',
  'pipeline',
  'stage',
] as const;
/** What every tenant has, records and configuration. */
export type ObjectName = (typeof objectNames)[number];
export const isObjectName = (name: string): name is ObjectName => (objectNames as readonly string[]).includes(name);

export interface Field<T = unknown> {
  type: FieldType;
  schema: z.ZodType<T>;
  required: boolean;
  /** Object a `reference` or `relation` points to; a tenant's own objects begin with `o_`. */
  to?: ObjectName | OwnObject;
  /** Of a `reference` to a record of whichever kind: the field that says of which. */
  kindIn?: string;
  /** Goes with another field: no screen shows it by itself. */
  hidden?: boolean;
  /** Values of a `choice`; their labels are in `messages/*\/fields.json` under `choices`. */
  choices?: readonly string[];
  /** Set by verbs or the server only; shown, filtered and sorted, never typed in. */
  readOnly?: boolean;
  /** Shown in a new person's table and in the quick-create form. */
  prominent?: boolean;
  /** Cannot be sorted or filtered by (long texts). */
  opaque?: boolean;
  /** A field the tenant made: its labels, choices and rules. */
  own?: FieldDefinition;
}

/** Whether a field holds the id of one record, whose title stands under `refs`. */
export const isReference = ({ to, kindIn }: Pick<Field, 'to' | 'kindIn'>): boolean =>
  to !== undefined || kindIn !== undefined;

/** Name of an object a tenant made: `o_asset`. */
export type OwnObject = `o_${string}`;

export type Fields = Record<string, Field>;

interface Options {
  required?: boolean;
  readOnly?: boolean;
  prominent?: boolean;
  max?: number;
}

// Lone surrogates and NUL cannot be stored by Postgres; everything else a person types is kept as it is.
export const storable = (text: string) => !text.includes('\0') && text.isWellFormed();

/** A text that Postgres can hold, at most `max` UTF-16 units. */
export function textSchema(max: number) {
  return z.string().max(max, { error: 'tooLong' }).refine(storable, { error: 'unstorable', abort: true });
}

/**
 * A name on one line: of people, workspaces, teams, stages. Such names stand in subjects of mails and in lists, where
 * a line break could begin something else (security J4).
 */
export function lineSchema(max: number) {
  return textSchema(max)
    .trim()
    .min(1, { error: 'required' })
    .refine((text) => !/[\p{Cc}\u2028\u2029]/u.test(text), { error: 'oneLine' });
}

/** What people type into a search. */
export const searchText = textSchema(200);

function optional<T>(schema: z.ZodType<T>): z.ZodType<T | null> {
  // The pipe's input is unknown to the type system; what comes out is the schema's own type or null.
  return z.preprocess(
    (value) => (value === undefined || (typeof value === 'string' && value.trim() === '') ? null : value),
    schema.nullable(),
  ) as z.ZodType<T | null>;
}

export function field<T>(
  type: FieldType,
  schema: z.ZodType<T>,
  options: Options,
  rest: Pick<Field, 'to' | 'kindIn' | 'hidden' | 'choices' | 'opaque'> = {},
): Field<T | null> {
  const required = options.required ?? false;
  return {
    type,
    // A required field's null is refused by the schema itself, so the wider type is safe for readers.
    schema: required ? (schema as z.ZodType<T | null>) : optional(schema),
    required,
    readOnly: options.readOnly,
    prominent: options.prominent,
    ...rest,
  };
}

const requiredText = (max: number) => textSchema(max).trim().min(1, { error: 'required' });
/** A text that is kept letter for letter, but is not blank. */
const writtenText = (max: number) => textSchema(max).refine((text) => text.trim() !== '', { error: 'required' });

/**
 * One line. A title (required) is kept as it is written, as are long texts; of all others the white space round them
 * is dropped, for they are compared and grouped by.
 */
export const text = (o: Options = {}) =>
  field('text', o.required ? writtenText(o.max ?? 200) : textSchema(o.max ?? 200).trim(), o);
export const longText = (o: Options = {}) =>
  field('longText', o.required ? writtenText(o.max ?? 20_000) : textSchema(o.max ?? 20_000), o, { opaque: true });
export const integer = (o: Options = {}) =>
  field('integer', z.int({ error: 'integer' }).min(-2_147_483_648).max(2_147_483_647), o);
/** Minor units of the record's currency. */
export const money = (o: Options = {}) => field('money', z.int({ error: 'money' }).min(-9e15).max(9e15), o);
/** Whole percent, 0 to 100. */
export const percent = (o: Options = {}) => field('percent', z.int({ error: 'percent' }).min(0).max(100), o);
/** A calendar day `YYYY-MM-DD`, without time or zone. There was no year 0, and Postgres knows none. */
export const daySchema = z.iso.date({ error: 'date' }).refine((day) => !day.startsWith('0000'), { error: 'date' });
export const date = (o: Options = {}) => field('date', daySchema, o);
/** A moment, ISO 8601 with an offset that exists somewhere. */
export const momentSchema = z.iso
  .datetime({ offset: true, error: 'datetime' })
  .max(40, { error: 'datetime' })
  .refine((moment) => !/^0000|[+-]1[5-9]:|[+-]2\d:/.test(moment), { error: 'datetime' });
export const datetime = (o: Options = {}) => field('datetime', momentSchema, o);
export const boolean = (o: Options = {}) => field('boolean', z.boolean(), o);
export const choice = <const C extends readonly [string, ...string[]]>(choices: C, o: Options = {}) =>
  field('choice', z.enum(choices, { error: 'choice' }) as z.ZodType<C[number]>, o, { choices });
/** A mail address of at most 254 characters (RFC 5321), the same for forms, REST, imports and sign-up. */
export const emailSchema = textSchema(254)
  .overwrite(strippedEmail)
  .refine(isEmail, { error: 'email' })
  .meta({ format: 'email' });
export const email = (o: Options = {}) => field('email', emailSchema, o);
export const phone = (o: Options = {}) => field('phone', textSchema(60).trim(), o);
const withScheme = (address: string) => (/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`);
/** http(s) only, so that a stored link can never run script (security X4). A bare host gets https://. */
export const link = (o: Options = {}) =>
  field(
    'link',
    z
      .preprocess(
        (v) => (typeof v === 'string' && v !== '' ? withScheme(v.trim()) : v),
        textSchema(2000)
          // Browsers drop line breaks and tabs out of addresses, so that what is read is not what is opened.
          .refine((address) => !/\p{Cc}/u.test(address), { error: 'link' })
          .pipe(z.url({ protocol: /^https?$/, error: 'link' })),
      )
      .pipe(z.string()),
    o,
  );
export const tags = (o: Options = {}) =>
  field('tags', z.array(requiredText(60)).max(50, { error: 'tooMany' }), o, { opaque: true });
export const currency = (o: Options = {}) =>
  field('currency', z.string().regex(/^[A-Z]{3}$/, { error: 'currency' }), o);
const id = z.uuid({ error: 'choice' });
export const member = (o: Options = {}) => field('member', id, o, { to: 'member' });
export const team = (o: Options = {}) => field('team', id, o, { to: 'team' });
export const reference = (to: ObjectName | OwnObject, o: Options = {}) => field('reference', id, o, { to });
/**
 * The record of whichever kind that a note, task, call or meeting is about, where that is none of the kinds with a field of
 * their own. Which kind it is follows from the record.
 */
export const about = {
  aboutId: field('reference', id, {}, { kindIn: 'aboutObject' }),
  aboutObject: field('text', textSchema(60), { readOnly: true }, { hidden: true }),
} satisfies Fields;

const mostValue = 20_000;
/** A value that only the tenant's own configuration can judge: any JSON of at most 20,000 characters. */
export const anyValue = z
  .unknown()
  .refine((value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).length <= mostValue, 'tooLong')
  .meta({ maxBytes: mostValue });

/** A record of at most so many entries. */
export const recordOf = <K extends z.core.$ZodRecordKey, V extends z.ZodType>(key: K, value: V, most: number) =>
  z
    .record(key, value)
    .refine((record) => Object.keys(record).length <= most, { error: 'tooMany' })
    .meta({ maxProperties: most });

/** So many fields a tenant may add to an object. */
export const maxFields = 500;

/**
 * Own fields of a tenant pass as they are: which there are and what they take is known only inside the tenant. All other
 * unknown keys are refused (security I1), whatever else is wrong: an intersection names a key that neither side knows.
 */
export function withOwnFields<S extends z.core.$ZodLooseShape>(shape: S) {
  const own = z.record(z.string().max(60).regex(/^c_/), anyValue).meta({ maxProperties: maxFields });
  return z
    .strictObject(shape)
    .and(own)
    .refine((values) => Object.keys(values).length <= maxFields + Object.keys(shape).length, { error: 'tooMany' });
}

/** What a create must carry: every field a person may set, unknown keys refused (security I1). */
export function createSchema<F extends Fields>(fields: F) {
  const writable = Object.entries(fields).filter(([, f]) => !f.readOnly && !f.own);
  return withOwnFields(
    Object.fromEntries(writable.map(([name, f]) => [name, f.required ? f.schema : f.schema.optional()])),
  ) as unknown as z.ZodType<CreateInput<F>>;
}

/** What an update may carry: any part of the same fields. */
export function updateSchema<F extends Fields>(fields: F) {
  const writable = Object.entries(fields).filter(([, f]) => !f.readOnly && !f.own);
  return withOwnFields(
    Object.fromEntries(writable.map(([name, f]) => [name, f.schema.optional()])),
  ) as unknown as z.ZodType<Partial<Values<F>>>;
}

/** The values of a record with these fields. */
export type Values<F extends Fields> = { [K in keyof F]: F[K] extends Field<infer T> ? T : never };
export type CreateInput<F extends Fields> = Partial<Values<F>>;
