'use client';

import type { ReactNode } from 'react';
import { Skeleton } from '@/components/ui/skeleton';

/** A group of related records: title, how many, a way to add, and the list. */
export function RelatedSection({
  title,
  count,
  loading,
  action,
  empty,
  children,
}: {
  title: string;
  count?: number | string;
  loading?: boolean;
  action?: ReactNode;
  empty: string;
  children: ReactNode;
}) {
  return (
    <section className="border-b px-2 py-2 last:border-0">
      <div className="flex h-8 items-center gap-1.5 px-2">
        <h2 className="font-medium text-muted-foreground text-sm">{title}</h2>
        {count !== undefined && count !== 0 && <span className="tabular text-muted-foreground text-xs">{count}</span>}
        <span className="ml-auto flex items-center">{action}</span>
      </div>
      {loading ? (
        <div aria-busy className="grid gap-2 px-2 py-1">
          <Skeleton className="h-4 w-40" />
          <Skeleton className="h-4 w-32" />
        </div>
      ) : count === 0 || count === undefined ? (
        <p className="px-2 pb-1 text-muted-foreground text-sm">{empty}</p>
      ) : (
        <ul>{children}</ul>
      )}
    </section>
  );
}
