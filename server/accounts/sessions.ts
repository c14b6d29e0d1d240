import { type ListedSession, sessionList, sessionsEnd } from '@/db/global';
import { notFound } from '@/domain/refusals';
import { originOf, type PersonContext } from '../core/context';
import { hashSecret } from '../core/ids';
import { endSession, forgetHere } from '../core/session';

export interface SessionView extends ListedSession {
  /** Whether it is the one that asks. */
  current: boolean;
}

/** The person's sessions that still stand, on all their devices, latest use first. */
export async function listSessions({ session, sid, now }: PersonContext): Promise<SessionView[]> {
  const own = hashSecret(sid);
  const rows = await sessionList(session.userId, now());
  return rows.map((row) => ({ ...row, current: own.startsWith(row.id) }));
}

/** Ends one session of the person, on whatever device it is. @throws Refusal notFound */
export async function revokeSession(context: PersonContext, id: string): Promise<{ ok: true }> {
  const ended = await sessionsEnd(context.session.userId, { id, told: true }, originOf(context));
  forgetHere();
  if (ended === 0) throw notFound();
  if (hashSecret(context.sid).startsWith(id)) context.setSession?.(null);
  return { ok: true };
}

/** Ends every session of the person but the one that asks. */
export async function revokeOtherSessions(context: PersonContext): Promise<{ ended: number }> {
  const keepSidHash = hashSecret(context.sid);
  const ended = await sessionsEnd(context.session.userId, { keepSidHash, told: true }, originOf(context));
  forgetHere();
  return { ended };
}

/** Ends the session that asks. */
export async function signOut(context: PersonContext): Promise<{ ok: true }> {
  await endSession(context.sid, originOf(context));
  context.setSession?.(null);
  return { ok: true };
}
