'use client';

import type { QueryClient, QueryFilters } from '@tanstack/react-query';

/**
 * Shows a change in what is here before the server has answered. For a mutation's `onMutate`: whoever looks after all of
 * them (trpc.tsx) takes it back when the change is refused, and so does undo while it waits for a connection.
 * @param change what an answer that is here becomes
 * @returns takes it back
 */
export function show<T>(queries: QueryClient, filters: QueryFilters, change: (data: T) => T): () => void {
  // An answer on its way would bring the old state back for a moment. First loads are left to finish.
  const loaded = queries.getQueriesData<T>(filters).filter(([, data]) => data !== undefined);
  for (const [queryKey] of loaded) void queries.cancelQueries({ queryKey, exact: true });
  queries.setQueriesData<T>(filters, (data) => (data === undefined ? data : change(data)));
  return () => {
    for (const [key, data] of loaded) queries.setQueryData(key, data);
  };
}
