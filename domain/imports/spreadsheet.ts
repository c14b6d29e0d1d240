import { isCurrencyCode } from './currencies';

/**
 * What the cells of an Office Open XML workbook (ECMA-376, part 1, SpreadsheetML) say as text: what the person who made
 * the workbook sees, in the notation the importer reads surely.
 */

/** How a cell's number is meant, by its number format (18.8.30). */
export type NumberFormat =
  | { kind: 'plain' }
  | { kind: 'date' | 'datetime' | 'time' | 'percent' }
  /** A code shown with leading zeros, such as a postal code: at least so many digits. */
  | { kind: 'code'; digits: number }
  | { kind: 'money'; unit: string };

const plain: NumberFormat = { kind: 'plain' };

/** Built-in formats that are no plain numbers; 27 to 36 and 50 to 58 are dates where the workbook's language is Asian. */
const builtIn = new Map<number, NumberFormat>([
  [9, { kind: 'percent' }],
  [10, { kind: 'percent' }],
  ...[14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map((id) => [id, { kind: 'date' }] as const),
  ...[18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56].map((id) => [id, { kind: 'time' }] as const),
  [22, { kind: 'datetime' }],
]);

/** @param code the workbook's own format of that id, where it has one */
export function numberFormat(id: number, code?: string): NumberFormat {
  if (code === undefined) return builtIn.get(id) ?? plain;
  // Only the first section: the others are for negative numbers, zero and text.
  const section = splitSection(code.slice(0, 255));
  const bare = section
    .replace(/"[^"]*"|\\.|[_*]./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\]).*?\]/gi, '')
    .replace(/am\/pm|上午\/下午/gi, 'h');
  if (/^general$/i.test(bare.trim())) return plain;
  const hasDay = /[yd]|m{3,}/i.test(bare) || (/m/i.test(bare) && !/[hs]/i.test(bare));
  const hasTime = /[hs]/i.test(bare);
  if (hasDay || hasTime) return { kind: hasDay && hasTime ? 'datetime' : hasDay ? 'date' : 'time' };
  if (bare.includes('%')) return { kind: 'percent' };
  if (/^0{2,30}$/.test(bare)) return { kind: 'code', digits: bare.length };
  const unit = currencyIn(section);
  return unit ? { kind: 'money', unit } : plain;
}

function splitSection(code: string): string {
  const end = /^(?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\[])*/.exec(code);
  return end?.[0] ?? code;
}

/** A currency's sign or code in a format: `[$€-407]`, `[$USD]`, `"¥"`, `$`. */
function currencyIn(section: string): string | undefined {
  const bracket = /\[\$([^\]-]+)/.exec(section)?.[1];
  const text = bracket ?? section.replace(/\[[^\]]*\]/g, '').replace(/["\\]/g, '');
  // Three capitals may as well be what is counted: `0" PCS"`.
  return text
    .match(/(?:[A-Z]{1,3})?\p{Sc}|(?<![A-Z])[A-Z]{3}(?![A-Z])|元/gu)
    ?.find((unit) => /[^A-Z]/.test(unit) || isCurrencyCode(unit));
}

/**
 * A number of a cell as text: no exponent, a point, the fifteen digits a spreadsheet shows. Dates are ISO 8601, amounts
 * keep their currency's sign, percentages theirs.
 * @param raw as the file has it, such as `44927.5` or `1.2E+3`
 * @param since1904 days are counted from 1904, as spreadsheets of old Macintoshes do
 */
export function numberText(raw: string, format: NumberFormat, since1904 = false): string {
  const text = raw.trim();
  // A whole number keeps all digits, also those that no spreadsheet could hold; a code written by a program may have them.
  if (/^-?\d{1,40}$/.test(text) && (format.kind === 'plain' || format.kind === 'code'))
    return format.kind === 'code' && !text.startsWith('-') ? text.padStart(format.digits, '0') : text;
  const value = Number(text);
  if (text === '' || !Number.isFinite(value)) return text;
  // More digits than a spreadsheet keeps, such as those of an identity card: made plain, its last ones would look true.
  if (/e/i.test(text) && Math.abs(value) >= 1e15) return value.toExponential().toUpperCase();
  switch (format.kind) {
    case 'date':
    case 'datetime':
    case 'time':
      return momentText(value, format.kind, since1904) ?? decimalText(value);
    case 'percent':
      return `${decimalText(hundredfold(value))}%`;
    case 'money':
      return format.unit + decimalText(value);
    default:
      return decimalText(value);
  }
}

/** Times a hundred without the dust of binary fractions: 0.07 is 7 and not 7.000000000000001. */
const hundredfold = (value: number) => Number((value * 100).toPrecision(15));

/** Fifteen significant digits without exponent. */
function decimalText(value: number): string {
  const short = String(Number(value.toPrecision(15)));
  const found = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(short);
  if (!found) return short;
  const [, sign = '', whole = '', fraction = '', power = '0'] = found;
  const digits = whole + fraction;
  const point = whole.length + Number(power);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}

const dayMs = 86_400_000;
/** The last day a spreadsheet knows: 9999-12-31. */
const lastDay = 2_958_465;

/** A day's number as ISO 8601; undefined for one that is no day. Whole seconds, as people see them. */
function momentText(value: number, kind: 'date' | 'datetime' | 'time', since1904: boolean): string | undefined {
  const serial = value + (since1904 ? 1462 : 0);
  if (value < 0 || serial > lastDay + 1) return undefined;
  // Lotus 1-2-3 took 1900 for a leap year, and so do spreadsheets: days before March of that year are one further.
  const days = serial < 60 && !since1904 ? serial + 1 : serial;
  const at = new Date(Date.UTC(1899, 11, 30) + Math.round((days * dayMs) / 1000) * 1000);
  const iso = at.toISOString();
  const time = iso.slice(11, 19);
  // Durations of more than a day are hours, as `[h]:mm` shows them.
  if (kind === 'time') return value < 1 ? time : hours(value);
  // A date that holds a time which its format hides is the day that is shown.
  return kind === 'date' ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${time}`;
}

function hours(value: number): string {
  const seconds = Math.round(value * 86_400);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Characters XML cannot hold are written `_x000D_` (22.9.2.19); line ends become `\n`, what no text may hold goes. */
export function cellString(text: string): string {
  return text
    .replace(/_x([\dA-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\t\n]/gu, '')
    .toWellFormed();
}

/** The column of a cell's address, from 0: `C7` is 2; null for what is none or lies beyond the last, `XFD`. */
export function columnOf(address: string): number | null {
  const letters = /^[A-Z]{1,3}(?=\d|$)/.exec(address)?.[0];
  if (!letters) return null;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column <= 16_384 ? column - 1 : null;
}
