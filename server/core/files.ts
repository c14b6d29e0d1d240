import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { notFound, Refusal } from '@/domain/refusals';
import { newId } from './ids';
import { tenantKey } from './keys';

let root: string | undefined;

/** Says where files lie; called once, at boot. Every process of an installation must reach the same folder. */
export function openFiles(folder: string): void {
  root = path.resolve(folder);
}

export interface StoredFile {
  id: string;
  size: number;
  sha256: string;
}

/**
 * Keeps what comes in under a new id in the tenant's folder, never the name it came with. A file that breaks off or
 * is too large leaves nothing behind.
 * @throws Refusal invalid `fileTooLarge`, `fileEmpty`
 */
export async function storeFile(
  tenantId: string,
  source: NodeJS.ReadableStream,
  maxBytes: number,
): Promise<StoredFile> {
  const id = newId();
  const target = filePath(tenantId, id);
  const unfinished = `${target}.part`;
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  let size = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _, done) {
      size += chunk.length;
      hash.update(chunk);
      done(size > maxBytes ? tooLarge(maxBytes) : null, chunk);
    },
  });
  try {
    await pipeline(source, meter, createWriteStream(unfinished, { mode: 0o600 }));
    if (size === 0) throw new Refusal('invalid', { code: 'fileEmpty', field: 'file' });
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return { id, size, sha256: hash.digest('hex') };
}

export function tooLarge(maxBytes: number): Refusal {
  return new Refusal('invalid', {
    code: 'fileTooLarge',
    params: { max: `${Math.floor(maxBytes / 1024 / 1024)} MB` },
    field: 'file',
  });
}

/** The bytes of a stored file from a place on. @throws Refusal notFound when they are gone */
export async function readStored(tenantId: string, id: string): Promise<NodeJS.ReadableStream> {
  const file = filePath(tenantId, id);
  if (!(await stat(file).catch(() => undefined))) throw notFound();
  return createReadStream(file, { highWaterMark: 256 * 1024 });
}

/** The first bytes of a stored file. */
export async function readBeginning(tenantId: string, id: string, bytes: number): Promise<Uint8Array> {
  const file = await open(filePath(tenantId, id)).catch(() => {
    throw notFound();
  });
  try {
    const buffer = new Uint8Array(bytes);
    const { bytesRead } = await file.read(buffer, 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Removes a stored file, and what an upload of it that broke off has left. */
export async function removeStored(tenantId: string, id: string): Promise<void> {
  const file = filePath(tenantId, id);
  await Promise.all([rm(file, { force: true }), rm(`${file}.part`, { force: true })]);
}

/** Ids of a tenant's stored files, finished or not, that were last written before a moment. */
export async function storedBefore(tenantId: string, before: number): Promise<string[]> {
  const folder = path.dirname(filePath(tenantId, tenantId));
  const names = await readdir(folder).catch(() => []);
  const old = await Promise.all(
    names.map(async (name) =>
      (await stat(path.join(folder, name))).mtimeMs < before ? name.replace(/\.part$/, '') : '',
    ),
  );
  return [...new Set(old.filter((id) => uuid.test(id)))];
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function filePath(tenantId: string, id: string): string {
  if (!root) throw new Error('The folder of files is not open yet.');
  // Both are made by us; the check keeps a path from ever leaving the folder.
  if (!uuid.test(tenantId) || !uuid.test(id)) throw notFound();
  return path.join(root, tenantKey(tenantId, id));
}
