'use client';

import { useEffect, useId, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Files } from '@/components/conversation/files';
import { useBoot, useCan } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { presence } from '@/components/shell/live';
import { RecurrencePicker } from '@/components/tasks/recurrence-picker';
import { cn } from '@/components/ui/cn';
import { Switch } from '@/components/ui/switch';
import { isBlank } from '@/domain/blank';
import type { Field } from '@/domain/fields';
import { dayOf } from './field-rules';
import { currencyOf, toText } from './field-text';
import { FieldValue } from './field-value';
import { RatingInput } from './rating';
import type { RecordRow } from './record-data';
import { RelationField } from './relation-field';
import { isEditable } from './table-columns';
import { useCommit } from './use-commit';
import { type ObjectKey, useObject } from './use-object';
import { ValueEditor } from './value-editor';

const wrapping: ReadonlySet<Field['type']> = new Set(['longText', 'tags', 'choices', 'address']);

/** One field of a record: a click edits it where it stands. */
export function InlineField({
  object,
  name,
  row,
  className,
}: {
  object: ObjectKey;
  name: string;
  row: RecordRow;
  className?: string;
}) {
  const t = useTranslations('records');
  const labels = useLabels();
  const can = useCan();
  const { tenant } = useBoot();
  const [edit, setEdit] = useState<{ draft?: string; error?: string | null } | null>(null);
  const [refused, setRefused] = useState<{ draft?: string; error: string } | null>(null);
  const { commit, dialog } = useCommit(object);
  const button = useRef<HTMLButtonElement>(null);
  const errorId = useId();
  const isEditing = edit !== null;
  useEffect(() => {
    if (!isEditing) return;
    presence.edit(name);
    return () => presence.edit(undefined);
  }, [isEditing, name]);
  const field = useObject(object).fields[name];
  if (!field) return null;
  const label = labels.field(object, name);
  const editable = isEditable(field) && can(`${object}.write`);
  const value = row[name];
  const wraps = wrapping.has(field.type);

  const save = (next: unknown, title?: string | null) => {
    const draft = toText(field, next, currencyOf(field, row.currency, tenant.currency));
    let refusedHere: string | null = null;
    let settled = false;
    const kept = commit(row, name, next, {
      title,
      onRefused: (error) => {
        if (!settled) refusedHere = error;
        else setRefused({ draft, error });
      },
    });
    settled = true;
    if (!kept) {
      setEdit({ draft, error: refusedHere });
      return false;
    }
    setRefused(null);
    close();
    return true;
  };
  const close = () => {
    setEdit(null);
    // After the editor is gone.
    setTimeout(() => button.current?.focus());
  };

  // Controls that stand open have no editor to say it.
  const told = refused?.error ?? edit?.error;
  const said = told && (
    <p id={errorId} role="alert" className="px-2 pt-1 text-destructive text-sm">
      {told}
    </p>
  );
  if (field.type === 'relation') {
    return (
      <div className={className}>
        <RelationField object={object} name={name} field={field} id={row.id} />
      </div>
    );
  }
  if (field.type === 'file') {
    return (
      <div className={cn('min-w-0 [&>section]:grid-cols-1', className)}>
        <Files object={object} recordId={row.id} field={name} />
      </div>
    );
  }
  if (editable && object === 'task' && name === 'recurrence') {
    return (
      <div className={className}>
        <div className="flex h-8 items-center">
          <RecurrencePicker
            value={typeof value === 'string' ? value : null}
            day={dayOf(row.dueOn)}
            onChange={(next) => save(next)}
          />
        </div>
        {said}
        {dialog}
      </div>
    );
  }
  if (editable && field.type === 'rating') {
    return (
      <div className={cn('px-1', className)}>
        <RatingInput
          value={typeof value === 'number' ? value : null}
          max={field.own?.settings.max ?? 5}
          label={label}
          onChange={(next) => save(next)}
        />
        {said}
      </div>
    );
  }
  if (editable && field.type === 'boolean') {
    return (
      <div className={className}>
        <span className="flex h-8 items-center px-2">
          <Switch
            checked={value === true}
            aria-label={label}
            aria-describedby={told ? errorId : undefined}
            onCheckedChange={(next) => save(next)}
          />
        </span>
        {said}
      </div>
    );
  }
  return (
    <div className={cn('relative min-w-0', className)}>
      <div
        className={cn(
          'relative flex min-h-8 min-w-0 items-center rounded-md text-sm',
          wraps ? 'py-1.5' : 'h-8',
          editable && 'hover:bg-accent',
          refused && 'bg-destructive-soft',
        )}
      >
        {editable && (
          <button
            ref={button}
            type="button"
            data-edit
            aria-label={t('editField', { field: label })}
            aria-describedby={refused ? errorId : undefined}
            onClick={() => setEdit(refused ?? {})}
            className="absolute inset-0 cursor-text rounded-md"
          />
        )}
        <span
          className={cn(
            'pointer-events-none min-w-0 px-2 [&_a]:pointer-events-auto [&_a]:relative',
            wraps ? 'whitespace-pre-wrap break-words' : 'truncate',
          )}
        >
          {isBlank(value) ? (
            <span className="text-muted-foreground/70">—</span>
          ) : (
            <FieldValue object={object} name={name} row={row} />
          )}
        </span>
        {edit && (
          <ValueEditor
            object={object}
            name={name}
            row={row}
            draft={edit.draft}
            error={edit.error}
            onCommit={save}
            onCancel={close}
            className="absolute inset-0 h-full rounded-md"
          />
        )}
      </div>
      {refused && said}
      {dialog}
    </div>
  );
}
