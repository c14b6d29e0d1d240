'use client';

import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { type FocusEvent, type PointerEvent, type TouchEvent, useEffect, useRef } from 'react';
import { useRouter } from './router';
import { matchScreen, type Screen } from './screen';
import { useTRPC } from './trpc';

/** What a screen asks with for its data before it is opened. */
export interface Ahead {
  queries: QueryClient;
  trpc: ReturnType<typeof useTRPC>;
}

/** Milliseconds a pointer must rest on a link: on its way across a list it passes many. */
const rest = 65;

/** Fetches the code of the screen at an address, and the record it shows. */
export function useAhead(): (to: string) => void {
  const { screens } = useRouter();
  const queries = useQueryClient();
  const trpc = useTRPC();
  return (to) => getReady(screens, to, { queries, trpc });
}

function getReady(screens: readonly Screen[], to: string, ask: Ahead): void {
  const match = matchScreen(screens, to.split('?')[0] ?? '/');
  match?.screen.preload();
  match?.screen.ahead?.(match.params, ask);
}

/** Gets ready as soon as a pointer rests on a link, a finger touches it or it has the focus. */
export function useAheadOf(to: string) {
  const ahead = useAhead();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    onPointerEnter: (event: PointerEvent) => {
      if (event.pointerType !== 'mouse') return;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => ahead(to), rest);
    },
    onPointerLeave: () => clearTimeout(timer.current),
    onPointerDown: () => ahead(to),
    onTouchStart: (_event: TouchEvent) => ahead(to),
    onFocus: (_event: FocusEvent) => ahead(to),
  };
}

/**
 * Fetches what is likely wanted next, one after the other, whenever the browser has nothing else to do.
 * @param loads a change of this list is not looked at
 */
export function useIdle(loads: readonly (() => void)[]): void {
  const wanted = useRef(loads);
  useEffect(() => {
    // Who saves data fetches what is opened only.
    const { connection } = navigator as { connection?: { saveData?: boolean } };
    if (connection?.saveData) return;
    const waiting = [...wanted.current];
    let handle = 0;
    const next = () => {
      waiting.shift()?.();
      if (waiting.length > 0) handle = later(next);
    };
    handle = later(next);
    return () => forget(handle);
  }, []);
}

// Safari has no idle callbacks.
const later = (run: () => void): number =>
  'requestIdleCallback' in window ? requestIdleCallback(run, { timeout: 5000 }) : Number(setTimeout(run, 300));
const forget = (handle: number): void =>
  'cancelIdleCallback' in window ? cancelIdleCallback(handle) : clearTimeout(handle);
