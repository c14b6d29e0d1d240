import { describe, expect, it, vi } from 'vitest';
import { hiddenDuplicates } from '@/server/core/limits';
import { refusalView } from '@/server/core/trpc';
import { scanDuplicates } from '@/server/duplicates/scan';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'not refused',
    (error) => refusalView(error),
  );

/** An object of which members see their own records only. */
async function secretObject({ api }: TestTenant) {
  const cell = { owner: 'all', admin: 'all', manager: 'team', member: 'own', viewer: 'none' } as const;
  const label = { en: { one: 'Case', other: 'Cases' } };
  const rights = { read: cell, write: cell, delete: cell };
  return (await api.objects.create({ label, icon: 'box', tone: 'blue', rights })).key;
}

describe('duplicates', () => {
  it('are found when records are written, with score and reasons, and go when they are one no more', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const a = await api.companies.create({ values: { name: 'Acme Inc.', domain: 'acme.com' } });
    expect((await api.duplicates.list({})).rows).toEqual([]);
    const b = await api.companies.create({ values: { name: 'ACME LLC', website: 'https://www.acme.com' } });
    await api.companies.create({ values: { name: 'Other' } });
    const [pair] = (await api.duplicates.list({})).rows;
    expect(pair).toMatchObject({ object: 'company', reasons: ['name', 'domain', 'similarName'], mergeable: true });
    expect(pair?.score).toBeGreaterThanOrEqual(95);
    expect([pair?.a.id, pair?.b.id].sort()).toEqual([a.id, b.id].sort());
    expect((await api.duplicates.list({ object: 'contact' })).rows).toEqual([]);
    expect((await api.duplicates.list({ reason: 'taxId' })).rows).toEqual([]);
    expect((await api.duplicates.list({ reason: 'domain' })).rows.length).toBe(1);
    expect((await api.duplicates.summary()).objects).toEqual([{ object: 'company', count: 1, certain: 1 }]);

    const { changeSetId } = await api.companies.update({ id: b.id, values: { name: 'Bolt', website: null } });
    expect((await api.duplicates.list({})).rows).toEqual([]);
    await api.changes.undo({ changeSetId });
    expect((await api.duplicates.list({})).rows.length).toBe(1);
    const gone = await api.companies.remove({ ids: [b.id] });
    expect((await api.duplicates.list({})).rows).toEqual([]);
    await api.changes.undo({ changeSetId: gone.changeSetId });
    expect((await api.duplicates.list({})).rows.length).toBe(1);
  });

  it('that are not the same are remembered as such, also after they are written again', async () => {
    const { api } = await createTestTenant();
    const a = await api.contacts.create({ values: { name: 'Ada', email: 'ada@example.com' } });
    const b = await api.contacts.create({ values: { name: 'Ada B', email: 'ADA@example.com' } });
    await api.duplicates.dismiss({ object: 'contact', a: b.id, b: a.id });
    expect((await api.duplicates.list({})).rows).toEqual([]);
    await api.contacts.update({ id: b.id, values: { phone: '139 0000 1111' } });
    expect((await api.duplicates.list({})).rows).toEqual([]);
    expect((await api.duplicates.list({ dismissed: true })).rows).toMatchObject([{ dismissedBy: 'Olivia Owner' }]);
    expect(await refused(api.duplicates.dismiss({ object: 'contact', a: a.id, b: b.id }))).toMatchObject({
      status: 404,
    });
    await api.duplicates.reopen({ object: 'contact', a: a.id, b: b.id });
    expect((await api.duplicates.list({})).rows.length).toBe(1);
  });

  it('are told while one types', async () => {
    const { api } = await createTestTenant();
    const { id } = await api.companies.create({ values: { name: '上海宏达贸易有限公司', phone: '021-61234567' } });
    const check = (values: Record<string, string>, exceptId?: string) =>
      api.duplicates.check({ object: 'company', values, exceptId });
    expect(await check({ name: '宏达贸易（上海）有限公司', phone: '+86 21 6123 4567' })).toMatchObject({
      found: [{ id, title: '上海宏达贸易有限公司', reasons: ['similarName', 'phone'], owner: 'Olivia Owner' }],
      hidden: [],
    });
    expect(await check({ name: '宏达贸易（上海）有限公司', phone: '+86 21 6123 4567' }, id)).toEqual({
      found: [],
      hidden: [],
    });
    expect(await check({ name: 'Somebody else' })).toEqual({ found: [], hidden: [] });
    expect(await check({ name: '' })).toEqual({ found: [], hidden: [] });
  });

  it('are told of an edit when the edit made them, but not what was alike before or is known to differ', async () => {
    const { api } = await createTestTenant();
    const other = await api.companies.create({
      values: { name: 'Acme Inc.', domain: 'acme.com', email: 'a@acme.com' },
    });
    const { id } = await api.companies.create({ values: { name: 'Bolt', phone: '021-61234567' } });
    const edit = (before: Record<string, string>, values: Record<string, string>) =>
      api.duplicates.check({ object: 'company', exceptId: id, before, values });
    const bolt = { name: 'Bolt', phone: '021-61234567' };
    const becoming: Record<string, string>[] = [{ name: 'ACME LLC' }, { domain: 'www.acme.com' }];
    for (const changed of becoming)
      expect((await edit(bolt, { ...bolt, ...changed })).found).toMatchObject([{ id: other.id }]);
    // What does not make it alike is not told, though it is alike already.
    const acme = { name: 'ACME LLC', phone: '021-61234567' };
    expect((await edit(acme, { ...acme, phone: '021-69999999', industry: 'Steel' })).found).toEqual([]);
    expect((await edit(acme, { ...acme, domain: 'acme.com' })).found).toMatchObject([{ id: other.id }]);
    await api.companies.update({ id, values: { name: 'ACME LLC' } });
    await api.duplicates.dismiss({ object: 'company', a: id, b: other.id });
    expect((await edit(bolt, { ...bolt, name: 'ACME LLC' })).found).toEqual([]);
  });

  it('are not listed from a place that was never given', async () => {
    const { api } = await createTestTenant();
    const at = { a: crypto.randomUUID(), b: crypto.randomUUID(), score: 10 ** 12 };
    const cursor = Buffer.from(JSON.stringify(at)).toString('base64url');
    expect(await refused(api.duplicates.list({ cursor }))).toMatchObject({ status: 400, code: 'badCursor' });
  });

  it('are looked for whatever somebody types', async () => {
    const { api } = await createTestTenant();
    // Written out it is longer than a key may be, which would end in half a character.
    const name = `${'ﬃ'.repeat(66)}a𠮷`;
    const { id } = await api.companies.create({ values: { name } });
    const check = async (object: string, values: Record<string, string>) =>
      (await api.duplicates.check({ object, values })).found;
    expect(await check('company', { name })).toMatchObject([{ id }]);
    for (const odd of ['a\0b', 'a\ud800', '\udc00a'])
      expect(await check('contact', { wechat: odd, email: `${odd}@example.com` })).toEqual([]);
  });

  it('that the person may not see are told without a byte of them, and not often', async () => {
    const tenant = await createTestTenant();
    const object = await secretObject(tenant);
    const team = await tenant.api.teams.create({ name: 'North' });
    const seller = await tenant.person('member', { name: 'Sally Seller', teamId: team.id });
    const rival = await tenant.person('member', { name: 'Rob Rival' });
    const { id } = await seller.api.records.create({ object, values: { name: 'Secret Project GmbH' } });
    const typed = { object, values: { name: 'secret project' } };
    const answer = await rival.api.duplicates.check(typed);
    expect(answer).toEqual({ found: [], hidden: [{ team: 'North' }] });
    const said = JSON.stringify(answer);
    for (const secret of [id, 'Secret', 'GmbH', 'Sally', seller.memberId, 'score', 'name'])
      expect(said).not.toContain(secret);
    // Leaving out the hidden record by its id tells nothing of it either.
    expect(await rival.api.duplicates.check({ ...typed, exceptId: id })).toEqual(answer);
    expect((await rival.api.duplicates.list({})).rows).toEqual([]);
    expect((await seller.api.duplicates.check(typed)).found).toMatchObject([{ id, title: 'Secret Project GmbH' }]);
    await rival.api.records.create({ object, values: { name: 'Secret Project' } });
    // The pair exists, and shows to nobody who does not see both.
    expect((await rival.api.duplicates.list({})).rows).toEqual([]);
    expect((await seller.api.duplicates.list({})).rows).toEqual([]);
    expect((await tenant.api.duplicates.list({})).rows.length).toBe(1);
    const asked = await Promise.all(
      Array.from({ length: hiddenDuplicates.burst + 2 }, () => refused(rival.api.duplicates.check(typed))),
    );
    expect(asked.filter((one) => one !== 'not refused')[0]).toMatchObject({ status: 429, code: 'rateLimited' });
    const viewer = await tenant.person('viewer');
    expect(await refused(viewer.api.duplicates.check(typed))).toMatchObject({ status: 403 });
  });

  it('follow the tenant’s rules, and a scan finds those of records without keys', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const field = await api.fields.create({
      object: 'product',
      type: 'text',
      label: { en: 'Serial' },
      settings: { unique: true, maxLength: 100 },
    });
    await api.products.create({ values: { name: 'Drill' } });
    await api.products.create({ values: { name: 'drill' } });
    const rule = (await api.duplicates.rules()).find(({ object }) => object === 'product');
    expect(rule).toMatchObject({ weights: { name: 70, code: 95, [field.key]: 95 }, threshold: 60, version: 0 });
    expect((await api.duplicates.list({})).rows.length).toBe(1);
    const set = (weights: Record<string, number>, version: number) =>
      api.duplicates.setRules({ object: 'product', weights, threshold: 60, version });
    expect(await refused(set({ colour: 5 }, 0))).toMatchObject({ code: 'unknownRule' });
    const off = await set({ name: 0 }, 0);
    expect(tenant.jobs.filter(({ queue }) => queue === 'duplicates').length).toBe(1);
    expect(await refused(set({ name: 5 }, 0))).toMatchObject({ status: 409 });
    const scan = () => scanDuplicates(tenant.tenantId, new Date(), new AbortController().signal);
    await scan();
    expect((await api.duplicates.list({})).rows).toEqual([]);
    await set({ name: 100 }, off.version);
    await superuser((client) => client.query('delete from app.match_key where tenant_id = $1', [tenant.tenantId]));
    await scan();
    expect((await api.duplicates.list({})).rows).toMatchObject([{ score: 100, reasons: ['name'] }]);
    const member = await tenant.person('manager');
    expect(await refused(member.api.duplicates.rules())).toMatchObject({ status: 403 });
  });

  it('among very many changes are found batch by batch, and a scan that was killed goes on where it was', async () => {
    const { api, tenantId } = await createTestTenant();
    const { changeSetId } = await api.companies.create({ values: { name: 'Twin' } });
    const scan = (signal = new AbortController().signal) => scanDuplicates(tenantId, new Date(), signal, 'company');
    expect(await scan()).toBe(1);
    await superuser((client) =>
      client.query(
        `with made as (
           insert into app.company (tenant_id, id, name, name_key, sort_key)
           select $1, md5('flow' || n)::uuid, case n when 1300 then 'TWIN' else 'Firm ' || n end, 'x', 'x'
           from generate_series(1, 1300) n returning id)
         insert into app.change (tenant_id, change_set_id, object, record_id, op, written_at)
         select $1, $2, 'company', id, 'create', now() + row_number() over () * interval '1 ms' from made`,
        [tenantId, changeSetId],
      ),
    );
    const { signal } = new AbortController();
    let batches = 0;
    vi.spyOn(signal, 'throwIfAborted').mockImplementation(() => {
      if (batches++ > 0) throw new Error('killed');
    });
    await expect(scan(signal)).rejects.toThrow('killed');
    // The first five hundred were the record of before and 499 of these.
    expect(await scan()).toBe(801);
    expect((await api.duplicates.list({})).rows).toMatchObject([{ reasons: ['name', 'similarName'] }]);
  });

  it('by a key that many share are none', async () => {
    const { api } = await createTestTenant();
    for (let n = 0; n < 25; n++) await api.companies.create({ values: { name: `Firm ${n}`, taxId: 'shared-1' } });
    expect(
      (await api.duplicates.check({ object: 'company', values: { name: 'New', taxId: 'SHARED1' } })).found,
    ).toEqual([]);
  });
});
