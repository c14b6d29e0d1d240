'use client';

import { useMutation } from '@tanstack/react-query';
import { Combine, Pencil, Trash2, X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ExportChosen } from '@/components/exports/export-button';
import { useBoot, useCan } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { PickList } from '@/components/ui/combobox';
import { Field } from '@/components/ui/field';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { Hint } from '@/components/ui/tooltip';
import type { Filter, Sort } from '@/domain/filters';
import { maxMerged } from '@/domain/merge';
import { FieldControl } from './field-control';
import { checkValue, currencyOf } from './field-text';
import { isFillable } from './grid-range';
import { usePickWords } from './pickers';
import { useUpdateMany } from './record-data';
import { most } from './use-clipboard';
import { type ObjectKey, useObject } from './use-object';
import { useRefusedText } from './use-refused';

const MergeDialog = lazy(async () => ({
  default: (await import('@/components/duplicates/merge-dialog')).MergeDialog,
}));

/** What happened, or is to be done, is never the same thing twice. */
const passing: ReadonlySet<ObjectKey> = new Set(['task', 'activity', 'note']);

/** What the bar is about: some records, or all of a list. */
export interface Chosen {
  ids: ReadonlySet<string>;
  /** How many the list has in all, and what it is narrowed by. */
  total: number;
  filter: Filter | undefined;
  q: string | undefined;
  sort?: Sort[];
  /** As the list shows them. */
  columns: string[];
}

