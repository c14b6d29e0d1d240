'use client';

import { useMutation } from '@tanstack/react-query';
import { Layers } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { RecordRow } from '@/components/records/record-data';
import { useBoot, useCan } from '@/components/shell/boot';
import { navigate } from '@/components/shell/router';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { toast } from '@/components/ui/toaster';
import { Hint } from '@/components/ui/tooltip';
import { scopeOf } from '@/domain/permissions';

/** Gives a task that was taken from a queue back to it; nothing for any other. */
export function PutBack({ task }: { task: RecordRow }) {
  const t = useTranslations('tasks.queue');
  const can = useCan();
  const trpc = useTRPC();
  const { member } = useBoot();
  const undoToast = useUndoToast();
  const putBack = useMutation(trpc.tasks.putBack.mutationOptions());
  // A queue that is gone has no name.
  if (!task.refs.queueId || !task.ownerId || task.done === true || !can('task.write')) return null;
  const done = t('putBackDone', { subject: String(task.subject) });
  return (
    <Hint label={t('putBack')}>
      <Button
        variant="secondary"
        size="sm"
        aria-label={t('putBack')}
        busy={putBack.isPending}
        onClick={() =>
          putBack.mutate(
            { id: task.id },
            {
              onSuccess: ({ changeSetId }) => {
                if (scopeOf(member.role, 'task', 'write') === 'all') return undoToast(changeSetId, done);
                // What waits in a queue is out of reach of everybody else.
                toast(done);
                navigate('/tasks');
              },
            },
          )
        }
        className="max-lg:w-7 max-lg:px-0"
      >
        <Layers />
        <span className="max-lg:hidden">{t('putBack')}</span>
      </Button>
    </Hint>
  );
}
