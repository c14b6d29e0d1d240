import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type pino from 'pino';
import { inject } from 'vitest';
import { tenantBySlug } from '@/db/global';
import { migrate } from '@/db/migrate';
import { openPool } from '@/db/pool';
import { migrateQueues } from '@/db/queues';
import { type Jobs, startJobs } from '@/server/core/jobs';
import { createLog } from '@/server/core/log';
import { queues } from '@/server/core/queues';
import { openSecrets } from '@/server/core/secrets';
import { removeFolder } from './folders';
import { callerOf, strangerContext } from './tenants';

/** A database of this file's own beside the common one: its queues are worked by nobody else. */
export async function openOwnDatabase(): Promise<OwnDatabase> {
  const name = `jobs_${process.pid}_${Date.now()}`;
  const common = inject('database');
  const at = (url: string, database = name) => {
    const own = new URL(url);
    own.pathname = `/${database}`;
    return own.href;
  };
  const admin = new pg.Client({ connectionString: at(common.superuser, 'postgres') });
  await admin.connect();
  await admin.query(
    `create database ${name} owner crm_owner template template0 encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'`,
  );
  await admin.end();
  await migrate(at(common.migrator));
  await migrateQueues(at(common.migrator), queues);
  // The first context opens the common database; this file's pool takes its place.
  strangerContext();
  openPool({ connectionString: at(common.app), max: 8, waitMs: 20_000, onError: () => {} });
  openSecrets(`test:${Buffer.alloc(32, 7).toString('base64')}`);
  const root = new pg.Client({ connectionString: at(common.superuser) });
  await root.connect();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'guanxi-jobs-'));
  const started: Jobs[] = [];
  const lines: Record<string, unknown>[] = [];
  const log = createLog((line) => lines.push(JSON.parse(line)));
  const stop = async () => {
    await Promise.all(started.splice(0).map((jobs) => jobs.stop()));
  };
  return {
    lines,
    log,
    folder,
    rows: async <T extends pg.QueryResultRow>(text: string, values?: unknown[]) =>
      (await root.query<T>(text, values)).rows,
    async jobs(worker = true) {
      const jobs = await startJobs(at(common.worker), { worker }, log);
      started.push(jobs);
      return jobs;
    },
    stop,
    async tenant() {
      const nonce = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
      const context = strangerContext();
      const { slug } = await callerOf(context).account.signUp({
        company: `Jobs ${nonce}`,
        name: 'Olivia Owner',
        email: `owner-${nonce}@example.com`,
        password: 'correct horse battery',
        locale: 'en',
        timeZone: 'Etc/UTC',
        currency: 'USD',
      });
      const found = await tenantBySlug(slug);
      if (!found) throw new Error('No tenant');
      const [member] = (await root.query('select id from app.member where tenant_id = $1', [found.id])).rows;
      return { tenantId: found.id, slug, memberId: member.id };
    },
    async close() {
      await stop();
      await root.end();
      await removeFolder(folder);
    },
  };
}

export interface OwnDatabase {
  /** What was logged by the jobs of this file. */
  lines: Record<string, unknown>[];
  log: pino.Logger;
  folder: string;
  /** As the superuser, past every policy. */
  rows<T extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<T[]>;
  /** One more process's connection to the queues. */
  jobs(worker?: boolean): Promise<Jobs>;
  stop(): Promise<void>;
  tenant(): Promise<{ tenantId: string; slug: string; memberId: string }>;
  close(): Promise<void>;
}

/** Waits until something is so. */
export async function until(what: string, met: () => unknown | Promise<unknown>, seconds = 60): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await met())) {
    if (Date.now() > end) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
