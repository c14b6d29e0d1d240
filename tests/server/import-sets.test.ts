import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { inTenant } from '@/db/tenant';
import type { ImportPlan } from '@/domain/imports/mapping';
import { plansOfSet } from '@/domain/imports/sets';
import { giveUpImport, type ImportJob, runImport } from '@/server/imports/jobs';
import { exportedFile } from '../support/exports';
import { planFor, upload, uploadReal, uploadTables, workOff, workOffChecks } from '../support/imports';
import { exportOf } from '../support/product-exports';
import { hasRealData } from '../support/real-data';
import { clock, createTestTenant, superuser, type TestTenant } from '../support/tenants';
import { zipOf } from '../support/workbooks';

const companies = 'Record ID,Company name\n1,Acme\n2,Bolt\n';
const contacts =
  'Record ID,First Name,Last Name,Email,Associated Company IDs,Associated Company\n10,Ada,Long,ada@acme.test,1,Acme\n11,Bea,Short,bea@bolt.test,2,Bolt\n';

const log = pino({ level: 'silent' });

/** Files with the plans that are offered for them together, as the page asks for them. */
async function plansFor(tenant: TestTenant, fileIds: readonly string[]) {
  const offered: ImportPlan[] = [];
  for (const fileId of fileIds) offered.push(await planFor(tenant, fileId));
  return plansOfSet(offered).map((plan, i) => ({ fileId: fileIds[i] ?? '', plan }));
}

const startSet = async (tenant: TestTenant, fileIds: readonly string[]) =>
  tenant.api.imports.startSet({ files: await plansFor(tenant, fileIds) });

const statuses = async (tenant: TestTenant, id: string) =>
  (await tenant.api.imports.getSet({ id })).imports.map(({ fileName, status }) => [fileName, status]);

/** Two files of people and companies, brought in the wrong order. */
async function bring(tenant: TestTenant) {
  const people = await upload(tenant, 'contacts.csv', contacts);
  const firms = await upload(tenant, 'companies.csv', companies);
  return startSet(tenant, [people, firms]);
}

