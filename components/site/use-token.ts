'use client';

import { useEffect } from 'react';

let whole: string | null = null;

/** Takes the token out of the address bar once the page has it: it stays in no history and is handed on by no link. */
export function useHiddenToken(): void {
  useEffect(() => {
    if (!window.location.search) return;
    whole = window.location.pathname + window.location.search;
    window.history.replaceState(window.history.state, '', window.location.pathname);
  }, []);
}

/** Loads the page anew, with the token it came with. */
export function reloadPage(): void {
  if (whole) window.location.assign(whole);
  else window.location.reload();
}
