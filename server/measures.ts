import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Gates } from './core/admission';
import type { Env } from './core/env';
import { queueFigures } from './core/jobs';
import { count, gauge, metricsText, metricsType, observeRequest } from './core/metrics';
import { watchTransactions } from './core/security-signals';
import { rememberedFigures } from './core/session';
import { appRouter } from './router';

const unmeasured = new Set(['/livez', '/readyz', '/metrics']);
const procedures = new Set(Object.keys(appRouter._def.procedures));

/** Measures every request and tells the figures to whoever may know them, at /metrics. */
export function addMeasures(app: FastifyInstance, env: Env, gates: Gates): void {
  watchTransactions();
  measureGates(gates);
  measureQueues();
  gauge('guanxi_remembered', 'Sessions and keys remembered for a second', ['kind'], () =>
    Object.entries(rememberedFigures()).map(([kind, size]) => [{ kind }, size]),
  );
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    if (!unmeasured.has(route)) {
      const seconds = reply.elapsedTime / 1000;
      for (const [door, name] of namesOf(request, route)) observeRequest(door, name, reply.statusCode, seconds);
      if (request.caller?.gone) count.callersGone.inc();
    }
    done();
  });
  app.get('/metrics', async (request, reply) => {
    if (!mayRead(env, request)) return reply.code(404).send();
    return reply.type(metricsType).send(await metricsText());
  });
}

/** Door and route of a request; of a batch, each procedure. Names come from our own lists only. */
function namesOf(request: FastifyRequest, route: string): [door: string, route: string][] {
  if (route.startsWith('/api/trpc/')) {
    const { path = '' } = request.params as { path?: string };
    return path.split(',', 20).map((name): [string, string] => ['trpc', procedures.has(name) ? name : 'unknown']);
  }
  if (route.startsWith('/api/v1/')) return [['rest', `${request.method} ${route}`]];
  return [[route.startsWith('/api/') ? 'files' : 'page', route]];
}

/**
 * The token's bearer; without a token, programs on this machine that come directly. Where the site has a public address
 * a proxy on this machine looks like one of them, so there a token is needed.
 */
function mayRead(env: Env, request: FastifyRequest): boolean {
  if (env.METRICS_TOKEN) {
    const given = Buffer.from(request.headers.authorization ?? '');
    const wanted = Buffer.from(`Bearer ${env.METRICS_TOKEN}`);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }
  const { headers, socket } = request;
  const direct = !headers['x-forwarded-for'] && !headers['x-real-ip'] && !headers.forwarded && !headers.via;
  return direct && !env.PUBLIC_URL && /^(127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '');
}

function measureGates(gates: Gates): void {
  const all = Object.values(gates);
  gauge('guanxi_admission', 'Requests at each gate: let in, and waiting', ['gate', 'state'], () =>
    all.flatMap((gate): [Record<string, string>, number][] => [
      [{ gate: gate.name, state: 'inside' }, gate.inside],
      [{ gate: gate.name, state: 'waiting' }, gate.waiting],
    ]),
  );
}

const figuresMs = 5000;

/** The queues' figures are the database's: all gauges of one look ask it once, and looks in quick succession too. */
function measureQueues(): void {
  let last: { at: number; figures: ReturnType<typeof queueFigures> } | undefined;
  const figures = () => {
    if (!last || Date.now() - last.at > figuresMs) last = { at: Date.now(), figures: queueFigures() };
    return last.figures;
  };
  const each = (read: (figure: Awaited<ReturnType<typeof queueFigures>>[number]) => number) => async () =>
    (await figures()).map((figure): [Record<string, string>, number] => [{ queue: figure.queue }, read(figure)]);
  gauge(
    'guanxi_queue_depth',
    'Jobs that wait',
    ['queue'],
    each(({ depth }) => depth),
  );
  gauge(
    'guanxi_queue_active',
    'Jobs that run',
    ['queue'],
    each(({ active }) => active),
  );
  gauge(
    'guanxi_queue_oldest_seconds',
    'How long the oldest job that could run has waited',
    ['queue'],
    each(({ oldestSeconds }) => oldestSeconds),
  );
  gauge(
    'guanxi_queue_failed',
    'Jobs given up within the hour',
    ['queue'],
    each(({ failed }) => failed),
  );
}
