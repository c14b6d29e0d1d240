import { addressJson, addressText, asAddress } from '@/domain/address-text';
import { safeCell } from '@/domain/csv';
import { idHeader } from '@/domain/exports';
import { type Field, type FieldType, isReference } from '@/domain/fields';
import { joinList } from '@/domain/lists';
import { currencyDecimals } from '@/domain/money';
import { localParts } from '@/domain/time-zones';
import type { RecordType } from '../core/record-types';
import type { RecordRow } from '../core/records';
import type { Words } from './words';

/** A record that stands beside another one in a file. */
export interface Linked {
  id: string;
  name: string;
}

/** What stands beside the records and is not among their values: links and files, by field and record. */
export type Beside = ReadonlyMap<string, ReadonlyMap<string, readonly Linked[]>>;

/** How values are written. */
export interface Writing {
  words: Words;
  dates: 'local' | 'iso';
  timeZone: string;
  /** The workspace's, for amounts that say nothing of theirs. */
  currency: string;
  /** Whether records are named by their ids too. */
  withIds: boolean;
}

/** What a cell holds; null when that is nothing. */
export type Cell =
  | null
  | { kind: 'text'; text: string }
  /** Decimal digits. `decimals`: how many are shown where a cell has a format. */
  | { kind: 'number'; text: string; decimals?: number; percent?: true }
  | { kind: 'boolean'; text: string; value: boolean }
  /** `2026-11-23`, and `2026-11-23 13:05:30` on the clocks of a place that the file does not name. */
  | { kind: 'day' | 'clock'; text: string };

export interface Column {
  header: string;
  cell(record: RecordRow, beside: Beside): Cell;
}

/** The people of a deal, who stand in no field of it. */
export const dealContacts = 'contacts';
const between = '; ';

/**
 * The columns of a file. Amounts are in major units, and what they are in follows in a column of its own, unless the
 * record's own currency is among the columns anyway.
 * @param names fields in order; all of them otherwise
 */
export function columnsOf(type: RecordType, names: readonly string[] | undefined, writing: Writing): Column[] {
  const { words, withIds } = writing;
  const shown = names ?? Object.keys(type.fields);
  const columns: Column[] = withIds ? [{ header: idHeader, cell: ({ id }) => text(id) }] : [];
  for (const name of shown) {
    const field = type.fields[name];
    if (!field) continue;
    const label = words.field(name);
    columns.push({ header: label, cell: (record, beside) => cellOf(name, field, record, beside, writing) });
    if (withIds && (field.type === 'relation' || isReference(field)))
      columns.push({ header: words.idOf(label), cell: (record, beside) => text(idsOf(name, field, record, beside)) });
    // On one line an address is for people: nobody else can tell its city from its district.
    if (withIds && field.type === 'address')
      columns.push({
        header: words.partsOf(label),
        cell: (record) => (isNone(record[name]) ? null : text(addressJson(asAddress(record[name])))),
      });
    const said = !field.own?.settings.currency && type.fields.currency && shown.includes('currency');
    if (field.type === 'money' && !said)
      columns.push({
        header: words.currencyOf(label),
        cell: (record) => (isNone(record[name]) ? null : text(currencyOf(field, record, writing))),
      });
  }
  if (withIds && !names && type.object === 'deal') {
    const label = words.contacts;
    const people = (record: RecordRow, beside: Beside) => beside.get(dealContacts)?.get(record.id) ?? [];
    columns.push(
      { header: label, cell: (record, beside) => text(joined(people(record, beside).map(({ name }) => name))) },
      { header: words.idOf(label), cell: (record, beside) => text(joined(people(record, beside).map(({ id }) => id))) },
    );
  }
  return columns;
}

/** Fields of the file's records to ask for: the columns, and what an amount is in. */
export function namesToRead(type: RecordType, names: readonly string[] | undefined): string[] {
  const shown = names ?? Object.keys(type.fields);
  const money = shown.some((name) => type.fields[name]?.type === 'money');
  return money && type.fields.currency ? [...new Set([...shown, 'currency'])] : [...shown];
}

