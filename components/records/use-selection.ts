'use client';

import { useState } from 'react';

export interface Selection {
  ids: ReadonlySet<string>;
  /** The one chosen last. */
  anchor: string | null;
  toggle: (id: string) => void;
  /** From the one chosen last to this one. */
  extend: (id: string, order: readonly string[]) => void;
  /** Besides those chosen already. */
  add: (ids: readonly string[]) => void;
  set: (ids: Iterable<string>) => void;
  clear: () => void;
}

const none: ReadonlySet<string> = new Set();

/** Chosen records of a list. Those that left the list are not counted: `present` says what is there. */
export function useSelection(present: ReadonlyMap<string, number>): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(none);
  const [anchor, setAnchor] = useState<string | null>(null);
  const there = [...chosen].every((id) => present.has(id))
    ? chosen
    : new Set([...chosen].filter((id) => present.has(id)));
  return {
    ids: there,
    anchor,
    toggle: (id) => {
      setAnchor(id);
      setChosen(there.has(id) ? new Set([...there].filter((other) => other !== id)) : new Set([...there, id]));
    },
    extend: (id, order) => {
      const from = anchor === null ? order.indexOf(id) : order.indexOf(anchor);
      const to = order.indexOf(id);
      if (from < 0) setAnchor(id);
      const [first, last] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
      setChosen(new Set([...there, ...order.slice(first, last + 1)]));
    },
    add: (ids) => setChosen((before) => new Set([...before, ...ids])),
    set: (ids) => setChosen(new Set(ids)),
    clear: () => {
      setChosen(none);
      setAnchor(null);
    },
  };
}
