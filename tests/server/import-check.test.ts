import { describe, expect, it } from 'vitest';
import { observer } from '@/db/observe';
import { inTenant } from '@/db/tenant';
import { diskStore } from '@/server/core/file-store';
import { openFiles } from '@/server/core/files';
import { forgetChecks } from '@/server/imports/check';
import { refusedFile } from '@/server/imports/refused';
import { ownFolder } from '../support/folders';
import { dryRun, importFile, planFor, upload, workOf, workOffChecks } from '../support/imports';
import { clock, createTestTenant, superuser } from '../support/tenants';

const header = 'Company ID,Company Name,City,Industry,Phone Number\n';

describe('a dry run', () => {
  it('is a job whose findings are kept with the import and with the file until then, and writes nothing', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const fileId = await upload(tenant, 'companies.csv', `${header}C1,Acme,Rome,,\nC2,Torn\nC3,Bolt,Oslo,,\n`);
    const plan = await planFor(tenant, fileId);
    expect(await api.imports.checked({ fileId })).toBeNull();
    // Two tabs at once are one dry run.
    const [{ id }, other] = await Promise.all([
      api.imports.check({ fileId, plan }),
      api.imports.check({ fileId, plan }),
    ]);
    expect(other).toEqual({ id });
    expect(await api.imports.checked({ fileId })).toMatchObject({ id, status: 'checking', taken: 0 });
    await workOffChecks(tenant);
    const found = await api.imports.checked({ fileId });
    expect(found).toMatchObject({
      id,
      status: 'checked',
      error: null,
      rows: 3,
      taken: 3,
      created: 2,
      refused: 1,
      kinds: [{ code: 'ragged', level: 'row', rows: 1, example: { row: 3 } }],
      samples: { created: [{ row: 2, cells: ['C1', 'Acme', 'Rome', '', ''] }, { row: 4 }], updated: [], unchanged: [] },
    });
    expect(await api.companies.count({ exact: true })).toMatchObject({ count: 0 });
    // The same plan is not gone through a second time, unless somebody asks for it.
    await api.imports.check({ fileId, plan });
    expect(tenant.jobs.filter(({ queue }) => queue === 'importCheck')).toEqual([]);
    await api.companies.create({ values: { name: 'Acme' } });
    expect(await dryRun(tenant, { fileId, plan, again: true })).toMatchObject({ id, created: 1, updated: 1 });

    // No import yet: the file waits for one, and only its own person has the findings.
    const listed = await api.imports.list();
    expect(listed.imports).toEqual([]);
    expect(listed.waiting.map((file) => file.id)).toEqual([fileId]);
    const admin = await tenant.person('admin');
    expect(await admin.api.imports.checked({ fileId })).toBeNull();

    const done = await importFile(tenant, fileId, plan);
    expect(done).toMatchObject({ status: 'done', created: 1, updated: 1, refused: 1 });
    expect(await api.imports.checked({ fileId })).toBeNull();
    await superuser(async (client) => {
      const { rows } = await client.query(
        `select i.status, i.found, (select count(*)::int from app.import_problem p where p.tenant_id = $1) as problems
         from app.import i where i.tenant_id = $1`,
        [tenant.tenantId],
      );
      expect(rows).toEqual([{ status: 'done', found: null, problems: 1 }]);
    });
  });

  it('begins anew after a kill, and counts nothing twice', async () => {
    const tenant = await createTestTenant();
    const rows = Array.from({ length: 2500 }, (_, i) => `C${i},Company ${i},,,`).join('\n');
    const fileId = await upload(tenant, 'companies.csv', `${header}${rows}\nC1,Company 1,Other,,\nX,Torn\n`);
    const plan = await planFor(tenant, fileId);
    await tenant.api.imports.check({ fileId, plan });
    const [job] = tenant.jobs.filter(({ queue }) => queue === 'importCheck');
    let batches = 0;
    const killed = {
      checkpoint: () => {
        if (++batches === 3) throw new Error('killed');
      },
    };
    await expect(workOffChecks(tenant, killed)).rejects.toThrow('killed');
    expect(await tenant.api.imports.checked({ fileId })).toMatchObject({ status: 'checking', rows: 2502, taken: 2000 });
    if (job) tenant.jobs.push(job);
    await workOffChecks(tenant);
    const found = await tenant.api.imports.checked({ fileId });
    expect(found).toMatchObject({ status: 'checked', taken: 2502, created: 2500, refused: 2 });
    expect(found?.kinds.map(({ code, rows: n }) => [code, n])).toEqual([
      ['repeated', 1],
      ['ragged', 1],
    ]);
    // Delivered once more, it finds nothing to do; one that ends its worker every time is given up.
    if (job) tenant.jobs.push(job);
    await workOffChecks(tenant);
    expect(await tenant.api.imports.checked({ fileId })).toMatchObject({ status: 'checked', taken: 2502 });
    await tenant.api.imports.check({ fileId, plan, again: true });
    const [next] = tenant.jobs.filter(({ queue }) => queue === 'importCheck');
    const always = {
      checkpoint: () => {
        throw new Error('out of memory');
      },
    };
    for (let i = 0; i < 4; i++) {
      await expect(workOffChecks(tenant, always)).rejects.toThrow('out of memory');
      if (next) tenant.jobs.push(next);
    }
    await workOffChecks(tenant);
    expect(await tenant.api.imports.checked({ fileId })).toMatchObject({ status: 'checked', error: 'jobStopped' });
  });

  it('gives way to that of another plan, and ends with its file', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    await api.companies.create({ values: { name: 'Acme', city: 'Rome' } });
    const fileId = await upload(tenant, 'companies.csv', `${header},Acme,Oslo,,\n`);
    const plan = await planFor(tenant, fileId);
    await api.imports.check({ fileId, plan });
    await api.imports.check({ fileId, plan: { ...plan, policy: 'keep' } });
    const jobs = tenant.jobs.filter(({ queue }) => queue === 'importCheck');
    expect(jobs).toHaveLength(2);
    await workOffChecks(tenant);
    expect(await api.imports.checked({ fileId })).toMatchObject({ plan: { policy: 'keep' }, updated: 0, unchanged: 1 });
    await api.imports.discard({ fileId });
    await expect(api.imports.checked({ fileId })).rejects.toMatchObject({ message: 'notFound' });
  });

  it('says what it could not be made for', async () => {
    const tenant = await createTestTenant();
    const fileId = await upload(tenant, 'deals.csv', 'Deal Name,Stage,Amount\nA,Qualified,1\n');
    const gone = { stageId: '01890000-0000-7000-8000-000000000001' };
    const plan = await planFor(tenant, fileId);
    const values = { ...plan.values, stage: { '': { Qualified: gone } } };
    expect(await dryRun(tenant, { fileId, plan: { ...plan, values } })).toMatchObject({ error: 'noSuchRecord' });
    // The same plan is tried again: what was wrong may have been mended.
    await tenant.api.imports.check({ fileId, plan: { ...plan, values } });
    expect(tenant.jobs.filter(({ queue }) => queue === 'importCheck')).toHaveLength(1);
  });

  it('gives the rows it would refuse as a file that can be corrected and brought', async () => {
    const tenant = await createTestTenant();
    const long = 'x'.repeat(5000);
    const text0 = `${header}C1,Acme,,,\nC2,Torn\nC3,Split,Rome,Tools,1,2,${long}\n`;
    const fileId = await upload(tenant, 'companies.csv', text0);
    const { id } = await dryRun(tenant, { fileId, plan: await planFor(tenant, fileId) });
    expect((await tenant.api.imports.problems({ id })).rows).toMatchObject([
      { row: 3, problems: [{ code: 'ragged' }] },
      { row: 4, problems: [{ code: 'ragged' }] },
    ]);
    const { actor } = await inTenant(tenant.tenantId, 'read', (db) => workOf(tenant, db));
    let text = '';
    for await (const part of refusedFile(actor, id, (db) => workOf(tenant, db))) text += part;
    expect(text).toContain('C2,Torn,,,,3,');
    // What a row has too many is not lost, and keeps it from being taken as it is.
    expect(text).toMatch(/^C3,Split,Rome,Tools,1,4,.+,2,x{5000}$/m);
    const corrected = text.replace('C2,Torn,,,,', 'C2,Whole,Rome,,,');
    const again = await upload(tenant, 'refused.csv', corrected);
    expect(await importFile(tenant, again, await planFor(tenant, again))).toMatchObject({ created: 1, refused: 1 });
    // It is an import to nobody yet.
    await expect(tenant.api.imports.get({ id })).rejects.toMatchObject({ message: 'notFound' });
  });
});

