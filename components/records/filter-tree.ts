import type { CatalogueObject } from '@/domain/catalogue';
import type { Field } from '@/domain/fields';
import { type Condition, type Filter, type FilterGroup, type Operator, operatorsOf } from '@/domain/filters';
import type { ObjectKey } from './use-object';

/** The filter as a group; a lone condition is a group of one. */
export function asGroup(filter: Filter | undefined): FilterGroup {
  if (!filter) return { and: [] };
  return 'field' in filter ? { and: [filter] } : filter;
}

export function membersOf(group: FilterGroup): Filter[] {
  return 'and' in group ? group.and : group.or;
}

export function wordOf(group: FilterGroup): 'and' | 'or' {
  return 'and' in group ? 'and' : 'or';
}

export function makeGroup(word: 'and' | 'or', members: Filter[]): FilterGroup {
  return word === 'and' ? { and: members } : { or: members };
}

/** The group as a filter; undefined when it says nothing. */
export function asFilter(group: FilterGroup): Filter | undefined {
  return membersOf(group).length === 0 ? undefined : group;
}

/** Puts another member in a place; null takes the old one away, and an emptied group with it. */
export function replaceMember(group: FilterGroup, at: number, next: Filter | null): FilterGroup {
  const members = membersOf(group);
  const gone = next === null || (!('field' in next) && membersOf(next).length === 0);
  return makeGroup(wordOf(group), gone ? members.toSpliced(at, 1) : members.with(at, next));
}

export function addMember(group: FilterGroup, member: Filter): FilterGroup {
  return makeGroup(wordOf(group), [...membersOf(group), member]);
}

/** Both filters at once. */
export function both(a: Filter | undefined, b: Filter | undefined): Filter | undefined {
  if (!a || !b) return a ?? b;
  return { and: [a, b] };
}

const withoutValue: ReadonlySet<Operator> = new Set(['isEmpty', 'isNotEmpty', 'me']);
const listed: ReadonlySet<Operator> = new Set(['anyOf', 'noneOf']);

export function needsValue(op: Operator): boolean {
  return !withoutValue.has(op);
}

export function takesMany(op: Operator): boolean {
  return listed.has(op);
}

/** Whether a condition says enough to be asked of the server. */
export function isComplete({ op, value }: Condition): boolean {
  if (!needsValue(op)) return true;
  if (takesMany(op)) return Array.isArray(value) && value.length > 0;
  if (op === 'between') return Array.isArray(value) && value.length === 2;
  return value !== undefined && value !== null && value !== '';
}

/** What of a filter can be asked: chips that are still being filled in do not count. */
export function complete(filter: Filter | undefined): Filter | undefined {
  if (!filter) return undefined;
  if ('field' in filter) return isComplete(filter) ? filter : undefined;
  const members = membersOf(filter).flatMap((member) => complete(member) ?? []);
  return members.length > 0 ? makeGroup(wordOf(filter), members) : undefined;
}

/** The condition a chip begins with. */
export function freshCondition(path: string, field: Field): Condition {
  const op = operatorsOf[field.type][0] ?? 'is';
  return field.type === 'boolean' ? { field: path, op, value: true } : { field: path, op };
}

/** The same condition with another operator; the value stays where it still fits. */
export function withOperator(condition: Condition, op: Operator): Condition {
  const { field, value } = condition;
  if (!needsValue(op)) return { field, op };
  if (takesMany(op)) {
    const list = Array.isArray(value) ? value : typeof value === 'string' || typeof value === 'number' ? [value] : [];
    return { field, op, value: list };
  }
  const shape = shapeOf(op);
  if (shape !== shapeOf(condition.op) && !(shape === 'one' && takesMany(condition.op))) return { field, op };
  return { field, op, value: Array.isArray(value) && shape === 'one' ? value[0] : value };
}

/** Values a condition can name where there are only so many: choices, those offered no more too, and numbers of stars. */
export function valuesOf({ type, choices, own }: Field): readonly (string | number)[] | undefined {
  if (type === 'choice' || type === 'choices') return choices;
  return type === 'rating' ? Array.from({ length: own?.settings.max ?? 5 }, (_, i) => i + 1) : undefined;
}

