import { parse } from 'csv-parse/sync';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTenant } from '@/db/tenant';
import { plainCell } from '@/domain/csv';
import type { FieldInput } from '@/domain/custom-fields';
import { exportDays } from '@/domain/exports';
import { openFiles, storedBefore } from '@/server/core/files';
import { liftLimits } from '@/server/core/limits';
import { sessionCookie } from '@/server/core/session';
import { refusalView } from '@/server/core/trpc';
import type { ExportJob } from '@/server/exports/exports';
import { toGb18030 } from '@/server/exports/gb18030';
import { type ExportDeps, giveUpExport, runExport } from '@/server/exports/jobs';
import { sweepExports } from '@/server/exports/sweep';
import { sweepFiles } from '@/server/imports/sweep';
import { ownFolder } from '../support/folders';
import { testApp } from '../support/http';
import { createTestTenant, superuser, type TestPerson, type TestTenant } from '../support/tenants';

openFiles(ownFolder('files'));

let app: FastifyInstance;
beforeAll(async () => {
  liftLimits();
  ({ app } = await testApp());
});
afterAll(() => app.close());

type Start = Parameters<TestPerson['api']['exports']['start']>[0];

/** The waiting job of an export, as the worker gets it. */
function takeJob(tenant: TestTenant): ExportJob {
  const at = tenant.jobs.findIndex(({ queue }) => queue === 'export');
  const [job] = tenant.jobs.splice(at, 1);
  if (at < 0 || !job) throw new Error('No export waits');
  return job.payload as unknown as ExportJob;
}

const run = (tenant: TestTenant, job: ExportJob, deps: Partial<ExportDeps> = {}) =>
  runExport(job, { enqueue: tenant.context.enqueue, signal: new AbortController().signal, ...deps });

function fetchFile(tenant: TestTenant, id: string, person: TestPerson = tenant) {
  const cookie = `${sessionCookie(false)}=${person.sid}`;
  return app.inject({ method: 'GET', url: `/api/exports/${tenant.slug}/${id}/file`, headers: { cookie } });
}

/** From the click to the bytes. */
async function exported(tenant: TestTenant, input: Start, person: TestPerson = tenant): Promise<Buffer> {
  const { id } = await person.api.exports.start(input);
  await run(tenant, takeJob(tenant));
  const answer = await fetchFile(tenant, id, person);
  expect(answer.statusCode).toBe(200);
  return answer.rawPayload;
}

/** The file without its mark, as lines. */
const linesOf = (bytes: Buffer) => bytes.toString('utf8').replace('\uFEFF', '').split('\r\n').slice(0, -1);

const rename = (tenant: TestTenant, name: string) =>
  superuser((client) => client.query('update app.member set name = $2 where id = $1', [tenant.memberId, name]));

