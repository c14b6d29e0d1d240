/** Colours with a name; `data-tone` puts them on an element (globals.css). */
export const tones = ['slate', 'blue', 'teal', 'green', 'amber', 'orange', 'red', 'violet'] as const;
export type Tone = (typeof tones)[number];

/** Always the same colour for the same text. */
export function toneOf(seed: string): Tone {
  let hash = 0;
  for (const char of seed) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return tones[hash % tones.length] ?? 'slate';
}
