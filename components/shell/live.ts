'use client';

import { connection } from './connection';

/** One record's part of what was changed; `gone`: it is no longer this person's to see. */
export interface LiveRecord {
  object: string;
  id: string;
  op: 'create' | 'update' | 'delete' | 'gone';
  /** The change set and who made it, where that is known. */
  set?: string;
  by?: string;
}

/** What colleagues did, or this person elsewhere, as far as this person may see it. */
export interface LiveNews {
  /** The server's moment. */
  at: string;
  /** Too much to say: whatever is shown is to be asked afresh. */
  all: boolean;
  records: LiveRecord[];
  /** What else was changed, by its kind alone: configuration, comments, links. */
  kinds: string[];
  /** Kinds of records of which too many were changed to name them. */
  many: string[];
}

/** Somebody who looks at the same record. */
export interface Present {
  member: string;
  tab: string;
  field?: string;
}

interface Missed {
  at: string;
  all: boolean;
  records: readonly (readonly [object: string, id: string, op: LiveRecord['op']])[];
  kinds: string[];
}

interface Deps {
  slug: string;
  /** Asks what was missed since a moment. */
  since: (moment: string) => Promise<Missed>;
  /** What this person may see is something else from now on. */
  onReach: () => void;
}

/** What the tab that listens tells the others. */
type Word =
  | { type: 'hello'; stream: string; at: string }
  | { type: 'beat'; at: string }
  | { type: 'news'; news: LiveNews }
  | { type: 'presence'; key: string; people: Present[] }
  | { type: 'lost' }
  | { type: 'reach' }
  | { type: 'who' };

type Sets = { id: string; by: string; records: [string, string, LiveRecord['op']][] }[];

const listeners = new Set<(news: LiveNews) => void>();
const watchers = new Set<() => void>();
const present = new Map<string, Present[]>();
/** By which the server tells the tabs of a person apart. */
const tab = crypto.randomUUID();
let stream: string | null = null;
/** Where this tab is: the last of them, which covers those before it. */
const places: { slug: string; object: string; id: string; field?: string }[] = [];

/** The server says every 20 seconds that it is there. */
const silentMs = 50_000;
const longestMs = 30_000;
const hereEveryMs = 20_000;

/** Told of everything that was changed, in every tab; missed news come when the connection is back. @returns ends it */
export function onLive(run: (news: LiveNews) => void): () => void {
  listeners.add(run);
  return () => {
    listeners.delete(run);
  };
}

/** Who else looks at what this tab looks at, and where this tab says it is. */
export const presence = {
  at: (object: string, id: string): readonly Present[] => present.get(keyOf(object, id)) ?? nobody,
  subscribe(watcher: () => void): () => void {
    watchers.add(watcher);
    return () => {
      watchers.delete(watcher);
    };
  },
  /** Says where this tab is. @returns leaves again */
  enter(slug: string, object: string, id: string): () => void {
    const mine = { slug, object, id };
    places.push(mine);
    say();
    return () => {
      const wasLast = places.at(-1) === mine;
      places.splice(places.indexOf(mine), 1);
      present.delete(keyOf(object, id));
      if (wasLast) say(mine);
    };
  },
  /** Says which field is being edited there, or none. */
  edit(field: string | undefined): void {
    const here = places.at(-1);
    if (!here || here.field === field) return;
    here.field = field;
    say();
  },
  /** This tab among those who are somewhere. */
  tab,
};
const nobody: readonly Present[] = [];

const keyOf = (object: string, id: string) => `${object} ${id}`;

/** Says where this tab is, or that it is nowhere any more. @param left where it was until now */
function say(left?: { slug: string }): void {
  const here = places.at(-1);
  const slug = here?.slug ?? left?.slug;
  if (!slug || !stream) return;
  const place = here && { object: here.object, id: here.id };
  const body = JSON.stringify({ stream, tab, place, field: here?.field });
  const headers = { 'content-type': 'application/json' };
  // Nobody misses it: it is said again soon.
  fetch(`/api/live/${encodeURIComponent(slug)}/here`, { method: 'POST', headers, body, keepalive: true }).catch(
    () => {},
  );
}

/**
 * Listens for what colleagues do. One tab of a browser holds the stream and tells the others: browsers open six connections
 * to a server at most. When that tab goes, another takes over and asks what came in between.
 * @returns ends it
 */
export function startLive(deps: Deps): () => void {
  if (typeof EventSource === 'undefined' || typeof BroadcastChannel === 'undefined' || !navigator.locks)
    return () => {};
  const live = new Live(deps);
  return () => live.stop();
}

class Live {
  private readonly deps: Deps;
  private readonly name: string;
  private readonly channel: BroadcastChannel;
  private readonly ending = new AbortController();
  private source: EventSource | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  /** Resigns, for the tab that holds the stream. */
  private resign: (() => void) | undefined;
  private failures = 0;
  /** The server's moment up to which everything was told, and when that was by this browser's clock. */
  private toldTo: string | undefined;
  private heardAt = Date.now();
  /** From where on something may have been missed. */
  private gap: string | undefined;

  constructor(deps: Deps) {
    this.deps = deps;
    this.name = `guanxi.live.${deps.slug}`;
    this.channel = new BroadcastChannel(this.name);
    this.channel.onmessage = ({ data }: MessageEvent<Word>) => this.take(data);
    this.channel.postMessage({ type: 'who' } satisfies Word);
    void this.stand(false);
    const watch = setInterval(() => this.watch(), 10_000);
    const here = setInterval(() => document.visibilityState === 'visible' && say(), hereEveryMs);
    const seen = () => {
      if (document.visibilityState !== 'visible') return;
      this.watch();
      say();
    };
    document.addEventListener('visibilitychange', seen);
    const unsubscribe = connection.subscribe(() => connection.state() === 'up' && this.resign && this.open());
    this.ending.signal.addEventListener('abort', () => {
      clearInterval(watch);
      clearInterval(here);
      document.removeEventListener('visibilitychange', seen);
      unsubscribe();
      this.resign?.();
      this.channel.close();
    });
  }

