import { and, desc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import { listExports } from '@/db/schema/exports';
import { type ExportFormat, type ExportStatus, exportInput, exportName } from '@/domain/exports';
import { notFound, Refusal } from '@/domain/refusals';
import { audit } from '../core/audit';
import { newId } from '../core/ids';
import { sortKeys } from '../core/record-order';
import type { RecordType } from '../core/record-types';
import { countRecords } from '../core/records';
import type { Work } from '../core/work';
import { settingsOf, todayIn } from '../tenants/settings';
import { typeToRead } from '../views/kinds';
import { wordsOf } from './words';

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
  /** `expired`: it was done, and its file is gone. */
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

/**
 * Makes an export of a list and its job in one transaction; the audit knows of it from then on, whatever comes of it.
 * @throws Refusal notFound for an object or records that are not the actor's to read, invalid for an unknown column, a
 *   wrong filter or order
 */
export async function startExport(work: Work, input: z.input<typeof exportInput>): Promise<{ id: string }> {
  const plan = exportInput.parse(input);
  const { object, filter, q, sort, ids, columns, format, name } = plan;
  const type = typeToRead(work, object);
  requireColumns(type, columns);
  // Asked now what the job would be refused for later.
  sortKeys(work, type, sort);
  const { count } = await countRecords(work, type, { filter, q, ids, exact: true });
  if (ids && count === 0) throw notFound();
  const { tenantId, memberId, locale } = work.actor;
  const { timeZone } = await settingsOf(work);
  const id = newId();
  const file = exportName(name ?? wordsOf(work.types, type, locale).objects, todayIn(timeZone, work.now), format);
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

/** @throws Refusal invalid `unknownField` */
export function requireColumns(type: RecordType, columns: readonly string[] | undefined): void {
  for (const field of columns ?? []) {
    if (!Object.hasOwn(type.fields, field))
      throw new Refusal('invalid', { code: 'unknownField', params: { field }, field: 'columns' });
  }
}

/** An export of the actor's own. @throws Refusal notFound for everybody else's: the file is theirs alone */
export async function exportOf(work: Work, id: string): Promise<ExportRow> {
  const own = and(eq(listExports.id, id), eq(listExports.memberId, work.actor.memberId));
  const [row] = await work.db.find(listExports, own);
  if (!row) throw notFound();
  return row;
}

export async function getExport(work: Work, id: string): Promise<ExportView> {
  return viewOf(work, await exportOf(work, id));
}

/** What the actor has exported, newest first. */
export async function listOwnExports(work: Work): Promise<{ rows: ExportView[] }> {
  const rows = await work.db.find(listExports, eq(listExports.memberId, work.actor.memberId), {
    orderBy: desc(listExports.createdAt),
    limit: 50,
  });
  return { rows: rows.map((row) => viewOf(work, row)) };
}

/**
 * The file of an export, while it is there.
 * @throws Refusal notFound when it is not done, not the actor's, or no longer kept
 */
export async function fileOfExport(work: Work, id: string): Promise<{ fileId: string; name: string; bytes: number }> {
  const row = await exportOf(work, id);
  if (viewOf(work, row).status !== 'done' || row.fileId === null || row.bytes === null) throw notFound();
  return { fileId: row.fileId, name: row.name, bytes: row.bytes };
}

function viewOf(work: Work, row: ExportRow): ExportView {
  const { id, object, name, total, rows, bytes, error, createdAt, finishedAt, expiresAt } = row;
  const expired = row.status === 'done' && (expiresAt === null || Date.parse(expiresAt) <= work.now.getTime());
  // The table's check holds statuses to these; formats are what `startExport` was given.
  const status = expired ? 'expired' : (row.status as ExportStatus);
  const format = row.format as ExportFormat;
  return { id, object, format, status, name, total, rows, bytes, error, createdAt, finishedAt, expiresAt };
}
