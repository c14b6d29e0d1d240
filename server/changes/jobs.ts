import { inBatches } from '../core/job-work';
import type { Enqueue, Job } from '../core/jobs';
import { type UndoJob, undoBatch } from './changes';

/** Takes a large change set back. */
export async function runUndo(
  job: UndoJob,
  enqueue: Enqueue,
  signal: AbortSignal,
  held?: Pick<Job, 'hold' | 'complete'>,
): Promise<void> {
  await inBatches({ ...job, channel: 'screen' }, enqueue, signal, held, (work, after) => undoBatch(work, job, after));
}
