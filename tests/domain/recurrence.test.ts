import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';
import en from '@/domain/messages/en/tasks.json' with { type: 'json' };
import zh from '@/domain/messages/zh/tasks.json' with { type: 'json' };
import {
  anchored,
  formatRecurrence,
  movedRule,
  parseRecurrence,
  type Recurrence,
  recurrenceText,
} from '@/domain/recurrence';
import { taskCreate } from '@/domain/tasks';
import { nextDay } from '@/server/tasks/recurrence-days';

const parsed = (text: string): Recurrence => {
  const rule = parseRecurrence(text);
  if (!rule) throw new Error(`not read: ${text}`);
  return rule;
};
const said = (text: string, locale: 'en' | 'zh') => {
  const t = createTranslator({ locale, messages: locale === 'en' ? en : zh });
  return recurrenceText(parsed(text), { locale, say: (key, values) => t(`repeat.${key}`, values) });
};

describe('a rule', () => {
  it.each<[string, string, string]>([
    ['FREQ=DAILY', 'every day', '每天'],
    ['FREQ=DAILY;INTERVAL=3', 'every 3 days', '每 3 天'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO', 'every 2 weeks on Monday', '每 2 周的周一'],
    ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'every weekday', '每个工作日'],
    ['FREQ=WEEKLY;BYDAY=TU,TH', 'every Tuesday and Thursday', '每周的周二和周四'],
    ['FREQ=MONTHLY;BYMONTHDAY=15', 'every month on day 15', '每月 15 日'],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', 'every month on the last day', '每月最后一天'],
    [
      'FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1',
      'every month on day 30, or the last day of shorter months',
      '每月 30 日（当月没有则为最后一天）',
    ],
    ['FREQ=MONTHLY;BYDAY=-1FR', 'every month on the last Friday', '每月最后一个周五'],
    ['FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1', 'every year on May 1', '每年 5月1日'],
    ['FREQ=DAILY;COUNT=5', 'every day, 5 times', '每天，共 5 次'],
    ['FREQ=DAILY;UNTIL=20261231', 'every day, until Dec 31, 2026', '每天，到 2026年12月31日 为止'],
  ])('%s is said in both languages and written as it was read', (text, english, chinese) => {
    expect(said(text, 'en')).toBe(english);
    expect(said(text, 'zh')).toBe(chinese);
    expect(formatRecurrence(parsed(text))).toBe(text);
  });

  it('comes from other programs in other spellings', () => {
    expect(formatRecurrence(parsed('RRULE:interval=1;FREQ=weekly;BYDAY=FR,MO'))).toBe('FREQ=WEEKLY;BYDAY=MO,FR');
    expect(parsed('FREQ=DAILY;UNTIL=20261231T235959Z').until).toBe('2026-12-31');
    expect(formatRecurrence(parsed('FREQ=MONTHLY;BYMONTHDAY=31'))).toBe('FREQ=MONTHLY;BYMONTHDAY=-1');
  });

  it.each([
    'every day',
    'FREQ=HOURLY',
    'FREQ=DAILY;INTERVAL=0',
    'FREQ=DAILY;COUNT=0',
    'FREQ=DAILY;COUNT=3;UNTIL=20270101',
    'FREQ=DAILY;UNTIL=20270230',
    'FREQ=WEEKLY;BYDAY=XX',
    'FREQ=DAILY;FREQ=WEEKLY',
    'FREQ=MONTHLY;BYMONTHDAY=32',
    'FREQ=MONTHLY;BYDAY=5MO',
    'FREQ=DAILY;BYHOUR=3',
    '',
  ])('%s is none, and is refused at its field', (text) => {
    expect(parseRecurrence(text)).toBeNull();
    if (!text) return;
    const result = taskCreate.safeParse({ subject: 'x', recurrence: text });
    expect(result.error?.issues[0]).toMatchObject({ path: ['recurrence'], message: 'recurrence' });
  });
});

