'use client';

import * as Primitive from '@radix-ui/react-progress';
import type { ComponentProps } from 'react';
import { cn } from './cn';

/** `value` of `max`; null when how much is left is not known. */
export function Progress({ className, value, max = 100, ...props }: ComponentProps<typeof Primitive.Root>) {
  const share = value == null ? null : Math.min(1, Math.max(0, value / max));
  return (
    <Primitive.Root
      value={value}
      max={max}
      className={cn('relative h-1.5 w-full overflow-hidden rounded-full bg-muted', className)}
      {...props}
    >
      <Primitive.Indicator
        className={cn(
          'h-full rounded-full bg-primary transition-[width] duration-300',
          share === null && 'w-1/3 animate-pulse',
        )}
        style={share === null ? undefined : { width: `${share * 100}%` }}
      />
    </Primitive.Root>
  );
}
