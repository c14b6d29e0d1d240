'use client';

import type { Query, QueryClient, QueryKey } from '@tanstack/react-query';
import { readCookie } from './cookies';
import { refusalOf } from './errors';
import { onPurge, purge } from './purge';
import { deleteStore, type Entry, limits, type Owner, openStore, type Store } from './store';
import { isKept } from './store-kept';

/** The parts of `tenant.boot` that say to whom what lies here belongs. */
export interface Belongs {
  user: { id: string } | null;
  member: { id: string };
  reach: string;
  idleMinutes: number;
}

/** What the page paints with at once; the rest is read when a screen asks for it. */
const first = { entries: 160, size: 3_000_000 };
/** Of a list that somebody scrolled through, its first pages. */
const mostPages = 5;
/** Where storage is slow the page does not wait for it. */
const patienceMs = 700;
const writeEveryMs = 1000;
const seenEveryMs = 60_000;

/** This page's build; the page and its scripts come together. While developing there is none. */
export function ownBuild(): string {
  const { build = '' } = document.documentElement.dataset;
  return build && !build.startsWith('_') ? build : 'development';
}

interface Opened {
  store: Store;
  owner: Owner | undefined;
  entries: Entry[];
}

const opening = new Map<string, Promise<Opened | null>>();

/** Begins to open what lies here of a workspace, once; null where this browser keeps nothing. */
export function openKept(slug: string): Promise<Opened | null> {
  const known = opening.get(slug) ?? open(slug).catch(() => null);
  opening.set(slug, known);
  return known;
}

async function open(slug: string): Promise<Opened> {
  const store = await openStore(slug);
  const [owner, entries] = await Promise.all([store.owner(), store.entries()]);
  return { store, owner, entries };
}

/**
 * Whether what lies here may be shown before the server has said who is asking: the browser has the session it had
 * then, which cannot have ended by itself since, and the build is the one that wrote it.
 */
export function isTrusted(owner: Owner, now: number, session: string | undefined, build: string): boolean {
  const idle = now - owner.seen;
  return (
    owner.build === build &&
    owner.reach !== null &&
    session !== undefined &&
    owner.session === session &&
    idle >= 0 &&
    idle < owner.idleMinutes * 60_000
  );
}

/** The cookie that tells which session this browser has, without opening anything. */
export const sessionMark = () => readCookie('guanxi.mark');

export interface Keeper {
  /** Settles when what can be painted at once is in the cache; never fails. */
  ready: Promise<void>;
  /** Writes what is still to be written. */
  flush: () => Promise<void>;
  /** Ends the keeping, for tests. */
  stop: () => void;
}

/**
 * Keeps a query cache's answers in this browser and puts them back at the next visit: first those used last, the others
 * when they are asked for. What comes back is marked as out of date, so that whatever is shown is asked for again.
 * Nothing is written before the server has said who is here (`tenant.boot`), and what belongs to somebody else, or to
 * other rights, is removed then.
 */
