import { field, textSchema } from './fields';
import { isoWeekday } from './moments';

/** Weekdays as RFC 5545 writes them, Monday first. */
export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Weekday = (typeof weekdays)[number];
export const frequencies = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type Frequency = (typeof frequencies)[number];

/**
 * How a task comes again: the part of RFC 5545's RRULE that tasks use. A day of the month that a month does not have is
 * its last one.
 */
export interface Recurrence {
  freq: Frequency;
  /** Every so many days, weeks, months or years, from 1. */
  interval: number;
  /** Days of the week, of weekly ones. */
  weekdays?: Weekday[];
  /** Day of the month, 1 to 31; of monthly and yearly ones. */
  monthDay?: number;
  /** Month, 1 to 12, of yearly ones. */
  month?: number;
  /** The first to fourth such weekday of the month, or the last (-1), instead of a day; of monthly ones. */
  nth?: { which: 1 | 2 | 3 | 4 | -1; weekday: Weekday };
  /** The last day it may fall on, `YYYY-MM-DD`. */
  until?: string;
  /** How many there are from this one on, itself included. */
  count?: number;
}

const maxInterval = 999;
const maxCount = 999;

/** Reads a rule; null when it is none that tasks know. */
export function parseRecurrence(text: string): Recurrence | null {
  const parts = partsOf(text);
  if (!parts) return null;
  const freq = frequencies.find((name) => name === parts.get('FREQ'));
  const interval = whole(parts.get('INTERVAL') ?? '1', 1, maxInterval);
  if (!freq || interval === null) return null;
  const rule: Recurrence = { freq, interval };
  const ends = endOf(parts);
  if (!ends || !placed(rule, parts)) return null;
  return { ...rule, ...ends };
}

