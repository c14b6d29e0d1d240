import { describe, expect, test } from 'vitest';
import {
  bucketEnd,
  bucketStart,
  narrowed,
  periodBefore,
  periodOf,
  shiftMonths,
  winRate,
  withoutGaps,
} from '@/domain/reports';

describe('periods', () => {
  test('end today and begin with their month, quarter or year', () => {
    expect(periodOf('month', '2026-06-15')).toEqual({ preset: 'month', from: '2026-06-01', to: '2026-06-15' });
    expect(periodOf('quarter', '2026-06-15')).toEqual({ preset: 'quarter', from: '2026-04-01', to: '2026-06-15' });
    expect(periodOf('year', '2026-06-15')).toEqual({ preset: 'year', from: '2026-01-01', to: '2026-06-15' });
    expect(periodOf('last12', '2026-06-15')).toEqual({ preset: 'last12', from: '2025-06-16', to: '2026-06-15' });
    expect(periodOf('all', '2026-06-15')).toEqual({ preset: 'all', from: null, to: null });
  });

  test('compare with the same days a year or a quarter earlier', () => {
    expect(periodBefore(periodOf('year', '2026-06-15'))).toEqual({ from: '2025-01-01', to: '2025-06-15' });
    expect(periodBefore(periodOf('quarter', '2026-06-15'))).toEqual({ from: '2026-01-01', to: '2026-03-15' });
    expect(periodBefore(periodOf('month', '2026-03-31'))).toEqual({ from: '2026-02-01', to: '2026-02-28' });
    expect(periodBefore(periodOf('all', '2026-06-15'))).toBeNull();
  });

  test("of one's own are compared with as many days before them", () => {
    expect(periodBefore({ preset: 'custom', from: '2026-03-01', to: '2026-03-10' })).toEqual({
      from: '2026-02-19',
      to: '2026-02-28',
    });
    expect(periodBefore({ preset: 'custom', from: '2026-03-01', to: null })).toBeNull();
  });
});

describe('buckets', () => {
  test('begin and end on the calendar', () => {
    expect(bucketStart('2024-02-29', 'quarter')).toBe('2024-01-01');
    expect(bucketEnd('2024-02-01', 'month')).toBe('2024-02-29');
    expect(bucketEnd('2024-10-01', 'quarter')).toBe('2024-12-31');
    expect(shiftMonths('2026-08-31', 6)).toBe('2027-02-28');
  });

  test('have no gaps, unless they lie too far apart to show', () => {
    expect(withoutGaps(['2025-11-01', '2026-02-01'], 'month')).toEqual([
      '2025-11-01',
      '2025-12-01',
      '2026-01-01',
      '2026-02-01',
    ]);
    expect(withoutGaps(['1926-01-01', '2026-01-01'], 'month')).toEqual(['1926-01-01', '2026-01-01']);
    expect(withoutGaps([], 'year')).toEqual([]);
  });
});

test('a win rate needs something closed', () => {
  expect(winRate(0, 0)).toBeNull();
  expect(winRate(3, 1)).toBe(75);
});

test('a row narrowed to its won deals keeps its other conditions', () => {
  const won = { field: 'status', op: 'anyOf', value: ['won'] } as const;
  const owner = { field: 'ownerId', op: 'isEmpty' } as const;
  expect(narrowed({ and: [owner] }, { ...won, value: ['won'] })).toEqual({ and: [owner, won] });
});
