import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DecimalMark,
  detectDecimal,
  parseInteger,
  parseMoney,
  parseNumber,
  parsePercent,
} from '@/domain/imports/numbers';
import { toMajor } from '@/domain/money';

const number = (text: string, decimal: DecimalMark = '.') => {
  const parsed = parseNumber(text, { decimal });
  return 'value' in parsed ? parsed.value : parsed.problem.code;
};
const money = (text: string, currency = 'USD', decimal: DecimalMark = '.', scale = 1) => {
  const parsed = parseMoney(text, { currency, decimal, scale });
  return 'value' in parsed
    ? `${parsed.value.minor} ${parsed.value.currency}${parsed.warning ? ` ${parsed.warning.code}` : ''}`
    : parsed.problem.code;
};

describe('numbers', () => {
  it.each<[string, DecimalMark, number]>([
    ['1,234.56', '.', 1234.56],
    ['1.234,56', ',', 1234.56],
    ['1 234,56', ',', 1234.56],
    ['1\u202f234,56', ',', 1234.56],
    ["1'234.56", '.', 1234.56],
    ['1’234.56', '.', 1234.56],
    ['12,34,567.8', '.', 1234567.8],
    ['1,234,567', '.', 1234567],
    ['１，２３４．５', '.', 1234.5],
    ['.5', '.', 0.5],
    [',5', ',', 0.5],
    ['-36.4', '.', -36.4],
    ['−36.4', '.', -36.4],
    ['36.4-', '.', -36.4],
    ['(36.4)', '.', -36.4],
    ['+7', '.', 7],
    ['1.2M', '.', 1_200_000],
    ['1,2 Mio', ',', 1_200_000],
    ['3k', '.', 3000],
    ['1.5万', '.', 15_000],
    ['2亿', '.', 200_000_000],
    ['3.2bn', '.', 3_200_000_000],
    ['1.23E+05', '.', 123_000],
    ['1e-3', '.', 0.001],
    ['007', '.', 7],
    ['1.1M', '.', 1_100_000],
    ['1,2 Mio.', ',', 1_200_000],
    ['3,5 Mrd.', ',', 3_500_000_000],
    ['12 Tsd.', ',', 12_000],
    ['5 lakh', '.', 500_000],
    ['2.5 crore', '.', 25_000_000],
    ['1,5 млн', ',', 1_500_000],
    ['1.200,-', ',', 1200],
    ['12.-', '.', 12],
    ['1.200,--', ',', 1200],
  ])('reads %s', (text, decimal, value) => {
    expect(number(text, decimal)).toBe(value);
  });

  it.each<[string, DecimalMark]>([
    ['1,23', '.'],
    ['1.23', ','],
    ['1.2.3', '.'],
    ['1,2345', '.'],
    ['12 34', '.'],
    ['12abc', '.'],
    ['abc', '.'],
    ['1-2', '.'],
    ['--5', '.'],
    ['(-5)', '.'],
    ['5%', '.'],
    ['$5', '.'],
    ['0x10', '.'],
    ['1e999', '.'],
    ['', '.'],
    ['1,', '.'],
    ['1..2', '.'],
    ['Infinity', '.'],
    ['NaN', '.'],
    ['1/2', '.'],
    ['10-20', '.'],
    ['2024-01-05', '.'],
    ['3万5', '.'],
  ])('refuses %s', (text, decimal) => {
    expect(typeof number(text, decimal)).toBe('string');
  });

  it('never reads one number as another', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.integer({ min: 0, max: 99 }),
        fc.constantFrom('en-US', 'de-DE', 'fr-FR', 'de-CH', 'en-IN'),
        (whole, cents, locale) => {
          const value = Number(`${whole}.${String(cents).padStart(2, '0')}`);
          const text = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(
            value,
          );
          const mark =
            new Intl.NumberFormat(locale).formatToParts(1.5).find(({ type }) => type === 'decimal')?.value === ','
              ? ','
              : '.';
          expect(number(text, mark)).toBe(value);
          // With the other mark it is refused, or it could truly be read so.
          const other = number(text, mark === '.' ? ',' : '.');
          if (typeof other === 'number') expect(/^-?\d+[.,]\d+$/.test(text) && other === value).toBe(false);
        },
      ),
    );
  });

  it('answers any text at all without throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom<DecimalMark>('.', ','), (text, decimal) => {
        const parsed = parseMoney(text, { currency: 'EUR', decimal });
        if ('value' in parsed) expect(Number.isSafeInteger(parsed.value.minor)).toBe(true);
        const plain = parseNumber(text, { decimal });
        if ('value' in plain) expect(Number.isFinite(plain.value)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('amounts may have sign and code at once, as far as both mean one currency', () => {
    const amount = (text: string) => parseMoney(text, { currency: 'CNY', decimal: '.' });
    expect(amount('$1,000.50 USD')).toEqual({ value: { minor: 100050, currency: 'USD' } });
    expect(amount('人民币5万元')).toEqual({ value: { minor: 5_000_000, currency: 'CNY' } });
    expect(amount('$5 EUR')).toMatchObject({ problem: { code: 'money' } });
    expect(amount('Suite 5 Main')).toMatchObject({ problem: { code: 'money' } });
  });

  it('whole numbers and percents keep their limits', () => {
    expect(parseInteger('12.0', { decimal: '.' })).toEqual({ value: 12 });
    expect(parseInteger('12.5', { decimal: '.' })).toMatchObject({ problem: { code: 'integer' } });
    expect(parseInteger('3000000000', { decimal: '.' })).toMatchObject({ problem: { code: 'numberTooLarge' } });
    expect(parsePercent('20%', { decimal: '.' })).toEqual({ value: 20 });
    expect(parsePercent('0.2', { decimal: '.' })).toMatchObject({ value: 20, warning: { code: 'readAsFraction' } });
    expect(parsePercent('19,6', { decimal: ',' })).toMatchObject({ value: 20, warning: { code: 'rounded' } });
    expect(parsePercent('120', { decimal: '.' })).toMatchObject({ problem: { code: 'percent' } });
  });
});

