'use client';

import { connection } from './connection';
import { ownBuild } from './store-queries';

/** Whether a newer build than this page's is here, to be taken at the next step to another screen (security G2). */
type Update = 'none' | 'coming' | 'ready';
let update: Update = 'none';
let triedAt = 0;
const listeners = new Set<() => void>();
const key = 'guanxi.updated';
/** While a release is being brought out both builds answer: a page is not loaded anew again and again meanwhile. */
const pauseMs = 5 * 60_000;

export const updates = {
  isReady: (): boolean => update === 'ready',
  /** Loads this page with the newer build, because somebody asked for it. */
  reload(): void {
    noteUpdated();
    window.location.reload();
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
};

/** Told of the build that answers, by every answer; null where it does not say. */
export function noteBuild(build: string | null): void {
  if (update !== 'none' || !build || build === ownBuild() || ownBuild() === 'development' || justUpdated()) return;
  // What could not be fetched is not tried again with every answer.
  if (Date.now() - triedAt < 60_000) return;
  triedAt = Date.now();
  update = 'coming';
  void import('./offline')
    .then(({ fetchNewest }) => fetchNewest())
    .catch(() => false)
    .then((here) => {
      update = here ? 'ready' : 'none';
      for (const listener of listeners) listener();
    });
}

/**
 * Loads an address with the newer build, if one is ready and nothing can be lost by it: a dialog, a menu or a field that
 * somebody is in keeps the page as it is until the next step.
 * @returns whether it does
 */
export function takeUpdate(url: string): boolean {
  if (update !== 'ready' || connection.state() === 'down' || isBusy()) return false;
  noteUpdated();
  window.location.assign(url);
  return true;
}

function isBusy(): boolean {
  const at = document.activeElement;
  const isTyping = at instanceof HTMLElement && (at.isContentEditable || at.matches('input, textarea, select'));
  return isTyping || document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') !== null;
}

function justUpdated(): boolean {
  try {
    return Date.now() - Number(sessionStorage.getItem(key)) < pauseMs;
  } catch {
    return false;
  }
}

function noteUpdated(): void {
  try {
    sessionStorage.setItem(key, String(Date.now()));
  } catch {
    // Closed storage: then the page may be loaded once more than needed.
  }
}