/** Comes from below while records are chosen: how many, and what can be done with all of them. */
export function SelectionBar({
  object,
  onDelete,
  onClear,
  ...chosen
}: Chosen & { object: ObjectKey; onDelete: () => void; onClear: () => void }) {
  const t = useTranslations('records.selection');
  const c = useTranslations('common');
  const can = useCan();
  const { ids, total } = chosen;
  const narrowed = JSON.stringify([chosen.filter, chosen.q, ids.size]);
  // All of a list are meant for as long as it is the same list.
  const [wholeOf, setWholeOf] = useState('');
  const whole = wholeOf === narrowed;
  const removeAll = useRemoveAll(object);
  const [merging, setMerging] = useState<string[] | null>(null);
  if (ids.size === 0) return <div role="status" />;
  const count = whole ? total : ids.size;
  const mergeable = count > 1 && !passing.has(object) && can(`${object}.write`) && can(`${object}.delete`);
  const { filter, q, sort, columns } = chosen;
  const exported = { filter, q, sort, columns, ...(whole ? {} : { ids: [...ids] }) };
  const clear = () => {
    setWholeOf('');
    onClear();
  };
  const remove = () => {
    if (!whole) return onDelete();
    removeAll.mutate({ object, count: total, filter: chosen.filter, q: chosen.q || undefined }, { onSuccess: clear });
  };
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-12 z-30 flex justify-center px-4 max-md:bottom-3">
      <div
        role="toolbar"
        aria-label={t('label')}
        className="pointer-events-auto flex h-11 animate-in slide-in-from-bottom-4 fade-in-0 items-center gap-1 rounded-lg bg-popover px-2 shadow-pop duration-150"
      >
        <span role="status" className="tabular px-2 font-medium text-sm">
          {t('count', { count })}
        </span>
        {!whole && total > ids.size && (
          <Button variant="ghost" size="sm" onClick={() => setWholeOf(narrowed)}>
            {t('all', { count: total })}
          </Button>
        )}
        {!whole && count > most && (
          <span className="px-1 text-muted-foreground text-xs">{t('most', { count: most })}</span>
        )}
        {can(`${object}.write`) && <BulkEdit object={object} chosen={chosen} whole={whole} count={count} />}
        {mergeable && (
          <Hint label={count > maxMerged ? t('mergeMost', { count: maxMerged }) : t('merge')}>
            {/* A button that does nothing still says why. */}
            <span className="inline-flex">
              <Button
                variant="ghost"
                size="sm"
                disabled={whole || count > maxMerged}
                onClick={() => setMerging([...ids])}
              >
                <Combine />
                {t('merge')}
              </Button>
            </span>
          </Hint>
        )}
        <ExportChosen object={object} list={exported} count={count} />
        {can(`${object}.delete`) && (
          <Button
            variant="ghost"
            size="sm"
            className="text-destructive"
            busy={removeAll.isPending}
            disabled={!whole && count > most}
            onClick={remove}
          >
            <Trash2 />
            {c('delete')}
          </Button>
        )}
        <Hint label={t('clear')} keys="escape">
          <Button variant="quiet" size="icon-sm" aria-label={t('clear')} onClick={clear}>
            <X />
          </Button>
        </Hint>
      </div>
      {merging && (
        <Suspense fallback={null}>
          <MergeDialog
            object={object}
            ids={merging}
            onClose={(merged) => {
              setMerging(null);
              if (merged) clear();
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

/** What is too many for one request goes on behind; either way one undo takes it back. */
function useBulkDone(): (answer: { changeSetId: string; count: number; queued?: number }) => void {
  const t = useTranslations('records.selection');
  const undo = useUndoToast();
  return ({ changeSetId, count, queued }) =>
    undo(changeSetId, queued ? t('queued', { count: queued }) : t('done', { count }));
}

function useUpdateAll(object: ObjectKey) {
  const trpc = useTRPC();
  const onSuccess = useBulkDone();
  const { plural } = useObject(object);
  return useMutation(
    trpc.bulk.update.mutationOptions({ meta: { quiet: true, refresh: [plural, 'views'] }, onSuccess }),
  );
}

function useRemoveAll(object: ObjectKey) {
  const trpc = useTRPC();
  const onSuccess = useBulkDone();
  const { plural } = useObject(object);
  return useMutation(trpc.bulk.remove.mutationOptions({ meta: { refresh: [plural, 'views'] }, onSuccess }));
}

interface BulkProps {
  object: ObjectKey;
  chosen: Chosen;
  whole: boolean;
  count: number;
}

/** One field of all of them: which, then to what. */
function BulkEdit(props: BulkProps) {
  const { object, whole, count } = props;
  const t = useTranslations('records.selection');
  const [open, setOpen] = useState(false);
  const [name, setName] = useState<string | null>(null);
  const labels = useLabels();
  const words = usePickWords();
  const kind = useObject(object);
  const options = Object.keys(kind.fields)
    .filter((key) => isFillable(kind, key) && key !== kind.title)
    .map((key) => ({ id: key, title: labels.field(object, key) }));
  const change = (next: boolean) => {
    setOpen(next);
    if (next) setName(null);
  };
  return (
    <Popover open={open} onOpenChange={change}>
      <PopoverTrigger asChild>
        <Button variant="ghost" size="sm" disabled={!whole && count > most}>
          <Pencil />
          {t('edit')}
        </Button>
      </PopoverTrigger>
      <PopoverContent side="top" className={name ? 'w-80' : 'w-72 p-0'} aria-label={t('edit')}>
        {name ? (
          <BulkValue {...props} name={name} onDone={() => setOpen(false)} />
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

function BulkValue({ object, name, chosen, whole, count, onDone }: BulkProps & { name: string; onDone: () => void }) {
  const t = useTranslations('records.selection');
  const labels = useLabels();
  const some = useUpdateMany(object);
  const all = useUpdateAll(object);
  const text = useRefusedText(object);
  const { tenant } = useBoot();
  const field = useObject(object).fields[name];
  const [picked, setPicked] = useState<{ value: unknown; title?: string | null }>({ value: null });
  if (!field) return null;
  const checked = checkValue(field, picked.value, currencyOf(field, null, tenant.currency));
  const save = () => {
    if ('code' in checked) return;
    const values = { [name]: checked.value };
    const { filter, q } = chosen;
    if (whole) all.mutate({ object, count, filter, q: q || undefined, values }, { onSuccess: onDone });
    else some.mutate({ ids: [...chosen.ids], values }, { onSuccess: onDone });
  };
  const failed = some.error ?? all.error;
  const error = failed ? text(failed, name) : undefined;
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
      <Button type="submit" busy={some.isPending || all.isPending} disabled={'code' in checked}>
        {t('apply', { count })}
      </Button>
    </form>
  );
}
