'use client';

import { useTranslations } from 'use-intl';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { cn } from '@/components/ui/cn';

interface CountsView {
  created: number;
  updated: number;
  unchanged: number;
  refused: number;
  left: { deleted: number; skipped: number };
  also: Record<string, number>;
}

/** What becomes of the rows of a file, as numbers that add up to all of them. */
export function Counts({ counts }: { counts: CountsView }) {
  const t = useTranslations('imports.counts');
  const labels = useLabels();
  const format = useFormat();
  const left = counts.left.deleted + counts.left.skipped;
  const also = Object.entries(counts.also).filter(([, made]) => made > 0);
  const tiles = [
    { name: 'created', value: counts.created, tone: counts.created > 0 ? 'text-success' : '' },
    { name: 'updated', value: counts.updated, tone: '' },
    { name: 'unchanged', value: counts.unchanged, tone: '' },
    { name: 'refused', value: counts.refused, tone: counts.refused > 0 ? 'text-destructive' : '' },
    ...(left > 0 ? [{ name: 'left', value: left, tone: '' }] : []),
  ] as const;
  return (
    <div>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-border sm:flex">
        {tiles.map(({ name, value, tone }) => (
          <div key={name} className="flex-1 bg-background px-4 py-3 max-sm:last:odd:col-span-2">
            <dt className="text-muted-foreground text-sm">{t(name)}</dt>
            <dd className={cn('tabular font-semibold text-lg', value > 0 ? tone : 'text-muted-foreground')}>
              {format.number(value)}
            </dd>
          </div>
        ))}
      </dl>
      {also.length > 0 && (
        <p className="mt-2 text-muted-foreground text-sm">
          {t('also', {
            // The server makes records of these kinds only.
            list: also
              .map(
                ([object, made]) =>
                  `${format.number(made)} ${labels.object(object as 'company', made === 1 ? 'one' : 'other')}`,
              )
              .join(t('comma')),
          })}
        </p>
      )}
    </div>
  );
}
