'use client';

import { ChevronDown, ChevronRight } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { Badge } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';
import { isReference } from '@/domain/fields';
import type { Bucket, Totals } from '@/domain/views';
import type { Group } from './record-pages';
import { type ObjectKey, useObject } from './use-object';

/** What a group is called: a choice, a record's title, a span of days, or that there is nothing. */
export function useGroupTitle(object: ObjectKey) {
  const t = useTranslations('records.group');
  const c = useTranslations('common');
  const labels = useLabels();
  const format = useFormat();
  const kind = useObject(object);
  return (name: string, by: Bucket | undefined, { key, title }: Pick<Group, 'key' | 'title'>): string => {
    const field = kind.fields[name];
    if (key === null) return t('none', { field: labels.field(object, name) });
    if (field && isReference(field)) return title ?? t('hidden');
    if (field?.type === 'boolean') return c(key === 'true' ? 'yes' : 'no');
    if (field?.type === 'date' || field?.type === 'datetime') return spanText(key, by ?? 'month', t, format.date);
    if (field?.type === 'choice' || field?.type === 'choices') return labels.choice(object, name, key);
    return key;
  };
}

function spanText(
  day: string,
  by: Bucket,
  t: ReturnType<typeof useTranslations<'records.group'>>,
  date: (day: string) => string,
): string {
  const [year = '', month = ''] = day.split('-');
  const at = new Date(`${day}T00:00:00Z`);
  switch (by) {
    case 'year':
      return t('year', { year });
    case 'quarter':
      return t('quarter', { year, quarter: Math.ceil(Number(month) / 3) });
    case 'month':
      return t('month', { at });
    case 'week':
      return t('week', { day: date(day) });
    case 'day':
      return date(day);
  }
}

/** The head of a group: its name, how many, its totals; it stays at the top while its rows pass under it. */
export function GroupHeader({
  object,
  field,
  by,
  group,
  totals,
  folded,
  onFold,
  index,
  top,
  height,
  sticky,
}: {
  object: ObjectKey;
  field: string;
  by: Bucket | undefined;
  group: Group;
  totals: Totals | undefined;
  folded: boolean;
  onFold: () => void;
  index: number;
  top: number;
  height: number;
  sticky?: boolean;
}) {
  const t = useTranslations('records.group');
  const title = useGroupTitle(object)(field, by, group);
  const Icon = folded ? ChevronRight : ChevronDown;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    // biome-ignore lint/a11y/useSemanticElements: rows are placed by position, which table elements do not allow
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-hidden={sticky || undefined}
      style={sticky ? { top: 36, height, marginBottom: -height } : { top, height }}
      className={cn('flex w-full border-b bg-subtle', sticky ? 'sticky z-[15]' : 'absolute left-0')}
    >
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="gridcell" className="sticky left-0 flex min-w-0 items-center gap-2 px-2">
        <button
          type="button"
          tabIndex={sticky ? -1 : undefined}
          aria-expanded={!folded}
          onClick={onFold}
          className="flex min-w-0 items-center gap-1.5 rounded-xs font-medium text-sm hover:text-link"
        >
          <Icon aria-hidden className="size-4 text-muted-foreground" />
          <span className="max-w-80 truncate">{title}</span>
        </button>
        <Badge variant="secondary">{t('count', { count: group.count })}</Badge>
        <TotalsLine object={object} totals={totals} figures={group.totals} />
      </div>
    </div>
  );
}

/** Totals in words: "Amount: total ¥1.2M". */
export function TotalsLine({
  object,
  totals,
  figures,
  wrap,
}: {
  object: ObjectKey;
  totals: Totals | undefined;
  figures: Group['totals'] | undefined;
  /** On as many lines as it takes, where the width is fixed. */
  wrap?: boolean;
}) {
  const t = useTranslations('records.group');
  const labels = useLabels();
  const format = useFormat();
  const { fields } = useObject(object);
  if (!totals || !figures) return null;
  return (
    <span
      className={cn(
        'tabular flex items-center gap-x-3 text-muted-foreground text-xs',
        wrap ? 'flex-wrap gap-y-0.5' : 'whitespace-nowrap',
      )}
    >
      {Object.entries(totals).map(([name, how]) => {
        const shown = figures
          .filter(({ field }) => field === name)
          .map((figure) => {
            const value = figure[how];
            if (figure.currency) return format.money(Math.round(value), figure.currency);
            const rounded = Math.round(value * 100) / 100;
            return fields[name]?.type === 'percent' ? format.percent(rounded) : format.number(rounded);
          });
        return (
          shown.length > 0 && (
            <span key={name}>{t(`total.${how}`, { field: labels.field(object, name), value: shown.join(' + ') })}</span>
          )
        );
      })}
    </span>
  );
}
