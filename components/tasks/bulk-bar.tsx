'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { patchMany, useRecordApi } from '@/components/records/record-data';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { SnoozeMenu } from './snooze-menu';

/** Comes from below while tasks are chosen: complete them or put them off together, with one way back. */
export function BulkBar({ ids, onDone }: { ids: ReadonlySet<string>; onDone: () => void }) {
  const t = useTranslations('tasks');
  const undoToast = useUndoToast();
  const queries = useQueryClient();
  const update = useMutation(
    useRecordApi('task').updateMany.mutationOptions({
      onMutate: ({ ids: chosen }) => patchMany(queries, 'task', chosen, { done: true }),
    }),
  );
  if (ids.size === 0) return <div role="status" />;
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-4 z-30 flex justify-center px-4">
      <div
        role="toolbar"
        aria-label={t('bulk.bar')}
        className="pointer-events-auto flex h-11 animate-in slide-in-from-bottom-4 fade-in-0 items-center gap-1 rounded-lg bg-popover px-2 shadow-pop duration-150"
      >
        <span role="status" className="tabular px-2 font-medium text-sm">
          {t('bulk.count', { count: ids.size })}
        </span>
        <Button
          size="sm"
          busy={update.isPending}
          onClick={() =>
            update.mutate(
              { ids: [...ids], values: { done: true } },
              {
                onSuccess: ({ changeSetId, count }) => {
                  undoToast(changeSetId, t('bulk.completed', { count }));
                  onDone();
                },
              },
            )
          }
        >
          <CircleCheck />
          {t('bulk.complete')}
        </Button>
        <SnoozeMenu ids={[...ids]} label={t('snooze.label')} wide />
        <Button variant="quiet" size="icon-sm" aria-label={t('bulk.end')} onClick={onDone}>
          <X />
        </Button>
      </div>
    </div>
  );
}
