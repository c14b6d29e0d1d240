import { and, gte, lte, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { plainArray } from '@/db/arrays';

/**
 * One of many ids, with their bounds: what was made together is read together, and lies between few others. Of a tenant
 * that was filled a minute ago Postgres knows nothing, and would go through all its records for them.
 */
export function among(id: PgColumn, ids: readonly string[]): SQL | undefined {
  const sorted = ids.toSorted();
  return and(gte(id, sorted[0]), lte(id, sorted.at(-1)), sql`${id} = any(${plainArray(sorted)}::uuid[])`);
}