describe('what a file holds', () => {
  it('is read while no transaction waits for it', async () => {
    const tenant = await createTestTenant();
    const disk = diskStore(ownFolder('counted'));
    let open = 0;
    const waiting: number[] = [];
    openFiles(ownFolder('counted'), {
      ...disk,
      read: (...args) => {
        waiting.push(open);
        return disk.read(...args);
      },
    });
    const files = [];
    for (const name of ['Acme', 'Bolt', 'Cedar'])
      files.push(await upload(tenant, 'companies.csv', `${header}C1,${name},,,\n`));
    const [fileId = '', ...others] = files;
    waiting.length = 0;
    observer.transaction = async (_, run) => {
      open++;
      return run().finally(() => open--);
    };
    const { api } = tenant;
    try {
      const plan = await planFor(tenant, fileId);
      await api.imports.values({ fileId, plan });
      await api.imports.check({ fileId, plan });
      await workOffChecks(tenant);
      await api.imports.start({ fileId, plan });
      await api.imports.startSet({ files: others.map((other) => ({ fileId: other, plan })) });
    } finally {
      delete observer.transaction;
    }
    expect(waiting.length).toBeGreaterThanOrEqual(7);
    expect(new Set(waiting)).toEqual(new Set([0]));
  });

  it('is found again as it was read, the line that tells the separator among what is skipped', async () => {
    const tenant = await createTestTenant();
    const fileId = await upload(tenant, 'companies.csv', 'sep=;\nCompany Name;City\nAcme;Rome\n');
    const plan = await planFor(tenant, fileId);
    expect(plan.skipLines).toBe(1);
    const again = await tenant.api.imports.analyse({ fileId, skipLines: plan.skipLines });
    expect(again).toMatchObject({ headers: ['Company Name', 'City'], plan: { skipLines: 1 } });
    const wide = await upload(tenant, 'wide.csv', `${'H,'.repeat(1000)}H\n`);
    await expect(tenant.api.imports.analyse({ fileId: wide })).rejects.toThrow('fileTooWide');
  });

  it('does not swell the report, however long a cell is', async () => {
    const tenant = await createTestTenant();
    const long = 'x'.repeat(50_000);
    const text = `Company Name,Parent Company,Number of Employees\nAcme,${long.slice(0, 300)},${long}\n`;
    const fileId = await upload(tenant, 'companies.csv', text);
    const found = await dryRun(tenant, { fileId, plan: await planFor(tenant, fileId) });
    expect(found.kinds).toMatchObject([{ code: 'number', target: 'employees' }]);
    expect(JSON.stringify(found.unmatched)).toContain('xxx');
    expect(JSON.stringify([found.kinds, found.unmatched]).length).toBeLessThan(2000);
    const { rows } = await tenant.api.imports.problems({ id: found.id, kind: 'partly' });
    expect(JSON.stringify(rows[0]?.problems).length).toBeLessThan(1000);
    expect(rows[0]?.cells[2]).toHaveLength(50_000);
  });
});

