/** Whether this runtime knows a time zone of that name (IANA). */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * The moment at which a zone's clocks show a time, in milliseconds; in the hour a zone skips, the moment after the gap.
 * @param wall what the clocks show, as if it were UTC
 */
export function momentOfWall(wall: number, timeZone: string): number {
  // The zone may change its clock between the guess and the moment itself.
  const guess = wall - offsetAt(wall, timeZone);
  return wall - offsetAt(guess, timeZone);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** The day a zone's clocks show at a moment, and the seconds since its midnight. */
export function localParts(
  moment: number,
  timeZone: string,
): { year: number; month: number; day: number; seconds: number } {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(timeZone, formatter);
  }
  const parts: Record<string, number> = {};
  for (const { type, value } of formatter.formatToParts(moment)) parts[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, day, seconds: hour * 3600 + minute * 60 + second };
}

/** Milliseconds a zone is ahead of UTC at a moment. */
function offsetAt(moment: number, timeZone: string): number {
  const { year, month, day, seconds } = localParts(moment, timeZone);
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  return local.getTime() + seconds * 1000 - Math.floor(moment / 1000) * 1000;
}
