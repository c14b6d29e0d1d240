'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { TaskRow } from '@/components/records/task-row';
import { ReportFailed } from '@/components/reports/revenue-by';
import { useCan } from '@/components/shell/boot';
import { useQuickCreate } from '@/components/shell/quick-create';
import { useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import type { Filter } from '@/domain/filters';

const shown = 6;

const mineAndDue: Filter = {
  and: [
    { field: 'ownerId', op: 'me' },
    { field: 'done', op: 'is', value: false },
    { field: 'dueOn', op: 'isNotEmpty' },
  ],
};

/** One's own open tasks with a day, the most pressing first. */
export function MyTasks() {
  const t = useTranslations('home.tasks');
  const trpc = useTRPC();
  const can = useCan();
  const create = useQuickCreate();
  const tasks = useQuery(
    trpc.tasks.list.queryOptions({ filter: mineAndDue, sort: [{ field: 'dueOn', dir: 'asc' }], limit: shown }),
  );
  if (tasks.isError && !tasks.data) return <ReportFailed retry={() => void tasks.refetch()} />;
  if (!tasks.data) return <TasksSkeleton />;
  if (tasks.data.rows.length === 0) {
    return (
      <div className="grid justify-items-center gap-1 px-4 py-8 text-center text-sm">
        <p className="font-medium">{t('none')}</p>
        <p className="text-muted-foreground">{t('noneHelp')}</p>
        {can('task.write') && (
          <Button variant="secondary" size="sm" className="mt-2" onClick={() => create('task')}>
            <Plus />
            {t('add')}
          </Button>
        )}
      </div>
    );
  }
  return (
    <ul>
      {tasks.data.rows.map((task) => (
        <li key={task.id}>
          <TaskRow task={task} showLinks />
        </li>
      ))}
    </ul>
  );
}

function TasksSkeleton() {
  return (
    <div aria-hidden className="grid gap-3 px-2 py-1">
      {['a', 'b', 'c', 'd'].map((key) => (
        <Skeleton key={key} className="h-7" />
      ))}
    </div>
  );
}
