import { addressIn } from '../address-text';
import { clip } from '../clip';
import type { Choice, FieldSettings, Labels } from '../custom-fields';
import { currencyDecimals } from '../money';
import { tones } from '../tones';
import { booleanMeant } from './choices';
import { currencyMeant } from './currencies';
import { type DateOrder, dateOrders, detectDateOrder } from './dates';
import { splitEntity } from './headers';
import { headerKey } from './keys';
import { draftTargets, type NewField, type NewFieldType } from './new-field';
import { type DecimalMark, readDecimal } from './numbers';
import { labelOfParts } from './products/guanxi-parts';
import { labelsOf } from './products/labels';
import { parseValue, readsAsBlank, type ValueOptions } from './values';

export interface OfferInput {
  header: string;
  /** The column's cells of the sample. */
  cells: readonly string[];
  /** Whether the sample is the whole file: only then are the values all there are. */
  whole: boolean;
  currency: string;
  decimal: DecimalMark;
  dateOrder: DateOrder;
  timeZone: string;
}

/** Values a type is judged by. */
const mostJudged = 2000;
/** Share of the values that must be readable as a type; the rest is told in the dry run. */
const enough = 0.98;
/** Choices that can still be looked through. */
const mostChoices = 50;
const longestChoice = 60;
/** A text of a field holds so much (`custom-fields.ts`); longer ones are long texts. */
const longestText = 200;

/**
 * The field a column that fits none could be made into: its type by the values, its label by the header. Null for a
 * column without values.
 */
export function offerField(input: OfferInput): NewField | null {
  const values = input.cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  const told = values.filter((value) => !readsAsBlank(value)).slice(0, mostJudged);
  if (told.length === 0) return null;
  const header = labelOfParts(input.header) ?? input.header;
  const label = labelsOf(headerKey(splitEntity(header).rest)) ?? labelFrom(header);
  for (const guess of guesses) {
    const found = guess(told, input);
    if (found && readable(found, told, input)) return { ...found, label };
  }
  return {
    type: values.some((value) => value.length > longestText || /[\r\n]/.test(value)) ? 'longText' : 'text',
    label,
  };
}

interface Guess {
  type: NewFieldType;
  settings?: FieldSettings;
}
type Guesser = (values: readonly string[], input: OfferInput) => Guess | null;

const every = (values: readonly string[], test: (value: string) => boolean) =>
  values.filter(test).length >= values.length * enough;

const clearlyYesOrNo = /^(?:true|false|yes|no|是|否|wahr|falsch|vrai|faux|sí|ja|nein|oui|non|sim|não|はい|いいえ)$/i;
const numbered =
  /(?:^|[\s_.-])(?:ids?|no|nr|number|code|zip|sku|ref|key|uuid|guid|pin)\.?$|(?:编号|代码|编码|号码|号|邮编|账号)$/i;
const priced =
  /amount|price|revenue|cost|budget|fee\b|salary|income|spend|total|turnover|\bmrr\b|\barr\b|\bacv\b|\btcv\b|金额|价格|单价|收入|费用|成本|预算|营收|合同额|报价|总价|薪|[费款额价]$/i;
const called = /phone|mobile|cell\b|\btel|fax|电话|手机|传真|座机/i;

