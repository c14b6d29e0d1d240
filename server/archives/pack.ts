import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { PgColumn } from 'drizzle-orm/pg-core';
import yazl from 'yazl';
import { archiveFormat, archiveVersion, type Manifest, type ManifestMember, workspaceItself } from '@/domain/archives';
import { Refusal } from '@/domain/refusals';
import { readStored } from '../core/files';
import type { RecordValues } from '../core/record-types';
import { lineOf, linesOf, renamed } from './lines';
import { signBytes } from './signing';
import type { Snapshot, Spooled, Watched } from './snapshot';
import { archivedColumns, memberName } from './tables';

/** What is known of the workspace besides its rows. */
export interface About {
  tenantId: string;
  slug: string;
  release: string;
  /** Where people reach the installation. */
  address: string;
  by: { name: string; email: string | null } | null;
}

/** Compressing a picture once more only takes time. */
const plain = { compress: false };
/** The same archive has the same bytes whenever it is packed. */
const mtime = new Date('2000-01-01T00:00:00Z');

/**
 * Packs a snapshot and its files as they are read from the zip's stream.
 * @returns the zip as it comes, and what is in it once it has been read to its end
 */
export function packArchive(
  snapshot: Snapshot,
  about: About,
  watched: Watched,
): { stream: Readable; packed: Promise<Manifest> } {
  const zip = new yazl.ZipFile();
  // The library's type says less than it is.
  const stream = zip.outputStream as Readable;
  // Whoever reads it may give up: then nobody takes what is written any more.
  const left = new AbortController();
  stream.once('close', () => left.abort(new Error('The archive is no longer read')));
  const signal = AbortSignal.any([watched.signal, left.signal]);
  const packed = pack(zip, snapshot, about, { ...watched, signal }).catch((error: unknown) => {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  });
  packed.catch(() => {});
  return { stream, packed };
}

async function pack(zip: yazl.ZipFile, snapshot: Snapshot, about: About, watched: Watched): Promise<Manifest> {
  let rows = 0;
  const watch = { ...watched, progress: (some: number) => watched.progress?.(rows + some) };
  const add = async (name: string, lines: AsyncIterable<string[]>): Promise<ManifestMember> => {
    const member = await addLines(zip, name, lines, watch);
    rows += member.rows;
    return member;
  };
  const content: ManifestMember[] = [];
  const installation: ManifestMember[] = [];
  for (const spooled of snapshot.tables) {
    const member = await add(memberName(spooled.of), portableLines(spooled, snapshot, about.tenantId));
    (spooled.of.installation ? installation : content).push(member);
  }
  const { list, ...files } = await addFiles(zip, snapshot, about.tenantId, watched.signal);
  content.push(await add('data/file_content.ndjson', withEnds(linesOf(createReadStream(list)))));
  const { slug, release, address, by } = about;
  const manifest: Manifest = {
    format: archiveFormat,
    version: archiveVersion,
    content: { sha256: digestOf(content), members: content, files },
    installation: {
      members: installation,
      release,
      tenant: { id: about.tenantId, slug, name: snapshot.name },
      address,
      at: snapshot.at,
      by,
    },
  };
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const { signature, key } = signBytes(bytes);
  zip.addBuffer(bytes, 'manifest.json', { mtime });
  zip.addBuffer(signature, 'manifest.sig', { mtime, ...plain });
  zip.addBuffer(Buffer.from(key), 'key.pem', { mtime, ...plain });
  zip.end();
  return manifest;
}

