'use client';

import { Sigma, SquareFunction } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useLabels } from '@/components/shell/labels';
import { Hint } from '@/components/ui/tooltip';
import type { OwnObject } from '@/domain/fields';
import type { RecordObject } from '@/domain/objects';
import { type ObjectKey, useObject } from './use-object';

/** A sign beside a field nobody types in, with what it is worked out from; nothing beside all others. */
export function DerivedHint({ object, name }: { object: ObjectKey; name: string }) {
  const t = useTranslations('records.derived');
  const labels = useLabels();
  const own = useObject(object).fields[name]?.own;
  if (own?.type === 'formula') {
    return (
      <Sign label={t('formula', { formula: own.settings.formula ?? '' })}>
        <SquareFunction aria-hidden className="size-3.5" />
      </Sign>
    );
  }
  const rollup = own?.type === 'rollup' ? own.settings.rollup : undefined;
  if (!rollup) return null;
  const fn = t(rollup.fn, { field: labels.field(rollup.object, rollup.field ?? '') });
  // The server checked that the object is one of the tenant's.
  const from = labels.object(rollup.object as RecordObject | OwnObject, 'other');
  return (
    <Sign label={t('rollup', { object: from, fn })}>
      <Sigma aria-hidden className="size-3.5" />
    </Sign>
  );
}

function Sign({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Hint label={label}>
      <button type="button" aria-label={label} className="shrink-0 cursor-help rounded-xs text-muted-foreground/80">
        {children}
      </button>
    </Hint>
  );
}