/** The surest first. */
const guesses: readonly Guesser[] = [
  (values) => (values.every((value) => addressIn(value)) ? { type: 'address' } : null),
  (values, { header }) => {
    const asked = /^(?:is|has|was|can|do|does)[\s_]|^是否|[?？]$/i.test(header);
    const clear = values.every((value) => booleanMeant(value) !== undefined);
    return clear && (asked || values.some((value) => clearlyYesOrNo.test(value))) ? { type: 'boolean' } : null;
  },
  (values) => {
    const dated = values.every((value) => /[-/.年:]|^(?:19|20)\d{6}$|[a-z]{3}/i.test(value) && /\d/.test(value));
    if (!dated || values.every((value) => readDecimal(value, '.') && !/^(?:19|20)\d{6}$/.test(value))) return null;
    return { type: values.some((value) => /\d:\d\d/.test(value)) ? 'datetime' : 'date' };
  },
  (values) => (every(values, (value) => value.includes('@')) ? { type: 'email' } : null),
  (values) => (every(values, (value) => /^(?:https?:\/\/|www\.)\S+$/i.test(value)) ? { type: 'link' } : null),
  (values, { header }) => {
    const written = every(values, (value) => /^[+(\d][\d\s().\-/]{5,}(?:\s?(?:x|ext\.?|#)\s?\d+)?$/i.test(value));
    return written && (called.test(header) || values.some((value) => /^\+\d/.test(value))) ? { type: 'phone' } : null;
  },
  (values, { decimal }) => {
    if (!every(values, (value) => /[%％]$/.test(value))) return null;
    const places = Math.max(...values.map((value) => fraction(value.replace(/\s*[%％]$/, ''), decimal)));
    return { type: 'percent', settings: { decimals: Math.min(6, Math.max(places, 2)) } };
  },
  (values, { header, currency, decimal }) => {
    if (numbered.test(header) || values.some((value) => /^0\d|^\d{16,}/.test(value))) return null;
    const read = values.map((value) => readDecimal(value, decimal));
    if (read.filter((number) => number !== null).length < values.length * enough) return null;
    const units = [...new Set(read.flatMap((number) => (number?.unit ? [number.unit] : [])))];
    const stated = [...new Set(units.map((unit) => currencyMeant(unit, currency)))];
    const [only] = stated;
    if (stated.length === 1 && only) return { type: 'money', settings: { currency: only } };
    if (units.length > 0) return null;
    const fits = values.every((value) => fraction(value, decimal) <= currencyDecimals(currency));
    return priced.test(header) && fits ? { type: 'money', settings: { currency } } : { type: 'number' };
  },
  (values, { header, whole }) => {
    // What runs over several columns of choices is written `a;b`.
    const several = values.some((value) => /[;；|]/.test(value));
    if (numbered.test(header)) return null;
    const parts = values.flatMap((value) =>
      several
        ? value
            .split(/[;；|]/)
            .map((part) => part.trim())
            .filter((part) => part !== '')
        : [value],
    );
    const choices = choicesFrom(parts);
    if (!choices || choices.length * 3 > parts.length || choices.length < 2) return null;
    // Of a file that goes on, values must have stopped being new some time ago.
    const early = whole ? choices : choicesFrom(parts.slice(0, Math.floor(parts.length / 2)));
    if (early?.length !== choices.length) return null;
    return { type: several ? 'choices' : 'choice', settings: { choices } };
  },
];

/** Digits after the decimal mark. */
function fraction(value: string, mark: DecimalMark): number {
  const at = value.lastIndexOf(mark);
  return at < 0 ? 0 : (value.slice(at + 1).match(/\d/g)?.length ?? 0);
}

/** The different values of a column as choices, in the order they are met; null where they are too many or too long. */
export function choicesFrom(values: readonly string[]): Choice[] | null {
  const labels = new Map<string, string>();
  for (const value of values) {
    if (value.length > longestChoice || /\p{Cc}/u.test(value)) return null;
    const key = headerKey(value) || value;
    if (!labels.has(key)) labels.set(key, value);
    if (labels.size > mostChoices) return null;
  }
  const taken = new Set<string>();
  return [...labels.values()].map((label, place): Choice => {
    const value = slugFor(label, taken);
    taken.add(value);
    return { value, label: { en: label, zh: label }, tone: tones[place % tones.length] ?? tones[0] };
  });
}

function slugFor(label: string, taken: ReadonlySet<string>): string {
  const words =
    label
      .normalize('NFKD')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  const base = words.join('_').slice(0, 40).replace(/_$/, '') || 'choice';
  if (!taken.has(base)) return base;
  for (let n = 2; ; n++) if (!taken.has(`${base}_${n}`)) return `${base}_${n}`;
}

/** Whether the values are what the field would take, read exactly as the import will. */
function readable(guess: Guess, values: readonly string[], input: OfferInput): boolean {
  const [target] = draftTargets('company', [{ index: 0, target: null, create: { ...guess, label: { en: '-' } } }]);
  if (!target) return false;
  const isDate = guess.type === 'date' || guess.type === 'datetime';
  const found = isDate ? detectDateOrder(values) : input.dateOrder;
  const orders = found === 'ambiguous' ? dateOrders : [found];
  return orders.some((dateOrder) => {
    const options: ValueOptions = {
      dateOrder,
      timeZone: input.timeZone,
      decimal: input.decimal,
      currency: guess.settings?.currency ?? input.currency,
    };
    return every(values, (value) => !('problem' in parseValue('company', target, value, options)));
  });
}

/** A label from a header: without the words a product puts round it. */
function labelFrom(header: string): Labels {
  const { rest } = splitEntity(header);
  const text = clip(
    rest
      .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
      .replace(/ - value$/i, '')
      .replaceAll('_', ' ')
      .replace(/\s+/g, ' ')
      .trim() || header.trim(),
    80,
  ).trim();
  return { en: text, zh: text };
}

/** The same label for no other field: a number is put behind it. */
export function unlike(label: Labels, taken: ReadonlySet<string>): Labels {
  const isTaken = (one: Labels) => [one.en, one.zh].some((text) => text !== undefined && taken.has(text));
  if (!isTaken(label)) return label;
  for (let n = 2; ; n++) {
    const next: Labels = {};
    for (const locale of ['en', 'zh'] as const) if (label[locale]) next[locale] = `${clip(label[locale], 74)} (${n})`;
    if (!isTaken(next)) return next;
  }
}