describe('the file', () => {
  it('is written byte by byte as a spreadsheet reads it, in English and UTF-8', async () => {
    const tenant = await createTestTenant({ currency: 'USD', timeZone: 'Asia/Shanghai' });
    await rename(tenant, 'Ada, "the" Owner');
    const values = { name: 'Zoë GmbH', annualRevenue: -125_050, ownerId: tenant.memberId, tags: ['a', 'b;c'] };
    const { id } = await tenant.api.companies.create({ values: { ...values, type: 'customer', currency: 'EUR' } });
    await tenant.api.companies.create({ values: { name: '两行\n名字', annualRevenue: 7 } });
    await superuser((client) =>
      client.query(`update app.company set created_at = '2026-11-23T18:05:30Z' where id = $1`, [id]),
    );
    const sort = [{ field: 'name', dir: 'asc' as const }];
    const columns = ['name', 'annualRevenue', 'ownerId', 'tags', 'type'];
    const bytes = await exported(tenant, { object: 'company', sort, columns });
    expect(bytes).toEqual(
      Buffer.from(
        '\uFEFFName,Annual revenue,Annual revenue (currency),Owner,Tags,Type\r\n' +
          '"两行\n名字",0.07,USD,"Ada, ""the"" Owner",,\r\n' +
          'Zoë GmbH,-1250.50,EUR,"Ada, ""the"" Owner","a; ""b;c""",Customer\r\n',
      ),
    );
    const when = await exported(tenant, {
      object: 'company',
      ids: [id],
      columns: ['currency', 'annualRevenue', 'createdAt'],
    });
    expect(linesOf(when)).toEqual(['Currency,Annual revenue,Created', 'EUR,-1250.50,2026-11-24 02:05:30']);
    const iso = await exported(tenant, { object: 'company', ids: [id], columns: ['createdAt'], dates: 'iso' });
    expect(linesOf(iso)).toEqual(['Created', '2026-11-23T18:05:30.000Z']);
  });

  it('is in Chinese for a person who reads Chinese, and in GB18030 when asked for', async () => {
    const tenant = await createTestTenant({ locale: 'zh', currency: 'CNY' });
    const other = await tenant.api.companies.create({ values: { name: '总部', type: 'customer' } });
    const values = { name: '𠮷野家€', parentId: other.id, annualRevenue: 100 };
    const { id } = await tenant.api.companies.create({ values });
    const columns = ['name', 'parentId', 'annualRevenue'];
    const bytes = await exported(tenant, { object: 'company', ids: [id], columns, encoding: 'gb18030' });
    // 公司名称,上级公司 … written down from the standard's table, not by our own encoder.
    expect(bytes.subarray(0, 18).toString('hex')).toBe('b9abcbbec3fbb3c62cc9cfbcb6b9abcbbe2c');
    expect(bytes.toString('hex')).toContain('9534b235d2b0bcd2a2e3');
    expect(new TextDecoder('gb18030').decode(bytes)).toBe(
      '公司名称,上级公司,年营收,年营收（币种）\r\n𠮷野家€,总部,1.00,CNY\r\n',
    );
    const utf8 = await exported(tenant, { object: 'company', ids: [id], columns });
    expect(utf8).toEqual(Buffer.from('\uFEFF公司名称,上级公司,年营收,年营收（币种）\r\n𠮷野家€,总部,1.00,CNY\r\n'));
    const answer = await fetchFile(tenant, (await tenant.api.exports.list()).rows[0]?.id ?? '');
    expect(answer.headers['content-disposition']).toMatch(
      /filename\*=UTF-8''%E5%85%AC%E5%8F%B8%20\d{4}-\d\d-\d\d\.csv$/,
    );
    expect(answer.headers['cache-control']).toBe('private, no-store');
  });

  it('GB18030 reads back as it was, character by character', () => {
    const decoder = new TextDecoder('gb18030', { ignoreBOM: true });
    const wrong: number[] = [];
    for (let point = 0; point < 0x110000; point += point < 0x1_0000 ? 1 : 97) {
      const inPrivateUse = point >= 0xd800 && point < 0xf900;
      if (inPrivateUse || point === 0xfffd) continue;
      const character = String.fromCodePoint(point);
      if (decoder.decode(toGb18030(character)) !== character) wrong.push(point);
    }
    expect(wrong).toEqual([]);
    expect(Buffer.from(toGb18030('a\ud800b')).toString()).toBe('a?b');
  });

  it('runs nothing in a spreadsheet, and numbers stay numbers', async () => {
    const tenant = await createTestTenant();
    const label = '=HYPERLINK("http://evil")';
    const load = await tenant.api.fields.create({ object: 'company', type: 'number', label: { en: label } });
    const evil = ['=1+1', '+1', '-2+3+cmd|" /C calc"!A0', '@SUM(1)', '=cmd', '＝1+1', "'=1", '-5', '\t=1'];
    for (const name of evil)
      await tenant.api.companies.create({ values: { name, phone: '+86 138 0013 8000', [load.key]: -5.5 } as never });
    const bytes = await exported(tenant, { object: 'company', columns: ['name', 'phone', load.key] });
    const [header, ...rows] = parse(bytes.toString().slice(1)) as string[][];
    expect(header).toEqual(['Name', 'Phone', `'${label}`]);
    const names = rows.map(([name]) => name);
    expect(new Set(names)).toEqual(new Set(evil.map((name) => `'${name}`)));
    for (const [, phone, number] of rows) expect([phone, number]).toEqual(["'+86 138 0013 8000", '-5.5']);
    expect(rows.map(([name = '']) => plainCell(name)).toSorted()).toEqual(evil.toSorted());
  });

  it('has own fields of every type in the person’s words', async () => {
    const tenant = await createTestTenant({ timeZone: 'Europe/Berlin' });
    const { api } = tenant;
    await rename(tenant, 'Olivia');
    const press = await api.objects.create({ key: 'o_press', label: { en: { one: 'Press', other: 'Presses' } } });
    const acme = await api.companies.create({ values: { name: 'Acme' } });
    const bolt = await api.companies.create({ values: { name: 'Bolt' } });
    const choices = ['red', 'blue'].map((value) => ({
      value,
      label: { en: value.toUpperCase() },
      tone: 'slate' as const,
    }));
    const fields: [FieldInput['type'], FieldInput['settings'], unknown, string][] = [
      ['text', {}, 'plain', 'plain'],
      ['longText', {}, 'a, b', '"a, b"'],
      ['number', { decimals: 3 }, 1234.5, '1234.5'],
      ['money', { currency: 'JPY' }, 1200, '1200,JPY'],
      ['percent', { decimals: 1 }, 12.5, '12.5'],
      ['date', {}, '2026-02-03', '2026-02-03'],
      ['datetime', {}, '2026-07-01T10:00:00Z', '2026-07-01 12:00'],
      ['time', {}, '09:30', '09:30'],
      ['boolean', {}, true, 'Yes'],
      ['choice', { choices }, 'red', 'RED'],
      ['choices', { choices }, ['blue', 'red'], 'RED; BLUE'],
      ['rating', {}, 4, '4'],
      ['email', {}, 'a@example.com', 'a@example.com'],
      ['phone', {}, '020 1', '020 1'],
      ['link', {}, 'https://example.com/', 'https://example.com/'],
      ['address', {}, { street: 'Weg 1', city: 'Ulm' }, '"Weg 1, Ulm"'],
      ['member', {}, tenant.memberId, 'Olivia'],
      ['reference', { to: 'company' }, acme.id, 'Acme'],
      ['formula', { formula: 'c_number * 2' }, undefined, '2469'],
      ['relation', { to: 'company' }, undefined, 'Acme; Bolt'],
      ['file', {}, undefined, 'a.pdf'],
    ];
    for (const [type, settings] of fields)
      await api.fields.create({
        object: press.key,
        key: `c_${type.toLowerCase()}`,
        type,
        label: { en: type },
        settings,
      });
    const values = Object.fromEntries(
      fields.flatMap(([type, , value]) => (value === undefined ? [] : [[`c_${type.toLowerCase()}`, value]])),
    );
    const { id } = await api.records.create({ object: press.key, values: { name: 'One', ...values } });
    for (const to of [acme.id, bolt.id]) await api.relations.link({ object: press.key, field: 'c_relation', id, to });
    await superuser((client) =>
      client.query(
        `insert into app.attachment (tenant_id, id, object, record_id, field, file_id, name, media_type, bytes, sha256)
         values ($1, gen_random_uuid(), 'o_press', $2, 'c_file', gen_random_uuid(), 'a.pdf', 'application/pdf', 1, 'x')`,
        [tenant.tenantId, id],
      ),
    );
    const columns = fields.map(([type]) => `c_${type.toLowerCase()}`);
    const [header, row] = linesOf(await exported(tenant, { object: press.key, columns }));
    expect(header).toBe(fields.map(([type]) => (type === 'money' ? 'money,money (currency)' : type)).join(','));
    expect(row).toBe(fields.map(([, , , cell]) => cell).join(','));
    const [all] = linesOf(await exported(tenant, { object: press.key }));
    expect(all).toMatch(/^Guanxi ID,Name,Owner,Owner ID,text,/);
  });

  it('has what the list has: its search, filter and order, and only what is chosen', async () => {
    const tenant = await createTestTenant();
    const make = (name: string, industry: string) => tenant.api.companies.create({ values: { name, industry } });
    const [a, , c] = [await make('Acme One', 'steel'), await make('Acme Two', 'wood'), await make('Bolt', 'steel')];
    const list = { object: 'company', columns: ['name'], sort: [{ field: 'name', dir: 'desc' as const }] };
    const filter = { field: 'industry', op: 'is' as const, value: 'steel' };
    expect(linesOf(await exported(tenant, { ...list, filter }))).toEqual(['Name', 'Bolt', 'Acme One']);
    expect(linesOf(await exported(tenant, { ...list, q: 'acme' }))).toEqual(['Name', 'Acme Two', 'Acme One']);
    expect(linesOf(await exported(tenant, { ...list, ids: [a.id, c.id] }))).toEqual(['Name', 'Bolt', 'Acme One']);
    const byOwner = { ...list, ids: [a.id], sort: [{ field: 'ownerId', dir: 'asc' as const }] };
    expect(linesOf(await exported(tenant, byOwner))).toEqual(['Name', 'Acme One']);
    for (const wrong of [{ columns: ['nope'] }, { sort: [{ field: 'nope', dir: 'asc' as const }] }]) {
      const refused = await tenant.api.exports.start({ ...list, ...wrong }).catch(refusalView);
      expect(refused).toMatchObject({ kind: 'invalid', code: 'unknownField' });
    }
    expect(await tenant.api.exports.start({ object: 'o_none' }).catch(refusalView)).toMatchObject({ status: 404 });
  });

  it('of 20,000 records is written page by page, every record once', async () => {
    const tenant = await createTestTenant();
    const count = 20_000;
    await superuser((client) =>
      client.query(
        `insert into app.company (tenant_id, id, name, name_key, sort_key)
         select $1, gen_random_uuid(), 'Company ' || n, 'company ' || n, 'company ' || lpad(n::text, 6, '0') from generate_series(1, $2::int) n`,
        [tenant.tenantId, count],
      ),
    );
    const { id } = await tenant.api.exports.start({ object: 'company', columns: ['name'] });
    expect(await tenant.api.exports.get({ id })).toMatchObject({ status: 'queued', total: count, rows: 0 });
    const written: number[] = [];
    await run(tenant, takeJob(tenant), { checkpoint: (rows) => written.push(rows) });
    // Never more than a thousand of them are held at a time.
    expect(written).toEqual(Array.from({ length: count / 1000 }, (_, i) => (i + 1) * 1000));
    const bytes = (await fetchFile(tenant, id)).rawPayload;
    expect(new Set(linesOf(bytes)).size).toBe(count + 1);
    expect(await tenant.api.exports.get({ id })).toMatchObject({ status: 'done', rows: count, bytes: bytes.length });
  });
});

