import type { FastifyInstance } from 'fastify';
import type { HttpDeps } from './http';

/** What watches the process from outside: is it alive, may it get requests. */
export function addHealth(app: FastifyInstance, deps: Pick<HttpDeps, 'ready' | 'draining'>): void {
  app.get('/livez', async () => ({ live: true }));
  app.get('/readyz', async (_, reply) => {
    const problem = await deps.ready();
    if (problem) return reply.code(503).header('retry-after', '5').send({ ready: false, problem });
    return { ready: true };
  });
  // A balancer's kept connections go elsewhere with their next request.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (deps.draining?.()) reply.header('connection', 'close');
    done();
  });
}
