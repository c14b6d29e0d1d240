'use client';

import { Pencil, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCan } from '@/components/shell/boot';
import { useFieldErrors, useRefusalText } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { Button } from '@/components/ui/button';
import { PickList } from '@/components/ui/combobox';
import { Field } from '@/components/ui/field';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { Hint } from '@/components/ui/tooltip';
import { objects, type RecordObject } from '@/domain/objects';
import { FieldControl } from './field-control';
import { checkValue } from './field-text';
import { usePickWords } from './pickers';
import { useUpdateMany } from './record-data';

/** The server changes at most so many at once. */
const most = 1000;

/** Comes from below while records are chosen: how many, and what can be done with all of them. */
export function SelectionBar({
  object,
  ids,
  onDelete,
  onClear,
}: {
  object: RecordObject;
  ids: ReadonlySet<string>;
  onDelete: () => void;
  onClear: () => void;
}) {
  const t = useTranslations('records.selection');
  const c = useTranslations('common');
  const can = useCan();
  if (ids.size === 0) return <div role="status" />;
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-12 z-30 flex justify-center px-4 max-md:bottom-3">
      <div
        role="toolbar"
        aria-label={t('label')}
        className="pointer-events-auto flex h-11 animate-in slide-in-from-bottom-4 fade-in-0 items-center gap-1 rounded-lg bg-popover px-2 shadow-pop duration-150"
      >
        <span role="status" className="tabular px-2 font-medium text-sm">
          {t('count', { count: ids.size })}
        </span>
        {can(`${object}.write`) && <BulkEdit object={object} ids={ids} />}
        {can(`${object}.delete`) && (
          <Button variant="ghost" size="sm" className="text-destructive" disabled={ids.size > most} onClick={onDelete}>
            <Trash2 />
            {c('delete')}
          </Button>
        )}
        <Hint label={t('clear')} keys="escape">
          <Button variant="quiet" size="icon-sm" aria-label={t('clear')} onClick={onClear}>
            <X />
          </Button>
        </Hint>
      </div>
    </div>
  );
}

/** One field of all of them: which, then to what. */
function BulkEdit({ object, ids }: { object: RecordObject; ids: ReadonlySet<string> }) {
  const t = useTranslations('records.selection');
  const [open, setOpen] = useState(false);
  const [name, setName] = useState<string | null>(null);
  const labels = useLabels();
  const words = usePickWords();
  const { fields, title } = objects[object];
  const options = Object.entries(fields)
    .filter(([key, field]) => !field.readOnly && key !== title)
    .map(([key]) => ({ id: key, title: labels.field(object, key) }));
  const change = (next: boolean) => {
    setOpen(next);
    if (next) setName(null);
  };
  return (
    <Popover open={open} onOpenChange={change}>
      <PopoverTrigger asChild>
        <Button variant="ghost" size="sm" disabled={ids.size > most}>
          <Pencil />
          {t('edit')}
        </Button>
      </PopoverTrigger>
      <PopoverContent side="top" className={name ? 'w-80' : 'w-72 p-0'} aria-label={t('edit')}>
        {name ? (
          <BulkValue object={object} name={name} ids={ids} onDone={() => setOpen(false)} />
        ) : (
          <PickList
            {...words}
            selected={[]}
            load={async (q) => options.filter((option) => option.title.toLowerCase().includes(q.toLowerCase()))}
            onPick={(option) => setName(option.id)}
          />
        )}
      </PopoverContent>
    </Popover>
  );
}

function BulkValue({
  object,
  name,
  ids,
  onDone,
}: {
  object: RecordObject;
  name: string;
  ids: ReadonlySet<string>;
  onDone: () => void;
}) {
  const t = useTranslations('records.selection');
  const labels = useLabels();
  const updateMany = useUpdateMany(object);
  const text = useRefusalText();
  const fieldTexts = useFieldErrors();
  const field = objects[object].fields[name];
  const [picked, setPicked] = useState<{ value: unknown; title?: string | null }>({ value: null });
  if (!field) return null;
  const checked = checkValue(field, picked.value);
  const save = () => {
    if ('code' in checked) return;
    updateMany.mutate({ ids: [...ids], values: { [name]: checked.value } }, { onSuccess: onDone });
  };
  const error = updateMany.error ? (fieldTexts(updateMany.error)[name] ?? text(updateMany.error)) : undefined;
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Field label={labels.field(object, name)} error={error}>
        <FieldControl
          object={object}
          name={name}
          value={picked.value}
          title={picked.title}
          onChange={(value, title) => setPicked({ value, title })}
          autoFocus
        />
      </Field>
      <Button type="submit" busy={updateMany.isPending} disabled={'code' in checked}>
        {t('apply', { count: ids.size })}
      </Button>
    </form>
  );
}
