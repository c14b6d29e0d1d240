import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';

/** What a database says of itself that decides whether we can work with it. */
export interface DatabaseFacts {
  version: number;
  encoding: string;
  /** Version of the sort order that indexes were built with, and of the one that is there now. */
  collation: string | null;
  collationNow: string | null;
  role: string;
  /** Settings the role comes with: `statement_timeout=5s`. */
  settings: string[];
  now: Date;
}

export const oldestPostgres = 150_000;
const maxSkewMs = 60_000;
const timeouts = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];

/** Asks a database what it is, as the role that will work with it. */
export async function databaseFacts(client: pg.Pool | pg.ClientBase): Promise<DatabaseFacts> {
  const { rows } = await client.query<Omit<DatabaseFacts, 'now'> & { now: string }>(`
    select current_setting('server_version_num')::int as version, current_user as role,
      pg_encoding_to_char(d.encoding) as encoding, d.datcollversion as collation,
      pg_database_collation_actual_version(d.oid) as "collationNow",
      coalesce((select s.setconfig from pg_db_role_setting s where s.setrole = r.oid and s.setdatabase = 0), '{}') as settings,
      (extract(epoch from clock_timestamp()) * 1000)::text as now
    from pg_database d, pg_roles r where d.datname = current_database() and r.rolname = current_user`);
  const [facts] = rows;
  if (!facts) throw new Error('The database does not say what it is.');
  return { ...facts, now: new Date(Number(facts.now)) };
}

/**
 * Whether a database will do.
 * @returns what works and should be seen to, in a line each
 * @throws Error with one clear line
 */
export function judgeDatabase(facts: DatabaseFacts, now: Date): string[] {
  if (facts.version < oldestPostgres) {
    throw new Error(`The database is PostgreSQL ${Math.floor(facts.version / 10_000)}: it must be 15 or newer.`);
  }
  if (facts.encoding !== 'UTF8') {
    throw new Error(`The database stores text as ${facts.encoding}: create it with encoding 'UTF8'.`);
  }
  if (facts.collation !== facts.collationNow) {
    // Indexes may not find what they hold: unique keys are no longer unique.
    throw new Error(
      `The database sorts by version ${facts.collationNow} and its indexes by ${facts.collation}: run REINDEX DATABASE, then ALTER DATABASE … REFRESH COLLATION VERSION.`,
    );
  }
  const set = new Set(facts.settings.map((setting) => setting.split('=')[0]));
  const missing = [...timeouts, ...(facts.version >= 170_000 ? ['transaction_timeout'] : [])].filter(
    (t) => !set.has(t),
  );
  const skew = Math.round(Math.abs(facts.now.getTime() - now.getTime()) / 1000);
  return [
    ...(missing.length > 0
      ? [`The database role ${facts.role} has no ${missing.join(', ')}: run the migrate service, which sets them.`]
      : []),
    ...(skew * 1000 > maxSkewMs
      ? [
          `The clocks of this machine and of the database differ by ${skew} seconds: links and sessions end too early or too late.`,
        ]
      : []),
  ];
}

/** @throws Error with one clear line when files cannot be kept in the data directory */
export async function requireWritable(dataDir: string): Promise<void> {
  const probe = path.join(dataDir, `.writable-${process.pid}`);
  try {
    await mkdir(dataDir, { recursive: true });
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new Error(
      `DATA_DIR ${dataDir} cannot be written to (${code}): give this process the right to, or choose another.`,
    );
  }
}
