'use client';

import { useMutation } from '@tanstack/react-query';
import { Ellipsis, MonitorSmartphone, UserCheck, UserMinus, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot, useCan } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Avatar } from '@/components/ui/avatar';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { grantableRoles } from '@/domain/permissions';
import { DeactivateDialog } from './deactivate-dialog';
import { MemberSessionsDialog } from './member-sessions';
import type { MemberView } from './people';

const noTeam = 'none';
/** Changes here decide what everybody sees, the product's first answer included. */
const refresh = { meta: { refresh: ['tenant', 'teams', 'deals', 'tasks', 'companies', 'contacts'] } };

export function MemberRow({
  member,
  members,
  onInvite,
}: {
  member: MemberView;
  members: readonly MemberView[];
  onInvite: () => void;
}) {
  const t = useTranslations('settings.members');
  const boot = useBoot();
  const self = member.id === boot.member.id;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2">
      <div className="flex min-w-0 flex-1 basis-56 items-center gap-3">
        <Avatar
          name={member.name}
          seed={member.id}
          className={member.status === 'inactive' ? 'grayscale' : undefined}
        />
        <div className="min-w-0">
          <p className="flex items-center gap-2 font-medium text-sm">
            <span className="truncate">{member.name}</span>
            {self && <Badge variant="secondary">{t('you')}</Badge>}
          </p>
          {member.email && <p className="truncate text-muted-foreground text-sm">{member.email}</p>}
        </div>
      </div>
      <div className="flex items-center gap-2 max-sm:w-full max-sm:pl-9">
        <TeamSelect member={member} />
        <RoleSelect member={member} />
        <MemberMenu member={member} members={members} onInvite={onInvite} self={self} />
      </div>
    </li>
  );
}

/** Whether this person may change that member at all: nobody reaches above the roles they may give. */
function useManages(member: MemberView): boolean {
  const { member: me } = useBoot();
  const can = useCan();
  return can('members.manage') && grantableRoles(me.role).includes(member.role);
}

function RoleSelect({ member }: { member: MemberView }) {
  const t = useTranslations('settings.members');
  const labels = useLabels();
  const { member: me } = useBoot();
  const trpc = useTRPC();
  const undo = useUndoToast();
  const setRole = useMutation(
    trpc.members.setRole.mutationOptions({
      ...refresh,
      onSuccess: ({ changeSetId }, { role }) =>
        undo(changeSetId, t('roleChanged', { name: member.name, role: labels.role(role) })),
    }),
  );
  if (!useManages(member) || member.status === 'inactive') {
    return <span className="w-28 truncate px-2.5 text-muted-foreground text-sm">{labels.role(member.role)}</span>;
  }
  const shown = setRole.isPending ? setRole.variables.role : member.role;
  const roles = grantableRoles(me.role);
  return (
    <Select
      value={shown}
      onValueChange={(value) => {
        const role = roles.find((known) => known === value);
        if (role) setRole.mutate({ id: member.id, role });
      }}
    >
      <SelectTrigger size="sm" className="w-28 max-sm:flex-1" aria-label={t('roleOf', { name: member.name })}>
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        {roles.map((role) => (
          <SelectItem key={role} value={role}>
            {labels.role(role)}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}

function TeamSelect({ member }: { member: MemberView }) {
  const t = useTranslations('settings.members');
  const { teams } = useBoot();
  const can = useCan();
  const trpc = useTRPC();
  const undo = useUndoToast();
  const setTeam = useMutation(
    trpc.members.setTeam.mutationOptions({
      ...refresh,
      onSuccess: ({ changeSetId }) => undo(changeSetId, t('teamChanged', { name: member.name })),
    }),
  );
  if (!can('members.manage') || member.status === 'inactive' || teams.length === 0) {
    return <span className="w-32 truncate px-2.5 text-muted-foreground text-sm">{member.teamName}</span>;
  }
  const shown = setTeam.isPending ? setTeam.variables.teamId : member.teamId;
  return (
    <Select
      value={shown ?? noTeam}
      onValueChange={(value) => setTeam.mutate({ id: member.id, teamId: value === noTeam ? null : value })}
    >
      <SelectTrigger size="sm" className="w-32 max-sm:flex-1" aria-label={t('teamOf', { name: member.name })}>
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        <SelectItem value={noTeam}>{t('noTeam')}</SelectItem>
        {teams.map((team) => (
          <SelectItem key={team.id} value={team.id}>
            {team.name}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}

function MemberMenu({
  member,
  members,
  onInvite,
  self,
}: {
  member: MemberView;
  members: readonly MemberView[];
  onInvite: () => void;
  self: boolean;
}) {
  const t = useTranslations('settings.members');
  const sessions = useTranslations('settings.security.memberSessions');
  const trpc = useTRPC();
  const undo = useUndoToast();
  const can = useCan();
  const manages = useManages(member);
  const [leaving, setLeaving] = useState(false);
  const [watching, setWatching] = useState(false);
  const reactivate = useMutation(
    trpc.members.reactivate.mutationOptions({
      ...refresh,
      onSuccess: ({ changeSetId }) => undo(changeSetId, t('reactivated', { name: member.name })),
    }),
  );
  if (!can('members.manage')) return null;
  if (!manages || self) return <span className="size-7 shrink-0" />;
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="quiet" size="icon-sm" aria-label={t('actionsFor', { name: member.name })}>
            <Ellipsis />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          {member.status === 'placeholder' && (
            <DropdownMenuItem onSelect={onInvite}>
              <UserPlus />
              {t('inviteAs', { name: member.name })}
            </DropdownMenuItem>
          )}
          {member.status === 'active' && can('sessions.manage') && (
            <DropdownMenuItem onSelect={() => setWatching(true)}>
              <MonitorSmartphone />
              {sessions('open')}
            </DropdownMenuItem>
          )}
          {member.status === 'inactive' ? (
            <DropdownMenuItem onSelect={() => reactivate.mutate({ id: member.id })}>
              <UserCheck />
              {t('reactivate')}
            </DropdownMenuItem>
          ) : (
            <DropdownMenuItem variant="destructive" onSelect={() => setLeaving(true)}>
              <UserMinus />
              {t('deactivate')}
            </DropdownMenuItem>
          )}
        </DropdownMenuContent>
      </DropdownMenu>
      {watching && <MemberSessionsDialog member={member} onClose={() => setWatching(false)} />}
      {leaving && <DeactivateDialog member={member} members={members} onClose={() => setLeaving(false)} />}
    </>
  );
}
