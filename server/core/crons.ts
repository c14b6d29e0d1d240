import { tenantIds } from '@/db/global';
import type { Enqueue, Jobs } from './jobs';
import type { Log } from './log';

export interface CronDeps {
  log: Log;
  now: () => Date;
  enqueue: Enqueue;
  /** Aborted when the worker shuts down. */
  signal: AbortSignal;
}

/** Something that is due by the clock. It may be run twice: a worker may be killed just before it is ticked off. */
export interface Cron {
  name: string;
  /** Minute, hour, day, month, weekday, in UTC. */
  schedule: string;
  /** Once for each tenant, as a job of its own: what fails for one does not keep others from theirs. */
  perTenant: boolean;
  /** Whose turn it is, where not every tenant has something to do: ids after one, in order. */
  tenants?: (after: string | null, limit: number) => Promise<string[]>;
  run(tenantId: string | undefined, deps: CronDeps): Promise<unknown>;
}

/** Tenants whose parts are made in one transaction. */
const page = 500;

/** Keeps the clock of these crons and runs what is due. Every worker may: the queue sees to it that one does. */
export async function startCrons(jobs: Jobs, crons: readonly Cron[]): Promise<void> {
  const byName = new Map(crons.map((cron) => [cron.name, cron]));
  // A worker of another version may know crons that this one does not.
  const find = (name: unknown) => byName.get(String(name));
  await jobs.schedule(
    'cron',
    crons.map(({ name, schedule }) => ({ key: name, cron: schedule })),
  );
  await jobs.split('cron', 'cronPart', async ({ payload }) => {
    const cron = find(payload.cron);
    if (!cron) return { parts: [] };
    if (!cron.perTenant) return { parts: [{ payload: { cron: cron.name } }] };
    const ids = await (cron.tenants ?? tenantIds)(typeof payload.after === 'string' ? payload.after : null, page);
    const parts = ids.map((tenantId) => ({ payload: { cron: cron.name }, tenantId }));
    const last = ids.at(-1);
    if (ids.length < page || !last) return { parts };
    return { parts, rest: { cron: cron.name, after: last } };
  });
  await jobs.work('cronPart', { width: 2, seconds: 2 }, async ({ payload, tenantId, signal, log }) => {
    const cron = find(payload.cron);
    const { enqueue } = jobs;
    await cron?.run(tenantId ?? undefined, {
      log: log.child({ cron: cron.name }),
      now: () => new Date(),
      enqueue,
      signal,
    });
  });
}
