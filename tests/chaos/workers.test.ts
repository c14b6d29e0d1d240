import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inTenant } from '@/db/tenant';
import { undo } from '@/server/changes/changes';
import { openFiles, storeFile } from '@/server/core/files';
import { inJob } from '@/server/core/job-work';
import { type Jobs, startJobs } from '@/server/core/jobs';
import { openSecrets } from '@/server/core/secrets';
import { pause, resume } from '@/server/imports/control';
import { start as startImport } from '@/server/imports/imports';
import { startSet } from '@/server/imports/sets';
import { keepUpload } from '@/server/imports/uploads';
import { importPlan } from '../support/plans';
import { smtpServer } from '../support/smtp';
import { type Installation, install, type Person, program, type Running, until } from './processes';

let site: Installation;
let server: Awaited<ReturnType<typeof program>>;
let smtp: Awaited<ReturnType<typeof smtpServer>>;
let jobs: Jobs;
beforeAll(async () => {
  [server, smtp] = await Promise.all([program(), smtpServer(20)]);
  site = await install();
  openSecrets(site.keys);
  openFiles(path.join(site.dataDir, 'files'));
  jobs = await startJobs(site.workerUrl, { worker: false }, pino({ level: 'silent' }));
});
afterEach(async () => {
  smtp.release();
  await server.clear();
});
afterAll(async () => {
  await jobs?.stop();
  await server?.remove();
  smtp?.close();
  await site?.close();
});

const worker = (): Running => server.start({ ...site.env, ROLE: 'worker', SMTP_URL: smtp.url });

const mail = (key: string) => ({
  key,
  to: `${key}@example.com`,
  locale: 'en',
  template: 'invitation',
  params: { link: `https://x/invite?token=${key}`, company: 'C', inviter: 'I', days: 7 },
});

const work = async <T>(person: Person, run: Parameters<typeof inJob<T>>[3]) =>
  inJob({ ...person, channel: 'screen', requestId: 'chaos' }, jobs.enqueue, 'write', run);

/** Brings a table whose first row names the targets of its columns. @returns the file, and the plan that takes it */
async function table(person: Person, object: 'company' | 'contact', rows: readonly string[][]) {
  const [targets = []] = rows;
  const text = `${rows.map((cells) => cells.join(',')).join('\n')}\n`;
  const stored = await storeFile(person.tenantId, Readable.from([text]), 50_000_000);
  const plan = importPlan({
    object,
    source: 'chaos',
    columns: targets.map((target, index) => ({ index, header: target, target })),
    matchKey: 'externalId',
  });
  await work(person, (its) => keepUpload(its, stored, `${object}.csv`, 'text'));
  return { fileId: stored.id, plan };
}

/** Brings a file of companies and asks for its import. @returns the import's id */
async function importCompanies(person: Person, count: number): Promise<string> {
  const rows = Array.from({ length: count }, (_, i) => [`C${i}`, `Company ${i}`, `Industry ${i % 7}`]);
  const file = await table(person, 'company', [['externalId', 'name', 'industry'], ...rows]);
  return work(person, async (its) => (await startImport(its, file)).id);
}

const sendMails = (person: Person, keys: string[]) =>
  inTenant(person.tenantId, 'write', async (db) => {
    for (const key of keys) await jobs.enqueue(db, 'mail', mail(key));
  });

const unfinished = async () =>
  (
    await site.rows<{ n: number }>(
      `select count(*)::int as n from pgboss.job where name in ('mail', 'import', 'undo', 'dead') and state < 'completed'`,
    )
  )[0]?.n;

/** Mails as the mail server got them, by the key they were sent under. */
function delivered(): Map<string, Set<string>> {
  const byKey = new Map<string, Set<string>>();
  for (const text of smtp.mails) {
    const key = /^Message-ID: <([^@]+)@/im.exec(text)?.[1] ?? '';
    byKey.set(key, (byKey.get(key) ?? new Set()).add(text));
  }
  return byKey;
}

