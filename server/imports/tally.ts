import { sql } from 'drizzle-orm';
import { clip } from '@/domain/clip';
import type { ImportPlan } from '@/domain/imports/mapping';
import { snake } from '../core/record-types';
import type { Work } from '../core/work';
import { type Batch, type Money, moneyFields, type Outcome, type RowResult } from './engine';
import type { ImportProblem } from './problems';

export interface Amount {
  rows: number;
  minor: number;
}

/**
 * Why a sum of the file is not that of the records: rows refused, in the source's bin, or left out by the plan; rows that
 * say again what an earlier one has said; and values that were there and stayed.
 */
export const moneyReasons = ['refused', 'deleted', 'skipped', 'again', 'kept'] as const;
export type MoneyReason = (typeof moneyReasons)[number];

/** What the rows have, and what the records hold for it. What the reasons take away may be less than nothing. */
interface MoneyTally {
  read: Amount;
  stored: Amount;
  reasons?: Partial<Record<MoneyReason, Amount>>;
}

/** What an import has come to so far; kept with it, so that a restart goes on counting where it was. */
export interface Tally {
  /** By currency and stage (`''` for objects without). */
  money: Record<string, Record<string, MoneyTally>>;
  /** Rows whose amount could not be read, and which are in no sum. */
  unread: number;
  /** Rows left out on purpose. */
  left: { deleted: number; skipped: number };
  /** Records made beside the rows' own. */
  also: Record<string, number>;
  /** Texts that named no record and were left empty: by target, with the number of rows. */
  unmatched: Record<string, Record<string, number>>;
  /** Rows of which a value was left out. */
  partly: number;
  pass: number;
  /** The search keys of the records it made are being made by a job (server/search/follow.ts), which takes this away. */
  following?: true;
  /** When it was last taken up, and how many rows were dealt with by then: what it does in a second is counted from there. */
  since?: { at: string; taken: number };
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
  unread: 0,
  left: { deleted: 0, skipped: 0 },
  also: {},
  unmatched: {},
  partly: 0,
  pass: 0,
  attempts: { cursor: 0, times: 0 },
});
export const emptyCounts = (): Counts => ({ created: 0, updated: 0, unchanged: 0, refused: 0 });

/** Different texts kept for the report, and characters of each: a column of nonsense must not fill the row. */
const mostTexts = 500;
const longestText = 200;

/** Adds a batch to the counts. */
export function addBatch(plan: ImportPlan, batch: Batch, counts: Counts, tally: Tally): void {
  const met = new Set<string>();
  for (const row of batch.rows) {
    const { outcome, recordId, problems } = row;
    if (outcome === 'deleted' || outcome === 'skipped') tally.left[outcome]++;
    else counts[outcome]++;
    addMoney(tally, row, recordId !== null && met.has(recordId));
    if (recordId !== null) met.add(recordId);
    if (isUnread(plan, row)) tally.unread++;
    if (isStored(outcome) && problems.some(({ level }) => level === 'cell')) tally.partly++;
  }
  for (const [object, made] of Object.entries(batch.also)) tally.also[object] = (tally.also[object] ?? 0) + made;
  for (const { target, text: whole } of batch.unmatched) {
    const text = clip(whole, longestText);
    tally.unmatched[target] ??= {};
    const texts = tally.unmatched[target];
    if (Object.hasOwn(texts, text) || Object.keys(texts).length < mostTexts) texts[text] = (texts[text] ?? 0) + 1;
  }
}

/** Takes rows that were refused out of the counts again, before they are added as what they have become. */
export function uncountRefused(plan: ImportPlan, rows: readonly RowResult[], counts: Counts, tally: Tally): void {
  for (const row of rows) {
    counts.refused--;
    if (isUnread(plan, row)) tally.unread--;
    if (!row.money) continue;
    const back = { ...row.money, minor: -row.money.minor };
    add(lineOf(tally, row.money).read, back, -1);
    takeAway(tally, back, 'refused', -1);
  }
}

const isStored = (outcome: Outcome) => outcome === 'created' || outcome === 'updated' || outcome === 'unchanged';

/** @param again whether an earlier row of the batch is about the same record */
function addMoney(tally: Tally, { outcome, money, held, again: known }: RowResult, again: boolean): void {
  if (money) add(lineOf(tally, money).read, money);
  if (!isStored(outcome)) {
    // Every other outcome is a reason.
    if (money) takeAway(tally, money, outcome as MoneyReason);
  } else if (again || known) {
    if (money) takeAway(tally, money, 'again');
  } else if (!isSame(money, held)) {
    if (money) takeAway(tally, money, 'kept');
    if (held) takeAway(tally, { ...held, minor: -held.minor }, 'kept', -1);
  }
}

