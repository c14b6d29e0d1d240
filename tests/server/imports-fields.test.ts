import { expect, it } from 'vitest';
import type { ImportPlan } from '@/domain/imports/mapping';
import type { UndoJob } from '@/server/changes/changes';
import { undo } from '@/server/changes/changes';
import { runUndo } from '@/server/changes/jobs';
import { inJob } from '@/server/core/job-work';
import { importFile, planFor, upload } from '../support/imports';
import { createTestTenant, type TestTenant } from '../support/tenants';

const rows = (n: number, row: (i: number) => string) => Array.from({ length: n }, (_, i) => row(i)).join('\n');

/** Companies with columns no field fits: an amount, a date, choices. */
const file = (n = 12) =>
  `Company name,Loyalty tier,Setup fee,Contract end,Last modified by id\n${rows(
    n,
    (i) => `Firm ${i},${['Gold', 'Silver', 'Bronze'][i % 3]},"${i + 1},000.50",${i + 5}.12.2026,x${i}`,
  )}`;

/** The plan that takes up every offer a person would be shown. */
async function planWithFields(tenant: TestTenant, fileId: string, changes: Partial<ImportPlan> = {}) {
  const { plan, matches } = await tenant.api.imports.analyse({ fileId });
  if (!plan) throw new Error('The file was not recognised');
  const columns = plan.columns.map((column) => {
    const match = matches[column.index];
    const isTaken = column.target === null && match?.reason.code !== 'ignored';
    return isTaken && match?.offer ? { ...column, create: match.offer } : column;
  });
  return { ...plan, ...changes, columns };
}

const ownFields = async ({ api }: TestTenant) => (await api.fields.list()).rows.map(({ key }) => key);

it('columns that fit no field become typed fields when the import starts, and are listed with it', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  const fileId = await upload(tenant, 'companies.csv', file());
  const plan = await planWithFields(tenant, fileId);
  expect(plan.columns.map(({ target, create }) => [target, create?.type])).toEqual([
    ['name', undefined],
    [null, 'choice'],
    [null, 'money'],
    [null, 'date'],
    // What the source keeps for itself is offered to who asks, not taken up by itself.
    [null, undefined],
  ]);
  expect(plan.dateOrder).toBe('dmy');
  expect(await ownFields(tenant)).toEqual([]);

  const done = await importFile(tenant, fileId, plan);
  expect(done).toMatchObject({ status: 'done', created: 12, refused: 0, partly: 0 });
  const { rows: fields } = await api.fields.list();
  expect(fields.map(({ key, type, label }) => ({ key, type, label }))).toEqual([
    { key: 'c_loyalty_tier', type: 'choice', label: { en: 'Loyalty tier', zh: 'Loyalty tier' } },
    { key: 'c_setup_fee', type: 'money', label: { en: 'Setup fee', zh: 'Setup fee' } },
    { key: 'c_contract_end', type: 'date', label: { en: 'Contract end', zh: 'Contract end' } },
  ]);
  const found = await api.companies.list({ filter: { field: 'name', op: 'is', value: 'Firm 4' } });
  expect(found.rows[0]).toMatchObject({ c_loyalty_tier: 'silver', c_setup_fee: 500_050, c_contract_end: '2026-12-09' });
  // The import says which of its columns it made a field of.
  expect(done.plan?.columns.map(({ target, create }) => [target, create?.type ?? null])).toEqual([
    ['name', null],
    ['c_loyalty_tier', 'choice'],
    ['c_setup_fee', 'money'],
    ['c_contract_end', 'date'],
    [null, null],
  ]);
  // The same file again finds the fields by their labels.
  const again = await planFor(tenant, fileId);
  expect(again.columns[1]?.target).toBe('c_loyalty_tier');
});

it('are read as what they would be before they are there, and refused where their name is taken', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  const fileId = await upload(tenant, 'companies.csv', file());
  const plan = await planWithFields(tenant, fileId);
  const asNumber = plan.columns.map((column) =>
    column.header === 'Loyalty tier' && column.create
      ? { ...column, create: { type: 'number' as const, label: column.create.label } }
      : column,
  );
  const wrong = await importFile(tenant, fileId, { ...plan, columns: asNumber });
  expect(wrong).toMatchObject({ created: 12, partly: 12 });
  await api.changes.undo({ changeSetId: wrong.changeSetId ?? '' });

  await api.fields.create({ object: 'company', type: 'text', label: { en: 'Setup fee' } });
  await expect(api.imports.start({ fileId, plan })).rejects.toMatchObject({ message: 'nameTaken' });
  // Nothing of a start that is refused stays.
  expect(await ownFields(tenant)).toEqual(['c_setup_fee_2']);
  const twice = plan.columns.map((column) =>
    column.create ? { ...column, create: { ...column.create, label: { en: 'One name' } } } : column,
  );
  await expect(api.imports.start({ fileId, plan: { ...plan, columns: twice } })).rejects.toThrow();
  expect((await api.imports.analyse({ fileId })).matches.find(({ header }) => header === 'Setup fee')?.target).toBe(
    'c_setup_fee_2',
  );
});

