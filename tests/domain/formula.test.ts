import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FieldDefinition, type FieldSettings, fieldOf } from '@/domain/custom-fields';
import * as f from '@/domain/fields';
import { compileFormula } from '@/domain/formula/formula';
import { FormulaProblem } from '@/domain/formula/problem';
import en from '@/domain/messages/en/errors.json' with { type: 'json' };
import zh from '@/domain/messages/zh/errors.json' with { type: 'json' };

const own = (type: FieldDefinition['type'], settings: FieldSettings = {}) =>
  fieldOf({
    id: '',
    version: 1,
    object: 'deal',
    key: 'c_x',
    type,
    label: {},
    help: null,
    required: false,
    settings,
    position: 1,
  });
const fields: f.Fields = {
  name: f.text({ required: true }),
  amount: f.money(),
  currency: f.currency(),
  probability: f.percent(),
  startedOn: f.date(),
  createdAt: f.datetime(),
  tags: f.tags(),
  c_n: own('number'),
  c_m: own('number'),
  c_eur: own('money', { currency: 'EUR' }),
  c_yen: own('money', { currency: 'JPY' }),
  c_yes: own('boolean'),
  c_p: own('percent', { decimals: 1 }),
};
const row = {
  name: 'Café 世界',
  amount: 1_234_50,
  currency: 'USD',
  probability: 20,
  startedOn: '2026-01-31',
  createdAt: '2026-02-01T08:00:00Z',
  c_n: 7,
  c_eur: 10_00,
  c_yen: 500,
  c_p: 12.5,
};
const run = (text: string, settings?: FieldSettings) =>
  compileFormula(text, fields, settings).compute({ row, today: '2026-03-15', timeZone: 'Etc/UTC', currency: 'USD' });
const wrong = (text: string, settings?: FieldSettings) => {
  try {
    compileFormula(text, fields, settings);
  } catch (error) {
    if (error instanceof FormulaProblem) return [error.code, error.params.at];
    throw error;
  }
  return 'nothing wrong';
};