describe('a dry run that no import follows', () => {
  it('is forgotten after thirty days, its file is not', async () => {
    const tenant = await createTestTenant();
    const fileId = await upload(tenant, 'companies.csv', `${header}C1,Acme,,,\nC2,Torn\n`);
    await dryRun(tenant, { fileId, plan: await planFor(tenant, fileId) });
    const days = (count: number) => new Date(clock.now.getTime() + count * 86_400_000);
    expect(await forgetChecks(tenant.tenantId, days(29))).toBe(0);
    expect(await forgetChecks(tenant.tenantId, days(31))).toBe(1);
    expect(await tenant.api.imports.checked({ fileId })).toBeNull();
  });
});

describe('what a file says otherwise', () => {
  it('is counted by field with samples, and each field keeps to its own policy', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const parent = (await api.companies.create({ values: { name: 'Holding' } })).id;
    await api.companies.create({ values: { name: 'Acme', city: 'Rome', industry: 'Tools', parentId: parent } });
    await api.companies.create({ values: { name: 'Bolt', city: 'Rome' } });
    const text =
      'Company Name,City,Industry,Phone Number,Parent Company\nAcme,Oslo,Toys,123,Other\nBolt,Rome,Toys,,\nOther,,,,\n';
    const fileId = await upload(tenant, 'companies.csv', text);
    const plan = await planFor(tenant, fileId);
    const column = (target: string) => plan.columns.findIndex((c) => c.target === target);
    const kept = {
      ...plan,
      policy: 'fillBlanks' as const,
      columns: plan.columns.map((c) => (c.index === column('city') ? { ...c, policy: 'overwrite' as const } : c)),
    };
    const found = await dryRun(tenant, { fileId, plan: kept });
    expect(found).toMatchObject({ created: 1, updated: 2, unchanged: 0, refused: 0 });
    const fields = Object.fromEntries(
      found.fields.map(({ field, samples, ...counts }) => [field, { ...counts, samples }]),
    );
    expect(fields).toMatchObject({
      city: {
        replace: 1,
        fill: 0,
        keep: 0,
        samples: [{ kind: 'replace', title: 'Acme', before: 'Rome', after: 'Oslo' }],
      },
      industry: { replace: 0, fill: 1, keep: 1 },
      phone: { fill: 1, samples: [{ kind: 'fill', before: null, after: '123' }] },
      // Neither side is an id: one record is here, the other would be made by this very import.
      parentId: { keep: 1, samples: [{ kind: 'keep', before: 'Holding', after: 'Other' }] },
    });
    expect(await importFile(tenant, fileId, kept)).toMatchObject({ created: 1, updated: 2 });
    const { rows } = await api.companies.list({ columns: ['name', 'city', 'industry', 'phone', 'parentId'] });
    const acme = rows.find(({ name }) => name === 'Acme');
    expect(acme).toMatchObject({ city: 'Oslo', industry: 'Tools', phone: '123', parentId: parent });
    expect(rows.find(({ name }) => name === 'Bolt')).toMatchObject({ industry: 'Toys' });
  });

  it('about being called or mailed is taken over where blanks alone are filled', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    await api.contacts.create({
      values: { name: 'Ada', email: 'ada@example.com', doNotCall: false, jobTitle: 'Boss' },
    });
    const text = 'Name,Email,Do Not Call,Job Title\nAda,ada@example.com,yes,Chief\n';
    const fileId = await upload(tenant, 'contacts.csv', text);
    const plan = await planFor(tenant, fileId, { policy: 'fillBlanks' });
    expect(plan.columns.map(({ target }) => target)).toContain('doNotCall');
    await importFile(tenant, fileId, plan);
    const { rows } = await api.contacts.list({ columns: ['doNotCall', 'jobTitle'] });
    expect(rows).toMatchObject([{ doNotCall: true, jobTitle: 'Boss' }]);
  });
});

