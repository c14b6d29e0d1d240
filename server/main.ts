import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepBackups } from '@/db/backup-daily';
import { localSecret, startEmbedded } from '@/db/embedded';
import { migrate, migrationsCurrent } from '@/db/migrate';
import { closePool, openJobPool, openPool } from '@/db/pool';
import { provision } from '@/db/provision';
import { migrateQueues } from '@/db/queues';
import { openReplica } from '@/db/replica';
import { unsafeRole } from '@/db/roles';
import { inShard, learnShards, openShards } from '@/db/shards';
import { startCluster } from './cluster';
import { setAuthSecret } from './core/auth-secret';
import { startBus } from './core/bus';
import { watchCrashes } from './core/crash';
import { createDrain, type Drain } from './core/drain';
import { type Env, readEnv, refuseUnsafe, s3Of, shardsOf } from './core/env';
import { openFiles } from './core/files';
import { startJobs } from './core/jobs';
import { liftLimits } from './core/limits';
import { log } from './core/log';
import { createMailer } from './core/mail/mail';
import { joinCluster } from './core/metrics';
import { observedJobs } from './core/observed-jobs';
import { queues } from './core/queues';
import { createReadiness } from './core/readiness';
import { s3Store } from './core/s3-store';
import { openSecrets } from './core/secrets';
import { startSessionListener } from './core/session-listener';
import { openSite } from './core/site';
import { databaseFacts, judgeDatabase, requireWritable } from './core/start-checks';
import { startTelemetry } from './core/telemetry';
import { createHttp } from './http';
import { startWorker } from './worker';

/** Boots the process and takes it down again: database, schema, jobs, port; the other way round at the end. */
async function main(): Promise<void> {
  const env = readEnv();
  log.level = env.LOG_LEVEL;
  watchCrashes(log, (code) => process.exit(code));
  for (const warning of refuseUnsafe(env)) log.warn(warning);
  if (env.local && env.RATE_LIMITS === 'off') liftLimits();
  const dataDir = path.resolve(env.DATA_DIR);
  await requireWritable(dataDir);
  const drain = createDrain(log, (code) => process.exit(code));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => drain.stop(signal));
  if (env.parentPid) watchParent(env.parentPid, () => drain.stop('parent gone'));

  try {
    const urls = await database(env, dataDir, drain);
    const secrets: Secrets = {
      auth: env.NEXTAUTH_SECRET ?? localSecret(dataDir, 'nextauth'),
      encryption: env.ENCRYPTION_KEYS ?? `local:${localSecret(dataDir, 'encryption')}`,
    };
    if (env.WEB_CONCURRENCY > 1 && env.ROLE !== 'worker' && !env.GUANXI_APP_URL) {
      const cluster = startCluster(env, urls);
      drain.atEnd(cluster.stop, cluster.kill);
    } else await serve(env, urls, secrets, dataDir, drain);
  } catch (error) {
    await drain.end();
    fail(error, env);
  }
}

interface Urls {
  app: string;
  worker: string;
}
interface Secrets {
  auth: string;
  encryption: string;
}

/** Serves what the role says: site and APIs, jobs, or both. */
async function serve(env: Env, urls: Urls, secrets: Secrets, dataDir: string, drain: Drain): Promise<void> {
  if (env.GUANXI_APP_URL) joinCluster();
  const endTelemetry = await startTelemetry(env);
  if (endTelemetry) drain.atEnd(endTelemetry);
  const own = env.ROLE === 'worker' ? urls.worker : urls.app;
  const direct = env.DATABASE_DIRECT_URL ?? own;
  await connect(env, urls, drain);
  drain.atEnd(closePool);
  drain.atEnd(startSessionListener(direct, log));
  await openElsewhere(env, drain);
  drain.atEnd(startBus(direct, log));
  setAuthSecret(secrets.auth);
  openSecrets(secrets.encryption);
  const s3 = s3Of(env);
  openFiles(path.join(dataDir, 'files'), s3 && s3Store(s3));
  openSite(env.PUBLIC_URL ?? `http://localhost:${env.PORT}`);
  const jobs = await startJobs(urls.worker, { worker: env.ROLE !== 'web' }, log);
  drain.atEnd(() => jobs.stop());
  const mailer = createMailer({ smtpUrl: env.SMTP_URL, from: env.MAIL_FROM, dataDir });
  if (mailer.outbox && !env.local)
    log.warn('SMTP_URL is not set: mails are written to the outbox folder and reach nobody');
  if (env.ROLE !== 'web') {
    await startWorker(observedJobs(jobs), mailer, log, { archiveMaxBytes: env.ARCHIVE_MAX_BYTES });
    // Each server has the jobs of its tenants; what works them asks there.
    for (const [name, url] of shardsOf(env.WORKER_DATABASE_SHARDS ?? env.DATABASE_SHARDS)) {
      const there = await inShard(name, () => startJobs(url, { worker: true }, log));
      drain.atEnd(() => there.stop());
      await inShard(name, () => startWorker(there, mailer, log, { archiveMaxBytes: env.ARCHIVE_MAX_BYTES }));
    }
  }
  const readiness = createReadiness({ connectionString: own, dataDir, worker: env.ROLE === 'worker', log });
  drain.atEnd(() => readiness.close());
  const deps = {
    env,
    log,
    jobs,
    mailer,
    next: env.ROLE === 'worker' || env.GUANXI_NO_NEXT ? undefined : await startNext(env),
    now: () => new Date(),
    ready: () => readiness.check(),
    draining: () => drain.draining,
  };
  const app = await createHttp(deps);
  const logins = env.local && env.ROLE === 'all' && env.NODE_ENV !== 'test' ? await seedDemo(deps) : [];
  await app.listen({ port: env.PORT, host: env.host });
  drain.atEnd(() => closeHttp(app, readiness, env));
  if (!env.GUANXI_QUIET) announce(env, (app.server.address() as AddressInfo).port, logins);
}