describe('formulas', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3 - -1', 10],
    ['0.1 + 0.2', 0.3],
    ['10 / 4', 2.5],
    ['7 % 4', 3],
    ['1 / 0', null],
    ['（1＋2）×３', 9],
    ['if（c_n＞6，“大”，"小"）', '大'],
    ['"他说“好”，" & ＂（是）＂', '他说“好”，（是）'],
    ['“a\\”，” & ‘“’', 'a”，“'],
    ['c_n / c_m', null],
    ['c_n + c_m', null],
    ['coalesce(c_m, 0) + c_n', 7],
    ['round(2.345, 2)', 2.35],
    ['round(-2.5)', -3],
    ['floor(2.7) + ceil(2.1)', 5],
    ['abs(-3)', 3],
    ['min(c_n, c_m, 3)', 3],
    ['max(c_n, 3)', 7],
    ['if(c_n > 5, "big", "small")', 'big'],
    ['c_n > 5 ? 1 : 2', 1],
    ['c_n > 5 and not c_yes', true],
    ['c_yes or c_n = 7', true],
    ['c_m = null', true],
    ['c_m <> null', false],
    ['isEmpty(c_m)', true],
    ["'a' & c_n & 'b'", 'a7b'],
    ['concat(name, " ", startedOn)', 'Café 世界 2026-01-31'],
    ['length(name)', 7],
    ['upper(left(name, 4))', 'CAFÉ'],
    ['right(name, 2)', '世界'],
    ['contains(name, "café")', true],
    ['startsWith(name, "世")', false],
    ['name = "CAFÉ 世界"', true],
    ['daysBetween(startedOn, today())', 43],
    ['today() - startedOn', 43],
    ['addDays(startedOn, 1)', '2026-02-01'],
    ['startedOn + 1', '2026-02-01'],
    ['addMonths(startedOn, 1)', '2026-02-28'],
    ['addMonths(startedOn, -2)', '2025-11-30'],
    ['date(createdAt)', '2026-02-01'],
    ['createdAt > startedOn', true],
    ['year(startedOn) * 100 + month(startedOn)', 202601],
    ['weekday(startedOn)', 6],
    ['addDays(startedOn, 9000000)', null],
  ])('%s is %o', (text, value) => {
    expect(run(text)).toEqual(value);
  });

  it.each([
    // 8 in the evening of 28 February by UTC is the morning of 1 March in Shanghai.
    ['date(c_at)', '2026-03-01'],
    ['year(c_at) * 10000 + month(c_at) * 100 + day(c_at)', 20260301],
    ['weekday(c_at)', 7],
    ['date(c_at) = c_day', true],
    ['c_at >= c_day', true],
    ['c_at < addDays(c_day, 1)', true],
    ['round(24 * (c_at - c_day), 2)', 4.5],
    ['daysBetween(c_day, c_at)', 0],
    ['daysBetween(c_day, addDays(c_at, 1))', 1],
    ['if(c_n > 1, c_at, c_day)', '2026-02-28T20:30:15Z'],
    ['if(c_n > 9, c_at, c_day)', '2026-02-28T16:00:00.000Z'],
    ['min(c_at, c_day)', '2026-02-28T16:00:00.000Z'],
    ['coalesce(c_none, c_day)', '2026-02-28T16:00:00.000Z'],
    ['addMonths(c_at, 1)', '2026-03-31T20:30:15.000Z'],
    ['addMonths(addDays(c_at, 30), 1)', '2026-04-29T20:30:15.000Z'],
  ])('go by the workspace’s day: %s is %o', (text, value) => {
    const moments = { ...fields, c_at: own('datetime'), c_none: own('datetime'), c_day: own('date') };
    const about = { today: '2026-03-01', timeZone: 'Asia/Shanghai', currency: 'CNY' };
    const result = compileFormula(text, moments).compute({
      row: { c_at: '2026-02-28T20:30:15Z', c_day: '2026-03-01', c_n: 7 },
      ...about,
    });
    expect(result).toEqual(value);
  });

  it('reads amounts that name no currency in the workspace’s', () => {
    const bare = { ...fields, c_sum: own('money') };
    const compute = (text: string, settings?: FieldSettings) =>
      compileFormula(text, bare, settings).compute({
        row: { c_sum: 5000, c_n: 7 },
        today: '',
        timeZone: 'Asia/Tokyo',
        currency: 'JPY',
      });
    expect(compute('c_sum > 4999')).toBe(true);
    expect(compute('c_sum * 2')).toBe(10_000);
    expect(compute('c_n', { result: 'money' })).toBe(7);
  });

  it('knows amounts, in whole units of their currency, and shares of them', () => {
    expect(run('amount')).toBe(1_234_50);
    expect(run('amount + 1')).toBe(1_235_50);
    expect(run('amount * probability')).toBe(246_90);
    expect(run('amount * c_p')).toBe(154_31);
    expect(run('amount / amount')).toBe(1);
    expect(run('c_yen * 1.5')).toBe(750);
    expect(run('c_n * 2', { result: 'money', currency: 'JPY' })).toBe(14);
    expect(run('c_n * 2', { result: 'money', currency: 'EUR' })).toBe(14_00);
    expect(run('amount > 1000')).toBe(true);
    expect(run('c_n * probability')).toBe(1.4);
    expect(run('probability + 5')).toBe(25);
    expect(run('max(amount, 2000)')).toBe(2_000_00);
    expect(run('c_n / 3', { result: 'number', decimals: 2 })).toBe(2.33);
    expect(compileFormula('amount * 2', fields)).toMatchObject({ result: 'money', currency: 'record' });
    expect(compileFormula('c_eur / 2', fields)).toMatchObject({ result: 'money', currency: 'EUR' });
  });

  it.each([
    ['1 +', 'formulaSyntax', 4],
    ['(1', 'formulaSyntax', 3],
    ['', 'formulaSyntax', 1],
    ['1 2', 'formulaSyntax', 1],
    ['[1]', 'formulaSyntax', 1],
    ['1 + [2]', 'formulaSyntax', 5],
    ['name.length', 'formulaSyntax', 1],
    ['this', 'formulaSyntax', 1],
    ['1 + c_gone', 'formulaUnknownField', 5],
    ['“（”＋ c_gone', 'formulaUnknownField', 6],
    ['constructor', 'formulaUnknownField', 1],
    ['1 + tags', 'formulaFieldType', 5],
    ['eval("1")', 'formulaUnknownFunction', 1],
    ['toString()', 'formulaUnknownFunction', 1],
    ['1 + round()', 'formulaArguments', 5],
    ['round(name)', 'formulaType', 7],
    ['if(1, 2, 3)', 'formulaType', 4],
    ['c_n +  name', 'formulaMixed', 8],
    ['amount * amount', 'formulaMixed', 10],
    ['c_eur + c_yen', 'formulaCurrency', 9],
    ['if(c_yes, 1, "a")', 'formulaMixed', 14],
  ])('%s is refused: %s at character %i', (text, code, at) => {
    expect(wrong(text)).toEqual([code, at]);
    expect(en).toHaveProperty(code);
    expect(zh).toHaveProperty(code);
  });

  it('must give what the field is to hold', () => {
    expect(wrong('name', { result: 'number' })).toEqual(['formulaResult', 1]);
    expect(wrong('c_eur', { result: 'money', currency: 'JPY' })).toEqual(['formulaCurrency', 1]);
    expect(wrong('startedOn', { result: 'datetime' })).toBe('nothing wrong');
    expect(run('startedOn', { result: 'datetime' })).toBe('2026-01-31T00:00:00.000Z');
  });

  it('tell what they are worked out from', () => {
    const formula = compileFormula(
      'if(c_yes, amount, c_eur * 0 + 1) > 1 and today() > startedOn'.replace('c_eur * 0 + 1', 'null'),
      fields,
    );
    expect([...formula.uses].sort()).toEqual(['amount', 'c_yes', 'startedOn']);
    expect(formula.usesToday).toBe(true);
  });

  it('never fail but with a problem that has a place', () => {
    const words = [
      'c_n',
      'name',
      'amount',
      'startedOn',
      '1',
      '"a"',
      '(',
      ')',
      ',',
      '+',
      '-',
      '*',
      '&',
      'if',
      'not',
      '<',
      '=',
      ' ',
      '?',
      ':',
      '!',
      '[',
      '.',
      'today()',
      '\\',
      "'",
      '世',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 30 }), (list) => {
        const text = list.join('');
        const outcome = wrong(text);
        if (outcome === 'nothing wrong') run(text);
        else expect(Number(outcome[1])).toBeGreaterThan(0);
      }),
    );
    for (const deep of ['('.repeat(2000), '-'.repeat(2000), `${'1+'.repeat(999)}1`, `${'not '.repeat(400)}true`])
      wrong(deep);
  });
});
