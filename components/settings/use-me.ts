'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/shell/trpc';

/** The account of the person, which holds in every tenant of theirs. */
export function useMe() {
  const trpc = useTRPC();
  return useQuery(trpc.account.me.queryOptions(undefined, { staleTime: 60_000 }));
}
