import { and, asc, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { imports } from '@/db/schema/imports';
import type { UndoReport } from '@/domain/changes';
import { notFound, Refusal } from '@/domain/refusals';
import { editedSince, undo, undoAtOnce } from '../changes/changes';
import { audit } from '../core/audit';
import { changeSet } from '../core/changes';
import type { Work } from '../core/work';
import { importOf } from './imports';
import { finish, jobOf, makeFound, unfinished, wakeNext } from './jobs';
import { fileOf } from './uploads';

const over = () => new Refusal('conflict', 'importOver');

/** Stops an import; what it has written stays, in one change set that can be undone. What comes after it in its set goes on. */
export async function cancel(work: Work, id: string): Promise<{ ok: true }> {
  const { fileId } = await importOf(work, id, true);
  const stopped = await finish(work.db, jobOf(work, id), { enqueue: work.enqueue, now: () => work.now }, 'cancelled');
  if (!stopped) throw over();
  await tell(work, 'importCancelled', id, fileId);
  return { ok: true };
}

/**
 * Halts an import between two of its batches, and all that is still to come of its set: what comes later names what comes
 * before.
 * @throws Refusal conflict `importOver`
 */
export async function pause(work: Work, id: string): Promise<{ ok: true }> {
  const { fileId } = await move(work, id, unfinished, 'paused');
  await wakeNext(work.db, jobOf(work, id), work.enqueue);
  await tell(work, 'importPaused', id, fileId);
  return { ok: true };
}

/**
 * Lets an import that was halted, and its set, go on where it stood.
 * @throws Refusal conflict `importNotPaused`
 */
export async function resume(work: Work, id: string): Promise<{ ok: true }> {
  const { fileId } = await move(work, id, ['paused'], 'queued');
  await wakeNext(work.db, jobOf(work, id), work.enqueue);
  await tell(work, 'importResumed', id, fileId);
  return { ok: true };
}

async function move(work: Work, id: string, from: string[], status: 'paused' | 'queued') {
  const row = await importOf(work, id);
  const those = and(row.setId ? eq(imports.setId, row.setId) : eq(imports.id, id), inArray(imports.status, from));
  // In the order in which jobs lock them.
  const found = await work.db.find(imports, those, { lock: true, orderBy: asc(imports.id) });
  if (found.length === 0) throw status === 'paused' ? over() : new Refusal('conflict', 'importNotPaused');
  await work.db.update(
    imports,
    { status },
    inArray(
      imports.id,
      found.map((one) => one.id),
    ),
  );
  // Who knows when it goes on.
  if (status === 'paused') for (const one of found) await makeFound(work.db, one, work.enqueue);
  return row;
}

async function tell(
  work: Work,
  action: 'importCancelled' | 'importPaused' | 'importResumed',
  id: string,
  fileId: string,
): Promise<void> {
  const { name } = await fileOf(work, fileId);
  await audit(work, action, { object: 'import', id, name });
}

/** What came of taking imports back. */
export type ImportUndo = Omit<UndoReport, 'changeSetId'>;

/**
 * Takes an import back: the decisions made about it afterwards, the newest first, then what it wrote itself. What was edited
 * since stays and is reported.
 * @param atOnce change sets of more records are taken back by a job
 * @throws Refusal conflict `importRunning`, `alreadyUndone`; notFound where it has written nothing
 */
export async function undoImport(work: Work, id: string, atOnce = undoAtOnce): Promise<ImportUndo> {
  const row = await importOf(work, id, true);
  if (unfinished.includes(row.status) || row.status === 'paused') throw new Refusal('conflict', 'importRunning');
  if (!row.changeSetId) throw notFound();
  const report: ImportUndo = { undone: 0, kept: [] };
  for (const setId of [...row.reviews.toReversed(), row.changeSetId]) {
    const set = await changeSet(work, setId);
    if (setId !== row.changeSetId && (!set || set.undoneBy)) continue;
    const { undone, kept, queued } = await undo(work, setId, Math.max(0, atOnce - report.undone));
    report.undone += undone;
    report.kept.push(...kept);
    if (queued) report.queued = (report.queued ?? 0) + queued;
  }
  return report;
}

/** Records named in one answer. */
const mostEdited = 500;

/** A record an import wrote that was edited since: undoing the import leaves these fields as they are. */
export interface EditedRecord {
  object: string;
  recordId: string;
  title: string | null;
  fields: { field: string; by: string | null; at: string }[];
}

export const editedInput = z.strictObject({
  id: z.uuid(),
  /** Its whole set is to be undone: what the other imports of it have written would go too. */
  inSet: z.boolean().default(false),
});

/** The records of an import that were edited since, with who changed which field last. */
export async function edited(
  work: Work,
  { id, inSet }: z.output<typeof editedInput>,
): Promise<{ records: EditedRecord[]; more: boolean }> {
  const row = await importOf(work, id);
  if (!row.changeSetId) return { records: [], more: false };
  const all = inSet && row.setId ? await work.db.find(imports, eq(imports.setId, row.setId)) : [row];
  const except = all.flatMap(({ changeSetId, reviews }) => [...(changeSetId ? [changeSetId] : []), ...reviews]);
  const found = await editedSince(work, row.changeSetId, { limit: mostEdited + 1, except });
  const records = new Map<string, EditedRecord>();
  for (const { object, recordId, recordTitle, field, by, at } of found.slice(0, mostEdited)) {
    const record = records.get(recordId) ?? { object, recordId, title: recordTitle, fields: [] };
    record.fields.push({ field, by, at });
    records.set(recordId, record);
  }
  return { records: [...records.values()], more: found.length > mostEdited };
}
