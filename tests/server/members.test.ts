import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { callerOf, clock, createTestTenant, password, signedIn, strangerContext, superuser } from '../support/tenants';

// Invitations end by the database's own clock.
clock.now = new Date();

const refused = (code: string) => ({ message: code });

describe('roles', () => {
  it('Z5: of two owners who demote each other at the same moment one stays', async () => {
    for (let round = 0; round < 5; round++) {
      const first = await createTestTenant();
      const second = await first.person('owner');
      const outcomes = await Promise.allSettled([
        first.api.members.setRole({ id: second.memberId, role: 'member' }),
        second.api.members.setRole({ id: first.memberId, role: 'member' }),
      ]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const failure = outcomes.find((outcome) => outcome.status === 'rejected');
      expect(failure?.reason.message).toMatch(/lastOwner|forbidden/);
      const { members } = await first.api.members.list();
      expect(members.filter(({ role }) => role === 'owner')).toHaveLength(1);
    }
  });

  it('Z5: the last owner is neither demoted nor deactivated, nor made so by undo', async () => {
    const { api, memberId, person } = await createTestTenant();
    await expect(api.members.setRole({ id: memberId, role: 'admin' })).rejects.toMatchObject(refused('lastOwner'));
    await expect(api.members.deactivate({ id: memberId })).rejects.toMatchObject(refused('notYourself'));
    const member = await person('member');
    const promoted = await api.members.setRole({ id: member.memberId, role: 'owner' });
    await member.api.account.stepUp({ password });
    await member.api.members.setRole({ id: memberId, role: 'admin' });
    await expect(member.api.changes.undo({ changeSetId: promoted.changeSetId })).rejects.toMatchObject(
      refused('lastOwner'),
    );
    await expect(api.changes.undo({ changeSetId: promoted.changeSetId })).rejects.toMatchObject(refused('forbidden'));
  });

  it('are given only within the rights of whoever gives them', async () => {
    const owner = await createTestTenant();
    const [admin, member, manager] = [
      await owner.person('admin'),
      await owner.person('member'),
      await owner.person('manager'),
    ];
    await admin.api.members.setRole({ id: member.memberId, role: 'manager' });
    await expect(admin.api.members.setRole({ id: member.memberId, role: 'owner' })).rejects.toMatchObject(
      refused('forbidden'),
    );
    await expect(admin.api.members.setRole({ id: owner.memberId, role: 'member' })).rejects.toMatchObject(
      refused('forbidden'),
    );
    await expect(admin.api.members.invite({ email: 'new@example.com', role: 'owner' })).rejects.toMatchObject(
      refused('forbidden'),
    );
    await expect(admin.api.members.deactivate({ id: owner.memberId })).rejects.toMatchObject(refused('forbidden'));
    await expect(manager.api.members.setRole({ id: member.memberId, role: 'viewer' })).rejects.toMatchObject(
      refused('forbidden'),
    );
    // The right counts from the next request on.
    expect((await member.api.tenant.boot()).member.role).toBe('manager');
  });

  it('cannot be had back by undoing what an owner did', async () => {
    const owner = await createTestTenant();
    const admin = await owner.person('admin');
    const demoted = await owner.api.members.setRole({ id: (await owner.person('owner')).memberId, role: 'member' });
    await expect(admin.api.changes.undo({ changeSetId: demoted.changeSetId })).rejects.toMatchObject(
      refused('forbidden'),
    );
  });
});

describe('deactivation', () => {
  it('ends access, hands the work over and is taken back whole', async () => {
    const owner = await createTestTenant();
    const [leaver, heir] = [await owner.person('member'), await owner.person('member')];
    const company = await leaver.api.companies.create({ values: { name: 'Theirs' } });
    const deal = await leaver.api.deals.create({ values: { name: 'Theirs', companyId: company.id } });
    const task = await leaver.api.tasks.create({ values: { subject: 'Theirs', dealId: deal.id } });

    const done = await owner.api.members.deactivate({ id: leaver.memberId, handTo: heir.memberId });
    expect(done.handed).toBe(3);
    await expect(leaver.api.deals.count({})).rejects.toMatchObject(refused('notFound'));
    expect(await heir.api.deals.get({ id: deal.id })).toMatchObject({ ownerId: heir.memberId });
    expect(await heir.api.tasks.get({ id: task.id })).toMatchObject({ ownerId: heir.memberId });

    await owner.api.changes.undo({ changeSetId: done.changeSetId });
    expect(await leaver.api.deals.get({ id: deal.id })).toMatchObject({ ownerId: leaver.memberId });
    expect(await owner.api.companies.get({ id: company.id })).toMatchObject({ ownerId: leaver.memberId });
  });

  it('leaves the records alone without an heir and can be reversed', async () => {
    const owner = await createTestTenant();
    const leaver = await owner.person('member');
    const deal = await leaver.api.deals.create({ values: { name: 'Theirs' } });
    expect((await owner.api.members.deactivate({ id: leaver.memberId })).handed).toBe(0);
    await expect(owner.api.members.deactivate({ id: owner.memberId, handTo: leaver.memberId })).rejects.toMatchObject(
      refused('notYourself'),
    );
    await owner.api.members.reactivate({ id: leaver.memberId });
    expect(await leaver.api.deals.get({ id: deal.id })).toMatchObject({ ownerId: leaver.memberId });
  });
});

describe('invitations', () => {
  it('make a real person of a placeholder, records and all', async () => {
    const owner = await createTestTenant();
    const memberId = randomUUID();
    await superuser((client) =>
      client.query(
        "insert into app.member (tenant_id, id, name, name_norm, role, status) values ($1, $2, 'Ines Imported', 'ines imported', 'member', 'placeholder')",
        [owner.tenantId, memberId],
      ),
    );
    const deal = await owner.api.deals.create({ values: { name: 'Hers', ownerId: memberId } });
    const ines = await owner.person('member', { memberId, name: 'Ines Real' });
    expect(ines.memberId).toBe(memberId);
    expect(await ines.api.deals.get({ id: deal.id })).toMatchObject({ ownerId: memberId });
    expect((await owner.api.members.list()).members.find(({ id }) => id === memberId)).toMatchObject({
      name: 'Ines Real',
      status: 'active',
      email: ines.email,
    });
    // Whoever has a login already is nobody's placeholder.
    await expect(owner.api.members.invite({ email: 'x@example.com', role: 'member', memberId })).rejects.toMatchObject(
      refused('noSuchRecord'),
    );
  });

  it('are listed until revoked, and a second one replaces the first', async () => {
    const { api } = await createTestTenant();
    const first = await api.members.invite({ email: 'Ada@Example.com', role: 'member' });
    const second = await api.members.invite({ email: 'ada@example.com', role: 'admin' });
    const { invitations } = await api.members.list();
    expect(invitations).toEqual([expect.objectContaining({ id: second.id, role: 'admin' })]);
    const token = (link: string) => new URL(link).searchParams.get('token') ?? '';
    const stranger = callerOf(strangerContext());
    await expect(stranger.account.invitation({ token: token(first.link) })).rejects.toMatchObject(
      refused('tokenInvalid'),
    );
    expect(await stranger.account.invitation({ token: token(second.link) })).toMatchObject({
      email: 'ada@example.com',
      hasAccount: false,
    });
    await api.members.revokeInvitation({ id: second.id });
    expect((await api.members.list()).invitations).toEqual([]);
    await expect(stranger.account.invitation({ token: token(second.link) })).rejects.toMatchObject(
      refused('tokenInvalid'),
    );
    await expect(api.members.revokeInvitation({ id: second.id })).rejects.toMatchObject(refused('notFound'));
  });

  it('are refused for somebody who is here already', async () => {
    const owner = await createTestTenant();
    const member = await owner.person('member');
    await expect(owner.api.members.invite({ email: member.email.toUpperCase(), role: 'member' })).rejects.toMatchObject(
      refused('alreadyMember'),
    );
  });
});

describe('a person', () => {
  it('has another name at once for the colleagues', async () => {
    const owner = await createTestTenant();
    const viewer = await owner.person('viewer');
    await viewer.api.members.renameSelf({ name: '  Vera View ' });
    expect((await owner.api.members.list()).members.find(({ id }) => id === viewer.memberId)?.name).toBe('Vera View');
    expect((await viewer.api.tenant.boot()).member.name).toBe('Vera View');
    await expect(viewer.api.members.renameSelf({ name: ' ' })).rejects.toThrow();
  });

  it('keeps the session of another tenant when one ends it', async () => {
    const [here, there] = [await createTestTenant(), await createTestTenant()];
    const person = await here.person('member');
    const { link } = await there.api.members.invite({ email: person.email, role: 'member' });
    const token = new URL(link).searchParams.get('token') ?? '';
    await person.api.account.acceptInvitation({ token });
    await here.api.members.deactivate({ id: person.memberId });
    await expect(person.api.tenant.boot()).rejects.toMatchObject(refused('notFound'));
    expect((await (await signedIn(there.slug, person.email)).api.tenant.boot()).member.role).toBe('member');
  });
});
