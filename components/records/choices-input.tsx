'use client';

import { Plus, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { Badge, Dot } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';
import { type ComboboxOption, PickList } from '@/components/ui/combobox';
import { useFieldControl } from '@/components/ui/field';
import { controlClasses } from '@/components/ui/input';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { type Choice, labelIn } from '@/domain/custom-fields';
import type { Field } from '@/domain/fields';
import { usePickWords } from './pickers';

/** A value of one of the tenant's choice fields, in its colour. */
export function ChoiceBadge({ field, value }: { field: Field; value: string }) {
  const { locale } = useBoot().user;
  const choice = field.own?.settings.choices?.find((each) => each.value === value);
  return <Badge tone={choice?.tone ?? 'slate'}>{choice ? labelIn(choice.label, locale) : value}</Badge>;
}

/** The choices that may still be taken, and those that are set already. */
export function offered(choices: readonly Choice[], set: readonly string[]): Choice[] {
  return choices.filter(({ value, retired }) => !retired || set.includes(value));
}

/** The choices of a field as options of a list, found by what is typed. */
export function useChoiceOptions(field: Field, set: readonly string[]): (query: string) => Promise<ComboboxOption[]> {
  const { locale } = useBoot().user;
  const options = offered(field.own?.settings.choices ?? [], set).map((choice) => ({
    id: choice.value,
    title: labelIn(choice.label, locale),
    icon: <Dot tone={choice.tone} />,
  }));
  return async (query) => {
    const typed = query.toLowerCase();
    return options.filter(({ title }) => title.toLowerCase().includes(typed));
  };
}

/** With the one added or taken away, in the order of the field's choices. */
export function toggled(field: Field, set: readonly string[], value: string): string[] {
  const next = set.includes(value) ? set.filter((other) => other !== value) : [...set, value];
  return (field.choices ?? []).filter((known) => next.includes(known));
}

export const asList = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** The list of a field with several choices; each pick sets or unsets one and the list stays open. */
export function ChoicesList({
  field,
  value,
  onChange,
}: {
  field: Field;
  value: readonly string[];
  onChange: (value: string[] | null) => void;
}) {
  const words = usePickWords();
  const load = useChoiceOptions(field, value);
  const pick = (id: string) => {
    const next = toggled(field, value, id);
    onChange(next.length > 0 ? next : null);
  };
  return <PickList {...words} load={load} selected={value} onPick={(option) => pick(option.id)} />;
}

/** Several choices as chips, each with a cross, and a list to add more from. */
export function ChoicesInput({
  object,
  name,
  field,
  value,
  onChange,
  disabled,
  autoFocus,
}: {
  object: string;
  name: string;
  field: Field;
  value: unknown;
  onChange: (value: string[] | null) => void;
  disabled?: boolean;
  autoFocus?: boolean;
}) {
  const t = useTranslations('records.tags');
  const c = useTranslations('common');
  const labels = useLabels();
  const control = useFieldControl();
  const set = asList(value);
  const drop = (id: string) => {
    const next = toggled(field, set, id);
    onChange(next.length > 0 ? next : null);
  };
  return (
    <div
      className={cn(
        controlClasses,
        'flex h-auto min-h-8 flex-wrap items-center gap-1 py-1',
        set.length > 0 ? 'px-1.5' : 'px-2.5',
      )}
    >
      {set.map((id) => (
        <span key={id} className="inline-flex items-center gap-0.5">
          <ChoiceBadge field={field} value={id} />
          <button
            type="button"
            disabled={disabled}
            aria-label={t('remove', { tag: labels.choice(object, name, id) })}
            onClick={() => drop(id)}
            className="grid size-4 place-items-center rounded-xs text-muted-foreground hover:bg-accent hover:text-foreground pointer-coarse:size-7"
          >
            <X className="size-3" />
          </button>
        </span>
      ))}
      <Popover defaultOpen={autoFocus}>
        <PopoverTrigger asChild>
          <button
            type="button"
            {...control}
            disabled={disabled}
            className="flex h-5 min-w-16 flex-1 items-center gap-1 rounded-xs text-left text-muted-foreground text-sm hover:text-foreground pointer-coarse:h-8"
          >
            {set.length === 0 ? c('choose') : <Plus aria-label={c('add')} className="size-3.5" />}
          </button>
        </PopoverTrigger>
        <PopoverContent className="w-64 p-0" aria-label={labels.field(object, name)}>
          <ChoicesList field={field} value={set} onChange={onChange} />
        </PopoverContent>
      </Popover>
    </div>
  );
}
