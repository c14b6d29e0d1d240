'use client';

import { Check, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useFormat } from '@/components/shell/format';
import type { Outputs } from '@/components/shell/trpc';
import { TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table';
import { WideTable } from '@/components/ui/wide-table';

type Line = Outputs['imports']['get']['money'][number];

/**
 * The sums of the file by currency and stage, what is taken away from them and why, and what is left.
 * @param written whether the records are written, and the sums can be compared with theirs
 */
export function MoneyTable({
  label,
  lines,
  unread,
  written,
}: {
  label: string;
  lines: readonly Line[];
  unread: number;
  written: boolean;
}) {
  const t = useTranslations('imports.reconciliation');
  const format = useFormat();
  const hasStages = lines.some(({ stage }) => stage !== null);
  const hasReasons = lines.some(({ reasons }) => reasons.length > 0);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <WideTable label={label}>
        <TableHeader className="bg-subtle">
          <TableRow>
            {hasStages && <TableHead>{t('stage')}</TableHead>}
            <TableHead>{t('currency')}</TableHead>
            <TableHead numeric>{t('amounts')}</TableHead>
            <TableHead numeric>{t('read')}</TableHead>
            {hasReasons && <TableHead>{t('reasons')}</TableHead>}
            <TableHead numeric>{t(written ? 'stored' : 'expected')}</TableHead>
            {written && <TableHead>{t('verdict')}</TableHead>}
          </TableRow>
        </TableHeader>
        <TableBody>
          {lines.map(({ currency, stageId, stage, read, stored, expected, reasons, equal }) => (
            <TableRow key={`${currency} ${stageId}`}>
              {hasStages && <TableCell className="whitespace-nowrap">{stage ?? t('otherStage')}</TableCell>}
              <TableCell>{currency}</TableCell>
              <TableCell numeric>{format.number(read.rows)}</TableCell>
              <TableCell numeric>{format.money(read.minor, currency, 'exact')}</TableCell>
              {hasReasons && (
                <TableCell className="min-w-56 py-1.5 text-muted-foreground">
                  {reasons.map(({ reason, rows, minor }) => (
                    <p key={reason} className="tabular">
                      {t(`reason.${reason}`, {
                        amount: format.money(-minor, currency, 'exact'),
                        rows: Math.abs(rows),
                      })}
                    </p>
                  ))}
                </TableCell>
              )}
              <TableCell numeric>{format.money((written ? stored : expected).minor, currency, 'exact')}</TableCell>
              {written && (
                <TableCell>
                  {equal ? (
                    <span className="flex items-center gap-1 whitespace-nowrap text-success">
                      <Check aria-hidden className="size-4" />
                      {t(reasons.length > 0 ? 'explained' : 'equal')}
                    </span>
                  ) : (
                    <span className="flex items-center gap-1 whitespace-nowrap text-warning">
                      <TriangleAlert aria-hidden className="size-4" />
                      {t('differs', { amount: format.money(stored.minor - expected.minor, currency, 'exact') })}
                    </span>
                  )}
                </TableCell>
              )}
            </TableRow>
          ))}
        </TableBody>
      </WideTable>
      {unread > 0 && <p className="text-muted-foreground text-sm">{t('unread', { count: unread })}</p>}
      {written && lines.some(({ equal }) => !equal) && (
        <p className="text-muted-foreground text-sm">{t('whyDiffers')}</p>
      )}
    </div>
  );
}
