import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { openFiles, storedBefore } from '@/server/core/files';
import { refusalView } from '@/server/core/trpc';
import { exportedFile, takeExport, unzipped, workOffExport } from '../support/exports';
import { ownFolder } from '../support/folders';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

openFiles(ownFolder('files'));

/** A table of a zip, its rows by header. */
function tableOf(members: Map<string, Buffer>, name: string, encoding = 'utf-8'): Record<string, string>[] {
  const bytes = members.get(name);
  if (!bytes) throw new Error(`No ${name} among ${[...members.keys()].join(', ')}`);
  // With `columns` each record is an object by header.
  return parse(new TextDecoder(encoding).decode(bytes), { columns: true }) as unknown as Record<string, string>[];
}

/** Records of several kinds that name each other. */
async function filled(tenant: TestTenant) {
  const { api } = tenant;
  const press = await api.objects.create({ key: 'o_press', label: { en: { one: 'Press', other: 'Presses' } } });
  const to = { to: 'company' };
  await api.fields.create({ object: 'o_press', key: 'c_at', type: 'reference', label: { en: 'Site' }, settings: to });
  const attributes = [
    { key: 'pages', label: { en: 'Pages' }, type: 'number' as const },
    { key: 'since', label: { en: 'Since' }, type: 'date' as const },
    { key: 'note', label: { en: 'Note' }, type: 'text' as const },
    { key: 'signed', label: { en: 'Signed' }, type: 'boolean' as const },
  ];
  const settings = { ...to, attributes };
  await api.fields.create({ object: 'o_press', key: 'c_seen', type: 'relation', label: { en: 'Seen' }, settings });
  const acme = await api.companies.create({ values: { name: 'Acme', ownerId: tenant.memberId } });
  const bolt = await api.companies.create({ values: { name: 'Bolt', parentId: acme.id } });
  const ada = await api.contacts.create({ values: { name: 'Ada', companyId: acme.id } });
  const [pipeline] = await api.pipelines.list();
  const deal = await api.deals.create({
    values: {
      name: 'Big',
      companyId: acme.id,
      stageId: pipeline?.stages[0]?.id ?? '',
      amount: 100_00,
      currency: 'EUR',
    },
  });
  await api.deals.linkContact({ dealId: deal.id, contactId: ada.id, role: 'decisionMaker' });
  await api.tasks.create({ values: { subject: 'Call', dealId: deal.id } });
  const one = await api.records.create({ object: press.key, values: { name: 'One', c_at: acme.id } });
  const said = { pages: 12.5, since: '2026-02-03', note: '=1', signed: true };
  for (const [{ id }, attributes] of [
    [acme, said],
    [bolt, undefined],
  ] as const)
    await api.relations.link({ object: press.key, field: 'c_seen', id: one.id, to: id, attributes });
  return { acme, bolt, ada, deal, one };
}

