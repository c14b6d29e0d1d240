import { currencyDecimals } from '../money';
import { currencyMeant } from './currencies';
import { type Parsed, problem } from './problems';

export type DecimalMark = '.' | ',';

/** What a column's numbers say about their decimal mark; `1,234` alone says nothing. */
export function detectDecimal(values: readonly string[]): DecimalMark | 'ambiguous' {
  let comma = 0;
  let point = 0;
  let open = 0;
  for (const value of values) {
    const digits = value.normalize('NFKC').replace(/[^\d.,]/g, '');
    if (!/[.,]/.test(digits)) continue;
    const mark = decimalOf(digits);
    if (mark === ',') comma++;
    else if (mark === '.') point++;
    else open++;
  }
  if (comma > 0 && point > 0) return 'ambiguous';
  if (comma > 0) return ',';
  if (point > 0) return '.';
  return open > 0 ? 'ambiguous' : '.';
}

function decimalOf(digits: string): DecimalMark | null {
  const commas = digits.split(',').length - 1;
  const points = digits.split('.').length - 1;
  if (commas > 0 && points > 0) return digits.lastIndexOf(',') > digits.lastIndexOf('.') ? ',' : '.';
  if (commas > 1) return '.';
  if (points > 1) return ',';
  const mark = commas > 0 ? ',' : '.';
  const [whole = '', fraction = ''] = digits.split(mark);
  // Three digits after the only mark may be a group of thousands, unless what precedes cannot begin one.
  const mayGroup = fraction.length === 3 && /^[1-9]\d{0,2}$/.test(whole);
  return mayGroup ? null : mark;
}

/** A decimal number taken apart exactly: `digits` × 10^`exponent`, and what stood round it. */
export interface Decimal {
  negative: boolean;
  digits: string;
  exponent: number;
  percent: boolean;
  /** Currency sign, code or name beside the number; both, with a space between, where there are two. */
  unit: string;
}

/** Powers of ten of the words that shorten amounts. */
const magnitudes: Record<string, number> = {
  k: 3,
  tsd: 3,
  тыс: 3,
  千: 3,
  thousand: 3,
  万: 4,
  萬: 4,
  lakh: 5,
  lac: 5,
  m: 6,
  mn: 6,
  mio: 6,
  mm: 6,
  млн: 6,
  million: 6,
  百万: 6,
  crore: 7,
  千万: 7,
  亿: 8,
  億: 8,
  b: 9,
  bn: 9,
  mrd: 9,
  млрд: 9,
  billion: 9,
  tn: 12,
  万亿: 12,
  trillion: 12,
};
const magnitudeWords = Object.keys(magnitudes)
  .sort((a, b) => b.length - a.length)
  .join('|');
const pattern = new RegExp(
  String.raw`^(?<before>[^\d+\-.,()]*?)\s*(?<sign>[+\-]?)\s*(?<before2>[^\d+\-.,()]*?)\s*(?<number>\d[\d.,'\s]*|[.,]\d+)(?:e(?<power>[+\-]?\d{1,3}))?\s*(?:(?<magnitude>${magnitudeWords})(?!\p{Ll})\.?)?\s*(?<after>[^\d+\-()]*?)\s*(?<minus>-?)$`,
  'iu',
);

/** Takes a written number apart; null when it is none in this notation. */
export function readDecimal(text: string, mark: DecimalMark): Decimal | null {
  // No number is that long, and the pattern must not be given the time to find out.
  if (text.length > 60) return null;
  let rest = text
    .normalize('NFKC')
    .replace(/[−–—﹣]/g, '-')
    .replace(/[’ʼ]/g, "'")
    // A dash for no cents: `1.200,-`, `12.-`.
    .replace(/(?<=\d)[.,] ?--?(?=\s*\P{Nd}*$)/u, '')
    .replace(/\s+/g, ' ')
    .trim();
  const bracketed = /^\((.*)\)$/.exec(rest) ?? /^([^\d(]*)\(([^()]*)\)([^\d)]*)$/.exec(rest);
  if (bracketed) rest = bracketed.slice(1).join('');
  const found = pattern.exec(rest)?.groups;
  if (!found) return null;
  const { before = '', sign = '', before2 = '', number = '', power = '0', magnitude = '', minus = '' } = found;
  const percent = (found.after ?? '').trim() === '%';
  const after = percent ? '' : (found.after ?? '');
  const signs = [sign === '-', minus === '-', bracketed !== null].filter(Boolean).length;
  const units = [before, before2, after].map((unit) => unit.trim()).filter((unit) => unit !== '');
  if (signs > 1 || (sign === '+' && signs > 0)) return null;
  // Sign and code at once, `$5 USD`; what is longer on both sides is a sentence.
  const apart = [...new Set(units)];
  if (apart.length > 2 || (apart.length > 1 && apart.some((unit) => unit.length > 4))) return null;
  const plain = ungroup(number.trim(), mark);
  if (plain === null) return null;
  const [whole = '', fraction = ''] = plain.split('.');
  return {
    negative: signs === 1,
    digits: (whole + fraction).replace(/^0+(?=\d)/, ''),
    exponent: Number(power) - fraction.length + (magnitude === '' ? 0 : (magnitudes[magnitude.toLowerCase()] ?? 0)),
    percent,
    unit: apart.join(' '),
  };
}

