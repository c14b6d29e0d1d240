'use client';

import type { ComponentProps } from 'react';
import { cn } from './cn';
import { useFieldControl } from './field';
import { controlClasses } from './input';

/** Grows with its text up to a limit. */
export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return (
    <textarea
      {...useFieldControl()}
      className={cn(controlClasses, 'field-sizing-content max-h-80 min-h-16 resize-y py-1.5', className)}
      {...props}
    />
  );
}
