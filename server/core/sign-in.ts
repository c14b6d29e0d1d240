import * as global from '@/db/global';
import { hashSecret, newSecret } from './ids';
import { hashPassword, needsRehash, verifyPassword } from './passwords';
import { endSession, startSession } from './session';
import { throttle, throttleTokens } from './throttle';

/** Name of the cookie by which a browser is known again (docs/decisions/0011-sign-in-limits.md). */
export const deviceCookie = (secure: boolean) => (secure ? '__Host-guanxi.device' : 'guanxi.device');
/** Days without a sign-in after which a browser is forgotten. */
export const deviceDays = 180;
/** Minutes in which a link from a mail signs in (ASVS 6.6.2). */
export const magicMinutes = 10;

/** A browser that wants in. */
export interface Visitor {
  ip: string;
  userAgent: string | null;
  /** What its device cookie holds. */
  device: string | undefined;
  /** What its session cookie holds: that session ends when another begins. */
  session?: string;
  requestId: string | null;
  now: Date;
}

export interface SignedIn {
  userId: string;
  /** For the session cookie. */
  sid: string;
  /** For the device cookie: the id it has, or a new one. */
  device: string;
}

/**
 * Checks e-mail and password and starts a session.
 * @returns undefined for an unknown person, a wrong password, a disabled account: all alike, after the same work
 * @throws Refusal tooMany
 */
export async function signInWithPassword(
  email: string,
  password: string,
  visitor: Visitor,
): Promise<SignedIn | undefined> {
  const { device, ip, now } = visitor;
  const user = await global.signInFind(email.trim(), hashed(device));
  const knownDevice = user?.knownDevice ? device : undefined;
  const allowed = await throttle('password', { email, ip, knownDevice }, now);
  const fits = await verifyPassword(user?.passwordHash, password);
  if (!user || !fits || user.disabled) {
    // Not awaited: it is written only where there is somebody to tell (security A3).
    if (user) void global.signInFailed(user.id, visitor).catch(() => {});
    return undefined;
  }
  await allowed.giveBack();
  if (user.passwordHash && needsRehash(user.passwordHash))
    await global.passwordRenew(user.id, user.passwordHash, await hashPassword(password));
  return enter(user.id, 'password', visitor);
}

/**
 * Starts a session for whoever holds a link from a mail, which works once.
 * @returns undefined when the link does not work any more
 * @throws Refusal tooMany
 */
export async function signInWithLink(token: string, visitor: Visitor): Promise<SignedIn | undefined> {
  const allowed = await throttleTokens(visitor.ip, visitor.now);
  const taken = await global.tokenTake(hashSecret(token), ['magic'], visitor.now);
  if (!taken) return undefined;
  await allowed.giveBack();
  // The link came by mail: whoever opened it reads the mailbox it was sent to.
  if (taken.subject) await global.emailConfirm(taken.userId, taken.subject, visitor);
  return enter(taken.userId, 'magic', visitor);
}

/** What the browser keeps, when the person with this e-mail has signed in with it before. */
export async function knownDevice(email: string, device: string | undefined): Promise<string | undefined> {
  const user = await global.signInFind(email.trim(), hashed(device));
  return user?.knownDevice ? device : undefined;
}

async function enter(userId: string, method: string, visitor: Visitor): Promise<SignedIn> {
  const { device, ip, userAgent, now } = visitor;
  const fresh = newSecret();
  const kept = await global.deviceKeep(userId, hashed(device), hashSecret(fresh), now);
  if (visitor.session) await endSession(visitor.session, visitor);
  const sid = await startSession(userId, [method], ip, userAgent, visitor);
  return { userId, sid, device: kept && device ? device : fresh };
}

const hashed = (device: string | undefined) => (device && /^[\w-]{43}$/.test(device) ? hashSecret(device) : null);
