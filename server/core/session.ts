import * as global from '@/db/global';
import { hashSecret, newSecret } from './ids';
import { hashPassword, needsRehash, verifyPassword } from './passwords';

/** Days after which a session ends however much it is used (ASVS 7.3.2). */
const sessionDays = 30;
/** Name of the cookie that carries the opaque session id; the prefix makes browsers insist on Secure and Path=/. */
export const sessionCookie = (secure: boolean) => (secure ? '__Host-guanxi.session' : 'guanxi.session');

/** The tables are the truth; this is a second's memory of them, so that one page's calls ask once. */
const cache = new Map<string, { session: Promise<global.SessionRow | undefined>; until: number }>();
const keyCache = new Map<string, { key: Promise<global.ApiKeyRow | undefined>; until: number }>();
const cacheMs = 1000;

/** Who a cookie's session id is; undefined when there is no such session or it has ended. */
export function readSession(sid: string | undefined, now = Date.now()): Promise<global.SessionRow | undefined> {
  if (!sid || sid.length > 100) return Promise.resolve(undefined);
  const hash = hashSecret(sid);
  const known = cache.get(hash);
  if (known && known.until > now) return known.session;
  const session = global.sessionGet(hash).then((row) => {
    if (row && now - Date.parse(row.lastSeenAt) > 5 * 60_000) void global.sessionTouch(hash).catch(() => {});
    return row;
  });
  session.catch(() => cache.delete(hash));
  if (cache.size > 20_000) cache.clear();
  cache.set(hash, { session, until: now + cacheMs });
  return session;
}

/** Forgets cached sessions: called by whatever changes memberships, roles or tenants. */
export function forgetSessions(): void {
  cache.clear();
  keyCache.clear();
}

const keyShape = /^gx_[\w-]{43}$/;

/** Whose an API key is and what it may do; undefined when there is no such key, or it was revoked or has ended. */
export function readApiKey(secret: string, now = Date.now()): Promise<global.ApiKeyRow | undefined> {
  if (!keyShape.test(secret)) return Promise.resolve(undefined);
  const hash = hashSecret(secret);
  const known = keyCache.get(hash);
  if (known && known.until > now) return known.key;
  const key = global.apiKeyGet(hash).then((row) => {
    if (row) void global.apiKeyTouch(row.tenantId, row.keyId).catch(() => {});
    return row;
  });
  key.catch(() => keyCache.delete(hash));
  if (keyCache.size > 20_000) keyCache.clear();
  keyCache.set(hash, { key, until: now + cacheMs });
  return key;
}

/**
 * Checks e-mail and password and starts a session.
 * @returns the new session id for the cookie, or undefined: unknown person, wrong password, disabled, all alike
 */
export async function signIn(
  email: string,
  password: string,
  ip: string | null,
  userAgent: string | null,
): Promise<{ sid: string; userId: string } | undefined> {
  const user = await global.loginLookup(email.trim());
  const fits = await verifyPassword(user?.passwordHash, password);
  if (!user || !fits || user.disabled) return undefined;
  if (user.passwordHash && needsRehash(user.passwordHash))
    await global.passwordRehash(user.id, await hashPassword(password));
  return { sid: await startSession(user.id, ['password'], ip, userAgent), userId: user.id };
}

/** A new session of 256 random bits, of which only the hash is stored. */
export async function startSession(
  userId: string,
  methods: string[],
  ip: string | null,
  userAgent: string | null,
): Promise<string> {
  const sid = newSecret();
  await global.sessionCreate(hashSecret(sid), userId, sessionDays, methods, ip, userAgent?.slice(0, 300) ?? null);
  return sid;
}

export async function endSession(sid: string): Promise<void> {
  cache.delete(hashSecret(sid));
  await global.sessionRevoke(hashSecret(sid));
}
