import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inTenant } from '@/db/tenant';
import type { FieldInput } from '@/domain/custom-fields';
import type { ImportPlan } from '@/domain/imports/mapping';
import { liftLimits } from '@/server/core/limits';
import { refusalView } from '@/server/core/trpc';
import { refusedFile } from '@/server/imports/refused';
import { fuzzSettings, hostileText } from '../support/fuzz';
import { dryRun, importFile, planFor, upload, workOf, workOff } from '../support/imports';
import { callByPath } from '../support/procedures';
import { createTestTenant, type TestTenant } from '../support/tenants';

const machines = async (tenant: TestTenant) => {
  const { id, key } = await tenant.api.objects.create({
    label: { en: { one: 'Machine', other: 'Machines' }, zh: { one: '设备', other: '设备' } },
    titleLabel: { en: 'Serial number', zh: '序列号' },
  });
  const object = key as `o_${string}`;
  const field = (type: FieldInput['type'], en: string, settings: FieldInput['settings'] = {}, more = {}) =>
    tenant.api.fields.create({ object, type, label: { en }, settings, ...more });
  const list = async () => (await tenant.api.records.list({ object, sort: [{ field: 'name', dir: 'asc' }] })).rows;
  return { id, object, field, list };
};
const problemsOf = async (tenant: TestTenant, id: string, kind: 'refused' | 'partly') =>
  (await tenant.api.imports.problems({ id, kind })).rows.map(({ row, problems }) => [
    row,
    ...problems.filter(({ level }: { level: string }) => level !== 'note').map(({ code }: { code: string }) => code),
  ]);

it('a file of an object the tenant made is recognised, mapped, tried, imported, brought again and undone', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  const { object, field, list } = await machines(tenant);
  await field('number', 'Power');
  await field('date', 'Installed');
  await field('reference', 'Site', { to: 'company' });
  await api.companies.create({ values: { name: 'Harbour Works' } });
  const text = [
    'Id;Serial number;Power;Installed;Site;Owner;Created',
    'm1;SN-1;1,5;31.03.2026;Harbour Works;Olivia Owner;01.02.2020',
    'm2;SN-2;2,25;15.04.2026;Nobody Ltd;;',
    'm3;;3;01.05.2026;;;',
  ].join('\n');
  const file = await upload(tenant, 'machines 2026.csv', text);
  const analysis = await api.imports.analyse({ fileId: file });
  expect(analysis.object).toBe(object);
  const plan = await planFor(tenant, file);
  expect(plan.columns.map(({ target }) => target)).toEqual([
    'externalId',
    'name',
    'c_power',
    'c_installed',
    'c_site',
    'owner',
    'createdAt',
  ]);
  // Days and decimals are judged by the columns of own fields too.
  expect(plan).toMatchObject({ dateOrder: 'dmy', decimal: ',' });

  const tried = await dryRun(tenant, { fileId: file, plan });
  expect(tried).toMatchObject({ created: 2, refused: 1, unmatched: { c_site: { 'Nobody Ltd': 1 } } });
  expect(await list()).toEqual([]);

  const done = await importFile(tenant, file, plan);
  expect(done).toMatchObject({ status: 'done', object, created: 2, refused: 1 });
  expect(await list()).toMatchObject([
    {
      name: 'SN-1',
      c_power: 1.5,
      c_installed: '2026-03-31',
      createdAt: expect.stringMatching(/^2020-02-01/),
      refs: { c_site: 'Harbour Works', ownerId: 'Olivia Owner' },
    },
    { name: 'SN-2', c_power: 2.25, c_installed: '2026-04-15' },
  ]);
  expect((await api.search.pick({ object, q: 'SN-2' })).map(({ title }) => title)).toEqual(['SN-2']);

  // The same rows again, found by the id they have in the source and by what they are called.
  const again = await upload(tenant, 'machines.csv', 'Id,Serial number,Power\nm1,SN-1 renamed,9\nm2,SN-2,2.25\n');
  const second = await importFile(tenant, again, await planFor(tenant, again));
  expect(second).toMatchObject({ created: 0, updated: 1, unchanged: 1 });
  expect((await list())[0]).toMatchObject({ name: 'SN-1 renamed', c_power: 9 });
  await api.changes.undo({ changeSetId: second.changeSetId ?? '' });
  expect((await list())[0]).toMatchObject({ name: 'SN-1', c_power: 1.5 });
  await api.changes.undo({ changeSetId: done.changeSetId ?? '' });
  expect(await list()).toEqual([]);

  let csv = '';
  const context = await inTenant(tenant.tenantId, 'read', (db) => workOf(tenant, db));
  for await (const part of refusedFile(context.actor, done.id, (db) => workOf(tenant, db))) csv += part;
  expect(csv).toMatch(/m3;.*The name is missing\./);
});

