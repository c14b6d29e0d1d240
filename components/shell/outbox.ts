'use client';

import type { TRPCClientError, TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { useSyncExternalStore } from 'react';
import { type Queued, queued, queuedAnswer, queuedKey } from '@/domain/queued';
import type { AppRouter } from '@/server/router';
import { connection } from './connection';
import { refusalOf } from './errors';
import type { WaitingChange } from './outbox-store';

/**
 * Changes that find no server wait here, in the order in which they were made, and are sent when there is one again. They
 * are kept in this browser (outbox-store.ts) and carry a key each, so that one whose answer was lost is not carried out
 * twice. One tab sends for all (outbox-replay.ts). Why so: docs/decisions/0036-a-queue-of-changes.md.
 */
export interface Outbox {
  slug: string;
  userId: string;
  /** Keeps a change; fulfilled when it is kept. */
  keep: (change: Omit<WaitingChange, 'order' | 'slug' | 'userId'>) => Promise<void>;
}

let box: Outbox | undefined;
let changes: readonly WaitingChange[] = [];
let pending: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();
const takeBacks = new Map<string, () => void>();
const bases = new WeakMap<object, Record<string, unknown>>();

/** From here on changes may wait: who they belong to, and who keeps them. */
export function openOutbox(next: Outbox | undefined): void {
  box = next;
}

/** Tells what waits now. */
export function setWaiting(next: readonly WaitingChange[]): void {
  changes = next;
  pending = new Set(next.flatMap(({ path, input, refusal }) => (refusal ? [] : (queued(path, input)?.ids ?? []))));
  const kept = new Set(next.map(({ key }) => key));
  for (const key of takeBacks.keys()) if (!kept.has(key)) takeBacks.delete(key);
  for (const listener of listeners) listener();
}

export const waiting = (): readonly WaitingChange[] => changes;

export function onWaiting(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

const none: readonly WaitingChange[] = [];

/** Everything that waits or was refused, in order. */
export const useWaiting = (): readonly WaitingChange[] => useSyncExternalStore(onWaiting, waiting, () => none);

let going: (() => void) | null = null;

/** Leaves for good, which removes what waits: asks first when there is any. */
export function leaveOutbox(go: () => void): void {
  if (changes.length === 0) go();
  else {
    going = go;
    for (const listener of listeners) listener();
  }
}

/** What somebody was about to do that would remove what waits; null when nobody is. */
export const useLeaving = (): (() => void) | null =>
  useSyncExternalStore(
    onWaiting,
    () => going,
    () => null,
  );

export function stay(): void {
  going = null;
  for (const listener of listeners) listener();
}

/** Whether a change of this record waits to be sent. */
export const useIsWaiting = (id: string): boolean =>
  useSyncExternalStore(
    onWaiting,
    () => pending.has(id),
    () => false,
  );

/** Says what fields were before a change: `values` or the input itself, as the procedure will be given it. */
export function noteBase(input: object, base: Record<string, unknown>): void {
  bases.set(input, base);
}

/** Says how a change that waits is taken back on the screen. */
export function noteTakeBack(changeSetId: string, takeBack: () => void): void {
  const key = queuedKey(changeSetId);
  if (key) takeBacks.set(key, takeBack);
}

/** Takes a change's look back; its place in the queue is outbox-replay's. */
export function runTakeBack(key: string): void {
  takeBacks.get(key)?.();
  takeBacks.delete(key);
}

const tails = new Map<string, Promise<void>>();

/**
 * What a change goes through before it is sent: it gets a key; it waits for an earlier one of the same record, so that two
 * edits of a field end as they were made; without a server it is kept, and answered as if it had been carried out.
 */
export const outboxLink: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    observable((observer) => {
      const mine = box;
      const about = op.type === 'mutation' && !op.context.idempotencyKey ? queued(op.path, op.input) : null;
      if (!mine || !about) return next(op).subscribe(observer);
      let sent: { unsubscribe: () => void } | undefined;
      let closed = false;
      const key = crypto.randomUUID();
      const { after, done } = takeTurn(about);
      const keep = () => {
        const change = { key, path: op.path, input: op.input, at: Date.now(), base: baseOf(op.input) };
        void mine.keep(change).then(() => {
          done();
          // Stands for the server's answer, of which whoever called reads no more.
          observer.next({ result: { type: 'data', data: queuedAnswer(key, op.input) } } as never);
          observer.complete();
        });
      };
      const send = () => {
        if (closed) return done();
        if (connection.state() === 'down' || changes.some(({ refusal }) => !refusal)) return keep();
        sent = next({ ...op, context: { ...op.context, idempotencyKey: key } }).subscribe({
          next: (value) => observer.next(value),
          error: (error) => {
            if (isLost(error)) return keep();
            done();
            observer.error(error);
          },
          complete: () => {
            done();
            observer.complete();
          },
        });
      };
      if (after) void after.then(send);
      else send();
      return () => {
        closed = true;
        sent?.unsubscribe();
      };
    });

/** No answer of the server's: it was not reached, or something before it broke. */
export function isLost(error: TRPCClientError<AppRouter>): boolean {
  return refusalOf(error) === null;
}

function baseOf(input: unknown): Record<string, unknown> | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const { values } = input as { values?: unknown };
  return bases.get(input) ?? (typeof values === 'object' && values !== null ? bases.get(values) : undefined);
}

function takeTurn({ ids }: Queued): { after: Promise<unknown> | undefined; done: () => void } {
  const before = ids.flatMap((id) => tails.get(id) ?? []);
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const id of ids) tails.set(id, promise);
  const done = () => {
    resolve();
    for (const id of ids) if (tails.get(id) === promise) tails.delete(id);
  };
  return { after: before.length > 0 ? Promise.all(before) : undefined, done };
}
