import { describe, expect, it } from 'vitest';
import { screens } from '@/app/t/[tenant]/screens';
import { fieldErrors, refusalOf } from '@/components/shell/errors';
import { createFormat } from '@/components/shell/format';
import { splitAddress } from '@/components/shell/router';
import { matchScreen } from '@/components/shell/screen';
import { safeNext } from '@/components/site/next-address';
import { guessRegion } from '@/components/site/region';
import { initials } from '@/components/ui/avatar';

describe('several things in a row', () => {
  it('are told as the language does', () => {
    const list = (locale: string) => createFormat(locale, 'UTC', 'EUR').list;
    expect(list('en')(['Ada', 'Bob', 'Eve'])).toBe('Ada, Bob, and Eve');
    expect(list('zh')(['何嘉树', '程若溪', '苏念安'])).toBe('何嘉树、程若溪和苏念安');
  });
});

describe('addresses', () => {
  it.each([
    ['/', 'home', {}],
    ['/deals', 'deals', {}],
    ['/deals/table', 'deals', {}],
    ['/deals/01a2', 'deal', { id: '01a2' }],
    ['/settings/api', 'settings', { page: 'api' }],
    ['/imports/7', 'import', { id: '7' }],
  ])('%s is %s', (path, title, params) => {
    const match = matchScreen(screens, path);
    expect(match?.screen.title).toBe(title);
    expect(match?.params).toEqual(params);
  });

  it('has nothing at an unknown address', () => {
    expect(matchScreen(screens, '/deals/1/2')).toBeNull();
    expect(matchScreen(screens, '/nothing')).toBeNull();
  });

  it('does not break on an address that is not well encoded', () => {
    expect(matchScreen(screens, '/deals/%E0%A4%A')?.params).toEqual({ id: '%E0%A4%A' });
  });

  it('separates tenant and path', () => {
    expect(splitAddress('/t/acme')).toEqual({ slug: 'acme', path: '/' });
    expect(splitAddress('/t/acme/deals/')).toEqual({ slug: 'acme', path: '/deals' });
  });

  it('gives each key to one screen', () => {
    const keys = screens.flatMap((screen) => screen.keys ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('where sign-in leads', () => {
  it.each(['/t/acme', '/t/acme/deals?q=1', '/invite?token=x'])('follows %s', (next) => {
    expect(safeNext(next)).toBe(next);
  });
  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '/a\nb', '', null])(
    'refuses %j',
    (next) => {
      expect(safeNext(next)).toBeNull();
    },
  );
});

describe('initials', () => {
  it.each([
    ['陈思远', '思远'],
    ['李雷', '李雷'],
    ['欧阳娜娜', '娜娜'],
    ['Ada Marsh', 'AM'],
    ['ada@northwind.example', 'AE'],
    ['Prince', 'P'],
    ['', '?'],
  ])('of %s are %s', (name, expected) => {
    expect(initials(name)).toBe(expected);
  });
});

describe('formats', () => {
  const format = createFormat('zh', 'Asia/Shanghai', 'CNY');
  it('shows money in the record’s currency or the tenant’s', () => {
    expect(format.money(125_000)).toBe('¥1,250');
    expect(format.money(125_050, 'USD')).toBe('$1,250.50');
  });
  it('shows a moment on the tenant’s day, a calendar day as it is', () => {
    expect(format.day('2020-01-01T23:00:00Z')).toBe('2020年1月2日');
    expect(format.date('2020-01-01')).toBe('2020年1月1日');
  });
});

describe('region', () => {
  it.each([
    ['Asia/Shanghai', 'CNY'],
    ['Europe/Berlin', 'EUR'],
    ['Europe/London', 'GBP'],
    ['America/New_York', 'USD'],
  ])('%s pays in %s', (zone, currency) => {
    expect(guessRegion(zone).currency).toBe(currency);
  });
});

describe('refusals', () => {
  it('is read from a procedure’s error and gives each field its own', () => {
    const error = {
      data: { refusal: { kind: 'invalid', code: 'invalid', fields: [{ field: 'values.name', code: 'required' }] } },
    };
    expect(refusalOf(error)?.kind).toBe('invalid');
    expect(fieldErrors(error)).toEqual({ name: { code: 'required', params: undefined } });
  });
  it('is none when the server was not reached', () => {
    expect(refusalOf(new TypeError('Failed to fetch'))).toBeNull();
  });
});
