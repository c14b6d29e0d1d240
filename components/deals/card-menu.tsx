'use client';

import { ArrowRightLeft, SquarePlus, Trash2 } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { OpenItems } from '@/components/records/open-items';
import { useDeleteRecords } from '@/components/records/record-data';
import { useCan } from '@/components/shell/boot';
import { useQuickCreate } from '@/components/shell/quick-create';
import { Dot } from '@/components/ui/badge';
import {
  ContextMenuContent,
  ContextMenuItem,
  ContextMenuSeparator,
  ContextMenuSub,
  ContextMenuSubContent,
  ContextMenuSubTrigger,
} from '@/components/ui/context-menu';
import type { StageView } from '@/domain/pipelines';
import type { CardRow } from './board-cache';

export interface CardMenuProps {
  row: CardRow;
  stages: readonly StageView[];
  movable: boolean;
  onOpen: (id: string) => void;
  onMove: (stageId: string) => void;
}

/** What can be done with the card under the pointer. */
export function CardMenu({ row, stages, movable, onOpen, onMove }: CardMenuProps) {
  const t = useTranslations('deals.menu');
  const c = useTranslations('common');
  const can = useCan();
  const create = useQuickCreate();
  const remove = useDeleteRecords('deal');
  return (
    <ContextMenuContent>
      <OpenItems path={`/deals/${row.id}`} onOpen={() => onOpen(row.id)} />
      <ContextMenuSeparator />
      {movable && (
        <ContextMenuSub>
          <ContextMenuSubTrigger>
            <ArrowRightLeft />
            {t('moveTo')}
          </ContextMenuSubTrigger>
          <ContextMenuSubContent>
            {stages
              .filter((stage) => stage.id !== row.stageId)
              .map((stage) => (
                <ContextMenuItem key={stage.id} onSelect={() => onMove(stage.id)}>
                  <Dot tone={stage.colour} />
                  {stage.name}
                </ContextMenuItem>
              ))}
          </ContextMenuSubContent>
        </ContextMenuSub>
      )}
      {can('task.write') && (
        <ContextMenuItem onSelect={() => create('task', { dealId: row.id, companyId: row.companyId ?? null })}>
          <SquarePlus />
          {t('addTask')}
        </ContextMenuItem>
      )}
      {can('deal.delete') && (
        <>
          <ContextMenuSeparator />
          <ContextMenuItem variant="destructive" onSelect={() => remove([row.id])}>
            <Trash2 />
            {c('delete')}
          </ContextMenuItem>
        </>
      )}
    </ContextMenuContent>
  );
}