describe('the keys chosen', () => {
  const text = 'Company ID,Company Name,Domain,City\n1,Acme,bolt.com,Oslo\n2,,acme.com,Bonn\n';

  it('are tried in their order, and a blank matches nothing', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const acme = (await api.companies.create({ values: { name: 'Acme' } })).id;
    const bolt = (await api.companies.create({ values: { name: 'Bolt', domain: 'bolt.com' } })).id;
    await api.companies.create({ values: { name: 'Nameless', city: 'Rome' } });
    const fileId = await upload(tenant, 'companies.csv', text);
    const plan = await planFor(tenant, fileId);
    const about = async (matchKeys: string[]) => {
      const { samples, updated } = await dryRun(tenant, { fileId, plan: { ...plan, matchKeys } });
      return [updated, samples.updated[0]?.recordId];
    };
    expect(await about(['domain', 'name'])).toEqual([1, bolt]);
    expect(await about(['name', 'domain'])).toEqual([1, acme]);
    expect(await about(['externalId'])).toEqual([0, undefined]);
    expect(await about([])).toEqual([0, undefined]);
    // The key's column is the file's: another is refused before anything is read.
    await expect(api.imports.check({ fileId, plan: { ...plan, matchKeys: ['taxId'] } })).rejects.toThrow(
      'matchKeyMissing',
    );
  });

  it('leave the id of the source aside where it is none of them, or comes later', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const first = await upload(tenant, 'companies.csv', 'Company ID,Company Name,City\n1,Acme,Rome\n2,Bolt,Rome\n');
    await importFile(tenant, first, await planFor(tenant, first));
    // The source has given Bolt's number to Acme.
    const second = await upload(tenant, 'companies.csv', 'Company ID,Company Name,City\n2,Acme,Oslo\n');
    const plan = await planFor(tenant, second);
    const changed = async (matchKeys: string[]) => {
      const { fields } = await dryRun(tenant, { fileId: second, plan: { ...plan, matchKeys } });
      return fields.flatMap(({ field, samples }) => samples.map(({ title }) => `${title} ${field}`)).sort();
    };
    expect(await changed(['externalId', 'name'])).toEqual(['Bolt city', 'Bolt name']);
    expect(await changed(['name', 'externalId'])).toEqual(['Acme city']);
    expect(await changed(['name'])).toEqual(['Acme city']);
    expect(await importFile(tenant, second, { ...plan, matchKeys: ['name'] })).toMatchObject({
      updated: 1,
      created: 0,
    });
    const { rows } = await api.companies.list({ columns: ['name', 'city'], sort: [{ field: 'name', dir: 'asc' }] });
    expect(rows.map(({ name, city }) => [name, city])).toEqual([
      ['Acme', 'Oslo'],
      ['Bolt', 'Rome'],
    ]);
  });
});

