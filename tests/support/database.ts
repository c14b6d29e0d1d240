import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '@/db/embedded';
import { migrate } from '@/db/migrate';
import { provision } from '@/db/provision';
import { migrateQueues } from '@/db/queues';
import { queues } from '@/server/core/queues';
import { removeFolder } from './folders';

declare module 'vitest' {
  interface ProvidedContext {
    database: { superuser: string; app: string; worker: string; migrator: string };
  }
}

/** A Postgres of the tests' own, thrown away afterwards: roles, schema and queues as in production. */
export default async function setup(project: TestProject) {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'guanxi-test-'));
  const embedded = await startEmbedded(dataDir, { throwaway: true, log: () => {} });
  const passwords = { migrator: 'migrator-secret', app: 'app-secret', worker: 'worker-secret' };
  await provision(embedded.superuserUrl(), 'guanxi', passwords);
  const as = (user: string, password: string) => {
    const url = new URL(embedded.superuserUrl('guanxi'));
    url.username = user;
    url.password = password;
    return url.href;
  };
  const migrator = as('crm_migrator', passwords.migrator);
  await migrate(migrator);
  await migrateQueues(migrator, queues);
  project.provide('database', {
    superuser: embedded.superuserUrl('guanxi'),
    app: as('crm_app', passwords.app),
    worker: as('crm_worker', passwords.worker),
    migrator,
  });
  return async () => {
    await embedded.stop();
    await removeFolder(dataDir);
  };
}
