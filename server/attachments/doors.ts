import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { inTenant } from '@/db/tenant';
import { isPreviewed } from '@/domain/attachments';
import { notFound } from '@/domain/refusals';
import { requirePermission, workOf } from '../core/context';
import { disposition } from '../core/disposition';
import { admitted, type FileDoorDeps, idOf, storeUpload, takeFiles } from '../core/file-doors';
import { readStored, shownName } from '../core/files';
import { tenantKey } from '../core/keys';
import { RateLimit, spend } from '../core/limits';
import type { Work } from '../core/work';
import { attach, attachmentOf, requireTarget, type Target } from './attachments';
import { mediaTypeOf } from './content';

const perMember = new RateLimit(120, 60, 'uploads');
const target = z.object({
  object: z.string().max(60),
  record: z.uuid(),
  field: z.string().max(60).nullish(),
});

/** Files on and off records: too large for the JSON doors, with the same checks. */
export async function attachmentRoutes(app: FastifyInstance, deps: FileDoorDeps): Promise<void> {
  await takeFiles(app, deps.maxBytes);

  app.post('/api/attachments/:tenant', async (request) => {
    const { context, actor } = await admitted(deps, request, 'conversation.read');
    requirePermission(actor, 'files.write');
    spend(perMember, tenantKey(actor.tenantId, 'attachments', actor.memberId), request.tell);
    const to = targetOf(request.query);
    const inWork = <T>(mode: 'read' | 'write', run: (work: Work) => Promise<T>) =>
      inTenant(actor.tenantId, mode, async (db) => run(await workOf(context, actor, db)));
    // Asked before the bytes are taken: nobody fills a disk with what no record may have.
    await inWork('read', (work) => requireTarget(work, to));
    return storeUpload(request, actor.tenantId, deps.maxBytes, async (stored, filename) => {
      const mediaType = await mediaTypeOf(actor.tenantId, stored.id);
      return inWork('write', (work) => attach(work, to, stored, { name: shownName(filename, 'file'), mediaType }));
    });
  });

  app.get<{ Querystring: { inline?: string } }>('/api/attachments/:tenant/:id', async (request, reply) => {
    const { context, actor } = await admitted(deps, request, 'conversation.read');
    const id = idOf(request);
    const file = await inTenant(actor.tenantId, 'read', async (db) =>
      attachmentOf(await workOf(context, actor, db), id),
    );
    const bytes = await readStored(actor.tenantId, file.fileId);
    const inline = request.query.inline === '1' && isPreviewed(file.mediaType);
    return send(reply, file, inline).send(bytes);
  });
}

/**
 * The headers of a file (security F2): its own kind and never another, no script, nothing around it may be reached from
 * it. Only what cannot run is shown in place; a PDF's viewer is the browser's own and would not start in a sandbox.
 */
function send(
  reply: FastifyReply,
  { name, mediaType, bytes }: { name: string; mediaType: string; bytes: number },
  inline: boolean,
): FastifyReply {
  const text = mediaType === 'text/plain' ? '; charset=utf-8' : '';
  const sandbox = inline && mediaType === 'application/pdf' ? '' : '; sandbox';
  reply.raw.setHeader(
    'content-security-policy',
    `default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'${sandbox}`,
  );
  return reply
    .header('content-disposition', disposition(inline ? 'inline' : 'attachment', name))
    .header('content-length', bytes)
    .header('cache-control', 'private, no-store')
    .header('content-type', inline ? `${mediaType}${text}` : 'application/octet-stream');
}

function targetOf(query: unknown): Target {
  const read = target.safeParse(query);
  if (!read.success) throw notFound();
  const { object, record, field } = read.data;
  return { object, recordId: record, field: field || null };
}
