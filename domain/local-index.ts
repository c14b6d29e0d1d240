/**
 * The search of the records a browser holds: the same tokens, ranks and order as the server's (server/search/), without
 * the pinyin tables, whose tokens come with the records. A hundred thousand records lie in segments of some thousands,
 * each sorted once and never changed: what changes is written anew into the last one, and crossed out where it was.
 */
import { marksOf } from './search-marks';
import { queryKeys } from './search-query';
import { lastTitleRank, titleRanks, titleWordRanks } from './search-ranks';
import { rankedTokens } from './search-tokens';
import { distance, forgiven, nearStarts, oneEdit, typoLength } from './search-typos';

/** The shape of what is kept; raised with every change of it or of how segments are made. */
export const indexFormat = 1;

/** A record as the server tells of it for the index (server/search/mirror.ts). */
export interface MirrorRow {
  object: string;
  id: string;
  title: string;
  subtitle?: string | undefined;
  /** The day a task is due, the moment a call or meeting begins. */
  when?: string | undefined;
  done?: boolean | undefined;
  /** Whether it is the person's own. */
  mine?: boolean | undefined;
  /** When it changed last, in seconds since 1970. */
  at: number;
  /** The other texts it is found by, with the fields they stand in. */
  texts?: [field: string, text: string][] | undefined;
  /** What its texts sound like, and how good a find that is. */
  spelt?: [key: string, rank: number][] | undefined;
}

/** Some thousands of records, made ready to be searched; plain data, as IndexedDB and messages take it. */
export interface Segment {
  rows: MirrorRow[];
  /** Every token once, those that end another one within it; a line feed ends each. */
  text: string;
  /** Where tokens begin in it, in their order. */
  places: Uint32Array;
  /** Of each: number of the row, times 16, and its rank. */
  of: Uint32Array;
  /** Rows that have been taken away or written anew since. */
  gone: Uint8Array;
}

/** As `search.groups` of the server tells it. */
export interface LocalHit {
  object: string;
  id: string;
  title: string;
  subtitle: string | null;
  when: string | null;
  done: boolean;
  marks: [from: number, to: number][];
  found: { field: string; text: string; marks: [from: number, to: number][] } | null;
}

export interface LocalGroup {
  object: string;
  hits: LocalHit[];
  count: number;
  more: boolean;
  /** Nothing has the words as they were typed: these have others that were probably meant. */
  guess: boolean;
}

/** Rows that a segment takes before the next one is begun. */
export const segmentRows = 4000;
/** Up to how many hits of a kind are counted, as the server does. */
const counted = 60;
/** How far from what was typed: as it stands, misspelt. */
const asTyped = 0;
const misspelt = 2;
/** Tokens gone through behind the beginning of a misspelt word, and corrections that are tried. */
const followed = 40;
const tried = 4;

/** Makes records ready to be searched. Some ten microseconds each. */
export function makeSegment(rows: MirrorRow[]): Segment {
  const parts: string[] = [];
  const places: number[] = [];
  const of: number[] = [];
  let length = 0;
  for (const [n, row] of rows.entries()) {
    /** Tokens written down for this record and where; later ones may be the end of one. */
    const written: { key: string; place: number }[] = [];
    for (const { key, rank } of tokensOf(row)) {
      const holder = written.find((each) => each.key.endsWith(key));
      let place = length;
      if (holder) place = holder.place + holder.key.length - key.length;
      else {
        parts.push(key);
        written.push({ key, place });
        length += key.length + 1;
      }
      places.push(place);
      of.push(n * 16 + rank);
    }
  }
  const text = parts.length > 0 ? `${parts.join('\n')}\n` : '';
  const order = Uint32Array.from(places, (_, i) => i).sort((a, b) => inOrder(text, places[a] ?? 0, places[b] ?? 0));
  return {
    rows,
    text,
    places: order.map((i) => places[i] ?? 0),
    of: order.map((i) => of[i] ?? 0),
    gone: new Uint8Array(rows.length),
  };
}

function tokensOf({ title, texts = [], spelt = [] }: MirrorRow): { key: string; rank: number }[] {
  const ranks = new Map(
    rankedTokens([title, ...texts.map(([, text]) => text)], () => []).map(({ key, rank }) => [key, rank]),
  );
  for (const [key, rank] of spelt) ranks.set(key, Math.min(ranks.get(key) ?? rank, rank));
  // Longer ones first: the ends of a run of Chinese or of a number lie within it.
  return Array.from(ranks, ([key, rank]) => ({ key, rank })).sort((a, b) => b.key.length - a.key.length);
}

const lineFeed = 10;

