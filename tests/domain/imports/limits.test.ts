import { describe, expect, it } from 'vitest';
import { isKnownHeader, matchColumns } from '@/domain/imports/columns';
import { detectDateOrder, parseDate, parseDateTime } from '@/domain/imports/dates';
import { cleanHeaders, detectDialect, hasHeader } from '@/domain/imports/dialect';
import { markdownOf } from '@/domain/imports/html';
import { domainKey, nameKey, similar } from '@/domain/imports/matching';
import { detectDecimal, parseMoney } from '@/domain/imports/numbers';
import { guessFile } from '@/domain/imports/recognise';
import { stageOfHeader } from '@/domain/imports/stage-headers';
import { searchKeys, sortKey } from '@/domain/search-keys';
import { foldText, queryKeys } from '@/domain/search-query';
import { cpuMs } from '@/tests/support/cpu';

const long: Record<string, string> = {
  spaces: `${' '.repeat(50_000)}x`,
  pairs: `${'1 '.repeat(25_000)}(`,
  marks: `a${'\u0301'.repeat(50_000)}`,
  dots: 'a.'.repeat(25_000),
  addresses: 'a@'.repeat(25_000),
  characters: '重'.repeat(20_000),
  digits: '1'.repeat(50_000),
  hyphens: '1-'.repeat(25_000),
  forms: `a${' ltd'.repeat(12_000)}`,
  quotes: '"'.repeat(50_000),
  brackets: '('.repeat(50_000),
  tags: '<a '.repeat(16_000),
  signs: '&'.repeat(50_000),
};

const readers: Record<string, (text: string) => unknown> = {
  foldText,
  queryKeys,
  nameKey,
  domainKey,
  sortKey,
  detectDialect,
  isKnownHeader,
  searchKeys: (text) => searchKeys([text]),
  similar: (text) => similar(text, `${text}x`),
  parseMoney: (text) => parseMoney(text, { currency: 'USD', decimal: '.' }),
  parseDate: (text) => parseDate(text, { order: 'dmy', timeZone: 'UTC' }),
  parseDateTime: (text) => parseDateTime(text, { order: 'dmy', timeZone: 'UTC' }),
  detectDateOrder: (text) => detectDateOrder([text]),
  detectDecimal: (text) => detectDecimal([text]),
  cleanHeaders: (text) => cleanHeaders([text]),
  hasHeader: (text) => hasHeader([[text], [text]]),
  matchColumns: (text) => matchColumns('company', [text], [[text]]),
  guessFile: (text) => guessFile([text], [[text]]),
  markdownOf: (text) => markdownOf(`<p>${text}<a href=${text}`, true),
  stageOfHeader: (text) => stageOfHeader(`Date entered "${text}`),
};

describe('a text made to cost time', () => {
  it.each(Object.keys(readers))('costs %s next to none', (name) => {
    const read = readers[name];
    read?.('warm up');
    for (const [kind, text] of Object.entries(long)) {
      const took = cpuMs(() => read?.(text));
      expect({ kind, slow: took > 400 }).toEqual({ kind, slow: false });
    }
  });
});
