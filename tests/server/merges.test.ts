import { describe, expect, it } from 'vitest';
import { refusalView } from '@/server/core/trpc';
import { createTestTenant, superuser, type TestPerson, type TestTenant } from '../support/tenants';

const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'not refused',
    (error) => refusalView(error),
  );
const rows = <T>(text: string, values: unknown[]) =>
  superuser(async (client) => (await client.query(text, values)).rows as T[]);
const stageOf = async ({ api }: TestTenant) =>
  (await api.pipelines.list())[0]?.stages.find(({ kind }) => kind === 'open')?.id ?? '';
const company = ({ api }: TestPerson, name: string, more: object = {}) =>
  api.companies.create({ values: { name, ...more } }).then(({ id }) => id);

/** What hangs on a record by its id alone, planted as its own features write it. */
async function hang(tenant: TestTenant, recordId: string) {
  const [comment, attachment, other] = [crypto.randomUUID(), crypto.randomUUID(), await tenant.person('member')];
  await superuser(async (client) => {
    await client.query(
      `insert into app.comment (tenant_id, id, object, record_id, body, owner_id) values ($1, $2, 'company', $3, 'Hello', $4)`,
      [tenant.tenantId, comment, recordId, tenant.memberId],
    );
    await client.query(
      `insert into app.attachment (tenant_id, id, object, record_id, file_id, name, media_type, bytes, sha256) values ($1, $2, 'company', $3, $4, 'a.pdf', 'application/pdf', 3, 'x')`,
      [tenant.tenantId, attachment, recordId, crypto.randomUUID()],
    );
    await client.query(
      `insert into app.follower (tenant_id, record_id, member_id, object) values ($1, $2, $3, 'company') on conflict do nothing`,
      [tenant.tenantId, recordId, other.memberId],
    );
    await client.query(
      `insert into app.external_id (tenant_id, object, system, external_id, record_id) values ($1, 'company', 'hubspot', '77', $2)`,
      [tenant.tenantId, recordId],
    );
  });
  const where = async () => {
    const [c] = await rows<{ id: string }>('select record_id as id from app.comment where id = $1', [comment]);
    const [a] = await rows<{ id: string }>('select record_id as id from app.attachment where id = $1', [attachment]);
    const [x] = await rows<{ id: string }>(
      `select record_id as id from app.external_id where tenant_id = $1 and external_id = '77'`,
      [tenant.tenantId],
    );
    const f = await rows<{ id: string }>('select record_id as id from app.follower where member_id = $1', [
      other.memberId,
    ]);
    return { comment: c?.id, attachment: a?.id, external: x?.id, follows: f.map(({ id }) => id).sort() };
  };
  return where;
}

