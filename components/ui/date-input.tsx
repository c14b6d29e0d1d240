'use client';

import type { ComponentProps } from 'react';
import { cn } from './cn';
import { Input } from './input';

export interface DateInputProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'type'> {
  /** `YYYY-MM-DD`, or `YYYY-MM-DDTHH:mm` with `time`. */
  value: string | null;
  onChange: (value: string | null) => void;
  time?: boolean;
}

/** A day, or a day and time, through the browser's own picker, which speaks the person's language. */
export function DateInput({ value, onChange, time, className, ...props }: DateInputProps) {
  return (
    <Input
      type={time ? 'datetime-local' : 'date'}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || null)}
      max={time ? '9999-12-31T23:59' : '9999-12-31'}
      className={cn('tabular', value === null && 'text-muted-foreground', className)}
      {...props}
    />
  );
}
