import type { UndoJob } from './changes/changes';
import { runUndo } from './changes/jobs';
import type { Jobs } from './core/jobs';
import type { Log } from './core/log';
import type { Mailer } from './core/mail/mail';
import { type MailJob, renderMail } from './core/mail/templates';
import { type ImportJob, runImport } from './imports/jobs';

/** Takes jobs from every queue. Each handler is one line deep. */
export async function startWorker(jobs: Jobs, mailer: Mailer, log: Log): Promise<void> {
  await jobs.work('mail', 2, async ({ payload }) => {
    // Mail jobs are made by our own code only, as MailJob.
    const job = payload as unknown as MailJob;
    await mailer.send(renderMail(job), job.key);
    log.info({ job: 'mail', key: job.key, template: job.template }, 'mail sent');
  });
  await jobs.work('undo', 1, ({ payload, signal }) =>
    // Undo jobs are made by our own code only, as UndoJob.
    runUndo(payload as unknown as UndoJob, jobs.enqueue, signal),
  );
  await jobs.work('import', 2, ({ payload, signal }) =>
    // Import jobs are made by our own code only, as ImportJob.
    runImport(payload as unknown as ImportJob, { enqueue: jobs.enqueue, log, now: () => new Date(), signal }),
  );
}
