'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Ellipsis, MapPin, Pencil, Plus, Trash2, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCan } from '@/components/shell/boot';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Avatar } from '@/components/ui/avatar';
import { Button } from '@/components/ui/button';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Empty } from '@/components/ui/empty';
import { Skeleton } from '@/components/ui/skeleton';
import { type TeamView, usePeople } from './people';
import { rowsClasses, Section } from './section';
import { TeamDialog } from './team-dialog';

/** Teams decide whose deals and tasks a manager sees. */
export function TeamsPage() {
  const t = useTranslations('settings.teams');
  const trpc = useTRPC();
  const can = useCan();
  const teams = useQuery(trpc.teams.list.queryOptions());
  const [editing, setEditing] = useState<TeamView | 'new' | null>(null);
  const manages = can('members.manage');
  return (
    <Section
      title={t('title')}
      description={t('description')}
      aside={
        manages && (
          <Button onClick={() => setEditing('new')}>
            <Plus />
            {t('add')}
          </Button>
        )
      }
    >
      {teams.isPending ? (
        <Skeleton className="h-40" />
      ) : teams.data?.length ? (
        <ul className={rowsClasses}>
          {teams.data.map((team) => (
            <TeamRow key={team.id} team={team} onEdit={() => setEditing(team)} />
          ))}
        </ul>
      ) : (
        <Empty icon={<UsersRound />} title={t('empty')} description={t('emptyHelp')} className="py-8" />
      )}
      {editing && <TeamDialog team={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} />}
    </Section>
  );
}

function TeamRow({ team, onEdit }: { team: TeamView; onEdit: () => void }) {
  const t = useTranslations('settings.teams');
  const c = useTranslations('common');
  const can = useCan();
  const trpc = useTRPC();
  const undo = useUndoToast();
  const people =
    usePeople().data?.members.filter((member) => member.teamId === team.id && member.status !== 'inactive') ?? [];
  const remove = useMutation(
    trpc.teams.remove.mutationOptions({
      meta: { refresh: ['tenant', 'members'] },
      onSuccess: ({ changeSetId }) => undo(changeSetId, t('removed', { name: team.name })),
    }),
  );
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <div className="grid min-w-0 flex-1 gap-2">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h3 className="font-medium text-sm">{team.name}</h3>
          {team.office && (
            <span className="flex items-center gap-1 text-muted-foreground text-sm">
              <MapPin aria-hidden className="size-3.5" />
              {team.office}
            </span>
          )}
          <span className="text-muted-foreground text-sm">
            {team.managerName ? t('managedBy', { name: team.managerName }) : t('noManager')}
          </span>
        </div>
        {people.length > 0 ? (
          <ul className="flex flex-wrap gap-1.5" aria-label={t('people')}>
            {people.map((member) => (
              <li key={member.id}>
                <span className="flex h-6 min-w-0 items-center gap-1.5 rounded-full bg-muted pr-2.5 pl-0.5 text-sm">
                  <Avatar name={member.name} seed={member.id} size="sm" />
                  <span className="truncate">{member.name}</span>
                </span>
              </li>
            ))}
          </ul>
        ) : (
          <p className="text-muted-foreground text-sm">{t('nobody')}</p>
        )}
      </div>
      {can('members.manage') && (
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button variant="quiet" size="icon-sm" aria-label={t('actionsFor', { name: team.name })}>
              <Ellipsis />
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end">
            <DropdownMenuItem onSelect={onEdit}>
              <Pencil />
              {c('edit')}
            </DropdownMenuItem>
            <DropdownMenuItem variant="destructive" onSelect={() => remove.mutate({ id: team.id })}>
              <Trash2 />
              {c('delete')}
            </DropdownMenuItem>
          </DropdownMenuContent>
        </DropdownMenu>
      )}
    </li>
  );
}
