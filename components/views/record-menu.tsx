'use client';

import { Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { OpenItems } from '@/components/records/open-items';
import { recordPath, useDeleteRecords } from '@/components/records/record-data';
import type { ObjectKey } from '@/components/records/use-object';
import { useCan } from '@/components/shell/boot';
import { ContextMenuContent, ContextMenuItem, ContextMenuSeparator } from '@/components/ui/context-menu';

/** What can be done with a card or an entry under the pointer; `children` say where it can be put. */
export function RecordMenu({
  object,
  id,
  onOpen,
  children,
}: {
  object: ObjectKey;
  id: string;
  onOpen: (id: string) => void;
  children?: ReactNode;
}) {
  const c = useTranslations('common');
  const can = useCan();
  const remove = useDeleteRecords(object);
  return (
    <ContextMenuContent>
      <OpenItems path={recordPath(object, id)} onOpen={() => onOpen(id)} />
      {children && (
        <>
          <ContextMenuSeparator />
          {children}
        </>
      )}
      {can(`${object}.delete`) && (
        <>
          <ContextMenuSeparator />
          <ContextMenuItem variant="destructive" onSelect={() => remove([id])}>
            <Trash2 />
            {c('delete')}
          </ContextMenuItem>
        </>
      )}
    </ContextMenuContent>
  );
}