describe('a set of files', () => {
  it('is loaded in the order of what names what, and its files find each other by the ids of their source', async () => {
    const tenant = await createTestTenant();
    const { id } = await bring(tenant);
    expect(await statuses(tenant, id)).toEqual([
      ['companies.csv', 'queued'],
      ['contacts.csv', 'queued'],
    ]);
    // One job wakes the next.
    expect(tenant.jobs.filter(({ queue }) => queue === 'import')).toHaveLength(1);
    await workOff(tenant);
    const set = await tenant.api.imports.getSet({ id });
    expect(set).toMatchObject({
      status: 'done',
      source: 'hubspot',
      imports: [
        { fileName: 'companies.csv', created: 2, taken: 2 },
        { fileName: 'contacts.csv', created: 2, taken: 2 },
      ],
    });
    const { rows } = await tenant.api.contacts.list({});
    const { rows: firms } = await tenant.api.companies.list({});
    const firm = (name: string) => firms.find((one) => one.name === name)?.id;
    expect(new Map(rows.map((row) => [row.email, row.companyId]))).toEqual(
      new Map([
        ['ada@acme.test', firm('Acme')],
        ['bea@bolt.test', firm('Bolt')],
      ]),
    );
  });

  it('refuses the same file twice, in one set or in two', async () => {
    const tenant = await createTestTenant();
    const file = await upload(tenant, 'companies.csv', companies);
    await expect(startSet(tenant, [file, file])).rejects.toThrow('fileTwice');
    const other = await upload(tenant, 'contacts.csv', contacts);
    const tries = await Promise.allSettled([startSet(tenant, [file, other]), startSet(tenant, [other, file])]);
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(tenant.api.imports.start({ fileId: file, plan: await planFor(tenant, file) })).rejects.toThrow(
      'fileImporting',
    );
  });

  it('is halted between two batches, lets others pass, and goes on where it stood', async () => {
    const tenant = await createTestTenant();
    const many = Array.from({ length: 2000 }, (_, i) => `${i},Firm ${i}`).join('\n');
    const firms = await upload(tenant, 'companies.csv', `Record ID,Company name\n${many}\n`);
    const people = await upload(tenant, 'contacts.csv', contacts);
    const { id } = await startSet(tenant, [firms, people]);
    const [first] = (await tenant.api.imports.getSet({ id })).imports;
    const other = await upload(tenant, 'others.csv', 'Company name\nZeta\n');
    const { id: beside } = await tenant.api.imports.start({ fileId: other, plan: await planFor(tenant, other) });
    let begun = 0;
    // Each transaction of a job begins with it: to begin, to make ready, a batch, another.
    const hold = async () => {
      if (++begun === 4) await tenant.api.imports.pause({ id: first?.id ?? '' });
    };
    await workOff(tenant, { held: { hold, complete: async () => {} } });
    expect(await statuses(tenant, id)).toEqual([
      ['companies.csv', 'paused'],
      ['contacts.csv', 'paused'],
    ]);
    const halted = await tenant.api.imports.get({ id: first?.id ?? '' });
    expect(halted).toMatchObject({ rows: 2000, taken: 800, secondsLeft: null });
    expect((await tenant.api.imports.get({ id: beside })).status).toBe('done');
    await expect(tenant.api.imports.undo({ id: first?.id ?? '' })).rejects.toThrow('importRunning');

    await tenant.api.imports.resume({ id: first?.id ?? '' });
    await expect(tenant.api.imports.resume({ id: first?.id ?? '' })).rejects.toThrow('importNotPaused');
    await workOff(tenant);
    expect(await statuses(tenant, id)).toEqual([
      ['companies.csv', 'done'],
      ['contacts.csv', 'done'],
    ]);
    expect(await tenant.api.imports.get({ id: first?.id ?? '' })).toMatchObject({ created: 2000, refused: 0 });
    expect(await tenant.api.companies.count({ exact: true })).toMatchObject({ count: 2001 });
  });

  it('halts what comes after a file that fails, and what is stopped stays stopped', async () => {
    const tenant = await createTestTenant();
    const { id } = await bring(tenant);
    for (let i = 0; i < 5; i++) {
      const [job] = tenant.jobs.filter(({ queue }) => queue === 'import');
      const broken = () => {
        throw new Error('disk full');
      };
      await workOff(tenant, { checkpoint: broken }).catch(() => {});
      if (i < 4 && job) tenant.jobs.push(job);
    }
    expect(await statuses(tenant, id)).toEqual([
      ['companies.csv', 'failed'],
      ['contacts.csv', 'paused'],
    ]);
    expect((await tenant.api.imports.getSet({ id })).status).toBe('failed');
    await tenant.api.imports.cancelSet({ id });
    await workOff(tenant);
    expect(await statuses(tenant, id)).toEqual([
      ['companies.csv', 'failed'],
      ['contacts.csv', 'cancelled'],
    ]);
    await expect(tenant.api.imports.cancelSet({ id })).rejects.toThrow('importOver');
  });

  it('goes on after whichever is under way when an admin brings back one that was given up, and not once it is undone', async () => {
    const tenant = await createTestTenant();
    const begun = async (name: string, rows: string) => {
      const fileId = await upload(tenant, `${name}.csv`, `Company name\n${rows}\n`);
      return (await tenant.api.imports.start({ fileId, plan: await planFor(tenant, fileId) })).id;
    };
    const { enqueue } = tenant.context;
    const lost = await begun('lost', 'Acme');
    const [given] = tenant.jobs.splice(0);
    // Jobs of this queue are ImportJobs.
    const job = given?.payload as unknown as ImportJob;
    await inTenant(tenant.tenantId, 'write', (db) => giveUpImport(db, job, enqueue));
    const statusOf = async (id: string) => (await tenant.api.imports.get({ id })).status;
    expect(await statusOf(lost)).toBe('failed');

    const other = await begun('other', 'Bolt');
    const again = () => runImport({ ...job, again: true }, { enqueue, log, now: () => clock.now });
    let steps = 0;
    const hold = async () => {
      if (++steps === 3) await again();
    };
    await workOff(tenant, { held: { hold, complete: async () => {} } });
    expect([await statusOf(other), await statusOf(lost)]).toEqual(['done', 'done']);

    await superuser((client) =>
      client.query(`update app.import set status = 'failed', error = 'jobStopped' where id = $1`, [lost]),
    );
    await tenant.api.imports.undo({ id: lost });
    await again();
    expect(await statusOf(lost)).toBe('failed');
  });

  it('is undone whole, the last file first, and says what was edited since and stays', async () => {
    const tenant = await createTestTenant();
    const acme = await tenant.api.companies.create({ values: { name: 'Acme', domain: 'acme.test', industry: 'Old' } });
    const firms = await upload(
      tenant,
      'companies.csv',
      'Record ID,Company name,Company Domain Name,Industry\n1,Acme,acme.test,New\n2,Bolt,bolt.test,New\n',
    );
    const more = await upload(tenant, 'more.csv', 'Record ID,Company name,City\n2,Bolt,Rome\n');
    const people = await upload(tenant, 'contacts.csv', contacts);
    const { id } = await startSet(tenant, [firms, more, people]);
    await workOff(tenant);
    const set = await tenant.api.imports.getSet({ id });
    expect(set.imports[0]).toMatchObject({ created: 1, updated: 1 });
    const first = { id: set.imports[0]?.id ?? '' };
    expect(await tenant.api.imports.edited({ ...first, inSet: true })).toEqual({ records: [], more: false });
    // Alone it would not take back what another file has written since.
    expect((await tenant.api.imports.edited(first)).records).toMatchObject([{ fields: [{ field: 'city' }] }]);

    const bolt = (await tenant.api.companies.list({})).rows.find(({ name }) => name === 'Bolt');
    const version = Number(bolt?.version);
    await tenant.api.companies.update({ id: String(bolt?.id), version, values: { industry: 'Mine' } });
    expect(await tenant.api.imports.edited({ ...first, inSet: true })).toMatchObject({
      records: [{ object: 'company', recordId: bolt?.id, title: 'Bolt', fields: [{ field: 'industry' }] }],
      more: false,
    });

    // A field that the file left empty is somebody's work too.
    const ada = (await tenant.api.contacts.list({})).rows.find(({ name }) => name === 'Ada Long');
    await tenant.api.contacts.update({
      id: String(ada?.id),
      version: Number(ada?.version),
      values: { jobTitle: 'CEO' },
    });
    const report = await tenant.api.imports.undoSet({ id });
    expect(report.kept).toMatchObject([
      { recordTitle: 'Ada Long', field: 'jobTitle' },
      { recordTitle: 'Bolt', field: 'industry' },
    ]);
    expect((await tenant.api.contacts.list({})).rows.map(({ name }) => name)).toEqual(['Ada Long']);
    const left = (await tenant.api.companies.list({})).rows;
    expect(left.map(({ name, industry }) => [name, industry]).sort()).toEqual([
      ['Acme', 'Old'],
      ['Bolt', 'Mine'],
    ]);
    expect(left.find(({ name }) => name === 'Acme')?.id).toBe(acme.id);
    expect((await tenant.api.imports.getSet({ id })).imports.every(({ undone }) => undone)).toBe(true);
    await expect(tenant.api.imports.undoSet({ id })).rejects.toThrow('alreadyUndone');
  });

  it('is nothing to another tenant', async () => {
    const [tenant, stranger] = [await createTestTenant(), await createTestTenant()];
    const { id } = await bring(tenant);
    for (const call of ['getSet', 'cancelSet', 'undoSet'] as const)
      await expect(stranger.api.imports[call]({ id })).rejects.toThrow('notFound');
  });
});

