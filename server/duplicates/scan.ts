import { eq, sql } from 'drizzle-orm';
import { matchRules } from '@/db/schema/duplicates';
import { inTenant, type TenantDb } from '@/db/tenant';
import { defaultWeights, keysVersion, type MatchConfig } from '@/domain/duplicates';
import { findPairs, keysUnder, type Matching, matchConfigOf } from '../core/match-keys';
import { flat, type RecordType, type RecordValues } from '../core/record-types';
import { andKind, typesOf } from '../core/types';

/** How far the scan of an object has come; kept beside its rules, so that a killed one goes on where it stopped. */
interface Scan {
  version: number;
  /** The last record looked at; none when all have been. */
  cursor?: string;
  /** When the scan that is complete began: everything changed since is to be looked at. */
  doneTo?: string;
  /** How far what was changed since then has been looked at; none when all of it has been. */
  changedTo?: string;
}

const batch = 500;

/**
 * Writes the match keys of a tenant's records where they are missing and finds their pairs: of all records once, and of
 * what has changed since then. A transaction per batch, each with how far it came.
 * @param only one object
 * @returns how many records it looked at
 */
export async function scanDuplicates(tenantId: string, now: Date, signal: AbortSignal, only?: string): Promise<number> {
  const objects = await inTenant(tenantId, 'read', async (db) => (await typesOf(db)).all().filter(hasRules));
  let looked = 0;
  for (const { object } of objects) {
    if (only && only !== object) continue;
    for (let more = true; more; ) {
      signal.throwIfAborted();
      const done = await inTenant(tenantId, 'write', (db) => scanBatch(db, object, now));
      looked += done.looked;
      more = done.more;
    }
  }
  return looked;
}

const hasRules = (type: RecordType): boolean => Object.values(defaultWeights(type.object, type.own)).length > 0;

async function scanBatch(db: TenantDb, object: string, now: Date): Promise<{ looked: number; more: boolean }> {
  const types = await typesOf(db);
  const type = types.find(object);
  if (!type) return { looked: 0, more: false };
  const work: Matching = { db, now, actor: { tenantId: db.tenantId } };
  const [stored] = await db.find(matchRules, eq(matchRules.object, object), { lock: true });
  // Written below, and by whoever changes the rules, which leaves it out.
  const scan = (stored?.config.scan as Scan | undefined) ?? { version: keysVersion };
  const complete = scan.version === keysVersion && scan.doneTo !== undefined && scan.cursor === undefined;
  const { rows, next } = complete
    ? await changedSince(work, type, scan)
    : await nextRecords(work, type, scan.version === keysVersion ? scan : { version: keysVersion });
  await renewKeys(work, type, rows, matchConfigOf({ types }, type));
  const more = next.cursor !== undefined || next.changedTo !== undefined;
  const config = { ...stored?.config, scan: next };
  await db.upsert(
    matchRules,
    { object, config, version: stored?.version ?? 0 },
    [matchRules.tenantId, matchRules.object],
    {
      config,
    },
  );
  return { looked: rows.length, more };
}

/** Records to look at, and how far the scan has come with them. */
interface Part {
  rows: RecordValues[];
  next: Scan;
}

async function nextRecords(work: Matching, type: RecordType, { version, cursor: after, doneTo }: Scan): Promise<Part> {
  const ids = await work.db.rows<{ id: string }>(sql`select t.id from ${type.table} t
    where t.tenant_id = ${work.actor.tenantId} and t.deleted_at is null ${andKind(type)} ${after ? sql`and t.id > ${after}::uuid` : sql``}
    order by t.id limit ${batch}`);
  const begun = (after && doneTo) || work.now.toISOString();
  const last = ids.length === batch ? ids.at(-1)?.id : undefined;
  return { rows: await recordsOf(work, type, ids), next: { version, doneTo: begun, ...(last && { cursor: last }) } };
}

/**
 * Many changes at once (an import) leave their pairs to this; an hour back, for transactions that were under way. What
 * one transaction wrote has one moment and is looked at together.
 */
async function changedSince(work: Matching, type: RecordType, { version, doneTo, changedTo }: Scan): Promise<Part> {
  const since = changedTo
    ? sql`c.written_at > ${changedTo}::timestamptz`
    : sql`c.written_at > ${doneTo}::timestamptz - interval '1 hour'`;
  const changed = await work.db.rows<{ id: string; at: string }>(sql`
    select c.record_id as id, to_char(c.written_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from app.change c
    where c.tenant_id = ${work.actor.tenantId} and ${since} and c.object = ${type.object} and c.op <> 'delete'
    order by c.written_at fetch first ${batch} rows with ties`);
  const ids = [...new Map(changed.map((one) => [one.id, one])).values()];
  const last = changed.length >= batch ? changed.at(-1)?.at : undefined;
  const next = last ? { version, doneTo, changedTo: last } : { version, doneTo: work.now.toISOString() };
  return { rows: await recordsOf(work, type, ids), next };
}

async function recordsOf(work: Matching, type: RecordType, ids: { id: string }[]): Promise<RecordValues[]> {
  if (ids.length === 0) return [];
  const rows = await work.db.find(
    type.table,
    sql`${type.table.id} = any(${sql.param(ids.map(({ id }) => id))}::uuid[]) and ${type.table.deletedAt} is null`,
    { orderBy: type.table.id },
  );
  return rows.map(flat);
}

async function renewKeys(work: Matching, type: RecordType, rows: RecordValues[], config: MatchConfig): Promise<void> {
  for (let from = 0; from < rows.length; from += batch) {
    const part = rows.slice(from, from + batch);
    const ids = part.map((row) => String(row.id));
    const keys = part.flatMap((row) => keysUnder(config, type, row).map((key) => ({ ...key, id: row.id })));
    await work.db.rows(
      sql`delete from app.match_key k where k.tenant_id = ${work.actor.tenantId} and k.record_id = any(${sql.param(ids)}::uuid[])`,
    );
    await work.db.rows(sql`delete from app.duplicate_pair p where p.tenant_id = ${work.actor.tenantId} and p.object = ${type.object}
      and p.dismissed_at is null and (p.a = any(${sql.param(ids)}::uuid[]) or p.b = any(${sql.param(ids)}::uuid[]))`);
    await work.db.rows(sql`insert into app.match_key (tenant_id, object, rule, key, record_id)
      select ${work.actor.tenantId}, ${type.object}, r.rule, r.key, r.id
      from jsonb_to_recordset(${JSON.stringify(keys)}) as r (rule text, key text, id uuid) on conflict do nothing`);
    await findPairs(work, type, part, config);
  }
}
