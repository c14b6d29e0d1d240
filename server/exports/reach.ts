import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { scopes } from '@/domain/permissions';
import { scopeFor } from '../core/scope';
import type { Work } from '../core/work';

const reachSchema = z.object({
  /** By kind of record: whose the person may read. */
  kinds: z.record(z.string(), z.enum(scopes)),
  /** Teams whose records those of the team are. */
  teams: z.array(z.string()),
});
/** How far somebody may read. */
export type Reach = z.infer<typeof reachSchema>;

export async function reachOf(work: Work): Promise<Reach> {
  const { tenantId, memberId, teamId } = work.actor;
  const teams = await work.db.rows<{ id: string }>(sql`
    select id from app.team where tenant_id = ${tenantId} and (manager_id = ${memberId} or id = ${teamId}) order by id`);
  const kinds = work.types.all().map((type) => [type.object, scopeFor(work, type, 'read')] as const);
  return { kinds: Object.fromEntries(kinds), teams: teams.map(({ id }) => id) };
}

/**
 * Whether somebody may still read all that a file was written with: a file is no way round a right that was taken away
 * since. Kinds of record that are gone, and rights that were added, make no difference.
 * @param then as it was stored; null of files that are older than this
 */
export function reachesStill(now: Reach, then: unknown): boolean {
  if (then === null) return true;
  const { kinds, teams } = reachSchema.parse(then);
  const narrower = Object.entries(kinds).some(([object, scope]) => {
    const left = now.kinds[object];
    return left !== undefined && scopes.indexOf(left) < scopes.indexOf(scope);
  });
  const byTeam = Object.values(kinds).includes('team');
  return !narrower && (!byTeam || teams.every((id) => now.teams.includes(id)));
}
