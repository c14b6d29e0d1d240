import type { ImportPlan } from '@/domain/imports/mapping';
import { domainKey, emailKey, nameKey } from '@/domain/imports/matching';
import { type PlannedRow, planRow } from '@/domain/imports/rows';
import { type ValueTally, valueTally } from '@/domain/imports/tally';
import { readRows } from './rows';

/** What one reading of a whole file tells before anything is decided about its rows. */
export interface Scan {
  /** Rows with something in them. */
  rows: number;
  tally: ValueTally;
  /**
   * Rows that name another row of the same file as their parent come after it: the pass each of them belongs to.
   * Rows that are not in here belong to the first.
   */
  levels: Map<number, number>;
  passes: number;
  /** Rows that stand above themselves. */
  loops: Set<number>;
}

/** Columns by which a row may name another row of its own file. */
const ownReferences: Partial<Record<ImportPlan['object'], string>> = { company: 'parent', contact: 'reportsTo' };

/** Reads a file once from end to end. */
export async function scanFile(tenantId: string, fileId: string, plan: ImportPlan): Promise<Scan> {
  const { add, tally } = valueTally(plan);
  const reference = ownReferences[plan.object];
  const nested = plan.columns.some(({ target }) => target === reference || target === `${reference}ExternalId`);
  const family = new Family(reference ?? '');
  let rows = 0;
  for await (const { row, cells } of readRows(tenantId, fileId, plan)) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    rows++;
    add(cells);
    if (nested) family.add(row, planRow(plan, cells));
  }
  return { rows, tally, ...family.levels() };
}

/** Who stands above whom among the rows of a file. */
class Family {
  private readonly rowByKey = new Map<string, number>();
  private readonly parentKeys = new Map<number, string[]>();
  private readonly reference: string;

  constructor(reference: string) {
    this.reference = reference;
  }

  add(row: number, planned: PlannedRow): void {
    if (planned.refused) return;
    for (const key of keysOf(planned)) if (!this.rowByKey.has(key)) this.rowByKey.set(key, row);
    const parent = planned.refs[this.reference]?.[0];
    if (parent)
      this.parentKeys.set(row, [...(parent.sourceId ? [`id:${parent.sourceId}`] : []), `${parent.by}:${parent.key}`]);
  }

  levels(): Pick<Scan, 'levels' | 'passes' | 'loops'> {
    const levels = new Map<number, number>();
    const loops = new Set<number>();
    const parentOf = (row: number) =>
      this.parentKeys
        .get(row)
        ?.map((key) => this.rowByKey.get(key))
        .find((found) => found !== undefined);
    for (const start of this.parentKeys.keys()) {
      const path = [start];
      const seen = new Set(path);
      let above = parentOf(start);
      while (above !== undefined && !seen.has(above) && !levels.has(above)) {
        path.push(above);
        seen.add(above);
        above = parentOf(above);
      }
      // Only rows on the circle itself stand above themselves; those that hang below it do not.
      if (above !== undefined && seen.has(above)) for (const row of path.slice(path.indexOf(above))) loops.add(row);
      let level = above === undefined || seen.has(above) ? -1 : (levels.get(above) ?? 0);
      for (const row of path.reverse()) levels.set(row, ++level);
    }
    const passes = [...levels.values()].reduce((most, level) => Math.max(most, level), 0) + 1;
    return { levels, passes, loops };
  }
}

function keysOf({ externalId, values }: PlannedRow): string[] {
  const keys: string[] = [];
  if (externalId) keys.push(`id:${externalId}`);
  if (typeof values.name === 'string')
    keys.push(`name:${nameKey(values.name) || values.name.normalize('NFKC').toLowerCase()}`);
  if (typeof values.email === 'string') keys.push(`email:${emailKey(values.email)}`);
  const domain = typeof values.domain === 'string' ? domainKey(values.domain) : null;
  if (domain) keys.push(`domain:${domain}`);
  return keys;
}