/** Takes the thousands marks out and makes the decimal mark a point; null when groups are not groups. */
function ungroup(number: string, mark: DecimalMark): string | null {
  const parts = number.split(mark);
  if (parts.length > 2) return null;
  const [whole = '', fraction = ''] = parts;
  if (!/^\d*$/.test(fraction)) return null;
  const group = /[.,' ]/.exec(whole)?.[0];
  if (group === undefined) return `${whole === '' ? '0' : whole}.${fraction}`;
  const groups = whole.split(group);
  const last = groups.at(-1) ?? '';
  const middle = groups.slice(1, -1);
  // Thousands in threes; India writes all but the last group in twos.
  const fits =
    /^\d{1,3}$/.test(groups[0] ?? '') &&
    /^\d{3}$/.test(last) &&
    (middle.every((g) => /^\d{3}$/.test(g)) || middle.every((g) => /^\d{2}$/.test(g)));
  return fits ? `${groups.join('')}.${fraction}` : null;
}

interface NumberOptions {
  decimal: DecimalMark;
  /** What the column's numbers are multiplied with: 1, 1e3 (thousands), 1e4 (万), 1e6, 1e8 (亿). */
  scale?: number;
}

/** A number in any of the usual notations. */
export function parseNumber(text: string, options: NumberOptions): Parsed<number> {
  const found = readDecimal(text, options.decimal);
  if (found?.unit !== '' || found.percent) return problem('number', { text });
  const value = shifted(found, powerOf(options.scale));
  return Number.isFinite(value) && Math.abs(value) <= 1e15 ? { value } : problem('numberTooLarge', { text });
}

/** A whole number; `12.0` is one, `12.5` is not. */
export function parseInteger(text: string, options: NumberOptions): Parsed<number> {
  const parsed = parseNumber(text, options);
  if ('problem' in parsed) return parsed;
  if (!Number.isInteger(parsed.value)) return problem('integer', { text });
  return Math.abs(parsed.value) <= 2_147_483_647 ? parsed : problem('numberTooLarge', { text });
}

/** Whole percent, 0 to 100: `20`, `20%`, or the fraction `0.2` that spreadsheets keep for 20 %. */
export function parsePercent(text: string, options: NumberOptions): Parsed<number> {
  const found = readDecimal(text, options.decimal);
  if (found?.unit !== '') return problem('percent', { text });
  const plain = shifted(found, 0);
  const isFraction = !found.percent && plain > 0 && plain < 1;
  const value = isFraction ? shifted(found, 2) : plain;
  if (!(value >= 0 && value <= 100)) return problem('percent', { text });
  const whole = Math.round(value);
  if (isFraction) return { value: whole, warning: { code: 'readAsFraction', params: { text, value: whole } } };
  return whole === value ? { value } : { value: whole, warning: { code: 'rounded', params: { text, value: whole } } };
}

export interface MoneyValue {
  minor: number;
  currency: string;
}

/** An amount in major units, in the currency written beside it or else in `currency`. */
export function parseMoney(text: string, options: NumberOptions & { currency: string }): Parsed<MoneyValue> {
  const found = readDecimal(text, options.decimal);
  if (!found || found.percent) return problem('money', { text });
  const currency = found.unit === '' ? options.currency : currencyMeant(found.unit, options.currency);
  if (currency === undefined) return problem('money', { text });
  if (currency === null) return problem('currencyUnclear', { text, sign: found.unit });
  const exact = shifted(found, currencyDecimals(currency) + powerOf(options.scale));
  const minor = Math.sign(exact) * Math.round(Math.abs(exact));
  if (!Number.isSafeInteger(minor) || Math.abs(minor) > 9e15) return problem('numberTooLarge', { text });
  const value = { minor: minor === 0 ? 0 : minor, currency };
  return minor === exact ? { value } : { value, warning: { code: 'rounded', params: { text, currency } } };
}

// Through a decimal text, so that 1.1 million is 1100000 and not 1100000.0000000001.
function shifted(number: Decimal, by: number): number {
  const value = Number(`${number.negative ? '-' : ''}${number.digits}e${number.exponent + by}`);
  return value === 0 ? 0 : value;
}

const powerOf = (scale = 1) => Math.round(Math.log10(scale));
