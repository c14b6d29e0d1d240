import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Filter } from '@/domain/filters';
import {
  type Bucket,
  bucketEnd,
  type ClosedFigures,
  type CycleFigures,
  type FunnelStage,
  type HomeReport,
  type OtherCurrency,
  type Period,
  periodBefore,
  type ReportBucket,
  type ReportDimension,
  type ReportScope,
  type RevenueBy,
  type RevenueRow,
  type revenueInput,
  type WonBy,
  winRate,
  withoutGaps,
  type wonByInput,
} from '@/domain/reports';
import type { Work } from '../core/work';
import { settingsOf } from '../tenants/settings';
import { closedConditions, counted, openDeals, periodFor, scopeConditions } from './counted';
import { dimensionOf } from './dimensions';

const companiesShown = 5;

/** The figures of the home screen: what is open now, and what was closed in the period. */
export async function home(work: Work, input: ReportScope): Promise<HomeReport> {
  const { currency, timeZone } = await settingsOf(work);
  const period = await periodFor(work, input, timeZone);
  const compared = periodBefore(period);
  const scope = scopeConditions(input);
  const closed = closedConditions(scope, period);
  const [open, figures, previous, months, companies] = await Promise.all([
    openPipeline(work, scope, currency),
    closedFigures(work, closed, currency),
    compared ? closedFigures(work, closedConditions(scope, compared), currency) : null,
    buckets(work, scope, period, currency, 'month'),
    revenueRows(work, closed, currency, 'company', companiesShown),
  ]);
  return {
    currency,
    period,
    compared,
    ...open,
    closed: { ...figures, filter: { and: closed } },
    previous,
    months,
    topCompanies: companies.rows.filter((row) => row.id !== null),
  };
}

/** Closed deals by what they have in common, the highest revenue first. */
export async function revenueBy(work: Work, input: z.infer<typeof revenueInput>): Promise<RevenueBy> {
  const { currency, timeZone } = await settingsOf(work);
  const period = await periodFor(work, input, timeZone);
  const closed = closedConditions(scopeConditions(input), period);
  const [{ rows, more }, figures] = await Promise.all([
    revenueRows(work, closed, currency, input.dimension, input.limit),
    closedFigures(work, closed, currency),
  ]);
  const { won, lost, winRate, revenue, average, other } = figures;
  return {
    dimension: input.dimension,
    period,
    currency,
    rows,
    more,
    total: { won, lost, winRate, revenue, average },
    other,
  };
}

/** Won and lost deals month by month, quarter by quarter or year by year. */
export async function wonBy(work: Work, input: z.infer<typeof wonByInput>): Promise<WonBy> {
  const { currency, timeZone } = await settingsOf(work);
  const period = await periodFor(work, input, timeZone);
  const scope = scopeConditions(input);
  const closed = closedConditions(scope, period);
  const [rows, { other }] = await Promise.all([
    buckets(work, scope, period, currency, input.bucket),
    closedFigures(work, closed, currency),
  ]);
  return { bucket: input.bucket, period, currency, rows, other };
}

interface OpenSum {
  stageId: string;
  pipelineId: string;
  currency: string | null;
  count: number;
  total: number;
  weighted: number;
  listTotal: number;
}

