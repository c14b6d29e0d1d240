import { and, asc, eq, gt, inArray, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { files, importProblems, importSets, imports } from '@/db/schema/imports';
import { changeSets } from '@/db/schema/records';
import { type ImportPlan, importPlanSchema } from '@/domain/imports/mapping';
import type { ImportStatus } from '@/domain/imports/sets';
import { notFound, Refusal } from '@/domain/refusals';
import { audit } from '../core/audit';
import { newId } from '../core/ids';
import type { InSteps, Work } from '../core/work';
import { listPipelines } from '../pipelines/pipelines';
import { checkStatuses, endChecks, requireWidths } from './check';
import { dryRunsOf } from './dry-runs';
import { makeFields } from './fields';
import { countsOf, jobOf, tallyOf, unfinished } from './jobs';
import { makeObject } from './made';
import { withOwn } from './own';
import type { planInput } from './plan-input';
import { type ImportProblem, openCounts } from './problems';
import { emptyTally, moneyLines, type Tally } from './tally';
import { fileOf, removeAfter, removeFile, tableOf, waitingFiles } from './uploads';

type ImportRow = typeof imports.$inferSelect;

/** Begins the import of a file once its plan is seen to fit it. */
export async function startFile(inSteps: InSteps, input: z.infer<typeof planInput>): Promise<{ id: string }> {
  await requireWidths(inSteps, [input]);
  return inSteps((work) => start(work, input));
}

/**
 * Makes the import and its job in one transaction: neither is there without the other.
 * @param setId of an import that waits for its turn in a set
 * @throws Refusal conflict `fileImporting`
 */
export async function start(
  work: Work,
  { fileId, plan }: z.infer<typeof planInput>,
  setId: string | null = null,
): Promise<{ id: string }> {
  const file = await tableOf(work, fileId);
  await requireFree(work, [fileId]);
  withOwn(work, plan);
  await endChecks(work, fileId);
  const id = newId();
  const made = await makeObject(work, plan, setId !== null);
  await work.db.insert(imports, {
    id,
    fileId: file.id,
    memberId: work.actor.memberId,
    object: made.plan.object,
    status: 'queued',
    plan: await makeFields(made.work, made.plan),
    setId,
    sums: emptyTally(),
    createdAt: work.now.toISOString(),
  });
  // A set is begun, and told of, as a whole.
  if (setId) return { id };
  await audit(work, 'importStarted', { object: 'import', id, name: file.name }, { object: made.plan.object });
  await work.enqueue(work.db, 'import', jobOf(work, id));
  return { id };
}

/**
 * Holds files for the import that is to begin: whoever asks twice, or in two tabs, has it once.
 * @throws Refusal conflict `fileImporting`
 */
export async function requireFree(work: Work, fileIds: readonly string[]): Promise<void> {
  await work.db.find(files, inArray(files.id, [...fileIds]), { lock: true, orderBy: asc(files.id) });
  const open = and(inArray(imports.fileId, [...fileIds]), inArray(imports.status, [...unfinished, 'paused']));
  if ((await work.db.find(imports, open, { limit: 1 })).length > 0) throw new Refusal('conflict', 'fileImporting');
}

/** Removes a file that was brought and never imported. */
export async function discard(work: Work, fileId: string): Promise<{ ok: true }> {
  const file = await fileOf(work, fileId);
  await endChecks(work, fileId);
  const used = await work.db.find(imports, eq(imports.fileId, fileId), { limit: 1 });
  if (used.length > 0) throw new Refusal('conflict', 'fileInUse');
  const gone = await removeFile(work, file);
  await audit(work, 'fileDiscarded', { object: 'file', id: fileId, name: file.name });
  removeAfter(work, gone);
  return { ok: true };
}

/** A dry run is no import yet: its file still waits for one. */
const isCheck = sql`i.status = any(${sql.param([...checkStatuses])}::text[])`;

/** Past and present imports, newest first, with the sets they belong to, and files that wait for theirs with their dry runs. */
export async function list(work: Work) {
  const [rows, waiting] = await Promise.all([importRows(work, sql`not (${isCheck})`), waitingFiles(work)]);
  const ids = [...new Set(rows.flatMap(({ setId }) => setId ?? []))];
  const sets = ids.length > 0 ? await work.db.find(importSets, inArray(importSets.id, ids)) : [];
  const checks = await dryRunsOf(
    work,
    waiting.map(({ id }) => id),
  );
  return {
    imports: rows,
    sets: sets.map(({ id, name, source }) => ({ id, name, source })),
    waiting: waiting.map((file) => ({ ...file, check: checks.get(file.id) ?? null })),
  };
}

/** Imports that fulfil a condition on alias `i`, newest first: 200 at most. */
export async function importRows(work: Work, where: SQL) {
  const tenant = work.actor.tenantId;
  const rows = await work.db.rows<
    Pick<
      ImportRow,
      | 'id'
      | 'object'
      | 'status'
      | 'error'
      | 'rows'
      | 'created'
      | 'updated'
      | 'unchanged'
      | 'refused'
      | 'createdAt'
      | 'startedAt'
      | 'finishedAt'
      | 'changeSetId'
      | 'setId'
    > & {
      taken: number;
      since: Tally['since'] | null;
      reviewed: boolean;
      fileName: string;
      by: string | null;
      undone: boolean;
    }
  >(sql`
    select i.id, i.object, i.status, i.error, i.rows, i.created, i.updated, i.unchanged, i.refused, i.created_at as "createdAt", i.started_at as "startedAt", i.finished_at as "finishedAt",
      i.change_set_id as "changeSetId", i.set_id as "setId", jsonb_array_length(i.reviews) > 0 as reviewed, i.sums->'since' as since, f.name as "fileName", m.name as by, s.undone_by is not null as undone,
      i.created + i.updated + i.unchanged + i.refused + coalesce((i.sums->'left'->>'deleted')::int, 0) + coalesce((i.sums->'left'->>'skipped')::int, 0) as taken
    from app.import i
    join app.file f on f.tenant_id = ${tenant} and f.id = i.file_id
    left join app.member m on m.tenant_id = ${tenant} and m.id = i.member_id
    left join app.change_set s on s.tenant_id = ${tenant} and s.id = i.change_set_id
    where i.tenant_id = ${tenant} and ${where} order by i.created_at desc, i.id desc limit 200`);
  // The table's check holds statuses and objects to the catalogue's.
  return rows.map(({ since, ...row }) => ({
    ...row,
    ...paceOf(row, row.taken, since, work.now),
    status: row.status as ImportStatus,
    object: row.object as ImportPlan['object'],
  }));
}

/**
 * Rows a second, and seconds still to go while it runs.
 * @param since when it was last taken up: what stood still while it was halted says nothing of how quick it is
 */
function paceOf(
  row: Pick<ImportRow, 'status' | 'rows' | 'startedAt' | 'finishedAt'>,
  taken: number,
  since: Tally['since'] | null,
  now: Date,
): { rate: number; secondsLeft: number | null } {
  const { at, taken: before } = since ?? { at: row.startedAt, taken: 0 };
  const end = row.finishedAt ? Date.parse(row.finishedAt) : now.getTime();
  const seconds = at ? Math.max(0, (end - Date.parse(at)) / 1000) : 0;
  const rate = seconds > 0 ? (taken - before) / seconds : 0;
  const isTold = row.status === 'running' && rate > 0;
  return { rate: Math.round(rate), secondsLeft: isTold ? Math.ceil(Math.max(0, row.rows - taken) / rate) : null };
}

/** One import: how far it is, what it came to, and whether the sums agree. */
export async function get(work: Work, id: string) {
  const row = await importOf(work, id);
  if (checkStatuses.some((status) => status === row.status)) throw notFound();
  const [file, pipelines, [set], open] = await Promise.all([
    fileOf(work, row.fileId),
    row.object === 'deal' ? listPipelines(work) : [],
    row.changeSetId ? work.db.find(changeSets, eq(changeSets.id, row.changeSetId)) : [],
    openCounts(work, [id]),
  ]);
  const tally = tallyOf(row);
  const counts = countsOf(row, tally);
  const stages = new Map(
    pipelines.flatMap((p) =>
      p.stages.map((s) => [s.id, pipelines.length > 1 ? `${p.name} / ${s.name}` : s.name] as const),
    ),
  );
  return {
    id: row.id,
    object: row.object as ImportPlan['object'],
    status: row.status as ImportStatus,
    error: row.error,
    file: { id: file.id, name: file.name, size: file.size },
    ...counts,
    unmatched: Object.entries(tally.unmatched)
      .flatMap(([target, texts]) => Object.entries(texts).map(([text, rows]) => ({ target, text, rows })))
      .sort((a, b) => b.rows - a.rows),
    /** Its new records are not all found by search yet. */
    following: tally.following === true,
    money: moneyLines(tally, stages),
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    ...paceOf(row, counts.taken, tally.since, work.now),
    changeSetId: row.changeSetId,
    undone: Boolean(set?.undoneBy),
    setId: row.setId,
    /** Decisions about its rows were written, which undoing it takes back too. */
    reviewed: row.reviews.length > 0,
    /** Rows that could mean several records and wait for a decision. */
    review: open.get(id) ?? 0,
    plan: importPlanSchema.safeParse(row.plan).data ?? null,
  };
}

export type ImportView = Awaited<ReturnType<typeof get>>;

export const problemsInput = z.strictObject({
  id: z.uuid(),
  /** Rows that were refused, or those that only lost a value. */
  kind: z.enum(['refused', 'partly']).default('refused'),
  cursor: z.int().min(0).max(2_147_483_647).nullish(),
  limit: z.int().min(1).max(500).default(100),
});

/** Rows with their numbers, reasons and cells. */
export async function problems(work: Work, { id, kind, cursor, limit }: z.infer<typeof problemsInput>) {
  const { plan } = await importOf(work, id);
  const page = await problemPage(work, id, { kind, after: cursor ?? 0, limit: limit + 1 });
  const rows = page.slice(0, limit);
  return {
    headers: (plan as ImportPlan).columns.map(({ header }) => header),
    rows: rows.map(({ row, problems: found, cells }) => ({
      row,
      problems: found as ImportProblem[],
      cells: cells as string[],
    })),
    next: page.length > limit ? (rows.at(-1)?.row ?? null) : null,
  };
}

const refusedRow = JSON.stringify([{ level: 'row' }]);

export function problemPage(
  work: Work,
  id: string,
  { kind, after, limit }: { kind: 'refused' | 'partly'; after: number; limit: number },
) {
  const refused = sql`${importProblems.problems} @> ${refusedRow}::jsonb`;
  const where = and(
    eq(importProblems.importId, id),
    gt(importProblems.row, after),
    kind === 'refused' ? refused : sql`not ${refused}`,
  );
  return work.db.find(importProblems, where, { orderBy: asc(importProblems.row), limit });
}

/** An import of this tenant. @throws Refusal notFound */
export async function importOf(work: Work, id: string, lock = false): Promise<ImportRow> {
  const [row] = await work.db.find(imports, eq(imports.id, id), { lock });
  if (!row) throw notFound();
  return row;
}
