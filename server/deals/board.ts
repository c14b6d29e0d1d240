import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type Field, searchText } from '@/domain/fields';
import { type Filter, filterSchema } from '@/domain/filters';
import type { RecordType } from '../core/record-types';
import { baseConditions, direction, listRecords, type RecordRow } from '../core/records';
import { inScope, requireVisible } from '../core/scope';
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
  /** Fields the cards show besides what every card has; without them those of a card nobody arranged. */
  columns: z.array(z.string().max(100)).max(50).optional(),
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
    [...baseConditions(work, work.types.of(dealType), input.filter, input.q), sql`t.pipeline_id = ${input.pipelineId}`],
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

/** What every card has: its name, and what the figures above the cards and the age at their foot are reckoned from. */
const alwaysOnCards = ['name', 'amount', 'currency', 'stageId', 'status', 'stageEnteredAt', 'boardOrder'];
const usuallyOnCards = ['companyId', 'ownerId', 'expectedClose'];

/**
 * Cards of one stage, highest first, with the fields asked for and those of every card. `nextTask` is the day of the
 * earliest open task that the actor may see, for the red of the overdue.
 * @throws Refusal notFound for a stage that is not there, invalid `unknownField` for a field deals do not have
 */
export async function column(
  work: Work,
  input: z.infer<typeof columnInput>,
): Promise<{ rows: RecordRow[]; next: string | null }> {
  const inStage: Filter = { field: 'stageId', op: 'is', value: input.stageId };
  const [page] = await Promise.all([
    listRecords(work, onBoard(work.types.of(dealType)), {
      filter: input.filter ? { and: [inStage, input.filter] } : inStage,
      q: input.q,
      sort: [{ field: 'boardOrder', dir: 'desc' }],
      columns: [...new Set([...alwaysOnCards, ...(input.columns ?? usuallyOnCards)])],
      cursor: input.cursor,
      limit: input.limit,
    }),
    requireVisible(work, work.types.get('stage'), input.stageId),
  ]);
  return page;
}

/** The earliest day of a deal's open tasks. */
function nextTask(work: Work): SQL {
  const scope = inScope(work, work.types.get('task'), 'read', 'k');
  return sql`select min(k.due_on) from app.task k where k.tenant_id = ${work.actor.tenantId} and k.deal_id = t.id
    and k.deleted_at is null and k.done is not true and k.due_on is not null ${scope ? sql`and ${scope}` : sql``}`;
}

const boardTypes = new WeakMap<RecordType, RecordType>();

/** The deal with its place on the board as a sortable field, and its next task. The same for the same kind: statements are kept by it. */
function onBoard(type: RecordType): RecordType {
  const known = boardTypes.get(type);
  if (known) return known;
  const boardOrder: Field = { ...dealType.fields.stageEnteredAt, type: 'number', required: true };
  const looked = { nextTask: { object: 'task', sql: nextTask } };
  const made = { ...type, fields: { ...type.fields, boardOrder }, looked };
  boardTypes.set(type, made);
  return made;
}
