/** Misspellings: one edit in a word of four letters and more, two from eight letters on. */
export const typoLength = 4;
export const doubleTypoLength = 8;

const letters = [...'abcdefghijklmnopqrstuvwxyz'];
const latin = /^[a-z]+$/;

/** How many edits are forgiven in a word; none in what is short or no word of Latin letters. */
export function forgiven(word: string): 0 | 1 | 2 {
  if (word.length < typoLength || !latin.test(word)) return 0;
  return word.length >= doubleTypoLength ? 2 : 1;
}

/** All words one edit away: a letter left out, two swapped, one replaced, one added; and the word itself. */
export function oneEdit(word: string): string[] {
  const found = new Set([word]);
  for (let i = 0; i <= word.length; i++) {
    const [before, after] = [word.slice(0, i), word.slice(i)];
    if (after) found.add(before + after.slice(1));
    if (after.length > 1) found.add(`${before}${after[1]}${after[0]}${after.slice(2)}`);
    for (const letter of letters) {
      if (after) found.add(before + letter + after.slice(1));
      found.add(before + letter + after);
    }
  }
  return [...found];
}

/**
 * Edits between two words, a swap of neighbours being one (optimal string alignment); `most + 1` when there are more
 * than `most`.
 */
export function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let last: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (last[j - 2] ?? 0) + 1);
      next.push(least);
    }
    [last, row] = [row, next];
  }
  return Math.min(row[b.length] ?? 0, most + 1);
}

/** Beginnings a word with one edit may have that lead to all words near it: those of its first half. */
export function nearStarts(word: string): string[] {
  return oneEdit(word.slice(0, Math.max(3, Math.floor(word.length / 2))));
}
