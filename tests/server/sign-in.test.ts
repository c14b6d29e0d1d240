import { beforeAll, describe, expect, it } from 'vitest';
import { pool } from '@/db/pool';
import { setAuthSecret } from '@/server/core/auth-secret';
import { newSecret } from '@/server/core/ids';
import { hashing } from '@/server/core/passwords';
import { readSession } from '@/server/core/session';
import { type SignedIn, signInWithLink, signInWithPassword, type Visitor } from '@/server/core/sign-in';
import { distinguishable } from '../support/ranks';
import { get, linkOf, names, post, visitor } from '../support/sign-in';
import { callerOf, createTestTenant, password, strangerContext, superuser } from '../support/tenants';

beforeAll(() => setAuthSecret('a secret of the tests, 32 characters'));

const wrong = 'not the right password';
const throttled = { kind: 'tooMany', detail: { code: 'rateLimited' } };
/** No attempt comes back while a test counts, however slow the machine. */
const moment = new Date();
const still = (more: Partial<Visitor> = {}) => visitor({ now: moment, ...more });
let counter = 0;
const nobody = () => `nobody-${Date.now()}-${counter++}@example.com`;

/** A disabled person's e-mail. */
async function disabledPerson(): Promise<string> {
  const { email, userId } = await createTestTenant();
  await superuser((c) => c.query('update app.user_account set disabled_at = now() where id = $1', [userId]));
  return email;
}

/** Names of the statements that the answer waited for; what it does not wait for never comes back here. */
async function watched(run: () => Promise<unknown>): Promise<string[]> {
  const real = pool();
  const query = real.query.bind(real) as (given: { name: string }) => Promise<unknown>;
  const names: string[] = [];
  Object.assign(real, {
    query: async (given: { name: string }) => {
      if (given.name === 'auth.sign_in_failed') return new Promise(() => {});
      names.push(given.name);
      return query(given);
    },
  });
  try {
    await run();
  } finally {
    Object.assign(real, { query });
  }
  return names;
}

const rows = (table: 'attempt' | 'device' | 'session' | 'token') =>
  superuser(async (c) => JSON.stringify((await c.query(`select * from auth.${table}`)).rows));

/** Tries wrong passwords until there is a refusal. @returns how many were answered */
async function exhaust(attempt: () => Promise<unknown>, most = 200): Promise<number> {
  for (let tries = 0; tries < most; tries++) {
    const outcome = await attempt().then(
      () => undefined,
      (error: Error) => error,
    );
    if (outcome) {
      expect(outcome.message).toMatch(/rateLimited/);
      return tries;
    }
  }
  throw new Error('Nothing was ever refused');
}

