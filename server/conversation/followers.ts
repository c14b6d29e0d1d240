import { sql } from 'drizzle-orm';
import { followers } from '@/db/schema/conversation';
import { snake } from '../core/record-types';
import type { Work } from '../core/work';
import { requireAnchor } from './readers';

export interface Followers {
  /** Whether the actor hears of what happens to the record. */
  following: boolean;
  people: { id: string; name: string; owner: boolean }[];
}

/** Who follows a record: its owner, and whoever asked to or took part. @throws Refusal notFound */
export async function listFollowers(work: Work, input: { object: string; recordId: string }): Promise<Followers> {
  const type = await requireAnchor(work, input.object, input.recordId);
  const { tenantId, memberId } = work.actor;
  const owner = type.owner
    ? sql`union select t.${sql.identifier(snake(type.owner))}, true from ${type.table} t
        where t.tenant_id = ${tenantId} and t.id = ${input.recordId}`
    : sql``;
  const people = await work.db.rows<Followers['people'][number]>(sql`
    select m.id, m.name, bool_or(l.owner) as owner
    from (select f.member_id as id, false as owner from app.follower f
        where f.tenant_id = ${tenantId} and f.record_id = ${input.recordId} and not f.muted ${owner}) as l
    join app.member m on m.tenant_id = ${tenantId} and m.id = l.id and m.deleted_at is null
    where not exists (select from app.follower s where s.tenant_id = ${tenantId} and s.record_id = ${input.recordId}
      and s.member_id = m.id and s.muted)
    group by m.id, m.name order by m.name limit 200`);
  return { following: people.some(({ id }) => id === memberId), people };
}

/** Follows a record from now on, or hears nothing more of it, not even as its owner. @throws Refusal notFound */
export async function follow(
  work: Work,
  { object, recordId, on }: { object: string; recordId: string; on: boolean },
): Promise<{ following: boolean }> {
  await requireAnchor(work, object, recordId);
  const row = { object, recordId, memberId: work.actor.memberId, muted: !on, at: work.now.toISOString() };
  await work.db.upsert(followers, row, [followers.tenantId, followers.recordId, followers.memberId], { muted: !on });
  return { following: on };
}

/** Whoever takes part follows, unless they asked for silence before. */
export async function followByItself(work: Work, object: string, recordId: string): Promise<void> {
  const row = { object, recordId, memberId: work.actor.memberId, at: work.now.toISOString() };
  await work.db.insertMissing(followers, [row]);
}
