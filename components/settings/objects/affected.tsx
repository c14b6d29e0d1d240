'use client';

import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import type { Outputs } from '@/components/shell/trpc';
import { Skeleton } from '@/components/ui/skeleton';
import { labelIn } from '@/domain/custom-fields';

type Affected = Outputs['fields']['affected'];

/** What goes by a field or an object: how many records, views, page layouts and rules, and which fields. */
export function AffectedList({
  query: { data, isError },
  of,
}: {
  query: { data: Affected | undefined; isError: boolean };
  of: 'field' | 'object';
}) {
  const t = useTranslations('fieldsSettings.affected');
  const c = useTranslations('common');
  const { locale } = useBoot().user;
  if (isError) return <p role="alert">{c('loadFailed')}</p>;
  if (!data) return <Skeleton className="h-5 w-56" />;
  const counted = (['views', 'layouts', 'rules'] as const).filter((name) => data[name] > 0);
  return (
    <>
      <p>{t(of === 'object' ? 'recordsOf' : 'records', { count: data.records })}</p>
      {counted.length > 0 && (
        <p>{t('used', { list: counted.map((name) => t(name, { count: data[name] })).join(t('comma')) })}</p>
      )}
      {data.fields.length > 0 && (
        <>
          <p>{t('fields')}</p>
          <ul className="list-disc pl-5">
            {data.fields.map((other) => (
              <li key={other.id}>{labelIn(other.label, locale)}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
