import { and, eq, sql } from 'drizzle-orm';
import { reactions } from '@/db/schema/conversation';
import type { ReactionSign } from '@/domain/conversation';
import { notFound } from '@/domain/refusals';
import { type RecordType, snake } from '../core/record-types';
import { inScope, isTopic, isVisible } from '../core/scope';
import type { Work } from '../core/work';

export interface ReactionView {
  emoji: string;
  count: number;
  /** Whether the actor is among them. */
  mine: boolean;
  /** Who they are, the first ten. */
  names: string[];
}

/** What people left on comments and notes, by their ids. */
export async function reactionsTo(work: Work, ids: readonly string[]): Promise<Map<string, ReactionView[]>> {
  if (ids.length === 0) return new Map();
  const rows = await work.db.rows<ReactionView & { targetId: string }>(sql`
    select r.target_id as "targetId", r.emoji, count(*)::int as count, bool_or(r.member_id = ${work.actor.memberId}) as mine,
      (array_agg(m.name order by r.at))[1:10] as names
    from app.reaction r join app.member m on m.tenant_id = r.tenant_id and m.id = r.member_id
    where r.tenant_id = ${work.actor.tenantId} and r.target_id = any(${sql.param([...ids])}::uuid[])
    group by r.target_id, r.emoji order by min(r.at), r.emoji`);
  const found = new Map<string, ReactionView[]>();
  for (const { targetId, ...reaction } of rows) found.set(targetId, [...(found.get(targetId) ?? []), reaction]);
  return found;
}

/** How many notes of a record are asked for signs at most. */
const mostNotes = 500;

/** What people left on those notes of a record that the actor may read; nothing for notes without any. */
export async function reactionsToNotes(
  work: Work,
  anchor: RecordType,
  recordId: string,
): Promise<{ id: string; reactions: ReactionView[] }[]> {
  const note = work.types.get('note');
  const by =
    note.shownOn?.find((name) => note.fields[name]?.to === anchor.object) ??
    (isTopic(anchor) ? note.shownOnAny?.[0] : undefined);
  if (!by) return [];
  const { tenantId } = work.actor;
  const scope = inScope(work, note, 'read');
  const rows = await work.db.rows<{ id: string }>(sql`
    select t.id from ${note.table} t
    where t.tenant_id = ${tenantId} and t.${sql.identifier(snake(by))} = ${recordId} and t.deleted_at is null
      ${scope ? sql`and ${scope}` : sql``}
      and exists (select from app.reaction r where r.tenant_id = ${tenantId} and r.target_id = t.id)
    order by t.id desc limit ${mostNotes}`);
  const found = await reactionsTo(
    work,
    rows.map(({ id }) => id),
  );
  return [...found].map(([id, reactions]) => ({ id, reactions }));
}

/**
 * Leaves a sign on a comment or a note, or takes it back.
 * @returns whether it is there now
 * @throws Refusal notFound when the actor may not read it
 */
export async function react(
  work: Work,
  input: { target: 'comment' | 'note'; id: string; emoji: ReactionSign },
): Promise<{ on: boolean }> {
  if (!(await isVisible(work, work.types.get(input.target), input.id))) throw notFound();
  const { memberId } = work.actor;
  const gone = await work.db.delete(
    reactions,
    and(eq(reactions.targetId, input.id), eq(reactions.memberId, memberId), eq(reactions.emoji, input.emoji)),
  );
  if (gone > 0) return { on: false };
  const row = { targetId: input.id, memberId, emoji: input.emoji, at: work.now.toISOString() };
  await work.db.insertMissing(reactions, [row]);
  return { on: true };
}