describe('who may have it', () => {
  const one = { object: 'company', columns: ['name'] };

  it('owners, admins and managers with a confirmed address; nobody else', async () => {
    const tenant = await createTestTenant();
    for (const role of ['member', 'viewer'] as const) {
      const person = await tenant.person(role);
      expect(await person.api.exports.start(one).catch(refusalView)).toMatchObject({ status: 403, code: 'forbidden' });
    }
    const manager = await tenant.person('manager');
    await superuser((client) =>
      client.query('update app.user_account set email_confirmed_at = null where id = $1', [manager.userId]),
    );
    const unconfirmed = await manager.api.exports.start(one).catch(refusalView);
    expect(unconfirmed).toMatchObject({ status: 403, code: 'confirmEmailFirst' });
    expect(tenant.jobs.filter(({ queue }) => queue === 'export')).toEqual([]);
  });

  it('has only records the person may read, and no names of others', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const team = await api.teams.create({ name: 'North' });
    const manager = await tenant.person('manager', { teamId: team.id });
    const [pipeline] = await api.pipelines.list();
    const stageId = pipeline?.stages[0]?.id ?? '';
    const mine = await api.deals.create({ values: { name: 'Mine', stageId, ownerId: manager.memberId } });
    const foreign = await api.deals.create({ values: { name: 'Foreign', stageId, ownerId: tenant.memberId } });
    for (const [subject, dealId] of [
      ['About mine', mine.id],
      ['About foreign', foreign.id],
    ] as const)
      await api.tasks.create({ values: { subject, dealId, ownerId: manager.memberId } });
    const deals = linesOf(await exported(tenant, { object: 'deal', columns: ['name', 'stageId'] }, manager));
    expect(deals).toEqual(['Name,Stage', `Mine,${pipeline?.stages[0]?.name}`]);
    const sort = [{ field: 'subject', dir: 'asc' as const }];
    const tasks = linesOf(await exported(tenant, { object: 'task', columns: ['subject', 'dealId'], sort }, manager));
    expect(tasks.slice(1)).toEqual(['About foreign,', 'About mine,Mine']);
    const chosen = await manager.api.exports.start({ object: 'deal', ids: [foreign.id] }).catch(refusalView);
    expect(chosen).toMatchObject({ status: 404 });
  });

  it('the file is for whoever asked: not for colleagues, not for strangers, not for somebody who may no longer', async () => {
    const [tenant, other] = await Promise.all([createTestTenant(), createTestTenant()]);
    const manager = await tenant.person('manager');
    const { id } = await manager.api.exports.start(one);
    expect((await fetchFile(tenant, id, manager)).statusCode).toBe(404);
    await run(tenant, takeJob(tenant));
    expect((await fetchFile(tenant, id, manager)).statusCode).toBe(200);
    expect((await fetchFile(tenant, id)).statusCode).toBe(404);
    expect((await fetchFile(other, id)).statusCode).toBe(404);
    expect((await fetchFile(tenant, id, other)).statusCode).toBe(404);
    expect((await fetchFile(tenant, 'nonsense', manager)).statusCode).toBe(404);
    expect((await app.inject({ method: 'GET', url: `/api/exports/${tenant.slug}/${id}/file` })).statusCode).toBe(401);
    expect(await tenant.api.exports.get({ id }).catch(refusalView)).toMatchObject({ status: 404 });
    expect((await tenant.api.exports.list()).rows).toEqual([]);
    await tenant.api.members.setRole({ id: manager.memberId, role: 'member' });
    expect((await fetchFile(tenant, id, manager)).statusCode).toBe(403);
  });

  it('nor for somebody who may read less than when it was written; more makes no difference', async () => {
    const tenant = await createTestTenant();
    const [north, south] = [
      await tenant.api.teams.create({ name: 'North' }),
      await tenant.api.teams.create({ name: 'South' }),
    ];
    const admin = await tenant.person('admin', { teamId: north.id });
    const { id } = await admin.api.exports.start(one);
    await run(tenant, takeJob(tenant));
    const now = async () => [
      (await fetchFile(tenant, id, admin)).statusCode,
      (await admin.api.exports.get({ id })).status,
    ];
    await tenant.api.members.setTeam({ id: admin.memberId, teamId: south.id });
    expect(await now()).toEqual([200, 'done']);
    await tenant.api.members.setRole({ id: admin.memberId, role: 'manager' });
    expect(await now()).toEqual([404, 'expired']);
    const again = await admin.api.exports.start(one);
    await run(tenant, takeJob(tenant));
    expect((await fetchFile(tenant, again.id, admin)).statusCode).toBe(200);
    await tenant.api.members.setTeam({ id: admin.memberId, teamId: north.id });
    expect((await fetchFile(tenant, again.id, admin)).statusCode).toBe(404);
  });

  it('a right lost while the job waits ends it, and the person is told', async () => {
    const tenant = await createTestTenant();
    const manager = await tenant.person('manager');
    const { id } = await manager.api.exports.start(one);
    await tenant.api.members.setRole({ id: manager.memberId, role: 'member' });
    await run(tenant, takeJob(tenant));
    await tenant.api.members.setRole({ id: manager.memberId, role: 'manager' });
    expect(await manager.api.exports.get({ id })).toMatchObject({ status: 'failed', error: 'forbidden' });
    const { items } = await manager.api.notifications.list({});
    expect(items).toMatchObject([{ kind: 'export', exportId: id, failed: true }]);
    expect(await storedBefore(tenant.tenantId, Date.now() + 60_000)).toEqual([]);
  });

  it('tells the person when it is ready, and the audit what left the workspace', async () => {
    const tenant = await createTestTenant();
    await tenant.api.companies.create({ values: { name: 'Acme' } });
    const filter = { field: 'name', op: 'is' as const, value: 'Acme' };
    const { id } = await tenant.api.exports.start({ ...one, filter, name: 'Key/accounts' });
    await run(tenant, takeJob(tenant));
    const { items } = await tenant.api.notifications.list({});
    expect(items).toMatchObject([{ kind: 'export', object: 'company', exportId: id, count: 1, failed: false }]);
    const { rows } = await tenant.api.audit.list({});
    const entry = rows.find(({ action }) => action === 'exported');
    expect(entry).toMatchObject({ detail: { object: 'company', count: 1, filter }, subject: { id } });
    expect(entry?.subject?.name).toMatch(/^Key accounts \d{4}-\d\d-\d\d\.csv$/);
  });
});

