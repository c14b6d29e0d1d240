import type { RowProblem } from '@/domain/imports/rows';

/** What only the records that are here can tell about a row, beside what `planRow` finds in the row alone. */
export type StoredCode =
  | RowProblem['code']
  | 'ambiguous'
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
}
