/** Words of placeholders and examples; six letters and more, so that none stands in a random secret by chance. */
const placeholders =
  /change.?(me|this|it)|secret|passw(or)?d|passphrase|example|placeholder|default|guanxi|insecure|replace.?(me|this)|your.{0,4}(key|token)|nextauth|correct.?horse|qwerty|letmein|deadbeef|cafebabe/i;

/** Six signs counted up; eight where all are hexadecimal digits, among which six stand in a row by chance. */
const countsUp = (text: string): boolean =>
  /^[\da-f]+$/i.test(text) ? /01234567|12345678|89abcdef/i.test(text) : /abcdef|012345|123456/i.test(text);

/**
 * Why a text must not be a secret of the installation, as the end of a sentence, or undefined when nothing speaks
 * against it. It never holds the text.
 */
export function weakSecret(text: string, length = 32): string | undefined {
  if (text.length < length) return `is too short: give ${length} characters or more`;
  if (placeholders.test(text) || countsUp(text)) return 'is a placeholder or a well-known text';
  // Of four million random texts of 32 hexadecimal digits none had less than 2.7 bits a digit, as counted here.
  if (isRepeated(text) || entropy([...text]) < 2.5 * Math.min(length, 32)) return 'can be guessed';
  return undefined;
}

/** The same for the bytes of a key; 32 random ones have about five bits of entropy each, as counted here. */
export function weakKey(key: Buffer): string | undefined {
  const bytes = [...key].map(String);
  const text = key.toString('latin1');
  // A key typed as text: a passphrase and its padding, or hex that was taken for bytes.
  if (/^[\x20-\x7e\0]+$/.test(text)) return 'is text, not random bytes';
  const steps = new Set(key.subarray(1).map((byte, i) => byte - (key[i] ?? 0)));
  if (steps.size < 8 || isRepeated(text) || entropy(bytes) < 120) return 'can be guessed';
  return undefined;
}

/** One short text over and over, but for an end that is less than half. */
const isRepeated = (text: string): boolean =>
  new RegExp(`^(.{1,16}?)\\1+.{0,${Math.min(15, Math.ceil(text.length / 2) - 1)}}$`, 's').test(text);

/** Bits, by how often each symbol comes. */
function entropy(symbols: string[]): number {
  const counts = new Map<string, number>();
  for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / symbols.length);
  return bits;
}
