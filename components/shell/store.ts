'use client';

import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';

/**
 * Answers of the server kept in this browser, per workspace. Their texts lie apart from their list, so that the order of
 * use can be written without writing them again.
 */
export const databaseName = 'guanxi';

/** What a workspace's answers belong to: they are shown to nobody else, and by no other build. */
export interface Owner {
  slug: string;
  userId: string;
  memberId: string;
  /** What decides what this person may see (`tenant.boot`); null when it is not known any more. */
  reach: string | null;
  /** Which session was last seen here, as its readable cookie says; null without one. */
  session: string | null;
  build: string;
  /** Milliseconds since 1970 when this person was last known to be signed in. */
  seen: number;
  /** Minutes without use after which their session ends. */
  idleMinutes: number;
}

/** An answer's place in the list. */
export interface Entry {
  slug: string;
  /** Names the query (TanStack's hash of its key). */
  hash: string;
  /** When the server gave it, milliseconds since 1970. */
  at: number;
  /** When it was last shown. */
  used: number;
  /** Length of its text. */
  size: number;
}

interface Schema extends DBSchema {
  owner: { key: string; value: Owner };
  entry: { key: [string, string]; value: Entry };
  answer: { key: [string, string]; value: { slug: string; hash: string; text: string } };
}

/** More is not kept: entries and characters per workspace, characters per answer, days. */
export const limits = { entries: 600, size: 24_000_000, answer: 1_500_000, days: 14 };

export type Store = Awaited<ReturnType<typeof openStore>>;

/**
 * Opens what this browser keeps of a workspace.
 * @throws where it keeps nothing: private windows of some browsers, storage that is switched off
 */
export async function openStore(slug: string) {
  let gone = false;
  const db: IDBPDatabase<Schema> = await openDB<Schema>(databaseName, 1, {
    upgrade(made) {
      made.createObjectStore('owner', { keyPath: 'slug' });
      made.createObjectStore('entry', { keyPath: ['slug', 'hash'] });
      made.createObjectStore('answer', { keyPath: ['slug', 'hash'] });
    },
    // Another tab removes it, or is of a newer build: it must not wait for us.
    blocking: () => close(),
    terminated: () => close(),
  });
  function close() {
    gone = true;
    db.close();
  }
  const all = IDBKeyRange.bound([slug, ''], [slug, '\uffff']);
  return {
    close,
    owner: (): Promise<Owner | undefined> => db.get('owner', slug),
    entries: (): Promise<Entry[]> => db.getAll('entry', all),
    /** The texts of answers, in the order asked for; undefined for what is not here. */
    texts: async (hashes: readonly string[]): Promise<(string | undefined)[]> => {
      const tx = db.transaction('answer');
      const found = await Promise.all(hashes.map((hash) => tx.store.get([slug, hash])));
      return found.map((row) => row?.text);
    },
    setOwner: async (owner: Owner): Promise<void> => {
      if (!gone) await db.put('owner', owner);
    },
    /**
     * Keeps answers and notes the use of others, then lets go of what is too much or too old, least recently used
     * first. What does not fit on the disk costs the older half; what still does not fit then is not kept.
     */
    write: async (kept: readonly (Entry & { text?: string })[], now: number): Promise<void> => {
      if (gone) return;
      try {
        await put(kept);
      } catch (error) {
        if (!(error instanceof DOMException) || error.name !== 'QuotaExceededError') throw error;
        await prune(now, 0.5);
        await put(kept);
      }
      await prune(now, 1);
    },
    delete: async (hashes: readonly string[]): Promise<void> => {
      if (gone) return;
      const tx = db.transaction(['entry', 'answer'], 'readwrite');
      const removed = hashes.flatMap((hash) => [
        tx.objectStore('entry').delete([slug, hash]),
        tx.objectStore('answer').delete([slug, hash]),
      ]);
      await Promise.all([...removed, tx.done]);
    },
    /** Removes everything of this workspace. */
    clear: async (): Promise<void> => {
      if (gone) return;
      const tx = db.transaction(['owner', 'entry', 'answer'], 'readwrite');
      await Promise.all([
        tx.objectStore('owner').delete(slug),
        tx.objectStore('entry').delete(all),
        tx.objectStore('answer').delete(all),
        tx.done,
      ]);
    },
  };

  async function put(kept: readonly (Entry & { text?: string })[]): Promise<void> {
    const tx = db.transaction(['entry', 'answer'], 'readwrite');
    const [entries, answers] = [tx.objectStore('entry'), tx.objectStore('answer')];
    await Promise.all([
      ...kept.map(({ text, ...entry }) => entries.put(entry)),
      ...kept.flatMap(({ hash, text }) => (text === undefined ? [] : [answers.put({ slug, hash, text })])),
      tx.done,
    ]);
  }

  async function prune(now: number, share: number): Promise<void> {
    const tx = db.transaction(['entry', 'answer'], 'readwrite');
    const entries = await tx.objectStore('entry').getAll(all);
    let size = 0;
    const surplus = entries
      .sort((a, b) => b.used - a.used)
      .filter((entry, i) => {
        size += entry.size;
        const old = now - entry.at > limits.days * 86_400_000;
        return old || i >= limits.entries * share || size > limits.size * share;
      });
    const removed = surplus.flatMap(({ hash }) => [
      tx.objectStore('entry').delete([slug, hash]),
      tx.objectStore('answer').delete([slug, hash]),
    ]);
    await Promise.all([...removed, tx.done]);
  }
}

/** Removes everything this browser keeps of every workspace. */
export async function deleteStore(): Promise<void> {
  await deleteDB(databaseName);
}
