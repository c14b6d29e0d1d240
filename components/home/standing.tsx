'use client';

import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { KeyFigures } from '@/components/reports/figures';
import { Funnel } from '@/components/reports/funnel';
import { PeriodPicker } from '@/components/reports/period-picker';
import { ReportFailed } from '@/components/reports/report-failed';
import type { HomeFigures, ReportView, ScopeInput } from '@/components/reports/report-view';
import { DimensionPicker, RevenueBars, useRevenueBy } from '@/components/reports/revenue-by';
import { WonChart } from '@/components/reports/won-chart';
import { usePreference } from '@/components/shell/boot';
import { Link } from '@/components/shell/router';
import { Button } from '@/components/ui/button';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card';
import { cn } from '@/components/ui/cn';
import type { ReportDimension } from '@/domain/reports';

/** How things stand, in figures and charts. */
export function Standing({
  home,
  view,
}: {
  home: { data: HomeFigures | undefined; isError: boolean; refetch: () => unknown };
  view: ReportView;
}) {
  const t = useTranslations('home');
  const report = home.data;
  return (
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
  );
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
