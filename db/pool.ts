import pg from 'pg';
import { isoMoment } from './schema/_tenant';

/**
 * The process's connections. Two bundles share the process (the server's and Next's), so the pool hangs on the global
 * object: one limit, one shutdown.
 */
const holder = globalThis as typeof globalThis & { guanxiPool?: pg.Pool };

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
  onError: (error: Error) => void;
}

/** Opens the pool. Called once, at boot. */
export function openPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.max,
    connectionTimeoutMillis: options.waitMs,
    idleTimeoutMillis: 30_000,
    types,
    // BEGIN and the first statement leave together: one round trip less per request.
    pipeline: true,
    options: '-c timezone=UTC -c client_encoding=UTF8',
  } as pg.PoolConfig);
  // An idle connection that the server closes must not end the process.
  pool.on('error', options.onError);
  holder.guanxiPool = pool;
  return pool;
}

export function pool(): pg.Pool {
  if (!holder.guanxiPool) throw new Error('The database pool is not open yet.');
  return holder.guanxiPool;
}

export async function closePool(): Promise<void> {
  const open = holder.guanxiPool;
  holder.guanxiPool = undefined;
  await open?.end();
}
