import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** Where the bytes of files lie. Keys are made by us: the tenant's folder and the file's id. */
export interface FileStore {
  /** The largest file it takes. */
  mostBytes?: number;
  /** Keeps a finished file of this machine under a key, for good once this is done; the file here may go. */
  put(key: string, file: string, about: { size: number; sha256: string }): Promise<void>;
  /** The bytes of a file, or the first ones; undefined when there is none. */
  read(key: string, first?: number): Promise<NodeJS.ReadableStream | undefined>;
  /** No error when there is none. */
  remove(key: string): Promise<void>;
  /** Names directly under a folder that were last written before a moment. */
  writtenBefore(folder: string, before: number): Promise<string[]>;
}

/** Files in a folder that every process of an installation reaches. */
export function diskStore(root: string): FileStore {
  const at = (key: string) => path.join(root, key);
  return {
    async put(key, file) {
      await mkdir(path.dirname(at(key)), { recursive: true, mode: 0o700 });
      await rename(file, at(key));
    },
    async read(key, first) {
      if (!(await stat(at(key)).catch(() => undefined))) return undefined;
      return createReadStream(at(key), { highWaterMark: 256 * 1024, ...(first && { end: first - 1 }) });
    },
    async remove(key) {
      await rm(at(key), { force: true });
    },
    async writtenBefore(folder, before) {
      const names = await readdir(at(folder)).catch(() => []);
      const old = await Promise.all(
        names.map(async (name) => {
          // It may have gone since the folder was read.
          const written = await stat(path.join(at(folder), name)).catch(() => undefined);
          return written && written.mtimeMs < before ? [name] : [];
        }),
      );
      return old.flat();
    },
  };
}
