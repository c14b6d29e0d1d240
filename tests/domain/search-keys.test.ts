import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { romanize, searchKeys, sortKey, soundsLike } from '@/domain/search-keys';
import { foldText, queryKeys } from '@/domain/search-query';
import { readCsv } from '@/tests/support/read-csv';
import { hasRealData, realBytes } from '@/tests/support/real-data';

/** Found as the database finds it: every token of the query begins a key. */
const finds = (keys: readonly string[], query: string) => {
  const tokens = queryKeys(query);
  return tokens.length > 0 && tokens.every((token) => keys.some((key) => key.startsWith(token)));
};
const found = (texts: string[], query: string) => finds(searchKeys(texts), query);

describe('I3: keys of any text', () => {
  it('I3: are whole characters, whatever the text and wherever it is cut', () => {
    const unit = fc.constantFrom('𠀀', '𒾐', '👩‍👩‍👧', 'a', '重', ' ', '.', '@', '-', 'Z\u0300', '1');
    const text = fc.oneof(fc.string({ unit, maxLength: 450 }), fc.string({ unit: 'binary', maxLength: 80 }));
    fc.assert(
      fc.property(text, (any) => {
        const written = any.toWellFormed();
        for (const key of [...searchKeys([written]), ...queryKeys(any), sortKey(written)]) {
          expect(key.isWellFormed()).toBe(true);
        }
        for (const key of queryKeys(any)) expect(key).not.toContain('\0');
      }),
    );
  });
});

describe('a record is found', () => {
  it.each<[string[], string[]]>([
    [['Müller & Söhne GmbH'], ['müller', 'muller', 'soh', 'SÖHNE', 'gmbh mull']],
    [['GTX Pro'], ['gtx', 'pro', 'gtxpro', 'gtx pro', 'GTXP']],
    [["O'Brien"], ["o'brien", 'obrien', 'brien']],
    [['AT&T'], ['at&t', 'att']],
    [
      ['Straße 5', 'Łódź', 'Ærø'],
      ['strasse', 'straße', 'lodz', 'aero'],
    ],
    [['重庆啤酒'], ['重庆', '啤酒', '庆', '酒', 'cqpj', 'chongqing', 'chongqingpijiu', 'zqpj']],
    [['单雄信'], ['sxx', 'dxx', 'shanxiong', '雄信']],
    [['TCL科技'], ['tcl', '科技', 'tclkj', 'tcl科技', 'tclkeji']],
    [['万科A'], ['wka', 'wankea', '万科', '万科a']],
    [['𠮷野家'], ['野家', '𠮷']],
    [['+86 138-1234-5678'], ['138 1234 5678', '13812345678', '5678', '+8613812345678', '008613812345678', '1234 5678']],
    [['020 7946 0018'], ['+44 20 7946 0018'.slice(4), '0207946', '0018']],
    [['831.605.2433x72946'], ['8316052433', '831-605', '2433', '72946']],
    [['Jo.Doe@mail.Acme.com'], ['jo.doe@mail.acme.com', 'jo.doe', 'doe', 'acme', '@mail.acme.com', 'mail.acme']],
    [['https://www.acme.com/about'], ['acme.com', 'acme', 'www.acme.com', 'https://acme.com']],
    [['Booking.com B.V.'], ['booking.com', 'booking', 'bookingcom']],
    [['Ｆｕｌｌ Ｗｉｄｔｈ'], ['full', 'width']],
    [['Иван Петров'], ['иван', 'петр']],
    [['ソニー株式会社'], ['ソニー', '株式', '会社']],
  ])('%j by each of %j', (texts, queries) => {
    for (const query of queries) expect({ query, found: found(texts, query) }).toEqual({ query, found: true });
  });

  it('only when every word of the query begins one of its own', () => {
    expect(found(['Acme Bank'], 'acme credit')).toBe(false);
    expect(found(['Acme Bank'], 'cme')).toBe(false);
    expect(found(['平安银行'], '安平')).toBe(false);
    expect(found(['平安银行'], '')).toBe(false);
    expect(found(['平安银行'], '  。')).toBe(false);
  });
});

describe('keys', () => {
  it('are few, short and never empty, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 8 }), (texts) => {
        const keys = searchKeys(texts);
        expect(keys.length).toBeLessThanOrEqual(96);
        expect(new Set(keys).size).toBe(keys.length);
        for (const key of keys) expect(key.length > 0 && key.length <= 64).toBe(true);
        for (const key of queryKeys(texts.join(' '))) expect(key.length > 0 && key.length <= 64).toBe(true);
        expect(sortKey(texts.join(' ')).length).toBeLessThanOrEqual(200);
      }),
    );
  });

  it('find every text by itself', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Zéü一-龥 ]{1,20}$/), (text) => {
        fc.pre(queryKeys(text).length > 0);
        expect(found([text], text)).toBe(true);
      }),
    );
  });

  it('are well-formed texts that Postgres can hold', () => {
    for (const key of searchKeys(['\ud83d name \udc00', 'a\u0000b', '😀'.repeat(50)])) {
      expect(key.isWellFormed()).toBe(true);
      expect(key).not.toContain('\u0000');
    }
  });

  it('fold accents of Latin, Greek and Cyrillic only', () => {
    expect(foldText('Ćwikła')).toBe('cwikla');
    expect(foldText('Ελλάδα')).toBe('ελλαδα');
    expect(foldText('が')).toBe('が');
    expect(foldText('ไทยที่')).toBe('ไทยที่'.normalize('NFKC'));
  });
});