/** The next days of a series from `start` on, itself left out. */
function nextDays(rule: Recurrence, start: string, many: number): string[] {
  const days: string[] = [];
  for (let day: string | null = start; days.length < many; days.push(day)) {
    day = nextDay(rule, start, day);
    if (!day) break;
  }
  return days;
}

describe('the days of a rule', () => {
  const days = (rule: string, start: string, many = 3) => nextDays(parsed(rule), start, many);

  it('falls on the last day of months that have fewer', () => {
    const rule = anchored(parsed('FREQ=MONTHLY'), '2026-01-31');
    expect(nextDays(rule, '2026-01-31', 4)).toEqual(['2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']);
    // What became of the 30th in February stays the 30th after it.
    expect(nextDays(anchored(parsed('FREQ=MONTHLY'), '2027-12-30'), '2027-12-30', 3)).toEqual([
      '2028-01-30',
      '2028-02-29',
      '2028-03-30',
    ]);
    expect(nextDays(anchored(parsed('FREQ=YEARLY'), '2024-02-29'), '2024-02-29', 4)).toEqual([
      '2025-02-28',
      '2026-02-28',
      '2027-02-28',
      '2028-02-29',
    ]);
  });

  it('counts weeks from where the series is', () => {
    expect(days('FREQ=WEEKLY;INTERVAL=2;BYDAY=MO', '2026-11-23')).toEqual(['2026-12-07', '2026-12-21', '2027-01-04']);
    expect(days('FREQ=WEEKLY;BYDAY=MO,WE', '2026-11-23')).toEqual(['2026-11-25', '2026-11-30', '2026-12-02']);
    expect(days('FREQ=MONTHLY;BYDAY=-1FR', '2026-11-27', 2)).toEqual(['2026-12-25', '2027-01-29']);
    expect(days('FREQ=DAILY;INTERVAL=3', '2026-12-30', 2)).toEqual(['2027-01-02', '2027-01-05']);
  });

  it('passes over days that are past, keeping its step', () => {
    expect(nextDay(parsed('FREQ=WEEKLY;INTERVAL=2;BYDAY=MO'), '2026-11-02', '2026-11-20')).toBe('2026-11-30');
    expect(nextDay(parsed('FREQ=DAILY'), '2026-01-01', '2026-11-20')).toBe('2026-11-21');
  });

  it('ends', () => {
    expect(days('FREQ=DAILY;UNTIL=20261125', '2026-11-23')).toEqual(['2026-11-24', '2026-11-25']);
    expect(days('FREQ=DAILY', '9999-12-29')).toEqual(['9999-12-30', '9999-12-31']);
    expect(nextDay(parsed('FREQ=DAILY;UNTIL=20261124'), '2026-11-24', '2026-11-24')).toBeNull();
  });
});

describe('a series that is put on another day', () => {
  // 1 March 2027 is a Monday.
  it.each([
    ['FREQ=WEEKLY;BYDAY=MO', '2027-03-03', 'FREQ=WEEKLY;BYDAY=WE'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=4', '2027-03-05', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;COUNT=4'],
    ['FREQ=MONTHLY;BYMONTHDAY=1', '2027-03-31', 'FREQ=MONTHLY;BYMONTHDAY=-1'],
    ['FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1', '2027-04-02', 'FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=2'],
    ['FREQ=DAILY', '2027-03-03', 'FREQ=DAILY'],
    ['FREQ=WEEKLY;BYDAY=MO,TH', '2027-03-03', 'FREQ=WEEKLY;BYDAY=MO,TH'],
    ['FREQ=WEEKLY;BYDAY=TH', '2027-03-03', 'FREQ=WEEKLY;BYDAY=TH'],
    ['FREQ=MONTHLY;BYDAY=1MO', '2027-03-03', 'FREQ=MONTHLY;BYDAY=1MO'],
  ])('%s moved to %s is %s', (rule, to, moved) => {
    expect(formatRecurrence(movedRule(parsed(rule), '2027-03-01', to))).toBe(moved);
  });
});
