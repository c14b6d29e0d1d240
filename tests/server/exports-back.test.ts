import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { FieldInput } from '@/domain/custom-fields';
import type { exportInput } from '@/domain/exports';
import { liftLimits } from '@/server/core/limits';
import { exportedFile } from '../support/exports';
import { acceptStages, dryRun, importFile, planFor, upload, uploadTables } from '../support/imports';
import { createTestTenant, type TestTenant } from '../support/tenants';

beforeAll(liftLimits);

type Export = z.input<typeof exportInput>;

const choices = ['red', 'blue'].map((value) => ({
  value,
  label: { en: `${value}; or not` },
  tone: 'slate' as const,
}));
const own: [FieldInput['type'], FieldInput['settings'], unknown][] = [
  ['text', {}, "'=1+1 and more"],
  ['longText', {}, 'two\nlines, "quoted"; here'],
  ['number', { decimals: 3 }, -1234.5],
  ['money', { currency: 'JPY' }, 1200],
  ['percent', { decimals: 1 }, 12.5],
  ['date', {}, '2026-02-03'],
  ['datetime', {}, '2026-07-01T10:00:30.000Z'],
  ['time', {}, '09:30'],
  ['boolean', {}, false],
  ['choice', { choices }, 'red'],
  ['choices', { choices }, ['blue', 'red']],
  ['rating', {}, 4],
  ['email', {}, 'x@example.com'],
  ['phone', {}, '+49 30 123456'],
  ['link', {}, 'https://example.com/a?b=c'],
  ['address', {}, { street: 'Weg 1', city: 'Ulm' }],
  ['formula', { formula: 'c_number * 2' }, undefined],
];

/** A workspace whose records hold what is hard to write. */
async function filled(locale: 'en' | 'zh'): Promise<TestTenant> {
  const tenant = await createTestTenant({ locale, currency: 'EUR', timeZone: 'Europe/Berlin' });
  const { api } = tenant;
  const ownerId = tenant.memberId;
  for (const [type, settings] of own)
    await api.fields.create({
      object: 'company',
      key: `c_${type.toLowerCase()}`,
      type,
      label: { en: `My ${type}` },
      settings,
    });
  const values = Object.fromEntries(
    own.flatMap(([type, , value]) => (value === undefined ? [] : [[`c_${type.toLowerCase()}`, value]])),
  );
  const acme = await api.companies.create({
    values: {
      name: '=Acme, "GmbH"',
      ownerId,
      annualRevenue: -5_050,
      currency: 'USD',
      tags: ['Berlin, DE', 'b;c', 'say "x"'],
      ...values,
    } as never,
  });
  const twin = await api.companies.create({
    values: {
      name: 'Twin',
      parentId: acme.id,
      phone: '+86 138 0013 8000',
      street2: '=x',
      employees: 7,
      type: 'customer',
    },
  });
  // Of one name: only ids tell them apart.
  await api.companies.create({ values: { name: 'Twin', yearFounded: 1999 } });
  const ada = await api.contacts.create({
    values: {
      name: 'Ada Lovelace',
      companyId: twin.id,
      ownerId,
      birthday: '1815-12-10',
      doNotCall: true,
      mobile: '-1',
      tags: ['Oslo, NO', 'x'],
    },
  });
  await api.contacts.linkCompany({ contactId: ada.id, companyId: acme.id, role: 'billing' });
  await api.contacts.create({
    values: {
      name: '王小明',
      reportsToId: ada.id,
      email: 'wang@example.com',
      description: '第一行\n二',
      leadStatus: 'attempted',
    },
  });
  const product = await api.products.create({
    values: { name: 'Lamp', price: 1_999, currency: 'USD', active: false, taxPercent: 19 },
  });
  const [pipeline] = await api.pipelines.list();
  const stages = pipeline?.stages ?? [];
  const deal = await api.deals.create({
    values: {
      name: 'Big',
      companyId: acme.id,
      productId: product.id,
      stageId: stages[1]?.id ?? '',
      amount: 1_234_567,
      currency: 'USD',
      expectedClose: '2027-01-31',
    },
  });
  await api.deals.linkContact({ dealId: deal.id, contactId: ada.id, role: 'blocker' });
  const lost = stages.find(({ kind }) => kind === 'lost');
  await api.deals.create({ values: { name: 'Gone', stageId: lost?.id ?? '', lossReason: '-price' } });
  await api.tasks.create({
    values: { subject: '-call', dealId: deal.id, dueOn: '2027-02-01', priority: 'high', type: 'call' },
  });
  await api.notes.create({ values: { body: 'Two\n\nlines', companyId: twin.id } });
  const startsAt = '2027-01-01T09:00:00.000Z';
  const endsAt = '2027-01-01T09:30:00.000Z';
  await api.activities.planMeeting({ subject: 'Meet', startsAt, endsAt, contactId: ada.id, location: 'Ulm' });
  return tenant;
}

