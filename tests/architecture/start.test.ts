import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { watchCrashes } from '@/server/core/crash';
import { readEnv, refuseUnsafe } from '@/server/core/env';
import { createLog } from '@/server/core/log';
import { type DatabaseFacts, databaseFacts, judgeDatabase } from '@/server/core/start-checks';
import { ownFolder } from '../support/folders';
import { bundle } from '../support/server-process';

const folder = ownFolder('start');
let program: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  // Beside the packages it imports.
  program = path.resolve('dist', `test-${process.pid}`, 'main.mjs');
  await bundle(process.cwd(), 'server/main.ts', program);
});
afterAll(async () => {
  for (const child of running) if (child.exitCode === null) child.kill('SIGKILL');
  await rm(path.dirname(program), { recursive: true, force: true });
});

interface Run {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  ready: Promise<string>;
  ended: Promise<number | null>;
}

/** Starts the server without Next: what is asked here is how it starts and stops. */
function start(env: Record<string, string>): Run {
  const base = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_|HOST$|DATABASE|NEXTAUTH|PUBLIC_URL|SMTP|NODE_ENV)/.test(name),
    ),
  );
  const child = spawn(process.execPath, [program], {
    env: { ...base, PORT: '0', ROLE: 'worker', LOG_LEVEL: 'error', NODE_ENV: 'test', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const url = /Guanxi is ready: (\S+)/.exec(out)?.[1];
      if (url) resolve(url);
    });
    child.once('exit', () => reject(new Error(err || out)));
  });
  ready.catch(() => {});
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return { child, stdout: () => out, stderr: () => err, ready, ended };
}

/** A server that must not start: one line on standard error, exit code 1. */
async function refused(env: Record<string, string>): Promise<string> {
  const run = start(env);
  expect(await run.ended).toBe(1);
  const lines = run.stderr().trim().split('\n');
  expect(lines, run.stderr()).toHaveLength(1);
  expect(run.stdout()).not.toContain('ready');
  return lines[0] ?? '';
}

/** A process on the tests' own database, as it runs on a machine of its own. */
const onDatabase = (env: Record<string, string> = {}) =>
  start({
    ROLE: 'web',
    GUANXI_NO_NEXT: '1',
    DATABASE_URL: inject('database').app,
    WORKER_DATABASE_URL: inject('database').worker,
    NEXTAUTH_SECRET: secret,
    ENCRYPTION_KEYS: keys,
    DATA_DIR: path.join(folder, 'own'),
    DRAIN_WAIT: '1',
    ...env,
  });

const secret = randomBytes(32).toString('base64');
const keys = `test:${randomBytes(32).toString('base64')}`;