describe('workers that are killed', () => {
  it('H1, H3: ten times at random while an import, an undo and many mails run: nothing is lost, nothing doubled', async () => {
    const [a, b] = [await site.tenant(), await site.tenant()];
    // What the undo takes back: an import that went through before.
    const first = worker();
    const before = await importCompanies(b, 4_500);
    const statusOf = async (id: string) =>
      (await site.rows<{ status: string }>('select status from app.import where id = $1', [id]))[0]?.status;
    await until('the first import', async () => (await statusOf(before)) === 'done');
    const [set] = await site.rows<{ id: string }>('select change_set_id as id from app.import where id = $1', [before]);

    const rows = 12_000;
    const importId = await importCompanies(a, rows);
    const report = await work(b, (its) => undo(its, set?.id ?? '', 100));
    expect(report.queued).toBe(4_500);

    const workers = [first, worker()];
    const keys: string[] = [];
    for (let kill = 0; kill < 10; kill++) {
      const victim = Math.floor(Math.random() * workers.length);
      await workers[victim]?.ready;
      const more = Array.from({ length: 40 }, (_, i) => `mail-${kill}-${i}`);
      keys.push(...more);
      await sendMails(a, more);
      // Somewhere in the middle of them.
      await sleep(100 + Math.random() * 500);
      workers[victim]?.child.kill('SIGKILL');
      workers[victim] = worker();
      // What heartbeats would notice within the minute is noticed now, and wrongly of the living too: their jobs are
      // taken from under them, and what they still do must not count.
      await sleep(Math.random() * 100);
      await site.rows(
        `update pgboss.job_common set state = 'retry', start_after = now(), retry_limit = retry_limit + 1 where state = 'active'`,
      );
    }
    await until('everything to be done', async () => (await unfinished()) === 0);

    expect(await statusOf(importId)).toBe('done');
    const count = async (text: string, values: unknown[]) =>
      (await site.rows<{ n: number }>(`select count(*)::int as n from ${text}`, values))[0]?.n;
    // Every row once: as a record, as an entry of its history, and by its id in the file.
    expect(await count('app.company where tenant_id = $1', [a.tenantId])).toBe(rows);
    expect(await count(`app.change where tenant_id = $1 and object = 'company'`, [a.tenantId])).toBe(rows);
    expect(await count('app.external_id where tenant_id = $1', [a.tenantId])).toBe(rows);
    const [told] = await site.rows('select created, updated, refused from app.import where id = $1', [importId]);
    expect(told).toEqual({ created: rows, updated: 0, refused: 0 });
    // Every record taken back, once.
    expect(await count('app.company where tenant_id = $1 and deleted_at is null', [b.tenantId])).toBe(0);
    expect(
      await count('app.change where tenant_id = $1 and change_set_id = $2', [b.tenantId, report.changeSetId]),
    ).toBe(4_500);
    // Every mail there, and where it came twice it was the same to the byte.
    const got = delivered();
    expect([...got.keys()].sort()).toEqual([...keys].sort());
    expect([...got.values()].filter((texts) => texts.size > 1)).toEqual([]);
    expect(await count('app.failed_job where tenant_id = any($1)', [[a.tenantId, b.tenantId]])).toBe(0);
    // The killing did hit: jobs were begun more than once.
    expect(await count('pgboss.job where retry_count > 0', [])).toBeGreaterThan(3);
  });

  it('five times while the files of a set are loaded, halted and gone on with: in order, nothing lost, nothing doubled', async () => {
    const person = await site.tenant();
    const count = 12_000;
    const firms = Array.from({ length: count }, (_, i) => `${i},Firm ${i}`);
    const people = Array.from({ length: count }, (_, i) => `${i},Person ${i},${(i * 7) % count}`);
    const files = [
      // Brought in the wrong order.
      await table(person, 'contact', [
        ['externalId', 'name', 'companyExternalId'],
        ...people.map((line) => line.split(',')),
      ]),
      await table(person, 'company', [['externalId', 'name'], ...firms.map((line) => line.split(','))]),
    ];
    const { id } = await work(person, (its) => startSet(its, { files }));
    const told = () =>
      site.rows<{ id: string; object: string; status: string; cursor: number; created: number; refused: number }>(
        'select id, object, status, "cursor", created, refused from app.import where set_id = $1 order by id',
        [id],
      );
    let running = worker();
    for (let kill = 0; kill < 5; kill++) {
      await running.ready;
      const before = await told();
      const behind = (rows: typeof before) => rows.reduce((sum, { cursor }) => sum + cursor, 0);
      await until('another batch', async () => behind(await told()) > behind(before));
      running.child.kill('SIGKILL');
      running = worker();
      const open = (await told()).find(({ status }) => status === 'running' || status === 'queued');
      if (kill === 2 && open) {
        await work(person, (its) => pause(its, open.id));
        expect((await told()).some(({ status }) => status === 'running' || status === 'queued')).toBe(false);
        await work(person, (its) => resume(its, open.id));
      }
      await site.rows(
        `update pgboss.job_common set state = 'retry', start_after = now(), retry_limit = retry_limit + 1 where state = 'active'`,
      );
    }
    await until('everything to be done', async () => (await told()).every(({ status }) => status === 'done'), 240);
    expect((await told()).map(({ object, created, refused }) => [object, created, refused])).toEqual([
      ['company', count, 0],
      ['contact', count, 0],
    ]);
    const [linked] = await site.rows(
      `select count(*)::int as n, count(distinct c.id)::int as people, count(distinct c.company_id)::int as firms
       from app.contact c join app.external_id x on x.tenant_id = c.tenant_id and x.record_id = c.company_id where c.tenant_id = $1`,
      [person.tenantId],
    );
    expect(linked).toEqual({ n: count, people: count, firms: count });
    const [written] = await site.rows(
      `select count(*)::int as n from app.change where tenant_id = $1 and object in ('company', 'contact')`,
      [person.tenantId],
    );
    expect(written).toEqual({ n: 2 * count });
  });

  it('M4: in the middle of making search keys anew, for one tenant: the next goes on where it stopped', async () => {
    const person = await site.tenant();
    const first = worker();
    const importId = await importCompanies(person, 3_000);
    const keys = () =>
      site.rows<{ n: number }>('select count(*)::int as n from app.search_key where tenant_id = $1', [person.tenantId]);
    const state = async () =>
      (
        await site.rows<{ rules: number; after: string | null }>(
          'select rules, after_id as after from app.search_state where tenant_id = $1',
          [person.tenantId],
        )
      )[0];
    const ended = `select from app.import where id = $1 and status = 'done'`;
    await until('the import', async () => (await site.rows(ended, [importId])).length > 0);
    const waiting = `select from pgboss.job where name = 'searchKeys' and group_id = $1 and state < 'completed'`;
    await until('its keys', async () => (await site.rows(waiting, [person.tenantId])).length === 0);
    const [before] = await keys();
    expect(before?.n).toBeGreaterThan(3_000);
    first.child.kill('SIGKILL');
    await first.ended;

    await site.rows('delete from app.search_key where tenant_id = $1', [person.tenantId]);
    await site.rows('update app.search_state set rules = 0, object = null, after_id = null where tenant_id = $1', [
      person.tenantId,
    ]);
    await work(person, (its) => its.enqueue(its.db, 'cronPart', { cron: 'rebuildSearch' }));
    const victim = worker();
    await until('some of the keys', async () => (await state())?.after);
    victim.child.kill('SIGKILL');
    await victim.ended;
    const [part] = await keys();
    expect(part?.n).toBeGreaterThan(0);
    expect(part?.n).toBeLessThan(before?.n ?? 0);
    // What is taken away of the part that is done is missed by nobody who goes on behind it.
    const [gone] = await site.rows<{ id: string; n: number }>(
      `with first as (select min(record_id::text)::uuid as id from app.search_key where tenant_id = $1),
       gone as (delete from app.search_key k using first f where k.tenant_id = $1 and k.record_id = f.id returning f.id)
       select id, count(*)::int as n from gone group by id`,
      [person.tenantId],
    );
    await site.rows(`update pgboss.job_common set state = 'retry', start_after = now() where state = 'active'`);
    worker();
    await until('all keys', async () => ((await state())?.rules ?? 0) > 0);
    expect((await keys())[0]?.n).toBe((before?.n ?? 0) - (gone?.n ?? 0));
  });

  it('are replaced within the minute: another takes over what they had in hand', async () => {
    const person = await site.tenant();
    smtp.hold();
    const victim = worker();
    await sendMails(person, ['taken-over']);
    await until('the mail to be under way', () => smtp.held() > 0);
    victim.child.kill('SIGKILL');
    await victim.ended;
    const killedAt = Date.now();
    smtp.release();
    worker();
    await until('the other worker', () => delivered().has('taken-over'));
    expect(Date.now() - killedAt).toBeLessThan(60_000);
  });
});

