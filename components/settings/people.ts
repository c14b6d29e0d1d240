'use client';

import { useQuery } from '@tanstack/react-query';
import { type Outputs, useTRPC } from '@/components/shell/trpc';

export type MemberView = Outputs['members']['list']['members'][number];
export type InvitationView = Outputs['members']['list']['invitations'][number];
export type TeamView = Outputs['teams']['list'][number];

/** Everybody in the tenant, and who is invited. */
export function usePeople() {
  const trpc = useTRPC();
  return useQuery(trpc.members.list.queryOptions());
}

/** People a record or a team may be given to, found by name. */
export function findPeople(members: readonly MemberView[], query: string, except?: string) {
  const wanted = query.toLowerCase();
  return members
    .filter(
      (member) => member.status !== 'inactive' && member.id !== except && member.name.toLowerCase().includes(wanted),
    )
    .slice(0, 50)
    .map((member) => ({ id: member.id, title: member.name, subtitle: member.email }));
}