describe('signing in by password', () => {
  it('A3: an unknown person, a wrong password and a disabled account get the same answer', async () => {
    const { email } = await createTestTenant();
    const disabled = await disabledPerson();
    for (const attempt of [
      signInWithPassword(email, wrong, visitor()),
      signInWithPassword(nobody(), password, visitor()),
      signInWithPassword(disabled, password, visitor()),
      signInWithPassword(disabled, wrong, visitor()),
    ]) {
      expect(await attempt).toBeUndefined();
    }
    const page = async (who: string, secret: string) => {
      const answer = await post('credentials', { email: who, password: secret });
      return { status: answer.status, body: await answer.text(), cookies: names(answer) };
    };
    const answers = [await page(email, wrong), await page(nobody(), wrong), await page(disabled, password)];
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ status: 401, cookies: expect.not.arrayContaining(['guanxi.session']) });
  });

  it('A3: the time of an answer does not tell who exists either', async () => {
    // Several of each: an account's own attempts would run out.
    const some = <T>(make: () => Promise<T>) => Promise.all([make(), make(), make()]);
    const known = await some(async () => (await createTestTenant()).email);
    const disabled = await some(disabledPerson);
    const times = { known: [] as number[], unknown: [] as number[], disabled: [] as number[] };
    const measure = async (list: number[], who: string | undefined) => {
      const started = performance.now();
      await signInWithPassword(who ?? nobody(), wrong, visitor());
      list.push(performance.now() - started);
    };
    await measure([], nobody());
    for (let round = 0; round < 60; round++) {
      await measure(times.known, known[round % 3]);
      await measure(times.unknown, undefined);
      await measure(times.disabled, disabled[round % 3]);
    }
    expect(distinguishable(times.known, times.unknown)).toBe(false);
    expect(distinguishable(times.disabled, times.unknown)).toBe(false);
    // The measure can see.
    const slower = times.unknown.map((_, i) => i);
    expect(
      distinguishable(
        slower,
        slower.map((ms) => ms + 40),
      ),
    ).toBe(true);
    expect(
      distinguishable(
        slower,
        slower.map((ms) => ms + 1),
      ),
    ).toBe(false);
  });

  it('A3: the same work is done before the answer, whoever is meant: statements, hashes, nothing that waits', async () => {
    const { email } = await createTestTenant();
    const disabled = await disabledPerson();
    const work = async (who: string) => {
      const before = hashing.total;
      const statements = await watched(() => signInWithPassword(who, wrong, visitor()));
      return { statements, hashes: hashing.total - before };
    };
    // The hash that stands for nobody's is computed once.
    await work(nobody());
    const unknown = await work(nobody());
    expect(unknown).toEqual({ statements: ['auth.sign_in_find', 'auth.attempts_take'], hashes: 1 });
    expect(await work(email)).toEqual(unknown);
    expect(await work(disabled)).toEqual(unknown);
  });

  it('A4: guessing is slowed down by account and address, and by account from everywhere', async () => {
    const { email } = await createTestTenant();
    const from = still();
    expect(await exhaust(() => signInWithPassword(email, wrong, from))).toBe(10);
    await expect(signInWithPassword(email.toUpperCase(), password, from)).rejects.toMatchObject(throttled);
    // Not the address: others there go on. Not the account: it goes on from elsewhere, up to its own limit.
    expect(await signInWithPassword((await createTestTenant()).email, password, from)).toBeDefined();
    expect(await exhaust(() => signInWithPassword(email, wrong, still()))).toBe(20);
    await expect(signInWithPassword(email, password, still())).rejects.toMatchObject(throttled);
    const later = new Date(moment.getTime() + 5 * 60_000);
    expect(await signInWithPassword(email, password, visitor({ now: later }))).toBeDefined();
  });

  it('A4: an account that does not exist is slowed down in the same way', async () => {
    const [email, from] = [nobody(), still()];
    expect(await exhaust(() => signInWithPassword(email, wrong, from))).toBe(10);
    expect(await exhaust(() => signInWithPassword(email, wrong, still()))).toBe(20);
  });

  it('A4: one address that tries many accounts is slowed down', async () => {
    const from = still();
    expect(await exhaust(() => signInWithPassword(nobody(), wrong, from))).toBe(60);
    // A household has a whole network of IPv6 addresses.
    const network = (host: number) => still({ ip: `2001:db8:0:${counter}::${host.toString(16)}` });
    let host = 1;
    expect(
      await exhaust(() =>
        signInWithPassword(nobody(), wrong, { ...from, ip: `2001:db8:7:1::${(host++).toString(16)}` }),
      ),
    ).toBe(60);
    expect(await signInWithPassword(nobody(), wrong, network(1))).toBeUndefined();
  });

  it('A4: strangers cannot lock a person out who has signed in with this browser before', async () => {
    const { email } = await createTestTenant();
    const office = still();
    const first = await signInWithPassword(email, password, office);
    const home = { ...office, device: first?.device };
    // From the same address, and from everywhere.
    await exhaust(() => signInWithPassword(email, wrong, office));
    await exhaust(() => signInWithPassword(email, wrong, still()));
    await expect(signInWithPassword(email, password, office)).rejects.toMatchObject(throttled);
    const again = await signInWithPassword(email, password, home);
    expect(again?.device).toBe(first?.device);
    // Nor does it open more than its own attempts: a stolen browser guesses no faster.
    expect(await exhaust(() => signInWithPassword(email, wrong, home))).toBe(10);
    // Somebody else's device, or an invented one, is a stranger's.
    const other = await signInWithPassword((await createTestTenant()).email, password, still());
    for (const device of [other?.device, newSecret(), 'x'.repeat(5000)]) {
      await expect(signInWithPassword(email, password, still({ device }))).rejects.toMatchObject(throttled);
    }
  });

  it('A4: attempts that were right do not count, and neither table says whose they are', async () => {
    const { email } = await createTestTenant();
    const from = still();
    for (let i = 0; i < 25; i++) expect(await signInWithPassword(email, password, from)).toBeDefined();
    const signedIn = await signInWithPassword(email, password, from);
    const kept = [await rows('attempt'), await rows('device')].join();
    expect(kept).not.toContain(email);
    expect(kept).not.toContain(email.split('@')[0]);
    expect(kept).not.toContain(from.ip);
    expect(kept).not.toContain(signedIn?.device);
  });

  it('A4: parallel guesses from several servers take from one bucket', async () => {
    const { email } = await createTestTenant();
    const from = still();
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, () => signInWithPassword(email, wrong, from)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  });

  it('A4: links are asked for no faster, and their answer is the same for everybody', async () => {
    const { email, context } = await createTestTenant();
    for (const name of ['requestReset', 'requestMagicLink'] as const) {
      for (const who of [(await createTestTenant()).email, nobody()]) {
        const asking = strangerContext();
        const ask = () => callerOf(asking).account[name]({ email: who });
        expect(await ask()).toEqual({ ok: true });
        expect(asking.mails).toMatchObject([{ account: name === 'requestReset' ? 'reset' : 'magic', email: who }]);
        expect(await exhaust(ask)).toBe(2);
        expect(await exhaust(() => callerOf(strangerContext()).account[name]({ email: who }))).toBe(3);
      }
    }
    // A stranger's requests do not keep the link from a browser the person has signed in with.
    const device = (await signInWithPassword(email, password, still()))?.device;
    await exhaust(() => callerOf(strangerContext()).account.requestReset({ email }));
    expect(await callerOf({ ...context, session: undefined, device }).account.requestReset({ email })).toEqual({
      ok: true,
    });
  });
});

