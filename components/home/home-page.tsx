'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { KeyFigures } from '@/components/reports/figures';
import { Funnel } from '@/components/reports/funnel';
import { PeriodPicker } from '@/components/reports/period-picker';
import { type HomeFigures, type ScopeInput, useReportView } from '@/components/reports/report-view';
import { DimensionPicker, ReportFailed, RevenueBars, useRevenueBy } from '@/components/reports/revenue-by';
import { WonChart } from '@/components/reports/won-chart';
import { useBoot, usePreference } from '@/components/shell/boot';
import { Page } from '@/components/shell/page';
import { Link } from '@/components/shell/router';
import type { ScreenProps } from '@/components/shell/screen';
import { useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card';
import { cn } from '@/components/ui/cn';
import type { ReportDimension } from '@/domain/reports';
import { Checklist } from './checklist';
import { Today } from './today';

/** Where the day begins: what to do next, and how things stand. */
export function HomePage(_: ScreenProps) {
  const shell = useTranslations('shell');
  const t = useTranslations('home');
  const trpc = useTRPC();
  const view = useReportView();
  const home = useQuery(trpc.reports.home.queryOptions(view.scope, { placeholderData: keepPreviousData }));
  const report = home.data;
  const nothing = report !== undefined && isBlank(report) && view.scope.preset === 'auto';
  return (
    <Page title={shell('screens.home')}>
      <div className="mx-auto grid max-w-[1440px] grid-cols-[minmax(0,1fr)] gap-4 p-4 pb-16 md:p-6">
        <Greeting />
        <Checklist empty={nothing} />
        <Today />
        {!nothing && (
          <section className="mt-4 grid grid-cols-[minmax(0,1fr)] gap-4">
            <div className="flex flex-wrap items-center justify-between gap-2">
              <h2 className="font-semibold text-lg">{t('standing')}</h2>
              <PeriodPicker period={report?.period} onChange={view.setPeriod} />
            </div>
            {home.isError && !report ? (
              <ReportFailed retry={() => void home.refetch()} />
            ) : (
              <Figures report={report} scope={view.scope} />
            )}
          </section>
        )}
      </div>
    </Page>
  );
}

/** Nothing open and nothing ever closed. */
function isBlank({ open, closed, period }: HomeFigures): boolean {
  return open.count === 0 && closed.won + closed.lost === 0 && period.preset === 'all';
}

function Figures({ report, scope }: { report: HomeFigures | undefined; scope: ScopeInput }) {
  const t = useTranslations('home');
  const r = useTranslations('reports');
  return (
    <>
      <KeyFigures report={report} />
      <div className="grid gap-4 lg:grid-cols-3">
        <Panel title={r('won.byMonth')} more={{ to: '/reports', label: t('allReports') }} className="lg:col-span-2">
          <WonChart rows={report?.months} bucket="month" height={230} />
        </Panel>
        <Panel title={r('funnel.title')} more={{ to: '/deals', label: t('board') }}>
          <Funnel report={report} />
        </Panel>
        <RevenuePanel scope={scope} />
      </div>
    </>
  );
}

const rowsShown = 8;

function RevenuePanel({ scope }: { scope: ScopeInput }) {
  const r = useTranslations('reports');
  const [dimension, setDimension] = usePreference<ReportDimension>('home.dimension', 'owner');
  const query = useRevenueBy(scope, dimension, rowsShown);
  return (
    <Panel
      title={r('winners')}
      aside={<DimensionPicker value={dimension} onChange={setDimension} />}
      className="lg:col-span-2"
    >
      {query.isError && !query.data ? (
        <ReportFailed retry={() => void query.refetch()} />
      ) : (
        <RevenueBars figures={query.data} dimension={dimension} />
      )}
    </Panel>
  );
}

interface PanelProps {
  title: string;
  aside?: ReactNode;
  more?: { to: string; label: string };
  className?: string;
  children: ReactNode;
}

function Panel({ title, aside, more, className, children }: PanelProps) {
  return (
    <Card className={cn('flex min-w-0 flex-col', className)}>
      <CardHeader className="min-h-12">
        <CardTitle>{title}</CardTitle>
        {aside}
        {more && (
          <Button asChild variant="link" className="text-sm">
            <Link to={more.to}>{more.label}</Link>
          </Button>
        )}
      </CardHeader>
      <CardContent className="min-w-0 flex-1 px-2">{children}</CardContent>
    </Card>
  );
}

function Greeting() {
  const t = useTranslations('home.greeting');
  const { member, user } = useBoot();
  const hour = new Date().getHours();
  const time = hour < 5 ? 'night' : hour < 12 ? 'morning' : hour < 14 ? 'noon' : hour < 18 ? 'afternoon' : 'evening';
  return <p className="font-semibold text-lg">{t(time, { name: calledBy(member.name, user.locale) })}</p>;
}

/** The first of Western names; Chinese ones are not taken apart. */
function calledBy(name: string, locale: string): string {
  return locale === 'zh' || /\p{Script=Han}/u.test(name) ? name : (name.trim().split(/\s+/)[0] ?? name);
}
