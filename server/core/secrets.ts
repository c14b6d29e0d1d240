import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/**
 * Secrets that must be read again (unlike passwords) lie in the database encrypted by keys that do not: AES-256-GCM, the
 * id of the key in front, and the place they belong to as authenticated data, so that a ciphertext moved to another
 * tenant, table or name does not open. docs/decisions/0018-keys-and-encryption.md says how keys are changed.
 */
export interface KeyRing {
  /** Encrypts; all of them decrypt. */
  current: string;
  keys: Map<string, Buffer>;
}

/** Where a secret lies: tenant, table, id or name. */
export type Place = readonly [string, ...string[]];

/** A secret that was tampered with: changed, or moved to where it was not made for. */
export class BrokenSecret extends Error {}

/** Two bundles share the process (the server's and Next's): the ring hangs on the global object, as the pool does. */
const holder = globalThis as typeof globalThis & { guanxiKeys?: KeyRing };

/**
 * Sets the installation's keys, once, at boot.
 * @param keys `id:base64,…`, the current key first; each 32 bytes
 * @throws Error with one clear line
 */
export function openSecrets(keys: string): void {
  holder.guanxiKeys = parseKeys(keys);
}

/** @throws Error with one clear line, which never holds a key */
export function parseKeys(text: string): KeyRing {
  const keys = new Map<string, Buffer>();
  for (const part of text.split(',').map((p) => p.trim())) {
    const [, id, encoded] = /^([\w-]{1,40}):([\w+/-]+=*)$/.exec(part) ?? [];
    if (!id || !encoded) throw new Error(`ENCRYPTION_KEYS is not valid: ${shape}`);
    const key = Buffer.from(encoded, 'base64');
    if (key.length !== 32)
      throw new Error(`ENCRYPTION_KEYS: key ${id} has ${key.length} bytes instead of 32: ${shape}`);
    if (keys.has(id)) throw new Error(`ENCRYPTION_KEYS names key ${id} twice: each key has an id of its own.`);
    keys.set(id, key);
  }
  const [current = ''] = keys.keys();
  return { current, keys };
}

const shape = 'give id:key pairs, the current one first, each key 32 bytes (openssl rand -base64 32).';

function ring(): KeyRing {
  if (!holder.guanxiKeys) throw new Error('The encryption keys are not open yet.');
  return holder.guanxiKeys;
}

/** Id of the key that encrypts now. */
export const currentKeyId = (): string => ring().current;

/**
 * 32 bytes for one purpose from each key of the ring, the current one first (HKDF-SHA256, RFC 5869): whoever has them learns
 * nothing of the keys, or of what another purpose has.
 */
export const derivedKeys = (purpose: string): Buffer[] =>
  [...ring().keys.values()].map((key) => Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), purpose, 32)));

/** Encrypts for one place. @returns `v1.<key id>.<iv, tag and ciphertext, base64url>` */
export function seal(place: Place, secret: Buffer): string {
  const { current, keys } = ring();
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(keys, current), iv).setAAD(authenticated(place));
  const text = Buffer.concat([cipher.update(secret), cipher.final()]);
  return `v1.${current}.${Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')}`;
}

/** @throws Error when the key is not in the ring, BrokenSecret when the text was changed or made for another place */
export function unseal(place: Place, sealed: string): Buffer {
  const [version, id = '', encoded = ''] = sealed.split('.');
  if (version !== 'v1') throw new BrokenSecret(`The secret at ${place.join('/')} is not in a form this version reads.`);
  const key = keyOf(ring().keys, id, place);
  const bytes = Buffer.from(encoded, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAAD(authenticated(place)).setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
  } catch {
    // What the cipher says is the same for each cause, and helps nobody.
    throw new BrokenSecret(
      `The secret at ${place.join('/')} does not open: it was changed, or made for another place.`,
    );
  }
}

/** A JSON value encrypted for one place. */
export const sealJson = (place: Place, value: unknown): string => seal(place, Buffer.from(JSON.stringify(value)));

/** @throws Error as `unseal` */
export const unsealJson = (place: Place, sealed: string): unknown => JSON.parse(unseal(place, sealed).toString());

/** Id of the key a sealed text was encrypted with. */
export const keyIdOf = (sealed: string): string => sealed.split('.')[1] ?? '';

function keyOf(keys: Map<string, Buffer>, id: string, place?: Place): Buffer {
  const key = keys.get(id);
  if (key) return key;
  throw new Error(
    `Encryption key ${id} is missing${place ? ` for ${place.join('/')}` : ''}: put it back into ENCRYPTION_KEYS.`,
  );
}

/** JSON keeps the parts of a place apart, whatever is in them. */
const authenticated = (place: Place): Buffer => Buffer.from(JSON.stringify(place));