describe('everything', () => {
  it('is a zip with a file for each kind, records named by their ids', async () => {
    const tenant = await createTestTenant();
    const { acme, bolt, ada, deal, one } = await filled(tenant);
    const { name, bytes } = await exportedFile(tenant, { object: 'everything' });
    expect(name).toMatch(/^Everything \d{4}-\d\d-\d\d\.zip$/);
    const members = await unzipped(bytes);
    expect([...members.keys()]).toEqual([
      'Members.csv',
      'Companies.csv',
      'Contacts.csv',
      'Deals.csv',
      'Products.csv',
      'Tasks.csv',
      'Notes.csv',
      'Activities.csv',
      'Presses.csv',
      'Contacts – Companies.csv',
      'Deals – Contacts.csv',
      'Presses – Seen.csv',
    ]);
    const companies = tableOf(members, 'Companies.csv');
    expect(companies).toHaveLength(2);
    expect(companies.find((row) => row['Guanxi ID'] === bolt.id)).toMatchObject({
      Name: 'Bolt',
      'Parent company': 'Acme',
      'Parent company ID': acme.id,
    });
    expect(tableOf(members, 'Contacts.csv')).toMatchObject([{ Company: 'Acme', 'Company ID': acme.id }]);
    expect(tableOf(members, 'Deals.csv')).toMatchObject([
      { Amount: '100.00', Currency: 'EUR', 'Company ID': acme.id, Contacts: 'Ada', 'Contacts ID': ada.id },
    ]);
    expect(tableOf(members, 'Tasks.csv')).toMatchObject([{ Subject: 'Call', 'Deal ID': deal.id }]);
    expect(tableOf(members, 'Presses.csv')).toMatchObject([
      { 'Guanxi ID': one.id, 'Site ID': acme.id, Seen: 'Acme; Bolt', 'Seen ID': `${acme.id}; ${bolt.id}` },
    ]);
    // What a link says besides its two ends has no place in either.
    expect(tableOf(members, 'Contacts – Companies.csv')).toEqual([
      {
        'Guanxi link ID': expect.stringMatching(/^[\da-f-]{36}$/),
        'Contact ID': ada.id,
        Contact: 'Ada',
        'Company ID': acme.id,
        Company: 'Acme',
        Role: '',
        Primary: 'Yes',
        From: '',
        Until: '',
      },
    ]);
    expect(tableOf(members, 'Deals – Contacts.csv')).toMatchObject([
      { 'Deal ID': deal.id, 'Contact ID': ada.id, Role: 'Decision maker', Primary: 'Yes' },
    ]);
    expect(tableOf(members, 'Presses – Seen.csv')).toMatchObject([
      { 'Press ID': one.id, 'Seen ID': acme.id, Pages: '12.5', Since: '2026-02-03', Note: "'=1", Signed: 'Yes' },
      { 'Press ID': one.id, 'Seen ID': bolt.id, Pages: '', Since: '', Note: '', Signed: '' },
    ]);
    const people = tableOf(members, 'Members.csv');
    expect(people.map((row) => row['Guanxi ID'])).toContain(tenant.memberId);
    const [entry] = (await tenant.api.audit.list({})).rows.filter(({ action }) => action === 'exported');
    expect(entry).toMatchObject({ detail: { object: 'everything', format: 'csv', count: 6 + people.length } });
    const { rows } = await tenant.api.exports.list();
    expect(rows).toMatchObject([{ object: 'everything', rows: 6 + people.length, total: 6 + people.length }]);
    const { items } = await tenant.api.notifications.list({});
    expect(items).toMatchObject([{ kind: 'export', object: 'everything', failed: false }]);
  });

  it('is one workbook with a sheet for each kind, and GB18030 in Chinese', async () => {
    const tenant = await createTestTenant({ locale: 'zh' });
    await tenant.api.companies.create({ values: { name: '总部' } });
    const { name, bytes } = await exportedFile(tenant, { object: 'everything', format: 'xlsx' });
    expect(name).toMatch(/^全部数据 \d{4}-\d\d-\d\d\.xlsx$/);
    const workbook = (await unzipped(bytes)).get('xl/workbook.xml')?.toString() ?? '';
    expect([...workbook.matchAll(/sheet name="([^"]*)"/g)].map(([, sheet]) => sheet)).toEqual([
      '成员',
      '公司',
      '联系人',
      '商机',
      '产品',
      '任务',
      '备注',
      '活动',
      '联系人 – 公司',
      '商机 – 联系人',
    ]);
    const zip = await exportedFile(tenant, { object: 'everything', encoding: 'gb18030' });
    const companies = tableOf(await unzipped(zip.bytes), '公司.csv', 'gb18030');
    expect(companies.map((row) => row.公司名称)).toEqual(['总部']);
  });

  it('has only what the person may read', async () => {
    const tenant = await createTestTenant();
    await filled(tenant);
    const team = await tenant.api.teams.create({ name: 'North' });
    const manager = await tenant.person('manager', { teamId: team.id });
    const { bytes } = await exportedFile(tenant, { object: 'everything' }, manager);
    const members = await unzipped(bytes);
    // A manager reads the deals of the team: none.
    expect(tableOf(members, 'Deals.csv')).toEqual([]);
    expect(tableOf(members, 'Deals – Contacts.csv')).toEqual([]);
    expect(tableOf(members, 'Companies.csv')).toHaveLength(2);
    const member = await tenant.person('member');
    const refused = await member.api.exports.start({ object: 'everything' }).catch(refusalView);
    expect(refused).toMatchObject({ status: 403 });
  });

  it('keeps two kinds of one name apart', async () => {
    const tenant = await createTestTenant();
    await tenant.api.objects.create({ key: 'o_firm', label: { en: { one: 'company', other: 'companies' } } });
    const members = await unzipped((await exportedFile(tenant, { object: 'everything' })).bytes);
    expect([...members.keys()]).toContain('Companies.csv');
    expect([...members.keys()]).toContain('companies (2).csv');
  });

  it('is taken as it is', async () => {
    const tenant = await createTestTenant();
    const filter = { field: 'name', op: 'is' as const, value: 'x' };
    for (const more of [{ filter }, { columns: ['name'] }, { q: 'x' }, { sort: [] }, { format: 'vcard' as const }]) {
      const refused = await tenant.api.exports.start({ object: 'everything', ...more }).catch(refusalView);
      expect(refused).toMatchObject({ kind: 'invalid' });
    }
    expect(tenant.jobs.filter(({ queue }) => queue === 'export')).toEqual([]);
  });
});

