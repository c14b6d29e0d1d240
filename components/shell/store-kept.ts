import type { QueryKey } from '@tanstack/react-query';
import type { Outputs } from './trpc';

/**
 * What this browser keeps, by router: all of its answers, the procedures named, or none. A new router does not compile
 * until it stands here. Kept is what people read again and again: records, lists, boards, what is said on them. Not
 * kept: who did what from where (audit, sessions, keys, jobs), what takes data out or brings it in, what was erased,
 * what is typed into a search, and answers that are the question of a moment.
 */
const kept: { [R in keyof Outputs]: boolean | readonly (keyof Outputs[R])[] } = {
  account: false,
  activities: true,
  apiKeys: false,
  archives: false,
  attachments: true,
  audit: false,
  bin: false,
  bulk: false,
  changes: ['timeline', 'history', 'recent'],
  companies: true,
  contacts: true,
  conversation: ['list', 'followers'],
  deals: true,
  duplicates: ['summary', 'rules'],
  exports: false,
  fields: ['list'],
  imports: false,
  jobs: false,
  layouts: true,
  live: false,
  members: ['list'],
  merges: false,
  notes: true,
  notifications: true,
  objects: false,
  pipelines: true,
  preferences: false,
  products: true,
  records: true,
  relations: true,
  reports: true,
  samples: true,
  search: ['recent'],
  tasks: true,
  teams: true,
  tenant: ['boot', 'checklist'],
  views: true,
};

/** Whether the answer to a query may lie on this device: `[['deals', 'list'], …]` is one of deals. */
export function isKept(key: QueryKey): boolean {
  const path = key[0];
  if (!Array.isArray(path)) return false;
  const [router, procedure]: unknown[] = path;
  if (typeof router !== 'string' || !Object.hasOwn(kept, router)) return false;
  const which: boolean | readonly PropertyKey[] = kept[router as keyof Outputs];
  return typeof which === 'boolean' ? which : which.some((name) => name === procedure);
}
