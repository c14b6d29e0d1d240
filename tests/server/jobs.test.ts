import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inTenant } from '@/db/tenant';
import { Refusal } from '@/domain/refusals';
import { type Cron, startCrons } from '@/server/core/crons';
import { newId } from '@/server/core/ids';
import { type Job, type Jobs, queueFigures } from '@/server/core/jobs';
import { createMailer } from '@/server/core/mail/mail';
import { inTrace } from '@/server/core/trace';
import { keepFailed } from '@/server/jobs/jobs';
import { startWorker } from '@/server/worker';
import { type OwnDatabase, openOwnDatabase, until } from '../support/own-database';

let own: OwnDatabase;
beforeAll(async () => {
  own = await openOwnDatabase();
});
afterEach(async () => {
  await own.stop();
  await own.rows('delete from pgboss.job_common');
});
afterAll(() => own.close());

const jobsOn = (queue: string) =>
  own.rows<{ state: string; data: Record<string, unknown>; retry_count: number }>(
    'select state, data, retry_count from pgboss.job_common where name = $1',
    [queue],
  );

/** A job's effect in a tenant: a row that may be there twice, if the job is done twice. */
const effect = (db: Parameters<Parameters<typeof inTenant>[2]>[0], action: string) =>
  db.client.query(
    `insert into app.audit_event (tenant_id, id, at, action, channel) values ($1, $2, now(), $3, 'import')`,
    [db.tenantId, newId(), action],
  );
const effects = async (action: string) =>
  (await own.rows('select id from app.audit_event where action = $1', [action])).length;

const undoJobs = (jobs: Jobs, tenantId: string, payload: Record<string, unknown>) =>
  inTenant(tenantId, 'write', (db) => jobs.enqueue(db, 'undo', payload));

/** Lets a job that waits for its next try run now. */
const hurry = () => own.rows(`update pgboss.job_common set start_after = now() where state = 'retry'`);

