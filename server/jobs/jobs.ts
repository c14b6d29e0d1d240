import { failedJobs } from '@/db/schema/audit';
import { inTenant, type TenantDb } from '@/db/tenant';
import { newId } from '../core/ids';
import type { Job } from '../core/jobs';

/** What a queue still owes when a job of its is given up, in the same transaction. */
export type LastWords = Partial<Record<string, (db: TenantDb, payload: Record<string, unknown>) => Promise<void>>>;

/**
 * Writes down in its tenant a job that was given up, where an admin finds it. One without a tenant has nobody to find
 * it: the log tells of it, and it stays on the queue of dead jobs for a week.
 */
export async function keepFailed(job: Job, lastWords: LastWords): Promise<void> {
  const { dead, tenantId, payload } = job;
  if (!dead) return;
  const error = reasonOf(dead.queue, dead.output);
  job.log.error({ queue: dead.queue, deadJobId: dead.id, attempts: dead.attempts, error }, 'job given up');
  if (!tenantId) return;
  await inTenant(tenantId, 'write', async (db) => {
    await db.insert(failedJobs, {
      id: newId(),
      queue: dead.queue,
      payload,
      error,
      attempts: dead.attempts,
      requestId: job.requestId,
      memberId: typeof payload.memberId === 'string' ? payload.memberId : null,
      createdAt: dead.createdAt.toISOString(),
      failedAt: job.createdAt.toISOString(),
    });
    await lastWords[dead.queue]?.(db, payload);
    await job.complete(db);
  });
}

/** A key of messages' errors. What was thrown stays in the log: it may quote what is nobody's business. */
function reasonOf(queue: string, output: unknown): string {
  const { refusal, value } = (output ?? {}) as { refusal?: unknown; value?: unknown };
  if (typeof refusal === 'string') return refusal;
  // Words of pg-boss for a job whose worker went away, each time.
  const said = typeof value === 'object' && value ? (value as { message?: unknown }).message : value;
  if (/^job (timed out|heartbeat timeout)$|shut down/.test(String(said))) return 'jobStopped';
  return queue === 'mail' ? 'mailFailed' : 'internal';
}
