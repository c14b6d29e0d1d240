'use client';

import * as Primitive from '@radix-ui/react-tooltip';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn';
import { Kbd } from './kbd';

export const Tooltip = Primitive.Root;
export const TooltipTrigger = Primitive.Trigger;

export function TooltipProvider({ delayDuration = 400, ...props }: ComponentProps<typeof Primitive.Provider>) {
  return <Primitive.Provider delayDuration={delayDuration} skipDelayDuration={200} {...props} />;
}

/** `keys` teaches the shortcut. */
export function TooltipContent({
  className,
  keys,
  sideOffset = 6,
  children,
  ...props
}: ComponentProps<typeof Primitive.Content> & { keys?: string | undefined }) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        sideOffset={sideOffset}
        collisionPadding={8}
        className={cn(
          'z-50 flex max-w-72 items-center gap-2 rounded-md bg-popover px-2 py-1 text-popover-foreground text-sm shadow-pop data-[state=delayed-open]:animate-in data-[state=delayed-open]:fade-in-0',
          className,
        )}
        {...props}
      >
        {children}
        {keys && <Kbd aria-hidden keys={keys} />}
      </Primitive.Content>
    </Primitive.Portal>
  );
}

/** The usual case in one piece: `<Hint label keys><Button/></Hint>`. */
export function Hint({
  label,
  keys,
  side,
  children,
}: {
  label: ReactNode;
  keys?: string | undefined;
  side?: ComponentProps<typeof Primitive.Content>['side'];
  children: ReactNode;
}) {
  return (
    <Tooltip>
      <TooltipTrigger asChild>{children}</TooltipTrigger>
      <TooltipContent side={side} keys={keys}>
        {label}
      </TooltipContent>
    </Tooltip>
  );
}
