import { type SQL, sql } from 'drizzle-orm';
import { plainArray, textArray } from '@/db/arrays';
import { commonKey, type MatchConfig, matchConfig, matchKeys, scoreOf } from '@/domain/duplicates';
import type { RecordType, RecordValues } from './record-types';
import type { Work } from './work';

/** Above this many records in one change, pairs are left to the job that looks for them. */
const pairedAtOnce = 200;

/** What comparing needs of a work: a job does it in nobody's name. */
export type Matching = Pick<Work, 'db' | 'now'> & { actor: Pick<Work['actor'], 'tenantId'> };

/** What two records of a kind are compared by in this tenant. */
export async function matchConfigOf(work: Matching, type: RecordType): Promise<MatchConfig> {
  const rows = await work.db.prepared<{ config: Partial<MatchConfig> }>(
    'match_rule.config',
    'select config from app.match_rule where tenant_id = $1 and object = $2',
    [work.actor.tenantId, type.object],
  );
  return matchConfig(type.object, type.own, rows[0]?.config);
}

/** Keys of a record under the rules that are on. */
export function keysUnder({ weights }: MatchConfig, type: RecordType, row: RecordValues) {
  return matchKeys(type.object, type.own, row).filter(({ rule }) => (weights[rule] ?? 0) > 0);
}

/** Whether a change of a record changes what it is compared by. */
export function matchKeysDiffer(type: RecordType, before: RecordValues, after: RecordValues): boolean {
  const keysOf = (row: RecordValues) => JSON.stringify(matchKeys(type.object, type.own, row));
  return isCompared(type) && keysOf(before) !== keysOf(after);
}

/** Whether records of a kind are compared to find duplicates. */
export const isCompared = (type: RecordType) => Boolean(type.rights) || comparedObjects.has(type.object);
const comparedObjects = new Set(['company', 'contact', 'deal', 'product']);

/**
 * Brings the match keys of written records in line, and finds what they are likely the same as.
 * @param rows live records as they are now
 * @param gone records that went to the bin
 * @param fresh whether the records are new, so that there is nothing of them yet
 */
export async function writeMatchKeys(
  work: Work,
  type: RecordType,
  rows: readonly RecordValues[],
  gone: readonly string[] = [],
  fresh = false,
): Promise<void> {
  if (!isCompared(type) || rows.length + gone.length === 0) return;
  const ids = rows.map((row) => String(row.id));
  if (!fresh) {
    await Promise.all([
      work.db.rows(
        sql`delete from app.match_key k where k.tenant_id = ${work.actor.tenantId} and ${among(sql`k.record_id`, [...ids, ...gone])}`,
      ),
      forgetPairs(work, [...ids, ...gone]),
    ]);
  }
  if (rows.length === 0) return;
  const config = await matchConfigOf(work, type);
  const inserted = addMatchKeys(work, type, rows, config, fresh);
  inserted.catch(() => {});
  if (rows.length <= pairedAtOnce) await findPairs(work, type, ids, config);
  await inserted;
}

/** Writes the match keys of records that have none, and looks for no pairs. @param fresh as above */
export async function addMatchKeys(
  work: Work,
  type: RecordType,
  rows: readonly RecordValues[],
  config: MatchConfig,
  fresh: boolean,
): Promise<void> {
  const keys = rows.flatMap((row) =>
    keysUnder(config, type, row).map(({ rule, key }) => ({ rule, key, id: String(row.id) })),
  );
  if (keys.length === 0) return;
  await work.db.prepared(
    fresh ? 'match_key.add' : 'match_key.insert',
    fresh
      ? `insert into app.match_key (tenant_id, object, rule, key, record_id)
         select $1, $2, r.rule, r.key, r.id from unnest($3::text[], $4::text[], $5::uuid[]) as r (rule, key, id)`
      : `insert into app.match_key (tenant_id, object, rule, key, record_id)
         select $1, $2, r.rule, r.key, r.id from unnest($3::text[], $4::text[], $5::uuid[]) as r (rule, key, id) on conflict do nothing`,
    [
      work.actor.tenantId,
      type.object,
      textArray(keys.map(({ rule }) => rule)),
      textArray(keys.map(({ key }) => key)),
      plainArray(keys.map(({ id }) => id)),
    ],
  );
}

/** The open pairs of records; those somebody dismissed are remembered. */
async function forgetPairs(work: Work, ids: string[]): Promise<void> {
  await work.db.rows(sql`delete from app.duplicate_pair p where p.tenant_id = ${work.actor.tenantId} and p.dismissed_at is null
    and (${among(sql`p.a`, ids)} or ${among(sql`p.b`, ids)})`);
}

interface Match {
  a: string;
  b: string;
  rules: string[];
}

/** Finds what records are likely the same as, by keys they share that few others have, and writes the pairs down. */
export async function findPairs(work: Matching, type: RecordType, ids: string[], config: MatchConfig): Promise<number> {
  const found = await work.db.prepared<Match>(
    'match_key.pairs',
    `with mine as (
      select k.rule, k.key, k.record_id from app.match_key k
      where k.tenant_id = $1 and k.object = $2 and k.record_id = any($3::uuid[])
    ), shared as (
      select m.record_id as mine, o.record_id as other, m.rule from mine m
      cross join lateral (
        select k.record_id, count(*) over () as n from (
          select k.record_id from app.match_key k
          where k.tenant_id = $1 and k.object = $2 and k.rule = m.rule and k.key = m.key limit $4 + 1) k
      ) o where o.n <= $4 and o.record_id <> m.record_id
    )
    select least(mine, other) as a, greatest(mine, other) as b, array_agg(distinct rule order by rule) as rules
    from shared group by 1, 2 order by 1, 2`,
    [work.actor.tenantId, type.object, ids, commonKey],
  );
  const pairs = found.flatMap(({ a, b, rules }) => {
    const score = scoreOf(config.weights, rules);
    return score >= config.threshold ? [{ a, b, score, reasons: byWeight(config, rules) }] : [];
  });
  if (pairs.length === 0) return 0;
  await work.db.prepared(
    'duplicate_pair.put',
    `insert into app.duplicate_pair (tenant_id, object, a, b, score, reasons, found_at)
     select $1, $2, r.a, r.b, r.score, r.reasons, $4 from jsonb_to_recordset($3) as r (a uuid, b uuid, score int, reasons jsonb)
     on conflict (tenant_id, object, a, b) do update set score = excluded.score, reasons = excluded.reasons`,
    [work.actor.tenantId, type.object, JSON.stringify(pairs), work.now],
  );
  return pairs.length;
}

/** What says most comes first. */
export function byWeight({ weights }: MatchConfig, rules: readonly string[]): string[] {
  return [...new Set(rules)].sort((x, y) => (weights[y] ?? 0) - (weights[x] ?? 0) || x.localeCompare(y));
}

const among = (column: SQL, ids: readonly string[]): SQL => sql`${column} = any(${sql.param([...ids])}::uuid[])`;
