import { addressText, asAddress } from '@/domain/address-text';
import { safeCell } from '@/domain/csv';
import { type Field, type FieldType, isReference } from '@/domain/fields';
import { clockIn } from '@/domain/moments';
import { currencyDecimals } from '@/domain/money';
import type { RecordType } from '../core/record-types';
import type { RecordRow } from '../core/records';
import type { Words } from './words';

/** What stands beside the records and is not among their values: names of links and files, by record. */
export type Beside = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** How values are written. */
export interface Writing {
  words: Words;
  dates: 'local' | 'iso';
  timeZone: string;
  /** The workspace's, for amounts that say nothing of theirs. */
  currency: string;
}

export interface Column {
  header: string;
  /** What is written is safe in a spreadsheet: no text of it begins like a formula, and numbers stay numbers. */
  cell(record: RecordRow, beside: Beside): string;
}

const numeric: ReadonlySet<FieldType> = new Set(['number', 'integer', 'money', 'percent', 'rating']);
const between = '; ';

/**
 * The columns of a file. Amounts are in major units, and what they are in follows in a column of its own, unless the
 * record's own currency is among the columns anyway.
 * @param names fields in order; null for all of them with the record's id in front
 */
export function columnsOf(type: RecordType, names: readonly string[] | null, writing: Writing): Column[] {
  const shown = names ?? Object.keys(type.fields);
  const columns: Column[] = names ? [] : [{ header: safe(writing.words.id), cell: ({ id }) => id }];
  for (const name of shown) {
    const field = type.fields[name];
    if (!field) continue;
    const label = writing.words.field(name);
    const number = numeric.has(field.type);
    columns.push({
      header: safe(label),
      cell: (record, beside) => safeCell(textOf(name, field, record, beside, writing), { number }),
    });
    const said = !field.own?.settings.currency && type.fields.currency && shown.includes('currency');
    if (field.type === 'money' && !said)
      columns.push({
        header: safe(writing.words.currencyOf(label)),
        cell: (record) => (isNone(record[name]) ? '' : safe(currencyOf(field, record, writing))),
      });
  }
  return columns;
}

/** Fields of the file's records to ask for: the columns, and what an amount is in. */
export function namesToRead(type: RecordType, names: readonly string[] | null): string[] {
  const shown = names ?? Object.keys(type.fields);
  const money = shown.some((name) => type.fields[name]?.type === 'money');
  return money && type.fields.currency ? [...new Set([...shown, 'currency'])] : [...shown];
}

const safe = (text: string) => safeCell(text, { number: false });
const isNone = (value: unknown) => value === null || value === undefined;

/** A value as a person would write it. */
function textOf(name: string, field: Field, record: RecordRow, beside: Beside, writing: Writing): string {
  const { words } = writing;
  const value = record[name];
  if (field.type === 'relation' || field.type === 'file') return (beside.get(name)?.get(record.id) ?? []).join(between);
  if (isNone(value)) return '';
  if (isReference(field)) return record.refs[name] ?? '';
  switch (field.type) {
    case 'money':
      return typeof value === 'number' ? amount(value, currencyOf(field, record, writing)) : String(value);
    case 'boolean':
      return value === true ? words.yes : words.no;
    case 'choice':
      return words.choice(name, String(value));
    case 'choices':
      return list(value)
        .map((each) => words.choice(name, each))
        .join(between);
    case 'tags':
      return list(value).join(between);
    case 'datetime':
      return momentText(String(value), writing);
    case 'address':
      return addressText(asAddress(value), words.locale);
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function currencyOf(field: Field, record: RecordRow, { currency }: Writing): string {
  const own = field.own?.settings.currency;
  return own ?? (typeof record.currency === 'string' ? record.currency : currency);
}

/** Minor units with the currency's decimals, digit by digit: no amount is too large for it. */
function amount(minor: number, currency: string): string {
  const decimals = currencyDecimals(currency);
  if (!Number.isSafeInteger(minor)) return String(minor / 10 ** decimals);
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${minor < 0 ? '-' : ''}${whole}${decimals > 0 ? `.${digits.slice(-decimals)}` : ''}`;
}

function momentText(value: string, { dates, timeZone }: Writing): string {
  const at = Date.parse(value);
  if (Number.isNaN(at)) return value;
  return dates === 'iso' ? new Date(at).toISOString() : clockIn(timeZone, at).replace('T', ' ');
}
