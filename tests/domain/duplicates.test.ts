import { describe, expect, it } from 'vitest';
import { companyFields } from '@/domain/companies';
import { contactFields } from '@/domain/contacts';
import { dealFields } from '@/domain/deals';
import { coreName, matchConfig, matchKeys, phoneKey, scoreOf } from '@/domain/duplicates';
import { mergedValues, mostComplete } from '@/domain/merge';

const shared = (object: string, a: Record<string, unknown>, b: Record<string, unknown>) => {
  const keys = new Set(matchKeys(object, [], a).map(({ rule, key }) => `${rule} ${key}`));
  return [
    ...new Set(
      matchKeys(object, [], b)
        .filter(({ rule, key }) => keys.has(`${rule} ${key}`))
        .map(({ rule }) => rule),
    ),
  ].sort();
};

describe('match keys', () => {
  it('of phones are E.164 digits, however they are written', () => {
    for (const text of [
      '+86 139 0000 1111',
      '0086-139-0000-1111',
      '139 0000 1111',
      '8613900001111',
      '１３９００００１１１１',
    ])
      expect(phoneKey(text), text).toBe('8613900001111');
    expect(phoneKey('+44 (0)20 7946 0958')).toBe('442079460958');
    expect(phoneKey('020 7946 0958', 'United Kingdom')).toBe('442079460958');
    expect(phoneKey('(021) 6123-4567 转 801')).toBe('862161234567');
    expect(phoneKey('+49 30 1234567 ext. 12')).toBe('49301234567');
    for (const text of ['', '12345', '000000000', 'n/a']) expect(phoneKey(text), text).toBeNull();
  });

  it('of Chinese company names leave out form, place and group', () => {
    const names = [
      '上海宏达贸易有限公司',
      '宏达贸易（上海）有限公司',
      '宏达贸易(上海)股份有限公司',
      '宏达贸易',
      '上海市宏达贸易集团有限公司',
    ];
    for (const name of names) expect(coreName(name), name).toBe('宏达贸易');
    expect(coreName('上海有限公司')).toBe('上海');
    expect(coreName('Acme Holdings Group, Inc.')).toBe('acme');
    expect(coreName('')).toBeNull();
  });

  it('agree for what is the same and for nothing that is blank', () => {
    expect(shared('company', { name: 'ACME Inc.' }, { name: 'Acme, LLC' })).toEqual(['name', 'similarName']);
    expect(
      shared('company', { name: 'Apple', website: 'https://www.apple.com/de' }, { name: 'X', domain: 'apple.com' }),
    ).toEqual(['domain']);
    expect(shared('company', { name: 'A', email: 'a@qq.com' }, { name: 'B', email: 'b@qq.com' })).toEqual([]);
    expect(shared('company', { name: '腾讯', shortName: '腾讯' }, { name: '深圳市腾讯股份有限公司' })).toEqual([
      'similarName',
    ]);
    expect(shared('contact', { name: 'Ada', email: 'A@x.org' }, { name: 'Bea', otherEmail: ' a@X.org ' })).toEqual([
      'email',
    ]);
    expect(shared('contact', { name: 'Ada', mobile: '13900001111' }, { name: 'Bea', phone: '+8613900001111' })).toEqual(
      ['mobile', 'phone'],
    );
    expect(
      shared('contact', { name: 'Ada Lovelace', companyId: 'c' }, { name: 'Lovelace, Ada', companyId: 'c' }),
    ).toEqual(['name', 'nameCompany']);
    expect(shared('contact', { name: 'Ada', email: '', phone: null }, { name: 'Bea', email: '', phone: null })).toEqual(
      [],
    );
    expect(matchKeys('deal', [], { amount: 5 })).toEqual([]);
  });

  it('weigh together: what agrees in more is more alike', () => {
    const { weights, threshold } = matchConfig('company', [], undefined);
    expect(scoreOf(weights, ['name'])).toBe(85);
    expect(scoreOf(weights, ['name', 'domain'])).toBeGreaterThanOrEqual(95);
    expect(scoreOf(weights, ['phone'])).toBeLessThan(threshold);
    expect(Object.values(matchConfig('deal', [], undefined).weights).every((weight) => weight === 0)).toBe(true);
    expect(matchConfig('company', [], { weights: { name: 10, nonsense: 90 } }).weights).toMatchObject({ name: 10 });
  });
});

describe('merged values', () => {
  const a = {
    id: 'a',
    updatedAt: '2026-01-01',
    name: 'Acme',
    phone: null,
    tags: ['x'],
    annualRevenue: null,
    currency: 'USD',
  };
  const b = {
    id: 'b',
    updatedAt: '2026-02-01',
    name: 'ACME Inc.',
    phone: '1',
    tags: ['y', 'x'],
    annualRevenue: 5,
    currency: 'EUR',
  };
  const c = {
    id: 'c',
    updatedAt: '2026-03-01',
    name: 'acme',
    phone: '2',
    tags: null,
    annualRevenue: 7,
    currency: 'CNY',
  };

  it('are the survivor’s, else those of the record changed last; lists are united, amounts keep their currency', () => {
    const values = mergedValues('company', companyFields, [a, b, c], {});
    expect(values).toMatchObject({ name: 'Acme', phone: '2', tags: ['x', 'y'], annualRevenue: 7, currency: 'CNY' });
    expect(
      mergedValues('company', companyFields, [a, b, c], { annualRevenue: 'b', name: 'c', tags: 'a' }),
    ).toMatchObject({
      name: 'acme',
      annualRevenue: 5,
      currency: 'EUR',
      tags: ['x'],
    });
  });

  it('keep a stage with its pipeline, whichever of the two is chosen', () => {
    const deals = [
      { id: 'a', stageId: 's1', pipelineId: 'p1', amount: 5, currency: 'EUR' },
      { id: 'b', stageId: 's2', pipelineId: 'p2', amount: 7, currency: 'USD' },
    ];
    const merged = (choice: Record<string, string>) => mergedValues('deal', dealFields, deals, choice);
    expect(merged({ pipelineId: 'b' })).toMatchObject({ stageId: 's2', pipelineId: 'p2', amount: 5 });
    expect(merged({ stageId: 'b', pipelineId: 'a' })).toMatchObject({ stageId: 's2', pipelineId: 'p2' });
    expect(merged({ amount: 'b', currency: 'a' })).toMatchObject({ amount: 7, currency: 'USD' });
  });

  it('keep a stage with its pipeline, and a wish not to be called', () => {
    const one = { id: 'a', stageId: 's1', pipelineId: 'p1', status: 'open', probability: 10 };
    const two = { id: 'b', stageId: 's2', pipelineId: 'p2', status: 'won', probability: 100 };
    expect(mergedValues('deal', dealFields, [one, two], { stageId: 'b' })).toMatchObject({
      pipelineId: 'p2',
      status: 'won',
      probability: 100,
    });
    expect(
      mostComplete(
        [
          { id: 'a', doNotCall: false },
          { id: 'b', doNotCall: true },
        ],
        'doNotCall',
      ),
    ).toBe('b');
    expect(
      mergedValues(
        'contact',
        contactFields,
        [
          { id: 'a', doNotMail: false },
          { id: 'b', doNotMail: true },
        ],
        {},
      ),
    ).toMatchObject({ doNotMail: true });
  });
});
