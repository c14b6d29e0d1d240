import { sql } from 'drizzle-orm';
import type { Filter } from '@/domain/filters';
import { type Period, periodOf, type ReportScope, shiftDays, shiftMonths } from '@/domain/reports';
import { baseConditions } from '../core/records';
import type { Work } from '../core/work';
import { dealType } from '../deals/deals';
import { todayIn } from '../tenants/settings';

/**
 * The deals a report counts are named in the filter language, and the same filter opens them in the deals table:
 * a figure and the list behind it cannot differ.
 */
export function scopeConditions({ pipelineId, ownerId, teamId }: ReportScope): Filter[] {
  const conditions: Filter[] = [];
  if (pipelineId) conditions.push({ field: 'pipelineId', op: 'anyOf', value: [pipelineId] });
  if (ownerId) conditions.push({ field: 'ownerId', op: 'anyOf', value: [ownerId] });
  if (teamId) conditions.push({ field: 'ownerId.teamId', op: 'anyOf', value: [teamId] });
  return conditions;
}

export const openDeals: Filter = { field: 'status', op: 'anyOf', value: ['open'] };
const closedDeals: Filter = { field: 'status', op: 'anyOf', value: ['won', 'lost'] };

/** Deals closed in the period. */
export function closedConditions(scope: Filter[], period: { from: string | null; to: string | null }): Filter[] {
  return [closedDeals, ...closedWithin(period), ...scope];
}

function closedWithin({ from, to }: { from: string | null; to: string | null }): Filter[] {
  if (from && to) return [{ field: 'closedOn', op: 'between', value: [from, to] }];
  if (from) return [{ field: 'closedOn', op: 'after', value: shiftDays(from, -1) }];
  return to ? [{ field: 'closedOn', op: 'before', value: shiftDays(to, 1) }] : [];
}

/** The `where` of a report's statement over `app.deal t`: the actor's deals that meet all conditions. */
export function counted(work: Work, conditions: Filter[]) {
  return sql.join(baseConditions(work, dealType, { and: conditions }), sql` and `);
}

/** The days meant by a report's input, in the tenant's time zone. */
export async function periodFor(work: Work, input: ReportScope, timeZone: string): Promise<Period> {
  const { preset, from = null, to = null } = input;
  if (preset === 'custom') return from || to ? { preset, from, to } : { preset: 'all', from, to };
  const today = todayIn(timeZone, work.now);
  if (preset !== 'auto') return periodOf(preset, today);
  const yearAgo = shiftMonths(today, -12);
  const recent: Filter = { field: 'closedOn', op: 'after', value: yearAgo };
  const [found] = await work.db.rows(
    sql`select 1 as found from app.deal t where ${counted(work, [closedDeals, recent, ...scopeConditions(input)])} limit 1`,
  );
  return periodOf(found ? 'year' : 'all', today);
}
