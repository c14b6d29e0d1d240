'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePickWords, useReferenceSearch } from '@/components/records/pickers';
import { useLabels } from '@/components/shell/labels';
import { Combobox } from '@/components/ui/combobox';
import { Field } from '@/components/ui/field';
import type { About } from './forms';

const objects = ['contact', 'company', 'deal'] as const;
type Picked = Partial<Record<About['object'], { id: string; title: string }>>;

/** Which records a form is about, and the values that say so. */
export function useAbout(about: readonly About[]) {
  const [picked, setPicked] = useState<Picked>(() =>
    Object.fromEntries(about.map(({ object, id, title }) => [object, { id, title }])),
  );
  return {
    picked,
    set: (object: About['object'], value: { id: string; title: string } | null) =>
      setPicked((before) => ({ ...before, [object]: value ?? undefined })),
    values: {
      contactId: picked.contact?.id,
      companyId: picked.company?.id,
      dealId: picked.deal?.id,
    },
  };
}

/** Contact, company and deal, found by what is typed. */
export function AboutFields({
  picked,
  set,
  errors,
}: Pick<ReturnType<typeof useAbout>, 'picked' | 'set'> & { errors: Record<string, string> }) {
  const labels = useLabels();
  const c = useTranslations('common');
  const t = useTranslations('records.pick');
  const words = usePickWords();
  const search = useReferenceSearch();
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 sm:grid-cols-3">
      {objects.map((object) => (
        <Field
          key={object}
          label={labels.object(object, 'One')}
          error={errors[`${object}Id`]}
          className="min-w-0 grid-cols-[minmax(0,1fr)]"
        >
          <Combobox
            {...words}
            value={picked[object]?.id ?? null}
            label={picked[object]?.title ?? null}
            load={(query) => search(object, query)}
            onChange={(option) => set(object, option && { id: option.id, title: option.title })}
            placeholder={c('choose')}
            clearLabel={t('clear', { field: labels.object(object, 'One') })}
          />
        </Field>
      ))}
    </div>
  );
}
