import 'fake-indexeddb/auto';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onPurge, type Purge, purge } from '@/components/shell/purge';
import { deleteStore, limits, openStore } from '@/components/shell/store';
import { isTrusted, type Keeper, keepQueries, openKept } from '@/components/shell/store-queries';

const slug = 'acme';
const boot = { user: { id: 'u1' }, member: { id: 'm1' }, reach: 'r1', idleMinutes: 720 };
const bootKey = [['tenant', 'boot'], { type: 'query' }];
const dealsKey = [['deals', 'list'], { input: { limit: 50 }, type: 'infinite' }];
const recordKey = [['contacts', 'get'], { input: { id: 'c1' }, type: 'query' }];
const auditKey = [['audit', 'list'], { type: 'query' }];
const page = (n: number) => ({ rows: [{ id: `d${n}`, name: `Deal ${n}` }] });

let now = 0;
const keepers: Keeper[] = [];
const page0 = { cookie: 'guanxi.mark=s1', build: 'b1' };

beforeEach(() => {
  now = Date.parse('2026-11-24T09:00:00Z');
  Object.assign(page0, { cookie: 'guanxi.mark=s1', build: 'b1' });
  vi.stubGlobal('document', {
    get cookie() {
      return page0.cookie;
    },
    documentElement: {
      dataset: {
        get build() {
          return page0.build;
        },
      },
    },
    addEventListener: () => {},
    removeEventListener: () => {},
    visibilityState: 'visible',
  });
});
afterEach(async () => {
  for (const keeper of keepers.splice(0)) keeper.stop();
  vi.unstubAllGlobals();
  await deleteStore();
});

/** One load of the page: a cache of its own over what the browser keeps. */
async function visit() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 30_000 } } });
  const keeper = keepQueries(client, slug, () => now);
  keepers.push(keeper);
  await keeper.ready;
  const ask = (key: readonly unknown[], answer: unknown) =>
    client.fetchQuery({ queryKey: key, queryFn: () => answer, staleTime: 0 });
  const leave = async () => {
    await keeper.flush();
    keeper.stop();
    client.clear();
  };
  return { client, keeper, ask, leave };
}

/** A first visit that leaves a list, a record and an audit page behind. */
async function firstVisit(who = boot) {
  const { client, ask, leave } = await visit();
  await ask(bootKey, who);
  client.setQueryData(dealsKey, { pages: [1, 2, 3, 4, 5, 6, 7].map(page), pageParams: [null, 1, 2, 3, 4, 5, 6] });
  await ask(recordKey, { id: 'c1', name: '何嘉树' });
  await ask(auditKey, { rows: ['secret'] });
  await vi.waitFor(async () => expect(await (await openKept(slug))?.store.owner()).toBeTruthy());
  await leave();
}

describe('a second visit', () => {
  it('has at once what the first one saw, marked as out of date, and nothing that must not lie on a disk', async () => {
    await firstVisit();
    const { client } = await visit();
    expect(client.getQueryData(bootKey)).toEqual(boot);
    expect(client.getQueryData(recordKey)).toEqual({ id: 'c1', name: '何嘉树' });
    expect(client.getQueryState(recordKey)?.isInvalidated).toBe(true);
    // Of a long list its beginning.
    expect(client.getQueryData<{ pages: unknown[] }>(dealsKey)?.pages).toHaveLength(5);
    expect(client.getQueryData(auditKey)).toBeUndefined();
    expect(JSON.stringify(await allTexts())).not.toContain('secret');
  });

  it('finds what it did not paint with when a screen asks for it, before the server answers', async () => {
    await firstVisit();
    const { client } = await visit();
    client.removeQueries({ queryKey: recordKey });
    let answer = (_: unknown) => {};
    const observer = new QueryObserver(client, {
      queryKey: recordKey,
      queryFn: () => new Promise((resolve) => (answer = resolve)),
    });
    const end = observer.subscribe(() => {});
    await vi.waitFor(() => expect(observer.getCurrentResult().data).toEqual({ id: 'c1', name: '何嘉树' }));
    expect(observer.getCurrentResult().isFetching).toBe(true);
    answer({ id: 'c1', name: '何嘉' });
    await vi.waitFor(() => expect(observer.getCurrentResult().data).toEqual({ id: 'c1', name: '何嘉' }));
    end();
  });

  it.each([
    ['another session', () => Object.assign(page0, { cookie: 'guanxi.mark=s2' })],
    ['no session', () => Object.assign(page0, { cookie: '' })],
    ['another build', () => Object.assign(page0, { build: 'b2' })],
    ['a session that has ended by itself', () => (now += 721 * 60_000)],
  ])('shows nothing with %s until the server has said who is there', async (_, change) => {
    await firstVisit();
    change();
    const { client } = await visit();
    expect(client.getQueryCache().getAll()).toEqual([]);
  });

  it('has it again once the server says it is the same person in a new session', async () => {
    await firstVisit();
    page0.cookie = 'guanxi.mark=s2';
    const { client, ask } = await visit();
    await ask(bootKey, boot);
    await vi.waitFor(async () => {
      client.removeQueries({ queryKey: recordKey });
      const observer = new QueryObserver(client, { queryKey: recordKey, queryFn: () => new Promise(() => {}) });
      const end = observer.subscribe(() => {});
      await new Promise((resolve) => setTimeout(resolve, 20));
      end();
      expect(observer.getCurrentResult().data).toEqual({ id: 'c1', name: '何嘉树' });
    });
  });
});

