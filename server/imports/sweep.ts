import { sql } from 'drizzle-orm';
import { inTenant } from '@/db/tenant';
import type { CronDeps } from '../core/crons';
import { removeStored, storedBefore } from '../core/files';

const dayMs = 86_400_000;
/** Files asked for in one statement: a tenant may have hundreds of thousands. */
const batch = 5000;

/**
 * Removes stored files that no row knows: an upload that broke off between file and row leaves one. A day old at least,
 * so that none is taken from under an upload.
 * @returns how many
 */
export async function sweepFiles(tenantId: string, { now, log }: Pick<CronDeps, 'now' | 'log'>): Promise<number> {
  const stored = await storedBefore(tenantId, now().getTime() - dayMs);
  let removed = 0;
  for (let from = 0; from < stored.length; from += batch) {
    const ids = stored.slice(from, from + batch);
    const known = await knownOf(tenantId, ids);
    const orphans = ids.filter((id) => !known.has(id));
    for (const id of orphans) await removeStored(tenantId, id);
    removed += orphans.length;
  }
  if (removed > 0) log.info({ tenantId, files: removed }, 'files without a row removed');
  return removed;
}

/** Which of these files a row knows; of attachments also those in the bin, which may come back. */
async function knownOf(tenantId: string, ids: string[]): Promise<Set<string>> {
  const among = sql`any(${sql.param(ids)}::uuid[])`;
  const rows = await inTenant(tenantId, 'read', (db) =>
    db.rows<{ id: string }>(sql`
      select f.id from app.file f where f.tenant_id = ${tenantId} and f.id = ${among}
      union all select a.file_id from app.attachment a where a.tenant_id = ${tenantId} and a.file_id = ${among}
      union all select e.file_id from app.export e where e.tenant_id = ${tenantId} and e.file_id = ${among}
      union all select c.file_id from app.archive c where c.tenant_id = ${tenantId} and c.file_id = ${among}`),
  );
  return new Set(rows.map(({ id }) => id));
}
