import { tenantSettings } from '@/db/schema/tenants';
import type { TenantDb } from '@/db/tenant';
import type { FieldDefinition } from '@/domain/custom-fields';
import { compileFormula, type Formula } from '@/domain/formula/formula';
import { FormulaProblem } from '@/domain/formula/problem';
import type { Workspace } from '@/domain/formula/values';
import { dayIn } from '@/domain/moments';
import type { RecordType, RecordValues } from './record-types';
import type { Work } from './work';

/** The formulas of a kind of record, each after those it uses. */
interface Computed {
  formulas: { field: FieldDefinition; formula: Formula | null }[];
  usesToday: boolean;
  usesWorkspace: boolean;
}

const compiled = new WeakMap<RecordType, Computed>();

/** The formulas of a kind, read once. One that no longer makes sense, for a field it uses is gone, gives nothing. */
function computedOf(type: RecordType): Computed {
  const known = compiled.get(type);
  if (known) return known;
  const formulas = new Map<string, Computed['formulas'][number]>();
  for (const field of type.own ?? []) {
    if (field.type === 'formula') formulas.set(field.key, { field, formula: compiledOf(type, field) });
  }
  const ordered = new Set<Computed['formulas'][number]>();
  const place = (key: string, above: readonly string[]) => {
    const entry = formulas.get(key);
    if (!entry || ordered.has(entry) || above.includes(key)) return;
    for (const used of entry.formula?.uses ?? []) place(used, [...above, key]);
    ordered.add(entry);
  };
  for (const key of formulas.keys()) place(key, []);
  const computed: Computed = {
    formulas: [...ordered],
    usesToday: [...ordered].some(({ formula }) => formula?.usesToday),
    usesWorkspace: [...ordered].some(({ formula }) => formula?.usesWorkspace),
  };
  compiled.set(type, computed);
  return computed;
}

function compiledOf(type: RecordType, { settings, key }: FieldDefinition): Formula | null {
  try {
    const { [key]: _, ...others } = type.fields;
    return compileFormula(settings.formula ?? '', others, settings);
  } catch (error) {
    if (error instanceof FormulaProblem) return null;
    throw error;
  }
}

/** Whether values of a kind change when a day begins. */
export const changesDaily = (type: RecordType): boolean => computedOf(type).usesToday;

/** Whether values of a kind change with the workspace's time zone or currency. */
export const followsWorkspace = (type: RecordType): boolean => computedOf(type).usesWorkspace;

const settings = new WeakMap<TenantDb, Promise<Omit<Workspace, 'today'>>>();
const unasked: Workspace = { today: '', timeZone: 'Etc/UTC', currency: 'USD' };

/** What the workspace says that formulas of the kind go by; asked for once in a transaction, and only where one does. */
export async function workspaceFor(work: Work, type: RecordType): Promise<Workspace> {
  const { usesToday, usesWorkspace } = computedOf(type);
  if (!usesToday && !usesWorkspace) return unasked;
  let found = settings.get(work.db);
  if (!found) {
    found = work.db.find(tenantSettings, undefined, { limit: 1 }).then(([row]) => row ?? unasked);
    settings.set(work.db, found);
  }
  const { timeZone, currency } = await found;
  return { today: dayIn(timeZone, work.now.getTime()), timeZone, currency };
}

/** What the formulas of a row give where that is not what it holds. */
export function computedValues(type: RecordType, row: RecordValues, workspace: Workspace): RecordValues {
  const changed: RecordValues = {};
  const now = { ...row };
  for (const { field, formula } of computedOf(type).formulas) {
    const value = formula?.compute({ row: now, ...workspace }) ?? null;
    if ((now[field.key] ?? null) !== value) {
      now[field.key] = value;
      changed[field.key] = value;
    }
  }
  return changed;
}

/** What roll-ups of a new record are: nothing points to it yet. */
export function emptyRollups(type: RecordType): RecordValues {
  const values: RecordValues = {};
  for (const { key, settings } of type.own ?? []) {
    if (settings.rollup && ['count', 'sum'].includes(settings.rollup.fn)) values[key] = 0;
  }
  return values;
}
