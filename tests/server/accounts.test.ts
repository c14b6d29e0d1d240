import { describe, expect, it } from 'vitest';
import { signInWithPassword } from '@/server/core/sign-in';
import { linkOf, visitor } from '../support/sign-in';
import { callerOf, createTestTenant, password, signedIn, strangerContext, superuser } from '../support/tenants';

const signIn = (email: string, secret: string) => signInWithPassword(email, secret, visitor());

describe('sign-up', () => {
  it('makes a usable tenant in its language, and a second one for the same person with the same password', async () => {
    const tenant = await createTestTenant({
      locale: 'zh',
      currency: 'CNY',
      company: '杭州云杉科技有限公司',
      timeZone: 'Asia/Shanghai',
    });
    const boot = await tenant.api.tenant.boot();
    expect(boot).toMatchObject({
      tenant: { currency: 'CNY', timeZone: 'Asia/Shanghai', locale: 'zh' },
      member: { role: 'owner' },
    });
    expect(boot.pipelines[0]?.stages.map((s) => s.name)).toEqual([
      '初步接洽',
      '需求确认',
      '方案报价',
      '商务谈判',
      '赢单',
      '输单',
    ]);
    expect(tenant.slug).toMatch(/^hangzhouyunshan/);

    const input = {
      company: 'Second',
      name: 'Olivia',
      email: tenant.email,
      locale: 'en' as const,
      timeZone: 'Etc/UTC',
      currency: 'USD',
    };
    await expect(
      callerOf(strangerContext()).account.signUp({ ...input, password: 'not the right one' }),
    ).rejects.toMatchObject({ message: 'emailTaken' });
    const { slug } = await callerOf(strangerContext()).account.signUp({ ...input, password });
    expect((await signedIn(slug, tenant.email)).context.session?.tenants.map((t) => t.slug).sort()).toEqual(
      [slug, tenant.slug].sort(),
    );
  });

  it('refuses weak passwords by name and keeps nothing', async () => {
    const input = { company: 'Weakness', name: 'W', locale: 'en' as const, timeZone: 'Etc/UTC', currency: 'USD' };
    const email = `weak-${Date.now()}@example.com`;
    const attempt = (secret: string) =>
      callerOf(strangerContext()).account.signUp({ ...input, email, password: secret });
    await expect(attempt('short')).rejects.toMatchObject({ message: 'passwordTooShort' });
    await expect(attempt('x'.repeat(129))).rejects.toMatchObject({ message: 'passwordTooLong' });
    await expect(attempt('Password1234')).rejects.toMatchObject({ message: 'passwordCommon' });
    await expect(attempt('weakness2026')).rejects.toMatchObject({ message: 'passwordContains' });
    expect(
      await superuser(
        async (c) => (await c.query('select from app.user_account where email_norm = $1', [email])).rowCount,
      ),
    ).toBe(0);
  });

  it('refuses a time zone and a currency that do not exist', async () => {
    const input = { company: 'C', name: 'N', email: 'n@example.com', password, locale: 'en' as const };
    await expect(
      callerOf(strangerContext()).account.signUp({ ...input, timeZone: 'Mars/Olympus', currency: 'USD' }),
    ).rejects.toThrow('timeZone');
    await expect(
      callerOf(strangerContext()).account.signUp({ ...input, timeZone: 'Etc/UTC', currency: 'dollar' }),
    ).rejects.toThrow('currency');
  });
});

describe('signing in', () => {
  it('resets a password by a link that works once and ends other sessions', async () => {
    const tenant = await createTestTenant();
    const context = strangerContext();
    expect(await callerOf(context).account.requestReset({ email: tenant.email })).toEqual({ ok: true });
    expect(
      await callerOf(strangerContext()).account.requestReset({ email: `nobody-${Date.now()}@accounts.example` }),
    ).toEqual({
      ok: true,
    });
    expect(context.mails).toHaveLength(1);
    const token = await linkOf(context.mails[0]);
    const next = 'another battery horse';
    await expect(callerOf(strangerContext()).account.resetPassword({ token, password: 'short' })).rejects.toMatchObject(
      { message: 'passwordTooShort' },
    );
    const attempts = await Promise.allSettled(
      Array.from({ length: 5 }, () => callerOf(strangerContext()).account.resetPassword({ token, password: next })),
    );
    expect(attempts.filter((a) => a.status === 'fulfilled')).toHaveLength(1);
    await expect(tenant.api.tenant.boot()).rejects.toMatchObject({ message: 'unauthenticated' });
    expect(await signIn(tenant.email, password)).toBeUndefined();
    expect(await signIn(tenant.email, next)).toBeDefined();
  });

  it('changes a password only for whoever knows the old one, and keeps this session', async () => {
    const tenant = await createTestTenant();
    const other = await signedIn(tenant.slug, tenant.email);
    await expect(
      tenant.api.account.changePassword({ current: 'guess guess guess', next: 'new new new new new' }),
    ).rejects.toMatchObject({ message: 'badPassword' });
    await tenant.api.account.changePassword({ current: password, next: 'the newest password' });
    expect((await tenant.api.tenant.boot()).tenant.slug).toBe(tenant.slug);
    await expect(other.api.tenant.boot()).rejects.toMatchObject({ message: 'unauthenticated' });
  });
});

