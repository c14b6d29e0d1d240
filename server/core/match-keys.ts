import { plainArray, textArray } from '@/db/arrays';
import type { Part } from '@/db/tenant';
import { commonKey, type MatchConfig, matchConfig, matchKeys } from '@/domain/duplicates';
import type { RecordType, RecordValues } from './record-types';
import type { Work } from './work';

/** Above this many records in one change, pairs are left to the job that looks for them. */
const pairedAtOnce = 200;

/** What comparing needs of a work: a job does it in nobody's name. */
export type Matching = Pick<Work, 'db' | 'now'> & { actor: Pick<Work['actor'], 'tenantId'> };

/** What two records of a kind are compared by in this tenant. */
export const matchConfigOf = ({ types }: Pick<Work, 'types'>, type: RecordType): MatchConfig =>
  matchConfig(type.object, type.own, types.matching.get(type.object));

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
 * What brings the match keys of written records in line, and finds what they are likely the same as.
 * @param rows live records as they are now
 * @param fresh whether the records are new, so that there is nothing of them yet
 * @returns statements that may travel as one, but for pairs of several records, which come after
 */
export function matchParts(
  work: Work,
  type: RecordType,
  rows: readonly RecordValues[],
  fresh: boolean,
): { keys: Part[]; pairs: Part[] } {
  if (!isCompared(type) || rows.length === 0) return { keys: [], pairs: [] };
  const config = matchConfigOf(work, type);
  const keys = storedKeys(type, rows, config);
  if (keys.length === 0) return { keys: [], pairs: [] };
  const pairs = rows.length <= pairedAtOnce ? pairsPart(work, type, keys, config) : undefined;
  return { keys: [keysPart(work, type, keys, fresh)], pairs: pairs ? [pairs] : [] };
}

/** Takes away the keys and open pairs of records, before they get others. */
export function dropMatches(work: Work, type: RecordType, ids: string[]): Promise<unknown>[] {
  if (!isCompared(type) || ids.length === 0) return [];
  const { tenantId } = work.actor;
  return [
    work.db.prepared(
      'match_key.delete',
      'delete from app.match_key where tenant_id = $1 and record_id = any($2::uuid[])',
      [tenantId, ids],
    ),
    // Those somebody dismissed are remembered.
    work.db.prepared(
      'duplicate_pair.forget',
      `delete from app.duplicate_pair where tenant_id = $1 and dismissed_at is null
       and (a = any($2::uuid[]) or b = any($2::uuid[]))`,
      [tenantId, ids],
    ),
  ];
}

interface StoredKey {
  rule: string;
  key: string;
  id: string;
}

const storedKeys = (type: RecordType, rows: readonly RecordValues[], config: MatchConfig): StoredKey[] =>
  rows.flatMap((row) => keysUnder(config, type, row).map(({ rule, key }) => ({ rule, key, id: String(row.id) })));

/** Writes the match keys of records that have none, and looks for no pairs. */
export async function addMatchKeys(
  work: Work,
  type: RecordType,
  rows: readonly RecordValues[],
  config: MatchConfig,
): Promise<void> {
  const keys = storedKeys(type, rows, config);
  if (keys.length === 0) return;
  await work.db.atOnce([keysPart(work, type, keys, true)]);
}

/** @param fresh whether nothing can be in the way */
function keysPart(work: Matching, type: RecordType, keys: readonly StoredKey[], fresh: boolean): Part {
  return {
    name: fresh ? 'match_key.add' : 'match_key.insert',
    text: fresh
      ? `insert into app.match_key (tenant_id, object, rule, key, record_id)
         select $1, $2, r.rule, r.key, r.id from unnest($3::text[], $4::text[], $5::uuid[]) as r (rule, key, id)`
      : `insert into app.match_key (tenant_id, object, rule, key, record_id)
         select $1, $2, r.rule, r.key, r.id from unnest($3::text[], $4::text[], $5::uuid[]) as r (rule, key, id) on conflict do nothing`,
    values: [work.actor.tenantId, type.object, ...asArrays(keys)],
  };
}

const asArrays = (keys: readonly StoredKey[]): string[] => [
  textArray(keys.map(({ rule }) => rule)),
  textArray(keys.map(({ key }) => key)),
  plainArray(keys.map(({ id }) => id)),
];

/**
 * Finds what records are likely the same as, by keys they share that few others have, and writes the pairs down. The
 * score is that of `scoreOf`: each rule takes its share of what is left of doubt.
 * @param keys of the records, as they are stored
 */
function pairsPart(
  work: Matching,
  type: RecordType,
  keys: readonly StoredKey[],
  { weights, threshold }: MatchConfig,
): Part | undefined {
  const rules = Object.entries(weights).filter(([, weight]) => weight > 0);
  if (rules.length === 0) return undefined;
  return {
    name: 'match_key.pairs',
    text: `insert into app.duplicate_pair (tenant_id, object, a, b, score, reasons, found_at)
      with shared as (
        select m.id as mine, o.record_id as other, m.rule
        from unnest($3::text[], $4::text[], $5::uuid[]) as m (rule, key, id)
        cross join lateral (
          select k.record_id, count(*) over () as n from (
            select k.record_id from app.match_key k
            where k.tenant_id = $1 and k.object = $2 and k.rule = m.rule and k.key = m.key limit $6 + 1) k
        ) o where o.n <= $6 and o.record_id <> m.id
      ), pairs as (
        select distinct least(s.mine, s.other) as a, greatest(s.mine, s.other) as b, w.rule, w.weight
        from shared s join unnest($7::text[], $8::int[]) as w (rule, weight) on w.rule = s.rule
      ), scored as (
        select a, b, round(round((100 * (1 - exp(sum(ln(greatest(1 - weight / 100.0::float8, 1e-9))))))::numeric, 6))::int as score,
          jsonb_agg(rule order by weight desc, rule) as reasons
        from pairs group by a, b
      )
      select $1, $2, a, b, score, reasons, $10::timestamptz from scored where score >= $9 order by a, b
      on conflict (tenant_id, object, a, b) do update set score = excluded.score, reasons = excluded.reasons`,
    values: [
      work.actor.tenantId,
      type.object,
      ...asArrays(keys),
      commonKey,
      textArray(rules.map(([rule]) => rule)),
      plainArray(rules.map(([, weight]) => weight)),
      threshold,
      work.now,
    ],
  };
}

/** Looks for the pairs of records whose keys are stored. */
export async function findPairs(
  work: Matching,
  type: RecordType,
  rows: readonly RecordValues[],
  config: MatchConfig,
): Promise<void> {
  const keys = storedKeys(type, rows, config);
  const part = keys.length > 0 ? pairsPart(work, type, keys, config) : undefined;
  if (part) await work.db.atOnce([part]);
}

/** What says most comes first. */
export function byWeight({ weights }: MatchConfig, rules: readonly string[]): string[] {
  return [...new Set(rules)].sort((x, y) => (weights[y] ?? 0) - (weights[x] ?? 0) || x.localeCompare(y));
}
