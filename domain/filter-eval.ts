import { isBlank } from './blank';
import { type Condition, type Filter, periodOf } from './filters';

/** A record's values as forms and verbs hold them. */
type Row = Readonly<Record<string, unknown>>;

export interface Circumstances {
  /** Milliseconds since the epoch. */
  now: number;
  /** Whoever `me` is. */
  memberId: string;
}

/**
 * Whether a record meets a filter, by what the record itself holds: for rules that show and require fields, in the form
 * and in the verb alike. A condition that reaches through a reference meets nothing.
 */
export function holds(filter: Filter, row: Row, about: Circumstances): boolean {
  if ('and' in filter) return filter.and.every((part) => holds(part, row, about));
  if ('or' in filter) return filter.or.length === 0 || filter.or.some((part) => holds(part, row, about));
  return meets(filter, row[filter.field], about);
}

/** Fields a filter asks about. */
export function fieldsIn(filter: Filter): string[] {
  if ('and' in filter) return filter.and.flatMap(fieldsIn);
  if ('or' in filter) return filter.or.flatMap(fieldsIn);
  return [filter.field];
}

function meets({ op, value }: Condition, found: unknown, about: Circumstances): boolean {
  const values = Array.isArray(found) ? found : [found];
  const empty = isBlank(found);
  const wanted = Array.isArray(value) ? value : [value];
  const text = (v: unknown) => (typeof v === 'string' ? v.toLowerCase() : '');
  const some = (test: (v: unknown) => boolean) => !empty && values.some(test);
  switch (op) {
    case 'is':
      if (value === null) return empty;
      if (value === false) return found !== true;
      return some((v) => same(v, value));
    case 'isNot':
      return !some((v) => same(v, value));
    case 'anyOf':
      return some((v) => wanted.some((w) => same(v, w)));
    case 'noneOf':
      return !some((v) => wanted.some((w) => same(v, w)));
    case 'contains':
      return some((v) => text(v).includes(text(value)));
    case 'startsWith':
      return some((v) => text(v).startsWith(text(value)));
    case 'gt':
    case 'after':
      return some((v) => compare(v, value) > 0);
    case 'gte':
      return some((v) => compare(v, value) >= 0);
    case 'lt':
    case 'before':
      return some((v) => compare(v, value) < 0);
    case 'lte':
      return some((v) => compare(v, value) <= 0);
    case 'between':
      return some((v) => compare(v, wanted[0]) >= 0 && compare(v, wanted[1]) <= 0);
    case 'isEmpty':
      return empty;
    case 'isNotEmpty':
      return !empty;
    case 'inLast':
    case 'inNext': {
      const span = Number(value) * dayLong;
      return some((v) => {
        const away = sinceNow(v, about);
        return op === 'inNext' ? away >= 0 && away <= span : away <= 0 && away >= -span;
      });
    }
    case 'during': {
      const span = spanOf(value, about);
      return span !== null && some((v) => compare(v, span[0]) >= 0 && compare(v, span[1]) < 0);
    }
    case 'olderThan':
      return some((v) => sinceNow(v, about) < -Number(value) * dayLong);
    case 'me':
      return some((v) => v === about.memberId);
  }
}

const same = (a: unknown, b: unknown) =>
  typeof a === 'string' && typeof b === 'string' ? a.toLowerCase() === b.toLowerCase() : a === b;

const dayLong = 86_400_000;
const startOfDay = (moment: number) => Math.floor(moment / dayLong) * dayLong;
const isDay = (v: unknown) => typeof v === 'string' && v.length === 10;

/** How far from now a moment is, or a day from today, in milliseconds; NaN for what is neither. */
function sinceNow(v: unknown, { now }: Circumstances): number {
  return Date.parse(String(v)) - (isDay(v) ? startOfDay(now) : now);
}

const isMoment = (text: string) => /^\d{4}-\d\d-\d\dT/.test(text);

/**
 * Numbers as numbers, moments as moments whatever their offset, and as days where a day is asked for, everything else as
 * text; NaN when it is none of them.
 */
function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== 'string' || typeof b !== 'string') return Number.NaN;
  if (isMoment(a) && isMoment(b)) return Date.parse(a) - Date.parse(b);
  if (isMoment(a) && isDay(b)) return startOfDay(Date.parse(a)) - Date.parse(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** First day of a period and the first one after it, `YYYY-MM-DD`; days begin in UTC here. */
function spanOf(value: unknown, { now }: Circumstances): [string, string] | null {
  const period = periodOf(value);
  if (!period) return null;
  const { unit, away } = period;
  const today = new Date(now);
  const [year, month, day] = [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()];
  const at = (n: number): string => {
    const monday = day - ((today.getUTCDay() + 6) % 7);
    const dates = {
      day: () => Date.UTC(year, month, day + n),
      week: () => Date.UTC(year, month, monday + 7 * n),
      month: () => Date.UTC(year, month + n, 1),
      quarter: () => Date.UTC(year, month - (month % 3) + 3 * n, 1),
      year: () => Date.UTC(year + n, 0, 1),
    };
    return new Date(dates[unit]()).toISOString().slice(0, 10);
  };
  return [at(away), at(away + 1)];
}
