'use client';

import type { ComponentProps } from 'react';
import { cn } from './cn';
import { useFieldControl } from './field';

// 16 px on touch screens: below that phones zoom into the page when a field takes the focus.
export const controlClasses =
  'w-full min-w-0 rounded-md border border-input bg-background px-2.5 text-sm transition-[border-color] hover:border-control focus-visible:border-ring focus-visible:outline-2 focus-visible:outline-ring/40 focus-visible:outline-offset-0 disabled:cursor-not-allowed disabled:opacity-60 aria-invalid:border-destructive aria-invalid:outline-destructive/40 pointer-coarse:text-[16px]';

export function Input({ className, type = 'text', ...props }: ComponentProps<'input'>) {
  return (
    <input
      type={type}
      {...useFieldControl()}
      className={cn(controlClasses, 'h-8 read-only:bg-muted pointer-coarse:h-10', className)}
      {...props}
    />
  );
}
