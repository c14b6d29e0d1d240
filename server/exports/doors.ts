import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { inTenant } from '@/db/tenant';
import { actorOf, type RequestContext, requirePermission, workOf } from '../core/context';
import { type FileDoorDeps, idOf, sendFile } from '../core/file-doors';
import { readStored } from '../core/files';
import { tenantKey } from '../core/keys';
import { limits, spend } from '../core/limits';
import { fileOfExport } from './exports';

/** The way to a finished file for people at the screen; machines have theirs in `server/rest.ts`. */
export async function exportRoutes(app: FastifyInstance, deps: Pick<FileDoorDeps, 'context'>): Promise<void> {
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
  const id = idOf(request);
  const file = await inTenant(actor.tenantId, 'read', async (db) => fileOfExport(await workOf(context, actor, db), id));
  return sendFile(reply, file, await readStored(actor.tenantId, file.fileId));
}
