'use client';

import type { LocalGroup, LocalHit } from '@/domain/local-index';
import type { Question, Told } from './index.worker';
import { removeIndex } from './index-store';

/** What the index of this browser found; `complete` when nobody else knows of more. */
export interface LocalAnswer {
  q: string;
  groups: LocalGroup[];
  complete: boolean;
}

/** Milliseconds in which news gather before they are asked for, and after which it is asked without any. */
const gather = 1500;
const turn = 60_000;
/** A worker that is busy with more than this has nothing to say in time. */
const patience = 400;

let worker: Worker | undefined;
let gathering: ReturnType<typeof setTimeout> | undefined;
let turns: ReturnType<typeof setInterval> | undefined;
let last = 0;
const waiting = new Map<number, (told: Told | null) => void>();

/**
 * Begins to hold the records this person may see, in a worker; what it held until now is written down and goes on there.
 * @param reach what they may see (`tenant.boot`): an index of other rights is thrown away
 */
export function startLocalSearch(slug: string, reach: string): void {
  stop();
  worker = new Worker(new URL('./index.worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<Told>) => settle(data.id, data);
  // A browser that cannot run it is one that asks the server.
  worker.onerror = stop;
  send({ op: 'open', slug, reach, origin: window.location.origin });
  turns = setInterval(() => {
    if (document.visibilityState === 'visible') send({ op: 'sync' });
  }, turn);
}

/** Ends it and removes what is written down: of one workspace, or of all (null). */
export async function dropLocalSearch(slug: string | null): Promise<void> {
  stop();
  await removeIndex(slug);
}

/** Something may have changed: the index asks for it in a moment. */
export function refreshLocalSearch(): void {
  if (!worker || gathering) return;
  gathering = setTimeout(
    () => {
      gathering = undefined;
      send({ op: 'sync' });
      // Not all browsers of a workspace at once.
    },
    gather * (1 + Math.random()),
  );
}

/**
 * Records that fit what is typed, as the server's search would find them.
 * @param objects only these kinds
 * @returns null where nothing is held, or nothing comes of it in time
 */
export async function searchLocally(q: string, limit: number, objects?: string[]): Promise<LocalAnswer | null> {
  const told = await ask((id) => ({ op: 'search', id, q, limit, objects }));
  return told?.ready ? { q, groups: told.groups, complete: told.complete } : null;
}

/** The newest records of a kind that are held. */
export async function newestLocally(object: string, limit: number): Promise<LocalHit[]> {
  return (await ask((id) => ({ op: 'newest', id, object, limit })))?.hits ?? [];
}

/** Records by their ids, those that are held, in the order asked for. */
export async function heldLocally(ids: string[]): Promise<LocalHit[]> {
  return (await ask((id) => ({ op: 'byId', id, ids })))?.hits ?? [];
}

function stop(): void {
  worker?.terminate();
  worker = undefined;
  clearTimeout(gathering);
  gathering = undefined;
  clearInterval(turns);
  for (const id of [...waiting.keys()]) settle(id, null);
}

function send(question: Question): void {
  worker?.postMessage(question);
}

function ask(question: (id: number) => Question): Promise<Told | null> {
  if (!worker) return Promise.resolve(null);
  const id = ++last;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    setTimeout(settle, patience, id, null);
    send(question(id));
  });
}

function settle(id: number, told: Told | null): void {
  waiting.get(id)?.(told);
  waiting.delete(id);
}
