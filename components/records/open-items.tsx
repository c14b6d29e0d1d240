'use client';

import { ExternalLink, Link as LinkIcon, PanelRight, SquareArrowOutUpRight } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { navigate, useHref } from '@/components/shell/router';
import { ContextMenuItem } from '@/components/ui/context-menu';
import { toast } from '@/components/ui/toaster';

/** The ways to a record, first in the menu of its row or card. */
export function OpenItems({ path, onOpen }: { path: string; onOpen: () => void }) {
  const t = useTranslations('records.menu');
  const c = useTranslations('common');
  const href = useHref(path);
  const copyLink = () =>
    void navigator.clipboard.writeText(window.location.origin + href).then(() => toast(c('copied')));
  return (
    <>
      <ContextMenuItem keys="enter" onSelect={onOpen}>
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
    </>
  );
}
