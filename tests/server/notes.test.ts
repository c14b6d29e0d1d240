import { describe, expect, it } from 'vitest';
import { refusalView } from '@/server/core/trpc';
import { createTestTenant, type TestPerson } from '../support/tenants';

describe('notes', () => {
  it('of a deal are for those who may read the deal; those of its company are for all', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const own = await tenant.person('member');
    const other = await tenant.person('member');
    const viewer = await tenant.person('viewer');
    const { id: companyId } = await api.companies.create({ values: { name: 'Acme' } });
    const deal = await own.api.deals.create({ values: { name: 'Lathe', companyId } });
    const secret = await own.api.notes.create({ values: { dealId: deal.id, companyId, body: 'They would pay 90 %' } });
    const open = await own.api.notes.create({ values: { companyId, body: 'Met at the fair' } });

    const listed = async ({ api: theirs }: TestPerson) =>
      (await theirs.notes.list({ filter: { field: 'companyId', op: 'anyOf', value: [companyId] } })).rows.map(
        ({ id }) => id,
      );
    expect((await listed(own)).sort()).toEqual([secret.id, open.id].sort());
    expect((await listed(viewer)).sort()).toEqual([secret.id, open.id].sort());
    expect(await listed(other)).toEqual([open.id]);
    expect(await other.api.notes.get({ id: secret.id }).catch(refusalView)).toMatchObject({ code: 'notFound' });
    const told = async (person: TestPerson) =>
      JSON.stringify(await person.api.changes.timeline({ object: 'company', id: companyId, limit: 50 }));
    expect(await told(own)).toContain('90 %');
    expect(await told(other)).not.toContain('90 %');
    expect(await told(other)).toContain('at the fair');

    // Whoever is given the deal has its notes with it.
    await api.deals.update({ id: deal.id, values: { ownerId: other.memberId } });
    expect((await listed(other)).sort()).toEqual([secret.id, open.id].sort());
    expect(await own.api.notes.update({ id: secret.id, values: { body: 'x' } }).catch(refusalView)).toMatchObject({
      code: 'notFound',
    });
  });
});
