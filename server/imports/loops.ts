import { sql } from 'drizzle-orm';
import type { Change } from '../core/changes';
import type { Work } from '../core/work';

/**
 * Of changes of companies those whose new parent hangs below the company itself, with the parents that are stored: rows of
 * one file that name each other in a circle are known before (`scan.ts`).
 * @returns ids of the companies
 */
export async function ownAncestors(work: Work, changes: readonly Change[]): Promise<Set<string>> {
  const moved = changes.flatMap((change) =>
    change.op === 'update' && change.type.object === 'company' && typeof change.values.parentId === 'string'
      ? [{ id: change.id, parent: change.values.parentId }]
      : [],
  );
  if (moved.length === 0) return new Set();
  const tenant = work.actor.tenantId;
  // Rows met twice end it, so that a circle that is there already is no endless one.
  const rows = await work.db.rows<{ id: string }>(sql`
    with recursive up as (
      select r.id, r.parent as at from unnest(${sql.param(moved.map(({ id }) => id))}::uuid[], ${sql.param(moved.map(({ parent }) => parent))}::uuid[]) as r (id, parent)
      union
      select up.id, c.parent_id from up join app.company c on c.tenant_id = ${tenant} and c.id = up.at where c.parent_id is not null and up.at <> up.id)
    select distinct id from up where at = id`);
  return new Set(rows.map(({ id }) => id));
}
