import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { and, eq, inArray } from 'drizzle-orm';
import { files } from '@/db/schema/imports';
import { inTenant, type TenantDb } from '@/db/tenant';
import { type Encoding, textDecoder } from '@/domain/imports/encoding';
import { isTableName, type LeftAside, type TableFormat, type UploadFormat } from '@/domain/imports/uploads';
import { Refusal, type RefusalDetail } from '@/domain/refusals';
import { requirePermission } from '../core/context';
import { readStored, removeStored, type StoredFile, shownName, storeFile, workFolder } from '../core/files';
import { inJob, type JobActor } from '../core/job-work';
import type { Enqueue, Job } from '../core/jobs';
import type { Work } from '../core/work';
import { encodingOf } from './evidence';
import { sheetText, type VcardCount, vcardText } from './tables';
import { judgedFormat } from './uploads';
import { isOtherDocument, isWorkbook, openWorkbook, type SheetCount } from './workbook';
import { type OpenZip, openZip, type ZipMember } from './zip';

export interface UnpackJob extends JobActor {
  fileId: string;
  /** It was given up, and somebody has it tried once more. */
  again?: boolean;
  /** What a person says that its text is in: that of its people, or of the names in a zip. */
  encoding?: Encoding;
}

export interface UnpackDeps {
  enqueue: Enqueue;
  signal?: AbortSignal;
  /** The job it runs as: each of its transactions makes sure that it still has it, the last one ends it. */
  held?: Pick<Job, 'hold' | 'complete'>;
  /** Called whenever a table is written. */
  checkpoint?: (tables: number) => void;
  /** Bytes that one upload may become. */
  mostBytes?: number;
}

/** Bytes that one upload may become; more fills a disk. */
const mostUnpacked = 4 * 1024 ** 3;
const mostTables = 200;
/** A zip in a zip in a zip; further in nobody keeps tables. */
const deepest = 3;
const mostAside = 200;
const judgedBytes = 256 * 1024;

/** Somebody else has read this file, or it is gone: nothing to do, and nothing wrong. */
class HandedOn extends Error {}

interface Table {
  stored: StoredFile;
  name: string;
  part: string;
  format: TableFormat;
  encoding?: Encoding;
}

/** What is gathered while a file is taken apart. */
interface Unpacking {
  /** Bytes it may still become, whatever it holds within what. */
  left: number;
  tenantId: string;
  folder: string;
  tables: Table[];
  aside: LeftAside[];
  /** What a person says that text is in. */
  said?: Encoding;
  /** What names in zips were read as. */
  namesIn: Encoding | null;
  signal?: AbortSignal;
  checkpoint?: (tables: number) => void;
}

/**
 * Takes a file apart into tables of delimited text in UTF-8, each a file of its own, so that all that follows knows one
 * kind of file. A worker that is killed leaves nothing that counts: the next one begins anew.
 */
export async function runUnpack(job: UnpackJob, deps: UnpackDeps): Promise<void> {
  let unpacking: Unpacking | undefined;
  let isEnding = false;
  try {
    const file = await inPart(job, deps, async (_, row) => row);
    const folder = await workFolder(file.id);
    unpacking = {
      left: deps.mostBytes ?? mostUnpacked,
      tenantId: job.tenantId,
      folder,
      tables: [],
      aside: [],
      said: job.encoding,
      namesIn: null,
      signal: deps.signal,
      checkpoint: deps.checkpoint,
    };
    const place = path.join(folder, 'upload');
    await pipeline(await readStored(job.tenantId, file.id), createWriteStream(place, { mode: 0o600 }));
    const format = await unpack(unpacking, place, { name: file.name, within: '', depth: 0 });
    const { tables, aside, namesIn } = unpacking;
    const isDamaged = aside.some(({ why }) => why === 'unreadable');
    if (tables.length === 0)
      throw new Refusal('invalid', { code: isDamaged ? 'fileBroken' : 'fileNoTables', field: 'file' });
    isEnding = true;
    await inPart(job, deps, async (work, { id, memberId, createdAt }) => {
      for (const { stored, ...table } of tables)
        await work.db.insert(files, { ...stored, ...table, parentId: id, memberId, createdAt });
      await work.db.update(
        files,
        { state: 'ready', error: null, format, encoding: namesIn, leftAside: aside.slice(0, mostAside) },
        eq(files.id, id),
      );
      await deps.held?.complete(work.db);
    });
  } catch (error) {
    const isAnswer = error instanceof HandedOn || error instanceof Refusal;
    // Whether a last transaction that broke off was committed nobody knows: files without a row are swept later.
    if (isAnswer || !isEnding)
      for (const { stored } of unpacking?.tables ?? []) await removeStored(job.tenantId, stored.id);
    if (error instanceof HandedOn) return;
    // A refusal is an answer: reading the file again gives the same one.
    if (!(error instanceof Refusal)) throw error;
    await inTenant(job.tenantId, 'write', async (db) => {
      await giveUpUnpack(db, job, error.detail);
      await deps.held?.complete(db);
    });
  } finally {
    if (unpacking) await rm(unpacking.folder, { recursive: true, force: true });
  }
}

