import { momentOfWall } from '@/domain/time-zones';

/** The moment a calendar day begins in a time zone, as ISO. @param day `YYYY-MM-DD` */
export function startOfDay(day: string, timeZone: string): string {
  return new Date(momentOfWall(Date.parse(`${day}T00:00:00Z`), timeZone)).toISOString();
}

/** The day after. */
export function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
