import { memberGet } from '@/db/global';
import { inTenant, type TenantDb } from '@/db/tenant';
import type { Channel } from '@/domain/changes';
import type { Role } from '@/domain/permissions';
import { notFound } from '@/domain/refusals';
import { committed } from './after-commit';
import type { Enqueue, Job } from './jobs';
import { typesOf } from './types';
import type { Work } from './work';

export interface JobActor {
  tenantId: string;
  memberId: string;
  channel: Channel;
  /** The request that caused the job: its change sets and log lines carry it on. */
  requestId: string;
}

/**
 * Runs a piece of a job in a transaction of its tenant, in the name of the member who caused it and with the rights
 * that member has now.
 * @throws Refusal notFound when the tenant is suspended or the person has left
 */
export async function inJob<T>(
  job: JobActor,
  enqueue: Enqueue,
  mode: 'read' | 'write',
  run: (work: Work) => Promise<T>,
): Promise<T> {
  const member = await memberGet(job.tenantId, job.memberId);
  if (!member) throw notFound();
  let transaction: TenantDb | undefined;
  const answer = await inTenant(job.tenantId, mode, async (db) => {
    transaction = db;
    return run({
      db,
      types: await typesOf(db),
      now: new Date(),
      requestId: job.requestId,
      ip: null,
      enqueue,
      actor: {
        tenantId: job.tenantId,
        tenantSlug: member.slug,
        memberId: job.memberId,
        userId: member.userId,
        // The table's check constraint holds roles to the catalogue's.
        role: member.role as Role,
        teamId: member.teamId,
        locale: member.locale,
        channel: job.channel,
      },
    });
  });
  if (transaction) committed(transaction);
  return answer;
}

/**
 * A job of many records, a transaction per batch, until its last batch or the worker's end. The last batch and the end
 * of the job are one transaction.
 * @param batch does one from where the last ended, and says where it ended itself; null at the end
 */
export async function inBatches(
  job: JobActor,
  enqueue: Enqueue,
  signal: AbortSignal,
  held: Pick<Job, 'hold' | 'complete'> | undefined,
  batch: (work: Work, after: string | null) => Promise<string | null>,
): Promise<void> {
  let after: string | null = null;
  do {
    // Thrown, so that the queue hands the job to another worker, which goes on where this one stopped.
    signal.throwIfAborted();
    const from: string | null = after;
    after = await inJob(job, enqueue, 'write', async (work) => {
      await held?.hold(work.db);
      const last = await batch(work, from);
      if (last === null) await held?.complete(work.db);
      return last;
    });
  } while (after);
}
