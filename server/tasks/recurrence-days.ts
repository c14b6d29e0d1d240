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
  const day = next?.toString().slice(0, 10) ?? null;
  return day && (!until || day <= until) ? day : null;
}

/** The next `many` days from `start` on, itself left out. */
export function nextDays(rule: Recurrence, start: string, many: number): string[] {
  const days: string[] = [];
  let last = start;
  while (days.length < many) {
    const day = nextDay(rule, start, last);
    if (!day) break;
    days.push(day);
    last = day;
  }
  return rule.count ? days.slice(0, rule.count - 1) : days;
}
