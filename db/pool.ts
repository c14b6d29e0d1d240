import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { isoMoment } from './schema/_tenant';

/**
 * The process's connections. Two bundles share the process (the server's and Next's), so the pools hang on the global
 * object: one limit, one shutdown. Jobs have a pool of their own, with the timeouts of their role: they can be slow
 * without taking connections from people who wait.
 */
const holder = globalThis as typeof globalThis & { guanxiPool?: pg.Pool; guanxiJobPool?: pg.Pool };
const inJobs = new AsyncLocalStorage<true>();
const elsewhere = new AsyncLocalStorage<pg.Pool>();

const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);
types.setTypeParser(pg.types.builtins.NUMERIC, Number);
// A day has no zone, so it stays the text it is.
types.setTypeParser(pg.types.builtins.DATE, (value) => value);
types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, isoMoment);

export interface PoolOptions {
  connectionString: string;
  /** Connections at most. */
  max: number;
  /** Milliseconds a request waits for a connection before it is turned away. */
  waitMs: number;
  /** A pooler stands in between that gives each transaction any connection: nothing may be kept on one. */
  pooler?: boolean;
  /** What Postgres calls its connections. */
  name?: string;
  onError: (error: Error) => void;
}

/** How many may wait for a connection: whoever comes after them is turned away at once. */
const maxWaiting = 200;

/** Opens the pool of the requests. Called once, at boot. */
export function openPool(options: PoolOptions): pg.Pool {
  holder.guanxiPool = newPool(options);
  return holder.guanxiPool;
}

/** Opens the pool of the jobs; without it they share the requests'. */
export function openJobPool(options: PoolOptions): pg.Pool {
  holder.guanxiJobPool = newPool(options);
  return holder.guanxiJobPool;
}

/** One connection beside the pools, for asking how the database is: it gives up after `answerMs`. */
export function openProbe(options: {
  connectionString: string;
  answerMs: number;
  onError: (error: Error) => void;
}): pg.Pool {
  const probe = new pg.Pool({
    connectionString: options.connectionString,
    max: 1,
    connectionTimeoutMillis: options.answerMs,
    query_timeout: options.answerMs,
    allowExitOnIdle: true,
  });
  probe.on('error', options.onError);
  return probe;
}

/** The connections of whatever runs: a shard's within `atPool`, else this installation's own. */
export function pool(): pg.Pool {
  return elsewhere.getStore() ?? homePool();
}

/** Those of the database that this installation began with: people, sessions and which tenants there are stay there. */
export function homePool(): pg.Pool {
  const open = (inJobs.getStore() && holder.guanxiJobPool) || holder.guanxiPool;
  if (!open) throw new Error('The database pool is not open yet.');
  return open;
}

/** Whether a pool is one of the database that this installation began with, not of another server tenants moved to. */
export const isHome = (asked: pg.Pool): boolean => asked === holder.guanxiPool || asked === holder.guanxiJobPool;

/** Runs something with the connections of another server. */
export const atPool = <T>(of: pg.Pool, run: () => T): T => elsewhere.run(of, run);

/** Runs a job's work: its transactions take the jobs' connections. */
export const asJob = <T>(run: () => T): T => inJobs.run(true, run);

/** How the pools stand: for whoever measures. */
export function poolFigures(): { name: string; max: number; total: number; idle: number; waiting: number }[] {
  const pools = { requests: holder.guanxiPool, jobs: holder.guanxiJobPool };
  return Object.entries(pools).flatMap(([name, open]) =>
    open
      ? { name, max: open.options.max, total: open.totalCount, idle: open.idleCount, waiting: open.waitingCount }
      : [],
  );
}

export async function closePool(): Promise<void> {
  const open = [holder.guanxiPool, holder.guanxiJobPool];
  holder.guanxiPool = undefined;
  holder.guanxiJobPool = undefined;
  await Promise.all(open.map((each) => each?.end()));
}

/** Another pool of the same kind. */
export function newPool(options: PoolOptions): pg.Pool {
  const made = new BoundedPool({
    connectionString: options.connectionString,
    max: options.max,
    connectionTimeoutMillis: options.waitMs,
    idleTimeoutMillis: 30_000,
    types,
    application_name: options.name,
    // BEGIN and the first statement leave together: one round trip less per request.
    pipeline: true,
    // A pooler refuses start-up options; the roles have the same time zone of their own (db/roles.sql).
    ...(options.pooler ? { Client: UnnamedClient } : { options: '-c timezone=UTC -c client_encoding=UTF8' }),
  } as pg.PoolConfig);
  // An idle connection that the server closes must not end the process.
  made.on('error', options.onError);
  return made;
}

/** A client whose statements have no names: a name would be looked for on a connection that has never heard of it. */
class UnnamedClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const send = this.query.bind(this) as (query: unknown, ...more: unknown[]) => unknown;
    const unnamed = (query: unknown, ...more: unknown[]) =>
      send(typeof query === 'object' && query && 'text' in query ? { ...query, name: undefined } : query, ...more);
    // The driver's `query` is a list of overloads; this passes on whatever it was called with.
    this.query = unnamed as typeof this.query;
  }
}

type Connected = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: Error | boolean) => void,
) => void;

/** The driver's pool, whose line of waiting requests has no end of its own. */
class BoundedPool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<pg.PoolClient> | undefined {
    if (this.waitingCount >= maxWaiting) {
      // Postgres's own word for it: too_many_connections.
      const full = Object.assign(new Error('Too many requests wait for a database connection'), { code: '53300' });
      if (!callback) return Promise.reject(full);
      process.nextTick(callback, full, undefined, () => {});
      return undefined;
    }
    if (!callback) return super.connect();
    super.connect(callback);
    return undefined;
  }
}