/** What members hold, in one hash: of the lines that `sha256sum` prints for them. */
export function digestOf(members: readonly ManifestMember[]): string {
  const lines = members.map(({ name, sha256 }) => `${sha256}  ${name}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/** Adds a member and waits until it is written: one is open at a time. */
async function addLines(
  zip: yazl.ZipFile,
  name: string,
  lines: AsyncIterable<string[]>,
  { signal, progress }: Watched,
): Promise<ManifestMember> {
  const hash = createHash('sha256');
  let rows = 0;
  let bytes = 0;
  async function* chunks(): AsyncGenerator<Buffer> {
    for await (const some of lines) {
      signal.throwIfAborted();
      const chunk = Buffer.from(some.join(''));
      rows += some.length;
      bytes += chunk.length;
      hash.update(chunk);
      progress?.(rows);
      if (chunk.length > 0) yield chunk;
    }
  }
  await addStream(zip, Readable.from(chunks(), { objectMode: false }), name, { mtime }, signal);
  return { name, rows, bytes, sha256: hash.digest('hex') };
}

async function addStream(
  zip: yazl.ZipFile,
  stream: Readable,
  name: string,
  options: { mtime: Date; compress?: boolean },
  signal: AbortSignal,
): Promise<void> {
  zip.addReadStream(stream, name, options);
  await finished(stream, { writable: false, signal });
}

async function* withEnds(lines: AsyncIterable<string[]>): AsyncGenerator<string[]> {
  for await (const some of lines) yield some.map((line) => `${line}\n`);
}

/** A table's rows as they are anywhere, in their canonical form. */
async function* portableLines(spooled: Spooled, snapshot: Snapshot, tenantId: string): AsyncGenerator<string[]> {
  const portable = portableOf(spooled, snapshot, tenantId);
  // Written by Postgres itself, an object a line.
  for await (const lines of linesOf(createReadStream(spooled.file)))
    yield lines.map((line) => lineOf(portable(JSON.parse(line) as RecordValues)));
}

function portableOf({ of }: Spooled, { computed }: Snapshot, tenantId: string) {
  const moments = [...archivedColumns(of)].filter(([, column]) => isMoment(column)).map(([name]) => name);
  return (stored: RecordValues): RecordValues => {
    let row = of.elsewhere?.(stored) ?? stored;
    if (of.namesWorkspace) row = renamed(row, tenantId, workspaceItself) as RecordValues;
    const portable = { ...row };
    for (const name of moments) portable[name] = utc(row[name]);
    if (typeof row.custom === 'object' && row.custom) {
      const object = String(row.object ?? of.name);
      portable.custom = Object.fromEntries(
        Object.entries(row.custom).filter(([key]) => !computed.has(`${object} ${key}`)),
      );
    }
    return portable;
  };
}

const isMoment = (column: PgColumn) => column.getSQLType() === 'timestamp with time zone';

/** `2026-11-23T05:27:30.12+00:00`, as Postgres writes it where the time zone is UTC, with `Z`. */
const utc = (value: unknown) => (typeof value === 'string' ? value.replace(/\+00:00$/, 'Z') : value);

interface FileLine {
  id: string;
  bytes: number;
  sha256: string;
}

/** Adds the bytes of files, and notes in a list what each turned out to be. */
async function addFiles(
  zip: yazl.ZipFile,
  { files }: Snapshot,
  tenantId: string,
  signal: AbortSignal,
): Promise<Manifest['content']['files'] & { list: string }> {
  const counted = { count: 0, bytes: 0, missing: 0 };
  const list = `${files.file}.packed.part`;
  const notes = await open(list, 'wx', 0o600);
  try {
    for await (const some of linesOf(createReadStream(files.file)))
      for (const text of some) {
        signal.throwIfAborted();
        // Written by Postgres from the statement in snapshot.ts.
        const { id, bytes, sha256 } = JSON.parse(text) as FileLine;
        const found = await addFile(zip, tenantId, id, signal);
        counted.count += 1;
        counted.bytes += found?.bytes ?? 0;
        counted.missing += found ? 0 : 1;
        await notes.appendFile(lineOf(found ? { id, ...found } : { id, bytes, sha256, missing: true }));
      }
  } finally {
    await notes.close();
  }
  return { ...counted, list };
}

async function addFile(
  zip: yazl.ZipFile,
  tenantId: string,
  id: string,
  signal: AbortSignal,
): Promise<{ bytes: number; sha256: string } | undefined> {
  const stored = await readStored(tenantId, id).catch((error: unknown) => {
    if (error instanceof Refusal && error.kind === 'notFound') return undefined;
    throw error;
  });
  if (!stored) return undefined;
  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  stored.on('error', (error) => meter.destroy(error));
  await addStream(zip, stored.pipe(meter), `files/${id}`, { mtime, ...plain }, signal);
  return { bytes, sha256: hash.digest('hex') };
}
