import type { ResultType } from '../custom-fields';
import { clockIn, dayIn, momentIn } from '../moments';

/** What a part of a formula is; `nothing` is what `null` is, and goes with all. */
export type FormulaType = ResultType | 'nothing';

/** Amounts are in whole units of their currency while a formula is worked out. */
export type Value = string | number | boolean | null;

export interface Kind {
  type: FormulaType;
  /** Of an amount: an ISO 4217 code, or `record` for that of the record. */
  currency?: string;
}

/** What a workspace says that formulas follow. */
export interface Workspace {
  /** The day in its time zone, `YYYY-MM-DD`. */
  today: string;
  /** IANA name: the day of a moment is the day that clocks show there. */
  timeZone: string;
  /** ISO 4217 code of amounts that name no currency. */
  currency: string;
}

/** What a formula is worked out with. */
export interface Circumstances extends Workspace {
  row: Readonly<Record<string, unknown>>;
}

/** A part of a formula, ready to be worked out. */
export interface Part extends Kind {
  at: number;
  value(about: Circumstances): Value;
}

/** A number without the noise of binary fractions; null beyond what is exact. */
export function tidy(n: number): number | null {
  if (!Number.isFinite(n) || Math.abs(n) > 9e15) return null;
  return Number(n.toPrecision(15)) + 0;
}

export function rounded(n: number, digits: number): number {
  const factor = 10 ** digits;
  // Half away from zero, as amounts are rounded.
  return (Math.sign(n) * Math.round(Number((Math.abs(n) * factor).toPrecision(15)))) / factor + 0;
}

const day = 86_400_000;

/** Milliseconds of a day or a moment; NaN for what is neither. */
export const millis = (value: Value): number => (typeof value === 'string' ? Date.parse(value) : Number.NaN);

/** A day or a moment so many days later, of the same kind. */
export function daysLater(value: string, days: number): string | null {
  return momentOf(millis(value) + (value.length === 10 ? Math.trunc(days) : days) * day, value);
}

/** The day of a moment on the clocks of a zone; a day is itself. */
export function dayOf(value: string, timeZone: string): string | null {
  return value.length === 10 || Number.isNaN(millis(value)) ? value.slice(0, 10) : dayIn(timeZone, value);
}

/** The moment at which a day begins in a zone; a moment is itself. */
export function beginningOf(value: Value, timeZone: string): Value {
  return typeof value === 'string' && value.length === 10 && !Number.isNaN(millis(value))
    ? momentIn(timeZone, `${value}T00:00`)
    : value;
}

/** The same day so many months later, at the same time by the clocks of a zone; or the last of that month where it has no such day. */
export function monthsLater(value: string, months: number, timeZone: string): string | null {
  if (value.length === 10 || Number.isNaN(millis(value))) return dayMonthsLater(value, months);
  const [day = '', time] = clockIn(timeZone, value).split('T');
  const later = dayMonthsLater(day, months);
  // Zones are whole minutes from UTC: seconds are the same everywhere.
  return later && momentOf(millis(momentIn(timeZone, `${later}T${time}`)) + (millis(value) % 60_000), value);
}

function dayMonthsLater(value: string, months: number): string | null {
  const from = new Date(millis(value));
  if (Number.isNaN(from.getTime())) return null;
  const to = new Date(from);
  to.setUTCDate(1);
  to.setUTCMonth(to.getUTCMonth() + Math.trunc(months));
  const last = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(from.getUTCDate(), last));
  return momentOf(to.getTime(), value);
}

function momentOf(time: number, like: string): string | null {
  // Beyond these days neither Postgres nor a form takes a date.
  if (!(time >= Date.UTC(1000, 0, 1) && time < Date.UTC(10_000, 0, 1))) return null;
  const moment = new Date(time).toISOString();
  return like.length === 10 ? moment.slice(0, 10) : moment;
}

/** Whole days from one day or moment to another, negative when the other is earlier. */
export function daysBetween(from: Value, to: Value): number | null {
  const days = (millis(to) - millis(from)) / day;
  return Number.isFinite(days) ? Math.trunc(days) + 0 : null;
}
