import { eq, sql } from 'drizzle-orm';
import { files } from '@/db/schema/imports';
import { clip } from '@/domain/clip';
import { notFound, Refusal } from '@/domain/refusals';
import { audit } from '../core/audit';
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
  await audit(work, 'fileUploaded', { object: 'file', id: stored.id, name: shown }, { size: stored.size });
  return { fileId: stored.id, name: shown, size: stored.size };
}

/** A file of this tenant. @throws Refusal notFound */
export async function fileOf(work: Work, id: string): Promise<UploadedFile> {
  const [file] = await work.db.find(files, eq(files.id, id));
  if (!file) throw notFound();
  return file;
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
    clip(
      base
        .toWellFormed()
        .replace(/\p{Cc}/gu, '')
        .trim(),
      200,
    ) || 'import.csv'
  );
}
