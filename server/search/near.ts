import { sql } from 'drizzle-orm';
import { titleRanks, titleWordRanks } from '@/domain/search-ranks';
import { distance, forgiven, nearStarts, oneEdit, typoLength } from '@/domain/search-typos';
import type { RecordType } from '../core/record-types';
import type { Work } from '../core/work';

/** Words of titles, and what they begin in pinyin. */
const prefixRanks = [...titleWordRanks, titleRanks.pinyin];
/** Words gone through behind each beginning, and corrections that are tried. */
const followed = 40;
const tried = 4;

/**
 * Words of titles that a misspelt one may stand for, the likeliest first. No keys are stored for it: every word one edit
 * away is looked up. For two edits the words that begin like it, within one edit, are compared; of two edits in the
 * first half of a word one is too many.
 */
export async function nearWords(work: Work, types: readonly RecordType[], word: string): Promise<string[]> {
  const edits = forgiven(word);
  if (edits === 0) return [];
  const near = await known(work, types, oneEdit(word));
  if (near.length > 0 || edits === 1) return near;
  const words = await beginning(work, types, nearStarts(word));
  return words
    .map((key) => ({ key, far: distance(word, key, 2) }))
    .filter(({ far }) => far <= 2)
    .sort((a, b) => a.far - b.far || a.key.length - b.key.length)
    .slice(0, tried)
    .map(({ key }) => key);
}

/** Which of these any key of the tenant begins with: one question each, before kinds and ranks make twelve of it. */
async function used(work: Work, words: string[]): Promise<string[]> {
  const rows = await work.db.kept<{ word: string }>(sql`
    select v.word from unnest(${sql.param(words)}::text[]) v (word) cross join lateral (select s.key from app.search_key s
      where s.tenant_id = ${work.actor.tenantId} and s.key >= v.word collate "C" and s.key < (v.word || chr(1114111)) collate "C"
      order by s.key limit 1) x`);
  return rows.map(({ word }) => word);
}

/** Which of these words are the beginning of a key of a title: whole words first. */
async function known(work: Work, types: readonly RecordType[], wanted: string[]): Promise<string[]> {
  const words = await used(work, wanted);
  if (words.length === 0) return [];
  const rows = await work.db.kept<{ word: string; whole: boolean }>(sql`
    select v.word, bool_or(x.key = v.word collate "C") as whole
    from unnest(${sql.param(words)}::text[]) v (word)
    cross join unnest(${sql.param(types.map(({ object }) => object))}::text[]) o (object)
    cross join unnest(${sql.param(prefixRanks)}::int[]) r (rank)
    cross join lateral (select s.key from app.search_key s
      where s.tenant_id = ${work.actor.tenantId} and s.object = o.object collate "C" and s.rank = r.rank
        and s.key >= v.word collate "C" and s.key < (v.word || chr(1114111)) collate "C" order by s.key limit 1) x
    group by 1`);
  return rows
    .filter(({ word, whole }) => whole || word.length >= typoLength)
    .sort((a, b) => Number(b.whole) - Number(a.whole) || b.word.length - a.word.length)
    .slice(0, tried)
    .map(({ word }) => word);
}

/** Different words of titles behind some beginnings, each read once however many records have it. */
async function beginning(work: Work, types: readonly RecordType[], wanted: string[]): Promise<string[]> {
  const starts = await used(work, wanted);
  if (starts.length === 0) return [];
  const tenant = work.actor.tenantId;
  const rows = await work.db.kept<{ key: string }>(sql`
    with recursive w as (
      select o.object, r.rank, v.start, x.key, 1 as n from unnest(${sql.param(starts)}::text[]) v (start)
      cross join unnest(${sql.param(types.map(({ object }) => object))}::text[]) o (object)
      cross join unnest(${sql.param(titleWordRanks)}::int[]) r (rank)
      cross join lateral (select s.key from app.search_key s
        where s.tenant_id = ${tenant} and s.object = o.object collate "C" and s.rank = r.rank
          and s.key >= v.start collate "C" and s.key < (v.start || chr(1114111)) collate "C" order by s.key limit 1) x
      union all
      select w.object, w.rank, w.start, x.key, w.n + 1 from w cross join lateral (select s.key from app.search_key s
        where s.tenant_id = ${tenant} and s.object = w.object collate "C" and s.rank = w.rank
          and s.key > w.key and s.key < (w.start || chr(1114111)) collate "C" order by s.key limit 1) x
      where w.n < ${followed}
    ) select distinct key from w`);
  return rows.map(({ key }) => key);
}
