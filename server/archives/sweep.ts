import { and, eq, inArray, isNotNull, isNull, lte } from 'drizzle-orm';
import { archives } from '@/db/schema/archives';
import { inTenant } from '@/db/tenant';
import type { CronDeps } from '../core/crons';
import { removeStored, sweepWork } from '../core/files';
import { discardLoading } from './jobs';
import { clearReplaced } from './workspace';

const dayMs = 86_400_000;
/** Days after which nobody asks any more what an archive came to. */
const rememberedDays = 90;

/** Removes archives that are no longer kept, and workspaces that were to be filled and never will be. */
export async function sweepArchives(
  tenantId: string,
  { now, signal }: Pick<CronDeps, 'now' | 'signal'>,
): Promise<void> {
  const moment = now();
  const over = and(
    isNotNull(archives.fileId),
    lte(archives.expiresAt, moment.toISOString()),
    inArray(archives.status, ['done', 'checked', 'failed']),
  );
  for (const { id, fileId } of await inTenant(tenantId, 'read', (db) => db.find(archives, over))) {
    // The file first: should the rest not come about, the next run finds the row again.
    if (fileId) await removeStored(tenantId, fileId);
    await inTenant(tenantId, 'write', (db) => db.update(archives, { fileId: null }, eq(archives.id, id)));
  }
  // A command that loads leaves no job behind it that could go on or be given up.
  const stopped = and(
    eq(archives.status, 'loading'),
    isNull(archives.fileId),
    lte(archives.createdAt, new Date(moment.getTime() - dayMs).toISOString()),
  );
  const failed = { status: 'failed', error: 'jobStopped', finishedAt: moment.toISOString() };
  await inTenant(tenantId, 'write', (db) => db.update(archives, failed, stopped));
  const left = and(isNotNull(archives.loadingId), eq(archives.status, 'failed'));
  for (const { id, loadingId } of await inTenant(tenantId, 'read', (db) => db.find(archives, left)))
    if (loadingId) await discardLoading(tenantId, id, loadingId, signal);
  for (const { id, replacedId } of await inTenant(tenantId, 'read', (db) =>
    db.find(archives, isNotNull(archives.replacedId)),
  ))
    if (replacedId) await clearReplaced(tenantId, id, replacedId);
  const forgotten = new Date(moment.getTime() - rememberedDays * dayMs).toISOString();
  await inTenant(tenantId, 'write', (db) => db.delete(archives, lte(archives.finishedAt, forgotten)));
  await sweepWork(moment.getTime() - dayMs);
}
