'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Layers, Pencil, Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ReportFailed } from '@/components/reports/report-failed';
import { useCan } from '@/components/shell/boot';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { toast } from '@/components/ui/toaster';

const QueueDialog = lazy(async () => ({ default: (await import('./queue-dialog')).QueueDialog }));

export type Queue = Outputs['tasks']['queues'][number];

/** Queues with what waits in each, and the button that takes the next task; admins make them here. */
export function Queues({ manage }: { manage?: boolean }) {
  const t = useTranslations('tasks.queue');
  const can = useCan();
  const trpc = useTRPC();
  const [editing, setEditing] = useState<Queue | 'new' | null>(null);
  const queues = useQuery(trpc.tasks.queues.queryOptions(undefined, { refetchInterval: 60_000 }));
  const may = manage && can('queues.configure');
  const shown = queues.data?.filter(({ mine }) => may || mine) ?? [];
  // Most people work without queues: there is nothing to see of them until there are some.
  if (queues.isPending || (shown.length === 0 && !may && !queues.isError)) return null;
  return (
    <section>
      <div className="flex min-h-8 items-center justify-between gap-2 pb-1.5">
        <h2 className="font-medium text-sm">{t('title')}</h2>
        {may && (
          <Button variant="quiet" size="sm" onClick={() => setEditing('new')}>
            <Plus />
            {t('new')}
          </Button>
        )}
      </div>
      {!queues.data ? (
        <ReportFailed retry={() => void queues.refetch()} />
      ) : shown.length > 0 ? (
        <ul className="divide-y overflow-hidden rounded-lg border bg-card">
          {shown.map((queue) => (
            <li key={queue.id}>
              <QueueRow queue={queue} onEdit={may ? () => setEditing(queue) : undefined} />
            </li>
          ))}
        </ul>
      ) : (
        <p className="text-muted-foreground text-sm">{t('help')}</p>
      )}
      {editing && (
        <Suspense fallback={null}>
          <QueueDialog queue={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
        </Suspense>
      )}
    </section>
  );
}

function QueueRow({ queue, onEdit }: { queue: Queue; onEdit?: () => void }) {
  const t = useTranslations('tasks.queue');
  const can = useCan();
  const trpc = useTRPC();
  const undoToast = useUndoToast();
  const take = useMutation(
    trpc.tasks.takeNext.mutationOptions({
      onSuccess: ({ task, changeSetId }) => {
        if (task && changeSetId) undoToast(changeSetId, t('taken1', { subject: String(task.subject) }));
        else toast(t('empty'));
      },
    }),
  );
  return (
    <div className="flex min-h-11 items-center gap-2.5 px-3 py-1.5 text-sm">
      <Layers aria-hidden className="size-4 shrink-0 text-muted-foreground" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{queue.name}</p>
        <p className="tabular flex flex-wrap gap-x-2 text-muted-foreground text-xs">
          <span>{t('waiting', { count: queue.waiting })}</span>
          {queue.overdue > 0 && <span className="text-destructive">{t('overdue', { count: queue.overdue })}</span>}
          {queue.taken > 0 && <span>{t('taken', { count: queue.taken })}</span>}
        </p>
      </div>
      {onEdit && (
        <Button variant="quiet" size="icon-sm" aria-label={`${t('edit')}: ${queue.name}`} onClick={onEdit}>
          <Pencil />
        </Button>
      )}
      {queue.mine && can('task.write') && (
        <Button
          variant="secondary"
          size="sm"
          busy={take.isPending}
          disabled={queue.waiting === 0}
          onClick={() => take.mutate({ id: queue.id })}
        >
          {t('take')}
        </Button>
      )}
    </div>
  );
}
