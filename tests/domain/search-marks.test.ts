import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { rankedKeys, soundsOf, spokenForms } from '@/domain/search-keys';
import { marksOf } from '@/domain/search-marks';
import { queryKeys } from '@/domain/search-query';
import { lastTitleRank } from '@/domain/search-ranks';

const marked = (text: string, ...tokens: string[]) =>
  marksOf(text, tokens, soundsOf).map(([from, to]) => text.slice(from, to));

describe('what was found', () => {
  it.each([
    ['平安银行', ['安银'], ['安银']],
    ['平安银行', ['payh'], ['平安银行']],
    ['中国平安', ['pingan'], ['平安']],
    ['中国平安', ['pa'], ['平安']],
    ['重庆啤酒', ['chongq'], ['重庆']],
    ['重庆啤酒', ['zhongqing'], ['重庆']],
    ['单雄信', ['shanxiong'], ['单雄']],
    ['TCL科技', ['tclkj'], ['TCL科技']],
    ['（中国）长城', ['zhongg'], ['中国']],
    ['Anna Müller-Thurgau', ['mull', 'anna'], ['Anna', 'Müll']],
    ['Straße 5', ['strass'], ['Straß']],
    ["O'Brien", ['obrien'], ["O'Brien"]],
    ['Ａｃｍｅ', ['acm'], ['Ａｃｍ']],
    ['+86 138-1234-5678', ['5678'], ['5678']],
    ['+86 138-1234-5678', ['12345678'], ['1234-5678']],
    ['jo.doe@acme.com', ['acme.com'], ['acme.com']],
    ['Schmidt', ['midt'], []],
    ['Schmidt', ['qqq'], []],
  ] as [string, string[], string[]][])('of %s by %j is %j', (text, tokens, parts) => {
    expect(marked(text, ...tokens)).toEqual(parts);
  });

  it('is looked for once from each place, however many ways lead there', () => {
    const taken = vi.spyOn(String.prototype, 'startsWith');
    const marks = marksOf(`中${'a'.repeat(16)}`, [`${'a'.repeat(15)}c`]);
    const times = taken.mock.calls.length;
    taken.mockRestore();
    expect(marks).toEqual([]);
    // A way for each letter, not twice as many with each: 65,536.
    expect(times).toBeLessThan(2000);
  });

  it('lies within the text, in order and apart, whatever the text', () => {
    const unit = fc.constantFrom('重', '庆', 'a', 'Ａ', 'ß', 'é', '𠀀', ' ', '.', '1', '👩‍👩‍👧', 'ﬁ');
    const text = fc.string({ unit, maxLength: 30 });
    fc.assert(
      fc.property(text, text, (any, query) => {
        let end = -1;
        for (const [from, to] of marksOf(any, [...queryKeys(query), ...spokenForms(query)], soundsOf)) {
          expect(from).toBeGreaterThan(end);
          expect(to).toBeGreaterThan(from);
          expect(any.slice(from, to).isWellFormed()).toBe(true);
          end = to;
        }
        expect(end).toBeLessThanOrEqual(any.length);
      }),
    );
  });
});

describe('the rank of a key', () => {
  const rank = (texts: string[], key: string) => rankedKeys(texts).find((ranked) => ranked.key === key)?.rank ?? null;

  it('is better in the title, at its beginning, and as written', () => {
    const texts = ['中国平安', 'Ping An', '13812345678'];
    expect([
      rank(texts, '中国平安'),
      rank(texts, '平安'),
      rank(texts, 'zgpa'),
      rank(texts, 'pingan'),
      rank(texts, 'ping'),
      rank(texts, 'an'),
      rank(texts, '13812345678'),
      rank(texts, '5678'),
    ]).toEqual([0, 1, 2, 3, 4, 5, 4, 7]);
    expect(lastTitleRank).toBe(3);
  });

  it('is the better one where a key comes twice, and each key comes once', () => {
    expect(rank(['Acme', 'acme.com'], 'acme')).toBe(0);
    const keys = rankedKeys(['Acme Acme', 'acme.com']).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('leaves room for the other texts beside a title of any length', () => {
    const keys = rankedKeys(['重庆'.repeat(100), 'jo@acme.com', '13812345678']).map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining(['jo@acme.com', '13812345678', '5678']));
  });
});

describe('a query aloud', () => {
  it.each([
    ['阿里ba', 'aliba'],
    ['重慶', 'chongqing'],
    ['zhang三', 'zhangsan'],
    ['曾', 'zeng'],
  ])('%s is %s', (query, sound) => {
    expect(spokenForms(query)).toContain(sound);
  });

  it('has none without Chinese', () => {
    expect(spokenForms('acme')).toEqual([]);
  });
});
