import { z } from 'zod';
import type { FieldType } from './fields';

/**
 * The one filter language: tables, boards, REST, reports. A tree of and/or groups over conditions; a condition's
 * field may reach through references (`companyId.industry`), up to three steps.
 */
export const operators = [
  'is',
  'isNot',
  'anyOf',
  'noneOf',
  'contains',
  'startsWith',
  'gt',
  'gte',
  'lt',
  'lte',
  'between',
  'isEmpty',
  'isNotEmpty',
  'before',
  'after',
  'inLast',
  'inNext',
  'during',
  'olderThan',
  'me',
] as const;
export type Operator = (typeof operators)[number];

/** What `during` can name: days, weeks (from Monday), months, quarters, years, in the tenant's time zone. */
export const periods = [
  'today',
  'yesterday',
  'tomorrow',
  'thisWeek',
  'lastWeek',
  'nextWeek',
  'thisMonth',
  'lastMonth',
  'nextMonth',
  'thisQuarter',
  'lastQuarter',
  'nextQuarter',
  'thisYear',
  'lastYear',
  'nextYear',
] as const;
export type Period = (typeof periods)[number];

/** A period as a unit and how many of them from now. */
export function periodOf(name: unknown): { unit: 'day' | 'week' | 'month' | 'quarter' | 'year'; away: number } | null {
  if (!periods.some((period) => period === name)) return null;
  if (name === 'today') return { unit: 'day', away: 0 };
  if (name === 'yesterday') return { unit: 'day', away: -1 };
  if (name === 'tomorrow') return { unit: 'day', away: 1 };
  const [, which = '', unit = ''] = /^(this|last|next)(.+)$/.exec(String(name)) ?? [];
  return {
    // The names end in the units.
    unit: unit.toLowerCase() as 'week' | 'month' | 'quarter' | 'year',
    away: which === 'this' ? 0 : which === 'last' ? -1 : 1,
  };
}

export interface Condition {
  field: string;
  op: Operator;
  value?: string | number | boolean | null | (string | number)[];
}
export type FilterGroup = { and: Filter[] } | { or: Filter[] };
export type Filter = Condition | FilterGroup;

/** Operators a field type offers, the default one first. */
export const operatorsOf: Record<FieldType, readonly Operator[]> = {
  text: ['contains', 'is', 'isNot', 'startsWith', 'isEmpty', 'isNotEmpty'],
  longText: ['isEmpty', 'isNotEmpty'],
  email: ['contains', 'is', 'isNot', 'startsWith', 'isEmpty', 'isNotEmpty'],
  phone: ['contains', 'is', 'startsWith', 'isEmpty', 'isNotEmpty'],
  link: ['contains', 'is', 'startsWith', 'isEmpty', 'isNotEmpty'],
  number: ['is', 'gt', 'gte', 'lt', 'lte', 'between', 'isEmpty', 'isNotEmpty'],
  integer: ['is', 'gt', 'gte', 'lt', 'lte', 'between', 'isEmpty', 'isNotEmpty'],
  money: ['gt', 'gte', 'lt', 'lte', 'is', 'between', 'isEmpty', 'isNotEmpty'],
  percent: ['is', 'gt', 'gte', 'lt', 'lte', 'between', 'isEmpty', 'isNotEmpty'],
  date: ['is', 'during', 'before', 'after', 'between', 'inLast', 'inNext', 'olderThan', 'isEmpty', 'isNotEmpty'],
  datetime: ['during', 'before', 'after', 'between', 'inLast', 'inNext', 'olderThan', 'isEmpty', 'isNotEmpty'],
  time: ['is', 'gt', 'lt', 'between', 'isEmpty', 'isNotEmpty'],
  boolean: ['is'],
  rating: ['is', 'gte', 'lte', 'anyOf', 'isEmpty', 'isNotEmpty'],
  choices: ['anyOf', 'noneOf', 'is', 'isEmpty', 'isNotEmpty'],
  choice: ['anyOf', 'noneOf', 'is', 'isNot', 'isEmpty', 'isNotEmpty'],
  currency: ['is', 'isNot', 'anyOf', 'isEmpty', 'isNotEmpty'],
  tags: ['anyOf', 'noneOf', 'isEmpty', 'isNotEmpty'],
  member: ['anyOf', 'noneOf', 'me', 'is', 'isEmpty', 'isNotEmpty'],
  team: ['anyOf', 'is', 'isEmpty', 'isNotEmpty'],
  reference: ['anyOf', 'noneOf', 'is', 'isEmpty', 'isNotEmpty'],
  relation: ['anyOf', 'isEmpty', 'isNotEmpty'],
  address: ['isEmpty', 'isNotEmpty'],
  file: ['isEmpty', 'isNotEmpty'],
};

const scalar = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]);
const conditionSchema = z.strictObject({
  field: z.string().max(200),
  op: z.enum(operators),
  value: z.union([scalar, z.array(z.union([z.string().max(1000), z.number()])).max(1000)]).optional(),
});

/** A filter tree of at most 50 conditions and groups; how deep it may nest is the doors' to say (security I2). */
export const filterSchema: z.ZodType<Filter, Filter> = z
  .lazy(() =>
    z.union([
      conditionSchema,
      z.strictObject({ and: z.array(filterSchema).max(1000) }),
      z.strictObject({ or: z.array(filterSchema).max(1000) }),
    ]),
  )
  .refine((f) => countNodes(f) <= 50, { error: 'filterTooLarge' });

export const sortSchema = z.strictObject({ field: z.string().max(200), dir: z.enum(['asc', 'desc']) });
/** A list is sorted by so many fields at most. */
export const maxSorts = 5;
export type Sort = z.infer<typeof sortSchema>;

/** Number of conditions and groups in a filter. */
export function countNodes(filter: Filter): number {
  if ('field' in filter) return 1;
  const children = 'and' in filter ? filter.and : filter.or;
  let nodes = 1;
  for (const child of children) nodes += countNodes(child);
  return nodes;
}
