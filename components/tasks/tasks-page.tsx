'use client';

import { CircleCheck, ListChecks, Plus } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { RecordRow } from '@/components/records/record-data';
import { useRecordList } from '@/components/records/record-list';
import { Failed } from '@/components/records/record-table';
import { More } from '@/components/records/timeline';
import { useOpenPanel } from '@/components/records/use-open-panel';
import { useCan } from '@/components/shell/boot';
import { useKeysOf } from '@/components/shell/desk';
import { useFormat } from '@/components/shell/format';
import { Page } from '@/components/shell/page';
import { useQuickCreate } from '@/components/shell/quick-create';
import type { ScreenProps } from '@/components/shell/screen';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Skeleton } from '@/components/ui/skeleton';
import { Hint } from '@/components/ui/tooltip';
import type { Filter } from '@/domain/filters';
import { BulkBar } from './bulk-bar';
import { DoneTasks } from './done-tasks';
import { Queues } from './queues';
import { QuickAdd } from './quick-add';
import { TaskFilters, useTaskFilters, WhoseTasks } from './task-filters';
import { TaskSection } from './task-section';
import { useTaskKeys } from './use-task-keys';

const RecordPanel = lazy(async () => ({ default: (await import('@/components/records/record-panel')).RecordPanel }));

const sections = ['overdue', 'today', 'upcoming', 'someday'] as const;
type Section = (typeof sections)[number];

/** What is to be done: late, today, later; whatever is ticked off goes below. */
export function TasksPage(_: ScreenProps) {
  const t = useTranslations('tasks');
  const format = useFormat();
  const can = useCan();
  const create = useQuickCreate();
  const state = useTaskFilters();
  const panel = useOpenPanel('task');
  const keysOf = useKeysOf();
  const area = useRef<HTMLElement>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  useTaskKeys(area);
  const filter: Filter = { and: [{ field: 'done', op: 'is', value: false }, ...state.filters] };
  const { rows, query } = useRecordList('task', { filter, q: state.q, sort: { field: 'dueOn', dir: 'asc' } });
  const sectionOf = ({ dueOn }: RecordRow): Section => {
    if (typeof dueOn !== 'string') return 'someday';
    const days = format.daysFromToday(dueOn);
    return days < 0 ? 'overdue' : days === 0 ? 'today' : 'upcoming';
  };
  const grouped = Map.groupBy(rows, sectionOf);
  // They come in the order of their days, so that only the last section that has begun is not whole.
  const last = rows.at(-1);
  const unfinished = query.hasNextPage && last ? sectionOf(last) : null;
  const select = (id: string, on: boolean) =>
    setChosen((before) => {
      const next = new Set(before);
      if (on) next.add(id);
      else next.delete(id);
      return next;
    });
  // What was completed or put out of the list is chosen no more.
  const still = chosen && new Set(rows.map(({ id }) => id).filter((id) => chosen.has(id)));
  return (
    <Page
      title={t('title')}
      flush
      actions={
        <>
          <WhoseTasks state={state} />
          {can('task.write') && (
            <Hint label={t('new')} keys={keysOf('create', 'c')}>
              <Button size="sm" onClick={() => create('task')} className="max-sm:hidden">
                <Plus />
                {t('new')}
              </Button>
            </Hint>
          )}
        </>
      }
    >
      <div className="relative h-full min-h-0">
        <section
          ref={area}
          aria-label={t('title')}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className="scroll-quiet focus-inset h-full overflow-y-auto"
        >
          <div className="mx-auto grid max-w-6xl grid-cols-[minmax(0,1fr)] items-start gap-x-6 gap-y-5 px-4 py-4 pb-20 max-md:px-3 lg:grid-cols-[minmax(0,1fr)_280px]">
            <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-5">
              {can('task.write') && <QuickAdd today={state.due === 'today'} />}
              <div className="flex flex-wrap items-center justify-between gap-2">
                <TaskFilters state={state} />
                {can('task.write') && rows.length > 0 && (
                  <Button
                    variant="quiet"
                    size="sm"
                    aria-pressed={chosen !== null}
                    onClick={() => setChosen(chosen ? null : new Set())}
                  >
                    <ListChecks />
                    {t(chosen ? 'bulk.end' : 'bulk.start')}
                  </Button>
                )}
              </div>
              {query.isPending ? (
                <TasksSkeleton />
              ) : query.isError && rows.length === 0 ? (
                <Failed error={query.error} retry={() => void query.refetch()} />
              ) : rows.length === 0 ? (
                <Nothing narrowed={state.narrowed} reset={state.reset} />
              ) : (
                sections.map((name) => (
                  <TaskSection
                    key={name}
                    title={t(name)}
                    late={name === 'overdue'}
                    tasks={grouped.get(name) ?? []}
                    more={name === unfinished}
                    chosen={still ?? undefined}
                    onSelect={select}
                    onOpen={panel.open}
                  />
                ))
              )}
              {query.hasNextPage && (
                <More label={t('more')} onReached={() => !query.isFetching && void query.fetchNextPage()} />
              )}
              <DoneTasks mine={state.filters} q={state.q} onOpen={panel.open} />
            </div>
            <div className="min-w-0 max-lg:order-first">
              <Queues manage />
            </div>
          </div>
        </section>
        <BulkBar ids={still ?? new Set()} onDone={() => setChosen(null)} />
        {panel.id && (
          <Suspense fallback={null}>
            <RecordPanel object="task" id={panel.id} onClose={() => panel.open(null)} />
          </Suspense>
        )}
      </div>
    </Page>
  );
}

function Nothing({ narrowed, reset }: { narrowed: boolean; reset: () => void }) {
  const t = useTranslations('tasks');
  const can = useCan();
  if (!narrowed)
    return (
      <Empty icon={<CircleCheck />} title={t('none')} description={can('task.write') ? t('noneHelp') : undefined} />
    );
  return (
    <Empty icon={<CircleCheck />} title={t('filter.none')} description={t('filter.noneHelp')}>
      <Button variant="secondary" onClick={reset}>
        {t('filter.reset')}
      </Button>
    </Empty>
  );
}

function TasksSkeleton() {
  return (
    <div aria-busy className="mt-3 grid gap-5">
      {['w-72', 'w-56', 'w-80', 'w-64', 'w-60'].map((width) => (
        <div key={width} className="flex items-center gap-3">
          <Skeleton className="size-4 rounded-full" />
          <Skeleton className={`h-4 max-w-full ${width}`} />
        </div>
      ))}
    </div>
  );
}
