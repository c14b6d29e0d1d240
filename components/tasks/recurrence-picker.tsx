'use client';

import { Repeat } from 'lucide-react';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { DateInput } from '@/components/ui/date-input';
import { Input } from '@/components/ui/input';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { Segmented } from '@/components/ui/segmented';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { isoWeekday } from '@/domain/moments';
import {
  anchored,
  type Frequency,
  formatRecurrence,
  frequencies,
  parseRecurrence,
  type Recurrence,
  type Weekday,
  weekdays,
} from '@/domain/recurrence';
import { useRecurrenceText } from './recurrence-text';

/** How a task comes again: the usual ways at a touch, any other built below, said as a sentence. */
export function RecurrencePicker({
  value,
  day,
  onChange,
}: {
  value: string | null;
  /** The day it is due first, from which the usual ways follow. */
  day: string;
  onChange: (value: string | null) => void;
}) {
  const t = useTranslations('tasks.repeat');
  const text = useRecurrenceText();
  const [open, setOpen] = useState(false);
  // What is built below is told when it is whole: its parts pass through rules that nobody means.
  const [draft, setDraft] = useState<string | null>(null);
  const shown = draft ?? value;
  const rule = shown ? parseRecurrence(shown) : null;
  const usual: Recurrence[] = [
    { freq: 'DAILY', interval: 1 },
    { freq: 'WEEKLY', interval: 1, weekdays: weekdays.slice(0, 5) },
    anchored({ freq: 'WEEKLY', interval: 1 }, day),
    anchored({ freq: 'WEEKLY', interval: 2 }, day),
    anchored({ freq: 'MONTHLY', interval: 1 }, day),
    anchored({ freq: 'YEARLY', interval: 1 }, day),
  ];
  const pick = (next: string | null) => {
    setOpen(false);
    setDraft(null);
    if (next !== value) onChange(next);
  };
  return (
    <Popover open={open} onOpenChange={(next) => (next ? setOpen(true) : pick(shown))}>
      <PopoverTrigger asChild>
        <Button
          variant="quiet"
          size="sm"
          aria-label={rule ? `${t('label')}: ${text(rule)}` : t('label')}
          className={cn('max-w-full font-normal', rule && 'text-link')}
        >
          <Repeat />
          <span className="truncate">{rule ? text(rule) : t('label')}</span>
        </Button>
      </PopoverTrigger>
      <PopoverContent
        aria-label={t('label')}
        className="grid w-80 max-w-[calc(100vw-16px)] gap-0.5 p-1.5"
        onEscapeKeyDown={(event) => {
          // Escape leaves all as it was; any other way out keeps what was built.
          event.preventDefault();
          setOpen(false);
          setDraft(null);
        }}
      >
        <Choice label={t('never')} on={!rule} pick={() => pick(null)} />
        {usual.map((each) => (
          <Choice
            key={formatRecurrence(each)}
            label={text(each)}
            on={shown === formatRecurrence(each)}
            pick={() => pick(formatRecurrence(each))}
          />
        ))}
        <Custom
          rule={rule ?? anchored({ freq: 'WEEKLY', interval: 1 }, day)}
          day={day}
          onChange={(next) => setDraft(formatRecurrence(next))}
        />
      </PopoverContent>
    </Popover>
  );
}

function Choice({ label, on, pick }: { label: string; on: boolean; pick: () => void }) {
  return (
    <Button
      variant="ghost"
      size="sm"
      aria-pressed={on}
      className={cn(
        'h-auto min-h-8 justify-start whitespace-normal py-1 text-left font-normal',
        on && 'bg-primary-soft text-link',
      )}
      onClick={pick}
    >
      {label}
    </Button>
  );
}

type End = 'never' | 'until' | 'count';

