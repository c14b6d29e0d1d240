import { expect, it } from 'vitest';
import type { FieldInput } from '@/domain/custom-fields';
import type { ImportPlan } from '@/domain/imports/mapping';
import { dryRun, importFile, planFor, upload, workOff } from '../support/imports';
import { createTestTenant, type TestTenant } from '../support/tenants';

const add = async (
  tenant: TestTenant,
  object: string,
  type: FieldInput['type'],
  en: string,
  settings: FieldInput['settings'] = {},
) => (await tenant.api.fields.create({ object, type, label: { en }, settings })).key;

/** An object of the tenant's own with a relation to itself, to companies and to contacts. */
async function sites(tenant: TestTenant) {
  const { key } = await tenant.api.objects.create({ label: { en: { one: 'Site', other: 'Sites' } } });
  const object = key as `o_${string}`;
  await add(tenant, object, 'relation', 'Tenants', {
    to: 'company',
    attributes: [{ key: 'since', label: { en: 'Since' }, type: 'date' }],
  });
  await add(tenant, object, 'relation', 'Keepers', { to: 'contact' });
  await add(tenant, object, 'relation', 'Neighbours', { to: object });
  return object;
}
const idsOf = async (tenant: TestTenant, object: string) =>
  Object.fromEntries(
    (await tenant.api.records.list({ object, limit: 200 })).rows.map(({ id, name }) => [String(name), id]),
  );
/** What a record is linked to, as titles. */
async function linked(tenant: TestTenant, object: string, name: string, field: string): Promise<string[]> {
  const id = (await idsOf(tenant, object))[name] ?? '';
  const { rows } = await tenant.api.relations.of({ object, field, id });
  expect(rows.map(({ attributes }) => attributes)).toEqual(rows.map(() => ({})));
  return rows.map(({ title }) => String(title)).sort();
}
const planOf = async (tenant: TestTenant, fileId: string, object: `o_${string}`): Promise<ImportPlan> => {
  const { plan } = await tenant.api.imports.analyse({ fileId, object });
  if (!plan) throw new Error('No plan');
  return plan;
};
const decided = (
  plan: ImportPlan,
  others: ImportPlan['values']['others'],
  company: ImportPlan['values']['company'],
) => ({
  ...plan,
  values: { ...plan.values, company, others },
});
const problemsOf = async (tenant: TestTenant, id: string, kind: 'refused' | 'partly') =>
  (await tenant.api.imports.problems({ id, kind })).rows.map(({ row, problems }) => [
    row,
    ...problems.filter(({ level }) => level !== 'note').map(({ code }) => code),
  ]);

