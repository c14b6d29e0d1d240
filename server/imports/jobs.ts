import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { imports } from '@/db/schema/imports';
import { members } from '@/db/schema/tenants';
import { inTenant, type TenantDb } from '@/db/tenant';
import { type ImportPlan, importPlanSchema } from '@/domain/imports/mapping';
import { targetIn } from '@/domain/imports/targets';
import { can, type Role } from '@/domain/permissions';
import { Refusal } from '@/domain/refusals';
import { apply, startChangeSet } from '../core/changes';
import type { Enqueue, Job } from '../core/jobs';
import type { Log } from '../core/log';
import { forgetSessions } from '../core/session';
import { typesOf } from '../core/types';
import type { Work } from '../core/work';
import { listPipelines } from '../pipelines/pipelines';
import { type Batch, Engine, problemRows } from './engine';
import { requireImportable, withOwn } from './own';
import { takePeople } from './people';
import { type FileRow, readRows } from './rows';
import { scanFile } from './scan';
import { addBatch, addStored, type Counts, emptyTally, type Tally } from './tally';

/** What a job on the import queue carries. */
export interface ImportJob {
  tenantId: string;
  slug: string;
  locale: string;
  importId: string;
  /** Asked for by an admin after its job was given up: goes on where it stood. */
  again?: true;
}

export interface ImportDeps {
  enqueue: Enqueue;
  log: Log;
  now: () => Date;
  signal?: AbortSignal;
  /** The job it runs as: each of its transactions makes sure that it still has it, the last one ends it. */
  held?: Pick<Job, 'hold' | 'complete'>;
  /** Called within every batch's transaction, before it is committed. */
  checkpoint?: (rows: number) => void;
}

type ImportRow = typeof imports.$inferSelect;

/** Rows written in one transaction: short enough to wait for, long enough that the round trips do not count. */
const batchRows = 800;
/** A batch that fails this often is not going to succeed. */
const mostAttempts = 5;
/** The reason of an import whose job was given up. */
const givenUp = 'jobStopped';
/** Neither done nor given up. */
export const unfinished = ['queued', 'running'];

/** Somebody else has this import, or it is over: nothing to do, and nothing wrong. */
class HandedOn extends Error {}

/**
 * Runs an import from where it stands to its end. Every batch is one transaction that also moves the cursor, so a
 * worker that is killed leaves whole batches behind, and whoever takes the job up goes on after them.
 */
export async function runImport(job: ImportJob, deps: ImportDeps): Promise<void> {
  try {
    const begun = await inTenant(job.tenantId, 'write', (db) => begin(db, job, deps));
    if (!begun) return;
    await (begun.plan.object === 'member' ? runPeople(job, deps, begun) : runRecords(job, deps, begun));
    await inTenant(job.tenantId, 'write', (db) => end(db, job, deps, 'done'));
    deps.log.info({ job: 'import', importId: job.importId }, 'import done');
  } catch (error) {
    if (error instanceof HandedOn) return;
    const refused = error instanceof Refusal;
    if (!refused && deps.signal?.aborted) throw error;
    if (refused || (await outOfAttempts(job))) {
      await inTenant(job.tenantId, 'write', (db) =>
        end(db, job, deps, 'failed', refused ? error.detail.code : 'internal'),
      );
      deps.log[refused ? 'info' : 'error']({ err: error, job: 'import', importId: job.importId }, 'import failed');
      return;
    }
    throw error;
  }
}

/** Ends the import and its job, together. */
async function end(db: TenantDb, job: ImportJob, deps: ImportDeps, status: 'done' | 'failed', error?: string) {
  await finish(db, job, deps, status, error);
  await deps.held?.complete(db);
}

/** Ends an import whose job was given up, so that those behind it are not held up; an admin may start it anew. */
export async function giveUpImport(db: TenantDb, job: ImportJob, enqueue: Enqueue): Promise<void> {
  await finish(db, job, { enqueue, now: () => new Date() }, 'failed', givenUp);
}

interface Begun {
  row: ImportRow;
  plan: ImportPlan;
  changeSetId: string;
  role: Role;
}

