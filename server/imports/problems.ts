import { sql } from 'drizzle-orm';
import { clip } from '@/domain/clip';
import type { RowProblem } from '@/domain/imports/rows';
import type { Work } from '../core/work';
import type { Batch } from './engine';

/** What only the records that are here can tell about a row, beside what `planRow` finds in the row alone. */
export type StoredCode =
  | RowProblem['code']
  | 'ambiguous'
  | 'sameId'
  | 'otherCurrency'
  | 'repeated'
  | 'parentLoop'
  | 'ambiguousReference'
  | 'noStageOfKind'
  | 'taken'
  | 'requiredField'
  | 'requiredReference'
  | 'referenceLoop';

/** A problem as it is kept and shown; texts in `messages/*\/imports.json` under `problems`. */
export interface ImportProblem extends Omit<RowProblem, 'code'> {
  code: StoredCode;
  /** Ids of the records that fit, where several do; the first of them only. */
  candidates?: readonly string[];
  /** It waits for a person to say which of the candidates is meant. */
  open?: true;
}

/** A problem of a whole row, which is refused for it. */
export function refusal(code: StoredCode, params?: ImportProblem['params']): ImportProblem {
  return { code, params, index: null, header: null, target: null, level: 'row' };
}

/** A row that was refused, or of which a value was left out. */
export interface ProblemRow {
  row: number;
  problems: ImportProblem[];
  cells: string[];
  /** What became of the row; null when it was refused. */
  recordId: string | null;
}

/** Keeps the rows of a batch that a person should look at. */
export async function keepProblems(work: Work, importId: string, batch: Batch): Promise<void> {
  const rows = problemRows(batch);
  if (rows.length === 0) return;
  await work.db.prepared(
    'import_problem.insert',
    `insert into app.import_problem (tenant_id, import_id, "row", problems, cells, record_id)
     select $1, $2, r."row", r.problems, r.cells, r."recordId"
     from jsonb_to_recordset($3) as r ("row" int, problems jsonb, cells jsonb, "recordId" uuid)`,
    [work.actor.tenantId, importId, storable(JSON.stringify(rows))],
  );
}

/** Postgres holds neither NUL nor half a character; a refused row may well be refused for having them. */
const storable = (json: string) => json.replace(/(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/gi, '$1\\ufffd');

/** What containment finds of rows that wait for a decision. */
export const openProblem = JSON.stringify([{ open: true }]);

/** How many rows of each import wait for a decision; imports without any are left out. */
export async function openCounts(work: Work, importIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await work.db.rows<{ id: string; n: number }>(sql`
    select p.import_id as id, count(*)::int as n from app.import_problem p
    where p.tenant_id = ${work.actor.tenantId} and p.import_id = any(${sql.param([...importIds])}::uuid[]) and p.problems @> ${openProblem}::jsonb
    group by 1`);
  return new Map(rows.map(({ id, n }) => [id, n]));
}

/** Rows a person should look at: refused ones, and those of which a value was left out. */
export function problemRows(batch: Batch): ProblemRow[] {
  return batch.rows.flatMap(({ row, cells, problems, outcome, recordId }) => {
    const shown = problems
      .filter(({ level }) => level !== 'note')
      .map((problem) => opened({ ...problem, params: shortened(problem.params) }, recordId));
    return shown.length > 0 && outcome !== 'deleted' && outcome !== 'skipped'
      ? [{ row, cells, problems: shown, recordId }]
      : [];
  });
}

/** Characters of a cell that a reason repeats: the cell stands beside it whole. */
const longestParam = 500;

export function shortened(params: ImportProblem['params']): ImportProblem['params'] {
  const entries = Object.entries(params ?? {});
  return params && Object.fromEntries(entries.map(([k, v]) => [k, typeof v === 'string' ? clip(v, longestParam) : v]));
}

/** What a person can decide afterwards: which record a row is about, and what the cells of a row that was taken mean. */
function opened({ candidates, ...problem }: ImportProblem, recordId: string | null): ImportProblem {
  const isOpen = candidates && (recordId !== null || problem.code === 'ambiguous' || problem.code === 'sameId');
  return isOpen ? { ...problem, candidates, open: true } : problem;
}
