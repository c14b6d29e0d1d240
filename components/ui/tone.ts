import { type Tone, tones } from '@/domain/tones';

export type { Tone };

/** Always the same colour for the same text. */
export function toneOf(seed: string): Tone {
  let hash = 0;
  for (const char of seed) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return tones[hash % tones.length] ?? 'slate';
}
