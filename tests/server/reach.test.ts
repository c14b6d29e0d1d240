import { describe, expect, it } from 'vitest';
import { createTestTenant } from '../support/tenants';

/** What a browser keeps goes when this text is another one: it has to be, whenever somebody may see less. */
describe('boot.reach', () => {
  it('is another one when role, teams, who is in them or an object’s rights change, and else the same', async () => {
    const owner = await createTestTenant();
    const manager = await owner.person('manager');
    const mate = await owner.person('member');
    const reach = async () => (await manager.api.tenant.boot()).reach;
    const seen = [await reach()];
    const changed = async () => {
      const next = await reach();
      expect(seen).not.toContain(next);
      seen.push(next);
    };

    const team = await owner.api.teams.create({ name: 'North', managerId: manager.memberId });
    await owner.api.members.setTeam({ id: mate.memberId, teamId: team.id });
    await changed();
    await owner.api.members.setTeam({ id: manager.memberId, teamId: team.id });
    await changed();
    await owner.api.objects.create({ label: { en: { one: 'Asset', other: 'Assets' } } });
    await changed();
    await owner.api.members.setRole({ id: manager.memberId, role: 'viewer' });
    await changed();

    await owner.api.companies.create({ values: { name: 'Acme' } });
    await owner.api.members.setRole({ id: mate.memberId, role: 'viewer' });
    expect(await reach()).toBe(seen.at(-1));
    expect((await mate.api.tenant.boot()).reach).not.toBe(seen.at(-1));
  });
});
