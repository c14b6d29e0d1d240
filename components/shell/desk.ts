'use client';

import type { Density } from '@/domain/views';
import { useBoot, usePreference } from './boot';

/**
 * What a person has arranged for themselves in this workspace. It is kept on the server and is the same on every
 * device: where they begin, what stands in the sidebar, which keys do what.
 */

/** A page of this workspace: an address below `/t/<tenant>`, with its search part, and what the person calls it. */
// Type aliases, because what is kept must be plain JSON to the compiler, which an interface is not.
export type Pin = { path: string; label: string; object?: string };

/** More are no longer a choice of few. */
export const mostPins = 30;

const noPins: Pin[] = [];

/** The pages this person has in their sidebar, in their order. */
export function usePins() {
  const [pins, store] = usePreference<Pin[]>('desk.pins', noPins);
  return {
    pins,
    add: (pin: Pin) => store([...pins.filter(({ path }) => path !== pin.path), pin].slice(-mostPins)),
    remove: (path: string) => store(pins.filter((pin) => pin.path !== path)),
    rename: (path: string, label: string) => store(pins.map((pin) => (pin.path === path ? { ...pin, label } : pin))),
    order: (paths: string[]) => store(paths.flatMap((path) => pins.filter((pin) => pin.path === path))),
  };
}

export type StartPage = { path: string; label: string };
const startKey = 'desk.start';

/** The page a person begins with instead of home; null for home. */
export function useStartPage(): [StartPage | null, (start: StartPage | null) => void] {
  return usePreference<StartPage | null>(startKey, null);
}

/** Where an address that names no page leads. */
export function useStartPath(): string | undefined {
  const start = useBoot().preferences[startKey] as StartPage | null | undefined;
  return start?.path;
}

/** Keys a person gave to actions, by the action's id; null where they took them away. */
export type OwnKeys = Record<string, string | null>;
const noKeys: OwnKeys = {};

export function useOwnKeys(): [OwnKeys, (keys: OwnKeys) => void] {
  return usePreference<OwnKeys>('desk.keys', noKeys);
}

/** The keys of an action of everywhere as this person has them: `keys` unless they chose others. */
export function useKeysOf(): (id: string, keys?: string) => string | undefined {
  const [own] = useOwnKeys();
  return (id, keys) => (id in own ? (own[id] ?? undefined) : keys);
}

/** How high the rows of tables are where a person said nothing else about a list. */
export const useDeskDensity = () => usePreference<Density>('desk.density', 'normal');

export type SidebarState = { width: number; folded: boolean };
export const useSidebarState = () => usePreference<SidebarState>('desk.sidebar', { width: 224, folded: false });
