import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DateOrder, detectDateOrder, parseDate, parseDateTime } from '@/domain/imports/dates';

const day = (text: string, order: DateOrder = 'ymd', timeZone = 'Asia/Shanghai') => {
  const parsed = parseDate(text, { order, timeZone });
  return 'value' in parsed ? `${parsed.value}${parsed.warning ? ` ${parsed.warning.code}` : ''}` : parsed.problem.code;
};
const moment = (text: string, timeZone = 'Asia/Shanghai', order: DateOrder = 'ymd') => {
  const parsed = parseDateTime(text, { order, timeZone });
  return 'value' in parsed ? parsed.value : parsed.problem.code;
};

describe('the order of dates in a column', () => {
  it.each<[string[], DateOrder | 'ambiguous']>([
    [['2024-03-05'], 'ymd'],
    [['13/02/2024', '01/02/2024'], 'dmy'],
    [['02/13/2024', '01/02/2024'], 'mdy'],
    [['01/02/2024'], 'ambiguous'],
    [['13/02/2024', '02/13/2024'], 'ambiguous'],
    [['13.2.24'], 'dmy'],
    [['5 Mar 2024', '45356', '2024年3月5日', ''], 'ymd'],
    [['20240305'], 'ymd'],
    [[], 'ymd'],
    [['07/15/2009 02:14:45+0800'], 'mdy'],
  ])('of %j is %s', (values, order) => {
    expect(detectDateOrder(values)).toBe(order);
  });
});

