'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useBoot, useCan, useCatalogue } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { useQuickCreate } from '@/components/shell/quick-create';
import { useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { labelIn } from '@/domain/custom-fields';
import type { Filter } from '@/domain/filters';
import { readRelated } from '@/domain/related-lists';
import { RecordAvatar, RefLink } from './chips';
import { type RecordRow, titleOf } from './record-data';
import { AllOf } from './related-list';
import { RelatedSection } from './related-section';
import { type ObjectKey, useIsObject } from './use-object';

/** The newest records that point to this one through a field the tenant made, and how many do. */
export function PointingList({
  object,
  row,
  name,
  through,
}: {
  object: ObjectKey;
  row: RecordRow;
  /** `object.field` of those that point here. */
  name: string;
  /** All that the page asks for at once. */
  through: string[];
}) {
  const t = useTranslations('records.related');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const labels = useLabels();
  const format = useFormat();
  const can = useCan();
  const create = useQuickCreate();
  const isObject = useIsObject();
  const title = useListLabel();
  const read = readRelated(name);
  const from = read.by === 'pointing' ? read.object : '';
  const { data, isPending, isError } = useQuery(
    trpc.relations.pointing.queryOptions({ object, id: row.id, limit: 6, through }),
  );
  if (read.by !== 'pointing' || !isObject(from) || !can(`${from}.read`)) return null;
  const pointing = data?.rows.find((each) => each.object === from && each.field === read.field);
  // A list that the server leaves out is one that this person may not read.
  if (data && !pointing) return null;
  const label = t('add', { object: labels.object(from, 'one') });
  const count = pointing ? `${format.number(pointing.count)}${pointing.capped ? '+' : ''}` : '';
  const filter: Filter =
    pointing?.kind === 'relation'
      ? { field: read.field, op: 'anyOf', value: [row.id] }
      : { field: read.field, op: 'is', value: row.id };
  return (
    <RelatedSection
      title={title(object, name)}
      count={pointing && (pointing.count === 0 ? 0 : count)}
      loading={isPending}
      empty={isError ? c('loadFailed') : t('pointingNone', { objects: labels.object(from, 'other') })}
      action={
        pointing?.kind === 'reference' &&
        can(`${from}.write`) && (
          <Button
            variant="quiet"
            size="icon-xs"
            aria-label={label}
            onClick={() => create(from, { [read.field]: row.id, refs: { [read.field]: titleOf(object, row) } })}
          >
            <Plus />
          </Button>
        )
      }
    >
      {pointing?.rows.map((each) => (
        <li key={each.id} className="flex min-h-9 items-center gap-2 rounded-md px-2 py-1 text-sm hover:bg-accent">
          <RecordAvatar object={from} id={each.id} title={each.title ?? ''} />
          <RefLink object={from} id={each.id} title={each.title} />
        </li>
      ))}
      {pointing && pointing.count > pointing.rows.length && <AllOf object={from} filter={filter} count={count} />}
    </RelatedSection>
  );
}

/** What a related list of an object is called. */
export function useListLabel() {
  const t = useTranslations('records.related');
  const labels = useLabels();
  const catalogue = useCatalogue();
  const { locale } = useBoot().user;
  return (object: string, name: string): string => {
    const read = readRelated(name);
    if (read.by === 'product') return t(name);
    if (read.by === 'reference') return labels.field(object, name);
    const kind = catalogue.get(read.object);
    const inverse = labelIn(kind?.fields[read.field]?.own?.settings.inverse, locale);
    if (inverse || !kind) return inverse || read.object;
    const objects = labels.object(kind.name as ObjectKey, 'Other');
    // Two fields of one object that lead here would be called the same.
    const several = kind.own.filter(({ settings }) => settings.to === object).length > 1;
    return several ? t('pointing', { objects, field: labels.field(kind.name, read.field) }) : objects;
  };
}
