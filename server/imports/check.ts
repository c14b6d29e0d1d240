import { isDeepStrictEqual } from 'node:util';
import { and, eq, inArray, lt } from 'drizzle-orm';
import { z } from 'zod';
import { files, importProblems, imports } from '@/db/schema/imports';
import { inTenant } from '@/db/tenant';
import type { DryRun, Findings } from '@/domain/imports/findings';
import { type ImportPlan, importPlanSchema } from '@/domain/imports/mapping';
import { notFound, Refusal } from '@/domain/refusals';
import { newId } from '../core/ids';
import type { InSteps, Work } from '../core/work';
import type { CheckJob } from './check-job';
import { countsOf, tallyOf } from './jobs';
import { withOwn } from './own';
import { planInput } from './plan-input';
import { readRows } from './rows';
import { emptyTally, moneyLines } from './tally';
import { fileOf, tableOf } from './uploads';

/** Dry runs, which are not imports yet: one that is under way, and one that is over. */
export const checkStatuses = ['checking', 'checked'] as const;

export const checkInput = planInput.extend({
  /** Also where nothing of the plan has changed since the last time: the records may have. */
  again: z.boolean().default(false),
});

/**
 * Goes through the whole file as the import would, and writes no record. A job does it; what it finds is kept until the
 * file is imported, checked with another plan, or removed. Each person has one per file.
 * @throws Refusal invalid naming what of the plan does not fit the file or the workspace
 */
export async function check(inSteps: InSteps, input: z.output<typeof checkInput>): Promise<{ id: string }> {
  await requireWidths(inSteps, [input]);
  return inSteps((work) => begin(work, input));
}

async function begin(work: Work, { fileId, plan, again }: z.output<typeof checkInput>): Promise<{ id: string }> {
  // Whoever asks twice at once has one dry run nevertheless.
  const [file] = await work.db.find(files, eq(files.id, fileId), { lock: true });
  if (!file) throw notFound();
  withOwn(work, plan);
  const kept = await checkOf(work, fileId);
  const isSame = kept?.error === null && isDeepStrictEqual(kept.plan, JSON.parse(JSON.stringify(plan)));
  if (kept && isSame && (kept.status === 'checking' || !again)) return { id: kept.id };
  const run = newId();
  const id = kept?.id ?? newId();
  const begun = {
    object: plan.object,
    status: 'checking',
    plan,
    found: { run, attempts: 0 } satisfies DryRun,
    sums: emptyTally(),
    ...nothingYet,
    createdAt: work.now.toISOString(),
  };
  if (kept) await work.db.update(imports, begun, eq(imports.id, id));
  else await work.db.insert(imports, { id, fileId: file.id, memberId: work.actor.memberId, ...begun });
  const { tenantId, memberId } = work.actor;
  const job: CheckJob = { tenantId, memberId, requestId: work.requestId, importId: id, run };
  await work.enqueue(work.db, 'importCheck', { ...job });
  return { id };
}

const nothingYet = {
  rows: 0,
  cursor: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  refused: 0,
  error: null,
  startedAt: null,
  finishedAt: null,
};

/** The person's dry run of a file: how far it is and what it has found. Null where there is none. */
export async function checked(work: Work, { fileId }: { fileId: string }) {
  await fileOf(work, fileId);
  const row = await checkOf(work, fileId);
  if (!row) return null;
  const tally = tallyOf(row);
  const counts = countsOf(row, tally);
  const { taken } = counts;
  const seconds = row.startedAt ? Math.max(0, (work.now.getTime() - Date.parse(row.startedAt)) / 1000) : 0;
  const rate = seconds > 0 ? taken / seconds : 0;
  const { findings } = row.found ?? {};
  return {
    id: row.id,
    // The query asks for these two alone.
    status: row.status as (typeof checkStatuses)[number],
    error: row.error,
    /** The plan it was made for; null for one that is none any more. */
    plan: importPlanSchema.safeParse(row.plan).data ?? null,
    ...counts,
    unmatched: tally.unmatched,
    money: moneyLines(tally, new Map(Object.entries(findings?.stages ?? {}))),
    ...(findings ?? nothingFound),
    /** Rows a second, and seconds still to go. */
    rate: Math.round(rate),
    secondsLeft:
      row.status === 'checking' && rate > 0 && row.rows > 0 ? Math.ceil(Math.max(0, row.rows - taken) / rate) : null,
    finishedAt: row.finishedAt,
  };
}

export type Checked = NonNullable<Awaited<ReturnType<typeof checked>>>;

const nothingFound: Findings = {
  kinds: [],
  fields: [],
  samples: { created: [], updated: [], unchanged: [] },
  stages: {},
  forgetful: false,
};

type ImportRow = typeof imports.$inferSelect;

async function checkOf(work: Work, fileId: string): Promise<ImportRow | undefined> {
  const [row] = await work.db.find(
    imports,
    and(
      eq(imports.fileId, fileId),
      eq(imports.memberId, work.actor.memberId),
      inArray(imports.status, [...checkStatuses]),
    ),
    { limit: 1 },
  );
  return row;
}

/** Removes the dry runs of a file whose import begins: examples of people's data are kept no longer than they are of use. */
export async function endChecks(work: Work, fileId: string): Promise<void> {
  const rows = await work.db.find(
    imports,
    and(eq(imports.fileId, fileId), inArray(imports.status, [...checkStatuses])),
    { lock: true },
  );
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return;
  await work.db.delete(importProblems, inArray(importProblems.importId, ids));
  await work.db.delete(imports, inArray(imports.id, ids));
}

/** Days a dry run is kept that no import followed. */
const keptDays = 30;

/** Forgets dry runs of files nobody has imported. @returns how many */
export async function forgetChecks(tenantId: string, now: Date): Promise<number> {
  const before = new Date(now.getTime() - keptDays * 86_400_000).toISOString();
  return inTenant(tenantId, 'write', async (db) => {
    const old = and(inArray(imports.status, [...checkStatuses]), lt(imports.createdAt, before));
    const ids = (await db.find(imports, old, { lock: true })).map(({ id }) => id);
    if (ids.length === 0) return 0;
    await db.delete(importProblems, inArray(importProblems.importId, ids));
    return db.delete(imports, inArray(imports.id, ids));
  });
}

/**
 * Reads the beginning of each file: a plan made for another one, or before its separator was corrected, would refuse
 * every row.
 * @throws Refusal invalid `importPlan`, `fileEmpty`, and what `tableOf` throws
 */
export async function requireWidths(
  inSteps: InSteps,
  tables: readonly { fileId: string; plan: ImportPlan }[],
): Promise<void> {
  const tenantId = await inSteps(async (work) => {
    for (const { fileId } of tables) await tableOf(work, fileId);
    return work.actor.tenantId;
  });
  for (const { fileId, plan } of tables) await requireWidth(tenantId, fileId, plan);
}

async function requireWidth(tenantId: string, fileId: string, plan: ImportPlan): Promise<void> {
  for await (const { cells } of readRows(tenantId, fileId, { ...plan, hasHeader: false })) {
    if (cells.length !== plan.columns.length) throw new Refusal('invalid', { code: 'importPlan', field: 'plan' });
    return;
  }
  throw new Refusal('invalid', { code: 'fileEmpty', field: 'file' });
}
