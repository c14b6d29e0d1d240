'use client';

import { useCallback, useSyncExternalStore } from 'react';

function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => false,
  );
}

/** Whether there is only room for one column: lists become cards, panels become pages. */
export function usePhone(): boolean {
  return useMedia('(max-width: 767px)');
}

/** Whether fields, timeline and related records fit beside each other. */
export function useWide(): boolean {
  return useMedia('(min-width: 1180px)');
}
