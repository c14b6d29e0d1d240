import { Readable } from 'node:stream';
import fastifyMultipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { inTenant, type TenantDb } from '@/db/tenant';
import { notFound, Refusal } from '@/domain/refusals';
import { actorOf, type RequestContext, requirePermission } from '../core/context';
import { removeStored, storeFile, tooLarge } from '../core/files';
import { tenantKey } from '../core/keys';
import { RateLimit, spend } from '../core/limits';
import { typesOf } from '../core/types';
import type { Actor, Work } from '../core/work';
import { importOf } from './imports';
import { refusedFile } from './refused';
import { keepUpload } from './uploads';

export interface UploadDeps {
  /** Who calls, from where: refuses foreign origins, as for every other call that changes something. */
  context: (request: FastifyRequest) => Promise<RequestContext>;
  maxBytes: number;
}

const perMember = new RateLimit(30, 60, 'uploads');

/** Files in and out of imports: too large for the JSON doors, with the same checks. */
export async function uploadRoutes(app: FastifyInstance, deps: UploadDeps): Promise<void> {
  await app.register(fastifyMultipart, {
    limits: { files: 1, fields: 0, fileSize: deps.maxBytes, headerPairs: 20 },
    throwFileSizeLimit: false,
  });

  app.post('/api/upload/:tenant', async (request) => {
    const { context, actor } = await admitted(deps, request);
    spend(perMember, tenantKey(actor.tenantId, 'uploads', actor.memberId), request.tell);
    if (!request.isMultipart()) throw new Refusal('invalid', { code: 'fileMissing', field: 'file' });
    const part = await request.file();
    if (!part) throw new Refusal('invalid', { code: 'fileMissing', field: 'file' });
    const stored = await storeFile(actor.tenantId, part.file, deps.maxBytes);
    try {
      if (part.file.truncated) throw tooLarge(deps.maxBytes);
      return await inTenant(actor.tenantId, 'write', async (db) =>
        keepUpload(await workOf(context, actor, db), stored, part.filename),
      );
    } catch (error) {
      await removeStored(actor.tenantId, stored.id);
      throw error;
    }
  });

  app.get<{ Params: { id: string } }>('/api/imports/:tenant/:id/refused.csv', async (request, reply) => {
    const { context, actor } = await admitted(deps, request);
    const { id } = request.params;
    if (!z.uuid().safeParse(id).success) throw notFound();
    const inWork = (db: TenantDb) => workOf(context, actor, db);
    // Asked before the answer begins, so that a foreign id is a 404 and not a file that breaks off.
    await inTenant(actor.tenantId, 'read', async (db) => importOf(await inWork(db), id));
    reply.header('content-disposition', 'attachment; filename="refused.csv"');
    return reply.type('text/csv; charset=utf-8').send(Readable.from(refusedFile(actor, id, inWork)));
  });
}

async function admitted(deps: UploadDeps, request: FastifyRequest): Promise<{ context: RequestContext; actor: Actor }> {
  const context = await deps.context(request);
  const actor = actorOf(context);
  requirePermission(actor, 'imports.run');
  return { context, actor };
}

async function workOf(context: RequestContext, actor: Actor, db: TenantDb): Promise<Work> {
  const { requestId, ip, enqueue } = context;
  return { db, actor, types: await typesOf(db), now: context.now(), requestId, ip, enqueue };
}
