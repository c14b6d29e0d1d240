import { and, desc, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { archives } from '@/db/schema/archives';
import type { TenantDb } from '@/db/tenant';
import {
  type ArchiveStage,
  type ArchiveStatus,
  type ArchiveSummary,
  archiveDays,
  archiveName,
} from '@/domain/archives';
import { notFound, Refusal } from '@/domain/refusals';
import { afterCommit } from '../core/after-commit';
import { audit } from '../core/audit';
import { removeStored, type StoredFile, storable } from '../core/files';
import { newId } from '../core/ids';
import { tenantKey } from '../core/keys';
import type { Work } from '../core/work';
import { settingsOf, todayIn } from '../tenants/settings';
import { publicKeys } from './signing';

export type ArchiveRow = typeof archives.$inferSelect;

/** What a job on the queue carries. */
export interface ArchiveJob {
  tenantId: string;
  memberId: string;
  requestId: string;
  archiveId: string;
  does: 'make' | 'check' | 'load';
  /** Asked for by an admin after its job was given up. */
  again?: true;
}

export interface ArchiveView {
  id: string;
  kind: 'make' | 'load';
  /** `expired`: its file is gone. */
  status: ArchiveStatus | 'expired';
  name: string;
  bytes: number | null;
  stage: ArchiveStage | null;
  done: number;
  total: number;
  summary: ArchiveSummary | null;
  error: string | null;
  errorIn: string | null;
  /** Only whoever asked for it may have the file. */
  mine: boolean;
  createdAt: string;
  finishedAt: string | null;
  expiresAt: string | null;
}

export interface ArchiveList {
  /** The workspace's own id: another one when it was loaded meanwhile. */
  tenantId: string;
  rows: ArchiveView[];
  /** Of the key this installation signs by. */
  fingerprint: string;
  /** Whether an archive could be loaded: nothing is in the workspace yet. */
  empty: boolean;
  /** Of the largest that is taken here. */
  maxBytes: number;
}

let maxBytes = 0;

/** Says how large archives may be that are brought here; called once, with the doors. */
export function openArchives(most: number): void {
  maxBytes = most;
}

const underWay = ['queued', 'running', 'checking', 'loading'];
const shown = 20;
const newestFirst = sql`${desc(archives.createdAt)}, ${desc(archives.id)}`;

/** The archives of the workspace, newest first. */
export async function listArchives(work: Work): Promise<ArchiveList> {
  const rows = await work.db.find(archives, undefined, { orderBy: newestFirst, limit: shown });
  return {
    tenantId: work.actor.tenantId,
    rows: rows.map((row) => viewOf(work, row)),
    fingerprint: publicKeys()[0]?.kid ?? '',
    empty: await isEmpty(work.db),
    maxBytes: storable(maxBytes),
  };
}

/**
 * Asks for an archive of the workspace as it is when its job comes to it.
 * @throws Refusal conflict `archiveUnderWay` while another is made, checked or loaded
 */
export async function makeArchive(work: Work): Promise<{ id: string }> {
  await refuseSecond(work.db);
  await forgetFiles(work, 'make', keptArchives - 1);
  const { tenantSlug, memberId } = work.actor;
  const { timeZone } = await settingsOf(work);
  const id = newId();
  const name = archiveName(tenantSlug, todayIn(timeZone, work.now));
  await work.db.insert(archives, {
    id,
    memberId,
    kind: 'make',
    status: 'queued',
    name,
    createdAt: work.now.toISOString(),
  });
  await audit(work, 'archiveMade', { object: 'archive', id, name });
  await enqueue(work, id, 'make');
  return { id };
}

/** Takes an archive that was brought into the books and has it checked. */
export async function bringArchive(work: Work, stored: StoredFile, name: string): Promise<{ id: string }> {
  await refuseSecond(work.db);
  await requireEmpty(work.db);
  await forgetFiles(work, 'load', 0);
  const id = newId();
  await work.db.insert(archives, {
    id,
    memberId: work.actor.memberId,
    kind: 'load',
    status: 'checking',
    name,
    fileId: stored.id,
    bytes: stored.size,
    sha256: stored.sha256,
    createdAt: work.now.toISOString(),
    expiresAt: new Date(work.now.getTime() + archiveDays * 86_400_000).toISOString(),
  });
  await audit(work, 'archiveBrought', { object: 'archive', id, name }, { bytes: stored.size });
  await enqueue(work, id, 'check');
  return { id };
}

export const loadInput = z.strictObject({
  id: z.uuid(),
  /** Of the key that signed it, where that is not one of this installation: what the person has compared. */
  fingerprint: z.string().max(100).optional(),
});

/**
 * Has a checked archive put in place of this empty workspace.
 * @throws Refusal notFound, conflict `archiveNotEmpty`, invalid `archiveStranger` without the fingerprint of a foreign key
 */
export async function loadArchive(work: Work, { id, fingerprint }: z.infer<typeof loadInput>): Promise<{ id: string }> {
  const row = await ownArchive(work, id);
  if (row.status !== 'checked' || isExpired(work, row)) throw notFound();
  await requireEmpty(work.db);
  const { summary } = row;
  if (!summary?.ours && fingerprint?.trim() !== summary?.fingerprint)
    throw new Refusal('invalid', { code: 'archiveStranger', field: 'fingerprint' });
  await work.db.update(archives, { status: 'loading', stage: null, done: 0, total: 0 }, eq(archives.id, id));
  const { tenant, address, sha256 } = summary ?? {};
  await audit(work, 'archiveLoading', { object: 'archive', id, name: row.name }, { tenant, address, sha256 });
  await enqueue(work, id, 'load');
  return { id };
}

/** Seconds in which the link to a file works. */
const fetchSeconds = 60;

/** Opens the link to a finished archive for a minute, and says so in the audit. @throws Refusal notFound */
export async function fetchArchive(work: Work, id: string): Promise<{ id: string }> {
  const row = await ownArchive(work, id);
  if (viewOf(work, row).status !== 'done' || row.fileId === null) throw notFound();
  const fetchUntil = new Date(work.now.getTime() + fetchSeconds * 1000).toISOString();
  await work.db.update(archives, { fetchUntil }, eq(archives.id, id));
  await audit(work, 'archiveFetched', { object: 'archive', id, name: row.name });
  return { id };
}

/** The file behind a link that is open. @throws Refusal notFound */
export async function fileOfArchive(work: Work, id: string): Promise<{ fileId: string; name: string; bytes: number }> {
  const { fileId, name, bytes, kind, fetchUntil } = await ownArchive(work, id);
  const isOpen = fetchUntil !== null && Date.parse(fetchUntil) > work.now.getTime();
  if (kind !== 'make' || !isOpen || fileId === null || bytes === null) throw notFound();
  return { fileId, name, bytes };
}

/** Removes an archive that nobody works on, with its file. @throws Refusal notFound, conflict `archiveUnderWay` */
export async function discardArchive(work: Work, id: string): Promise<{ id: string }> {
  const row = await ownArchive(work, id);
  if (underWay.includes(row.status)) throw new Refusal('conflict', 'archiveUnderWay');
  // What was filled for it, or its files, is still to be removed; the row knows which workspace that is.
  if (row.loadingId ?? row.replacedId) throw new Refusal('conflict', 'archiveUnderWay');
  await work.db.delete(archives, eq(archives.id, id));
  await audit(work, 'archiveDiscarded', { object: 'archive', id, name: row.name });
  const { fileId } = row;
  if (fileId) afterCommit(work.db, () => void removeStored(work.actor.tenantId, fileId).catch(() => {}));
  return { id };
}

/** @throws Refusal notFound for one that is not there or somebody else's */
async function ownArchive(work: Work, id: string): Promise<ArchiveRow> {
  const own = and(eq(archives.id, id), eq(archives.memberId, work.actor.memberId));
  const [row] = await work.db.find(archives, own);
  if (!row) throw notFound();
  return row;
}

/** Asked before the bytes are taken. @throws Refusal conflict `archiveNotEmpty`, `archiveUnderWay` */
export async function requireRoom(db: TenantDb): Promise<void> {
  await requireEmpty(db);
  await refuseBusy(db);
}

/** One at a time: the largest workspace is all a worker does. @throws Refusal conflict `archiveUnderWay` */
export async function refuseSecond(db: TenantDb): Promise<void> {
  // Two who ask at once: the second waits here and then finds the first.
  await db.rows(sql`select pg_advisory_xact_lock(hashtextextended(${tenantKey(db.tenantId, 'archive')}, 0))`);
  await refuseBusy(db);
}

async function refuseBusy(db: TenantDb): Promise<void> {
  const [other] = await db.find(archives, inArray(archives.status, underWay), { limit: 1 });
  if (other) throw new Refusal('conflict', 'archiveUnderWay');
}

/** Files of archives there are at most, whatever their age: nobody fills a disk with them. */
const keptArchives = 3;

/** Gives up the files of all archives of a kind but the newest. */
async function forgetFiles(work: Work, kind: ArchiveView['kind'], keep: number): Promise<void> {
  const { db, actor, now } = work;
  const kept = and(eq(archives.kind, kind), isNotNull(archives.fileId));
  const rows = await db.find(archives, kept, { orderBy: newestFirst, lock: true });
  for (const { id, fileId } of rows.slice(keep)) {
    await db.update(archives, { fileId: null, expiresAt: now.toISOString() }, eq(archives.id, id));
    if (fileId) afterCommit(db, () => void removeStored(actor.tenantId, fileId).catch(() => {}));
  }
}

async function enqueue(work: Work, archiveId: string, does: ArchiveJob['does']): Promise<void> {
  const { tenantId, memberId } = work.actor;
  const job: ArchiveJob = { tenantId, memberId, requestId: work.requestId, archiveId, does };
  await work.enqueue(work.db, 'archive', { ...job });
}

/** @throws Refusal conflict `archiveNotEmpty` */
export async function requireEmpty(db: TenantDb): Promise<void> {
  if (!(await isEmpty(db))) throw new Refusal('conflict', 'archiveNotEmpty');
}

/** Whether nobody has put anything into the workspace, and nobody else is in it. */
async function isEmpty(db: TenantDb): Promise<boolean> {
  const tables = ['company', 'contact', 'deal', 'product', 'task', 'note', 'activity', 'custom_object', 'custom_field'];
  const some = tables.map(
    (name) => sql`exists (select from app.${sql.identifier(name)} t where t.tenant_id = ${db.tenantId})`,
  );
  const [found] = await db.rows<{ some: boolean }>(sql`select ${sql.join(some, sql` or `)}
    or (select count(*) from app.member m where m.tenant_id = ${db.tenantId}) > 1 as some`);
  return found?.some === false;
}

const isExpired = (work: Work, { expiresAt }: ArchiveRow) =>
  expiresAt === null || Date.parse(expiresAt) <= work.now.getTime();

function viewOf(work: Work, row: ArchiveRow): ArchiveView {
  const { id, name, bytes, done, total, summary, error, errorIn, createdAt, finishedAt, expiresAt } = row;
  const kept = row.status === 'checked' || (row.status === 'done' && row.kind === 'make');
  return {
    id,
    // The table's checks hold both to these; stages are written by the job alone.
    kind: row.kind as ArchiveView['kind'],
    status: kept && isExpired(work, row) ? 'expired' : (row.status as ArchiveStatus),
    stage: row.stage as ArchiveStage | null,
    name,
    bytes,
    done,
    total,
    summary,
    error,
    errorIn,
    mine: row.memberId === work.actor.memberId,
    createdAt,
    finishedAt,
    expiresAt,
  };
}
