'use client';

import { Handshake, Kanban, Plus } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { ExportButton } from '@/components/exports/export-button';
import { FilterBar } from '@/components/records/filter-bar';
import { NoneYet, ShownList } from '@/components/records/list-page';
import { type ListState, useListState } from '@/components/records/list-state';
import { Presence } from '@/components/records/presence';
import { unsaidOnCards, useTableColumns } from '@/components/records/table-columns';
import { useObject } from '@/components/records/use-object';
import { useOpenPanel } from '@/components/records/use-open-panel';
import { SaveView, ViewTabs } from '@/components/records/view-tabs';
import { useBoot, useCan, usePreference } from '@/components/shell/boot';
import { useKeysOf } from '@/components/shell/desk';
import { useRefusalText } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { Page } from '@/components/shell/page';
import { useQuickCreate } from '@/components/shell/quick-create';
import { navigate, usePath, useSearch } from '@/components/shell/router';
import type { ScreenProps } from '@/components/shell/screen';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Hint } from '@/components/ui/tooltip';
import { showsStages } from '@/components/views/view-fields';
import { ViewShape } from '@/components/views/view-shape';
import type { Filter } from '@/domain/filters';
import type { PipelineView } from '@/domain/pipelines';
import { cardShape } from './card-shape';
import { DealBoard } from './deal-board';
import { PipelineSwitcher } from './pipeline-switcher';
import { useBoardTotals } from './use-board';

const RecordPanel = lazy(async () => ({ default: (await import('@/components/records/record-panel')).RecordPanel }));

/** Deals as a pipeline, a table, a calendar or a board by something else, with views as every list has them. */
export function DealsPage(_: ScreenProps) {
  const labels = useLabels();
  const { pipelines } = useBoot();
  const asTable = usePath() === '/deals/table';
  const list = useListState('deal', asTable ? 'table' : 'board');
  const [search] = useSearch();
  const panel = useOpenPanel('deal');
  const choice = usePipeline(list);
  const { pipeline } = choice;
  const inPipeline: Filter | undefined = pipeline && { field: 'pipelineId', op: 'anyOf', value: [pipeline.id] };
  const asStages = showsStages(list, useObject('deal').fields);
  // A board is of one pipeline, and whoever gets the view or the link sees the same.
  const also = asStages && pipeline ? { pipeline: pipeline.id } : undefined;
  const state: ListState = {
    ...list,
    // Board and table of all deals have addresses of their own.
    setKind: (kind) => {
      if (list.view || kind === 'calendar') return list.setKind(kind);
      const rest = new URLSearchParams(search);
      rest.delete('kind');
      navigate(`${kind === 'table' ? '/deals/table' : '/deals'}${rest.size > 0 ? `?${rest}` : ''}`);
    },
  };
  return (
    <Page
      title={labels.object('deal', 'Other')}
      pinTitle={state.view?.name}
      flush
      tabs={
        (pipelines.length > 1 || state.views.length > 0) && (
          <DealTabs choice={choice} allowAll={!asStages} state={state} />
        )
      }
      actions={
        <>
          {pipeline && asStages && <Presence object="pipeline" id={pipeline.id} />}
          <ExportButton object="deal" state={state} fixed={inPipeline} />
          <DealActions pipeline={pipeline} />
        </>
      }
      toolbar={
        <FilterBar object="deal" state={state}>
          <SaveView object="deal" state={state} also={also} />
          <ViewShape object="deal" state={state} also={also} />
        </FilterBar>
      }
    >
      <div className="relative flex h-full min-h-0">
        <div className="min-w-0 flex-1">
          {asStages && !state.pending ? (
            pipeline && <BoardView key={pipeline.id} pipeline={pipeline} state={state} onOpen={panel.open} />
          ) : (
            <ShownList
              object="deal"
              state={state}
              fixed={inPipeline}
              openId={panel.id}
              onOpen={panel.open}
              empty={<NoneYet object="deal" />}
            />
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

/** The pipeline of the view or the address; without one a board of stages shows the last one looked at, all else shows all. */
function usePipeline(state: ListState): PipelineChoice {
  const { pipelines } = useBoot();
  const [last, setLast] = usePreference<string | null>('deals.pipeline', null);
  const asStages = showsStages(state, useObject('deal').fields);
  const named = pipelines.find(({ id }) => id === state.config.pipeline);
  return {
    pipeline: named ?? (asStages ? (pipelines.find(({ id }) => id === last) ?? pipelines[0]) : undefined),
    choose: (id) => {
      if (id) setLast(id);
      state.change({ pipeline: id ?? undefined });
    },
  };
}

function DealTabs({ choice, allowAll, state }: { choice: PipelineChoice; allowAll: boolean; state: ListState }) {
  return (
    <div className="flex h-full items-stretch gap-4">
      <PipelineSwitcher {...choice} allowAll={allowAll} />
      <ViewTabs object="deal" base="/deals" state={state} />
    </div>
  );
}

function DealActions({ pipeline }: { pipeline: PipelineView | undefined }) {
  const t = useTranslations('deals');
  const can = useCan();
  const create = useQuickCreate();
  const keysOf = useKeysOf();
  if (!can('deal.write')) return null;
  return (
    <Hint label={t('newDeal')} keys={keysOf('create', 'c')}>
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
  const kind = useObject('deal');
  const { names } = useTableColumns('deal', state);
  const columns = useMemo(() => {
    const unsaid = new Set([kind.title, ...unsaidOnCards(kind)]);
    return names.filter((name) => !unsaid.has(name)).slice(0, mostAsked);
  }, [kind, names]);
  const shape = useMemo(() => cardShape(columns), [columns]);
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
        <DealBoard
          pipeline={pipeline}
          board={totals.data}
          filter={filter}
          q={q}
          shape={shape}
          columns={columns}
          onOpen={onOpen}
        />
      </div>
    </div>
  );
}

/** So many fields of a card can be named to the server. */
const mostAsked = 50;

/** How many deals the board holds, for those who do not see the columns. */
function BoardSum({ count }: { count: number | undefined }) {
  const t = useTranslations('deals.column');
  return (
    <p role="status" className="sr-only">
      {count === undefined ? '' : t('count', { count })}
    </p>
  );
}
