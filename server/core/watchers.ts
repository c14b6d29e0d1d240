import type { ChangeOp, Verb } from '@/domain/changes';
import type { RecordValues } from './record-types';
import type { Work } from './work';

/** One record's part of what `apply` has just written. */
export interface Watched {
  object: string;
  id: string;
  op: ChangeOp;
  before: RecordValues | null;
  after: RecordValues | null;
}

type Watcher = (work: Work, verb: Verb, changes: readonly Watched[], changeSetId: string) => Promise<void>;

const watchers: Watcher[] = [];

/** Has a domain told of every change, in the transaction that makes it; called once per domain, at import. */
export function watchChanges(watcher: Watcher): void {
  watchers.push(watcher);
}

/** Tells whoever watches. What they throw rolls the change back. */
export async function tellWatchers(...told: Parameters<Watcher>): Promise<void> {
  for (const watcher of watchers) await watcher(...told);
}
