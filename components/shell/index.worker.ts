import { createTRPCClient, httpLink } from '@trpc/client';
import type { LocalGroup, LocalHit } from '@/domain/local-index';
import type { AppRouter } from '@/server/router';
import { IndexKeeper } from './index-keeper';
import { openIndexStore } from './index-store';

/** What the page asks of the worker; `id` names the question in its answer. */
export type Question =
  | { op: 'open'; slug: string; reach: string; origin: string }
  | { op: 'sync' }
  | { op: 'search'; id: number; q: string; limit: number; objects?: string[] }
  | { op: 'newest'; id: number; object: string; limit: number }
  | { op: 'byId'; id: number; ids: string[] };

/** `ready` is false while nothing is held yet; `complete` when every record the person may see is. */
export interface Told {
  id: number;
  ready: boolean;
  complete: boolean;
  groups: LocalGroup[];
  hits: LocalHit[];
}

let keeper: IndexKeeper | undefined;

self.onmessage = ({ data }: MessageEvent<Question>) => {
  switch (data.op) {
    case 'open':
      void open(data);
      return;
    case 'sync':
      // Refused or not answered: what is here stays, and the next turn asks again.
      keeper?.sync().catch(() => {});
      return;
    default:
      self.postMessage(answer(data));
  }
};

async function open({ slug, reach, origin }: Extract<Question, { op: 'open' }>): Promise<void> {
  const { search } = createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${origin}/api/trpc/${encodeURIComponent(slug)}` })],
  });
  const door = {
    start: () => search.mirrorStart.query(),
    page: (object: string, after: string | undefined) => search.mirrorPage.query({ object, after }),
    changes: (since: string) => search.mirrorChanges.query({ since }),
  };
  const store = await openIndexStore(slug).catch(() => null);
  keeper = new IndexKeeper({ slug, reach, door, store });
  await keeper.read().catch(() => {});
  // Of several tabs one writes, as long as it is there; then the next one does.
  const lead = () => keeper?.lead().then(forever, forever);
  const { locks } = navigator;
  if (!locks) return void lead();
  keeper.sync().catch(() => {});
  await locks.request(`guanxi.index.${slug}`, lead);
}

const forever = () => new Promise<never>(() => {});

function answer(question: Exclude<Question, { op: 'open' | 'sync' }>): Told {
  const { id } = question;
  const index = keeper?.index;
  const told = { id, ready: (index?.size ?? 0) > 0, complete: keeper?.complete ?? false };
  if (!index) return { ...told, groups: [], hits: [] };
  switch (question.op) {
    case 'search':
      return { ...told, groups: index.search(question.q, question.limit, question.objects), hits: [] };
    case 'newest':
      return { ...told, groups: [], hits: index.newest(question.object, question.limit) };
    case 'byId':
      return { ...told, groups: [], hits: index.byId(question.ids) };
  }
}
