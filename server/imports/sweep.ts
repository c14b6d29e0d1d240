import { inArray } from 'drizzle-orm';
import { attachments } from '@/db/schema/conversation';
import { listExports } from '@/db/schema/exports';
import { files } from '@/db/schema/imports';
import { inTenant } from '@/db/tenant';
import type { CronDeps } from '../core/crons';
import { removeStored, storedBefore } from '../core/files';

const dayMs = 86_400_000;

/**
 * Removes stored files that no row knows: an upload that broke off between file and row leaves one. A day old at least,
 * so that none is taken from under an upload.
 * @returns how many
 */
export async function sweepFiles(tenantId: string, { now, log }: Pick<CronDeps, 'now' | 'log'>): Promise<number> {
  const stored = await storedBefore(tenantId, now().getTime() - dayMs);
  if (stored.length === 0) return 0;
  // Of attachments also those in the bin: they may come back.
  const [uploaded, attached, exported] = await inTenant(tenantId, 'read', (db) =>
    Promise.all([
      db.find(files, inArray(files.id, stored)),
      db.find(attachments, inArray(attachments.fileId, stored)),
      db.find(listExports, inArray(listExports.fileId, stored)),
    ]),
  );
  const ids = new Set([...uploaded.map(({ id }) => id), ...[...attached, ...exported].map(({ fileId }) => fileId)]);
  const orphans = stored.filter((id) => !ids.has(id));
  for (const id of orphans) await removeStored(tenantId, id);
  if (orphans.length > 0) log.info({ tenantId, files: orphans.length }, 'files without a row removed');
  return orphans.length;
}
