import type { Field } from '@/domain/fields';
import { parseInteger, parseMoney, parseNumber, parsePercent } from '@/domain/imports/numbers';
import { toMajor } from '@/domain/money';

const written = { decimal: '.' } as const;

/** Types a person types as text. */
export const typedFields: ReadonlySet<Field['type']> = new Set([
  'text',
  'email',
  'phone',
  'link',
  'number',
  'integer',
  'percent',
  'money',
  'time',
]);

const numeric: ReadonlySet<Field['type']> = new Set(['number', 'integer', 'percent', 'money']);

/** The currency an amount is in: the field's own, else the record's, else the tenant's. */
export function currencyOf(field: Field, record: unknown, tenant: string): string {
  return field.own?.settings.currency ?? (typeof record === 'string' ? record : tenant);
}

/** Fields whose values stand at the right, in figures of one width. */
export function isNumeric(field: Field): boolean {
  return numeric.has(field.type);
}

/** A value as text to edit: money in major units, numbers without grouping. */
export function toText(field: Field, value: unknown, given: string): string {
  const currency = currencyOf(field, given, given);
  if (value === null || value === undefined) return '';
  if (field.type === 'money' && typeof value === 'number')
    return Number.isNaN(value) ? '' : String(toMajor(value, currency));
  if (typeof value === 'number' && Number.isNaN(value)) return '';
  return String(value);
}

/** What was typed as a value of the field; NaN for what is no number, which the field's schema then refuses. */
export function fromText(field: Field, text: string, given: string): unknown {
  const currency = currencyOf(field, given, given);
  if (text.trim() === '') return null;
  switch (field.type) {
    case 'number':
      return parsedNumber(parseNumber(text, written));
    case 'integer':
      return parsedNumber(parseInteger(text, written));
    case 'percent':
      // Own percentages may have decimals and go beyond 100; what they may be is their schema's to say.
      return field.own
        ? parsedNumber(parseNumber(text.replace(/[%％]\s*$/, ''), written))
        : parsedNumber(parsePercent(text, written));
    case 'money': {
      const parsed = parseMoney(text, { ...written, currency });
      // An amount in another currency than the record's would be a silent conversion.
      return 'value' in parsed && parsed.value.currency === currency ? parsed.value.minor : Number.NaN;
    }
    default:
      return text;
  }
}

function parsedNumber(parsed: { value: number } | object): number {
  return 'value' in parsed && typeof parsed.value === 'number' ? parsed.value : Number.NaN;
}

export type Checked = { value: unknown } | { code: string; params?: Record<string, string | number> };

/**
 * The value as the server would keep it, or the code of what is wrong with it.
 * @param currency the amount's, in whose major units its limits are told
 */
export function checkValue(field: Field, value: unknown, currency = field.own?.settings.currency): Checked {
  if (value === null && field.required) return { code: 'required' };
  const parsed = field.schema.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const issue = parsed.error.issues[0];
  const known = issue && /^[a-zA-Z]+$/.test(issue.message);
  return {
    code: known ? issue.message : codeOf(issue?.code, field),
    params: limits(issue, field.type === 'money' ? currency : undefined),
  };
}

function codeOf(issue: string | undefined, field: Field): string {
  if (issue === 'too_big') return field.type === 'percent' ? 'percent' : 'tooLong';
  if (issue === 'too_small') return field.type === 'percent' ? 'percent' : 'tooShort';
  return field.type in fallbackCodes ? (fallbackCodes[field.type] ?? 'invalid') : 'invalid';
}

const fallbackCodes: Partial<Record<Field['type'], string>> = {
  number: 'number',
  integer: 'integer',
  money: 'money',
  percent: 'percent',
  date: 'date',
  datetime: 'datetime',
  email: 'email',
  link: 'link',
  choice: 'choice',
  currency: 'currency',
  time: 'time',
  rating: 'integer',
  choices: 'choice',
};

function limits(issue: object | undefined, currency: string | undefined): Record<string, number> | undefined {
  const told = (limit: unknown) => (currency ? toMajor(Number(limit), currency) : Number(limit));
  if (issue && 'maximum' in issue) return { max: told(issue.maximum) };
  if (issue && 'minimum' in issue) return { min: told(issue.minimum) };
  return undefined;
}
