import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEmail } from '@/domain/email';
import { emailSchema } from '@/domain/fields';
import { cpuMs } from '@/tests/support/cpu';
import { hasRealData, realText } from '@/tests/support/real-data';

const accepts = (text: string) => emailSchema.safeParse(text).success;

describe('mail addresses', () => {
  it.each([
    'jo@acme.com',
    'jo.doe+crm@mail.acme.co.uk',
    "o'brien@acme.com",
    'JO@ACME.COM',
    '1@2.io',
    'test@io',
    '用户@例子.公司',
    'jörg@müller.de',
    'a@xn--fsq.com',
  ])('takes %s', (text) => expect(isEmail(text)).toBe(true));

  it.each([
    '',
    '@',
    'jo',
    'jo@',
    '@acme.com',
    'jo@acme..com',
    '.jo@acme.com',
    'jo.@acme.com',
    'jo@-acme.com',
    'jo@acme-.com',
    'jo doe@acme.com',
    'jo@acme.com,',
    'a@b@c.com',
    'jo@127.0.0.1',
    '"jo"@acme.com',
    'jo@[127.0.0.1]',
    'jo\u0000@acme.com',
    'jo@acme.com\n',
    'Jo <jo@acme.com>',
    `${'a'.repeat(65)}@acme.com`,
    `jo@${'a'.repeat(64)}.com`,
  ])('refuses %j', (text) => expect(isEmail(text)).toBe(false));

  it('are trimmed of spaces only', () => {
    expect(emailSchema.parse(' jo@acme.com\t')).toBe('jo@acme.com');
    expect(accepts('jo@acme.com\n')).toBe(false);
    expect(accepts('\rjo@acme.com')).toBe(false);
  });

  it('are judged in time for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => typeof isEmail(text) === 'boolean'));
    expect(cpuMs(() => isEmail(`${'a.'.repeat(50_000)}@${'-'.repeat(50_000)}`))).toBeLessThan(50);
  });
});

describe.skipIf(!hasRealData)('the isemail collection', () => {
  // Read on collection too, where the data may be missing.
  const cases = hasRealData ? (JSON.parse(realText('isemail-tests/tests.json')) as [string, string][]) : [];
  const valid = cases.filter(([, diagnosis]) => diagnosis === 'valid');
  const faulty = cases.filter(([, diagnosis]) => diagnosis.startsWith('err'));

  it('has its 12 valid addresses accepted and its 76 faulty ones refused', () => {
    expect(valid).toHaveLength(12);
    expect(faulty).toHaveLength(76);
    expect(valid.filter(([text]) => !accepts(text))).toEqual([]);
    expect(faulty.filter(([text]) => accepts(text))).toEqual([]);
  });
});
