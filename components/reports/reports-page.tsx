'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePickWords, useReferenceSearch } from '@/components/records/pickers';
import { useBoot, usePreference } from '@/components/shell/boot';
import { Page } from '@/components/shell/page';
import type { ScreenProps } from '@/components/shell/screen';
import { useTRPC } from '@/components/shell/trpc';
import { Combobox } from '@/components/ui/combobox';
import { Segmented } from '@/components/ui/segmented';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { type ReportBucket, type ReportDimension, reportBuckets } from '@/domain/reports';
import { BarListSkeleton } from './bar-list';
import { KeyFigures } from './figures';
import { Funnel } from './funnel';
import { PeriodPicker } from './period-picker';
import { ReportFailed } from './report-failed';
import { type ReportView, type ScopeInput, useReportView } from './report-view';
import { DimensionPicker, RevenueBars, useRevenueBy } from './revenue-by';
import { CopyCsv, RevenueTable } from './revenue-table';
import { WonChart } from './won-chart';

const allRows = 1000;

/** The figures of closed and open deals at full width, each leading to its deals. */
export function ReportsPage(_: ScreenProps) {
  const shell = useTranslations('shell');
  const t = useTranslations('reports');
  const trpc = useTRPC();
  const view = useReportView();
  const home = useQuery(trpc.reports.home.queryOptions(view.scope, { placeholderData: keepPreviousData }));
  return (
    <Page
      title={shell('screens.reports')}
      actions={<PeriodPicker period={home.data?.period} onChange={view.setPeriod} />}
      toolbar={<ScopeBar view={view} />}
    >
      <div className="grid gap-8 p-4 pb-16 md:p-6">
        {home.isError && !home.data ? (
          <ReportFailed retry={() => void home.refetch()} />
        ) : (
          <KeyFigures report={home.data} />
        )}
        <WonSection scope={view.scope} />
        <RevenueSection scope={view.scope} />
        <Section title={t('funnel.title')}>
          <Funnel report={home.data} />
        </Section>
      </div>
    </Page>
  );
}

function Section({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className="grid min-w-0 gap-3">
      <header className="flex min-h-8 flex-wrap items-center gap-2">
        <h2 className="mr-auto font-semibold text-base">{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}

function WonSection({ scope }: { scope: ScopeInput }) {
  const t = useTranslations('reports');
  const trpc = useTRPC();
  const [bucket, setBucket] = usePreference<ReportBucket>('reports.bucket', 'month');
  const won = useQuery(trpc.reports.wonBy.queryOptions({ ...scope, bucket }, { placeholderData: keepPreviousData }));
  return (
    <Section
      title={t('won.title')}
      actions={
        <Segmented
          aria-label={t('won.bucket')}
          value={bucket}
          onValueChange={setBucket}
          options={reportBuckets.map((value) => ({ value, label: t(`buckets.${value}`) }))}
        />
      }
    >
      {won.isError && !won.data ? (
        <ReportFailed retry={() => void won.refetch()} />
      ) : (
        <WonChart rows={won.data?.rows} bucket={won.data?.bucket ?? bucket} height={220} />
      )}
    </Section>
  );
}

function RevenueSection({ scope }: { scope: ScopeInput }) {
  const t = useTranslations('reports');
  const [dimension, setDimension] = usePreference<ReportDimension>('reports.dimension', 'owner');
  const [asBars, setAsBars] = useState(false);
  const query = useRevenueBy(scope, dimension, allRows);
  const figures = query.data;
  return (
    <Section
      title={t(`revenueBy.${dimension}`)}
      actions={
        <>
          <DimensionPicker value={dimension} onChange={setDimension} />
          <Segmented
            aria-label={t('show')}
            value={asBars ? 'bars' : 'table'}
            onValueChange={(next) => setAsBars(next === 'bars')}
            options={[
              { value: 'table', label: t('asTable') },
              { value: 'bars', label: t('asBars') },
            ]}
          />
          {figures && figures.rows.length > 0 && <CopyCsv figures={figures} />}
        </>
      }
    >
      {query.isError && !figures ? (
        <ReportFailed retry={() => void query.refetch()} />
      ) : !figures ? (
        <BarListSkeleton rows={8} />
      ) : asBars || figures.rows.length === 0 ? (
        <RevenueBars figures={figures} dimension={dimension} />
      ) : (
        <div>
          <RevenueTable figures={figures} />
        </div>
      )}
    </Section>
  );
}

const everything = 'all';

/** Whose deals, and of which pipeline. */
function ScopeBar({ view }: { view: ReportView }) {
  const t = useTranslations('reports.scope');
  const { pipelines, teams, member } = useBoot();
  const { scope } = view;
  // Somebody who sees only their own deals has nobody to choose between.
  const alone = member.role === 'member';
  if (alone && pipelines.length < 2) return null;
  return (
    <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-b px-3 py-1.5">
      {pipelines.length > 1 && (
        <Choice
          label={t('pipeline')}
          all={t('allPipelines')}
          value={scope.pipelineId}
          options={pipelines}
          onChange={view.setPipeline}
        />
      )}
      {!alone && teams.length > 0 && (
        <Choice label={t('team')} all={t('allTeams')} value={scope.teamId} options={teams} onChange={view.setTeam} />
      )}
      {!alone && <OwnerChoice value={scope.ownerId ?? null} onChange={view.setOwner} />}
    </div>
  );
}

interface ChoiceProps {
  label: string;
  all: string;
  value: string | null | undefined;
  options: readonly { id: string; name: string }[];
  onChange: (id: string | null) => void;
}

function Choice({ label, all, value, options, onChange }: ChoiceProps) {
  return (
    <Select value={value ?? everything} onValueChange={(next) => onChange(next === everything ? null : next)}>
      <SelectTrigger size="sm" aria-label={label} className="w-auto min-w-36 max-w-56">
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        <SelectItem value={everything}>{all}</SelectItem>
        {options.map(({ id, name }) => (
          <SelectItem key={id} value={id}>
            {name}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}

function OwnerChoice({ value, onChange }: { value: string | null; onChange: (id: string | null) => void }) {
  const t = useTranslations('reports.scope');
  const trpc = useTRPC();
  const words = usePickWords();
  const search = useReferenceSearch();
  const { data } = useQuery({ ...trpc.members.list.queryOptions(), enabled: value !== null });
  const name = data?.members.find((member) => member.id === value)?.name;
  return (
    <div className="w-52">
      <Combobox
        {...words}
        value={value}
        label={value === null ? null : (name ?? '…')}
        load={(query) => search('member', query)}
        onChange={(option) => onChange(option?.id ?? null)}
        placeholder={t('allOwners')}
        clearLabel={t('allOwners')}
        aria-label={t('owner')}
      />
    </div>
  );
}
