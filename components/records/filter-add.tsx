'use client';

import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLabels } from '@/components/shell/labels';
import { Button } from '@/components/ui/button';
import { PickList } from '@/components/ui/combobox';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import type { Filter } from '@/domain/filters';
import type { RecordObject } from '@/domain/objects';
import { filterField, filterFields, freshCondition } from './filter-tree';
import { usePickWords } from './pickers';

/** What a path is called: "Amount", or "Company: Industry" through a reference. */
export function usePathLabel(object: RecordObject): (path: string) => string {
  const t = useTranslations('records.filter');
  const labels = useLabels();
  return (path) => {
    const found = filterField(object, path);
    if (!found) return path;
    const own = labels.field(found.object, found.name);
    return found.via ? t('through', { reference: labels.field(object, found.via), field: own }) : own;
  };
}

/** Chooses the field of a new condition. */
export function AddFilter({
  object,
  onAdd,
  onAddGroup,
  trigger,
  disabled,
}: {
  object: RecordObject;
  onAdd: (condition: Filter) => void;
  onAddGroup?: () => void;
  trigger: ReactNode;
  disabled?: boolean;
}) {
  const t = useTranslations('records.filter');
  const [open, setOpen] = useState(false);
  const label = usePathLabel(object);
  const words = usePickWords();
  const options = filterFields(object).map(({ path, via }) => ({ id: path, title: label(path), via }));
  const load = async (query: string) => {
    const typed = query.toLowerCase();
    // Fields of other objects only when they are looked for: the list stays short.
    return options.filter(({ title, via }) => (typed !== '' || via === null) && title.toLowerCase().includes(typed));
  };
  const pick = (path: string) => {
    const found = filterField(object, path);
    setOpen(false);
    if (found) onAdd(freshCondition(path, found.field));
  };
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild disabled={disabled}>
        {trigger}
      </PopoverTrigger>
      <PopoverContent className="w-64 p-0" aria-label={t('add')} onCloseAutoFocus={(event) => event.preventDefault()}>
        <PickList {...words} load={load} selected={[]} onPick={(option) => pick(option.id)} />
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
