import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { importSets, imports } from '@/db/schema/imports';
import { clip } from '@/domain/clip';
import { inOrder, mostInSet, statusOfSet } from '@/domain/imports/sets';
import { notFound, Refusal } from '@/domain/refusals';
import { undoAtOnce } from '../changes/changes';
import { audit } from '../core/audit';
import { newId } from '../core/ids';
import type { InSteps, Work } from '../core/work';
import { requireWidths } from './check';
import { type ImportUndo, undoImport } from './control';
import { importRows, requireFree, start } from './imports';
import { finish, jobOf, unfinished, wakeNext } from './jobs';
import { withOwn } from './own';
import { planInput } from './plan-input';
import { openCounts } from './problems';
import { fileOf } from './uploads';

export const setInput = z.strictObject({ files: z.array(planInput).min(2).max(mostInSet) });

/** Begins the imports of files once their plans are seen to fit them. */
export async function startFiles(inSteps: InSteps, input: z.infer<typeof setInput>): Promise<{ id: string }> {
  await requireWidths(inSteps, input.files);
  return inSteps((work) => startSet(work, input));
}

/**
 * Imports files one after the other, those that are named by others first, each waiting for the one before.
 * @throws Refusal invalid `fileTwice`, and what `start` throws
 */
export async function startSet(work: Work, { files }: z.infer<typeof setInput>): Promise<{ id: string }> {
  if (new Set(files.map(({ fileId }) => fileId)).size < files.length)
    throw new Refusal('invalid', { code: 'fileTwice', field: 'files' });
  await requireFree(
    work,
    files.map(({ fileId }) => fileId),
  );
  const ordered = inOrder(files, ({ plan }) => withOwn(work, plan));
  const [first] = ordered;
  if (!first) throw notFound();
  const found = await Promise.all(files.map(({ fileId }) => fileOf(work, fileId)));
  const parents = new Set(found.map(({ parentId }) => parentId));
  const [parentId] = parents.size === 1 ? parents : [];
  const parent = parentId ? await fileOf(work, parentId) : null;
  const id = newId();
  await work.db.insert(importSets, {
    id,
    memberId: work.actor.memberId,
    name: parent?.name ?? null,
    source: first.plan.source,
    createdAt: work.now.toISOString(),
  });
  // Ids rise, and imports of a tenant are taken up in their order.
  for (const file of ordered) await start(work, file, id);
  await wakeNext(work.db, jobOf(work, id), work.enqueue);
  const names = found.map(({ name }) => name);
  await audit(work, 'importStarted', { object: 'importSet', id, name: parent?.name ?? clip(names.join(', '), 200) });
  return { id };
}

/** A set and its imports in the order of their turns, with how far each is and how many rows wait for a decision. */
export async function getSet(work: Work, id: string) {
  const [set] = await work.db.find(importSets, eq(importSets.id, id));
  if (!set) throw notFound();
  const rows = (await importRows(work, sql`i.set_id = ${id}`)).toReversed();
  const open = await openCounts(
    work,
    rows.map((row) => row.id),
  );
  return {
    id,
    name: set.name,
    source: set.source,
    createdAt: set.createdAt,
    status: statusOfSet(rows.map(({ status }) => status)),
    imports: rows.map((row) => ({ ...row, review: open.get(row.id) ?? 0 })),
  };
}

export type ImportSetView = Awaited<ReturnType<typeof getSet>>;

/** Stops what is not over of a set; what was written stays and can be undone. @throws Refusal conflict `importOver` */
export async function cancelSet(work: Work, id: string): Promise<{ ok: true }> {
  const open = await membersOf(work, id, [...unfinished, 'paused']);
  if (open.length === 0) throw new Refusal('conflict', 'importOver');
  // The last one first, so that none of them is woken on the way.
  for (const { id: importId } of open.toReversed())
    await finish(work.db, jobOf(work, importId), { enqueue: work.enqueue, now: () => work.now }, 'cancelled');
  const files = await Promise.all(open.map(({ fileId }) => fileOf(work, fileId)));
  const name = clip(files.map((file) => file.name).join(', '), 200);
  await audit(work, 'importCancelled', { object: 'importSet', id, name });
  return { ok: true };
}

/**
 * Takes the imports of a set back, the last one first.
 * @throws Refusal conflict `importRunning` while one is not over, `alreadyUndone`
 */
export async function undoSet(work: Work, id: string): Promise<ImportUndo> {
  const all = await membersOf(work, id, null);
  const undone = new Set(
    (await importRows(work, sql`i.set_id = ${id}`)).filter((row) => row.undone).map((row) => row.id),
  );
  const left = all.filter((row) => row.changeSetId && !undone.has(row.id));
  if (left.length === 0) throw new Refusal('conflict', 'alreadyUndone');
  if (all.some(({ status }) => unfinished.includes(status) || status === 'paused'))
    throw new Refusal('conflict', 'importRunning');
  const report: ImportUndo = { undone: 0, kept: [] };
  for (const { id: importId } of left.toReversed()) {
    // All of it is one request: what one import leaves of its bound is what the next may take.
    const each = await undoImport(work, importId, Math.max(0, undoAtOnce - report.undone));
    report.undone += each.undone;
    report.kept.push(...each.kept);
    if (each.queued) report.queued = (report.queued ?? 0) + each.queued;
  }
  return report;
}

/** @throws Refusal notFound for a set that is not there */
async function membersOf(work: Work, id: string, statuses: string[] | null) {
  const [set] = await work.db.find(importSets, eq(importSets.id, id));
  if (!set) throw notFound();
  const those = statuses ? inArray(imports.status, statuses) : undefined;
  return work.db.find(imports, and(eq(imports.setId, id), those), { lock: true, orderBy: asc(imports.id) });
}