it('a cell links one or several records: by title, address, the source’s id and by choice; undone and brought again as one', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  const object = await sites(tenant);
  const make = (values: Record<string, string>) => api.companies.create({ values: values as { name: string } });
  await make({ name: 'Acme' });
  await make({ name: 'Bolt', domain: 'bolt.example' });
  const { id: core } = await make({ name: 'Core' });
  await make({ name: 'Twin' });
  await make({ name: 'Twin' });
  await api.contacts.create({ values: { name: 'Ada', email: 'ada@example.com' } });
  await api.contacts.create({ values: { name: '王芳' } });
  const known = await upload(tenant, 'companies.csv', 'Company ID,Company name\nx1,Dune\nx2,Echo\n');
  await importFile(tenant, known, await planFor(tenant, known, { source: 'erp' }));

  const file = await upload(
    tenant,
    'sites.csv',
    [
      'Site,Tenants,Tenants Id,Keepers',
      'North,"acme; info@bolt.example",,ada@example.com | 王芳',
      'South,"Acme\nThe core one；Acme",,',
      'East,,x1;x2,',
      'West,Nowhere Ltd; Twin; Fresh; Acme,,',
    ].join('\n'),
  );
  const offered = await planOf(tenant, file, object);
  expect(offered.columns.map(({ target }) => target)).toEqual([
    'name',
    'c_tenants',
    'c_tenantsExternalId',
    'c_keepers',
  ]);
  const { groups } = await api.imports.values({ fileId: file, plan: offered });
  const companies = groups.find((group) => group.object === 'company');
  // Each name is asked about by itself.
  expect(companies?.rows.map(({ text }) => text).sort()).toEqual(['Fresh', 'Nowhere Ltd', 'The core one', 'Twin']);
  expect(companies?.matched).toEqual({ texts: 3, rows: 4 });
  const plan = decided(
    { ...offered, source: 'erp' },
    {},
    { 'The core one': { id: core }, Fresh: { create: { name: 'Fresh' } } },
  );
  expect(await dryRun(tenant, { fileId: file, plan })).toMatchObject({
    created: 4,
    also: { company: 1 },
    unmatched: { c_tenants: { 'Nowhere Ltd': 1 } },
  });
  expect(await idsOf(tenant, object)).toEqual({});

  const done = await importFile(tenant, file, plan);
  expect(done).toMatchObject({
    status: 'done',
    created: 4,
    also: { company: 1 },
    unmatched: [{ target: 'c_tenants', text: 'Nowhere Ltd', rows: 1 }],
  });
  expect(await problemsOf(tenant, done.id, 'partly')).toEqual([[5, 'ambiguousReference']]);
  expect(await linked(tenant, object, 'North', 'c_tenants')).toEqual(['Acme', 'Bolt']);
  expect(await linked(tenant, object, 'North', 'c_keepers')).toEqual(['Ada', '王芳']);
  expect(await linked(tenant, object, 'South', 'c_tenants')).toEqual(['Acme', 'Core']);
  expect(await linked(tenant, object, 'East', 'c_tenants')).toEqual(['Dune', 'Echo']);
  expect(await linked(tenant, object, 'West', 'c_tenants')).toEqual(['Acme', 'Fresh']);

  // The same file again makes no second link; one more name makes one.
  const second = await importFile(tenant, file, plan);
  expect(second).toMatchObject({ created: 0, updated: 0, unchanged: 4 });
  const more = await upload(tenant, 'sites.csv', 'Site,Tenants\nNorth,Acme; Core\n');
  const third = await importFile(tenant, more, await planFor(tenant, more));
  expect(third).toMatchObject({ updated: 1, unchanged: 0 });
  expect(await linked(tenant, object, 'North', 'c_tenants')).toEqual(['Acme', 'Bolt', 'Core']);
  await api.changes.undo({ changeSetId: third.changeSetId ?? '' });
  expect(await linked(tenant, object, 'North', 'c_tenants')).toEqual(['Acme', 'Bolt']);

  // Taken back with its records, and back again with them.
  const north = (await idsOf(tenant, object)).North ?? '';
  const { changeSetId } = await api.changes.undo({ changeSetId: done.changeSetId ?? '' });
  expect(await idsOf(tenant, object)).toEqual({});
  const acme = (await api.companies.list({})).rows.find(({ name }) => name === 'Acme')?.id ?? '';
  const pointing = async () =>
    (await api.relations.pointing({ object: 'company', id: acme })).rows.find(({ field }) => field === 'c_tenants');
  expect(await pointing()).toMatchObject({ count: 0 });
  await api.changes.undo({ changeSetId });
  expect((await idsOf(tenant, object)).North).toBe(north);
  expect(await linked(tenant, object, 'North', 'c_tenants')).toEqual(['Acme', 'Bolt']);
  expect(await pointing()).toMatchObject({ count: 3 });
});

