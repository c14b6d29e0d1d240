/**
 * How texts are taken apart into the tokens by which they are found, but for the sound of Chinese: free of the pinyin
 * tables, so that the browser makes the same tokens for the records it holds (domain/local-index.ts).
 */
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
import { textRanks, titleRanks } from './search-ranks';

/** Most tokens kept for one record, and of those what its title may take. */
const maxKeys = 96;
const maxTitleKeys = 64;
/** Characters of a text that are looked at. */
export const maxTextLength = 400;
/** A token and how well a record is found by it: the smaller the better. */
export interface RankedKey {
  key: string;
  rank: number;
}

export type Kind = 'start' | 'inner' | 'pinyin' | 'innerPinyin' | 'tail';
export type Token = readonly [key: string, kind: Kind];

/**
 * The tokens under which a record is found by prefix: words, every tail of a Chinese run (so that a prefix look-up is
 * a substring search), numbers and addresses, and how it sounds.
 * @param texts in the order of their weight, the title first
 * @param spell the tokens of a text's sound
 */
export function rankedTokens(
  texts: readonly (string | null | undefined)[],
  spell: (text: string, title: boolean) => readonly Token[],
): RankedKey[] {
  const ranks = new Map<string, number>();
  const take = (tokens: readonly Token[], of: Record<Kind, number>, most: number) => {
    for (const [whole, kind] of tokens) {
      const key = clip(whole, maxTokenLength);
      const known = ranks.get(key);
      if (key === '' || (known === undefined && ranks.size >= most)) continue;
      ranks.set(key, Math.min(known ?? of[kind], of[kind]));
    }
  };
  const later: Token[] = [];
  for (const [i, whole] of texts.entries()) {
    if (!whole) continue;
    const text = clip(whole, maxTextLength).toWellFormed();
    // What a text is found by first goes in at once; the many tails of numbers wait until all texts have had theirs.
    take(mainKeys(text, i === 0, spell), i === 0 ? titleRanks : textRanks, i === 0 ? maxTitleKeys : maxKeys);
    later.push(...tailKeys(text));
  }
  take(later, textRanks, maxKeys);
  return Array.from(ranks, ([key, rank]) => ({ key, rank }));
}

const starts = (keys: readonly string[]): Token[] => keys.map((key, i) => [key, i === 0 ? 'start' : 'inner']);

function mainKeys(text: string, title: boolean, spell: (text: string, title: boolean) => readonly Token[]): Token[] {
  const trimmed = text.trim();
  const number = phoneOf(trimmed);
  if (number) {
    const { digits, extension } = number;
    return [
      [digits, 'start'],
      [digits.replace(/^0+/, ''), 'start'],
      [extension, 'start'],
    ];
  }
  const folded = foldText(trimmed);
  const bare = stripScheme(folded).replace(/[/?#].*$/, '');
  if (!/\s/.test(folded) && isAddress(bare)) return starts(addressKeys(bare));
  const keys: Token[] = starts(folded.split(/\s+/).flatMap(pieceKeys));
  const words = wordsOf(folded);
  // `GTX Pro` is also found as `gtxpro`.
  if (words.length > 1 && isAscii(folded)) {
    keys.push([words.join(''), 'start']);
    // Two words that thousands share find the few that have both without going through the thousands.
    if (title && words.length <= 3) keys.push(...turned(words).map((key): Token => [key, 'inner']));
  }
  if (!isAscii(folded)) keys.push(...starts(accented(trimmed, folded)), ...spell(trimmed, title));
  return keys;
}

/** The words written together from each of the others on: `smithanna` for `Anna Smith`. */
function turned(words: readonly string[]): string[] {
  return words.slice(1).map((_, i) => [...words.slice(i + 1), ...words.slice(0, i + 1)].join(''));
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
function tailKeys(text: string): Token[] {
  const number = phoneOf(text.trim());
  if (!number) return [];
  const { digits } = number;
  const ends = Array.from({ length: Math.max(0, digits.length - 4) }, (_, i) => digits.slice(i + 1)).reverse();
  return ends.map((key) => [key, 'tail']);
}
