'use client';

import { onlineManager } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';

export type ConnectionState = 'up' | 'down';

let state: ConnectionState = 'up';
let failures = 0;
let probing: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
/** Nobody waits longer than this for the product to notice that the server is back. */
const longestMs = 30_000;

/**
 * Whether the server answers. Every request says so, the browser's own knowledge hints at it, and while it does not
 * answer it is asked again and again. Queries wait meanwhile and keep what they have.
 */
export const connection = {
  state: (): ConnectionState => state,
  set(next: ConnectionState) {
    if (next === 'up') {
      failures = 0;
      clearTimeout(probing);
      probing = undefined;
    } else probing ??= setTimeout(probe, waitMs());
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  },
  /** Asks now whether the server is back. */
  check: () => soon(),
  /** Told of every change. @returns ends it */
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
};

if (typeof window !== 'undefined') {
  window.addEventListener('offline', () => connection.set('down'));
  // A network is not yet a way to the server.
  window.addEventListener('online', soon);
  document.addEventListener('visibilitychange', soon);
  onlineManager.setEventListener((tell) => connection.subscribe(() => tell(state === 'up')));
}

function soon(): void {
  if (state === 'up' || document.visibilityState === 'hidden') return;
  clearTimeout(probing);
  void probe();
}

async function probe(): Promise<void> {
  const answers = await fetch('/livez', { cache: 'no-store', signal: AbortSignal.timeout(10_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
  probing = undefined;
  failures++;
  connection.set(answers ? 'up' : 'down');
}

/** Two seconds, then longer and longer, and never all browsers at once. */
function waitMs(): number {
  return Math.min(longestMs, 2000 * 2 ** failures) * (0.5 + Math.random() / 2);
}

export function useConnection(): ConnectionState {
  return useSyncExternalStore(connection.subscribe, connection.state, () => 'up');
}
