'use client';

import * as Primitive from '@radix-ui/react-popover';
import type { ComponentProps } from 'react';
import { cn } from './cn';
import { unlessComposing } from './composing';
import { panelClasses } from './menu-classes';

export const Popover = Primitive.Root;
export const PopoverTrigger = Primitive.Trigger;
export const PopoverAnchor = Primitive.Anchor;
export const PopoverClose = Primitive.Close;

export function PopoverContent({
  className,
  align = 'start',
  sideOffset = 4,
  onEscapeKeyDown,
  ...props
}: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        onEscapeKeyDown={unlessComposing(onEscapeKeyDown)}
        align={align}
        sideOffset={sideOffset}
        collisionPadding={8}
        className={cn(panelClasses, 'w-72 p-3', className)}
        {...props}
      />
    </Primitive.Portal>
  );
}
