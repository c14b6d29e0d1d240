import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { prune } from '@/server/accounts/jobs';
import { hashSecret, newSecret } from '@/server/core/ids';
import { signInWithPassword } from '@/server/core/sign-in';
import { linkOf, visitor } from '../support/sign-in';
import {
  callerOf,
  createTestTenant,
  password,
  signedIn,
  strangerContext,
  superuser,
  type TestTenant,
} from '../support/tenants';

const day = 86_400_000;

/** Security events of a tenant since its sign-up, in order. */
async function events(tenant: Pick<TestTenant, 'tenantId'>): Promise<Record<string, unknown>[]> {
  return superuser(
    async (c) =>
      (
        await c.query(
          `select action, member_id, subject->>'id' as about, ip, request_id, channel, detail from app.audit_event
           where tenant_id = $1 order by written_at, action`,
          [tenant.tenantId],
        )
      ).rows,
  );
}
const actions = async (tenant: Pick<TestTenant, 'tenantId'>) => (await events(tenant)).map(({ action }) => action);

/** One person who is a member of two tenants. */
async function inTwoTenants() {
  const [one, two] = [await createTestTenant(), await createTestTenant()];
  const { link } = await two.api.members.invite({ email: one.email, role: 'member' });
  await one.api.account.acceptInvitation({ token: new URL(link).searchParams.get('token') ?? '' });
  return { one, two };
}

describe('what happens to a person’s account', () => {
  it('U1: is told in the audit of every tenant of theirs, with who, from where and by which request', async () => {
    const { one, two } = await inTwoTenants();
    const before = [(await events(one)).length, (await events(two)).length];
    const from = visitor({ requestId: randomUUID() });
    await signInWithPassword(one.email, password, from);
    for (const [i, tenant] of [one, two].entries()) {
      const added = (await events(tenant)).slice(before[i]);
      expect(added).toMatchObject([
        {
          action: 'signIn',
          ip: from.ip,
          request_id: from.requestId,
          channel: 'screen',
          detail: { methods: ['password'] },
        },
      ]);
      expect(added[0]?.member_id).toBe(added[0]?.about);
    }
    // A tenant that the person has left is not told.
    const { members } = await two.api.members.list();
    await two.api.members.deactivate({ id: members.find(({ email }) => email === one.email)?.id ?? '' });
    const left = (await events(two)).length;
    await signInWithPassword(one.email, password, from);
    expect((await events(two)).length).toBe(left);
  });

  it('U1: each event leaves one entry', async () => {
    const tenant = await createTestTenant();
    const { account } = tenant.api;
    const seen = await actions(tenant);
    const steps: [string, () => Promise<unknown>][] = [
      ['stepUp', () => account.stepUp({ password })],
      ['signIn', () => signedIn(tenant.slug, tenant.email)],
      ['sessionsRevoked', () => account.revokeOtherSessions()],
      ['passwordChanged', () => account.changePassword({ current: password, next: 'the newest password' })],
      ['emailChanged', () => changeEmail(tenant)],
      ['signOut', () => account.signOut()],
      ['passwordReset', () => resetPassword(tenant)],
    ];
    for (const [action, run] of steps) {
      await run();
      seen.push(action);
      expect(await actions(tenant)).toEqual(seen);
    }
  });

  it('U1: a failed sign-in of somebody there is told, with nobody as its author', async () => {
    const tenant = await createTestTenant();
    await signInWithPassword(tenant.email, 'not the right password', visitor());
    await expect.poll(() => actions(tenant)).toContain('signInFailed');
    const failed = (await events(tenant)).find(({ action }) => action === 'signInFailed');
    expect(failed).toMatchObject({ member_id: null, about: tenant.memberId });
  });

  it('U1: what an admin does to a person is told once, by the admin’s own tenant', async () => {
    const { one, two } = await inTwoTenants();
    const { members } = await two.api.members.list();
    const id = members.find(({ email }) => email === one.email)?.id ?? '';
    const before = [(await actions(one)).length, (await actions(two)).length];
    await two.api.members.revokeSessions({ id });
    expect((await events(two)).slice(before[1])).toMatchObject([
      { action: 'sessionsRevoked', member_id: two.memberId, about: id, detail: { count: 1 } },
    ]);
    expect((await actions(one)).length).toBe(before[0]);
  });

  it('U1: keys and invitations leave one entry each, with no secret in it', async () => {
    const tenant = await createTestTenant();
    const before = (await events(tenant)).length;
    const key = await tenant.api.apiKeys.create({ name: 'Robot', access: 'read', days: 30 });
    await tenant.api.apiKeys.revoke({ id: key.id });
    const invitation = await tenant.api.members.invite({ email: 'guest@example.com', role: 'viewer' });
    await tenant.api.members.revokeInvitation({ id: invitation.id });
    await tenant.api.tenant.setSessionPolicy({ idleMinutes: 60, days: null });
    const added = (await events(tenant)).slice(before);
    expect(added.map(({ action }) => action)).toEqual([
      ...['apiKeyCreated', 'apiKeyRevoked', 'invitationCreated', 'invitationRevoked', 'sessionPolicyChanged'],
    ]);
    expect(JSON.stringify(added)).not.toContain(key.secret);
    expect(JSON.stringify(added)).not.toContain(new URL(invitation.link).searchParams.get('token'));
  });
});

