import type { TRPCError } from '@trpc/server';
import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from '@trpc/server/adapters/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { maxBatch } from '@/domain/batch';
import { Refusal } from '@/domain/refusals';
import { compressed } from './core/compress';
import type { RequestContext } from './core/context';
import { refuseHugeJson } from './core/json-limits';
import { type AppRouter, appRouter } from './router';

export interface TrpcDeps {
  context: (request: FastifyRequest, reply: FastifyReply) => Promise<RequestContext>;
}

/**
 * The door for people's screens: `/api/trpc/<tenant>/<procedures>`. What is too large, too deep, or not JSON is refused
 * before tRPC reads it (security I2, C1).
 */
export async function trpcRoutes(app: FastifyInstance, deps: TrpcDeps): Promise<void> {
  await app.register(async (door) => {
    // Only JSON has a reader here; anything else is refused by its content type.
    door.removeAllContentTypeParsers();
    door.addHook('preValidation', async (request) => refuseHuge(request));
    door.addHook('onSend', compressed);
    await door.register(fastifyTRPCPlugin, {
      prefix: '/api/trpc/:tenant',
      trpcOptions: {
        router: appRouter,
        createContext: ({ req, res }) => deps.context(req, res),
        allowMethodOverride: false,
        maxBatchSize: maxBatch,
        responseMeta: ({ errors }) => ({ headers: retryHeaders(errors) }),
      },
    } satisfies FastifyTRPCPluginOptions<AppRouter>);
  });
}

function refuseHuge(request: FastifyRequest): void {
  // The route has both; query values given twice are lists.
  const { path = '' } = request.params as { path?: string };
  const { batch, input } = request.query as { batch?: unknown; input?: unknown };
  const envelope = batch === '1' ? 1 : 0;
  if (path.split(',').length > maxBatch)
    throw new Refusal('invalid', { code: 'batchTooLarge', params: { max: maxBatch } });
  for (const given of [input, request.body]) {
    if (given !== undefined && given !== null && typeof given !== 'string') throw new Refusal('invalid', 'badJson');
    if (given) refuseHugeJson(given, envelope);
  }
}

/** When to come back, for whoever was refused for now. */
function retryHeaders(errors: readonly TRPCError[]): Record<string, string> {
  const waits = errors.flatMap(({ cause }) => (cause instanceof Refusal && cause.retryAfter ? [cause.retryAfter] : []));
  return waits.length > 0 ? { 'retry-after': String(Math.max(...waits)) } : {};
}