it('records of two objects in one table are never taken for each other', async () => {
  const tenant = await createTestTenant();
  const { object, list } = await machines(tenant);
  const { key } = await tenant.api.objects.create({ label: { en: { one: 'Site', other: 'Sites' } } });
  await tenant.api.records.create({ object: key, values: { name: 'SN-1' } });
  const file = await upload(tenant, 'machines.csv', 'Serial number\nSN-1\n');
  const plan = await planFor(tenant, file);
  expect(plan).toMatchObject({ object, matchKey: 'name' });
  expect(await importFile(tenant, file, plan)).toMatchObject({ created: 1, updated: 0, unchanged: 0 });
  expect(await list()).toHaveLength(1);
});

it('own references name deals, tasks and own records by what they are called, by a choice, and by the source’s id', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  const { object, field } = await machines(tenant);
  const add = (en: string, to: string) =>
    api.fields.create({ object: 'company', type: 'reference', label: { en }, settings: { to } });
  await add('Machine', object);
  await add('Opportunity', 'deal');
  await add('Errand', 'task');
  await add('Agent', 'contact');
  await field('reference', 'Follows', { to: object });
  const [pipeline] = await api.pipelines.list();
  const stage = pipeline?.stages[0]?.id ?? '';
  const deal = await api.deals.create({ values: { name: 'Big One', stageId: stage } });
  const twin = () => api.deals.create({ values: { name: 'Twin', stageId: stage } });
  await twin();
  await twin();
  const task = await api.tasks.create({ values: { subject: '打电话' } });
  const contact = await api.contacts.create({ values: { name: 'Ada', email: 'ada@example.com' } });
  const first = await upload(tenant, 'machines.csv', 'Id,Serial number\nm1,SN-1\nm2,SN-2\n');
  await importFile(tenant, first, await planFor(tenant, first, { source: 'erp' }));
  const known = (await api.records.list({ object })).rows;
  const idOf = (name: string) => known.find((row) => row.name === name)?.id;

  const file = await upload(
    tenant,
    'companies.csv',
    [
      'Company name,Machine,Machine Id,Opportunity,Errand,Agent',
      'A,sn-1,,big one,打电话,ada@example.com',
      'B,something else,m2,Twin,大电话,',
      'C,SN-9,,Gone,,',
      'D,SN-8,,,,',
    ].join('\n'),
  );
  const offered = await api.imports.analyse({ fileId: file, object: 'company' });
  if (!offered.plan) throw new Error('No plan');
  expect(offered.plan.columns.map(({ target }) => target)).toEqual([
    'name',
    'c_machine',
    'c_machineExternalId',
    'c_opportunity',
    'c_errand',
    'c_agent',
  ]);
  const plan: ImportPlan = { ...offered.plan, source: 'erp' };
  const { groups } = await api.imports.values({ fileId: file, plan });
  const group = (name: string) => groups.find((each) => each.object === name);
  expect(group(object)).toMatchObject({ group: 'other', makeable: true, matched: { texts: 1, rows: 1 } });
  expect(group(object)?.rows.map(({ text, match }) => [text, match?.name ?? null])).toEqual(
    expect.arrayContaining([
      ['SN-9', null],
      ['SN-8', null],
    ]),
  );
  expect(group('deal')).toMatchObject({ makeable: false });
  expect(group('deal')?.rows.map(({ text, ambiguous }) => [text, ambiguous.length])).toEqual([
    ['Twin', 2],
    ['Gone', 0],
  ]);

  const chosen: ImportPlan = {
    ...plan,
    values: {
      ...plan.values,
      others: {
        [object]: { 'SN-9': { id: idOf('SN-2') ?? '' }, 'SN-8': { create: { name: 'SN-8' } } },
        // Nobody makes a deal of its name alone.
        deal: { Gone: { create: { name: 'Gone' } } },
      },
    },
  };
  const done = await importFile(tenant, file, chosen);
  expect(done).toMatchObject({ status: 'done', created: 4, also: { [object]: 1 } });
  expect(done.unmatched).toEqual(
    expect.arrayContaining([
      { target: 'c_opportunity', text: 'Gone', rows: 1 },
      // It sounds the same and is another word.
      { target: 'c_errand', text: '大电话', rows: 1 },
    ]),
  );
  expect(await problemsOf(tenant, done.id, 'partly')).toEqual([[3, 'ambiguousReference']]);
  const rows = Object.fromEntries((await api.companies.list({})).rows.map((row) => [row.name, row]));
  expect(rows.A).toMatchObject({
    c_machine: idOf('SN-1'),
    c_opportunity: deal.id,
    c_errand: task.id,
    c_agent: contact.id,
  });
  expect(rows.B).toMatchObject({ c_machine: idOf('SN-2') });
  expect(rows.C).toMatchObject({ c_machine: idOf('SN-2') });
  expect(rows.D?.refs).toMatchObject({ c_machine: 'SN-8' });
});

