import { writeAccountMail } from './accounts/mails';
import type { ArchiveJob } from './archives/archives';
import { giveUpArchive, runArchive } from './archives/jobs';
import type { UndoJob } from './changes/changes';
import { runUndo } from './changes/jobs';
import { startCrons } from './core/crons';
import type { Jobs } from './core/jobs';
import type { Log } from './core/log';
import type { AccountMail } from './core/mail/account-mail';
import type { Mailer } from './core/mail/mail';
import { openMail } from './core/mail/sealed';
import { renderMail } from './core/mail/templates';
import { crons } from './crons';
import { scanDuplicates } from './duplicates/scan';
import type { ExportJob } from './exports/exports';
import { giveUpExport, runExport } from './exports/jobs';
import { type ConvertJob, runConversion } from './fields/convert';
import { type ComputeJob, runCompute } from './fields/recompute';
import { type CheckJob, giveUpCheck, runCheck } from './imports/check-job';
// What taking an import back means besides its records.
import './imports/fields';
import { giveUpImport, type ImportJob, runImport } from './imports/jobs';
import { giveUpUnpack, runUnpack, type UnpackJob } from './imports/unpack';
import { keepFailed } from './jobs/jobs';
import { type KeysJob, runKeys } from './search/follow';
import type { BulkJob } from './views/bulk';
import { runBulk } from './views/jobs';

/** Takes jobs from every queue. Each handler is one line deep. */
export async function startWorker(
  jobs: Jobs,
  mailer: Mailer,
  log: Log,
  { archiveMaxBytes = 8 * 1024 ** 3 }: { archiveMaxBytes?: number } = {},
): Promise<void> {
  await jobs.work('mail', { width: 4 }, async ({ payload, tenantId, createdAt, log }) => {
    const mail = openMail(payload, tenantId);
    await mailer.send(renderMail(mail), mail.key, createdAt);
    log.info({ key: mail.key, template: mail.template }, 'mail sent');
  });
  // Written once and kept with its link, then sent: however often that is tried, it is the same mail.
  await jobs.split('accountMail', 'mail', async ({ id, payload }) => {
    // Made by our own code only, as AccountMail.
    const mail = await writeAccountMail(payload as unknown as AccountMail, id);
    return { parts: mail ? [{ payload: { ...mail } }] : [] };
  });
  await jobs.work('undo', { width: 1 }, (job) =>
    // Undo jobs are made by our own code only, as UndoJob.
    runUndo(job.payload as unknown as UndoJob, jobs.enqueue, job.signal, job),
  );
  await jobs.work('bulk', { width: 1 }, (job) =>
    // Bulk jobs are made by our own code only, as BulkJob.
    runBulk(job.payload as unknown as BulkJob, jobs.enqueue, job.signal, job),
  );
  await jobs.work('compute', { width: 1 }, (job) =>
    // Made by our own code only, as the one or the other.
    'convert' in job.payload
      ? runConversion(job.payload as unknown as ConvertJob, jobs.enqueue, job.signal, job)
      : runCompute(job.payload as unknown as ComputeJob, job.signal, job),
  );
  await jobs.work('import', { width: 2 }, (held) =>
    // Import jobs are made by our own code only, as ImportJob.
    runImport(held.payload as unknown as ImportJob, {
      enqueue: jobs.enqueue,
      log: held.log,
      now: () => new Date(),
      signal: held.signal,
      held,
    }),
  );
  await jobs.work('importCheck', { width: 2 }, (held) =>
    // Made by our own code only, as CheckJob.
    runCheck(held.payload as unknown as CheckJob, { enqueue: jobs.enqueue, signal: held.signal, held }),
  );
  await jobs.work('unpack', { width: 1 }, (held) =>
    // Made by our own code only, as UnpackJob.
    runUnpack(held.payload as unknown as UnpackJob, { enqueue: jobs.enqueue, signal: held.signal, held }),
  );
  await jobs.work('export', { width: 1 }, (held) =>
    // Export jobs are made by our own code only, as ExportJob.
    runExport(held.payload as unknown as ExportJob, { enqueue: jobs.enqueue, signal: held.signal, held }),
  );
  await jobs.work('archive', { width: 1 }, (held) =>
    // Archive jobs are made by our own code only, as ArchiveJob.
    runArchive(held.payload as unknown as ArchiveJob, {
      enqueue: jobs.enqueue,
      signal: held.signal,
      maxBytes: archiveMaxBytes,
      held,
    }),
  );
  await jobs.work('duplicates', { width: 1 }, async ({ payload, signal }) => {
    await scanDuplicates(String(payload.tenantId), new Date(), signal, String(payload.object));
  });
  await jobs.work('searchKeys', { width: 1 }, (held) =>
    // Made by our own code only, as KeysJob.
    runKeys(held.payload as unknown as KeysJob, { signal: held.signal, held }),
  );
  await jobs.work('dead', { width: 1, seconds: 2 }, (job) =>
    keepFailed(job, {
      archive: (db, payload) => giveUpArchive(db, payload as unknown as ArchiveJob),
      export: (db, payload) => giveUpExport(db, payload as unknown as ExportJob),
      import: (db, payload) => giveUpImport(db, payload as unknown as ImportJob, jobs.enqueue),
      unpack: (db, payload) => giveUpUnpack(db, payload as unknown as UnpackJob),
      importCheck: (db, payload) => giveUpCheck(db, payload as unknown as CheckJob),
    }),
  );
  await startCrons(jobs, crons);
  log.debug({ crons: crons.map(({ name }) => name) }, 'worker started');
}