it('rows link other rows of their file, before and after them and in circles, also when the worker is killed between', {
  timeout: 60_000,
}, async () => {
  const tenant = await createTestTenant();
  const object = await sites(tenant);
  const rows = Array.from({ length: 1000 }, (_, i) => `s${i},S${i},`);
  rows[0] = 's0,S0,S0; S1; S999; S500';
  rows[1] = 's1,S1,s0';
  rows[500] = 's500,S500,S0';
  rows[998] = 's998,S998,S997; S3; Nothing';
  rows[999] = 's999,S999,S0';
  rows[7] = 's7,S7,S8';
  // Of a row that is refused there is nothing to link.
  rows[8] = 's8,,';
  const file = await upload(tenant, 'sites.csv', `Id,Site,Neighbours\n${rows.join('\n')}\n`);
  const plan = await planOf(tenant, file, object);
  // What is later in the file is not made from its name alone.
  const making = { ...plan, missing: { ...plan.missing, others: { [object]: 'create' as const } } };
  expect(await dryRun(tenant, { fileId: file, plan: making })).toMatchObject({
    created: 999,
    refused: 1,
    also: { [object]: 2 },
    unmatched: {},
  });
  expect(await dryRun(tenant, { fileId: file, plan })).toMatchObject({
    also: {},
    unmatched: { c_neighbours: { S8: 1, Nothing: 1 } },
  });
  const { id } = await tenant.api.imports.start({ fileId: file, plan });
  const [job] = tenant.jobs.filter(({ queue }) => queue === 'import');
  let batches = 0;
  const killed = workOff(tenant, {
    checkpoint: () => {
      if (++batches === 2) throw new Error('killed');
    },
  });
  await expect(killed).rejects.toThrow('killed');
  if (job) tenant.jobs.push(job);
  await workOff(tenant);
  const done = await tenant.api.imports.get({ id });
  expect(done).toMatchObject({ status: 'done', created: 999, refused: 1, also: {} });
  expect(done.unmatched.map(({ text }) => text).sort()).toEqual(['Nothing', 'S8']);
  const of = async (name: string) => {
    const { rows: found } = await tenant.api.records.list({
      object,
      filter: { field: 'name', op: 'is', value: name },
    });
    const { rows: links } = await tenant.api.relations.of({ object, field: 'c_neighbours', id: found[0]?.id ?? '' });
    return links.map(({ title }) => title).sort();
  };
  expect(await of('S0')).toEqual(['S0', 'S1', 'S500', 'S999']);
  expect(await of('S1')).toEqual(['S0']);
  expect(await of('S500')).toEqual(['S0']);
  expect(await of('S998')).toEqual(['S3', 'S997']);
  expect(await of('S999')).toEqual(['S0']);
  expect(await of('S7')).toEqual([]);
  const again = await importFile(tenant, file, plan);
  expect(again).toMatchObject({ created: 0, updated: 0, unchanged: 999 });
});

it('several rows about one record link it to several, and what the policy leaves alone is not linked', async () => {
  const tenant = await createTestTenant();
  const object = await sites(tenant);
  for (const name of ['Acme', 'Bolt', 'Core', 'Dune']) await tenant.api.companies.create({ values: { name } });
  const bring = async (text: string, policy: ImportPlan['policy'], own?: ImportPlan['policy']) => {
    const file = await upload(tenant, 'sites.csv', text);
    const drafted = await planFor(tenant, file, { policy });
    const columns = drafted.columns.map((each) =>
      each.target === 'c_tenants' && own ? { ...each, policy: own } : each,
    );
    const plan = { ...drafted, columns };
    const tried = await dryRun(tenant, { fileId: file, plan });
    const done = await importFile(tenant, file, plan);
    expect(done).toMatchObject({ created: tried.created, updated: tried.updated, unchanged: tried.unchanged });
    return done;
  };
  const tenants = (name: string) => linked(tenant, object, name, 'c_tenants');
  const first = await bring('Site,Tenants\nNorth,Acme\nNorth,Bolt\nNorth,Acme\nSouth,\n', 'overwrite');
  expect(first).toMatchObject({ created: 2, updated: 1, unchanged: 1, refused: 0 });
  expect(await tenants('North')).toEqual(['Acme', 'Bolt']);

  // The column's own policy goes before that of the file.
  await bring('Site,Tenants\nNorth,Core\nSouth,Core\nEast,Core\nEast,Dune\n', 'overwrite', 'keep');
  expect([await tenants('North'), await tenants('South'), await tenants('East')]).toEqual([
    ['Acme', 'Bolt'],
    [],
    ['Core', 'Dune'],
  ]);
  await bring('Site,Tenants\nNorth,Core\nSouth,Acme\nSouth,Bolt\nWest,Dune\n', 'keep', 'fillBlanks');
  expect([await tenants('North'), await tenants('South'), await tenants('West')]).toEqual([
    ['Acme', 'Bolt'],
    ['Acme', 'Bolt'],
    ['Dune'],
  ]);

  const many = Array.from({ length: 201 }, (_, i) => `Firm ${i}`).join(';');
  const crowded = await bring(`Site,Tenants\nNorth,${many}\n`, 'overwrite');
  expect(await problemsOf(tenant, crowded.id, 'partly')).toEqual([[2, 'tooManyNames']]);
  expect(await tenants('North')).toEqual(['Acme', 'Bolt']);
});