/** A cell of a delimited file: nothing of it begins like a formula, and numbers stay numbers. */
export const plainText = (cell: Cell): string =>
  cell === null ? '' : safeCell(cell.text, { number: cell.kind === 'number' });

export const text = (value: string): Cell => (value === '' ? null : { kind: 'text', text: value });
const joined = (list: readonly string[]) => list.join(between);
const isNone = (value: unknown) => value === null || value === undefined;

const numeric: ReadonlySet<FieldType> = new Set(['number', 'integer', 'percent', 'rating']);

/** A value as a person would write it. */
function cellOf(name: string, field: Field, record: RecordRow, beside: Beside, writing: Writing): Cell {
  const { words } = writing;
  const linked = beside.get(name)?.get(record.id);
  if (linked || field.type === 'relation' || field.type === 'file')
    return text(joined((linked ?? []).map((each) => each.name)));
  const value = record[name];
  if (isNone(value)) return null;
  if (isReference(field)) return text(record.refs[name] ?? '');
  if (numeric.has(field.type)) return { kind: 'number', text: String(value), ...formatOf(field) };
  switch (field.type) {
    case 'money':
      return amount(value, currencyOf(field, record, writing));
    case 'boolean':
      return { kind: 'boolean', value: value === true, text: value === true ? words.yes : words.no };
    case 'choice':
      return text(words.choice(name, String(value)));
    case 'choices':
      return text(joinList(list(value).map((each) => words.choice(name, each))));
    case 'tags':
      return text(joinList(list(value)));
    case 'date':
      return { kind: 'day', text: String(value) };
    case 'datetime':
      return moment(String(value), writing);
    case 'address':
      return text(addressText(asAddress(value), words.locale));
    default:
      return text(typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
}

function idsOf(name: string, field: Field, record: RecordRow, beside: Beside): string {
  const linked = beside.get(name)?.get(record.id);
  if (linked) return joined(linked.map(({ id }) => id));
  // The name of what the person may not read is not there, and neither is its id.
  const hidden = isNone(record[name]) || isNone(record.refs[name]) || field.type === 'relation';
  return hidden ? '' : String(record[name]);
}

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function formatOf({ type, own }: Field): { decimals?: number; percent?: true } {
  const decimals = own?.settings.decimals;
  return { ...(decimals !== undefined && { decimals }), ...(type === 'percent' && { percent: true }) };
}

function currencyOf(field: Field, record: RecordRow, { currency }: Writing): string {
  const own = field.own?.settings.currency;
  return own ?? (typeof record.currency === 'string' ? record.currency : currency);
}

/** Minor units with the currency's decimals, digit by digit: no amount is too large for it. */
function amount(value: unknown, currency: string): Cell {
  const decimals = currencyDecimals(currency);
  if (typeof value !== 'number') return { kind: 'number', text: String(value) };
  if (!Number.isSafeInteger(value)) return { kind: 'number', text: String(value / 10 ** decimals), decimals };
  const digits = String(Math.abs(value)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = decimals > 0 ? `.${digits.slice(-decimals)}` : '';
  return { kind: 'number', text: `${value < 0 ? '-' : ''}${whole}${fraction}`, decimals };
}

function moment(value: string, { dates, timeZone }: Writing): Cell {
  const at = Date.parse(value);
  if (Number.isNaN(at)) return text(value);
  if (dates === 'iso') return text(new Date(at).toISOString());
  const { year, month, day, seconds } = localParts(at, timeZone);
  const two = (n: number) => String(n).padStart(2, '0');
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  const minute = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}`;
  const rest = seconds % 60;
  return { kind: 'clock', text: `${date} ${minute}${rest === 0 ? '' : `:${two(rest)}`}` };
}
