import { expect, it } from 'vitest';
import type { FieldInput } from '@/domain/custom-fields';
import { importFile, planFor, upload } from '../support/imports';
import { createTestTenant, type TestTenant } from '../support/tenants';

const add = (
  { api }: TestTenant,
  type: FieldInput['type'],
  en: string,
  settings: FieldInput['settings'] = {},
  zh = '',
) => api.fields.create({ object: 'company', type, label: zh ? { en, zh } : { en }, settings });
const choices = [
  { value: 'red', label: { en: 'Bright red', zh: '红色' }, tone: 'red' as const },
  { value: 'blue', label: { en: 'Blue', zh: '蓝色' }, tone: 'blue' as const },
];

it('own fields are targets of a file’s columns, read by their type, labels in either language', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  await add(tenant, 'choice', 'Colour', { choices }, '颜色');
  await add(tenant, 'choices', 'Shades', { choices });
  await add(tenant, 'number', 'Machines');
  await add(tenant, 'money', 'Quota', { currency: 'EUR' });
  await add(tenant, 'percent', 'Share', { decimals: 1 });
  await add(tenant, 'date', 'Visited');
  await add(tenant, 'boolean', 'Keyed');
  await add(tenant, 'reference', 'Agency', { to: 'company' });
  await add(tenant, 'member', 'Advisor');
  await add(tenant, 'formula', 'Twice', { formula: 'c_machines * 2' });
  await api.companies.create({ values: { name: 'Agent Ltd' } });
  const file = await upload(
    tenant,
    'companies.csv',
    [
      'Company name,颜色,Shades,Machines,Quota,Share,Visited,Keyed,Agency,Advisor',
      'Acme,红色,Blue; bright red,"1,200",€12.50,12.5%,2026-03-31,yes,Agent Ltd,Olivia Owner',
      'Bolt,green,Blue,many,USD 5,1,2026-13-01,maybe,,',
    ].join('\n'),
  );
  const { plan } = await api.imports.analyse({ fileId: file, object: 'company' });
  if (!plan) throw new Error('No plan');
  expect(plan.columns.map(({ target }) => target)).toEqual([
    'name',
    'c_colour',
    'c_shades',
    'c_machines',
    'c_quota',
    'c_share',
    'c_visited',
    'c_keyed',
    'c_agency',
    'c_advisor',
  ]);
  const done = await importFile(tenant, file, plan);
  expect(done).toMatchObject({ status: 'done', created: 2 });
  const { rows } = await api.companies.list({ sort: [{ field: 'name', dir: 'asc' }] });
  expect(rows.find(({ name }) => name === 'Acme')).toMatchObject({
    c_colour: 'red',
    c_shades: ['red', 'blue'],
    c_machines: 1200,
    c_quota: 1250,
    c_share: 12.5,
    c_visited: '2026-03-31',
    c_keyed: true,
    c_twice: 2400,
    refs: { c_agency: 'Agent Ltd', c_advisor: 'Olivia Owner' },
  });
  const bolt = rows.find(({ name }) => name === 'Bolt');
  expect(bolt).toMatchObject({ c_shades: ['blue'], c_share: 1 });
  expect(bolt?.c_colour ?? bolt?.c_machines ?? bolt?.c_quota ?? bolt?.c_visited ?? bolt?.c_keyed ?? null).toBeNull();
  const problems = await api.imports.problems({ id: done.id, kind: 'partly' });
  expect(
    problems.rows[0]?.problems.map(({ code, target }: { code: string; target: string | null }) => [target, code]),
  ).toEqual(
    expect.arrayContaining([
      ['c_colour', 'choice'],
      ['c_machines', 'number'],
      ['c_quota', 'currencyConflict'],
      ['c_visited', 'date'],
      ['c_keyed', 'boolean'],
    ]),
  );
  // The same file again changes nothing.
  const again = await upload(tenant, 'companies-2.csv', 'Company name,Colour\nAcme,Bright red\n');
  expect(await importFile(tenant, again, await planFor(tenant, again))).toMatchObject({ unchanged: 1, updated: 0 });
});

it('a value that may be there once is left out where another record has it, and a text without the form asked for', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  await add(tenant, 'text', 'Code', { unique: true, maxLength: 20, pattern: { expression: '[A-Z]\\d' } });
  await api.companies.create({ values: { name: 'Old', c_code: 'A1' } as never });
  const file = await upload(
    tenant,
    'companies.csv',
    'Company name,Website,Code\nOne,one.example,A1\nTwo,two.example,B2\nThree,three.example,b2\nFour,four.example,B2\nOld,old.example,A1\n',
  );
  const plan = await planFor(tenant, file);
  const done = await importFile(tenant, file, plan);
  expect(done).toMatchObject({ status: 'done', created: 4, updated: 1 });
  const { rows } = await api.companies.list({ columns: ['c_code'] });
  const codes = Object.fromEntries(rows.map(({ name, c_code }) => [String(name), c_code ?? null]));
  expect(codes).toEqual({ Old: 'A1', One: null, Two: 'B2', Three: null, Four: null });
  const problems = await api.imports.problems({ id: done.id, kind: 'partly' });
  expect(problems.rows.map(({ problems: [first] }) => first?.code)).toEqual(['taken', 'invalid', 'taken']);
});

it('a small number that may be there once is left out too where another record has it', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  await add(tenant, 'number', 'Ratio', { unique: true });
  await api.companies.create({ values: { name: 'Old', c_ratio: 0.00005 } as never });
  const file = await upload(tenant, 'companies.csv', 'Company name,Ratio\nOne,0.00005\nTwo,7\n');
  const done = await importFile(tenant, file, await planFor(tenant, file));
  expect(done).toMatchObject({ status: 'done', created: 2 });
  const problems = await api.imports.problems({ id: done.id, kind: 'partly' });
  expect(problems.rows.map(({ row, problems: [first] }) => [row, first?.code])).toEqual([[2, 'taken']]);
});

it('a value that may be there once is free again after the batch that took it away', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  await add(tenant, 'text', 'Code', { unique: true, maxLength: 20 });
  await api.companies.create({ values: { name: 'Old', c_code: 'A1' } as never });
  const fillers = Array.from({ length: 800 }, (_, i) => `Filler ${i},`);
  const file = await upload(
    tenant,
    'companies.csv',
    ['Company name,Code', 'Old,B2', 'Third,A1', ...fillers, 'New,A1'].join('\n'),
  );
  expect(await importFile(tenant, file, await planFor(tenant, file))).toMatchObject({ created: 802, updated: 1 });
  const { rows } = await api.companies.list({ q: 'new', columns: ['c_code'] });
  expect(rows).toMatchObject([{ c_code: 'A1' }]);
});

it('a column that goes to a field the workspace does not have is refused', async () => {
  const tenant = await createTestTenant();
  const file = await upload(tenant, 'companies.csv', 'Company name,X\nAcme,1\n');
  const plan = await planFor(tenant, file);
  const columns = plan.columns.map((column, i) => (i === 1 ? { ...column, target: 'c_none' } : column));
  await expect(tenant.api.imports.start({ fileId: file, plan: { ...plan, columns } })).rejects.toMatchObject({
    message: 'unknownTarget',
  });
});
