import { Readable } from 'node:stream';
import { and, eq, inArray, or } from 'drizzle-orm';
import { listExports } from '@/db/schema/exports';
import { inTenant, type TenantDb } from '@/db/tenant';
import { csvLine } from '@/domain/csv';
import { type ExportEncoding, type ExportPlan, exportDays, exportInput } from '@/domain/exports';
import { Refusal } from '@/domain/refusals';
import { requirePermission } from '../core/context';
import { removeStored, type StoredFile, storeFile } from '../core/files';
import { inJob, type JobActor } from '../core/job-work';
import type { Enqueue, Job } from '../core/jobs';
import type { Work } from '../core/work';
import { tellOfExport } from '../notifications/write';
import { settingsOf } from '../tenants/settings';
import { typeToRead } from '../views/kinds';
import { type Column, columnsOf } from './cells';
import { type ExportJob, requireColumns } from './exports';
import { toGb18030 } from './gb18030';
import { readPage } from './pages';
import { wordsOf } from './words';

export interface ExportDeps {
  enqueue: Enqueue;
  signal: AbortSignal;
  /** The job it runs as: each of its transactions makes sure that it still has it, the last one ends it. */
  held?: Pick<Job, 'hold' | 'complete'>;
  /** Called after every page, with how many records are written. */
  checkpoint?: (rows: number) => void;
}

/** Far more than a spreadsheet opens; a disk is not to be filled by one list. */
const maxBytes = 4 * 1024 ** 3;
const comma = ',';
const unfinished = ['queued', 'running'];
/** The reason of an export whose job was given up. */
const givenUp = 'jobStopped';

/** Somebody else has this export, or it is over: nothing to do, and nothing wrong. */
class HandedOn extends Error {}

/**
 * Writes a list to a file, page by page, and tells whoever asked for it. A worker that is killed leaves nothing that
 * counts: the next one begins anew, and the file of whoever ends first is the only one. A record whose place in the list
 * changes meanwhile may be missed or come twice, as for somebody who pages through the list.
 */
export async function runExport(job: ExportJob, deps: ExportDeps): Promise<void> {
  let stored: StoredFile | undefined;
  try {
    const { plan, columns } = await inPart(job, deps, begin);
    stored = await storeFile(job.tenantId, Readable.from(bytesOf(job, deps, plan, columns)), maxBytes);
    const { id: fileId, size } = stored;
    await inPart(job, deps, async (work, { object, rows }) => {
      const finishedAt = work.now.toISOString();
      const expiresAt = new Date(work.now.getTime() + exportDays * 86_400_000).toISOString();
      const done = { status: 'done', fileId, bytes: size, finishedAt, expiresAt, error: null };
      await work.db.update(listExports, done, eq(listExports.id, job.exportId));
      await tellOfExport(work.db, work.now, { memberId: job.memberId, object, exportId: job.exportId, count: rows });
      await deps.held?.complete(work.db);
    });
  } catch (error) {
    if (stored) await removeStored(job.tenantId, stored.id);
    if (error instanceof HandedOn) return;
    if (!(error instanceof Refusal)) throw error;
    // A refusal is an answer: whoever asked has lost the right, or the fields are no longer there.
    await inTenant(job.tenantId, 'write', async (db) => {
      await giveUpExport(db, job, error.detail.code);
      await deps.held?.complete(db);
    });
  }
}

/** Ends an export that comes to nothing, and says so to whoever asked for it. */
export async function giveUpExport(db: TenantDb, job: ExportJob, error = givenUp): Promise<void> {
  const [row] = await db.find(listExports, mine(job), { lock: true });
  if (!row) return;
  const now = new Date();
  await db.update(listExports, { status: 'failed', error, finishedAt: now.toISOString() }, mine(job));
  const { memberId, object } = row;
  await tellOfExport(db, now, { memberId, object, exportId: job.exportId, count: row.rows, failed: true });
}

/** The job's export, unless it is over. */
const mine = ({ exportId, again }: ExportJob) => {
  const open = inArray(listExports.status, [...unfinished]);
  const reopened = and(eq(listExports.status, 'failed'), eq(listExports.error, givenUp));
  return and(eq(listExports.id, exportId), again ? or(open, reopened) : open);
};

type ExportRow = typeof listExports.$inferSelect;

/** One transaction of the job, with the rights that whoever asked has now. @throws HandedOn when the export is over */
function inPart<T>(job: ExportJob, deps: ExportDeps, run: (work: Work, row: ExportRow) => Promise<T>): Promise<T> {
  // Thrown, so that the queue hands the job to another worker.
  deps.signal.throwIfAborted();
  const actor: JobActor = { ...job, channel: 'screen' };
  return inJob(actor, deps.enqueue, 'write', async (work) => {
    await deps.held?.hold(work.db);
    const [row] = await work.db.find(listExports, mine(job), { lock: true });
    if (!row) throw new HandedOn();
    requirePermission(work.actor, 'exports.run');
    return run(work, row);
  });
}

async function begin(work: Work, row: ExportRow): Promise<{ plan: ExportPlan; columns: Column[] }> {
  const plan = exportInput.parse(row.plan);
  const type = typeToRead(work, plan.object);
  requireColumns(type, plan.columns);
  const { currency, timeZone } = await settingsOf(work);
  const words = wordsOf(work.types, type, work.actor.locale);
  await work.db.update(listExports, { status: 'running', rows: 0, error: null }, eq(listExports.id, row.id));
  const columns = columnsOf(type, plan.columns ?? null, { words, dates: plan.dates, timeZone, currency });
  return { plan, columns };
}

/** The file's bytes, a page of records at a time: no more of the list is ever in memory. */
async function* bytesOf(
  job: ExportJob,
  deps: ExportDeps,
  plan: ExportPlan,
  columns: readonly Column[],
): AsyncGenerator<Uint8Array> {
  const encode = encoderOf(plan.encoding);
  const line = (cells: string[]) => csvLine(cells, comma);
  const mark = plan.encoding === 'utf-8' ? '\uFEFF' : '';
  yield encode(mark + line(columns.map(({ header }) => header)));
  let cursor: string | null = null;
  do {
    const from: string | null = cursor;
    const { text, next, count } = await inPart(job, deps, async (work, row) => {
      const type = typeToRead(work, plan.object);
      const page = await readPage(work, type, plan, from);
      const count = row.rows + page.rows.length;
      await work.db.update(listExports, { rows: count }, eq(listExports.id, row.id));
      const lines = page.rows.map((record) => line(columns.map(({ cell }) => cell(record, page.beside))));
      return { text: lines.join(''), next: page.next, count };
    });
    cursor = next;
    if (text !== '') yield encode(text);
    deps.checkpoint?.(count);
  } while (cursor);
}

function encoderOf(encoding: ExportEncoding): (text: string) => Uint8Array {
  return encoding === 'gb18030' ? toGb18030 : (text) => Buffer.from(text);
}
