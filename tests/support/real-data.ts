import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** Real files with known figures; they are not part of the project. */
const folder = resolve(root, process.env.REAL_DATA_DIR ?? '../shared/data');

/**
 * Whether the real data is here. Tests on it are skipped where it is not (`it.skipIf(!hasRealData)`), except with
 * CI=true, where its absence is a failure.
 */
export const hasRealData = existsSync(join(folder, 'TRUTH.md'));
if (!hasRealData) {
  const statement = `No real data in ${folder}: set REAL_DATA_DIR to run the tests on it.`;
  if (process.env.CI === 'true') throw new Error(statement);
  console.warn(`${statement} They are skipped.`);
}

/** The bytes of a real file. */
export function realBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(folder, path)));
}

/** The text of a real file in UTF-8. */
export function realText(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

/** Where a real file lies, for a browser to upload. */
export const realPath = (path: string): string => join(folder, path);
