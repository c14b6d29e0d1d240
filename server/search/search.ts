import { sql } from 'drizzle-orm';
import { notFound } from '@/domain/refusals';
import { soundsLike, spokenForms } from '@/domain/search-keys';
import { queryKeys } from '@/domain/search-query';
import type { RecordType } from '../core/record-types';
import { isTopic } from '../core/scope';
import { topicsOf } from '../core/topics';
import type { Work } from '../core/work';
import { searchMembers } from '../members/members';
import { bySigns, type Candidate, candidates, newest, unknownTokens } from './candidates';
import { compare, type Found, type Hit, hitsOf, type Ranked } from './hits';
import { nearWords } from './near';

/** Records of one kind that are put in order for one search; the best keys come first among all there are. */
const considered = 60;
/** The same where only the best is wanted. */
const few = 10;
/** How far from what was typed: as it stands, by its sound, misspelt. */
const asTyped = 0;
const bySound = 1;
const misspelt = 2;

/** Kinds of records that are found by words: of equal hits a person comes before the calls with that person. */
export const searchedTypes = (work: Work): RecordType[] =>
  work.types
    .all()
    .filter(({ searchTexts }) => searchTexts)
    .sort((a, b) => Number(Boolean(a.shownOnAny)) - Number(Boolean(b.shownOnAny)));

