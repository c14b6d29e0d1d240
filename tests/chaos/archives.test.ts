import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ArchiveSummary } from '@/domain/archives';
import { bringArchive, loadArchive, makeArchive } from '@/server/archives/archives';
import { apply } from '@/server/core/changes';
import { openFiles, readStored, storedBefore, storeFile } from '@/server/core/files';
import { newId } from '@/server/core/ids';
import { inJob } from '@/server/core/job-work';
import { type Jobs, startJobs } from '@/server/core/jobs';
import { openSecrets } from '@/server/core/secrets';
import { type Installation, install, type Person, program, type Running, until } from './processes';

let site: Installation;
let server: Awaited<ReturnType<typeof program>>;
let jobs: Jobs;
beforeAll(async () => {
  server = await program();
  site = await install();
  openSecrets(site.keys);
  openFiles(path.join(site.dataDir, 'files'));
  jobs = await startJobs(site.workerUrl, { worker: false }, pino({ level: 'silent' }));
});
afterEach(() => server.clear());
afterAll(async () => {
  await jobs?.stop();
  await server?.remove();
  await site?.close();
});

const worker = (): Running => server.start({ ...site.env, ROLE: 'worker', MAIL_OUTBOX: 'on' });

const work = async <T>(person: Person, run: Parameters<typeof inJob<T>>[3]) =>
  inJob({ ...person, channel: 'screen', requestId: 'chaos' }, jobs.enqueue, 'write', run);

interface Row {
  status: string;
  stage: string | null;
  error: string | null;
  fileId: string;
  summary: ArchiveSummary;
}

const archiveOf = async (id: string): Promise<Row> => {
  const [row] = await site.rows<Row & Record<string, unknown>>(
    `select status, stage, error, file_id as "fileId", summary from app.archive where id = $1 order by finished_at desc nulls last`,
    [id],
  );
  if (!row) throw new Error('No archive');
  return row;
};

const statusIs = (id: string, status: string) => async () => {
  const row = await archiveOf(id);
  if (row.status === 'failed') throw new Error(row.error ?? 'failed');
  return row.status === status;
};

/** What a heartbeat would notice within the minute is noticed now. */
const handOn = () =>
  site.rows(
    `update pgboss.job_common set state = 'retry', start_after = now(), retry_limit = retry_limit + 1 where state = 'active' and name = 'archive'`,
  );

async function killed(running: Running): Promise<Running> {
  running.child.kill('SIGKILL');
  await running.ended;
  await handOn();
  return worker();
}

describe('a worker that is killed while it works on an archive', () => {
  it('H1: leaves one archive, and one workspace that is the same, whenever it was', async () => {
    const [a, b] = [await site.tenant(), await site.tenant()];
    const count = 6_000;
    await work(a, async (its) => {
      const type = its.types.get('company');
      const values = (i: number) => ({ name: `Company ${i}`, domain: `c${i}.example.com` });
      await apply(
        its,
        'create',
        Array.from({ length: count }, (_, i) => ({ type, op: 'create' as const, id: newId(), values: values(i) })),
      );
    });

    const { id } = await work(a, makeArchive);
    let running = worker();
    await until('the archive to be begun', statusIs(id, 'running'));
    running = await killed(running);
    await until('the archive', statusIs(id, 'done'));
    const made = await archiveOf(id);
    expect(made.summary.rows).toMatchObject({ company: count, change: expect.any(Number) });
    // One file, whatever the killed worker had written.
    expect(await storedBefore(a.tenantId, Date.now() + 60_000)).toHaveLength(1);

    const stored = await storeFile(b.tenantId, await readStored(a.tenantId, made.fileId), 1024 ** 3);
    const brought = await work(b, (its) => bringArchive(its, stored, 'all.zip'));
    await until('the check', statusIs(brought.id, 'checked'));
    const [{ slug = '' } = {}] = await site.rows<{ slug: string }>('select slug from app.tenant where id = $1', [
      b.tenantId,
    ]);
    await work(b, (its) => loadArchive(its, { id: brought.id }));
    const opened = async () => {
      const [tenant] = await site.rows<{ id: string }>('select id from app.tenant where slug = $1', [slug]);
      return tenant && tenant.id !== b.tenantId ? tenant.id : undefined;
    };
    let kills = 0;
    while (kills < 6 && !(await opened())) {
      await running.ready;
      await sleep(200 + Math.random() * 600);
      running = await killed(running);
      kills += 1;
    }
    await until('the loaded workspace', opened);
    const tenantId = (await opened()) ?? '';
    expect(kills).toBeGreaterThan(1);

    const [owner] = await site.rows<{ id: string }>(
      'select id from app.member where tenant_id = $1 and user_id is not null',
      [tenantId],
    );
    const again = await work({ tenantId, memberId: owner?.id ?? '' }, makeArchive);
    await until('the archive of what was loaded', statusIs(again.id, 'done'));
    const { rows } = (await archiveOf(again.id)).summary;
    // Another person has loaded it, who is one more.
    expect(rows).toEqual({ ...made.summary.rows, member: (made.summary.rows.member ?? 0) + 1 });
    const states = await site.rows(`select status, count(*)::int as n from app.tenant group by 1 order by 1`);
    expect(states).toEqual([
      { status: 'active', n: 2 },
      { status: 'replaced', n: 1 },
    ]);
    // Eight servers start one after the other, on whatever machine this is.
  }, 400_000);
});
