'use client';

import * as ToggleGroup from '@radix-ui/react-toggle-group';
import type { ReactNode } from 'react';
import { cn } from './cn';

export interface SegmentedProps<V extends string> {
  value: V;
  onValueChange: (value: V) => void;
  /** `label` names an option; with `iconOnly` it is read out and not shown. */
  options: readonly { value: V; label: string; icon?: ReactNode }[];
  iconOnly?: boolean;
  'aria-label': string;
  className?: string;
}

/** One of a few, all visible. */
export function Segmented<V extends string>({
  value,
  onValueChange,
  options,
  iconOnly,
  className,
  ...props
}: SegmentedProps<V>) {
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      onValueChange={(next) => {
        const chosen = options.find((option) => option.value === next);
        if (chosen) onValueChange(chosen.value);
      }}
      className={cn('inline-flex h-8 w-fit items-center gap-0.5 rounded-md bg-muted p-0.5', className)}
      {...props}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          aria-label={iconOnly ? option.label : undefined}
          title={iconOnly ? option.label : undefined}
          className="inline-flex h-full items-center gap-1.5 whitespace-nowrap rounded-xs px-2.5 text-muted-foreground text-sm transition-colors hover:text-foreground data-[state=on]:bg-raised data-[state=on]:font-medium data-[state=on]:text-foreground data-[state=on]:shadow-card [&_svg]:size-4"
        >
          {option.icon}
          {!iconOnly && option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
