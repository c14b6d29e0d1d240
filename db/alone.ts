import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Any number will do as long as every starter takes the same one. */
const lockKey = 7_236_501;

/**
 * Does the work on a connection that holds the database's starter lock; other starters wait and then find the work
 * done. A starter that dies loses its connection, and the lock with it.
 * @param url the database to be alone on; not through a pooler that shares connections
 */
export async function alone<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, keepAlive: true });
  client.on('error', () => {}); // the statement that was running reports it
  await client.connect();
  try {
    // A server working on a long statement would not notice by itself that its starter died. Not on every platform.
    await client.query("set client_connection_check_interval = '2s'").catch(() => {});
    // Asking again and again, for CREATE INDEX CONCURRENTLY waits until every older statement has ended: one that
    // waited for the lock inside the server would wait for the index, and the index for it.
    while (!(await taken(client))) await sleep(200);
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * One statement by itself. It may have run before, in full or in part: an index that was being built when its runner
 * stopped is there, INVALID, and IF NOT EXISTS would be content with it.
 */
export async function runAlone(client: pg.Client, statement: string): Promise<void> {
  if (!/\bconcurrently\b/i.test(statement)) {
    await client.query(statement);
    return;
  }
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where not i.indisvalid and strpos($1, c.relname) > 0`,
    [statement],
  );
  // Nobody's statements queue behind these two, and each attempt begins anew: they may wait for old transactions.
  await client.query("set lock_timeout = '10min'");
  try {
    for (const { name } of rows) await client.query(`drop index concurrently ${name}`);
    await client.query(statement);
  } finally {
    await client.query("set lock_timeout = '500ms'").catch(() => {});
  }
}

async function taken(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [lockKey]);
  return rows[0]?.taken ?? false;
}
