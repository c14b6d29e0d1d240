import net, { type AddressInfo, type Socket } from 'node:net';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { migrate } from '@/db/migrate';
import { closePool, openPool, pool, poolFigures } from '@/db/pool';
import { migrateQueues } from '@/db/queues';
import { readEnv } from '@/server/core/env';
import { newId } from '@/server/core/ids';
import { createLog } from '@/server/core/log';
import { queues } from '@/server/core/queues';
import { createReadiness, type Readiness } from '@/server/core/readiness';
import { createHttp, type HttpDeps } from '@/server/http';
import { ownFolder } from '../support/folders';

// A database of its own: what is broken here would trip up everybody else.
const name = `health_${process.pid}`;
const { app: appUrl, migrator: migratorUrl, superuser: superuserUrl } = inject('database');
const inDatabase = (url: string, database = name) => Object.assign(new URL(url), { pathname: `/${database}` }).href;

const dataDir = ownFolder('health');
let proxy: Awaited<ReturnType<typeof cuttable>>;
let readiness: Readiness;
let app: FastifyInstance;

beforeAll(async () => {
  await asSuperuser(`create database ${name} owner crm_owner`, 'guanxi');
  await migrate(inDatabase(migratorUrl));
  await migrateQueues(inDatabase(migratorUrl), queues);
  openPool({ connectionString: inDatabase(appUrl), max: 2, waitMs: 2000, onError: () => {} });
  proxy = await cuttable(Number(new URL(appUrl).port));
  const through = new URL(inDatabase(appUrl));
  through.port = String(proxy.port);
  readiness = ready({ connectionString: through.href });
  app = await serving(readiness);
});
afterAll(async () => {
  await app.close();
  proxy.mend();
  await readiness.close();
  await proxy.close();
  await closePool();
  await asSuperuser(`drop database ${name} with (force)`, 'guanxi');
});

const ready = (options: Partial<Parameters<typeof createReadiness>[0]>) =>
  createReadiness({
    connectionString: inDatabase(appUrl),
    dataDir,
    worker: false,
    log: createLog(() => {}),
    ...options,
  });

const serving = (from: Pick<Readiness, 'check'>) =>
  createHttp({
    env: readEnv({ NODE_ENV: 'test' }),
    log: createLog(() => {}),
    jobs: {} as HttpDeps['jobs'],
    mailer: { send: async () => {} },
    ready: () => from.check(),
    now: () => new Date(),
  });

async function asSuperuser(statements: string, database = name): Promise<void> {
  const client = new pg.Client({ connectionString: inDatabase(superuserUrl, database) });
  await client.connect();
  await client.query(statements);
  await client.end();
}

/** A way to the database that can be cut, or hold its breath. */
async function cuttable(to: number) {
  let state: 'open' | 'cut' | 'silent' = 'open';
  const sockets = new Set<Socket>();
  const server = net.createServer((here) => {
    sockets.add(here);
    here.on('error', () => {}).on('close', () => sockets.delete(here));
    if (state === 'cut') return here.destroy();
    if (state === 'silent') return;
    const there = net.connect(to, '127.0.0.1');
    there.on('error', () => here.destroy()).on('close', () => here.destroy());
    here.on('close', () => there.destroy());
    here.on('data', (data) => state === 'open' && there.write(data));
    there.on('data', (data) => state === 'open' && here.write(data));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dropAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      state = 'cut';
      dropAll();
    },
    silence: () => {
      state = 'silent';
    },
    mend: () => {
      state = 'open';
      dropAll();
    },
    close: () => {
      dropAll();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const readyz = async () => {
  const answer = await app.inject('/readyz');
  return { status: answer.statusCode, ...answer.json() };
};
const isReady = () => expect.poll(readyz, { timeout: 10_000 }).toEqual({ status: 200, ready: true });

describe('the health of a process', () => {
  it.each(['cut', 'silence'] as const)(
    'V1: is not ready while the database is away (%s), lives on, and is ready again by itself',
    async (how) => {
      await isReady();
      proxy[how]();
      await expect.poll(readyz, { timeout: 10_000 }).toEqual({ status: 503, ready: false, problem: 'database' });
      expect((await app.inject('/livez')).statusCode).toBe(200);
      const since = performance.now();
      await readyz();
      // Two seconds are promised; a machine with much to do gets some more.
      expect(performance.now() - since).toBeLessThan(4000);
      proxy.mend();
      await isReady();
    },
  );

  it('V1: says which part is bad', async () => {
    const problem = async (options: Parameters<typeof ready>[0]) => {
      const one = ready(options);
      const answer = await one.check();
      await one.close();
      return answer;
    };
    expect(await problem({})).toBeUndefined();
    expect(await problem({ dataDir: path.join(dataDir, 'gone') })).toBe('disk');
    expect(await problem({ connectionString: inDatabase(migratorUrl) })).toBe('role');

    await asSuperuser('alter table app.note disable row level security');
    expect(await problem({})).toBe('rowPolicies');
    await asSuperuser('alter table app.note enable row level security; create policy more on app.note using (true)');
    expect(await problem({})).toBe('rowPolicies');
    await asSuperuser('drop policy more on app.note');
    expect(await problem({})).toBeUndefined();

    await asSuperuser('update app_migrations.__drizzle_migrations set created_at = created_at - 1');
    expect(await problem({})).toBe('migrations');
    await asSuperuser('update app_migrations.__drizzle_migrations set created_at = created_at + 1');
  });

  it('V1: a worker whose oldest job nobody takes is unfit; a web process is not', async () => {
    await asSuperuser(`
      insert into pgboss.job (id, name, data, created_on, start_after)
      values ('${newId()}', 'mail', '{}', now() - interval '1 hour', now() - interval '1 hour')`);
    const [worker, web] = [ready({ worker: true }), ready({})];
    expect([await worker.check(), await web.check()]).toEqual(['jobs', undefined]);
    await Promise.all([worker.close(), web.close()]);
  });

  it('O1: is as ready as before while every connection is taken', async () => {
    const busy = ready({});
    const taken = [1, 2, 3].map(() => pool().query('select pg_sleep(2.5)'));
    await expect.poll(() => poolFigures()[0]).toMatchObject({ idle: 0, waiting: 1 });
    expect(await busy.check()).toBeUndefined();
    expect(poolFigures()[0]).toMatchObject({ idle: 0 });
    await busy.close();
    await Promise.allSettled(taken);
  });

  it('V1: is not ready once it is told to end', async () => {
    const ending = ready({});
    ending.drain();
    expect(await ending.check()).toBe('stopping');
    await ending.close();
  });
});
