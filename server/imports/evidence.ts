import { type DetectedEncoding, detectEncoding } from '@/domain/imports/encoding';

/** Bytes that tell which encoding a text is in. */
const evidence = 1024 * 1024;
/** All encodings but the wide ones write English in the same bytes. */
const tells = (byte: number) => byte > 0x7f || byte === 0;

/**
 * The encoding of a file, by its first bytes that tell: they may come late, behind pictures or thousands of English names.
 * @param source the file from its beginning; it is left as soon as enough is known
 */
export async function encodingOf(source: NodeJS.ReadableStream): Promise<DetectedEncoding> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  let isFirst = true;
  for await (const piece of source) {
    // Opened without an encoding, so its pieces are bytes.
    const chunk = piece as Buffer;
    // Behind nothing but ASCII a byte that tells begins a character.
    const from = isFirst || pieces.length > 0 ? 0 : chunk.findIndex(tells);
    isFirst = false;
    if (from < 0 || (pieces.length === 0 && !chunk.some(tells))) continue;
    pieces.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size >= evidence) break;
  }
  return detectEncoding(Buffer.concat(pieces), { truncated: true });
}
