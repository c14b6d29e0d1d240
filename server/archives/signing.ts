import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { derivedKeys } from '../core/secrets';

/** Never changes: every archive that was signed is verified by keys made with it. */
const purpose = 'guanxi archive signing 1';
/** What stands in front of the 32 bytes of a private Ed25519 key in PKCS #8 (RFC 8410). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The keys of this installation, the one that signs first (docs/decisions/0029-archives.md). */
function ownKeys(): KeyObject[] {
  return derivedKeys(purpose).map((seed) =>
    createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' }),
  );
}

export interface Signed {
  signature: Buffer;
  /** The public key in PEM. */
  key: string;
}

/** Signs by the installation's current key. */
export function signBytes(bytes: Uint8Array): Signed {
  const [key] = ownKeys();
  if (!key) throw new Error('No key to sign by');
  const pem = createPublicKey(key).export({ format: 'pem', type: 'spki' });
  return { signature: sign(null, bytes, key), key: String(pem) };
}

/**
 * Whether the bytes are as they were signed by the key in PEM.
 * @returns the key's fingerprint, and whether it is one of this installation; undefined when they are not
 */
export function verifyBytes(
  bytes: Uint8Array,
  { signature, key }: Signed,
): { fingerprint: string; ours: boolean } | undefined {
  const publicKey = readKey(key);
  if (!publicKey || !verify(null, bytes, publicKey, signature)) return undefined;
  const fingerprint = fingerprintOf(publicKey);
  return { fingerprint, ours: publicKeys().some((own) => own.kid === fingerprint) };
}

function readKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: pem, format: 'pem' });
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** A JSON Web Key of a signature (RFC 8037). */
export interface PublicKey {
  kty: 'OKP';
  crv: 'Ed25519';
  use: 'sig';
  kid: string;
  x: string;
}

/** The public keys of this installation, the one that signs first. */
export function publicKeys(): PublicKey[] {
  return ownKeys().map((key) => {
    const publicKey = createPublicKey(key);
    return { kty: 'OKP', crv: 'Ed25519', use: 'sig', kid: fingerprintOf(publicKey), x: xOf(publicKey) };
  });
}

const xOf = (key: KeyObject): string => String(key.export({ format: 'jwk' }).x);

/** The key's thumbprint (RFC 7638): SHA-256 of its JWK with the required members in order. */
function fingerprintOf(key: KeyObject): string {
  const jwk = JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x: xOf(key) });
  return createHash('sha256').update(jwk).digest('base64url');
}
