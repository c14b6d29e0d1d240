import { and, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { imports } from '@/db/schema/imports';
import { mostInSet } from '@/domain/imports/sets';
import type { InSteps, Work } from '../core/work';
import { check, checkStatuses } from './check';
import { planInput } from './plan-input';

export const checkSetInput = z.strictObject({
  files: z.array(planInput).min(1).max(mostInSet),
  /** Also those whose plan is the same as the last time: the records may have changed. */
  again: z.boolean().default(false),
});

/**
 * Goes through files as their imports would, each for itself, and writes no record.
 * @returns how many of these dry runs are not over yet: none of them, once all were made for these very plans
 */
export async function checkSet(inSteps: InSteps, input: z.output<typeof checkSetInput>): Promise<{ open: number }> {
  const ids: string[] = [];
  for (const file of input.files) ids.push((await check(inSteps, { ...file, again: input.again })).id);
  const open = and(inArray(imports.id, ids), eq(imports.status, 'checking'));
  return { open: (await inSteps((work) => work.db.find(imports, open))).length };
}

/** What a dry run has found, as a line. */
interface DryRunLine {
  status: (typeof checkStatuses)[number];
  error: string | null;
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  refused: number;
  /** Rows that the source has in its bin, or the plan leaves out. */
  left: number;
  /** Values of records that are here of which the file says otherwise. */
  conflicts: number;
  /** Of the rows refused, those that name a record which is not here: another file may bring it. */
  waiting: number;
}

/** The person's dry runs of files, by file. */
export async function dryRunsOf(work: Work, fileIds: readonly string[]): Promise<Map<string, DryRunLine>> {
  const findings = (list: string, rows: ReturnType<typeof sql>) =>
    sql`coalesce((select sum(${rows}) from jsonb_array_elements(i.found->'findings'->${list}) f), 0)::int`;
  const rows = await work.db.rows<DryRunLine & { fileId: string }>(sql`
    select i.file_id as "fileId", i.status, i.error, i.rows, i.created, i.updated, i.unchanged, i.refused,
      (coalesce(i.sums->'left'->>'deleted', '0')::int + coalesce(i.sums->'left'->>'skipped', '0')::int) as left,
      ${findings('fields', sql`(f->>'replace')::int + (f->>'keep')::int`)} as conflicts,
      ${findings('kinds', sql`case when f->>'code' = 'requiredReference' and f->>'level' = 'row' then (f->>'rows')::int else 0 end`)} as waiting
    from app.import i
    where i.tenant_id = ${work.actor.tenantId} and i.member_id = ${work.actor.memberId}
      and i.file_id = any(${sql.param([...fileIds])}::uuid[]) and i.status = any(${sql.param([...checkStatuses])}::text[])`);
  return new Map(rows.map(({ fileId, ...line }) => [fileId, line]));
}