it('go with the import when it is undone, except those that something else has come to use', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  const other = await api.companies.create({ values: { name: 'Elsewhere' } });
  const known = await api.companies.create({ values: { name: 'Firm 1' } });
  const fileId = await upload(tenant, 'companies.csv', file());
  const done = await importFile(tenant, fileId, await planWithFields(tenant, fileId));
  await api.companies.update({ id: other.id, values: { c_setup_fee: 700 } });
  const undone = await api.changes.undo({ changeSetId: done.changeSetId ?? '' });
  expect(await ownFields(tenant)).toEqual(['c_setup_fee']);
  expect(await api.companies.get({ id: other.id })).toMatchObject({ c_setup_fee: 700 });
  expect((await api.companies.get({ id: known.id })).c_setup_fee).toBeNull();
  // Taking that back brings records and fields.
  await api.changes.undo({ changeSetId: undone.changeSetId });
  expect(await ownFields(tenant)).toEqual(['c_loyalty_tier', 'c_setup_fee', 'c_contract_end']);
  const found = await api.companies.list({ filter: { field: 'c_loyalty_tier', op: 'is', value: 'gold' } });
  expect(found.rows).toHaveLength(4);
  // What was written into a record that was there before is back too.
  expect(await api.companies.get({ id: known.id })).toMatchObject({
    c_loyalty_tier: 'silver',
    c_setup_fee: 200_050,
    c_contract_end: '2026-12-06',
  });
});

it('go at the end where a job takes the import back', async () => {
  const tenant = await createTestTenant();
  const known = await tenant.api.companies.create({ values: { name: 'Firm 1' } });
  const fileId = await upload(tenant, 'companies.csv', file());
  const done = await importFile(tenant, fileId, await planWithFields(tenant, fileId));
  const actor = { tenantId: tenant.tenantId, memberId: tenant.memberId, channel: 'screen' as const, requestId: 'r' };
  const { enqueue } = tenant.context;
  const report = await inJob(actor, enqueue, 'write', (work) => undo(work, done.changeSetId ?? '', 3));
  expect(report.queued).toBeGreaterThan(3);
  expect(await ownFields(tenant)).toHaveLength(3);
  const job = tenant.jobs.find(({ queue }) => queue === 'undo')?.payload as unknown as UndoJob;
  await runUndo(job, enqueue, new AbortController().signal);
  expect(await ownFields(tenant)).toEqual([]);
  // And are back where another job takes that back.
  tenant.jobs.length = 0;
  await inJob(actor, enqueue, 'write', (work) => undo(work, report.changeSetId, 3));
  const again = tenant.jobs.find(({ queue }) => queue === 'undo')?.payload as unknown as UndoJob;
  await runUndo(again, enqueue, new AbortController().signal);
  expect(await ownFields(tenant)).toHaveLength(3);
  expect(await tenant.api.companies.get({ id: known.id })).toMatchObject({ c_loyalty_tier: 'silver' });
});

it('are offered only where the object takes some', async () => {
  const tenant = await createTestTenant();
  const people = await upload(tenant, 'users.csv', 'User,Email,Shoe size\nAnn,a@x.com,39\nBo,b@x.com,44');
  const { object, matches } = await tenant.api.imports.analyse({ fileId: people });
  expect(object).toBe('member');
  expect(matches.some(({ offer }) => offer)).toBe(false);
});

it('refusals only tighten: blank, no and yes to mails never take one back, any of several columns is enough', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  for (const [email, doNotMail, doNotCall] of [
    ['a@x.com', true, true],
    ['b@x.com', true, false],
    ['c@x.com', false, false],
    ['d@x.com', false, false],
    ['e@x.com', false, false],
  ] as const)
    await api.contacts.create({ values: { name: email, email, doNotMail, doNotCall } });
  const fileId = await upload(
    tenant,
    'contacts.csv',
    [
      '(Do Not Modify) Row Checksum,Full Name,Email,Do not allow Emails,Do not allow Bulk Emails,Do not allow Phone Calls',
      'x,a@x.com,a@x.com,Allow,Allow,Allow',
      'x,b@x.com,b@x.com,,,',
      'x,c@x.com,c@x.com,Allow,Do Not Allow,Do Not Allow',
      'x,d@x.com,d@x.com,Allow,Allow,perhaps',
      'x,e@x.com,e@x.com,true,,',
    ].join('\n'),
  );
  const { guess, plan } = await api.imports.analyse({ fileId });
  expect(guess).toMatchObject({ object: 'contact', product: 'dynamics' });
  expect(plan?.columns.map(({ target }) => target)).toEqual([
    null,
    'name',
    'email',
    'doNotMail',
    'doNotMail',
    'doNotCall',
  ]);
  if (!plan) throw new Error('No plan');
  // Even where an import only fills blanks, a refusal is taken over.
  const done = await importFile(tenant, fileId, { ...plan, policy: 'fillBlanks' });
  expect(done).toMatchObject({ status: 'done', created: 0, updated: 2, unchanged: 3, partly: 1 });
  const { rows: people } = await api.contacts.list({ sort: [{ field: 'email', dir: 'asc' }] });
  expect(people.map(({ doNotMail, doNotCall }) => [doNotMail, doNotCall])).toEqual([
    [true, true],
    [true, false],
    [true, true],
    [false, false],
    [true, false],
  ]);
});

it('what the source has in its bin is left out and counted', async () => {
  const tenant = await createTestTenant();
  const fileId = await upload(
    tenant,
    'Account.csv',
    [
      'Id,IsDeleted,MasterRecordId,Name,BillingCity,OwnerId,SystemModstamp',
      '001Dn00000X9y8zIAA,false,,Acme,Bonn,005Dn000001AbCdIAK,',
      '001Dn00000X9y91IAA,true,,Gone,Bonn,005Dn000001AbCdIAK,',
    ].join('\n'),
  );
  const { guess, plan } = await tenant.api.imports.analyse({ fileId });
  expect(guess).toMatchObject({ object: 'company', product: 'salesforce' });
  if (!plan) throw new Error('No plan');
  const done = await importFile(tenant, fileId, plan);
  expect(done).toMatchObject({ created: 1, left: { deleted: 1 } });
  const { rows: found } = await tenant.api.companies.list({});
  expect(found.map(({ name }) => name)).toEqual(['Acme']);
});