it('rows name other rows of their own file, later ones too; those in a circle are told so', async () => {
  const tenant = await createTestTenant();
  const { object, field, list } = await machines(tenant);
  await field('reference', 'Follows', { to: object });
  const file = await upload(tenant, 'machines.csv', 'Serial number,Follows\nC,B\nB,A\nA,\nX,Y\nY,X\nZ,Z\n');
  const plan = await planFor(tenant, file);
  const done = await importFile(tenant, file, plan);
  expect(done).toMatchObject({ status: 'done', created: 6, refused: 0 });
  const follows = async () => Object.fromEntries((await list()).map((row) => [row.name, row.refs?.c_follows ?? null]));
  expect(await follows()).toEqual({ A: null, B: 'A', C: 'B', X: 'Y', Y: null, Z: null });
  expect((await problemsOf(tenant, done.id, 'partly')).map(([, code]) => code)).toEqual([
    'referenceLoop',
    'referenceLoop',
  ]);
});

it('a row without what must be filled is refused, naming the field; defaults and conditions are kept', async () => {
  const tenant = await createTestTenant();
  const { field, list } = await machines(tenant);
  await field('choice', 'State', {
    choices: ['new', 'sold'].map((value) => ({ value, label: { en: value }, tone: 'slate' as const })),
    default: 'new',
  });
  await field('text', 'Plant', {}, { required: true, label: { en: 'Plant', zh: '厂区' } });
  await field('text', 'Buyer', { requireIf: { field: 'c_state', op: 'is', value: 'sold' } });
  await field('number', 'Weight', { showIf: { field: 'c_state', op: 'is', value: 'sold' } }, { required: true });
  await field('formula', 'Twice', { formula: 'c_weight * 2' }, { required: true });
  const file = await upload(
    tenant,
    'machines.csv',
    [
      'Serial number,Plant,State,Buyer,Weight',
      'A,North,,,',
      'B,,new,,',
      'C,South,sold,,5',
      'D,South,sold,Ada,heavy',
      'E,South,sold,Ada,5',
      'F,East,blue,,',
    ].join('\n'),
  );
  const plan = await planFor(tenant, file);
  expect(await dryRun(tenant, { fileId: file, plan })).toMatchObject({ created: 3, refused: 3 });
  const done = await importFile(tenant, file, plan);
  expect(done).toMatchObject({ status: 'done', created: 3, refused: 3 });
  const refused = await tenant.api.imports.problems({ id: done.id });
  expect(refused.rows.map(({ row, problems }) => [row, problems.find(({ level }) => level === 'row')])).toMatchObject([
    [3, { code: 'requiredField', header: 'Plant' }],
    [4, { code: 'requiredField', header: 'Buyer' }],
    [5, { code: 'requiredField', header: 'Weight' }],
  ]);
  expect((await list()).map(({ name, c_state }) => [name, c_state ?? null])).toEqual([
    ['A', 'new'],
    ['E', 'sold'],
    // What could not be read is left out, not made up.
    ['F', null],
  ]);

  // An update that makes a field required asks for it; one that touches nothing of it does not.
  const more = await upload(tenant, 'machines.csv', 'Serial number,State\nA,sold\nE,new\n');
  const second = await importFile(tenant, more, await planFor(tenant, more));
  expect(second).toMatchObject({ updated: 1, refused: 1 });
  expect(await problemsOf(tenant, second.id, 'refused')).toEqual([[2, 'requiredField']]);

  // Standard objects are held to the same, and what a row only names is not made without.
  await tenant.api.fields.create({ object: 'company', type: 'text', label: { en: 'Region' }, required: true });
  await field('reference', 'Site', { to: 'company' });
  const companies = await upload(tenant, 'companies.csv', 'Company name,Region\nAcme,North\nBolt,\n');
  expect(await importFile(tenant, companies, await planFor(tenant, companies))).toMatchObject({
    created: 1,
    refused: 1,
  });
  const naming = await upload(tenant, 'machines.csv', 'Serial number,Plant,Site\nG,North,New Company\n');
  const named = await planFor(tenant, naming);
  const third = await importFile(tenant, naming, { ...named, missing: { ...named.missing, company: 'create' } });
  expect(third).toMatchObject({ created: 1, also: {}, unmatched: [{ text: 'New Company' }] });
  await field('reference', 'Maker', { to: 'contact' }, { required: true });
  const made = await upload(tenant, 'machines.csv', 'Serial number,Plant,Maker\nH,North,Nobody\n');
  const fourth = await importFile(tenant, made, await planFor(tenant, made));
  // The cell is filled in: what is wrong is that it names nothing. And nothing is left empty in a row that is refused.
  expect(fourth).toMatchObject({ created: 0, refused: 1, unmatched: [] });
  expect(await problemsOf(tenant, fourth.id, 'refused')).toEqual([[2, 'requiredReference']]);
});