  stop(): void {
    this.ending.abort();
  }

  /** Waits until no other tab holds the stream, or takes it from one that has fallen asleep. */
  private async stand(steal: boolean): Promise<void> {
    const hold = () =>
      new Promise<void>((resolve) => {
        this.resign = resolve;
        this.open();
      });
    try {
      // A lock that is taken away is none that can be waited for with a signal.
      await navigator.locks.request(this.name, steal ? { steal } : { signal: this.ending.signal }, hold);
    } catch {
      // Taken over by another tab, or over.
    }
    this.close();
    this.resign = undefined;
    if (!this.ending.signal.aborted) void this.stand(false);
  }

  private open(): void {
    this.close();
    const source = new EventSource(`/api/live/${encodeURIComponent(this.deps.slug)}`);
    this.source = source;
    const on = <T>(event: string, run: (data: T) => void) =>
      source.addEventListener(event, ({ data }: MessageEvent<string>) => {
        // What the server sends under this name, as server/live/streams.ts has it.
        if (this.source === source) run(JSON.parse(data) as T);
      });
    on<{ at: string; stream: string }>('hello', (hello) => {
      this.failures = 0;
      connection.set('up');
      const from = this.toldTo;
      this.pass({ type: 'hello', ...hello });
      if (from) void this.catchUp(from);
    });
    on<{ at: string; sets: Sets; kinds: string[]; many: string[] }>('news', ({ at, sets, kinds, many }) => {
      const records = sets.flatMap(({ id: set, by, records: list }) =>
        list.map(([object, id, op]): LiveRecord => ({ object, id, op, set, by })),
      );
      this.pass({ type: 'news', news: { at, all: false, records, kinds, many } });
    });
    on<{ at: string }>('beat', ({ at }) => this.pass({ type: 'beat', at }));
    on<object>('missed', () => void this.catchUp(this.toldTo));
    on<{ object: string; id: string; people: Present[] }>('presence', ({ object, id, people }) =>
      this.pass({ type: 'presence', key: keyOf(object, id), people }),
    );
    on<object>('reach', () => this.pass({ type: 'reach' }));
    on<{ reason: string }>('end', ({ reason }) => {
      this.lose();
      // Whoever has no session any more is led to sign in by the answer to this; whoever is out, out.
      if (reason === 'moved') this.later();
      else if (reason === 'removed') this.pass({ type: 'reach' });
      else void this.catchUp(this.toldTo ?? new Date().toISOString());
    });
    source.onerror = () => {
      if (this.source !== source) return;
      this.lose();
      this.failures++;
      this.later();
      void fetch('/livez', { cache: 'no-store' }).catch(() => connection.set('down'));
    };
  }

  private close(): void {
    clearTimeout(this.retry);
    this.source?.close();
    this.source = undefined;
  }

  private lose(): void {
    this.close();
    this.pass({ type: 'lost' });
  }

  /** Never all browsers at once. */
  private later(): void {
    const wait = Math.min(longestMs, 1000 * 2 ** this.failures) * (0.5 + Math.random() / 2);
    this.retry = setTimeout(() => this.resign && this.open(), wait);
  }

  private async catchUp(asked: string | undefined): Promise<void> {
    const from = this.gap ?? asked;
    if (!from) return;
    this.gap = from;
    try {
      const { at, all, records, kinds } = await this.deps.since(from);
      this.gap = undefined;
      const list = records.map(([object, id, op]): LiveRecord => ({ object, id, op }));
      if (all || list.length + kinds.length > 0)
        this.pass({ type: 'news', news: { at, all, records: list, kinds, many: [] } });
    } catch {
      // Still unknown: asked again from there when the stream stands anew, or in a while.
      setTimeout(() => this.gap && this.source && this.catchUp(from), longestMs / 2);
    }
  }

  /** Says it to this tab and to the others. */
  private pass(word: Word): void {
    this.channel.postMessage(word);
    this.take(word);
  }

  private take(word: Word): void {
    if (word.type === 'who') {
      if (this.resign && stream && this.toldTo) this.channel.postMessage({ type: 'hello', stream, at: this.toldTo });
      return;
    }
    if (word.type === 'lost') {
      stream = null;
      present.clear();
      tellWatchers();
      return;
    }
    this.heardAt = Date.now();
    if (word.type === 'reach') {
      this.deps.onReach();
      // Whether one may be where one is, is asked anew.
      say();
      return;
    }
    if (word.type === 'presence') {
      present.set(word.key, word.people);
      tellWatchers();
      return;
    }
    if (word.type === 'news') for (const listener of listeners) listener(word.news);
    this.toldTo = word.type === 'news' ? word.news.at : word.at;
    if (word.type === 'hello' && word.stream !== stream) {
      stream = word.stream;
      say();
    }
  }

  /** A connection that says nothing is none; a tab that has fallen asleep tells nobody. */
  private watch(): void {
    if (document.visibilityState !== 'visible' || connection.state() === 'down') return;
    if (Date.now() - this.heardAt < silentMs) return;
    this.heardAt = Date.now();
    if (this.resign) this.open();
    else void this.stand(true);
  }
}

function tellWatchers(): void {
  for (const watcher of watchers) watcher();
}
