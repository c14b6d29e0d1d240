import { describe, expect, it } from 'vitest';
import { clock, createTestTenant } from '../support/tenants';

// Invitations end by the database's own clock.
clock.now = new Date();

const refused = (code: string) => ({ message: code });

describe('teams', () => {
  it('have a name of their own, an office, a manager and people', async () => {
    const owner = await createTestTenant();
    const manager = await owner.person('manager', { name: 'Mona Manager' });
    const { id } = await owner.api.teams.create({ name: 'West', office: 'Portland', managerId: manager.memberId });
    await owner.person('member', { teamId: id });
    expect(await owner.api.teams.list()).toEqual([
      { id, name: 'West', office: 'Portland', managerId: manager.memberId, managerName: 'Mona Manager', members: 1 },
    ]);
    await expect(owner.api.teams.create({ name: 'WEST' })).rejects.toMatchObject(refused('nameTaken'));
    const renamed = await owner.api.teams.update({ id, name: 'North', office: null });
    expect((await owner.api.teams.list())[0]).toMatchObject({ name: 'North', office: null });
    await owner.api.changes.undo({ changeSetId: renamed.changeSetId });
    expect((await owner.api.teams.list())[0]).toMatchObject({ name: 'West', office: 'Portland' });
    await expect(manager.api.teams.update({ id, name: 'Mine' })).rejects.toMatchObject(refused('forbidden'));
  });

  it('let their manager see what their people own, from the next request on', async () => {
    const owner = await createTestTenant();
    const [manager, member] = [await owner.person('manager'), await owner.person('member')];
    const deal = await member.api.deals.create({ values: { name: 'Hidden' } });
    await expect(manager.api.deals.get({ id: deal.id })).rejects.toMatchObject(refused('notFound'));
    const { id } = await owner.api.teams.create({ name: 'East', managerId: manager.memberId });
    await owner.api.members.setTeam({ id: member.memberId, teamId: id });
    expect(await manager.api.deals.get({ id: deal.id })).toMatchObject({ name: 'Hidden' });
    await owner.api.members.setTeam({ id: member.memberId, teamId: null });
    await expect(manager.api.deals.get({ id: deal.id })).rejects.toMatchObject(refused('notFound'));
  });

  it('take exactly the people named, in one change', async () => {
    const owner = await createTestTenant();
    const [ada, ben, eve] = [await owner.person('member'), await owner.person('member'), await owner.person('member')];
    const { id } = await owner.api.teams.create({ name: 'West', memberIds: [ada.memberId, ben.memberId] });
    const inTeam = async () =>
      (await owner.api.members.list()).members
        .filter((m) => m.teamId === id)
        .map((m) => m.id)
        .sort();
    expect(await inTeam()).toEqual([ada.memberId, ben.memberId].sort());
    const changed = await owner.api.teams.update({ id, office: 'Denver', memberIds: [ben.memberId, eve.memberId] });
    expect(await inTeam()).toEqual([ben.memberId, eve.memberId].sort());
    await owner.api.changes.undo({ changeSetId: changed.changeSetId });
    expect(await inTeam()).toEqual([ada.memberId, ben.memberId].sort());
    expect((await owner.api.teams.list())[0]?.office).toBeNull();
    await expect(owner.api.teams.update({ id, memberIds: [id] })).rejects.toMatchObject(refused('notFound'));
  });

  it('let their people go when removed, and get them back by undo', async () => {
    const owner = await createTestTenant();
    const { id } = await owner.api.teams.create({ name: 'East' });
    const member = await owner.person('member', { teamId: id });
    const teamOf = async () => (await owner.api.members.list()).members.find((m) => m.id === member.memberId)?.teamName;
    const removed = await owner.api.teams.remove({ id });
    expect(await owner.api.teams.list()).toEqual([]);
    expect(await teamOf()).toBeNull();
    await owner.api.changes.undo({ changeSetId: removed.changeSetId });
    expect(await teamOf()).toBe('East');
    await expect(owner.api.members.setTeam({ id: member.memberId, teamId: member.memberId })).rejects.toMatchObject(
      refused('notFound'),
    );
  });
});