/** What of a set's files did not go as it should: nothing, file by file. */
async function outcomes(tenant: TestTenant, id: string) {
  const { imports } = await tenant.api.imports.getSet({ id });
  const views = await Promise.all(imports.map((one) => tenant.api.imports.get({ id: one.id })));
  return views.map(({ object, created, updated, refused, partly, unmatched }) => [
    object,
    { created, updated },
    { refused, partly, unmatched: unmatched.length },
  ]);
}
const whole = { refused: 0, partly: 0, unmatched: 0 };

/** The rows of a table, names in place of ids. */
const rowsOf = (tenant: TestTenant, query: string) =>
  superuser(async (client) => (await client.query(query, [tenant.tenantId])).rows);

describe('the folder of a product', () => {
  it('Salesforce: the files of a zip find each other by their ids, with who owned and made what, and every stage', async () => {
    const tenant = await createTestTenant();
    const at = { IsDeleted: 'false', CreatedDate: '2020-01-02T03:04:05.000Z' };
    const [acme, twin] = ['001000000000001AAA', '001000000000002AAA'];
    const [ann, bob] = ['005000000000001AAA', '005000000000002AAA'];
    const [ada, other] = ['003000000000001AAA', '003000000000002AAA'];
    const big = '006000000000001AAA';
    const user = (Id: string, Name: string, IsActive: string) => ({
      ...{ Id, Name, IsActive, Username: `${Name.toLowerCase()}@x.test`, Email: `${Name.toLowerCase()}@x.test` },
      ...{ LastName: Name, UserRoleId: '00E000000000001AAA', ProfileId: '00e000000000001AAA' },
    });
    const stage = (n: number, StageName: string, day: string) => ({
      ...{ Id: `00800000000000${n}AAA`, OpportunityId: big, StageName, IsDeleted: 'false', CreatedById: ann },
      CreatedDate: `${day}T03:04:05.000Z`,
    });
    const files: [string, string][] = [
      // By their names, as they stand in the zip.
      [
        'Account',
        exportOf('salesforce', 'account', [
          { ...at, Id: acme, Name: 'Acme', ParentId: twin, OwnerId: ann },
          { ...at, Id: twin, Name: 'Acme', OwnerId: bob },
        ]),
      ],
      [
        'Case',
        exportOf('salesforce', 'case', [
          {
            Id: '500000000000001AAA',
            CaseNumber: '1',
            ContactId: other,
            AccountId: twin,
            Subject: 'Broken',
            Status: 'New',
          },
        ]),
      ],
      [
        'Contact',
        exportOf('salesforce', 'contact', [
          {
            ...at,
            Id: ada,
            AccountId: acme,
            FirstName: 'Ada',
            LastName: 'Long',
            Email: 'ada@one.test',
            ReportsToId: other,
          },
          {
            ...at,
            Id: other,
            AccountId: twin,
            FirstName: 'Ada',
            LastName: 'Long',
            Email: 'ada@two.test',
            OwnerId: bob,
          },
        ]),
      ],
      [
        'Note',
        exportOf('salesforce', 'note', [
          { ...at, Id: '002000000000001AAA', ParentId: big, Title: 'Said', Body: 'so', CreatedById: bob },
        ]),
      ],
      [
        'Opportunity',
        exportOf('salesforce', 'opportunity', [
          {
            ...at,
            Id: big,
            AccountId: twin,
            Name: 'Big',
            StageName: 'Closed Won',
            Amount: '1000.5',
            CloseDate: '2020-03-02',
            OwnerId: bob,
          },
        ]),
      ],
      [
        'OpportunityHistory',
        exportOf('salesforce', 'history', [
          stage(1, 'Prospecting', '2020-02-01'),
          stage(2, 'Closed Won', '2020-03-02'),
        ]),
      ],
      [
        'Task',
        exportOf('salesforce', 'task', [
          {
            ...at,
            Id: '00T000000000001AAA',
            WhoId: other,
            WhatId: big,
            Subject: 'Ring',
            Status: 'Completed',
            ActivityDate: '2020-02-04',
            OwnerId: ann,
          },
        ]),
      ],
      ['User', exportOf('salesforce', 'user', [user(ann, 'Ann', 'true'), user(bob, 'Bob', 'false')])],
    ];
    const { file: parent, tables } = await uploadTables(
      tenant,
      'salesforce.zip',
      await zipOf(files.map(([name, text]) => [`export/${name}.csv`, text])),
    );
    const { id } = await startSet(
      tenant,
      tables.map((table) => table.id),
    );
    await workOff(tenant);
    expect(await tenant.api.imports.getSet({ id })).toMatchObject({
      name: parent.name,
      source: 'salesforce',
      status: 'done',
    });
    const made = (created: number) => ({ created, updated: 0 });
    expect(await outcomes(tenant, id)).toEqual([
      ['member', made(2), whole],
      ['company', made(2), whole],
      ['contact', made(2), whole],
      ['deal', made(1), whole],
      ['deal', { created: 0, updated: 2 }, whole],
      [expect.stringMatching(/^o_/), made(1), whole],
      ['task', made(1), whole],
      ['note', made(1), whole],
    ]);
    const company = 'select c.name from app.company c where c.id =';
    const owner = 'select m.name from app.member m where m.id =';
    expect(
      await rowsOf(
        tenant,
        `select c.email, p.parent_id is null as top, (${owner} c.owner_id) as owner, (select r.email from app.contact r where r.id = c.reports_to_id) as boss
         from app.contact c join app.company p on p.id = c.company_id where c.tenant_id = $1 order by 1`,
      ),
    ).toEqual([
      { email: 'ada@one.test', top: false, owner: null, boss: 'ada@two.test' },
      { email: 'ada@two.test', top: true, owner: 'Bob', boss: null },
    ]);
    expect(
      await rowsOf(
        tenant,
        `select d.amount, d.status, (${company} d.company_id and c.parent_id is null) as firm, (${owner} d.owner_id) as owner,
           (select count(*)::int from app.task t where t.deal_id = d.id) as tasks, (select (${owner} n.created_by) from app.note n where n.deal_id = d.id) as said,
           (select count(*)::int from app.change c join app.change_set s on s.tenant_id = c.tenant_id and s.id = c.change_set_id where c.record_id = d.id and s.verb = 'move') as moves
         from app.deal d where d.tenant_id = $1`,
      ),
    ).toEqual([{ amount: '100050', status: 'won', firm: 'Acme', owner: 'Bob', tasks: 1, said: 'Bob', moves: 2 }]);
  });

  it('Pipedrive: two of one name are told apart by their ids in every file, and nothing is checked as wrong before', async () => {
    const tenant = await createTestTenant();
    const created = '2024-01-02 03:04:05';
    const organization = (id: string) => ({
      'Organization - ID': id,
      'Organization - Name': 'Acme',
      'Organization - Owner': 'Jo Seller',
    });
    const person = (id: string, firm: string) => ({
      ...{ 'Person - ID': id, 'Person - Name': 'Ada Long', 'Person - Email - Work': `ada@${id}.test` },
      ...{ 'Person - Organization': 'Acme', 'Person - Organization ID': firm },
    });
    const files: [string, string][] = [
      [
        'notes',
        exportOf('pipedrive', 'note', [
          {
            ID: '7',
            Content: '<p>Hello <b>there</b></p>',
            'Deal title': 'Big',
            'Deal ID': '100',
            'Add time': created,
            User: 'Jo Seller',
          },
          {
            ID: '8',
            Content: 'About them',
            Organization: 'Acme',
            'Organization ID': '2',
            'Add time': created,
            User: 'Jo Seller',
          },
        ]),
      ],
      [
        'activities',
        exportOf('pipedrive', 'activity', [
          {
            'Activity - ID': '5',
            'Activity - Subject': 'Ring',
            'Activity - Type': 'Call',
            'Activity - Due date': '2024-02-03',
            'Activity - Done': 'Done',
            'Activity - Deal': 'Big',
            'Activity - Deal ID': '100',
            'Activity - Contact person': 'Ada Long',
            'Activity - Contact person ID': '11',
          },
        ]),
      ],
      [
        'deals',
        exportOf('pipedrive', 'deal', [
          {
            'Deal - ID': '100',
            'Deal - Title': 'Big',
            'Deal - Owner': 'Jo Seller',
            'Deal - Value': '1000',
            'Deal - Currency of Value': 'EUR',
            'Deal - Organization': 'Acme',
            'Deal - Organization ID': '2',
            'Deal - Contact person': 'Ada Long',
            'Deal - Contact person ID': '11',
            'Deal - Pipeline': 'Sales',
            'Deal - Stage': 'Agreed',
            'Deal - Status': 'Won',
            'Deal - Deal created': created,
            'Deal - Won time': '2024-03-02 03:04:05',
            'Deal - Deal closed on': '2024-03-02 03:04:05',
          },
        ]),
      ],
      ['people', exportOf('pipedrive', 'person', [person('10', '1'), person('11', '2')])],
      ['organizations', exportOf('pipedrive', 'organization', [organization('1'), organization('2')])],
    ];
    const fileIds: string[] = [];
    for (const [name, text] of files) fileIds.push(await upload(tenant, `${name}.csv`, text));
    const planned = await plansFor(tenant, fileIds);
    expect(await tenant.api.imports.checkSet({ files: planned })).toEqual({ open: 5 });
    await workOffChecks(tenant);
    expect(await tenant.api.imports.checkSet({ files: planned })).toEqual({ open: 0 });
    const { waiting } = await tenant.api.imports.list();
    expect(waiting.map(({ name, check }) => [name, check?.status, check?.created, check?.refused]).sort()).toEqual([
      ['activities.csv', 'checked', 1, 0],
      ['deals.csv', 'checked', 1, 0],
      ['notes.csv', 'checked', 2, 0],
      ['organizations.csv', 'checked', 2, 0],
      ['people.csv', 'checked', 2, 0],
    ]);
    const { id } = await tenant.api.imports.startSet({ files: planned });
    await workOff(tenant);
    expect(await outcomes(tenant, id)).toEqual([
      ['company', { created: 2, updated: 0 }, whole],
      ['contact', { created: 2, updated: 0 }, whole],
      ['deal', { created: 1, updated: 0 }, whole],
      ['activity', { created: 1, updated: 0 }, whole],
      ['note', { created: 2, updated: 0 }, whole],
    ]);
    expect(
      await rowsOf(
        tenant,
        `select d.status, d.closed_on::text, p.name as stage, m.name as owner, c.email,
           (select count(*)::int from app.note n where n.deal_id = d.id or n.company_id = d.company_id) as notes,
           (select count(*)::int from app.activity a where a.deal_id = d.id and a.contact_id = c.id) as calls
         from app.deal d join app.stage p on p.id = d.stage_id join app.member m on m.id = d.owner_id join app.deal_contact l on l.deal_id = d.id
         join app.contact c on c.id = l.contact_id and c.company_id = d.company_id where d.tenant_id = $1`,
      ),
    ).toEqual([
      {
        status: 'won',
        closed_on: '2024-03-02',
        stage: 'Won',
        owner: 'Jo Seller',
        email: 'ada@11.test',
        notes: 2,
        calls: 1,
      },
    ]);
  });
});

