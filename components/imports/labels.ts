'use client';

import { useTranslations } from 'use-intl';
import { useLabels } from '@/components/shell/labels';
import { type ImportObject, targetOf } from '@/domain/imports/targets';

/** What an importable object is called in a list: `Companies`, `People and teams`. */
export function useObjectName(): (object: ImportObject) => string {
  const t = useTranslations('imports');
  const labels = useLabels();
  return (object) => (object === 'member' ? t('people') : labels.object(object, 'Other'));
}

/** What a target of a column is called: the field's own label, or that of a special target. */
export function useTargetName(): (object: ImportObject, name: string) => string {
  const t = useTranslations('imports.targets');
  const labels = useLabels();
  const nameOf = (object: ImportObject, name: string): string => {
    const target = targetOf(object, name);
    if (!target) return labels.field(object, name);
    if (target.idOf) return t('idOf', { field: nameOf(object, target.idOf) });
    if (object === 'member' && t.has(`member.${name}`)) return t(`member.${name}`);
    if (target.field && name !== 'createdAt') return labels.field(object, target.field);
    return t.has(name) ? t(name) : labels.field(object, name);
  };
  return nameOf;
}

interface Described {
  code: string;
  params?: Record<string, string | number>;
}

/** A problem of a row in words. */
export function useProblemText(): (problem: Described) => string {
  const t = useTranslations('imports.problems');
  return ({ code, params }) =>
    t.has(code)
      ? t(code, { text: '', names: '', name: '', expected: 0, found: 0, stated: '', sign: '', status: '', ...params })
      : code;
}
