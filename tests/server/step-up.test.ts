import { afterEach, describe, expect, it } from 'vitest';
import { writeAccountMail } from '@/server/accounts/mails';
import { renderMail } from '@/server/core/mail/templates';
import { signInWithPassword } from '@/server/core/sign-in';
import { procedures } from '../support/procedures';
import { linkOf, visitor } from '../support/sign-in';
import {
  callerOf,
  clock,
  createTestTenant,
  password,
  signedIn,
  strangerContext,
  superuser,
  type TestPerson,
  type TestTenant,
} from '../support/tenants';

const refused = (code: string) => ({ message: code });
const minutesLater = (minutes: number) => {
  clock.now = new Date(Date.now() + minutes * 60_000);
};
afterEach(() => minutesLater(0));

/** Everything that a stolen session must not be enough for. */
const sensitive: Record<string, (t: TestTenant, member: TestPerson) => Promise<unknown>> = {
  'account.changeEmail': (t) => t.api.account.changeEmail({ email: 'other@example.com' }),
  'bin.erase': async (t) => {
    const { id } = await t.api.companies.create({ values: { name: 'Gone' } });
    await t.api.companies.remove({ ids: [id] });
    return t.api.bin.erase({ items: [{ object: 'company', id }], count: 1 });
  },
  'apiKeys.create': (t) => t.api.apiKeys.create({ name: 'k', access: 'read' }),
  'tenant.setSessionPolicy': (t) => t.api.tenant.setSessionPolicy({ idleMinutes: 60, days: null }),
};
/** What asks only when the owner's role is given or taken. */
const owners: Record<string, (t: TestTenant, member: TestPerson) => Promise<unknown>> = {
  'members.setRole': (t, { memberId }) => t.api.members.setRole({ id: memberId, role: 'owner' }),
  'members.invite': (t) => t.api.members.invite({ email: `x-${Date.now()}@example.com`, role: 'owner' }),
};

describe('a fresh proof of who one is', () => {
  it('S4: is declared by exactly the procedures of the table', () => {
    const declared = procedures().flatMap(({ path, stepUp }) => (stepUp ? [path] : []));
    // Archives need a file and its job first: they are asked in archives.test.ts.
    const archives = ['archives.fetch', 'archives.load', 'archives.make'];
    expect(declared.sort()).toEqual([...Object.keys(sensitive), ...archives].sort());
  });

  it.each(Object.entries({ ...sensitive, ...owners }))(
    'S4: %s asks for one ten minutes after the last, and goes on once it is given',
    async (_, call) => {
      const tenant = await createTestTenant();
      const member = await tenant.person('admin');
      minutesLater(10.1);
      await expect(call(tenant, member)).rejects.toMatchObject(refused('stepUpNeeded'));
      await expect(tenant.api.account.stepUp({ password: 'a wrong one, a wrong one' })).rejects.toMatchObject(
        refused('badPassword'),
      );
      await expect(call(tenant, member)).rejects.toMatchObject(refused('stepUpNeeded'));
      const { freshUntil } = await tenant.api.account.stepUp({ password });
      expect(Date.parse(freshUntil) - clock.now.getTime()).toBe(10 * 60_000);
      expect((await tenant.api.account.me())?.user.freshUntil).toBe(freshUntil);
      await call(tenant, member);
    },
  );

  it('S4: is asked for also when taking a change of owners back, and not for other roles', async () => {
    const tenant = await createTestTenant();
    const member = await tenant.person('admin');
    const { changeSetId } = await tenant.api.members.setRole({ id: member.memberId, role: 'owner' });
    minutesLater(10.1);
    await expect(tenant.api.changes.undo({ changeSetId })).rejects.toMatchObject(refused('stepUpNeeded'));
    const other = await tenant.person('member');
    await tenant.api.members.setRole({ id: other.memberId, role: 'manager' });
    await tenant.api.account.stepUp({ password });
    await tenant.api.changes.undo({ changeSetId });
  });

  it('S4: nobody gives by an API key', async () => {
    const tenant = await createTestTenant();
    const member = await tenant.person('admin');
    const { apiKey } = await keyContext(tenant);
    const api = callerOf({ ...strangerContext(), apiKey, channel: 'api' });
    const byKey = { ...tenant, api };
    const { 'apiKeys.create': key, 'tenant.setSessionPolicy': policy, 'bin.erase': erase } = sensitive;
    for (const call of [key, policy, erase, ...Object.values(owners)]) {
      await expect(call?.(byKey, member)).rejects.toMatchObject(refused('notByKey'));
    }
    await api.members.setRole({ id: member.memberId, role: 'manager' });
  });

  it('S4: guessing the password there is slowed down, and locks nobody out', async () => {
    const tenant = await createTestTenant();
    const guess = () => tenant.api.account.stepUp({ password: 'a wrong one, a wrong one' });
    for (let i = 0; i < 10; i++) await expect(guess()).rejects.toMatchObject(refused('badPassword'));
    await expect(guess()).rejects.toMatchObject(refused('rateLimited'));
    await expect(
      tenant.api.account.changePassword({ current: password, next: 'the newest password' }),
    ).rejects.toMatchObject(refused('rateLimited'));
    expect(await signInWithPassword(tenant.email, password, visitor())).toBeDefined();
  });
});

