'use client';

import * as Primitive from '@radix-ui/react-switch';
import type { ComponentProps } from 'react';
import { cn } from './cn';
import { useFieldControl } from './field';

export function Switch({ className, ...props }: ComponentProps<typeof Primitive.Root>) {
  return (
    <Primitive.Root
      {...useFieldControl()}
      className={cn(
        'relative inline-flex h-[18px] w-8 shrink-0 items-center rounded-full bg-control transition-colors after:absolute after:-inset-2 disabled:cursor-not-allowed disabled:opacity-50 data-[state=checked]:bg-primary',
        className,
      )}
      {...props}
    >
      <Primitive.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-white shadow-sm transition-transform data-[state=checked]:translate-x-4" />
    </Primitive.Root>
  );
}