const known = new Set(['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'BYMONTH', 'BYSETPOS', 'UNTIL', 'COUNT']);

function partsOf(text: string): Map<string, string> | null {
  const parts = new Map<string, string>();
  for (const part of text
    .trim()
    .replace(/^RRULE:/i, '')
    .toUpperCase()
    .split(';')) {
    const [name = '', value = ''] = part.split('=');
    if (!known.has(name) || !value || parts.has(name)) return null;
    parts.set(name, value);
  }
  return parts;
}

function endOf(parts: Map<string, string>): Pick<Recurrence, 'until' | 'count'> | null {
  const until = parts.get('UNTIL');
  const count = parts.get('COUNT');
  if (until && count) return null;
  if (count) {
    const n = whole(count, 1, maxCount);
    return n === null ? null : { count: n };
  }
  if (!until) return {};
  const day = until.replace(/^(\d{4})(\d\d)(\d\d)(T\d{6}Z?)?$/, '$1-$2-$3');
  return isDay(day) ? { until: day } : null;
}

/** Reads on which days within its period it falls. */
function placed(rule: Recurrence, parts: Map<string, string>): boolean {
  const byDay = parts.get('BYDAY')?.split(',');
  const monthDay = parts.has('BYMONTHDAY') ? monthDayOf(parts) : undefined;
  const month = parts.has('BYMONTH') ? whole(parts.get('BYMONTH') ?? '', 1, 12) : undefined;
  if (monthDay === null || month === null || (parts.has('BYSETPOS') && monthDay === undefined)) return false;
  if (byDay && rule.freq === 'WEEKLY') {
    const days = byDay.map((day) => weekdays.find((name) => name === day));
    if (days.includes(undefined)) return false;
    rule.weekdays = weekdays.filter((day) => days.includes(day));
  } else if (byDay) {
    const found = /^([1-4]|-1)(MO|TU|WE|TH|FR|SA|SU)$/.exec(byDay.join());
    if (rule.freq !== 'MONTHLY' || !found || monthDay !== undefined) return false;
    // The pattern allows just these.
    rule.nth = { which: Number(found[1]) as 1, weekday: found[2] as Weekday };
  }
  if (monthDay !== undefined) {
    if (rule.freq !== 'MONTHLY' && rule.freq !== 'YEARLY') return false;
    rule.monthDay = monthDay;
  }
  if (month !== undefined) {
    if (rule.freq !== 'YEARLY') return false;
    rule.month = month;
  }
  return rule.freq !== 'YEARLY' || (month === undefined) === (monthDay === undefined);
}

/** The 29th to 31st are written as the last of the days up to it, so that shorter months have one too. */
function monthDayOf(parts: Map<string, string>): number | null {
  const days = parts.get('BYMONTHDAY') ?? '';
  if (days === '-1') return parts.has('BYSETPOS') ? null : 31;
  const listed = days.split(',').map((day) => whole(day, 1, 31));
  if (listed.length === 1) return parts.has('BYSETPOS') ? null : (listed[0] ?? null);
  const last = listed.at(-1);
  return parts.get('BYSETPOS') === '-1' && last && days === shortMonths(last) ? last : null;
}

const shortMonths = (day: number): string => [28, 29, 30, 31].filter((each) => each <= day).join();

function whole(text: string, min: number, max: number): number | null {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : null;
}

const isDay = (day: string) =>
  /^\d{4}-\d\d-\d\d$/.test(day) &&
  !Number.isNaN(Date.parse(`${day}T00:00:00Z`)) &&
  new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);

/** A rule as RRULE, with its parts always in the same order. */
export function formatRecurrence(rule: Recurrence): string {
  const { freq, interval, monthDay, month, nth, until, count } = rule;
  return [
    `FREQ=${freq}`,
    interval > 1 && `INTERVAL=${interval}`,
    month && `BYMONTH=${month}`,
    rule.weekdays?.length && `BYDAY=${weekdays.filter((day) => rule.weekdays?.includes(day)).join()}`,
    nth && `BYDAY=${nth.which}${nth.weekday}`,
    monthDay &&
      (monthDay === 31
        ? 'BYMONTHDAY=-1'
        : monthDay > 28
          ? `BYMONTHDAY=${shortMonths(monthDay)};BYSETPOS=-1`
          : `BYMONTHDAY=${monthDay}`),
    until && `UNTIL=${until.replaceAll('-', '')}`,
    count && `COUNT=${count}`,
  ]
    .filter(Boolean)
    .join(';');
}

/** The rule with the days it falls on said, which follow from the task's day where it does not say them itself. */
export function anchored(rule: Recurrence, day: string): Recurrence {
  const [, month = 1, date = 1] = day.split('-').map(Number);
  const weekday = weekdays[isoWeekday(day) - 1] ?? 'MO';
  switch (rule.freq) {
    case 'DAILY':
      return rule;
    case 'WEEKLY':
      return rule.weekdays?.length ? rule : { ...rule, weekdays: [weekday] };
    case 'MONTHLY':
      return rule.nth || rule.monthDay ? rule : { ...rule, monthDay: date };
    case 'YEARLY':
      return rule.monthDay ? rule : { ...rule, month, monthDay: date };
  }
}

/**
 * The rule of a series whose days move along: where it falls on just the day it moves from (each Monday, each 5th), it
 * falls on the day it moves to; several days of the week and "the first Monday" stay as they are.
 */
export function movedRule(rule: Recurrence, from: string, to: string): Recurrence {
  const was = anchored({ freq: rule.freq, interval: rule.interval }, from);
  const alone =
    rule.weekdays?.join() === was.weekdays?.join() && rule.monthDay === was.monthDay && rule.month === was.month;
  if (!alone || rule.nth) return rule;
  const { weekdays: _, monthDay: __, month: ___, ...rest } = rule;
  return anchored(rest, to);
}

/** A field that holds a rule, or nothing. */
export const recurrenceField = () =>
  field(
    'text',
    textSchema(200)
      .refine((text) => parseRecurrence(text) !== null, { error: 'recurrence', abort: true })
      .overwrite((text) => {
        const rule = parseRecurrence(text);
        return rule ? formatRecurrence(rule) : text;
      }),
    {},
  );

/** What a sentence is made with: the words of `messages/*\/tasks.json` under `repeat`, and names of days by the language. */
export interface RecurrenceWords {
  /** A message with its values, as use-intl gives it. */
  say: (key: RecurrenceKey, values?: Record<string, string | number>) => string;
  locale: string;
}
export type RecurrenceKey =
  | 'daily'
  | 'weekly'
  | 'weekdays'
  | 'weekdaysEvery'
  | 'monthly'
  | 'monthDay'
  | 'monthLast'
  | 'monthShort'
  | 'monthNth'
  | `nth${1 | 2 | 3 | 4 | 'Last'}`
  | 'yearly'
  | 'yearDay'
  | 'until'
  | 'count';

/** Says a rule as a person would: "every 2 weeks on Monday", "每 2 周的周一". */
export function recurrenceText(rule: Recurrence, { say, locale }: RecurrenceWords): string {
  const sentence = patternText(rule, { say, locale });
  if (rule.until) {
    const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(
      new Date(`${rule.until}T00:00:00Z`),
    );
    return say('until', { sentence, day });
  }
  return rule.count ? say('count', { sentence, count: rule.count }) : sentence;
}

function patternText(rule: Recurrence, { say, locale }: RecurrenceWords): string {
  const { freq, interval, monthDay, month, nth } = rule;
  // 5 January 2026 is a Monday.
  const nameOf = (day: Weekday, style: 'long' | 'short') =>
    new Intl.DateTimeFormat(locale, { weekday: locale === 'zh' ? 'short' : style, timeZone: 'UTC' }).format(
      Date.UTC(2026, 0, 5 + weekdays.indexOf(day)),
    );
  switch (freq) {
    case 'DAILY':
      return say('daily', { interval });
    case 'WEEKLY': {
      if (!rule.weekdays?.length) return say('weekly', { interval });
      if (rule.weekdays.join() === 'MO,TU,WE,TH,FR' && interval === 1) return say('weekdays');
      const style = rule.weekdays.length > 2 ? 'short' : 'long';
      const days = new Intl.ListFormat(locale, { type: 'conjunction' }).format(
        rule.weekdays.map((day) => nameOf(day, style)),
      );
      return say('weekdaysEvery', { interval, days });
    }
    case 'MONTHLY':
      if (nth)
        return say('monthNth', {
          interval,
          which: say(nth.which === -1 ? 'nthLast' : `nth${nth.which}`),
          day: nameOf(nth.weekday, 'long'),
        });
      if (!monthDay) return say('monthly', { interval });
      if (monthDay === 31) return say('monthLast', { interval });
      return say(monthDay > 28 ? 'monthShort' : 'monthDay', { interval, day: monthDay });
    case 'YEARLY': {
      if (!monthDay || !month) return say('yearly', { interval });
      // 2024 has a 29 February.
      const date = new Intl.DateTimeFormat(locale, { month: 'long', day: 'numeric', timeZone: 'UTC' }).format(
        Date.UTC(2024, month - 1, monthDay),
      );
      return say('yearDay', { interval, date });
    }
  }
}
