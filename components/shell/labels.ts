'use client';

import { useTranslations } from 'use-intl';
import type { ObjectName } from '@/domain/fields';

/** Names of objects, fields and choices in the person's language (messages/*\/fields.json). */
export function useLabels() {
  const t = useTranslations('fields');
  return {
    /** A field of an object: `deal`, `expectedClose`. The stored name if there is no label. */
    field: (object: string, name: string): string => {
      const key = `${object}.${name}`;
      return t.has(key) ? t(key) : name;
    },
    /** A value of a choice field. */
    choice: (object: string, field: string, value: string): string => {
      const key = `choices.${object}.${field}.${value}`;
      return t.has(key) ? t(key) : value;
    },
    /** An object inside a sentence (`one`, `other`) or at the beginning of one (`One`, `Other`). */
    object: (object: ObjectName, form: 'one' | 'other' | 'One' | 'Other'): string => t(`objects.${object}.${form}`),
    role: (role: string): string => t(`roles.${role}`),
  };
}
