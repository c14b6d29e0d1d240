'use client';

import { Button } from '@/components/ui/button';

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** Below a list that goes on; nothing at its end. */
export function MoreButton({ list, label }: { list: Paged; label: string }) {
  if (!list.hasNextPage) return null;
  return (
    <Button
      variant="secondary"
      className="mx-auto"
      busy={list.isFetchingNextPage}
      onClick={() => void list.fetchNextPage()}
    >
      {label}
    </Button>
  );
}
