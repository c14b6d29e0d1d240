import { type SQL, sql } from 'drizzle-orm';
import { ranks } from '@/domain/search-ranks';
import { type RecordType, snake } from '../core/record-types';
import { inScope } from '../core/scope';
import { andKind } from '../core/types';
import type { Work } from '../core/work';

/** A record that was found, and the best key it was found by. */
export interface Candidate {
  object: string;
  id: string;
  rank: number;
  /** Null where the key itself was not read. */
  key: string | null;
}

/** Keys that are gone through in order for one kind of record before another way is taken. */
const budget = 3000;
/** Keys of one record that begin alike, as many as are allowed for. */
const keysOfOne = 4;
/** Up to how many keys of a word are counted, to begin with the rarest. */
const counted = 2000;

/** Greater than every key that begins with a token: a range serves under row policies whatever the value. */
const end = (token: string) => `${token}\u{10FFFF}`;
const startsWith = (key: SQL, token: string) => sql`${key} >= ${token} and ${key} < ${end(token)}`;

/**
 * Records of some kinds that have a key beginning with each token, the best keys first; at most `most` of a kind, looked
 * for so that a word of 100,000 records takes as long as one of 100. What is out of the actor's scope is not among them.
 */
export async function candidates(
  work: Work,
  types: readonly RecordType[],
  tokens: readonly string[],
  most: number,
): Promise<Candidate[]> {
  const open = types.filter((type) => !inScope(work, type, 'read'));
  const scoped = types.filter((type) => inScope(work, type, 'read'));
  const parts = await Promise.all([
    open.length > 0 ? search(work, open, undefined, tokens, most) : [],
    ...scoped.map((type) => search(work, [type], type, tokens, most)),
  ]);
  return parts.flat();
}

async function search(
  work: Work,
  types: readonly RecordType[],
  scoped: RecordType | undefined,
  tokens: readonly string[],
  most: number,
): Promise<Candidate[]> {
  const [only = ''] = tokens;
  if (tokens.length > 1) return searchAll(work, types, scoped, tokens, most);
  const found = await scan(work, types, only, [], scoped, most);
  if (!scoped || found.length >= most) return found;
  // The member's own may lie behind thousands of others.
  const spread = await keysOfEach(work, types, tokens);
  return (spread.get(scoped.object)?.get(only) ?? 0) > counted ? beyond(work, scoped, tokens, found, most) : found;
}

/** Several words: of each kind that has them all, by the one that fewest have. */
async function searchAll(
  work: Work,
  types: readonly RecordType[],
  scoped: RecordType | undefined,
  tokens: readonly string[],
  most: number,
): Promise<Candidate[]> {
  const spread = await keysOfEach(work, types, tokens);
  const lists = await Promise.all(
    types.map(async (type) => {
      const counts = spread.get(type.object);
      const [rarest = '', ...others] = tokens.toSorted((a, b) => (counts?.get(a) ?? 0) - (counts?.get(b) ?? 0));
      const least = counts?.get(rarest) ?? 0;
      if (least === 0) return [];
      // Words written together lead straight to titles that have them in this order, and in the other one.
      const together = await scan(work, [type], tokens.join(''), tokens, scoped, most);
      if (together.length >= most) return together;
      if (least > counted) return beyond(work, type, [rarest, ...others], together, most);
      return best([...together, ...(await scan(work, [type], rarest, others, scoped, most))]);
    }),
  );
  return lists.flat();
}

/** The best key of each record. */
export function best(found: readonly Candidate[]): Candidate[] {
  const byRecord = new Map<string, Candidate>();
  for (const candidate of found) {
    const known = byRecord.get(candidate.id);
    if (!known || candidate.rank < known.rank) byRecord.set(candidate.id, candidate);
  }
  return [...byRecord.values()];
}

/** Keys that begin with `driver` in the order of rank and key, of records that have the other tokens too. */
async function scan(
  work: Work,
  types: readonly RecordType[],
  driver: string,
  others: readonly string[],
  scoped: RecordType | undefined,
  most: number,
): Promise<Candidate[]> {
  const tenant = work.actor.tenantId;
  const conditions = others.map(
    // Read by record, never by the token: `offset 0` keeps the planner from turning it round.
    (token) => sql`exists (select from (select e.key from app.search_key e
      where e.tenant_id = ${tenant} and e.record_id = k.record_id offset 0) e where ${startsWith(sql`e.key`, token)})`,
  );
  if (scoped)
    conditions.unshift(sql`exists (select from ${scoped.table} t where t.id = k.record_id and ${base(work, scoped)})`);
  // A record may have several keys with one beginning, a short and a full name for one.
  const keys = most * keysOfOne;
  const depth = conditions.length > 0 ? budget : keys;
  return work.db.kept<Candidate>(sql`
    select f.object, f.rank, f.key, f.record_id as id from unnest(${sql.param(types.map(({ object }) => object))}::text[]) o (object)
    cross join lateral (select d.* from (select distinct on (h.record_id) h.* from (select k.* from (
      select s.* from unnest(${sql.param(ranks)}::int[]) r (rank) cross join lateral (
        select s.object, s.rank, s.key, s.record_id from app.search_key s
        where s.tenant_id = ${tenant} and s.object = o.object collate "C" and s.rank = r.rank and ${startsWith(sql`s.key`, driver)}
        order by s.key limit ${depth}) s
      limit ${depth}) k
      ${conditions.length > 0 ? sql`where ${sql.join(conditions, sql` and `)}` : sql``} limit ${keys}) h
      order by h.record_id, h.rank, h.key) d
      order by d.rank, d.key limit ${most}) f`);
}