describe('a reconciliation', () => {
  it('adds up every cent of the file, and says why a sum is another here', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const head = 'Deal ID,Deal Name,Stage,Amount,Deleted\n';
    const first = await upload(
      tenant,
      'deals.csv',
      `${head}1,One,Qualified,100,\n2,Two,Qualified,50,\n3,Three,Won,10,\n`,
    );
    await importFile(tenant, first, await planFor(tenant, first));
    const text = `${head}1,One,Qualified,100,\n2,Two,Won,70,\n3,Three,Won,,\n4,Four,Qualified,5,\n4,Four,Qualified,5,\n4,Other,Qualified,6,\n5,Gone,Qualified,7,true\n6,Six,Qualified,abc,\n7,Seven,Nowhere,9,\n`;
    const fileId = await upload(tenant, 'deals.csv', text);
    const offered = await planFor(tenant, fileId, { policy: 'keep' });
    const columns = offered.columns.map((c) => (c.header === 'Deleted' ? { ...c, target: 'deleted' } : c));
    const plan = { ...offered, columns };
    const expected = {
      // 100 + 5 + 5 + 6 + 7, and what deal 2 keeps although the file has it elsewhere.
      Qualified: {
        read: { rows: 5, minor: 12_300 },
        reasons: [
          { reason: 'deleted', rows: 1, minor: 700 },
          { reason: 'again', rows: 2, minor: 1100 },
          { reason: 'kept', rows: -1, minor: -5000 },
        ],
        expected: { rows: 3, minor: 15_500 },
      },
      Won: {
        read: { rows: 1, minor: 7000 },
        // Deal 3 has an amount here that the file does not know of.
        reasons: [{ reason: 'kept', rows: 0, minor: 6000 }],
        expected: { rows: 1, minor: 1000 },
      },
      // Of a stage that is unknown here.
      null: { read: { rows: 1, minor: 900 }, reasons: [{ reason: 'refused', rows: 1, minor: 900 }] },
    };
    const byStage = (lines: { stage: string | null }[]) => Object.fromEntries(lines.map((line) => [line.stage, line]));
    const dry = await dryRun(tenant, { fileId, plan });
    expect(byStage(dry.money)).toMatchObject(expected);
    const done = await importFile(tenant, fileId, plan);
    expect(done.rows).toBe(
      done.created + done.updated + done.unchanged + done.refused + done.left.deleted + done.left.skipped,
    );
    const lines = byStage(done.money);
    expect(lines).toMatchObject({
      Qualified: { ...expected.Qualified, stored: { rows: 3, minor: 15_500 }, equal: true },
      Won: { ...expected.Won, stored: { rows: 1, minor: 1000 }, equal: true },
      null: { expected: { rows: 0, minor: 0 }, stored: { rows: 0, minor: 0 }, equal: true },
    });
    expect([dry.unread, done.unread]).toEqual([1, 1]);
    const { rows } = await api.imports.problems({ id: done.id });
    expect(rows).toMatchObject([{ row: 10, problems: [{ code: 'unmapped' }] }]);
  });
});

