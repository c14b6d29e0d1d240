import fastifyMultipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Permission } from '@/domain/permissions';
import { notFound, Refusal } from '@/domain/refusals';
import { actorOf, type RequestContext, requirePermission } from './context';
import { disposition } from './disposition';
import { removeStored, type StoredFile, storable, storeFile, tooLarge } from './files';
import type { Actor } from './work';

/** What the doors of files need: they are too large for the JSON doors, and meet the same checks. */
export interface FileDoorDeps {
  /** Who calls, from where: refuses foreign origins, as for every other call that changes something. */
  context: (request: FastifyRequest) => Promise<RequestContext>;
  maxBytes: number;
}

/** Lets the routes of a plugin take one file per request. */
export async function takeFiles(app: FastifyInstance, maxBytes: number): Promise<void> {
  await app.register(fastifyMultipart, {
    limits: { files: 1, fields: 0, fileSize: maxBytes, headerPairs: 20 },
    throwFileSizeLimit: false,
  });
}

/** Who calls, and may. @throws Refusal as `actorOf` and `requirePermission` do */
export async function admitted(
  { context: contextOf }: FileDoorDeps,
  request: FastifyRequest,
  permission: Permission,
): Promise<{ context: RequestContext; actor: Actor }> {
  const context = await contextOf(request);
  const actor = actorOf(context);
  requirePermission(actor, permission);
  return { context, actor };
}

/** The id in a request's address. @throws Refusal notFound for what is none */
export function idOf({ params }: FastifyRequest): string {
  const read = z.object({ id: z.uuid() }).safeParse(params);
  if (!read.success) throw notFound();
  return read.data.id;
}

/** Bytes around a file in what a browser sends, at most. */
const envelope = 10_000;

/**
 * Stores the file that a request brings. It is removed again when it cannot be kept.
 * @param keep what makes a row of it
 * @throws Refusal invalid `fileMissing`, `fileTooLarge`, `fileEmpty`
 */
export async function storeUpload<T>(
  request: FastifyRequest,
  tenantId: string,
  maxBytes: number,
  keep: (stored: StoredFile, filename: string) => Promise<T>,
): Promise<T> {
  // What says by itself how large it is need not be taken to be refused.
  if (Number(request.headers['content-length']) > storable(maxBytes) + envelope) throw tooLarge(storable(maxBytes));
  const part = request.isMultipart() ? await request.file() : undefined;
  if (!part) throw new Refusal('invalid', { code: 'fileMissing', field: 'file' });
  const stored = await storeFile(tenantId, part.file, maxBytes);
  try {
    if (part.file.truncated) throw tooLarge(maxBytes);
    return await keep(stored, part.filename);
  } catch (error) {
    await removeStored(tenantId, stored.id);
    throw error;
  }
}

/** Sends a file to be saved; nothing opens it in place, whatever is in it. */
export function sendFile(
  reply: FastifyReply,
  { name, bytes }: { name: string; bytes: number },
  stream: NodeJS.ReadableStream,
): FastifyReply {
  return reply
    .header('content-disposition', disposition('attachment', name))
    .header('content-length', bytes)
    .header('cache-control', 'private, no-store')
    .header('content-type', 'application/octet-stream')
    .send(stream);
}