/** Says of a file that it cannot be read, and why. */
export async function giveUpUnpack(db: TenantDb, job: UnpackJob, error: RefusalDetail = { code: 'jobStopped' }) {
  const { code, params } = error;
  await db.update(files, { state: 'failed', error: { code, params } }, isReading(job));
}

/** The job's file, unless it has been read. */
const isReading = ({ fileId, again }: UnpackJob) =>
  and(eq(files.id, fileId), inArray(files.state, again ? ['reading', 'failed'] : ['reading']));

/** One transaction of the job, with the rights that whoever brought the file has now. @throws HandedOn when it is read */
function inPart<T>(
  job: UnpackJob,
  deps: UnpackDeps,
  run: (work: Work, row: typeof files.$inferSelect) => Promise<T>,
): Promise<T> {
  // Thrown, so that the queue hands the job to another worker.
  deps.signal?.throwIfAborted();
  return inJob({ ...job, channel: 'screen' }, deps.enqueue, 'write', async (work) => {
    await deps.held?.hold(work.db);
    const [row] = await work.db.find(files, isReading(job), { lock: true });
    if (!row) throw new HandedOn();
    requirePermission(work.actor, 'imports.run');
    return run(work, row);
  });
}

interface Source {
  name: string;
  /** Path of what it was found in; `''` for the file itself. */
  within: string;
  depth: number;
}

/** @throws Refusal invalid for what cannot be read as a whole */
async function unpack(unpacking: Unpacking, place: string, source: Source): Promise<UploadFormat> {
  const format = judgedFormat(await buffer(createReadStream(place, { end: judgedBytes - 1 })));
  if (format === 'vcard') await unpackVcards(unpacking, place, source);
  if (format === 'text') await keep(unpacking, () => createReadStream(place), { ...source, format });
  return format === 'zip' ? unpackZip(unpacking, place, source) : format;
}

async function unpackZip(unpacking: Unpacking, place: string, source: Source): Promise<UploadFormat> {
  const zip = await openZip(place, unpacking.left, unpacking.said);
  unpacking.namesIn ??= zip.namesIn;
  try {
    // Binary workbooks have sheets too.
    if (isOtherDocument(zip)) throw new Refusal('invalid', { code: 'fileNotTable', field: 'file' });
    if (isWorkbook(zip)) {
      await unpackWorkbook(unpacking, zip, source);
      return 'workbook';
    }
    for (const member of zip.members) await unpackMember(unpacking, member, source);
    return 'zip';
  } finally {
    zip.close();
  }
}

/** What systems put into zips for themselves, and folders. */
const isHousekeeping = (name: string) => /(?:^|\/)(?:__MACOSX\/|\.|Thumbs\.db$|desktop\.ini$)|\/$/i.test(name);

async function unpackMember(unpacking: Unpacking, member: ZipMember, { within, depth }: Source): Promise<void> {
  if (isHousekeeping(member.path)) return;
  const part = within === '' ? member.path : `${within}/${member.path}`;
  if (!isTableName(member.path) || (depth + 1 >= deepest && /\.zip$/i.test(member.path)))
    return leave(unpacking, part, 'notTable');
  if (member.size === 0) return leave(unpacking, part, 'empty');
  if (unpacking.tables.length >= mostTables) return leave(unpacking, part, 'tooMany');
  const place = path.join(unpacking.folder, crypto.randomUUID());
  spend(unpacking, member.size);
  try {
    await pipeline(await member.open(), createWriteStream(place, { mode: 0o600 })).catch(toRefusal);
    await unpack(unpacking, place, { name: path.posix.basename(member.path), within: part, depth: depth + 1 });
  } catch (error) {
    // One member that cannot be read does not keep the others out; a bomb or a password is said of the whole.
    if (!(error instanceof Refusal) || error.detail.code === 'fileBomb' || error.detail.code === 'filePassword')
      throw error;
    leave(unpacking, part, error.detail.code === 'fileNotTable' ? 'notTable' : 'unreadable');
  } finally {
    await rm(place, { force: true });
  }
}

