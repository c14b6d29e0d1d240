'use client';

import { Archive, ArchiveRestore, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Hint } from '@/components/ui/tooltip';
import { type Choice, labelIn } from '@/domain/custom-fields';
import { Sortable } from '../sortable';
import { withChoices } from './draft';
import { useLanguages } from './labels-input';
import { TonePicker } from './tone-picker';

/**
 * The choices of a field: named in both languages, coloured, ordered by dragging. One that records may hold is retired
 * rather than taken away; one that was only just added can go.
 */
export function ChoicesEditor({
  choices,
  kept,
  error,
  onChange,
}: {
  choices: readonly Choice[];
  /** Values that are stored already. */
  kept: ReadonlySet<string>;
  error?: string;
  onChange: (choices: Choice[]) => void;
}) {
  const t = useTranslations('fieldsSettings.choices');
  const c = useTranslations('common');
  const [first, second] = useLanguages();
  const [typed, setTyped] = useState('');
  const named = choices.map((choice) => ({ ...choice, id: choice.value, name: labelIn(choice.label, first) }));
  const change = (value: string, next: Partial<Choice>) =>
    onChange(choices.map((choice) => (choice.value === value ? { ...choice, ...next } : choice)));
  const rename = (choice: Choice, language: 'en' | 'zh', text: string) =>
    change(choice.value, { label: { ...choice.label, [language]: text || undefined } });
  const add = (text: string) => {
    const next = withChoices(choices, text, first);
    if (next.length > choices.length) onChange(next);
    setTyped('');
  };
  return (
    <Field label={t('label')} help={t('help')} error={error} required>
      {(control) => (
        <div className="grid gap-1">
          <Sortable
            items={named}
            label={t('label')}
            onOrder={(values) =>
              onChange(values.flatMap((value) => choices.find((each) => each.value === value) ?? []))
            }
            className="grid gap-1"
          >
            {(choice, handle) => (
              <div className={cn('flex items-center gap-1', choice.retired && 'opacity-60')}>
                {handle}
                <TonePicker
                  value={choice.tone}
                  label={t('colour', { name: choice.name })}
                  onPick={(tone) => change(choice.value, { tone })}
                />
                <Input
                  aria-label={t('name', { language: c(`languages.${first}`) })}
                  value={choice.label[first] ?? ''}
                  placeholder={choice.label[second] ?? ''}
                  maxLength={80}
                  onChange={(event) => rename(choice, first, event.target.value)}
                />
                <Input
                  aria-label={t('name', { language: c(`languages.${second}`) })}
                  value={choice.label[second] ?? ''}
                  placeholder={c(`languages.${second}`)}
                  maxLength={80}
                  onChange={(event) => rename(choice, second, event.target.value)}
                />
                {kept.has(choice.value) ? (
                  <Hint label={t(choice.retired ? 'restore' : 'retire')}>
                    <Button
                      variant="quiet"
                      size="icon-sm"
                      aria-label={t(choice.retired ? 'restoreOne' : 'retireOne', { name: choice.name })}
                      onClick={() => change(choice.value, { retired: choice.retired ? undefined : true })}
                    >
                      {choice.retired ? <ArchiveRestore /> : <Archive />}
                    </Button>
                  </Hint>
                ) : (
                  <Button
                    variant="quiet"
                    size="icon-sm"
                    aria-label={t('remove', { name: choice.name })}
                    onClick={() => onChange(choices.filter((each) => each.value !== choice.value))}
                  >
                    <X />
                  </Button>
                )}
              </div>
            )}
          </Sortable>
          <Input
            {...control}
            value={typed}
            placeholder={t('add')}
            maxLength={2000}
            onChange={(event) => {
              const text = event.target.value;
              if (/[\n,，、;；]/.test(text)) add(text);
              else setTyped(text);
            }}
            onPaste={(event) => {
              const text = event.clipboardData.getData('text');
              if (!text.includes('\n')) return;
              event.preventDefault();
              add(text);
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
              event.preventDefault();
              add(typed);
            }}
            onBlur={() => typed.trim() && add(typed)}
          />
        </div>
      )}
    </Field>
  );
}
