'use client';

import { useLocale, useTranslations } from 'use-intl';
import { useCan, useCatalogue } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { isOwnObject, labelIn } from '@/domain/custom-fields';
import { draftObjectKey } from '@/domain/imports/new-object';
import { ownTargets } from '@/domain/imports/own-targets';
import { type ImportObject, importObjects, type Target, targetOf } from '@/domain/imports/targets';
import type { Analysis } from './use-draft';

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

/** What a file that is not imported yet seems to hold; null where nobody can tell. */
export function useContents(): (analysis: Pick<Analysis, 'object' | 'plan'>) => string | null {
  const objectName = useObjectName();
  const locale = useLocale();
  return ({ object, plan }) => {
    const { en, zh } = plan?.make?.label ?? {};
    const made = labelIn({ en: en?.other, zh: zh?.other }, locale);
    return made || (object && objectName(object));
  };
}

/** What a target of a column is called: the field's own label, or that of a special target. */
export function useTargetName(): (object: ImportObject, name: string) => string {
  const t = useTranslations('imports.targets');
  const labels = useLabels();
  const nameOf = (of: ImportObject, name: string): string => {
    // What every record of an object of the tenant's has is called the same.
    const object = of === draftObjectKey ? 'ownObject' : of;
    const target = targetOf(of, name);
    if (!target) {
      const field = name.replace(/ExternalId$/, '');
      return field === name ? labels.field(object, name) : t('idOf', { field: labels.field(object, field) });
    }
    if (target.idOf) return t('idOf', { field: nameOf(of, target.idOf) });
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
