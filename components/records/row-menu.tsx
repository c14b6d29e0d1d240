'use client';

import { CheckSquare, Filter as FilterIcon, Pencil, Trash2 } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useCan } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { ContextMenuContent, ContextMenuItem, ContextMenuSeparator } from '@/components/ui/context-menu';
import { isBlank } from '@/domain/blank';
import type { Filter } from '@/domain/filters';
import { conditionFor } from './filter-tree';
import { OpenItems } from './open-items';
import { type RecordRow, recordPath } from './record-data';
import { isEditable } from './table-columns';
import { type ObjectKey, useObject } from './use-object';

export interface RowMenuProps {
  object: ObjectKey;
  row: RecordRow;
  name: string;
  selected: boolean;
  onOpen: () => void;
  onEdit: () => void;
  onSelect: () => void;
  onFilter: (condition: Filter) => void;
  onDelete: () => void;
}

/** What can be done with a row and the cell under the pointer. */
export function RowMenu({ object, row, name, selected, ...act }: RowMenuProps) {
  const t = useTranslations('records.menu');
  const c = useTranslations('common');
  const labels = useLabels();
  const can = useCan();
  const field = useObject(object).fields[name];
  const label = labels.field(object, name);
  const condition = field && !isBlank(row[name]) ? conditionFor(name, field, row[name]) : null;
  return (
    <ContextMenuContent>
      <OpenItems path={recordPath(object, row.id)} onOpen={act.onOpen} />
      <ContextMenuSeparator />
      {isEditable(field) && can(`${object}.write`) && (
        <ContextMenuItem keys="e" onSelect={() => setTimeout(act.onEdit)}>
          <Pencil />
          {t('edit', { field: label })}
        </ContextMenuItem>
      )}
      {condition && (
        <ContextMenuItem onSelect={() => act.onFilter(condition)}>
          <FilterIcon />
          {t('filter', { field: label })}
        </ContextMenuItem>
      )}
      <ContextMenuItem keys="x" onSelect={act.onSelect}>
        <CheckSquare />
        {selected ? t('deselect') : t('select')}
      </ContextMenuItem>
      {can(`${object}.delete`) && (
        <>
          <ContextMenuSeparator />
          <ContextMenuItem variant="destructive" onSelect={act.onDelete}>
            <Trash2 />
            {c('delete')}
          </ContextMenuItem>
        </>
      )}
    </ContextMenuContent>
  );
}
