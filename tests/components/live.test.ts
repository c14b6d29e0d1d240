import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { createTRPCClient } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startLiveRecords } from '@/components/records/live-records';
import { type LiveNews, onLive, startLive } from '@/components/shell/live';
import type { AppRouter } from '@/server/router';

/** A stream as a browser has one, with the test at its other end. */
class FakeSource {
  static all: FakeSource[] = [];
  readonly url: string;
  isOpen = true;
  onerror: (() => void) | null = null;
  private readonly runs = new Map<string, (event: { data: string }) => void>();
  constructor(url: string) {
    this.url = url;
    FakeSource.all.push(this);
  }
  addEventListener(event: string, run: (event: { data: string }) => void): void {
    this.runs.set(event, run);
  }
  close(): void {
    this.isOpen = false;
  }
  say(event: string, data: unknown): void {
    this.runs.get(event)?.({ data: JSON.stringify(data) });
  }
}
const open = () => FakeSource.all.filter(({ isOpen }) => isOpen);
const opened = () => vi.waitFor(() => expect(open()).toHaveLength(1), { timeout: 10_000 });

let ends: (() => void)[] = [];
beforeEach(() => {
  FakeSource.all = [];
  vi.stubGlobal('EventSource', FakeSource);
  vi.stubGlobal('document', { visibilityState: 'visible', addEventListener() {}, removeEventListener() {} });
  vi.stubGlobal('fetch', async () => new Response());
});
afterEach(() => {
  for (const end of ends) end();
  ends = [];
  vi.unstubAllGlobals();
});

const news = (at: string, records: string[][]): object => ({
  at,
  sets: [{ id: `set ${at}`, by: 'colleague', records }],
  kinds: [],
  many: [],
});
const nothing = { at: 'now', all: false, records: [], kinds: [] };

describe('the stream of a browser', () => {
  const start = (since: (moment: string) => Promise<typeof nothing>) => {
    const end = startLive({ slug: 'tidewheel', since, onReach: () => {} });
    ends.push(end);
    return end;
  };

  it('is one for all tabs, and goes to another tab with its holder', async () => {
    const first = start(async () => nothing);
    await opened();
    start(async () => nothing);
    start(async () => nothing);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(FakeSource.all.map(({ url }) => url)).toEqual(['/api/live/tidewheel']);
    first();
    await vi.waitFor(() => expect(FakeSource.all).toHaveLength(2));
    expect(open()).toHaveLength(1);
  });

  it('asks what it missed while the connection was cut, from the last it was told', async () => {
    const heard: LiveNews[] = [];
    ends.push(onLive((each) => heard.push(each)));
    const since = vi.fn(async () => ({ ...nothing, at: 't3', records: [['deal', 'd2', 'update']] as never }));
    start(since);
    await opened();
    open()[0]?.say('hello', { at: 't1', stream: 's1' });
    expect(since).not.toHaveBeenCalled();
    open()[0]?.say('news', news('t2', [['deal', 'd1', 'update']]));
    open()[0]?.onerror?.();
    expect(open()).toEqual([]);
    await opened();
    open()[0]?.say('hello', { at: 't4', stream: 's2' });
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect(since.mock.calls).toEqual([['t2']]);
    expect(heard.map(({ records }) => records[0]?.id)).toEqual(['d1', 'd2']);
  });
});

describe('what a colleague did', () => {
  const key = [['companies', 'list'], { input: { limit: 50 }, type: 'query' }];
  const row = (id: string, name: string, version = 1) => ({ id, name, version, refs: {} });

  /** A screen with a list of two companies, and what the server is asked. */
  async function screen() {
    const asked: string[] = [];
    let listed = [row('c1', 'Old'), row('c2', 'Other')];
    const client = createTRPCClient<AppRouter>({
      links: [
        () =>
          ({ op }) =>
            observable((observer) => {
              asked.push(op.path);
              const { id } = op.input as { id?: string };
              const data = op.type === 'mutation' ? { changeSetId: 'mine' } : row(id ?? '', 'New', 2);
              observer.next({ result: { type: 'data', data } } as never);
              observer.complete();
            }),
      ],
    });
    const queries = new QueryClient();
    const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient: queries });
    const list = new QueryObserver(queries, {
      queryKey: key,
      queryFn: async () => {
        asked.push('list');
        return { rows: listed, next: null };
      },
      staleTime: 60_000,
    });
    // What the hook gives: the same proxy.
    ends.push(
      list.subscribe(() => {}),
      startLiveRecords({ queries, trpc: trpc as never }),
    );
    ends.push(startLive({ slug: 'tidewheel', since: async () => nothing, onReach: () => {} }));
    await opened();
    await vi.waitFor(() => expect(asked).toEqual(['list']));
    asked.length = 0;
    const names = () => list.getCurrentResult().data?.rows.map(({ name }) => name);
    return { asked, names, queries, trpc, source: open()[0], lists: (next: typeof listed) => (listed = next) };
  }

  it('is in its place in the list at once, and the list stays as it is', async () => {
    const { asked, names, source } = await screen();
    source?.say('news', news('t2', [['company', 'c1', 'update']]));
    await vi.waitFor(() => expect(names()).toEqual(['New', 'Other']));
    expect(asked).toEqual(['companies.get']);
    source?.say('news', news('t3', [['company', 'c2', 'gone']]));
    expect(names()).toEqual(['New']);
  });

  it('brings a new record into the lists, and asks for nothing that nobody looks at', async () => {
    const { asked, names, source, lists } = await screen();
    lists([row('c3', 'Made'), row('c1', 'Old')]);
    source?.say('news', news('t2', [['contact', 'p1', 'update']]));
    source?.say('news', news('t3', [['company', 'c3', 'create']]));
    await vi.waitFor(() => expect(names()).toEqual(['Made', 'Old']));
    expect(asked).toEqual(['list']);
  });

  it('is not asked for where this tab did it itself, and waits while a change of this person is on its way', async () => {
    const { asked, source, queries, names } = await screen();
    const { promise, resolve } = Promise.withResolvers<{ changeSetId: string }>();
    const mutation = queries.getMutationCache().build(queries, { mutationFn: () => promise });
    const done = mutation.execute(undefined);
    source?.say('news', {
      ...news('t2', [['company', 'c1', 'update']]),
      sets: [{ id: 'mine', by: 'me', records: [['company', 'c1', 'update']] }],
    });
    source?.say('news', news('t3', [['company', 'c2', 'update']]));
    expect(asked).toEqual([]);
    resolve({ changeSetId: 'mine' });
    await done;
    await vi.waitFor(() => expect(names()).toEqual(['Old', 'New']));
    expect(asked).toEqual(['companies.get']);
  });
});
