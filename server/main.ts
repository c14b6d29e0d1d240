import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { localSecret, startEmbedded } from '@/db/embedded';
import { migrate, migrationsCurrent } from '@/db/migrate';
import { closePool, openPool } from '@/db/pool';
import { provision } from '@/db/provision';
import { migrateQueues } from '@/db/queues';
import { unsafeRole } from '@/db/roles';
import { startCluster } from './cluster';
import { setAuthSecret } from './core/auth';
import { type Env, readEnv } from './core/env';
import { openFiles } from './core/files';
import { startJobs } from './core/jobs';
import { liftLimits } from './core/limits';
import { log } from './core/log';
import { createMailer } from './core/mail/mail';
import { queues } from './core/queues';
import { createHttp } from './http';
import { startWorker } from './worker';

const drainMs = 25_000;

/** Boots the process and takes it down again: database, schema, jobs, port; the other way round at the end. */
async function main(): Promise<void> {
  const env = readEnv();
  log.level = env.LOG_LEVEL;
  if (env.local && env.RATE_LIMITS === 'off') liftLimits();
  const dataDir = path.resolve(env.DATA_DIR);
  const ends: (() => Promise<unknown>)[] = [];
  const end = once(async () => {
    for (const step of ends.reverse()) await step().catch((err: unknown) => log.error({ err }, 'shutdown'));
  });
  const stop = async (signal: string) => {
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), drainMs).unref();
    await end();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
  if (env.parentPid) watchParent(env.parentPid, () => void stop('parent gone'));

  try {
    const urls = await database(env, dataDir, ends);
    const secret = env.NEXTAUTH_SECRET ?? localSecret(dataDir, 'nextauth');
    if (env.WEB_CONCURRENCY > 1 && env.ROLE !== 'worker' && !env.GUANXI_APP_URL) ends.push(startCluster(env, urls));
    else await serve(env, urls, secret, dataDir, ends);
  } catch (error) {
    await end();
    fail(error, env);
  }
}

/** Serves what the role says: site and APIs, jobs, or both. */
async function serve(
  env: Env,
  urls: { app: string; worker: string },
  secret: string,
  dataDir: string,
  ends: (() => Promise<unknown>)[],
): Promise<void> {
  const pool = openPool({
    connectionString: urls.app,
    max: env.DB_POOL,
    waitMs: 2000,
    onError: (err) => log.warn({ reason: err.message }, 'database connection'),
  });
  ends.push(closePool);
  const problem = await unsafeRole(pool);
  if (problem) throw new Error(problem);
  if (!(await migrationsCurrent(pool).catch(() => false))) {
    throw new Error(
      'The database is not migrated to this version: run the migrate service, or set DATABASE_ADMIN_URL.',
    );
  }
  const jobs = await startJobs(urls.worker, { worker: env.ROLE !== 'web' }, log);
  ends.push(() => jobs.stop());
  openFiles(path.join(dataDir, 'files'));
  const mailer = createMailer({ smtpUrl: env.SMTP_URL, from: env.MAIL_FROM, dataDir });
  if (mailer.outbox && !env.local)
    log.warn('SMTP_URL is not set: mails are written to the outbox folder and reach nobody');
  setAuthSecret(secret);
  if (env.ROLE !== 'web') await startWorker(jobs, mailer, log);
  const deps = {
    env,
    log,
    jobs,
    mailer,
    next: env.ROLE === 'worker' || env.GUANXI_NO_NEXT ? undefined : await startNext(env),
    now: () => new Date(),
    ready: async () => ((await migrationsCurrent(pool).catch(() => false)) ? undefined : 'database'),
  };
  const app = await createHttp(deps);
  const logins = env.local && env.ROLE === 'all' && env.NODE_ENV !== 'test' ? await seedDemo(deps) : [];
  await app.listen({ port: env.PORT, host: env.host });
  ends.push(() => app.close());
  if (!env.GUANXI_QUIET) announce(env, (app.server.address() as AddressInfo).port, logins);
}

/** Where the database is. Embedded: started, with roles and schema brought up to date. */
async function database(
  env: Env,
  dataDir: string,
  ends: (() => Promise<unknown>)[],
): Promise<{ app: string; worker: string }> {
  if (env.GUANXI_APP_URL) return { app: env.GUANXI_APP_URL, worker: env.GUANXI_WORKER_URL ?? env.GUANXI_APP_URL };
  if (env.DATABASE_URL) {
    if (env.DATABASE_ADMIN_URL) {
      await migrate(env.DATABASE_ADMIN_URL);
      await migrateQueues(env.DATABASE_ADMIN_URL, queues);
    }
    return { app: env.DATABASE_URL, worker: env.WORKER_DATABASE_URL ?? env.DATABASE_URL };
  }
  const embedded = await startEmbedded(dataDir, { log: (line) => log.debug(line) });
  ends.push(() => embedded.stop());
  const passwords = {
    migrator: localSecret(dataDir, 'crm_migrator'),
    app: localSecret(dataDir, 'crm_app'),
    worker: localSecret(dataDir, 'crm_worker'),
  };
  await provision(embedded.superuserUrl(), 'guanxi', passwords);
  const as = (user: string, password: string) => {
    const url = new URL(embedded.superuserUrl('guanxi'));
    url.username = user;
    url.password = password;
    return url.href;
  };
  await migrate(as('crm_migrator', passwords.migrator));
  await migrateQueues(as('crm_migrator', passwords.migrator), queues);
  return { app: as('crm_app', passwords.app), worker: as('crm_worker', passwords.worker) };
}

/** Next behind us, in this process: production builds only, or the development server. */
async function startNext(env: Env) {
  const { default: next } = await import('next');
  const app = next({ dev: env.NODE_ENV === 'development', dir: process.cwd(), hostname: env.host, port: env.PORT });
  await app.prepare();
  return app.getRequestHandler();
}

async function seedDemo(deps: Parameters<typeof createHttp>[0]) {
  const demo = await import('./samples/demo');
  return demo.seedDemo(deps);
}

function announce(
  env: Env,
  port: number,
  logins: { tenant: string; email: string; password: string; role: string }[],
): void {
  const shown = env.host === '127.0.0.1' ? 'localhost' : env.host;
  const lines = [`Guanxi is ready: ${env.PUBLIC_URL ?? `http://${shown}:${port}`}`];
  for (const login of logins) lines.push(`  ${login.tenant} (${login.role}): ${login.email} / ${login.password}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** One clear line, and exit code 1. */
function fail(error: unknown, env: Env): never {
  const text = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') process.stderr.write(`Port ${env.PORT} is taken: stop what listens there or set PORT.\n`);
  else if (
    env.DATABASE_URL &&
    /ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|timeout exceeded|password authentication/.test(`${code} ${text}`)
  ) {
    process.stderr.write(
      `The database at DATABASE_URL cannot be reached (${text || String(code)}): check the address, the password and that it runs.\n`,
    );
  } else process.stderr.write(`${text}\n`);
  if (env.LOG_LEVEL === 'debug' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exit(1);
}

/** npm may be killed without a word to us; a server nobody can reach by Ctrl-C would hold port and data directory. */
function watchParent(pid: number, gone: () => void): void {
  setInterval(() => {
    if (process.ppid !== pid) gone();
  }, 500).unref();
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= run();
    return running;
  };
}

try {
  await main();
} catch (error) {
  // readEnv refuses before there is anything to take down.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
