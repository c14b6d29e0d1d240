'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useFormat } from '@/components/shell/format';
import { useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { toast } from '@/components/ui/toaster';
import { LoadFailed } from './load-failed';
import { rowsClasses, Section } from './section';
import { SessionRow, useDeviceName } from './session-row';
import { RowsSkeleton } from './skeletons';

/** Where this person is signed in, and the way to end it there. */
export function SessionsSection() {
  const t = useTranslations('settings.security.sessions');
  const format = useFormat();
  const name = useDeviceName();
  const trpc = useTRPC();
  const sessions = useQuery(trpc.account.sessions.queryOptions());
  const end = useMutation(trpc.account.revokeSession.mutationOptions());
  const endOthers = useMutation(
    trpc.account.revokeOtherSessions.mutationOptions({
      onSuccess: ({ ended }) => {
        toast.success(t('endedOthers', { count: ended }));
      },
    }),
  );
  const rows = [...(sessions.data ?? [])].sort((a, b) => Number(b.current) - Number(a.current));
  return (
    <Section
      title={t('title')}
      description={rows.length === 1 ? t('only') : t('description')}
      aside={
        rows.length > 1 && (
          <Button variant="secondary" busy={endOthers.isPending} onClick={() => endOthers.mutate()}>
            {t('endOthers')}
          </Button>
        )
      }
    >
      {sessions.isPending ? (
        <RowsSkeleton />
      ) : sessions.isError ? (
        <LoadFailed retry={() => void sessions.refetch()} />
      ) : (
        <ul className={rowsClasses}>
          {rows.map((session) => {
            const device = name(session.userAgent);
            return (
              <SessionRow key={session.id} session={session}>
                {!session.current && (
                  <Button
                    variant="ghost"
                    size="sm"
                    aria-label={t('endOf', { device, when: format.relative(session.lastSeenAt) })}
                    busy={end.isPending && end.variables.id === session.id}
                    onClick={() =>
                      end.mutate(
                        { id: session.id },
                        {
                          onSuccess: () => {
                            toast.success(t('ended', { device }));
                          },
                        },
                      )
                    }
                  >
                    {t('end')}
                  </Button>
                )}
              </SessionRow>
            );
          })}
        </ul>
      )}
    </Section>
  );
}
