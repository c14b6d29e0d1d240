import { likeness, trigrams } from './keys';

/**
 * Legal forms at the end of a company's name, in the spelling of `spaced` (lower case, one space between words);
 * Chinese ones stand without a space. Sorted so that a form is taken whole.
 */
const legalForms = sorted(
  'incorporated, inc, corporation, corp, company, co, limited liability company, llc, l l c, llp, lp, limited, ltd, plc, pte, pty, pvt, gmbh, mbh, ag, kg, ohg, ug, e v, se, sa, s a, sas, sarl, s a r l, srl, s r l, spa, s p a, sl, s l, bv, b v, nv, n v, ab, as, a s, aps, oy, oyj, kk, k k, sp z o o, s r o, kft, zrt',
);
const chineseForms = sorted(
  '股份有限责任公司, 股份有限公司, 有限责任公司, 有限公司, 公司, 股份有限責任公司, 有限責任公司',
);
/**
 * Words that look like a form but tell companies apart: five pairs of Chinese listed companies differ in nothing but
 * 集团 and 股份. They count for a suggestion, not for the key.
 */
const looseForms = sorted('group, holding, holdings, international, private');
const looseChineseForms = sorted('集团, 集團, 股份, 控股, 总公司, 總公司');

function sorted(list: string): string[] {
  return list.split(', ').sort((x, y) => y.length - x.length);
}

/** A name as it is compared: NFKC, lower case, accents folded, punctuation to single spaces. */
function spaced(text: string): string {
  return text
    .slice(0, 400)
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .normalize('NFC')
    .replace(/&/g, ' and ')
    .replace(/['’`]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '')
    .trim();
}

/** The key under which names are the same: legal forms, case, width, accents and punctuation do not count. */
export function nameKey(text: string): string {
  const known = nameKeys.get(text);
  if (known !== undefined) return known;
  const key = stripped(spaced(text), legalForms, chineseForms);
  if (text.length > 200) return key;
  if (nameKeys.size >= 5000) nameKeys.clear();
  nameKeys.set(text, key);
  return key;
}

/** Of the names met last: one row of a file asks for its name's key five times. */
const nameKeys = new Map<string, string>();

/** Takes forms off the end while a name remains: `Limited` and `公司` are names too. */
function stripped(name: string, words: readonly string[], runs: readonly string[]): string {
  const form = words.find((word) => name.endsWith(` ${word}`)) ?? runs.find((run) => name.endsWith(run));
  const shorter =
    form === undefined
      ? name
      : name
          .slice(0, -form.length)
          .replace(/(?: and)? $/, '')
          .trim();
  return shorter !== name && shorter.length > 1 ? stripped(shorter, words, runs) : name;
}

/** The name without anything but its letters and digits; legal forms stay. */
export function compactKey(text: string): string {
  return spaced(text).replace(/ /g, '');
}

/** A mail address as it is compared. */
export function emailKey(text: string): string {
  return text.normalize('NFC').trim().toLowerCase();
}

/** The domain a web address, a mail address or a bare domain belongs to, without `www.`; null when it is none. */
export function domainKey(text: string): string | null {
  const host = text
    .slice(0, 400)
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/^[^/?#]*@/, '')
    .replace(/[/?#:].*$/, '')
    .replace(/\.$/, '')
    .replace(/^www\d?\./, '');
  return /^(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,}$/u.test(host) &&
    !/^[\d.]+$/.test(host)
    ? host
    : null;
}

export type Likeness = 'same' | 'punctuation' | 'legalForm' | 'wordOrder' | 'spelling';

export interface Similarity {
  confidence: number;
  reason: Likeness;
}

/** How alike two names are; null when they are not. For offers to a person, never to join by itself. */
export function similar(a: string, b: string): Similarity | null {
  return compare(prepared(a), prepared(b));
}

interface Prepared {
  text: string;
  compact: string;
  key: string;
  words: string;
  grams: ReadonlySet<string>;
}

function prepared(text: string): Prepared {
  const key = stripped(nameKey(text), [...legalForms, ...looseForms], [...chineseForms, ...looseChineseForms]);
  const joined = key.replace(/ /g, '');
  return {
    text: text.trim(),
    compact: compactKey(text),
    key: joined,
    words: key.split(' ').sort().join(' '),
    grams: trigrams(joined),
  };
}

function compare(a: Prepared, b: Prepared): Similarity | null {
  if (a.compact === '' || b.compact === '') return null;
  if (a.text === b.text) return { confidence: 1, reason: 'same' };
  if (a.compact === b.compact) return { confidence: 0.95, reason: 'punctuation' };
  if (a.key === b.key) return { confidence: 0.9, reason: 'legalForm' };
  if (a.words === b.words) return { confidence: 0.85, reason: 'wordOrder' };
  const score = likeness(a.grams, b.grams, 0.6);
  const short = Math.min(a.key.length, b.key.length) < 4;
  return score >= 0.6 && !short ? { confidence: Math.round(score * 80) / 100, reason: 'spelling' } : null;
}

export interface Suggestion extends Similarity {
  id: string;
  name: string;
}

/** The records a text may mean, the likeliest first. Keep one for a file: the candidates are prepared once. */
export function suggester(
  candidates: readonly { id: string; name: string }[],
): (text: string, limit?: number) => Suggestion[] {
  const ready = candidates.map((candidate) => ({ ...candidate, prepared: prepared(candidate.name) }));
  return (text, limit = 3) => {
    const wanted = prepared(text);
    return ready
      .flatMap(({ id, name, prepared: candidate }) => {
        const found = compare(wanted, candidate);
        return found ? [{ id, name, ...found }] : [];
      })
      .sort((a, b) => b.confidence - a.confidence || a.name.localeCompare(b.name))
      .slice(0, limit);
  };
}
