import { type SQL, sql } from 'drizzle-orm';
import type { TenantDb } from '@/db/tenant';

/**
 * What is left of erased rows, in one hash: which they were, and what each one's own hash was. The entry that tells of
 * the erasure holds it and is sealed, so a row that was not erased by it, or was altered since, does not fit.
 */
const digest: SQL = sql`encode(sha256(convert_to(string_agg(jsonb_build_array(c.change_set_id, c.object, c.record_id, c.op,
  c.at at time zone 'UTC', c.written_at at time zone 'UTC', c.erased_hash)::text, E'\n' order by c.change_set_id, c.record_id), 'UTF8')), 'hex')`;

/** The digest of one erasure; empty when it took no values. */
export async function digestOf(db: TenantDb, erasureId: string): Promise<string> {
  const [row] = await db.rows<{ digest: string | null }>(
    sql`select ${digest} as digest from app.change c where c.tenant_id = ${db.tenantId} and c.erasure_id = ${erasureId}`,
  );
  return row?.digest ?? '';
}

/** When the first row was written that says it is erased while no entry of the audit accounts for it as it is now. */
export async function unaccounted(db: TenantDb): Promise<string | undefined> {
  const [row] = await db.rows<{ at: string }>(sql`
    with erased as (
      select c.erasure_id, count(*)::int as changes, ${digest} as digest, min(c.written_at) as at,
        bool_or(c.before is not null or c.after is not null or c.erased_hash is null) as filled
      from app.change c where c.tenant_id = ${db.tenantId} and c.erasure_id is not null group by c.erasure_id)
    select to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from erased e
    where e.filled or not exists (
      select from app.audit_event v where v.tenant_id = ${db.tenantId} and v.action = 'recordsErased'
        and v.detail ->> 'erasureId' = e.erasure_id::text and v.detail ->> 'digest' = e.digest and (v.detail ->> 'changes')::int = e.changes)
    order by e.at limit 1`);
  return row?.at;
}