describe('signing in by a link', () => {
  const ask = async (email: string, now?: Date) => {
    const asking = strangerContext();
    await callerOf(asking).account.requestMagicLink({ email });
    return linkOf(asking.mails[0], now);
  };

  it('A5: a link of 256 bits works once, also when it is used twenty times at once', async () => {
    const tenant = await createTestTenant();
    const token = await ask(tenant.email);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(await rows('token')).not.toContain(token);
    const uses = await Promise.all(Array.from({ length: 20 }, () => signInWithLink(token, visitor())));
    const [entered, ...more] = uses.filter((use): use is SignedIn => Boolean(use));
    expect(more).toEqual([]);
    expect(entered?.userId).toBe(tenant.userId);
    expect(await signInWithLink(token, visitor())).toBeUndefined();
  });

  it('A5: it works for ten minutes', async () => {
    const { email } = await createTestTenant();
    const asked = new Date();
    const at = (minutes: number) => visitor({ now: new Date(asked.getTime() + minutes * 60_000) });
    expect(await signInWithLink(await ask(email, asked), at(10.1))).toBeUndefined();
    expect(await signInWithLink(await ask(email, asked), at(9.9))).toBeDefined();
  });

  it('A5: opening the page changes nothing; the button behind it posts', async () => {
    const { email } = await createTestTenant();
    const token = await ask(email);
    const opened = await get(`callback/magic?token=${token}`);
    expect(names(opened)).not.toContain('guanxi.session');
    const without = await post('magic', { token }, { csrf: false });
    expect(names(without)).not.toContain('guanxi.session');
    const pressed = await post('magic', { token });
    expect(pressed.status).toBe(200);
    expect(names(pressed)).toContain('guanxi.session');
    const again = await post('magic', { token });
    expect([again.status, names(again)]).toEqual([401, expect.not.arrayContaining(['guanxi.session'])]);
  });

  it('A5: nobody gets a link who has no account, or whose account is disabled or has another address by now', async () => {
    for (const email of [nobody(), await disabledPerson()])
      await expect(ask(email)).rejects.toThrow('nobody to write to');
    const { email, userId } = await createTestTenant();
    const token = await ask(email);
    await superuser((c) => c.query('update app.user_account set disabled_at = now() where id = $1', [userId]));
    expect(await signInWithLink(token, visitor())).toBeUndefined();
  });

  it('A5: a link in use ends the others, and a new password ends them all', async () => {
    const tenant = await createTestTenant();
    const [first, second] = [await ask(tenant.email), await ask(tenant.email)];
    expect(await signInWithLink(second, visitor())).toBeDefined();
    expect(await signInWithLink(first, visitor())).toBeUndefined();
    const third = await ask(tenant.email);
    await tenant.api.account.changePassword({ current: password, next: 'some other long password' });
    expect(await signInWithLink(third, visitor())).toBeUndefined();
  });
});

