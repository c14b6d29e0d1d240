import type { z } from 'zod';
import { addressIn } from '../address-text';
import { clip } from '../clip';
import { isOwnObject } from '../custom-fields';
import { emailSchema, lineSchema, textSchema } from '../fields';
import { splitList } from '../lists';
import { objects } from '../objects';
import { activityField } from './activities';
import { isActivityObject } from './activity-targets';
import { booleanMeant, choiceMeant, refusalMeant } from './choices';
import { currencyMeant } from './currencies';
import { type DateOptions, parseDate, parseDateTime } from './dates';
import { type DecimalMark, parseInteger, parseMoney, parseNumber, parsePercent } from './numbers';
import { ownChoiceMeant, ownSchema } from './own-targets';
import { type Parsed, type Problem, type ProblemCode, problem, problemCodes } from './problems';
import type { ImportObject, Target } from './targets';

/** How a file writes its values. */
export interface ValueOptions {
  dateOrder: DateOptions['order'];
  timeZone: string;
  decimal: DecimalMark;
  /** ISO 4217 code of amounts that do not say theirs. */
  currency: string;
  scale?: number;
}

type Reader = (text: string, target: Target, options: ValueOptions) => Parsed<unknown>;

const dates = (options: ValueOptions): DateOptions => ({ order: options.dateOrder, timeZone: options.timeZone });
const asText: Reader = (text) => ({ value: text });
/** Of people: the same as when they sign up. */
const personSchema = lineSchema(120);
/** Of records of an object a tenant made: the same as in their form. */
const titleSchema = lineSchema(200);
/** Ids are looked up by an index, which holds no long ones. */
const sourceIdSchema = textSchema(200);

/** One reader per field type. Money gives `MoneyValue`; the caller puts amount and currency into their fields. */
const readers: Record<Target['type'], Reader> = {
  text: asText,
  longText: asText,
  reference: asText,
  member: asText,
  team: asText,
  email: (text) => {
    const read = emailSchema.safeParse(text);
    return read.success ? { value: read.data } : problem('email', { text: clip(text, 200) });
  },
  link: asText,
  // Others make `+49` safe for spreadsheets by an apostrophe too, and nothing says that they have.
  phone: (text) =>
    damaged(text) ? problem('damagedBySpreadsheet', { text }) : { value: text.replace(/^'(?=\+)/, '') },
  number: (text, _, options) => parseNumber(text, options),
  integer: (text, _, options) => parseInteger(text, options),
  percent: (text, target, options) =>
    target.own ? parseNumber(text.replace(/\s*[%％]\s*$/, ''), options) : parsePercent(text, options),
  money: (text, _, options) => parseMoney(text, options),
  date: (text, _, options) => parseDate(text, dates(options)),
  datetime: (text, _, options) => parseDateTime(text, dates(options)),
  boolean: (text, { refuses, allows }) => {
    const value = refuses ? refusalMeant(text, allows) : booleanMeant(text);
    return value === undefined ? problem('boolean', { text }) : { value };
  },
  time: asText,
  rating: (text, _, options) => parseInteger(text, options),
  choices: (text, target) => {
    const parts = splitList(text, /[;；|]/);
    const meant = parts.map((part) => (target.own ? ownChoiceMeant(target.own, part) : part));
    const unknown = parts.find((_, i) => meant[i] === undefined);
    return unknown === undefined ? { value: meant } : problem('choice', { text: unknown });
  },
  address: (text) => ({ value: addressIn(text) ?? { street: text } }),
  // Files come by their own way.
  file: (text) => problem('unstorable', { text }),
  relation: asText,
  choice: (text, target) => {
    const value = target.own ? ownChoiceMeant(target.own, text) : choiceMeant(target.name, target.choices ?? [], text);
    return value === undefined ? problem('choice', { text }) : { value };
  },
  currency: (text, _, options) => {
    const value = currencyMeant(text, options.currency);
    return value ? { value } : problem(value === null ? 'currencyUnclear' : 'currency', { text, sign: text });
  },
  tags: (text) => ({
    value: [
      ...new Set(
        // Google writes `* myContacts ::: Friends`.
        splitList(text, /:::|[;；,，、|\n]/)
          .map((tag) => tag.replace(/^\* /, '').trim())
          .filter((tag) => tag !== ''),
      ),
    ],
  }),
};

/** What spreadsheets and databases write for nothing in columns of numbers and dates. */
const blanks = new Set(['-', '–', '—', 'n/a', 'na', 'null', 'nil', 'none', '#n/a', '(blank)', '无', '空', '暂无']);
/** Whether a text stands for nothing in columns that are no texts. */
export const readsAsBlank = (text: string): boolean => blanks.has(text.trim().toLowerCase());
const spreadsheetErrors = /^#(?:REF|VALUE|DIV\/0|NAME|NUM|NULL|SPILL|CALC)[!?]?$/i;
const textual = new Set<Target['type']>(['text', 'longText', 'tags', 'reference', 'relation', 'member', 'team']);
/** A long number shown as `8.61391E+12` has lost its last digits. */
const damaged = (text: string) => /^\d(?:[.,]\d+)?e\+\d{2}$/i.test(text);

/** Reads a cell as its target; null for a blank one. A cell that cannot be read gives a problem, never a guess. */
export function parseValue(object: ImportObject, target: Target, cell: string, options: ValueOptions): Parsed<unknown> {
  const text = keepsSpace(target) ? cell : cell.trim();
  if (text.trim() === '') return { value: null };
  if (spreadsheetErrors.test(text)) return problem('spreadsheetError', { text });
  if (target.name.endsWith('xternalId') && damaged(text)) return problem('damagedBySpreadsheet', { text });
  if (!textual.has(target.type) && readsAsBlank(text)) {
    return { value: null, warning: { code: 'readAsBlank', params: { text } } };
  }
  const parsed = readers[target.type](text, target, options);
  return 'problem' in parsed || target.type === 'money' ? parsed : checked(object, target, text, parsed);
}

/** Whether white space round a cell is judged by the field's schema, as it is in a form: titles, long texts, addresses. */
export function keepsSpace(target: Target): boolean {
  if (target.type === 'email' || target.type === 'longText') return true;
  return target.type === 'text' && target.required === true && target.kind === 'value';
}

/** The field's own schema has the last word, so that an import takes exactly what a form takes. */
function checked(
  object: ImportObject,
  target: Target,
  text: string,
  parsed: { value: unknown; warning?: Problem },
): Parsed<unknown> {
  const schema = schemaOf(object, target);
  if (!schema) return parsed;
  const result = schema.safeParse(parsed.value);
  if (result.success) return { ...parsed, value: result.data };
  const code = result.error.issues[0]?.message ?? '';
  return problem(isProblemCode(code) ? code : 'invalid', { text: clip(text, 200) });
}

function schemaOf(object: ImportObject, target: Target): z.ZodType | undefined {
  if (target.own) return ownSchema(target.own);
  if (target.name.endsWith('xternalId')) return sourceIdSchema;
  if (object === 'member') return target.type === 'text' ? personSchema : undefined;
  if (isOwnObject(object)) return target.name === 'name' ? titleSchema : undefined;
  if (target.kind !== 'value') return undefined;
  if (isActivityObject(object)) return activityField(target.name)?.schema;
  return objects[object].fields[target.field ?? '']?.schema;
}

const isProblemCode = (code: string): code is ProblemCode => problemCodes.some((known) => known === code);
