import { type Channel, openChannel } from '@/db/listen';
import { changedElsewhere, changesMissed } from '@/db/replica';
import type { TenantDb } from '@/db/tenant';
import type { ChangeOp } from '@/domain/changes';
import { afterCommit } from './after-commit';
import type { Log } from './log';
import { watchChanges } from './watchers';

/** One record's part of what was changed; `from` are those who had it before it went to somebody else. */
export type ChangedRecord = [object: string, id: string, op: ChangeOp, from?: string[]];

/** What one change set did in one transaction. */
export interface ChangeTold {
  kind: 'change';
  tenant: string;
  set: string;
  by: string;
  records: ChangedRecord[];
  /** Kinds of records of which too many were changed to name them. */
  many: string[];
}

/** Where a tab of a browser is now; without a place it has left. */
export interface HereTold {
  kind: 'here';
  tenant: string;
  member: string;
  /** The stream of its browser, and the tab; without a tab all of the stream's. */
  stream: string;
  tab?: string;
  place?: { object: string; id: string };
  /** Field that is being edited. */
  field?: string;
}

export type Told = ChangeTold | HereTold;

interface Listener {
  told(messages: readonly Told[]): void;
  /** Messages may have been lost. */
  missed(): void;
}

/** Above this many records of a change only their kinds are told: everything shown of them is asked afresh. */
export const namedAtMost = 40;
/** How long messages wait for others: an edit comes with what it entails. */
const gatherMs = 4;
/** Postgres takes less than 8000 bytes; names of kinds are the only texts, and those are short and plain. */
const payloadBytes = 7900;
/** While the database does not take messages no more than these are kept: whoever misses them asks. */
const waitingAtMost = 2000;

const listeners = new Set<Listener>();
let channel: Channel | undefined;
let waiting: Told[] = [];
let timer: NodeJS.Timeout | undefined;
let isSending = false;

/**
 * Tells every process of what was changed by any, after the commit and never within it: a NOTIFY in the transaction of a
 * change takes a lock that has all of them wait for each other (docs/decisions/0037-live.md). What is lost is not sent
 * again: clients ask what they missed (server/live/since.ts).
 * @param connectionString straight to Postgres: a pooler that hands out connections per transaction passes nothing on
 * @returns ends it
 */
export function startBus(connectionString: string, log: Pick<Log, 'warn'>): () => Promise<void> {
  let wasConnected = false;
  const mine = openChannel({
    connectionString,
    channel: 'guanxi_changes',
    onMessage: (payload) => deliver(payload),
    onState: (connected) => {
      if (!connected || !wasConnected) {
        wasConnected ||= connected;
        return;
      }
      changesMissed();
      for (const listener of listeners) listener.missed();
    },
    onProblem: ({ message }) => log.warn({ reason: message }, 'live changes lost their connection'),
  });
  channel = mine;
  return async () => {
    clearTimeout(timer);
    timer = undefined;
    if (channel === mine) channel = undefined;
    await mine.stop();
  };
}

/** Hears what every process tells, this one included. @returns ends it */
export function onTold(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Tells all processes, a few milliseconds from now. */
export function tell(message: Told): void {
  if (!channel || waiting.length >= waitingAtMost) return;
  waiting.push(message);
  timer ??= setTimeout(() => void send(), gatherMs).unref();
}

async function send(): Promise<void> {
  timer = undefined;
  if (isSending || waiting.length === 0) return;
  isSending = true;
  const messages = waiting;
  waiting = [];
  // Lost when it fails: the connection is made again, and those who hear of that ask what they missed.
  await channel?.send(packed(messages)).catch(() => {});
  isSending = false;
  if (waiting.length > 0) timer ??= setTimeout(() => void send(), gatherMs).unref();
}

/** As few payloads as hold all messages. */
function packed(messages: readonly Told[]): string[] {
  const payloads: string[] = [];
  let list: string[] = [];
  let bytes = 2;
  for (const message of messages) {
    const text = JSON.stringify(message);
    const size = Buffer.byteLength(text) + 1;
    if (bytes + size > payloadBytes && list.length > 0) {
      payloads.push(`[${list.join(',')}]`);
      [list, bytes] = [[], 2];
    }
    list.push(text);
    bytes += size;
  }
  if (list.length > 0) payloads.push(`[${list.join(',')}]`);
  return payloads;
}

function deliver(payload: string): void {
  // What the processes of this installation say to each other; only they have the right to write here.
  const messages = JSON.parse(payload) as Told[];
  for (const message of messages) if (message.kind === 'change') changedElsewhere(message.tenant);
  for (const listener of listeners) listener.told(messages);
}

const open = new WeakMap<TenantDb, Map<string, ChangeTold>>();

// Whoever makes a change tells of it, once its transaction is committed.
watchChanges(async (work, _verb, changes, changeSetId) => {
  if (changes.length === 0) return;
  let sets = open.get(work.db);
  if (!sets) {
    sets = new Map();
    open.set(work.db, sets);
    afterCommit(work.db, () => {
      for (const set of open.get(work.db)?.values() ?? []) tell(set);
      open.delete(work.db);
    });
  }
  const known = sets.get(changeSetId);
  const told = known ?? {
    kind: 'change',
    tenant: work.actor.tenantId,
    set: changeSetId,
    by: work.actor.memberId,
    records: [],
    many: [],
  };
  sets.set(changeSetId, told);
  const kinds = new Set(changes.map(({ object }) => object));
  if (told.records.length + changes.length > namedAtMost) {
    told.many = [...new Set([...told.many, ...told.records.map(([object]) => object), ...kinds])];
    told.records = [];
    return;
  }
  for (const { object, id, op, before, after } of changes) {
    const owner = work.types.find(object)?.owner;
    const from = owner && after && owner in after ? before?.[owner] : undefined;
    told.records.push(typeof from === 'string' ? [object, id, op, [from]] : [object, id, op]);
  }
});
