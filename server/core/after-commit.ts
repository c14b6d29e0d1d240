import type { TenantDb } from '@/db/tenant';

const waiting = new WeakMap<TenantDb, (() => void)[]>();

/** Does something once the transaction is committed; nothing if it is rolled back. */
export function afterCommit(db: TenantDb, run: () => void): void {
  const list = waiting.get(db);
  if (list) list.push(run);
  else waiting.set(db, [run]);
}

/** Called by whoever opened the transaction, after it is committed. */
export function committed(db: TenantDb): void {
  for (const run of waiting.get(db) ?? []) run();
  waiting.delete(db);
}
