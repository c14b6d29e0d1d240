'use client';

import { Plus } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { RecordRow } from '@/components/records/record-data';
import type { ObjectKey } from '@/components/records/use-object';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Skeleton } from '@/components/ui/skeleton';
import { Entry } from './calendar-day';

export interface PhoneDaysProps {
  object: ObjectKey;
  /** The date field by which entries are placed. */
  name: string;
  days: readonly string[];
  /** `YYYY-MM` of a month that is shown; null for a week. */
  month: string | null;
  at: string;
  today: string;
  byDay: ReadonlyMap<string, readonly RecordRow[]>;
  weekday: (day: string) => string;
  dayName: (day: string) => string;
  loading: boolean;
  onDay: (day: string) => void;
  onAdd: ((day: string) => void) | undefined;
  onOpen: (id: string) => void;
}

/** A calendar on a phone: days with a mark where something is, and under them the day one is at. */
export function PhoneDays(props: PhoneDaysProps) {
  const { object, name, days, month, at, today, byDay, weekday, dayName, loading, onDay, onAdd, onOpen } = props;
  const t = useTranslations('records.calendar');
  const rows = byDay.get(at) ?? [];
  return (
    <>
      <div className="grid shrink-0 grid-cols-7 border-b px-2 pb-2">
        {days.slice(0, 7).map((day) => (
          <span key={day} aria-hidden className="py-1 text-center text-muted-foreground text-xs">
            {weekday(day)}
          </span>
        ))}
        {days.map((day) => {
          const count = byDay.get(day)?.length ?? 0;
          return (
            <button
              key={day}
              type="button"
              aria-label={count > 0 ? t('dayWith', { day: dayName(day), count }) : dayName(day)}
              aria-current={day === today ? 'date' : undefined}
              aria-pressed={day === at}
              onClick={() => onDay(day)}
              className="grid h-11 place-items-center content-center gap-0.5 rounded-md"
            >
              <span
                className={cn(
                  'tabular grid size-7 place-items-center rounded-full text-sm',
                  month && day.slice(0, 7) !== month && 'text-muted-foreground',
                  day === today && 'font-semibold text-link',
                  day === at && 'bg-primary text-primary-foreground',
                )}
              >
                {Number(day.slice(8))}
              </span>
              <span className={cn('size-1 rounded-full', count > 0 && 'bg-primary')} />
            </button>
          );
        })}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section aria-label={dayName(at)} tabIndex={0} className="scroll-quiet min-h-0 flex-1 overflow-y-auto p-3">
        <div className="mb-2 flex items-center gap-2">
          <h3 className="min-w-0 flex-1 truncate font-medium text-sm">{dayName(at)}</h3>
          {onAdd && (
            <Button
              variant="quiet"
              size="icon-sm"
              aria-label={t('add', { day: dayName(at) })}
              onClick={() => onAdd(at)}
            >
              <Plus />
            </Button>
          )}
        </div>
        {loading ? (
          <Skeleton className="h-11" />
        ) : rows.length === 0 ? (
          <p className="text-muted-foreground text-sm">{t('none.day')}</p>
        ) : (
          <div className="grid gap-1.5">
            {rows.map((row) => (
              <Entry
                key={row.id}
                object={object}
                name={name}
                day={at}
                row={row}
                movable={false}
                lifted={false}
                onOpen={onOpen}
                roomy
              />
            ))}
          </div>
        )}
      </section>
    </>
  );
}
