'use client';

import { useTranslations } from 'use-intl';
import { FinderDialog, useFinder } from '@/components/shell/finder';
import type { Hit } from '@/components/shell/palette-records';

/** Finds a record to stand beside the one on the screen, as the palette finds it; mounted while it is open. */
export function BesideDialog({ onClose, onChoose }: { onClose: () => void; onChoose: (hit: Hit) => void }) {
  const t = useTranslations('conversation.beside');
  const finder = useFinder(true, (open) => !open && onClose());
  return (
    <FinderDialog finder={finder} title={t('open')} description={t('help')} placeholder={t('find')} onChoose={onChoose}>
      <p className="px-3 py-2 text-muted-foreground text-xs">{t('help')}</p>
    </FinderDialog>
  );
}