async function unpackWorkbook(unpacking: Unpacking, zip: OpenZip, { name, within }: Source): Promise<void> {
  const workbook = await openWorkbook(zip, unpacking.folder);
  try {
    const shown = workbook.sheets.filter(({ hidden }) => !hidden);
    for (const sheet of workbook.sheets) {
      const part = within === '' ? sheet.name : `${within} · ${sheet.name}`;
      if (sheet.hidden) leave(unpacking, part, 'hidden');
      else if (unpacking.tables.length >= mostTables) leave(unpacking, part, 'tooMany');
      else {
        const title = shown.length > 1 ? `${sheet.name} · ${name}` : name;
        const table = { name: title, within: part, format: 'sheet' } as const;
        // Several sheets may be one part, and each is read by itself.
        spend(unpacking, sheet.member.size);
        const count: SheetCount = { formulas: 0 };
        await keep(unpacking, () => Readable.from(sheetText(workbook.rows(sheet, count))), table);
        if (count.formulas > 0) unpacking.aside.push({ part, why: 'formulas', count: count.formulas });
      }
    }
  } finally {
    workbook.close();
  }
}

async function unpackVcards(unpacking: Unpacking, place: string, source: Source): Promise<void> {
  const count: VcardCount = { people: 0, groups: 0, pictures: 0, unfinished: 0 };
  const found = await encodingOf(createReadStream(place));
  // What is said of a zip is said of its names, and of those of its cards that do not tell by themselves.
  const isSure = source.depth > 0 && found.confidence >= 0.99;
  const encoding = isSure ? found.encoding : (unpacking.said ?? found.encoding);
  const table = { ...source, format: 'people', encoding } as const;
  await keep(unpacking, () => Readable.from(vcardText(() => textOf(place, encoding), count)), table);
  for (const why of ['groups', 'pictures', 'unfinished'] as const)
    if (count[why] > 0) unpacking.aside.push({ part: source.within, why, count: count[why] });
}

async function* textOf(place: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = textDecoder(encoding);
  // Opened without an encoding, so its pieces are bytes.
  for await (const chunk of createReadStream(place)) yield decoder.decode(chunk as Buffer);
  yield decoder.end();
}

/** Stores a table; one without rows is left aside. */
async function keep(
  unpacking: Unpacking,
  open: () => NodeJS.ReadableStream,
  { name, within, format, encoding }: Pick<Source, 'name' | 'within'> & Pick<Table, 'format' | 'encoding'>,
): Promise<void> {
  const { tenantId, tables, signal, checkpoint } = unpacking;
  signal?.throwIfAborted();
  try {
    const stored = await storeFile(tenantId, open(), unpacking.left);
    spend(unpacking, stored.size);
    tables.push({ stored, name: shownName(name, 'import.csv'), part: within.slice(0, 1000), format, encoding });
    checkpoint?.(tables.length);
  } catch (error) {
    const code = error instanceof Refusal ? error.detail.code : '';
    if (code === 'fileTooLarge') throw new Refusal('invalid', { code: 'fileBomb', field: 'file' });
    if (code !== 'fileEmpty') throw error;
    leave(unpacking, within, 'empty');
  }
}

function spend(unpacking: Unpacking, bytes: number): void {
  unpacking.left -= bytes;
  if (unpacking.left < 0) throw new Refusal('invalid', { code: 'fileBomb', field: 'file' });
}

function leave({ aside }: Unpacking, part: string, why: LeftAside['why']): void {
  if (aside.length < mostAside) aside.push({ part: part.slice(0, 1000), why });
}

/** What a damaged member makes its reader throw. */
function toRefusal(error: unknown): never {
  const isOurs = error instanceof Refusal || (error instanceof Error && 'syscall' in error);
  throw isOurs ? error : new Refusal('invalid', { code: 'fileBroken', field: 'file' });
}
