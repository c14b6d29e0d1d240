import { asc, gt, sql } from 'drizzle-orm';
import type { LoadCursor } from '@/db/schema/archives';
import { inTenant } from '@/db/tenant';
import { writeCopies } from '../core/field-values';
import { flat, type RecordType } from '../core/record-types';
import { loadTypes, ofKind } from '../core/types';
import { scanDuplicates } from '../duplicates/scan';
import { isComputed } from '../fields/graph';
import { ofNobody, runCompute } from '../fields/recompute';
import { rebuildSearch } from '../search/rebuild';
import { inBatch, type Loading } from './batches';

/** Records in one transaction. */
const batch = 500;

/**
 * Makes what follows from a workspace's rows and is not in an archive: typed copies of own values, computed values, keys to
 * search and compare by. Each part knows how far it is, or finds done what is done.
 */
export async function followLoad(loading: Loading, from: LoadCursor): Promise<void> {
  const { loadingId, signal } = loading;
  const types = await inTenant(loadingId, 'read', loadTypes);
  const own = types
    .all()
    .filter((type) => (type.own?.length ?? 0) > 0)
    .sort((a, b) => (a.object < b.object ? -1 : 1));
  await loading.progress?.('following', 0, 4);
  const [object = '', after] = from.after?.split(' ') ?? [];
  for (const type of own)
    if (type.object >= object) await copyValues(loading, type, type.object === object ? after : undefined);
  await loading.progress?.('following', 1, 4);
  const computed = new Set(types.fields.filter(isComputed).map((field) => field.object));
  if (computed.size > 0) await runCompute({ tenantId: loadingId, objects: [...computed] }, signal);
  await loading.progress?.('following', 2, 4);
  await scanDuplicates(loadingId, new Date(), signal);
  await loading.progress?.('following', 3, 4);
  await rebuildSearch(loadingId, signal);
}

/** Writes the copies of all values of a kind of record, the bin's too, whose values stand in nobody's way. */
async function copyValues(loading: Loading, type: RecordType, from: string | undefined): Promise<void> {
  const binned: RecordType = {
    ...type,
    own: type.own?.map((field) => ({ ...field, settings: { ...field.settings, unique: false } })),
  };
  const { id } = type.table;
  for (let after = from; ; ) {
    const where = sql.join([ofKind(type) ?? sql`true`, ...(after ? [gt(id, after)] : [])], sql` and `);
    const found = await inTenant(loading.loadingId, 'read', (db) =>
      db.find(type.table, where, { orderBy: asc(id), limit: batch }),
    );
    const last = found.at(-1)?.id;
    if (last === undefined) return;
    after = String(last);
    const rows = found.map((row) => ({ id: String(row.id), row: flat(row), names: 'all' as const }));
    await inBatch(loading, { step: 'following', line: 0, after: `${type.object} ${after}` }, async (db) => {
      const work = await ofNobody(db);
      const isBinned = ({ row }: (typeof rows)[number]) => row.deletedAt !== null;
      await writeCopies(
        work,
        type,
        rows.filter((row) => !isBinned(row)),
      );
      await writeCopies(work, binned, rows.filter(isBinned));
    });
  }
}
