'use client';

import * as Primitive from '@radix-ui/react-dialog';
import { X } from 'lucide-react';
import type { ComponentProps } from 'react';
import { Button } from './button';
import { cn } from './cn';
import { overlayClasses } from './dialog';

export const Sheet = Primitive.Root;
export const SheetTrigger = Primitive.Trigger;
export const SheetClose = Primitive.Close;

const sides = {
  right:
    'inset-y-0 right-0 w-full border-l sm:max-w-[560px] data-[state=open]:slide-in-from-right-8 data-[state=closed]:slide-out-to-right-8',
  left: 'inset-y-0 left-0 w-[min(320px,86vw)] border-r data-[state=open]:slide-in-from-left-8 data-[state=closed]:slide-out-to-left-8',
  bottom:
    'inset-x-0 bottom-0 max-h-[88dvh] rounded-t-lg border-t pb-[env(safe-area-inset-bottom)] data-[state=open]:slide-in-from-bottom-8 data-[state=closed]:slide-out-to-bottom-8',
};

/**
 * A panel over one side. `overlay={false}` leaves what is behind visible and, together with `modal={false}` on
 * `Sheet`, usable.
 */
export function SheetContent({
  className,
  side = 'right',
  overlay = true,
  closeLabel,
  children,
  ...props
}: ComponentProps<typeof Primitive.Content> & {
  side?: keyof typeof sides;
  overlay?: boolean;
  closeLabel?: string;
}) {
  return (
    <Primitive.Portal>
      {overlay && <Primitive.Overlay className={overlayClasses} />}
      <Primitive.Content
        className={cn(
          'fixed z-50 flex flex-col bg-background text-foreground shadow-pop outline-none data-[state=closed]:animate-out data-[state=open]:animate-in data-[state=closed]:fade-out-0 data-[state=open]:fade-in-0 data-[state=open]:duration-150',
          sides[side],
          className,
        )}
        {...props}
      >
        {children}
        {closeLabel && (
          <Primitive.Close asChild>
            <Button variant="quiet" size="icon-sm" aria-label={closeLabel} className="absolute top-2.5 right-2.5">
              <X />
            </Button>
          </Primitive.Close>
        )}
      </Primitive.Content>
    </Primitive.Portal>
  );
}

export function SheetHeader({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('grid shrink-0 gap-1 border-b px-5 py-3 pr-12', className)} {...props} />;
}

export function SheetTitle({ className, ...props }: ComponentProps<typeof Primitive.Title>) {
  return <Primitive.Title className={cn('font-semibold text-base', className)} {...props} />;
}

export function SheetDescription({ className, ...props }: ComponentProps<typeof Primitive.Description>) {
  return <Primitive.Description className={cn('text-muted-foreground text-sm', className)} {...props} />;
}
