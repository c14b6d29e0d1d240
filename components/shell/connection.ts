'use client';

import { useSyncExternalStore } from 'react';

type State = 'up' | 'down';

let state: State = 'up';
const listeners = new Set<() => void>();

/** Whether the server answers; set by every request and by the browser's own knowledge. */
export const connection = {
  set(next: State) {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  },
};

function subscribe(listener: () => void) {
  const down = () => connection.set('down');
  const up = () => connection.set('up');
  listeners.add(listener);
  window.addEventListener('offline', down);
  window.addEventListener('online', up);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('offline', down);
    window.removeEventListener('online', up);
  };
}

export function useConnection(): State {
  return useSyncExternalStore(
    subscribe,
    () => state,
    () => 'up',
  );
}
