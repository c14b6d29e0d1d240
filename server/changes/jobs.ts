import { inJob } from '../core/job-work';
import type { Enqueue, Job } from '../core/jobs';
import { type UndoJob, undoBatch } from './changes';

/**
 * Takes a large change set back, a transaction per batch, until its last record or the worker's end. The last batch and
 * the end of the job are one transaction.
 */
export async function runUndo(
  job: UndoJob,
  enqueue: Enqueue,
  signal: AbortSignal,
  held?: Pick<Job, 'hold' | 'complete'>,
): Promise<void> {
  let after: string | null = null;
  do {
    // Thrown, so that the queue hands the job to another worker, which goes on where this one stopped.
    signal.throwIfAborted();
    const from: string | null = after;
    after = await inJob({ ...job, channel: 'screen' }, enqueue, 'write', async (work) => {
      await held?.hold(work.db);
      const last = await undoBatch(work, job, from);
      if (last === null) await held?.complete(work.db);
      return last;
    });
  } while (after);
}