describe('the server', () => {
  it('starts with nothing but a data directory, says it is ready, and stops cleanly on SIGTERM', async () => {
    const run = start({ DATA_DIR: path.join(folder, 'a') });
    const url = await run.ready;
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ ready: true });
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  it('comes back after kill -9 with what was written', async () => {
    const dataDir = path.join(folder, 'b');
    const first = start({ DATA_DIR: dataDir, ROLE: 'all', NODE_ENV: 'test', GUANXI_NO_NEXT: '1' });
    const url = await first.ready;
    const signUp = (company: string, at: string) =>
      fetch(`${at}/api/trpc/-/account.signUp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        body: JSON.stringify({
          company,
          name: 'N',
          email: 'n@example.com',
          password: 'correct horse battery',
          locale: 'en',
          timeZone: 'Etc/UTC',
          currency: 'USD',
        }),
      });
    expect((await signUp('First', url)).status).toBe(200);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = start({ DATA_DIR: dataDir, ROLE: 'all', NODE_ENV: 'test', GUANXI_NO_NEXT: '1' });
    const again = await signUp('Second', await second.ready);
    // The same person with the same password has an account already and gets a second tenant.
    expect(again.status).toBe(200);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  });

  it('refuses a port that is taken', async () => {
    const blocker = net.createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as net.AddressInfo;
    expect(await refused({ PORT: String(port), DATA_DIR: path.join(folder, 'c') })).toBe(
      `Port ${port} is taken: stop what listens there or set PORT.`,
    );
    blocker.close();
  });

  it('refuses an unreachable database', async () => {
    expect(
      await refused({
        DATABASE_URL: 'postgres://crm_app:x@127.0.0.1:1/guanxi',
        NEXTAUTH_SECRET: secret,
        ENCRYPTION_KEYS: keys,
      }),
    ).toMatch(/^The database at DATABASE_URL cannot be reached/);
  });

  it('refuses a role that could pass by row policies, or own the tables', async () => {
    expect(
      await refused({ DATABASE_URL: inject('database').superuser, NEXTAUTH_SECRET: secret, ENCRYPTION_KEYS: keys }),
    ).toMatch(/could bypass row policies/);
    expect(
      await refused({ DATABASE_URL: inject('database').migrator, NEXTAUTH_SECRET: secret, ENCRYPTION_KEYS: keys }),
    ).toMatch(/is a member of other roles/);
  });

  it('refuses production without its secret', async () => {
    expect(await refused({ DATABASE_URL: inject('database').app })).toMatch(/^NEXTAUTH_SECRET is missing/);
    expect(await refused({ HOST: '0.0.0.0', DATA_DIR: path.join(folder, 'd') })).toMatch(/^NEXTAUTH_SECRET is missing/);
  });

  it('makes no demo logins and shows no outbox where it is not local', async () => {
    const run = start({
      ROLE: 'all',
      GUANXI_NO_NEXT: '1',
      DATABASE_URL: inject('database').app,
      WORKER_DATABASE_URL: inject('database').worker,
      NEXTAUTH_SECRET: secret,
      ENCRYPTION_KEYS: keys,
      NODE_ENV: 'production',
      DATA_DIR: path.join(folder, 'e'),
    });
    const url = await run.ready;
    expect(run.stdout().trim().split('\n')).toHaveLength(1);
    expect((await fetch(`${url}/outbox`)).status).toBe(404);
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  it('serves with several processes on one port, tells the figures of all, and stops them all', async () => {
    const run = start({
      DATA_DIR: path.join(folder, 'f'),
      ROLE: 'all',
      WEB_CONCURRENCY: '2',
      DB_POOL: '7',
      GUANXI_NO_NEXT: '1',
    });
    const url = await run.ready;
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const figures = async () => (await fetch(`${url}/metrics`)).text();
    await expect.poll(figures, { timeout: 20_000 }).toContain('guanxi_db_connections{pool="requests",state="max"} 14');
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });
});

const production = { HOST: '0.0.0.0', NEXTAUTH_SECRET: secret, ENCRYPTION_KEYS: keys, SMTP_URL: 'smtp://localhost' };
const site = { PUBLIC_URL: 'https://crm.example.org', TRUST_PROXY: '1' };

describe('the checks at start', () => {
  const judged = (env: Record<string, string>) => refuseUnsafe(readEnv(env));

  it('G1: refuses mail that reaches nobody, unless that is said to be wanted', () => {
    const { SMTP_URL: _, ...noMail } = { ...production, ...site };
    expect(() => judged(noMail)).toThrow(/^SMTP_URL is missing: .*MAIL_OUTBOX=on/);
    expect(judged({ ...noMail, MAIL_OUTBOX: 'on' })).toEqual([]);
  });

  it('G1: refuses passwords in the clear, unless that is said to be wanted', () => {
    expect(() => judged(production)).toThrow(/^PUBLIC_URL must be an https address/);
    expect(() => judged({ ...production, PUBLIC_URL: 'http://crm.example.org' })).toThrow(
      /^PUBLIC_URL must be an https/,
    );
    expect(() => judged({ ...production, PUBLIC_URL: 'https://crm.example.org/x' })).toThrow(
      /^PUBLIC_URL is not an addr/,
    );
    expect(judged({ ...production, ALLOW_HTTP: 'on' })).toEqual([expect.stringMatching(/^ALLOW_HTTP=on/)]);
    expect(judged({ ...production, HOST: '127.0.0.1' })).toEqual([]);
    expect(judged({ ...production, ROLE: 'worker' })).toEqual([]);
  });

  it('G1: warns of a proxy that is not known, or not there', () => {
    expect(judged({ ...production, ...site })).toEqual([]);
    expect(judged({ ...production, ...site, TRUST_PROXY: '0' })).toEqual([expect.stringMatching(/^TRUST_PROXY is 0/)]);
    expect(judged({ ...production, HOST: '127.0.0.1', TRUST_PROXY: '1' })).toEqual([
      expect.stringMatching(/^TRUST_PROXY is set without PUBLIC_URL/),
    ]);
  });

  it('G1: refuses secrets that are missing or none, in one line each', async () => {
    const { ENCRYPTION_KEYS: _, ...noKeys } = { ...production, ...site };
    expect(() => judged(noKeys)).toThrow(/^ENCRYPTION_KEYS is missing/);
    expect(() => judged({ ...production, ...site, METRICS_TOKEN: 'changeme-changeme' })).toThrow(/^METRICS_TOKEN/);
    expect(await refused({ ...noKeys, DATA_DIR: path.join(folder, 'g') })).toMatch(/^ENCRYPTION_KEYS is missing/);
  });

  it('G1: refuses a data directory that nothing can be kept in', async () => {
    const file = path.join(folder, 'a-file');
    await writeFile(file, '');
    expect(await refused({ DATA_DIR: path.join(file, 'data') })).toMatch(
      /^DATA_DIR .* cannot be written to \(ENOTDIR\)/,
    );
  });

  const facts: DatabaseFacts = {
    version: 180_004,
    encoding: 'UTF8',
    collation: '1',
    collationNow: '1',
    role: 'crm_app',
    settings: [
      'statement_timeout=5s',
      'lock_timeout=2s',
      'idle_in_transaction_session_timeout=5s',
      'transaction_timeout=30s',
    ],
    now: new Date('2026-11-23T12:00:00Z'),
  };
  const judge = (changes: Partial<DatabaseFacts>) => judgeDatabase({ ...facts, ...changes }, facts.now);

  it('G1: refuses a Postgres that is too old, another encoding, another sort order; warns of clocks and timeouts', () => {
    expect(judge({})).toEqual([]);
    expect(() => judge({ version: 140_011 })).toThrow('The database is PostgreSQL 14: it must be 15 or newer.');
    expect(judge({ version: 150_000, settings: facts.settings.slice(0, 3) })).toEqual([]);
    expect(() => judge({ encoding: 'SQL_ASCII' })).toThrow(/^The database stores text as SQL_ASCII/);
    expect(() => judge({ collationNow: '2' })).toThrow(/REINDEX DATABASE/);
    expect(judge({ settings: [] })).toEqual([expect.stringMatching(/has no statement_timeout, lock_timeout/)]);
    expect(judge({ now: new Date('2026-11-23T12:01:01Z') })).toEqual([expect.stringMatching(/differ by 61 seconds/)]);
    expect(judge({ now: new Date('2026-11-23T11:59:01Z') })).toEqual([]);
  });

  it('G1: asks the real database the right questions', async () => {
    const superuser = new pg.Client({ connectionString: inject('database').superuser });
    await superuser.connect();
    const name = `checks_${process.pid}`;
    const role = `plain_${process.pid}`;
    await superuser.query(`create role ${role} login password 'x'`);
    await superuser.query(
      `create database ${name} encoding 'SQL_ASCII' locale_provider libc locale 'C' template template0`,
    );
    const asked = async (user: string, password: string, database: string) => {
      const url = Object.assign(new URL(inject('database').app), {
        username: user,
        password,
        pathname: `/${database}`,
      });
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      const answer = await databaseFacts(client);
      await client.end();
      return answer;
    };
    const [ours, broken] = [await asked('crm_app', 'app-secret', 'guanxi'), await asked(role, 'x', name)];
    expect(judgeDatabase(ours, new Date())).toEqual([]);
    expect(broken).toMatchObject({ encoding: 'SQL_ASCII', role, settings: [] });
    await superuser.query("update pg_database set datcollversion = 'old' where datname = $1", [name]);
    const stale = await asked(role, 'x', name);
    expect(stale.collation).toBe('old');
    expect(() => judgeDatabase({ ...stale, encoding: 'UTF8' }, new Date())).toThrow(/REINDEX DATABASE/);
    await superuser.query(`drop database ${name} with (force)`);
    await superuser.query(`drop role ${role}`);
    await superuser.end();
  });
});

describe('the end of a process', () => {
  const signUp = (url: string, name: string) =>
    fetch(`${url}/api/trpc/-/account.signUp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({
        company: name,
        name: 'N',
        email: `${name}@example.com`,
        password: 'correct horse battery',
        locale: 'en',
        timeZone: 'Etc/UTC',
        currency: 'USD',
      }),
    });

  /** A sign-up that waits, for somebody else is just taking its e-mail, while `work` runs. */
  async function during<T>(url: string, name: string, work: (answer: Promise<Response>) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: inject('database').superuser });
    await client.connect();
    await client.query('begin');
    await client.query(
      "insert into app.user_account (id, email, email_norm, name, locale) values ($1, $2, $2, 'N', 'en')",
      [randomUUID(), `${name}@example.com`],
    );
    const answer = signUp(url, name);
    answer.catch(() => {});
    const waiting = async () =>
      (await client.query('select from pg_stat_activity where pg_backend_pid() = any (pg_blocking_pids(pid))'))
        .rowCount;
    await expect.poll(waiting, { timeout: 20_000 }).toBe(1);
    try {
      return await work(answer.finally(() => {}));
    } finally {
      await client.end();
    }
  }

  it('H6: SIGTERM is first told to the balancer, lets what runs end, and takes nothing new', async () => {
    // The request is to be held longer than the roles' timeouts allow.
    const patient = encodeURIComponent('-c lock_timeout=60s -c statement_timeout=60s -c timezone=UTC');
    const run = onDatabase({ DATABASE_URL: `${inject('database').app}?options=${patient}` });
    const url = await run.ready;
    const answer = await during(url, `drain${process.pid}`, async (running) => {
      run.child.kill('SIGTERM');
      await expect
        .poll(async () => (await fetch(`${url}/readyz`)).json())
        .toEqual({ ready: false, problem: 'stopping' });
      expect((await fetch(`${url}/livez`)).headers.get('connection')).toBe('close');
      const listens = () =>
        fetch(`${url}/livez`).then(
          () => true,
          () => false,
        );
      await expect.poll(listens, { timeout: 20_000 }).toBe(false);
      return { running };
    });
    expect((await answer.running).status).toBe(200);
    expect(await run.ended).toBe(0);
  });

  it('H6: a second signal ends at once', async () => {
    const run = onDatabase({ DRAIN_WAIT: '20' });
    await run.ready;
    run.child.kill('SIGTERM');
    await sleep(1500);
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(1);
  });

  it('H2: lives on when the database ends every connection, and serves again', async () => {
    const run = onDatabase({ DATABASE_URL: `${inject('database').app}?application_name=doomed` });
    const url = await run.ready;
    const client = new pg.Client({ connectionString: inject('database').superuser });
    await client.connect();
    const ended = await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'doomed'",
    );
    expect(ended.rowCount).toBeGreaterThanOrEqual(2);
    await client.end();
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 20_000 }).toBe(200);
    expect((await signUp(url, `again${process.pid}`)).status).toBe(200);
    expect(run.child.exitCode).toBeNull();
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  it('G1: an error that nobody caught ends the process, unless it is a database that went away', () => {
    const told: string[] = [];
    const exits: number[] = [];
    const events = new EventEmitter();
    watchCrashes(
      createLog((line) => told.push(JSON.parse(line).msg)),
      (code) => exits.push(code),
      events,
    );
    events.emit('unhandledRejection', Object.assign(new Error('x'), { code: '57P01' }));
    events.emit('uncaughtException', new Error('Connection terminated unexpectedly'));
    expect(exits).toEqual([]);
    events.emit('uncaughtException', new TypeError('undefined is not a function'));
    events.emit('unhandledRejection', 'a text');
    expect(exits).toEqual([1, 1]);
    expect(told.filter((text) => text.startsWith('ending'))).toHaveLength(2);
  });
});
