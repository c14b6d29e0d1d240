'use client';

import { ExternalLink, Link as LinkIcon, PanelRight, SquareArrowOutUpRight, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { recordPath, useDeleteRecords } from '@/components/records/record-data';
import type { ObjectKey } from '@/components/records/use-object';
import { useCan } from '@/components/shell/boot';
import { useHref, useNavigate } from '@/components/shell/router';
import { ContextMenuContent, ContextMenuItem, ContextMenuSeparator } from '@/components/ui/context-menu';
import { toast } from '@/components/ui/toaster';

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
  const t = useTranslations('records.menu');
  const c = useTranslations('common');
  const can = useCan();
  const navigate = useNavigate();
  const remove = useDeleteRecords(object);
  const path = recordPath(object, id);
  const href = useHref(path);
  const copyLink = () =>
    void navigator.clipboard.writeText(window.location.origin + href).then(() => toast(c('copied')));
  return (
    <ContextMenuContent>
      <ContextMenuItem keys="enter" onSelect={() => onOpen(id)}>
        <PanelRight />
        {c('open')}
      </ContextMenuItem>
      <ContextMenuItem onSelect={() => navigate(path)}>
        <SquareArrowOutUpRight />
        {t('whole')}
      </ContextMenuItem>
      <ContextMenuItem onSelect={() => window.open(href, '_blank', 'noopener')}>
        <ExternalLink />
        {t('newTab')}
      </ContextMenuItem>
      <ContextMenuItem onSelect={copyLink}>
        <LinkIcon />
        {t('copyLink')}
      </ContextMenuItem>
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