describe('an export that is stopped', () => {
  const one = { object: 'company', columns: ['name'] };
  const stored = (tenant: TestTenant) => storedBefore(tenant.tenantId, Date.now() + 60_000);

  it('ends where it is, and leaves nothing', async () => {
    const tenant = await createTestTenant();
    await superuser((client) =>
      client.query(
        `insert into app.company (tenant_id, id, name, name_key, sort_key)
         select $1, gen_random_uuid(), n::text, n::text, n::text from generate_series(1, 30000) n`,
        [tenant.tenantId],
      ),
    );
    const { id } = await tenant.api.exports.start(one);
    const job = takeExport(tenant);
    let stopped: Promise<unknown> | undefined;
    const pages: number[] = [];
    await workOffExport(tenant, job, {
      checkpoint: (rows) => {
        pages.push(rows);
        stopped ??= tenant.api.exports.cancel({ id });
      },
    });
    await stopped;
    expect(pages.length).toBeLessThan(30);
    expect(await tenant.api.exports.get({ id })).toMatchObject({ status: 'cancelled', error: null });
    expect(await stored(tenant)).toEqual([]);
    expect((await tenant.api.notifications.list({})).items).toEqual([]);
    // Neither a worker that comes late nor an admin who runs given up jobs again brings it back.
    await workOffExport(tenant, job);
    await workOffExport(tenant, { ...job, again: true });
    expect(await tenant.api.exports.get({ id })).toMatchObject({ status: 'cancelled' });
    const actions = (await tenant.api.audit.list({})).rows.map(({ action }) => action);
    expect(actions.filter((action) => action === 'exportCancelled')).toHaveLength(1);
  });

  it('may be stopped before it begins; one that is over stays as it is', async () => {
    const tenant = await createTestTenant();
    const waiting = await tenant.api.exports.start(one);
    await tenant.api.exports.cancel(waiting);
    await workOffExport(tenant, takeExport(tenant));
    expect(await tenant.api.exports.get(waiting)).toMatchObject({ status: 'cancelled', rows: 0 });
    const over = await tenant.api.exports.start(one);
    await workOffExport(tenant, takeExport(tenant));
    await tenant.api.exports.cancel(over);
    expect(await tenant.api.exports.get(over)).toMatchObject({ status: 'done' });
  });

  it('is its asker’s alone to stop', async () => {
    const tenant = await createTestTenant();
    const { id } = await tenant.api.exports.start(one);
    const admin = await tenant.person('admin');
    expect(await admin.api.exports.cancel({ id }).catch(refusalView)).toMatchObject({ status: 404 });
    expect(await tenant.api.exports.get({ id })).toMatchObject({ status: 'queued' });
  });
});
