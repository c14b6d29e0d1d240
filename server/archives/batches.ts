import { eq } from 'drizzle-orm';
import { archives, type LoadCursor } from '@/db/schema/archives';
import { inTenant, type TenantDb } from '@/db/tenant';
import type { ArchiveStage } from '@/domain/archives';
import type { Job } from '../core/jobs';
import { canonical } from './lines';
import type { OpenArchive } from './open';

/** What filling a workspace needs. */
export interface Loading {
  archive: OpenArchive;
  archiveId: string;
  /** The workspace that is filled: nobody can come in, and it has a row in `archive` under the same id. */
  loadingId: string;
  signal: AbortSignal;
  held?: Pick<Job, 'hold'>;
  /** Where the last batch ended, as this worker knows it. */
  at?: LoadCursor | null;
  /** Told after each batch how much of a stage is done. */
  progress?: (stage: ArchiveStage, done: number, total: number) => void | Promise<void>;
}

/**
 * One transaction of the workspace that is being filled, with where it ends.
 * @throws Error when somebody else has filled on meanwhile
 */
export async function inBatch(
  loading: Loading,
  cursor: LoadCursor,
  run: (db: TenantDb) => Promise<unknown>,
): Promise<void> {
  // Thrown, so that the queue hands the job to another worker, which goes on at this batch.
  loading.signal.throwIfAborted();
  const mine = eq(archives.id, loading.archiveId);
  await inTenant(loading.loadingId, 'write', async (db) => {
    await loading.held?.hold(db);
    const [row] = await db.find(archives, mine, { lock: true });
    if (canonical(row?.cursor ?? null) !== canonical(loading.at ?? null))
      throw new Error('Somebody else fills this workspace');
    await run(db);
    await db.update(archives, { cursor }, mine);
  });
  loading.at = cursor;
}