export function keepQueries(client: QueryClient, slug: string, now: () => number = Date.now): Keeper {
  const cache = client.getQueryCache();
  const entries = new Map<string, Entry>();
  const changed = new Set<string>();
  const shown = new Map<string, number>();
  const refused = new Set<string>();
  let store: Store | null = null;
  let owner: Owner | undefined;
  let mayShow = false;
  let mayWrite = false;
  let restoring = false;
  let answeredAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const opened = openKept(slug).then(async (found) => {
    if (!found) return;
    ({ store, owner } = found);
    for (const entry of found.entries) entries.set(entry.hash, entry);
    mayShow = owner !== undefined && isTrusted(owner, now(), sessionMark(), ownBuild());
    // What cannot be read is not there.
    if (mayShow) await restoreFirst().catch(() => found.store.clear());
  });
  const ready = Promise.race([
    opened.catch(() => {}),
    new Promise<void>((resolve) => {
      setTimeout(resolve, patienceMs);
    }),
  ]);

  const before = client.getDefaultOptions();
  client.setDefaultOptions({
    ...before,
    queries: {
      ...before.queries,
      // Off line the first attempt is made all the same: it is what looks here.
      networkMode: 'offlineFirst',
      persister: async (ask, context, query) => {
        if (query.state.data === undefined && isKept(query.queryKey)) await recall(query).catch(() => {});
        return ask(context);
      },
    },
  });

  const unsubscribe = cache.subscribe((event) => {
    const { query } = event;
    if (restoring || !isKept(query.queryKey)) return;
    if (event.type === 'observerAdded') shown.set(query.queryHash, now());
    else if (event.type === 'updated' && event.action.type === 'success') {
      changed.add(query.queryHash);
      if (!event.action.manual) answeredAt = now();
      if (isBoot(query.queryKey) && !event.action.manual) void confirm(query.state.data as Belongs).catch(() => {});
    } else if (event.type === 'updated' && event.action.type === 'error' && isRefused(event.action.error)) {
      changed.delete(query.queryHash);
      refused.add(query.queryHash);
    } else return;
    timer ??= setTimeout(() => void flush().catch(() => {}), writeEveryMs);
  });
  const unregister = onPurge(async (order) => {
    if (order.slug !== null && order.slug !== slug) return;
    changed.clear();
    shown.clear();
    refused.clear();
    entries.clear();
    mayShow = mayWrite = false;
    if (order.slug === null) {
      store?.close();
      store = null;
      owner = undefined;
      await deleteStore();
    } else {
      await store?.clear();
      owner = undefined;
    }
    if (order.reason === 'reach') forgetInMemory();
  });
  // The page may be thrown away without another word.
  const hidden = () => document.visibilityState === 'hidden' && void flush().catch(() => {});
  document.addEventListener('visibilitychange', hidden);

  return {
    ready,
    flush,
    stop: () => {
      unsubscribe();
      unregister();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', hidden);
      opening.delete(slug);
      store?.close();
    },
  };

  async function restoreFirst(): Promise<void> {
    let size = 0;
    const wanted = [...entries.values()]
      .sort((a, b) => Number(isBoot(keyOf(b.hash))) - Number(isBoot(keyOf(a.hash))) || b.used - a.used)
      .slice(0, first.entries)
      .filter((entry) => {
        size += entry.size;
        return size <= first.size;
      });
    const texts = await store?.texts(wanted.map(({ hash }) => hash));
    for (const [i, entry] of wanted.entries()) {
      const text = texts?.[i];
      if (text !== undefined) put(entry, text, client.getQueryCache().get(entry.hash));
    }
  }

  async function recall(query: Query): Promise<void> {
    await ready;
    const entry = entries.get(query.queryHash);
    if (!mayShow || !entry || !store) return;
    const [text] = await store.texts([query.queryHash]);
    if (text !== undefined && mayShow) put(entry, text, query);
  }

  function put(entry: Entry, text: string, query: Query | undefined): void {
    if (query?.state.data !== undefined) return;
    restoring = true;
    try {
      const data: unknown = JSON.parse(text);
      if (query) query.setData(data, { updatedAt: entry.at, manual: true });
      else client.setQueryData(keyOf(entry.hash), data, { updatedAt: entry.at });
      cache.get(entry.hash)?.invalidate();
    } finally {
      restoring = false;
    }
  }

  async function confirm(boot: Belongs): Promise<void> {
    const session = sessionMark() ?? null;
    await opened;
    const { user, member, reach } = boot;
    if (!store || !user) return;
    const build = ownBuild();
    if (owner && owner.userId !== user.id) {
      await purge('person', slug);
      // Whatever this page shows may be the other person's.
      return window.location.reload();
    }
    if (owner && owner.memberId !== member.id) await purge('removed', slug);
    else if (owner?.reach && owner.reach !== reach) await purge('reach', slug);
    else if (owner && owner.build !== build) {
      entries.clear();
      await store.clear();
    }
    owner = {
      slug,
      userId: user.id,
      memberId: member.id,
      reach,
      session,
      build,
      seen: now(),
      idleMinutes: boot.idleMinutes,
    };
    await store.setOwner(owner);
    mayShow = mayWrite = true;
  }

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (!mayWrite || !store || !owner) return;
    const session = sessionMark() ?? null;
    if (session !== owner.session) {
      // Somebody has signed in elsewhere in this browser: who it is comes first.
      mayWrite = false;
      void client.invalidateQueries({ predicate: ({ queryKey }) => isBoot(queryKey) });
      return;
    }
    if (answeredAt - owner.seen > seenEveryMs) {
      owner = { ...owner, seen: answeredAt };
      await store.setOwner(owner);
    }
    const rows: (Entry & { text?: string })[] = [];
    for (const hash of changed) {
      const state = cache.get(hash)?.state;
      const text = state?.data === undefined ? undefined : JSON.stringify(shortened(state.data));
      if (!state || text === undefined || text.length > limits.answer) continue;
      rows.push({ slug, hash, at: state.dataUpdatedAt, used: now(), size: text.length, text });
    }
    for (const [hash, used] of shown) {
      const entry = entries.get(hash);
      if (entry && !changed.has(hash)) rows.push({ ...entry, used });
    }
    changed.clear();
    shown.clear();
    for (const { text: _text, ...entry } of rows) entries.set(entry.hash, entry);
    const gone = [...refused].filter((hash) => entries.delete(hash));
    refused.clear();
    if (gone.length > 0) await store.delete(gone);
    if (rows.length > 0) await store.write(rows, now());
  }

  /** What is on the screen is asked for again with the new rights; the frame stays, and with it what is being typed. */
  function forgetInMemory(): void {
    const isFrame = ({ queryKey }: Query) => isBoot(queryKey);
    client.removeQueries({ type: 'inactive', predicate: (query) => !isFrame(query) });
    void client.resetQueries({ type: 'active', predicate: (query) => !isFrame(query) });
    void client.invalidateQueries({ predicate: isFrame });
  }
}

/** The server's word that it is not there for this person; that it could not be asked says nothing. */
function isRefused(error: unknown): boolean {
  const kind = refusalOf(error)?.kind;
  return kind === 'notFound' || kind === 'forbidden';
}

/** TanStack's hash of a key is the key as JSON. */
const keyOf = (hash: string): QueryKey => JSON.parse(hash) as QueryKey;

export function isBoot(key: QueryKey): boolean {
  const path = key[0];
  return Array.isArray(path) && path[0] === 'tenant' && path[1] === 'boot';
}

/** The beginning of a list that is read page by page. */
function shortened(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || !('pages' in data) || !('pageParams' in data)) return data;
  const { pages, pageParams } = data;
  if (!Array.isArray(pages) || !Array.isArray(pageParams)) return data;
  return { pages: pages.slice(0, mostPages), pageParams: pageParams.slice(0, mostPages) };
}
