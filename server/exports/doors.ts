import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { inTenant } from '@/db/tenant';
import { notFound } from '@/domain/refusals';
import { actorOf, type RequestContext, requirePermission } from '../core/context';
import { disposition } from '../core/disposition';
import { readStored } from '../core/files';
import { tenantKey } from '../core/keys';
import { limits, spend } from '../core/limits';
import { typesOf } from '../core/types';
import { fileOfExport } from './exports';

export interface ExportDeps {
  /** Who calls, from where. */
  context: (request: FastifyRequest) => Promise<RequestContext>;
}

/** The way to a finished file for people at the screen; machines have theirs in `server/rest.ts`. */
export async function exportRoutes(app: FastifyInstance, deps: ExportDeps): Promise<void> {
  app.get('/api/exports/:tenant/:id/file', async (request, reply) =>
    sendExport(await deps.context(request), request, reply),
  );
}

/**
 * Sends the file of an export to whoever asked for it, and to nobody else.
 * @throws Refusal forbidden without the right to export, notFound for a file that is not theirs or no longer kept
 */
export async function sendExport(
  context: RequestContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const actor = actorOf(context);
  spend(limits.user, tenantKey(actor.tenantId, 'calls', actor.memberId), context.tell);
  requirePermission(actor, 'exports.run');
  const { id } = request.params as { id: string };
  if (!z.uuid().safeParse(id).success) throw notFound();
  const { requestId, ip, enqueue } = context;
  const file = await inTenant(actor.tenantId, 'read', async (db) =>
    fileOfExport({ db, actor, types: await typesOf(db), now: context.now(), requestId, ip, enqueue }, id),
  );
  const bytes = await readStored(actor.tenantId, file.fileId);
  return (
    reply
      .header('content-disposition', disposition('attachment', file.name))
      .header('content-length', file.bytes)
      .header('cache-control', 'private, no-store')
      // Nothing opens it in place, whatever is in it.
      .header('content-type', 'application/octet-stream')
      .send(bytes)
  );
}
