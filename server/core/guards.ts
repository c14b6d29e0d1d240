import type { FastifyInstance } from 'fastify';
import { addressKey, clientAddress } from './client-address';
import type { Env } from './env';
import { globalKey } from './keys';
import { limitHeaders } from './limit-headers';
import { limits, spend, type Tell } from './limits';
import { refuseForgery } from './origin';

/** What every call to an API meets before anybody asks who is calling: its address's limit, then where it came from. */
export function addGuards(app: FastifyInstance, env: Pick<Env, 'PUBLIC_URL'>): void {
  app.decorateRequest('tell', undefined);
  app.addHook('onRequest', async (request, reply) => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    // Pages and their files are not counted: one page is dozens of them.
    if (request.routeOptions.url?.startsWith('/api/') || !reads) {
      request.tell = limitHeaders(reply.raw);
      spend(limits.address, globalKey('calls', addressKey(clientAddress(request))), request.tell);
    }
    refuseForgery(env, request);
  });
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Writes where the caller stands with a limit into the answer's headers. */
    tell?: Tell;
  }
}
