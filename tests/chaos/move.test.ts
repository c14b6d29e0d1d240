import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbedded } from '@/db/embedded';
import { migrate } from '@/db/migrate';
import { provision } from '@/db/provision';
import { migrateQueues } from '@/db/queues';
import { createApiKey } from '@/server/api-keys/api-keys';
import { inJob } from '@/server/core/job-work';
import { queues } from '@/server/core/queues';
import { openSecrets } from '@/server/core/secrets';
import { startSession } from '@/server/core/session';
import { bundle } from '../support/server-process';
import { type Installation, install, type Person, program, type Running, until } from './processes';

// A tenant moves from one real Postgres to another while people and programs go on writing.

let site: Installation;
let other: Awaited<ReturnType<typeof startEmbedded>>;
let there: pg.Client;
let server: Awaited<ReturnType<typeof program>>;
let web: Running;
let url: string;
let env: Record<string, string>;
/** The command as it is shipped, beside the packages it imports. */
const mover = path.resolve('dist', `move-${process.pid}`, 'move.mjs');

beforeAll(async () => {
  [server, site] = await Promise.all([program(), install({ wal_level: 'logical' })]);
  await bundle(process.cwd(), 'server/moves/main.ts', mover);
  other = await startEmbedded(path.join(site.dataDir, 'other'), { throwaway: true, log: () => {} });
  const passwords = { migrator: 'migrator-secret', app: 'app-secret', worker: 'worker-secret' };
  await provision(other.superuserUrl(), 'guanxi', passwords);
  const as = (user: string, password: string) =>
    Object.assign(new URL(other.superuserUrl('guanxi')), { username: user, password }).href;
  await migrate(as('crm_migrator', passwords.migrator));
  await migrateQueues(as('crm_migrator', passwords.migrator), queues);
  there = new pg.Client({ connectionString: other.superuserUrl('guanxi') });
  await there.connect();
  openSecrets(site.keys);
  env = {
    ...site.env,
    DATABASE_SHARDS: `south=${as('crm_app', passwords.app)}`,
    WORKER_DATABASE_SHARDS: `south=${as('crm_worker', passwords.worker)}`,
    RATE_LIMITS: 'off',
    LOG_LEVEL: 'warn',
    ROLE: 'all',
  };
  web = server.start(env);
  url = await web.ready;
});
afterAll(async () => {
  await server?.remove();
  await rm(path.dirname(mover), { recursive: true, force: true });
  await there?.end();
  await other?.stop();
  await site?.close();
});

