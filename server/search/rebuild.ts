import { and, gt, isNull } from 'drizzle-orm';
import { searchStates } from '@/db/schema/records';
import { inTenant, type TenantDb } from '@/db/tenant';
import { keyRules } from '@/domain/search-keys';
import { rewriteKeys } from '../core/changes';
import { type Log, log as processLog } from '../core/log';
import { flat, type RecordType } from '../core/record-types';
import { ofKind, typesOf } from '../core/types';

/** Records whose keys are made anew in one transaction: a fraction of a second. */
const batch = 500;

/**
 * Makes a tenant's search keys anew where they were made by older rules; otherwise one quick question. Goes on where it
 * was stopped, and what it has not come to yet is found by the keys it has.
 * @returns how many records were done
 */
export async function rebuildSearch(tenantId: string, signal?: AbortSignal, log: Log = processLog): Promise<number> {
  let done = 0;
  for (;;) {
    signal?.throwIfAborted();
    const rows = await inTenant(tenantId, 'write', rebuildBatch);
    if (rows === null) break;
    done += rows;
  }
  if (done > 0) log.info({ tenantId, records: done, rules: keyRules }, 'search keys rebuilt');
  return done;
}

/** One batch. @returns how many records it had; null when nothing is left to do */
async function rebuildBatch(db: TenantDb): Promise<number | null> {
  const [state] = await db.find(searchStates, undefined, { lock: true });
  if (state && state.rules >= keyRules) return null;
  const types = (await typesOf(db)).all().filter(({ searchTexts }) => searchTexts);
  types.sort((a, b) => (a.object < b.object ? -1 : 1));
  const type = types.find(({ object }) => object >= (state?.object ?? ''));
  if (!type) {
    await put(db, { rules: keyRules, object: null, afterId: null });
    return null;
  }
  const rows = await nextRows(db, type, state?.object === type.object ? state.afterId : null);
  await rewriteKeys({ db, actor: { tenantId: db.tenantId } }, type, rows.map(flat));
  const last = rows.at(-1);
  // Behind the kind that is done, before every other: names have letters, digits and `_`, all of which follow `!`.
  if (last && rows.length === batch) await put(db, { object: type.object, afterId: String(last.id) });
  else await put(db, { object: `${type.object}!`, afterId: null });
  return rows.length;
}

/** Has a tenant's keys made anew at the next turn: what its records are found by has changed. */
export function outdateSearch(db: TenantDb): Promise<void> {
  return put(db, { rules: 0, object: null, afterId: null });
}

function nextRows(db: TenantDb, type: RecordType, after: string | null) {
  const { id, deletedAt } = type.table;
  const where = and(isNull(deletedAt), ofKind(type), after ? gt(id, after) : undefined);
  return db.find(type.table, where, { lock: true, limit: batch, orderBy: id });
}

function put(db: TenantDb, set: { rules?: number; object: string | null; afterId: string | null }): Promise<void> {
  return db.upsert(searchStates, { tenantId: db.tenantId, rules: 0, ...set }, [searchStates.tenantId], set);
}
