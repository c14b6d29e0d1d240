'use client';

import { useQuery } from '@tanstack/react-query';
import { CalendarPlus, CircleCheck, Phone } from 'lucide-react';
import { lazy, Suspense, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { AgendaList, useAgenda } from '@/components/activities/agenda';
import { useActivityForms } from '@/components/activities/forms';
import { useOpenPanel } from '@/components/records/use-open-panel';
import { ReportFailed } from '@/components/reports/report-failed';
import { useBoot, useCan } from '@/components/shell/boot';
import { useKeysOf } from '@/components/shell/desk';
import { useFormat } from '@/components/shell/format';
import { Link } from '@/components/shell/router';
import { useTRPC } from '@/components/shell/trpc';
import { Queues } from '@/components/tasks/queues';
import { QuickAdd } from '@/components/tasks/quick-add';
import { TaskSection } from '@/components/tasks/task-section';
import { useTaskKeys } from '@/components/tasks/use-task-keys';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { Hint } from '@/components/ui/tooltip';
import type { Filter } from '@/domain/filters';
import { addDays, dayIn } from '@/domain/moments';
import { DealsThatNeedMe } from './deals-that-need-me';

const RecordPanel = lazy(async () => ({ default: (await import('@/components/records/record-panel')).RecordPanel }));

const shown = 50;
const ahead = 7;

/** What a person has before them: what is late, what is for today, what comes; calls and meetings; deals that wait. */
export function Today() {
  const area = useRef<HTMLDivElement>(null);
  const can = useCan();
  const panel = useOpenPanel('task');
  useTaskKeys(area);
  return (
    <div
      ref={area}
      className="grid grid-cols-[minmax(0,1fr)] items-start gap-x-6 gap-y-5 lg:grid-cols-[minmax(0,1fr)_minmax(280px,360px)]"
    >
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-5">
        {can('task.write') && <QuickAdd today />}
        <DueTasks onOpen={panel.open} />
      </div>
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-5 max-lg:contents">
        {can('activity.read') && <Agenda />}
        <Queues />
        {can('deal.read') && <DealsThatNeedMe />}
      </div>
      {panel.id && (
        <Suspense fallback={null}>
          <RecordPanel object="task" id={panel.id} onClose={() => panel.open(null)} />
        </Suspense>
      )}
    </div>
  );
}

function DueTasks({ onOpen }: { onOpen: (id: string) => void }) {
  const t = useTranslations('home.today');
  const trpc = useTRPC();
  const format = useFormat();
  const today = format.today();
  const filter: Filter = {
    and: [
      { field: 'ownerId', op: 'me' },
      { field: 'done', op: 'is', value: false },
      { field: 'dueOn', op: 'before', value: addDays(today, ahead + 1) },
    ],
  };
  const tasks = useQuery(
    trpc.tasks.list.queryOptions({ filter, sort: [{ field: 'dueOn', dir: 'asc' }], limit: shown }),
  );
  if (tasks.isError && !tasks.data) return <ReportFailed retry={() => void tasks.refetch()} />;
  if (!tasks.data) return <TodaySkeleton />;
  const { rows, next } = tasks.data;
  const of = (test: (day: string) => boolean) => rows.filter(({ dueOn }) => typeof dueOn === 'string' && test(dueOn));
  const pressing = of((day) => day <= today).length;
  // They come in the order of their days, so that only the last section that has begun is not whole.
  const reached = next ? String(rows.at(-1)?.dueOn) : null;
  return (
    <>
      <TaskSection
        title={t('overdue')}
        late
        tasks={of((day) => day < today)}
        more={reached !== null && reached < today}
        onOpen={onOpen}
      />
      <TaskSection title={t('today')} tasks={of((day) => day === today)} more={reached === today} onOpen={onOpen} />
      {pressing === 0 && <AllDone />}
      <TaskSection
        title={t('next')}
        tasks={of((day) => day > today)}
        more={reached !== null && reached > today}
        onOpen={onOpen}
      />
      <Link to="/tasks" className="w-fit rounded-xs text-link text-sm hover:underline">
        {next ? t('all') : t('toTasks')}
      </Link>
    </>
  );
}

function AllDone() {
  const t = useTranslations('home.today');
  const can = useCan();
  return (
    <div className="flex items-center gap-3 rounded-lg border border-dashed px-4 py-5">
      <CircleCheck aria-hidden className="size-5 shrink-0 text-success" />
      <div className="min-w-0 text-sm">
        <p className="font-medium">{t('none')}</p>
        {can('task.write') && <p className="text-muted-foreground">{t('noneHelp')}</p>}
      </div>
    </div>
  );
}

/** Calls and meetings of today; what comes tomorrow is said under it. */
function Agenda() {
  const t = useTranslations('home.today');
  const a = useTranslations('activities');
  const can = useCan();
  const format = useFormat();
  const open = useActivityForms();
  const keysOf = useKeysOf();
  const { timeZone } = useBoot().tenant;
  const agenda = useAgenda(2);
  const today = format.today();
  const items = agenda.data?.rows ?? [];
  // What began yesterday and is not over is today's too.
  const now = items.filter(({ startsAt }) => dayIn(timeZone, startsAt) <= today);
  const tomorrow = items.filter(({ startsAt }) => dayIn(timeZone, startsAt) > today);
  return (
    <section className="max-lg:order-first">
      <div className="flex min-h-8 items-center gap-1 pb-1.5">
        <h2 className="mr-auto font-medium text-sm">{t('agenda')}</h2>
        {can('activity.write') && (
          <>
            <Hint label={a('call.action')} keys={keysOf('activity.call', 'l')}>
              <Button variant="quiet" size="icon-sm" aria-label={a('call.action')} onClick={() => open('call')}>
                <Phone />
              </Button>
            </Hint>
            <Hint label={a('meeting.action')} keys={keysOf('activity.meeting', 'm')}>
              <Button variant="quiet" size="icon-sm" aria-label={a('meeting.action')} onClick={() => open('meeting')}>
                <CalendarPlus />
              </Button>
            </Hint>
          </>
        )}
      </div>
      {agenda.isError && !agenda.data ? (
        <ReportFailed retry={() => void agenda.refetch()} />
      ) : agenda.isPending ? (
        <Skeleton className="h-11" />
      ) : now.length > 0 ? (
        <AgendaList items={now} />
      ) : (
        <p className="rounded-lg border border-dashed px-3 py-2.5 text-muted-foreground text-sm">{t('agendaNone')}</p>
      )}
      {tomorrow.length > 0 && (
        <div className="mt-3">
          <h3 className="pb-1.5 text-muted-foreground text-xs">{t('tomorrow')}</h3>
          <AgendaList items={tomorrow} />
        </div>
      )}
    </section>
  );
}

function TodaySkeleton() {
  return (
    <div aria-busy className="grid gap-3 py-2">
      {['w-72', 'w-56', 'w-80', 'w-64'].map((width) => (
        <div key={width} className="flex items-center gap-3">
          <Skeleton className="size-4 rounded-full" />
          <Skeleton className={`h-4 max-w-full ${width}`} />
        </div>
      ))}
    </div>
  );
}
