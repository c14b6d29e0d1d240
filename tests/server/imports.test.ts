import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { Refusal, refusalStatus } from '@/domain/refusals';
import { refusalView } from '@/server/core/trpc';
import { uploadRoutes } from '@/server/imports/upload';
import { acceptStages, importFile, planFor, upload, workOff } from '../support/imports';
import { createTestTenant, superuser, type TestPerson, type TestTenant } from '../support/tenants';

const companies = (count: number, from = 1) =>
  Array.from({ length: count }, (_, i) => `C${from + i},Company ${from + i},Industry ${(from + i) % 7}`).join('\n');
const header = 'Company ID,Company Name,Industry\n';

/** An application that only has the routes of files. */
async function door(person: TestPerson, maxBytes = 1_000_000) {
  const app = Fastify();
  app.setErrorHandler((error, _, reply) => {
    const refusal = error instanceof Refusal ? error : undefined;
    return reply
      .code(refusal ? refusalStatus[refusal.kind] : 500)
      .send({ code: refusal?.detail.code ?? String(error) });
  });
  await app.register(uploadRoutes, {
    context: async (request) => ({ ...person.context, tenantSlug: (request.params as { tenant: string }).tenant }),
    maxBytes,
  });
  return app;
}

function multipart(name: string, content: string) {
  const boundary = 'x-boundary-x';
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/csv\r\n\r\n${content}\r\n--${boundary}--\r\n`,
  };
}

async function importText(
  tenant: TestTenant,
  content: string,
  name = 'companies.csv',
  change: Parameters<typeof planFor>[2] = {},
) {
  const fileId = await upload(tenant, name, content);
  const plan = await acceptStages(tenant, fileId, await planFor(tenant, fileId, change));
  return importFile(tenant, fileId, plan);
}

describe('an import', () => {
  it('goes on after its last whole batch when its worker is killed, and doubles nothing', {
    timeout: 60_000,
  }, async () => {
    const tenant = await createTestTenant();
    const fileId = await upload(tenant, 'companies.csv', header + companies(3000));
    const { id } = await tenant.api.imports.start({ fileId, plan: await planFor(tenant, fileId) });
    const [job] = tenant.jobs.filter(({ queue }) => queue === 'import');
    let batches = 0;
    await expect(
      workOff(tenant, {
        checkpoint: () => {
          if (++batches === 3) throw new Error('killed');
        },
      }),
    ).rejects.toThrow('killed');
    const halfway = await tenant.api.imports.get({ id });
    expect(halfway).toMatchObject({ status: 'running', rows: 3000, taken: 1600, created: 1600 });
    expect(await tenant.api.companies.count({ exact: true })).toMatchObject({ count: 1600 });

    if (job) tenant.jobs.push(job);
    await workOff(tenant);
    expect(await tenant.api.imports.get({ id })).toMatchObject({
      status: 'done',
      created: 3000,
      updated: 0,
      unchanged: 0,
      refused: 0,
    });
    expect(await tenant.api.companies.count({ exact: true })).toMatchObject({ count: 3000 });
    await superuser(async (client) => {
      const { rows } = await client.query(
        'select count(*)::int as n, count(distinct record_id)::int as records from app.external_id where tenant_id = $1',
        [tenant.tenantId],
      );
      expect(rows).toEqual([{ n: 3000, records: 3000 }]);
      const sets = await client.query(
        `select count(distinct change_set_id)::int as sets, count(*)::int as n from app.change where tenant_id = $1 and object = 'company'`,
        [tenant.tenantId],
      );
      expect(sets.rows).toEqual([{ sets: 1, n: 3000 }]);
    });
    // A job that is delivered once more finds nothing to do.
    if (job) tenant.jobs.push(job);
    await workOff(tenant);
    expect(await tenant.api.companies.count({ exact: true })).toMatchObject({ count: 3000 });
  });

  it('gives up on a batch that keeps failing, and lets the next import run', async () => {
    const tenant = await createTestTenant();
    const first = await upload(tenant, 'companies.csv', header + companies(3));
    const second = await upload(tenant, 'companies.csv', header + companies(2, 10));
    const { id } = await tenant.api.imports.start({ fileId: first, plan: await planFor(tenant, first) });
    const [job] = tenant.jobs.filter(({ queue }) => queue === 'import');
    const next = await tenant.api.imports.start({ fileId: second, plan: await planFor(tenant, second) });
    tenant.jobs.pop();
    const broken = {
      checkpoint: () => {
        throw new Error('disk full');
      },
    };
    for (let i = 0; i < 4; i++) {
      await expect(workOff(tenant, broken)).rejects.toThrow('disk full');
      if (job) tenant.jobs.push(job);
    }
    const failing = tenant.jobs.splice(0).filter(({ payload }) => payload.importId === id);
    tenant.jobs.push(...failing);
    let seen = 0;
    await workOff(tenant, {
      checkpoint: () => {
        if (seen++ === 0) throw new Error('disk full');
      },
    });
    expect(await tenant.api.imports.get({ id })).toMatchObject({ status: 'failed', error: 'internal', created: 0 });
    expect(await tenant.api.imports.get({ id: next.id })).toMatchObject({ status: 'done', created: 2 });
  });

  it('refuses ragged and nameless rows by their numbers, and gives them back as a safe file', async () => {
    const tenant = await createTestTenant();
    const text = `${header}C1,Acme,Tools\nC2,"Big ""Quote""\nLines",Tools\nC3,Torn\n\nC5,,Nameless\nC6,=cmd|' /C calc'!A0,Formula,too,many\nC7,@SUM(1),Formula\n`;
    const result = await importText(tenant, text);
    expect(result).toMatchObject({ status: 'done', rows: 6, created: 3, refused: 3 });
    expect(result.rows).toBe(result.created + result.updated + result.unchanged + result.refused);
    const { rows, headers } = await tenant.api.imports.problems({ id: result.id });
    expect(headers).toEqual(['Company ID', 'Company Name', 'Industry']);
    expect(rows.map(({ row, problems }) => [row, problems[0]?.code])).toEqual([
      [4, 'ragged'],
      [6, 'required'],
      [7, 'ragged'],
    ]);
    const names = (await tenant.api.companies.list({})).rows.map(({ name }) => name);
    expect(names).toContain('@SUM(1)');

    const app = await door(tenant);
    const answer = await app.inject({ url: `/api/imports/${tenant.slug}/${result.id}/refused.csv` });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain("'=cmd|' /C calc'!A0");
    expect(answer.body).toContain('C3,Torn,,4,The row has 2 cells where the header has 3.');
    // Corrected and brought again, the row is what it was meant to be.
    const corrected = `${answer.body.split('\r\n')[0]}\nC6,'=cmd|' /C calc'!A0,Formula,7,\n`;
    expect(await importText(tenant, corrected)).toMatchObject({ created: 1, refused: 0 });
    expect((await tenant.api.companies.list({})).rows.map(({ name }) => name)).toContain("=cmd|' /C calc'!A0");
  });

  it('refuses a plan with a text that cannot be kept, and takes a file that has one in its header', async () => {
    const tenant = await createTestTenant();
    const fileId = await upload(tenant, 'companies.csv', `Company ID,Company\0 Name,Industry\n${companies(100)}\n`);
    const plan = await planFor(tenant, fileId);
    expect(plan.columns[1]).toMatchObject({ header: 'Company Name', target: 'name' });
    const { columns, values, missing } = plan;
    for (const odd of ['a\0', '\ud800']) {
      const plans = [
        { ...plan, columns: columns.map((column, i) => (i === 0 ? { ...column, header: odd } : column)) },
        { ...plan, missing: { ...missing, others: { [odd]: 'leave' as const } } },
        { ...plan, values: { ...values, owner: { [odd]: { skip: true as const } } } },
        { ...plan, values: { ...values, stage: { [odd]: {} } } },
        { ...plan, values: { ...values, others: { [odd]: {} } } },
      ];
      for (const wrong of plans) {
        const refused = tenant.api.imports.start({ fileId, plan: wrong }).catch((error) => refusalView(error));
        expect(await refused).toMatchObject({ status: 400, fields: [{ field: expect.stringMatching(/^plan\./) }] });
      }
    }
    expect(await importFile(tenant, fileId, plan)).toMatchObject({ status: 'done', created: 100 });
  });

  it('joins by id, then domain, then name; what fits several records is refused', async () => {
    const tenant = await createTestTenant();
    await tenant.api.companies.create({ values: { name: 'Acme Corporation', domain: 'acme.com' } });
    await tenant.api.companies.create({ values: { name: 'Twin', city: 'Rome' } });
    await tenant.api.companies.create({ values: { name: 'Twin', city: 'Oslo' } });
    const text =
      'Company ID,Company Name,Domain,City\n1,ACME,https://www.acme.com/about,Paris\n2,Twin,,Bonn\n3,Acme Corp.,other.com,Wien\n4,Blank,,\n5,Blank,,\n';
    const result = await importText(tenant, text);
    expect(result).toMatchObject({ created: 3, updated: 1, refused: 1 });
    const { rows } = await tenant.api.imports.problems({ id: result.id });
    expect(rows).toMatchObject([{ row: 3, problems: [{ code: 'ambiguous', params: { names: 'Twin, Twin' } }] }]);
    expect(await importText(tenant, text)).toMatchObject({ created: 0, updated: 0, unchanged: 4, refused: 1 });
    // Taken back, Acme is not ID 1 any more: what was a wrong guess is not made again by the id it has left.
    await tenant.api.changes.undo({ changeSetId: result.changeSetId ?? '' });
    expect(await importText(tenant, 'Company ID,Company Name\n1,Zeta\n')).toMatchObject({ created: 1, updated: 0 });
    // Two lists that count their rows from 1 are not about the same people.
    const people = (name: string) => `ID,Name,Email,Job Title\n1,${name},${name}@example.com,Boss\n`;
    await importText(tenant, people('Ada'), 'contacts.csv');
    const other = await importText(tenant, people('Ben'), 'contacts.csv');
    expect(other).toMatchObject({ created: 0, updated: 0, refused: 1 });
    expect((await tenant.api.imports.review({ id: other.id })).items).toMatchObject([
      { candidates: [{ title: 'Ada' }] },
    ]);
    expect(await importText(tenant, people('Ben'), 'contacts.csv', { source: 'fair' })).toMatchObject({ created: 1 });
  });

  it('tells people of one name apart by their addresses and ids', async () => {
    const tenant = await createTestTenant();
    const text = 'User ID,Name,Email\nU1,Kim Lee,a@example.com\nU2,Kim Lee,b@example.com\nU3,Kim Lee,\nU1,Kim Lee,\n';
    const change = { object: 'member' as const, source: 'crm' };
    expect(await importText(tenant, text, 'users.csv', change)).toMatchObject({ created: 3, unchanged: 1, refused: 0 });
    expect(await importText(tenant, text, 'users.csv', change)).toMatchObject({ created: 0, unchanged: 4, refused: 0 });
    const other = 'User ID,Name,Email\nV1,Kim Lee,c@example.com\n';
    expect(await importText(tenant, other, 'users.csv', { ...change, source: 'erp' })).toMatchObject({ updated: 1 });
    const { members } = await tenant.api.members.list();
    expect(members.flatMap(({ name, email }) => (name === 'Kim Lee' ? [email ?? ''] : [])).sort()).toEqual([
      'a@example.com',
      'b@example.com',
      'c@example.com',
    ]);
  });

  it('refuses a second row that says otherwise about the same record', async () => {
    const tenant = await createTestTenant();
    const result = await importText(tenant, `${header}C1,Acme,Tools\nC1,Acme,Tools\nC1,Acme,Toys\n`);
    expect(result).toMatchObject({ created: 1, unchanged: 1, refused: 1 });
    expect((await tenant.api.imports.problems({ id: result.id })).rows).toMatchObject([
      { row: 4, problems: [{ code: 'repeated' }] },
    ]);
  });

  it('finds parents further down the file, over several generations, and breaks circles', async () => {
    const tenant = await createTestTenant();
    const result = await importText(
      tenant,
      'Company Name,Parent Company\nGrandchild,Child\nChild,Root\nRoot,\nOuroboros,Tail\nTail,Ouroboros\n',
    );
    expect(result).toMatchObject({ status: 'done', created: 5, refused: 0, partly: 2 });
    const { rows } = await tenant.api.companies.list({ columns: ['parentId'] });
    expect(Object.fromEntries(rows.map((row) => [row.name, row.refs.parentId]))).toEqual({
      Grandchild: 'Child',
      Child: 'Root',
      Root: null,
      Ouroboros: null,
      Tail: null,
    });
    // A circle may be half in the file and half here.
    const closed = await importText(tenant, 'Company Name,Parent Company,City\nRoot,Grandchild,Rome\nTail,Root,\n');
    expect(closed).toMatchObject({ updated: 2, refused: 0, partly: 1 });
    expect((await tenant.api.imports.problems({ id: closed.id, kind: 'partly' })).rows).toMatchObject([
      { row: 2, problems: [{ code: 'parentLoop', header: 'Parent Company' }] },
    ]);
    const after = (await tenant.api.companies.list({ columns: ['parentId', 'city'] })).rows;
    expect(after.find(({ name }) => name === 'Root')).toMatchObject({ city: 'Rome', parentId: null });
    expect(after.find(({ name }) => name === 'Tail')?.refs.parentId).toBe('Root');
  });

  it('makes missing companies when the plan says so, once each, and undo takes all of it back', async () => {
    const tenant = await createTestTenant();
    const text = 'Deal ID,Company,Stage,Amount\n1,Neu GmbH,Won,"1,200.50"\n2,Neu GmbH,Qualified,\n3,,Qualified,7\n';
    const missing = { company: 'create', contact: 'leave', product: 'leave', owner: 'leave' } as const;
    const result = await importText(tenant, text, 'deals.csv', { missing });
    expect(result).toMatchObject({ created: 3, also: { company: 1 }, unmatched: [] });
    expect(result.money).toMatchObject([
      { currency: 'USD', stage: 'Qualified', read: { rows: 1, minor: 700 }, equal: true },
      { currency: 'USD', stage: 'Won', read: { rows: 1, minor: 120_050 }, equal: true },
    ]);
    const { rows } = await tenant.api.deals.list({
      sort: [{ field: 'name', dir: 'asc' }],
      columns: ['name', 'ownerId', 'status', 'companyId'],
    });
    expect(rows.map(({ name, status, ownerId }) => [name, status, ownerId])).toEqual([
      ['3', 'open', null],
      ['Neu GmbH', 'won', null],
      ['Neu GmbH', 'open', null],
    ]);
    await tenant.api.changes.undo({ changeSetId: result.changeSetId ?? '' });
    expect(await tenant.api.companies.count({})).toMatchObject({ count: 0 });
    expect(await importText(tenant, text, 'deals.csv', { missing })).toMatchObject({
      created: 3,
      also: { company: 1 },
    });
  });

  it('is stopped by cancelling, and keeps to its policy', async () => {
    const tenant = await createTestTenant();
    const fileId = await upload(tenant, 'companies.csv', header + companies(3));
    const plan = await planFor(tenant, fileId);
    const { id } = await tenant.api.imports.start({ fileId, plan });
    await tenant.api.imports.cancel({ id });
    await workOff(tenant);
    expect(await tenant.api.imports.get({ id })).toMatchObject({ status: 'cancelled', created: 0 });
    await expect(tenant.api.imports.cancel({ id })).rejects.toMatchObject({ message: 'importOver' });

    await importFile(tenant, fileId, plan);
    const changed = `${header}C1,Renamed,Other\nC9,New,New\n`;
    expect(await importText(tenant, changed, 'companies.csv', { policy: 'keep' })).toMatchObject({
      created: 1,
      unchanged: 1,
      updated: 0,
    });
    expect(await importText(tenant, changed, 'companies.csv', { policy: 'fillBlanks' })).toMatchObject({
      unchanged: 2,
    });
    expect(await importText(tenant, changed, 'companies.csv')).toMatchObject({ updated: 1, unchanged: 1 });

    // A stage that is kept keeps what follows from it; companies are not added to a contact that has one.
    const deals = (stage: string, amount: number) =>
      `Deal ID,Deal Name,Deal Stage,Amount,Close Date\nD1,Big,${stage},${amount},2020-03-03\n`;
    await importText(tenant, deals('Qualified', 5), 'deals.csv');
    const won = await upload(tenant, 'deals.csv', deals('Won', 7));
    const drafted = await acceptStages(tenant, won, await planFor(tenant, won));
    const columns = drafted.columns.map((each) =>
      each.target === 'stage' ? { ...each, policy: 'keep' as const } : each,
    );
    expect(await importFile(tenant, won, { ...drafted, columns })).toMatchObject({ updated: 1 });
    const [deal] = (await tenant.api.deals.list({})).rows;
    expect(deal).toMatchObject({ status: 'open', amount: 700, closedOn: null, expectedClose: '2020-03-03' });
    const missing = { company: 'create', contact: 'leave', product: 'leave', owner: 'leave' } as const;
    const people = (company: string) => `Contact ID,Name,Company\nP1,Ada,${company}\n`;
    await importText(tenant, people('Acme'), 'contacts.csv', { missing });
    const filled = await importText(tenant, people('Bolt'), 'contacts.csv', { missing, policy: 'fillBlanks' });
    expect(filled).toMatchObject({ updated: 0, unchanged: 1, also: {} });
    // Nor is a company made for a row that is refused.
    const refused = await importText(tenant, `${people('Core')}P1,Ben,Bolt\n`, 'contacts.csv', { missing });
    expect(refused).toMatchObject({ updated: 1, refused: 1, also: { company: 1 } });
  });

  it('keeps an amount with its currency, and a name with its parts', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const pipeline = (await api.pipelines.list())[0];
    const stageId = pipeline?.stages[0]?.id ?? '';
    for (const [name, amount] of [
      ['Empty', null],
      ['Full', 100],
    ] as const)
      await api.deals.create({ values: { name, amount, currency: 'USD', stageId } });
    const bring = (text: string, change: Parameters<typeof planFor>[2]) =>
      importText(tenant, text, 'deals.csv', change);
    const money = async () =>
      (await api.deals.list({ sort: [{ field: 'name', dir: 'asc' }] })).rows.map(({ amount, currency }) => [
        amount,
        currency,
      ]);
    const text = 'Deal Name,Amount\nEmpty,€200.00\nFull,€300.00\n';
    await bring(text, { policy: 'fillBlanks', matchKey: 'name' });
    // The currency that stood beside no amount is none that is kept.
    expect(await money()).toEqual([
      [20_000, 'EUR'],
      [100, 'USD'],
    ]);
    await bring(text, { matchKey: 'name' });
    expect(await money()).toEqual([
      [20_000, 'EUR'],
      [30_000, 'EUR'],
    ]);
    // Of two amounts in one currency, one alone cannot be in another.
    await api.products.create({ values: { name: 'Drill', price: 500, cost: 300, currency: 'USD' } });
    const products = await importText(tenant, 'Product name,Price\nDrill,€7.00\n', 'products.csv', {
      matchKey: 'name',
    });
    expect(products).toMatchObject({ updated: 0, unchanged: 1, partly: 1 });
    expect((await api.imports.problems({ id: products.id, kind: 'partly' })).rows[0]?.problems).toMatchObject([
      { code: 'otherCurrency', target: 'price', params: { stated: 'USD', found: 'EUR' } },
    ]);

    const ada = { name: 'Ada Lee', firstName: 'Ada', lastName: 'Lee', email: 'ada@example.com' };
    await api.contacts.create({ values: ada });
    const people = (last: string) => `First Name,Last Name,Email\n,${last},ada@example.com\n`;
    expect(await importText(tenant, people('Lee'), 'contacts.csv')).toMatchObject({ unchanged: 1 });
    expect(await importText(tenant, people('King'), 'contacts.csv')).toMatchObject({ updated: 1 });
    expect((await api.contacts.list({})).rows).toMatchObject([{ name: 'Ada King', firstName: 'Ada' }]);
  });
});

