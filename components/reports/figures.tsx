'use client';

import { ArrowDownRight, ArrowRight, ArrowUpRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from '@/components/shell/router';
import { cn } from '@/components/ui/cn';
import { Skeleton } from '@/components/ui/skeleton';
import { dealsPath, type HomeFigures } from './report-view';
import { useReportWords } from './report-words';

/** The numbers everybody asks for first, in one row. */
export function KeyFigures({ report }: { report: HomeFigures | undefined }) {
  const t = useTranslations('reports.figures');
  const words = useReportWords();
  if (!report) return <FiguresSkeleton />;
  const { closed, previous, compared, open } = report;
  const against = compared ? t('against', { period: words.range(compared.from, compared.to) }) : undefined;
  const trend = (now: number | null, before: number | null | undefined, lessIsBetter = false) =>
    previous && against ? (
      <Trend now={now} before={before ?? null} title={against} lessIsBetter={lessIsBetter} />
    ) : null;
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-border md:grid-cols-3 xl:grid-cols-5">
      <Figure
        label={t('revenue')}
        value={words.money(closed.revenue)}
        title={words.exact(closed.revenue)}
        to={dealsPath(closed.filter, 'won')}
        trend={trend(closed.revenue, previous?.revenue)}
        note={[t('wonDeals', { count: closed.won }), words.others(closed.other)]}
      />
      <Figure
        label={t('winRate')}
        value={words.percent(closed.winRate)}
        title={words.exactPercent(closed.winRate)}
        to={dealsPath(closed.filter)}
        trend={
          previous && against ? <Trend now={closed.winRate} before={previous.winRate} title={against} points /> : null
        }
        note={[t('ofClosed', { won: closed.won, closed: closed.won + closed.lost })]}
      />
      <Figure
        label={t('average')}
        value={words.money(closed.average)}
        title={words.exact(closed.average)}
        trend={trend(closed.average, previous?.average)}
        note={[
          closed.min !== null &&
            closed.max !== null &&
            t('minMax', { min: words.money(closed.min), max: words.money(closed.max) }),
        ]}
      />
      <Figure
        label={t('cycle')}
        value={words.days(closed.wonCycle.average)}
        title={cycleTitle(t, words, closed.wonCycle)}
        trend={trend(closed.wonCycle.average, previous?.wonCycle.average, true)}
        note={[
          closed.lostCycle.average !== null && t('lostCycle', { days: words.days(closed.lostCycle.average) }),
          closed.wonCycle.excluded + closed.lostCycle.excluded > 0 &&
            t('excluded', { count: closed.wonCycle.excluded + closed.lostCycle.excluded }),
        ]}
      />
      <Figure
        label={t('open')}
        value={words.money(open.total)}
        title={words.exact(open.total)}
        to={dealsPath(open.filter)}
        note={[
          t('openDeals', { count: open.count }),
          t('weighted', { amount: words.compact(open.weighted) }),
          words.others(open.other),
        ]}
      />
    </dl>
  );
}

function cycleTitle(
  t: ReturnType<typeof useTranslations<'reports.figures'>>,
  words: ReturnType<typeof useReportWords>,
  cycle: HomeFigures['closed']['wonCycle'],
) {
  if (cycle.min === null || cycle.max === null) return undefined;
  return t('cycleTitle', { min: words.days(cycle.min), max: words.days(cycle.max), count: cycle.counted });
}

interface FigureProps {
  label: string;
  value: string;
  /** The number in full. */
  title?: string;
  to?: string;
  trend?: ReactNode;
  note?: (string | null | false)[];
}

function Figure({ label, value, title, to, trend, note = [] }: FigureProps) {
  const notes = note.filter(Boolean);
  return (
    <div className="grid content-start gap-0.5 bg-card px-4 py-3 max-md:last:col-span-2">
      <dt className="text-muted-foreground text-sm">{label}</dt>
      <dd className="flex flex-wrap items-baseline gap-x-2">
        <span className="tabular font-semibold text-lg" title={title}>
          {to ? (
            <Link to={to} className="rounded-xs hover:text-link hover:underline">
              {value}
            </Link>
          ) : (
            value
          )}
        </span>
        {trend}
      </dd>
      {notes.length > 0 && <dd className="tabular text-muted-foreground text-sm">{notes.join(' · ')}</dd>}
    </div>
  );
}

interface TrendProps {
  now: number | null;
  before: number | null;
  /** Against what. */
  title: string;
  lessIsBetter?: boolean;
  /** The values are percentages: their difference is told, not its share. */
  points?: boolean;
}

/** How much more or less than in the period before; colour says whether that is good, the arrow which way. */
function Trend({ now, before, title, lessIsBetter = false, points = false }: TrendProps) {
  const t = useTranslations('reports.figures');
  const words = useReportWords();
  if (now === null || before === null || (before === 0 && !points)) return null;
  const change = points ? now - before : ((now - before) / Math.abs(before)) * 100;
  const shown = points ? t('points', { points: words.decimals(Math.abs(change)) }) : words.percent(Math.abs(change));
  const same = Math.abs(change) < 0.05;
  const good = same ? null : change > 0 !== lessIsBetter;
  const Icon = same ? ArrowRight : change > 0 ? ArrowUpRight : ArrowDownRight;
  return (
    <span
      title={title}
      className={cn(
        'tabular inline-flex items-center gap-0.5 font-medium text-sm',
        good === null ? 'text-muted-foreground' : good ? 'text-success' : 'text-destructive',
      )}
    >
      <Icon aria-hidden className="size-3.5" />
      <span className="sr-only">{t(same ? 'same' : change > 0 ? 'more' : 'less')} </span>
      {shown}
      <span className="sr-only"> {title}</span>
    </span>
  );
}

function FiguresSkeleton() {
  return (
    <div className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-border md:grid-cols-3 xl:grid-cols-5">
      {['a', 'b', 'c', 'd', 'e'].map((key) => (
        <div key={key} className="grid gap-2 bg-card px-4 py-3 max-md:last:col-span-2">
          <Skeleton className="h-4 w-20" />
          <Skeleton className="h-6 w-28" />
          <Skeleton className="h-4 w-24" />
        </div>
      ))}
    </div>
  );
}
