'use client';

import './no-eval';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink, httpLink, splitLink } from '@trpc/client';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { maxBatch } from '@/domain/batch';
import { objects } from '@/domain/objects';
import { isQueuedAnswer } from '@/domain/queued';
import type { AppRouter } from '@/server/router';
import { connection } from './connection';
import { isSignedOut, refusalOf } from './errors';
import { noteTakeBack, outboxLink } from './outbox';
import { onPurge, purge } from './purge';
import { stepUpLink } from './step-up';
import { isBoot, keepQueries } from './store-queries';
import { noteBuild } from './updates';

export type Inputs = inferRouterInputs<AppRouter>;
export type Outputs = inferRouterOutputs<AppRouter>;

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

/** A client for the procedures of one tenant; `-` for what precedes a tenant. */
export function createClient(slug: string) {
  const door = {
    url: `/api/trpc/${encodeURIComponent(slug)}`,
    fetch: async (url: RequestInfo | URL, options?: { signal?: AbortSignal | null }) => {
      try {
        // The link's own type for a signal is narrower than the browser's; both are the browser's AbortSignal.
        const response = await fetch(url, options as RequestInit);
        connection.set('up');
        noteBuild(response.headers.get('x-guanxi-build'));
        return response;
      } catch (error) {
        if (!options?.signal?.aborted) connection.set('down');
        throw error;
      }
    },
  };
  return createTRPCClient<AppRouter>({
    links: [
      outboxLink,
      stepUpLink,
      splitLink({
        // A change with a key of its own goes by itself: the key is a header.
        condition: ({ context }) => typeof context.idempotencyKey === 'string',
        true: httpLink({ ...door, headers: ({ op }) => ({ 'idempotency-key': String(op.context.idempotencyKey) }) }),
        false: httpBatchLink({ ...door, maxURLLength: 6000, maxItems: maxBatch }),
      }),
    ],
  });
}

declare module '@tanstack/react-query' {
  interface Register {
    mutationMeta: {
      /** Routers to refresh besides the mutation's own, or false for none. */
      refresh?: string[] | false;
      /** The caller shows the refusal itself. */
      quiet?: boolean;
    };
  }
}

/** These change anything, so everything is asked again. */
const refreshesAll = new Set(['changes', 'imports', 'samples', 'tenant']);
const alwaysRefreshed = ['reports', 'changes', 'search'];
/** A record's title stands in records of other objects; what `tenant.boot` carries is edited elsewhere. */
const records = [...Object.values(objects).map(({ plural }): string => plural), 'records'];
const alsoRefreshed: Record<string, readonly string[]> = {
  ...Object.fromEntries(records.map((router) => [router, [...records, 'relations']])),
  pipelines: ['tenant', 'deals'],
  // A record's field of files holds them.
  attachments: records,
  // A new rule or formula changes what records show.
  fields: ['tenant', ...records],
  objects: ['tenant', 'fields'],
  teams: ['tenant', 'members'],
  members: ['tenant', 'teams'],
};

