'use client';

import { X } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Badge } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';
import { useFieldControl } from '@/components/ui/field';
import { controlClasses } from '@/components/ui/input';

const separators = /[,，、;；\n]/;

/** Words one types one after the other; Enter or a comma ends one, Backspace takes the last one back. */
export function TagsInput({
  value,
  onChange,
  autoFocus,
  onSubmit,
  label,
}: {
  value: readonly string[];
  onChange: (tags: string[]) => void;
  autoFocus?: boolean;
  /** Enter with nothing typed. */
  onSubmit?: () => void;
  label?: string;
}) {
  const t = useTranslations('records.tags');
  const control = useFieldControl();
  const [typed, setTyped] = useState('');
  const add = (text: string) => {
    const words = text.split(separators).map((word) => word.trim());
    const added = words.filter((word, i) => word !== '' && !value.includes(word) && words.indexOf(word) === i);
    if (added.length > 0) onChange([...value, ...added]);
    setTyped('');
  };
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      if (typed.trim()) add(typed);
      else onSubmit?.();
    } else if (event.key === 'Backspace' && typed === '' && value.length > 0) {
      onChange(value.slice(0, -1));
    }
  };
  return (
    <div className={cn(controlClasses, 'flex h-auto min-h-8 flex-wrap items-center gap-1 px-1.5 py-1')}>
      {value.map((tag) => (
        <Badge key={tag} className="pr-0.5">
          <span className="inline-flex items-center gap-0.5">
            {tag}
            <button
              type="button"
              aria-label={t('remove', { tag })}
              onClick={() => onChange(value.filter((other) => other !== tag))}
              className="grid size-4 place-items-center rounded-xs text-muted-foreground hover:bg-accent hover:text-foreground"
            >
              <X className="size-3" />
            </button>
          </span>
        </Badge>
      ))}
      <input
        {...control}
        aria-label={control.id ? undefined : label}
        // biome-ignore lint/a11y/noAutofocus: the person just asked to edit this
        autoFocus={autoFocus}
        value={typed}
        placeholder={value.length === 0 ? t('placeholder') : undefined}
        onChange={(event) => {
          const text = event.target.value;
          if (separators.test(text)) add(text);
          else setTyped(text);
        }}
        onKeyDown={press}
        onBlur={() => add(typed)}
        className="h-5 min-w-20 flex-1 bg-transparent text-sm outline-none pointer-coarse:text-[16px]"
      />
    </div>
  );
}
