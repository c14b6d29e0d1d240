import { and, desc, eq, gt, inArray, ne, or, sql } from 'drizzle-orm';
import { files } from '@/db/schema/imports';
import { decodeText, detectEncoding, type Encoding } from '@/domain/imports/encoding';
import {
  type FileFormat,
  type FileState,
  formatOf,
  isTableFormat,
  type LeftAside,
  tableFormats,
  type UploadFormat,
} from '@/domain/imports/uploads';
import { notFound, Refusal, type RefusalDetail } from '@/domain/refusals';
import { afterCommit } from '../core/after-commit';
import { audit } from '../core/audit';
import { readBeginning, removeStored, type StoredFile, shownName } from '../core/files';
import type { Work } from '../core/work';

export type UploadedFile = typeof files.$inferSelect;

/** What a person is told of a file they brought. */
export interface Upload {
  fileId: string;
  name: string;
  size: number;
  /** `reading`: its tables are being taken out of it. */
  state: FileState;
}

/** Bytes that tell what a file is. */
const judgedBytes = 4096;

/**
 * What a stored file is, to be asked before the transaction that keeps it.
 * @throws Refusal invalid `fileOldExcel`, `fileNotTable` for what holds no table we can read
 */
export async function uploadFormat(tenantId: string, id: string): Promise<UploadFormat> {
  return judgedFormat(await readBeginning(tenantId, id, judgedBytes));
}

/** The same of a file's first bytes. @throws Refusal as above */
export function judgedFormat(beginning: Uint8Array): UploadFormat {
  const { encoding } = detectEncoding(beginning, { truncated: true });
  const format = formatOf(beginning, decodeText(beginning, encoding));
  if (format === 'old' || format === 'other')
    throw new Refusal('invalid', { code: format === 'old' ? 'fileOldExcel' : 'fileNotTable', field: 'file' });
  return format;
}

/** Takes a stored file into the tenant's books. What is no delimited text is taken apart by a job. */
export async function keepUpload(work: Work, stored: StoredFile, name: string, format: UploadFormat): Promise<Upload> {
  const shown = shownName(name, 'import.csv');
  const state = format === 'text' ? 'ready' : 'reading';
  await work.db.insert(files, {
    ...stored,
    name: shown,
    format,
    state,
    memberId: work.actor.memberId,
    createdAt: work.now.toISOString(),
  });
  await audit(work, 'fileUploaded', { object: 'file', id: stored.id, name: shown }, { size: stored.size });
  if (state === 'reading') await setUnpacking(work, stored.id);
  return { fileId: stored.id, name: shown, size: stored.size, state };
}

/**
 * Sets a worker to taking a file apart.
 * @param encoding what its text is in; found out where nobody has said it
 */
export async function setUnpacking(
  { db, actor, enqueue, requestId }: Work,
  fileId: string,
  encoding?: Encoding,
): Promise<void> {
  const { tenantId, memberId, channel } = actor;
  await enqueue(db, 'unpack', { tenantId, memberId, channel, requestId, fileId, ...(encoding && { encoding }) });
}

/**
 * A file of this tenant that is one table.
 * @throws Refusal notFound; conflict `fileReading` while it is taken apart; invalid with the reason it cannot be read, and
 *   `fileOfTables` for one whose tables are files of their own
 */
export async function tableOf(work: Work, id: string): Promise<UploadedFile> {
  const file = await fileOf(work, id);
  if (file.state === 'reading') throw new Refusal('conflict', 'fileReading');
  // Written by the job that takes files apart only.
  if (file.error) throw new Refusal('invalid', { ...(file.error as RefusalDetail), field: 'file' });
  if (!isTableFormat(file.format)) throw new Refusal('invalid', { code: 'fileOfTables', field: 'file' });
  return file;
}

/** Removes stored files once nothing points at them any more; what fails is swept later. */
export function removeAfter({ db, actor }: Work, ids: readonly string[]): void {
  afterCommit(db, () => {
    for (const id of ids) void removeStored(actor.tenantId, id).catch(() => {});
  });
}

/** A file of this tenant. @throws Refusal notFound */
export async function fileOf(work: Work, id: string): Promise<UploadedFile> {
  const [file] = await work.db.find(files, eq(files.id, id));
  if (!file) throw notFound();
  return file;
}

const keptMs = 30 * 86_400_000;
const mostWaiting = 250;

/** A file that has no import yet, or one that is being taken apart. */
export interface WaitingFile {
  id: string;
  name: string;
  size: number;
  createdAt: string;
  format: FileFormat;
  state: FileState;
  /** Why it cannot be read. */
  error: Pick<RefusalDetail, 'code' | 'params'> | null;
  /** What it was found in, and what of that was left aside. */
  from: { id: string; name: string; leftAside: LeftAside[] } | null;
}

/** Files that wait for their import, newest first; of what was taken apart its tables. */
export async function waitingFiles(work: Work): Promise<WaitingFile[]> {
  const tenant = work.actor.tenantId;
  const rows = await work.db.find(
    files,
    and(
      // A dry run is no import yet.
      sql`not exists (select from app.import i where i.tenant_id = ${tenant} and i.file_id = ${files.id}
        and i.status not in ('checking', 'checked'))`,
      gt(files.createdAt, new Date(work.now.getTime() - keptMs).toISOString()),
      or(inArray(files.format, [...tableFormats]), ne(files.state, 'ready')),
    ),
    { orderBy: desc(files.createdAt), limit: mostWaiting },
  );
  const parents = [...new Set(rows.flatMap(({ parentId }) => parentId ?? []))];
  const found = parents.length > 0 ? await work.db.find(files, inArray(files.id, parents)) : [];
  const from = new Map(
    found.map(({ id, name, leftAside }) => [id, { id, name, leftAside: leftAside as LeftAside[] }] as const),
  );
  // Written by `keepUpload` and the job that takes files apart only.
  return rows.map(({ id, name, size, createdAt, format, state, error, parentId }) => ({
    id,
    name,
    size,
    createdAt,
    format: format as FileFormat,
    state: state as FileState,
    error: error as WaitingFile['error'],
    from: from.get(parentId ?? '') ?? null,
  }));
}

/**
 * Removes a file's row and, with its last table, the file it was found in.
 * @returns ids of the stored files that go
 */
export async function removeFile({ db }: Work, { id, parentId }: UploadedFile): Promise<string[]> {
  await db.delete(files, eq(files.id, id));
  if (!parentId) return [id];
  const others = await db.find(files, eq(files.parentId, parentId), { limit: 1 });
  if (others.length > 0) return [id];
  await db.delete(files, eq(files.id, parentId));
  return [id, parentId];
}

/** The latest import of a file with the same bytes that is done or under way: bringing it again may be a mistake. */
export async function importedBefore(
  work: Work,
  { sha256 }: UploadedFile,
): Promise<{ importId: string; at: string; name: string } | null> {
  const [found] = await work.db.rows<{ importId: string; at: string; name: string }>(sql`
    select i.id as "importId", coalesce(i.finished_at, i.created_at) as at, f.name
    from app.file f join app.import i on i.tenant_id = ${work.actor.tenantId} and i.file_id = f.id
    where f.tenant_id = ${work.actor.tenantId} and f.sha256 = ${sha256}
      and i.status in ('queued', 'running', 'done')
    order by i.created_at desc, i.id desc limit 1`);
  return found ?? null;
}
