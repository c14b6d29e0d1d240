import pino from 'pino';
import { expect, it } from 'vitest';
import { type FieldInput, ownFieldTypes } from '@/domain/custom-fields';
import { refusalView } from '@/server/core/trpc';
import { rebuildSearch } from '@/server/search/rebuild';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

const choices = [{ value: 'red', label: { en: 'Red' }, tone: 'red' as const }];
const add = ({ api }: TestTenant, object: string, type: FieldInput['type'], en: string, settings = {}) =>
  api.fields.create({ object, type, label: { en }, settings });

it('of every type of field it is said how many records hold a value', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  const other = await api.contacts.create({ values: { name: 'Ada' } });
  const settings: Partial<Record<FieldInput['type'], object>> = {
    money: { currency: 'EUR' },
    choice: { choices },
    choices: { choices },
    reference: { to: 'contact' },
    relation: { to: 'contact' },
    formula: { formula: 'c_number + 1' },
    rollup: { rollup: { object: 'contact', through: 'companyId', fn: 'count' } },
  };
  const values: Record<string, unknown> = {
    text: 'a',
    longText: 'a',
    number: 1,
    money: 1,
    percent: 1,
    date: '2026-03-01',
    datetime: '2026-03-01T10:00:00Z',
    time: '10:00',
    boolean: true,
    choice: 'red',
    choices: ['red'],
    rating: 1,
    email: 'a@example.com',
    phone: '1',
    link: 'example.com',
    address: { city: 'X' },
    member: tenant.memberId,
    reference: other.id,
  };
  const made = new Map<string, string>();
  for (const type of ownFieldTypes) {
    const { id } = await api.fields.create({
      object: 'company',
      key: `c_${type.toLowerCase()}`,
      type,
      label: { en: type },
      settings: settings[type] ?? {},
    });
    made.set(type, id);
  }
  const own = Object.fromEntries(Object.entries(values).map(([type, value]) => [`c_${type.toLowerCase()}`, value]));
  const { id } = await api.companies.create({ values: { name: 'Full', ...own } as never });
  await api.companies.create({ values: { name: 'Empty' } });
  await api.relations.link({ object: 'company', field: 'c_relation', id, to: other.id });
  await superuser((client) =>
    client.query(
      `insert into app.attachment (tenant_id, id, object, record_id, field, file_id, name, media_type, bytes, sha256)
       values ($1, gen_random_uuid(), 'company', $2, 'c_file', gen_random_uuid(), 'a.txt', 'text/plain', 1, '')`,
      [tenant.tenantId, id],
    ),
  );
  const counted: Record<string, number> = {};
  for (const [type, field] of made) counted[type] = (await api.fields.affected({ id: field })).records;
  const expected = Object.fromEntries(ownFieldTypes.map((type) => [type, 1]));
  // Sums are there for every record.
  expect(counted).toEqual({ ...expected, rollup: 2 });
});

it('what removing or changing a field touches is counted, and undo brings all of it back', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  const amount = await add(tenant, 'contact', 'number', 'Amount');
  const serial = await add(tenant, 'contact', 'text', 'Serial', { unique: true, maxLength: 50 });
  await add(tenant, 'contact', 'formula', 'Twice', { formula: 'c_amount * 2' });
  await add(tenant, 'contact', 'text', 'Why', { showIf: { field: 'c_amount', op: 'gt', value: 5 } });
  const rollup = { object: 'contact', through: 'companyId', fn: 'sum', field: 'c_amount' };
  await add(tenant, 'company', 'rollup', 'Total', { rollup });
  const firm = await api.companies.create({ values: { name: 'Firm' } });
  const person = await api.contacts.create({
    values: { name: 'Ada', companyId: firm.id, c_amount: 21, c_serial: 'ZX-7781' } as never,
  });
  const view = await api.views.create({
    object: 'contact',
    name: 'Large',
    config: { filter: { field: 'c_amount', op: 'gt', value: 1 }, columns: [{ field: 'name' }, { field: 'c_serial' }] },
  });
  await api.views.create({ object: 'task', name: 'Far', config: { columns: [{ field: 'contactId.c_amount' }] } });
  const named = await api.fields.affected({ id: amount.id });
  expect(named).toMatchObject({ records: 1, views: 2, layouts: 0, rules: 0 });
  expect(named.fields.map(({ object, key }) => `${object}.${key}`).sort()).toEqual([
    'company.c_total',
    'contact.c_twice',
    'contact.c_why',
  ]);
  expect(await api.fields.affected({ id: serial.id })).toMatchObject({ records: 1, views: 1, fields: [], rules: 1 });

  const state = async () => ({
    person: await api.contacts.get({ id: person.id }),
    total: (await api.companies.get({ id: firm.id })).c_total,
    found: (await api.contacts.list({ filter: { field: 'c_amount', op: 'gt', value: 1 } })).rows.map(({ id }) => id),
    view: (await api.views.list({ object: 'contact' })).views.find(({ id }) => id === view.id)?.config,
  });
  const before = await state();
  expect(before).toMatchObject({ person: { c_amount: 21, c_twice: 42 }, total: 21, found: [person.id] });
  const { changeSetId } = await api.fields.remove({ id: amount.id });
  expect(await api.contacts.get({ id: person.id })).not.toHaveProperty('c_amount');
  expect((await api.companies.get({ id: firm.id })).c_total ?? null).toBeNull();
  const filter = { field: 'c_amount', op: 'gt' as const, value: 1 };
  expect(await api.contacts.list({ filter }).catch(refusalView)).toMatchObject({ status: 400, code: 'unknownField' });
  await api.changes.undo({ changeSetId });
  expect(await state()).toEqual({ ...before, person: { ...before.person, version: expect.anything() } });
});