async function keyContext(tenant: TestTenant) {
  const { apiKeyRead } = await import('@/db/global');
  const { hashSecret } = await import('@/server/core/ids');
  const { secret } = await tenant.api.apiKeys.create({ name: 'k', access: 'write' });
  return { apiKey: await apiKeyRead(hashSecret(secret), new Date()) };
}

describe('one’s sessions', () => {
  it('S4: are listed with where they are, and ended one by one or all but this one', async () => {
    const tenant = await createTestTenant();
    const [phone, tablet] = [await signedIn(tenant.slug, tenant.email), await signedIn(tenant.slug, tenant.email)];
    const stranger = await createTestTenant();
    const list = await tenant.api.account.sessions();
    expect(list).toHaveLength(3);
    expect(list.filter(({ current }) => current)).toHaveLength(1);
    expect(list[0]).toMatchObject({ ip: null, userAgent: 'test', methods: ['password'] });
    expect(JSON.stringify(list)).not.toContain(tenant.sid);
    const own = (await phone.api.account.sessions()).find(({ current }) => current)?.id ?? '';
    await expect(stranger.api.account.revokeSession({ id: own })).rejects.toMatchObject(refused('notFound'));
    await tenant.api.account.revokeSession({ id: own });
    await expect(phone.api.tenant.boot()).rejects.toMatchObject(refused('unauthenticated'));
    await expect(tenant.api.account.revokeSession({ id: own })).rejects.toMatchObject(refused('notFound'));
    expect(await tenant.api.account.revokeOtherSessions()).toEqual({ ended: 1 });
    await expect(tablet.api.tenant.boot()).rejects.toMatchObject(refused('unauthenticated'));
    expect(await tenant.api.account.sessions()).toMatchObject([{ current: true }]);
    await stranger.api.tenant.boot();
  });

  it('S4: are seen and ended by admins, but an owner’s only by owners, and nobody’s of elsewhere', async () => {
    const tenant = await createTestTenant();
    const [admin, member] = [await tenant.person('admin'), await tenant.person('member')];
    expect(await admin.api.members.sessions({ id: member.memberId })).toMatchObject([{ methods: ['password'] }]);
    await expect(member.api.members.sessions({ id: admin.memberId })).rejects.toMatchObject(refused('forbidden'));
    await expect(member.api.members.revokeSessions({ id: admin.memberId })).rejects.toMatchObject(refused('forbidden'));
    await expect(admin.api.members.revokeSessions({ id: tenant.memberId })).rejects.toMatchObject(refused('forbidden'));
    const other = await createTestTenant();
    for (const name of ['sessions', 'revokeSessions'] as const) {
      await expect(other.api.members[name]({ id: member.memberId })).rejects.toMatchObject(refused('notFound'));
    }
    expect(await admin.api.members.revokeSessions({ id: member.memberId })).toEqual({ ended: 1 });
    await expect(member.api.tenant.boot()).rejects.toMatchObject(refused('unauthenticated'));
  });
});

