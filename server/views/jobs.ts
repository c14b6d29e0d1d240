import { inBatches } from '../core/job-work';
import type { Enqueue, Job } from '../core/jobs';
import { type BulkJob, bulkBatch } from './bulk';

/** Changes every record of a list. */
export async function runBulk(
  job: BulkJob,
  enqueue: Enqueue,
  signal: AbortSignal,
  held?: Pick<Job, 'hold' | 'complete'>,
): Promise<void> {
  await inBatches({ ...job, channel: 'screen' }, enqueue, signal, held, async (work, after) => {
    const { last } = await bulkBatch(work, job, after);
    return last;
  });
}
