import { tenantIdsReminding, tenantIdsWritten } from '@/db/global';
import { prune } from './accounts/jobs';
import { sweepArchives } from './archives/sweep';
import { sealTenant, verifyTenant } from './audit/jobs';
import { emptyBin } from './bin/jobs';
import type { Cron } from './core/crons';
import { pruneKeys } from './core/idempotency';
import { scanDuplicates } from './duplicates/scan';
import { sweepExports } from './exports/sweep';
import { recomputeDaily } from './fields/recompute';
import { forgetChecks } from './imports/check';
import { sweepFiles } from './imports/sweep';
import { pruneFailed } from './jobs/failed';
import { mailUnread, unmailedTenants } from './notifications/digest';
import { pruneNotifications } from './notifications/notifications';
import { rebuildSearch } from './search/rebuild';
import { rotateTenant } from './secrets/jobs';
import { remindTenant } from './tasks/reminders';

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
  {
    name: 'remind',
    schedule: '* * * * *',
    ...each((tenantId, { now }) => remindTenant(tenantId, now())),
    tenants: (after, limit) => tenantIdsReminding(after, limit, new Date()),
  },
  {
    name: 'mailUnread',
    schedule: '*/5 * * * *',
    ...each((tenantId, { now, enqueue }) => mailUnread(tenantId, { now: now(), enqueue })),
    tenants: (after, limit) => unmailedTenants(after, limit, new Date()),
  },
  { name: 'pruneAccounts', schedule: '27 2 * * *', perTenant: false, run: (_, { now }) => prune(now()) },
  { name: 'rotateSecrets', schedule: '37 2 * * *', ...each((tenantId) => rotateTenant(tenantId)) },
  { name: 'pruneFailedJobs', schedule: '42 2 * * *', ...each((tenantId, { now }) => pruneFailed(tenantId, now())) },
  {
    name: 'pruneNotifications',
    schedule: '12 3 * * *',
    ...each((tenantId, { now }) => pruneNotifications(tenantId, now())),
  },
  { name: 'pruneKeys', schedule: '22 3 * * *', ...each((tenantId, { now }) => pruneKeys(tenantId, now())) },
  { name: 'forgetChecks', schedule: '32 3 * * *', ...each((tenantId, { now }) => forgetChecks(tenantId, now())) },
  // Each hour, so that an upgrade with new rules for keys is not known by only half of what people search.
  {
    name: 'rebuildSearch',
    schedule: '52 * * * *',
    ...each((tenantId, { signal, log }) => rebuildSearch(tenantId, signal, log)),
  },
  {
    name: 'recomputeDaily',
    // Every hour somewhere a day begins; whose day it is not has nothing to change.
    schedule: '2 * * * *',
    ...each((tenantId, { now, signal }) => recomputeDaily(tenantId, now(), signal)),
  },
  {
    name: 'findDuplicates',
    schedule: '22 * * * *',
    ...each((tenantId, { now, signal }) => scanDuplicates(tenantId, now(), signal)),
    tenants: (after, limit) => tenantIdsWritten(after, limit, new Date(Date.now() - 2 * 3_600_000)),
  },
  {
    name: 'findAllDuplicates',
    schedule: '7 3 * * *',
    ...each((tenantId, { now, signal }) => scanDuplicates(tenantId, now(), signal)),
  },
  {
    name: 'emptyBin',
    schedule: '52 2 * * *',
    ...each((tenantId, { now, signal }) => emptyBin(tenantId, now(), signal)),
  },
  { name: 'sweepExports', schedule: '57 2 * * *', ...each((tenantId, { now }) => sweepExports(tenantId, now())) },
  { name: 'sweepArchives', schedule: '12 3 * * *', ...each(sweepArchives) },
  { name: 'sweepFiles', schedule: '47 2 * * *', ...each(sweepFiles) },
];
