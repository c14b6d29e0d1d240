import { describe, expect, it } from 'vitest';
import { inTenant } from '@/db/tenant';
import { apply } from '@/server/core/changes';
import { newId } from '@/server/core/ids';
import { type KeysJob, runKeys } from '@/server/search/follow';
import { importFile, planFor, upload, workOf, workOff } from '../support/imports';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

const contacts = (count: number) =>
  `Name,Email\n${Array.from({ length: count }, (_, i) => `Petra Many${i},petra${i}@many.example`).join('\n')}\n`;

const found = async (tenant: TestTenant, q: string) => (await tenant.api.contacts.list({ q })).rows.map(({ id }) => id);

/** How many contacts have search keys, in the bin and out of it, and keys in all. */
const keysOf = (tenant: TestTenant) =>
  superuser(async (client) => {
    const { rows } = await client.query<{ live: number; binned: number; keys: number }>(
      `select count(distinct c.id) filter (where c.deleted_at is null)::int as live,
         count(distinct c.id) filter (where c.deleted_at is not null)::int as binned, count(*)::int as keys
       from app.contact c join app.search_key k on k.tenant_id = c.tenant_id and k.record_id = c.id where c.tenant_id = $1`,
      [tenant.tenantId],
    );
    return rows[0];
  });

describe('search keys of imported records', () => {
  it('are there with the records of a small file', async () => {
    const tenant = await createTestTenant();
    const fileId = await upload(tenant, 'contacts.csv', contacts(401));
    await importFile(tenant, fileId, await planFor(tenant, fileId));
    expect(tenant.jobs.filter(({ queue }) => queue === 'searchKeys')).toEqual([]);
    expect(await keysOf(tenant)).toMatchObject({ live: 401 });
    expect(await found(tenant, 'petra400@many.example')).toHaveLength(1);
  });

  it('and all their values are as in a file of few rows, whichever columns are filled in which row', async () => {
    const tenant = await createTestTenant();
    const rows = Array.from({ length: 300 }, (_, i) => {
      const tags = i % 100 === 7 ? '"vip; ""old"" \\ new"' : '';
      return `Petra Many${i},petra${i}@many.example,Buyer,${tags},${i % 2 ? 'yes' : ''}`;
    });
    const fileId = await upload(tenant, 'contacts.csv', `Name,Email,Job Title,Tags,Do Not Call\n${rows.join('\n')}\n`);
    await importFile(tenant, fileId, await planFor(tenant, fileId));
    const [seven, eight] = await Promise.all(
      [7, 8].map(async (i) => (await tenant.api.contacts.list({ q: `petra${i}@many.example` })).rows[0]),
    );
    expect(seven).toMatchObject({ jobTitle: 'Buyer', tags: ['vip', '"old" \\ new'], doNotCall: true, phone: null });
    expect(eight).toMatchObject({ jobTitle: 'Buyer', tags: null, doNotCall: null, version: 1 });
  });

  it('many new records of one change may name each other, whichever comes first', async () => {
    const tenant = await createTestTenant();
    const ids = Array.from({ length: 250 }, () => newId());
    await inTenant(tenant.tenantId, 'write', async (db) => {
      const work = await workOf(tenant, db);
      const type = work.types.get('company');
      const values = (i: number) => ({ name: `Firm ${i}`, parentId: i === 0 ? ids.at(-1) : null });
      await apply(
        work,
        'import',
        ids.map((id, i) => ({ type, op: 'create', id, values: values(i) })),
      );
    });
    expect(await tenant.api.companies.get({ id: ids[0] ?? '' })).toMatchObject({ parentId: ids.at(-1) });
  });

  it('of a large one follow with a job: for what is still there by then, and once', { timeout: 120_000 }, async () => {
    const tenant = await createTestTenant();
    const fileId = await upload(tenant, 'contacts.csv', contacts(5100));
    const { id, ...done } = await importFile(tenant, fileId, await planFor(tenant, fileId));
    expect(done).toMatchObject({ status: 'done', created: 5100, following: true });
    expect(await keysOf(tenant)).toMatchObject({ live: 0 });

    const [renamed, binned] = (await tenant.api.contacts.list({ limit: 2 })).rows;
    if (!renamed || !binned) throw new Error('Nothing was imported');
    await tenant.api.contacts.update({ id: renamed.id, version: renamed.version, values: { name: 'Renate Anders' } });
    await tenant.api.contacts.remove({ ids: [binned.id] });

    const [job] = tenant.jobs.filter(({ queue }) => queue === 'searchKeys');
    await runKeys(job?.payload as unknown as KeysJob);
    expect(await tenant.api.imports.get({ id })).toMatchObject({ following: false });
    const after = await keysOf(tenant);
    expect(after).toMatchObject({ live: 5099, binned: 0 });
    expect(await found(tenant, 'renate anders')).toEqual([renamed.id]);
    expect(await found(tenant, 'petra2500@many.example')).toHaveLength(1);

    await runKeys(job?.payload as unknown as KeysJob);
    expect(await keysOf(tenant)).toEqual(after);
  });

  it('follow when the import is stopped half-way', { timeout: 120_000 }, async () => {
    const tenant = await createTestTenant();
    const fileId = await upload(tenant, 'contacts.csv', contacts(5100));
    const { id } = await tenant.api.imports.start({ fileId, plan: await planFor(tenant, fileId) });
    let batches = 0;
    const killed = workOff(tenant, {
      checkpoint: () => {
        if (++batches === 3) throw new Error('killed');
      },
    });
    await expect(killed).rejects.toThrow('killed');
    await tenant.api.imports.cancel({ id });
    const [job] = tenant.jobs.filter(({ queue }) => queue === 'searchKeys');
    await runKeys(job?.payload as unknown as KeysJob);
    expect(await keysOf(tenant)).toMatchObject({ live: 1600 });
  });
});