describe('dates', () => {
  it.each<[string, DateOrder, string]>([
    ['2024-03-05', 'ymd', '2024-03-05'],
    ['2024/3/5', 'dmy', '2024-03-05'],
    ['2024.03.05', 'mdy', '2024-03-05'],
    ['20240305', 'dmy', '2024-03-05'],
    ['05/03/2024', 'dmy', '2024-03-05'],
    ['03/05/2024', 'mdy', '2024-03-05'],
    ['5.3.2024', 'dmy', '2024-03-05'],
    ['5-3-24', 'dmy', '2024-03-05 twoDigitYear'],
    ['3/5/99', 'mdy', '1999-03-05 twoDigitYear'],
    ['24/3/5', 'ymd', '2024-03-05 twoDigitYear'],
    ['2024年3月5日', 'mdy', '2024-03-05'],
    ['2024 年 03 月 05 日', 'ymd', '2024-03-05'],
    ['２０２４年３月５日', 'ymd', '2024-03-05'],
    ['5 Mar 2024', 'ymd', '2024-03-05'],
    ['05-Mar-24', 'ymd', '2024-03-05 twoDigitYear'],
    ['March 5th, 2024', 'ymd', '2024-03-05'],
    ['Tue, 5 March 2024', 'ymd', '2024-03-05'],
    ['2024-Mar-05', 'ymd', '2024-03-05'],
    ['45356', 'ymd', '2024-03-05 readAsSerial'],
    ['45356.75', 'dmy', '2024-03-05 readAsSerial'],
    ['2024-02-29', 'ymd', '2024-02-29'],
    ['2024-03-05 14:30', 'ymd', '2024-03-05'],
    ['3/5/2024 2:30 PM', 'mdy', '2024-03-05'],
    ['2024年3月5日 下午2:30', 'ymd', '2024-03-05'],
    ['5. März 2024', 'ymd', '2024-03-05'],
    ['5 de marzo de 2024', 'ymd', '2024-03-05'],
    ['5 de março de 2024', 'ymd', '2024-03-05'],
    ['1er août 2024', 'ymd', '2024-08-01'],
    ['5 févr. 2024', 'ymd', '2024-02-05'],
    ['5 ottobre 2024', 'ymd', '2024-10-05'],
    ['05-Dez-2024', 'ymd', '2024-12-05'],
    ['Sept. 5, 2024', 'ymd', '2024-09-05'],
    ['2024年3月5日 星期二', 'ymd', '2024-03-05'],
    ['民國113年3月5日', 'ymd', '2024-03-05'],
    ['20240305143000', 'ymd', '2024-03-05'],
    // A moment is a day of the file's zone, except midnight, which stands for a bare day.
    ['2010-10-14T23:00:00.000Z', 'ymd', '2010-10-15'],
    ['2010-10-14T00:00:00.000Z', 'ymd', '2010-10-14'],
  ])('reads %s as %s', (text, order, value) => {
    expect(day(text, order)).toBe(value);
  });

  it.each<[string, DateOrder, string]>([
    ['2024-02-30', 'ymd', 'date'],
    ['2023-02-29', 'ymd', 'date'],
    ['2024-13-01', 'ymd', 'date'],
    ['13/13/2024', 'dmy', 'date'],
    ['02/13/2024', 'dmy', 'date'],
    ['13/02/2024', 'mdy', 'date'],
    ['05/03/2024', 'ymd', 'dateOrder'],
    ['3月5日', 'ymd', 'yearMissing'],
    ['5 Mar', 'ymd', 'yearMissing'],
    ['2024', 'ymd', 'date'],
    ['soon', 'ymd', 'date'],
    ['2024-03', 'ymd', 'date'],
    ['2024-03-05 25:00', 'ymd', 'date'],
    ['2024-03-05 tomorrow', 'ymd', 'date'],
    ['0', 'ymd', 'date'],
    ['1/2/3/4', 'dmy', 'date'],
    ['1/2-2024', 'dmy', 'date'],
    ['99999999', 'ymd', 'date'],
    ['31/4/2024', 'dmy', 'date'],
  ])('refuses %s read as %s', (text, order, code) => {
    expect(day(text, order)).toBe(code);
  });

  it('reads back every day in every order, and never another day', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1930-01-01'), max: new Date('2170-01-01'), noInvalidDate: true }), (at) => {
        const iso = at.toISOString().slice(0, 10);
        const [y, m, d] = iso.split('-').map(Number);
        expect(day(iso)).toBe(iso);
        expect(day(`${d}/${m}/${y}`, 'dmy')).toBe(iso);
        expect(day(`${m}/${d}/${y}`, 'mdy')).toBe(iso);
        expect(day(`${y}年${m}月${d}日`)).toBe(iso);
        const serial = Math.round((Date.parse(iso) - Date.UTC(1899, 11, 30)) / 86_400_000);
        expect(day(String(serial))).toBe(`${iso} readAsSerial`);
      }),
    );
  });

  it('answers any text at all without throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom<DateOrder>('ymd', 'dmy', 'mdy'), (text, order) => {
        expect(day(text, order)).toBeTypeOf('string');
        expect(moment(text, 'UTC', order)).toBeTypeOf('string');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('moments', () => {
  it.each([
    ['2024-03-05T14:30:00Z', '2024-03-05T14:30:00.000Z'],
    ['2024-03-05 14:30', '2024-03-05T06:30:00.000Z'],
    ['2024-03-05', '2024-03-04T16:00:00.000Z'],
    ['2024-03-05T14:30:15.123+01:00', '2024-03-05T13:30:15.123Z'],
    ['2024-03-05 2:30 pm', '2024-03-05T06:30:00.000Z'],
    ['2024-03-05 12:05 AM', '2024-03-04T16:05:00.000Z'],
    ['2024年3月5日 14时30分', '2024-03-05T06:30:00.000Z'],
    ['2024年3月5日 下午2:30', '2024-03-05T06:30:00.000Z'],
    ['1709649000000', '2024-03-05T14:30:00.000Z'],
    ['1709649000', '2024-03-05T14:30:00.000Z'],
    ['45356.5', '2024-03-05T04:00:00.000Z'],
    ['2009-07-14T22:14:45+0800', '2009-07-14T14:14:45.000Z'],
    ['20240305T143000Z', '2024-03-05T14:30:00.000Z'],
    ['20240305143000', '2024-03-05T06:30:00.000Z'],
    ['Tue Mar 05 2024 14:30:00 GMT+0800 (China Standard Time)', '2024-03-05T06:30:00.000Z'],
    ['2024-03-05T14:30:00+08:00[Asia/Shanghai]', '2024-03-05T06:30:00.000Z'],
    ['2024年3月5日 周二 14:30', '2024-03-05T06:30:00.000Z'],
    ['2024.03.05 14.30 Uhr', '2024-03-05T06:30:00.000Z'],
    ['2024-03-05 14h30', '2024-03-05T06:30:00.000Z'],
    ['05-MAR-24 02.30.00.000000 PM', '2024-03-05T06:30:00.000Z'],
    ['2024. 3. 5. 14:30', '2024-03-05T06:30:00.000Z'],
    ['5th of March 2024, 14:30', '2024-03-05T06:30:00.000Z'],
  ])('reads %s in Shanghai', (text, value) => {
    expect(moment(text)).toBe(value);
  });

  it('reads the Salesforce offsets, with and without T', () => {
    for (const text of ['07/15/2009 02:14:45+0800', '07/15/2009T02:14:45+0800'])
      expect(moment(text, 'UTC', 'mdy')).toBe('2009-07-14T18:14:45.000Z');
  });

  it('takes summer time into account, also in the hours it skips and repeats', () => {
    expect(moment('2024-07-01 12:00', 'Europe/Berlin')).toBe('2024-07-01T10:00:00.000Z');
    expect(moment('2024-01-01 12:00', 'Europe/Berlin')).toBe('2024-01-01T11:00:00.000Z');
    expect(moment('2024-03-31 02:30', 'Europe/Berlin')).toMatch(/^2024-03-31T0[01]:30/);
    expect(moment('2024-10-27 02:30', 'Europe/Berlin')).toMatch(/^2024-10-27T0[01]:30/);
  });

  it('refuses what is no moment', () => {
    for (const text of [
      '2010-10-14T12:00:00.000Z-0300',
      '2024-03-05 24:30',
      '2024-03-05 12:60',
      '13 pm',
      '12:30',
      '170964900',
    ]) {
      expect(['datetime', 'date', 'yearMissing']).toContain(moment(text));
    }
  });
});
