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

/** People found by name, those who left too. */
export function peopleNamed(members: readonly MemberView[], query: string) {
  const wanted = query.toLowerCase();
  return members
    .filter((member) => member.name.toLowerCase().includes(wanted))
    .map((member) => ({ id: member.id, title: member.name, subtitle: member.email }));
}

/** People a record or a team may be given to, found by name. */
export function findPeople(members: readonly MemberView[], query: string, except?: string) {
  const open = members.filter((member) => member.status !== 'inactive' && member.id !== except);
  return peopleNamed(open, query).slice(0, 50);
}
