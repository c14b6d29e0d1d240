import { addDays, isoWeekday } from './moments';
import { formatRecurrence, type Recurrence, weekdays } from './recurrence';
import type { taskPriorities, taskTypes } from './tasks';

/** A task as somebody typed it in one line: "call Wang tomorrow 15:00", "明天下午3点 给王总打电话". */
export interface QuickTask {
  /** The line without what was understood; never empty when the line is not. */
  subject: string;
  type: (typeof taskTypes)[number];
  priority?: (typeof taskPriorities)[number];
  /** `YYYY-MM-DD` */
  dueOn?: string;
  /** `HH:mm`, where the person is. */
  time?: string;
  recurrence?: string;
}

interface Found {
  day?: string;
  time?: string;
  rule?: Recurrence;
  priority?: QuickTask['priority'];
  /** Of "tonight" and 今晚: which half an hour beside it is in. */
  half?: Half;
}
/** Night is a pm whose twelve is the end of the day, not its middle. */
type Half = 'am' | 'pm' | 'night';

interface Reader {
  pattern: RegExp;
  /** What a match says; null when it says nothing after all, so that it stays in the subject. */
  read: (match: RegExpExecArray, now: Now) => Found | null;
}

interface Now {
  day: string;
  clock: string;
  half?: Half;
}

/**
 * Takes days, times, recurrence and priority out of a line in English or Chinese.
 * @param clock what the clock shows where the person is, `YYYY-MM-DDTHH:mm`
 */
