import { loginLookup, passwordSet, tokenCreate, tokenUse, userConfirmEmail, userGet, userUpdate } from '@/db/global';
import { Refusal } from '@/domain/refusals';
import type { RequestContext } from '../core/context';
import { hashSecret, newSecret } from '../core/ids';
import { globalKey } from '../core/keys';
import { RateLimit } from '../core/limits';
import type { MailJob } from '../core/mail/templates';
import { checkPassword, hashPassword, verifyPassword } from '../core/passwords';
import { forgetSessions } from '../core/session';

const resetMinutes = 60;
const resetsByAddress = new RateLimit(10, 1);
const resetsByAccount = new RateLimit(3, 0.1);

/** Sends a reset link if there is such an account; the answer is the same, and as quick, if there is not. */
export async function requestReset(
  context: RequestContext,
  email: string,
  send: (job: MailJob) => Promise<void>,
): Promise<{ ok: true }> {
  resetsByAddress.take(globalKey('reset', context.ip));
  resetsByAccount.take(globalKey('reset', email.toLowerCase()));
  const token = newSecret();
  const user = await loginLookup(email);
  if (user && !user.disabled) {
    await tokenCreate(hashSecret(token), 'reset', user.id, resetMinutes);
    const link = `${context.publicUrl}/reset?token=${token}`;
    // Not awaited: how long the mail takes would tell that there is somebody to write to.
    void send({
      key: `reset-${hashSecret(token).slice(0, 32)}`,
      to: user.email,
      locale: user.locale,
      template: 'reset',
      params: { link, minutes: resetMinutes, name: user.name },
    }).catch((err) => context.log.error({ err }, 'reset mail'));
  }
  return { ok: true };
}

/** Sets a new password by a link from a mail; ends every session of the account. */
export async function resetPassword(token: string, password: string): Promise<{ ok: true }> {
  checkPassword(password);
  const userId = await tokenUse(hashSecret(token), 'reset');
  if (!userId) throw new Refusal('notFound', 'tokenInvalid');
  await passwordSet(userId, await hashPassword(password), null);
  // The link came by mail: whoever opened it reads that mailbox.
  await userConfirmEmail(userId);
  forgetSessions();
  return { ok: true };
}

/** A new password for the signed-in person; other sessions end. */
export async function changePassword(
  userId: string,
  sid: string,
  input: { current: string; next: string },
): Promise<{ ok: true }> {
  const user = await userGet(userId);
  if (!user || !(await verifyPassword(user.passwordHash, input.current))) {
    throw new Refusal('invalid', { code: 'badPassword', field: 'current' });
  }
  checkPassword(input.next, [user.name, user.email]);
  await passwordSet(userId, await hashPassword(input.next), hashSecret(sid));
  forgetSessions();
  return { ok: true };
}

/** Name, language and theme of the signed-in person, for every tenant of theirs. */
export async function updateMe(
  userId: string,
  input: { name?: string; locale?: string; theme?: string },
): Promise<{ ok: true }> {
  await userUpdate(userId, input.name, input.locale, input.theme);
  forgetSessions();
  return { ok: true };
}