describe('what becomes of it', () => {
  const one = { object: 'company', columns: ['name'] };
  const log = pino({ level: 'silent' });
  const stored = (tenant: TestTenant) => storedBefore(tenant.tenantId, Date.now() + 60_000);

  it('a worker that dies in the middle leaves nothing; the next one writes the one file', async () => {
    const tenant = await createTestTenant();
    for (const name of ['a', 'b']) await tenant.api.companies.create({ values: { name } });
    const { id } = await tenant.api.exports.start(one);
    const job = takeJob(tenant);
    const dying = run(tenant, job, {
      checkpoint: () => {
        throw new Error('killed');
      },
    });
    await expect(dying).rejects.toThrow('killed');
    expect(await tenant.api.exports.get({ id })).toMatchObject({ status: 'running', rows: 2 });
    // Nor does the end of a job that is somebody else's by now count.
    const lost = { hold: async () => {}, complete: () => Promise.reject(new Error('lost')) };
    await expect(run(tenant, job, { held: lost })).rejects.toThrow('lost');
    expect(await stored(tenant)).toEqual([]);
    await run(tenant, job);
    await run(tenant, job);
    expect(await tenant.api.exports.get({ id })).toMatchObject({ status: 'done', rows: 2 });
    expect(await stored(tenant)).toHaveLength(1);
    expect((await tenant.api.notifications.list({})).items).toHaveLength(1);
    expect(linesOf((await fetchFile(tenant, id)).rawPayload)).toEqual(['Name', 'b', 'a']);
  });

  it('a job that was given up says so', async () => {
    const tenant = await createTestTenant();
    const { id } = await tenant.api.exports.start(one);
    const job = takeJob(tenant);
    await inTenant(tenant.tenantId, 'write', (db) => giveUpExport(db, job));
    expect(await tenant.api.exports.get({ id })).toMatchObject({ status: 'failed', error: 'jobStopped' });
    expect((await tenant.api.notifications.list({})).items).toMatchObject([{ kind: 'export', failed: true }]);
    await run(tenant, job);
    expect(await stored(tenant)).toEqual([]);
    // An admin who has found it among the failed jobs runs it again.
    await run(tenant, { ...job, again: true });
    expect(await tenant.api.exports.get({ id })).toMatchObject({ status: 'done', error: null });
  });

  it(`is there for ${exportDays} days, and then gone`, async () => {
    const tenant = await createTestTenant();
    const { id } = await tenant.api.exports.start(one);
    await run(tenant, takeJob(tenant));
    const { finishedAt, expiresAt } = await tenant.api.exports.get({ id });
    expect(Date.parse(expiresAt ?? '') - Date.parse(finishedAt ?? '')).toBe(exportDays * 86_400_000);
    // What it is kept for is known: neither sweep takes it.
    const tomorrow = new Date(Date.now() + 2 * 86_400_000);
    expect(await sweepFiles(tenant.tenantId, { now: () => tomorrow, log })).toBe(0);
    expect(await sweepExports(tenant.tenantId, tomorrow)).toBe(0);
    expect((await fetchFile(tenant, id)).statusCode).toBe(200);
    await superuser((client) =>
      client.query('update app.export set expires_at = now() - interval $$1 hour$$ where id = $1', [id]),
    );
    expect((await fetchFile(tenant, id)).statusCode).toBe(404);
    expect(await tenant.api.exports.get({ id })).toMatchObject({ status: 'expired' });
    expect(await sweepExports(tenant.tenantId, new Date())).toBe(1);
    expect(await stored(tenant)).toEqual([]);
    await sweepExports(tenant.tenantId, new Date(Date.now() + 100 * 86_400_000));
    expect((await tenant.api.exports.list()).rows).toEqual([]);
  });
});

