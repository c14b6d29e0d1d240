'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef } from 'react';
import type { ImportStatus } from '@/domain/imports/sets';

const isOpen = (status: ImportStatus | undefined) => status === 'queued' || status === 'running';

/** Once an import, or a set of them, ends, every list in the product is out of date. */
export function useRefreshAtEnd(status: ImportStatus | undefined): void {
  const queries = useQueryClient();
  const before = useRef(status);
  const ended = useEffectEvent(() => {
    if (isOpen(before.current) && !isOpen(status)) void queries.invalidateQueries();
    before.current = status;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the status is the event
  useEffect(() => ended(), [status]);
}
