'use client';

import { useLocale, useTranslations } from 'use-intl';
import { useFormat } from '@/components/shell/format';
import type { Period, ReportBucket } from '@/domain/reports';

/** How figures are written, the same on every report. */
export function useReportWords() {
  const t = useTranslations('reports');
  const locale = useLocale();
  const format = useFormat();
  const decimals = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const exactPercent = new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  const names = {
    month: new Intl.DateTimeFormat(locale, { month: 'short', timeZone: 'UTC' }),
    long: new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }),
    day: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }),
  };
  const date = (day: string) => new Date(`${day}T00:00:00Z`);
  const full = (day: string) => names.day.format(date(day));
  return {
    none: t('noValue'),
    money: (minor: number | null) => (minor === null ? t('noValue') : format.money(minor)),
    exact: (minor: number | null) => (minor === null ? undefined : format.money(minor, null, 'exact')),
    compact: (minor: number) => format.money(minor, null, 'compact'),
    number: format.number,
    decimals: (value: number) => decimals.format(value),
    percent: (value: number | null) => (value === null ? t('noValue') : format.percent(value)),
    exactPercent: (value: number | null) => (value === null ? undefined : exactPercent.format(value / 100)),
    days: (value: number | null) => (value === null ? t('noValue') : t('days', { days: decimals.format(value) })),
    /** `May`, `Q2`, `2026`; a year is added where it begins. */
    bucket: (start: string, bucket: ReportBucket) => {
      const year = start.slice(0, 4);
      if (bucket === 'year') return year;
      if (bucket === 'quarter') return t('quarter', { quarter: quarterOf(start) });
      return names.month.format(date(start));
    },
    /** The same in full: `May 2026`, `Q2 2026`. */
    bucketTitle: (start: string, bucket: ReportBucket) => {
      const year = start.slice(0, 4);
      if (bucket === 'year') return year;
      return bucket === 'quarter'
        ? t('quarterOf', { quarter: quarterOf(start), year })
        : names.long.format(date(start));
    },
    period: ({ preset, from, to }: Period) => {
      if (preset !== 'custom') return t(`periods.${preset}`);
      if (from && to) return t('range', { from: full(from), to: full(to) });
      return from ? t('since', { from: full(from) }) : to ? t('until', { to: full(to) }) : t('periods.all');
    },
    range: (from: string, to: string) => t('range', { from: full(from), to: full(to) }),
    others: (other: { currency: string; total: number }[]) =>
      other.length === 0
        ? null
        : t('otherCurrencies', {
            amounts: other.map(({ currency, total }) => format.money(total, currency)).join(' · '),
          }),
  };
}

const quarterOf = (start: string) => Math.ceil(Number(start.slice(5, 7)) / 3);
