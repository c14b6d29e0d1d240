import { inJob } from '../core/job-work';
import type { Enqueue } from '../core/jobs';
import { type UndoJob, undoBatch } from './changes';

/** Takes a large change set back, a transaction per batch, until its last record or the worker's end. */
export async function runUndo(job: UndoJob, enqueue: Enqueue, signal: AbortSignal): Promise<void> {
  let after: string | null = null;
  do {
    // Thrown, so that the queue hands the job to another worker, which goes on where this one stopped.
    signal.throwIfAborted();
    const from: string | null = after;
    after = await inJob({ ...job, channel: 'screen' }, enqueue, 'write', (work) => undoBatch(work, job, from));
  } while (after);
}
