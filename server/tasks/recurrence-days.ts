import { RRuleTemporal } from 'rrule-temporal';
import { anchored, formatRecurrence, type Recurrence } from '@/domain/recurrence';

/**
 * The first day after `after` on which a rule falls, `YYYY-MM-DD`; null when it has ended. Apart from the rest of a
 * rule, since the library that counts is large and only the server counts.
 * @param start the day the series is at: what "every 2 weeks" counts from
 */
export function nextDay(rule: Recurrence, start: string, after: string): string | null {
  // How many are left is counted by whoever makes the next one, since those that were missed are not made.
  const { count: _, until, ...endless } = anchored(rule, start);
  // Days have no zone: all of them are counted in UTC, at midnight.
  const counted = new RRuleTemporal({
    rruleString: `DTSTART:${start.replaceAll('-', '')}T000000Z\nRRULE:${formatRecurrence(endless)}`,
  });
  const next = counted.next(new Date(`${after}T00:00:00Z`), false);
  // Days after the year 9999 have a sign before them, and no day that can be stored.
  const day = next?.toString().slice(0, 10);
  return day && !day.startsWith('+') && (!until || day <= until) ? day : null;
}
