import { localParts, momentOfWall } from '../time-zones';
import { type Parsed, problem } from './problems';

export const dateOrders = ['ymd', 'dmy', 'mdy'] as const;
export type DateOrder = (typeof dateOrders)[number];

/** Three numbers with one kind of mark between: `3/5/2024`, `5.3.24`, `2024-03-05`; Korea writes `2024. 3. 5.` */
const triple = /^(\d{1,4})([/.-])(?:(?<=\.) )?(\d{1,2})\2(?:(?<=\.) )?(\d{1,4})(?!\d)(?:(?<=^\d{4}\..*)\.(?= |$))?/;

/**
 * The order in which a column writes its dates. One date with a day above twelve tells; when none does, or when they
 * contradict each other, the answer is `ambiguous` and a person must say. Dates that read one way only count as `ymd`.
 */
export function detectDateOrder(values: readonly string[]): DateOrder | 'ambiguous' {
  let dayFirst = 0;
  let monthFirst = 0;
  let open = 0;
  for (const value of values) {
    const parts = triple.exec(plain(value));
    if (!parts) continue;
    const [a, b, c] = [Number(parts[1]), Number(parts[3]), Number(parts[4])];
    if ((parts[1]?.length ?? 0) > 2 || (a > 31 && c <= 31)) continue;
    if (a > 12 && b <= 12) dayFirst++;
    else if (b > 12 && a <= 12) monthFirst++;
    else open++;
  }
  if (dayFirst > 0 && monthFirst > 0) return 'ambiguous';
  if (dayFirst > 0) return 'dmy';
  if (monthFirst > 0) return 'mdy';
  return open > 0 ? 'ambiguous' : 'ymd';
}

interface Day {
  year: number;
  month: number;
  day: number;
  warning?: 'twoDigitYear' | 'readAsSerial' | 'readAsTimestamp';
}

interface Found {
  day: Day;
  /** What follows the day. */
  rest: string;
}

export interface DateOptions {
  order: DateOrder;
  /** IANA zone of times written without one. */
  timeZone: string;
}

/**
 * A calendar day. The time beside it is dropped; a moment with an offset is the day in `timeZone`, except midnight,
 * which is how some systems export a bare day.
 */
export function parseDate(text: string, options: DateOptions): Parsed<string> {
  const found = findDay(plain(text), options.order);
  if ('problem' in found) return { problem: { ...found.problem, params: { text } } };
  const { day, rest } = found;
  if (rest === '') return withWarning(isoDay(day), day, text);
  const time = readTime(rest);
  if (!time) return problem('date', { text });
  const bare = time.offset === null || (time.seconds === 0 && time.millis === 0);
  if (bare) return withWarning(isoDay(day), day, text);
  const moment = momentOf(day, time, options.timeZone);
  return withWarning(isoDay(localParts(moment, options.timeZone)), day, text);
}

/** A moment, as ISO 8601 in UTC. A bare day is its midnight in `timeZone`. */
export function parseDateTime(text: string, options: DateOptions): Parsed<string> {
  const stamp = unixTime(plain(text));
  if (stamp) return { value: stamp, warning: { code: 'readAsTimestamp', params: { text, value: stamp } } };
  const found = findDay(plain(text), options.order);
  if ('problem' in found) {
    const code = found.problem.code === 'date' ? 'datetime' : found.problem.code;
    return problem(code, { text });
  }
  const time = found.rest === '' ? { seconds: 0, millis: 0, offset: null } : readTime(found.rest);
  if (!time) return problem('datetime', { text });
  return withWarning(new Date(momentOf(found.day, time, options.timeZone)).toISOString(), found.day, text);
}

function withWarning(value: string, day: Day, text: string): Parsed<string> {
  return day.warning ? { value, warning: { code: day.warning, params: { text, value } } } : { value };
}

// No date is longer than a hundred characters.
const plain = (text: string) =>
  text
    .slice(0, 100)
    .normalize('NFKC')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? /i, '')
    // What only repeats: the day of the week, the zone's name behind its offset.
    .replace(/ ?\(?(?:星期|周|週)[一二三四五六日天]\)? ?/, ' ')
    .replace(/ ?(?:\([^()]*\)|\[[\w/+-]*\]| uhr| hrs?)$/i, '')
    .trim();

type Finder = (
  text: string,
  order: DateOrder,
) => Found | { problem: { code: 'date' | 'dateOrder' | 'yearMissing' } } | null;

/** The notations, tried in turn. */
const finders: readonly Finder[] = [chinese, monthNamed, ordered, compact, serial];