describe('the door for files', () => {
  it('takes a file of the tenant, and refuses what holds no table, empty and too large ones', async () => {
    const tenant = await createTestTenant();
    const app = await door(tenant, 1000);
    const post = (name: string, content: string) =>
      app.inject({ method: 'POST', url: `/api/upload/${tenant.slug}`, ...multipart(name, content) });
    const answer = await post('../..\\evil/companies.csv', `${header}C1,Acme,Tools\n`);
    expect(answer.json()).toMatchObject({ name: 'companies.csv', size: 47 });
    const { fileId } = answer.json<{ fileId: string }>();
    expect(await tenant.api.imports.analyse({ fileId })).toMatchObject({
      object: 'company',
      headers: ['Company ID', 'Company Name', 'Industry'],
      count: { rows: 1, exact: true },
    });
    expect((await post('book.xlsx', 'PK\u0003\u0004rest')).json()).toMatchObject({
      name: 'book.xlsx',
      state: 'reading',
    });
    expect((await post('paper.csv', '%PDF-1.7')).json()).toEqual({ code: 'fileNotTable' });
    expect((await post('photo.csv', '\u0001\u0002\u0003\u0004'.repeat(100))).json()).toEqual({ code: 'fileNotTable' });
    expect((await post('page.xls', '<html><table><tr><td>a')).json()).toEqual({ code: 'fileNotTable' });
    expect((await post('empty.csv', '')).json()).toEqual({ code: 'fileEmpty' });
    expect((await post('large.csv', 'a'.repeat(2000))).json()).toEqual({ code: 'fileTooLarge' });
    expect((await app.inject({ method: 'POST', url: `/api/upload/${tenant.slug}`, payload: { a: 1 } })).json()).toEqual(
      { code: 'fileMissing' },
    );
  });

  it('is closed to people without the right and to other tenants', async () => {
    const tenant = await createTestTenant();
    const other = await createTestTenant();
    const result = await importText(tenant, `${header}C1,Acme,Tools\nC2,Torn\n`);
    const member = await tenant.person('member');
    const asMember = await door(member);
    expect(
      (await asMember.inject({ method: 'POST', url: `/api/upload/${tenant.slug}`, ...multipart('a.csv', 'x') }))
        .statusCode,
    ).toBe(403);
    const asOther = await door(other);
    expect(
      (await asOther.inject({ method: 'POST', url: `/api/upload/${tenant.slug}`, ...multipart('a.csv', 'x') }))
        .statusCode,
    ).toBe(404);
    expect((await asOther.inject({ url: `/api/imports/${other.slug}/${result.id}/refused.csv` })).statusCode).toBe(404);
    expect((await asOther.inject({ url: `/api/imports/${tenant.slug}/${result.id}/refused.csv` })).statusCode).toBe(
      404,
    );

    const plan = result.plan;
    if (!plan) throw new Error('The plan is gone');
    const foreign = { fileId: result.file.id, plan };
    const notFound = { message: 'notFound' };
    await expect(other.api.imports.analyse({ fileId: result.file.id })).rejects.toMatchObject(notFound);
    await expect(other.api.imports.check(foreign)).rejects.toMatchObject(notFound);
    await expect(other.api.imports.values(foreign)).rejects.toMatchObject(notFound);
    await expect(other.api.imports.start(foreign)).rejects.toMatchObject(notFound);
    await expect(other.api.imports.discard({ fileId: result.file.id })).rejects.toMatchObject(notFound);
    for (const call of ['get', 'problems', 'cancel'] as const)
      await expect(other.api.imports[call]({ id: result.id })).rejects.toMatchObject(notFound);
    expect(await other.api.imports.list()).toEqual({ imports: [], sets: [], waiting: [] });
  });
});