/** The condition with a value of a list: put in its place, or where several fit one more or one less. */
export function withPicked(condition: Condition, { type }: Field, id: string): Condition {
  const value = type === 'rating' ? Number(id) : id;
  if (!takesMany(condition.op)) return { ...condition, value };
  const chosen = Array.isArray(condition.value) ? condition.value : [];
  return {
    ...condition,
    value: chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value],
  };
}

function shapeOf(op: Operator): 'one' | 'many' | 'two' | 'days' | 'period' | 'none' {
  if (!needsValue(op)) return 'none';
  if (takesMany(op)) return 'many';
  if (op === 'between') return 'two';
  if (op === 'during') return 'period';
  return op === 'inLast' || op === 'inNext' || op === 'olderThan' ? 'days' : 'one';
}

/** "Has the same value as this cell" as a condition; null where a field cannot be compared so. */
export function conditionFor(path: string, field: Field, value: unknown): Condition | null {
  const operators = operatorsOf[field.type];
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return null;
  if (operators.includes('anyOf') && typeof value !== 'boolean') return { field: path, op: 'anyOf', value: [value] };
  return operators.includes('is') ? { field: path, op: 'is', value } : null;
}

export interface FilterField {
  path: string;
  field: Field;
  /** The object whose field it is, and the reference that leads there, if any. */
  object: ObjectKey;
  name: string;
  via: string | null;
}

type Catalogue = ReadonlyMap<string, CatalogueObject>;

/** As many relations a condition may reach through. */
const deepest = 3;

/** The field a path names, with where it belongs; up to three steps through references and relations. */
export function filterField(catalogue: Catalogue, object: ObjectKey, path: string): FilterField | null {
  const steps = path.split('.');
  const name = steps.pop() ?? '';
  if (steps.length > deepest) return null;
  let at: ObjectKey = object;
  for (const step of steps) {
    const to = catalogue.get(at)?.fields[step]?.to;
    if (!to || !catalogue.has(to)) return null;
    // What is in the catalogue is one of its names.
    at = to as ObjectKey;
  }
  const field = catalogue.get(at)?.fields[name];
  return field ? { path, field, object: at, name, via: steps.length > 0 ? steps.join('.') : null } : null;
}

/** Fields of the object a path leads to, `companyId.parentId`; of the object itself without one. */
export function fieldsBehind(catalogue: Catalogue, object: ObjectKey, via: string | null): FilterField[] {
  const last = via === null ? null : filterField(catalogue, object, via);
  const kind = via === null ? catalogue.get(object) : last?.field.to ? catalogue.get(last.field.to) : undefined;
  return Object.keys(kind?.fields ?? {})
    .filter((name) => kind?.fields[name]?.type !== 'longText')
    .flatMap((name) => filterField(catalogue, object, via === null ? name : `${via}.${name}`) ?? []);
}

/** Whether a field leads to further ones that a condition may still reach. */
export function leadsOn(catalogue: Catalogue, { path, field }: FilterField): boolean {
  return field.to !== undefined && catalogue.has(field.to) && path.split('.').length <= deepest;
}

/** Every field that can be filtered by, its own first, then those of what it refers to. */
export function filterFields(catalogue: Catalogue, object: ObjectKey): FilterField[] {
  const fields = catalogue.get(object)?.fields ?? {};
  const own = Object.keys(fields).filter((name) => fields[name]?.type !== 'longText');
  const through = own.flatMap((name) => {
    const to = fields[name]?.to;
    const other = to && to !== object ? catalogue.get(to) : undefined;
    if (!other) return [];
    return Object.entries(other.fields)
      .filter(([, field]) => field.type !== 'longText' && field.prominent)
      .map(([inner]) => `${name}.${inner}`);
  });
  return [...own, ...through].flatMap((path) => filterField(catalogue, object, path) ?? []);
}
