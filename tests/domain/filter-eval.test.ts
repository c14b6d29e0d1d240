import { describe, expect, it } from 'vitest';
import { holds } from '@/domain/filter-eval';
import type { Condition } from '@/domain/filters';

const about = { now: Date.parse('2026-03-10T15:00:00Z'), memberId: 'me' };
const meets = (op: Condition['op'], value: Condition['value'], found: unknown) =>
  holds({ field: 'c_at', op, value }, { c_at: found }, about);

describe('rules of forms and verbs', () => {
  it.each([
    ['inNext', 7, '2026-03-10', true],
    ['inNext', 7, '2026-03-17', true],
    ['inNext', 7, '2026-03-18', false],
    ['inNext', 7, '2026-03-09', false],
    ['inLast', 7, '2026-03-10', true],
    ['inLast', 7, '2026-03-03', true],
    ['inLast', 7, '2026-03-02', false],
    ['olderThan', 7, '2026-03-03', false],
    ['olderThan', 7, '2026-03-02', true],
  ] as const)('count whole days: %s %i of %s is %s, as lists do', (op, days, day, expected) => {
    expect(meets(op, days, day)).toBe(expected);
  });

  it('count moments to the second', () => {
    expect(meets('inNext', 1, '2026-03-10T14:59:59Z')).toBe(false);
    expect(meets('inNext', 1, '2026-03-11T15:00:00Z')).toBe(true);
    expect(meets('olderThan', 1, '2026-03-09T15:00:00Z')).toBe(false);
    expect(meets('olderThan', 1, '2026-03-09T14:59:59Z')).toBe(true);
  });

  it('take a day for the whole of it where moments are compared with one', () => {
    const late = '2026-03-10T23:59:00Z';
    expect(meets('after', '2026-03-10', late)).toBe(false);
    expect(meets('after', '2026-03-09', late)).toBe(true);
    expect(meets('before', '2026-03-11', late)).toBe(true);
    expect(meets('between', ['2026-03-09', '2026-03-10'] as never, late)).toBe(true);
    expect(meets('lte', '2026-03-10', late)).toBe(true);
    expect(meets('during', 'today', late)).toBe(true);
    expect(meets('after', '1960-03-10', '1960-03-10T12:00:00Z')).toBe(false);
  });

  it('compare moments by when they are, not by how they are written', () => {
    expect(meets('before', '2026-03-10T09:00:00Z', '2026-03-10T16:00:00+08:00')).toBe(true);
    expect(meets('after', '2026-03-10T09:00:00Z', '2026-03-10T04:30:00-05:00')).toBe(true);
    expect(meets('between', ['2026-03-10T08:00:00Z', '2026-03-10T08:00:00Z'] as never, '2026-03-10T16:00+08:00')).toBe(
      true,
    );
  });
});
