import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as runMigrations } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';

const migrationsFolder = path.resolve('db/migrations');
/** Any number will do as long as every starter takes the same one. */
const lockKey = 7_236_501;

/**
 * Brings the database to the newest schema: versioned migrations, then policies, grants and functions. One runner at
 * a time; a statement that waits two seconds for a lock gives up and is tried again, so that traffic never queues
 * behind a migration.
 * @param migratorUrl crm_migrator, or a superuser
 */
export async function migrate(migratorUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: migratorUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    await client.query("set lock_timeout = '2s'");
    await client.query('set role crm_owner');
    await retryOnLock(() => runMigrations(drizzle(client), { migrationsFolder, migrationsSchema: 'app_migrations' }));
    await client.query('reset role');
    const secure = await readFile(path.resolve('db/secure.sql'), 'utf8');
    await retryOnLock(() => client.query(`begin; set local role crm_owner; ${secure}; commit`).catch(rollback(client)));
  } finally {
    await client.end();
  }
}

/** Whether the database has every migration this code knows; false also when it cannot be told. */
export async function migrationsCurrent(client: pg.ClientBase | pg.Pool): Promise<boolean> {
  const newest = readMigrationFiles({ migrationsFolder }).at(-1);
  const answer = await client.query<{ newest: string | null }>(
    'select max(created_at)::text as newest from app_migrations.__drizzle_migrations',
  );
  return Number(answer.rows[0]?.newest ?? 0) >= (newest?.folderMillis ?? 0);
}

function rollback(client: pg.Client) {
  return async (error: unknown) => {
    await client.query('rollback');
    throw error;
  };
}

async function retryOnLock(run: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await run();
      return;
    } catch (error) {
      const code =
        (error as { code?: string; cause?: { code?: string } }).code ??
        (error as { cause?: { code?: string } }).cause?.code;
      if (code !== '55P03' || attempt === 10) throw error;
      await sleep(200 * attempt);
    }
  }
}
