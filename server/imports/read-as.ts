import { eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { files, imports } from '@/db/schema/imports';
import { type Encoding, encodings } from '@/domain/imports/encoding';
import { notFound, Refusal } from '@/domain/refusals';
import { audit } from '../core/audit';
import type { Work } from '../core/work';
import { endChecks } from './check';
import { fileOf, removeAfter, setUnpacking, type UploadedFile } from './uploads';

/** How the text of what a table was found in was read, where a person may know better. */
export interface FoundAs {
  of: 'people' | 'names';
  encoding: Encoding;
}

/** Null for a table that does not depend on it. */
export async function foundAs(work: Work, file: UploadedFile): Promise<FoundAs | null> {
  const [parent] = file.parentId ? await work.db.find(files, eq(files.id, file.parentId)) : [];
  const encoding = file.encoding ?? parent?.encoding;
  // Written by the job that takes files apart only.
  return encoding ? { of: file.encoding ? 'people' : 'names', encoding: encoding as Encoding } : null;
}

export const readAsInput = z.strictObject({ fileId: z.uuid(), encoding: z.enum(encodings) });

/**
 * Takes the file apart anew that a table was found in, its people or the names in it read as they are said to be. Its
 * tables give way to new ones.
 * @throws Refusal conflict `fileInUse` once one of them is imported; notFound for what was found in nothing
 */
export async function readAs(work: Work, { fileId, encoding }: z.infer<typeof readAsInput>): Promise<{ ok: true }> {
  const { parentId } = await fileOf(work, fileId);
  if (!parentId) throw notFound();
  const [parent] = await work.db.find(files, eq(files.id, parentId), { lock: true });
  if (parent?.state !== 'ready') throw new Refusal('conflict', 'fileReading');
  const tables = await work.db.find(files, eq(files.parentId, parentId));
  const ids = tables.map(({ id }) => id);
  for (const id of ids) await endChecks(work, id);
  const used = await work.db.find(imports, inArray(imports.fileId, ids), { limit: 1 });
  if (used.length > 0) throw new Refusal('conflict', 'fileInUse');
  await work.db.delete(files, inArray(files.id, ids));
  await work.db.update(files, { state: 'reading' }, eq(files.id, parentId));
  await setUnpacking(work, parentId, encoding);
  await audit(work, 'fileReadAgain', { object: 'file', id: parentId, name: parent.name }, { encoding });
  removeAfter(work, ids);
  return { ok: true };
}
