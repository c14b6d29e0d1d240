'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useCan } from '@/components/shell/boot';
import { useRefusalText } from '@/components/shell/errors';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { toast } from '@/components/ui/toaster';
import { AttendeesField, attendeesOf, type Person } from './attendees-field';

/** Who takes part in a call or meeting, to be changed where it stands. */
export function AttendeesSection({ id, subject }: { id: string; subject: string }) {
  const t = useTranslations('activities.attendees');
  const c = useTranslations('common');
  const can = useCan();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const undoToast = useUndoToast();
  const text = useRefusalText();
  const asked = trpc.activities.attendees.queryOptions({ id });
  const people = useQuery(asked);
  const set = useMutation(trpc.activities.setAttendees.mutationOptions({ meta: { quiet: true } }));
  const change = (next: Person[]) => {
    const before = people.data;
    // Shown at once; the answer says whether it stays.
    queries.setQueryData(
      asked.queryKey,
      next.map(({ id, name, object = 'contact' }) => ({ id, name, object })),
    );
    set.mutate(
      { id, ...attendeesOf(next) },
      {
        onSuccess: ({ changeSetId }) => undoToast(changeSetId, t('changed', { subject })),
        onError: (error) => {
          queries.setQueryData(asked.queryKey, before);
          toast.error(text(error));
        },
      },
    );
  };
  return (
    <section aria-label={t('label')} className="grid gap-2 border-b px-4 py-3">
      <h2 className="font-medium text-muted-foreground text-sm">{t('label')}</h2>
      {people.data ? (
        <AttendeesField value={people.data} onChange={can('activity.write') ? change : undefined} />
      ) : people.isError ? (
        <p role="alert" className="flex items-center gap-2 text-destructive text-sm">
          {c('loadFailed')}
          <Button variant="link" onClick={() => void people.refetch()}>
            {c('retry')}
          </Button>
        </p>
      ) : (
        <Skeleton className="h-8 w-48" />
      )}
    </section>
  );
}
