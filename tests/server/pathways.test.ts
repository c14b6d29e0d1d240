import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authOptions } from '@/server/core/auth';
import { hashSecret, newSecret } from '@/server/core/ids';
import { openDoors, restStatus } from '../support/doors';
import { procedures } from '../support/procedures';
import { linkOf, post, visitor } from '../support/sign-in';
import { callerOf, createTestTenant, password, strangerContext, superuser, type TestTenant } from '../support/tenants';

/**
 * Every way to somebody's account, as the code declares them: next-auth's providers, the procedures that ask nobody who
 * they are and change something, and API keys.
 */
const pathways = [
  ...authOptions({ ...visitor(), secure: false }, () => {}).providers.map(({ options }) => `sign-in ${options?.id}`),
  ...procedures()
    .filter(({ type, door }) => type === 'mutation' && door === 'public')
    .map(({ path }) => path),
  'api key',
];

interface Pathway {
  /** An attempt that is wrong, on an account, token or key that there is (or was) or that there never was. */
  guess(there: boolean, ip: string): Promise<string>;
  /** Why nothing here counts guesses, where nothing does. */
  uncounted?: string;
  /** A right attempt. @returns the session id it leads to, undefined when it leads to none */
  enter(): Promise<string | undefined>;
}

let tenant: TestTenant;
let app: FastifyInstance;
beforeAll(async () => {
  tenant = await createTestTenant();
  app = await openDoors();
});
afterAll(() => app.close());

/** Counted in one database with the tests of other files: nobody else is this nobody. */
const nobody = `nobody-${Date.now()}@pathways.example`;
const wrong = 'not the right password';
let counter = 0;
const address = () => `pathway-${Date.now()}-${counter++}@example.com`;
const stranger = (ip = visitor().ip) => strangerContext({ ip });
const api = (ip?: string) => callerOf(stranger(ip)).account;

/** What an answer says, without what differs from call to call. */
const said = (answer: Promise<unknown>) =>
  answer.then(
    (value) => JSON.stringify(value),
    (error: Error) => `refused ${error.message}`,
  );
async function page(provider: string, form: Record<string, string>, ip: string): Promise<string> {
  const answer = await post(provider, form, { ip });
  return `${answer.status} ${await answer.text()}`;
}
async function entered(provider: string, form: Record<string, string>): Promise<string | undefined> {
  const answer = await post(provider, form);
  return /guanxi\.session=([\w-]+)/.exec(answer.headers.getSetCookie().join())?.[1];
}

/** A token from a mail that was used already. */
async function usedToken(name: 'requestReset' | 'requestMagicLink'): Promise<string> {
  const token = await mailedToken(name);
  await superuser((c) => c.query('update auth.token set used_at = now() where hash = $1', [hashSecret(token)]));
  return token;
}
async function mailedToken(name: 'requestReset' | 'requestMagicLink'): Promise<string> {
  const asking = strangerContext();
  await callerOf(asking).account[name]({ email: (await createTestTenant()).email });
  return linkOf(asking.mails[0]);
}
async function confirmation(): Promise<string> {
  return linkOf({ account: 'confirm', userId: (await createTestTenant()).userId, publicUrl: '' });
}
async function invitation(): Promise<string> {
  const { link } = await tenant.api.members.invite({ email: address(), role: 'viewer' });
  return new URL(link).searchParams.get('token') ?? '';
}
const signUpInput = (email: string, secret: string) => ({
  company: 'Pathway',
  name: 'P',
  email,
  password: secret,
  locale: 'en' as const,
  timeZone: 'Etc/UTC',
  currency: 'USD',
});

let disabled: string | undefined;
/** A disabled account: no password opens it, so any is a wrong one. */
async function disabledEmail(): Promise<string> {
  if (disabled) return disabled;
  const { email, userId } = await createTestTenant();
  await superuser((c) => c.query('update app.user_account set disabled_at = now() where id = $1', [userId]));
  disabled = email;
  return email;
}

