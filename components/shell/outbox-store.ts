'use client';

import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import type { RefusalView } from './errors';

/** A change that waits for a connection, or that the server refused when it came. */
export interface WaitingChange {
  /** The order in which changes were made; given when it is kept. */
  order: number;
  slug: string;
  userId: string;
  /** Sent with it, so that it is carried out once however often it is sent. */
  key: string;
  path: string;
  input: unknown;
  /** When it was made, milliseconds since 1970. */
  at: number;
  /** What the fields it changes were then. */
  base?: Record<string, unknown>;
  /** Why it was not carried out; it waits for a person then. */
  refusal?: RefusalView;
}

interface Schema extends DBSchema {
  change: { key: number; value: WaitingChange };
}

const databaseName = 'guanxi.outbox';
let opening: Promise<IDBPDatabase<Schema>> | undefined;

function open(): Promise<IDBPDatabase<Schema>> {
  opening ??= openDB<Schema>(databaseName, 1, {
    upgrade: (made) => void made.createObjectStore('change', { keyPath: 'order', autoIncrement: true }),
    blocking: (_current, _blocked, event) => {
      // A connection, as the event's own type does not say.
      (event.target as IDBDatabase).close();
      opening = undefined;
    },
    terminated: () => {
      opening = undefined;
    },
  });
  return opening;
}

/** Where nothing can be kept (some private windows) changes wait for as long as the page is open. */
let memory: WaitingChange[] | undefined;
let last = 0;

async function read(): Promise<WaitingChange[]> {
  return memory ?? (await open()).getAll('change');
}

/** The changes of one workspace that wait in this browser, in order. */
export const outboxStore = {
  async all(slug: string): Promise<WaitingChange[]> {
    const found = await read().catch(() => {
      memory = [];
      return memory;
    });
    return found.filter((change) => change.slug === slug);
  },
  async add(change: Omit<WaitingChange, 'order'>): Promise<void> {
    // The store gives the order itself.
    const kept = memory
      ? undefined
      : await open()
          .then((db) => db.add('change', change as WaitingChange))
          .catch(() => undefined);
    if (kept === undefined) memory = [...(await read().catch(() => [])), { ...change, order: Date.now() + ++last }];
  },
  async put(change: WaitingChange): Promise<void> {
    if (memory) memory = memory.map((each) => (each.order === change.order ? change : each));
    else await (await open()).put('change', change);
  },
  async delete(order: number): Promise<void> {
    if (memory) memory = memory.filter((each) => each.order !== order);
    else await (await open()).delete('change', order);
  },
  /** Removes everything, and that there was anything. */
  async remove(): Promise<void> {
    memory = memory && [];
    await opening?.then((db) => db.close()).catch(() => {});
    opening = undefined;
    await deleteDB(databaseName);
  },
  /** Removes what waits, of one workspace or of all, but for one person's. */
  async clear(slug: string | null, keepUserId?: string): Promise<void> {
    for (const change of await read().catch(() => []))
      if ((slug === null || change.slug === slug) && change.userId !== keepUserId) await this.delete(change.order);
  },
};
