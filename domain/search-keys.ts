import { pinyin, polyphonic } from 'pinyin-pro';
import { clip } from './clip';
import {
  cjkStart,
  foldText,
  isAddress,
  isAscii,
  lowerText,
  maxTokenLength,
  phoneDigits,
  stripScheme,
  wordsOf,
} from './search-query';

export { queryKeys } from './search-query';

/** Most tokens kept for one record; the first texts, its names, come first. */
const maxKeys = 40;
/** Characters of a text that are looked at, and of a Chinese one that are spelt. */
const maxTextLength = 400;
const maxSpelt = 40;
/** Spellings offered for a name whose characters have several readings. */
const maxSpellings = 4;

/**
 * The tokens under which a record is found by prefix: words, every tail of a Chinese run (so that a prefix look-up is
 * a substring search), pinyin and initials, numbers and addresses. Give the texts in the order of their weight.
 * Server only: this module carries the pinyin tables.
 */
export function searchKeys(texts: readonly (string | null | undefined)[]): string[] {
  const keys = new Set<string>();
  const later: string[] = [];
  for (const whole of texts) {
    if (!whole) continue;
    const text = clip(whole, maxTextLength).toWellFormed();
    // What a text is found by first goes in at once; the many tails of numbers wait until all texts have had theirs.
    for (const key of mainKeys(text)) keys.add(clip(key, maxTokenLength));
    later.push(...tailKeys(text));
  }
  for (const key of later) keys.add(clip(key, maxTokenLength));
  keys.delete('');
  return [...keys].slice(0, maxKeys);
}

function mainKeys(text: string): string[] {
  const trimmed = text.trim();
  const number = phoneOf(trimmed);
  if (number) return [number.digits, number.digits.replace(/^0+/, ''), number.extension];
  const folded = foldText(trimmed);
  const bare = stripScheme(folded).replace(/[/?#].*$/, '');
  if (!/\s/.test(folded) && isAddress(bare)) return addressKeys(bare);
  const keys = folded.split(/\s+/).flatMap(pieceKeys);
  const words = wordsOf(folded);
  // `GTX Pro` is also found as `gtxpro`.
  if (words.length > 1 && isAscii(folded)) keys.push(words.join(''));
  if (!isAscii(folded)) keys.push(...accented(trimmed, folded), ...pinyinKeys(trimmed));
  return keys;
}

/** Words of a piece between spaces; joined too when punctuation parts them: `o'brien` is `o`, `brien`, `obrien`. */
function pieceKeys(piece: string): string[] {
  const words = wordsOf(piece);
  const keys = words.flatMap((part) => (cjkStart.test(part) ? tails(part) : [part]));
  if (words.length > 1 && isAscii(piece)) keys.push(words.join(''));
  if (isAddress(piece) && piece.includes('.')) keys.push(stripScheme(piece));
  return keys;
}

/** Local part, domain and their words: `jo.doe@mail.acme.com` is found by `jo`, `doe`, `mail.acme`, `acme`. */
function addressKeys(bare: string): string[] {
  const [local, domain] = bare.includes('@')
    ? [bare.slice(0, bare.lastIndexOf('@')), bare.slice(bare.lastIndexOf('@') + 1)]
    : ['', bare];
  return [bare, ...wordsOf(local), domain, ...wordsOf(domain).slice(0, -1)];
}

/** Words that lose an accent keep it in a second token. */
function accented(text: string, folded: string): string[] {
  const known = new Set(wordsOf(folded));
  return wordsOf(lowerText(text)).filter((part) => !known.has(part));
}

/** Every tail of a run, as whole characters. */
function tails(run: string): string[] {
  const characters = [...run];
  return characters.map((_, i) => characters.slice(i).join(''));
}

interface PhoneNumber {
  digits: string;
  extension: string;
}

/** A number and its extension, `831.605.2433x72946`. */
function phoneOf(text: string): PhoneNumber | null {
  const [main = '', extension = ''] = text.split(/\s*(?:x|ext\.?|#|转|分机)\s*(?=\d+$)/i);
  const digits = phoneDigits(main, 7);
  return digits ? { digits, extension } : null;
}

/** The ends of a number, four digits and more: people search by the last ones. */
function tailKeys(text: string): string[] {
  const number = phoneOf(text.trim());
  if (!number) return [];
  const { digits } = number;
  return Array.from({ length: Math.max(0, digits.length - 4) }, (_, i) => digits.slice(i + 1)).reverse();
}

const hanPattern = /\p{Script=Han}/u;

interface Syllable {
  /** Readings, the likeliest here first; a letter or digit reads as itself. */
  readings: string[];
}

/** Pinyin in full and by initials, for the likely readings of a Chinese name. */
function pinyinKeys(text: string): string[] {
  if (!hanPattern.test(text)) return [];
  const syllables = syllablesOf([...text].slice(0, maxSpelt).join(''));
  const spellings = spellingsOf(syllables);
  return [
    ...new Set(spellings.map((spelling) => spelling.map(firstOf).join(''))),
    ...new Set(spellings.map((spelling) => spelling.join(''))),
  ];
}

function syllablesOf(text: string): Syllable[] {
  const folded = foldText(text);
  const likely = readingsOf(folded, 'off');
  const surname = readingsOf(folded, 'head');
  const all = polyphonic(folded, { toneType: 'none', type: 'array', nonZh: 'spaced' });
  const characters = [...folded];
  return characters.flatMap((character, i) => {
    if (!hanPattern.test(character)) return /[\p{L}\p{N}]/u.test(character) ? [{ readings: [character] }] : [];
    const others = all.length === characters.length ? (all[i] ?? []) : [];
    const readings = [likely[i], surname[i], ...others].filter(
      (reading) => reading !== undefined && /^[a-zü]+$/.test(reading),
    );
    // Every entry has just been checked to be a text.
    return [{ readings: [...new Set(readings as string[])].map((reading) => reading.replace(/ü/g, 'v')) }];
  });
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