it('everything that one workspace holds goes to another with one call: owners, links and their roles, own objects', async () => {
  const [from, to] = [await createTestTenant(), await createTestTenant()];
  const { api } = from;
  await api.objects.create({ key: 'o_press', label: { en: { one: 'Press', other: 'Presses' } } });
  const [acme, twin] = [1, 2].map(() => api.companies.create({ values: { name: 'Acme', ownerId: from.memberId } }));
  await api.companies.update({ id: (await twin)?.id ?? '', version: 1, values: { parentId: (await acme)?.id } });
  const ada = await api.contacts.create({ values: { name: 'Ada', companyId: (await twin)?.id } });
  const [pipeline] = await api.pipelines.list();
  const values = { name: 'Big', stageId: pipeline?.stages[0]?.id ?? '', companyId: (await twin)?.id };
  const deal = await api.deals.create({ values });
  await api.deals.linkContact({ dealId: deal.id, contactId: ada.id, role: 'decisionMaker' });
  await api.records.create({ object: 'o_press', values: { name: 'Heidelberg' } });
  const { name, bytes } = await exportedFile(from, { object: 'everything' });
  const { tables } = await uploadTables(to, name, bytes);
  const { id } = await startSet(
    to,
    tables.map((table) => table.id),
  );
  await workOff(to);
  const { imports, status } = await to.api.imports.getSet({ id });
  expect(status).toBe('done');
  expect(imports.flatMap(({ fileName, refused }) => (refused > 0 ? [fileName] : []))).toEqual([]);
  expect(
    await rowsOf(
      to,
      `select l.role, c.name as person, p.name as firm, t.name as parent, m.name as owner, (select string_agg(r.name, ', ') from app.custom_record r where r.tenant_id = d.tenant_id) as presses
       from app.deal d join app.deal_contact l on l.deal_id = d.id join app.contact c on c.id = l.contact_id
       join app.company p on p.id = d.company_id and p.id = c.company_id join app.company t on t.id = p.parent_id join app.member m on m.id = p.owner_id
       where d.tenant_id = $1`,
    ),
  ).toEqual([
    {
      role: 'decisionMaker',
      person: 'Ada',
      firm: 'Acme',
      parent: 'Acme',
      owner: 'Olivia Owner',
      presses: 'Heidelberg',
    },
  ]);
});

