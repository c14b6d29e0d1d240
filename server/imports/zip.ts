import { stat } from 'node:fs/promises';
import { pipeline, type Readable, Transform } from 'node:stream';
import { crc32 } from 'node:zlib';
import yauzl from 'yauzl';
import { decodeText, detectEncoding, type Encoding, isWide } from '@/domain/imports/encoding';
import { Refusal } from '@/domain/refusals';

/** A file within a zip. */
export interface ZipMember {
  /** With slashes, for people and for looking up only: it never becomes a path on disk. */
  path: string;
  size: number;
  /** Its bytes, never more of them than `size`. @throws Refusal invalid `fileBroken`, `filePassword` */
  open(): Promise<Readable>;
}

export interface OpenZip {
  members: ZipMember[];
  /** What names were read as that do not say it; null where every one of them is ASCII or says it. */
  namesIn: Encoding | null;
  close(): void;
}

/** An export may come with all its attachments. */
const mostMembers = 500_000;
/** Those that may be read, and so stay in memory. */
const mostKept = 20_000;
/** Of the others so many, to be told of. */
const mostOthers = 1000;
const mayBeRead = /\.(?:csv|tsv|tab|txt|xls[xm]|vcf|vcard|zip|xml|rels|bin|iwa)$|^mimetype$/i;
/** Extensions are ASCII, whatever encoding the name is in. */
const isCounted = ({ fileNameRaw }: yauzl.Entry) => mayBeRead.test(fileNameRaw.toString('latin1'));
/** Tables are some ten times smaller when packed, sheets of one value a hundred times; a bomb is a thousand times. */
const mostRatio = 250;
/** Below this nothing is a bomb. */
const harmless = 64 * 1024 * 1024;

/**
 * Opens a zip on this machine's disk (APPNOTE 6.3, Zip64 included) and judges by its directory whether it may be unpacked.
 * @param limit bytes that all of it may be unpacked
 * @param encoding what names are in that do not say it; found out where nobody knows
 * @throws Refusal invalid `fileBroken` for what is no zip, `fileBomb` for what grows out of proportion
 */
export async function openZip(file: string, limit: number, encoding?: Encoding): Promise<OpenZip> {
  const zip = await yauzl.openPromise(file, { autoClose: false, lazyEntries: true, decodeStrings: false }).catch(() => {
    throw broken();
  });
  try {
    const entries = await entriesOf(zip, (await stat(file)).size, limit);
    const { namesIn, nameOf } = namesOf(entries, encoding);
    return {
      namesIn,
      members: entries.map((entry) => ({
        path: nameOf(entry),
        size: entry.uncompressedSize,
        open: async () => {
          // Only these have been counted.
          if (!isCounted(entry)) throw broken();
          if (entry.isEncrypted()) throw new Refusal('invalid', { code: 'filePassword', field: 'file' });
          const stream = await zip.openReadStreamPromise(entry).catch(() => {
            throw broken();
          });
          // How it ends is told by the stream itself.
          return pipeline(stream, checked(entry.crc32), () => {});
        },
      })),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error instanceof Refusal ? error : broken();
  }
}

async function entriesOf(zip: yauzl.ZipFile, packed: number, limit: number): Promise<yauzl.Entry[]> {
  if (zip.entryCount > mostMembers) throw bomb();
  const entries: yauzl.Entry[] = [];
  let unpacked = 0;
  let others = 0;
  for await (const entry of zip.eachEntry()) {
    if (!isCounted(entry)) {
      if (others++ < mostOthers) entries.push(entry);
      continue;
    }
    unpacked += entry.uncompressedSize;
    entries.push(entry);
    const tooMuch = unpacked > limit || (unpacked > harmless && unpacked > packed * mostRatio);
    if (tooMuch || entries.length > mostKept + mostOthers) throw bomb();
  }
  return entries;
}

/** Passes bytes on and compares their checksum at the end: what is damaged may well unpack. */
function checked(expected: number): Transform {
  let sum = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      sum = crc32(chunk, sum);
      done(null, chunk);
    },
    flush: (done) => done(sum === expected ? null : broken()),
  });
}

const broken = () => new Refusal('invalid', { code: 'fileBroken', field: 'file' });
const bomb = () => new Refusal('invalid', { code: 'fileBomb', field: 'file' });

/** Info-ZIP's extra field with the name in UTF-8 (APPNOTE 4.6.9). */
const unicodePath = 0x7075;
const isUtf8 = 0x800;
const unicodeOf = ({ extraFields }: yauzl.Entry): Buffer | undefined =>
  extraFields.find(({ id, data }) => id === unicodePath && data.length > 5)?.data.subarray(5);

/**
 * Reads names. Those that say nothing of their encoding are in the code page of the machine they were packed on: UTF-8,
 * GB 18030 or Big5 in Chinese, else what DOS had.
 */
function namesOf(
  entries: readonly yauzl.Entry[],
  known: Encoding | undefined,
): { namesIn: Encoding | null; nameOf: (entry: yauzl.Entry) => string } {
  const silent = entries.filter((entry) => !(entry.generalPurposeBitFlag & isUtf8) && !unicodeOf(entry));
  const raw = Buffer.concat(silent.flatMap(({ fileNameRaw }) => [fileNameRaw, Buffer.from('\n')])).subarray(0, 1e6);
  // Slashes and points of names are single bytes: none is in a wide encoding.
  const found = known && !isWide(known) ? known : detectEncoding(raw, { truncated: true }).encoding;
  const nameOf = (entry: yauzl.Entry) => {
    const unicode = unicodeOf(entry);
    const bytes = unicode ?? entry.fileNameRaw;
    const encoding = unicode || entry.generalPurposeBitFlag & isUtf8 ? 'utf-8' : found;
    const name = decodeText(bytes, encoding)
      .toWellFormed()
      .replace(/\p{Cc}/gu, '');
    return name.replaceAll('\\', '/').replace(/^\/+|(?<=^|\/)\.{0,2}\/+/g, '');
  };
  return { namesIn: raw.some((byte) => byte > 0x7f) ? found : null, nameOf };
}
