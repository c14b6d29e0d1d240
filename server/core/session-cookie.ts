import type { FastifyReply } from 'fastify';
import { cookieOptions, markCookie, markOf, markOptions } from './cookies';
import { sessionCookie, sessionDays } from './session';

/** Gives the browser another session id, or takes the cookie back: the same attributes as at sign-in. */
export function putSession(reply: FastifyReply, secure: boolean, sid: string | null, now: Date): void {
  const name = sessionCookie(secure);
  const expires = new Date(now.getTime() + sessionDays * 86_400_000);
  if (sid === null) {
    void reply.clearCookie(name, cookieOptions(secure)).clearCookie(markCookie, markOptions(secure));
  } else {
    void reply.setCookie(name, sid, { ...cookieOptions(secure), expires });
    void reply.setCookie(markCookie, markOf(sid), { ...markOptions(secure), expires });
  }
}
