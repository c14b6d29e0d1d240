import { describe, expect, it } from 'vitest';
import { inTenant } from '@/db/tenant';
import type { FieldInput } from '@/domain/custom-fields';
import { undo } from '@/server/changes/changes';
import { refusalView } from '@/server/core/trpc';
import { workOf } from '../support/imports';
import { createTestTenant, superuser, type TestPerson, type TestTenant } from '../support/tenants';

const field = async ({ api }: TestTenant, input: Omit<FieldInput, 'label' | 'object'>) =>
  (await api.fields.create({ object: 'company', label: { en: `Own ${input.type}` }, ...input } as FieldInput)).key;

/** Who set a field from what to what, newest first. */
const told = async ({ api }: TestTenant, object: string, id: string, name: string) =>
  (await api.changes.history({ object, id, field: name })).map(({ by, before, after }) => [by, before, after]);

describe('the history of a field', () => {
  it('says of every kind of field who set it, when, from what, in the order it happened', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const ada = await tenant.person('admin', { name: 'Ada' });
    const choices = [
      { value: 'a', label: { en: 'A' }, tone: 'blue' },
      { value: 'b', label: { en: 'B' }, tone: 'red' },
    ];
    const kinds: [Omit<FieldInput, 'label' | 'object'>, unknown, unknown][] = [
      [{ type: 'text' }, 'one', 'two'],
      [{ type: 'number' }, 1, 2.5],
      [{ type: 'money', settings: { currency: 'EUR' } }, 100, 250],
      [{ type: 'percent' }, 10, 20],
      [{ type: 'date' }, '2026-01-01', '2026-02-02'],
      [{ type: 'boolean' }, true, false],
      [{ type: 'choice', settings: { choices } }, 'a', 'b'],
      [{ type: 'choices', settings: { choices } }, ['a'], ['a', 'b']],
      [{ type: 'rating' }, 3, 5],
    ] as never;
    for (const [input, first, second] of kinds) {
      const key = await field(tenant, input);
      const { id } = await api.companies.create({ values: { name: 'Acme', [key]: first } as never });
      await ada.api.companies.update({ id, values: { [key]: second } as never });
      await api.companies.update({ id, values: { name: 'Other' } });
      expect(await told(tenant, 'company', id, key), input.type).toEqual([
        ['Ada', first, second],
        ['Olivia Owner', null, first],
      ]);
    }
  });

  it('names people, records, files and links, of own objects too', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const ada = await tenant.person('member', { name: 'Ada' });
    const { key: object } = await api.objects.create({
      label: { en: { one: 'Asset', other: 'Assets' } },
      icon: 'box',
      tone: 'blue',
    });
    const make = async (input: Pick<FieldInput, 'type'> & Partial<FieldInput>) =>
      (await api.fields.create({ object, label: { en: `Own ${input.type}` }, ...input } as FieldInput)).key;
    const person = await make({ type: 'member' });
    const maker = await make({ type: 'reference', settings: { to: 'company' } });
    const users = await make({ type: 'relation', settings: { to: 'company' } });
    const papers = await make({ type: 'file' });
    const company = await api.companies.create({ values: { name: 'Acme' } });
    const { id } = await api.records.create({
      object,
      values: { name: 'Crane', [person]: ada.memberId, [maker]: company.id },
    });
    await api.records.update({ object, id, values: { [person]: tenant.memberId, [maker]: null } });
    expect(await told(tenant, object, id, person)).toEqual([
      ['Olivia Owner', 'Ada', 'Olivia Owner'],
      ['Olivia Owner', null, 'Ada'],
    ]);
    expect(await told(tenant, object, id, maker)).toEqual([
      ['Olivia Owner', 'Acme', null],
      ['Olivia Owner', null, 'Acme'],
    ]);
    const { linkId } = await api.relations.link({ object, field: users, id, to: company.id });
    const { changeSetId } = await api.relations.unlink({ object, field: users, id, to: company.id });
    await api.changes.undo({ changeSetId });
    expect(linkId).toBeTruthy();
    expect(await told(tenant, object, id, users)).toEqual([
      ['Olivia Owner', null, 'Acme'],
      ['Olivia Owner', 'Acme', null],
      ['Olivia Owner', null, 'Acme'],
    ]);
    const file = crypto.randomUUID();
    await superuser((client) =>
      client.query(
        `insert into app.attachment (tenant_id, id, object, record_id, file_id, name, media_type, bytes, sha256)
        values ($1, $2, $3, $4, $5, 'Offer.pdf', 'application/pdf', 3, 'x')`,
        [tenant.tenantId, file, object, id, crypto.randomUUID()],
      ),
    );
    await superuser((client) =>
      client.query(
        `with s as (insert into app.change_set (tenant_id, id, at, member_id, channel, verb) values ($1, $5, now(), $6, 'screen', 'create') returning id)
        insert into app.change (tenant_id, change_set_id, object, record_id, op, at, before, after)
        select $1, id, $2, $3, 'update', now() + interval '1 minute', null, jsonb_build_object($4::text, jsonb_build_array($7::text)) from s`,
        [tenant.tenantId, object, id, papers, crypto.randomUUID(), tenant.memberId, file],
      ),
    );
    expect(await told(tenant, object, id, papers)).toEqual([['Olivia Owner', null, ['Offer.pdf']]]);
  });

  it('names nothing the reader may not see, and is refused with the record and for what is no field', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member', { name: 'Ada' });
    const [pipeline] = await tenant.api.pipelines.list();
    const deal = await tenant.api.deals.create({ values: { name: 'Secret', stageId: pipeline?.stages[0]?.id ?? '' } });
    const key = await field(tenant, { type: 'reference', settings: { to: 'deal' } } as never);
    const { id } = await tenant.api.companies.create({ values: { name: 'Acme', [key]: deal.id } as never });
    const seen = (await ada.api.changes.history({ object: 'company', id, field: key })).map(({ after }) => after);
    expect(seen).toEqual([null]);
    const refused = (call: Promise<unknown>) =>
      call.then(
        () => 'not refused',
        (error) => refusalView(error),
      );
    for (const input of [
      { object: 'deal', id: deal.id, field: 'name' },
      { object: 'company', id, field: 'c_none' },
      { object: 'nothing', id, field: 'name' },
    ])
      expect(await refused(ada.api.changes.history(input))).toMatchObject({ status: 404 });
  });

  it('is not read by the name of another object, whose records anybody may see', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const ada = await tenant.person('member', { name: 'Ada' });
    const noun = (one: string) => ({ label: { en: { one, other: `${one}s` } } });
    const none = { owner: 'all', admin: 'all', manager: 'none', member: 'none', viewer: 'none' } as const;
    const { key: open } = await api.objects.create(noun('Asset'));
    const rights = { read: none, write: none, delete: none };
    const { key: shut } = await api.objects.create({ ...noun('Case'), rights });
    const { id } = await api.records.create({ object: shut, values: { name: 'Hidden' } });
    for (const object of [open, shut]) {
      await expect(ada.api.changes.history({ object, id, field: 'name' })).rejects.toThrow('notFound');
      await expect(ada.api.changes.timeline({ object, id, limit: 10 })).rejects.toThrow('notFound');
    }
    expect((await api.changes.timeline({ object: shut, id, limit: 10 })).items).toHaveLength(1);
  });
});

