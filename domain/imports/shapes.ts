import { isEmail } from '../email';
import { booleanMeant } from './choices';
import { isCurrencyCode } from './currencies';
import { parseDate } from './dates';
import { readDecimal } from './numbers';

/** What the values of a column look like. A value may have several shapes. */
export const shapes = [
  'email',
  'phone',
  'link',
  'domain',
  'number',
  'money',
  'percent',
  'range',
  'date',
  'boolean',
  'currency',
  'country',
] as const;
export type Shape = (typeof shapes)[number];
/** Of the filled cells looked at, the share with each shape. */
export type ShapeShares = Record<Shape, number> & { filled: number };

const tests: Record<Shape, (text: string) => boolean> = {
  email: isEmail,
  phone: (text) =>
    /^[+(\d][\d\s().\-/]{5,}(?:\s?(?:x|ext\.?|#)\s?\d+)?$/i.test(text) && !isDate(text) && !/^\d+\.\d{1,2}$/.test(text),
  link: (text) => /^(?:https?:\/\/|www\.)\S+$/i.test(text),
  domain: (text) => /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i.test(text),
  number: (text) => isNumber(text, ''),
  money: (text) => isNumber(text),
  percent: (text) => /%$/.test(text),
  range: (text) => /^\d[\d,]*\s*[-–~至]\s*\d[\d,]*$/.test(text) || /^[\d,]+\+$/.test(text),
  date: isDate,
  boolean: (text) => booleanMeant(text) !== undefined,
  currency: (text) => isCurrencyCode(text.toUpperCase()),
  country: (text) => isCountry(text),
};

/** Shapes of a column, judged by at most a hundred of its values. */
export function shapeOf(values: readonly string[]): ShapeShares {
  const filled = values
    .map((value) => value.slice(0, 200).trim())
    .filter((value) => value !== '')
    .slice(0, 100);
  const shares = Object.fromEntries(
    shapes.map((shape) => [shape, filled.filter((text) => tests[shape](text)).length / Math.max(1, filled.length)]),
  );
  // Every shape has just been counted.
  return { ...shares, filled: filled.length } as ShapeShares;
}

function isNumber(text: string, unit?: string): boolean {
  const found = readDecimal(text, '.') ?? readDecimal(text, ',');
  return found !== null && (unit === undefined || found.unit === unit);
}

function isDate(text: string): boolean {
  if (/^\d{5}(?:\.\d+)?$/.test(text)) return false;
  return (['dmy', 'mdy', 'ymd'] as const).some((order) => 'value' in parseDate(text, { order, timeZone: 'UTC' }));
}

let countries: Set<string> | undefined;

/** Countries by name (English, Chinese) or ISO 3166 code; the regions come from the runtime's Intl data. */
function isCountry(text: string): boolean {
  if (!countries) {
    countries = new Set(['korea', 'usa', 'uk', 'u.s.', 'u.s.a.', 'england', '英国', '韩国']);
    const names = ['en', 'zh'].map((locale) => new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' }));
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    for (const a of letters) {
      for (const b of letters) {
        const known = names.map((display) => display.of(a + b)).filter((name) => name !== undefined);
        for (const name of known) countries.add(name.toLowerCase());
        if (known.length > 0) countries.add((a + b).toLowerCase());
      }
    }
  }
  return countries.has(text.toLowerCase());
}
