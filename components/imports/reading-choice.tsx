'use client';

import type { ReactNode } from 'react';
import { Field } from '@/components/ui/field';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { ConfidenceChip } from './confidence-chip';

interface ReadingChoiceProps<T extends string> {
  label: string;
  help?: string;
  error?: string;
  /** How sure the guess is; missing where there is none. */
  confidence?: number;
  value: T;
  options: readonly (readonly [value: T, text: ReactNode])[];
  disabled?: boolean;
  onChange: (value: T) => void;
}

/** One thing that was found out about how a file is written, to be corrected. */
export function ReadingChoice<T extends string>({ value, options, onChange, ...props }: ReadingChoiceProps<T>) {
  const { label, help, error, confidence, disabled } = props;
  const choose = (name: string) => {
    const chosen = options.find(([each]) => each === name);
    if (chosen) onChange(chosen[0]);
  };
  return (
    <Field
      label={label}
      help={help}
      error={error}
      aside={confidence === undefined ? undefined : <ConfidenceChip confidence={confidence} />}
    >
      <Select value={value} onValueChange={choose} disabled={disabled}>
        <SelectTrigger>
          <SelectValue />
        </SelectTrigger>
        <SelectContent>
          {options.map(([name, text]) => (
            <SelectItem key={name} value={name}>
              {text}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
    </Field>
  );
}