/** Takes the import up, unless one that was asked for earlier is still on its way. */
async function begin(db: TenantDb, job: ImportJob, deps: ImportDeps): Promise<Begun | null> {
  await deps.held?.hold(db);
  const [row] = await db.find(imports, eq(imports.id, job.importId), { lock: true });
  const reopened = job.again && row?.status === 'failed' && row.error === givenUp;
  if (!row || !(unfinished.includes(row.status) || reopened)) return null;
  const [earlier] = await db.find(
    imports,
    and(inArray(imports.status, unfinished), sql`${imports.id} < ${job.importId}`),
    { limit: 1 },
  );
  if (earlier) return null;
  const [member] = await db.find(
    members,
    and(eq(members.id, row.memberId), eq(members.status, 'active'), isNull(members.deletedAt)),
  );
  // The table's check holds roles to the catalogue's.
  const role = member?.role as Role | undefined;
  if (!role || !can(role, 'imports.run')) throw new Refusal('forbidden', 'forbidden');
  const parsed = importPlanSchema.safeParse(row.plan);
  if (!parsed.success) throw new Refusal('invalid', 'importPlan');
  const work = await workOf(db, job, deps, row, role);
  const plan = withOwn(work, parsed.data);
  const changeSetId =
    row.changeSetId ?? (await startChangeSet(work, 'import', { importId: row.id, object: plan.object }));
  const sums = tallyOf(row);
  sums.attempts =
    sums.attempts.cursor === row.cursor
      ? { cursor: row.cursor, times: sums.attempts.times + 1 }
      : { cursor: row.cursor, times: 1 };
  const startedAt = row.startedAt ?? deps.now().toISOString();
  await db.update(
    imports,
    { status: 'running', changeSetId, startedAt, sums, error: null, finishedAt: null },
    eq(imports.id, row.id),
  );
  return { row: { ...row, sums, changeSetId, startedAt }, plan, changeSetId, role };
}

async function runRecords(job: ImportJob, deps: ImportDeps, { row, plan, changeSetId, role }: Begun): Promise<void> {
  const scan = await scanFile(job.tenantId, row.fileId, plan);
  const engine = await inTenant(job.tenantId, 'write', async (db) => {
    await deps.held?.hold(db);
    const work = await workOf(db, job, deps, row, role);
    const made = new Engine(plan, scan, {
      types: work.types,
      pipelines: plan.object === 'deal' ? await listPipelines(work) : [],
      locale: job.locale,
      changeSetId,
    });
    // Stages are found by name, so that a second start finds those the first one made. They are a set of their own:
    // undoing the import must not take a stage from under deals that have been moved there since.
    if (made.book && made.book.changes.length > 0) await apply(work, 'configure', made.book.changes);
    await db.update(imports, { rows: scan.rows }, eq(imports.id, row.id));
    return made;
  });
  let at = { pass: tallyOf(row).pass, cursor: row.cursor };
  for (let pass = at.pass; pass < scan.passes; pass++) {
    const from = pass === at.pass ? at.cursor : 0;
    let batch: FileRow[] = [];
    const flush = async () => {
      if (batch.length === 0) return;
      const rows = batch;
      batch = [];
      at = await writeBatch(
        job,
        deps,
        row,
        role,
        { at, to: { pass, cursor: rows.at(-1)?.row ?? 0 } },
        changeSetId,
        plan,
        (work) => engine.take(work, rows),
      );
    };
    for await (const fileRow of readRows(job.tenantId, row.fileId, plan)) {
      if (fileRow.row <= from || !engine.inPass(fileRow.row, pass)) continue;
      batch.push(fileRow);
      if (batch.length >= batchRows) await flush();
    }
    await flush();
  }
}

async function runPeople(job: ImportJob, deps: ImportDeps, { row, plan, changeSetId, role }: Begun): Promise<void> {
  if (row.cursor > 0) return;
  const rows: FileRow[] = [];
  for await (const fileRow of readRows(job.tenantId, row.fileId, plan)) rows.push(fileRow);
  const filled = rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== '')).length;
  await inTenant(job.tenantId, 'write', (db) => db.update(imports, { rows: filled }, eq(imports.id, row.id)));
  const to = { pass: 0, cursor: rows.at(-1)?.row ?? 0 };
  await writeBatch(job, deps, row, role, { at: { pass: 0, cursor: 0 }, to }, changeSetId, plan, (work) =>
    takePeople(work, plan, rows),
  );
  await forgetSessions();
}

interface Place {
  pass: number;
  cursor: number;
}

/** One batch: what it changes, what it found wrong, and how far it got, together or not at all. */
async function writeBatch(
  job: ImportJob,
  deps: ImportDeps,
  { id }: ImportRow,
  role: Role,
  { at, to }: { at: Place; to: Place },
  changeSetId: string,
  plan: ImportPlan,
  take: (work: Work) => Promise<Batch>,
): Promise<Place> {
  if (deps.signal?.aborted) throw new Error('The worker is shutting down');
  await inTenant(job.tenantId, 'write', async (db) => {
    await deps.held?.hold(db);
    const [row] = await db.find(imports, eq(imports.id, id), { lock: true });
    if (row?.status !== 'running' || row.cursor !== at.cursor || tallyOf(row).pass !== at.pass) throw new HandedOn();
    const work = await workOf(db, job, deps, row, role);
    requireSame(work, plan);
    const batch = await take(work);
    if (batch.changes.length > 0) await apply(work, 'import', batch.changes, { changeSetId, keepAuthors: true });
    const sums = { ...tallyOf(row), pass: to.pass };
    const counts: Counts = {
      created: row.created,
      updated: row.updated,
      unchanged: row.unchanged,
      refused: row.refused,
    };
    addBatch(batch, counts, sums);
    await Promise.all([
      keepSourceIds(work, plan, batch),
      keepProblems(work, id, batch),
      addStored(work, plan, batch, sums),
    ]);
    await db.update(imports, { ...counts, sums, cursor: to.cursor }, eq(imports.id, id));
    deps.checkpoint?.(batch.rows.length);
  });
  return to;
}