/** The outcomes of a table of ours that is brought back where it comes from. */
async function broughtBack(tenant: TestTenant, fileId: string) {
  const plan = await acceptStages(tenant, fileId, await planFor(tenant, fileId));
  expect(plan.source).toBe('guanxi');
  const { created, updated, unchanged, refused, ...found } = await dryRun(tenant, { fileId, plan });
  const fields = found.fields.map(({ field, samples: [sample] }) => [field, sample?.before, sample?.after]);
  const worse = found.kinds.filter(({ level }) => level !== 'note');
  return { object: plan.object, created, updated, unchanged, refused, fields, worse };
}

const nothingElse = { created: 0, updated: 0, refused: 0, fields: [], worse: [] };

describe.each(['en', 'zh'] as const)('an export of ours, in %s', (locale) => {
  let tenant: TestTenant;
  beforeAll(async () => {
    tenant = await filled(locale);
  });

  const kinds = [
    ['company', 3],
    ['contact', 2],
    ['deal', 2],
    ['product', 1],
  ] as const;

  const others = [
    ['member', 1],
    ['task', 1],
    ['activity', 1],
    ['note', 1],
  ] as const;
  const names = {
    company: /^(?:公司|Companies)\.csv/,
    contact: /^(?:联系人|Contacts)\.csv/,
    deal: /^(?:商机|Deals)\.csv/,
    product: /^(?:产品|Products)\.csv/,
    member: /^(?:成员|Members)\.csv/,
    task: /^(?:任务|Tasks)\.csv/,
    activity: /^(?:活动|Activities)\.csv/,
    note: /^(?:备注|Notes)\.csv/,
  };

  it.each(kinds)('comes back as CSV unchanged: %s', async (object, unchanged) => {
    for (const more of [{}, { encoding: 'gb18030' }] satisfies Partial<Export>[]) {
      const { name, bytes } = await exportedFile(tenant, { object, ...more });
      const fileId = await upload(tenant, name, bytes);
      expect(await broughtBack(tenant, fileId)).toEqual({ object, unchanged, ...nothingElse });
    }
  });

  it.each(kinds)('comes back as a workbook unchanged: %s', async (object, unchanged) => {
    const { name, bytes } = await exportedFile(tenant, { object, format: 'xlsx' });
    const { tables } = await uploadTables(tenant, name, bytes);
    expect(tables).toHaveLength(1);
    expect(await broughtBack(tenant, tables[0]?.id ?? '')).toEqual({ object, unchanged, ...nothingElse });
  });

  it.each(['3.0', '4.0'] as const)('comes back as vCard %s unchanged', async (vcard) => {
    const { name, bytes } = await exportedFile(tenant, { object: 'contact', format: 'vcard', vcard });
    const { tables } = await uploadTables(tenant, name, bytes);
    const found = await broughtBack(tenant, tables[0]?.id ?? '');
    expect(found).toEqual({ object: 'contact', unchanged: 2, ...nothingElse });
  });

  it('comes back table by table where it is everything', async () => {
    const { name, bytes } = await exportedFile(tenant, { object: 'everything' });
    const { tables } = await uploadTables(tenant, name, bytes);
    const links = tables.filter((each) => each.name.includes(' – '));
    expect(links).toHaveLength(2);
    for (const { id } of links) expect(await broughtBack(tenant, id)).toMatchObject(nothingElse);
    for (const [object, unchanged] of [...kinds, ...others]) {
      const table = tables.find((each) => names[object].test(each.name));
      expect(await broughtBack(tenant, table?.id ?? '')).toEqual({ object, unchanged, ...nothingElse });
    }
  });
});

it('a list as it is shown comes back by its ids, and what was changed in it is what changes', async () => {
  const tenant = await filled('en');
  const { bytes } = await exportedFile(tenant, {
    object: 'company',
    columns: ['name', 'phone', 'parentId'],
    withIds: true,
  });
  const text = bytes.toString();
  expect(text.split('\r\n')[0]).toBe('\uFEFFGuanxi ID,Name,Phone,Parent company,Parent company ID');
  const fileId = await upload(tenant, 'list.csv', text.replace("'+86 138 0013 8000", "'+86 139"));
  const found = await broughtBack(tenant, fileId);
  expect(found).toMatchObject({ created: 0, updated: 1, unchanged: 2, refused: 0 });
  expect(found.fields).toEqual([['phone', '+86 138 0013 8000', '+86 139']]);
});

