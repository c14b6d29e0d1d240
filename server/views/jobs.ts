import { inJob } from '../core/job-work';
import type { Enqueue, Job } from '../core/jobs';
import { type BulkJob, bulkBatch } from './bulk';

/** Changes every record of a list, a transaction per batch; the last batch and the end of the job are one transaction. */
export async function runBulk(
  job: BulkJob,
  enqueue: Enqueue,
  signal: AbortSignal,
  held?: Pick<Job, 'hold' | 'complete'>,
): Promise<void> {
  let after: string | null = null;
  do {
    // Thrown, so that the queue hands the job to another worker.
    signal.throwIfAborted();
    const from: string | null = after;
    after = await inJob({ ...job, channel: 'screen' }, enqueue, 'write', async (work) => {
      await held?.hold(work.db);
      const { last } = await bulkBatch(work, job, from);
      if (last === null) await held?.complete(work.db);
      return last;
    });
  } while (after);
}
