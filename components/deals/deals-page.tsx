'use client';

import { Handshake, Kanban, Plus, Rows3 } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { FilterBar } from '@/components/records/filter-bar';
import { NoneYet, useOpenPanel } from '@/components/records/list-page';
import { type ListState, useListState } from '@/components/records/list-state';
import { RecordTable } from '@/components/records/record-table';
import { SaveView, ViewTabs } from '@/components/records/view-tabs';
import { ViewShape } from '@/components/views/view-shape';
import { useBoot, useCan, usePreference } from '@/components/shell/boot';
import { useRefusalText } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { Page } from '@/components/shell/page';
import { useQuickCreate } from '@/components/shell/quick-create';
import { Link, usePath, useSearch } from '@/components/shell/router';
import type { ScreenProps } from '@/components/shell/screen';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Empty } from '@/components/ui/empty';
import { tabClasses } from '@/components/ui/tabs';
import { Hint } from '@/components/ui/tooltip';
import type { PipelineView } from '@/domain/pipelines';
import { DealBoard } from './deal-board';
import { PipelineSwitcher } from './pipeline-switcher';
import { useBoardTotals } from './use-board';

const RecordPanel = lazy(async () => ({ default: (await import('@/components/records/record-panel')).RecordPanel }));

/** Deals as a board or as a table, with the same filter. */
export function DealsPage(_: ScreenProps) {
  const labels = useLabels();
  const state = useListState('deal');
  const panel = useOpenPanel('deal');
  const table = usePath() === '/deals/table';
  const choice = usePipeline(table);
  return (
    <Page
      title={labels.object('deal', 'Other')}
      flush
      tabs={
        <div className="flex h-full items-stretch gap-4">
          <PipelineSwitcher {...choice} allowAll={table} />
          <DealTabs pipeline={choice.pipeline} />
          {table && <ViewTabs object="deal" base="/deals/table" state={state} />}
        </div>
      }
      actions={<DealActions pipeline={choice.pipeline} />}
      toolbar={
        <FilterBar object="deal" state={state}>
          {table && (
            <>
              <SaveView object="deal" state={state} />
              <ViewShape object="deal" state={state} />
            </>
          )}
        </FilterBar>
      }
    >
      <div className="relative flex h-full min-h-0">
        <div className="min-w-0 flex-1">
          {table ? (
            <RecordTable
              object="deal"
              state={state}
              fixed={choice.pipeline && { field: 'pipelineId', op: 'anyOf', value: [choice.pipeline.id] }}
              openId={panel.id}
              onOpen={panel.open}
              empty={<NoneYet object="deal" />}
            />
          ) : (
            choice.pipeline && (
              <BoardView key={choice.pipeline.id} pipeline={choice.pipeline} state={state} onOpen={panel.open} />
            )
          )}
        </div>
        {panel.id && (
          <Suspense fallback={null}>
            <RecordPanel object="deal" id={panel.id} onClose={() => panel.open(null)} />
          </Suspense>
        )}
      </div>
    </Page>
  );
}

export interface PipelineChoice {
  /** None: the deals of all. */
  pipeline: PipelineView | undefined;
  choose: (id: string | null) => void;
}

/** The pipeline in the address; without one the board shows the last one looked at, the table all. */
function usePipeline(table: boolean): PipelineChoice {
  const { pipelines } = useBoot();
  const [search, setSearch] = useSearch();
  const [last, setLast] = usePreference<string | null>('deals.pipeline', null);
  const named = pipelines.find(({ id }) => id === search.get('pipeline'));
  return {
    pipeline: named ?? (table ? undefined : (pipelines.find(({ id }) => id === last) ?? pipelines[0])),
    choose: (id) => {
      if (id) setLast(id);
      setSearch({ pipeline: id });
    },
  };
}

/** Board and table are two addresses; what narrows the one narrows the other. */
function DealTabs({ pipeline }: { pipeline: PipelineView | undefined }) {
  const t = useTranslations('deals.views');
  const shell = useTranslations('shell');
  const { pipelines } = useBoot();
  const path = usePath();
  const [search] = useSearch();
  const kept = new URLSearchParams(search);
  kept.delete('open');
  if (pipeline && pipelines.length > 1) kept.set('pipeline', pipeline.id);
  const rest = kept.size > 0 ? `?${kept}` : '';
  const tabs = [
    { to: '/deals', label: t('board'), icon: <Kanban /> },
    { to: '/deals/table', label: t('table'), icon: <Rows3 /> },
  ];
  return (
    <nav aria-label={shell('views')} className="flex h-full shrink-0 items-stretch gap-4">
      {tabs.map(({ to, label, icon }) => (
        <Link
          key={to}
          to={to + rest}
          aria-current={to === path ? 'page' : undefined}
          data-state={to === path ? 'active' : 'inactive'}
          className={cn(tabClasses, 'h-full')}
        >
          {icon}
          {label}
        </Link>
      ))}
    </nav>
  );
}

function DealActions({ pipeline }: { pipeline: PipelineView | undefined }) {
  const t = useTranslations('deals');
  const can = useCan();
  const create = useQuickCreate();
  if (!can('deal.write')) return null;
  return (
    <Hint label={t('newDeal')} keys="c">
      <Button size="sm" onClick={() => create('deal', pipeline && { pipelineId: pipeline.id })}>
        <Plus />
        <span className="max-sm:sr-only">{t('newDeal')}</span>
      </Button>
    </Hint>
  );
}

function BoardView({
  pipeline,
  state,
  onOpen,
}: {
  pipeline: PipelineView;
  state: ListState;
  onOpen: (id: string) => void;
}) {
  const t = useTranslations('deals.board');
  const c = useTranslations('common');
  const text = useRefusalText();
  const { pipelines } = useBoot();
  const { filter } = state;
  const q = state.q || undefined;
  const totals = useBoardTotals({ pipeline, filter, q });
  if (totals.isError && !totals.data) {
    return (
      <Empty icon={<Kanban />} title={c('loadFailed')} description={text(totals.error)}>
        <Button onClick={() => void totals.refetch()}>{c('retry')}</Button>
      </Empty>
    );
  }
  const count = totals.data?.columns.reduce((sum, column) => sum + column.count, 0);
  if (count === 0 && state.narrowed) {
    return (
      <Empty icon={<Handshake />} title={t('noneFound')} description={t('noneFoundHelp')}>
        <Button variant="secondary" onClick={state.reset}>
          {t('resetFilter')}
        </Button>
      </Empty>
    );
  }
  // A second pipeline begins as empty columns to drop deals into; the first one says what a deal is.
  if (count === 0 && pipelines.length === 1) return <NoneYet object="deal" />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <BoardSum count={count} />
      <div className="min-h-0 flex-1">
        <DealBoard pipeline={pipeline} board={totals.data} filter={filter} q={q} onOpen={onOpen} />
      </div>
    </div>
  );
}

/** How many deals the board holds, for those who do not see the columns. */
function BoardSum({ count }: { count: number | undefined }) {
  const t = useTranslations('deals.column');
  return (
    <p role="status" className="sr-only">
      {count === undefined ? '' : t('count', { count })}
    </p>
  );
}
