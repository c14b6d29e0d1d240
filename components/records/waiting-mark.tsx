'use client';

import { CloudUpload } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useIsWaiting } from '@/components/shell/outbox';
import { cn } from '@/components/ui/cn';

/** Beside the name of a record of which a change has not been sent yet. */
export function WaitingMark({ id, className }: { id: string; className?: string }) {
  const t = useTranslations('shell.queue');
  if (!useIsWaiting(id)) return null;
  return (
    <span role="img" aria-label={t('waits')} title={t('waits')} className={cn('inline-flex shrink-0', className)}>
      <CloudUpload aria-hidden className="size-3.5 text-muted-foreground" />
    </span>
  );
}
