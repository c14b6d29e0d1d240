/** What a change set says it did; the timeline has a sentence for each. */
export const verbs = [
  'create',
  'update',
  'delete',
  'restore',
  'move',
  'win',
  'lose',
  'reopen',
  'complete',
  'import',
  'undo',
  'link',
  'unlink',
  'configure',
  'sample',
  'merge',
] as const;
export type Verb = (typeof verbs)[number];

/** Through what a change came. */
export const channels = ['screen', 'api', 'import', 'system'] as const;
export type Channel = (typeof channels)[number];

export type ChangeOp = 'create' | 'update' | 'delete';

/** One record's part of a change set as readers get it. */
export interface ChangeView {
  object: string;
  recordId: string;
  recordTitle: string | null;
  op: ChangeOp;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

export interface UndoReport {
  changeSetId: string;
  /** Records put back. */
  undone: number;
  /** Records that a job is putting back, where they are too many for one request. */
  queued?: number;
  /** Fields edited since, which were left as they are. */
  kept: {
    object: string;
    recordId: string;
    recordTitle: string | null;
    field: string;
    by: string | null;
    at: string;
  }[];
}
