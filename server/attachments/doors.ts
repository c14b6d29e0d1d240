import fastifyMultipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { inTenant, type TenantDb } from '@/db/tenant';
import { isPreviewed } from '@/domain/attachments';
import { notFound, Refusal } from '@/domain/refusals';
import { actorOf, type RequestContext, requirePermission } from '../core/context';
import { disposition } from '../core/disposition';
import { readStored, removeStored, storeFile, tooLarge } from '../core/files';
import { tenantKey } from '../core/keys';
import { RateLimit, spend } from '../core/limits';
import { typesOf } from '../core/types';
import type { Actor, Work } from '../core/work';
import { attach, attachmentOf, requireTarget, shownName, type Target } from './attachments';
import { mediaTypeOf } from './content';

export interface AttachmentDeps {
  /** Who calls, from where: refuses foreign origins, as for every other call that changes something. */
  context: (request: FastifyRequest) => Promise<RequestContext>;
  maxBytes: number;
}

const perMember = new RateLimit(120, 60, 'uploads');
const target = z.object({
  object: z.string().max(60),
  record: z.uuid(),
  field: z.string().max(60).nullish(),
});

/** Files on and off records: too large for the JSON doors, with the same checks. */
export async function attachmentRoutes(app: FastifyInstance, deps: AttachmentDeps): Promise<void> {
  await app.register(fastifyMultipart, {
    limits: { files: 1, fields: 0, fileSize: deps.maxBytes, headerPairs: 20 },
    throwFileSizeLimit: false,
  });

  app.post('/api/attachments/:tenant', async (request) => {
    const { context, actor } = await admitted(deps, request);
    requirePermission(actor, 'files.write');
    spend(perMember, tenantKey(actor.tenantId, 'attachments', actor.memberId), request.tell);
    const to = targetOf(request.query);
    const inWork = <T>(mode: 'read' | 'write', run: (work: Work) => Promise<T>) =>
      inTenant(actor.tenantId, mode, async (db) => run(await workOf(context, actor, db)));
    // Asked before the bytes are taken: nobody fills a disk with what no record may have.
    await inWork('read', (work) => requireTarget(work, to));
    if (!request.isMultipart()) throw new Refusal('invalid', { code: 'fileMissing', field: 'file' });
    const part = await request.file();
    if (!part) throw new Refusal('invalid', { code: 'fileMissing', field: 'file' });
    const stored = await storeFile(actor.tenantId, part.file, deps.maxBytes);
    try {
      if (part.file.truncated) throw tooLarge(deps.maxBytes);
      const mediaType = await mediaTypeOf(actor.tenantId, stored.id);
      return await inWork('write', (work) => attach(work, to, stored, { name: shownName(part.filename), mediaType }));
    } catch (error) {
      await removeStored(actor.tenantId, stored.id);
      throw error;
    }
  });

  app.get<{ Params: { id: string }; Querystring: { inline?: string } }>(
    '/api/attachments/:tenant/:id',
    async (request, reply) => {
      const { context, actor } = await admitted(deps, request);
      const { id } = request.params;
      if (!z.uuid().safeParse(id).success) throw notFound();
      const file = await inTenant(actor.tenantId, 'read', async (db) =>
        attachmentOf(await workOf(context, actor, db), id),
      );
      const bytes = await readStored(actor.tenantId, file.fileId);
      const inline = request.query.inline === '1' && isPreviewed(file.mediaType);
      return send(reply, file, inline).send(bytes);
    },
  );
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

async function admitted(
  deps: AttachmentDeps,
  request: FastifyRequest,
): Promise<{ context: RequestContext; actor: Actor }> {
  const context = await deps.context(request);
  const actor = actorOf(context);
  requirePermission(actor, 'conversation.read');
  return { context, actor };
}

async function workOf(context: RequestContext, actor: Actor, db: TenantDb): Promise<Work> {
  const { requestId, ip, enqueue } = context;
  return { db, actor, types: await typesOf(db), now: context.now(), requestId, ip, enqueue };
}
