import type { Jobs } from './core/jobs';
import type { Log } from './core/log';
import type { Mailer } from './core/mail/mail';
import { type MailJob, renderMail } from './core/mail/templates';

/** Takes jobs from every queue. Each handler is one line deep. */
export async function startWorker(jobs: Jobs, mailer: Mailer, log: Log): Promise<void> {
  await jobs.work('mail', 2, async ({ payload }) => {
    // Mail jobs are made by our own code only, as MailJob.
    const job = payload as unknown as MailJob;
    await mailer.send(renderMail(job), job.key);
    log.info({ job: 'mail', key: job.key, template: job.template }, 'mail sent');
  });
}
