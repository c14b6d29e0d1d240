import { AsyncLocalStorage } from 'node:async_hooks';
import net from 'node:net';
import type pg from 'pg';

/** Whoever waits for an answer: a browser that may go away before it comes. */
export class Caller {
  gone = false;
  /** Up to where in the write-ahead log this caller has seen or made changes: nothing older is shown to them. */
  seen = 0n;
  /** Whether one of the changes was made just now. */
  hasWritten = false;
  private readonly watchers = new Set<() => void>();

  /** Tells everything that works for this caller that nobody waits any more. */
  leave(): void {
    this.gone = true;
    for (const watcher of this.watchers) watcher();
    this.watchers.clear();
  }

  /** @returns how to stop watching */
  onLeave(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  }
}

const storage = new AsyncLocalStorage<Caller>();

/** Who waits for what is running now; undefined in a job. */
export const currentCaller = (): Caller | undefined => storage.getStore();

/** Runs something for a caller. */
export const forCaller = <T>(caller: Caller, run: () => T): T => storage.run(caller, run);

/** What work for a caller who has left ends with: Postgres's own word for a cancelled query. */
export function callerGone(): Error {
  return Object.assign(new Error('The caller has gone'), { code: '57014' });
}

const cancelRequestCode = 80_877_102;
const cancelMs = 1000;

/**
 * Stops what a connection is running and ends the connection. A cancel request hits whatever runs when it arrives, so
 * it is for a client that is ours still and goes back to no pool. It travels on a socket of its own and waits for
 * nobody, also when every connection is taken.
 */
export async function abandon(client: pg.PoolClient): Promise<void> {
  await requestCancel(client).catch(() => {});
  client.connection.stream.destroy();
}

/** https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS */
function requestCancel(client: pg.PoolClient): Promise<void> {
  // What the server gave at the start of the connection; the driver's types leave it out.
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
  const packet = Buffer.alloc(16);
  [16, cancelRequestCode, processID, secretKey].forEach((value, at) => void packet.writeInt32BE(value, at * 4));
  const { host, port } = client;
  return new Promise((resolve, reject) => {
    const socket = host.startsWith('/') ? net.connect(`${host}/.s.PGSQL.${port}`) : net.connect(port, host);
    socket.setTimeout(cancelMs, () => socket.destroy(new Error('cancel timed out')));
    socket.once('error', reject);
    // The server closes the socket when it has passed the request on; a pooler forgets it when we close before that.
    socket.once('close', () => resolve());
    socket.resume().write(packet);
  });
}
