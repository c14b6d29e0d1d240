import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { searchText } from '@/domain/fields';
import { type Filter, filterSchema } from '@/domain/filters';
import { baseConditions, direction, listRecords, type RecordRow } from '../core/records';
import { requireVisible } from '../core/scope';
import type { Work } from '../core/work';
import { settingsOf } from '../tenants/settings';
import { dealType } from './deals';

export const boardInput = z.strictObject({
  pipelineId: z.uuid(),
  filter: filterSchema.optional(),
  q: searchText.optional(),
});
export const columnInput = z.strictObject({
  stageId: z.uuid(),
  filter: filterSchema.optional(),
  q: searchText.optional(),
  cursor: z.string().max(2000).nullish(),
  limit: z.int().min(1).max(200).default(50),
  direction,
});

export interface BoardColumn {
  stageId: string;
  count: number;
  /** Minor units of the tenant's currency. */
  total: number;
  /** `total` by the deals' probability. */
  weighted: number;
}

export interface Board {
  columns: BoardColumn[];
  currency: string;
  /** Sums in other currencies, which are never added to the tenant's own. */
  other: { stageId: string; currency: string; count: number; total: number }[];
}

/** Count and sums of each stage of a pipeline, in scope and filtered: right before a single card has arrived. */
export async function board(work: Work, input: z.infer<typeof boardInput>): Promise<Board> {
  const where = sql.join(
    [...baseConditions(work, dealType, input.filter, input.q), sql`t.pipeline_id = ${input.pipelineId}`],
    sql` and `,
  );
  const [settings, , sums] = await Promise.all([
    settingsOf(work),
    requireVisible(work, work.types.get('pipeline'), input.pipelineId),
    work.db.rows<{ stageId: string; currency: string; count: number; total: number; weighted: number }>(sql`
      select t.stage_id as "stageId", t.currency, count(*)::int as count, coalesce(sum(t.amount), 0)::bigint as total,
        coalesce(sum(t.amount * t.probability) / 100, 0)::bigint as weighted
      from app.deal t where ${where} group by t.stage_id, t.currency`),
  ]);
  const columns = new Map<string, BoardColumn>();
  const other: Board['other'] = [];
  for (const { stageId, currency, count, total, weighted } of sums) {
    const column = columns.get(stageId) ?? { stageId, count: 0, total: 0, weighted: 0 };
    column.count += count;
    if (currency === settings.currency) {
      column.total += total;
      column.weighted += weighted;
    } else {
      other.push({ stageId, currency, count, total });
    }
    columns.set(stageId, column);
  }
  return { columns: [...columns.values()], currency: settings.currency, other };
}

const cardColumns = [
  'name',
  'companyId',
  'amount',
  'currency',
  'ownerId',
  'stageId',
  'status',
  'stageEnteredAt',
  'expectedClose',
  'boardOrder',
];

/** Cards of one stage, highest first. `nextTask` is the earliest open task's day, for the red of the overdue. */
export async function column(
  work: Work,
  input: z.infer<typeof columnInput>,
): Promise<{ rows: RecordRow[]; next: string | null }> {
  const inStage: Filter = { field: 'stageId', op: 'is', value: input.stageId };
  const [page] = await Promise.all([
    listRecords(work, boardType, {
      filter: input.filter ? { and: [inStage, input.filter] } : inStage,
      q: input.q,
      sort: [{ field: 'boardOrder', dir: 'desc' }],
      columns: cardColumns,
      cursor: input.cursor,
      limit: input.limit,
    }),
    requireVisible(work, work.types.get('stage'), input.stageId),
  ]);
  const ids = page.rows.map((row) => row.id);
  const due =
    ids.length === 0
      ? []
      : await work.db.rows<{ id: string; dueOn: string }>(sql`
    select k.deal_id as id, min(k.due_on) as "dueOn" from app.task k
    where k.tenant_id = ${work.actor.tenantId} and k.deal_id = any(${sql.param(ids)}::uuid[]) and k.deleted_at is null and k.done is not true and k.due_on is not null
    group by k.deal_id`);
  const dueById = new Map(due.map((row) => [row.id, row.dueOn]));
  return { ...page, rows: page.rows.map((row) => ({ ...row, nextTask: dueById.get(row.id) ?? null })) };
}

/** The deal with its place on the board as a sortable field. */
const boardType = {
  ...dealType,
  fields: {
    ...dealType.fields,
    boardOrder: { ...dealType.fields.stageEnteredAt, type: 'number' as const, required: true },
  },
};
