import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import { z } from 'zod';
import { archiveFormat, archiveVersion, type Manifest, type ManifestMember, manifestSchema } from '@/domain/archives';
import { Refusal } from '@/domain/refusals';
import { EndlessLine, linesOf } from './lines';
import { digestOf } from './pack';
import { verifyBytes } from './signing';
import type { Watched } from './snapshot';
import { archivedTables, memberName } from './tables';

/** An archive on this machine's disk, whose manifest is as it was signed. */
export interface OpenArchive {
  manifest: Manifest;
  signer: { fingerprint: string; ours: boolean };
  has(member: string): boolean;
  /** A member's lines, several at a time. @throws Refusal invalid `archiveBroken` */
  lines(member: string): AsyncGenerator<string[]>;
  /** A member's bytes. @throws Refusal invalid `archiveBroken` */
  bytes(member: string): Promise<Readable>;
  /** All names in the zip with their sizes. */
  sizes(): Iterable<[name: string, bytes: number]>;
  close(): void;
}

/** Far above what a signed manifest, its signature and its key take. */
const maxManifest = 10 * 1024 * 1024;
const maxEntries = 1_000_000;
/** Bytes of what is said of a member beside its content: its name, what further fields hold, a remark. */
const maxSaid = 256;
/** Bytes of each member that every process keeps in memory, read anew with every change: what records are like. */
const maxCatalogue = 16 * 1024 * 1024;
const catalogue: ReadonlySet<string> = new Set(['data/custom_object.ndjson', 'data/custom_field.ndjson']);
/** Lines of one kind, all alike, are some thirty times smaller when packed; a bomb is a thousand times. */
const mostRatio = 200;

/** What cannot be read, or is not what was signed. */
export const broken = (what: string): Refusal => new Refusal('invalid', { code: 'archiveBroken', params: { what } });

/**
 * Opens an archive and verifies its manifest's signature, by the key that comes along: `signer` says whose that is.
 * @throws Refusal invalid `archiveNot` for another kind of file, `archiveSignature`, `archiveNewer`, `archiveBroken`
 */
