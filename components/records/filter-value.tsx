'use client';

import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { Button } from '@/components/ui/button';
import { PickList } from '@/components/ui/combobox';
import { DateInput } from '@/components/ui/date-input';
import { Input } from '@/components/ui/input';
import { type Condition, periods } from '@/domain/filters';
import { fromText, isNumeric, toText } from './field-text';
import { type FilterField, takesMany, valuesOf, withPicked } from './filter-tree';
import { type Load, useOptions, usePickWords } from './pickers';
import { TagsInput } from './tags-input';

interface Props {
  found: FilterField;
  condition: Condition;
  onChange: (next: Condition) => void;
  onDone: () => void;
}

/** The inside of a chip's value: a list to choose from, or something to type. */
export function FilterValue(props: Props) {
  const { found, condition } = props;
  const { op } = condition;
  const load = useValues(found);
  if (found.field.type === 'boolean') return <YesNo {...props} />;
  if (op === 'during') return <During {...props} />;
  if (found.field.type === 'tags') return <Tags {...props} />;
  if (op === 'inLast' || op === 'inNext' || op === 'olderThan') return <Days {...props} />;
  if (op === 'between') return <Between {...props} />;
  if (load) return <Picked {...props} />;
  return <One {...props} />;
}

/** What a condition's value is picked from; undefined where it is typed. */
function useValues({ object, name, field }: FilterField): Load | undefined {
  const labels = useLabels();
  const load = useOptions(object, name, field);
  const values = valuesOf(field);
  if (!values) return load;
  const options = values.map((value) => ({
    id: String(value),
    title: typeof value === 'string' ? labels.choice(object, name, value) : String(value),
  }));
  return async (query) => options.filter(({ title }) => title.toLowerCase().includes(query.toLowerCase()));
}

function YesNo({ condition, onChange, onDone }: Props) {
  const c = useTranslations('common');
  const set = (value: boolean) => {
    onChange({ ...condition, value });
    onDone();
  };
  return (
    <div className="grid gap-px p-1">
      <Button variant="ghost" className="justify-start" onClick={() => set(true)}>
        {c('yes')}
      </Button>
      <Button variant="ghost" className="justify-start" onClick={() => set(false)}>
        {c('no')}
      </Button>
    </div>
  );
}

function Picked({ found, condition, onChange, onDone }: Props) {
  const load = useValues(found);
  const words = usePickWords();
  const { value } = condition;
  const chosen = (Array.isArray(value) ? value : [value]).flatMap((each) => (each == null ? [] : String(each)));
  if (!load) return null;
  return (
    <PickList
      {...words}
      load={load}
      selected={chosen}
      onPick={({ id }) => {
        onChange(withPicked(condition, found.field, id));
        if (!takesMany(condition.op)) onDone();
      }}
    />
  );
}

/** A day, week, month, quarter or year, told from today. */
function During({ condition, onChange, onDone }: Props) {
  const t = useTranslations('records.filter');
  const words = usePickWords();
  const options = periods.map((id) => ({ id, title: t(`period.${id}`) }));
  return (
    <PickList
      {...words}
      load={async (query) => options.filter(({ title }) => title.toLowerCase().includes(query.toLowerCase()))}
      selected={typeof condition.value === 'string' ? [condition.value] : []}
      onPick={({ id }) => {
        onChange({ ...condition, value: id });
        onDone();
      }}
    />
  );
}

function Tags({ condition, onChange, onDone }: Props) {
  const t = useTranslations('records.filter');
  const [tags, setTags] = useState(() => (Array.isArray(condition.value) ? condition.value.map(String) : []));
  return (
    <Typed
      valid={tags.length > 0}
      onSave={() => {
        onChange({ ...condition, value: tags });
        onDone();
      }}
    >
      <div className="min-w-0 flex-1">
        <TagsInput value={tags} onChange={setTags} label={t('value')} autoFocus />
      </div>
    </Typed>
  );
}

