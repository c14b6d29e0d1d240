import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { inTenant, type TenantDb } from '@/db/tenant';
import { workOf } from '../core/context';
import { admitted, type FileDoorDeps, idOf, storeUpload, takeFiles } from '../core/file-doors';
import { tenantKey } from '../core/keys';
import { RateLimit, spend } from '../core/limits';
import { importOf } from './imports';
import { refusedFile } from './refused';
import { keepUpload, uploadFormat } from './uploads';

/** A folder is many files at once. */
const perMember = new RateLimit(200, 120, 'uploads');

/** Files in and out of imports: too large for the JSON doors, with the same checks. */
export async function uploadRoutes(app: FastifyInstance, deps: FileDoorDeps): Promise<void> {
  await takeFiles(app, deps.maxBytes);

  app.post('/api/upload/:tenant', async (request) => {
    const { context, actor } = await admitted(deps, request, 'imports.run');
    spend(perMember, tenantKey(actor.tenantId, 'uploads', actor.memberId), request.tell);
    return storeUpload(request, actor.tenantId, deps.maxBytes, async (stored, filename) => {
      const format = await uploadFormat(actor.tenantId, stored.id);
      return inTenant(actor.tenantId, 'write', async (db) =>
        keepUpload(await workOf(context, actor, db), stored, filename, format),
      );
    });
  });

  app.get('/api/imports/:tenant/:id/refused.csv', async (request, reply) => {
    const { context, actor } = await admitted(deps, request, 'imports.run');
    const id = idOf(request);
    const inWork = (db: TenantDb) => workOf(context, actor, db);
    // Asked before the answer begins, so that a foreign id is a 404 and not a file that breaks off.
    await inTenant(actor.tenantId, 'read', async (db) => importOf(await inWork(db), id));
    reply.header('content-disposition', 'attachment; filename="refused.csv"');
    return reply.type('text/csv; charset=utf-8').send(Readable.from(refusedFile(actor, id, inWork)));
  });
}
