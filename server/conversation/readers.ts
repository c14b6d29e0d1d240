import { sql } from 'drizzle-orm';
import type { Role } from '@/domain/permissions';
import { notFound } from '@/domain/refusals';
import type { RecordType } from '../core/record-types';
import { inScope, isAnchor, requireVisible } from '../core/scope';
import { andKind } from '../core/types';
import type { Work } from '../core/work';

/** The kind of a record that people talk on, which the actor may read. @throws Refusal notFound */
export async function requireAnchor(work: Work, object: string, id: string): Promise<RecordType> {
  const type = work.types.find(object);
  if (!type || !isAnchor(type)) throw notFound();
  work.db.requires(requireVisible(work, type, id));
  return type;
}

export interface Reader {
  id: string;
  name: string;
  role: Role;
  teamId: string | null;
}

/** People of the tenant who can sign in, among some ids or all of them. */
export async function people(work: Work, ids?: readonly string[]): Promise<Reader[]> {
  if (ids?.length === 0) return [];
  const among = ids ? sql`and m.id = any(${sql.param([...ids])}::uuid[])` : sql``;
  return work.db.rows<Reader>(sql`
    select m.id, m.name, m.role, m.team_id as "teamId" from app.member m
    where m.tenant_id = ${work.actor.tenantId} and m.deleted_at is null and m.status = 'active' and m.user_id is not null ${among}`);
}

/** The same work with another person's eyes. */
function asSeenBy(work: Work, { id, role, teamId }: Reader): Work {
  return { ...work, actor: { ...work.actor, memberId: id, role, teamId, userId: null } };
}

/** Which of some records of a kind a person may read. */
export async function readableBy(
  work: Work,
  reader: Reader,
  type: RecordType,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const scope = inScope(asSeenBy(work, reader), type, 'read');
  // Without a scope of their own they read whatever is there.
  if (!scope) return new Set(ids);
  const rows = await work.db.rows<{ id: string }>(sql`
    select t.id from ${type.table} t where t.tenant_id = ${work.actor.tenantId} and t.id = any(${sql.param([...ids])}::uuid[])
      and t.deleted_at is null ${andKind(type)} and ${scope}`);
  return new Set(rows.map(({ id }) => id));
}

/** Who of these people may read a record. */
export async function readersOf(
  work: Work,
  type: RecordType,
  recordId: string,
  among: readonly Reader[],
): Promise<Reader[]> {
  const found: Reader[] = [];
  for (const reader of among) if ((await readableBy(work, reader, type, [recordId])).has(recordId)) found.push(reader);
  return found;
}
