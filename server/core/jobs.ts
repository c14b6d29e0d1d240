import { PgBoss } from 'pg-boss';
import type { TenantDb } from '@/db/tenant';
import type { Log } from './log';
import type { QueueName } from './queues';

/** Puts a job on a queue in the caller's transaction: it exists only if the change that caused it does. */
export type Enqueue = (
  db: TenantDb,
  queue: QueueName,
  payload: Record<string, unknown>,
  options?: EnqueueOptions,
) => Promise<void>;

export interface EnqueueOptions {
  /** At most one waiting or running job with this key. Carries the tenant. */
  singletonKey?: string;
}

export interface Job {
  id: string;
  payload: Record<string, unknown>;
  /** Aborted when the worker shuts down: a long job stops at its next checkpoint and is taken up again. */
  signal: AbortSignal;
}

export type Handler = (job: Job) => Promise<void>;

export interface Jobs {
  enqueue: Enqueue;
  /** Takes jobs from a queue, `width` at a time in this process. */
  work(queue: QueueName, width: number, handler: Handler): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Connects to the job tables in the same Postgres.
 * @param role whether this process also does the housekeeping that returns the jobs of killed workers
 */
export async function startJobs(connectionString: string, role: { worker: boolean }, log: Log): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString,
    schema: 'pgboss',
    max: role.worker ? 4 : 2,
    migrate: false,
    createSchema: false,
    supervise: role.worker,
    schedule: role.worker,
    superviseIntervalSeconds: 15,
    reindex: false,
    monitorVacuum: false,
    application_name: 'guanxi-jobs',
  });
  boss.on('error', (err) => log.warn({ err }, 'job queue'));
  await boss.start();
  return {
    async enqueue(db, queue, payload, options) {
      const executeSql = (text: string, values?: unknown[]) => db.client.query(text, values);
      // One group per tenant keeps a tenant with many jobs from holding every worker.
      await boss.send(queue, payload, {
        db: { executeSql },
        singletonKey: options?.singletonKey,
        group: { id: db.tenantId },
      });
    },
    async work(queue, width, handler) {
      await boss.work<Record<string, unknown>>(
        queue,
        { pollingIntervalSeconds: 0.5, localConcurrency: width, groupConcurrency: Math.max(1, Math.ceil(width / 2)) },
        async ([job]) => {
          if (job) await handler({ id: job.id, payload: job.data, signal: job.signal });
        },
      );
    },
    stop: () => boss.stop({ graceful: true, timeout: 20_000 }),
  };
}