describe('the order', () => {
  it('is by pinyin and tone for Chinese, without case and accents for Latin', () => {
    const names = [
      '张三',
      '重庆啤酒',
      '阿里巴巴',
      'Zebra',
      'müller',
      'Muller',
      '北京银行',
      '*ST国华',
      'abc',
      '长安汽车',
    ];
    const sorted = [...names].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
    expect(sorted).toEqual([
      '阿里巴巴',
      'abc',
      '北京银行',
      '长安汽车',
      '重庆啤酒',
      'müller',
      'Muller',
      '*ST国华',
      'Zebra',
      '张三',
    ]);
    expect(sortKey('Müller')).toBe(sortKey('muller'));
    expect(sortKey('***')).toBe('***');
  });

  it('is known by its sound, in full or by initials', () => {
    for (const typed of ['zeng', 'zeng guo', 'zgf', 'ZG']) expect(soundsLike('曾国藩', typed), typed).toBe(true);
    for (const typed of ['', 'guofeng', '曾', 'z1']) expect(soundsLike('曾国藩', typed), typed).toBe(false);
    expect(soundsLike('Zeng', 'zeng')).toBe(false);
  });

  it('has a Latin form for addresses', () => {
    expect(romanize('上海万科')).toBe('shanghaiwanke');
    expect(romanize('Müller GmbH')).toBe('muller gmbh');
  });
});

describe.skipIf(!hasRealData)('the listed companies', () => {
  const rows = hasRealData ? readCsv(realBytes('cn-listed-companies/listed_companies.utf8bom.csv')).rows : [];
  const short = rows.map((row) => ({
    name: row[1] ?? '',
    initials: (row[10] ?? '').toLowerCase(),
    keys: searchKeys([row[1]]),
  }));
  const full = rows.map((row) => searchKeys([row[2]]));
  const count = (query: string) =>
    `${short.filter(({ keys }) => finds(keys, query)).length}/${full.filter((keys) => finds(keys, query)).length}`;

  it.each([
    ['银行', '38/42'],
    ['重庆', '9/54'],
    ['证券', '34/40'],
    ['药业', '78/124'],
    ['长江', '6/8'],
    ['集团', '109/802'],
    ['北京', '6/259'],
  ])('%s is found in %s short and full names', (query, expected) => {
    expect(count(query)).toBe(expected);
  });

  it('are found by two characters and by one', () => {
    expect(short.filter(({ keys }) => finds(keys, '平安'))).toHaveLength(3);
    expect(short.filter(({ keys }) => finds(keys, '银')).length).toBe(
      short.filter(({ name }) => name.includes('银')).length,
    );
  });

  it.each([
    ['payh', '平安银行'],
    ['zgpa', '中国平安'],
    ['cqpj', '重庆啤酒'],
    ['caqc', '长安汽车'],
    ['gzmt', '贵州茅台'],
    ['wly', '五粮液'],
    ['wly', '万里扬'],
  ])('%s finds %s', (query, name) => {
    expect(short.filter(({ keys }) => finds(keys, query)).map((company) => company.name)).toContain(name);
  });

  it.each([
    ['tcl', 3],
    ['cq', 17],
    ['xm', 15],
  ] as const)('the initials %s find all %i companies that have them officially', (query, size) => {
    const official = short.filter(({ initials }) => initials.startsWith(query));
    expect(official).toHaveLength(size);
    expect(official.filter(({ keys }) => !finds(keys, query)).map(({ name }) => name)).toEqual([]);
  });

  it('have their official initials among their keys in 98 % and more', () => {
    const missed = short.filter(({ initials, keys }) => !keys.some((key) => key.startsWith(initials)));
    expect(1 - missed.length / short.length).toBeGreaterThanOrEqual(0.98);
    // Only names whose official initials are another name's: taken over, renamed or by another reading of all.
    expect(missed.length).toBeLessThanOrEqual(10);
  });

  it('keep all keys of short name, full name, English name and address within the limit that matters', () => {
    const withAll = rows.map((row) => searchKeys([row[1], row[2], row[3]]));
    expect(withAll.filter((keys) => finds(keys, '集团')).length).toBeGreaterThanOrEqual(802);
  });

  it('are keyed fast, Latin texts at once', () => {
    const start = performance.now();
    for (const row of rows) searchKeys([row[1], row[2]]);
    const each = (performance.now() - start) / rows.length;
    expect(each).toBeLessThan(1);
  });
});
