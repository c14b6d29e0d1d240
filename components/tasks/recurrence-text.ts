'use client';

import { useLocale, useTranslations } from 'use-intl';
import { parseRecurrence, type Recurrence, recurrenceText } from '@/domain/recurrence';

/** Says a rule in the person's words; what is none is shown as it is. */
export function useRecurrenceText(): (rule: string | Recurrence) => string {
  const t = useTranslations('tasks.repeat');
  const locale = useLocale();
  return (rule) => {
    const parsed = typeof rule === 'string' ? parseRecurrence(rule) : rule;
    return parsed ? recurrenceText(parsed, { locale, say: (key, values) => t(key, values) }) : String(rule);
  };
}
