'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePickWords, useReferenceSearch } from '@/components/records/pickers';
import { useLabels } from '@/components/shell/labels';
import { useOwnObjects } from '@/components/shell/nav';
import { cn } from '@/components/ui/cn';
import { Combobox } from '@/components/ui/combobox';
import { Field } from '@/components/ui/field';
import type { About } from './forms';

const objects = ['contact', 'company', 'deal'] as const;
/** The last is a record of whichever other kind. */
const slots = [...objects, 'about'] as const;
type Slot = (typeof slots)[number];
type Picked = Partial<Record<Slot, { id: string; title: string }>>;
const slotOf = ({ object }: About): Slot => objects.find((each) => each === object) ?? 'about';

/** Which records a form is about, and the values that say so. */
export function useAbout(about: readonly About[]) {
  const [picked, setPicked] = useState<Picked>(() =>
    Object.fromEntries(about.map((each) => [slotOf(each), { id: each.id, title: each.title }])),
  );
  return {
    picked,
    set: (slot: Slot, value: { id: string; title: string } | null) =>
      setPicked((before) => ({ ...before, [slot]: value ?? undefined })),
    values: {
      contactId: picked.contact?.id,
      companyId: picked.company?.id,
      dealId: picked.deal?.id,
      aboutId: picked.about?.id,
    },
  };
}

/** Contact, company and deal, found by what is typed; a record of another kind where there is one or can be. */
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
  const own = useOwnObjects().length > 0;
  const shown = slots.filter((slot) => slot !== 'about' || own || picked.about);
  const labelOf = (slot: Slot) => (slot === 'about' ? labels.field('activity', 'aboutId') : labels.object(slot, 'One'));
  return (
    <div
      className={cn(
        'grid grid-cols-[minmax(0,1fr)] items-start gap-4',
        shown.length > objects.length ? 'sm:grid-cols-2' : 'sm:grid-cols-3',
      )}
    >
      {shown.map((slot) => (
        <Field
          key={slot}
          label={labelOf(slot)}
          error={errors[`${slot}Id`]}
          className="min-w-0 grid-cols-[minmax(0,1fr)]"
        >
          <Combobox
            {...words}
            value={picked[slot]?.id ?? null}
            label={picked[slot]?.title ?? null}
            load={(query) => search(slot, query)}
            onChange={(option) => set(slot, option && { id: option.id, title: option.title })}
            placeholder={c('choose')}
            clearLabel={t('clear', { field: labelOf(slot) })}
          />
        </Field>
      ))}
    </div>
  );
}
