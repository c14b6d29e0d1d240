import { headerKey } from './keys';
import type { ImportPlan, PlanColumn } from './mapping';

/** Mappings a person may keep, those shared with them included. */
export const maxMappings = 50;

type Kept = Pick<
  ImportPlan,
  | 'source'
  | 'hasHeader'
  | 'dateOrder'
  | 'decimal'
  | 'currency'
  | 'timeZone'
  | 'matchKey'
  | 'matchKeys'
  | 'policy'
  | 'missing'
  | 'values'
>;

/** What of a plan holds for other files too: everything but how this one is written. Columns go by their headers. */
export interface MappingSettings extends Kept {
  columns: Omit<PlanColumn, 'index'>[];
}

/** A mapping as it is kept, or as an import that is over had it. */
export interface SavedMapping {
  id: string;
  kind: 'saved' | 'import';
  /** Its name, or that of the file that was imported. */
  name: string;
  object: ImportPlan['object'];
  /** Everybody who imports may use it. */
  shared: boolean;
  /** Whose it is, and whether the person who asks may change it. */
  by: string | null;
  mine: boolean;
  updatedAt: string;
  settings: MappingSettings;
}

/** A plan as a mapping. */
export function settingsFrom(plan: ImportPlan): MappingSettings {
  const { source, hasHeader, dateOrder, decimal, currency, timeZone, matchKey, policy, missing, values } = plan;
  const { matchKeys } = plan;
  return {
    source,
    hasHeader,
    dateOrder,
    decimal,
    currency,
    timeZone,
    matchKey,
    ...(matchKeys && { matchKeys }),
    policy,
    missing,
    values,
    // A field that was made is there: another file's column goes to it.
    columns: plan.columns.map(({ index: _, create, ...column }) =>
      create && column.target === null ? { ...column, create } : column,
    ),
  };
}

/** Columns by their headers; of those called the same the first by the name, the second by the name and its number. */
function byHeader<C extends { header: string }>(columns: readonly C[]): Map<string, C> {
  const seen = new Map<string, number>();
  return new Map(
    columns.map((column) => {
      const key = headerKey(column.header);
      const times = (seen.get(key) ?? 0) + 1;
      seen.set(key, times);
      return [`${key} ${times}`, column] as const;
    }),
  );
}

/**
 * How well a mapping fits a file: the share of the columns it says something about that the file has, and of the file's
 * columns that it knows, 0 to 1.
 */
export function fitOf({ columns }: Pick<MappingSettings, 'columns'>, headers: readonly string[]): number {
  const known = byHeader(columns);
  const file = byHeader(headers.map((header) => ({ header })));
  const wanted = [...known].filter(([, { target }]) => target !== null).map(([key]) => key);
  if (wanted.length === 0 || file.size === 0) return 0;
  const found = wanted.filter((key) => file.has(key)).length / wanted.length;
  const explained = [...file.keys()].filter((key) => known.has(key)).length / file.size;
  return found * explained;
}

/** Below this a mapping is not offered by itself. */
export const goodFit = 0.6;

/** A plan as a mapping has it: columns it does not know keep what they have, unless something else goes there now. */
export function applied(plan: ImportPlan, settings: MappingSettings): ImportPlan {
  const { columns: kept, hasHeader: _, ...rest } = settings;
  const known = byHeader(kept);
  const file = byHeader(plan.columns);
  const mapped = new Map([...file].map(([key, { index }]) => [index, known.get(key)] as const));
  const taken = new Set([...mapped.values()].map((column) => column?.target ?? null));
  const columns = plan.columns.map((column) => {
    const saved = mapped.get(column.index);
    if (saved) return { ...saved, index: column.index, header: column.header };
    return taken.has(column.target) ? { ...column, target: null } : column;
  });
  const targets = new Set(columns.map(({ target }) => target));
  const has = (key: string) => targets.has(key);
  const { matchKeys, matchKey, ...others } = rest;
  return {
    ...plan,
    ...others,
    columns,
    matchKeys: matchKeys?.filter(has),
    matchKey: matchKey !== null && has(matchKey) ? matchKey : null,
  };
}