export async function openArchive(file: string): Promise<OpenArchive> {
  const zip = await yauzl
    .openPromise(file, { autoClose: false, lazyEntries: true, strictFileNames: true })
    .catch(() => {
      throw new Refusal('invalid', 'archiveNot');
    });
  try {
    const entries = await entriesOf(zip, (await stat(file)).size);
    const bytes = (name: string): Promise<Readable> => {
      const entry = entries.get(name);
      if (!entry) throw broken(name);
      return zip.openReadStreamPromise(entry).catch(() => {
        throw broken(name);
      });
    };
    const small = async (name: string): Promise<Buffer> => {
      const size = entries.get(name)?.uncompressedSize;
      if (size === undefined || size > maxManifest) throw new Refusal('invalid', 'archiveNot');
      return readable(name, async () => buffer(await bytes(name)));
    };
    const text = await small('manifest.json');
    const signature = await small('manifest.sig');
    const key = (await small('key.pem')).toString();
    const signer = verifyBytes(text, { signature, key });
    if (!signer) throw new Refusal('invalid', 'archiveSignature');
    return {
      manifest: manifestOf(text),
      signer,
      has: (name) => entries.has(name),
      async *lines(name) {
        const stream = await bytes(name);
        try {
          yield* linesOf(stream);
        } catch (error) {
          throw error instanceof EndlessLine || !(error instanceof Refusal) ? broken(name) : error;
        } finally {
          stream.destroy();
        }
      },
      bytes,
      *sizes() {
        for (const [name, { uncompressedSize }] of entries) yield [name, uncompressedSize];
      },
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

const nothing = Buffer.alloc(0);

async function entriesOf(zip: yauzl.ZipFile, size: number): Promise<Map<string, yauzl.Entry>> {
  const entries = new Map<string, yauzl.Entry>();
  let unpacked = 0;
  await readable('zip', async () => {
    for await (const entry of zip.eachEntry()) {
      unpacked += entry.uncompressedSize;
      const said = entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
      if (entries.size >= maxEntries || said > maxSaid || entries.has(entry.fileName))
        throw broken(entry.fileName.slice(0, 100));
      // A million of them are kept, and these are half of each.
      Object.assign(entry, { fileNameRaw: nothing, extraFieldRaw: nothing, fileCommentRaw: nothing, extraFields: [] });
      entries.set(entry.fileName, entry);
    }
  });
  if (unpacked > mostRatio * size + maxManifest) throw broken('zip');
  return entries;
}

/** What a damaged zip makes its reader throw, as a refusal. */
async function readable<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof Refusal ? error : broken(what);
  }
}

const settings = 'data/tenant_settings.ndjson';
const versionSchema = z.object({ format: z.literal(archiveFormat), version: z.int() });

function manifestOf(text: Buffer): Manifest {
  let read: unknown;
  try {
    read = JSON.parse(text.toString('utf8'));
  } catch {
    throw broken('manifest.json');
  }
  const format = versionSchema.safeParse(read);
  if (!format.success) throw new Refusal('invalid', 'archiveNot');
  const manifest = manifestSchema.safeParse(read);
  // Signed as it is, so it is whole, and what is not understood is somebody's later addition.
  if (format.data.version > archiveVersion || !manifest.success) throw new Refusal('invalid', 'archiveNewer');
  const { content, installation } = manifest.data;
  const names = [...content.members, ...installation.members].map(({ name }) => name);
  const known = new Set([...archivedTables.map(memberName), fileList]);
  if (names.some((name) => !known.has(name))) throw new Refusal('invalid', 'archiveNewer');
  if (new Set(names).size < names.length || content.sha256 !== digestOf(content.members)) throw broken('manifest.json');
  for (const { name, bytes } of content.members) if (catalogue.has(name) && bytes > maxCatalogue) throw broken(name);
  // Without it nothing opens.
  if (content.members.find(({ name }) => name === settings)?.rows !== 1) throw broken(settings);
  return manifest.data;
}

/** The member that says which files there are. */
export const fileList = 'data/file_content.ndjson';
const fileLine = z.strictObject({
  id: z.uuid(),
  bytes: z.int().min(0),
  sha256: z.string().length(64),
  missing: z.literal(true).optional(),
});
export type FileLine = z.infer<typeof fileLine>;

/** @throws Refusal invalid `archiveBroken` */
export function fileOf(line: string): FileLine {
  try {
    return fileLine.parse(JSON.parse(line));
  } catch {
    throw broken(fileList);
  }
}

/**
 * Reads all of an archive and compares it with its manifest: every hash, every count, nothing missing, nothing besides.
 * @param watched told of bytes
 * @throws Refusal invalid `archiveBroken` naming the member
 */
export async function checkArchive(archive: OpenArchive, { signal, progress }: Watched): Promise<void> {
  const { content, installation } = archive.manifest;
  let read = 0;
  const hashed = async (name: string) => {
    const found = await hashOf(archive, name, signal, (bytes) => progress?.(read + bytes));
    read += found.bytes;
    return found;
  };
  const expected = new Set(['manifest.json', 'manifest.sig', 'key.pem']);
  for (const member of [...content.members, ...installation.members]) {
    expected.add(member.name);
    if (!same(await hashed(member.name), member)) throw broken(member.name);
  }
  const counted = { count: 0, bytes: 0, missing: 0 };
  for await (const lines of archive.lines(fileList))
    for (const line of lines) {
      const { id, missing, bytes, sha256 } = fileOf(line);
      const name = `files/${id}`;
      counted.count += 1;
      counted.bytes += missing ? 0 : bytes;
      counted.missing += missing ? 1 : 0;
      if (missing) continue;
      if (expected.has(name)) throw broken(name);
      expected.add(name);
      const found = await hashed(name);
      if (found.bytes !== bytes || found.sha256 !== sha256) throw broken(name);
    }
  const { files } = content;
  if (counted.count !== files.count || counted.bytes !== files.bytes || counted.missing !== files.missing)
    throw broken(fileList);
  for (const [name] of archive.sizes()) if (!expected.has(name)) throw broken(name.slice(0, 100));
}

interface Hashed {
  rows: number;
  bytes: number;
  sha256: string;
}

const same = (found: Hashed, { rows, bytes, sha256 }: ManifestMember) =>
  found.rows === rows && found.bytes === bytes && found.sha256 === sha256;

async function hashOf(
  archive: OpenArchive,
  name: string,
  signal: AbortSignal,
  progress: (bytes: number) => void,
): Promise<Hashed> {
  const hash = createHash('sha256');
  const found = { rows: 0, bytes: 0 };
  await readable(name, async () => {
    for await (const chunk of await archive.bytes(name)) {
      if (signal.aborted) break;
      // The stream has no encoding.
      const bytes = chunk as Buffer;
      hash.update(bytes);
      found.bytes += bytes.length;
      for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) found.rows += 1;
      progress(found.bytes);
    }
  });
  signal.throwIfAborted();
  return { ...found, sha256: hash.digest('hex') };
}