/** A live record of a kind in the actor's scope, with `t` as the alias of its table. */
function base(work: Work, type: RecordType): SQL {
  const scope = inScope(work, type, 'read');
  return sql`t.tenant_id = ${work.actor.tenantId} and t.deleted_at is null ${andKind(type)} ${scope ? sql`and ${scope}` : sql``}`;
}

/** How many keys of each kind begin with each token, counted to some thousands: by kind, then by token. */
async function keysOfEach(
  work: Work,
  types: readonly RecordType[],
  tokens: readonly string[],
): Promise<Map<string, Map<string, number>>> {
  const objects = types.map(({ object }) => object);
  const lists = await Promise.all(
    tokens.map((token) =>
      work.db.kept<{ object: string; n: number }>(sql`
        select o.object, (select count(*)::int from (
          select from unnest(${sql.param(ranks)}::int[]) r (rank) cross join lateral (
            select from app.search_key k where k.tenant_id = ${work.actor.tenantId} and k.object = o.object collate "C" and k.rank = r.rank
              and ${startsWith(sql`k.key`, token)} limit ${counted + 1}) k limit ${counted + 1}) c) as n
        from unnest(${sql.param(objects)}::text[]) o (object)`),
    ),
  );
  return new Map(
    objects.map((object) => [
      object,
      new Map(tokens.map((token, i) => [token, lists[i]?.find((row) => row.object === object)?.n ?? 0])),
    ]),
  );
}

/** Where the keys gone through do not say all there is (the rarest word is common too), asks from the records' side. */
async function beyond(
  work: Work,
  type: RecordType,
  tokens: readonly string[],
  found: readonly Candidate[],
  most: number,
): Promise<Candidate[]> {
  return best([...found, ...(await fromRecords(work, type, tokens, most))]);
}

function fromRecords(work: Work, type: RecordType, tokens: readonly string[], most: number): Promise<Candidate[]> {
  const tenant = work.actor.tenantId;
  const [rarest = ''] = tokens;
  const having = tokens.map(
    (token) =>
      sql`t.id in (select k.record_id from app.search_key k where k.tenant_id = ${tenant} and k.object = ${type.object} and ${startsWith(sql`k.key`, token)})`,
  );
  return work.db.rows<Candidate>(sql`
    select ${type.object} as object, t.id, null as key, (select min(k.rank) from app.search_key k
      where k.tenant_id = ${tenant} and k.record_id = t.id and ${startsWith(sql`k.key`, rarest)}) as rank
    from ${type.table} t where ${base(work, type)} and ${sql.join(having, sql` and `)} limit ${most}`);
}

/** Those of the tokens that no record of these kinds has. */
export async function unknownTokens(
  work: Work,
  types: readonly RecordType[],
  tokens: readonly string[],
): Promise<string[]> {
  const spread = await keysOfEach(work, types, tokens);
  return tokens.filter((token) => types.every(({ object }) => spread.get(object)?.get(token) === 0));
}

/** Records whose title has these signs, where nothing but signs was typed. */
export function bySigns(work: Work, type: RecordType, signs: string, most: number): Promise<Candidate[]> {
  return work.db.rows<Candidate>(sql`
    select ${type.object} as object, t.id, 0 as rank, null as key from ${type.table} t
    where ${base(work, type)} and strpos(lower(t.${sql.identifier(snake(type.title))}), ${signs.trim().toLowerCase()}) > 0
    order by length(t.${sql.identifier(snake(type.title))}), t.id limit ${most}`);
}

/** The newest records of a kind in scope. */
export function newest(work: Work, type: RecordType, most: number): Promise<Candidate[]> {
  return work.db.rows<Candidate>(sql`
    select ${type.object} as object, t.id, 0 as rank, null as key from ${type.table} t
    where ${base(work, type)} order by t.created_at desc, t.id desc limit ${most}`);
}
