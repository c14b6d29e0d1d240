import type { FastifyInstance } from 'fastify';

/** One line per request: method, route, tenant, status, milliseconds. Never a body, a cookie or a query. */
export function addLogging(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const url = request.url.split('?')[0] ?? '';
    if (url.startsWith('/_next/') || url === '/livez' || url === '/readyz') return;
    const tenant = /^\/(?:t|api\/trpc)\/([^/]+)/.exec(url)?.[1];
    request.log.info(
      { method: request.method, url, tenant, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    );
  });
}
