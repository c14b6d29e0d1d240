'use client';

import './no-eval';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import { type ReactNode, useState } from 'react';
import { maxBatch } from '@/domain/batch';
import { objects } from '@/domain/objects';
import type { AppRouter } from '@/server/router';
import { connection } from './connection';
import { isSignedOut, refusalOf } from './errors';
import { stepUpLink } from './step-up';

export type Inputs = inferRouterInputs<AppRouter>;
export type Outputs = inferRouterOutputs<AppRouter>;

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

/** A client for the procedures of one tenant; `-` for what precedes a tenant. */
export function createClient(slug: string) {
  return createTRPCClient<AppRouter>({
    links: [
      stepUpLink,
      httpBatchLink({
        url: `/api/trpc/${encodeURIComponent(slug)}`,
        maxURLLength: 6000,
        maxItems: maxBatch,
        fetch: async (url, options) => {
          try {
            // The link's own type for a signal is narrower than the browser's; both are the browser's AbortSignal.
            const response = await fetch(url, options as RequestInit);
            connection.set('up');
            return response;
          } catch (error) {
            if (!options?.signal?.aborted) connection.set('down');
            throw error;
          }
        },
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
    if (slug !== '-' && isSignedOut(error)) goToSignIn();
  };
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 30 * 60_000,
        // A refusal is an answer: asking again would get the same one, unless the server says when not.
        retry: (failures, error) => failures < 2 && (!refusalOf(error) || comesBackSoon(error)),
        retryDelay: (failures, error) => 1000 * (refusalOf(error)?.retryAfter ?? 2 ** failures),
      },
    },
    queryCache: new QueryCache({ onError: leaveIfSignedOut }),
    mutationCache: new MutationCache({
      onSuccess: (_data, _input, _context, mutation) => {
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
      onError: (error, _input, _context, mutation) => {
        leaveIfSignedOut(error);
        if (!mutation.meta?.quiet && !mutation.options.onError) onFailure(error);
      },
    }),
  });
  return client;
}

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

/** To the sign-in page, and back here after it. */
export function goToSignIn(): void {
  if (leaving) return;
  leaving = true;
  const here = window.location.pathname + window.location.search;
  window.location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
}

/** One client and one cache for one tenant; another tenant is another page load, so nothing of it stays behind. */
export function DataProvider({
  slug,
  onFailure,
  children,
}: {
  slug: string;
  /** Told of a failed mutation nobody else answers. */
  onFailure: (error: unknown) => void;
  children: ReactNode;
}) {
  const [clients] = useState(() => ({ trpc: createClient(slug), query: createQueryClient(slug, onFailure) }));
  return (
    <QueryClientProvider client={clients.query}>
      <TRPCProvider trpcClient={clients.trpc} queryClient={clients.query}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
