import { describe, expect, test } from 'vitest';
import { toCsv } from '@/components/reports/csv';
import { onlyStatus } from '@/components/reports/report-view';

describe('a report copied for a spreadsheet', () => {
  const figures = { won: 2, lost: 1, winRate: 200 / 3, revenue: 1234_50, average: 617_25 };

  test('has plain numbers in major units', () => {
    expect(toCsv(['Owner', 'Won'], [{ label: 'Ann', ...figures }], 'USD')).toBe(
      'Owner,Won\r\nAnn,2,1,66.67,1234.5,617.25',
    );
    expect(toCsv(['Owner'], [{ label: 'Ann', ...figures }], 'JPY')).toBe('Owner\r\nAnn,2,1,66.67,123450,61725');
  });

  test('quotes what needs it and never begins a formula', () => {
    const csv = toCsv(
      ['Owner'],
      [
        { label: '=1+1', ...figures },
        { label: 'A "B", C', ...figures },
      ],
      'USD',
    );
    expect(
      csv
        .split('\r\n')
        .slice(1)
        .map((line) => line.slice(0, 14)),
    ).toEqual(["'=1+1,2,1,66.6", '"A ""B"", C",2']);
  });

  test('leaves blank what has no value', () => {
    expect(toCsv(['Owner'], [{ label: 'Ann', won: 0, lost: 0, winRate: null, revenue: 0, average: null }], 'USD')).toBe(
      'Owner\r\nAnn,0,0,,0,',
    );
  });
});

test('the won deals of a row replace "won or lost"', () => {
  const owner = { field: 'ownerId', op: 'anyOf' as const, value: ['a'] };
  const filter = { and: [{ field: 'status', op: 'anyOf' as const, value: ['won', 'lost'] }, owner] };
  expect(onlyStatus(filter, 'won')).toEqual({ and: [{ field: 'status', op: 'anyOf', value: ['won'] }, owner] });
});