describe('the cookies', () => {
  it.each([
    [true, '__Host-guanxi.session', '__Host-guanxi.device'],
    [false, 'guanxi.session', 'guanxi.device'],
  ])(
    'S5: of a sign-in, behind TLS %s, are read by no script and sent by no other site',
    async (secure, session, device) => {
      const { email } = await createTestTenant();
      const answer = await post('credentials', { email, password }, { secure });
      expect(answer.status).toBe(200);
      for (const name of [session, device]) {
        const cookie = answer.headers.getSetCookie().find((each) => each.startsWith(`${name}=`)) ?? '';
        expect(cookie).toMatch(/^[\w.-]+=[\w-]{43};/);
        expect(cookie).toMatch(/; HttpOnly/i);
        expect(cookie).toMatch(/; SameSite=Lax/i);
        expect(cookie).toMatch(/; Path=\/(;|$)/i);
        expect(cookie).not.toMatch(/; Domain=/i);
        expect(/; Secure/i.test(cookie)).toBe(secure);
      }
      // Neither the answer nor where it leads holds the id.
      const sid = /session=([\w-]{43})/.exec(answer.headers.getSetCookie().join())?.[1] ?? 'none';
      expect(await answer.text()).not.toContain(sid);
      expect(answer.headers.get('location')).toBeNull();
      const other = await get('session', { secure, cookie: `${session}=${sid}` });
      expect(await other.text()).not.toContain(sid);
    },
  );

  it('S5: the mark that scripts may read comes and goes with a session, is another for another, and opens nothing', async () => {
    const { email } = await createTestTenant();
    const marks: string[] = [];
    for (const secure of [true, false]) {
      const answer = await post('credentials', { email, password }, { secure });
      const cookies = answer.headers.getSetCookie();
      const mark = cookies.find((each) => each.startsWith('guanxi.mark=')) ?? '';
      expect(mark).toMatch(/^guanxi\.mark=[\w-]{16};/);
      expect(mark).not.toMatch(/HttpOnly|Domain=/i);
      expect(/; Secure/i.test(mark)).toBe(secure);
      const value = mark.slice('guanxi.mark='.length).split(';')[0] ?? '';
      const sid = /session=([\w-]{43})/.exec(cookies.join())?.[1] ?? '';
      expect(sid).not.toContain(value);
      expect(await readSession(value)).toBeUndefined();
      marks.push(value);
    }
    expect(new Set(marks).size).toBe(2);
    const dead = await get('session', { cookie: `guanxi.session=${newSecret()}` });
    expect(dead.headers.getSetCookie().find((each) => each.startsWith('guanxi.mark='))).toMatch(
      /^guanxi\.mark=;.*Max-Age=0/,
    );
  });

  it('S5: an id that is dead is taken back', async () => {
    const answer = await get('session', { cookie: `guanxi.session=${newSecret()}` });
    expect(answer.headers.getSetCookie().find((each) => each.startsWith('guanxi.session='))).toMatch(
      /Max-Age=0|01 Jan 1970/i,
    );
  });
});
