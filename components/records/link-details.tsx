'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useCodeText, useRefusalText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { DateInput } from '@/components/ui/date-input';
import { Field as FormField } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { Switch } from '@/components/ui/switch';
import { type LinkAttribute, labelIn } from '@/domain/custom-fields';
import type { Field } from '@/domain/fields';
import type { ObjectKey } from './use-object';

export type Linked = Outputs['relations']['of']['rows'][number];

/** What the link itself says, shown small and edited in a panel; nothing for relations whose links say nothing. */
export function LinkDetails({
  object,
  id,
  field,
  linked,
  editable,
  defaultOpen,
}: {
  object: ObjectKey;
  id: string;
  field: Field;
  linked: Linked;
  editable: boolean;
  /** For a link that was just made: what it says is asked at once. */
  defaultOpen?: boolean;
}) {
  const t = useTranslations('records.relation');
  const { locale } = useBoot().user;
  const trpc = useTRPC();
  const undo = useUndoToast();
  const refusal = useRefusalText();
  const said = useSaid(field, linked);
  const set = useMutation(trpc.relations.setAttributes.mutationOptions({ meta: { quiet: true } }));
  const definition = field.own;
  const attributes = definition?.settings.attributes ?? [];
  if (!definition || attributes.length === 0 || (!said && !editable)) return null;
  const title = linked.title ?? '';
  const change = (attribute: LinkAttribute, value: unknown) =>
    set.mutate(
      { object, field: definition.key, id, to: linked.id, attributes: { [attribute.key]: value } },
      { onSuccess: ({ changeSetId }) => undo(changeSetId, t('changed', { title })) },
    );
  const failed = (key: string) =>
    set.error && set.variables && key in (set.variables.attributes ?? {}) ? refusal(set.error) : undefined;
  return (
    <Popover defaultOpen={defaultOpen}>
      <PopoverTrigger asChild disabled={!editable}>
        <button
          type="button"
          aria-label={t('details', { title })}
          className="col-span-2 col-start-2 mb-0.5 w-fit max-w-full rounded-xs text-left text-muted-foreground text-xs hover:text-foreground hover:underline disabled:pointer-events-none"
        >
          {said || t('say')}
        </button>
      </PopoverTrigger>
      <PopoverContent className="grid w-72 gap-3" aria-label={t('details', { title })}>
        <p className="truncate font-medium text-sm">{title}</p>
        {attributes.map((attribute) => (
          <AttributeField
            key={attribute.key}
            attribute={attribute}
            label={labelIn(attribute.label, locale)}
            value={linked.attributes[attribute.key]}
            error={failed(attribute.key)}
            onSave={(value) => change(attribute, value)}
          />
        ))}
      </PopoverContent>
    </Popover>
  );
}

/** What a link says, in one line: "Leasing, 15, since Mar 3". */
function useSaid(field: Field, linked: Linked): string {
  const format = useFormat();
  const { locale } = useBoot().user;
  return (field.own?.settings.attributes ?? [])
    .flatMap(({ key, type, label }) => {
      const value = linked.attributes[key];
      const name = labelIn(label, locale);
      if (value === null || value === undefined || value === false) return [];
      if (value === true) return [name];
      // A bare number or day says nothing without what it is.
      if (type === 'date') return [`${name} ${format.date(String(value))}`];
      return [typeof value === 'number' ? `${name} ${format.number(value)}` : String(value)];
    })
    .join(' · ');
}

/** One attribute of a link; what cannot be read stays as it was typed, with the reason under it. */
function AttributeField({
  attribute: { type },
  label,
  value,
  error,
  onSave,
}: {
  attribute: LinkAttribute;
  label: string;
  value: unknown;
  error?: string;
  onSave: (value: unknown) => void;
}) {
  const codeText = useCodeText();
  const [text, setText] = useState(value === null || value === undefined ? '' : String(value));
  const number = readNumber(text);
  const wrong = type === 'number' && number === undefined;
  const save = () => {
    const typed = text.trim();
    const next = typed === '' ? null : type === 'number' ? number : typed;
    if (next !== undefined && next !== (value ?? null)) onSave(next);
  };
  if (type === 'boolean')
    return (
      <FormField label={label} inline error={error}>
        <Switch checked={value === true} onCheckedChange={onSave} className="justify-self-end" />
      </FormField>
    );
  return (
    <FormField label={label} error={wrong ? codeText('number') : error}>
      {type === 'date' ? (
        <DateInput value={text || null} onChange={(next) => setText(next ?? '')} onBlur={save} />
      ) : (
        <Input
          inputMode={type === 'number' ? 'decimal' : undefined}
          value={text}
          maxLength={1000}
          onChange={(event) => setText(event.target.value)}
          onBlur={save}
          onKeyDown={(event) => event.key === 'Enter' && !event.nativeEvent.isComposing && save()}
        />
      )}
    </FormField>
  );
}

/** A number as people type it, with a point or a comma and digits of full width; undefined for none, null for nothing. */
export function readNumber(text: string): number | null | undefined {
  const typed = text.normalize('NFKC').trim().replace(/\s/g, '');
  if (typed === '') return null;
  const plain = /^-?\d+,\d{1,2}$/.test(typed) ? typed.replace(',', '.') : typed.replaceAll(',', '');
  return /^-?\d+(?:\.\d+)?$/.test(plain) ? Number(plain) : undefined;
}