const isSame = (a: Money | null, b: Money | null) =>
  a?.minor === b?.minor && a?.currency === b?.currency && a?.stageId === b?.stageId;

function takeAway(tally: Tally, money: Money, reason: MoneyReason, rows = 1): void {
  const line = lineOf(tally, money);
  line.reasons ??= {};
  line.reasons[reason] ??= { rows: 0, minor: 0 };
  add(line.reasons[reason], money, rows);
}

/** Whether a row has an amount that is in no sum, since it could not be read. */
function isUnread(plan: ImportPlan, { money, cells, problems }: RowResult): boolean {
  const field = moneyFields[plan.object];
  const column = plan.columns.find(({ target }) => target === field);
  if (!field || !column || money) return false;
  const isReason = ({ level, target, code }: ImportProblem) =>
    level !== 'note' && (code === 'ragged' || target === field || target === 'currency');
  return (cells[column.index] ?? '').trim() !== '' && problems.some(isReason);
}

/** Adds what the tables hold for the records of a batch, read back after they were written. */
export async function addStored(work: Work, plan: ImportPlan, batch: Batch, tally: Tally): Promise<void> {
  const field = moneyFields[plan.object];
  const ids = [...new Set(batch.rows.flatMap(({ recordId, again }) => (again ? [] : (recordId ?? []))))];
  if (!field || ids.length === 0) return;
  const stage = plan.object === 'deal' ? sql`t.stage_id::text` : sql`''`;
  const amount = sql`t.${sql.identifier(snake(field))}`;
  const rows = await work.db.rows<{ currency: string; stageId: string; rows: number; minor: number }>(sql`
    select coalesce(t.currency, ${plan.currency}) as currency, ${stage} as "stageId", count(${amount})::int as rows, coalesce(sum(${amount}), 0)::bigint as minor
    from ${work.types.get(plan.object).table} t where t.tenant_id = ${work.actor.tenantId} and t.id = any(${sql.param(ids)}::uuid[]) group by 1, 2`);
  for (const { rows: n, ...money } of rows) if (n > 0) add(lineOf(tally, money).stored, money, n);
}

function lineOf(tally: Tally, { currency, stageId }: Pick<Money, 'currency' | 'stageId'>): MoneyTally {
  tally.money[currency] ??= {};
  const stages = tally.money[currency];
  stages[stageId] ??= { read: { rows: 0, minor: 0 }, stored: { rows: 0, minor: 0 } };
  return stages[stageId];
}

function add(amount: Amount, { minor }: Pick<Money, 'minor'>, rows = 1): void {
  amount.rows += rows;
  amount.minor += minor;
}

/** A line of a reconciliation: a currency, and a stage where the object has them. */
export interface MoneyLine {
  currency: string;
  stageId: string;
  stage: string | null;
  /** The sum of the file, and that of the records once they are written. */
  read: Amount;
  stored: Amount;
  /** What the sum of the file minus all reasons comes to. */
  expected: Amount;
  reasons: (Amount & { reason: MoneyReason })[];
  /** Whether the reasons explain every cent. */
  equal: boolean;
}

/**
 * The sums of the file beside those of the records, with the reasons of every difference.
 * @param stages names by id, in the order they are shown
 */
export function moneyLines({ money }: Pick<Tally, 'money'>, stages: ReadonlyMap<string, string>): MoneyLine[] {
  const order = [...stages.keys()];
  return Object.entries(money).flatMap(([currency, byStage]) =>
    Object.entries(byStage)
      .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
      .map(([stageId, { read, stored, reasons: found = {} }]) => {
        const reasons = moneyReasons.flatMap((reason) => {
          const amount = found[reason];
          return amount && (amount.rows !== 0 || amount.minor !== 0) ? [{ reason, ...amount }] : [];
        });
        const expected = reasons.reduce(
          (rest, { rows, minor }) => ({ rows: rest.rows - rows, minor: rest.minor - minor }),
          read,
        );
        const equal = expected.minor === stored.minor && expected.rows === stored.rows;
        return { currency, stageId, stage: stages.get(stageId) ?? null, read, stored, expected, reasons, equal };
      }),
  );
}
