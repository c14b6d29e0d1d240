'use client';

import { useTranslations } from 'use-intl';
import { Badge } from '@/components/ui/badge';

/** How sure a guess is, in a word; the number is read out too. */
export function ConfidenceChip({ confidence }: { confidence: number }) {
  const t = useTranslations('imports.confidence');
  const level = confidence >= 0.9 ? 'sure' : confidence >= 0.6 ? 'likely' : 'unsure';
  const variant = { sure: 'success', likely: 'secondary', unsure: 'warning' } as const;
  return (
    <Badge variant={variant[level]} title={t('share', { share: Math.round(confidence * 100) })}>
      {t(level)}
    </Badge>
  );
}