it('records are recognised by a field of their own whose values are there once', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  const { key: object } = await api.objects.create({ label: { en: { one: 'Machine', other: 'Machines' } } });
  await add(tenant, object, 'text', 'Tag', { unique: true, maxLength: 20, pattern: { expression: '[A-Za-z]\\d' } });
  await add(tenant, object, 'number', 'Number', { unique: true });
  await add(tenant, object, 'date', 'Day', { unique: true });
  await add(tenant, object, 'reference', 'Seat', { to: 'company', unique: true });
  await add(tenant, object, 'text', 'Note');
  await api.companies.create({ values: { name: 'Acme' } });
  await api.companies.create({ values: { name: 'Bolt' } });
  const bring = async (text: string, matchKey: string | null, more: Partial<ImportPlan> = {}) => {
    const file = await upload(tenant, 'machines.csv', text);
    const plan = await planFor(tenant, file, { matchKey, ...more });
    const tried = await dryRun(tenant, { fileId: file, plan });
    const done = await importFile(tenant, file, plan);
    const { created, updated, unchanged, refused } = tried;
    expect(done).toMatchObject({ status: 'done', created, updated, unchanged, refused });
    return done;
  };
  const list = async () =>
    Object.fromEntries(
      (await api.records.list({ object, columns: ['name', 'c_note', 'c_tag'] })).rows.map((row) => [
        String(row.name),
        [row.c_tag ?? null, row.c_note ?? null],
      ]),
    );
  const first = await bring(
    'Machine,Tag,Number,Day,Seat,Note\nOne,A1,1.5,2026-03-31,Acme,a\nTwo,B2,2,2026-04-01,Bolt,b\n',
    'name',
  );
  expect(first).toMatchObject({ created: 2 });

  // Names are no matter: what has the value is the record. Without the value a row is a new one.
  const tags = await bring('Machine,Tag,Note\nFirst,a1,x\nSecond,B2,b\nOne,C3,new\nTwo,,none\n', 'c_tag');
  expect(tags).toMatchObject({ created: 2, updated: 2, unchanged: 0, refused: 0 });
  expect(await list()).toEqual({ First: ['a1', 'x'], Second: ['B2', 'b'], One: ['C3', 'new'], Two: [null, 'none'] });
  await api.changes.undo({ changeSetId: tags.changeSetId ?? '' });
  expect(await list()).toEqual({ One: ['A1', 'a'], Two: ['B2', 'b'] });

  for (const [key, one, two] of [
    ['c_number', '1.50', '2'],
    ['c_day', '2026-03-31', '2026-04-01'],
    ['c_seat', 'acme', 'Bolt'],
  ] as const) {
    const header = { c_number: 'Number', c_day: 'Day', c_seat: 'Seat' }[key];
    const done = await bring(`Machine,${header},Note\nOne,${one},${key}\nTwo,${two},b\n`, key);
    expect([key, done.created, done.updated, done.unchanged]).toEqual([key, 0, 1, 1]);
    expect(await list()).toEqual({ One: ['A1', key], Two: ['B2', 'b'] });
  }

  // A row whose key cannot be read is none of a new record; two rows of one key are one record.
  const wrong = await bring('Machine,Tag,Note\nX,not a tag,1\nY,D4,1\nY,d4,2\n', 'c_tag');
  expect(wrong).toMatchObject({ created: 1, refused: 2 });
  expect(await problemsOf(tenant, wrong.id, 'refused')).toEqual([
    [2, 'invalid'],
    [4, 'repeated'],
  ]);
  const nobody = await bring('Machine,Seat\nZ,Nobody Ltd\n', 'c_seat');
  expect(await problemsOf(tenant, nobody.id, 'refused')).toEqual([[2, 'requiredReference']]);
  const number = await bring('Machine,Number\nZ,many\n', 'c_number');
  expect(await problemsOf(tenant, number.id, 'refused')).toEqual([[2, 'number']]);

  // The source's id is surer still.
  const ids = await upload(tenant, 'machines.csv', 'Id,Machine,Tag\nm1,One,A1\n');
  await importFile(tenant, ids, await planFor(tenant, ids, { matchKey: 'c_tag' }));
  const moved = await upload(tenant, 'machines.csv', 'Id,Machine,Tag,Note\nm1,One,E5,moved\n');
  expect(await importFile(tenant, moved, await planFor(tenant, moved, { matchKey: 'c_tag' }))).toMatchObject({
    created: 0,
    updated: 1,
  });
  expect((await list()).One).toEqual(['E5', 'moved']);

  // In the bin stands nobody's way.
  const { rows } = await api.records.list({ object });
  await api.records.remove({ object, ids: rows.flatMap(({ id, name }) => (name === 'Two' ? [id] : [])) });
  expect(await bring('Machine,Tag\nNext,B2\n', 'c_tag')).toMatchObject({ created: 1, updated: 0 });
});

