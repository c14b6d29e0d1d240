'use client';

import { useTranslations } from 'use-intl';
import { useLabels } from '@/components/shell/labels';

/** Why two records are alike, in words: the rule's own, or that they agree in a field of the tenant. */
export function useReason(): (object: string, rule: string) => string {
  const t = useTranslations('duplicates.rules');
  const labels = useLabels();
  return (object, rule) =>
    t.has(rule) && rule !== 'field' ? t(rule) : t('field', { field: labels.field(object, rule) });
}
