'use client';

import { type ComponentType, useEffect, useState } from 'react';

/**
 * A dialog whose code is fetched when it is first opened, or before that by `preload`. It stays mounted from then on, so
 * that it can close as it opened. Code that does not come takes nothing down with it: opening it again asks again.
 */
export function later<P extends { open: boolean }>(load: () => Promise<ComponentType<P>>) {
  let known: ComponentType<P> | undefined;
  const fetch = async () => {
    known ??= await load();
    return known;
  };
  // biome-ignore lint/correctness/noComponentHookFactories: called where modules begin, never while rendering
  function Later(props: P) {
    const { open } = props;
    const [Shown, setShown] = useState(() => known);
    useEffect(() => {
      if (!open || Shown) return;
      fetch().then(
        (component) => setShown(() => component),
        () => {},
      );
    }, [open, Shown]);
    return Shown ? <Shown {...props} /> : null;
  }
  return Object.assign(Later, { preload: () => void fetch().catch(() => {}) });
}
