import type { FastifyInstance } from 'fastify';
import type { HttpDeps } from './http';

/** What watches the process from outside: is it alive, may it get requests. */
export function addHealth(app: FastifyInstance, deps: HttpDeps): void {
  app.get('/livez', async () => ({ live: true }));
  app.get('/readyz', async (_, reply) => {
    const problem = await deps.ready();
    if (problem) return reply.code(503).send({ ready: false, problem });
    return { ready: true };
  });
}
