import { isBlank } from './blank';
import type { Fields } from './fields';

/** A row as far as merging looks at it: flat values with id and updatedAt. */
export type MergeRow = Record<string, unknown> & { id: string };

/** Which record each field's value is taken from. */
export type MergeChoice = Record<string, string>;

/** Most records that become one at a time, the survivor among them. */
export const maxMerged = 10;

/** Fields whose values a merge decides: those a person fills in. */
export function mergedFields(fields: Fields): string[] {
  return Object.keys(fields).filter((name) => {
    const field = fields[name];
    return field && !field.readOnly && field.type !== 'relation';
  });
}

/** Fields that mean something only together with another: they come from the same record. */
const together: Record<string, Record<string, string>> = {
  deal: {
    pipelineId: 'stageId',
    status: 'stageId',
    probability: 'stageId',
    stageEnteredAt: 'stageId',
    closedOn: 'stageId',
    currency: 'amount',
  },
  company: { currency: 'annualRevenue' },
  product: { currency: 'price' },
};

/** The field whose choice decides another's, or the field itself. */
export const leaderOf = (object: string, field: string): string => together[object]?.[field] ?? field;

/** Fields that follow a leader though nobody types them in. */
const derived: Record<string, readonly string[]> = { deal: ['status', 'probability', 'stageEnteredAt'] };

/** Lists are united unless one record's is chosen. */
const united = new Set(['tags', 'file', 'choices']);

/** `true` on one of the records holds for the survivor: who asked not to be called asked it of us. */
const binding = new Set(['doNotCall', 'doNotMail']);

/**
 * The most complete record of several: the survivor's own value, or that of the record changed last that has one.
 * @param rows the survivor first
 */
export function mostComplete(rows: readonly MergeRow[], name: string): string {
  const [survivor] = rows;
  if (binding.has(name)) {
    const bound = rows.find((row) => row[name] === true);
    if (bound) return bound.id;
  }
  if (!survivor || !isBlank(survivor[name])) return survivor?.id ?? '';
  const others = rows
    .filter((row) => !isBlank(row[name]))
    .sort((a, b) => String(b.updatedAt).localeCompare(String(a.updatedAt)));
  return others[0]?.id ?? survivor.id;
}

/**
 * The survivor's values after a merge.
 * @param rows the survivor first
 * @param choice fields decided by hand; the rest is the most complete
 * @returns values of the survivor that are decided, whether they differ from its own or not
 */
export function mergedValues(
  object: string,
  fields: Fields,
  rows: readonly MergeRow[],
  choice: MergeChoice,
): Record<string, unknown> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const values: Record<string, unknown> = {};
  // A choice for a field that follows another is one for that other: a stage comes with its own pipeline.
  const decided: MergeChoice = { ...choice };
  for (const [name, id] of Object.entries(choice)) decided[leaderOf(object, name)] ??= id;
  for (const name of [...mergedFields(fields), ...(derived[object] ?? [])]) {
    const leader = leaderOf(object, name);
    const chosen = decided[leader];
    const type = fields[name]?.type ?? '';
    if (!chosen && united.has(type)) {
      const list = [...new Set(rows.flatMap((row) => (Array.isArray(row[name]) ? (row[name] as unknown[]) : [])))];
      values[name] = list.length > 0 ? list : null;
      continue;
    }
    const from = byId.get(chosen ?? mostComplete(rows, leader));
    // What follows a leader that is empty everywhere is decided by itself.
    const followed = leader !== name && !chosen && rows.every((row) => isBlank(row[leader]));
    values[name] = (followed ? byId.get(mostComplete(rows, name)) : from)?.[name] ?? null;
  }
  return values;
}