describe('the decimal mark of a column', () => {
  it.each<[string[], DecimalMark | 'ambiguous']>([
    [['1,234.50', '2'], '.'],
    [['1.234,50'], ','],
    [['1,5', '2'], ','],
    [['1.5'], '.'],
    [['1,234'], 'ambiguous'],
    [['1.234'], 'ambiguous'],
    [['1,234', '1,23'], ','],
    [['1,234,567'], '.'],
    [['1.234.567'], ','],
    [['12', '5'], '.'],
    [[], '.'],
    [['1.5', '1,5'], 'ambiguous'],
    [['0,125'], ','],
    [['1234,125'], ','],
    [['€ 1.234,00'], ','],
  ])('of %j is %s', (values, mark) => {
    expect(detectDecimal(values)).toBe(mark);
  });
});

describe('money', () => {
  it.each<[string, string, string]>([
    ['1054', 'USD', '105400 USD'],
    ['$1,234.56', 'USD', '123456 USD'],
    ['-$5', 'USD', '-500 USD'],
    ['$-5', 'USD', '-500 USD'],
    ['($5.00)', 'USD', '-500 USD'],
    ['$(5.00)', 'USD', '-500 USD'],
    ['€1.5', 'USD', '150 EUR'],
    ['1.5 EUR', 'USD', '150 EUR'],
    ['USD 1.2M', 'CNY', '120000000 USD'],
    ['¥1,200', 'CNY', '120000 CNY'],
    ['￥1,200', 'CNY', '120000 CNY'],
    ['¥1,200', 'JPY', '1200 JPY'],
    ['1.5万元', 'CNY', '1500000 CNY'],
    ['2亿', 'CNY', '20000000000 CNY'],
    ['人民币 12.5', 'USD', '1250 CNY'],
    ['RMB12.5', 'USD', '1250 CNY'],
    ['HK$10', 'USD', '1000 HKD'],
    ['$10', 'AUD', '1000 AUD'],
    ['100 kr', 'SEK', '10000 SEK'],
    ['1.234 KWD', 'USD', '1234 KWD'],
    ['8934361.48', 'USD', '893436148 USD'],
    ['30024968.0', 'USD', '3002496800 USD'],
    ['10.005', 'USD', '1001 USD rounded'],
    ['0.1', 'JPY', '0 JPY rounded'],
  ])('reads %s in a file of %s', (text, currency, value) => {
    expect(money(text, currency)).toBe(value);
  });

  it('refuses a sign whose currency cannot be told, and what is no amount', () => {
    expect(money('$5', 'EUR')).toBe('currencyUnclear');
    expect(money('¥5', 'USD')).toBe('currencyUnclear');
    expect(money('5 apples')).toBe('money');
    expect(money('XYZ 5')).toBe('money');
    expect(money('$5 €')).toBe('money');
    expect(money('5%')).toBe('money');
    expect(money('1e20')).toBe('numberTooLarge');
  });

  it('takes the unit of a column', () => {
    expect(money('1100.04', 'USD', '.', 1e6)).toBe('110004000000 USD');
    expect(money('12,5', 'CNY', ',', 1e4)).toBe('12500000 CNY');
  });

  it('keeps every amount exactly', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -9e14, max: 9e14 }),
        fc.constantFrom('USD', 'JPY', 'KWD', 'CNY'),
        (minor, currency) => {
          const text = toMajor(minor, currency).toFixed(currency === 'JPY' ? 0 : currency === 'KWD' ? 3 : 2);
          const parsed = parseMoney(text, { currency, decimal: '.' });
          expect('value' in parsed && parsed.value.minor).toBe(minor);
        },
      ),
    );
  });
});
