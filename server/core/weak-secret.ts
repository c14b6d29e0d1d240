/**
 * Words of placeholders and examples. None stands in a random secret by chance: six letters and more, eight where all
 * of them are hexadecimal digits.
 */
const placeholders =
  /change.?(me|this|it)|secret|passw(or)?d|passphrase|example|placeholder|default|guanxi|insecure|replace.?(me|this)|your.{0,4}(key|token)|nextauth|correct.?horse|qwerty|letmein|abcdefg|01234567|12345678|deadbeef|cafebabe/i;

/**
 * Why a text must not be a secret of the installation, as the end of a sentence, or undefined when nothing speaks
 * against it. It never holds the text.
 */
export function weakSecret(text: string, length = 32): string | undefined {
  if (text.length < length) return `is too short: give ${length} characters or more`;
  if (placeholders.test(text)) return 'is a placeholder or a well-known text';
  // Of four million random texts of 32 hexadecimal digits none had less than 2.7 bits a digit, as counted here.
  if (isRepeated(text) || entropy([...text]) < 2 * length) return 'can be guessed';
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

/** One short text over and over: it is itself again, moved by that text's length. */
const isRepeated = (text: string): boolean =>
  Array.from({ length: Math.min(16, text.length / 2) }, (_, i) => i + 1).some(
    (n) => text.slice(n) === text.slice(0, -n),
  );

/** Bits, by how often each symbol comes. */
function entropy(symbols: string[]): number {
  const counts = new Map<string, number>();
  for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / symbols.length);
  return bits;
}
