/**
 * The typed half of search: what a query is taken apart into. It shares its folding with `search-keys.ts`, which makes
 * the stored half, and stays free of the pinyin tables so that the browser can use it.
 */
import { clip } from './clip';

/** Runs of these are searched from any of their characters; all other scripts by the beginning of words. */
const cjk = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}々〆ー`;
export const cjkStart = new RegExp(`^[${cjk}]`, 'u');
/** Words of all other scripts, with their marks. */
const word = new RegExp(`[${cjk}]+|(?:(?![${cjk}])[\\p{L}\\p{N}\\p{M}])+`, 'gu');

export const maxTokenLength = 64;
/** Nobody types more; what is longer is cut before it is looked at. */
const maxQueryLength = 200;

/** Letters that decomposition leaves whole. */
const folds: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };
const foldable = /[ßæœøłđðþı]/g;

/** NFKC and lower case: how a token is spelt with its accents. */
export function lowerText(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFC');
}

/** The same without accents. Marks of scripts that need them (Thai, Devanagari, kana) stay. */
export function foldText(text: string): string {
  const lower = lowerText(text);
  // Nothing to fold in plain ASCII, which is most of what is ever searched.
  if (isAscii(lower)) return lower;
  return lower
    .normalize('NFD')
    .replace(/([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{M}+/gu, '$1')
    .normalize('NFC')
    .replace(foldable, (letter) => folds[letter] ?? letter);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is all of ASCII.
export const isAscii = (text: string) => /^[\u0000-\u007f]*$/.test(text);

/** Words and CJK runs of a folded text. */
export function wordsOf(folded: string): string[] {
  return folded.match(word) ?? [];
}

const phonePattern = /^[+(\d][\d\s().\-/]*$/;

/** The digits of what looks like a telephone number; null for anything else. */
export function phoneDigits(text: string, atLeast: number): string | null {
  const plain = text.normalize('NFKC').trim();
  if (!phonePattern.test(plain) || /^\d{4}-\d{1,2}-\d{1,2}$/.test(plain)) return null;
  const digits = plain.replace(/\D/g, '');
  return digits.length >= atLeast && digits.length <= 20 ? digits : null;
}

/** Web and mail addresses without what everyone's begins with. */
export function stripScheme(text: string): string {
  return text
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/^www\./, '')
    .replace(/^@/, '')
    .replace(/\/+$/, '');
}

const address = /^[^\s@]*@?[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*\.)+[\p{L}\p{M}\p{N}-]*$/u;

/** Whether a piece of text is a mail or web address, or the beginning of one. */
export const isAddress = (piece: string) => piece.includes('@') || address.test(piece);

/** The tokens of a typed query: a record is found when each of them begins one of its keys. */
export function queryKeys(typed: string): string[] {
  const query = clip(typed, maxQueryLength).toWellFormed().replaceAll('\0', '');
  const digits = phoneDigits(query, 4);
  // National and international writing differ in leading zeros; every record has its number without them.
  if (digits) return [digits.length >= 7 ? digits.replace(/^0+/, '') : digits];
  const keys = foldText(query)
    .split(/\s+/)
    .flatMap((piece) => {
      const bare = stripScheme(piece);
      return isAddress(bare) ? [clip(bare, maxTokenLength)] : wordsOf(bare).map((key) => clip(key, maxTokenLength));
    });
  return [...new Set(keys)].filter((key) => key !== '');
}
