'use client';

import { useTranslations } from 'use-intl';
import { useCan, useCatalogue } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { isOwnObject } from '@/domain/custom-fields';
import { ownTargets } from '@/domain/imports/own-targets';
import { type ImportObject, importObjects, type Target, targetOf } from '@/domain/imports/targets';

/** What a file may be imported as: the standard objects, then those of the tenant that the person may write. */
export function useImportables(): ImportObject[] {
  const catalogue = useCatalogue();
  const can = useCan();
  const own = [...catalogue.keys()].filter(isOwnObject).filter((object) => can(`${object}.write`));
  return [...importObjects, ...own];
}

/** The targets that the tenant's own fields of an object are. */
export function useOwnTargets(object: ImportObject | null): Target[] {
  const catalogue = useCatalogue();
  return object ? ownTargets(catalogue.get(object)?.own ?? [], (name) => catalogue.has(name)) : [];
}

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
    if (!target) {
      const field = name.replace(/ExternalId$/, '');
      return field === name ? labels.field(object, name) : t('idOf', { field: labels.field(object, field) });
    }
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