function createQueryClient(slug: string, onFailure: (error: unknown) => void): QueryClient {
  const leaveIfSignedOut = (error: unknown) => {
    if (slug !== '-' && isSignedOut(error)) goToSignIn(slug);
  };
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 30 * 60_000,
        // A refusal is an answer: asking again would get the same one, unless the server says when not.
        // Without a connection it waits for one and keeps what is here.
        retry: (failures, error) =>
          refusalOf(error) ? failures < 2 && comesBackSoon(error) : failures < 2 || connection.state() === 'down',
        retryDelay: (failures, error) => 1000 * (refusalOf(error)?.retryAfter ?? 2 ** Math.min(failures, 5)),
      },
      // What cannot be sent now is not sent by itself later, when nobody expects it.
      mutations: { networkMode: 'always' },
    },
    queryCache: new QueryCache({
      onError: (error, query) => {
        leaveIfSignedOut(error);
        if (!isShutOut(error)) return;
        if (isBoot(query.queryKey)) void purge('removed', slug);
        // What was seen before is not for this person any more, or is not there.
        else query.setState({ data: undefined, dataUpdatedAt: 0 });
      },
    }),
    mutationCache: new MutationCache({
      onSuccess: (data, _input, shown, mutation) => {
        // What waits has changed nothing yet that could be asked for.
        if (isQueuedAnswer(data)) {
          if (isTakeBack(shown)) noteTakeBack(data.changeSetId, shown);
          return;
        }
        const router = routerOf(mutation.options.mutationKey);
        const extra = mutation.meta?.refresh;
        if (extra === false || !router) return;
        const refreshed = new Set([router, ...(alsoRefreshed[router] ?? []), ...alwaysRefreshed, ...(extra ?? [])]);
        // Counts and totals of groups follow from the records of whatever object.
        const recounted = records.some((name) => refreshed.has(name));
        void client.invalidateQueries({
          predicate: ({ queryKey }) =>
            refreshesAll.has(router) ||
            refreshed.has(routerOf(queryKey) ?? '') ||
            (recounted && isProcedure(queryKey, 'views', 'groups')),
        });
      },
      onError: (error, _input, shown, mutation) => {
        if (isTakeBack(shown)) shown();
        leaveIfSignedOut(error);
        if (!mutation.meta?.quiet && !mutation.options.onError) onFailure(error);
      },
    }),
  });
  return client;
}

/** What `show` (optimistic.ts) gave for a mutation's `onMutate`. */
const isTakeBack = (shown: unknown): shown is () => void => typeof shown === 'function';

/** Whether waiting as long as the server says is nothing a person would notice much. */
function comesBackSoon(error: unknown): boolean {
  const seconds = refusalOf(error)?.retryAfter;
  return seconds !== undefined && seconds <= 5;
}

/** `deals` of the key `[['deals', 'move'], …]`. */
function routerOf(key: readonly unknown[] | undefined): string | undefined {
  const path = key?.[0];
  return Array.isArray(path) && typeof path[0] === 'string' ? path[0] : undefined;
}

function isProcedure(key: readonly unknown[], router: string, procedure: string): boolean {
  const path = key[0];
  return Array.isArray(path) && path[0] === router && path[1] === procedure;
}

let leaving = false;

/** To the sign-in page, and back here after it; what this browser keeps is removed first. */
function goToSignIn(slug: string): void {
  if (leaving) return;
  leaving = true;
  const here = window.location.pathname + window.location.search;
  void purge('expired', slug).then(() => window.location.assign(`/sign-in?next=${encodeURIComponent(here)}`));
}

/** Whether the answer says that there is nothing here for this person: not theirs, or not there. */
export function isShutOut(error: unknown): boolean {
  const refusal = refusalOf(error);
  return refusal?.kind === 'notFound' || refusal?.kind === 'forbidden' || refusal?.code === 'tenantSuspended';
}

/** One client and one cache for one tenant; another tenant is another page load, so nothing of it stays behind. */
export function DataProvider({
  slug,
  onFailure,
  fallback,
  children,
}: {
  slug: string;
  /** Told of a failed mutation nobody else answers. */
  onFailure: (error: unknown) => void;
  /** Shown for the moment in which this browser looks for what it keeps. */
  fallback: ReactNode;
  children: ReactNode;
}) {
  const [clients] = useState(() => ({ trpc: createClient(slug), query: createQueryClient(slug, onFailure) }));
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    const keeper = keepQueries(clients.query, slug);
    void keeper.ready.then(() => setReady(true));
    // Signed out in another tab: this one must not go on showing.
    const unregister = onPurge(({ reason }) => {
      if (leaving || (reason !== 'signOut' && reason !== 'expired')) return;
      leaving = true;
      window.location.assign('/sign-in');
    });
    return () => {
      unregister();
      keeper.stop();
    };
  }, [clients, slug]);
  if (!isReady) return fallback;
  return (
    <QueryClientProvider client={clients.query}>
      <TRPCProvider trpcClient={clients.trpc} queryClient={clients.query}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
