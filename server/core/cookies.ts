import { createHash } from 'node:crypto';

/** Attributes of the cookies that open an account: no script reads them, no other site's post carries them (security S5). */
export const cookieOptions = (secure: boolean) => ({ httpOnly: true, sameSite: 'lax', path: '/', secure }) as const;

/**
 * Tells the browser's scripts which session it has, so that what is kept there is shown to nobody else before the server
 * has answered (components/shell/store-queries.ts). It is set and taken back with the session's own cookie, opens
 * nothing, and nothing can be worked out from it.
 */
export const markCookie = 'guanxi.mark';
export const markOptions = (secure: boolean) => ({ httpOnly: false, sameSite: 'lax', path: '/', secure }) as const;

/** The mark of a session id: 96 bits of a hash that is stored nowhere. */
export function markOf(sid: string): string {
  return createHash('sha256').update(`mark:${sid}`).digest('base64url').slice(0, 16);
}
