'use client';

import { type ComponentProps, useState } from 'react';
import { cn } from '@/components/ui/cn';
import { Input } from '@/components/ui/input';

/** A text that looks like one until it is touched: Enter or leaving saves, Escape brings the old one back. */
export function InlineText({
  value,
  onSave,
  className,
  ...props
}: Omit<ComponentProps<'input'>, 'value' | 'onChange'> & { value: string; onSave: (value: string) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  const finish = () => {
    const next = typed?.trim();
    setTyped(null);
    if (next && next !== value) onSave(next);
  };
  return (
    <Input
      value={typed ?? value}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape' && typed !== null) {
          event.stopPropagation();
          setTyped(null);
        }
      }}
      className={cn(
        'border-transparent bg-transparent read-only:bg-transparent read-only:hover:border-transparent',
        className,
      )}
      {...props}
    />
  );
}