describe('merging', () => {
  it('shows the records field by field and takes each value from where it is said', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const a = await company(tenant, 'Acme', { phone: '1', industry: 'Steel', tags: ['x'] });
    const b = await company(tenant, 'ACME Inc.', { phone: '2', taxId: 'T-1', tags: ['y'] });
    await api.companies.update({ id: a, values: { phone: '3' } });
    const shown = await api.merges.preview({ object: 'company', ids: [a, b] });
    expect(shown.records.map(({ title }) => title)).toEqual(['Acme', 'ACME Inc.']);
    const field = (name: string) => shown.fields.find((one) => one.name === name);
    const phone = { values: { [a]: '3', [b]: '2' }, differs: true, complete: { [a]: a, [b]: b }, newest: a };
    expect(field('phone')).toMatchObject(phone);
    expect(field('taxId')).toMatchObject({ complete: { [a]: b, [b]: b }, newest: b });
    expect(field('fax')).toBeUndefined();
    const { changeSetId } = await api.merges.merge({
      object: 'company',
      survivorId: a,
      mergedIds: [b],
      choice: { name: b },
    });
    expect(await api.companies.get({ id: a })).toMatchObject({
      name: 'ACME Inc.',
      phone: '3',
      industry: 'Steel',
      taxId: 'T-1',
      tags: ['x', 'y'],
    });
    expect(await refused(api.companies.get({ id: b }))).toMatchObject({ status: 404 });
    expect(await api.merges.survivorOf({ object: 'company', id: b })).toMatchObject({ id: a, title: 'ACME Inc.' });
    expect(await api.merges.survivorOf({ object: 'company', id: a })).toBeNull();
    const history = await api.changes.timeline({ object: 'company', id: a });
    expect(history.items[0]).toMatchObject({ verb: 'merge', changeSetId });
    await api.changes.undo({ changeSetId });
    expect(await api.companies.get({ id: a })).toMatchObject({ name: 'Acme', taxId: null, tags: ['x'] });
    expect(await api.companies.get({ id: b })).toMatchObject({ name: 'ACME Inc.', tags: ['y'] });
    expect(await api.merges.survivorOf({ object: 'company', id: b })).toBeNull();
  });

  it('shows of every record that may stay what it would become', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const object = 'contact';
    const make = (values: object) => api.contacts.create({ values: { name: 'Ada', ...values } }).then(({ id }) => id);
    const a = await make({ phone: '1', doNotCall: true });
    const b = await make({ phone: '2' });
    const c = await make({ doNotCall: false });
    await rows(`update app.contact set updated_at = updated_at + interval '1 hour' where id = $1`, [b]);
    const { fields } = await api.merges.preview({ object, ids: [a, b, c] });
    const shown = (name: string) => fields.find((one) => one.name === name)?.complete[c];
    // Nobody's wish not to be called is lost, and what is missing comes from whoever was changed last.
    expect([shown('phone'), shown('doNotCall')]).toEqual([b, a]);
    await api.merges.merge({ object, survivorId: c, mergedIds: [a, b] });
    expect(await api.contacts.get({ id: c })).toMatchObject({ phone: '2', doNotCall: true });
  });

  it('moves everything, and weeks later takes back what nobody has changed since', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const field = await api.fields.create({
      object: 'deal',
      type: 'reference',
      label: { en: 'Partner' },
      settings: { to: 'company' },
    });
    const code = await api.fields.create({
      object: 'company',
      type: 'text',
      label: { en: 'Code' },
      settings: { unique: true, maxLength: 50 },
    });
    const relation = await api.fields.create({
      object: 'product',
      type: 'relation',
      label: { en: 'Makers' },
      settings: { to: 'company' },
    });
    const a = await company(tenant, 'Acme', { phone: '1' });
    const b = await company(tenant, 'ACME Inc.', { phone: '2', taxId: 'T-1', industry: 'Steel', [code.key]: 'K1' });
    const child = await company(tenant, 'Acme Sub', { parentId: b });
    const where = await hang(tenant, b);
    const both = await api.contacts.create({ values: { name: 'Ada', companyId: a } });
    await api.contacts.linkCompany({ contactId: both.id, companyId: b, role: 'billing' });
    const only = await api.contacts.create({ values: { name: 'Bob', companyId: b } });
    const deal = await api.deals.create({
      values: { name: 'Deal', stageId: await stageOf(tenant), companyId: b, [field.key]: b } as never,
    });
    const note = await api.notes.create({ values: { body: 'Met', companyId: b } });
    const task = await api.tasks.create({ values: { subject: 'Call', companyId: b } });
    const product = await api.products.create({ values: { name: 'Drill' } });
    const linked = async () =>
      rows<{ to: string }>(
        'select to_id as to from app.relation_link where tenant_id = $1 and deleted_at is null order by to_id',
        [tenant.tenantId],
      );
    await rows(
      `insert into app.relation_link (tenant_id, id, field_id, from_id, to_id) values ($1, gen_random_uuid(), $2, $3, $4)`,
      [tenant.tenantId, relation.id, product.id, b],
    );

    const merged = await api.merges.merge({ object: 'company', survivorId: a, mergedIds: [b] });
    const after = await api.companies.get({ id: a });
    expect(after).toMatchObject({ phone: '1', taxId: 'T-1', industry: 'Steel', [code.key]: 'K1' });
    expect(await api.companies.get({ id: child })).toMatchObject({ parentId: a });
    expect(await api.deals.get({ id: deal.id })).toMatchObject({ companyId: a, [field.key]: a });
    expect(await api.notes.get({ id: note.id })).toMatchObject({ companyId: a });
    expect(await api.tasks.get({ id: task.id })).toMatchObject({ companyId: a });
    expect(await api.contacts.get({ id: only.id })).toMatchObject({ companyId: a });
    expect((await api.contacts.companies({ id: both.id })).map(({ id, role, primary }) => [id, role, primary])).toEqual(
      [[a, 'billing', true]],
    );
    expect((await api.contacts.companies({ id: only.id })).map(({ id, primary }) => [id, primary])).toEqual([
      [a, true],
    ]);
    expect(await linked()).toEqual([{ to: a }]);
    expect(await where()).toEqual({ comment: a, attachment: a, external: a, follows: [a, b].sort() });
    expect(await api.merges.of({ object: 'company', id: a })).toMatchObject([
      { id: merged.mergeId, merged: [{ id: b, title: 'ACME Inc.' }] },
    ]);

    // Weeks pass: edits, and a record made since.
    await api.companies.update({ id: a, values: { industry: 'Copper', website: 'https://acme.example' } });
    await api.notes.update({ id: note.id, values: { body: 'Met again' } });
    const since = await api.notes.create({ values: { body: 'Since', companyId: a } });
    const elsewhere = await company(tenant, 'Elsewhere');
    await api.tasks.update({ id: task.id, values: { companyId: elsewhere } });

    const report = await api.merges.unmerge({ id: merged.mergeId });
    expect(report).toMatchObject({ survivorId: a, restored: [b] });
    expect(report.kept.map(({ object, field }) => `${object}.${field}`).sort()).toEqual([
      'company.industry',
      'task.companyId',
    ]);
    const apart = async () => {
      expect(await api.companies.get({ id: a })).toMatchObject({
        taxId: null,
        industry: 'Copper',
        website: 'https://acme.example',
        [code.key]: null,
      });
      expect(await api.companies.get({ id: b })).toMatchObject({
        name: 'ACME Inc.',
        taxId: 'T-1',
        industry: 'Steel',
        [code.key]: 'K1',
      });
      expect(await api.companies.get({ id: child })).toMatchObject({ parentId: b });
      expect(await api.deals.get({ id: deal.id })).toMatchObject({ companyId: b, [field.key]: b });
      expect(await api.notes.get({ id: note.id })).toMatchObject({ companyId: b, body: 'Met again' });
      expect(await api.notes.get({ id: since.id })).toMatchObject({ companyId: a });
      expect(await api.tasks.get({ id: task.id })).toMatchObject({ companyId: elsewhere });
      expect(await api.contacts.get({ id: only.id })).toMatchObject({ companyId: b });
      expect(
        (await api.contacts.companies({ id: both.id })).map(({ id, role, primary }) => [id, role, primary]),
      ).toEqual([
        [a, null, true],
        [b, 'billing', false],
      ]);
      expect(await linked()).toEqual([{ to: b }]);
      expect(await where()).toEqual({ comment: b, attachment: b, external: b, follows: [b] });
    };
    await apart();
    expect(await refused(api.merges.unmerge({ id: merged.mergeId }))).toMatchObject({
      status: 409,
      code: 'alreadyUndone',
    });

    // The taking back is taken back, and once more.
    await api.changes.undo({ changeSetId: report.changeSetId });
    expect(await api.deals.get({ id: deal.id })).toMatchObject({ companyId: a });
    expect(await where()).toEqual({ comment: a, attachment: a, external: a, follows: [a, b].sort() });
    expect(await api.merges.survivorOf({ object: 'company', id: b })).toMatchObject({ id: a });
    expect(await api.companies.get({ id: a })).toMatchObject({ taxId: 'T-1', industry: 'Copper' });
    await api.merges.unmerge({ id: merged.mergeId });
    await apart();
  });

  it('of contacts keeps one main company and the deals’ people once; of deals the stage with its pipeline', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const [x, y] = [await company(tenant, 'X'), await company(tenant, 'Y')];
    const one = await api.contacts.create({ values: { name: 'Ada', companyId: x } });
    const two = await api.contacts.create({ values: { name: 'Ada L.', companyId: y, mobile: '13900001111' } });
    const report = await api.contacts.create({ values: { name: 'Bob', reportsToId: two.id } });
    const stageId = await stageOf(tenant);
    const deal = await api.deals.create({ values: { name: 'D1', stageId } });
    await api.deals.linkContact({ dealId: deal.id, contactId: one.id });
    await api.deals.linkContact({ dealId: deal.id, contactId: two.id, role: 'champion' });
    await api.contacts.update({ id: one.id, values: { reportsToId: two.id } });
    await api.merges.merge({
      object: 'contact',
      survivorId: one.id,
      mergedIds: [two.id],
      choice: { companyId: two.id },
    });
    expect(await api.contacts.get({ id: one.id })).toMatchObject({
      companyId: y,
      mobile: '13900001111',
      reportsToId: null,
    });
    expect(await api.contacts.get({ id: report.id })).toMatchObject({ reportsToId: one.id });
    expect((await api.contacts.companies({ id: one.id })).map(({ id, primary }) => [id, primary])).toEqual([
      [y, true],
      [x, false],
    ]);
    expect((await api.deals.contacts({ id: deal.id })).map(({ id, role, primary }) => [id, role, primary])).toEqual([
      [one.id, 'champion', true],
    ]);

    const stages = (await api.pipelines.list())[0]?.stages ?? [];
    const won = stages.find(({ kind }) => kind === 'won')?.id ?? '';
    const other = await api.deals.create({ values: { name: 'D2', stageId: won, amount: 500, currency: 'EUR' } });
    await api.merges.merge({
      object: 'deal',
      survivorId: deal.id,
      mergedIds: [other.id],
      choice: { stageId: other.id },
    });
    expect(await api.deals.get({ id: deal.id })).toMatchObject({
      stageId: won,
      status: 'won',
      probability: 100,
      amount: 500,
      currency: 'EUR',
    });
  });

  it('asks for the right to write and delete all of them, and so does taking it back', async () => {
    const tenant = await createTestTenant();
    const member = await tenant.person('member');
    const other = await tenant.person('member');
    const viewer = await tenant.person('viewer');
    const mine = [await company(member, 'Acme'), await company(member, 'ACME Inc')];
    const [a = '', b = ''] = mine;
    const theirs = await company(other, 'acme');
    await tenant.api.notes.create({ values: { body: 'Of somebody else', companyId: b } });
    const merge = (person: TestPerson, survivorId: string, mergedIds: string[]) =>
      person.api.merges.merge({ object: 'company', survivorId, mergedIds });
    expect(await refused(merge(viewer, a, [b]))).toMatchObject({ status: 403 });
    expect(await refused(merge(other, theirs, [b]))).toMatchObject({ status: 404 });
    expect(await refused(merge(member, a, [theirs]))).toMatchObject({ status: 404 });
    expect(await refused(merge(member, a, [a]))).toMatchObject({ code: 'mergeWithItself' });
    expect(await refused(member.api.merges.preview({ object: 'company', ids: [a, theirs] }))).toMatchObject({
      status: 404,
    });
    const { mergeId, changeSetId } = await merge(member, a, [b]);
    expect(await refused(other.api.merges.unmerge({ id: mergeId }))).toMatchObject({ status: 404 });
    expect(await refused(other.api.changes.undo({ changeSetId }))).toMatchObject({ status: 404 });
    expect(await refused(viewer.api.merges.unmerge({ id: mergeId }))).toMatchObject({ status: 403 });
    await member.api.merges.unmerge({ id: mergeId });
    const stale = { object: 'company', survivorId: a, mergedIds: [b], versions: { [a]: 99 } };
    expect(await refused(member.api.merges.merge(stale))).toMatchObject({ status: 409, code: 'stale' });
    const strange = { object: 'company', survivorId: a, mergedIds: [b], choice: { name: theirs } };
    expect(await refused(member.api.merges.merge(strange))).toMatchObject({ status: 400, field: 'choice.name' });
    const stranger = await createTestTenant();
    expect(await refused(stranger.api.merges.unmerge({ id: mergeId }))).toMatchObject({ status: 404 });
  });

  it('taken back by somebody who may not see all that hung on the records says nothing of it', async () => {
    const tenant = await createTestTenant();
    const member = await tenant.person('member');
    const [a, b, c] = [
      await company(member, 'Acme'),
      await company(member, 'ACME Inc'),
      await company(member, 'Other'),
    ];
    const values = { name: 'Secret', stageId: await stageOf(tenant), companyId: b, ownerId: tenant.memberId };
    const deal = await tenant.api.deals.create({ values });
    const { mergeId } = await member.api.merges.merge({ object: 'company', survivorId: a, mergedIds: [b] });
    await tenant.api.deals.update({ id: deal.id, values: { companyId: c } });
    const report = await member.api.merges.unmerge({ id: mergeId });
    expect(report.kept).toMatchObject([{ object: 'deal', field: 'companyId', recordTitle: null, by: null }]);
    expect(await tenant.api.deals.get({ id: deal.id })).toMatchObject({ companyId: c });
  });

  it('of what is certain is one step, of groups too, and leaves the rest', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    for (const name of ['Ada', 'Ada L.', 'A. Lovelace'])
      await api.contacts.create({ values: { name, email: 'ada@example.com' } });
    await api.contacts.create({ values: { name: 'Bob', phone: '139 0000 1111' } });
    await api.contacts.create({ values: { name: 'Bobby', phone: '139 0000 1111' } });
    const summary = async () => (await api.duplicates.summary()).objects;
    expect(await summary()).toEqual([{ object: 'contact', count: 4, certain: 3 }]);
    expect(await refused(api.merges.mergeCertain({ object: 'contact', count: 2 }))).toMatchObject({ status: 409 });
    const { merges } = await api.merges.mergeCertain({ object: 'contact', count: 3 });
    expect(merges.length).toBe(1);
    expect((await api.contacts.count({})).count).toBe(3);
    expect(await summary()).toEqual([{ object: 'contact', count: 1, certain: 0 }]);
    await api.merges.unmerge({ id: merges[0]?.mergeId ?? '' });
    expect((await api.contacts.count({})).count).toBe(5);
  });

  it('of what is certain makes nothing one that somebody said is not', async () => {
    const { api } = await createTestTenant();
    const email = 'ada@example.com';
    const ids: string[] = [];
    for (const name of ['Ada', 'Ada L.', 'A. Lovelace'])
      ids.push((await api.contacts.create({ values: { name, email } })).id);
    const [a = '', b = '', c = ''] = ids.sort();
    await api.duplicates.dismiss({ object: 'contact', a, b: c });
    // Both are still alike to the third, over which they would become one.
    expect((await api.duplicates.list({})).rows.map(({ a, b }) => [a.id, b.id])).toEqual([
      [a, b],
      [b, c],
    ]);
    expect((await api.duplicates.summary()).objects).toEqual([{ object: 'contact', count: 2, certain: 0 }]);
    expect(await refused(api.merges.mergeCertain({ object: 'contact', count: 2 }))).toMatchObject({ status: 409 });
  });

  it('of what is certain takes a hundred pairs at a time, whatever else is alike', async () => {
    const { api, tenantId } = await createTestTenant();
    const likely = { object: 'contact', score: 60 };
    await rows(
      `with made as (
         insert into app.contact (tenant_id, id, name, name_key, sort_key, owner_id)
         select $1, md5('flow' || n)::uuid, 'C' || n, 'c' || n, 'c' || n, null from generate_series(1, 2400) n returning id),
       numbered as (select id, row_number() over (order by id) as n from made)
       insert into app.duplicate_pair (tenant_id, object, a, b, score, reasons)
       select $1, $2, x.id, y.id, case when x.n > 2100 then 97 else $3::int end, '["name"]'
       from numbered x join numbered y on y.n = x.n + 1 where x.n % 2 = 1`,
      [tenantId, likely.object, likely.score],
    );
    const [found] = (await api.duplicates.summary()).objects;
    expect(found).toEqual({ object: 'contact', count: 1000, certain: 100 });
    const { merges } = await api.merges.mergeCertain({ object: 'contact', count: 100 });
    expect(merges.length).toBe(100);
    expect((await api.duplicates.summary()).objects).toEqual([{ object: 'contact', count: 1000, certain: 50 }]);
  });

  it('is for what lasts: not for tasks, notes and calls', async () => {
    const { api } = await createTestTenant();
    const make = () => api.tasks.create({ values: { subject: 'Call' } }).then(({ id }) => id);
    const [a, b] = [await make(), await make()];
    const answer = { status: 400, code: 'notMerged', field: 'object' };
    expect(await refused(api.merges.preview({ object: 'task', ids: [a, b] }))).toMatchObject(answer);
    expect(await refused(api.merges.merge({ object: 'task', survivorId: a, mergedIds: [b] }))).toMatchObject(answer);
  });

  it('leads on from record to record', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const [a, b, c] = [await company(tenant, 'A1'), await company(tenant, 'B1'), await company(tenant, 'C1')];
    await api.merges.merge({ object: 'company', survivorId: b, mergedIds: [a] });
    await api.merges.merge({ object: 'company', survivorId: c, mergedIds: [b] });
    expect(await api.merges.survivorOf({ object: 'company', id: a })).toMatchObject({ id: c, title: 'C1' });
  });
});
