'use client';

import type { ReactNode } from 'react';
import { Link } from '@/components/shell/router';
import { cn } from '@/components/ui/cn';
import { Skeleton } from '@/components/ui/skeleton';

export interface BarItem {
  key: string;
  label: ReactNode;
  /** Length of the bar. */
  value: number;
  /** The value as text, at the right. */
  shown: string;
  /** The value in full. */
  title?: string;
  /** Less weighty, before the value. */
  note?: string;
  to?: string | null;
  colour?: string;
  muted?: boolean;
}

/** Values as bars, each with its label and number beside it; a list to everybody, so it needs no table beside it. */
export function BarList({ items, label }: { items: readonly BarItem[]; label: string }) {
  const most = Math.max(...items.map((item) => Math.abs(item.value)), 1);
  return (
    <ul aria-label={label} className="grid gap-0.5">
      {items.map((item) => (
        <li key={item.key}>
          <Row to={item.to}>
            <span className="flex items-baseline gap-2">
              <span className={cn('min-w-[40%] flex-1 truncate', item.muted && 'text-muted-foreground')}>
                {item.label}
              </span>
              {item.note && (
                <span className="tabular min-w-0 truncate text-muted-foreground max-sm:hidden">{item.note}</span>
              )}
              <span className="tabular min-w-20 shrink-0 text-right font-medium" title={item.title}>
                {item.shown}
              </span>
            </span>
            <span aria-hidden className="mt-1 block h-1.5 rounded-full bg-muted">
              <span
                className="block h-full min-w-px rounded-full transition-[width] duration-300"
                style={{
                  width: `${(Math.max(item.value, 0) / most) * 100}%`,
                  background: item.colour ?? 'var(--chart-1)',
                }}
              />
            </span>
          </Row>
        </li>
      ))}
    </ul>
  );
}

function Row({ to, children }: { to: string | null | undefined; children: ReactNode }) {
  const classes = 'block rounded-md px-2 py-1.5 text-sm';
  if (!to) return <div className={classes}>{children}</div>;
  return (
    <Link to={to} className={cn(classes, 'focus-inset hover:bg-accent')}>
      {children}
    </Link>
  );
}

export function BarListSkeleton({ rows = 5 }: { rows?: number }) {
  return (
    <div aria-hidden className="grid gap-3 px-2 py-1.5">
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have nothing else
        <div key={i} className="grid gap-1.5">
          <Skeleton className="h-4 w-2/5" />
          <Skeleton className="h-1.5" />
        </div>
      ))}
    </div>
  );
}
