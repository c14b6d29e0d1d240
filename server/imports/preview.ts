import type { z } from 'zod';
import type { ImportPlan } from '@/domain/imports/mapping';
import type { Work } from '../core/work';
import { listPipelines } from '../pipelines/pipelines';
import { type Batch, Engine, problemRows } from './engine';
import { withOwn } from './own';
import { mostPeople, takePeople } from './people';
import type { ProblemRow } from './problems';
import { type FileRow, readRows } from './rows';
import { type Scan, scanFile } from './scan';
import { addBatch, emptyCounts, emptyTally } from './tally';
import { fileOf } from './uploads';
import { type planInput, reportValues } from './values';

/** Rows shown of those that are refused or lose a value; all of them can be had once the import has run. */
const shownProblems = 200;
const batchRows = 1000;
/** A request must not hold its connection longer; what is beyond is checked while it is imported. */
const longestMs = 20_000;

/** Goes through the whole file as the import would, and writes nothing. */
export async function preview(work: Work, { fileId, plan: given }: z.infer<typeof planInput>) {
  const plan = withOwn(work, given);
  const started = performance.now();
  const file = await fileOf(work, fileId);
  const scan = await scanFile(work.actor.tenantId, file.id, plan);
  const counts = emptyCounts();
  const tally = emptyTally();
  const problems: ProblemRow[] = [];
  const kinds = new Map<string, ProblemKind>();
  let checked = 0;
  let complete = true;
  const see = (batch: Batch) => {
    addBatch(batch, counts, tally);
    checked += batch.rows.length;
    countKinds(batch, kinds);
    if (problems.length < shownProblems) problems.push(...problemRows(batch).slice(0, shownProblems - problems.length));
  };
  const { batches, stages } = await dryRun(work, plan, file.id, scan);
  for await (const batch of batches) {
    see(batch);
    if (performance.now() - started > longestMs) {
      complete = checked >= scan.rows;
      break;
    }
  }
  return {
    rows: scan.rows,
    checked,
    complete,
    ...counts,
    left: tally.left,
    also: tally.also,
    unmatched: tally.unmatched,
    partly: tally.partly,
    problems: problems.sort((a, b) => a.row - b.row),
    kinds: [...kinds.values()].sort((a, b) => b.rows - a.rows),
    money: Object.entries(tally.money).flatMap(([currency, byStage]) =>
      Object.entries(byStage).map(([stageId, { read }]) => ({
        currency,
        stage: stages.get(stageId) ?? null,
        rows: read.rows,
        minor: read.minor,
      })),
    ),
    values: (await reportValues(work, plan, scan)).groups,
  };
}

export type Preview = Awaited<ReturnType<typeof preview>>;

async function dryRun(
  work: Work,
  plan: ImportPlan,
  fileId: string,
  scan: Scan,
): Promise<{ batches: AsyncIterable<Batch>; stages: Map<string, string> }> {
  const { tenantId } = work.actor;
  if (plan.object === 'member') return { batches: people(work, plan, fileId), stages: new Map() };
  const pipelines = plan.object === 'deal' ? await listPipelines(work) : [];
  const engine = new Engine(plan, scan, { types: work.types, pipelines, locale: work.actor.locale, changeSetId: null });
  async function* batches() {
    for (let pass = 0; pass < scan.passes; pass++) {
      let rows: FileRow[] = [];
      for await (const row of readRows(tenantId, fileId, plan)) {
        if (!engine.inPass(row.row, pass)) continue;
        rows.push(row);
        if (rows.length < batchRows) continue;
        yield await engine.take(work, rows);
        rows = [];
      }
      if (rows.length > 0) yield await engine.take(work, rows);
    }
  }
  return { batches: batches(), stages: new Map(engine.book?.stages.map(({ id, name }) => [id, name])) };
}

async function* people(work: Work, plan: ImportPlan, fileId: string): AsyncGenerator<Batch> {
  const rows: FileRow[] = [];
  for await (const row of readRows(work.actor.tenantId, fileId, plan)) {
    rows.push(row);
    if (rows.length > mostPeople) break;
  }
  yield await takePeople(work, plan, rows);
}

/** What went wrong how often in which column, notes on how values were read included. */
export interface ProblemKind {
  code: string;
  level: 'row' | 'cell' | 'note';
  target: string | null;
  header: string | null;
  rows: number;
  example: { row: number; params?: Record<string, string | number> };
}

function countKinds(batch: Batch, kinds: Map<string, ProblemKind>): void {
  for (const { row, problems } of batch.rows) {
    for (const { code, level, target, header, params } of problems) {
      const key = `${level} ${code} ${header}`;
      const kind = kinds.get(key);
      if (kind) kind.rows++;
      else kinds.set(key, { code, level, target, header, rows: 1, example: { row, params } });
    }
  }
}