describe('saved mappings', () => {
  it("are a person's own until they are shared, and changed by nobody else", async () => {
    const tenant = await createTestTenant();
    const admin = await tenant.person('admin');
    const fileId = await upload(tenant, 'companies.csv', `${header}C1,Acme,,,\n`);
    const plan = await planFor(tenant, fileId, { policy: 'fillBlanks', matchKeys: ['name'] });
    const { id } = await tenant.api.imports.saveMapping({ name: ' Firms ', plan });
    expect(await tenant.api.imports.mappings()).toMatchObject({
      mappings: [
        {
          id,
          name: 'Firms',
          object: 'company',
          shared: false,
          mine: true,
          settings: { policy: 'fillBlanks', matchKeys: ['name'], columns: [{ header: 'Company ID' }, {}, {}, {}, {}] },
        },
      ],
    });
    expect(await admin.api.imports.mappings()).toEqual({ mappings: [] });
    const notFound = { message: 'notFound' };
    await expect(admin.api.imports.saveMapping({ id, name: 'Mine', plan })).rejects.toMatchObject(notFound);
    await tenant.api.imports.saveMapping({ id, name: 'Firms', shared: true, plan: { ...plan, policy: 'keep' } });
    expect(await admin.api.imports.mappings()).toMatchObject({
      mappings: [{ id, shared: true, mine: false, settings: { policy: 'keep' } }],
    });
    await expect(admin.api.imports.removeMapping({ id })).rejects.toMatchObject(notFound);
    expect(await tenant.api.imports.removeMapping({ id })).toEqual({ ok: true });
    expect(await admin.api.imports.mappings()).toEqual({ mappings: [] });
    // What an import had is offered too, the latest of those with the same columns: its refused rows come back by it.
    await importFile(tenant, fileId, plan);
    await importFile(tenant, fileId, { ...plan, policy: 'keep' });
    expect(await tenant.api.imports.mappings()).toMatchObject({
      mappings: [{ kind: 'import', name: 'companies.csv', mine: false, settings: { policy: 'keep' } }],
    });
    expect(await admin.api.imports.mappings()).toEqual({ mappings: [] });
    // A stage that was removed since is no answer any more.
    const deals = await upload(tenant, 'deals.csv', 'Deal Name,Stage\nA,Gone\nB,Other\n');
    const about = await planFor(tenant, deals);
    const gone = { stageId: '01890000-0000-7000-8000-000000000001' };
    const stage = { '': { Gone: gone, Other: { skip: true as const } } };
    await tenant.api.imports.saveMapping({ name: 'Deals', plan: { ...about, values: { ...about.values, stage } } });
    const { mappings } = await tenant.api.imports.mappings();
    const kept = mappings.find(({ name }) => name === 'Deals')?.settings.values.stage;
    expect(kept).toEqual({ '': { Other: { skip: true } } });
    // A field it asked for is made once; when it is gone, its column goes nowhere.
    const create = { type: 'text' as const, label: { en: 'Region' } };
    const regions = await upload(tenant, 'regions.csv', 'Company Name,Region Code\nAcme,EU\n');
    const offered = await planFor(tenant, regions);
    const columns = offered.columns.map((c) => (c.index === 1 ? { ...c, target: null, create } : c));
    await tenant.api.imports.saveMapping({ name: 'Regions', plan: { ...offered, columns } });
    const second = async () =>
      (await tenant.api.imports.mappings()).mappings.find(({ name }) => name === 'Regions')?.settings.columns[1];
    expect(await second()).toMatchObject({ target: null, create });
    const field = await tenant.api.fields.create({ object: 'company', ...create });
    expect(await second()).toEqual({ header: 'Region Code', target: field.key });
    await tenant.api.imports.saveMapping({
      name: 'Later',
      plan: { ...offered, columns: offered.columns.map((c) => (c.index === 1 ? { ...c, target: field.key } : c)) },
    });
    await tenant.api.fields.remove({ id: field.id });
    const later = (await tenant.api.imports.mappings()).mappings.find(({ name }) => name === 'Later');
    expect(later?.settings.columns[1]).toMatchObject({ target: null });
    const member = await tenant.person('member');
    await expect(member.api.imports.mappings()).rejects.toMatchObject({ message: 'forbidden' });
  });
});
