import { z } from 'zod';
import { type Field, lineSchema, recordOf, searchText } from './fields';
import { type Filter, filterSchema, maxSorts, type Sort, sortSchema } from './filters';

/** A saved view: which records of an object, in what order and shape. Stored as it is validated here. */
export const viewKinds = ['table', 'board', 'calendar'] as const;
export type ViewKind = (typeof viewKinds)[number];
export const audiences = ['mine', 'team', 'everyone'] as const;
export type Audience = (typeof audiences)[number];
export const densities = ['compact', 'normal', 'roomy'] as const;
export type Density = (typeof densities)[number];
/** Types of fields by whose values records are grouped as they are; days are grouped by units. */
export const groupedTypes: ReadonlySet<Field['type']> = new Set<Field['type']>([
  'choice',
  'choices',
  'currency',
  'boolean',
  'rating',
  'member',
  'team',
  'reference',
]);
/** Types of fields that can be summed up. */
export const summedTypes: ReadonlySet<Field['type']> = new Set<Field['type']>([
  'number',
  'integer',
  'money',
  'percent',
  'rating',
]);
/** Units by which days are grouped. */
export const buckets = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Bucket = (typeof buckets)[number];
export const totalKinds = ['sum', 'avg', 'min', 'max'] as const;
export type TotalKind = (typeof totalKinds)[number];
export const spans = ['month', 'week'] as const;
export type Span = (typeof spans)[number];

const fieldName = z.string().min(1).max(100);

export const groupSchema = z.strictObject({ field: fieldName, by: z.enum(buckets).optional() });
export type Grouping = z.infer<typeof groupSchema>;
export const totalsSchema = recordOf(fieldName, z.enum(totalKinds), 20);
export type Totals = z.infer<typeof totalsSchema>;
const columnSchema = z.strictObject({
  field: fieldName,
  /** Pixels. */
  width: z.int().min(40).max(2000).optional(),
});
export type ViewColumn = z.infer<typeof columnSchema>;

export const viewConfigSchema = z.strictObject({
  filter: filterSchema.optional(),
  q: searchText.optional(),
  sort: z.array(sortSchema).max(maxSorts).optional(),
  group: groupSchema.optional(),
  totals: totalsSchema.optional(),
  columns: z.array(columnSchema).max(200).optional(),
  /** How many columns stay at the left while the others scroll; the first always does. */
  frozen: z.int().min(1).max(10).optional(),
  density: z.enum(densities).optional(),
  /** Choice field whose values are the columns of a board. */
  board: fieldName.optional(),
  /** Date field by which a calendar places records, and what it shows at once. */
  date: fieldName.optional(),
  span: z.enum(spans).optional(),
  /** Of deals: the pipeline whose deals are shown, and whose stages are the columns of their board. */
  pipeline: z.uuid().optional(),
});
export type ViewConfig = z.infer<typeof viewConfigSchema>;

export const viewInput = z.strictObject({
  object: z.string().min(1).max(60),
  name: lineSchema(60),
  kind: z.enum(viewKinds).default('table'),
  audience: z.enum(audiences).default('mine'),
  teamId: z.uuid().nullable().optional(),
  config: viewConfigSchema.default({}),
});
export type ViewInput = z.input<typeof viewInput>;
export const viewUpdate = z.strictObject({
  name: lineSchema(60).optional(),
  kind: z.enum(viewKinds).optional(),
  audience: z.enum(audiences).optional(),
  teamId: z.uuid().nullable().optional(),
  config: viewConfigSchema.optional(),
});
export type ViewUpdate = z.infer<typeof viewUpdate>;

/** A view as people get it. */
export interface View {
  id: string;
  version: number;
  object: string;
  name: string;
  kind: ViewKind;
  audience: Audience;
  teamId: string | null;
  ownerId: string;
  ownerName: string | null;
  config: ViewConfig;
  /** Whether the person asking may change it. */
  editable: boolean;
}

/** More views of one object than anybody finds their way in. */
export const maxViews = 200;

/*
 * In addresses a view is written with letters, digits, `-`, `.`, `_` and `*`, which need no escaping there, so that a
 * link stays short. Parts are parted by `*`; in texts `_` is `__` and `*` is `_.`.
 */
const escaped = (text: string) => text.replaceAll('_', '__').replaceAll('*', '_.');
const unescaped = (text: string) => text.replace(/__|_\./g, (found) => (found === '__' ? '_' : '*'));

function valueText(value: string | number | boolean | null): string {
  if (value === null) return 'z';
  if (typeof value === 'boolean') return value ? 'y' : 'n';
  return typeof value === 'number' ? `d${value}` : `s${escaped(value)}`;
}

function readValue(text: string): string | number | boolean | null {
  if (text === 'z') return null;
  if (text === 'y' || text === 'n') return text === 'y';
  return text.startsWith('d') ? Number(text.slice(1)) : unescaped(text.slice(1));
}

