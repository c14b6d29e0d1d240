'use client';

import { type KeyboardEvent, type Ref, useImperativeHandle, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { RecurrencePicker } from '@/components/tasks/recurrence-picker';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { PickList } from '@/components/ui/combobox';
import { Kbd } from '@/components/ui/kbd';
import { Popover, PopoverAnchor, PopoverContent } from '@/components/ui/popover';
import { Textarea } from '@/components/ui/textarea';
import type { Field } from '@/domain/fields';
import { clockIn, momentIn } from '@/domain/moments';
import { AddressInput } from './address-input';
import { asList, ChoicesList, useChoiceOptions } from './choices-input';
import { dayOf } from './field-rules';
import { fromText, isNumeric, toText, typedFields } from './field-text';
import { useOptions, usePickWords } from './pickers';
import { RatingInput } from './rating';
import type { RecordRow } from './record-data';
import { TagsInput } from './tags-input';
import { type ObjectKey, useObject } from './use-object';

/** Where the focus goes after an edit: the cell to the right or left, the one below, or nowhere further. */
export type Onward = 'next' | 'previous' | 'below' | 'stay';

export interface ValueEditorProps {
  object: ObjectKey;
  name: string;
  row: RecordRow;
  /** Text the edit begins with in place of the value: a key pressed on a cell, or what was refused before. */
  draft?: string;
  /** Why the last try was refused. */
  error?: string | null;
  /** False when the value is refused here; the editor stays with what was typed. */
  onCommit: (value: unknown, title: string | null | undefined, onward: Onward) => boolean;
  onCancel: () => void;
  className?: string;
}

/** Edits one field in place: a text input where the value stood, or a panel under it. */
export function ValueEditor(props: ValueEditorProps) {
  const field = useObject(props.object).fields[props.name];
  if (!field) return null;
  if (isRepeat(props)) return <PanelEditor {...props} field={field} />;
  if (typedFields.has(field.type) || field.type === 'date' || field.type === 'datetime') {
    return <TypedEditor {...props} field={field} />;
  }
  return <PanelEditor {...props} field={field} />;
}

const isRepeat = ({ object, name }: Pick<ValueEditorProps, 'object' | 'name'>) =>
  object === 'task' && name === 'recurrence';

type EditorProps = ValueEditorProps & { field: Field };

function useCurrency(row: RecordRow): string {
  const { tenant } = useBoot();
  return typeof row.currency === 'string' ? row.currency : tenant.currency;
}

const inputTypes: Partial<Record<Field['type'], string>> = { date: 'date', datetime: 'datetime-local', time: 'time' };

function TypedEditor({ object, name, field, row, draft, error, onCommit, onCancel, className }: EditorProps) {
  const labels = useLabels();
  const currency = useCurrency(row);
  const { timeZone } = useBoot().tenant;
  const isMoment = field.type === 'datetime';
  const begin =
    isMoment && typeof row[name] === 'string' ? clockIn(timeZone, row[name]) : toText(field, row[name], currency);
  const [text, setText] = useState(draft ?? begin);
  const over = useRef(false);
  const isDate = field.type === 'date' || isMoment || field.type === 'time';
  const typed = () => {
    if (!isDate) return fromText(field, text, currency);
    return (isMoment && text ? momentIn(timeZone, text) : text) || null;
  };
  const commit = (onward: Onward) => {
    if (over.current) return;
    // Taking it moves the focus away, which would have it taken once more.
    over.current = true;
    over.current = onCommit(typed(), undefined, onward);
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    event.stopPropagation();
    if (event.key === 'Enter') commit('below');
    else if (event.key === 'Tab') commit(event.shiftKey ? 'previous' : 'next');
    else if (event.key === 'Escape') {
      over.current = true;
      onCancel();
    } else return;
    event.preventDefault();
  };
  return (
    <Popover open={Boolean(error)}>
      <PopoverAnchor asChild>
        <input
          type={isDate ? inputTypes[field.type] : 'text'}
          aria-label={labels.field(object, name)}
          aria-invalid={Boolean(error) || undefined}
          inputMode={isNumeric(field) ? 'decimal' : undefined}
          // biome-ignore lint/a11y/noAutofocus: the person just asked to edit this
          autoFocus
          autoComplete="off"
          value={text}
          onFocus={(event) => !draft && !isDate && event.target.select()}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={press}
          onBlur={() => commit('stay')}
          className={cn(
            'w-full min-w-0 bg-background px-2 text-sm outline-2 outline-ring aria-invalid:outline-destructive pointer-coarse:text-[16px]',
            isNumeric(field) && 'tabular text-right',
            className,
          )}
        />
      </PopoverAnchor>
      <PopoverContent
        role="alert"
        onOpenAutoFocus={(event) => event.preventDefault()}
        onInteractOutside={(event) => event.preventDefault()}
        className="w-auto max-w-64 bg-destructive-soft px-2.5 py-1.5 text-destructive"
      >
        {error}
      </PopoverContent>
    </Popover>
  );
}

const padded: ReadonlySet<Field['type']> = new Set(['longText', 'tags', 'address', 'rating', 'file']);

/** `leave` is given what keeps the value, for when one clicks elsewhere; without it that is no more than closing. */
type PanelProps = EditorProps & { leave: Ref<() => void> };

function PanelEditor(given: EditorProps) {
  const { object, name, field, error, onCancel, className } = given;
  const labels = useLabels();
  const leave = useRef<() => void>(null);
  const props: PanelProps = { ...given, leave };
  return (
    <Popover open onOpenChange={(open) => !open && (leave.current ?? onCancel)()}>
      <PopoverAnchor asChild>
        <span className={cn('block w-full outline-2 outline-ring', className)} />
      </PopoverAnchor>
      <PopoverContent
        aria-label={labels.field(object, name)}
        sideOffset={2}
        onCloseAutoFocus={(event) => event.preventDefault()}
        onEscapeKeyDown={(event) => {
          event.preventDefault();
          onCancel();
        }}
        onKeyDown={(event) => event.stopPropagation()}
        className={cn('w-72', padded.has(field.type) ? 'p-2' : 'p-0', field.type === 'rating' && 'w-auto')}
      >
        {error && (
          <p role="alert" className="bg-destructive-soft px-2.5 py-1.5 text-destructive text-sm">
            {error}
          </p>
        )}
        {isRepeat(props) ? (
          <RepeatPanel {...props} />
        ) : field.type === 'longText' ? (
          <LongTextPanel {...props} />
        ) : field.type === 'tags' ? (
          <TagsPanel {...props} />
        ) : field.type === 'choices' ? (
          <ChoicesPanel {...props} />
        ) : field.type === 'address' ? (
          <AddressPanel {...props} />
        ) : field.type === 'rating' ? (
          <RatingPanel {...props} />
        ) : (
          <PickPanel {...props} />
        )}
      </PopoverContent>
    </Popover>
  );
}

function RepeatPanel({ name, row, onCommit }: EditorProps) {
  const value = row[name];
  return (
    <RecurrencePicker
      value={typeof value === 'string' ? value : null}
      day={dayOf(row.dueOn)}
      onChange={(next) => onCommit(next, undefined, 'stay')}
    />
  );
}

function LongTextPanel({ object, name, row, draft, onCommit, onCancel, leave }: PanelProps) {
  const c = useTranslations('common');
  const labels = useLabels();
  const value = row[name];
  const [text, setText] = useState(draft ?? (typeof value === 'string' ? value : ''));
  const save = () => onCommit(text.trim() === '' ? null : text, undefined, 'stay');
  useImperativeHandle(leave, () => save);
  return (
    <div className="grid gap-2">
      <Textarea
        aria-label={labels.field(object, name)}
        autoFocus
        value={text}
        rows={5}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) save();
        }}
      />
      <Buttons cancel={onCancel} save={save} cancelLabel={c('cancel')} saveLabel={c('save')} />
    </div>
  );
}

