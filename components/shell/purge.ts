'use client';

/**
 * Why what this browser keeps has to go: somebody signs out, the session has ended, another person is here, one is no
 * longer in this workspace, or what one may see here has changed.
 */
export type PurgeReason = 'signOut' | 'expired' | 'person' | 'removed' | 'reach';

export interface Purge {
  reason: PurgeReason;
  /** The workspace whose things go; null for all of them. */
  slug: string | null;
}

type Run = (purge: Purge) => Promise<void> | void;

/** Reasons that concern one workspace; the others concern everything in this browser. */
const ofOneTenant: ReadonlySet<PurgeReason> = new Set(['removed', 'reach']);
/** A database that another tab holds must not keep anybody from leaving. */
const patienceMs = 2000;
const prefix = 'guanxi';

const runs = new Set<Run>();
let channel: BroadcastChannel | undefined;

/**
 * Registers something that keeps records in this browser. It is run in every open tab; what it removes is gone when its
 * promise is settled.
 * @returns takes it back
 */
export function onPurge(run: Run): () => void {
  runs.add(run);
  listen();
  return () => {
    runs.delete(run);
  };
}

/**
 * Has everything removed that this browser keeps, here and in the other tabs; for `removed` and `reach` only what is of
 * this workspace. Settles when it is gone, or after two seconds, and never fails: who leaves has to get away.
 */
export async function purge(reason: PurgeReason, slug: string): Promise<void> {
  const order: Purge = { reason, slug: ofOneTenant.has(reason) ? slug : null };
  listen()?.postMessage(order);
  await carryOut(order);
}

async function carryOut(order: Purge): Promise<void> {
  const work = Promise.allSettled([...runs].map(async (run) => run(order))).then(() => sweep(order).catch(() => {}));
  await Promise.race([work, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
}

/** The product's own files (components/shell/offline.ts): who was not here before is not shown that somebody was. */
async function removeFiles(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(prefix));
  await Promise.all(names.map((name) => caches.delete(name)));
  const registration = await navigator.serviceWorker.getRegistration('/t/');
  await registration?.unregister();
}

/** What is left of a person who leaves, whoever kept it. What somebody began before a session ended waits for them. */
async function sweep({ reason, slug }: Purge): Promise<void> {
  if (slug !== null) return;
  await removeFiles().catch(() => {});
  if (reason === 'expired') return;
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  sessionStorage.clear();
  const databases = await indexedDB.databases();
  for (const { name } of databases) if (name?.startsWith(prefix)) indexedDB.deleteDatabase(name);
}

function listen(): BroadcastChannel | undefined {
  if (!channel && typeof BroadcastChannel !== 'undefined') {
    channel = new BroadcastChannel('guanxi.purge');
    channel.onmessage = ({ data }: MessageEvent<Purge>) =>
      // What this tab shows is somebody else's.
      void carryOut(data).then(() => data.reason === 'person' && window.location.reload());
  }
  return channel;
}