it('records are found by what a field holds again or no more, once the field has come or gone', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  const { id } = await add(tenant, 'company', 'text', 'Serial');
  const firm = await api.companies.create({ values: { name: 'Firm', c_serial: 'ZX7781' } as never });
  const found = async () => {
    await rebuildSearch(tenant.tenantId, undefined, pino({ level: 'silent' }));
    return (await api.search.pick({ object: 'company', q: 'ZX7781' })).map((hit) => hit.id);
  };
  expect(await found()).toEqual([firm.id]);
  const { changeSetId } = await api.fields.remove({ id });
  expect(await found()).toEqual([]);
  await api.changes.undo({ changeSetId });
  expect(await found()).toEqual([firm.id]);
  const converted = await api.fields.convert({ id, type: 'longText' });
  expect(await found()).toEqual([]);
  await api.changes.undo({ changeSetId: converted.changeSetId });
  expect(await found()).toEqual([firm.id]);
});

it('what removing an object touches is counted, and undo brings back records, fields, sums, views and search', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  const { id, key } = await api.objects.create({ label: { en: { one: 'Machine', other: 'Machines' } } });
  const object = key as `o_${string}`;
  await add(tenant, object, 'reference', 'Site', { to: 'company' });
  await add(tenant, object, 'number', 'Power');
  await add(tenant, object, 'formula', 'Twice', { formula: 'c_power * 2' });
  await add(tenant, 'company', 'reference', 'Main', { to: object });
  await add(tenant, 'company', 'relation', 'Spare', { to: object });
  await add(tenant, 'company', 'rollup', 'Power', {
    rollup: { object, through: 'c_site', fn: 'sum', field: 'c_power' },
  });
  const firm = await api.companies.create({ values: { name: 'Firm' } });
  const machine = await api.records.create({ object, values: { name: 'SN-4711', c_site: firm.id, c_power: 5 } });
  await api.companies.update({ id: firm.id, values: { c_main: machine.id } as never });
  await api.relations.link({ object: 'company', field: 'c_spare', id: firm.id, to: machine.id });
  await api.views.create({ object, name: 'Strong', config: { filter: { field: 'c_power', op: 'gt', value: 1 } } });
  const affected = await api.objects.affected({ id });
  expect(affected).toMatchObject({ records: 1, views: 1, layouts: 0, rules: 0 });
  expect(affected.fields.map(({ object, key }) => `${object}.${key}`).sort()).toEqual([
    'company.c_main',
    'company.c_power',
    'company.c_spare',
  ]);
  const state = async () => ({
    machines: (await api.records.list({ object })).rows,
    firm: await api.companies.get({ id: firm.id }),
    views: (await api.views.list({ object })).views.map(({ name }) => name),
    found: (await api.search.pick({ object, q: 'SN-4711' })).map((hit) => hit.id),
    linked: (await api.relations.of({ object: 'company', field: 'c_spare', id: firm.id })).rows.length,
  });
  const before = await state();
  expect(before).toMatchObject({ firm: { c_power: 5, refs: { c_main: 'SN-4711' } }, found: [machine.id], linked: 1 });
  const { changeSetId } = await api.objects.remove({ id });
  for (const call of [
    () => api.records.list({ object }),
    () => api.records.get({ object, id: machine.id }),
    () => api.search.pick({ object, q: 'SN' }),
    () => api.relations.of({ object: 'company', field: 'c_spare', id: firm.id }),
    () => api.objects.affected({ id }),
  ])
    expect(await call().catch(refusalView)).toMatchObject({ status: 404 });
  expect((await api.search.global({ q: 'SN-4711' })).filter((hit) => hit.object === object)).toEqual([]);
  // What pointed there is still there, and says nothing.
  const alone = await api.companies.get({ id: firm.id });
  expect([alone.c_power ?? null, alone.refs?.c_main ?? null]).toEqual([null, null]);
  const sorted = { columns: ['c_main', 'c_spare', 'c_power'], sort: [{ field: 'c_power', dir: 'desc' as const }] };
  expect((await api.companies.list(sorted)).rows).toHaveLength(1);
  await api.companies.update({ id: firm.id, values: { industry: 'Steel' } });
  await api.changes.undo({ changeSetId });
  const after = await state();
  expect(after).toEqual({
    ...before,
    firm: { ...before.firm, industry: 'Steel', version: expect.anything(), updatedAt: expect.anything() },
  });
});

it('nobody without the right is told what removing would touch', async () => {
  const tenant = await createTestTenant();
  const { id } = await tenant.api.objects.create({ label: { en: { one: 'Machine', other: 'Machines' } } });
  const field = await add(tenant, 'company', 'text', 'X');
  const member = await tenant.person('member');
  expect(await member.api.objects.affected({ id }).catch(refusalView)).toMatchObject({ status: 403 });
  expect(await member.api.fields.affected({ id: field.id }).catch(refusalView)).toMatchObject({ status: 403 });
  const other = await createTestTenant();
  expect(await other.api.objects.affected({ id }).catch(refusalView)).toMatchObject({ status: 404 });
});
