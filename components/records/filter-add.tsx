'use client';

import { ChevronLeft } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCatalogue } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { Button } from '@/components/ui/button';
import { PickList } from '@/components/ui/combobox';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import type { Filter } from '@/domain/filters';
import { fieldsBehind, filterField, filterFields, freshCondition, leadsOn } from './filter-tree';
import { usePickWords } from './pickers';
import type { ObjectKey } from './use-object';

/** What a path is called: "Amount", or "Company: Industry" through a reference. */
export function usePathLabel(object: ObjectKey): (path: string) => string {
  const t = useTranslations('records.filter');
  const labels = useLabels();
  const catalogue = useCatalogue();
  return (path) => {
    const found = filterField(catalogue, object, path);
    if (!found) return path;
    const own = labels.field(found.object, found.name);
    if (!found.via) return own;
    const steps = found.via.split('.');
    const names = steps.map((_, i) => {
      const step = filterField(catalogue, object, steps.slice(0, i + 1).join('.'));
      return step ? labels.field(step.object, step.name) : '';
    });
    return t('through', { reference: names.join(' › '), field: own });
  };
}

/** Marks the choice that goes on to the fields behind a reference. */
const into = ' ›';

/** Chooses the field of a new condition: one of the object's own, or one behind up to three references. */
export function AddFilter({
  object,
  onAdd,
  onAddGroup,
  trigger,
  disabled,
  direct,
}: {
  object: ObjectKey;
  onAdd: (condition: Filter) => void;
  onAddGroup?: () => void;
  trigger: ReactNode;
  disabled?: boolean;
  /** The object's own fields only. */
  direct?: boolean;
}) {
  const t = useTranslations('records.filter');
  const [open, setOpen] = useState(false);
  const label = usePathLabel(object);
  const words = usePickWords();
  const catalogue = useCatalogue();
  const labels = useLabels();
  const c = useTranslations('common');
  const [via, setVia] = useState<string | null>(null);
  const load = async (query: string) => {
    const typed = query.toLowerCase();
    const own = fieldsBehind(catalogue, object, via);
    // Fields of other objects only when they are looked for: the list stays short.
    const found = typed !== '' && via === null && !direct ? filterFields(catalogue, object) : own;
    const options = found.map((each) => ({
      id: each.path,
      title: via === null ? label(each.path) : labels.field(each.object, each.name),
    }));
    const onward = own
      .filter((each) => !direct && leadsOn(catalogue, each))
      .map((each) => ({
        id: `${each.path}${into}`,
        title: t('into', { field: labels.field(each.object, each.name) }),
      }));
    return [...options, ...onward].filter(({ title }) => title.toLowerCase().includes(typed));
  };
  const pick = (path: string) => {
    if (path.endsWith(into)) return setVia(path.slice(0, -into.length));
    const found = filterField(catalogue, object, path);
    setOpen(false);
    if (found) onAdd(freshCondition(path, found.field));
  };
  return (
    <Popover
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setVia(null);
      }}
    >
      <PopoverTrigger asChild disabled={disabled}>
        {trigger}
      </PopoverTrigger>
      <PopoverContent className="w-64 p-0" aria-label={t('add')} onCloseAutoFocus={(event) => event.preventDefault()}>
        {via !== null && (
          <div className="border-b p-1">
            <Button variant="quiet" size="sm" className="w-full justify-start" onClick={() => setVia(null)}>
              <ChevronLeft />
              <span className="truncate">{`${c('back')} · ${label(via)}`}</span>
            </Button>
          </div>
        )}
        <PickList key={via} {...words} load={load} selected={[]} onPick={(option) => pick(option.id)} />
        {onAddGroup && (
          <div className="border-t p-1">
            <Button
              variant="quiet"
              size="sm"
              className="w-full justify-start"
              onClick={() => {
                setOpen(false);
                onAddGroup();
              }}
            >
              {t('addGroup')}
            </Button>
          </div>
        )}
      </PopoverContent>
    </Popover>
  );
}