async function changeEmail(tenant: TestTenant): Promise<void> {
  const asking = strangerContext();
  const email = `changed-${randomUUID()}@example.com`;
  const api = callerOf({ ...tenant.context, sendMail: asking.sendMail, session: await sessionOf(tenant) });
  await api.account.changeEmail({ email });
  await api.account.confirmEmail({ token: await linkOf(asking.mails[0]) });
  tenant.email = email;
}

async function resetPassword(tenant: TestTenant): Promise<void> {
  const asking = strangerContext();
  await callerOf(asking).account.requestReset({ email: tenant.email });
  await callerOf(asking).account.resetPassword({ token: await linkOf(asking.mails[0]), password: 'again another one' });
}

async function sessionOf({ context }: TestTenant) {
  const { readSession } = await import('@/server/core/session');
  return readSession(context.sid);
}

describe('the nightly clearing', () => {
  it('removes what serves nobody any more and nothing else', async () => {
    const { userId, sid } = await createTestTenant();
    const now = Date.now();
    const ago = (days: number) => new Date(now - days * day);
    const names = { gone: [] as string[], kept: [hashSecret(sid)] };
    const name = (kept: boolean) => {
      const hash = hashSecret(newSecret());
      names[kept ? 'kept' : 'gone'].push(hash);
      return hash;
    };
    await superuser(async (c) => {
      const session = (hash: string, expires: Date, revoked: Date | null) =>
        c.query(
          `insert into auth.session (sid_hash, user_id, expires_at, auth_methods, revoked_at) values ($1, $2, $3, '{}', $4)`,
          [hash, userId, expires, revoked],
        );
      await session(name(false), ago(31), null);
      await session(name(false), ago(-5), ago(31));
      await session(name(true), ago(29), null);
      await session(name(true), ago(-5), ago(29));
      const token = (hash: string, expires: Date, used: Date | null) =>
        c.query(`insert into auth.token (hash, kind, user_id, expires_at, used_at) values ($1, 'reset', $2, $3, $4)`, [
          hash,
          userId,
          expires,
          used,
        ]);
      await token(name(false), ago(1.1), null);
      await token(name(false), ago(-1), ago(1.1));
      await token(name(true), ago(0.9), null);
      await token(name(true), ago(-1), null);
      const attempt = (key: string, when: Date) =>
        c.query('insert into auth.attempt (key, tokens, at) values ($1, 0, $2)', [key, when]);
      await attempt(name(false), ago(1.1));
      await attempt(name(true), ago(0.1));
      const device = (hash: string, seen: Date) =>
        c.query('insert into auth.device (hash, user_id, last_seen_at) values ($1, $2, $3)', [hash, userId, seen]);
      await device(name(false), ago(181));
      await device(name(true), ago(179));
    });
    const gone = await prune(new Date(now));
    for (const [kind, least] of Object.entries({ sessions: 2, tokens: 2, attempts: 1, devices: 1 })) {
      expect(gone[kind as keyof typeof gone], kind).toBeGreaterThanOrEqual(least);
    }
    const left = await superuser(async (c) =>
      (
        await c.query<{ name: string }>(
          `select sid_hash as name from auth.session union select hash from auth.token union select key from auth.attempt
             union select hash from auth.device`,
        )
      ).rows.map((row) => row.name),
    );
    expect(left).toEqual(expect.arrayContaining(names.kept));
    expect(left.filter((each) => names.gone.includes(each))).toEqual([]);
  });
});
