'use client';

import { ArrowDown, ArrowUp, Copy } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from '@/components/shell/router';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Table, TableBody, TableCell, TableFooter, TableHead, TableHeader, TableRow } from '@/components/ui/table';
import { toast } from '@/components/ui/toaster';
import { type CsvRow, toCsv } from './csv';
import { dealsPath, type RevenueFigures } from './report-view';
import { useReportWords } from './report-words';

const columns = ['label', 'won', 'lost', 'winRate', 'revenue', 'average'] as const;
type Column = (typeof columns)[number];
type Row = RevenueFigures['rows'][number];

/** Every row of a report with its totals; a click on a head sorts, a click on a number opens its deals. */
export function RevenueTable({ figures }: { figures: RevenueFigures }) {
  const t = useTranslations('reports');
  const words = useReportWords();
  const [sort, setSort] = useState<{ by: Column; up: boolean }>({ by: 'revenue', up: false });
  const labelOf = (row: Row) => row.label ?? t(row.id === null ? `without.${figures.dimension}` : 'hidden');
  const rows = sorted(figures.rows, sort.by, sort.up, labelOf);
  const { total } = figures;
  return (
    <>
      <Table>
        <TableHeader className="bg-subtle">
          <tr>
            {columns.map((name) => (
              <Head
                key={name}
                label={name === 'label' ? t(`dimensions.${figures.dimension}`) : t(`columns.${name}`)}
                numeric={name !== 'label'}
                sorted={sort.by === name ? (sort.up ? 'ascending' : 'descending') : 'none'}
                onSort={() => setSort(({ by, up }) => ({ by: name, up: by === name ? !up : name === 'label' }))}
              />
            ))}
          </tr>
        </TableHeader>
        <TableBody>
          {rows.map((row) => (
            <TableRow key={row.id ?? 'none'}>
              <TableCell className={cn('max-w-80', row.label === null && 'text-muted-foreground')}>
                <Drill to={row.filter && dealsPath(row.filter)}>{labelOf(row)}</Drill>
              </TableCell>
              <TableCell numeric>
                <Drill to={row.filter && row.won > 0 ? dealsPath(row.filter, 'won') : null}>
                  {words.number(row.won)}
                </Drill>
              </TableCell>
              <TableCell numeric>
                <Drill to={row.filter && row.lost > 0 ? dealsPath(row.filter, 'lost') : null}>
                  {words.number(row.lost)}
                </Drill>
              </TableCell>
              <TableCell numeric title={words.exactPercent(row.winRate)}>
                {words.percent(row.winRate)}
              </TableCell>
              <TableCell numeric title={words.exact(row.revenue)}>
                {words.money(row.revenue)}
                {row.otherWon > 0 && <span title={t('otherWon', { count: row.otherWon })}> *</span>}
              </TableCell>
              <TableCell numeric title={words.exact(row.average)}>
                {words.money(row.average)}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
        <TableFooter>
          <tr className="bg-subtle">
            <TableCell>{t('columns.total')}</TableCell>
            <TableCell numeric>{words.number(total.won)}</TableCell>
            <TableCell numeric>{words.number(total.lost)}</TableCell>
            <TableCell numeric title={words.exactPercent(total.winRate)}>
              {words.percent(total.winRate)}
            </TableCell>
            <TableCell numeric title={words.exact(total.revenue)}>
              {words.money(total.revenue)}
            </TableCell>
            <TableCell numeric title={words.exact(total.average)}>
              {words.money(total.average)}
            </TableCell>
          </tr>
        </TableFooter>
      </Table>
      <p className="flex flex-wrap gap-x-3 px-3 pt-2 text-muted-foreground text-sm">
        <span>{t('rowCount', { count: figures.rows.length })}</span>
        {figures.more && <span>{t('more', { count: figures.rows.length })}</span>}
        {figures.other.length > 0 && <span>* {words.others(figures.other)}</span>}
      </p>
    </>
  );
}

/** Puts the table on the clipboard, ready for a spreadsheet. */
export function CopyCsv({ figures }: { figures: RevenueFigures }) {
  const t = useTranslations('reports');
  const copy = async () => {
    const rows = figures.rows.map(
      (row): CsvRow => ({ ...row, label: row.label ?? t(row.id === null ? `without.${figures.dimension}` : 'hidden') }),
    );
    const head = columns.map((name) =>
      name === 'label'
        ? t(`dimensions.${figures.dimension}`)
        : name === 'winRate'
          ? t('csvRate')
          : t(`columns.${name}`),
    );
    const money = (name: string) => `${name} (${figures.currency})`;
    const header = head.map((name, i) => (i > 3 ? money(name) : name));
    try {
      await navigator.clipboard.writeText(
        toCsv(header, [...rows, { ...figures.total, label: t('columns.total') }], figures.currency),
      );
      toast.success(t('copied', { count: rows.length }));
    } catch {
      // The browser asks the person and may be told no.
      toast.error(t('copyFailed'));
    }
  };
  return (
    <Button variant="secondary" size="sm" onClick={() => void copy()}>
      <Copy />
      {t('copy')}
    </Button>
  );
}

function Head({
  label,
  numeric,
  sorted,
  onSort,
}: {
  label: string;
  numeric: boolean;
  sorted: 'ascending' | 'descending' | 'none';
  onSort: () => void;
}) {
  const Arrow = sorted === 'ascending' ? ArrowUp : ArrowDown;
  return (
    <TableHead numeric={numeric} aria-sort={sorted} className="px-0">
      <button
        type="button"
        onClick={onSort}
        className={cn(
          'group focus-inset inline-flex h-9 w-full items-center gap-1 px-3 hover:text-foreground',
          numeric && 'flex-row-reverse',
        )}
      >
        {label}
        <Arrow aria-hidden className={cn('size-3.5', sorted === 'none' && 'opacity-0 group-hover:opacity-50')} />
      </button>
    </TableHead>
  );
}

function Drill({ to, children }: { to: string | null; children: string }) {
  if (!to) return <span className="block truncate">{children}</span>;
  return (
    <Link to={to} className="block truncate rounded-xs hover:text-link hover:underline">
      {children}
    </Link>
  );
}

/** Nothing comes last either way. */
export function sorted(rows: readonly Row[], by: Column, up: boolean, labelOf: (row: Row) => string): Row[] {
  const sign = up ? 1 : -1;
  return rows.toSorted((a, b) => {
    if (by === 'label') return sign * labelOf(a).localeCompare(labelOf(b));
    const [x, y] = [a[by], b[by]];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y);
  });
}
