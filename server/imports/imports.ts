import { and, asc, desc, eq, gt, sql } from 'drizzle-orm';
import { z } from 'zod';
import { files, importProblems, imports } from '@/db/schema/imports';
import { changeSets } from '@/db/schema/records';
import { type ImportPlan, importPlanSchema } from '@/domain/imports/mapping';
import { notFound, Refusal } from '@/domain/refusals';
import { audit } from '../core/audit';
import { removeStored } from '../core/files';
import { newId } from '../core/ids';
import type { Work } from '../core/work';
import { listPipelines } from '../pipelines/pipelines';
import { finish, type ImportJob, tallyOf } from './jobs';
import { withOwn } from './own';
import type { ImportProblem } from './problems';
import { readRows } from './rows';
import { type Amount, emptyTally } from './tally';
import { fileOf } from './uploads';
import type { planInput } from './values';

type ImportRow = typeof imports.$inferSelect;

export const importStatuses = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type ImportStatus = (typeof importStatuses)[number];

/** Makes the import and its job in one transaction: neither is there without the other. */
export async function start(work: Work, { fileId, plan }: z.infer<typeof planInput>): Promise<{ id: string }> {
  const file = await fileOf(work, fileId);
  withOwn(work, plan);
  await requireWidth(work, fileId, plan);
  const id = newId();
  await work.db.insert(imports, {
    id,
    fileId: file.id,
    memberId: work.actor.memberId,
    object: plan.object,
    status: 'queued',
    plan,
    sums: emptyTally(),
    createdAt: work.now.toISOString(),
  });
  await audit(work, 'importStarted', { object: 'import', id, name: file.name }, { object: plan.object });
  await work.enqueue(work.db, 'import', jobOf(work, id));
  return { id };
}

function jobOf({ actor }: Work, importId: string): ImportJob & Record<string, unknown> {
  return { tenantId: actor.tenantId, slug: actor.tenantSlug, locale: actor.locale, importId };
}

/** A plan made for another file, or before its separator was corrected, would refuse every row. */
async function requireWidth(work: Work, fileId: string, plan: ImportPlan): Promise<void> {
  for await (const { cells } of readRows(work.actor.tenantId, fileId, { ...plan, hasHeader: false })) {
    if (cells.length !== plan.columns.length) throw new Refusal('invalid', { code: 'importPlan', field: 'plan' });
    return;
  }
  throw new Refusal('invalid', { code: 'fileEmpty', field: 'file' });
}

/** Stops an import; what it has written stays, in one change set that can be undone. */
export async function cancel(work: Work, id: string): Promise<{ ok: true }> {
  const { fileId } = await importOf(work, id, true);
  const stopped = await finish(work.db, jobOf(work, id), { enqueue: work.enqueue, now: () => work.now }, 'cancelled');
  if (!stopped) throw new Refusal('conflict', 'importOver');
  const { name } = await fileOf(work, fileId);
  await audit(work, 'importCancelled', { object: 'import', id, name });
  return { ok: true };
}

/** Removes a file that was brought and never imported. */
export async function discard(work: Work, fileId: string): Promise<{ ok: true }> {
  const { name } = await fileOf(work, fileId);
  const used = await work.db.find(imports, eq(imports.fileId, fileId), { limit: 1 });
  if (used.length > 0) throw new Refusal('conflict', 'fileInUse');
  await work.db.delete(files, eq(files.id, fileId));
  await audit(work, 'fileDiscarded', { object: 'file', id: fileId, name });
  await removeStored(work.actor.tenantId, fileId);
  return { ok: true };
}

