import { localParts, momentOfWall } from './time-zones';

const two = (n: number) => String(n).padStart(2, '0');

/** What clocks in a zone show at a moment, `YYYY-MM-DDTHH:mm`. */
export function clockIn(timeZone: string, moment: string | number): string {
  const { seconds, ...day } = localParts(typeof moment === 'string' ? Date.parse(moment) : moment, timeZone);
  const minutes = Math.floor(seconds / 60);
  return `${dayOf(day)}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

const dayOf = ({ year, month, day }: { year: number; month: number; day: number }) =>
  `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;

/** A moment's day in a zone, `YYYY-MM-DD`. */
export const dayIn = (timeZone: string, moment: string | number): string => clockIn(timeZone, moment).slice(0, 10);

/**
 * The moment at which clocks in a zone show this, in ISO 8601; in the hour that a zone skips, as much later as it skips.
 * @param clock `YYYY-MM-DDTHH:mm`
 */
export const momentIn = (timeZone: string, clock: string): string =>
  new Date(momentOfWall(Date.parse(`${clock}Z`), timeZone)).toISOString();

/** A day so many days from another. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Whole days from one day to another; negative when it is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / 86_400_000);

/** 1 for Monday to 7 for Sunday. */
export const isoWeekday = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