describe('what a timeline offers to take back', () => {
  it('is not the making or removing by others of what one may not remove, be it little or much', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const ada = await tenant.person('member', { name: 'Ada' });
    const made = await api.companies.create({ values: { name: 'Acme' } });
    const changed = await api.companies.update({ id: made.id, values: { industry: 'Steel' } });
    await expect(ada.api.changes.undo({ changeSetId: made.changeSetId })).rejects.toThrow('notFound');
    const many = (by: TestPerson) =>
      inTenant(tenant.tenantId, 'write', async (db) => {
        const { memberId } = by;
        const role = by === tenant ? ('owner' as const) : ('member' as const);
        const work = await workOf(tenant, db);
        return undo({ ...work, actor: { ...work.actor, memberId, role } }, made.changeSetId, 0);
      });
    await expect(many(ada)).rejects.toThrow('notFound');
    await ada.api.changes.undo({ changeSetId: changed.changeSetId });
    expect((await api.companies.get({ id: made.id })).industry).toBeNull();
    const removed = await api.companies.remove({ ids: [made.id] });
    await expect(ada.api.changes.undo({ changeSetId: removed.changeSetId })).rejects.toThrow('notFound');
    await api.changes.undo({ changeSetId: removed.changeSetId });
    expect(await many(tenant)).toMatchObject({ queued: 1 });
    // Her own she may, whoever it belongs to by now.
    const hers = await ada.api.companies.create({ values: { name: 'Bolt', ownerId: tenant.memberId } });
    expect(await ada.api.changes.undo({ changeSetId: hers.changeSetId })).toMatchObject({ undone: 1 });
  });
});

describe('a timeline', () => {
  it('shows the newest of what hangs on a record, however much there is', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { id } = await api.companies.create({ values: { name: 'Acme' } });
    await superuser((client) =>
      client.query(
        `insert into app.task (tenant_id, id, subject, sort_key, company_id, owner_id, origin)
          select $1, uuidv7(), 'Old ' || n, 'old', $2, $3, 'import' from generate_series(1, 600) n`,
        [tenant.tenantId, id, tenant.memberId],
      ),
    );
    await api.tasks.create({ values: { subject: 'New', companyId: id } });
    const { items } = await api.changes.timeline({ object: 'company', id, kinds: ['task'], limit: 5 });
    expect(items).toMatchObject([{ changes: [{ recordTitle: 'New' }] }]);
  });
});
