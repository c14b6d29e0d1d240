import {
  emailChange,
  emailConfirm,
  passwordChange,
  stepUp as sessionStepUp,
  tokenRead,
  tokenTake,
  userConfirmEmail,
  userGet,
  userUpdate,
} from '@/db/global';
import { Refusal } from '@/domain/refusals';
import { freshMinutes, originOf, type PersonContext, type RequestContext } from '../core/context';
import { hashSecret, newSecret } from '../core/ids';
import { checkPassword, hashPassword, verifyPassword } from '../core/passwords';
import { forgetHere, forgetSessions } from '../core/session';
import { knownDevice } from '../core/sign-in';
import { throttle, throttlePerson, throttleTokens } from '../core/throttle';
import { followEmail } from '../members/members';

/** Asks for a link to set a new password. The answer is the same, after the same work, whether anybody has the address. */
export async function requestReset(context: RequestContext, email: string): Promise<{ ok: true }> {
  return requestLink(context, 'reset', email);
}

/** Asks for a link that signs in; otherwise as `requestReset`. The page behind it uses it by POST only (core/auth.ts). */
export async function requestMagicLink(context: RequestContext, email: string): Promise<{ ok: true }> {
  return requestLink(context, 'magic', email);
}

async function requestLink(context: RequestContext, account: 'reset' | 'magic', email: string): Promise<{ ok: true }> {
  const { ip, publicUrl, device } = context;
  await throttle('mail', { email, ip, knownDevice: await knownDevice(email, device) }, context.now());
  await context.sendMail({ account, email: email.trim(), publicUrl });
  return { ok: true };
}

/** Sets a new password by a link from a mail; ends every session of the account. */
export async function resetPassword(
  context: RequestContext,
  { token, password }: { token: string; password: string },
): Promise<{ ok: true }> {
  const now = context.now();
  await throttleTokens(context.ip, now);
  const hash = hashSecret(token);
  const person = await tokenRead(hash, 'reset', now);
  if (!person) throw new Refusal('notFound', 'tokenInvalid');
  checkPassword(password, person.words);
  const passwordHash = await hashPassword(password);
  if (!(await tokenTake(hash, ['reset'], now))) throw new Refusal('notFound', 'tokenInvalid');
  await passwordChange(person.userId, passwordHash, null, 'passwordReset', originOf(context));
  // The link came by mail: whoever opened it reads that mailbox.
  await userConfirmEmail(person.userId);
  forgetHere();
  await context.sendMail({ account: 'passwordChanged', userId: person.userId, publicUrl: context.publicUrl });
  return { ok: true };
}

/** A new password for the signed-in person; other sessions end and this one goes on under a new id. */
export async function changePassword(
  context: PersonContext,
  input: { current: string; next: string },
): Promise<{ ok: true }> {
  const { userId, tenants } = context.session;
  const user = await provePassword(context, input.current, 'current');
  checkPassword(input.next, [user.name, user.email, ...tenants.map(({ name }) => name)]);
  if (input.next === input.current) throw new Refusal('invalid', { code: 'samePassword', field: 'next' });
  const passwordHash = await hashPassword(input.next);
  const sid = newSecret();
  const keep = { old: hashSecret(context.sid), new: hashSecret(sid) };
  await passwordChange(userId, passwordHash, keep, 'passwordChanged', originOf(context));
  forgetHere();
  context.setSession?.(sid);
  await context.sendMail({ account: 'passwordChanged', userId, publicUrl: context.publicUrl });
  return { ok: true };
}

/**
 * The person proves anew who they are, before what a stolen session must not be enough for. The session goes on under
 * a new id.
 */
export async function stepUp(context: PersonContext, password: string): Promise<{ ok: true; freshUntil: string }> {
  const { id } = await provePassword(context, password, 'password');
  const sid = newSecret();
  const origin = originOf(context);
  if (!(await sessionStepUp(hashSecret(context.sid), hashSecret(sid), id, origin)))
    throw new Refusal('unauthenticated', 'unauthenticated');
  forgetHere();
  context.setSession?.(sid);
  return { ok: true, freshUntil: new Date(origin.now.getTime() + freshMinutes * 60_000).toISOString() };
}

/** Asks for the mail with the link that confirms the person's address once more. */
export async function requestConfirmation(context: PersonContext): Promise<{ ok: true }> {
  const { userId, email } = context.session;
  await throttle('mail', { email, ip: context.ip, knownDevice: userId }, context.now());
  await context.sendMail({ account: 'confirm', userId, publicUrl: context.publicUrl });
  return { ok: true };
}

/** Asks for a link to a new address; until it is opened nothing changes. Says nothing of whose the address may be. */
export async function changeEmail(context: PersonContext, email: string): Promise<{ ok: true }> {
  const { userId } = context.session;
  await throttle('mail', { email: context.session.email, ip: context.ip, knownDevice: userId }, context.now());
  await context.sendMail({ account: 'change', userId, email: email.trim(), publicUrl: context.publicUrl });
  return { ok: true };
}

/**
 * Whoever opens the link reads the mailbox it was sent to: confirms the person's address, or gives them the new one.
 * A new address ends all sessions but the one it is confirmed in.
 * @throws Refusal notFound `tokenInvalid`, conflict `emailTaken`
 */
export async function confirmEmail(context: RequestContext, token: string): Promise<{ email: string }> {
  await throttleTokens(context.ip, context.now());
  const taken = await tokenTake(hashSecret(token), ['confirm', 'change'], context.now());
  const email = taken?.subject;
  if (!taken || !email) throw new Refusal('notFound', 'tokenInvalid');
  const { userId } = taken;
  if (taken.kind === 'confirm') {
    if (!(await emailConfirm(userId, email, originOf(context)))) throw new Refusal('notFound', 'tokenInvalid');
    forgetHere();
    return { email };
  }
  const mine = context.session?.userId === userId && context.sid ? hashSecret(context.sid) : null;
  const old = await emailChange(userId, email, mine, originOf(context));
  if (!old) throw new Refusal('conflict', 'emailTaken');
  forgetHere();
  await context.sendMail({ account: 'emailChanged', userId, email: old, publicUrl: context.publicUrl });
  await followEmail(context, userId, email);
  return { email };
}

/** Name, language and theme of the signed-in person, for every tenant of theirs. */
export async function updateMe(
  userId: string,
  input: { name?: string; locale?: string; theme?: string },
): Promise<{ ok: true }> {
  await userUpdate(userId, input.name, input.locale, input.theme);
  await forgetSessions();
  return { ok: true };
}

/** @throws Refusal invalid `badPassword` on the field, tooMany */
async function provePassword(context: PersonContext, password: string, field: string) {
  const { userId } = context.session;
  const allowed = await throttlePerson(userId, context.now());
  const user = await userGet(userId);
  if (!user || !(await verifyPassword(user.passwordHash, password)))
    throw new Refusal('invalid', { code: 'badPassword', field });
  await allowed.giveBack();
  return user;
}
