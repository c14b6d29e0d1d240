import type { Field } from '@/domain/fields';
import { type Condition, type Filter, type FilterGroup, type Operator, operatorsOf } from '@/domain/filters';
import { objects, type RecordObject } from '@/domain/objects';

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

function shapeOf(op: Operator): 'one' | 'many' | 'two' | 'days' | 'none' {
  if (!needsValue(op)) return 'none';
  if (takesMany(op)) return 'many';
  if (op === 'between') return 'two';
  return op === 'inLast' || op === 'inNext' ? 'days' : 'one';
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
  object: RecordObject;
  name: string;
  via: string | null;
}

/** The field a path names, with where it belongs; one step through references. */
export function filterField(object: RecordObject, path: string): FilterField | null {
  const [first = '', second] = path.split('.');
  const own = objects[object].fields[first];
  if (!own) return null;
  if (second === undefined) return { path, field: own, object, name: first, via: null };
  const to = own.to && own.to in objects ? (own.to as RecordObject) : null;
  const field = to ? objects[to].fields[second] : undefined;
  return to && field ? { path, field, object: to, name: second, via: first } : null;
}

/** Every field that can be filtered by, its own first, then those of what it refers to. */
export function filterFields(object: RecordObject): FilterField[] {
  const { fields } = objects[object];
  const own = Object.keys(fields).filter((name) => fields[name]?.type !== 'longText');
  const through = own.flatMap((name) => {
    const to = fields[name]?.to;
    if (!to || !(to in objects) || to === object) return [];
    return Object.entries(objects[to as RecordObject].fields)
      .filter(([, field]) => field.type !== 'longText' && field.prominent)
      .map(([inner]) => `${name}.${inner}`);
  });
  return [...own, ...through].flatMap((path) => filterField(object, path) ?? []);
}
