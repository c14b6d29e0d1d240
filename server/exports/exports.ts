import { and, desc, eq, isNull } from 'drizzle-orm';
import type { z } from 'zod';
import { listExports } from '@/db/schema/exports';
import { members } from '@/db/schema/tenants';
import {
  type ExportFormat,
  type ExportPlan,
  type ExportStatus,
  everything,
  exportInput,
  exportName,
  extensionOf,
} from '@/domain/exports';
import { notFound, Refusal } from '@/domain/refusals';
import { audit } from '../core/audit';
import { newId } from '../core/ids';
import { sortKeys } from '../core/record-order';
import type { RecordType } from '../core/record-types';
import { countRecords } from '../core/records';
import type { Work } from '../core/work';
import { settingsOf, todayIn } from '../tenants/settings';
import { typesToRead, typeToRead } from '../views/kinds';
import { type Reach, reachesStill, reachOf } from './reach';
import { everythingIn, wordsOf } from './words';

type ExportRow = typeof listExports.$inferSelect;

/** What a job on the queue carries. */
export interface ExportJob {
  tenantId: string;
  memberId: string;
  requestId: string;
  exportId: string;
  /** Asked for by an admin after its job was given up: begins anew. */
  again?: true;
}

export interface ExportView {
  id: string;
  object: string;
  format: ExportFormat;
  /** `expired`: it was done, and its file is gone, or holds what the person may no longer read. */
  status: ExportStatus | 'expired';
  name: string;
  /** Records the list had when it was asked for, and how many are written. */
  total: number;
  rows: number;
  bytes: number | null;
  error: string | null;
  createdAt: string;
  finishedAt: string | null;
  expiresAt: string | null;
}

/** Why an export that nobody wants any more is `failed`; people are told that it is `cancelled`. */
const cancelled = 'cancelled';
export const unfinished: readonly string[] = ['queued', 'running'];

/**
 * Makes an export of a list, or of everything, and its job in one transaction; the audit knows of it from then on,
 * whatever comes of it.
 * @throws Refusal notFound for an object or records that are not the actor's to read, invalid for an unknown column, a
 *   wrong filter or order
 */
export async function startExport(work: Work, input: z.input<typeof exportInput>): Promise<{ id: string }> {
  const plan = exportInput.parse(input);
  const { object, filter, q, ids, format, name } = plan;
  const { list, count } = object === everything ? await countAll(work) : await countList(work, plan);
  const { tenantId, memberId } = work.actor;
  const { timeZone } = await settingsOf(work);
  const id = newId();
  const file = exportName(name ?? list, todayIn(timeZone, work.now), extensionOf(plan));
  await work.db.insert(listExports, {
    id,
    memberId,
    object,
    format,
    status: 'queued',
    plan,
    name: file,
    total: count,
    createdAt: work.now.toISOString(),
  });
  const narrowed = { ...(filter && { filter }), ...(q?.trim() && { q: q.trim() }), ...(ids && { chosen: ids.length }) };
  await audit(work, 'exported', { object: 'export', id, name: file }, { object, count, format, ...narrowed });
  const job: ExportJob = { tenantId, memberId, requestId: work.requestId, exportId: id };
  await work.enqueue(work.db, 'export', { ...job });
  return { id };
}

/** What a list is called and how many records it has; asked now is what the job would be refused for later. */
async function countList(work: Work, plan: ExportPlan): Promise<{ list: string; count: number }> {
  const { object, filter, q, sort, ids, columns } = plan;
  const type = typeToRead(work, object);
  requireColumns(type, columns);
  sortKeys(work, type, sort);
  const { count } = await countRecords(work, type, { filter, q, ids, exact: true });
  if (ids && count === 0) throw notFound();
  return { list: wordsOf(work.types, type, work.actor.locale).objects, count };
}

async function countAll(work: Work): Promise<{ list: string; count: number }> {
  let count = (await work.db.find(members, isNull(members.deletedAt))).length;
  for (const type of typesToRead(work)) count += (await countRecords(work, type, { exact: true })).count;
  return { list: everythingIn(work.actor.locale), count };
}

/** Ends an export of the actor's that is not done yet; one that is over stays as it is. @throws Refusal notFound */
export async function cancelExport(work: Work, id: string): Promise<{ id: string }> {
  const { status, name } = await exportOf(work, id, { lock: true });
  if (!unfinished.includes(status)) return { id };
  const over = { status: 'failed', error: cancelled, finishedAt: work.now.toISOString() };
  await work.db.update(listExports, over, eq(listExports.id, id));
  await audit(work, 'exportCancelled', { object: 'export', id, name });
  return { id };
}

/** @throws Refusal invalid `unknownField` */
export function requireColumns(type: RecordType, columns: readonly string[] | undefined): void {
  for (const field of columns ?? []) {
    if (!Object.hasOwn(type.fields, field))
      throw new Refusal('invalid', { code: 'unknownField', params: { field }, field: 'columns' });
  }
}

/** An export of the actor's own. @throws Refusal notFound for everybody else's: the file is theirs alone */
async function exportOf(work: Work, id: string, how: { lock?: boolean } = {}): Promise<ExportRow> {
  const own = and(eq(listExports.id, id), eq(listExports.memberId, work.actor.memberId));
  const [row] = await work.db.find(listExports, own, how);
  if (!row) throw notFound();
  return row;
}

export async function getExport(work: Work, id: string): Promise<ExportView> {
  return viewOf(work, await exportOf(work, id), await reachOf(work));
}

/** What the actor has exported, newest first. */
export async function listOwnExports(work: Work): Promise<{ rows: ExportView[] }> {
  const rows = await work.db.find(listExports, eq(listExports.memberId, work.actor.memberId), {
    orderBy: desc(listExports.createdAt),
    limit: 50,
  });
  const reach = await reachOf(work);
  return { rows: rows.map((row) => viewOf(work, row, reach)) };
}

/**
 * The file of an export, while it is there.
 * @throws Refusal notFound when it is not done, not the actor's, no longer kept, or of rights the actor has lost since
 */
export async function fileOfExport(work: Work, id: string): Promise<{ fileId: string; name: string; bytes: number }> {
  const row = await exportOf(work, id);
  if (viewOf(work, row, await reachOf(work)).status !== 'done' || row.fileId === null || row.bytes === null)
    throw notFound();
  return { fileId: row.fileId, name: row.name, bytes: row.bytes };
}

function viewOf(work: Work, row: ExportRow, reach: Reach): ExportView {
  const { id, object, name, total, rows, bytes, createdAt, finishedAt, expiresAt } = row;
  const over = expiresAt === null || Date.parse(expiresAt) <= work.now.getTime() || !reachesStill(reach, row.reach);
  const expired = row.status === 'done' && over;
  const dropped = row.status === 'failed' && row.error === cancelled;
  const error = dropped ? null : row.error;
  // The table's check holds statuses to these; formats are what `startExport` was given.
  const status = expired ? 'expired' : dropped ? 'cancelled' : (row.status as ExportStatus);
  const format = row.format as ExportFormat;
  return { id, object, format, status, name, total, rows, bytes, error, createdAt, finishedAt, expiresAt };
}
