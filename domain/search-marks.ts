import { cjkStart, foldText } from './search-query';

/** A part of a text that was found: from and to, in UTF-16 units of the text as it is. */
export type Mark = [from: number, to: number];

/** What the characters of a text sound like, and which character each is: `soundsOf` of domain/search-keys.ts. */
export type Sounds = (text: string) => readonly { readings: string[]; at: number }[];

/** A character of a text as searched, and where it stands. */
interface Letter {
  folded: string;
  from: number;
  to: number;
  /** Whether a word begins here. */
  start: boolean;
}

const wordly = /[\p{L}\p{N}\p{M}]/u;

/** Letters and digits of a text, folded; signs and spaces are left out, as numbers and names are searched without. */
function lettersOf(text: string): Letter[] {
  const found: Letter[] = [];
  let at = 0;
  let fresh = true;
  for (const character of text) {
    const from = at;
    at += character.length;
    if (!wordly.test(character)) {
      fresh = true;
      continue;
    }
    const folded = foldText(character);
    for (const [i, unit] of [...folded].entries()) {
      found.push({ folded: unit, from, to: at, start: (fresh && i === 0) || cjkStart.test(unit) });
    }
    fresh = cjkStart.test(character);
  }
  return found;
}

/**
 * Where the tokens of a query stand in a text: as written, else by their pinyin or initials. Tokens that do not stand
 * there leave no mark.
 * @param sounds without it nothing is marked by its sound: the browser has no pinyin tables
 */
export function marksOf(text: string, tokens: readonly string[], sounds?: Sounds): Mark[] {
  const letters = lettersOf(text.slice(0, 400));
  const marks = tokens.flatMap((token) => {
    const wanted = [...token].filter((character) => wordly.test(character)).join('');
    const mark =
      wanted === '' ? null : (written(letters, wanted) ?? (sounds ? spoken(text, letters, wanted, sounds) : null));
    return mark ? [mark] : [];
  });
  return joined(marks);
}

/** The token as it is written: from the beginning of a word, digits and Chinese from anywhere. */
function written(letters: readonly Letter[], token: string): Mark | null {
  const wanted = [...token];
  const anywhere = /^\d+$/.test(token);
  for (let i = 0; i + wanted.length <= letters.length; i++) {
    const first = letters[i];
    const last = letters[i + wanted.length - 1];
    if (!first || !last || !(first.start || anywhere)) continue;
    if (wanted.every((character, j) => letters[i + j]?.folded === character)) return [first.from, last.to];
  }
  return null;
}

/** The token as the sound of characters: whole readings, initials, and at its end the beginning of a reading. */
function spoken(text: string, letters: readonly Letter[], token: string, soundsOf: Sounds): Mark | null {
  if (!/[a-z]/.test(token)) return null;
  const folded = foldText(text);
  const sounds = soundsOf(folded);
  // Folding may change how many characters there are; then nothing is marked rather than the wrong part.
  if (sounds.length > letters.length) return null;
  for (let i = 0; i < sounds.length; i++) {
    const first = letters[i];
    const end = first?.start ? heard(sounds, i, token, '', new Set()) : null;
    const last = end === null ? undefined : letters[end - 1];
    if (first && last && [...folded][sounds[i]?.at ?? -1] === first.folded) return [first.from, last.to];
  }
  return null;
}

/**
 * How far the token is heard from a character on; null where it is not. `so`: in full or by initials, once decided.
 * What was tried from a place in vain is not tried again: letters would double the ways with each of them.
 */
function heard(
  sounds: readonly { readings: string[] }[],
  i: number,
  rest: string,
  so: '' | 'full' | 'initials',
  vain: Set<string>,
): number | null {
  if (rest === '') return i;
  const from = `${i} ${rest.length} ${so}`;
  if (vain.has(from)) return null;
  for (const reading of sounds[i]?.readings ?? []) {
    if (so !== 'initials') {
      if (reading.startsWith(rest)) return i + 1;
      const end = rest.startsWith(reading)
        ? heard(sounds, i + 1, rest.slice(reading.length), reading.length > 1 ? 'full' : so, vain)
        : null;
      if (end !== null) return end;
    }
    const [initial = ''] = reading;
    if (so !== 'full' && rest.startsWith(initial)) {
      const end = heard(sounds, i + 1, rest.slice(initial.length), reading.length > 1 ? 'initials' : so, vain);
      if (end !== null) return end;
    }
  }
  vain.add(from);
  return null;
}

/** Marks in order, those that touch as one. */
function joined(marks: Mark[]): Mark[] {
  const sorted = marks.toSorted((a, b) => a[0] - b[0] || b[1] - a[1]);
  const whole: Mark[] = [];
  for (const [from, to] of sorted) {
    const last = whole.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else whole.push([from, to]);
  }
  return whole;
}
