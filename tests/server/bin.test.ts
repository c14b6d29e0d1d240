import { describe, expect, it } from 'vitest';
import { eraseHistory } from '@/db/erase';
import { inTenant } from '@/db/tenant';
import { sealTenant, verifyTenant } from '@/server/audit/jobs';
import { emptyBin } from '@/server/bin/jobs';
import { apply } from '@/server/core/changes';
import { refusalView } from '@/server/core/trpc';
import { workOf } from '../support/imports';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'not refused',
    (error) => refusalView(error),
  );
const rows = <T>(text: string, values: unknown[] = []) =>
  superuser(async (client) => (await client.query(text, values)).rows as T[]);
const names = async ({ api }: TestTenant, input: object = {}) =>
  (await api.bin.list(input)).rows.map(({ title }) => title);
const anObject = ({ api }: TestTenant) =>
  api.objects
    .create({ label: { en: { one: 'Asset', other: 'Assets' } }, icon: 'box', tone: 'blue' })
    .then(({ key }) => key);

describe('the bin', () => {
  it('has all kinds of records, by whom and for how long, to search and to filter', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const object = await anObject(tenant);
    const colleague = await tenant.person('manager', { name: 'Mia Manager' });
    const asset = await api.records.create({ object, values: { name: 'Crane' } });
    const company = await api.companies.create({ values: { name: 'Acme' } });
    const note = await colleague.api.notes.create({ values: { body: 'Call acme back', companyId: company.id } });
    await api.records.remove({ object, ids: [asset.id] });
    await api.companies.remove({ ids: [company.id] });
    await colleague.api.notes.remove({ ids: [note.id] });
    const { rows: shown } = await api.bin.list({});
    expect(shown.map(({ object, title, by }) => [object, title, by])).toEqual([
      ['note', 'Call acme back', 'Mia Manager'],
      ['company', 'Acme', 'Olivia Owner'],
      [object, 'Crane', 'Olivia Owner'],
    ]);
    expect(shown[0]).toMatchObject({ daysLeft: 180, restorable: true, merge: null });
    expect(await names(tenant, { object })).toEqual(['Crane']);
    expect(await names(tenant, { q: 'ACME' })).toEqual(['Call acme back', 'Acme']);
    expect(await names(tenant, { byId: colleague.memberId })).toEqual(['Call acme back']);
    expect((await api.bin.summary()).objects).toEqual(
      expect.arrayContaining([
        { object: 'company', count: 1 },
        { object, count: 1 },
      ]),
    );
    const page = await api.bin.list({ limit: 2 });
    expect((await api.bin.list({ limit: 2, cursor: page.next })).rows.map(({ title }) => title)).toEqual(['Crane']);
    const member = await tenant.person('member');
    expect((await member.api.bin.list({ object: 'company' })).rows).toMatchObject([
      { title: 'Acme', restorable: false },
    ]);
    expect(await refused(member.api.bin.restore({ items: [{ object: 'company', id: company.id }] }))).toMatchObject({
      status: 404,
    });
  });

  it('refuses a place in the list that it never gave', async () => {
    const { api } = await createTestTenant();
    const id = crypto.randomUUID();
    for (const at of ['1', '0000-01-01T00:00:00Z', '+012345-01-01T00:00:00Z', '2026-02-31T00:00:00Z']) {
      const cursor = Buffer.from(JSON.stringify({ at, id })).toString('base64url');
      expect(await refused(api.bin.list({ cursor }))).toMatchObject({ status: 400, code: 'badCursor' });
    }
  });

  it('gives back one or many with their relations, in one step that can be undone', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const object = await anObject(tenant);
    const company = await api.companies.create({ values: { name: 'Acme' } });
    const contact = await api.contacts.create({ values: { name: 'Ada', companyId: company.id } });
    const asset = await api.records.create({ object, values: { name: 'Crane' } });
    await api.companies.remove({ ids: [company.id] });
    await api.records.remove({ object, ids: [asset.id] });
    const items = [
      { object: 'company', id: company.id },
      { object, id: asset.id },
    ];
    const { changeSetId, count } = await api.bin.restore({ items });
    expect(count).toBe(2);
    expect(await names(tenant)).toEqual([]);
    expect((await api.companies.contacts({ id: company.id })).map(({ id }) => id)).toEqual([contact.id]);
    await api.changes.undo({ changeSetId: changeSetId ?? '' });
    expect((await names(tenant)).sort()).toEqual(['Acme', 'Crane']);
    await api.bin.restore({ items });
    expect(await refused(api.bin.restore({ items }))).toMatchObject({ status: 404, code: 'notInBin' });
  });

  it('gives back what went there in the same change: links, notes, tasks, but not what went before or by itself', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const company = await api.companies.create({ values: { name: 'Acme' } });
    const contact = await api.contacts.create({ values: { name: 'Ada', companyId: company.id } });
    const people = async () => (await api.companies.contacts({ id: company.id })).map(({ id }) => id);
    // Taking back that she was made takes the link to her company along.
    await api.changes.undo({ changeSetId: contact.changeSetId });
    expect(await people()).toEqual([]);
    await api.bin.restore({ items: [{ object: 'contact', id: contact.id }] });
    expect(await people()).toEqual([contact.id]);

    const object = await anObject(tenant);
    const { key } = await api.fields.create({
      object,
      type: 'relation',
      label: { en: 'Users' },
      settings: { to: 'company' },
    });
    const asset = await api.records.create({ object, values: { name: 'Crane' } });
    const linked = await api.relations.link({ object, field: key, id: asset.id, to: company.id });
    const [kept, earlier] = [
      await api.notes.create({ values: { body: 'Goes along', companyId: company.id } }),
      await api.notes.create({ values: { body: 'Deleted before', companyId: company.id } }),
    ];
    const task = await api.tasks.create({ values: { subject: 'Goes along too', companyId: company.id } });
    await api.notes.remove({ ids: [earlier.id] });
    const gone: [string, string][] = [
      ['company', company.id],
      ['note', kept.id],
      ['task', task.id],
      ['relationLink', linked.linkId],
    ];
    await inTenant(tenant.tenantId, 'write', async (db) => {
      const work = await workOf(tenant, db);
      const list = gone.map(([name, id]) => ({ type: work.types.get(name), op: 'delete' as const, id }));
      await apply(work, 'delete', list);
    });
    expect((await names(tenant)).sort()).toEqual(['Acme', 'Deleted before', 'Goes along', 'Goes along too']);
    const { count, changeSetId } = await api.bin.restore({ items: [{ object: 'company', id: company.id }] });
    expect(count).toBe(1);
    expect(await names(tenant)).toEqual(['Deleted before']);
    expect(await api.notes.get({ id: kept.id })).toMatchObject({ companyId: company.id });
    const links = async () => (await api.relations.of({ object, field: key, id: asset.id })).rows.map(({ id }) => id);
    expect(await links()).toEqual([company.id]);
    await api.changes.undo({ changeSetId: changeSetId ?? '' });
    expect((await names(tenant)).sort()).toEqual(['Acme', 'Deleted before', 'Goes along', 'Goes along too']);
    expect(await links()).toEqual([]);
  });

  it('gives a merged record back by taking the merge back', async () => {
    const { api } = await createTestTenant();
    const a = await api.companies.create({ values: { name: 'Acme' } });
    const b = await api.companies.create({ values: { name: 'ACME Inc' } });
    const deal = await api.notes.create({ values: { body: 'x', companyId: b.id } });
    await api.merges.merge({ object: 'company', survivorId: a.id, mergedIds: [b.id] });
    expect((await api.bin.list({})).rows).toMatchObject([{ id: b.id, merge: { survivorId: a.id, survivor: 'Acme' } }]);
    expect((await api.bin.restore({ items: [{ object: 'company', id: b.id }] })).count).toBe(1);
    expect(await api.notes.get({ id: deal.id })).toMatchObject({ companyId: b.id });
  });

  it('gives back several merged records, each in a change of its own', async () => {
    const { api } = await createTestTenant();
    const make = (name: string) => api.companies.create({ values: { name } }).then(({ id }) => id);
    const [a, b, c, d] = [await make('A'), await make('B'), await make('C'), await make('D')];
    await api.merges.merge({ object: 'company', survivorId: a, mergedIds: [b] });
    await api.merges.merge({ object: 'company', survivorId: c, mergedIds: [d] });
    const items = [b, d].map((id) => ({ object: 'company', id }));
    expect(await api.bin.restore({ items })).toEqual({ count: 2, changeSetId: null });
    expect((await api.companies.count({})).count).toBe(4);
  });

  it('gives back what refers to a record that was merged meanwhile as referring to what that became', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const make = (name: string) => api.companies.create({ values: { name } }).then(({ id }) => id);
    const [a, b, c] = [await make('Acme'), await make('ACME Inc'), await make('Acme Group')];
    const object = await anObject(tenant);
    const { key } = await api.fields.create({
      object,
      type: 'reference',
      label: { en: 'Holder' },
      settings: { to: 'company' },
    });
    const contact = await api.contacts.create({ values: { name: 'Ada', companyId: b } });
    const note = await api.notes.create({ values: { body: 'Met', companyId: b } });
    const asset = await api.records.create({ object, values: { name: 'Crane', [key]: b } });
    await api.contacts.remove({ ids: [contact.id] });
    await api.notes.remove({ ids: [note.id] });
    await api.records.remove({ object, ids: [asset.id] });
    await api.merges.merge({ object: 'company', survivorId: a, mergedIds: [b] });
    await api.merges.merge({ object: 'company', survivorId: c, mergedIds: [a] });
    await api.bin.restore({
      items: [
        { object: 'contact', id: contact.id },
        { object: 'note', id: note.id },
        { object, id: asset.id },
      ],
    });
    expect(await api.contacts.get({ id: contact.id })).toMatchObject({ companyId: c });
    expect((await api.companies.contacts({ id: c })).map(({ id }) => id)).toEqual([contact.id]);
    expect(await api.notes.get({ id: note.id })).toMatchObject({ companyId: c });
    expect(await api.records.get({ object, id: asset.id })).toMatchObject({ [key]: c });
  });

  it('erases for good: record, notes, comments, files, keys and history; the audit chain still holds', async () => {
    const tenant = await createTestTenant();
    const { api, tenantId } = tenant;
    const marker = 'Zyxomma';
    const field = await api.fields.create({ object: 'company', type: 'text', label: { en: 'Code' } });
    const pointer = await api.fields.create({
      object: 'product',
      type: 'reference',
      label: { en: 'Maker' },
      settings: { to: 'company' },
    });
    const { id } = await api.companies.create({
      values: { name: `${marker} Ltd`, email: `${marker}@example.com`, [field.key]: marker },
    });
    await api.companies.update({ id, values: { description: `About ${marker}` } });
    await api.notes.create({ values: { body: `Note on ${marker}`, companyId: id } });
    const contact = await api.contacts.create({ values: { name: 'Ada', companyId: id } });
    const product = await api.products.create({ values: { name: 'Drill', [pointer.key]: id } as never });
    const other = await api.companies.create({ values: { name: 'Other' } });
    await rows(
      `insert into app.comment (tenant_id, id, object, record_id, body, owner_id) values ($1, gen_random_uuid(), 'company', $2, $3, $4)`,
      [tenantId, id, marker, tenant.memberId],
    );
    await rows(
      `insert into app.external_id (tenant_id, object, system, external_id, record_id) values ($1, 'company', 'x', $3, $2)`,
      [tenantId, id, marker],
    );
    await sealTenant(tenantId, 0);
    const items = [{ object: 'company', id }];
    expect(await refused(api.bin.erase({ items, count: 1 }))).toMatchObject({ status: 404, code: 'notInBin' });
    await api.companies.remove({ ids: [id] });
    expect(await api.bin.countErased({ items })).toMatchObject({
      count: 2,
      objects: expect.arrayContaining([{ object: 'note', count: 1 }]),
    });
    expect(await refused(api.bin.erase({ items, count: 1 }))).toMatchObject({
      status: 409,
      code: 'eraseCount',
      params: { count: 2 },
    });
    const manager = await tenant.person('manager');
    expect(await refused(manager.api.bin.erase({ items, count: 2 }))).toMatchObject({ status: 403 });
    expect(await api.bin.erase({ items, count: 2 })).toEqual({ erased: 2 });

    const tables = await rows<{
      name: string;
    }>(`select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      where c.relnamespace = 'app'::regnamespace and c.relkind = 'r'`);
    for (const { name } of tables) {
      const left = await rows(`select 1 from app."${name}" t where t.tenant_id = $1 and t::text ilike $2`, [
        tenantId,
        `%${marker}%`,
      ]);
      expect(left, name).toEqual([]);
    }
    expect(await api.contacts.get({ id: contact.id })).toMatchObject({ companyId: null });
    expect(await api.products.get({ id: product.id })).toMatchObject({ [pointer.key]: null });
    expect(await api.companies.get({ id: other.id })).toMatchObject({ name: 'Other' });
    expect(
      await rows('select object, count, why from app.erasure where tenant_id = $1 and count > 0 order by object', [
        tenantId,
      ]),
    ).toEqual([
      { object: 'company', count: 1, why: 'person' },
      { object: 'note', count: 1, why: 'person' },
    ]);
    expect((await api.audit.list({ action: 'recordsErased' })).rows.length).toBe(1);
    expect(await verifyTenant(tenantId)).toMatchObject({ ok: true });
    await sealTenant(tenantId, 0);
    expect(await verifyTenant(tenantId)).toMatchObject({ ok: true });

    // What says that it is erased and is not what the entry vouches for is found.
    const [erased] = await rows<{ id: string; op: string }>(
      'select change_set_id as id, op from app.change where tenant_id = $1 and erasure_id is not null and op <> $2 limit 1',
      [tenantId, 'delete'],
    );
    const set = (column: string, value: unknown, where = 'erasure_id is not null') =>
      rows(`update app.change set ${column} = $3 where tenant_id = $1 and change_set_id = $2 and ${where}`, [
        tenantId,
        erased?.id,
        value,
      ]);
    await set('op', 'delete');
    expect(await verifyTenant(tenantId)).toMatchObject({ ok: false, brokenAt: { why: 'rows' } });
    await set('op', erased?.op);
    await set('after', '{"name":"Forged"}');
    expect(await verifyTenant(tenantId)).toMatchObject({ ok: false });
    await set('after', null);
    expect(await verifyTenant(tenantId)).toMatchObject({ ok: true });
    // Nor can anything be passed off as erased that was not.
    await rows(
      `update app.change set before = null, after = null, erasure_id = gen_random_uuid(),
      erased_hash = encode(sha256(convert_to(jsonb_build_array(change_set_id, object, record_id, op, at at time zone 'UTC', before, after, written_at at time zone 'UTC')::text, 'UTF8')), 'hex')
      where tenant_id = $1 and record_id = $2`,
      [tenantId, other.id],
    );
    expect(await verifyTenant(tenantId)).toMatchObject({ ok: false });
  });

  it('takes a person who is erased out of meetings, by name and by address', async () => {
    const { api } = await createTestTenant();
    const gone = await api.contacts.create({ values: { name: 'Gone', email: 'Gone@Acme.example' } });
    const stays = await api.contacts.create({ values: { name: 'Stays' } });
    const startsAt = '2026-12-01T09:00:00Z';
    const attendeeIds = [gone.id, stays.id];
    const both = await api.activities.planMeeting({ subject: 'Both', startsAt, attendeeIds });
    const attendeeEmails = ['gone@acme.example', 'other@acme.example'];
    const mailed = await api.activities.planMeeting({ subject: 'Mailed', startsAt, attendeeIds: [], attendeeEmails });
    await api.contacts.remove({ ids: [gone.id] });
    await api.bin.erase({ items: [{ object: 'contact', id: gone.id }], count: 1 });
    const names = async ({ id }: { id: string }) => (await api.activities.attendees({ id })).map(({ name }) => name);
    expect(await names(both)).toEqual(['Stays']);
    expect(await names(mailed)).toEqual(['other@acme.example']);
  });

  it('asks for a fresh proof of who one is before it erases', async () => {
    const tenant = await createTestTenant();
    const { id } = await tenant.api.companies.create({ values: { name: 'Acme' } });
    await tenant.api.companies.remove({ ids: [id] });
    await rows(`update auth.session set auth_time = now() - interval '1 hour' where user_id = $1`, [tenant.userId]);
    expect(await refused(tenant.api.bin.erase({ items: [{ object: 'company', id }], count: 1 }))).toMatchObject({
      status: 403,
      code: 'stepUpNeeded',
    });
    expect((await tenant.api.bin.list({})).rows.length).toBe(1);
  });

  it('leaves history alone but for an erasure of the same tenant in the same transaction', async () => {
    const [tenant, other] = [await createTestTenant(), await createTestTenant()];
    const { id } = await tenant.api.companies.create({ values: { name: 'Acme' } });
    const erasure = crypto.randomUUID();
    await rows(`insert into app.erasure (tenant_id, id, object, count, why) values ($1, $2, 'change', 0, 'person')`, [
      tenant.tenantId,
      erasure,
    ]);
    await expect(inTenant(tenant.tenantId, 'write', (db) => eraseHistory(db, erasure, [id]))).rejects.toThrow(
      /no such erasure/,
    );
    await expect(
      inTenant(other.tenantId, 'write', (db) =>
        eraseHistory(Object.assign(Object.create(db), { tenantId: tenant.tenantId }), erasure, [id]),
      ),
    ).rejects.toThrow(/not the tenant/);
    expect(
      (
        await rows<{ n: number }>(
          'select count(*)::int as n from app.change where record_id = $1 and after is not null',
          [id],
        )
      )[0]?.n,
    ).toBe(1);
  });

  it('erases by itself what has been there for 180 days, and no sooner', async () => {
    const tenant = await createTestTenant();
    const { api, tenantId } = tenant;
    const old = await api.companies.create({ values: { name: 'Old' } });
    const young = await api.companies.create({ values: { name: 'Young' } });
    await api.companies.remove({ ids: [old.id, young.id] });
    const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
    await rows('update app.company set deleted_at = $2 where id = $1', [old.id, ago(181)]);
    await rows('update app.company set deleted_at = $2 where id = $1', [young.id, ago(178.5)]);
    expect((await api.bin.list({})).rows.map(({ title, daysLeft }) => [title, daysLeft])).toEqual([
      ['Young', 2],
      ['Old', 0],
    ]);
    expect(await emptyBin(tenantId, new Date())).toBe(1);
    expect(await names(tenant)).toEqual(['Young']);
    expect(await rows('select why, member_id from app.erasure where tenant_id = $1 and count > 0', [tenantId])).toEqual(
      [{ why: 'expired', member_id: null }],
    );
    await sealTenant(tenantId, 0);
    expect(await verifyTenant(tenantId)).toMatchObject({ ok: true });
  });

  it('does not stop at links, however many of them are over', async () => {
    const tenant = await createTestTenant();
    const { api, tenantId } = tenant;
    const company = await api.companies.create({ values: { name: 'Old' } });
    const other = await api.companies.create({ values: { name: 'Other' } });
    const contact = await api.contacts.create({ values: { name: 'Ada' } });
    await api.companies.remove({ ids: [company.id] });
    await rows(`update app.company set deleted_at = now() - interval '181 days' where id = $1`, [company.id]);
    await rows(
      `insert into app.contact_company (tenant_id, id, contact_id, company_id, deleted_at)
       select $1, gen_random_uuid(), $2, $3, now() - interval '182 days' from generate_series(1, 450)`,
      [tenantId, contact.id, other.id],
    );
    expect(await emptyBin(tenantId, new Date())).toBe(1);
    expect(await names(tenant)).toEqual([]);
    expect(await rows('select id from app.contact_company where tenant_id = $1', [tenantId])).toEqual([]);
  });
});
