import type { QueryClient } from '@tanstack/react-query';
import type { TRPCClient } from '@trpc/client';
import { startLive } from '@/components/shell/live';
import { purge } from '@/components/shell/purge';
import type { useTRPC } from '@/components/shell/trpc';
import type { AppRouter } from '@/server/router';
import { startLiveRecords } from './live-records';

/** Hears what colleagues do in a workspace, and keeps what is on the screen as they leave it. @returns ends it */
export function listen(deps: {
  slug: string;
  queries: QueryClient;
  trpc: ReturnType<typeof useTRPC>;
  client: TRPCClient<AppRouter>;
}): () => void {
  const { slug, queries, client } = deps;
  const endRecords = startLiveRecords(deps);
  const endLive = startLive({
    slug,
    since: (since) => client.live.since.query({ since }),
    onReach: () => {
      void purge('reach', slug).then(() => queries.invalidateQueries());
    },
  });
  return () => {
    endLive();
    endRecords();
  };
}