/** What is typed counts when Enter or the button says so: no list is asked for half a word. */
function Typed({ onSave, valid, children }: { onSave: () => void; valid: boolean; children: ReactNode }) {
  const c = useTranslations('common');
  return (
    <form
      className="flex items-center gap-2 p-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (valid) onSave();
      }}
    >
      {children}
      <Button type="submit" size="sm" disabled={!valid}>
        {c('apply')}
      </Button>
    </form>
  );
}

function One({ found, condition, onChange, onDone }: Props) {
  const t = useTranslations('records.filter');
  const draft = useDraft(found, Array.isArray(condition.value) ? condition.value[0] : condition.value);
  return (
    <Typed
      valid={draft.value !== null}
      onSave={() => {
        onChange({ ...condition, value: draft.value });
        onDone();
      }}
    >
      <DraftInput found={found} draft={draft} label={t('value')} autoFocus />
    </Typed>
  );
}

function Between({ found, condition, onChange, onDone }: Props) {
  const t = useTranslations('records.filter');
  const [low, high] = Array.isArray(condition.value) ? condition.value : [];
  const from = useDraft(found, low);
  const to = useDraft(found, high);
  return (
    <Typed
      valid={from.value !== null && to.value !== null}
      onSave={() => {
        if (from.value === null || to.value === null) return;
        onChange({ ...condition, value: from.value <= to.value ? [from.value, to.value] : [to.value, from.value] });
        onDone();
      }}
    >
      <div className="grid min-w-0 flex-1 gap-2">
        <DraftInput found={found} draft={from} label={t('from')} autoFocus />
        <DraftInput found={found} draft={to} label={t('to')} />
      </div>
    </Typed>
  );
}

function Days({ condition, onChange, onDone }: Props) {
  const t = useTranslations('records.filter');
  const [text, setText] = useState(typeof condition.value === 'number' ? String(condition.value) : '7');
  const days = Number(text);
  const valid = text.trim() !== '' && Number.isInteger(days) && days >= 0 && days <= 36_500;
  return (
    <Typed
      valid={valid}
      onSave={() => {
        onChange({ ...condition, value: days });
        onDone();
      }}
    >
      <Input
        aria-label={t('dayCount')}
        inputMode="numeric"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onFocus={(event) => event.target.select()}
        className="tabular w-20"
      />
      <span className="flex-1 text-muted-foreground text-sm">{t('dayCount')}</span>
    </Typed>
  );
}

interface Draft {
  text: string;
  setText: (text: string) => void;
  /** Null while it is no value of the field. */
  value: string | number | null;
}

function useDraft(found: FilterField, initial: unknown): Draft {
  const { tenant } = useBoot();
  const [text, setText] = useState(() => toText(found.field, initial, tenant.currency).slice(0, 1000));
  const isDay = found.field.type === 'date' || found.field.type === 'datetime';
  const value = isDay ? text || null : fromText(found.field, text, tenant.currency);
  const usable = (typeof value === 'number' && !Number.isNaN(value)) || (typeof value === 'string' && value !== '');
  return { text, setText, value: usable ? value : null };
}

function DraftInput({
  found,
  draft,
  label,
  autoFocus,
}: {
  found: FilterField;
  draft: Draft;
  label: string;
  autoFocus?: boolean;
}) {
  const isDay = found.field.type === 'date' || found.field.type === 'datetime';
  if (isDay) {
    return (
      <DateInput
        aria-label={label}
        value={draft.text ? draft.text.slice(0, 10) : null}
        onChange={(value) => draft.setText(value ?? '')}
        autoFocus={autoFocus}
      />
    );
  }
  return (
    <Input
      aria-label={label}
      value={draft.text}
      autoFocus={autoFocus}
      inputMode={isNumeric(found.field) ? 'decimal' : undefined}
      onChange={(event) => draft.setText(event.target.value)}
    />
  );
}
