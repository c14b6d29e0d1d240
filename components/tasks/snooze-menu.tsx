'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CalendarClock } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { patchMany } from '@/components/records/record-data';
import { useFormat } from '@/components/shell/format';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { DateInput } from '@/components/ui/date-input';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { Hint } from '@/components/ui/tooltip';
import { addDays, isoWeekday } from '@/domain/moments';

/** Days a task is put off to, in the order offered; each day once. */
function snoozeDays(today: string): { key: 'tomorrow' | 'nextMonday' | 'nextWeek'; day: string }[] {
  const days = [
    { key: 'tomorrow' as const, day: addDays(today, 1) },
    { key: 'nextMonday' as const, day: addDays(today, 8 - isoWeekday(today)) },
    { key: 'nextWeek' as const, day: addDays(today, 7) },
  ];
  return days.filter(({ day }, i) => days.findIndex((each) => each.day === day) === i);
}

/** Puts tasks off, with a way back; the series of those that come again keep their days. */
export function useReschedule(): (ids: readonly string[], dueOn: string) => void {
  const t = useTranslations('tasks.snooze');
  const format = useFormat();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const undoToast = useUndoToast();
  const { mutateAsync } = useMutation(
    trpc.tasks.reschedule.mutationOptions({
      onMutate: (input) => patchMany(queries, 'task', input.ids, { dueOn: input.dueOn }),
    }),
  );
  return (ids, dueOn) =>
    // By its promise: the row, and with it a callback, may be gone before the answer. What fails is told for all alike.
    mutateAsync({ ids: [...ids], dueOn }).then(
      ({ changeSetId, count }) => undoToast(changeSetId, t('done', { count, day: format.relativeDay(dueOn) })),
      () => {},
    );
}

/** Tomorrow, next Monday, in a week, or a day that is picked. */
export function SnoozeMenu({ ids, label, wide }: { ids: readonly string[]; label: string; wide?: boolean }) {
  const t = useTranslations('tasks.snooze');
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const [picked, setPicked] = useState<string | null>(null);
  const reschedule = useReschedule();
  const today = format.today();
  const put = (day: string) => {
    setOpen(false);
    setPicked(null);
    reschedule(ids, day);
  };
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <Hint label={t('label')}>
        <PopoverTrigger asChild>
          <Button
            variant={wide ? 'secondary' : 'quiet'}
            size={wide ? 'sm' : 'icon-sm'}
            aria-label={label}
            data-snooze
            className={
              wide
                ? undefined
                : 'pointer-fine:opacity-0 focus-visible:opacity-100 group-hover/task:opacity-100 data-[state=open]:opacity-100'
            }
          >
            <CalendarClock />
            {wide && t('label')}
          </Button>
        </PopoverTrigger>
      </Hint>
      <PopoverContent align="end" aria-label={t('label')} className="grid w-64 gap-0.5 p-1.5">
        {snoozeDays(today).map(({ key, day }) => (
          <Button key={key} variant="ghost" className="justify-between font-normal" onClick={() => put(day)}>
            {t(key)}
            <span className="tabular text-muted-foreground text-xs">{format.weekday(day)}</span>
          </Button>
        ))}
        {/* A day that is typed is whole before its last digit, so that it is the person who says when it is. */}
        <form
          className="mt-1 flex gap-1.5"
          onSubmit={(event) => {
            event.preventDefault();
            if (picked && picked >= today) put(picked);
          }}
        >
          <DateInput
            aria-label={t('pick')}
            value={picked}
            min={today}
            onChange={setPicked}
            className="min-w-0 flex-1"
          />
          <Button type="submit" variant="secondary" disabled={!picked || picked < today}>
            {t('label')}
          </Button>
        </form>
      </PopoverContent>
    </Popover>
  );
}
