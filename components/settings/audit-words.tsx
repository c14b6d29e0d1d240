'use client';

import { useTranslations } from 'use-intl';
import { recordPath } from '@/components/records/record-data';
import { useLabels } from '@/components/shell/labels';
import { Link } from '@/components/shell/router';
import type { Outputs } from '@/components/shell/trpc';
import { isRecordObject } from '@/domain/objects';

export type AuditRow = Outputs['audit']['list']['rows'][number];

/** What was done, as a sentence without the person. */
export function useSentence(): (row: AuditRow) => string {
  const t = useTranslations('audit');
  return (row) => {
    const name = row.subject?.name ?? '';
    const key = `${row.kind === 'change' ? 'changes' : 'events'}.${row.action}`;
    // A name that is not known any more counts as more than one: the sentence does without it.
    return t.has(key) ? t(key, { name, count: row.count === 1 && !name ? 2 : row.count }) : row.action;
  };
}

/** An action by itself, for choosing it. */
export function useActionName(): (action: string) => string {
  const t = useTranslations('audit.page.actions');
  return (action) => (t.has(action) ? t(action) : action);
}

/** Who did it: a person, the product itself, or nobody known. */
export function useDoer(): (row: AuditRow) => string {
  const t = useTranslations('audit.page');
  return (row) => row.memberName ?? (row.channel === 'system' ? t('system') : t('nobody'));
}

/** The kind of thing it was done to; a record that has a page leads there. */
export function AboutLink({ row }: { row: AuditRow }) {
  const t = useTranslations('audit.page.objects');
  const labels = useLabels();
  const { object, id } = row.subject ?? {};
  if (!object) return null;
  if (!isRecordObject(object)) return t(t.has(object) ? object : 'other');
  if (!id || object === 'note' || row.action === 'delete') return labels.object(object, 'One');
  return (
    <Link to={recordPath(object, id)} className="rounded-xs text-link underline-offset-4 hover:underline">
      {labels.object(object, 'One')}
    </Link>
  );
}
