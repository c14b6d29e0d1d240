'use client';

import { CalendarRange, Check, ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import { DateInput } from '@/components/ui/date-input';
import { Field } from '@/components/ui/field';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { type Period, type PeriodPreset, periodPresets } from '@/domain/reports';
import { useReportWords } from './report-words';

export interface PeriodPickerProps {
  /** What the figures shown are of; undefined until they are here. */
  period: Period | undefined;
  onChange: (preset: PeriodPreset, days?: { from: string | null; to: string | null }) => void;
}

/** Of which time the figures are: a few usual periods, or any days. */
export function PeriodPicker({ period, onChange }: PeriodPickerProps) {
  const t = useTranslations('reports');
  const words = useReportWords();
  const [open, setOpen] = useState(false);
  const shown = period ? words.period(period) : t('periods.all');
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button variant="secondary" size="sm" aria-label={t('periodLabel', { period: shown })}>
          <CalendarRange className="text-muted-foreground" />
          <span className="max-w-48 truncate">{shown}</span>
          <ChevronDown className="text-muted-foreground" />
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" className="w-64 p-1" aria-label={t('period')}>
        <div className="grid">
          {periodPresets
            .filter((preset) => preset !== 'custom')
            .map((preset) => (
              <Button
                key={preset}
                variant="ghost"
                size="sm"
                className="justify-between font-normal"
                aria-pressed={period?.preset === preset}
                onClick={() => {
                  onChange(preset);
                  setOpen(false);
                }}
              >
                {t(`periods.${preset}`)}
                {period?.preset === preset && <Check />}
              </Button>
            ))}
        </div>
        <OwnDays
          key={`${period?.from} ${period?.to}`}
          period={period}
          onApply={(days) => {
            onChange('custom', days);
            setOpen(false);
          }}
        />
      </PopoverContent>
    </Popover>
  );
}

function OwnDays({
  period,
  onApply,
}: {
  period: Period | undefined;
  onApply: (days: { from: string | null; to: string | null }) => void;
}) {
  const t = useTranslations('reports');
  const c = useTranslations('common');
  const [from, setFrom] = useState(period?.from ?? null);
  const [to, setTo] = useState(period?.to ?? null);
  const reversed = from !== null && to !== null && from > to;
  return (
    <form
      className="mt-1 grid gap-2 border-t p-2 pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!reversed && (from || to)) onApply({ from, to });
      }}
    >
      <Field label={t('from')}>
        <DateInput value={from} onChange={setFrom} />
      </Field>
      <Field label={t('to')} error={reversed ? t('reversed') : undefined}>
        <DateInput value={to} onChange={setTo} />
      </Field>
      <Button type="submit" size="sm" variant="secondary" disabled={!from && !to}>
        {c('apply')}
      </Button>
    </form>
  );
}
