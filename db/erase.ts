import { sql } from 'drizzle-orm';
import type { TenantDb } from './tenant';

/**
 * Takes the values of records out of the history, which the application may not change itself: a definer function does
 * it, for an erasure this transaction has written down, and keeps each row's hash so that the audit's chain still holds
 * (docs/decisions/0026-erase.md).
 * @returns how many rows of the history lost their values
 */
export async function eraseHistory(db: TenantDb, erasureId: string, recordIds: string[]): Promise<number> {
  const [row] = await db.rows<{ changes: number }>(
    sql`select auth.history_erase(${db.tenantId}, ${erasureId}, ${sql.param(recordIds)}::uuid[]) as changes`,
  );
  return row?.changes ?? 0;
}