/** `npm run move`, as a program that may be killed. */
function move(...args: string[]) {
  const child = spawn(process.execPath, [mover, '--tenant', slug, '--to', 'south', ...args], {
    env: {
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'test',
      DATABASE_ADMIN_URL: site.superuserUrl,
      SHARD_ADMIN_URL: other.superuserUrl('guanxi'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return { child, ended, output: () => output };
}

let slug: string;
let person: Person;
let key: string;

const post = (name: string) =>
  fetch(`${url}/api/v1/companies`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
    signal: AbortSignal.timeout(20_000),
  });

const call = async (sid: string, tenant: string, name: string, input: object) => {
  const answer = await fetch(`${url}/api/trpc/${tenant}/${name}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      cookie: `guanxi.session=${sid}`,
    },
    body: JSON.stringify(input),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(`${name}: ${answer.status} ${JSON.stringify(body)}`);
  return body.result.data;
};

/** A session of the person with this id, made as a sign-in makes it. */
async function sessionOf(userId: string): Promise<string> {
  return startSession(userId, ['password'], null, 'test');
}

describe('a tenant that moves to another server', () => {
  it('loses nothing and doubles nothing, whoever writes meanwhile and however often the mover is killed', async () => {
    person = await site.tenant();
    const [found] = await site.rows<{ slug: string; user: string }>(
      'select t.slug, m.user_id as user from app.tenant t join app.member m on m.tenant_id = t.id where t.id = $1',
      [person.tenantId],
    );
    slug = found?.slug ?? '';
    const actor = { ...person, channel: 'screen' as const, requestId: 'move' };
    ({ secret: key } = await inJob(
      actor,
      async () => {},
      'write',
      (work) => createApiKey(work, { name: 'move', access: 'write' }),
    ));
    await site.rows('update app.user_account set email_confirmed_at = now()');
    const owner = await sessionOf(found?.user ?? '');
    // A job that waits for later.
    await site.rows(
      `insert into pgboss.job (id, name, data, group_id, start_after) values ($1, 'duplicates', $2, $3, now() + interval '1 day')`,
      [randomUUID(), { tenantId: person.tenantId, object: 'company' }, person.tenantId],
    );

    // Somebody who knows of no other servers would go on writing here.
    const alone = new pg.Client({ connectionString: site.superuserUrl, application_name: 'guanxi-alone' });
    await alone.connect();
    const refused = move();
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toContain('runs without DATABASE_SHARDS');
    await alone.end();

    const acknowledged: string[] = [];
    const refusals = new Set<string>();
    let writing = true;
    const writer = async (nr: number) => {
      for (let i = 0; writing; i++) {
        const answer = await post(`Company ${nr} ${i}`);
        const body = (await answer.json()) as { id: string; code: string };
        if (answer.status === 201) acknowledged.push(body.id);
        else {
          refusals.add(`${answer.status} ${body.code} ${answer.headers.get('retry-after') !== null}`);
          await sleep(100);
        }
      }
    };
    const writers = [1, 2, 3].map(writer);
    const more = async (count: number) => {
      const stood = acknowledged.length;
      await until('writes', () => acknowledged.length > stood + count);
    };
    await more(50);

    // Killed wherever it stands: while it copies, while it follows, while nobody may write.
    for (const word of ['Copying', 'is copied', 'is copied']) {
      const begun = move('--pause', '5');
      await until(word, () => begun.output().includes(word) || begun.child.exitCode !== null);
      expect(begun.child.exitCode, begun.output()).toBe(null);
      await sleep(Math.random() * 30);
      begun.child.kill('SIGKILL');
      await begun.ended;
      await more(10);
    }

    // A copy that is not what was there: nothing moves, and nothing of it stays.
    await there.query(`update app.company set name = 'another' where tenant_id = $1 and id = $2`, [
      person.tenantId,
      acknowledged[0],
    ]);
    const differing = move();
    expect(await differing.ended).toBe(1);
    expect(differing.output()).toContain('Not the same on both sides: app.company.');
    expect(await there.query('select from app.company')).toMatchObject({ rowCount: 0 });
    await more(10);

    const done = move();
    expect(await done.ended, done.output()).toBe(0);
    expect(done.output()).toContain('are the same on both sides');
    await more(50);
    writing = false;
    await Promise.all(writers);

    // Three who never stop meet the limit of one person's calls too, on a machine quick enough.
    const expected = ['503 tenantMoving true', '429 rateLimited true'];
    expect([...refusals].filter((told) => !expected.includes(told))).toEqual([]);
    const { rows } = await there.query('select id from app.company where tenant_id = $1', [person.tenantId]);
    expect(rows.map(({ id }) => id).sort()).toEqual(acknowledged.toSorted());
    const left = () =>
      site.rows<{ n: number }>('select count(*)::int as n from app.company where tenant_id = $1', [person.tenantId]);
    expect((await left())[0]?.n).toBeLessThan(acknowledged.length);
    expect(await there.query('select from pg_subscription')).toMatchObject({ rowCount: 0 });
    expect(await site.rows('select from pg_replication_slots')).toEqual([]);
    // The job came along and was done there.
    const job = `select state from pgboss.job where name = 'duplicates' and group_id = $1`;
    await until('the job', async () => (await there.query(job, [person.tenantId])).rows[0]?.state === 'completed');
    expect(await site.rows(job, [person.tenantId])).toEqual([]);

    const removed = move('--remove');
    expect(await removed.ended, removed.output()).toBe(0);
    expect((await left())[0]?.n).toBe(0);
    expect((await post('After all')).status).toBe(201);

    // Its people go on with the sessions they have, and ask others in; mails are sent by the jobs of that server.
    const email = 'invited@example.com';
    const { link } = await call(owner, slug, 'members.invite', { email, role: 'member' });
    await until(
      'the mail',
      async () => (await readdir(path.join(site.dataDir, 'outbox')).catch((): string[] => [])).length > 0,
    );
    const token = new URL(link).searchParams.get('token');
    await call('', '-', 'account.acceptInvitation', { token, name: 'Ivy Invited', password: 'correct horse battery' });
    const [invited] = await site.rows<{ id: string }>('select id from app.user_account where email = $1', [email]);
    const { id } = await call(await sessionOf(invited?.id ?? ''), slug, 'companies.create', {
      values: { name: 'Hers' },
    });
    const hers = await there.query(
      'select from app.change_set s join app.change c on c.tenant_id = s.tenant_id and c.change_set_id = s.id where c.record_id = $1',
      [id],
    );
    expect(hers.rowCount).toBe(1);
    // What somebody does with their account is told in the audit of the tenant where it is.
    await call(owner, '-', 'account.stepUp', { password: 'correct horse battery' });
    const told = `select from app.audit_event where tenant_id = $1 and action = 'stepUp'`;
    expect((await there.query(told, [person.tenantId])).rowCount).toBe(1);
  });
});
