import type { FastifyInstance } from 'fastify';
import { inTenant } from '@/db/tenant';
import { committed } from '../core/after-commit';
import { requireConfirmedEmail, workOf } from '../core/context';
import { admitted, type FileDoorDeps, idOf, sendFile, storeUpload, takeFiles } from '../core/file-doors';
import { readStored, shownName } from '../core/files';
import { tenantKey } from '../core/keys';
import { limits, RateLimit, spend } from '../core/limits';
import { bringArchive, fileOfArchive, openArchives, requireRoom } from './archives';
import { publicKeys } from './signing';

const perMember = new RateLimit(5, 1, 'uploads');

/** Archives in and out, and the keys they are verified by. */
export async function archiveRoutes(app: FastifyInstance, deps: FileDoorDeps): Promise<void> {
  openArchives(deps.maxBytes);
  await takeFiles(app, deps.maxBytes);

  // Public by nature, and of no tenant: whoever has an archive compares its key with these (RFC 7517).
  app.get('/api/archives/keys', async (_, reply) =>
    reply.header('cache-control', 'no-store').send({ keys: publicKeys() }),
  );

  app.post('/api/archives/:tenant', async (request) => {
    const { context, actor } = await admitted(deps, request, 'archives.manage');
    requireConfirmedEmail(context);
    spend(perMember, tenantKey(actor.tenantId, 'archives', actor.memberId), request.tell);
    // Asked before the bytes are taken: nobody fills a disk with what cannot be loaded.
    await inTenant(actor.tenantId, 'read', requireRoom);
    return storeUpload(request, actor.tenantId, deps.maxBytes, async (stored, filename) => {
      const { id, inside } = await inTenant(actor.tenantId, 'write', async (db) => ({
        ...(await bringArchive(await workOf(context, actor, db), stored, shownName(filename, 'archive.zip'))),
        inside: db,
      }));
      committed(inside);
      return { id };
    });
  });

  app.get('/api/archives/:tenant/:id/file', async (request, reply) => {
    const { context, actor } = await admitted(deps, request, 'archives.manage');
    spend(limits.user, tenantKey(actor.tenantId, 'calls', actor.memberId), request.tell);
    const id = idOf(request);
    const file = await inTenant(actor.tenantId, 'read', async (db) =>
      fileOfArchive(await workOf(context, actor, db), id),
    );
    return sendFile(reply, file, await readStored(actor.tenantId, file.fileId));
  });
}
