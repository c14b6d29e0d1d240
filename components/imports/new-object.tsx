'use client';

import { useTranslations } from 'use-intl';
import { IconPicker } from '@/components/settings/objects/icon-picker';
import { NounsInput } from '@/components/settings/objects/object-dialog';
import type { ObjectLabels } from '@/domain/custom-fields';
import type { NewObject } from '@/domain/imports/new-object';
import { tones } from '@/domain/tones';

/** A language that is left empty is none. */
const named = (label: ObjectLabels): ObjectLabels =>
  Object.fromEntries(Object.entries(label).filter(([, noun]) => noun.one !== '' || noun.other !== ''));

/** The object that an import makes for the records of its file: what it is called, and how it looks. */
export function NewObjectFields({ make, onChange }: { make: NewObject; onChange: (make: NewObject) => void }) {
  const t = useTranslations('imports.file');
  return (
    <section aria-labelledby="new-object" className="grid gap-3 rounded-lg border p-4">
      <div>
        <h2 id="new-object" className="font-medium text-base">
          {t('newObject')}
        </h2>
        <p className="text-muted-foreground text-sm">{t('newObjectHelp')}</p>
      </div>
      <div className="flex max-w-xl items-start gap-3">
        <IconPicker
          icon={make.icon ?? 'box'}
          tone={tones.find((tone) => tone === make.tone) ?? 'slate'}
          onChange={(next) =>
            onChange({
              ...make,
              ...(next.icon ? { icon: next.icon } : {}),
              ...(next.tone ? { tone: next.tone } : {}),
            })
          }
        />
        <NounsInput
          focused={false}
          value={make.label}
          onChange={(label) => onChange({ ...make, label: named(label) })}
        />
      </div>
    </section>
  );
}
