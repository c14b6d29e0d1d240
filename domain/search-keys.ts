import { pinyin, polyphonic } from 'pinyin-pro';
import { clip } from './clip';
import { foldText, maxTokenLength } from './search-query';
import { maxTextLength, type RankedKey, rankedTokens, type Token } from './search-tokens';

export { queryKeys } from './search-query';
export type { RankedKey } from './search-tokens';

/** Characters of a Chinese text that are spelt. */
const maxSpelt = 40;
/** Spellings offered for a name whose characters have several readings. */
const maxSpellings = 4;
/** Words inside a Chinese title that are spelt from there on: 平安 of 中国平安 is `pingan`. */
const maxInner = 3;

/**
 * The rules by which keys are made. To be raised with every change of what `rankedKeys` answers: tenants whose keys were
 * made by older rules get theirs anew (server/search/rebuild.ts).
 */
export const keyRules = 2;

/**
 * The tokens under which a record is found by prefix, pinyin and initials among them. Give the texts in the order of
 * their weight, the title first. Server only: this module carries the pinyin tables.
 */
export function rankedKeys(texts: readonly (string | null | undefined)[]): RankedKey[] {
  return rankedTokens(texts, pinyinKeys);
}

/** The tokens alone. */
export function searchKeys(texts: readonly (string | null | undefined)[]): string[] {
  return rankedKeys(texts).map(({ key }) => key);
}

/** Whether a Chinese name, or a later word of it, begins with what is typed in Latin letters: in pinyin or by initials. */
export function soundsLike(name: string, typed: string): boolean {
  const sound = typed.toLowerCase().replace(/\s+/g, '');
  if (!/^[a-z]+$/.test(sound) || !hanPattern.test(name)) return false;
  return searchKeys([name]).some((key) => key.startsWith(sound));
}

const hanPattern = /\p{Script=Han}/u;

interface Syllable {
  /** Readings, the likeliest here first; a letter or digit reads as itself. */
  readings: string[];
  /** Which character of the folded text it is. */
  at: number;
}

/** Pinyin in full and by initials, for the likely readings of a Chinese name; of a title also from its later words on. */
function pinyinKeys(text: string, title: boolean): Token[] {
  if (!hanPattern.test(text)) return [];
  const start = [...text].slice(0, maxSpelt).join('');
  const syllables = syllablesOf(start);
  const spellings = spellingsOf(syllables);
  const keys: Token[] = [
    ...spellings.map((spelling): Token => [spelling.map(firstOf).join(''), 'pinyin']),
    ...spellings.map((spelling): Token => [spelling.join(''), 'pinyin']),
  ];
  if (!title) return keys;
  for (const at of wordStarts(foldText(start))) {
    const likely = syllables.filter((syllable) => syllable.at >= at).map(({ readings }) => readings[0] ?? '');
    // One character more than nothing says: its own pinyin alone would be found in every third name.
    if (likely.length > 1) keys.push([likely.map(firstOf).join(''), 'innerPinyin'], [likely.join(''), 'innerPinyin']);
  }
  return keys;
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });

/** Where the words after the first begin, as numbers of characters. */
function wordStarts(text: string): number[] {
  const found: number[] = [];
  let at = 0;
  for (const { segment, isWordLike } of segmenter.segment(text)) {
    if (at > 0 && isWordLike && hanPattern.test(segment)) found.push(at);
    at += [...segment].length;
    if (found.length === maxInner) break;
  }
  return found;
}

function syllablesOf(text: string): Syllable[] {
  const folded = foldText(text);
  const likely = readingsOf(folded, 'off');
  const surname = readingsOf(folded, 'head');
  const all = polyphonic(folded, { toneType: 'none', type: 'array', nonZh: 'spaced' });
  const characters = [...folded];
  return characters.flatMap((character, at) => {
    if (!hanPattern.test(character)) return /[\p{L}\p{N}]/u.test(character) ? [{ readings: [character], at }] : [];
    const others = all.length === characters.length ? (all[at] ?? []) : [];
    const readings = [likely[at], surname[at], ...others].filter(
      (reading) => reading !== undefined && /^[a-zü]+$/.test(reading),
    );
    // Every entry has just been checked to be a text.
    return [{ readings: [...new Set(readings as string[])].map((reading) => reading.replace(/ü/g, 'v')), at }];
  });
}

/**
 * What a query with Chinese in it sounds like, in its likely readings: `aliba` for `阿里ba`, `chongqing` for `重慶`. It finds
 * names of the same sound: mixed input, traditional characters, a character mistaken for another.
 */
export function spokenForms(query: string): string[] {
  const text = [...clip(query, maxTextLength).toWellFormed().replaceAll('\0', '')].slice(0, maxSpelt).join('');
  if (!hanPattern.test(text)) return [];
  const spoken = spellingsOf(syllablesOf(text)).map((spelling) => clip(spelling.join(''), maxTokenLength));
  return [...new Set(spoken)].filter((key) => key !== '');
}

/** All readings of each character of a text, its Latin letters as themselves, for marking what was found. */
export function soundsOf(text: string): { readings: string[]; at: number }[] {
  return syllablesOf([...text].slice(0, maxSpelt).join(''));
}

/** One reading per character of a folded text. */
function readingsOf(text: string, surname: 'off' | 'head'): string[] {
  return pinyin(text, { toneType: 'none', type: 'array', nonZh: 'spaced', surname });
}

/** A reading's first letter; what is no letter of ours may be two units long. */
const firstOf = (reading: string) => [...reading][0] ?? '';

/** The likely reading of all, then one character read otherwise at a time, those with another initial first. */
function spellingsOf(syllables: readonly Syllable[]): string[][] {
  const likely = syllables.map(({ readings }) => readings[0] ?? '');
  const others = syllables.flatMap(({ readings }, i) => readings.slice(1).map((reading) => ({ i, reading })));
  const byInitial = (other: { i: number; reading: string }) => (other.reading[0] === likely[other.i]?.[0] ? 1 : 0);
  others.sort((a, b) => byInitial(a) - byInitial(b));
  return [likely, ...others.slice(0, maxSpellings - 1).map(({ i, reading }) => likely.with(i, reading))];
}

/**
 * A key that sorts under `COLLATE "C"` as people expect: Chinese by pinyin and tone, Latin without case and accents,
 * signs at the beginning left out. At most 200 characters.
 */
export function sortKey(name: string): string {
  const folded = foldText(clip(name, maxTextLength)).replace(/\s+/g, ' ').trim();
  const text = folded.replace(/^[^\p{L}\p{N}]+/u, '') || folded;
  if (!hanPattern.test(text)) return clip(text, 200);
  const syllables = pinyin(text, { toneType: 'num', type: 'array', nonZh: 'spaced' });
  const characters = [...text];
  let key = '';
  for (const [i, character] of characters.entries()) {
    key += hanPattern.test(character) ? `${syllables[i] ?? character} ` : character;
  }
  return clip(key.trim(), 200);
}

/** The name in Latin letters, Chinese by its likely pinyin, for addresses: `上海万科` is `shanghaiwanke`. */
export function romanize(name: string): string {
  const folded = foldText(name);
  if (!hanPattern.test(folded)) return folded;
  return pinyin(folded, { toneType: 'none', type: 'array', nonZh: 'spaced', v: true }).join('');
}
