'use client';

import { CircleCheck, Plus } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { useOpenPanel } from '@/components/records/list-page';
import { useRecordList } from '@/components/records/record-list';
import { Failed } from '@/components/records/record-table';
import { More } from '@/components/records/timeline';
import { useBoot, useCan, usePreference } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { Page } from '@/components/shell/page';
import { useQuickCreate } from '@/components/shell/quick-create';
import type { ScreenProps } from '@/components/shell/screen';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Segmented } from '@/components/ui/segmented';
import { Skeleton } from '@/components/ui/skeleton';
import { Hint } from '@/components/ui/tooltip';
import type { Filter } from '@/domain/filters';
import { DoneTasks } from './done-tasks';
import { QuickAdd } from './quick-add';
import { TaskSection } from './task-section';

const RecordPanel = lazy(async () => ({ default: (await import('@/components/records/record-panel')).RecordPanel }));

const sections = ['overdue', 'today', 'upcoming', 'someday'] as const;

/** What is to be done: late, today, later; whatever is ticked off goes below. */
export function TasksPage(_: ScreenProps) {
  const t = useTranslations('tasks');
  const format = useFormat();
  const { member } = useBoot();
  const can = useCan();
  const create = useQuickCreate();
  const [whose, setWhose] = usePreference<'mine' | 'all'>('tasks:whose', 'mine');
  const panel = useOpenPanel('task');
  const mine: Filter[] = whose === 'mine' ? [{ field: 'ownerId', op: 'is', value: member.id }] : [];
  const filter: Filter = { and: [{ field: 'done', op: 'is', value: false }, ...mine] };
  const { rows, query } = useRecordList('task', { filter, sort: { field: 'dueOn', dir: 'asc' } });
  const grouped = Map.groupBy(rows, (task): (typeof sections)[number] => {
    if (typeof task.dueOn !== 'string') return 'someday';
    const days = format.daysFromToday(task.dueOn);
    return days < 0 ? 'overdue' : days === 0 ? 'today' : 'upcoming';
  });
  return (
    <Page
      title={t('title')}
      flush
      actions={
        <>
          <Segmented
            aria-label={t('whose')}
            value={whose}
            onValueChange={setWhose}
            options={[
              { value: 'mine', label: t('mine') },
              { value: 'all', label: t('all') },
            ]}
          />
          {can('task.write') && (
            <Hint label={t('new')} keys="c">
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
          aria-label={t('title')}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className="scroll-quiet focus-inset h-full overflow-y-auto"
        >
          <div className="mx-auto max-w-4xl px-4 py-4 max-md:px-3">
            {can('task.write') && <QuickAdd />}
            {query.isPending ? (
              <TasksSkeleton />
            ) : query.isError && rows.length === 0 ? (
              <Failed error={query.error} retry={() => void query.refetch()} />
            ) : rows.length === 0 ? (
              <Empty icon={<CircleCheck />} title={t('none')} description={t('noneHelp')} />
            ) : (
              sections.map((name) => (
                <TaskSection
                  key={name}
                  title={t(name)}
                  late={name === 'overdue'}
                  tasks={grouped.get(name) ?? []}
                  onOpen={panel.open}
                />
              ))
            )}
            {query.hasNextPage && (
              <More label={t('more')} onReached={() => !query.isFetching && void query.fetchNextPage()} />
            )}
            <DoneTasks mine={mine} onOpen={panel.open} />
          </div>
        </section>
        {panel.id && (
          <Suspense fallback={null}>
            <RecordPanel object="task" id={panel.id} onClose={() => panel.open(null)} />
          </Suspense>
        )}
      </div>
    </Page>
  );
}

function TasksSkeleton() {
  return (
    <div aria-busy className="mt-8 grid gap-5">
      {['w-72', 'w-56', 'w-80', 'w-64', 'w-60'].map((width) => (
        <div key={width} className="flex items-center gap-3">
          <Skeleton className="size-4 rounded-full" />
          <Skeleton className={`h-4 ${width}`} />
        </div>
      ))}
    </div>
  );
}
