import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import pino from 'pino';
import { startEmbedded } from '@/db/embedded';
import { tenantBySlug } from '@/db/global';
import { migrate } from '@/db/migrate';
import { closePool, openPool } from '@/db/pool';
import { provision } from '@/db/provision';
import { migrateQueues } from '@/db/queues';
import type { RequestContext } from '@/server/core/context';
import { queues } from '@/server/core/queues';
import { createCaller } from '@/server/core/trpc';
import { appRouter } from '@/server/router';
import { removeFolder } from '../support/folders';
import { bundle } from '../support/server-process';

export interface Running {
  child: ChildProcess;
  /** Where it listens, once it does. */
  ready: Promise<string>;
  ended: Promise<number | null>;
  output(): string;
}

/** The server as a program, to be started in processes of their own and ended by any means. */
export async function program(): Promise<{
  start(env: Record<string, string>): Running;
  /** Kills whatever still runs. */
  clear(): Promise<void>;
  remove(): Promise<void>;
}> {
  // Beside the packages it imports.
  const file = path.resolve('dist', `chaos-${process.pid}-${randomBytes(3).toString('hex')}`, 'main.mjs');
  await bundle(process.cwd(), 'server/main.ts', file);
  const all: Running[] = [];
  const clear = async () => {
    for (const { child } of all) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await Promise.all(all.splice(0).map(({ ended }) => ended));
  };
  return {
    start(env) {
      const run = launch(file, env);
      all.push(run);
      return run;
    },
    clear,
    async remove() {
      await clear();
      await rm(path.dirname(file), { recursive: true, force: true });
    },
  };
}

function launch(file: string, env: Record<string, string>): Running {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  const base = { PORT: '0', GUANXI_NO_NEXT: '1', NODE_ENV: 'test', LOG_LEVEL: 'info', DRAIN_WAIT: '0' };
  const child = spawn(process.execPath, [file], {
    env: { ...Object.fromEntries(kept), ...base, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      output += chunk;
    });
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const url = /Guanxi is ready: (\S+)/.exec(output)?.[1];
      if (url) resolve(url);
    });
    child.once('exit', () => reject(new Error(output)));
  });
  ready.catch(() => {});
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return { child, ready, ended, output: () => output };
}

export interface Installation {
  dataDir: string;
  /** What a process needs to work with this database and these files. */
  env: Record<string, string>;
  rows<T extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<T[]>;
  keys: string;
  workerUrl: string;
  superuserUrl: string;
  tenant(): Promise<Person>;
  close(): Promise<void>;
}

/** A database and a folder of files of their own, and this process's pool open on them. */
export async function install(settings?: Record<string, string>): Promise<Installation> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'guanxi-chaos-'));
  const embedded = await startEmbedded(path.join(dataDir, 'database'), { throwaway: true, settings, log: () => {} });
  const passwords = { migrator: 'migrator-secret', app: 'app-secret', worker: 'worker-secret' };
  await provision(embedded.superuserUrl(), 'guanxi', passwords);
  const as = (user: string, password: string) => {
    const url = new URL(embedded.superuserUrl('guanxi'));
    url.username = user;
    url.password = password;
    return url.href;
  };
  await migrate(as('crm_migrator', passwords.migrator));
  await migrateQueues(as('crm_migrator', passwords.migrator), queues);
  const [appUrl, workerUrl] = [as('crm_app', passwords.app), as('crm_worker', passwords.worker)];
  openPool({ connectionString: appUrl, max: 6, waitMs: 20_000, onError: () => {} });
  const root = new pg.Client({ connectionString: embedded.superuserUrl('guanxi') });
  await root.connect();
  const keys = `chaos:${randomBytes(32).toString('base64')}`;
  return {
    dataDir,
    keys,
    workerUrl,
    superuserUrl: embedded.superuserUrl('guanxi'),
    env: {
      DATA_DIR: dataDir,
      DATABASE_URL: appUrl,
      WORKER_DATABASE_URL: workerUrl,
      NEXTAUTH_SECRET: randomBytes(32).toString('base64'),
      ENCRYPTION_KEYS: keys,
    },
    rows: async <T extends pg.QueryResultRow>(text: string, values?: unknown[]) =>
      (await root.query<T>(text, values)).rows,
    async tenant() {
      const { slug } = await signUp();
      const found = await tenantBySlug(slug);
      if (!found) throw new Error('No tenant');
      const { rows } = await root.query('select id from app.member where tenant_id = $1', [found.id]);
      return { tenantId: found.id, memberId: rows[0].id };
    },
    async close() {
      await closePool();
      await root.end();
      await embedded.stop();
      await removeFolder(dataDir);
    },
  };
}

/** The owner of a tenant. */
export interface Person {
  tenantId: string;
  memberId: string;
}

let signedUp = 0;

/** A company that signs up in this process. */
export async function signUp(): Promise<{ slug: string; email: string }> {
  const nonce = randomBytes(4).toString('hex');
  const email = `owner-${nonce}@example.com`;
  const nobody: RequestContext = {
    requestId: nonce,
    ip: `10.9.9.${signedUp++}`,
    userAgent: null,
    tenantSlug: null,
    sid: undefined,
    session: undefined,
    apiKey: undefined,
    channel: 'screen',
    log: pino({ level: 'silent' }),
    now: () => new Date(),
    enqueue: async () => {},
    sendMail: async () => {},
    publicUrl: 'http://localhost',
    locale: 'en',
  };
  const { slug } = await createCaller(appRouter)(nobody).account.signUp({
    company: `Chaos ${nonce}`,
    name: 'Olivia Owner',
    email,
    password: 'correct horse battery',
    locale: 'en',
    timeZone: 'Etc/UTC',
    currency: 'USD',
  });
  return { slug, email };
}

/** Waits until something is so, without keeping the machine busy. */
export async function until(what: string, met: () => unknown | Promise<unknown>, seconds = 100): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await met())) {
    if (Date.now() > end) throw new Error(`Waited in vain: ${what}`);
    await sleep(100);
  }
}
