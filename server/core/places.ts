import type { FastifyInstance } from 'fastify';
import { hasReplica, parsePlace, writePlace } from '@/db/replica';
import { cookieOptions } from './cookies';
import type { Env } from './env';
import { isSecure } from './origin';

/** Browsers bring it along by themselves; programs send the header of their last write with what they read next. */
const cookie = 'guanxi.place';
const header = 'guanxi-place';
/** Longer than a replica that is asked at all may be behind. */
const keptSeconds = 30;

/**
 * Whoever has written something finds it at the next request, whichever process answers that: the answer to a write
 * carries where the database's log stood, and what is read next is read where that is there. Only where there is a
 * replica (docs/decisions/0041-reads-from-a-replica.md).
 */
export function addPlaces(app: FastifyInstance, env: Pick<Env, 'PUBLIC_URL'>): void {
  if (!hasReplica()) return;
  app.addHook('onRequest', async ({ cookies, headers, caller }) => {
    const given = cookies[cookie] ?? headers[header];
    const place = typeof given === 'string' ? parsePlace(given) : undefined;
    if (place !== undefined) caller.seen = place;
  });
  app.addHook('onSend', async (request, reply) => {
    if (!request.caller?.hasWritten) return;
    const place = writePlace(request.caller.seen);
    reply.header(header, place);
    if (!request.apiKey)
      reply.setCookie(cookie, place, { ...cookieOptions(isSecure(env, request)), maxAge: keptSeconds });
  });
}