describe.skipIf(!hasRealData)('the exports of other products, loaded with one call', () => {
  it('takes the five files of HubSpot with their links, stages and owners', { timeout: 180_000 }, async () => {
    const tenant = await createTestTenant();
    const fileIds: string[] = [];
    for (const object of ['activities', 'tickets', 'deals', 'contacts', 'companies'])
      fileIds.push(await uploadReal(tenant, `hubspot-dummy/hubspot_${object}.csv`));
    const { id } = await startSet(tenant, fileIds);
    await workOff(tenant);
    const set = await tenant.api.imports.getSet({ id });
    expect(set.imports.map(({ object, status, created, refused }) => [object, status, created, refused])).toEqual([
      ['company', 'done', 200, 0],
      ['contact', 'done', 950, 0],
      ['deal', 'done', 500, 0],
      [expect.stringMatching(/^o_/), 'done', 300, 0],
      ['activity', 'done', 2000, 0],
    ]);
    const deals = await tenant.api.imports.get({ id: set.imports[2]?.id ?? '' });
    expect(deals.money.every(({ equal }) => equal)).toBe(true);
    expect(deals.money.reduce((sum, { stored }) => sum + stored.minor, 0)).toBe(6_249_979_017);
    await superuser(async (client) => {
      const { rows } = await client.query(
        `select count(*)::int as n, count(company_id)::int as companies, count(owner_id)::int as owners from app.deal where tenant_id = $1`,
        [tenant.tenantId],
      );
      expect(rows).toEqual([{ n: 500, companies: 500, owners: 500 }]);
    });
  });
});
