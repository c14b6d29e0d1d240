import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { clip } from '@/domain/clip';
import { notFound, Refusal } from '@/domain/refusals';
import { diskStore, type FileStore } from './file-store';
import { newId } from './ids';
import { tenantKey } from './keys';

let root: string | undefined;
let store: FileStore | undefined;

/**
 * Says where files lie; called once, at boot.
 * @param folder where a file stays until it is whole; without another storage also where it lies then, and every process
 *   of an installation must reach it
 */
export function openFiles(folder: string, elsewhere?: FileStore): void {
  root = path.resolve(folder);
  store = elsewhere ?? diskStore(root);
}

export interface StoredFile {
  id: string;
  size: number;
  sha256: string;
}

/**
 * Keeps what comes in under a new id in the tenant's folder, never the name it came with. A file that breaks off or
 * is too large leaves nothing behind.
 * @param id one the file had elsewhere; a new one otherwise
 * @throws Refusal invalid `fileTooLarge`, `fileEmpty`
 */
export async function storeFile(
  tenantId: string,
  source: NodeJS.ReadableStream,
  maxBytes: number,
  id = newId(),
): Promise<StoredFile> {
  const key = fileKey(tenantId, id);
  const { folder, files } = opened();
  const most = storable(maxBytes);
  const unfinished = `${path.join(folder, key)}.part`;
  await mkdir(path.dirname(unfinished), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  let size = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _, done) {
      size += chunk.length;
      hash.update(chunk);
      done(size > most ? tooLarge(most) : null, chunk);
    },
  });
  try {
    await pipeline(source, meter, createWriteStream(unfinished, { mode: 0o600 }));
    if (size === 0) throw new Refusal('invalid', { code: 'fileEmpty', field: 'file' });
    const sha256 = hash.digest('hex');
    await files.put(key, unfinished, { size, sha256 });
    return { id, size, sha256 };
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** Bytes of the largest file that is kept where at most so many are allowed. */
export const storable = (maxBytes: number): number => Math.min(maxBytes, store?.mostBytes ?? maxBytes);

export function tooLarge(maxBytes: number): Refusal {
  return new Refusal('invalid', {
    code: 'fileTooLarge',
    params: { max: `${Math.floor(maxBytes / 1024 / 1024)} MB` },
    field: 'file',
  });
}

/**
 * A file's name without folders, control characters and signs that turn a text around, for people only: it never becomes
 * a path.
 * @param otherwise for a name of which nothing is left
 */
export function shownName(name: string, otherwise: string): string {
  const base = name.split(/[\\/]/).at(-1) ?? '';
  const clean = base
    .toWellFormed()
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu, '')
    .trim();
  return clip(clean, 200) || otherwise;
}

/** The bytes of a stored file from a place on. @throws Refusal notFound when they are gone */
export async function readStored(tenantId: string, id: string): Promise<NodeJS.ReadableStream> {
  const stream = await opened().files.read(fileKey(tenantId, id));
  if (!stream) throw notFound();
  return stream;
}

/** The first bytes of a stored file. */
export async function readBeginning(tenantId: string, id: string, bytes: number): Promise<Uint8Array> {
  const stream = await opened().files.read(fileKey(tenantId, id), bytes);
  if (!stream) throw notFound();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return new Uint8Array(Buffer.concat(chunks).subarray(0, bytes));
}

/** Removes a stored file, and what an upload of it that broke off has left. */
export async function removeStored(tenantId: string, id: string): Promise<void> {
  const key = fileKey(tenantId, id);
  const { folder, files } = opened();
  await Promise.all([files.remove(key), rm(`${path.join(folder, key)}.part`, { force: true })]);
}

/** Ids of a tenant's stored files, finished or not, that were last written before a moment. */
export async function storedBefore(tenantId: string, before: number): Promise<string[]> {
  const { folder, files } = opened();
  const place = path.posix.dirname(fileKey(tenantId, tenantId));
  // What broke off lies in the folder, wherever the others are.
  const names = [
    ...(await files.writtenBefore(place, before)),
    ...(await diskStore(folder).writtenBefore(place, before)),
  ];
  return [...new Set(names.map((name) => name.replace(/\.part$/, '')).filter((id) => uuid.test(id)))];
}

/**
 * An empty folder of this machine for a job that works on large files; the job removes it at its end. Names there end in
 * `.part`, as those of uploads under way do: no backup takes them.
 * @param id the job's own: what an earlier try has left is removed
 */
export async function workFolder(id: string): Promise<string> {
  if (!uuid.test(id)) throw notFound();
  const folder = path.join(opened().folder, 'work', id);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Removes work folders that nobody has written to since a moment: their workers were killed. */
export async function sweepWork(before: number): Promise<void> {
  const folder = path.join(opened().folder, 'work');
  for (const name of await readdir(folder).catch(() => [])) {
    const place = path.join(folder, name);
    const inside = await readdir(place).catch(() => []);
    const all = [place, ...inside.map((file) => path.join(place, file))];
    // A job that ends meanwhile takes its files away itself.
    const written = await Promise.all(all.map(async (each) => (await stat(each).catch(() => null))?.mtimeMs ?? 0));
    if (written.every((mtimeMs) => mtimeMs < before)) await rm(place, { recursive: true, force: true });
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function opened(): { folder: string; files: FileStore } {
  if (!root || !store) throw new Error('The folder of files is not open yet.');
  return { folder: root, files: store };
}

function fileKey(tenantId: string, id: string): string {
  // Both are made by us; the check keeps a path from ever leaving the folder.
  if (!uuid.test(tenantId) || !uuid.test(id)) throw notFound();
  return tenantKey(tenantId, id);
}
