import { and, eq } from 'drizzle-orm';
import { importProblems, imports } from '@/db/schema/imports';
import { inTenant, type TenantDb } from '@/db/tenant';
import { type ImportPlan, importPlanSchema } from '@/domain/imports/mapping';
import { Refusal } from '@/domain/refusals';
import { requirePermission } from '../core/context';
import { inJob } from '../core/job-work';
import type { Enqueue, Job } from '../core/jobs';
import type { Work } from '../core/work';
import { listPipelines } from '../pipelines/pipelines';
import { Engine } from './engine';
import { FindingsBook } from './findings';
import { withOwn } from './own';
import { mostPeople, takePeople } from './people';
import { keepProblems } from './problems';
import { type FileRow, readRows } from './rows';
import { type Scan, scanFile } from './scan';
import { addBatch, emptyCounts, emptyTally } from './tally';
import { acceptOffered } from './values';

/** What a job on the queue of dry runs carries. */
export interface CheckJob {
  tenantId: string;
  memberId: string;
  requestId: string;
  importId: string;
  /** Which run of this import it is; one of an earlier plan has nothing to do. */
  run: string;
}

export interface CheckDeps {
  enqueue: Enqueue;
  signal?: AbortSignal;
  /** The job it runs as: each of its transactions makes sure that it still has it, the last one ends it. */
  held?: Pick<Job, 'hold' | 'complete'>;
  /** Called within every batch's transaction, before it is committed. */
  checkpoint?: (rows: number) => void;
}

type ImportRow = typeof imports.$inferSelect;

const batchRows = 1000;
/** A dry run that ended its worker so often would do so again. */
const mostAttempts = 4;

/** Another plan has taken its place, or the file was imported or removed: nothing to do, and nothing wrong. */
class HandedOn extends Error {}

/**
 * Goes through a file as the import would. What it remembers of earlier rows is in memory, so a worker that is killed
 * leaves nothing that counts: the next one begins anew.
 */
export async function runCheck(job: CheckJob, deps: CheckDeps): Promise<void> {
  try {
    const { plan, fileId } = await inPart(job, deps, begin);
    const scan = await scanFile(job.tenantId, fileId, plan);
    const engine = await inPart(job, deps, async (work, row) => {
      await work.db.update(imports, { rows: scan.rows }, eq(imports.id, row.id));
      return plan.object === 'member' ? null : engineFor(work, plan, scan);
    });
    const book = new FindingsBook();
    const counts = emptyCounts();
    const tally = emptyTally();
    for await (const rows of batches(job.tenantId, fileId, plan, scan, engine)) {
      await inPart(job, deps, async (work, row) => {
        const batch = engine ? await engine.take(work, rows) : await takePeople(work, plan, rows);
        addBatch(plan, batch, counts, tally);
        book.add(batch);
        await keepProblems(work, row.id, batch);
        await work.db.update(imports, { ...counts, cursor: rows.at(-1)?.row ?? 0 }, eq(imports.id, row.id));
        deps.checkpoint?.(rows.length);
      });
    }
    await inPart(job, deps, async (work, row) => {
      const findings = await book.close(work, plan.object, {
        stages: engine?.book?.names ?? {},
        forgetful: engine?.forgetful ?? false,
      });
      const { run, attempts } = job.run === row.found?.run ? row.found : { run: job.run, attempts: 1 };
      const finishedAt = work.now.toISOString();
      await work.db.update(
        imports,
        { status: 'checked', sums: tally, found: { run, attempts, findings }, finishedAt },
        eq(imports.id, row.id),
      );
      await deps.held?.complete(work.db);
    });
  } catch (error) {
    if (error instanceof HandedOn) return;
    if (!(error instanceof Refusal)) throw error;
    // A refusal is an answer: asking again gives the same one.
    await inTenant(job.tenantId, 'write', async (db) => {
      await giveUpCheck(db, job, error.detail.code);
      await deps.held?.complete(db);
    });
  }
}

/** Ends a dry run that comes to nothing. */
export async function giveUpCheck(db: TenantDb, job: CheckJob, error = 'jobStopped'): Promise<void> {
  const row = await open(db, job);
  if (!row) return;
  const finishedAt = new Date().toISOString();
  await db.update(imports, { status: 'checked', error, finishedAt }, eq(imports.id, row.id));
}

/** The job's import, unless it is over or asks for another run by now. */
async function open(db: TenantDb, { importId, run }: CheckJob): Promise<ImportRow | null> {
  const [row] = await db.find(imports, and(eq(imports.id, importId), eq(imports.status, 'checking')), { lock: true });
  return row?.found?.run === run ? row : null;
}

/** One transaction of the job, with the rights that whoever asked has now. @throws HandedOn when it is over */
function inPart<T>(job: CheckJob, deps: CheckDeps, run: (work: Work, row: ImportRow) => Promise<T>): Promise<T> {
  // Thrown, so that the queue hands the job to another worker.
  deps.signal?.throwIfAborted();
  return inJob({ ...job, channel: 'import' }, deps.enqueue, 'write', async (work) => {
    await deps.held?.hold(work.db);
    const row = await open(work.db, job);
    if (!row) throw new HandedOn();
    requirePermission(work.actor, 'imports.run');
    return run(work, row);
  });
}

async function begin(work: Work, row: ImportRow): Promise<{ plan: ImportPlan; fileId: string }> {
  const parsed = importPlanSchema.safeParse(row.plan);
  if (!parsed.success) throw new Refusal('invalid', 'importPlan');
  const attempts = (row.found?.attempts ?? 0) + 1;
  if (attempts > mostAttempts) throw new Refusal('unavailable', 'jobStopped');
  await work.db.delete(importProblems, eq(importProblems.importId, row.id));
  await work.db.update(
    imports,
    { ...emptyCounts(), cursor: 0, found: { run: row.found?.run ?? '', attempts }, startedAt: work.now.toISOString() },
    eq(imports.id, row.id),
  );
  return { plan: withOwn(work, parsed.data), fileId: row.fileId };
}

async function engineFor(work: Work, given: ImportPlan, scan: Scan): Promise<Engine> {
  const plan = await acceptOffered(work, given, scan);
  const pipelines = plan.object === 'deal' ? await listPipelines(work) : [];
  return new Engine(plan, scan, { types: work.types, pipelines, locale: work.actor.locale, changeSetId: null });
}

/** The rows of a file in the order in which the import takes them. People are one batch: who leads whom is told by all. */
async function* batches(
  tenantId: string,
  fileId: string,
  plan: ImportPlan,
  scan: Scan,
  engine: Engine | null,
): AsyncGenerator<FileRow[]> {
  const most = engine ? batchRows : mostPeople + 1;
  for (let pass = 0; pass < scan.passes; pass++) {
    let rows: FileRow[] = [];
    for await (const row of readRows(tenantId, fileId, plan)) {
      if (engine && !engine.inPass(row.row, pass)) continue;
      rows.push(row);
      if (rows.length < most) continue;
      yield rows;
      rows = [];
    }
    if (rows.length > 0) yield rows;
  }
}
