import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import type { Segment } from '@/domain/local-index';

/** The index of records as it lies in this browser, per workspace (docs/decisions/0038-local-index.md). */
export const indexDatabase = 'guanxi.index';

/** How far a workspace's index has come, and whose it is. */
export interface IndexState {
  slug: string;
  /** `indexFormat` of the program that made it. */
  format: number;
  reach: string;
  rules: string;
  /** Since when changes are to be asked for. */
  at: string;
  objects: string[];
  /** Where each kind goes on; null when all of it is here. */
  next: Record<string, string | null>;
  /** How many segments there are. */
  segments: number;
}

type KeptSegment = Omit<Segment, 'gone'>;

interface Schema extends DBSchema {
  state: { key: string; value: IndexState };
  segment: { key: [string, number]; value: KeptSegment };
  /** Apart from the segments, which are a megabyte each and never change. */
  gone: { key: [string, number]; value: Uint8Array };
}

export type IndexStore = Awaited<ReturnType<typeof openIndexStore>>;

/**
 * Opens what this browser keeps of a workspace's index.
 * @throws where it keeps nothing: private windows of some browsers, storage that is switched off
 */
export async function openIndexStore(slug: string) {
  const db: IDBPDatabase<Schema> = await openDB<Schema>(indexDatabase, 1, {
    upgrade(made) {
      made.createObjectStore('state', { keyPath: 'slug' });
      made.createObjectStore('segment');
      made.createObjectStore('gone');
    },
    // Another tab removes it: it must not wait for us.
    blocking: () => db.close(),
  });
  /** What of each segment is written already. */
  let written: KeptSegment['text'][] = [];
  const all = IDBKeyRange.bound([slug, 0], [slug, Number.MAX_SAFE_INTEGER]);
  return {
    close: () => db.close(),
    /** Null where nothing is kept. */
    async read(): Promise<{ state: IndexState; segments: Segment[] } | null> {
      const tx = db.transaction(['state', 'segment', 'gone']);
      const [state, kept, gone] = await Promise.all([
        tx.objectStore('state').get(slug),
        tx.objectStore('segment').getAll(all),
        tx.objectStore('gone').getAll(all),
      ]);
      if (!state || kept.length !== state.segments || gone.length !== state.segments) return null;
      written = kept.map(({ text }) => text);
      return { state, segments: kept.map((segment, i) => ({ ...segment, gone: gone[i] ?? new Uint8Array() })) };
    },
    /** Writes what is not there yet, all of it or nothing. @throws DOMException when the disk is full */
    async write(state: IndexState, segments: readonly Segment[]): Promise<void> {
      const tx = db.transaction(['state', 'segment', 'gone'], 'readwrite');
      const [kept, marks] = [tx.objectStore('segment'), tx.objectStore('gone')];
      const puts = segments.flatMap(({ gone, ...segment }, n) => {
        const put = marks.put(gone, [slug, n]);
        return segment.text === written[n] ? [put] : [put, kept.put(segment, [slug, n])];
      });
      await Promise.all([...puts, tx.objectStore('state').put(state), tx.done]);
      written = segments.map(({ text }) => text);
    },
    async clear(): Promise<void> {
      written = [];
      const tx = db.transaction(['state', 'segment', 'gone'], 'readwrite');
      await Promise.all([
        tx.objectStore('state').delete(slug),
        tx.objectStore('segment').delete(all),
        tx.objectStore('gone').delete(all),
        tx.done,
      ]);
    },
  };
}

/** Removes the index of one workspace, or of all (null). */
export async function removeIndex(slug: string | null): Promise<void> {
  if (slug === null) return deleteDB(indexDatabase);
  const store = await openIndexStore(slug);
  await store.clear();
  store.close();
}
