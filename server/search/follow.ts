import { and, eq, isNull, sql } from 'drizzle-orm';
import { imports } from '@/db/schema/imports';
import { inTenant, type TenantDb } from '@/db/tenant';
import { among } from '../core/among';
import { rewriteKeys } from '../core/changes';
import type { Enqueue, Job } from '../core/jobs';
import { flat, type RecordType } from '../core/record-types';
import { ofKind, typesOf } from '../core/types';

/** What a job on the queue `searchKeys` carries. */
export interface KeysJob {
  tenantId: string;
  /** The change set that made records without their search keys (`keysLater` of `apply`). */
  changeSetId: string;
}

/** Records whose keys are made in one transaction: a fraction of a second. */
const batch = 1000;
/** Before every id. */
const none = '00000000-0000-0000-0000-000000000000';

/** Has the search keys of a change set's new records made, once the caller's transaction is committed. */
export function followKeys(db: TenantDb, changeSetId: string, enqueue: Enqueue): Promise<void> {
  return enqueue(db, 'searchKeys', { tenantId: db.tenantId, changeSetId } satisfies KeysJob);
}

/**
 * Makes the search keys that a change set left to be made, for those of its new records that are still there. Records that
 * have theirs already are passed over: who takes the job up again does nothing twice.
 */
export async function runKeys(
  { tenantId, changeSetId }: KeysJob,
  { signal, held }: { signal?: AbortSignal; held?: Pick<Job, 'hold' | 'complete'> } = {},
): Promise<void> {
  let after: string | null = none;
  while (after !== null) {
    signal?.throwIfAborted();
    const from: string = after;
    after = await inTenant(tenantId, 'write', async (db) => {
      await held?.hold(db);
      const last = await keysBatch(db, changeSetId, from);
      if (last !== null) return last;
      await db.update(imports, { sums: sql`${imports.sums} - 'following'` }, eq(imports.changeSetId, changeSetId));
      await held?.complete(db);
      return last;
    });
  }
}

/** One batch of the records after this id. @returns the last of them; null when there are no more */
async function keysBatch(db: TenantDb, changeSetId: string, after: string): Promise<string | null> {
  const made = await db.rows<{ object: string; id: string; found: boolean }>(sql`
    select c.object, c.record_id as id, exists (
      select from app.search_key k where k.tenant_id = ${db.tenantId} and k.record_id = c.record_id) as found
    from app.change c where c.tenant_id = ${db.tenantId} and c.change_set_id = ${changeSetId} and c.record_id > ${after}
      and c.op = 'create' order by c.record_id limit ${batch}`);
  const types = await typesOf(db);
  const open = made.filter(({ found }) => !found);
  for (const [object, list] of Map.groupBy(open, (each) => each.object)) {
    const type = types.find(object);
    if (!type?.searchTexts) continue;
    const ids = list.map(({ id }) => id);
    await rewriteKeys({ db, actor: { tenantId: db.tenantId } }, type, (await live(db, type, ids)).map(flat));
  }
  return made.length < batch ? null : (made.at(-1)?.id ?? null);
}

/** Those of the records that are there, under lock: whoever changes one meanwhile makes its keys after us, or before. */
function live(db: TenantDb, type: RecordType, ids: readonly string[]) {
  const { id, deletedAt } = type.table;
  return db.find(type.table, and(among(id, ids), isNull(deletedAt), ofKind(type)), { lock: true, orderBy: id });
}
