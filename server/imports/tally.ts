import { sql } from 'drizzle-orm';
import type { ImportPlan } from '@/domain/imports/mapping';
import { snake } from '../core/record-types';
import type { Work } from '../core/work';
import { type Batch, moneyFields, type Outcome } from './engine';

export interface Amount {
  rows: number;
  minor: number;
}

/** What an import has come to so far; kept with it, so that a restart goes on counting where it was. */
export interface Tally {
  /** By currency and stage (`''` for objects without): as the rows have it, and as it stands in the tables. */
  money: Record<string, Record<string, { read: Amount; stored: Amount }>>;
  /** Rows left out on purpose. */
  left: { deleted: number; skipped: number };
  /** Records made beside the rows' own. */
  also: Record<string, number>;
  /** Texts that named no record and were left empty: by target, with the number of rows. */
  unmatched: Record<string, Record<string, number>>;
  /** Rows of which a value was left out. */
  partly: number;
  pass: number;
  /** Starts that got no further than this row. */
  attempts: { cursor: number; times: number };
}

export interface Counts {
  created: number;
  updated: number;
  unchanged: number;
  refused: number;
}

export const emptyTally = (): Tally => ({
  money: {},
  left: { deleted: 0, skipped: 0 },
  also: {},
  unmatched: {},
  partly: 0,
  pass: 0,
  attempts: { cursor: 0, times: 0 },
});
export const emptyCounts = (): Counts => ({ created: 0, updated: 0, unchanged: 0, refused: 0 });

/** Different texts kept for the report; a column of nonsense must not fill the row. */
const mostTexts = 500;

/** Adds a batch to the counts. */
export function addBatch(batch: Batch, counts: Counts, tally: Tally): void {
  for (const { outcome, money, problems } of batch.rows) {
    if (outcome === 'deleted' || outcome === 'skipped') tally.left[outcome]++;
    else counts[outcome]++;
    if (money && isStored(outcome)) add(slot(tally, money.currency, money.stageId).read, 1, money.minor);
    if (isStored(outcome) && problems.some(({ level }) => level === 'cell')) tally.partly++;
  }
  for (const [object, made] of Object.entries(batch.also)) tally.also[object] = (tally.also[object] ?? 0) + made;
  for (const { target, text } of batch.unmatched) {
    tally.unmatched[target] ??= {};
    const texts = tally.unmatched[target];
    if (Object.hasOwn(texts, text) || Object.keys(texts).length < mostTexts) texts[text] = (texts[text] ?? 0) + 1;
  }
}

const isStored = (outcome: Outcome) => outcome === 'created' || outcome === 'updated' || outcome === 'unchanged';

/** Adds what the tables hold for the records of a batch, read back after they were written. */
export async function addStored(work: Work, plan: ImportPlan, batch: Batch, tally: Tally): Promise<void> {
  const field = moneyFields[plan.object];
  const ids = [...new Set(batch.rows.flatMap(({ recordId }) => recordId ?? []))];
  if (!field || ids.length === 0) return;
  const stage = plan.object === 'deal' ? sql`t.stage_id::text` : sql`''`;
  const amount = sql`t.${sql.identifier(snake(field))}`;
  const rows = await work.db.rows<{ currency: string; stageId: string; rows: number; minor: number }>(sql`
    select coalesce(t.currency, ${plan.currency}) as currency, ${stage} as "stageId", count(${amount})::int as rows, coalesce(sum(${amount}), 0)::bigint as minor
    from ${work.types.get(plan.object).table} t where t.tenant_id = ${work.actor.tenantId} and t.id = any(${sql.param(ids)}::uuid[]) group by 1, 2`);
  for (const { currency, stageId, rows: n, minor } of rows)
    if (n > 0) add(slot(tally, currency, stageId).stored, n, minor);
}

function slot(tally: Tally, currency: string, stageId: string) {
  tally.money[currency] ??= {};
  const stages = tally.money[currency];
  stages[stageId] ??= { read: { rows: 0, minor: 0 }, stored: { rows: 0, minor: 0 } };
  return stages[stageId];
}

function add(amount: Amount, rows: number, minor: number): void {
  amount.rows += rows;
  amount.minor += minor;
}
