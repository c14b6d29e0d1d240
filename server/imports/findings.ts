import { clip } from '@/domain/clip';
import {
  type DifferenceKind,
  type FieldFinding,
  type FieldSample,
  type Findings,
  type ProblemKind,
  type SampledOutcome,
  sampledOutcomes,
} from '@/domain/imports/findings';
import { namedReferences, titlesOf } from '../changes/changes';
import type { Work } from '../core/work';
import type { Batch, Difference, RowResult } from './engine';
import { shortened as shortParams } from './problems';

/** Examples kept of one field and what becomes of it, and of one outcome. */
const mostSamples = 5;
/** Cells of an example, and characters of each: a file must not be kept in its report. */
const mostCells = 40;
const longestText = 200;
/** Kinds of problems kept: codes are few, but a file may have a thousand columns. */
const mostKinds = 500;

/** Gathers what a dry run finds, batch by batch. */
export class FindingsBook {
  private readonly kinds = new Map<string, ProblemKind>();
  private readonly fields = new Map<string, FieldFinding>();
  private readonly samples: Findings['samples'] = { created: [], updated: [], unchanged: [] };
  /** Titles of records that an import would make, which a difference may name. */
  private readonly titles = new Map<string, string>();

  add(batch: Batch): void {
    for (const row of batch.rows) {
      this.countProblems(row);
      for (const difference of row.differs) this.countDifference(row, difference);
      if (!isSampled(row.outcome)) continue;
      const list = this.samples[row.outcome];
      if (list.length >= mostSamples) continue;
      const cells = row.cells.slice(0, mostCells).map((cell) => clip(cell, longestText));
      list.push({ row: row.row, cells, recordId: row.outcome === 'created' ? null : row.recordId });
    }
  }

  private countProblems({ row, problems }: RowResult): void {
    for (const { code, level, target, header, params } of problems) {
      const key = `${level} ${code} ${header}`;
      const kind = this.kinds.get(key);
      if (kind) kind.rows++;
      else if (this.kinds.size < mostKinds)
        this.kinds.set(key, { code, level, target, header, rows: 1, example: { row, params: shortParams(params) } });
    }
  }

  private countDifference(
    { row, recordId, held }: RowResult,
    { field, kind, before, after, title, afterTitle }: Difference,
  ): void {
    const found = this.fields.get(field) ?? { field, replace: 0, fill: 0, keep: 0, samples: [] };
    this.fields.set(field, found);
    found[kind]++;
    if (recordId === null || found.samples.filter((sample) => sample.kind === kind).length >= mostSamples) return;
    if (typeof after === 'string' && afterTitle) this.titles.set(after, afterTitle);
    const currency = held?.currency ?? null;
    found.samples.push({ kind, row, recordId, title, before: shortened(before), after: shortened(after), currency });
  }

  /** All of it, references by their titles. */
  async close(
    work: Work,
    object: string,
    { stages, forgetful }: Pick<Findings, 'stages' | 'forgetful'>,
  ): Promise<Findings> {
    const fields = [...this.fields.values()].sort((a, b) => total(b) - total(a));
    const about = fields.flatMap(({ field, samples }) =>
      samples.map((sample) => ({ sample, reference: referenceOf(object, field, sample) })),
    );
    const found = await titlesOf(
      work,
      about.map(({ reference }) => reference),
    );
    const titles = new Map([...Object.entries(stages), ...found, ...this.titles]);
    const named = new Map(
      about.map(({ sample, reference }) => [sample, namedReferences(work, reference, titles)] as const),
    );
    return {
      kinds: [...this.kinds.values()].sort((a, b) => b.rows - a.rows),
      fields: fields.map(({ field, samples, ...counts }) => ({
        field,
        ...counts,
        samples: samples.map((sample) => ({
          ...sample,
          before: named.get(sample)?.before?.[field] ?? null,
          after: named.get(sample)?.after?.[field] ?? null,
        })),
      })),
      samples: this.samples,
      stages,
      forgetful,
    };
  }
}

const isSampled = (outcome: string): outcome is SampledOutcome => sampledOutcomes.some((name) => name === outcome);

const total = (field: Record<DifferenceKind, number>) => field.replace + field.keep + field.fill;

const referenceOf = (object: string, field: string, { recordId, before, after }: FieldSample) => ({
  object,
  recordId,
  before: { [field]: before },
  after: { [field]: after },
});

const shortened = (value: unknown) => (typeof value === 'string' ? clip(value, longestText) : value);
