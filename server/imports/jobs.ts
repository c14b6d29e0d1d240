import { setImmediate } from 'node:timers/promises';
import { and, asc, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import { imports } from '@/db/schema/imports';
import { changeSets } from '@/db/schema/records';
import { members } from '@/db/schema/tenants';
import { inTenant, type TenantDb } from '@/db/tenant';
import { type ImportPlan, importPlanSchema, policyOf } from '@/domain/imports/mapping';
import { areMoves } from '@/domain/imports/stage-headers';
import { ownKeysOf, targetIn } from '@/domain/imports/targets';
import { can, type Role } from '@/domain/permissions';
import { Refusal } from '@/domain/refusals';
import { apply, startChangeSet } from '../core/changes';
import type { Enqueue, Job } from '../core/jobs';
import type { Log } from '../core/log';
import { forgetSessions } from '../core/session';
import { typesOf } from '../core/types';
import type { Work } from '../core/work';
import { listPipelines } from '../pipelines/pipelines';
import { followKeys } from '../search/follow';
import { type Batch, Engine, type PlannedFileRow } from './engine';
import { enteredStages, keepMoves } from './history';
import { requireImportable, withOwn } from './own';
import { mostPeople, takePeople } from './people';
import { keepProblems } from './problems';
import { type FileRow, readRows } from './rows';
import { scanFile } from './scan';
import { addBatch, addStored, type Counts, emptyTally, type Tally } from './tally';
import { acceptOffered } from './values';

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

/** The job that runs an import. */
export function jobOf({ actor }: Work, importId: string): ImportJob & Record<string, unknown> {
  return { tenantId: actor.tenantId, slug: actor.tenantSlug, locale: actor.locale, importId };
}

/** Rows written in one transaction: short enough to wait for, long enough that the round trips do not count. */
const batchRows = 800;
/** Rows that are read in one turn of the event loop while others are being written. */
const turnRows = 25;
/** Of a file of more rows, new records are found by search after the import: their keys are more work than all the rest. */
const keysAtOnce = 5000;
const isLarge = ({ rows }: Pick<ImportRow, 'rows'>) => rows > keysAtOnce;
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
  // All that wait are locked, in one order, so that two jobs cannot both find that it is their turn.
  const open = await db.find(imports, or(eq(imports.id, job.importId), inArray(imports.status, unfinished)), {
    lock: true,
    orderBy: asc(imports.id),
  });
  const row = open.find(({ id }) => id === job.importId);
  if (!row) return null;
  const reopened = job.again === true && row.error === givenUp && (await isLeftAsFailed(db, row));
  if (!(unfinished.includes(row.status) || reopened)) return null;
  const isBefore = ({ id, status }: ImportRow) => id !== row.id && (status === 'running' || id < row.id);
  // One that runs already goes on, even if one that was asked for earlier was paused and waits again.
  if (row.status !== 'running' && open.some(isBefore)) {
    // Woken by the one before like any other.
    if (reopened) await db.update(imports, { status: 'queued', error: null, finishedAt: null }, eq(imports.id, row.id));
    return null;
  }
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
  const now = deps.now().toISOString();
  const startedAt = row.startedAt ?? now;
  sums.since = { at: now, taken: takenOf(row, sums) };
  await db.update(
    imports,
    { status: 'running', changeSetId, startedAt, sums, error: null, finishedAt: null },
    eq(imports.id, row.id),
  );
  return { row: { ...row, sums, changeSetId, startedAt }, plan, changeSetId, role };
}

/** Failed, and what it had written stands. */
async function isLeftAsFailed(db: TenantDb, { status, changeSetId }: ImportRow): Promise<boolean> {
  const [set] = changeSetId ? await db.find(changeSets, eq(changeSets.id, changeSetId)) : [];
  return status === 'failed' && !set?.undoneBy;
}

