import type pg from 'pg';
import { currentCaller } from './caller';
import { isHome, newPool, openProbe, type PoolOptions } from './pool';
import { unsafeRole } from './roles';

interface Log {
  info(message: string): void;
  warn(context: object, message: string): void;
}

/** How often primary and replica are asked where they stand, and how long they may take to say so. */
const askEveryMs = 100;
const answerWithinMs = 1000;
/** A replica that is further behind is not asked for anything. */
const maxLagMs = 5000;
/** Tenants with a place of their own at most; beyond, everybody waits for the newest. */
const maxTenants = 10_000;
/** Further than any log goes: a place that is not known yet. */
const unknown = 2n ** 64n;

/**
 * A standby that streams from the primary and answers what requests read. It is asked only for what it has: a tenant in
 * which something was written is read from the primary until the standby has replayed it, and so is a caller who has
 * seen something newer (docs/decisions/0041-reads-from-a-replica.md). A place is a position in the write-ahead log as a
 * number: https://www.postgresql.org/docs/current/datatype-pg-lsn.html.
 */
class Replica {
  readonly pool: pg.Pool;
  private readonly primary: pg.Pool;
  private readonly standby: pg.Pool;
  private readonly log: Log;
  private readonly needs = new Needs();
  /** How far the replica is; undefined while it does not answer. */
  private replayed: bigint | undefined;
  /** Where the primary stood a little while ago, and when the replica was last known to have had all there was. */
  private mark = { place: unknown, at: 0 };
  private currentAt = Number.NEGATIVE_INFINITY;
  private isChecked = false;
  private told: 'nothing' | 'up' | 'down' = 'nothing';
  private readonly inUse = new Set<pg.PoolClient>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(url: string, options: PoolOptions, log: Log) {
    this.log = log;
    this.pool = newPool({ ...options, connectionString: url });
    this.pool.on('acquire', (client) => this.inUse.add(client));
    this.pool.on('remove', (client) => this.inUse.delete(client));
    this.pool.on('release', (_error, client) => this.inUse.delete(client));
    const probe = { answerMs: answerWithinMs, onError: () => {} };
    this.primary = openProbe({ ...probe, connectionString: options.connectionString });
    this.standby = openProbe({ ...probe, connectionString: url });
  }

  /** Whether the replica has all that this reader may expect. */
  has(tenantId: string, seen: bigint): boolean {
    if (this.replayed === undefined || performance.now() - this.currentAt > maxLagMs) return false;
    return this.replayed >= seen && this.replayed >= this.needs.of(tenantId);
  }

  /** Somebody wrote here; without a place: elsewhere, a moment ago. */
  wrote(tenantId: string, place?: bigint): void {
    this.needs.add(tenantId, place);
  }

  /** Changes may have been missed: nobody is sent to the replica before it has all there is now. */
  missed(): void {
    this.needs.addAll();
  }

  /** Seconds since it was known to have all there was; undefined while it does not answer. */
  lag(): number | undefined {
    return this.replayed === undefined ? undefined : (performance.now() - this.currentAt) / 1000;
  }

  /** Asks both where they stand, now and from now on. */
  async watch(): Promise<void> {
    this.looking = this.look();
    await this.looking;
    if (!this.stopped) this.timer = setTimeout(() => void this.watch(), askEveryMs).unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
    await Promise.all([this.pool.end(), this.primary.end(), this.standby.end()]);
  }

  private async look(): Promise<void> {
    const learn = this.needs.toLearn();
    const at = performance.now();
    const [now, replayed] = await Promise.allSettled([
      this.primary.query<Told>('select pg_current_wal_insert_lsn() as place').then(placeIn),
      this.standbyPlace(),
    ]);
    learn(now.status === 'fulfilled' ? now.value : undefined);
    if (replayed.status === 'rejected') return this.lost(replayed.reason);
    this.replayed = replayed.value;
    this.needs.drop(replayed.value);
    const reached = replayed.value >= this.mark.place;
    if (reached) this.currentAt = this.mark.at;
    if (now.status === 'fulfilled' && (reached || this.mark.place === unknown)) this.mark = { place: now.value, at };
    if (this.told !== 'up') this.log.info('reads go to the replica');
    this.told = 'up';
  }

  private async standbyPlace(): Promise<bigint> {
    if (!this.isChecked) {
      const problem = await unsafeRole(this.standby);
      if (problem) throw new Error(problem);
      if ((await clusterOf(this.standby)) !== (await clusterOf(this.primary)))
        throw new Error('DATABASE_REPLICA_URL leads to another database, not to a standby of this one.');
      this.isChecked = true;
    }
    // A standby that was promoted stands still by this measure, and is asked no more.
    return placeIn(await this.standby.query<Told>('select pg_last_wal_replay_lsn() as place'));
  }

  /** Whoever reads there reads from the primary instead, at once. */
  private lost({ message }: Error): void {
    this.replayed = undefined;
    this.mark = { place: unknown, at: 0 };
    this.currentAt = Number.NEGATIVE_INFINITY;
    this.isChecked = false;
    for (const client of this.inUse) client.connection.stream.destroy();
    if (this.told !== 'down') this.log.warn({ reason: message }, 'the replica is not asked: reads go to the primary');
    this.told = 'down';
  }
}

/** What the replica must have before it is asked: for one tenant, and for any. */
class Needs {
  private readonly places = new Map<string, bigint>();
  private floor = 0n;
  /** Those whose place is learned when the primary is asked next. */
  private open = new Set<string>();
  private openFloor = false;