function findDay(text: string, order: DateOrder): Found | { problem: { code: 'date' | 'dateOrder' | 'yearMissing' } } {
  for (const find of finders) {
    const found = find(text, order);
    if (found) return found;
  }
  return { problem: { code: 'date' } };
}

/** `2024年3月5日`, `2024年03月05号 14:30`; years of the Republic of China, `民國113年3月5日`, begin in 1912. */
function chinese(text: string): ReturnType<Finder> {
  const republic = /^(?:中[华華])?民[国國] ?(\d{1,3}) ?年/.exec(text);
  const written = republic ? `${Number(republic[1]) + 1911}年${text.slice(republic[0].length)}` : text;
  const found = /^(?:(\d{4}|\d{2}) ?年 ?)?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号號]/.exec(written);
  if (!found) return null;
  if (!found[1]) return { problem: { code: 'yearMissing' } };
  return dated(found[1], Number(found[2]), Number(found[3]), written.slice(found[0].length));
}

/** Languages whose names of months are read, as files of their countries have them. */
const monthLanguages = ['en', 'de', 'fr', 'es', 'pt', 'it', 'nl'];

/** Names and short names of months, in small letters and without points, as the runtime's Intl data has them. */
const monthNumbers: ReadonlyMap<string, number> = new Map(
  monthLanguages.flatMap((language) =>
    (['long', 'short'] as const).flatMap((style) =>
      Array.from({ length: 12 }, (_, i) => {
        const name = new Intl.DateTimeFormat(language, { month: style, timeZone: 'UTC' }).format(Date.UTC(2024, i, 15));
        return [name.toLowerCase().replace('.', ''), i + 1] as const;
      }),
    ),
  ),
).set('sept', 9);
const monthWord = `(${[...monthNumbers.keys()].sort((a, b) => b.length - a.length).join('|')})(?![\\p{L}])`;
const dayMonth = new RegExp(
  String.raw`^(\d{1,2})(?:st|nd|rd|th|er|o)?[ \-/.]*(?:de |of )?${monthWord}\.?(?:[ \-/,.]+(?:de )?(\d{4}|\d{2}))?(?!\d)`,
  'iu',
);
const monthDay = new RegExp(String.raw`^${monthWord}\.? ?(\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}|\d{2}))?(?!\d)`, 'iu');
const yearMonthDay = new RegExp(String.raw`^(\d{4})[ \-/]${monthWord}[ \-/](\d{1,2})(?!\d)`, 'iu');

/** `5 Mar 2024`, `05-Mar-24`, `March 5th, 2024`. */
function monthNamed(text: string): ReturnType<Finder> {
  // Most dates are digits; trying a hundred names on each would cost a large file its time.
  if (!/\p{L}{3}/u.test(text)) return null;
  const first = yearMonthDay.exec(text);
  if (first) return dated(first[1] ?? '', monthOf(first[2]), Number(first[3]), text.slice(first[0].length));
  const found = dayMonth.exec(text);
  const other = found ? null : monthDay.exec(text);
  const whole = (found ?? other)?.[0];
  if (whole === undefined) return null;
  const [day, month, year] = found ? [found[1], found[2], found[3]] : [other?.[2], other?.[1], other?.[3]];
  if (!year) return { problem: { code: 'yearMissing' } };
  return dated(year, monthOf(month), Number(day), text.slice(whole.length));
}

const monthOf = (name = '') => monthNumbers.get(name.toLowerCase()) ?? 0;

/** Three numbers, in the order of the column unless the year stands first in full. */
function ordered(text: string, order: DateOrder): ReturnType<Finder> {
  const found = triple.exec(text);
  if (!found) return null;
  const [whole, a = '', , b = '', c = ''] = found;
  const rest = text.slice(whole.length);
  if (a.length === 4) return c.length <= 2 ? dated(a, Number(b), Number(c), rest) : { problem: { code: 'date' } };
  if (a.length === 3 || c.length === 3 || (order === 'ymd' && c.length === 4)) {
    return { problem: { code: c.length === 4 && a.length < 3 ? 'dateOrder' : 'date' } };
  }
  if (order === 'ymd')
    return a.length === 2 ? dated(a, Number(b), Number(c), rest) : { problem: { code: 'dateOrder' } };
  return order === 'dmy' ? dated(c, Number(b), Number(a), rest) : dated(c, Number(a), Number(b), rest);
}

/** ISO 8601 basic, `20240305`, `20240305T143000Z`, and without the T, `20240305143000`. */
function compact(text: string): ReturnType<Finder> {
  const found = /^((?:19|20)\d{2})(\d{2})(\d{2})(?:(?!\d)|(?=\d{6}$))/.exec(text);
  if (!found) return null;
  const rest = text.slice(found[0].length).replace(/^(t?)(\d{2})(\d{2})(\d{2})(?!\d)/i, '$1$2:$3:$4');
  return dated(found[1] ?? '', Number(found[2]), Number(found[3]), rest);
}

