import { asJob } from '@/db/pool';
import type { Handler, Jobs } from './jobs';
import { observeJob } from './metrics';
import { inSpan } from './telemetry';

/** The queues with every job measured, as a step of the trace that caused it, on the jobs' own connections. */
export function observedJobs(jobs: Jobs): Jobs {
  return {
    ...jobs,
    work: (queue, options, handler) => jobs.work(queue, options, observed(queue, handler)),
    split: (queue, into, split) => jobs.split(queue, into, (job) => asJob(() => split(job))),
  };
}

function observed(queue: string, handler: Handler): Handler {
  return async (job) => {
    const started = performance.now();
    const note = (outcome: 'done' | 'failed') => observeJob(queue, outcome, (performance.now() - started) / 1000);
    try {
      await asJob(() => inSpan(`job ${queue}`, 'consumer', () => handler(job), { 'guanxi.job_id': job.id }));
      note('done');
    } catch (error) {
      note('failed');
      throw error;
    }
  };
}