function TagsPanel({ object, name, row, onCommit, onCancel, leave }: PanelProps) {
  const c = useTranslations('common');
  const labels = useLabels();
  const value = row[name];
  const [tags, setTags] = useState(Array.isArray(value) ? value.map(String) : []);
  const save = () => onCommit(tags.length > 0 ? tags : null, undefined, 'stay');
  useImperativeHandle(leave, () => save);
  return (
    <div className="grid gap-2">
      <TagsInput label={labels.field(object, name)} value={tags} onChange={setTags} autoFocus onSubmit={save} />
      <Buttons cancel={onCancel} save={save} cancelLabel={c('cancel')} saveLabel={c('save')} />
    </div>
  );
}

/** The list stays open while several are picked; the button keeps them and a click elsewhere too, Escape does not. */
function ChoicesPanel({ name, field, row, onCommit, leave }: PanelProps) {
  const [value, setValue] = useState(asList(row[name]));
  const save = () => onCommit(value.length > 0 ? value : null, undefined, 'stay');
  useImperativeHandle(leave, () => save);
  return (
    <>
      <ChoicesList field={field} value={value} onChange={(next) => setValue(next ?? [])} />
      <ChoicesFooter save={save} />
    </>
  );
}

function ChoicesFooter({ save }: { save: () => void }) {
  const c = useTranslations('common');
  return (
    <div className="flex justify-end border-t p-1.5">
      <Button size="sm" onClick={save}>
        {c('done')}
      </Button>
    </div>
  );
}

