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
import { isOwnField, labelIn } from '@/domain/custom-fields';
import { RecordAvatar, RefLink } from './chips';
import { type RecordRow, titleOf } from './record-data';
import { RelatedSection } from './related-section';
import { type ObjectKey, useIsObject } from './use-object';

/** Records that point to this one through fields the tenant made, a section for each field. */
export function PointingHere({ object, row }: { object: ObjectKey; row: RecordRow }) {
  const t = useTranslations('records.related');
  const trpc = useTRPC();
  const labels = useLabels();
  const format = useFormat();
  const can = useCan();
  const create = useQuickCreate();
  const isObject = useIsObject();
  const catalogue = useCatalogue();
  const { locale } = useBoot().user;
  // Nothing is asked as long as no field of the tenant's leads here.
  const led = [...catalogue.values()].some((kind) => kind.own.some(({ settings }) => settings.to === object));
  const { data } = useQuery(trpc.relations.pointing.queryOptions({ object, id: row.id, limit: 6 }, { enabled: led }));
  return data?.rows
    .filter(({ field }) => isOwnField(field))
    .map((pointing) => {
      const from = pointing.object;
      if (!isObject(from)) return null;
      const field = catalogue.get(from)?.fields[pointing.field];
      const title = labelIn(field?.own?.settings.inverse, locale) || labels.object(from, 'Other');
      const label = t('add', { object: labels.object(from, 'one') });
      return (
        <RelatedSection
          key={`${from} ${pointing.field}`}
          title={title}
          count={pointing.count === 0 ? 0 : `${format.number(pointing.count)}${pointing.capped ? '+' : ''}`}
          empty={t('pointingNone', { objects: labels.object(from, 'other') })}
          action={
            pointing.kind === 'reference' &&
            can(`${from}.write`) && (
              <Button
                variant="quiet"
                size="icon-xs"
                aria-label={label}
                onClick={() =>
                  create(from, { [pointing.field]: row.id, refs: { [pointing.field]: titleOf(object, row) } })
                }
              >
                <Plus />
              </Button>
            )
          }
        >
          {pointing.rows.map((each) => (
            <li key={each.id} className="flex min-h-9 items-center gap-2 rounded-md px-2 py-1 text-sm hover:bg-accent">
              <RecordAvatar object={from} id={each.id} title={each.title ?? ''} />
              <RefLink object={from} id={each.id} title={each.title} />
            </li>
          ))}
        </RelatedSection>
      );
    });
}