describe('a worker that is told to stop', () => {
  it('H6: ends within 25 seconds, lets a mail go out, and gives back what another can go on with at once', async () => {
    const person = await site.tenant();
    const leaving = worker();
    await leaving.ready;
    const importId = await importCompanies(person, 25_000);
    const cursor = async () =>
      (await site.rows<{ cursor: number }>('select cursor from app.import where id = $1', [importId]))[0]?.cursor ?? 0;
    await until('the import to be under way', async () => (await cursor()) > 0);
    smtp.hold();
    await sendMails(person, ['last']);
    await until('the mail to be under way', () => smtp.held() > 0);
    const told = Date.now();
    leaving.child.kill('SIGTERM');
    setTimeout(() => smtp.release(), 500);
    expect(await leaving.ended, leaving.output()).toBe(0);
    expect(Date.now() - told).toBeLessThan(25_000);
    expect(delivered().get('last')?.size).toBe(1);
    const left = await site.rows(
      // Of this test alone: a mail that was on its way when the test before ended may still be taken for active.
      `select name, state, start_after <= now() as now from pgboss.job
       where name in ('mail', 'import') and state < 'completed' and group_id = $1`,
      [person.tenantId],
    );
    expect(left).toEqual([{ name: 'import', state: 'retry', now: true }]);
    const stoodAt = await cursor();
    expect(stoodAt).toBeLessThan(25_000);
    const next = worker();
    await until('the other worker', async () => (await cursor()) > stoodAt);
    next.child.kill('SIGTERM');
    expect(await next.ended, next.output()).toBe(0);
  });
});
