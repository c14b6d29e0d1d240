'use client';

import { Link2, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useActions } from '@/components/shell/actions';
import { useCan } from '@/components/shell/boot';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { ConfirmNotice } from './confirm-notice';
import { InvitationRow } from './invitation-row';
import { InviteDialog, type InviteFor } from './invite-dialog';
import { MemberRow } from './member-row';
import { type MemberView, usePeople } from './people';
import { rowsClasses, Section } from './section';

/** Who works here and with what role; who is invited; who left. */
export function MembersPage() {
  const t = useTranslations('settings.members');
  const can = useCan();
  const people = usePeople();
  const [inviting, setInviting] = useState<InviteFor | null>(null);
  const manages = can('members.manage');
  useActions(
    manages
      ? [
          {
            id: 'members.invite',
            label: t('invite'),
            icon: UserPlus,
            group: 'here',
            keys: 'i',
            run: () => setInviting({}),
          },
        ]
      : [],
  );
  const { members = [], invitations = [] } = people.data ?? {};
  const of = (...statuses: MemberView['status'][]) => members.filter((member) => statuses.includes(member.status));
  const groups = [
    { key: 'active', members: of('active', 'invited') },
    { key: 'placeholder', members: of('placeholder') },
    { key: 'inactive', members: of('inactive') },
  ] as const;
  return (
    <>
      {manages && <ConfirmNotice />}
      {groups.map(({ key, members: group }) =>
        key !== 'active' && group.length === 0 ? null : (
          <Section
            key={key}
            title={t(`groups.${key}`)}
            description={t(`groupHelp.${key}`, { count: group.length })}
            aside={
              key === 'active' &&
              manages && (
                <Button onClick={() => setInviting({})}>
                  <UserPlus />
                  {t('invite')}
                </Button>
              )
            }
          >
            {people.isPending ? (
              <Skeleton className="h-64" />
            ) : (
              <ul className={rowsClasses}>
                {group.map((member) => (
                  <MemberRow
                    key={member.id}
                    member={member}
                    members={members}
                    onInvite={() => setInviting({ member })}
                  />
                ))}
              </ul>
            )}
          </Section>
        ),
      )}
      {invitations.length > 0 && (
        <Section
          title={t('groups.invitations')}
          description={t('groupHelp.invitations', { count: invitations.length })}
        >
          <ul className={rowsClasses}>
            {invitations.map((invitation) => (
              <InvitationRow
                key={invitation.id}
                invitation={invitation}
                member={members.find((member) => member.id === invitation.memberId)}
                onRenew={() =>
                  setInviting({ invitation, member: members.find((member) => member.id === invitation.memberId) })
                }
              />
            ))}
          </ul>
        </Section>
      )}
      {manages && (
        <p className="flex items-start gap-2 text-muted-foreground text-sm">
          <Link2 aria-hidden className="mt-0.5 size-4 shrink-0" />
          {t('linkNote')}
        </p>
      )}
      {inviting && <InviteDialog target={inviting} onClose={() => setInviting(null)} />}
    </>
  );
}
