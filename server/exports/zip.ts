import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import yazl from 'yazl';

/** A file in a zip, its bytes as they are asked for. */
export interface Member {
  name: string;
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * A zip as it is read: each member is asked for when the one before is written. Zip64 where it must be.
 * @param mtime what the members are dated
 */
export function zipped(members: AsyncIterable<Member>, mtime: Date): Readable {
  const zip = new yazl.ZipFile();
  // The library's type says less than it is.
  const stream = zip.outputStream as Readable;
  // Whoever reads it may give up: then nobody takes what is written any more.
  const left = new AbortController();
  stream.once('close', () => left.abort(new Error('The zip is no longer read')));
  const fill = async () => {
    for await (const { name, chunks } of members) {
      const source = Readable.from(chunks, { objectMode: false });
      try {
        zip.addReadStream(source, name, { mtime });
        await finished(source, { writable: false, signal: left.signal });
      } finally {
        source.destroy();
      }
    }
    zip.end();
  };
  fill().catch((error: unknown) => stream.destroy(error instanceof Error ? error : new Error(String(error))));
  return stream;
}
