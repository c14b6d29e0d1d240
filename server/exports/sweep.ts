import { and, eq, isNotNull, lte } from 'drizzle-orm';
import { listExports } from '@/db/schema/exports';
import { inTenant } from '@/db/tenant';
import { removeStored } from '../core/files';

/** Days after which nobody asks any more what an export came to. */
const rememberedDays = 90;
const atOnce = 1000;

/**
 * Removes the files of exports that are no longer kept.
 * @returns how many
 */
export async function sweepExports(tenantId: string, now: Date): Promise<number> {
  const over = and(isNotNull(listExports.fileId), lte(listExports.expiresAt, now.toISOString()));
  const rows = await inTenant(tenantId, 'read', (db) => db.find(listExports, over, { limit: atOnce }));
  for (const { id, fileId } of rows) {
    // The file first: should the rest not come about, the next run finds the row again.
    if (fileId) await removeStored(tenantId, fileId);
    await inTenant(tenantId, 'write', (db) =>
      db.update(listExports, { fileId: null, bytes: null }, eq(listExports.id, id)),
    );
  }
  const forgotten = new Date(now.getTime() - rememberedDays * 86_400_000).toISOString();
  await inTenant(tenantId, 'write', (db) => db.delete(listExports, lte(listExports.finishedAt, forgotten)));
  return rows.length;
}