export function parseQuickTask(line: string, clock: string): QuickTask {
  const now: Now = { day: clock.slice(0, 10), clock };
  const found: Found = {};
  let rest = line.normalize('NFKC').trim();
  for (const { pattern, read } of readers) {
    const match = pattern.exec(rest);
    const said = match && read(match, { ...now, half: found.half });
    if (!match || !said || Object.keys(said).some((name) => name in found)) continue;
    Object.assign(found, said);
    rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`;
  }
  const subject = tidy(rest) || line.trim();
  const day = found.day ?? dayOf(found, now);
  return {
    subject,
    type: typeOf(subject),
    ...(found.priority && { priority: found.priority }),
    ...(day && { dueOn: day }),
    ...(found.time && { time: found.time }),
    ...(found.rule && { recurrence: formatRecurrence(found.rule) }),
  };
}

/** The day where only a time or a rule was given. */
function dayOf({ time, rule }: Found, now: Now): string | undefined {
  if (rule) return firstDay(rule, now.day);
  if (!time) return undefined;
  return `${now.day}T${time}` > now.clock ? now.day : addDays(now.day, 1);
}

function firstDay(rule: Recurrence, today: string): string {
  for (let day = today, tries = 0; tries < 400; tries++, day = addDays(day, 1)) {
    const weekday = weekdays[isoWeekday(day) - 1];
    const date = Number(day.slice(8));
    const last = addDays(day, 1).endsWith('-01');
    if (rule.weekdays && (!weekday || !rule.weekdays.includes(weekday))) continue;
    if (rule.monthDay && !(date === rule.monthDay || (last && date < rule.monthDay))) continue;
    return day;
  }
  return today;
}

const numerals = '零一二三四五六七八九十';
/** 3, 三, 两, 十二, 三十. */
function numberOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const digits = text.replace('两', '二').replace(/〇/g, '零');
  const ten = digits.indexOf('十');
  const at = (sign: string | undefined) => (sign ? numerals.indexOf(sign) : 0);
  return ten < 0 ? at(digits) : (ten === 0 ? 1 : at(digits[0])) * 10 + at(digits[ten + 1]);
}
const n = '(\\d{1,3}|[一二两三四五六七八九十]{1,3})';

const englishDays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const englishMonths = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayName = '(mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)';
const monthName =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const weekdayOf = (name: string): number =>
  /^[a-z]/i.test(name)
    ? englishDays.indexOf(name.slice(0, 3).toLowerCase()) + 1
    : '一二三四五六日天'.indexOf(name) + 1 - (name === '天' ? 1 : 0);
const monthOf = (name = ''): number => englishMonths.indexOf(name.slice(0, 3).toLowerCase()) + 1;
const codeOf = (weekday: number) => weekdays[weekday - 1] ?? 'MO';
/** Every one of several days of a week, as they were named. */
const codesOf = (names: string[]) => weekdays.filter((code) => names.some((name) => codeOf(weekdayOf(name)) === code));
const en = (pattern: string) => new RegExp(`(?<![\\p{L}\\d]|\\d[.:])${pattern}(?![\\p{L}\\d])`, 'iu');
const zh = (pattern: string) => new RegExp(pattern, 'u');
/** A day of this week or the next: not one of last week (上周五), nor an end of a span (周一到周五). */
const zhWeek = '(?<![上到至每])(?:周|星期|礼拜)([一二三四五六日天])(?![到至])';
/** A Chinese day, and the word that makes it the last one: 周五前. */
const zhDay = (pattern: string) => zh(`${pattern}(?:之?前(?![往去台]))?`);

/** The next such weekday, today left out. */
const coming = (weekday: number, today: string): string => addDays(today, ((weekday - isoWeekday(today) + 6) % 7) + 1);
/** Such a weekday of a week after this one; weeks begin on Monday. */
const inWeek = (weekday: number, weeks: number, today: string): string =>
  addDays(today, weekday - isoWeekday(today) + 7 * weeks);

/** A day of a month, this year or, when it is past, the next. */
function dateOf(month: number, date: number, today: string, year?: number): Found | null {
  const make = (y: number) => `${y}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
  const valid = (day: string) => addDays(day, 0) === day;
  if (month < 1 || month > 12 || date < 1 || date > 31) return null;
  const first = make(year ?? Number(today.slice(0, 4)));
  const day = year === undefined && first < today ? make(Number(today.slice(0, 4)) + 1) : first;
  return valid(day) ? { day } : null;
}

/** A day of this month or, when it is past, of the next. */
function dateOfMonth(date: number, today: string): Found | null {
  const [year = 0, month = 0] = today.split('-').map(Number);
  const next = date < Number(today.slice(8));
  const rolled = next && month === 12;
  return dateOf(rolled ? 1 : month + (next ? 1 : 0), date, today, rolled ? year + 1 : year);
}

function timeOf(hour: number, minute: number, half?: Half | null): Found | null {
  // Midnight is another day's.
  if (hour > 23 || minute > 59 || (half === 'night' && hour === 12)) return null;
  const late = half === 'am' ? false : half ? hour < 12 : hour >= 1 && hour <= 6;
  const early = half === 'am' && hour === 12;
  const shown = late ? hour + 12 : early ? 0 : hour;
  return { time: `${String(shown).padStart(2, '0')}:${String(minute).padStart(2, '0')}` };
}

const halfOf = (word: string | undefined): Half | null =>
  !word ? null : /^晚/.test(word) ? 'night' : /^(下午|傍晚|中午|pm|p\.m\.)$/i.test(word) ? 'pm' : 'am';

function later(minutes: number, clock: string): Found {
  const at = new Date(Date.parse(`${clock}Z`) + minutes * 60_000).toISOString();
  return { day: at.slice(0, 10), time: at.slice(11, 16) };
}

const every = (freq: Recurrence['freq'], interval: number, more: Partial<Recurrence> = {}): Found => ({
  rule: { freq, interval: Math.min(Math.max(interval, 1), 999), ...more },
});
const units = { day: 'DAILY', week: 'WEEKLY', month: 'MONTHLY', year: 'YEARLY' } as const;
const chineseUnits = { 天: 'DAILY', 日: 'DAILY', 周: 'WEEKLY', 星期: 'WEEKLY', 月: 'MONTHLY', 年: 'YEARLY' } as const;
const workdays = weekdays.slice(0, 5);
/** Every so many of them; 每隔一天 leaves one out between. */
const step = (between?: string, count?: string): number => (count ? numberOf(count) : 1) + (between ? 1 : 0);

/** In the order in which they are asked: what is longer first, so that a part of it is not taken for the whole. */
const readers: readonly Reader[] = [
  {
    pattern: en('!(high|low|medium)'),
    read: ([, word]) => ({ priority: word?.toLowerCase() as QuickTask['priority'] }),
  },
  {
    pattern: zh('!(高|中|低)'),
    read: ([, word]) => ({ priority: word === '高' ? 'high' : word === '低' ? 'low' : 'medium' }),
  },

  { pattern: en('every (?:weekday|workday)s?'), read: () => every('WEEKLY', 1, { weekdays: workdays }) },
  {
    pattern: en(
      `every(?: (\\d{1,3}|other|second))? (?:weeks? on )?(${dayName}s?(?:(?:,? and |, ?| ?& ?)${dayName}s?)*)`,
    ),
    read: ([, count, days = '']) =>
      every('WEEKLY', /^[os]/i.test(count ?? '') ? 2 : Number(count ?? 1), {
        weekdays: codesOf(days.split(/,? and |[,&]/i).map((day) => day.trim())),
      }),
  },
  {
    pattern: en('every(?: (\\d{1,3}|other|second))? (day|week|month|year)s?(?: on the (\\d{1,2})(?:st|nd|rd|th)?)?'),
    read: ([, count, unit = 'day', date]) => {
      const freq = units[unit.toLowerCase() as keyof typeof units];
      return every(
        freq,
        /^[os]/i.test(count ?? '') ? 2 : Number(count ?? 1),
        freq === 'MONTHLY' && date ? { monthDay: Math.min(Number(date), 31) } : {},
      );
    },
  },
  { pattern: zh('每个?工作日|工作日每天'), read: () => every('WEEKLY', 1, { weekdays: workdays }) },
  {
    pattern: zh(
      `每(隔)?${n}?个?(?:周|星期|礼拜)的?(?:周|星期|礼拜)?([一二三四五六日天](?:[、,，和及](?:周|星期|礼拜)?[一二三四五六日天])*)(?![个天周年月])`,
    ),
    read: ([, between, count, days = '']) =>
      every('WEEKLY', step(between, count), { weekdays: codesOf(days.match(/[一二三四五六日天]/g) ?? []) }),
  },
  {
    pattern: zh(`每${n}?个?月的?${n}[号日]`),
    read: ([, count, date = '1']) =>
      every('MONTHLY', count ? numberOf(count) : 1, { monthDay: Math.min(Math.max(numberOf(date), 1), 31) }),
  },
  { pattern: zh('每个?月(?:底|末|最后一天)'), read: () => every('MONTHLY', 1, { monthDay: 31 }) },
  {
    pattern: zh(`每(隔)?${n}?个?(天|日|周|星期|月|年)(?![末底初])`),
    read: ([, between, count, unit = '天']) =>
      every(chineseUnits[unit as keyof typeof chineseUnits], step(between, count)),
  },

  {
    pattern: en('in (\\d{1,3}|an?) (hour|minute|min)s?'),
    read: ([, count = '', unit = ''], now) =>
      later((Number(count) || 1) * (unit.toLowerCase() === 'hour' ? 60 : 1), now.clock),
  },
  { pattern: zh('半个?小时[之以]?后'), read: (_, now) => later(30, now.clock) },
  {
    pattern: zh(`${n}个?(小时|钟头|分钟)[之以]?后`),
    read: ([, count = '1', unit], now) => later(numberOf(count) * (unit === '分钟' ? 1 : 60), now.clock),
  },

  {
    pattern: en('(?:on |by |due )?(\\d{4})([-/])(\\d{1,2})\\2(\\d{1,2})'),
    read: ([, y, , m, d], now) => dateOf(Number(m), Number(d), now.day, Number(y)),
  },
  {
    pattern: zhDay('(\\d{4})年(\\d{1,2})月(\\d{1,2})[日号]?'),
    read: ([, y, m, d], now) => dateOf(Number(m), Number(d), now.day, Number(y)),
  },
  {
    pattern: zhDay(`([去今明后]年)?${n}月${n}[日号]`),
    read: ([, year, m = '', d = ''], now) => {
      // What was last year is no day to do something on.
      if (year === '去年') return null;
      const named = year && Number(now.day.slice(0, 4)) + '今明后'.indexOf(year.charAt(0));
      return dateOf(numberOf(m), numberOf(d), now.day, named || undefined);
    },
  },
  {
    pattern: zhDay(`下个?月${n}[日号]`),
    read: ([, date = ''], now) => {
      const [year = 0, month = 0] = addDays(monthEnd(now.day), 1).split('-').map(Number);
      return dateOf(month, numberOf(date), now.day, year);
    },
  },
  { pattern: zhDay('下个?月(?:底|末)'), read: (_, now) => ({ day: monthEnd(addDays(monthEnd(now.day), 1)) }) },
  {
    pattern: en(`(?:on |by |due )?${monthName}\\.? (\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?(?!:)`),
    read: ([, m, d, y], now) => dateOf(monthOf(m), Number(d), now.day, y ? Number(y) : undefined),
  },
  {
    pattern: en(`(?:on |by |due )?(?:the )?(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ${monthName}(?: (\\d{4}))?`),
    read: ([, d, m, y], now) => dateOf(monthOf(m), Number(d), now.day, y ? Number(y) : undefined),
  },
  { pattern: zhDay('(?<!上个?)(?:这个?|本)?月(?:底|末)'), read: (_, now) => ({ day: monthEnd(now.day) }) },
  { pattern: en('(?:at |by )?(?:the )?end of (?:the )?month'), read: (_, now) => ({ day: monthEnd(now.day) }) },

  { pattern: en('(?:the )?day after tomorrow'), read: (_, now) => ({ day: addDays(now.day, 2) }) },
  { pattern: en('(?:by |due )?(tomorrow|tmrw|tmr)'), read: (_, now) => ({ day: addDays(now.day, 1) }) },
  { pattern: en('(?:by |due )?today'), read: (_, now) => ({ day: now.day }) },
  { pattern: en('tonight'), read: (_, now) => ({ day: now.day, half: 'night' }) },
  {
    pattern: en('in (\\d{1,3}|an?) (day|week|month)s?'),
    read: ([, count = '', unit = ''], now) => ahead(Number(count) || 1, unit.toLowerCase(), now.day),
  },
  {
    pattern: en(`(?:on |by |due )?next ${dayName}`),
    read: ([, day = ''], now) => ({ day: inWeek(weekdayOf(day), 1, now.day) }),
  },
  { pattern: en('next week'), read: (_, now) => ({ day: inWeek(1, 1, now.day) }) },
  {
    pattern: en(`(?:on |by |due |this )${dayName}`),
    read: ([, day = ''], now) => ({ day: coming(weekdayOf(day), now.day) }),
  },
  // A bare name of a day may be part of what is to be done, unless it stands at the end or before a time.
  {
    pattern: en(`${dayName}(?=$| (?:at )?\\d)`),
    read: ([, day = ''], now) => ({ day: coming(weekdayOf(day), now.day) }),
  },

  { pattern: zhDay('大后天'), read: (_, now) => ({ day: addDays(now.day, 3) }) },
  { pattern: zhDay('后天'), read: (_, now) => ({ day: addDays(now.day, 2) }) },
  { pattern: zh('明晚'), read: (_, now) => ({ day: addDays(now.day, 1), half: 'night' }) },
  { pattern: zh('明早'), read: (_, now) => ({ day: addDays(now.day, 1), half: 'am' }) },
  { pattern: zhDay('明[天日]'), read: (_, now) => ({ day: addDays(now.day, 1) }) },
  { pattern: zh('今晚'), read: (_, now) => ({ day: now.day, half: 'night' }) },
  { pattern: zh('今早'), read: (_, now) => ({ day: now.day, half: 'am' }) },
  { pattern: zhDay('今[天日]'), read: (_, now) => ({ day: now.day }) },
  {
    pattern: zh(`在?${n}(天|日|周|个星期|个礼拜|个月)[之以]?(?:后|内(?![部容地审测]))`),
    read: ([, count = '1', unit = '天'], now) =>
      ahead(numberOf(count), unit === '天' || unit === '日' ? 'day' : unit === '个月' ? 'month' : 'week', now.day),
  },
  {
    pattern: zhDay('下下(?:个)?(?:周|星期|礼拜)([一二三四五六日天])'),
    read: ([, day = ''], now) => ({ day: inWeek(weekdayOf(day), 2, now.day) }),
  },
  {
    pattern: zhDay('下(?:个)?(?:周|星期|礼拜)([一二三四五六日天])'),
    read: ([, day = ''], now) => ({ day: inWeek(weekdayOf(day), 1, now.day) }),
  },
  {
    pattern: zhDay('(?:这|本)(?:个)?(?:周|星期|礼拜)([一二三四五六日天])'),
    read: ([, day = ''], now) => ({ day: inWeek(weekdayOf(day), 0, now.day) }),
  },
  {
    pattern: zhDay(zhWeek),
    read: ([, day = ''], now) => ({ day: coming(weekdayOf(day), now.day) }),
  },
  {
    pattern: zh('下(?:个)?(?:周|星期|礼拜)(?![一二三四五六日天末])'),
    read: (_, now) => ({ day: inWeek(1, 1, now.day) }),
  },
  {
    pattern: zhDay(`(?<![\\p{L}\\d])${n}[号日](?![\\p{L}\\d]*[楼线馆店])`),
    read: ([, date = ''], now) => dateOfMonth(numberOf(date), now.day),
  },

  {
    pattern: zh('(凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚)? ?(\\d{1,2}):(\\d{2})(?!\\d)'),
    read: ([, half, h, m], now) => clockOf(Number(h), Number(m), halfOf(half) ?? now.half),
  },
  {
    pattern: zh(
      `(凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚)? ?${n}[点时](?:(半)|(一刻)|(三刻)|(?:${n}分)|(\\d{2}))?(?!钟头)(整|钟)?`,
    ),
    read: ([, half, h = '', semi, quarter, three, m, bare, sharp], now) =>
      // By itself 一点 is a little, not an hour.
      h === '一' && ![half, now.half, semi, quarter, three, m, bare, sharp].some(Boolean)
        ? null
        : timeOf(
            numberOf(h),
            semi ? 30 : quarter ? 15 : three ? 45 : m ? numberOf(m) : Number(bare ?? 0),
            halfOf(half) ?? now.half,
          ),
  },
  {
    pattern: en('(?:at )?(\\d{1,2})(?:[:.](\\d{2}))? ?(am|pm|a\\.m\\.|p\\.m\\.)'),
    read: ([, h, m, half]) => (Number(h) > 12 ? null : timeOf(Number(h), Number(m ?? 0), halfOf(half))),
  },
  { pattern: en('at (\\d{1,2})(?!:)'), read: ([, h], now) => timeOf(Number(h), 0, now.half) },
  { pattern: en('(?:at )?noon'), read: () => ({ time: '12:00' }) },
];

/** Hours with two digits of minutes are meant as written, unless a word beside them says which half. */
const clockOf = (hour: number, minute: number, half?: Half | null): Found | null =>
  half
    ? timeOf(hour, minute, half)
    : hour > 23 || minute > 59
      ? null
      : { time: `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}` };

function ahead(count: number, unit: string, today: string): Found {
  if (unit !== 'month') return { day: addDays(today, count * (unit === 'week' ? 7 : 1)) };
  const [year = 0, month = 0, date = 0] = today.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + count + 1, 0)).getUTCDate();
  return { day: new Date(Date.UTC(year, month - 1 + count, Math.min(date, last))).toISOString().slice(0, 10) };
}

const monthEnd = (today: string): string => {
  const [year = 0, month = 0] = today.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
};

/** What is left without the gaps, and without the signs and small words that stood beside what was taken out. */
function tidy(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/(^|\p{Script=Han}) (?=\p{Script=Han})/gu, '$1')
    .replace(/^[\s,，、;；:：-]+|[\s,，、;；:：-]+$/g, '')
    .replace(/ (?:at|on|by|due)$/i, '')
    .replace(/ (?=[,，。.;；])/g, '')
    .trim();
}

function typeOf(subject: string): QuickTask['type'] {
  if (/(?:^|\s)(?:call|phone|ring)(?:\s|$)/i.test(subject) || /打(?:个)?电话|致电|回电|去电|通电话/.test(subject))
    return 'call';
  if (/(?:^|\s)(?:e-?mail|mail)(?:\s|$)/i.test(subject) || /邮件|发邮/.test(subject)) return 'email';
  if (/(?:^|\s)(?:meet|meeting|visit)(?:\s|$)/i.test(subject) || /开会|会议|见面|拜访|面谈/.test(subject))
    return 'meeting';
  return 'todo';
}
