import { hash, verify } from '@node-rs/argon2';
import { Refusal } from '@/domain/refusals';
import { limited } from './limits';

/** OWASP's argon2id setting of 19 MiB, two passes, one lane (ASVS 11.4.2). */
// The package's enum is a const enum, which isolated modules cannot read: 2 is argon2id.
const argon2id = 2;
const parameters = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

// Hashing takes a core for 15 ms and more: two at a time leave the other requests their turn (security A1).
const slots = limited(2, 200);

/** The PHC string to store for a password. */
export function hashPassword(password: string): Promise<string> {
  return slots(() => hash(password.normalize('NFC'), parameters));
}

let dummy: Promise<string> | undefined;

/**
 * Whether the password fits the stored hash. Without a hash (no such person) it takes as long and says no, so that
 * neither answer nor time tells who exists (security A3).
 */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  dummy ??= hashPassword('nobody has this password');
  const against = stored ?? (await dummy);
  const fits = await slots(() => verify(against, password.normalize('NFC')));
  return fits && Boolean(stored);
}

/** Whether a hash was made with other parameters than today's and should be replaced at sign-in. */
export function needsRehash(stored: string): boolean {
  return !stored.startsWith(
    `$argon2id$v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=${parameters.parallelism}$`,
  );
}

/** Passwords seen most often in breaches that pass the length rule, lower case. */
const common = new Set([
  'passwordpassword',
  'password1234',
  'password12345',
  'password123456',
  '123456789012',
  '1234567890123',
  '12345678901234',
  'qwertyuiop123',
  'qwertyuiopas',
  'qwertyuiopasdf',
  'qwerty123456',
  'iloveyou1234',
  'letmein12345',
  'welcome12345',
  'adminadmin12',
  'administrator',
  'changeme1234',
  'abcdefghijkl',
  'abcdefghijklm',
  'abc123456789',
  'a1234567890b',
  '111111111111',
  '000000000000',
  '123123123123',
  '121212121212',
  'aaaaaaaaaaaa',
  'q1w2e3r4t5y6',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  'zaq12wsxcde3',
  'asdfghjkl123',
  'footballfootball',
  'baseballbaseball',
  'dragondragon',
  'monkeymonkey',
  'sunshine1234',
  'princess1234',
  'superman1234',
  'trustno1trustno1',
  'woaini1314520',
  'woaini520520',
  '5201314520131',
  '147258369147',
]);

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
  if (common.has(lower) || new Set(lower).size <= 2) throw refuse('passwordCommon');
  const own = words.flatMap((w) => w?.toLowerCase().split(/[\s@.]+/) ?? []).filter((w) => w.length >= 4);
  if (own.some((word) => lower.includes(word) && word.length * 2 > length)) throw refuse('passwordContains');
}