it('an object in the bin takes no file, and an import ends when its object or field goes', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  const { id, object, field } = await machines(tenant);
  const power = await field('number', 'Power');
  const file = await upload(tenant, 'machines.csv', 'Serial number,Power\nA,1\n');
  const plan = await planFor(tenant, file);
  const waiting = await api.imports.start({ fileId: file, plan });
  const { changeSetId } = await api.objects.remove({ id });
  await workOff(tenant);
  expect(await api.imports.get({ id: waiting.id })).toMatchObject({ status: 'failed', error: 'noSuchObject' });
  for (const path of ['imports.start', 'imports.check', 'imports.values'])
    expect(await callByPath(api, path, { fileId: file, plan })).toMatchObject({ refused: 'noSuchObject' });
  expect(await api.imports.analyse({ fileId: file, object }).catch(refusalView)).toMatchObject({
    code: 'noSuchObject',
  });
  await api.changes.undo({ changeSetId });
  await api.fields.remove({ id: power.id });
  expect(await api.imports.start({ fileId: file, plan }).catch(refusalView)).toMatchObject({ code: 'unknownTarget' });
  const other = await createTestTenant();
  const foreign = await upload(other, 'machines.csv', 'Serial number\nA\n');
  expect(await other.api.imports.analyse({ fileId: foreign, object }).catch(refusalView)).toMatchObject({
    code: 'noSuchObject',
  });
});

