import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { inTenant } from '@/db/tenant';
import { can } from '@/domain/permissions';
import { notFound, Refusal } from '@/domain/refusals';
import { tell } from '../core/bus';
import { actorOf, type RequestContext, requirePermission, workOf } from '../core/context';
import { hashSecret, newId } from '../core/ids';
import { tenantKey } from '../core/keys';
import { limits, RateLimit, spend } from '../core/limits';
import type { Log } from '../core/log';
import { isVisible } from '../core/scope';
import type { Actor } from '../core/work';
import { isTold } from './seen';
import { Streams } from './streams';

export interface LiveDeps {
  context: (request: FastifyRequest) => Promise<RequestContext>;
  log: Log;
  now: () => Date;
}

/** Opening streams, and saying where one is: a reload, a walk through a list, several tabs. */
const opened = new RateLimit(30, 30, 'streams');
const said = new RateLimit(120, 120, 'presence');

const here = z.strictObject({
  stream: z.uuid(),
  tab: z.uuid(),
  /** Where one is; missing on leaving. */
  place: z.strictObject({ object: z.string().max(60), id: z.uuid() }).optional(),
  field: z.string().max(60).optional(),
});

/**
 * What is told to browsers as it happens: `GET /api/live/<tenant>` is a stream of server-sent events, and where a person
 * is, is said by `POST /api/live/<tenant>/here`. Whoever may come in is asked as at every door; a stream is asked again
 * whenever sessions or rights change, and takes no place from requests.
 */
export async function liveRoutes(app: FastifyInstance, deps: LiveDeps): Promise<void> {
  const streams = new Streams(deps.log, deps.now);
  app.addHook('preClose', async () => streams.close());

  app.get('/api/live/:tenant', { exposeHeadRoute: false }, async (request, reply) => {
    const { context, actor } = await admitted(deps, request);
    const { sid } = context;
    if (!sid) throw new Refusal('unauthenticated', 'unauthenticated');
    // Only a page of ours reads it; nobody else need be sent it.
    if ((request.headers['sec-fetch-site'] ?? 'same-origin') !== 'same-origin')
      throw new Refusal('forbidden', 'foreignOrigin');
    spend(opened, tenantKey(actor.tenantId, 'streams', actor.memberId), request.tell);
    streams.requireRoom(actor.tenantId, actor.memberId);
    reply.hijack();
    const to = reply.raw;
    request.raw.socket.setTimeout(0);
    request.raw.socket.setNoDelay(true);
    to.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      // Neither kept nor packed on the way: each event is to arrive as it is sent.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      // Nothing else comes this way after it.
      connection: 'close',
    });
    const { tenantId, tenantSlug: slug, memberId, role, teamId } = actor;
    streams.open({ id: newId(), sidHash: hashSecret(sid), tenantId, slug, memberId, role, teamId, to });
  });

  app.post('/api/live/:tenant/here', async (request, reply) => {
    const { context, actor } = await admitted(deps, request);
    spend(said, tenantKey(actor.tenantId, 'presence', actor.memberId), request.tell);
    const read = here.safeParse(request.body);
    if (!read.success) throw new Refusal('invalid', 'invalid');
    const { stream, tab, place, field } = read.data;
    // Who looks at a record is told to those who look at it, so to nobody who may not.
    if (place && !(await mayBeAt(context, actor, place))) throw notFound();
    tell({ kind: 'here', tenant: actor.tenantId, member: actor.memberId, stream, tab, place, field });
    return reply.code(204).send();
  });
}

async function admitted(deps: LiveDeps, request: FastifyRequest) {
  const context = await deps.context(request);
  const actor = actorOf(context);
  spend(limits.user, tenantKey(actor.tenantId, 'calls', actor.memberId), request.tell);
  requirePermission(actor, 'members.read');
  return { context, actor };
}

/** A record one may read, or a board: pipelines are everybody's who reads deals. */
async function mayBeAt(
  context: RequestContext,
  actor: Actor,
  { object, id }: { object: string; id: string },
): Promise<boolean> {
  if (object === 'pipeline') return can(actor.role, 'deal.read');
  return inTenant(actor.tenantId, 'read', async (db) => {
    const work = await workOf(context, actor, db);
    const type = isTold(object) ? work.types.find(object) : undefined;
    return Boolean(type && (await isVisible(work, type, id)));
  });
}
