import { describe, expect, it } from 'vitest';
import { importFile, planFor, upload } from '../support/imports';
import { createTestTenant, type TestTenant } from '../support/tenants';

const company = async (tenant: TestTenant, values: Record<string, unknown>) =>
  (await tenant.api.companies.create({ values: { name: 'Acme', ...values } })).id;

const versionOf = async (tenant: TestTenant, id: string) =>
  Number((await tenant.api.companies.list({})).rows.find((row) => row.id === id)?.version);

/** Two companies of one name, and people that name it. */
async function twins(tenant: TestTenant) {
  const one = await company(tenant, { domain: 'acme.test', city: 'Berlin' });
  const other = await company(tenant, { domain: 'acme.example' });
  const text =
    'First Name,Last Name,Email,Company Name,Job Title\nAda,Long,ada@x.test,Acme,Buyer\nBea,Short,bea@x.test,Acme,Boss\nCid,Third,cid@x.test,Bolt,\n';
  const fileId = await upload(tenant, 'contacts.csv', text);
  const plan = await planFor(tenant, fileId);
  return { one, other, result: await importFile(tenant, fileId, plan) };
}

const people = async (tenant: TestTenant) =>
  new Map((await tenant.api.contacts.list({})).rows.map((row) => [row.email, row]));

describe('what could mean several records', () => {
  it('waits with the records it could mean, and is filled in with the one chosen, nothing else being touched', async () => {
    const tenant = await createTestTenant();
    const { one, other, result } = await twins(tenant);
    expect(result).toMatchObject({ status: 'done', created: 3, partly: 2, review: 2, reviewed: false });
    const { items, total } = await tenant.api.imports.review({ id: result.id });
    expect(total).toBe(2);
    expect(items.map(({ row, target, text }) => [row, target, text])).toEqual([
      [2, 'company', 'Acme'],
      [3, 'company', 'Acme'],
    ]);
    expect(items[0]?.candidates.map(({ id, detail }) => [id, detail]).sort()).toEqual(
      [
        [one, 'acme.test'],
        [other, 'acme.example'],
      ].sort(),
    );

    // What was edited meanwhile is not written over.
    const ada = (await people(tenant)).get('ada@x.test');
    await tenant.api.contacts.update({
      id: String(ada?.id),
      version: Number(ada?.version),
      values: { jobTitle: 'CEO' },
    });
    const choice = { id: other };
    const input = { id: result.id, row: 2, target: 'company', choice };
    expect(await tenant.api.imports.decide(input)).toEqual({ decided: 1, next: null });
    await expect(tenant.api.imports.decide(input)).rejects.toThrow('notInReview');
    const now = await people(tenant);
    expect(now.get('ada@x.test')).toMatchObject({ companyId: other, jobTitle: 'CEO' });
    expect(now.get('bea@x.test')).toMatchObject({ companyId: null });
    expect(await tenant.api.imports.get({ id: result.id })).toMatchObject({
      ...{ partly: 1, review: 1, created: 3, reviewed: true },
    });
    const links = await tenant.api.companies.contacts({ id: other });
    expect(links.map(({ name }) => name)).toEqual(['Ada Long']);
  });

  it('is decided for all rows alike, and undone with the import', async () => {
    const tenant = await createTestTenant();
    const { one, result } = await twins(tenant);
    const choice = { id: one };
    const input = { id: result.id, row: 2, target: 'company', choice, scope: 'alike' } as const;
    expect(await tenant.api.imports.decide(input)).toEqual({ decided: 2, next: null });
    expect([...(await people(tenant)).values()].filter(({ companyId }) => companyId === one)).toHaveLength(2);
    expect(await tenant.api.imports.get({ id: result.id })).toMatchObject({ partly: 0, review: 0 });
    const report = await tenant.api.imports.undo({ id: result.id });
    expect(report.kept).toEqual([]);
    expect((await people(tenant)).size).toBe(0);
    await expect(tenant.api.imports.decide(input)).rejects.toThrow('alreadyUndone');
  });

  it('takes only a record that is one of those meant and is there', async () => {
    const tenant = await createTestTenant();
    const { one, result } = await twins(tenant);
    const bolt = await company(tenant, { name: 'Bolt' });
    const decide = (choice: { id: string } | { create: true }) =>
      tenant.api.imports.decide({ id: result.id, row: 2, target: 'company', choice });
    await expect(decide({ id: bolt })).rejects.toThrow('notACandidate');
    await expect(decide({ create: true })).rejects.toThrow('notACandidate');
    await tenant.api.companies.remove({ ids: [one] });
    await expect(decide({ id: one })).rejects.toThrow('notACandidate');
    const [item] = (await tenant.api.imports.review({ id: result.id })).items;
    expect(item?.candidates.map(({ id }) => id)).not.toContain(one);
    const stranger = await createTestTenant();
    await expect(stranger.api.imports.review({ id: result.id })).rejects.toThrow('notFound');
    await expect(
      stranger.api.imports.decide({ id: result.id, row: 2, target: 'company', choice: { leave: true } }),
    ).rejects.toThrow('notFound');
  });

  it('is left as it is when a person says so', async () => {
    const tenant = await createTestTenant();
    const { result } = await twins(tenant);
    const choice = { leave: true } as const;
    const input = { id: result.id, row: 3, target: 'company', choice, scope: 'all' } as const;
    expect(await tenant.api.imports.decide(input)).toEqual({ decided: 2, next: null });
    expect(await tenant.api.imports.get({ id: result.id })).toMatchObject({ partly: 2, review: 0 });
    const { rows } = await tenant.api.imports.problems({ id: result.id, kind: 'partly' });
    expect(rows).toHaveLength(2);
  });

  it('is which record a row is about: the one chosen is updated, or a new one made, and the counts follow', async () => {
    const tenant = await createTestTenant();
    const one = await company(tenant, { industry: 'Old', annualRevenue: 100, currency: 'USD' });
    const other = await company(tenant, { industry: 'Old' });
    const text = 'Company Name,Industry,Annual Revenue\nAcme,Tools,5\nBolt,Nails,7\nACME,New,9\n';
    const fileId = await upload(tenant, 'companies.csv', text);
    const result = await importFile(tenant, fileId, await planFor(tenant, fileId, { matchKey: 'name' }));
    expect(result).toMatchObject({ created: 1, refused: 2, review: 2 });
    const { items } = await tenant.api.imports.review({ id: result.id });
    expect(items.map(({ row, target, text }) => [row, target, text])).toEqual([
      [2, null, 'Acme'],
      [4, null, 'ACME'],
    ]);

    // Who was chosen is meant, whatever it is called by now.
    const called = { id: other, version: await versionOf(tenant, other), values: { name: 'Zeta' } };
    await tenant.api.companies.update(called);
    await tenant.api.imports.decide({ id: result.id, row: 2, target: null, choice: { id: other } });
    await tenant.api.imports.decide({ id: result.id, row: 4, target: null, choice: { create: true } });
    const view = await tenant.api.imports.get({ id: result.id });
    expect(view).toMatchObject({ rows: 3, taken: 3, created: 2, updated: 1, refused: 0, review: 0 });
    expect(view.money.map(({ read, stored, equal }) => [read, stored, equal])).toEqual([
      [{ rows: 3, minor: 2100 }, { rows: 3, minor: 2100 }, true],
    ]);
    expect((await tenant.api.imports.problems({ id: result.id })).rows).toEqual([]);
    const rows = (await tenant.api.companies.list({})).rows;
    expect(rows.find(({ id }) => id === one)).toMatchObject({ industry: 'Old' });
    expect(rows.find(({ id }) => id === other)).toMatchObject({ name: 'Acme', industry: 'Tools' });
    expect(rows.filter(({ name }) => name === 'ACME')).toMatchObject([{ industry: 'New' }]);

    await tenant.api.imports.undo({ id: result.id });
    expect((await tenant.api.companies.list({})).rows.map(({ id, industry }) => [id, industry]).sort()).toEqual(
      [
        [one, 'Old'],
        [other, 'Old'],
      ].sort(),
    );
  });

  it('is one of several names in a cell, each for itself', async () => {
    const tenant = await createTestTenant();
    const ids: string[] = [];
    for (const name of ['Acme', 'Acme', 'Bolt', 'Bolt']) ids.push(await company(tenant, { name }));
    const text = 'First Name,Last Name,Email,Company Name\nAda,Long,ada@x.test,Acme; Bolt\n';
    const fileId = await upload(tenant, 'contacts.csv', text);
    const result = await importFile(tenant, fileId, await planFor(tenant, fileId));
    const { items } = await tenant.api.imports.review({ id: result.id });
    expect(items.map((item) => item.text)).toEqual(['Acme', 'Bolt']);
    const decide = (name: string, id = '') =>
      tenant.api.imports.decide({ id: result.id, row: 2, target: 'company', text: name, choice: { id } });
    await expect(decide('Acme', ids[3])).rejects.toThrow('notACandidate');
    await decide('Bolt', ids[3]);
    expect(await tenant.api.imports.get({ id: result.id })).toMatchObject({ partly: 1, review: 1 });
    await decide('Acme', ids[0]);
    expect(await tenant.api.imports.get({ id: result.id })).toMatchObject({ partly: 0, review: 0 });
    const linked = await Promise.all(ids.map((id) => tenant.api.companies.contacts({ id })));
    expect(linked.map((list) => list.length)).toEqual([1, 0, 0, 1]);
  });

  it('is the contact of a deal', async () => {
    const tenant = await createTestTenant();
    const ids: string[] = [];
    for (const email of ['ann@a.test', 'ann@b.test'])
      ids.push((await tenant.api.contacts.create({ values: { name: 'Ann Lee', email } })).id);
    const fileId = await upload(tenant, 'deals.csv', 'Deal Name,Amount,Contact\nBig one,10,Ann Lee\n');
    const result = await importFile(tenant, fileId, await planFor(tenant, fileId));
    const [item] = (await tenant.api.imports.review({ id: result.id })).items;
    expect(item).toMatchObject({ row: 2, target: 'contact', object: 'contact' });
    await tenant.api.imports.decide({ id: result.id, row: 2, target: 'contact', choice: { id: ids[1] ?? '' } });
    const [deal] = (await tenant.api.deals.list({})).rows;
    expect(await tenant.api.deals.contacts({ id: String(deal?.id) })).toMatchObject([{ id: ids[1] }]);
  });
});
