/** A header as it is compared: NFKC, without case, spaces and punctuation, so `Deal - Stage*` is `dealstage`. */
export function headerKey(text: string): string {
  return text
    .slice(0, 200)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** The keys of a list of headers or words separated by commas. */
export function keysOf(list: string): Set<string> {
  return new Set(list.split(',').map((name) => headerKey(name)));
}

/** Share of common trigrams (Dice), 0 to 1; short words are padded so that their beginning counts. */
export function trigramSimilarity(a: string, b: string): number {
  return a === b ? 1 : likeness(trigrams(a), trigrams(b));
}

/** The same of trigrams that are already known; 0 where their numbers alone rule out `atLeast`. */
export function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>, atLeast = 0): number {
  const [few, many] = a.size < b.size ? [a, b] : [b, a];
  if ((2 * few.size) / (a.size + b.size) < atLeast) return 0;
  let common = 0;
  for (const gram of few) if (many.has(gram)) common++;
  return (2 * common) / (a.size + b.size);
}

export function trigrams(text: string): Set<string> {
  const padded = `  ${text} `;
  const grams = new Set<string>();
  for (let i = 0; i + 3 <= padded.length; i++) grams.add(padded.slice(i, i + 3));
  return grams;
}