  of(tenantId: string): bigint {
    const own = this.places.get(tenantId) ?? 0n;
    return own > this.floor ? own : this.floor;
  }

  add(tenantId: string, place = unknown): void {
    const before = this.places.get(tenantId) ?? 0n;
    // What was not known before will be learned at a later moment now.
    if (place === unknown || before === unknown) this.open.add(tenantId);
    if (place > before) this.places.set(tenantId, place);
    if (this.places.size > maxTenants) this.addAll();
  }

  addAll(): void {
    this.floor = unknown;
    this.openFloor = true;
    this.places.clear();
    this.open.clear();
  }

  /** Called before the primary is asked; what it gives takes the answer. What comes in between waits for the next. */
  toLearn(): (place: bigint | undefined) => void {
    const [tenants, floor] = [this.open, this.openFloor];
    this.open = new Set();
    this.openFloor = false;
    return (place) => {
      for (const id of tenants) {
        if (place === undefined) this.open.add(id);
        else if (this.places.has(id) && !this.open.has(id)) this.places.set(id, place);
      }
      if (floor && place === undefined) this.openFloor = true;
      else if (floor && place !== undefined && !this.openFloor) this.floor = place;
    };
  }

  drop(replayed: bigint): void {
    for (const [id, place] of this.places) if (place <= replayed) this.places.delete(id);
  }
}

/** The server's bundle and Next's share the process, and with it the pool. */
const holder = globalThis as typeof globalThis & { guanxiReplica?: Replica };

/**
 * Lets requests read from a standby where it will do. It may be away: then everything is read from the primary, until
 * it is back.
 * @param options the primary's pool; the standby's is as large
 * @returns ends it
 */
export async function openReplica(url: string, options: PoolOptions, log: Log): Promise<() => Promise<void>> {
  const replica = new Replica(url, options, log);
  holder.guanxiReplica = replica;
  await replica.watch();
  return async () => {
    holder.guanxiReplica = undefined;
    await replica.stop();
  };
}

/**
 * Runs a read where it may be run: on the replica for a request whose tenant it is up to date with, else on the primary,
 * and there once more when the replica goes away meanwhile. What reads has no effect, so it can be run twice.
 */
export async function reading<T>(tenantId: string, primary: pg.Pool, run: (from: pg.Pool) => Promise<T>): Promise<T> {
  const replica = holder.guanxiReplica;
  const caller = currentCaller();
  if (!replica || !caller || !isHome(primary) || !replica.has(tenantId, caller.seen)) return run(primary);
  try {
    return await run(replica.pool);
  } catch (error) {
    if (caller.gone || !isAway(error)) throw error;
    return run(primary);
  }
}

/** Ends a writing transaction; with a replica it learns in the same round trip where the log stands after it. */
export async function commitWrite(tenantId: string, client: pg.PoolClient, from: pg.Pool): Promise<void> {
  const replica = holder.guanxiReplica;
  if (!replica || !isHome(from)) {
    await client.query('commit');
    return;
  }
  const answer = await client.query('commit; select pg_current_wal_insert_lsn() as place');
  // One result for each statement: the driver's types know of a single one only.
  const [, told] = answer as unknown as [pg.QueryResult, pg.QueryResult<{ place: string }>];
  const place = parsePlace(told.rows[0]?.place);
  replica.wrote(tenantId, place);
  const caller = currentCaller();
  if (caller && place !== undefined && place > caller.seen) {
    caller.seen = place;
    caller.hasWritten = true;
  }
}

/** Another process has changed something in a tenant: until the replica has it, the tenant is read from the primary. */
export const changedElsewhere = (tenantId: string): void => holder.guanxiReplica?.wrote(tenantId);

/** What other processes changed may have been missed, in any tenant. */
export const changesMissed = (): void => holder.guanxiReplica?.missed();

/** How far the replica is behind, in seconds; undefined without one that answers. */
export const replicaLag = (): number | undefined => holder.guanxiReplica?.lag();

/** Whether reads may go to a replica in this process. */
export const hasReplica = (): boolean => holder.guanxiReplica !== undefined;

/** `16/B374D848` as a number; undefined when it is no place. */
export function parsePlace(text: string | undefined): bigint | undefined {
  const [, high, low] = /^([\da-f]{1,8})\/([\da-f]{1,8})$/i.exec(text ?? '') ?? [];
  return high && low ? (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`) : undefined;
}

/** The other way round. */
export const writePlace = (place: bigint): string =>
  `${(place >> 32n).toString(16)}/${(place & 0xffffffffn).toString(16)}`.toUpperCase();

interface Told {
  place: string | null;
}

function placeIn({ rows }: pg.QueryResult<Told>): bigint {
  const place = parsePlace(rows[0]?.place ?? undefined);
  if (place === undefined) throw new Error('DATABASE_REPLICA_URL leads to a server that is no standby.');
  return place;
}

/** The number a cluster and its standbys share. */
async function clusterOf(pool: pg.Pool): Promise<string | undefined> {
  const { rows } = await pool.query<{ id: string }>('select system_identifier::text as id from pg_control_system()');
  return rows[0]?.id;
}

/** Connection lost or refused, server going down, or a query in the way of what the standby replays. */
const awayCode = /^(08...|57P0[123]|53300|40001|40P01|E[A-Z]+)$/;
const awayMessage = /^(Connection terminated|timeout exceeded|Client has encountered a connection error)/;

function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && awayCode.test(String(error.code))) return true;
  return awayMessage.test(error.message) || isAway(error.cause);
}