describe('a job and the transaction it is asked for in', () => {
  it('a rollback leaves no job behind', async () => {
    const { tenantId } = await own.tenant();
    const jobs = await own.jobs(false);
    await expect(
      inTenant(tenantId, 'write', async (db) => {
        await jobs.enqueue(db, 'undo', {});
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect(await jobsOn('undo')).toEqual([]);
    await undoJobs(jobs, tenantId, {});
    expect(await jobsOn('undo')).toHaveLength(1);
  });
});

describe('effect and end of a job', () => {
  it('H1: are one transaction, so a worker that dies between the two has done nothing twice', async () => {
    const { tenantId } = await own.tenant();
    const jobs = await own.jobs();
    let tries = 0;
    // Dies after its effect is committed, the first time.
    const dying = (name: string, withEnd: boolean) => async (job: Job) => {
      await inTenant(tenantId, 'write', async (db) => {
        await effect(db, name);
        if (withEnd) await job.complete(db);
      });
      tries++;
      if (tries === 1) throw new Error('killed');
    };
    await jobs.work('undo', { width: 1 }, dying('naive', false));
    await undoJobs(jobs, tenantId, {});
    await until('the second try', async () => (await hurry()) && tries === 2);
    // What it is like without: effect first, end later.
    expect(await effects('naive')).toBe(2);

    tries = 0;
    await jobs.work('import', { width: 1 }, dying('ours', true));
    await inTenant(tenantId, 'write', (db) => jobs.enqueue(db, 'import', {}));
    await until(
      'the end',
      async () => (await jobsOn('import')).every(({ state }) => state === 'completed') && tries > 0,
    );
    await hurry();
    expect(await effects('ours')).toBe(1);
    expect(tries).toBe(1);
  });

  it('H1: neither is there when the transaction fails at its end', async () => {
    const { tenantId } = await own.tenant();
    const jobs = await own.jobs();
    let tries = 0;
    await jobs.work('undo', { width: 1 }, (job) =>
      inTenant(tenantId, 'write', async (db) => {
        await effect(db, 'rolledBack');
        await job.complete(db);
        tries++;
        if (tries === 1) throw new Error('killed before the commit');
      }),
    );
    await undoJobs(jobs, tenantId, {});
    await until('the second try', async () => (await hurry()) && tries === 2);
    await until('the end', async () => (await jobsOn('undo')).every(({ state }) => state === 'completed'));
    expect(await effects('rolledBack')).toBe(1);
  });

  it('H1: a worker whose job was given to another cannot end it, and its effect is rolled back', async () => {
    const { tenantId } = await own.tenant();
    const jobs = await own.jobs();
    let tries = 0;
    const ends: string[] = [];
    await jobs.work('undo', { width: 2 }, async (job) => {
      tries++;
      const mine = tries;
      if (mine === 1) {
        // Thought dead, as after a long pause: another worker has it meanwhile.
        await own.rows(`update pgboss.job_common set state = 'retry', start_after = now() where name = 'undo'`);
        await until('the other worker', () => tries === 2);
      } else await until('the first to come back', () => ends.length === 1);
      await inTenant(tenantId, 'write', async (db) => {
        await effect(db, `overtaken ${mine}`);
        await job.complete(db);
      }).then(
        () => ends.push(`${mine} ended`),
        (error: Error) => ends.push(error.message),
      );
    });
    await undoJobs(jobs, tenantId, {});
    await until('both to end', () => ends.length === 2);
    expect(ends).toEqual([expect.stringContaining('no longer this worker'), '2 ended']);
    expect([await effects('overtaken 1'), await effects('overtaken 2')]).toEqual([0, 1]);
  });
});

describe('a job of several transactions', () => {
  it('H1: writes nothing further in a worker that was thought dead', async () => {
    const { tenantId } = await own.tenant();
    const jobs = await own.jobs();
    let tries = 0;
    const ends: string[] = [];
    await jobs.work('undo', { width: 2 }, async (job) => {
      tries++;
      const mine = tries;
      const batch = () =>
        inTenant(tenantId, 'write', async (db) => {
          await job.hold(db);
          await effect(db, `batch of ${mine}`);
        });
      await batch();
      if (mine === 1) {
        await own.rows(`update pgboss.job_common set state = 'retry', start_after = now() where name = 'undo'`);
        await until('the other worker', () => tries === 2);
      } else await until('the first to come back', () => ends.length === 1);
      await batch().then(
        () => ends.push(`${mine} went on`),
        (error: Error) => ends.push(error.message),
      );
    });
    await undoJobs(jobs, tenantId, {});
    await until('both to end', () => ends.length === 2);
    expect(ends).toEqual([expect.stringContaining('no longer this worker'), '2 went on']);
    expect([await effects('batch of 1'), await effects('batch of 2')]).toEqual([1, 2]);
  });

  it('is given back when its worker stops, to be gone on with at once, and without having cost a try', async () => {
    const { tenantId } = await own.tenant();
    const leaving = await own.jobs();
    let begun = false;
    await leaving.work('undo', { width: 1 }, async ({ signal }) => {
      begun = true;
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    await undoJobs(leaving, tenantId, {});
    await until('the job to be under way', () => begun);
    const limit = () =>
      own.rows(
        `select state, retry_limit - retry_count as left, start_after <= now() as now from pgboss.job_common where name = 'undo'`,
      );
    const [before] = await limit();
    await leaving.stop();
    const [after] = await limit();
    expect(after).toEqual({ state: 'retry', left: Number(before?.left) + 1, now: true });
    const next = await own.jobs();
    const done: string[] = [];
    await next.work('undo', { width: 1 }, async ({ id }) => void done.push(id));
    await until('the other worker', () => done.length > 0);
    expect((await limit())[0]?.left).toBe(before?.left);
  });
});

describe('a job that fails', () => {
  it('is tried again after a pause that grows', async () => {
    const { tenantId } = await own.tenant();
    const jobs = await own.jobs();
    await jobs.work('mail', { width: 1 }, async () => {
      throw new Error('The mail server is away');
    });
    await inTenant(tenantId, 'write', (db) =>
      jobs.enqueue(db, 'mail', { key: 'k', to: 'a@example.com', locale: 'en', template: 'reset', params: {} }),
    );
    const pauses: number[] = [];
    for (const count of [0, 1, 2]) {
      await until(`try ${count}`, async () => {
        const [job] = await jobsOn('mail');
        return job?.state === 'retry' && job.retry_count === count;
      });
      const [row] = await own.rows<{ pause: number }>(
        `select extract(epoch from start_after - now())::float8 as pause from pgboss.job_common where name = 'mail'`,
      );
      pauses.push(row?.pause ?? 0);
      await hurry();
    }
    // Each between one and two times 3, 6, 12 seconds.
    const [first = 0, second = 0, third = 0] = pauses;
    expect([first < 6.1, second > first - 1, third > second - 1, third > 6]).toEqual([true, true, true, true]);
  });

  it('is written down in its tenant when it is given up, with a reason, and nothing of what was thrown', async () => {
    const { tenantId } = await own.tenant();
    const other = await own.tenant();
    const jobs = await own.jobs();
    await jobs.work('mail', { width: 1 }, async () => {
      throw new Error('550 nobody@secret.example refused');
    });
    await jobs.work('dead', { width: 1, seconds: 0.5 }, (job) => keepFailed(job, {}));
    await inTrace({ requestId: 'request-1', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }, () =>
      inTenant(tenantId, 'write', (db) =>
        jobs.enqueue(db, 'mail', {
          key: 'k',
          to: 'a@example.com',
          locale: 'en',
          template: 'reset',
          params: { link: 'L' },
        }),
      ),
    );
    await own.rows(`update pgboss.job_common set retry_limit = 0 where name = 'mail'`);
    const written = () =>
      own.rows('select * from app.failed_job where tenant_id = any($1)', [[tenantId, other.tenantId]]);
    await until('the row', async () => (await written()).length > 0);
    const [row] = await written();
    expect(row).toMatchObject({ tenant_id: tenantId, queue: 'mail', error: 'mailFailed', request_id: 'request-1' });
    expect(row?.attempts).toBe(1);
    expect(JSON.stringify(row)).not.toContain('secret.example');
    expect(JSON.stringify(row?.payload)).not.toContain('"L"');
    await until('the end', async () => (await jobsOn('dead')).every(({ state }) => state === 'completed'));
    expect(await written()).toHaveLength(1);
  });

  it('is given up at once when it is refused: asking again gives the same answer', async () => {
    const { tenantId } = await own.tenant();
    const jobs = await own.jobs();
    let tries = 0;
    await jobs.work('undo', { width: 1 }, async () => {
      tries++;
      throw new Refusal('notFound', 'notFound');
    });
    await jobs.work('dead', { width: 1, seconds: 0.5 }, (job) => keepFailed(job, {}));
    await undoJobs(jobs, tenantId, { memberId: newId() });
    const written = () => own.rows('select * from app.failed_job where tenant_id = $1', [tenantId]);
    await until('the row', async () => (await written()).length > 0);
    expect((await written())[0]).toMatchObject({ queue: 'undo', error: 'notFound', attempts: 1 });
    expect(tries).toBe(1);
  });

  it('stays on the queue of dead jobs when it has no tenant, and the log tells of it', async () => {
    const jobs = await own.jobs();
    await jobs.work('mail', { width: 1 }, async () => {
      throw new Refusal('invalid', 'invalid');
    });
    await jobs.work('dead', { width: 1, seconds: 0.5 }, (job) => keepFailed(job, {}));
    await jobs.enqueueGlobal('mail', { key: 'x', to: 'a@example.com', locale: 'en', template: 'reset', params: {} });
    await until('the log', () =>
      own.lines.some(({ msg, queue, tenantId }) => msg === 'job given up' && queue === 'mail' && !tenantId),
    );
    expect(await jobsOn('dead')).toHaveLength(1);
    expect((await queueFigures()).find(({ queue }) => queue === 'mail')).toMatchObject({ depth: 0, failed: 1 });
  });
});

describe('tenants beside each other', () => {
  it('two with hundreds of jobs each do not hold up the single job of a third, whose two workers they have', async () => {
    const [a, c, b] = [await own.tenant(), await own.tenant(), await own.tenant()];
    const workers = [await own.jobs(), await own.jobs()] as const;
    for (const { tenantId } of [a, c])
      await inTenant(tenantId, 'write', async (db) => {
        for (let i = 0; i < 150; i++) await workers[0].enqueue(db, 'undo', { i });
      });
    await undoJobs(workers[0], b.tenantId, {});
    const order: (string | null)[] = [];
    for (const jobs of workers)
      await jobs.work('undo', { width: 1 }, async ({ tenantId }) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        order.push(tenantId);
      });
    await until("b's job", () => order.includes(b.tenantId));
    expect(order.indexOf(b.tenantId)).toBeLessThan(12);
    await until('thirty of each', () => order.length > 60);
    const share = order.slice(0, 60).filter((id) => id === a.tenantId).length;
    // Neither of the two had to wait for the other's hundred and fifty.
    expect(share).toBeGreaterThan(15);
    expect(share).toBeLessThan(45);
  });

  it('one whose jobs take for ever leaves workers to others, in all processes together', async () => {
    const [a, b] = [await own.tenant(), await own.tenant()];
    const workers = [await own.jobs(), await own.jobs()] as const;
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const begun: (string | null)[] = [];
    for (const jobs of workers)
      await jobs.work('undo', { width: 2 }, async ({ tenantId }) => {
        begun.push(tenantId);
        if (tenantId === a.tenantId) await released;
      });
    await undoJobs(workers[0], a.tenantId, {});
    await until('the first to be under way', () => begun.length > 0);
    for (let i = 0; i < 8; i++) await undoJobs(workers[0], a.tenantId, {});
    // Long enough for each of the four to have looked.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await undoJobs(workers[0], b.tenantId, {});
    await until("b's job", () => begun.includes(b.tenantId), 20).finally(release);
    expect(begun.filter((id) => id === a.tenantId)).toHaveLength(1);
  });
});

describe('what is due by the clock', () => {
  const cron = (name: string, perTenant: boolean, run: Cron['run']): Cron => ({
    name,
    schedule: '* * * * *',
    perTenant,
    run,
  });

  /** Schedules that are there before the first worker starts, whose first look finds the minute that has just begun. */
  async function known(crons: Cron[]): Promise<void> {
    const jobs = await own.jobs(false);
    await jobs.schedule(
      'cron',
      crons.map(({ name, schedule }) => ({ key: name, cron: schedule })),
    );
    await own.rows('update pgboss.version set cron_on = null');
  }

  it('is due once for all processes together, and once for each tenant', async () => {
    const tenants = [await own.tenant(), await own.tenant(), await own.tenant()].map(({ tenantId }) => tenantId);
    const ran: (string | undefined)[] = [];
    const once: string[] = [];
    const crons = [
      cron('perTenant', true, async (tenantId) => ran.push(tenantId)),
      cron('single', false, async () => once.push('single')),
    ];
    await known(crons);
    for (let i = 0; i < 3; i++) await startCrons(await own.jobs(), crons);
    await until('every part', () => tenants.every((id) => ran.includes(id)) && once.length > 0, 90);
    // Occurrences are told apart by the minute they were due in.
    const slots = await own.rows<{ slot: string; n: number }>(
      `select data->>'slot' as slot, count(*)::int as n from pgboss.job_common where name = '__pgboss__send-it' and data->>'key' = 'single' group by 1`,
    );
    expect(slots.length).toBeGreaterThan(0);
    expect(slots.map(({ n }) => n)).toEqual(slots.map(() => 1));
    const fanOuts = (await jobsOn('cron')).filter(({ data }) => data.cron === 'single').length;
    expect(fanOuts).toBeLessThanOrEqual(slots.length);
  });

  it('what fails for one tenant does not keep others from theirs', async () => {
    const [bad, good] = [(await own.tenant()).tenantId, (await own.tenant()).tenantId];
    const ran: (string | undefined)[] = [];
    const crons = [
      cron('fails', true, async (tenantId) => {
        if (tenantId === bad) throw new Error('no');
        ran.push(tenantId);
      }),
    ];
    await known(crons);
    await startCrons(await own.jobs(), crons);
    await until('the good one', () => ran.includes(good), 90);
    const parts = await own.rows<{ state: string }>(
      `select state from pgboss.job_common where name = 'cronPart' and group_id = $1`,
      [bad],
    );
    expect(parts[0]?.state).toMatch(/created|retry|active/);
  });

  it("a part that is still under way is not begun a second time, and one tenant's is none of another's", async () => {
    const [a, b] = [(await own.tenant()).tenantId, (await own.tenant()).tenantId];
    const jobs = await own.jobs(false);
    for (const tenantId of [a, b, a])
      await inTenant(tenantId, 'write', (db) => jobs.enqueue(db, 'cronPart', { cron: 'sealAudit', again: true }));
    const waiting = await own.rows<{ group_id: string }>(
      `select group_id from pgboss.job_common where name = 'cronPart'`,
    );
    expect(waiting.map((job) => job.group_id).sort()).toEqual([a, b].sort());
  });

  it('a schedule that is no longer in the list goes', async () => {
    const jobs = await own.jobs(false);
    await jobs.schedule('cron', [
      { key: 'kept', cron: '0 3 * * *' },
      { key: 'gone', cron: '0 3 * * *' },
    ]);
    await jobs.schedule('cron', [{ key: 'kept', cron: '0 4 * * *' }]);
    expect(await own.rows(`select key, cron from pgboss.schedule`)).toEqual([{ key: 'kept', cron: '0 4 * * *' }]);
  });
});

describe('mail', () => {
  const mail = {
    to: 'a@example.com',
    locale: 'en',
    template: 'reset',
    params: { link: 'https://x/reset?token=SECRET', minutes: 60, name: 'A' },
  };

  it('V3: carries the request that caused it into the mail and onto every line of the log', async () => {
    const { tenantId } = await own.tenant();
    const jobs = await own.jobs();
    await startWorker(jobs, createMailer({ from: 'Guanxi <g@example.com>', dataDir: own.folder }), own.log);
    const traceparent = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`;
    await inTrace({ requestId: 'request-7', traceparent }, () =>
      inTenant(tenantId, 'write', (db) => jobs.enqueue(db, 'mail', { key: 'v3', ...mail })),
    );
    const outbox = path.join(own.folder, 'outbox');
    await until('the mail', async () => (await readdir(outbox).catch((): string[] => [])).includes('v3.json'));
    const filed = JSON.parse(await readFile(path.join(outbox, 'v3.json'), 'utf8'));
    expect(filed.headers).toEqual({ 'X-Request-Id': 'request-7' });
    await until('the line', () => own.lines.some(({ key }) => key === 'v3'));
    const lines = own.lines.filter(({ key, job }) => key === 'v3' && job === 'mail');
    expect(lines).toMatchObject([{ requestId: 'request-7', traceId: 'c'.repeat(32), tenantId, msg: 'mail sent' }]);
  });

  it('that an account asks for is written once and sent as it was written', async () => {
    const { tenantId } = await own.tenant();
    const jobs = await own.jobs();
    const sent: { key: string; text: string }[] = [];
    const mailer = {
      send: async ({ text }: { text: string }, key: string) => {
        sent.push({ key, text });
        if (sent.length < 3) throw new Error('Nobody knows whether it went out');
      },
    };
    await startWorker(jobs, mailer, own.log);
    const [user] = await own.rows<{ email: string }>(
      'select u.email from app.user_account u join app.member m on m.user_id = u.id where m.tenant_id = $1',
      [tenantId],
    );
    await jobs.enqueueGlobal('accountMail', { account: 'reset', email: user?.email, publicUrl: 'https://x' });
    await until('three tries', async () => (await hurry()) && sent.length === 3);
    expect(sent[0]?.text).toMatch(/https:\/\/x\/reset\?token=/);
    expect(new Set(sent.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(await jobsOn('accountMail')).toHaveLength(1);
    // Nobody by this address: no mail, and nobody is told.
    await jobs.enqueueGlobal('accountMail', { account: 'reset', email: 'nobody@example.com', publicUrl: 'https://x' });
    await until('the second to be done', async () =>
      (await jobsOn('accountMail')).every(({ state }) => state === 'completed'),
    );
    expect(await jobsOn('mail')).toHaveLength(1);
  });

  it('K2: its links are not to be read on the queue', async () => {
    const { tenantId } = await own.tenant();
    const jobs = await own.jobs(false);
    await inTenant(tenantId, 'write', (db) => jobs.enqueue(db, 'mail', { key: 'k2', ...mail }));
    await jobs.enqueueGlobal('mail', { key: 'k3', ...mail });
    const stored = await jobsOn('mail');
    expect(stored).toHaveLength(2);
    expect(JSON.stringify(stored)).not.toContain('SECRET');
  });
});
