import { clip } from '../clip';
import type { FieldSettings, ResultType } from '../custom-fields';
import type { Field, Fields } from '../fields';
import { currencyDecimals, toMinor } from '../money';
import { functions } from './functions';
import { type Node, parseFormula } from './parse';
import { FormulaProblem } from './problem';
import { beginningOf, type Circumstances, type Kind, type Part, rounded, type Value } from './values';

/** A formula that makes sense for an object's fields. */
export interface Formula {
  result: ResultType;
  /** Of an amount: an ISO 4217 code, or `record`. */
  currency?: string;
  /** Names of the fields it is worked out from. */
  uses: ReadonlySet<string>;
  /** Whether its value depends on the day. */
  usesToday: boolean;
  /** Whether it depends on the workspace's time zone or currency. */
  usesWorkspace: boolean;
  /** The value as the field holds it; null where it cannot be told. */
  compute(about: Circumstances): Value;
}

/** What a field is in a formula; undefined for those that have no place in one. */
const kinds: Partial<Record<Field['type'], ResultType>> = {
  text: 'text',
  longText: 'text',
  email: 'text',
  phone: 'text',
  link: 'text',
  currency: 'text',
  choice: 'text',
  time: 'text',
  number: 'number',
  integer: 'number',
  rating: 'number',
  money: 'money',
  percent: 'percent',
  date: 'date',
  datetime: 'datetime',
  boolean: 'boolean',
};

/**
 * Reads and checks a formula.
 * @param fields of the object, without the field the formula is for
 * @throws FormulaProblem saying what is wrong and where
 */
export function compileFormula(text: string, fields: Fields, settings: FieldSettings = {}): Formula {
  const uses = new Set<string>();
  let usesToday = false;
  let usesWorkspace = false;
  const build = (node: Node): Part => {
    if (node.kind === 'value') return constant(node.value, node.at);
    if (node.kind === 'name') {
      uses.add(node.name);
      const part = fieldPart(node.name, Object.hasOwn(fields, node.name) ? fields[node.name] : undefined, node.at);
      usesWorkspace ||= part.type === 'datetime' || part.currency === 'record';
      return part;
    }
    const name = node.name.toLowerCase();
    const found = functions.get(name);
    if (!found) throw new FormulaProblem('formulaUnknownFunction', node.at, { name: node.name });
    const [least, most] = found.args;
    const count = node.args.length;
    if (count < least || count > most)
      throw new FormulaProblem('formulaArguments', node.at, { name: node.name, least, most, count });
    if (name === 'today') usesToday = true;
    return { at: node.at, ...found.make(node.args.map(build), { name: node.name, at: node.at }) };
  };
  const part = build(parseFormula(text));
  const kind = resultOf(part, settings);
  usesWorkspace ||= kind.result === 'datetime' || kind.currency === 'record';
  return {
    ...kind,
    uses,
    usesToday,
    usesWorkspace,
    compute: (about) => stored(part.value(about), kind, settings, about),
  };
}

function constant(value: Value, at: number): Part {
  const type =
    value === null ? 'nothing' : typeof value === 'number' ? 'number' : typeof value === 'string' ? 'text' : 'boolean';
  return { type, at, value: () => value };
}

function fieldPart(name: string, field: Field | undefined, at: number): Part {
  if (!field) throw new FormulaProblem('formulaUnknownField', at, { name });
  const type = kinds[field.type];
  if (!type) throw new FormulaProblem('formulaFieldType', at, { name });
  if (type === 'money') {
    const currency = field.own?.settings.currency ?? 'record';
    const value = (about: Circumstances) => {
      const minor = about.row[name];
      return typeof minor === 'number' ? minor / 10 ** currencyDecimals(currencyOf(currency, about)) : null;
    };
    return { type, currency, at, value };
  }
  const wanted = type === 'number' || type === 'percent' ? 'number' : type === 'boolean' ? 'boolean' : 'string';
  const value = ({ row }: Circumstances): Value => {
    const found = row[name];
    // Whoever says nothing about yes or no has not said yes.
    if (found === null || found === undefined) return type === 'boolean' ? false : null;
    return typeof found === wanted ? (found as Value) : null;
  };
  return { type, at, value };
}

/** The currency of an amount: its field's, else the record's, else the workspace's. */
function currencyOf(currency: string | undefined, { row, currency: usual }: Circumstances): string {
  if (currency && currency !== 'record') return currency;
  return typeof row.currency === 'string' ? row.currency : usual;
}

/** What the field is to hold, as far as it fits what the formula gives. */
function resultOf(part: Part, { result, currency }: FieldSettings): { result: ResultType; currency?: string } {
  const given: Kind = part;
  const wanted = result ?? (given.type === 'nothing' ? 'text' : given.type);
  const fits =
    given.type === 'nothing' ||
    given.type === wanted ||
    (given.type === 'number' && (wanted === 'money' || wanted === 'percent')) ||
    (given.type === 'date' && wanted === 'datetime');
  if (!fits) throw new FormulaProblem('formulaResult', part.at, { given: given.type, wanted });
  if (wanted !== 'money') return { result: wanted };
  if (currency && given.currency && given.currency !== 'record' && given.currency !== currency)
    throw new FormulaProblem('formulaCurrency', part.at, { left: given.currency, right: currency });
  return { result: wanted, currency: given.currency ?? currency ?? 'record' };
}

/** Longest text a formula leaves with a record. */
const maxText = 1000;

function stored(
  value: Value,
  { result, currency }: { result: ResultType; currency?: string },
  { decimals = 6 }: FieldSettings,
  about: Circumstances,
): Value {
  if (value === null || value === '') return null;
  if (typeof value === 'string') {
    if (result === 'datetime') return beginningOf(value, about.timeZone);
    return result === 'text' ? clip(value, maxText) : value;
  }
  if (typeof value === 'boolean') return value;
  if (result !== 'money') return rounded(value, decimals);
  const minor = toMinor(value, currencyOf(currency, about));
  return Number.isSafeInteger(minor) ? minor + 0 : null;
}