it('standard objects too are recognised by such a field, and by no other', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  await add(tenant, 'company', 'text', 'Badge', { unique: true, maxLength: 20 });
  await add(tenant, 'company', 'text', 'Wing');
  const old = await api.companies.create({ values: { name: 'Old Name', c_badge: 'K-7' } as { name: string } });
  const file = await upload(tenant, 'companies.csv', 'Company name,Badge,Wing\nNew Name,k-7,North\n');
  const plan = await planFor(tenant, file);
  // Rows are joined by it only when somebody says so.
  expect(plan.matchKey).toBe('name');
  for (const path of ['start', 'check', 'values'] as const)
    await expect(api.imports[path]({ fileId: file, plan: { ...plan, matchKey: 'c_wing' } })).rejects.toMatchObject({
      message: 'matchKeyNotUnique',
    });
  expect(await importFile(tenant, file, { ...plan, matchKey: 'c_badge' })).toMatchObject({
    created: 0,
    updated: 1,
  });
  const { rows } = await api.companies.list({});
  expect(rows.map(({ id, name }) => [id, name])).toEqual([[old.id, 'New Name']]);

  // What is a key no more ends an import that waits.
  const { id } = await api.imports.start({ fileId: file, plan: { ...plan, matchKey: 'c_badge' } });
  const field = (await api.fields.list()).rows.find(({ key }) => key === 'c_badge');
  await api.fields.update({ id: field?.id ?? '', values: { settings: { maxLength: 20 } } });
  await workOff(tenant);
  expect(await api.imports.get({ id })).toMatchObject({ status: 'failed', error: 'matchKeyNotUnique' });
});
