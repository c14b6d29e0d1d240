'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useTRPC } from '@/components/shell/trpc';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { type ReportDimension, reportDimensions } from '@/domain/reports';
import { BarList, BarListSkeleton } from './bar-list';
import { NoFigures } from './no-figures';
import { dealsPath, type RevenueFigures, type ScopeInput } from './report-view';
import { useReportWords } from './report-words';

/** Closed deals by a dimension; what was shown stays until the next is here. */
export function useRevenueBy(scope: ScopeInput, dimension: ReportDimension, limit: number) {
  const trpc = useTRPC();
  return useQuery(
    trpc.reports.revenueBy.queryOptions({ ...scope, dimension, limit }, { placeholderData: keepPreviousData }),
  );
}

export function DimensionPicker({
  value,
  onChange,
}: {
  value: ReportDimension;
  onChange: (value: ReportDimension) => void;
}) {
  const t = useTranslations('reports');
  return (
    <Select
      value={value}
      onValueChange={(next) => {
        const chosen = reportDimensions.find((each) => each === next);
        if (chosen) onChange(chosen);
      }}
    >
      <SelectTrigger size="sm" aria-label={t('dimension')} className="w-auto min-w-36">
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        {reportDimensions.map((each) => (
          <SelectItem key={each} value={each}>
            {t(`dimensions.${each}`)}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}

/** Revenue and win rate by a dimension as bars. */
export function RevenueBars({
  figures,
  dimension,
}: {
  figures: RevenueFigures | undefined;
  dimension: ReportDimension;
}) {
  const t = useTranslations('reports');
  const words = useReportWords();
  if (!figures) return <BarListSkeleton />;
  if (figures.rows.length === 0) return <NoFigures text={t('won.empty')} />;
  return (
    <>
      <BarList
        label={t(`revenueBy.${dimension}`)}
        items={figures.rows.map((row) => ({
          key: row.id ?? 'none',
          label: row.label ?? t(row.id === null ? `without.${figures.dimension}` : 'hidden'),
          muted: row.label === null,
          value: row.revenue,
          shown: words.money(row.revenue),
          title: words.exact(row.revenue),
          note: t('rateNote', { won: row.won, rate: words.percent(row.winRate) }),
          to: row.filter && dealsPath(row.filter),
        }))}
      />
      {figures.other.length > 0 && (
        <p className="px-2 pt-2 text-muted-foreground text-sm">{words.others(figures.other)}</p>
      )}
    </>
  );
}