function Custom({ rule, day, onChange }: { rule: Recurrence; day: string; onChange: (rule: Recurrence) => void }) {
  const t = useTranslations('tasks.repeat');
  const end: End = rule.until ? 'until' : rule.count ? 'count' : 'never';
  const shape = ({ freq, interval, until, count }: Recurrence, next: Partial<Recurrence>) =>
    onChange(anchored({ freq, interval, until, count, ...next }, day));
  return (
    <fieldset className="mt-1 grid gap-2 border-t px-1.5 pt-2.5 pb-1">
      <legend className="sr-only">{t('custom')}</legend>
      <div className="flex items-center gap-2 text-sm">
        <span>{t('every')}</span>
        <Input
          inputMode="numeric"
          aria-label={t('interval')}
          value={String(rule.interval)}
          onFocus={(event) => event.target.select()}
          onChange={(event) => {
            const interval = Number(event.target.value.replace(/\D/g, '').slice(0, 3));
            onChange({ ...rule, interval: Math.max(interval, 1) });
          }}
          className="tabular w-14 text-right"
        />
        <Select value={rule.freq} onValueChange={(freq: Frequency) => shape(rule, { freq })}>
          <SelectTrigger aria-label={t('unit')} className="flex-1">
            <SelectValue />
          </SelectTrigger>
          <SelectContent>
            {frequencies.map((freq) => (
              <SelectItem key={freq} value={freq}>
                {t(`units.${freq}`, { count: rule.interval })}
              </SelectItem>
            ))}
          </SelectContent>
        </Select>
      </div>
      {rule.freq === 'WEEKLY' && <Weekdays rule={rule} day={day} onChange={onChange} />}
      <Segmented
        aria-label={t('ends')}
        value={end}
        onValueChange={(next) =>
          onChange({
            ...rule,
            until:
              next === 'until'
                ? (rule.until ?? `${Number(day.slice(0, 4)) + 1}${day.slice(4).replace('-02-29', '-02-28')}`)
                : undefined,
            count: next === 'count' ? (rule.count ?? 10) : undefined,
          })
        }
        options={(['never', 'until', 'count'] as const).map((each) => ({ value: each, label: t(`end.${each}`) }))}
      />
      {end === 'until' && (
        <DateInput
          aria-label={t('lastDay')}
          value={rule.until ?? null}
          min={day}
          onChange={(until) => until && onChange({ ...rule, until })}
        />
      )}
      {end === 'count' && (
        <Input
          inputMode="numeric"
          aria-label={t('times')}
          value={String(rule.count ?? '')}
          onFocus={(event) => event.target.select()}
          onChange={(event) =>
            onChange({ ...rule, count: Math.max(Number(event.target.value.replace(/\D/g, '').slice(0, 3)), 1) })
          }
          className="tabular w-20"
        />
      )}
    </fieldset>
  );
}

function Weekdays({ rule, day, onChange }: { rule: Recurrence; day: string; onChange: (rule: Recurrence) => void }) {
  const locale = useLocale();
  const long = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
  const narrow = new Intl.DateTimeFormat(locale, { weekday: 'narrow', timeZone: 'UTC' });
  const chosen = rule.weekdays ?? [weekdays[isoWeekday(day) - 1] ?? 'MO'];
  const toggle = (weekday: Weekday) => {
    const next = chosen.includes(weekday) ? chosen.filter((each) => each !== weekday) : [...chosen, weekday];
    // A week without a day would never come.
    if (next.length > 0) onChange({ ...rule, weekdays: weekdays.filter((each) => next.includes(each)) });
  };
  return (
    <div className="flex gap-1">
      {weekdays.map((weekday, i) => {
        const at = Date.UTC(2026, 0, 5 + i);
        return (
          <button
            key={weekday}
            type="button"
            aria-label={long.format(at)}
            aria-pressed={chosen.includes(weekday)}
            onClick={() => toggle(weekday)}
            className={cn(
              'grid size-8 place-items-center rounded-full border text-xs pointer-coarse:size-9',
              chosen.includes(weekday) ? 'border-primary bg-primary text-primary-foreground' : 'hover:bg-accent',
            )}
          >
            {narrow.format(at)}
          </button>
        );
      })}
    </div>
  );
}