/**
 * What the tenant's own fields are must not change between batches: values would be written as what they are no more.
 * @throws Refusal conflict `importFieldsChanged`, invalid `noSuchObject`
 */
function requireSame(work: Work, plan: ImportPlan): void {
  requireImportable(work, plan.object);
  for (const { target } of plan.columns) {
    const own = target === null ? undefined : targetIn(plan, target)?.own;
    const now = own && work.types.fields.find(({ id }) => id === own.id);
    const isKeyNoMore = target === plan.matchKey && own?.settings.unique && !now?.settings.unique;
    if (own && (now?.type !== own.type || isKeyNoMore)) throw new Refusal('conflict', 'importFieldsChanged');
  }
}

async function keepSourceIds(work: Work, plan: ImportPlan, batch: Batch): Promise<void> {
  if (batch.externalIds.length === 0) return;
  const ids = new Map(batch.externalIds.map(({ externalId, recordId }) => [externalId, recordId]));
  // A record whose earlier namesake is in the bin takes over the id.
  await work.db.prepared(
    'external_id.keep',
    `insert into app.external_id (tenant_id, object, system, external_id, record_id)
     select $1, $2, $3, x.external_id, x.record_id from unnest($4::text[], $5::uuid[]) as x (external_id, record_id)
     on conflict (tenant_id, object, system, external_id) do update set record_id = excluded.record_id`,
    [work.actor.tenantId, plan.object, plan.source, [...ids.keys()], [...ids.values()]],
  );
}

async function keepProblems(work: Work, importId: string, batch: Batch): Promise<void> {
  const rows = problemRows(batch);
  if (rows.length === 0) return;
  await work.db.prepared(
    'import_problem.insert',
    `insert into app.import_problem (tenant_id, import_id, "row", problems, cells)
     select $1, $2, r."row", r.problems, r.cells from jsonb_to_recordset($3) as r ("row" int, problems jsonb, cells jsonb)`,
    [work.actor.tenantId, importId, storable(JSON.stringify(rows))],
  );
}

/** Postgres holds neither NUL nor half a character; a refused row may well be refused for having them. */
const storable = (json: string) => json.replace(/(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/gi, '$1\\ufffd');

/** Ends an import and wakes the one that waits behind it. */
export async function finish(
  db: TenantDb,
  job: ImportJob,
  deps: Pick<ImportDeps, 'enqueue' | 'now'>,
  status: 'done' | 'failed' | 'cancelled',
  error?: string,
): Promise<boolean> {
  const ended = await db.update(
    imports,
    { status, error: error ?? null, finishedAt: deps.now().toISOString() },
    and(eq(imports.id, job.importId), inArray(imports.status, unfinished)),
  );
  if (ended === 0) return false;
  const [next] = await db.find(imports, inArray(imports.status, unfinished), { orderBy: asc(imports.id), limit: 1 });
  if (next) await deps.enqueue(db, 'import', { ...job, importId: next.id } satisfies ImportJob);
  return true;
}

/** Whether the last starts all ended at the same row. */
async function outOfAttempts(job: ImportJob): Promise<boolean> {
  return inTenant(job.tenantId, 'read', async (db) => {
    const [row] = await db.find(imports, eq(imports.id, job.importId));
    if (!row) return true;
    const { cursor, times } = tallyOf(row).attempts;
    return cursor === row.cursor && times >= mostAttempts;
  });
}

/** Only this module and `start` write the column. */
export const tallyOf = (row: Pick<ImportRow, 'sums'>): Tally => ({ ...emptyTally(), ...(row.sums as Partial<Tally>) });

async function workOf(db: TenantDb, job: ImportJob, deps: ImportDeps, row: ImportRow, role: Role): Promise<Work> {
  return {
    db,
    types: await typesOf(db),
    now: deps.now(),
    requestId: job.importId,
    ip: null,
    enqueue: deps.enqueue,
    actor: {
      tenantId: job.tenantId,
      tenantSlug: job.slug,
      memberId: row.memberId,
      userId: null,
      role,
      teamId: null,
      locale: job.locale,
      channel: 'import',
    },
  };
}
