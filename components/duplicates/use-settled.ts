'use client';

import { useEffect, useState } from 'react';

/** A text once it has not changed for so many milliseconds: what is asked of the server is not every letter. */
export function useSettled(text: string, ms: number): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return settled;
}
