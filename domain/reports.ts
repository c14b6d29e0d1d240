import { z } from 'zod';
import { daySchema as day } from './fields';
import type { Filter } from './filters';

/** What revenue can be looked at by. `companyGroup` is a company with all its subsidiaries, at any depth. */
export const reportDimensions = ['owner', 'team', 'office', 'product', 'sector', 'company', 'companyGroup'] as const;
export type ReportDimension = (typeof reportDimensions)[number];

export const reportBuckets = ['month', 'quarter', 'year'] as const;
export type ReportBucket = (typeof reportBuckets)[number];

/** `custom` goes by its own days, the others are counted back from today. */
export const periodPresets = ['month', 'quarter', 'year', 'last12', 'all', 'custom'] as const;
export type PeriodPreset = (typeof periodPresets)[number];

/**
 * Which deals a report is about. The days are of `closedOn` and bound closed deals only; both belong to the period.
 * `auto` is this year, or all time when nothing was closed in the last twelve months.
 */
export const reportScope = z.strictObject({
  preset: z.enum(['auto', ...periodPresets]).default('custom'),
  from: day.nullish(),
  to: day.nullish(),
  pipelineId: z.uuid().nullish(),
  ownerId: z.uuid().nullish(),
  teamId: z.uuid().nullish(),
});
export type ReportScope = z.infer<typeof reportScope>;

export const revenueInput = reportScope.extend({
  dimension: z.enum(reportDimensions),
  limit: z.int().min(1).max(1000).default(100),
});

export const wonByInput = reportScope.extend({ bucket: z.enum(reportBuckets) });

/** Won deals in another currency than the tenant's: listed apart, never added. */
export interface OtherCurrency {
  currency: string;
  count: number;
  total: number;
}

export interface OutcomeFigures {
  won: number;
  lost: number;
  /** Won of won and lost, in percent and unrounded; null when nothing was closed. */
  winRate: number | null;
  /** Minor units of the tenant's currency, won deals only. */
  revenue: number;
  /** Of won deals that have an amount in the tenant's currency, rounded to the minor unit. */
  average: number | null;
}

export interface RevenueRow extends OutcomeFigures {
  /** Null for the deals that have none. */
  id: string | null;
  label: string | null;
  /** Won deals counted here whose amount is in another currency and so not in `revenue`. */
  otherWon: number;
  /** The closed deals of this row; null where naming them would take more than a filter holds. */
  filter: Filter | null;
}

export interface RevenueBy {
  dimension: ReportDimension;
  period: Period;
  currency: string;
  rows: RevenueRow[];
  /** Over all rows, also those beyond the limit. */
  total: OutcomeFigures;
  other: OtherCurrency[];
  /** There are more rows than were asked for. */
  more: boolean;
}

export interface FunnelStage {
  stageId: string;
  pipelineId: string;
  count: number;
  total: number;
  weighted: number;
  /** At the list price of each deal's product. */
  listTotal: number;
  filter: Filter;
}

export interface Bucket {
  /** First day of the month, quarter or year. */
  start: string;
  won: number;
  lost: number;
  revenue: number;
  filter: Filter;
}

export interface WonBy {
  bucket: ReportBucket;
  period: Period;
  currency: string;
  rows: Bucket[];
  other: OtherCurrency[];
}

export interface CycleFigures {
  /** Days from start to close, unrounded; null when no deal has both. */
  average: number | null;
  min: number | null;
  max: number | null;
  counted: number;
  /** Closed deals without a usable start day. */
  excluded: number;
}

export interface ClosedFigures extends OutcomeFigures {
  min: number | null;
  max: number | null;
  wonCycle: CycleFigures;
  lostCycle: CycleFigures;
  other: OtherCurrency[];
}

export interface HomeReport {
  currency: string;
  period: Period;
  /** The period before, whose figures are in `previous`. */
  compared: { from: string; to: string } | null;
  funnel: FunnelStage[];
  open: { count: number; total: number; weighted: number; listTotal: number; other: OtherCurrency[]; filter: Filter };
  closed: ClosedFigures & { filter: Filter };
  previous: ClosedFigures | null;
  months: Bucket[];
  topCompanies: RevenueRow[];
}

/** Percent, unrounded; null when there is nothing to divide. */
export function winRate(won: number, lost: number): number | null {
  return won + lost === 0 ? null : (won / (won + lost)) * 100;
}

export interface Period {
  preset: PeriodPreset;
  from: string | null;
  to: string | null;
}

/** The days of a preset, up to today; `all` has no bounds. */
export function periodOf(preset: Exclude<PeriodPreset, 'custom'>, today: string): Period {
  if (preset === 'all') return { preset, from: null, to: null };
  if (preset === 'last12') return { preset, from: shiftDays(shiftMonths(today, -12), 1), to: today };
  return { preset, from: bucketStart(today, preset), to: today };
}

/** The period before, for a trend: the same days a year, a quarter, a month or the period's own length earlier. */
export function periodBefore({ preset, from, to }: Period): { from: string; to: string } | null {
  if (!from || !to || from > to) return null;
  const months = { year: 12, quarter: 3, month: 1, last12: 12, all: 0, custom: 0 }[preset];
  if (months > 0) return { from: shiftMonths(from, -months), to: shiftMonths(to, -months) };
  const length = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
  return { from: shiftDays(from, -length), to: shiftDays(to, -length) };
}

/** First day of the month, quarter or year a day is in. */
export function bucketStart(date: string, bucket: ReportBucket): string {
  const [year = '', month = ''] = date.split('-');
  if (bucket === 'year') return `${year}-01-01`;
  if (bucket === 'month') return `${year}-${month}-01`;
  const first = Math.floor((Number(month) - 1) / 3) * 3 + 1;
  return `${year}-${String(first).padStart(2, '0')}-01`;
}

/** Last day of the bucket that begins on `start`. */
export function bucketEnd(start: string, bucket: ReportBucket): string {
  return shiftDays(shiftMonths(start, monthsOf[bucket]), -1);
}

const monthsOf: Record<ReportBucket, number> = { month: 1, quarter: 3, year: 12 };
/** Beyond this the gaps stay gaps: nobody reads fifty years of empty months. */
const maxBuckets = 240;

/** Every bucket from the first to the last, those without deals included; only these when they lie too far apart. */
export function withoutGaps(starts: string[], bucket: ReportBucket): string[] {
  const last = starts.at(-1);
  const all: string[] = [];
  for (let start = starts[0]; start && last && start <= last; start = shiftMonths(start, monthsOf[bucket])) {
    if (all.push(start) > maxBuckets) return starts;
  }
  return all;
}

export function shiftDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The same day months away, or the month's last when it has no such day. */
export function shiftMonths(date: string, months: number): string {
  const [year = 0, month = 1, dayOfMonth = 1] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(dayOfMonth, last))).toISOString().slice(0, 10);
}

/** Deals of `filter` that also meet one more condition, such as only the won ones of a row. */
export function narrowed(filter: Filter, condition: Filter): Filter {
  return 'and' in filter ? { and: [...filter.and, condition] } : { and: [filter, condition] };
}
