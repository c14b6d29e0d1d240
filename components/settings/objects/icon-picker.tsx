'use client';

import * as ToggleGroup from '@radix-ui/react-toggle-group';
import { useTranslations } from 'use-intl';
import { objectIcons } from '@/components/objects/icons';
import { ToneIcon } from '@/components/objects/object-icon';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import type { Tone } from '@/domain/tones';
import { ToneGrid } from './tone-picker';

/** The icon of an object and its colour. */
export function IconPicker({
  icon,
  tone,
  onChange,
}: {
  icon: string;
  tone: Tone;
  onChange: (next: { icon?: string; tone?: Tone }) => void;
}) {
  const t = useTranslations('fieldsSettings.object');
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button variant="secondary" size="icon" aria-label={t('icon')} className="size-14">
          <ToneIcon icon={icon} tone={tone} className="size-6" />
        </Button>
      </PopoverTrigger>
      <PopoverContent className="w-80 p-2" aria-label={t('icon')}>
        <ToneGrid value={tone} onPick={(next) => onChange({ tone: next })} label={t('colour')} />
        <ToggleGroup.Root
          type="single"
          value={icon}
          onValueChange={(next) => next && onChange({ icon: next })}
          aria-label={t('icon')}
          className="mt-2 grid max-h-64 grid-cols-9 gap-0.5 overflow-y-auto border-t pt-2 pointer-coarse:grid-cols-6"
        >
          {Object.keys(objectIcons).map((name) => (
            <ToggleGroup.Item
              key={name}
              value={name}
              aria-label={t(`icons.${name}`)}
              title={t(`icons.${name}`)}
              className={cn(
                'grid size-8 place-items-center rounded-md hover:bg-accent pointer-coarse:size-10',
                name === icon && 'bg-accent',
              )}
            >
              <ToneIcon icon={name} tone={name === icon ? tone : 'slate'} />
            </ToggleGroup.Item>
          ))}
        </ToggleGroup.Root>
      </PopoverContent>
    </Popover>
  );
}
