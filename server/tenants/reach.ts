import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { recordRights } from '@/domain/permissions';
import type { Work } from '../core/work';

/**
 * A short text that is another one whenever the records a person may read may have become others by something else than
 * the records themselves: membership, role, teams and who is in them, rights of the tenant's own objects. How pages are
 * laid out is not in it, since a layout hides nothing from who asks.
 */
export async function reachOf(work: Work): Promise<string> {
  const { memberId, role, teamId } = work.actor;
  const own = work.types.objects.map(({ key, rights }) => [key, rights.read[role]] as const);
  const byTeam =
    Object.values(recordRights).some(({ read }) => read[role] === 'team') || own.some(([, scope]) => scope === 'team');
  const mates = byTeam ? await teamMates(work) : null;
  return createHash('sha256')
    .update(JSON.stringify([memberId, role, teamId, own, mates]))
    .digest('base64url')
    .slice(0, 16);
}

/** Whose records `team` means for the actor, as one text: the same members as in server/core/scope.ts. */
async function teamMates(work: Work): Promise<string | null> {
  const { tenantId, memberId, teamId } = work.actor;
  const [row] = await work.db.rows<{ mates: string | null }>(sql`
    select md5(string_agg(m.id::text, ',' order by m.id)) as mates from app.member m
    where m.tenant_id = ${tenantId} and m.team_id in (
      select g.id from app.team g where g.tenant_id = ${tenantId} and (g.manager_id = ${memberId} or g.id = ${teamId}))`);
  return row?.mates ?? null;
}
