'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useBoot } from './boot';
import { connection } from './connection';
import { onPurge } from './purge';
import { useRouter } from './router';

/** Milliseconds after which the first screen has what it needs. */
const settled = 3000;

/** Holds the records this person may see in the browser, for the search; begun when nothing else is to be done. */
export function useIndex(): void {
  const { reach } = useBoot();
  const { slug } = useRouter();
  const queries = useQueryClient();
  useEffect(() => {
    let ended = typeof Worker === 'undefined';
    const ends = [
      onPurge(async (order) => {
        if (order.slug !== null && order.slug !== slug) return;
        // What is begun a moment later would hold it again.
        ended = true;
        const { dropLocalSearch } = await import('./local-search');
        await dropLocalSearch(order.slug);
      }),
    ];
    const start = async () => {
      const [{ refreshLocalSearch, startLocalSearch }, { onLive }] = await Promise.all([
        import('./local-search'),
        import('./live'),
      ]);
      if (ended) return;
      startLocalSearch(slug, reach);
      ends.push(
        connection.subscribe(refreshLocalSearch),
        onLive(refreshLocalSearch),
        queries.getMutationCache().subscribe(({ type, mutation }) => {
          if (type === 'updated' && mutation.state.status === 'success') refreshLocalSearch();
        }),
      );
    };
    // A chunk that does not come: then the server is asked.
    const timer = setTimeout(() => whenIdle(() => void start().catch(() => {})), settled);
    return () => {
      ended = true;
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [slug, reach, queries]);
}

/** Safari has no idle callbacks. */
function whenIdle(run: () => void): void {
  if ('requestIdleCallback' in window) window.requestIdleCallback(run, { timeout: 5000 });
  else run();
}
