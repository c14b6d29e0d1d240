import { addDays, clockIn, dayIn, daysBetween, momentIn } from '@/domain/moments';
import { formatRecurrence, parseRecurrence } from '@/domain/recurrence';
import { carriedFields } from '@/domain/tasks';
import type { RecordType, RecordValues } from '../core/record-types';
import { nextDay } from './recurrence-days';

/**
 * The values of the task that comes after one that is done; null when its series has ended. It falls on the first day of
 * the rule that is not past: days that went by without anybody doing them are not made up for.
 * @param type the tenant's version of tasks
 * @param timeZone of the tenant, by which a day is over
 */
export function nextOf(type: RecordType, row: RecordValues, timeZone: string, now: Date): RecordValues | null {
  // What was changed for this one only does not reach the next.
  const base: RecordValues = { ...row, ...(row.series as RecordValues | null) };
  const rule = parseRecurrence(String(base.recurrence));
  if (!rule || typeof base.dueOn !== 'string' || rule.count === 1) return null;
  const yesterday = addDays(dayIn(timeZone, now.getTime()), -1);
  const dueOn = nextDay(rule, base.dueOn, later(base.dueOn, yesterday));
  if (!dueOn) return null;
  return {
    ...Object.fromEntries([...carriedFields, ...carriedOwn(type)].map((name) => [name, base[name] ?? null])),
    dueOn,
    // In a queue the next one waits for whoever takes it.
    ownerId: base.queueId ? null : base.ownerId,
    recurrence: formatRecurrence(rule.count ? { ...rule, count: rule.count - 1 } : rule),
    remindAt: reminderFor(base, dueOn, timeZone),
    recursFrom: row.id,
    done: false,
  };
}

const later = (a: string, b: string): string => (b.localeCompare(a) > 0 ? b : a);

/** Not what follows from other values or hangs on the one task, nor what only one record may have. */
const carriedOwn = ({ own = [] }: RecordType): string[] =>
  own.flatMap(({ key, type, settings }) => (notCarried.has(type) || settings.unique ? [] : [key]));
const notCarried = new Set(['formula', 'rollup', 'relation', 'file']);

/**
 * When to remind of a task that is due on another day: as many days before it as now, at the same time of the clock; null
 * without a reminder, or where no moment can be stored.
 */
export function reminderFor({ remindAt, dueOn }: RecordValues, to: string, timeZone: string): string | null {
  if (typeof remindAt !== 'string' || typeof dueOn !== 'string') return null;
  const clock = clockIn(timeZone, remindAt);
  const day = addDays(to, daysBetween(dueOn, clock.slice(0, 10)));
  return /^\d/.test(day) ? momentIn(timeZone, `${day}${clock.slice(10)}`) : null;
}