/** Open deals by stage, stages without deals included, in the order of the pipelines. */
async function openPipeline(work: Work, scope: Filter[], own: string): Promise<Pick<HomeReport, 'funnel' | 'open'>> {
  const tenant = work.actor.tenantId;
  const conditions = [openDeals, ...scope];
  const pipelines = scope.flatMap((c) =>
    'field' in c && c.field === 'pipelineId' && Array.isArray(c.value) ? c.value : [],
  );
  const rows = await work.db.rows<OpenSum>(sql`
    with d as (
      select t.stage_id, t.currency, count(*)::int as count, coalesce(sum(t.amount), 0)::bigint as total,
        coalesce(round(sum(t.amount * t.probability) / 100), 0)::bigint as weighted,
        coalesce(sum(p.price), 0)::bigint as list_total
      from app.deal t
      left join app.product p on p.tenant_id = ${tenant} and p.id = t.product_id and coalesce(p.currency, ${own}) = t.currency
      where ${counted(work, conditions)} group by t.stage_id, t.currency)
    select s.id as "stageId", s.pipeline_id as "pipelineId", d.currency, coalesce(d.count, 0) as count, coalesce(d.total, 0) as total,
      coalesce(d.weighted, 0) as weighted, coalesce(d.list_total, 0) as "listTotal"
    from app.stage s
    join app.pipeline l on l.tenant_id = ${tenant} and l.id = s.pipeline_id and l.deleted_at is null
    left join d on d.stage_id = s.id
    where s.tenant_id = ${tenant} and s.deleted_at is null and s.kind = 'open' ${pipelines.length > 0 ? sql`and s.pipeline_id = any(${sql.param(pipelines)}::uuid[])` : sql``}
    order by l.position, s.position`);
  const stages = new Map<string, FunnelStage>();
  const other = new Map<string, OtherCurrency>();
  for (const row of rows) {
    const { stageId, pipelineId, currency } = row;
    const stage = stages.get(stageId) ?? {
      stageId,
      pipelineId,
      count: 0,
      total: 0,
      weighted: 0,
      listTotal: 0,
      filter: { and: [...conditions, { field: 'stageId', op: 'anyOf', value: [stageId] }] },
    };
    stage.count += row.count;
    if (currency === own) Object.assign(stage, { total: row.total, weighted: row.weighted, listTotal: row.listTotal });
    else if (currency) add(other, currency, row.count, row.total);
    stages.set(stageId, stage);
  }
  const funnel = [...stages.values()];
  const sum = (of: (stage: FunnelStage) => number) => funnel.reduce((all, stage) => all + of(stage), 0);
  return {
    funnel,
    open: {
      count: sum((s) => s.count),
      total: sum((s) => s.total),
      weighted: sum((s) => s.weighted),
      listTotal: sum((s) => s.listTotal),
      other: [...other.values()],
      filter: { and: conditions },
    },
  };
}

interface ClosedSum {
  status: 'won' | 'lost';
  currency: string;
  count: number;
  total: number;
  average: number | null;
  min: number | null;
  max: number | null;
  days: number;
  dated: number;
  shortest: number | null;
  longest: number | null;
}

async function closedFigures(work: Work, conditions: Filter[], own: string): Promise<ClosedFigures> {
  // A deal closed before it was started has no length that means anything.
  const dated = sql`filter (where t.started_on <= t.closed_on)`;
  const sums = await work.db.rows<ClosedSum>(sql`
    select t.status, t.currency, count(*)::int as count, coalesce(sum(t.amount), 0)::bigint as total, round(avg(t.amount))::bigint as average,
      min(t.amount) as min, max(t.amount) as max, coalesce(sum(t.closed_on - t.started_on) ${dated}, 0)::bigint as days,
      count(*) ${dated}::int as dated, min(t.closed_on - t.started_on) ${dated} as shortest, max(t.closed_on - t.started_on) ${dated} as longest
    from app.deal t where ${counted(work, conditions)} group by t.status, t.currency`);
  const won = sums.filter((row) => row.status === 'won');
  const lost = sums.filter((row) => row.status === 'lost');
  const mine = won.find((row) => row.currency === own);
  const counts = { won: count(won), lost: count(lost) };
  const other = new Map<string, OtherCurrency>();
  for (const row of won) if (row.currency !== own) add(other, row.currency, row.count, row.total);
  return {
    ...counts,
    winRate: winRate(counts.won, counts.lost),
    revenue: mine?.total ?? 0,
    average: mine?.average ?? null,
    min: mine?.min ?? null,
    max: mine?.max ?? null,
    wonCycle: cycle(won),
    lostCycle: cycle(lost),
    other: [...other.values()],
  };
}

