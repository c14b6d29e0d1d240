import { describe, expect, it } from 'vitest';
import { booleanMeant, refusalMeant } from '@/domain/imports/choices';
import { draftedColumns, draftTargets } from '@/domain/imports/new-field';
import { type OfferInput, offerField, unlike } from '@/domain/imports/offer';

const offer = (header: string, cells: string[], more: Partial<OfferInput> = {}) =>
  offerField({
    header,
    cells,
    whole: true,
    currency: 'USD',
    decimal: '.',
    dateOrder: 'mdy',
    timeZone: 'UTC',
    ...more,
  });
const typeOf = (header: string, cells: string[], more: Partial<OfferInput> = {}) => offer(header, cells, more)?.type;
const many = (cells: string[], times = 10) => Array.from({ length: times }, () => cells).flat();

describe('a field for a column that fits none', () => {
  it('has the type its values have', () => {
    expect(typeOf('VIP', ['yes', 'no', '', 'Yes'])).toBe('boolean');
    expect(typeOf('是否重点', ['是', '否'])).toBe('boolean');
    expect(typeOf('Is partner', ['1', '0', '1'])).toBe('boolean');
    expect(typeOf('Renewal', ['2024-03-01', '2025-12-31'])).toBe('date');
    expect(typeOf('上市日期', ['19910403', '20040728'])).toBe('date');
    expect(typeOf('Renewal', ['31/12/2025', '01/02/2024'])).toBe('date');
    expect(typeOf('Last call', ['2024-03-01 10:30', '2024-03-02 08:00'])).toBe('datetime');
    expect(typeOf('Billing contact', ['a@x.com', 'b@x.org'])).toBe('email');
    expect(typeOf('Portal', ['https://a.com/x', 'http://b.com'])).toBe('link');
    expect(typeOf('Hotline phone', ['010-62345678', '021 5555 6666'])).toBe('phone');
    expect(typeOf('Share', ['12%', '7.5 %'])).toBe('percent');
    expect(typeOf('Seats', ['12', '1,200', '-3', '4.5e3'])).toBe('number');
    expect(typeOf('Notes of old', [`a\nb`, 'c'])).toBe('longText');
    expect(typeOf('Remark', ['one', 'two', 'three'])).toBe('text');
  });

  it('is an amount where the header or a sign says so, in its currency', () => {
    expect(offer('Budget', ['1,200.50', '300'])).toMatchObject({ type: 'money', settings: { currency: 'USD' } });
    expect(offer('注册资本', ['¥5000', '¥200'], { currency: 'CNY' })).toMatchObject({
      type: 'money',
      settings: { currency: 'CNY' },
    });
    expect(typeOf('会费', ['1.2万', '8000'], { currency: 'CNY' })).toBe('money');
    expect(offer('Deposit', ['€10', '€20'])).toMatchObject({ type: 'money', settings: { currency: 'EUR' } });
    expect(typeOf('Deposit', ['€10', '£20'])).toBe('text');
  });

  it('keeps what only looks like a number', () => {
    expect(typeOf('Badge no', ['12', '13'])).toBe('text');
    expect(typeOf('Postcode old', ['01234', '99999'])).toBe('text');
    expect(typeOf('Card', ['6222021234567890123'])).toBe('text');
    expect(typeOf('客户编号', ['1001', '1002'])).toBe('text');
  });

  it('is a text where the import could not read its values as what they look like', () => {
    expect(typeOf('Handle', ['@ann', '@bo', 'cy@'])).toBe('text');
    expect(typeOf('Version', ['2024-13-45', '2024-99-01'])).toBe('text');
  });

  it('offers choices where values come again and again, and lists them', () => {
    const colours = offer('Colour', many(['Red', 'Blue', 'red', '绿']));
    expect(colours?.type).toBe('choice');
    expect(colours?.settings?.choices?.map(({ value, label }) => [value, label.en])).toEqual([
      ['red', 'Red'],
      ['blue', 'Blue'],
      ['choice', '绿'],
    ]);
    const topics = offer('Topics', many(['a;b', 'b', 'c; a']));
    expect(topics).toMatchObject({ type: 'choices' });
    expect(topics?.settings?.choices?.map(({ value }) => value)).toEqual(['a', 'b', 'c']);
    expect(typeOf('City of birth', ['Rome', 'Oslo', 'Rome', 'Bonn', 'Graz', 'Nice'])).toBe('text');
  });

  it('offers no choices of a file that goes on and still brings new ones', () => {
    const cells = [...many(['Red', 'Blue'], 20), ...many(['Green', 'Red'], 20)];
    expect(typeOf('Colour', cells)).toBe('choice');
    expect(typeOf('Colour', cells, { whole: false })).toBe('text');
    expect(typeOf('Colour', many(['Red', 'Blue'], 20), { whole: false })).toBe('choice');
  });

  it('is called as its header is, in both languages where the header is well known', () => {
    expect(offer('Deal - Win chance', ['a', 'b'])?.label).toEqual({ en: 'Win chance', zh: 'Win chance' });
    expect(offer('acme__Sales_Region__c', ['a', 'b'])?.label).toEqual({ en: 'Sales Region', zh: 'Sales Region' });
    expect(offer('Website 1 - Value', ['https://a.com'])?.label.en).toBe('Website 1');
    expect(offer('Nickname', ['Bo'])?.label).toEqual({ en: 'Nickname', zh: '昵称' });
    expect(offer('上市日期', ['2020-01-01'])?.label).toEqual({ en: 'Listed on', zh: '上市日期' });
    expect(unlike({ en: 'A', zh: '甲' }, new Set(['甲', 'A (2)']))).toEqual({ en: 'A (3)', zh: '甲 (3)' });
  });

  it('is none of a column without values', () => {
    expect(offer('Empty', ['', ' '])).toBeNull();
    expect(offer('Blank', ['-', 'n/a', '无'])).toBeNull();
  });

  it('stands in for its column until it is made', () => {
    const columns = [
      { index: 0, target: 'name' },
      { index: 1, target: null, create: { type: 'number' as const, label: { en: 'Seats' } } },
    ];
    const [target] = draftTargets('company', columns);
    expect(target).toMatchObject({ kind: 'value', type: 'number' });
    expect(draftedColumns(columns)[1]?.target).toBe(target?.name);
  });
});

describe('what cells say', () => {
  it('of yes and no in other languages', () => {
    expect(['WAHR', 'Vrai', 'sí', 'はい'].map(booleanMeant)).toEqual([true, true, true, true]);
    expect(['FALSCH', 'faux', 'não', 'いいえ'].map(booleanMeant)).toEqual([false, false, false, false]);
  });

  it('of refusals: any of several columns is enough, and what is neither is no guess', () => {
    const meant = (text: string) => refusalMeant(text);
    expect(['Do Not Allow', 'Unsubscribed', 'no_consent', '已退订', 'true'].map(meant)).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(['Allow', 'subscribed', '已订阅', 'no'].map(meant)).toEqual([false, false, false, false]);
    expect(refusalMeant('false;Do Not Allow')).toBe(true);
    expect(refusalMeant('no;perhaps')).toBeUndefined();
    const allowed = (text: string) => refusalMeant(text, true);
    expect(['no', 'FALSE', '否', 'Unsubscribed', 'yes;no'].map(allowed)).toEqual([true, true, true, true, true]);
    expect(['yes', '1', 'opted in', '是'].map(allowed)).toEqual([false, false, false, false]);
    expect(refusalMeant('pending', true)).toBeUndefined();
  });
});
