import { Readable } from 'node:stream';
import { and, eq, inArray, or } from 'drizzle-orm';
import { listExports } from '@/db/schema/exports';
import { inTenant, type TenantDb } from '@/db/tenant';
import { type ExportPlan, everything, exportDays, exportInput, maxExportBytes } from '@/domain/exports';
import { notFound, Refusal } from '@/domain/refusals';
import { requirePermission } from '../core/context';
import { removeStored, type StoredFile, storeFile } from '../core/files';
import { inJob, type JobActor } from '../core/job-work';
import type { Enqueue, Job } from '../core/jobs';
import type { RecordRow } from '../core/records';
import type { Work } from '../core/work';
import { tellOfExport } from '../notifications/write';
import { settingsOf } from '../tenants/settings';
import { typesToRead, typeToRead } from '../views/kinds';
import { type Beside, type Cell, type Column, columnsOf } from './cells';
import { type ExportJob, requireColumns, unfinished } from './exports';
import { type LinkTable, linkTables } from './links';
import { type PagePlan, readPage } from './pages';
import { peopleHeaders, readPeople } from './people';
import { reachOf } from './reach';
import { type Table, tablesFile } from './tables';
import { cardFields, cardOf } from './vcard';
import { peopleWords, wordsOf } from './words';

export interface ExportDeps {
  enqueue: Enqueue;
  signal: AbortSignal;
  /** The job it runs as: each of its transactions makes sure that it still has it, the last one ends it. */
  held?: Pick<Job, 'hold' | 'complete'>;
  /** Called after every page, with how many records are written. */
  checkpoint?: (rows: number) => void;
}

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
    const begun = await inPart(job, deps, begin);
    stored = await storeFile(job.tenantId, bytesOf(job, deps, begun), maxExportBytes);
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

/** What a kind of record is written by. */
interface Kind {
  object: string;
  name: string;
  columns: readonly Column[];
  plan: PagePlan;
}

interface Begun {
  plan: ExportPlan;
  kinds: Kind[];
  /** Where everything is written, the people of the workspace come first, and what links say last. */
  peopleNamed: { name: string; headers: string[] } | null;
  links: LinkTable[];
  now: Date;
}

async function begin(work: Work, row: ExportRow): Promise<Begun> {
  const plan = exportInput.parse(row.plan);
  const whole = plan.object === everything;
  const types = whole ? typesToRead(work) : [typeToRead(work, plan.object)];
  if (types.length === 0) throw notFound();
  const { currency, timeZone } = await settingsOf(work);
  const { locale } = work.actor;
  const kinds = types.map((type): Kind => {
    requireColumns(type, plan.columns);
    const words = wordsOf(work.types, type, locale);
    const card = plan.format === 'vcard';
    const withIds = !card && (plan.withIds ?? plan.columns === undefined);
    const columns = columnsOf(type, plan.columns, { words, dates: plan.dates, timeZone, currency, withIds });
    const { filter, q, sort, ids } = plan;
    const shown = card ? [...cardFields] : plan.columns;
    return {
      object: type.object,
      name: words.objects,
      columns,
      plan: { filter, q, sort, ids, columns: shown, withIds },
    };
  });
  const begun = { status: 'running', rows: 0, error: null, reach: await reachOf(work) };
  await work.db.update(listExports, begun, eq(listExports.id, row.id));
  const peopleNamed = whole ? { name: peopleWords(locale).people, headers: peopleHeaders(locale) } : null;
  return { plan, kinds, peopleNamed, links: whole ? linkTables(work, types) : [], now: work.now };
}

/** The file's bytes, a page of records at a time: no more of the list is ever in memory. */
function bytesOf(job: ExportJob, deps: ExportDeps, { plan, kinds, peopleNamed, links, now }: Begun): Readable {
  const [first] = kinds;
  if (plan.format === 'vcard' && first)
    return Readable.from(cards(pagesOf(job, deps, first, (record) => cardOf(record, plan.vcard))));
  const tables = kinds.map(
    (kind): Table => ({
      name: kind.name,
      headers: kind.columns.map(({ header }) => header),
      pages: pagesOf(job, deps, kind, (record, beside) => kind.columns.map(({ cell }) => cell(record, beside))),
    }),
  );
  if (peopleNamed) tables.unshift({ ...peopleNamed, pages: people(job, deps) });
  for (const table of links) tables.push({ ...table, pages: linkPages(job, deps, table) });
  return tablesFile(plan, tables, now);
}

async function* cards(pages: AsyncIterable<string[]>): AsyncGenerator<Uint8Array> {
  // A list without a record is a file all the same.
  let empty = true;
  for await (const page of pages) {
    if (page.length > 0) empty = false;
    yield Buffer.from(page.join(''));
  }
  if (empty) yield Buffer.from('\r\n');
}

/** The records of a kind as they are written, and how far the export is. */
async function* pagesOf<T>(
  job: ExportJob,
  deps: ExportDeps,
  kind: Kind,
  write: (record: RecordRow, beside: Beside) => T,
): AsyncGenerator<T[]> {
  let cursor: string | null = null;
  do {
    const from: string | null = cursor;
    const { written, next, count } = await inPart(job, deps, async (work, row) => {
      const page = await readPage(work, typeToRead(work, kind.object), kind.plan, from);
      const count = row.rows + page.rows.length;
      await work.db.update(listExports, { rows: count }, eq(listExports.id, row.id));
      return { written: page.rows.map((record) => write(record, page.beside)), next: page.next, count };
    });
    cursor = next;
    yield written;
    deps.checkpoint?.(count);
  } while (cursor);
}

async function* people(job: ExportJob, deps: ExportDeps): AsyncGenerator<Cell[][]> {
  yield await inPart(job, deps, async (work, row) => {
    const found = await readPeople(work);
    await work.db.update(listExports, { rows: row.rows + found.length }, eq(listExports.id, row.id));
    return found;
  });
}

/** Links are no records: they are not counted. */
async function* linkPages(job: ExportJob, deps: ExportDeps, { read }: LinkTable): AsyncGenerator<Cell[][]> {
  let after: string | null = null;
  do {
    const from: string | null = after;
    const { rows, last }: Awaited<ReturnType<LinkTable['read']>> = await inPart(job, deps, (work) => read(work, from));
    after = last;
    yield rows;
  } while (after);
}
