'use client';

import { useSyncExternalStore } from 'react';
import { readCookie, writeCookie } from './cookies';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const listeners = new Set<() => void>();

export function isTheme(value: unknown): value is Theme {
  return themes.some((theme) => theme === value);
}

function current(): Theme {
  const chosen = readCookie('theme');
  return isTheme(chosen) ? chosen : 'system';
}

/** Shows a theme and keeps it for the next first paint. */
export function applyTheme(theme: Theme): void {
  writeCookie('theme', theme);
  document.documentElement.classList.remove(...themes);
  if (theme !== 'system') document.documentElement.classList.add(theme);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, current, () => 'system');
}
