import { eq } from 'drizzle-orm';
import { files } from '@/db/schema/imports';
import { notFound, Refusal } from '@/domain/refusals';
import { readBeginning, removeStored, type StoredFile } from '../core/files';
import type { Work } from '../core/work';

export type UploadedFile = typeof files.$inferSelect;

/**
 * Takes a stored file into the tenant's books.
 * @throws Refusal invalid `fileType` for workbooks and archives: only text can be read
 */
export async function keepUpload(
  work: Work,
  stored: StoredFile,
  name: string,
): Promise<{ fileId: string; name: string; size: number }> {
  if (await isBinary(work.actor.tenantId, stored.id)) {
    await removeStored(work.actor.tenantId, stored.id);
    throw new Refusal('invalid', { code: 'fileNotText', field: 'file' });
  }
  const shown = cleanName(name);
  await work.db.insert(files, {
    ...stored,
    name: shown,
    memberId: work.actor.memberId,
    createdAt: work.now.toISOString(),
  });
  return { fileId: stored.id, name: shown, size: stored.size };
}

/** A file of this tenant. @throws Refusal notFound */
export async function fileOf(work: Work, id: string): Promise<UploadedFile> {
  const [file] = await work.db.find(files, eq(files.id, id));
  if (!file) throw notFound();
  return file;
}

/** Beginnings of ZIP (which XLSX is), old Excel, PDF and gzip. */
const signatures = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
  [0x25, 0x50, 0x44, 0x46],
  [0x1f, 0x8b],
];

async function isBinary(tenantId: string, id: string): Promise<boolean> {
  const bytes = await readBeginning(tenantId, id, 4);
  return signatures.some((signature) => signature.every((byte, i) => bytes[i] === byte));
}

/** The name without folders and control characters, for people only: it never becomes a path. */
function cleanName(name: string): string {
  const base = name.split(/[\\/]/).at(-1) ?? '';
  return (
    base
      .toWellFormed()
      .replace(/\p{Cc}/gu, '')
      .trim()
      .slice(0, 200) || 'import.csv'
  );
}
