import { describe, expect, it } from 'vitest';
import { cellString, columnOf, numberFormat, numberText } from '@/domain/imports/spreadsheet';

const shown = (raw: string, code: string, since1904 = false) => numberText(raw, numberFormat(164, code), since1904);

describe('a number of a spreadsheet', () => {
  it('is written out plainly, with the digits that are shown', () => {
    const plain = numberFormat(0);
    expect(numberText('33.300000000000004', plain)).toBe('33.3');
    expect(numberText('1.3800138E+10', plain)).toBe('13800138000');
    expect(numberText('5.1010619900101101E+17', plain)).toBe('5.10106199001011E+17');
    expect(numberText('-2.5E-7', plain)).toBe('-0.00000025');
    expect(numberText('123456789012345678', plain)).toBe('123456789012345678');
    expect(numberText('1e3', plain)).toBe('1000');
    expect(numberText('not a number', plain)).toBe('not a number');
  });

  it('keeps leading zeros, currencies and percent signs of its format', () => {
    expect(shown('1234', '00000')).toBe('01234');
    expect(shown('0.07', '0.00%')).toBe('7%');
    expect(numberText('1', numberFormat(9))).toBe('100%');
    expect(shown('1234.5', '[$€-407] #,##0.00')).toBe('€1234.5');
    expect(shown('-12', '"¥"#,##0;[Red]-"¥"#,##0')).toBe('¥-12');
    expect(shown('12', '[$USD] #,##0.00')).toBe('USD12');
    expect(shown('12', '#,##0.00')).toBe('12');
    expect(shown('12', '#,##0 "kg"')).toBe('12');
    expect(shown('12', '#,##0" PCS"')).toBe('12');
    expect(shown('12', '"PCS "#,##0 [$CHF]')).toBe('CHF12');
  });

  it('is a day or a moment where its format says so', () => {
    expect(numberText('45356', numberFormat(14))).toBe('2024-03-05');
    expect(numberText('45356.604166666664', numberFormat(22))).toBe('2024-03-05 14:30:00');
    expect(shown('45356', 'yyyy"年"m"月"d"日"')).toBe('2024-03-05');
    expect(shown('45356.5', 'd mmm yyyy')).toBe('2024-03-05');
    expect(shown('45356.5', 'yyyy-mm-dd hh:mm')).toBe('2024-03-05 12:00:00');
    expect(shown('0.75', 'h:mm AM/PM')).toBe('18:00:00');
    expect(shown('1.5', '[h]:mm')).toBe('36:00:00');
    expect(shown('45356', '[$-409]d-mmm-yy;@')).toBe('2024-03-05');
    expect(shown('43894', 'yyyy-mm-dd', true)).toBe('2024-03-05');
    // 1900 was no leap year, but spreadsheets count a 29 February.
    expect(shown('1', 'yyyy-mm-dd')).toBe('1900-01-01');
    expect(shown('61', 'yyyy-mm-dd')).toBe('1900-03-01');
    expect(shown('-1', 'yyyy-mm-dd')).toBe('-1');
    expect(shown('99999999', 'yyyy-mm-dd')).toBe('99999999');
    expect(shown('45356', '0.00E+00')).toBe('45356');
    expect(shown('45356', 'General')).toBe('45356');
  });
});

describe('a text of a spreadsheet', () => {
  it('is without the codes XML needs and without control characters', () => {
    expect(cellString('a_x000D_\nb_x0001_c_x4E2D_')).toBe('a\nbc中');
    expect(cellString('a\r\nb\u0000')).toBe('a\nb');
    expect(cellString('_x005F_x000D_')).toBe('_x000D_');
  });

  it('stands in a column', () => {
    expect(['A1', 'Z9', 'AA1', 'XFD1', 'XFE1', '1', 'a1'].map(columnOf)).toEqual([0, 25, 26, 16_383, null, null, null]);
  });
});
