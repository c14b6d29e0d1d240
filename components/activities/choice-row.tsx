'use client';

import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';

/** One of a few, as buttons that wrap; the arrows of a radio group move between them. */
export function ChoiceRow<V extends string>({
  label,
  value,
  onChange,
  options,
  name,
}: {
  label: string;
  name: string;
  value: V;
  onChange: (value: V) => void;
  options: readonly { value: V; label: string; icon?: ReactNode }[];
}) {
  return (
    <fieldset className="flex flex-wrap gap-1.5">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className={cn(
            'inline-flex h-8 cursor-pointer items-center gap-1.5 rounded-md border px-2.5 text-sm transition-colors hover:bg-accent has-focus-visible:outline-2 has-focus-visible:outline-ring pointer-coarse:h-10 [&_svg]:size-4',
            option.value === value ? 'border-primary bg-primary-soft font-medium text-link' : 'text-muted-foreground',
          )}
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="sr-only"
          />
          {option.icon}
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
