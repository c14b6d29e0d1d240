import { inTenant } from '@/db/tenant';
import { committed } from '../core/after-commit';
import { typesOf } from '../core/types';
import { keptDays } from './bin';
import { eraseExpired } from './erase';

const batch = 200;
const dayMs = 86_400_000;

/** Erases what has been in a tenant's bin for 180 days, a transaction per batch. @returns how many records */
export async function emptyBin(tenantId: string, now: Date, signal?: AbortSignal): Promise<number> {
  const before = new Date(now.getTime() - keptDays * dayMs);
  let erased = 0;
  for (;;) {
    signal?.throwIfAborted();
    const gone = await inTenant(tenantId, 'write', async (db) => {
      const { records, done } = await eraseExpired({ db, types: await typesOf(db) }, before, now, batch);
      return { records, done, db };
    });
    committed(gone.db);
    if (gone.done) return erased;
    erased += gone.records;
  }
}