async function runRecords(job: ImportJob, deps: ImportDeps, begun: Begun): Promise<void> {
  const { row, plan, changeSetId, role } = begun;
  const scan = await scanFile(job.tenantId, row.fileId, plan);
  const engine = await inTenant(job.tenantId, 'write', async (db) => {
    await deps.held?.hold(db);
    const work = await workOf(db, job, deps, row, role);
    const whole = await acceptOffered(work, plan, scan);
    if (whole !== plan) {
      const { own: _, ...kept } = whole;
      await db.update(imports, { plan: kept }, eq(imports.id, row.id));
    }
    const made = new Engine(whole, scan, {
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
    let batch: PlannedFileRow[] = [];
    let writing: Promise<void> | undefined;
    const write = async (rows: readonly PlannedFileRow[]) => {
      if (rows.length === 0) return;
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
    try {
      for await (const fileRow of readRows(job.tenantId, row.fileId, plan)) {
        if (fileRow.row <= from || !engine.inPass(fileRow.row, pass)) continue;
        batch.push(engine.planned(fileRow));
        // Rows come faster than the event loop turns: without a turn now and then what is being written would wait for them.
        if (writing && batch.length % turnRows === 0) await setImmediate();
        if (batch.length < batchRows) continue;
        // The next batch is read while Postgres is busy with this one.
        await writing;
        writing = write(batch);
        writing.catch(() => {});
        batch = [];
      }
    } finally {
      // What cannot be read on must not end the import beside a batch that is still being written.
      await writing;
    }
    await write(batch);
  }
  if (plan.object === 'deal' && areMoves(plan.columns) && policyOf(plan)('stageEnteredAt') === 'overwrite')
    await settleStages(job, deps, row, role, changeSetId);
}

/** Deals entered their stages when the moves say that have just been brought; done again, it changes nothing more. */
async function settleStages(job: ImportJob, deps: ImportDeps, { id }: ImportRow, role: Role, changeSetId: string) {
  let after: string | null = null;
  do {
    if (deps.signal?.aborted) throw new Error('The worker is shutting down');
    after = await inTenant(job.tenantId, 'write', async (db) => {
      await deps.held?.hold(db);
      const [row] = await db.find(imports, eq(imports.id, id), { lock: true });
      if (row?.status !== 'running') throw new HandedOn();
      const work = await workOf(db, job, deps, row, role);
      const { changes, last } = await enteredStages(work, id, after);
      if (changes.length > 0) await apply(work, 'import', changes, { changeSetId });
      return last;
    });
  } while (after !== null);
}

async function runPeople(job: ImportJob, deps: ImportDeps, { row, plan, changeSetId, role }: Begun): Promise<void> {
  if (row.cursor > 0) return;
  const rows: FileRow[] = [];
  for await (const fileRow of readRows(job.tenantId, row.fileId, plan)) {
    rows.push(fileRow);
    // Refused by `takePeople`, however many more there are.
    if (rows.length > mostPeople) break;
  }
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
    // Rows and cursor are one transaction: if the machine goes down with both, they are read again. The import's end waits.
    await db.rows(sql`set local synchronous_commit = off`);
    await deps.held?.hold(db);
    const [row] = await db.find(imports, eq(imports.id, id), { lock: true });
    if (row?.status !== 'running' || row.cursor !== at.cursor || tallyOf(row).pass !== at.pass) throw new HandedOn();
    const work = await workOf(db, job, deps, row, role);
    requireSame(work, plan);
    const batch = await take(work);
    const keysLater = isLarge(row);
    if (batch.changes.length > 0)
      await apply(work, 'import', batch.changes, { changeSetId, keepAuthors: true, keysLater });
    const sums = { ...tallyOf(row), pass: to.pass };
    const counts: Counts = {
      created: row.created,
      updated: row.updated,
      unchanged: row.unchanged,
      refused: row.refused,
    };
    addBatch(plan, batch, counts, sums);
    await Promise.all([
      keepSourceIds(work, plan, batch, changeSetId),
      keepMoves(work, id, batch),
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
  const keys = ownKeysOf(plan);
  for (const { target } of plan.columns) {
    const own = target === null ? undefined : targetIn(plan, target)?.own;
    const now = own && work.types.fields.find(({ id }) => id === own.id);
    const isKeyNoMore = keys.some(({ name }) => name === target) && !now?.settings.unique;
    if (own && (now?.type !== own.type || isKeyNoMore)) throw new Refusal('conflict', 'importFieldsChanged');
  }
}

/**
 * Keeps under which ids the source knows the records of a batch.
 * @param changeSetId of the import, with which ids go again that it gave to records that were here
 */
export async function keepSourceIds(
  work: Work,
  plan: ImportPlan,
  batch: Batch,
  changeSetId: string | null,
): Promise<void> {
  if (batch.externalIds.length === 0) return;
  const ids = new Map(
    batch.externalIds.map((id) => [`${id.object} ${id.externalId}`, { ...id, object: id.object ?? plan.object }]),
  );
  const list = [...ids.values()];
  // A record whose earlier namesake is in the bin takes over the id.
  await work.db.prepared(
    'external_id.keep',
    `insert into app.external_id (tenant_id, object, system, external_id, record_id, change_set_id)
     select $1, x.object, $2, x.external_id, x.record_id, x.change_set_id
     from unnest($3::text[], $4::text[], $5::uuid[], $6::uuid[]) as x (object, external_id, record_id, change_set_id)
     on conflict (tenant_id, object, system, external_id) do update
       set record_id = excluded.record_id, change_set_id = excluded.change_set_id`,
    [
      work.actor.tenantId,
      plan.source,
      list.map(({ object }) => object),
      list.map(({ externalId }) => externalId),
      list.map(({ recordId }) => recordId),
      list.map(({ given }) => (given ? changeSetId : null)),
    ],
  );
}

/** Ends an import and wakes the one that waits behind it. What comes after one that failed in its set waits for a person. */
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
    and(eq(imports.id, job.importId), inArray(imports.status, [...unfinished, 'paused'])),
  );
  if (ended === 0) return false;
  const [row] = await db.find(imports, eq(imports.id, job.importId));
  if (row) await makeFound(db, row, deps.enqueue);
  if (status === 'failed' && row?.setId)
    await db.update(imports, { status: 'paused' }, and(eq(imports.setId, row.setId), eq(imports.status, 'queued')));
  await wakeNext(db, job, deps.enqueue);
  return true;
}

/** Has the records that an import has made so far found by search, where it left that for later. */
export async function makeFound(db: TenantDb, row: ImportRow, enqueue: Enqueue): Promise<void> {
  if (!row.changeSetId || !isLarge(row)) return;
  await db.update(imports, { sums: sql`${imports.sums} || '{"following": true}'` }, eq(imports.id, row.id));
  await followKeys(db, row.changeSetId, enqueue);
}

/** Sets a worker to the import whose turn it is, unless one is under way: that one does so when it ends. */
export async function wakeNext(
  db: TenantDb,
  job: Omit<ImportJob, 'importId' | 'again'>,
  enqueue: Enqueue,
): Promise<void> {
  const open = await db.find(imports, inArray(imports.status, unfinished), { orderBy: asc(imports.id) });
  const [next] = open;
  const { tenantId, slug, locale } = job;
  if (next && !open.some(({ status }) => status === 'running'))
    await enqueue(db, 'import', { tenantId, slug, locale, importId: next.id } satisfies ImportJob);
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

/** Rows that are dealt with. */
export const takenOf = ({ created, updated, unchanged, refused }: Counts, { left }: Tally): number =>
  created + updated + unchanged + refused + left.deleted + left.skipped;

/** How many rows came to what, of an import or a dry run. */
export const countsOf = (row: ImportRow, tally: Tally) => ({
  rows: row.rows,
  taken: takenOf(row, tally),
  created: row.created,
  updated: row.updated,
  unchanged: row.unchanged,
  refused: row.refused,
  left: tally.left,
  also: tally.also,
  partly: tally.partly,
  unread: tally.unread,
});

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
