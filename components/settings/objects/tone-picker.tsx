'use client';

import * as ToggleGroup from '@radix-ui/react-toggle-group';
import { Check } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Dot } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { type Tone, tones } from '@/domain/tones';

/** The colours to choose from, each with its name; arrow keys go from one to the next. */
export function ToneGrid({ value, onPick, label }: { value: string; onPick: (tone: Tone) => void; label: string }) {
  const names = useTranslations('fields.stageColours');
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      onValueChange={(next) => {
        const tone = tones.find((known) => known === next);
        if (tone) onPick(tone);
      }}
      aria-label={label}
      className="flex flex-wrap gap-1"
    >
      {tones.map((tone) => (
        <ToggleGroup.Item
          key={tone}
          value={tone}
          aria-label={names(tone)}
          title={names(tone)}
          data-tone={tone}
          className={cn(
            'grid size-7 place-items-center rounded-md hover:bg-accent pointer-coarse:size-10',
            tone === value && 'bg-accent',
          )}
        >
          <span className="grid size-4 place-items-center rounded-full bg-tone text-white">
            {tone === value && <Check className="size-3" />}
          </span>
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}

/** A colour behind a small button. */
export function TonePicker({ value, onPick, label }: { value: Tone; onPick: (tone: Tone) => void; label: string }) {
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button variant="quiet" size="icon-sm" aria-label={label}>
          <Dot tone={value} className="size-3" />
        </Button>
      </PopoverTrigger>
      <PopoverContent className="w-auto p-1.5" aria-label={label}>
        <ToneGrid value={value} onPick={onPick} label={label} />
      </PopoverContent>
    </Popover>
  );
}