/** A filter as a short text; `parseFilter` reads it. */
export function writeFilter(filter: Filter): string {
  const parts: string[] = [];
  const write = (part: Filter) => {
    if ('field' in part) {
      const { value } = part;
      parts.push(escaped(part.field), part.op);
      if (value === undefined) parts.push('-');
      else if (Array.isArray(value)) parts.push(String(value.length), ...value.map(valueText));
      else parts.push(valueText(value));
      return;
    }
    const members = 'and' in part ? part.and : part.or;
    parts.push('and' in part ? '-and' : '-or', String(members.length));
    for (const member of members) write(member);
  };
  write(filter);
  return parts.join('*');
}

/** What `writeFilter` wrote, or JSON; undefined for anything else, such as a link somebody cut short. */
export function parseFilter(text: string): Filter | undefined {
  try {
    const read = filterSchema.safeParse(text.startsWith('{') ? JSON.parse(text) : readShort(text));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

function readShort(text: string): unknown {
  const parts = text.split('*');
  let at = 0;
  const next = (): string => {
    const part = parts[at++];
    if (part === undefined) throw new Error('cut short');
    return part;
  };
  const many = <T>(read: () => T): T[] => {
    const count = Number(next());
    if (!Number.isInteger(count) || count < 0 || count > 1000) throw new Error('not a count');
    return Array.from({ length: count }, read);
  };
  const read = (): unknown => {
    const first = next();
    if (first === '-and') return { and: many(read) };
    if (first === '-or') return { or: many(read) };
    const condition = { field: unescaped(first), op: next() };
    const value = parts[at] ?? '';
    if (value === '-') {
      at++;
      return condition;
    }
    return { ...condition, value: /^\d+$/.test(value) ? many(() => readValue(next())) : readValue(next()) };
  };
  return read();
}

/** `-amount*name`: by amount, the largest first, then by name. */
export const writeSort = (sort: readonly Sort[]): string =>
  sort.map(({ field, dir }) => (dir === 'desc' ? '-' : '') + field).join('*');

export function parseSort(text: string): Sort[] {
  return text
    .split('*')
    .filter((part) => part !== '' && part !== '-')
    .slice(0, maxSorts)
    .map((part) => (part.startsWith('-') ? { field: part.slice(1), dir: 'desc' } : { field: part, dir: 'asc' }));
}

/** Parts of a view that an address can carry, each under a short name; a dash says that there is none. */
const addressNames = {
  filter: 'filter',
  q: 'q',
  sort: 'sort',
  group: 'group',
  totals: 'totals',
  columns: 'cols',
  frozen: 'frozen',
  density: 'density',
  board: 'board',
  date: 'date',
  span: 'span',
  pipeline: 'pipeline',
} as const satisfies Record<keyof ViewConfig, string>;
export const configParts = Object.keys(addressNames) as (keyof ViewConfig)[];
export const addressName = (part: keyof ViewConfig): string => addressNames[part];

const pairs = (list: [string, string | number | undefined][]) =>
  list.map(([name, value]) => (value === undefined ? name : `${name}.${value}`)).join('*');

/** One part of a view as it stands in an address; null for what there is nothing of. */
export function writePart(part: keyof ViewConfig, { [part]: value, ...config }: ViewConfig): string | null {
  if (value === undefined) return null;
  const whole: ViewConfig = { ...config, [part]: value };
  switch (part) {
    case 'filter':
      return whole.filter ? writeFilter(whole.filter) : null;
    case 'sort':
      return writeSort(whole.sort ?? []) || null;
    case 'group':
      return whole.group ? pairs([[whole.group.field, whole.group.by]]) : null;
    case 'totals':
      return pairs(Object.entries(whole.totals ?? {})) || null;
    case 'columns':
      return pairs((whole.columns ?? []).map(({ field, width }) => [field, width])) || null;
    default:
      return String(value) || null;
  }
}

/** What `writePart` wrote, as a part of a view; nothing when it cannot be read. */
export function parsePart(part: keyof ViewConfig, text: string): ViewConfig {
  const read = viewConfigSchema.safeParse({ [part]: rawPart(part, text) });
  return read.success ? read.data : {};
}

function rawPart(part: keyof ViewConfig, text: string): unknown {
  const list = () =>
    text.split('*').map((each): [string, string | undefined] => {
      const [name = '', value] = each.split('.');
      return [name, value];
    });
  switch (part) {
    case 'filter':
      return parseFilter(text);
    case 'sort':
      return parseSort(text);
    case 'group': {
      const [[field, by] = ['']] = list();
      return { field, by };
    }
    case 'totals':
      return Object.fromEntries(list());
    case 'columns':
      return list().map(([field, width]) => ({ field, width: width === undefined ? undefined : Number(width) }));
    case 'frozen':
      return Number(text);
    default:
      return text;
  }
}

/** The search part of an address as a view's parts: what a view kept before views were records. */
export function configOfSearch(search: string): ViewConfig {
  const params = new URLSearchParams(search);
  let config: ViewConfig = {};
  for (const part of configParts) {
    const text = params.get(addressName(part));
    if (text && text !== '-') config = { ...config, ...parsePart(part, text) };
  }
  return config;
}
