const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    // The Swedish locale writes dates and times the ISO way.
    formatter = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

const wallOf = (ms: number, timeZone: string) => formatterOf(timeZone).format(ms).replace(' ', 'T');

/** What clocks in a zone show at a moment, `YYYY-MM-DDTHH:mm`. */
export function clockIn(timeZone: string, moment: string | number): string {
  return wallOf(typeof moment === 'string' ? Date.parse(moment) : moment, timeZone).slice(0, 16);
}

/** A moment's day in a zone, `YYYY-MM-DD`. */
export const dayIn = (timeZone: string, moment: string | number): string => clockIn(timeZone, moment).slice(0, 10);

/**
 * The moment at which clocks in a zone show this, in ISO 8601; in the hour that a zone skips, as much later as it skips.
 * @param clock `YYYY-MM-DDTHH:mm`
 */
export function momentIn(timeZone: string, clock: string): string {
  const wall = Date.parse(`${clock}Z`);
  const offsetAt = (ms: number) => Date.parse(`${wallOf(ms, timeZone)}Z`) - Math.floor(ms / 1000) * 1000;
  const guess = wall - offsetAt(wall);
  return new Date(wall - offsetAt(guess)).toISOString();
}

/** A day so many days from another. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Whole days from one day to another; negative when it is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / 86_400_000);

/** 1 for Monday to 7 for Sunday. */
export const isoWeekday = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
