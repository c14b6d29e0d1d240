'use client';

import { useMemo } from 'react';
import { useLocale } from 'use-intl';
import { formatMoney } from '@/domain/money';
import { useBoot } from './boot';

const day = 86_400_000;

/** Numbers, money and times as this person reads them, in the tenant's zone. */
export function useFormat() {
  const locale = useLocale();
  const { tenant } = useBoot();
  return useMemo(() => createFormat(locale, tenant.timeZone, tenant.currency), [locale, tenant]);
}

export function createFormat(locale: string, timeZone: string, ownCurrency: string) {
  const number = new Intl.NumberFormat(locale);
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  const fixed = (style: 'decimal' | 'percent', digits: number) =>
    new Intl.NumberFormat(locale, { style, minimumFractionDigits: digits, maximumFractionDigits: digits });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const dates = (zone: string, withYear: boolean, time: boolean) =>
    new Intl.DateTimeFormat(locale, {
      timeZone: zone,
      month: 'short',
      day: 'numeric',
      ...(withYear ? { year: 'numeric' } : {}),
      ...(time ? { hour: '2-digit', minute: '2-digit', hour12: false } : {}),
    });
  const withYear = { day: dates('UTC', true, false), time: dates(timeZone, true, true) };
  const thisYear = { day: dates('UTC', false, false), time: dates(timeZone, false, true) };
  const clock = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const weekday = new Intl.DateTimeFormat(locale, {
    timeZone: 'UTC',
    weekday: 'short',
    month: 'short',
    day: 'numeric',
  });
  const dayIn = new Intl.DateTimeFormat('en-CA', { timeZone });
  const today = () => dayIn.format(new Date());
  const choose = (iso: string) => (iso.slice(0, 4) === today().slice(0, 4) ? thisYear : withYear);
  const daysFromToday = (iso: string) => Math.round((Date.parse(iso.slice(0, 10)) - Date.parse(today())) / day);

  return {
    /** With so many decimals when they are given, else as many as there are. */
    number: (value: number, decimals?: number) =>
      decimals === undefined ? number.format(value) : fixed('decimal', decimals).format(value),
    /** 1.2M, 120万 */
    compact: (value: number) => compact.format(value),
    /** Of a whole percentage: 40 is 40 %. */
    percent: (value: number, decimals?: number) =>
      (decimals === undefined ? percent : fixed('percent', decimals)).format(value / 100),
    /** Minor units; the tenant's currency when the record has none. */
    money: (minor: number, currency?: string | null, style?: 'short' | 'exact' | 'compact') =>
      formatMoney(minor, currency ?? ownCurrency, locale, style),
    /** A calendar day `YYYY-MM-DD`; the year only when it is another one. */
    date: (iso: string) => choose(iso).day.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`)),
    /** The day of a moment. */
    day: (iso: string) => {
      const local = dayIn.format(new Date(iso));
      return choose(local).day.format(new Date(`${local}T00:00:00Z`));
    },
    /** A moment with its time. */
    dateTime: (iso: string) => choose(iso).time.format(new Date(iso)),
    /** A calendar day by its weekday: Mon, Nov 30. */
    weekday: (iso: string) => weekday.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`)),
    /** Several things in a row: "a, b, and c", 甲、乙和丙. */
    list: (items: readonly string[]) => lists.format(items),
    /** The time of a moment: 09:30. */
    time: (iso: string) => clock.format(new Date(iso)),
    /** How long ago or how far ahead a moment is. */
    relative: (iso: string) => {
      const seconds = (Date.parse(iso) - Date.now()) / 1000;
      const size = Math.abs(seconds);
      if (size < 60) return relative.format(0, 'minute');
      if (size < 3600) return relative.format(Math.trunc(seconds / 60), 'minute');
      if (size < 86_400) return relative.format(Math.trunc(seconds / 3600), 'hour');
      if (size < 86_400 * 30) return relative.format(Math.trunc(seconds / 86_400), 'day');
      if (size < 86_400 * 365) return relative.format(Math.trunc(seconds / (86_400 * 30)), 'month');
      return relative.format(Math.trunc(seconds / (86_400 * 365)), 'year');
    },
    /** A calendar day as "today", "tomorrow", "in 3 days"; the date when more than a week away. */
    relativeDay: (iso: string) => {
      const days = daysFromToday(iso);
      return Math.abs(days) <= 7
        ? relative.format(days, 'day')
        : choose(iso).day.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`));
    },
    /** Whole days from today, in the tenant's zone; negative in the past. */
    daysFromToday,
    /** Today's day in the tenant's zone, `YYYY-MM-DD`. */
    today,
  };
}