it('machines export too', async () => {
  const tenant = await createTestTenant();
  await tenant.api.companies.create({ values: { name: 'Acme' } });
  const { secret } = await tenant.api.apiKeys.create({ name: 'test', access: 'write' });
  const { secret: reading } = await tenant.api.apiKeys.create({ name: 'test', access: 'read' });
  const call = (method: 'GET' | 'POST', path: string, payload?: object, key = secret) =>
    app.inject({ method, url: `/api/v1${path}`, headers: { authorization: `Bearer ${key}` }, payload });
  const input = { object: 'company', columns: ['name'] };
  expect((await call('POST', '/exports', input, reading)).statusCode).toBe(403);
  const wrong = (await call('POST', '/exports', { ...input, encoding: 'latin1' })).json();
  expect(wrong).toMatchObject({ status: 400, fields: [{ field: 'encoding' }] });
  const { id } = (await call('POST', '/exports', input)).json();
  expect((await call('GET', `/exports/${id}/file`)).statusCode).toBe(404);
  const { memberId, tenantId } = tenant;
  await run(tenant, { tenantId, memberId, requestId: 'test', exportId: id });
  expect((await call('GET', `/exports/${id}`)).json()).toMatchObject({ status: 'done', rows: 1, total: 1 });
  expect((await call('GET', '/exports')).json()).toMatchObject({ data: [{ id }], next: null });
  expect((await call('GET', `/exports/${id}/file`)).body).toBe('\uFEFFName\r\nAcme\r\n');
  const stranger = await createTestTenant();
  const foreign = (await stranger.api.apiKeys.create({ name: 'test', access: 'write' })).secret;
  const refused = await call('GET', `/exports/${id}/file`, undefined, foreign);
  expect(refused.json()).toMatchObject({ status: 404, code: 'notFound' });
  expect((await app.inject({ method: 'GET', url: `/api/v1/exports/${id}/file` })).statusCode).toBe(401);
});
