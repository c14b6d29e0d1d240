import { tenantIdsWritten } from '@/db/global';
import { prune } from './accounts/jobs';
import { sealTenant, verifyTenant } from './audit/jobs';
import type { Cron } from './core/crons';
import { sweepFiles } from './imports/sweep';
import { pruneFailed } from './jobs/failed';
import { rotateTenant } from './secrets/jobs';

/** A cron's part for one tenant; its jobs always name one. */
const each = (
  run: (tenantId: string, deps: Parameters<Cron['run']>[1]) => Promise<unknown>,
): Pick<Cron, 'perTenant' | 'run'> => ({
  perTenant: true,
  run: async (tenantId, deps) => tenantId && run(tenantId, deps),
});

/** Everything that is due by the clock, in UTC. */
export const crons: readonly Cron[] = [
  {
    name: 'sealAudit',
    schedule: '*/5 * * * *',
    ...each((tenantId, { log }) => sealTenant(tenantId, undefined, log)),
    // The last minutes are not sealed yet, and a run may be missed: the nightly one seals what is left.
    tenants: (after, limit) => tenantIdsWritten(after, limit, new Date(Date.now() - 3_600_000)),
  },
  {
    name: 'verifyAudit',
    schedule: '17 2 * * *',
    ...each(async (tenantId, { log }) => {
      await sealTenant(tenantId, undefined, log);
      await verifyTenant(tenantId, log);
    }),
  },
  { name: 'pruneAccounts', schedule: '27 2 * * *', perTenant: false, run: (_, { now }) => prune(now()) },
  { name: 'rotateSecrets', schedule: '37 2 * * *', ...each((tenantId) => rotateTenant(tenantId)) },
  { name: 'pruneFailedJobs', schedule: '42 2 * * *', ...each((tenantId, { now }) => pruneFailed(tenantId, now())) },
  { name: 'sweepFiles', schedule: '47 2 * * *', ...each(sweepFiles) },
];
