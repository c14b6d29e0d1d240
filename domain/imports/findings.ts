/** What went wrong how often in which column, notes on how values were read included. */
export interface ProblemKind {
  code: string;
  level: 'row' | 'cell' | 'note';
  target: string | null;
  header: string | null;
  rows: number;
  example: { row: number; params?: Record<string, string | number> };
}

/**
 * What becomes of a value that is another than the record's. `fill`: the record has none. `replace`: it gives way.
 * `keep`: it stays, by the policy.
 */
export const differenceKinds = ['replace', 'fill', 'keep'] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

/** One record's value beside that of the file; references are titles. */
export interface FieldSample {
  kind: DifferenceKind;
  row: number;
  recordId: string;
  /** What the record is called. */
  title: string | null;
  before?: unknown;
  after?: unknown;
  /** Of the record, for amounts that have none of their own. */
  currency: string | null;
}

/** In how many records a field differs from the file, and some of them. */
export interface FieldFinding extends Record<DifferenceKind, number> {
  field: string;
  samples: FieldSample[];
}

/** A row as an example of an outcome. */
export interface RowSample {
  row: number;
  cells: string[];
  /** The record it is about, where that is here already. */
  recordId: string | null;
}

export const sampledOutcomes = ['created', 'updated', 'unchanged'] as const;
export type SampledOutcome = (typeof sampledOutcomes)[number];

/** What a dry run has found beside its counts. */
export interface Findings {
  kinds: ProblemKind[];
  fields: FieldFinding[];
  samples: Record<SampledOutcome, RowSample[]>;
  /** Names of the stages, those among them that the import would make. */
  stages: Record<string, string>;
  /** The file has more records than a dry run remembers: rows far apart that are about one are found by the import alone. */
  forgetful: boolean;
}

/** A dry run as it is kept with its import. */
export interface DryRun {
  /** Which of the runs of this import it is: one of an earlier plan stops when it sees another. */
  run: string;
  /** How often a worker has begun it. */
  attempts: number;
  findings?: Findings;
}