/**
 * Days since 1899-12-30, as spreadsheets keep dates (Lotus 1-2-3 took 1900 for a leap year, which moves the zero by
 * two). Five digits only (1927 to 2173): a bare `2024` is a year, not a day of 1905.
 */
function serial(text: string): ReturnType<Finder> {
  const found = /^([1-9]\d{4})(\.\d+)?$/.exec(text);
  if (!found) return null;
  const seconds = Math.round(Number(`0${found[2] ?? ''}`) * 86_400);
  const at = new Date(Date.UTC(1899, 11, 30) + (Number(found[1]) * 86_400 + seconds) * 1000);
  const day: Day = {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    warning: 'readAsSerial',
  };
  return { day, rest: found[2] ? at.toISOString().slice(11, 19) : '' };
}

/** Unix time in seconds or milliseconds, between 1980 and 2100. */
function unixTime(text: string): string | null {
  if (!/^\d{9,13}$/.test(text)) return null;
  const millis = text.length > 10 ? Number(text) : Number(text) * 1000;
  const at = millis >= Date.UTC(1980, 0) && millis < Date.UTC(2100, 0) ? new Date(millis) : null;
  return at && (text.length === 13 || text.length <= 10) ? at.toISOString() : null;
}

/** Checks that the day exists. Years of two digits are read as spreadsheets do: 30 to 99 are 19xx. */
function dated(yearText: string, month: number, day: number, rest: string): Found | { problem: { code: 'date' } } {
  const short = yearText.length <= 2;
  const year = Number(yearText) + (short ? (Number(yearText) < 30 ? 2000 : 1900) : 0);
  const at = new Date(Date.UTC(year, month - 1, day));
  at.setUTCFullYear(year);
  const exists = year >= 1000 && month >= 1 && month <= 12 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  if (!exists) return { problem: { code: 'date' } };
  return { day: { year, month, day, warning: short ? 'twoDigitYear' : undefined }, rest: rest.trim() };
}

const isoDay = ({ year, month, day }: Day) =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

interface Time {
  /** Seconds of the day. */
  seconds: number;
  millis: number;
  /** Minutes east of UTC; null when none is written. */
  offset: number | null;
}

const timePattern =
  /^[Tt,]? ?(?:(上午|早上|凌晨|中午|下午|晚上|am|pm) ?)?(\d{1,2})[:.时点h](\d{1,2})分?(?:[:.]?(\d{1,2})秒?(?:[.,](\d{1,9}))?)? ?(am|pm|a\.m\.|p\.m\.)? ?(z|utc|gmt|(?:utc|gmt)?([+-])(\d{1,2}):?(\d{2})?)?$/i;

function readTime(text: string): Time | null {
  const found = timePattern.exec(text);
  if (!found) return null;
  const half = (found[1] ?? found[6] ?? '').toLowerCase().replace(/\./g, '');
  const hours = hourOf(Number(found[2]), half);
  const [minutes, seconds] = [Number(found[3]), Number(found[4] ?? 0)];
  if (hours === null || minutes > 59 || seconds > 59) return null;
  const offset = found[8]
    ? (found[8] === '-' ? -1 : 1) * (Number(found[9]) * 60 + Number(found[10] ?? 0))
    : found[7]
      ? 0
      : null;
  if (offset !== null && Math.abs(offset) > 14 * 60) return null;
  const millis = Number((found[5] ?? '0').slice(0, 3).padEnd(3, '0'));
  return { seconds: hours * 3600 + minutes * 60 + seconds, millis, offset };
}

function hourOf(hour: number, half: string): number | null {
  if (hour > 23) return null;
  if (half === '' || hour > 12) return half === 'am' || half === '上午' ? null : hour;
  if (half === '下午' || half === '晚上' || half === 'pm') return hour === 12 ? 12 : hour + 12;
  if (half === '中午') return hour < 3 ? hour + 12 : hour;
  return hour === 12 ? 0 : hour;
}

/** Milliseconds of a local day and time; in the hour a zone skips, the moment after the gap. */
function momentOf(day: Day, time: Time, timeZone: string): number {
  const at = new Date(0);
  at.setUTCFullYear(day.year, day.month - 1, day.day);
  const wall = at.getTime() + time.seconds * 1000 + time.millis;
  if (time.offset !== null) return wall - time.offset * 60_000;
  return momentOfWall(wall, timeZone);
}
