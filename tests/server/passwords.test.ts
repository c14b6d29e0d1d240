import { hash } from '@node-rs/argon2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passwordRenew } from '@/db/global';
import { endings, isCommonPassword, words } from '@/server/core/common-passwords';
import { checkPassword, hashing, hashPassword, needsRehash, verifyPassword } from '@/server/core/passwords';
import { signInWithPassword } from '@/server/core/sign-in';
import { visitor } from '../support/sign-in';
import { createTestTenant, password, superuser } from '../support/tenants';

const refused = (secret: string, own: string[] = []): string | undefined => {
  try {
    checkPassword(secret, own);
    return undefined;
  } catch (error) {
    return (error as Error).message.replace('invalid: ', '');
  }
};

describe('the hash of a password', () => {
  it('A1: is argon2id with 19 MiB, two passes, one lane', async () => {
    const stored = await hashPassword(password);
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(needsRehash(stored)).toBe(false);
    expect(await verifyPassword(stored, password)).toBe(true);
    expect(await verifyPassword(stored, `${password} `)).toBe(false);
  });

  it('A1: is made anew at sign-in when it has other parameters, and not when the password has changed meanwhile', async () => {
    const { email, userId } = await createTestTenant();
    const weak = await hash(password, { memoryCost: 8192, timeCost: 1, parallelism: 1 });
    const store = (value: string) =>
      superuser((c) => c.query('update app.user_account set password_hash = $2 where id = $1', [userId, value]));
    const stored = () =>
      superuser(
        async (c) =>
          (await c.query('select password_hash from app.user_account where id = $1', [userId])).rows[0]?.password_hash,
      );
    await store(weak);
    expect(await signInWithPassword(email, 'not the password', visitor())).toBeUndefined();
    expect(await stored()).toBe(weak);
    expect(await signInWithPassword(email, password, visitor())).toBeDefined();
    const renewed = await stored();
    expect(needsRehash(renewed)).toBe(false);
    expect(await verifyPassword(renewed, password)).toBe(true);
    // Somebody changed the password between the check and the new hash: theirs stays.
    await passwordRenew(userId, weak, 'the hash of the old password');
    expect(await stored()).toBe(renewed);
  });

  it('A1: is computed two at a time, and other calls are answered while many sign in', async () => {
    const tenant = await createTestTenant();
    let waiting = 40;
    const crowd = Array.from({ length: waiting }, (_, i) =>
      signInWithPassword(`nobody-${i}@example.com`, password, visitor()).finally(() => waiting--),
    );
    await tenant.api.tenant.boot();
    expect(waiting).toBeGreaterThan(0);
    await Promise.all(crowd);
    expect(hashing.most).toBe(2);
    expect(hashing.now).toBe(0);
  });
});

describe('a new password', () => {
  it('A2: is judged by its length in characters only, whatever they are', () => {
    const texts = fc.string({ unit: 'binary', minLength: 0, maxLength: 200 });
    fc.assert(
      fc.property(texts, (secret) => {
        const length = [...secret].length;
        const code = refused(secret);
        if (length < 12) expect(code).toBe('passwordTooShort');
        else if (length > 128) expect(code).toBe('passwordTooLong');
        else if (new Set(secret.toLowerCase()).size > 2 && !isCommonPassword(secret.toLowerCase()))
          expect(code).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
    expect(refused(`${'密'.repeat(5)}码一二三四五六七`)).toBeUndefined();
    expect(refused('👩‍🚀 zwölf Zeichen')).toBeUndefined();
  });

  it('A2: is stored whole: one character more, less or other anywhere does not open', async () => {
    const texts = fc.string({ unit: 'grapheme', minLength: 12, maxLength: 128 });
    await fc.assert(
      fc.asyncProperty(texts, fc.nat(), async (secret, at) => {
        const characters = [...secret.normalize('NFC')];
        const stored = await hashPassword(secret);
        const place = at % characters.length;
        const other = characters.with(place, characters[place] === 'x' ? 'y' : 'x').join('');
        expect(await verifyPassword(stored, secret)).toBe(true);
        expect(await verifyPassword(stored, other)).toBe(false);
        expect(await verifyPassword(stored, `${secret}x`)).toBe(false);
        expect(await verifyPassword(stored, characters.slice(0, -1).join(''))).toBe(false);
      }),
      { numRuns: 8 },
    );
  });

  it('A2: is not a word that everybody takes, with whatever ending, in either language', () => {
    const made = fc
      .tuple(
        fc.constantFrom(...words),
        fc.constantFrom(...endings),
        fc.constantFrom(1, 2, 3),
        fc.boolean(),
        fc.boolean(),
      )
      .map(([word, ending, times, before, loud]) => {
        const text = before ? ending + word.repeat(times) : word.repeat(times) + ending;
        return loud ? text.toUpperCase() : text;
      })
      .filter((text) => [...text].length >= 12 && [...text].length <= 128);
    fc.assert(
      fc.property(made, (text) => refused(text) === 'passwordCommon'),
      { numRuns: 2000 },
    );
    expect(words.size * endings.size).toBeGreaterThan(50_000);
    for (const known of [
      ...[
        'Password1234',
        'P@ssw0rd1234',
        'iloveyou1234',
        'administrator',
        'qwertyuiop123',
        '1qaz2wsx3edc',
        'letmein12345',
      ],
      ...['123456789012', '111111111111', 'woaini1314520', '我爱你我爱你我爱你我爱你', '5201314520131', 'welcome@2026'],
    ]) {
      expect(refused(known), known).toBe('passwordCommon');
    }
    for (const fine of ['correct horse battery', 'demo-guanxi-demo', '小猫在月亮上吃了十二个饺子', 'Rf7#kd02mwQz']) {
      expect(refused(fine), fine).toBeUndefined();
    }
  });

  it('A2: is not made of the words of its person and company', async () => {
    const own = ['Olivia Okonkwo', 'olivia.o@nordlicht-handel.example', '杭州云杉科技有限公司'];
    for (const secret of ['nordlicht2026', 'OKONKWOokonkwo', '杭州云杉科技有限公司2026', 'olivia123olivia']) {
      expect(refused(secret, own), secret).toBe('passwordContains');
    }
    expect(refused('a long sentence that mentions olivia once', own)).toBeUndefined();
    const tenant = await createTestTenant({ company: 'Borealis Trading' });
    await expect(tenant.api.account.changePassword({ current: password, next: 'borealis2026!' })).rejects.toMatchObject(
      { message: 'passwordContains' },
    );
  });
});
