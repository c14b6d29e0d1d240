import { addDays, clockIn, dayIn, daysBetween, momentIn } from '@/domain/moments';
import { formatRecurrence, parseRecurrence } from '@/domain/recurrence';
import { carriedFields } from '@/domain/tasks';
import { ownValues, type RecordValues } from '../core/record-types';
import { nextDay } from './recurrence-days';

/**
 * The values of the task that comes after one that is done; null when its series has ended. It falls on the first day of
 * the rule that is not past: days that went by without anybody doing them are not made up for.
 * @param timeZone of the tenant, by which a day is over
 */
export function nextOf(row: RecordValues, timeZone: string, now: Date): RecordValues | null {
  // What was changed for this one only does not reach the next.
  const base: RecordValues = { ...row, ...(row.series as RecordValues | null) };
  const rule = parseRecurrence(String(base.recurrence));
  if (!rule || typeof base.dueOn !== 'string' || rule.count === 1) return null;
  const yesterday = addDays(dayIn(timeZone, now.getTime()), -1);
  const dueOn = nextDay(rule, base.dueOn, later(base.dueOn, yesterday));
  if (!dueOn) return null;
  return {
    ...Object.fromEntries(carriedFields.map((name) => [name, base[name] ?? null])),
    ...ownValues(row),
    dueOn,
    // In a queue the next one waits for whoever takes it.
    ownerId: base.queueId ? null : base.ownerId,
    recurrence: formatRecurrence(rule.count ? { ...rule, count: rule.count - 1 } : rule),
    remindAt: typeof base.remindAt === 'string' ? sameTime(base.remindAt, base.dueOn, dueOn, timeZone) : null,
    recursFrom: row.id,
    done: false,
  };
}

const later = (a: string, b: string): string => (b.localeCompare(a) > 0 ? b : a);

/** As many days before its own day as the reminder was before the other's, at the same time of the clock. */
function sameTime(moment: string, from: string, to: string, timeZone: string): string {
  const clock = clockIn(timeZone, moment);
  const day = addDays(to, daysBetween(from, clock.slice(0, 10)));
  return momentIn(timeZone, `${day}${clock.slice(10)}`);
}
