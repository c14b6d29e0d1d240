import { mkdtempSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { removeEmbedded } from '@/db/embedded';

/** A folder for the file that asks while it is collected; it goes when the file's tests have ended. */
export function ownFolder(name: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), `guanxi-${name}-`));
  afterAll(() => removeFolder(folder));
  return folder;
}

/** Removes a folder that is a data directory or holds some: a database of theirs may lie elsewhere, behind a link. */
export async function removeFolder(folder: string): Promise<void> {
  const inside = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const dirs = inside.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
  // One that still runs, after a test that failed, stays.
  for (const dir of [folder, ...dirs]) await removeEmbedded(dir).catch(() => {});
  await rm(folder, { recursive: true, force: true });
}