/** Past and present imports, newest first, and files that wait for theirs. */
export async function list(work: Work) {
  const tenant = work.actor.tenantId;
  const [rows, waiting] = await Promise.all([
    work.db.rows<
      Pick<
        ImportRow,
        | 'id'
        | 'object'
        | 'status'
        | 'rows'
        | 'created'
        | 'updated'
        | 'unchanged'
        | 'refused'
        | 'createdAt'
        | 'finishedAt'
        | 'changeSetId'
      > & { fileName: string; by: string | null; undone: boolean }
    >(sql`
      select i.id, i.object, i.status, i.rows, i.created, i.updated, i.unchanged, i.refused, i.created_at as "createdAt", i.finished_at as "finishedAt",
        i.change_set_id as "changeSetId", f.name as "fileName", m.name as by, s.undone_by is not null as undone
      from app.import i
      join app.file f on f.tenant_id = ${tenant} and f.id = i.file_id
      left join app.member m on m.tenant_id = ${tenant} and m.id = i.member_id
      left join app.change_set s on s.tenant_id = ${tenant} and s.id = i.change_set_id
      where i.tenant_id = ${tenant} order by i.created_at desc, i.id desc limit 200`),
    work.db.find(
      files,
      and(
        sql`not exists (select from app.import i where i.tenant_id = ${tenant} and i.file_id = ${files.id})`,
        gt(files.createdAt, new Date(work.now.getTime() - 30 * 86_400_000).toISOString()),
      ),
      { orderBy: desc(files.createdAt), limit: 50 },
    ),
  ]);
  // The table's check holds statuses and objects to the catalogue's.
  return {
    imports: rows.map((row) => ({
      ...row,
      status: row.status as ImportStatus,
      object: row.object as ImportPlan['object'],
    })),
    waiting: waiting.map(({ id, name, size, createdAt }) => ({ id, name, size, createdAt })),
  };
}

/** One import: how far it is, what it came to, and whether the sums agree. */
export async function get(work: Work, id: string) {
  const row = await importOf(work, id);
  const [file, pipelines, [set]] = await Promise.all([
    fileOf(work, row.fileId),
    row.object === 'deal' ? listPipelines(work) : [],
    row.changeSetId ? work.db.find(changeSets, eq(changeSets.id, row.changeSetId)) : [],
  ]);
  const tally = tallyOf(row);
  const { deleted, skipped } = tally.left;
  const taken = row.created + row.updated + row.unchanged + row.refused + deleted + skipped;
  const end = row.finishedAt ? Date.parse(row.finishedAt) : work.now.getTime();
  const seconds = row.startedAt ? Math.max(0, (end - Date.parse(row.startedAt)) / 1000) : 0;
  const rate = seconds > 0 ? taken / seconds : 0;
  const stages = new Map(
    pipelines.flatMap((p) =>
      p.stages.map((s) => [s.id, pipelines.length > 1 ? `${p.name} / ${s.name}` : s.name] as const),
    ),
  );
  const order = [...stages.keys()];
  return {
    id: row.id,
    object: row.object as ImportPlan['object'],
    status: row.status as ImportStatus,
    error: row.error,
    file: { id: file.id, name: file.name, size: file.size },
    rows: row.rows,
    taken,
    created: row.created,
    updated: row.updated,
    unchanged: row.unchanged,
    refused: row.refused,
    left: tally.left,
    also: tally.also,
    partly: tally.partly,
    unmatched: Object.entries(tally.unmatched)
      .flatMap(([target, texts]) => Object.entries(texts).map(([text, rows]) => ({ target, text, rows })))
      .sort((a, b) => b.rows - a.rows),
    money: Object.entries(tally.money).flatMap(([currency, byStage]) =>
      Object.entries(byStage)
        .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
        .map(([stageId, { read, stored }]) => ({
          currency,
          stageId,
          stage: stages.get(stageId) ?? null,
          read,
          stored,
          equal: same(read, stored),
        })),
    ),
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    /** Rows a second, and seconds still to go. */
    rate: Math.round(rate),
    secondsLeft: row.status === 'running' && rate > 0 ? Math.ceil(Math.max(0, row.rows - taken) / rate) : null,
    changeSetId: row.changeSetId,
    undone: Boolean(set?.undoneBy),
    plan: importPlanSchema.safeParse(row.plan).data ?? null,
  };
}

export type ImportView = Awaited<ReturnType<typeof get>>;

const same = (a: Amount, b: Amount) => a.minor === b.minor && a.rows === b.rows;

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
