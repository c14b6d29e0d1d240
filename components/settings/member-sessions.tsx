'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { toast } from '@/components/ui/toaster';
import { LoadFailed } from './load-failed';
import type { MemberView } from './people';
import { rowsClasses } from './section';
import { SessionRow } from './session-row';
import { RowsSkeleton } from './skeletons';

/** Where a colleague is signed in; all of it can be ended at once. */
export function MemberSessionsDialog({ member, onClose }: { member: MemberView; onClose: () => void }) {
  const t = useTranslations('settings.security.memberSessions');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const sessions = useQuery(trpc.members.sessions.queryOptions({ id: member.id }, { staleTime: 0 }));
  const revoke = useMutation(
    trpc.members.revokeSessions.mutationOptions({
      onSuccess: ({ ended }) => {
        onClose();
        toast.success(t('ended', { name: member.name, count: ended }));
      },
    }),
  );
  const rows = sessions.data ?? [];
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent closeLabel={c('close')}>
        <DialogHeader>
          <DialogTitle>{t('title', { name: member.name })}</DialogTitle>
          <DialogDescription>
            {sessions.isSuccess && rows.length === 0 ? t('none', { name: member.name }) : t('help')}
          </DialogDescription>
        </DialogHeader>
        <DialogBody>
          {sessions.isPending ? (
            <RowsSkeleton />
          ) : sessions.isError ? (
            <LoadFailed retry={() => void sessions.refetch()} />
          ) : (
            rows.length > 0 && (
              <ul className={rowsClasses}>
                {rows.map((session) => (
                  <SessionRow key={session.id} session={session} />
                ))}
              </ul>
            )
          )}
        </DialogBody>
        <DialogFooter>
          <Button variant="ghost" onClick={onClose}>
            {c('close')}
          </Button>
          {rows.length > 0 && (
            <Button variant="destructive" busy={revoke.isPending} onClick={() => revoke.mutate({ id: member.id })}>
              {t('endAll')}
            </Button>
          )}
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
