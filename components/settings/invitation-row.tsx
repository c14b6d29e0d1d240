'use client';

import { useMutation } from '@tanstack/react-query';
import { Mail } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useBoot, useCan } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { toast } from '@/components/ui/toaster';
import type { InvitationView, MemberView } from './people';

/** An invitation nobody has taken up yet. */
export function InvitationRow({
  invitation,
  member,
  onRenew,
}: {
  invitation: InvitationView;
  member?: MemberView;
  onRenew: () => void;
}) {
  const t = useTranslations('settings.members');
  const labels = useLabels();
  const format = useFormat();
  const can = useCan();
  const { teams } = useBoot();
  const trpc = useTRPC();
  const revoke = useMutation(
    trpc.members.revokeInvitation.mutationOptions({
      onSuccess: () => void toast(t('revoked', { email: invitation.email })),
    }),
  );
  const team = teams.find(({ id }) => id === invitation.teamId);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2">
      <span aria-hidden className="grid size-6 shrink-0 place-items-center rounded-full bg-muted text-muted-foreground">
        <Mail className="size-3.5" />
      </span>
      <div className="min-w-0 flex-1 basis-56">
        <p className="truncate font-medium text-sm">{invitation.email}</p>
        <p className="truncate text-muted-foreground text-sm">
          {[
            member && t('standsFor', { name: member.name }),
            labels.role(invitation.role),
            team?.name,
            t('expires', { when: format.relative(invitation.expiresAt) }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      {can('members.manage') && (
        <div className="flex gap-1 max-sm:pl-9">
          <Button variant="ghost" size="sm" onClick={onRenew}>
            {t('newLink')}
          </Button>
          <Button
            variant="ghost"
            size="sm"
            busy={revoke.isPending}
            onClick={() => revoke.mutate({ id: invitation.id })}
          >
            {t('revoke')}
          </Button>
        </div>
      )}
    </li>
  );
}
