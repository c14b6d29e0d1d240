import type { ComponentProps } from 'react';
import { cn } from './cn';

/** The shape of what comes, on a first visit. It waits a moment, so that quick answers never flash it. */
export function Skeleton({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      aria-hidden
      className={cn('fade-in-0 animate-in rounded-md bg-muted fill-mode-both delay-150 duration-300', className)}
      {...props}
    />
  );
}
