import { hash, verify } from '@node-rs/argon2';
import { Refusal } from '@/domain/refusals';
import { isCommonPassword } from './common-passwords';
import { limited } from './limits';

/** OWASP's argon2id setting of 19 MiB, two passes, one lane (ASVS 11.4.2). */
// The package's enum is a const enum, which isolated modules cannot read: 2 is argon2id.
const argon2id = 2;
const parameters = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/**
 * Hashing takes a core for 15 ms and more: two at a time leave the other requests their turn (security A1). The server's
 * bundle and Next's share the process and so these places.
 */
const holder = globalThis as typeof globalThis & { guanxiHashing?: Hashing };
interface Hashing {
  /** How many are under way, were at most, and were computed in all. */
  now: number;
  most: number;
  total: number;
  slots: ReturnType<typeof limited>;
}
holder.guanxiHashing ??= { now: 0, most: 0, total: 0, slots: limited(2, 200) };
const state = holder.guanxiHashing;
/** For whoever watches the load. */
export const hashing: Readonly<Hashing> = state;

async function inSlot<T>(run: () => Promise<T>): Promise<T> {
  return state.slots(async () => {
    state.most = Math.max(state.most, ++state.now);
    state.total++;
    try {
      return await run();
    } finally {
      state.now--;
    }
  });
}

/** The PHC string to store for a password. */
export function hashPassword(password: string): Promise<string> {
  return inSlot(() => hash(password.normalize('NFC'), parameters));
}

let dummy: Promise<string> | undefined;

/**
 * Whether the password fits the stored hash. Without a hash (no such person) it takes as long and says no, so that
 * neither answer nor time tells who exists (security A3).
 */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  dummy ??= hashPassword('nobody has this password');
  const against = stored ?? (await dummy);
  const fits = await inSlot(() => verify(against, password.normalize('NFC')));
  return fits && Boolean(stored);
}

/** Whether a hash was made with other parameters than today's and should be replaced at sign-in. */
export function needsRehash(stored: string): boolean {
  return !stored.startsWith(
    `$argon2id$v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=${parameters.parallelism}$`,
  );
}

/**
 * Length 12 to 128 in characters, nothing about their kind, not a known one, not made of the person's or company's words.
 * @throws Refusal invalid on field `password` (ASVS 6.2.1 to 6.2.12)
 */
export function checkPassword(password: string, words: (string | undefined)[] = []): void {
  const length = [...password].length;
  const refuse = (code: string, params?: Record<string, number>) =>
    new Refusal('invalid', { code, params, field: 'password' });
  if (length < 12) throw refuse('passwordTooShort', { min: 12 });
  if (length > 128) throw refuse('passwordTooLong', { max: 128 });
  const lower = password.toLowerCase();
  if (isCommonPassword(lower) || new Set(lower).size <= 2) throw refuse('passwordCommon');
  const rest = ownWords(words).reduce((text, word) => text.replaceAll(word, ''), lower);
  if ([...rest].length * 2 < length) throw refuse('passwordContains');
}

/** Words of four letters or more, or of two Chinese characters, of which a password must not be made. */
function ownWords(words: (string | undefined)[]): string[] {
  return words
    .flatMap((word) => word?.toLowerCase().split(/[\s@._-]+/) ?? [])
    .filter((word) => word.length >= (/\p{Script=Han}/u.test(word) ? 2 : 4));
}
