'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Segmented } from '@/components/ui/segmented';
import { TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table';
import { WideTable } from '@/components/ui/wide-table';
import { type Findings, sampledOutcomes } from '@/domain/imports/findings';

/** Some rows of each outcome as the file has them. */
export function RowSamples({ samples, headers }: { samples: Findings['samples']; headers: readonly string[] }) {
  const t = useTranslations('imports');
  const outcomes = sampledOutcomes.filter((outcome) => samples[outcome].length > 0);
  const [chosen, setChosen] = useState(outcomes[0]);
  const shown = chosen && outcomes.includes(chosen) ? chosen : outcomes[0];
  if (!shown) return null;
  return (
    <section aria-labelledby="row-samples">
      <div className="mb-2 flex flex-wrap items-center justify-between gap-3">
        <h2 id="row-samples" className="font-medium text-base">
          {t('check.samples')}
        </h2>
        {outcomes.length > 1 && (
          <Segmented
            aria-label={t('check.samples')}
            value={shown}
            onValueChange={setChosen}
            options={outcomes.map((outcome) => ({ value: outcome, label: t(`counts.${outcome}`) }))}
          />
        )}
      </div>
      <WideTable label={t('check.samples')}>
        <TableHeader className="bg-subtle">
          <TableRow>
            <TableHead numeric>{t('problemTable.row')}</TableHead>
            {headers.map((header, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns are their places
              <TableHead key={i}>{header}</TableHead>
            ))}
          </TableRow>
        </TableHeader>
        <TableBody>
          {samples[shown].map(({ row, cells }) => (
            <TableRow key={row}>
              <TableCell numeric className="text-muted-foreground">
                {row}
              </TableCell>
              {headers.map((_, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns are their places
                <TableCell key={i} className="max-w-48 truncate whitespace-nowrap">
                  {cells[i] ?? ''}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </WideTable>
    </section>
  );
}