const table: Record<string, Pathway> = {
  'sign-in credentials': {
    guess: (there, ip) => page('credentials', { email: there ? tenant.email : nobody, password: wrong }, ip),
    enter: () => entered('credentials', { email: tenant.email, password }),
  },
  'sign-in magic': {
    guess: async (there, ip) => page('magic', { token: there ? await usedToken('requestMagicLink') : newSecret() }, ip),
    enter: async () => entered('magic', { token: await mailedToken('requestMagicLink') }),
  },
  'account.requestReset': {
    guess: (there, ip) => said(api(ip).requestReset({ email: there ? tenant.email : nobody })),
    enter: async () => void (await api().requestReset({ email: address() })),
  },
  'account.requestMagicLink': {
    guess: (there, ip) => said(api(ip).requestMagicLink({ email: there ? tenant.email : nobody })),
    enter: async () => void (await api().requestMagicLink({ email: address() })),
  },
  'account.resetPassword': {
    guess: async (there, ip) =>
      said(
        api(ip).resetPassword({
          token: there ? await usedToken('requestReset') : newSecret(),
          password: 'new new new new',
        }),
      ),
    enter: async () =>
      void (await api().resetPassword({ token: await mailedToken('requestReset'), password: 'some other long one' })),
  },
  'account.confirmEmail': {
    guess: async (there, ip) => {
      const token = there ? await confirmation() : newSecret();
      if (there) await api().confirmEmail({ token });
      return said(api(ip).confirmEmail({ token }));
    },
    enter: async () => void (await api().confirmEmail({ token: await confirmation() })),
  },
  'account.acceptInvitation': {
    guess: async (there, ip) => {
      const token = there ? await invitation() : newSecret();
      if (there)
        await superuser((c) =>
          c.query('update app.invitation set revoked_at = now() where token_hash = $1', [hashSecret(token)]),
        );
      return said(api(ip).acceptInvitation({ token, name: 'N', password }));
    },
    enter: async () => void (await api().acceptInvitation({ token: await invitation(), name: 'N', password })),
  },
  'account.signUp': {
    // That there is an account is said to whoever wants a second one (docs/decisions/0011-sign-in-limits.md); whether
    // the password was right, or the account is disabled, is not.
    guess: async (there, ip) =>
      said(api(ip).signUp(there ? signUpInput(tenant.email, wrong) : signUpInput(await disabledEmail(), password))),
    enter: async () => void (await api().signUp(signUpInput(address(), password))),
  },
  'api key': {
    guess: async (there) => {
      const key = there
        ? await tenant.api.apiKeys.create({ name: 'k', access: 'read' })
        : { secret: `gx_${newSecret()}`, id: '' };
      if (there) await tenant.api.apiKeys.revoke({ id: key.id });
      return String(await restStatus(app, key.secret));
    },
    uncounted: 'a key is 256 random bits: guessing it is hopeless at any rate, and each address has a limit of its own',
    enter: async () => {
      const { secret } = await tenant.api.apiKeys.create({ name: 'k', access: 'read' });
      expect(await restStatus(app, secret)).toBe(200);
      return undefined;
    },
  },
};

describe('every way to an account', () => {
  it('A10: is in the table, so that a new one cannot be forgotten', () => {
    expect(pathways.sort()).toEqual(Object.keys(table).sort());
  });

  it.each(Object.entries(table))('A10: %s tells nobody what there is (A3)', async (_, { guess }) => {
    expect(await guess(true, visitor().ip)).toBe(await guess(false, visitor().ip));
  });

  it.each(Object.entries(table))('A10: %s slows guessing down (A4)', async (_, { guess, uncounted }) => {
    if (uncounted) return expect(uncounted.length).toBeGreaterThan(20);
    const { ip } = visitor();
    for (let tries = 0; tries < 80; tries++) {
      if ((await guess(false, ip)).includes('rateLimited')) return;
    }
    throw new Error('Eighty guesses were answered');
  });

  it.each(Object.entries(table))('A10: %s leads to a new session or to none (S1)', async (_, { enter }) => {
    const count = () =>
      superuser(async (c) => (await c.query('select sid_hash from auth.session')).rows.map((r) => r.sid_hash));
    const [first, second] = [await enter(), await enter()];
    if (first === undefined) return expect(second).toBeUndefined();
    expect(second).not.toBe(first);
    const stored = await count();
    for (const sid of [first, second ?? '']) {
      expect(Buffer.from(sid, 'base64url')).toHaveLength(32);
      expect(stored).toContain(hashSecret(sid));
      expect(stored).not.toContain(sid);
    }
  });
});