describe('the address of a person', () => {
  const signUpInput = (email: string) => ({
    company: 'Unconfirmed',
    name: 'U',
    email,
    password,
    locale: 'en' as const,
    timeZone: 'Etc/UTC',
    currency: 'USD',
  });
  let counter = 0;
  const address = () => `u-${Date.now()}-${counter++}@example.com`;

  it('is confirmed by the link that sign-up sends before they invite anybody, on screen or by key', async () => {
    const context = strangerContext();
    const email = address();
    const { slug } = await callerOf(context).account.signUp(signUpInput(email));
    const person = await signedIn(slug, email);
    expect((await person.api.account.me())?.user.emailConfirmed).toBe(false);
    const invite = { email: 'guest@example.com', role: 'member' as const };
    await expect(person.api.members.invite(invite)).rejects.toMatchObject(refused('confirmEmailFirst'));
    const { apiKey } = await keyContext({ ...person, slug } as TestTenant);
    const byKey = callerOf({ ...strangerContext(), apiKey, channel: 'api' });
    await expect(byKey.members.invite(invite)).rejects.toMatchObject(refused('confirmEmailFirst'));
    const [job] = context.jobs;
    expect(job).toMatchObject({ queue: 'accountMail', payload: { account: 'confirm', userId: person.userId } });
    // The job's payload was made by our own code as AccountMail.
    const token = await linkOf(job?.payload as never);
    expect(await callerOf(strangerContext()).account.confirmEmail({ token })).toEqual({ email });
    await expect(callerOf(strangerContext()).account.confirmEmail({ token })).rejects.toMatchObject(
      refused('tokenInvalid'),
    );
    await person.api.members.invite(invite);
    expect((await person.api.account.me())?.user.emailConfirmed).toBe(true);
  });

  it('can be asked to be confirmed again, and whoever comes by a link from a mail has shown it', async () => {
    const email = address();
    const { slug } = await callerOf(strangerContext()).account.signUp(signUpInput(email));
    const person = await signedIn(slug, email);
    const context = strangerContext();
    const asking = callerOf({ ...person.context, sendMail: context.sendMail }).account;
    await asking.requestConfirmation();
    expect(context.mails).toMatchObject([{ account: 'confirm' }]);
    for (let i = 0; i < 2; i++) await asking.requestConfirmation();
    await expect(asking.requestConfirmation()).rejects.toMatchObject(refused('rateLimited'));
    const reset = strangerContext();
    await callerOf(reset).account.requestReset({ email });
    await callerOf(reset).account.resetPassword({
      token: await linkOf(reset.mails[0]),
      password: 'the newest password',
    });
    expect((await (await signedIn(slug, email)).api.account.me())?.user.emailConfirmed).toBe(true);
  });

  it('changes when the new one is confirmed: everywhere, for good, and the old one is told', async () => {
    const tenant = await createTestTenant();
    const other = await signedIn(tenant.slug, tenant.email);
    const [asking, confirming] = [strangerContext(), strangerContext()];
    const email = address();
    await callerOf({ ...tenant.context, sendMail: asking.sendMail }).account.changeEmail({ email });
    expect(await signInWithPassword(email, password, visitor())).toBeUndefined();
    const magic = strangerContext();
    await callerOf(magic).account.requestMagicLink({ email: tenant.email });
    const oldLink = await linkOf(magic.mails[0]);
    const token = await linkOf(asking.mails[0]);
    expect(
      await callerOf({ ...tenant.context, sendMail: confirming.sendMail }).account.confirmEmail({ token }),
    ).toEqual({ email });
    expect(await signInWithPassword(email, password, visitor())).toBeDefined();
    expect(await signInWithPassword(tenant.email, password, visitor())).toBeUndefined();
    await tenant.api.tenant.boot();
    await expect(other.api.tenant.boot()).rejects.toMatchObject(refused('unauthenticated'));
    expect((await tenant.api.members.list()).members[0]?.email).toBe(email);
    const [notice] = confirming.mails;
    const written = notice && (await writeAccountMail(notice, 'id'));
    expect(written).toMatchObject({ to: tenant.email, template: 'emailChanged' });
    expect(written && renderMail(written).text).toContain('no longer signs in');
    const { signInWithLink } = await import('@/server/core/sign-in');
    expect(await signInWithLink(oldLink, visitor())).toBeUndefined();
  });

  it('of somebody else cannot be taken, and asking for it tells nothing', async () => {
    const [tenant, taken] = [await createTestTenant(), await createTestTenant()];
    const asking = strangerContext();
    const api = callerOf({ ...tenant.context, sendMail: asking.sendMail });
    expect(await api.account.changeEmail({ email: taken.email })).toEqual({ ok: true });
    await expect(linkOf(asking.mails[0])).rejects.toThrow('nobody to write to');
    // Taken between the mail and the click.
    const email = address();
    await api.account.changeEmail({ email });
    const token = await linkOf(asking.mails[1]);
    await superuser((c) =>
      c.query('update app.user_account set email = $2, email_norm = $2 where id = $1', [taken.userId, email]),
    );
    await expect(callerOf(strangerContext()).account.confirmEmail({ token })).rejects.toMatchObject(
      refused('emailTaken'),
    );
  });
});
