'use client';

import type { QueryClient } from '@tanstack/react-query';
import { getUntypedClient, type TRPCClient } from '@trpc/client';
import { queued } from '@/domain/queued';
import type { AppRouter } from '@/server/router';
import { connection } from './connection';
import { type RefusalView, refusalOf } from './errors';
import { openOutbox, runTakeBack, setWaiting, waiting } from './outbox';
import { outboxStore, type WaitingChange } from './outbox-store';
import { onPurge } from './purge';

/** A change older than this may have been carried out under a key the server has forgotten (server/core/idempotency.ts). */
const oldestMs = 28 * 86_400_000;
const pauseMs = 3000;

interface Deps {
  slug: string;
  userId: string;
  client: TRPCClient<AppRouter>;
  queries: QueryClient;
  /** How a record looks with the fields of a change that waits. */
  show: (object: string, id: string, values: Record<string, unknown>) => void;
}

let current: { deps: Deps; channel: BroadcastChannel } | undefined;

/** Begins to keep and to send what waits in a workspace. @returns ends it */
export function startOutbox(deps: Deps): () => void {
  const { slug, userId } = deps;
  const channel = new BroadcastChannel(`guanxi.outbox.${slug}`);
  const mine = { deps, channel };
  current = mine;
  channel.onmessage = () => void refresh().then(replay);
  openOutbox({
    slug,
    userId,
    keep: async (change) => {
      await outboxStore.add({ ...change, slug, userId });
      await changed();
      void replay();
    },
  });
  const unsubscribe = connection.subscribe(() => void replay());
  // What somebody did waits for them when their session ends by itself; nobody else's may stay.
  const unregister = onPurge(async ({ reason, slug: only }) => {
    if (reason === 'reach') return;
    if (only !== null || reason === 'expired') {
      await outboxStore.clear(only, reason === 'expired' ? userId : undefined);
      await refresh();
    } else {
      await outboxStore.remove();
      setWaiting([]);
    }
  });
  const unshow = showWaiting(deps);
  void outboxStore
    .clear(slug, userId)
    .then(refresh)
    .then(replay)
    .catch(() => {});
  return () => {
    unsubscribe();
    unregister();
    unshow();
    channel.close();
    if (current === mine) {
      current = undefined;
      openOutbox(undefined);
    }
  };
}

/** Records that are asked afresh while changes of them wait show what they will be. */
function showWaiting({ queries, show }: Deps): () => void {
  return queries.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'success' || event.action.manual) return;
    for (const { path, input, refusal } of waiting()) {
      const about = refusal ? null : queued(path, input);
      const { object, values } = about ?? {};
      if (object && values) for (const id of about?.ids ?? []) show(object, id, values);
    }
  });
}

async function refresh(): Promise<void> {
  if (!current) return;
  setWaiting(await outboxStore.all(current.deps.slug));
}

/** What waits has changed: this tab reads it again, and so do the others. */
async function changed(): Promise<void> {
  await refresh();
  current?.channel.postMessage(null);
}

/** One tab at a time sends, in order; what another tab's turn has sent is gone when this one's comes. */
async function replay(): Promise<void> {
  if (!current || connection.state() === 'down' || !waiting().some(({ refusal }) => !refusal)) return;
  const { slug } = current.deps;
  if ('locks' in navigator) await navigator.locks.request(`guanxi.outbox.${slug}`, sendAll);
  else await sendAll();
}

async function sendAll(): Promise<void> {
  let any = false;
  for (;;) {
    await refresh();
    const change = waiting().find(({ refusal }) => !refusal);
    if (!current || !change || connection.state() === 'down') break;
    const outcome = await send(change, current.deps);
    if (outcome === 'later') {
      setTimeout(() => void replay(), pauseMs);
      break;
    }
    any = true;
    if (outcome === 'done') await outboxStore.delete(change.order);
    else await outboxStore.put({ ...change, refusal: outcome });
    await changed();
  }
  if (any) void current?.deps.queries.invalidateQueries();
}

/** The change sets that waiting changes became when this page sent them. */
const became = new Map<string, string>();

/** The change set that a change became which is here no more; undefined when another page sent it. */
export const setOf = (key: string): string | undefined => became.get(key);

/** @returns why it was refused, or that it is done, or that now is not the time */
async function send(change: WaitingChange, { client }: Deps): Promise<'done' | 'later' | RefusalView> {
  if (Date.now() - change.at > oldestMs) return { kind: 'invalid', code: 'waitedTooLong' };
  const { path, base, key } = change;
  const input = base && takesBase(path) ? { ...(change.input as object), base } : change.input;
  try {
    // The path is one of a procedure, as it was when the change was made.
    const answer = await getUntypedClient(client).mutation(path, input, { context: { idempotencyKey: key } });
    if (typeof answer === 'object' && answer !== null && 'changeSetId' in answer)
      became.set(key, String(answer.changeSetId));
    return 'done';
  } catch (error) {
    const refusal = refusalOf(error);
    const isForNow = !refusal || ['unauthenticated', 'tooMany', 'unavailable'].includes(refusal.kind);
    return isForNow ? 'later' : refusal;
  }
}

const takesBase = (path: string) => /\.(update|updateThis|move)$/.test(path) && !path.startsWith('conversation.');

/**
 * Takes a change back before it is sent. @returns whether it was still here
 */
export async function withdraw(key: string): Promise<boolean> {
  const change = waiting().find((each) => each.key === key);
  if (!change) return false;
  await outboxStore.delete(change.order);
  runTakeBack(key);
  await changed();
  void current?.deps.queries.invalidateQueries();
  return true;
}

/** Sends a refused change again, perhaps with other values and without what it was made upon, or drops it: a person has decided. */
export async function decide(change: WaitingChange, values: Record<string, unknown> | 'again' | null): Promise<void> {
  await outboxStore.delete(change.order);
  if (values) {
    const { order: _, refusal: __, base: ___, ...rest } = change;
    const input = values === 'again' ? change.input : withValues(change, values);
    await outboxStore.add({ ...rest, key: crypto.randomUUID(), at: Date.now(), input });
  }
  await changed();
  await replay();
  void current?.deps.queries.invalidateQueries();
}

function withValues({ path, input }: WaitingChange, values: Record<string, unknown>): unknown {
  const { stageId, ...others } = values;
  return path === 'deals.move'
    ? { ...(input as object), stageId, ...(Object.keys(others).length > 0 && { values: others }) }
    : { ...(input as object), values };
}