/** Records in scope that have every typed word: the best of each kind first, so that no kind crowds out the others. */
export async function searchGlobal(work: Work, q: string, limit: number): Promise<Hit[]> {
  const lists = await searchTypes(work, searchedTypes(work), q, Math.ceil(limit / 2));
  const longest = Math.max(0, ...lists.map(({ ranked }) => ranked.length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap(({ ranked }) => ranked[i]?.hit ?? []))
    .flat()
    .slice(0, limit);
}

export interface HitGroup {
  object: string;
  hits: Hit[];
  /** How many there are; `more` when only so many were looked at. */
  count: number;
  more: boolean;
}

/** The same by kind, the kind with the best one first. */
export async function searchGroups(work: Work, q: string, limit: number): Promise<HitGroup[]> {
  const lists = await searchTypes(work, searchedTypes(work), q, limit);
  return lists.map(({ type, ranked, count }) => ({
    object: type.object,
    hits: ranked.map(({ hit }) => hit),
    count,
    more: count >= considered,
  }));
}

/** Asks the picker for records of whichever kind something can be about. */
const topicPick = 'about';
/** Members whose names are read aloud for one search. */
const mostMembers = 5000;
/** Kinds whose newest are offered before anything is typed. */
const newestKinds = 5;

export type Picked = Pick<Hit, 'id' | 'title' | 'subtitle'> & Partial<Hit>;

/**
 * One kind of record for a picker; nothing typed gives the newest.
 * @throws Refusal notFound for a kind the tenant does not have
 */
export async function pick(work: Work, object: string, q: string, limit: number): Promise<Picked[]> {
  if (object === 'member')
    return (await membersNamed(work, q, limit)).map(({ id, name }) => ({ id, title: name, subtitle: null }));
  if (object === 'team') return pickTeam(work, q, limit);
  if (object === topicPick) return pickTopic(work, q, limit);
  const type = work.types.find(object);
  if (!type?.searchTexts) throw notFound();
  if (q.trim() === '') {
    const found = await newest(work, type, limit);
    const order = new Map(found.map(({ id }, i) => [id, i]));
    const ranked = await hitsOf(work, type, toFound(found, [], asTyped), limit);
    return ranked.map(({ hit }) => hit).sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  }
  const [list] = await searchTypes(work, [type], q, limit);
  return list?.ranked.map(({ hit }) => hit) ?? [];
}

/**
 * What was probably meant by words that no record of a kind in scope has as they are written: corrected where they are
 * misspelt, as it is written where they only sound right. Lists are searched by the words as they stand, since views,
 * exports and changes of many follow them; this is what they offer instead.
 * @throws Refusal notFound for a kind the tenant does not have
 */
export async function meant(work: Work, object: string, q: string): Promise<{ q: string | null }> {
  const type = work.types.find(object);
  if (!type?.searchTexts) throw notFound();
  const found = await find(work, [type], q, few);
  const [best] = await hitsOf(work, type, found, 1);
  const candidate = found.find(({ id }) => id === best?.hit.id);
  if (!best || !candidate || candidate.far === asTyped) return { q: null };
  if (candidate.far !== bySound) return { q: candidate.tokens.join(' ') };
  const { title, marks } = best.hit;
  return { q: marks.map(([from, to]) => title.slice(from, to)).join(' ') || null };
}

interface TypeHits {
  type: RecordType;
  ranked: Ranked[];
  count: number;
}

/** Kinds that have hits, the one with the best first. */
async function searchTypes(work: Work, types: RecordType[], q: string, limit: number): Promise<TypeHits[]> {
  const found = Map.groupBy(await find(work, types, q, Math.max(considered, limit)), ({ object }) => object);
  const lists = await Promise.all(
    types.map(async (type) => {
      const candidates = found.get(type.object) ?? [];
      return { type, ranked: await hitsOf(work, type, candidates, limit), count: candidates.length };
    }),
  );
  return lists
    .filter(({ ranked }) => ranked.length > 0)
    .sort((a, b) => compare(a.ranked[0]?.score.slice(0, 3) ?? [], b.ranked[0]?.score.slice(0, 3) ?? []));
}

async function find(work: Work, types: RecordType[], q: string, most: number): Promise<Found[]> {
  if (q.trim() === '' || types.length === 0) return [];
  const tokens = queryKeys(q);
  if (tokens.length === 0) {
    const lists = await Promise.all(types.map((type) => bySigns(work, type, q, most)));
    return toFound(lists.flat(), [], asTyped);
  }
  const sounds = spokenForms(q).filter((sound) => sound.length > 1);
  const bySounds = async () => {
    const lists = await Promise.all(sounds.map((sound) => candidates(work, types, [sound], most)));
    return lists.flatMap((list, i) => toFound(list, [...tokens, sounds[i] ?? ''], bySound));
  };
  // 阿里ba is one word half typed in pinyin: what sounds so belongs to it. Chinese alone is taken at its word first.
  const mixed = sounds.length > 0 && /[a-z]/i.test(q);
  const heard = mixed ? await bySounds() : [];
  const found: Found[] = [];
  if (heard.length < most) add(found, toFound(await candidates(work, types, tokens, most), tokens, asTyped));
  add(found, heard);
  if (found.length === 0 && !mixed && sounds.length > 0 && [...q.trim()].length > 1) add(found, await bySounds());
  if (found.length === 0) add(found, await findNear(work, types, tokens, most));
  return found;
}

/** Records that have the words as they were probably meant. */
async function findNear(work: Work, types: RecordType[], tokens: readonly string[], most: number): Promise<Found[]> {
  const unknown = tokens.length === 1 ? tokens : await unknownTokens(work, types, tokens);
  const corrections = new Map<string, string[]>();
  for (const token of unknown) {
    const near = await nearWords(work, types, token);
    if (near.length === 0) return [];
    corrections.set(token, near);
  }
  const [first] = unknown;
  const found: Found[] = [];
  for (const [i, word] of (corrections.get(first ?? '') ?? []).entries()) {
    const meant = tokens.map((token) => (token === first ? word : (corrections.get(token)?.[0] ?? token)));
    add(found, toFound(await candidates(work, types, meant, most), meant, misspelt + i));
  }
  return found;
}

const toFound = (list: readonly Candidate[], tokens: readonly string[], far: number): Found[] =>
  list.map((candidate) => ({ ...candidate, tokens, far }));

/** Adds what is not there yet. */
function add(found: Found[], more: readonly Found[]): void {
  const known = new Set(found.map(({ id }) => id));
  for (const candidate of more) {
    if (known.has(candidate.id)) continue;
    known.add(candidate.id);
    found.push(candidate);
  }
}

/** Records that notes, tasks, calls and meetings can be about without a field for their kind; nothing typed: the newest. */
async function pickTopic(work: Work, q: string, limit: number): Promise<Picked[]> {
  const types = work.types.all().filter((type) => type.searchTexts && isTopic(type));
  const lists: Hit[][] =
    q.trim() === ''
      ? await Promise.all(
          types.slice(0, newestKinds).map(async (type) => {
            const found = await newest(work, type, Math.ceil(limit / Math.min(types.length, newestKinds)));
            return (await hitsOf(work, type, toFound(found, [], asTyped), limit)).map(({ hit }) => hit);
          }),
        )
      : (await searchTypes(work, types, q, limit)).map(({ ranked }) => ranked.map(({ hit }) => hit));
  return lists.flat().slice(0, limit);
}

/** Members by their names, Chinese ones by their sound too. */
async function membersNamed(work: Work, q: string, limit: number): Promise<{ id: string; name: string }[]> {
  const found = await searchMembers(work, q, limit);
  if (found.length >= limit || !/^[a-z\s]+$/i.test(q.trim())) return found;
  const known = new Set(found.map(({ id }) => id));
  const heard = (await searchMembers(work, '', mostMembers)).filter(
    ({ id, name }) => !known.has(id) && soundsLike(name, q),
  );
  return [...found, ...heard].slice(0, limit);
}

function pickTeam(work: Work, q: string, limit: number) {
  return work.db.rows<{ id: string; title: string; subtitle: string | null }>(sql`
    select g.id, g.name as title, g.office as subtitle from app.team g
    where g.tenant_id = ${work.actor.tenantId} and g.deleted_at is null and position(${q.trim().toLowerCase()} in g.name_norm) > 0
    order by g.name_norm limit ${limit}`);
}

/**
 * Records a person opened last as they are now: what is gone or no longer theirs to see is left out. The kind of one that
 * something is about need not be known.
 */
export async function recentRecords(work: Work, given: readonly { object: string; id: string }[]): Promise<Hit[]> {
  const topics = await topicsOf(
    work,
    given.flatMap(({ object, id }) => (object === topicPick ? id : [])),
  );
  const wanted = given.map(({ object, id }) => ({
    object: object === topicPick ? (topics.get(id)?.object ?? '') : object,
    id,
  }));
  const byObject = Map.groupBy(wanted, ({ object }) => object);
  const lists = await Promise.all(
    [...byObject].map(async ([object, records]) => {
      const type = work.types.find(object);
      if (!type?.searchTexts) return [];
      const found = records.map(({ id }): Found => ({ object, id, rank: 0, key: null, tokens: [], far: 0 }));
      return (await hitsOf(work, type, found, found.length)).map(({ hit }) => hit);
    }),
  );
  const hits = new Map(lists.flat().map((hit) => [`${hit.object} ${hit.id}`, hit]));
  return wanted.flatMap(({ object, id }) => hits.get(`${object} ${id}`) ?? []);
}
