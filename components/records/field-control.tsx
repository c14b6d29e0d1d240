'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { RecurrencePicker } from '@/components/tasks/recurrence-picker';
import { Combobox } from '@/components/ui/combobox';
import { DateInput } from '@/components/ui/date-input';
import { Input } from '@/components/ui/input';
import { Switch } from '@/components/ui/switch';
import { Textarea } from '@/components/ui/textarea';
import { labelIn } from '@/domain/custom-fields';
import type { Field } from '@/domain/fields';
import { clockIn, momentIn } from '@/domain/moments';
import { AddressInput } from './address-input';
import { ChoicesInput, useChoiceOptions } from './choices-input';
import { dayOf } from './field-rules';
import { currencyOf, fromText, isNumeric, toText, typedFields } from './field-text';
import { useOptions, usePickWords } from './pickers';
import { RatingInput } from './rating';
import { TagsInput } from './tags-input';
import { type ObjectKey, useObject } from './use-object';

export interface FieldControlProps {
  object: ObjectKey;
  name: string;
  /** In place of the catalogue's: a field that is only being made. */
  field?: Field;
  /** As the API takes it: minor units for money, ids for references. */
  value: unknown;
  /** With the title of what was picked. */
  onChange: (value: unknown, title?: string | null) => void;
  /** What a picked reference is called. */
  title?: string | null;
  currency?: string | null;
  /** The day a task is due, from which the ways it may come again follow. */
  day?: unknown;
  /** Narrows the stages offered. */
  pipelineId?: unknown;
  autoFocus?: boolean;
  disabled?: boolean;
}

/** The editor of one field, for inside a `<Field>`. */
export function FieldControl(props: FieldControlProps) {
  const known = useObject(props.object).fields[props.name];
  const field = props.field ?? known;
  if (!field) return null;
  return <Control {...props} field={field} />;
}

function Control({ field, ...props }: FieldControlProps & { field: Field }) {
  const { object, name, value, onChange, autoFocus, disabled } = props;
  if (object === 'task' && name === 'recurrence')
    return (
      <RecurrencePicker value={typeof value === 'string' ? value : null} day={dayOf(props.day)} onChange={onChange} />
    );
  if (typedFields.has(field.type)) return <TypedControl {...props} field={field} />;
  switch (field.type) {
    case 'longText':
      return (
        <Textarea
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(event.target.value || null)}
          autoFocus={autoFocus}
          disabled={disabled}
          rows={4}
        />
      );
    case 'datetime':
      return <MomentControl value={value} onChange={onChange} autoFocus={autoFocus} disabled={disabled} />;
    case 'date':
      return (
        <DateInput
          value={typeof value === 'string' ? value : null}
          onChange={onChange}
          autoFocus={autoFocus}
          disabled={disabled}
        />
      );
    case 'rating':
      return (
        <RatingInput
          value={typeof value === 'number' ? value : null}
          max={field.own?.settings.max ?? 5}
          onChange={onChange}
          autoFocus={autoFocus}
          disabled={disabled}
        />
      );
    case 'choices':
      return (
        <ChoicesInput
          object={object}
          name={name}
          field={field}
          value={value}
          onChange={onChange}
          autoFocus={autoFocus}
          disabled={disabled}
        />
      );
    case 'address':
      return <AddressInput value={value} onChange={onChange} autoFocus={autoFocus} disabled={disabled} />;
    case 'boolean':
      return <Switch checked={value === true} onCheckedChange={onChange} disabled={disabled} />;
    case 'tags':
      return (
        <TagsInput
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={(tags) => onChange(tags.length > 0 ? tags : null)}
          autoFocus={autoFocus}
        />
      );
    default:
      return <PickControl {...props} field={field} />;
  }
}

const inputTypes: Partial<Record<Field['type'], 'email' | 'tel' | 'url'>> = {
  email: 'email',
  phone: 'tel',
  link: 'url',
};

/** A moment as the clocks of the tenant's time zone show it. */
function MomentControl({
  value,
  onChange,
  ...props
}: Pick<FieldControlProps, 'value' | 'onChange' | 'autoFocus' | 'disabled'>) {
  const { timeZone } = useBoot().tenant;
  return (
    <DateInput
      time
      value={typeof value === 'string' ? clockIn(timeZone, value) : null}
      onChange={(clock) => onChange(clock && momentIn(timeZone, clock))}
      {...props}
    />
  );
}

/** A text input that keeps what was typed even when it is no value of the field. */
function TypedControl({ field, value, onChange, currency, autoFocus, disabled }: FieldControlProps & { field: Field }) {
  const { tenant } = useBoot();
  const unit = currencyOf(field, currency, tenant.currency);
  const [text, setText] = useState(() => toText(field, value, unit));
  // A value that came from elsewhere (a reset form) replaces the text; one that came from the text leaves it.
  const [known, setKnown] = useState(value);
  if (!Object.is(known, value)) {
    setKnown(value);
    if (!Object.is(fromText(field, text, unit), value ?? null)) setText(toText(field, value, unit));
  }
  return (
    <div className="relative">
      {field.type === 'money' && (
        <span className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-2.5 text-muted-foreground text-sm">
          {unit}
        </span>
      )}
      <Input
        // "email" and "url" would let the browser judge before our own words can.
        type={field.type === 'time' ? 'time' : 'text'}
        inputMode={isNumeric(field) ? 'decimal' : (inputTypes[field.type] ?? 'text')}
        value={text}
        autoFocus={autoFocus}
        disabled={disabled}
        autoComplete="off"
        className={field.type === 'money' ? 'tabular pl-13' : isNumeric(field) ? 'tabular' : undefined}
        onChange={(event) => {
          setText(event.target.value);
          const next = fromText(field, event.target.value, unit);
          setKnown(next);
          onChange(next);
        }}
      />
    </div>
  );
}

function PickControl({
  object,
  name,
  field,
  value,
  onChange,
  title,
  pipelineId,
  autoFocus,
  disabled,
}: FieldControlProps & { field: Field }) {
  const c = useTranslations('common');
  const t = useTranslations('records.pick');
  const labels = useLabels();
  const { pipelines, user } = useBoot();
  const own = useChoiceOptions(field, typeof value === 'string' ? [value] : []);
  const options = useOptions(object, name, field, pipelineId);
  const load = field.type === 'choice' && field.own ? own : options;
  const words = usePickWords();
  if (!load) return null;
  const id = typeof value === 'string' ? value : null;
  const known = pipelines
    .flatMap((p) => [{ id: p.id, name: p.name }, ...p.stages])
    .find((each) => each.id === id)?.name;
  // The choices of a field that is only being made are not in the catalogue yet.
  const choiceText = (value: string) => {
    const own = field.own?.settings.choices?.find((each) => each.value === value);
    return own ? labelIn(own.label, user.locale) : labels.choice(object, name, value);
  };
  const label = id === null ? null : field.type === 'choice' ? choiceText(id) : (title ?? known ?? id);
  return (
    <Combobox
      {...words}
      value={id}
      label={label}
      load={load}
      onChange={(option) => onChange(option?.id ?? null, option?.title ?? null)}
      placeholder={c('choose')}
      clearLabel={field.required ? undefined : t('clear', { field: labels.field(object, name) })}
      defaultOpen={autoFocus}
      disabled={disabled}
    />
  );
}
