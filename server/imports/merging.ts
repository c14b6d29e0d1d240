import { isBlank } from '@/domain/blank';
import { type ImportPlan, type ImportPolicy, mergeValues } from '@/domain/imports/mapping';
import { personName } from '@/domain/imports/rows';
import type { RecordType, RecordValues } from '../core/record-types';

type PolicyFor = (field: string) => ImportPolicy;

/** What an update of a record writes, and the amounts it cannot. */
export interface Merged {
  changed: RecordValues;
  /** Amounts that are in another currency than those of the record that stay. */
  foreign: string[];
}

/**
 * Merges what a row says into a record, field by field as its policies allow; an amount and its currency, and a name and
 * its parts, are one thing each.
 */
export function mergeRecord(
  plan: ImportPlan,
  type: RecordType,
  policyFor: PolicyFor,
  current: RecordValues,
  incoming: RecordValues,
): Merged {
  const isComposed = plan.object === 'contact' && !plan.columns.some(({ target }) => target === 'name');
  const { name: _, ...parts } = incoming;
  const changed = mergeValues(policyFor, current, isComposed ? parts : incoming);
  if (isComposed) followParts(policyFor, current, changed);
  return { changed, foreign: followMoney(plan, type, policyFor, current, incoming, changed) };
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** A name made of two columns is made of what the record has in them afterwards: a blank cell takes no part away. */
function followParts(policyFor: PolicyFor, current: RecordValues, changed: RecordValues): void {
  const names = ['firstName', 'lastName'];
  const [first, last] = names.map((field) => text(changed[field] ?? current[field]));
  const isWhole = first !== '' && last !== '';
  const had = names.some((field) => !isBlank(current[field])) || current.name === current.email;
  const isReplaced = names.some((field) => changed[field] !== undefined && policyFor(field) === 'overwrite');
  const name = personName(first ?? '', last ?? '');
  if (isReplaced && (isWhole || had) && name !== current.name) changed.name = name;
}

/** Takes the amounts out of a change that would stand in a currency they are not in; the others bring theirs. */
function followMoney(
  plan: ImportPlan,
  type: RecordType,
  policyFor: PolicyFor,
  current: RecordValues,
  incoming: RecordValues,
  changed: RecordValues,
): string[] {
  const { currency } = incoming;
  if (currency === undefined || currency === current.currency) return [];
  const own = new Set(type.own?.flatMap(({ key, settings }) => (settings.currency ? [key] : [])));
  const amounts = Object.keys(type.fields).filter((name) => type.fields[name]?.type === 'money' && !own.has(name));
  const isTold = (name: string) =>
    changed[name] !== undefined || (incoming[name] !== undefined && policyFor(name) === 'overwrite');
  const told = amounts.filter(isTold);
  // A column of currencies by itself says what the amounts that are here are in.
  const isAlone = !plan.columns.some(({ target }) => target !== null && amounts.includes(target));
  if (isAlone || amounts.every((name) => isBlank(current[name]) || isTold(name))) {
    if (told.length > 0) changed.currency = currency;
    return [];
  }
  delete changed.currency;
  for (const name of told) delete changed[name];
  return told;
}