const count = (rows: { count: number }[]) => rows.reduce((all, row) => all + row.count, 0);

/** Days are days in any currency. */
function cycle(rows: ClosedSum[]): CycleFigures {
  const dated = rows.filter((row) => row.dated > 0);
  const counted = dated.reduce((all, row) => all + row.dated, 0);
  const days = dated.reduce((all, row) => all + row.days, 0);
  const bounds = (of: (row: ClosedSum) => number | null) => dated.map(of).filter((value) => value !== null);
  return {
    average: counted > 0 ? days / counted : null,
    min: counted > 0 ? Math.min(...bounds((row) => row.shortest)) : null,
    max: counted > 0 ? Math.max(...bounds((row) => row.longest)) : null,
    counted,
    excluded: count(rows) - counted,
  };
}

function add(sums: Map<string, OtherCurrency>, currency: string, count: number, total: number): void {
  const sum = sums.get(currency) ?? { currency, count: 0, total: 0 };
  sums.set(currency, { currency, count: sum.count + count, total: sum.total + total });
}

/** Won and lost by the bucket their closing day falls in, gaps filled with zeros. */
async function buckets(
  work: Work,
  scope: Filter[],
  period: Period,
  own: string,
  bucket: ReportBucket,
): Promise<Bucket[]> {
  const rows = await work.db.rows<Omit<Bucket, 'filter'>>(sql`
    select date_trunc(${bucket}::text, t.closed_on::timestamp)::date as start,
      count(*) filter (where t.status = 'won')::int as won, count(*) filter (where t.status = 'lost')::int as lost,
      coalesce(sum(t.amount) filter (where t.status = 'won' and t.currency = ${own}), 0)::bigint as revenue
    from app.deal t where ${counted(work, closedConditions(scope, period))} and t.closed_on is not null group by 1 order by 1`);
  const found = new Map(rows.map((row) => [row.start, row]));
  return withoutGaps([...found.keys()], bucket).map((start) => {
    const end = bucketEnd(start, bucket);
    // The first and the last bucket may be cut by the period.
    const days = {
      from: period.from && period.from > start ? period.from : start,
      to: period.to && period.to < end ? period.to : end,
    };
    return { start, won: 0, lost: 0, revenue: 0, ...found.get(start), filter: { and: closedConditions(scope, days) } };
  });
}

interface RevenueSum extends Omit<RevenueRow, 'winRate' | 'filter'> {
  ids: (string | null)[];
}

/** One statement for any dimension: the deals are counted once and fall into rows by its joins. */
async function revenueRows(work: Work, conditions: Filter[], own: string, by: ReportDimension, limit: number) {
  const dimension = dimensionOf(work, by);
  const mine = sql`filter (where t.status = 'won' and t.currency = ${own})`;
  const found = await work.db.rows<RevenueSum>(sql`
    with recursive t as (
      select t.owner_id, t.product_id, t.company_id, t.status, t.amount, t.currency from app.deal t where ${counted(work, conditions)}
    )${dimension.ctes ?? sql``}
    select ${dimension.id} as id, ${dimension.label} as label,
      count(*) filter (where t.status = 'won')::int as won, count(*) filter (where t.status = 'lost')::int as lost,
      coalesce(sum(t.amount) ${mine}, 0)::bigint as revenue, round(avg(t.amount) ${mine})::bigint as average,
      count(*) filter (where t.status = 'won' and t.currency <> ${own})::int as "otherWon", array_agg(distinct ${dimension.ids}) as ids
    from t ${dimension.joins}
    group by 1, 2 order by revenue desc, won desc, lost desc, label limit ${limit + 1}`);
  const rows = found.slice(0, limit).map(({ ids, ...row }): RevenueRow => {
    const named = dimension.filter(
      row.id,
      ids.filter((id) => id !== null),
    );
    return { ...row, winRate: winRate(row.won, row.lost), filter: named && { and: [...conditions, named] } };
  });
  return { rows, more: found.length > limit };
}