it('goes to another workspace with its links, and comes no second time', async () => {
  const [from, to] = [await filled('en'), await createTestTenant({ currency: 'EUR', timeZone: 'Europe/Berlin' })];
  for (const object of ['company', 'contact']) {
    for (const [created, unchanged] of [
      [object === 'company' ? 3 : 2, 0],
      [0, object === 'company' ? 3 : 2],
    ]) {
      const { name, bytes } = await exportedFile(from, { object });
      const fileId = await upload(to, name, bytes);
      const { plan, matches } = await to.api.imports.analyse({ fileId });
      if (!plan) throw new Error('The file was not recognised');
      // Of the own fields one is taken up: it is offered once, although it stands in two columns.
      const columns = plan.columns.map((column) => {
        const { offer } = matches[column.index] ?? {};
        return offer?.label.en === 'My address' ? { ...column, create: offer } : column;
      });
      expect(columns.filter(({ create }) => create)).toHaveLength(object === 'company' && created !== 0 ? 1 : 0);
      const done = await importFile(to, fileId, { ...plan, columns });
      expect(done).toMatchObject({ status: 'done', created, unchanged, refused: 0 });
    }
  }
  const { rows: companies } = await to.api.companies.list({ columns: ['name', 'parentId', 'phone'] });
  const acme = companies.find(({ name }) => name === '=Acme, "GmbH"');
  const [own] = (await to.api.fields.list()).rows;
  expect(own).toMatchObject({ type: 'address', label: { en: 'My address' } });
  const { rows: placed } = await to.api.companies.list({ columns: [own?.key ?? ''] });
  expect(placed.map((row) => row[own?.key ?? ''] ?? null)).toContainEqual({ street: 'Weg 1', city: 'Ulm' });
  expect(companies.find(({ phone }) => phone !== null)).toMatchObject({ name: 'Twin', parentId: acme?.id });
  const { rows: contacts } = await to.api.contacts.list({ columns: ['name', 'reportsToId', 'companyId'] });
  const ada = contacts.find(({ name }) => name === 'Ada Lovelace');
  expect(contacts.find(({ name }) => name === '王小明')).toMatchObject({ reportsToId: ada?.id });
  expect(companies.find(({ id }) => id === ada?.companyId)).toMatchObject({ phone: '+86 138 0013 8000' });
  // Both of her companies, the primary one first; what she is there stands in the table of links.
  const { name, bytes } = await exportedFile(from, { object: 'everything' });
  const { tables } = await uploadTables(to, name, bytes);
  const links = tables.find((table) => table.name.startsWith('Contacts – Companies'))?.id ?? '';
  expect(await importFile(to, links, await planFor(to, links))).toMatchObject({
    status: 'done',
    updated: 1,
    refused: 0,
  });
  const hers = await to.api.contacts.companies({ id: ada?.id ?? '' });
  expect(hers).toMatchObject([
    { id: ada?.companyId, role: null },
    { id: acme?.id, role: 'billing' },
  ]);
});

it('records of an own object come back with what they are linked to', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  const press = await api.objects.create({ key: 'o_press', label: { en: { one: 'Press', other: 'Presses' } } });
  const to = { to: 'company' };
  await api.fields.create({ object: press.key, key: 'c_at', type: 'reference', label: { en: 'Site' }, settings: to });
  await api.fields.create({
    object: press.key,
    key: 'c_seen',
    type: 'relation',
    label: { en: 'Seen by' },
    settings: to,
  });
  const twins = [1, 2].map(() => api.companies.create({ values: { name: 'Twin' } }));
  const [a, b] = await Promise.all(twins);
  const one = await api.records.create({ object: press.key, values: { name: 'One', c_at: b?.id } });
  for (const company of [a, b])
    await api.relations.link({ object: press.key, field: 'c_seen', id: one.id, to: company?.id ?? '' });
  for (const format of ['csv', 'xlsx'] as const) {
    const { name, bytes } = await exportedFile(tenant, { object: press.key, format });
    const fileId =
      format === 'csv'
        ? await upload(tenant, name, bytes)
        : ((await uploadTables(tenant, name, bytes)).tables[0]?.id ?? '');
    expect(await broughtBack(tenant, fileId)).toEqual({ object: press.key, unchanged: 1, ...nothingElse });
  }
});