function AddressPanel({ name, row, onCommit, onCancel, leave }: PanelProps) {
  const c = useTranslations('common');
  const [value, setValue] = useState<unknown>(row[name]);
  const save = () => onCommit(value ?? null, undefined, 'stay');
  useImperativeHandle(leave, () => save);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter saves from every part
    <div
      className="grid gap-2"
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.nativeEvent.isComposing && event.target instanceof HTMLInputElement) save();
      }}
    >
      <AddressInput value={value} onChange={setValue} autoFocus />
      <Buttons cancel={onCancel} save={save} cancelLabel={c('cancel')} saveLabel={c('save')} />
    </div>
  );
}

function RatingPanel({ object, name, field, row, onCommit }: EditorProps) {
  const labels = useLabels();
  const value = row[name];
  return (
    <RatingInput
      value={typeof value === 'number' ? value : null}
      max={field.own?.settings.max ?? 5}
      label={labels.field(object, name)}
      onChange={(next) => onCommit(next, undefined, 'stay')}
      autoFocus
    />
  );
}

function Buttons(p: { cancel: () => void; save: () => void; cancelLabel: string; saveLabel: string }) {
  return (
    <div className="flex justify-end gap-2">
      <Button variant="quiet" size="sm" onClick={p.cancel}>
        {p.cancelLabel}
      </Button>
      <Button size="sm" onClick={p.save}>
        {p.saveLabel}
        <Kbd
          keys="mod+enter"
          className="max-sm:hidden [&_kbd]:border-transparent [&_kbd]:bg-white/15 [&_kbd]:text-current"
        />
      </Button>
    </div>
  );
}

function PickPanel({ object, name, field, row, onCommit }: EditorProps) {
  const t = useTranslations('records.pick');
  const labels = useLabels();
  const own = useChoiceOptions(field, typeof row[name] === 'string' ? [row[name]] : []);
  const options = useOptions(object, name, field, name === 'stageId' ? row.pipelineId : undefined);
  const load = field.type === 'choice' && field.own ? own : options;
  const words = usePickWords();
  const value = row[name];
  if (!load) return null;
  return (
    <>
      <PickList
        {...words}
        load={load}
        selected={typeof value === 'string' ? [value] : []}
        onPick={(option) => onCommit(option.id, option.title, 'stay')}
      />
      {!field.required && typeof value === 'string' && field.to !== 'stage' && field.to !== 'pipeline' && (
        <div className="border-t p-1">
          <Button
            variant="quiet"
            size="sm"
            className="w-full justify-start"
            onClick={() => onCommit(null, null, 'stay')}
          >
            {t('clear', { field: labels.field(object, name) })}
          </Button>
        </div>
      )}
    </>
  );
}