function inOrder(text: string, a: number, b: number): number {
  for (let i = 0; ; i++) {
    const [x, y] = [text.charCodeAt(a + i), text.charCodeAt(b + i)];
    if (x !== y) return x - y;
    if (x === lineFeed) return 0;
  }
}

/** The first place of a segment whose token is not before `prefix`; with `after`, the first beyond all that begin so. */
function bound({ text, places }: Segment, prefix: string, after: boolean): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareStart(text, places[middle] ?? 0, prefix);
    if (order < 0 || (after && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** 0 when the token at a place begins so. */
function compareStart(text: string, place: number, prefix: string): number {
  for (let i = 0; i < prefix.length; i++) {
    const difference = text.charCodeAt(place + i) - prefix.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return 0;
}

interface Found {
  row: MirrorRow;
  rank: number;
  tokens: readonly string[];
  /** How far from what was typed and how good a find, the smaller the better; equals are told apart by their rows. */
  score: number;
}

/** The best of one kind so far, in order, and how many there are. */
interface Best {
  hits: Found[];
  count: number;
}

/** The records one browser holds, ready to be searched. */
export class LocalIndex {
  readonly segments: Segment[] = [];
  private readonly places = new Map<string, { segment: Segment; n: number }>();
  /** Kinds of records in the order in which equals are shown. */
  objects: readonly string[] = [];

  /** How many records there are. */
  get size(): number {
    return this.places.size;
  }

  /** Takes a segment as it was made or kept; records of it that are here already are the older ones and go. */
  add(segment: Segment): void {
    this.segments.push(segment);
    for (const [n, { id }] of segment.rows.entries()) {
      if (segment.gone[n]) continue;
      this.remove(id);
      this.places.set(id, { segment, n });
    }
  }

  /**
   * Takes records that are new or have changed.
   * @returns the segments that are no longer as they were; the last one is made anew while it is small
   */
  put(rows: readonly MirrorRow[]): Set<Segment> {
    const touched = new Set<Segment>();
    if (rows.length === 0) return touched;
    const newest = new Map(rows.map((row) => [row.id, row]));
    for (const id of newest.keys()) {
      const segment = this.remove(id);
      if (segment) touched.add(segment);
    }
    const last = this.segments.at(-1);
    if (last && last.rows.length + newest.size <= segmentRows) {
      const kept = last.rows.filter((_, n) => !last.gone[n]);
      Object.assign(last, makeSegment([...kept, ...newest.values()]));
      for (const [n, { id }] of last.rows.entries()) this.places.set(id, { segment: last, n });
      touched.add(last);
      return touched;
    }
    const all = [...newest.values()];
    for (let from = 0; from < all.length; from += segmentRows) {
      const made = makeSegment(all.slice(from, from + segmentRows));
      this.add(made);
      touched.add(made);
    }
    return touched;
  }

  /** @returns the segment it was in; undefined when it was in none */
  remove(id: string): Segment | undefined {
    const place = this.places.get(id);
    if (!place) return undefined;
    place.segment.gone[place.n] = 1;
    this.places.delete(id);
    return place.segment;
  }

  clear(): void {
    this.segments.length = 0;
    this.places.clear();
  }

  /** Records by their ids, those that are here. */
  byId(ids: readonly string[]): LocalHit[] {
    return ids.flatMap((id) => {
      const place = this.places.get(id);
      const row = place?.segment.rows[place.n];
      return row ? [hitOf({ row, rank: 0, tokens: [], score: 0 })] : [];
    });
  }

  /** The records of a kind that were made last: ids are UUIDv7, which begin with their time. */
  newest(object: string, limit: number): LocalHit[] {
    const best: MirrorRow[] = [];
    this.each((row) => {
      if (row.object !== object || (best.length >= limit && row.id < (best.at(-1)?.id ?? ''))) return;
      insert(best, row, limit, (a, b) => (a.id > b.id ? -1 : 1));
    });
    return best.map((row) => hitOf({ row, rank: 0, tokens: [], score: 0 }));
  }

  /**
   * Records that have every typed word, by kind, the kind with the best one first; where there are none, those that have
   * the words as they were probably meant.
   * @param limit the most of each kind
   * @param objects only these kinds
   */
  search(q: string, limit: number, objects?: readonly string[]): LocalGroup[] {
    if (q.trim() === '') return [];
    const wanted = objects ? new Set(objects) : undefined;
    const tokens = queryKeys(q);
    const best = new Map<string, Best>();
    if (tokens.length === 0) this.bySigns(q.trim().toLowerCase(), limit, wanted, best);
    else this.byTokens(tokens, asTyped, limit, wanted, best);
    const guess = best.size === 0;
    if (guess) this.byNear(tokens, limit, wanted, best);
    const place = new Map(this.objects.map((object, i) => [object, i]));
    return Array.from(best, ([object, { hits, count }]) => ({ object, hits, count }))
      .sort((a, b) => {
        const [one, other] = [a.hits[0], b.hits[0]];
        const order = one && other ? one.score - other.score : 0;
        return order || (place.get(a.object) ?? 0) - (place.get(b.object) ?? 0);
      })
      .map(({ object, hits, count }) => ({
        object,
        hits: hits.map(hitOf),
        count: Math.min(count, counted),
        more: count >= counted,
        guess,
      }));
  }

  private each(visit: (row: MirrorRow) => void): void {
    for (const { rows, gone } of this.segments) for (const [n, row] of rows.entries()) if (!gone[n]) visit(row);
  }

  /** Titles that have these signs, where nothing but signs was typed. */
  private bySigns(
    signs: string,
    limit: number,
    wanted: ReadonlySet<string> | undefined,
    best: Map<string, Best>,
  ): void {
    this.each((row) => {
      if (wanted && !wanted.has(row.object)) return;
      if (row.title.toLowerCase().includes(signs)) take(best, row, 0, [], 0, limit);
    });
  }

  private byTokens(
    tokens: readonly string[],
    far: number,
    limit: number,
    wanted: ReadonlySet<string> | undefined,
    best: Map<string, Best>,
  ): void {
    const spread = new Map(tokens.map((token) => [token, this.tokensBeginning(token)]));
    const [rarest = '', ...others] = tokens.toSorted((a, b) => (spread.get(a) ?? 0) - (spread.get(b) ?? 0));
    if (!spread.get(rarest)) return;
    for (const segment of this.segments) {
      const codes = codesOf(segment, rarest);
      if (!codes) continue;
      for (const token of others) narrow(codes, codesOf(segment, token));
      // Words written together lead to titles that have them in this order.
      const together = others.length > 0 ? codesOf(segment, tokens.join('')) : undefined;
      for (const [n, row] of segment.rows.entries()) {
        const own = codes[n] ?? 0;
        if (own === 0 || segment.gone[n] || (wanted && !wanted.has(row.object))) continue;
        const code = Math.min(own, together?.[n] || own) - 1;
        const rank = code >> 1;
        take(best, row, rank, tokens, scoreOf(row, far, rank, (code & 1) === 0, tokens), limit);
      }
    }
  }

  /** Words no record has are taken for misspelt ones. */
  private byNear(
    tokens: readonly string[],
    limit: number,
    wanted: ReadonlySet<string> | undefined,
    best: Map<string, Best>,
  ): void {
    const unknown = tokens.length === 1 ? tokens : tokens.filter((token) => this.tokensBeginning(token) === 0);
    const corrections = new Map<string, string[]>();
    for (const token of unknown) {
      const near = this.nearWords(token);
      if (near.length === 0) return;
      corrections.set(token, near);
    }
    const [first = ''] = unknown;
    const seen = new Set<string>();
    for (const [i, word] of (corrections.get(first) ?? []).entries()) {
      const meant = tokens.map((token) => (token === first ? word : (corrections.get(token)?.[0] ?? token)));
      const found = new Map<string, Best>();
      this.byTokens(meant, misspelt + i, limit, wanted, found);
      for (const { hits } of found.values())
        for (const hit of hits) {
          if (seen.has(hit.row.id)) continue;
          seen.add(hit.row.id);
          take(best, hit.row, hit.rank, hit.tokens, hit.score, limit);
        }
    }
  }

  /** Words of titles that a misspelt one may stand for, the likeliest first (server/search/near.ts). */
  private nearWords(word: string): string[] {
    const edits = forgiven(word);
    if (edits === 0) return [];
    const near = oneEdit(word)
      .map((start) => ({ start, whole: this.titleWord(start) }))
      .filter(({ start, whole }) => whole || (whole === false && start.length >= typoLength))
      .sort((a, b) => Number(b.whole) - Number(a.whole) || b.start.length - a.start.length)
      .slice(0, tried)
      .map(({ start }) => start);
    if (near.length > 0 || edits === 1) return near;
    const words = new Set(nearStarts(word).flatMap((start) => this.titleWords(start)));
    return Array.from(words, (key) => ({ key, far: distance(word, key, 2) }))
      .filter(({ far }) => far <= 2)
      .sort((a, b) => a.far - b.far || a.key.length - b.key.length)
      .slice(0, tried)
      .map(({ key }) => key);
  }

  /** Whether a word of a title is this one (true) or begins so (false); undefined where none does. */
  private titleWord(start: string): boolean | undefined {
    let begins: false | undefined;
    for (const segment of this.segments) {
      const { text, places, of } = segment;
      const from = bound(segment, start, false);
      for (let i = from; i < places.length && i < from + followed; i++) {
        const place = places[i] ?? 0;
        if (compareStart(text, place, start) !== 0) break;
        const rank = (of[i] ?? 0) & 15;
        if (!titleWordRanks.includes(rank) && rank !== titleRanks.pinyin) continue;
        if (text.charCodeAt(place + start.length) === lineFeed) return true;
        begins = false;
      }
    }
    return begins;
  }

  /** Some words of titles that begin so. */
  private titleWords(start: string): string[] {
    const found = new Set<string>();
    for (const segment of this.segments) {
      const { text, places, of } = segment;
      const from = bound(segment, start, false);
      for (let i = from; i < places.length && found.size < followed; i++) {
        const place = places[i] ?? 0;
        if (compareStart(text, place, start) !== 0) break;
        if (titleWordRanks.includes((of[i] ?? 0) & 15)) found.add(text.slice(place, text.indexOf('\n', place)));
      }
    }
    return [...found];
  }

  private tokensBeginning(prefix: string): number {
    return this.segments.reduce(
      (sum, segment) => sum + bound(segment, prefix, true) - bound(segment, prefix, false),
      0,
    );
  }
}

/** Of each row 0 where no token begins so, else the best of them: 1 + twice its rank, and 1 more where it goes on. */
function codesOf(segment: Segment, prefix: string): Uint8Array | undefined {
  const { text, places, of, rows } = segment;
  const [from, to] = [bound(segment, prefix, false), bound(segment, prefix, true)];
  if (from === to) return undefined;
  const codes = new Uint8Array(rows.length);
  for (let i = from; i < to; i++) {
    const whole = text.charCodeAt((places[i] ?? 0) + prefix.length) === lineFeed;
    const row = (of[i] ?? 0) >>> 4;
    const code = 1 + 2 * ((of[i] ?? 0) & 15) + (whole ? 0 : 1);
    const known = codes[row] ?? 0;
    if (known === 0 || code < known) codes[row] = code;
  }
  return codes;
}

/** Leaves out rows that the other token does not lead to. */
function narrow(codes: Uint8Array, others: Uint8Array | undefined): void {
  for (let n = 0; n < codes.length; n++) if (!others?.[n]) codes[n] = 0;
}

function take(
  best: Map<string, Best>,
  row: MirrorRow,
  rank: number,
  tokens: readonly string[],
  score: number,
  limit: number,
): void {
  let of = best.get(row.object);
  if (!of) {
    of = { hits: [], count: 0 };
    best.set(row.object, of);
  }
  of.count++;
  const last = of.hits[limit - 1];
  // Of a letter that a hundred thousand records have, nearly all end here.
  if (last && (score > last.score || (score === last.score && compareRows(row, last.row) > 0))) return;
  insert(of.hits, { row, rank, tokens, score }, limit, (a, b) => a.score - b.score || compareRows(a.row, b.row));
}

/** Puts one into a list in order, which keeps as many as wanted. */
function insert<T>(list: T[], one: T, limit: number, compare: (a: T, b: T) => number): void {
  let at = list.length;
  while (at > 0 && compare(one, list[at - 1] as T) < 0) at--;
  list.splice(at, 0, one);
  if (list.length > limit) list.pop();
}

/** The order of hits, the same as in server/search/hits.ts. */
function scoreOf(row: MirrorRow, far: number, rank: number, whole: boolean, tokens: readonly string[]): number {
  const [token = ''] = tokens;
  // A mail address or number that was typed in full is as good as a title.
  const place = rank === 4 && whole && /@|^\d{7}/.test(token) ? 0 : rank;
  const isTitle = tokens.length === 1 && row.title.length === token.length && row.title.toLowerCase() === token;
  return far * 1000 + place * 10 + (isTitle ? 0 : whole ? 1 : 2);
}

function compareRows(a: MirrorRow, b: MirrorRow): number {
  return (
    Number(a.done ?? false) - Number(b.done ?? false) ||
    Number(b.mine ?? false) - Number(a.mine ?? false) ||
    b.at - a.at ||
    a.title.length - b.title.length ||
    (a.id < b.id ? -1 : 1)
  );
}

function hitOf({ row, rank, tokens }: Found): LocalHit {
  const { object, id, title, subtitle = null, when = null, done = false } = row;
  const marks = marksOf(title, tokens);
  return { object, id, title, subtitle, when, done, marks, found: rank > lastTitleRank ? foundIn(row, tokens) : null };
}

function foundIn({ texts = [] }: MirrorRow, tokens: readonly string[]): LocalHit['found'] {
  for (const [field, text] of texts) {
    const marks = marksOf(text, tokens);
    if (marks.length > 0) return { field, text, marks };
  }
  return null;
}
