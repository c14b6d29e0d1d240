import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import type { Change } from '../core/changes';
import { standardType } from '../core/record-types';
import type { Work } from '../core/work';
import type { Batch } from './engine';

/** A stage that a deal went into before it came here. */
export interface StageMove {
  dealId: string;
  stageId: string;
  /** The stage it came from; null for where it began. */
  from: string | null;
  /** ISO 8601. */
  at: string;
  /** Who moved it, where the source says so. */
  memberId: string | null;
}

/** The moves between the stages a deal was in, which are given with when it entered each; the first is where it began. */
export function movesBetween(
  dealId: string,
  entered: readonly { stageId: string; at: string; memberId?: string | null }[],
): StageMove[] {
  const inTurn = entered.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return inTurn.flatMap(({ stageId, at, memberId = null }, i) => {
    const before = inTurn[i - 1];
    return before && before.stageId !== stageId ? [{ dealId, stageId, from: before.stageId, at, memberId }] : [];
  });
}

/** The moves of deals that are known here, the first one first; those taken back are none. */
export async function movesOf(
  work: Work,
  ids: readonly string[],
): Promise<Map<string, { stageId: string; at: string }[]>> {
  if (ids.length === 0) return new Map();
  const tenant = work.actor.tenantId;
  const rows = await work.db.rows<{ id: string; stageId: string; at: string }>(sql`
    select c.record_id as id, c.after ->> 'stageId' as "stageId", c.at::text as at from app.change c
    join app.change_set s on s.tenant_id = ${tenant} and s.id = c.change_set_id and s.undone_by is null
    where c.tenant_id = ${tenant} and c.record_id = any(${sql.param([...ids])}::uuid[]) and c.op = 'update' and jsonb_exists(c.after, 'stageId')
    order by c.at`);
  return Map.groupBy(rows, ({ id }) => id);
}

/** Takes the source's ids away that an import has given to records which were here: they were its guess. */
export async function takeBackIds(work: Work, changeSetId: string): Promise<void> {
  await work.db.rows(sql`
    delete from app.external_id where tenant_id = ${work.actor.tenantId} and change_set_id = ${changeSetId}`);
}

/** Takes the moves back that an import has brought: they stand as taken back, like everything else of it. */
export async function takeBackMoves(
  work: Work,
  { id, startedAt }: { id: string; startedAt: string | null },
  undoId: string,
): Promise<void> {
  await work.db.rows(sql`
    update app.change_set set undone_by = ${undoId}
    where tenant_id = ${work.actor.tenantId} and written_at >= ${startedAt ?? work.now.toISOString()}::timestamptz and verb = 'move'
      and channel = 'import' and detail ->> 'importId' = ${id} and undone_by is null`);
}

/**
 * Writes down past moves as what they were: a change set each, of its own day and person, so that timelines, field history
 * and reports tell them like any other. The deals themselves are not touched. A move that is known already is left out, so
 * that a file can be brought again.
 */
export async function keepMoves(work: Work, importId: string, { moves = [] }: Batch): Promise<void> {
  if (moves.length === 0) return;
  const tenant = work.actor.tenantId;
  const ids = [...new Set(moves.map(({ dealId }) => dealId))];
  const known = await movesOf(work, ids);
  const there = new Set([...known].flatMap(([id, list]) => list.map(({ at }) => `${id} ${Date.parse(at)}`)));
  const fresh = moves.filter(({ dealId, at }) => !there.has(`${dealId} ${Date.parse(at)}`));
  const rows = fresh.map(({ dealId, stageId, from, at, memberId }) => ({
    // Timelines stand in the order of these ids.
    set: v7({ msecs: Date.parse(at) }),
    ...{ at, member: memberId, deal: dealId, before: { stageId: from }, after: { stageId } },
  }));
  if (rows.length === 0) return;
  await work.db.prepared(
    'change_set.past',
    `with past as materialized (
       select r.* from jsonb_to_recordset($2) as r (set uuid, at timestamptz, member uuid, deal uuid, before jsonb, after jsonb)),
     sets as (
       insert into app.change_set (tenant_id, id, at, member_id, channel, verb, detail, request_id)
       select $1, p.set, p.at, p.member, 'import', 'move', $3, $4 from past p)
     insert into app.change (tenant_id, change_set_id, object, record_id, op, at, before, after)
     select $1, p.set, 'deal', p.deal, 'update', p.at, p.before, p.after from past p`,
    [tenant, JSON.stringify(rows), JSON.stringify({ importId }), work.requestId],
  );
}

/** Deals looked at in one transaction. */
const mostDeals = 2000;

/**
 * Changes that give deals the moment in which they entered their stage, where an import's moves tell it: a page of them.
 * @param after the last deal of the page before, or null at the beginning
 * @returns `last` null at the end
 */
export async function enteredStages(
  work: Work,
  importId: string,
  after: string | null,
): Promise<{ changes: Change[]; last: string | null }> {
  const tenant = work.actor.tenantId;
  // Of what an import changes the moment is that of the import; moves of people count, and those of the file.
  const rows = await work.db.rows<{ id: string; at: string; told: boolean }>(sql`
    select d.id, m.at, coalesce(m.stage = d.stage_id::text and m.import = ${importId} and m.at <> d.stage_entered_at, false) as told
    from (
      select t.id, t.stage_id, t.stage_entered_at from app.deal t
      where t.tenant_id = ${tenant} and t.deleted_at is null and t.id > ${after ?? '00000000-0000-0000-0000-000000000000'}::uuid
      order by t.id limit ${mostDeals} for update) d
    left join lateral (
      select c.at, c.after ->> 'stageId' as stage, s.detail ->> 'importId' as import from app.change c
      join app.change_set s on s.tenant_id = ${tenant} and s.id = c.change_set_id and s.undone_by is null and s.verb <> 'import'
      where c.tenant_id = ${tenant} and c.record_id = d.id and c.op = 'update' and jsonb_exists(c.after, 'stageId')
      order by c.at desc limit 1) m on true
    order by d.id`);
  const type = standardType('deal');
  const changes = rows.flatMap(({ id, at, told }): Change[] =>
    told ? [{ type, op: 'update', id, values: { stageEnteredAt: new Date(at).toISOString() } }] : [],
  );
  return { changes, last: rows.length < mostDeals ? null : (rows.at(-1)?.id ?? null) };
}
