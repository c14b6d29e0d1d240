import { clockIn, momentIn } from '@/domain/moments';
import type { Span } from '@/domain/views';

const utc = (day: string) => new Date(`${day}T00:00:00Z`);
const iso = (at: Date) => at.toISOString().slice(0, 10);

/** A day `YYYY-MM-DD` so many days later. */
export function addDays(day: string, days: number): string {
  const at = utc(day);
  at.setUTCDate(at.getUTCDate() + days);
  return iso(at);
}

const monday = (day: string) => addDays(day, -((utc(day).getUTCDay() + 6) % 7));

/** The days a calendar shows: the week of a day, or all weeks its month has a part in. */
export function daysOf(day: string, span: Span): string[] {
  if (span === 'week') return Array.from({ length: 7 }, (_, i) => addDays(monday(day), i));
  const first = `${day.slice(0, 7)}-01`;
  const next = stepped(first, 'month', 1);
  const days: string[] = [];
  for (let each = monday(first); each < next || days.length % 7 !== 0; each = addDays(each, 1)) days.push(each);
  return days;
}

/** The same place in another week or month; a month that is too short ends it. */
export function stepped(day: string, span: Span, by: -1 | 1): string {
  if (span === 'week') return addDays(day, by * 7);
  const at = utc(day);
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + by + 1, 0)).getUTCDate();
  return iso(new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + by, Math.min(at.getUTCDate(), last))));
}

/** A moment on another day; what clocks in the zone show stays, also over a change of the hour. */
export function movedTo(moment: string, to: string, timeZone: string): string {
  return momentIn(timeZone, `${to}${clockIn(timeZone, moment).slice(10)}`);
}