describe('what belongs to others', () => {
  it('is removed, all of it, when another person is there', async () => {
    await firstVisit();
    const reload = vi.fn();
    vi.stubGlobal('window', { location: { reload } });
    page0.cookie = 'guanxi.mark=s2';
    const { ask } = await visit();
    await ask(bootKey, { ...boot, user: { id: 'u2' }, member: { id: 'm2' } });
    await vi.waitFor(() => expect(reload).toHaveBeenCalled());
    expect(await allTexts()).toEqual([]);
  });

  it('is removed on the disk and in the page when one may see less', async () => {
    await firstVisit();
    const orders: Purge[] = [];
    const end = onPurge((order) => void orders.push(order));
    const { client, ask } = await visit();
    expect(client.getQueryData(recordKey)).toBeDefined();
    await ask(bootKey, { ...boot, reach: 'r2' });
    await vi.waitFor(() => expect(client.getQueryData(recordKey)).toBeUndefined());
    expect(orders).toEqual([{ reason: 'reach', slug }]);
    expect(client.getQueryData(bootKey)).toMatchObject({ reach: 'r2' });
    expect(JSON.stringify(await allTexts())).not.toContain('何嘉树');
    end();
  });

  it('is removed when the server says that it is not there for this person, not when it cannot be asked', async () => {
    await firstVisit();
    now += 1000;
    const { client, keeper, ask } = await visit();
    await ask(bootKey, boot);
    await vi.waitFor(async () => expect((await (await openKept(slug))?.store.owner())?.seen).toBe(now));
    const fail = (error: unknown) =>
      client.fetchQuery({ queryKey: recordKey, queryFn: () => Promise.reject(error), staleTime: 0 }).catch(() => {});
    await fail(new TypeError('Failed to fetch'));
    await keeper.flush();
    expect(JSON.stringify(await allTexts())).toContain('何嘉树');
    await fail({ data: { refusal: { kind: 'notFound', code: 'notFound' } } });
    await keeper.flush();
    expect(JSON.stringify(await allTexts())).not.toContain('何嘉树');
  });

  it('leaves no database behind at sign-out, and none comes back from what the page still holds', async () => {
    await firstVisit();
    const { client, keeper, ask } = await visit();
    await ask(bootKey, boot);
    await purge('signOut', slug);
    client.setQueryData(recordKey, { id: 'c1', name: 'late' });
    await keeper.flush();
    expect(await indexedDB.databases()).toEqual([]);
  });

  it('is not written once somebody else has signed in in another tab, until the server has said who', async () => {
    await firstVisit();
    now += 1000;
    const { client, keeper, ask } = await visit();
    await ask(bootKey, boot);
    await vi.waitFor(async () => expect((await (await openKept(slug))?.store.owner())?.seen).toBe(now));
    page0.cookie = 'guanxi.mark=s2';
    await ask(recordKey, { id: 'c1', name: 'of somebody else' });
    await keeper.flush();
    expect(JSON.stringify(await allTexts())).not.toContain('of somebody else');
    expect(client.getQueryState(bootKey)?.isInvalidated).toBe(true);
  });

  it('is not shown for longer than the session could last', () => {
    const owner = {
      slug,
      userId: 'u1',
      memberId: 'm1',
      reach: 'r1',
      session: 's1',
      build: 'b1',
      seen: now,
      idleMinutes: 15,
    };
    expect(isTrusted(owner, now + 14 * 60_000, 's1', 'b1')).toBe(true);
    expect(isTrusted(owner, now + 15 * 60_000, 's1', 'b1')).toBe(false);
    // A clock that was set back says nothing about how long it has been.
    expect(isTrusted(owner, now - 1, 's1', 'b1')).toBe(false);
    expect(isTrusted({ ...owner, reach: null }, now, 's1', 'b1')).toBe(false);
  });
});

describe('what is kept', () => {
  it('is bounded: what was used longest ago goes first, and what is too old', async () => {
    const store = await openStore(slug);
    const entry = (i: number, at = now) => ({ slug, hash: `h${i}`, at, used: now + i, size: 1, text: 'x' });
    await store.write(
      Array.from({ length: limits.entries + 10 }, (_, i) => entry(i)),
      now,
    );
    const kept = (await store.entries()).map(({ hash }) => hash);
    expect(kept).toHaveLength(limits.entries);
    expect(kept).not.toContain('h9');
    expect(kept).toContain('h10');
    await store.write([entry(1000, now - (limits.days + 1) * 86_400_000)], now);
    expect((await store.entries()).map(({ hash }) => hash)).not.toContain('h1000');
    await store.write([{ ...entry(2000), size: limits.size - 5 }], now);
    expect(await store.entries()).toHaveLength(6);
    store.close();
  });

  it('costs nothing but the memory where the browser keeps nothing', async () => {
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('', 'SecurityError');
      },
    });
    const { client, ask, leave } = await visit();
    await ask(bootKey, boot);
    expect(client.getQueryData(bootKey)).toEqual(boot);
    await leave();
  });
});

async function allTexts(): Promise<unknown[]> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('guanxi');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  try {
    if (!db.objectStoreNames.contains('answer')) return [];
    return await new Promise((resolve) => {
      const request = db.transaction('answer').objectStore('answer').getAll();
      request.onsuccess = () => resolve(request.result);
    });
  } finally {
    db.close();
  }
}