/** Opens the connections, and refuses a database that this version must not or cannot work with. */
async function connect(env: Env, urls: Urls, drain: Drain): Promise<void> {
  const pooler = env.DATABASE_DIRECT_URL !== undefined;
  const common = {
    waitMs: 2000,
    pooler,
    // Who moves a tenant looks for processes that know of no moves (db/move.ts).
    name: env.DATABASE_SHARDS ? 'guanxi-sharded' : 'guanxi-alone',
    onError: (err: Error) => log.warn({ reason: err.message }, 'database connection'),
  };
  const requests = { ...common, connectionString: env.ROLE === 'worker' ? urls.worker : urls.app, max: env.DB_POOL };
  const pool = openPool(requests);
  if (env.DATABASE_REPLICA_URL && env.ROLE !== 'worker')
    drain.atEnd(await openReplica(env.DATABASE_REPLICA_URL, requests, log));
  if (env.ROLE === 'all') openJobPool({ ...common, connectionString: urls.worker, max: jobConnections });
  const problem = await unsafeRole(pool);
  if (problem) throw new Error(problem);
  for (const warning of judgeDatabase(await databaseFacts(pool), new Date())) log.warn(warning);
  if (!(await migrationsCurrent(pool).catch(() => false))) {
    throw new Error(
      'The database is not migrated to this version: run the migrate service, or set DATABASE_ADMIN_URL.',
    );
  }
}

/** Opens the other servers that tenants have moved to, as whoever this process is. */
async function openElsewhere(env: Env, drain: Drain): Promise<void> {
  const asWorker = env.ROLE === 'worker' ? env.WORKER_DATABASE_SHARDS : undefined;
  const shards = shardsOf(asWorker ?? env.DATABASE_SHARDS);
  if (shards.size === 0) return;
  const onError = (err: Error) => log.warn({ reason: err.message }, 'database connection of another server');
  drain.atEnd(openShards(shards, { max: env.DB_POOL, waitMs: 2000, onError }));
  await learnShards();
  for (const url of shards.values()) drain.atEnd(startSessionListener(url, log));
}

/** As many as jobs run at once in one process, and some for what they ask in between. */
const jobConnections = 8;

/** Not ready, so that a balancer looks elsewhere; then no new connections; then whatever runs comes to its end. */
async function closeHttp(app: Awaited<ReturnType<typeof createHttp>>, readiness: { drain(): void }, env: Env) {
  readiness.drain();
  await sleep((env.DRAIN_WAIT ?? (env.local ? 0 : 3)) * 1000);
  // A connection kept for a next request would keep us from ending.
  const idle = setInterval(() => app.server.closeIdleConnections(), 200);
  await app.close();
  clearInterval(idle);
}

/** Where the database is. Embedded: started, with roles and schema brought up to date. */
async function database(env: Env, dataDir: string, drain: Drain): Promise<Urls> {
  if (env.GUANXI_APP_URL) return { app: env.GUANXI_APP_URL, worker: env.GUANXI_WORKER_URL ?? env.GUANXI_APP_URL };
  if (env.DATABASE_URL) {
    if (env.DATABASE_ADMIN_URL) {
      await migrate(env.DATABASE_ADMIN_URL);
      await migrateQueues(env.DATABASE_ADMIN_URL, queues);
    }
    return { app: env.DATABASE_URL, worker: env.WORKER_DATABASE_URL ?? env.DATABASE_URL };
  }
  const embedded = await startEmbedded(dataDir, { archiveTo: env.BACKUP_DIR, log: (line) => log.debug(line) });
  drain.atEnd(() => embedded.stop());
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
  if (env.BACKUP_DIR)
    drain.atEnd(keepBackups(dataDir, embedded.superuserUrl(), env.BACKUP_DIR, (problem) => log.error(problem)));
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

try {
  await main();
} catch (error) {
  // readEnv refuses before there is anything to take down.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