it('whatever stands in a file of an own object’s records, the import answers', async () => {
  liftLimits();
  const tenant = await createTestTenant();
  const { object, field } = await machines(tenant);
  const types: [FieldInput['type'], FieldInput['settings']?][] = [
    ['text', { unique: true, maxLength: 50, pattern: { expression: '\\w+' } }],
    ['number'],
    ['money', { currency: 'EUR' }],
    ['percent'],
    ['date'],
    ['datetime'],
    ['time'],
    ['boolean'],
    ['rating'],
    ['email', { unique: true }],
    ['phone'],
    ['link'],
    ['address'],
    ['member'],
    ['choices', { choices: [{ value: 'a', label: { en: 'A' }, tone: 'red' }] }],
  ];
  for (const [type, settings] of types) await field(type, type, settings);
  await field('reference', 'Follows', { to: object });
  await field('reference', 'Deal', { to: 'deal' });
  await field('relation', 'Links', { to: object });
  await field('relation', 'Firms', { to: 'company' });
  const relations = ['c_links', 'c_linksExternalId', 'c_firms', 'c_firmsExternalId'];
  const names = ['externalId', 'owner', 'createdAt', 'c_followsExternalId', 'c_deal', 'c_follows', ...relations].concat(
    types.map(([type]) => `c_${type}`),
  );
  const cell = fc.oneof(
    hostileText,
    fc.constantFrom('A', 'A;B|A', '12.5', '2026-06-01', '9'.repeat(400), ';'.repeat(3000), 'x;'.repeat(300), '😀'),
  );
  const any = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 8 }).chain((columns) =>
    fc.record({
      columns: fc.constant(['name', ...columns]),
      rows: fc.array(fc.array(cell, { minLength: columns.length + 1, maxLength: columns.length + 2 }), {
        minLength: 1,
        maxLength: 6,
      }),
      policy: fc.constantFrom<ImportPlan['policy']>('overwrite', 'fillBlanks', 'keep'),
      missing: fc.constantFrom<'create' | 'leave'>('create', 'leave'),
      key: fc.constantFrom('name', 'c_text', 'c_email', null),
    }),
  );
  const base = await planFor(tenant, await upload(tenant, 'machines.csv', 'Serial number\nA\n'));
  await fc.assert(
    fc.asyncProperty(any, async ({ columns, rows, policy, missing, key }) => {
      const quoted = (text: string) => `"${text.toWellFormed().replaceAll('"', '""')}"`;
      const fileId = await upload(
        tenant,
        'any.csv',
        [columns, ...rows].map((row) => row.map(quoted).join(',')).join('\n'),
      );
      const plan: ImportPlan = {
        ...base,
        quote: '"',
        encoding: 'utf-8',
        policy,
        matchKey: key !== null && columns.includes(key) ? key : null,
        missing: { ...base.missing, owner: missing, company: missing, others: { [object]: missing, deal: missing } },
        columns: columns.map((target, index) => ({ index, header: target, target })),
      };
      for (const path of ['imports.values', 'imports.check']) {
        const answer = await callByPath(tenant.api, path, { fileId, plan });
        if ('refused' in answer) expect([path, answer.refused]).not.toEqual([path, 'internal']);
      }
      const result = await importFile(tenant, fileId, plan);
      expect([result.status, result.error]).toEqual(['done', null]);
      expect(result.taken).toBe(result.rows);
    }),
    { ...fuzzSettings(25), endOnFailure: true },
  );
});