describe('invitations', () => {
  it('bring a new person in, with the role and once', async () => {
    const tenant = await createTestTenant();
    const { link } = await tenant.api.members.invite({ email: 'New.Person@example.com', role: 'member', locale: 'zh' });
    expect(tenant.jobs).toMatchObject([
      { queue: 'mail', payload: { template: 'invitation', locale: 'zh', to: 'New.Person@example.com' } },
    ]);
    const token = new URL(link).searchParams.get('token') ?? '';
    const stranger = callerOf(strangerContext()).account;
    expect(await stranger.invitation({ token })).toMatchObject({
      email: 'New.Person@example.com',
      inviter: 'Olivia Owner',
      hasAccount: false,
    });
    expect(await stranger.acceptInvitation({ token, name: '张伟', password })).toEqual({ slug: tenant.slug });
    await expect(stranger.acceptInvitation({ token, name: 'Again', password })).rejects.toMatchObject({
      message: 'tokenInvalid',
    });
    const person = await signedIn(tenant.slug, 'new.person@example.com');
    expect((await person.api.tenant.boot()).member).toMatchObject({ name: '张伟', role: 'member' });
    await expect(person.api.members.invite({ email: 'x@example.com', role: 'member' })).rejects.toMatchObject({
      message: 'forbidden',
    });
  });

  it('ask somebody who has an account to sign in with it', async () => {
    const [tenant, other] = [await createTestTenant(), await createTestTenant()];
    const { link } = await tenant.api.members.invite({ email: other.email, role: 'viewer' });
    const token = new URL(link).searchParams.get('token') ?? '';
    await expect(
      callerOf(strangerContext()).account.acceptInvitation({ token, name: 'X', password }),
    ).rejects.toMatchObject({ message: 'signInFirst' });
    await expect(tenant.api.account.acceptInvitation({ token })).rejects.toMatchObject({ message: 'signInFirst' });
    expect(await other.api.account.acceptInvitation({ token })).toEqual({ slug: tenant.slug });
    expect((await signedIn(tenant.slug, other.email)).context.session?.tenants).toHaveLength(2);
  });

  it('stop working when revoked or replaced', async () => {
    const tenant = await createTestTenant();
    const first = await tenant.api.members.invite({ email: 'twice@example.com', role: 'member' });
    const second = await tenant.api.members.invite({ email: 'twice@example.com', role: 'member' });
    await tenant.api.members.revokeInvitation({ id: second.id });
    for (const { link } of [first, second]) {
      await expect(
        callerOf(strangerContext()).account.invitation({ token: new URL(link).searchParams.get('token') ?? '' }),
      ).rejects.toMatchObject({ message: 'tokenInvalid' });
    }
  });
});

describe('record scopes', () => {
  it('own, team and all hold in list, id, search, board and totals (A6)', async () => {
    const owner = await createTestTenant();
    const team = await owner.api.teams.create({ name: 'West' });
    const manager = await owner.person('manager');
    await owner.api.teams.update({ id: team.id, managerId: manager.memberId });
    const [inTeam, elsewhere, viewer] = [
      await owner.person('member', { teamId: team.id }),
      await owner.person('member'),
      await owner.person('viewer'),
    ];
    const mine = await inTeam.api.deals.create({ values: { name: 'Zebra team deal', amount: 100 } });
    const theirs = await elsewhere.api.deals.create({ values: { name: 'Zebra other deal', amount: 1000 } });
    const [{ pipelines }] = [await owner.api.tenant.boot()];
    const pipelineId = pipelines[0]?.id ?? '';

    const seen = async (api: typeof owner.api) => ({
      list: (await api.deals.list({})).rows.map((r) => r.id).sort(),
      search: (await api.search.global({ q: 'zebra' })).map((h) => h.id).sort(),
      total: (await api.deals.board({ pipelineId })).columns.reduce((sum, c) => sum + c.total, 0),
      count: (await api.deals.count({})).count,
    });
    const both = [mine.id, theirs.id].sort();
    expect(await seen(inTeam.api)).toEqual({ list: [mine.id], search: [mine.id], total: 100, count: 1 });
    expect(await seen(elsewhere.api)).toEqual({ list: [theirs.id], search: [theirs.id], total: 1000, count: 1 });
    expect(await seen(manager.api)).toEqual({ list: [mine.id], search: [mine.id], total: 100, count: 1 });
    expect(await seen(owner.api)).toEqual({ list: both, search: both, total: 1100, count: 2 });
    expect(await seen(viewer.api)).toEqual({ list: both, search: both, total: 1100, count: 2 });

    for (const api of [inTeam.api, manager.api]) {
      await expect(api.deals.get({ id: theirs.id })).rejects.toMatchObject({ message: 'notFound' });
      await expect(api.deals.update({ id: theirs.id, values: { amount: 1 } })).rejects.toMatchObject({
        message: 'notFound',
      });
      await expect(api.changes.timeline({ object: 'deal', id: theirs.id })).rejects.toMatchObject({
        message: 'notFound',
      });
      await expect(api.changes.undo({ changeSetId: theirs.changeSetId })).rejects.toMatchObject({
        message: 'notFound',
      });
    }
    await expect(viewer.api.deals.update({ id: mine.id, values: { amount: 1 } })).rejects.toMatchObject({
      message: 'forbidden',
    });
    await expect(inTeam.api.deals.create({ values: { name: 'x', ownerId: elsewhere.memberId } })).rejects.toMatchObject(
      { message: 'ownerOutOfScope' },
    );
  });

  it('a person without a role here gets not-found, also right after leaving', async () => {
    const tenant = await createTestTenant();
    const person = await tenant.person('member');
    await person.api.tenant.boot();
    await tenant.api.members.deactivate({ id: person.memberId });
    await expect(person.api.tenant.boot()).rejects.toMatchObject({ message: 'notFound' });
  });
});
