'use client';

import { useTranslations } from 'use-intl';
import type { Outputs } from '@/components/shell/trpc';
import { Badge } from '@/components/ui/badge';

type Status = Outputs['imports']['get']['status'];

const variants = {
  queued: 'secondary',
  running: 'primary',
  paused: 'warning',
  done: 'success',
  failed: 'destructive',
  cancelled: 'outline',
} as const;

export function StatusBadge({ status }: { status: Status }) {
  const t = useTranslations('imports.status');
  return <Badge variant={variants[status]}>{t(status)}</Badge>;
}
