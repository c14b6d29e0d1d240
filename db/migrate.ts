import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import type pg from 'pg';
import { alone, runAlone } from './alone';

const migrationsFolder = path.resolve('db/migrations');
/** Drizzle's own journal, so that a database that drizzle's migrator made goes on with this one. */
const journal = 'app_migrations.__drizzle_migrations';
/** First line of a migration whose statements stand alone, since CONCURRENTLY refuses a transaction around it. */
const outside = '-- outside a transaction';

interface Options {
  folder?: string;
  log?: (line: string) => void;
}

/**
 * Brings the database to the newest schema: versioned migrations, then policies, grants and functions. One runner at
 * a time; a statement that waits half a second for a lock gives up and is tried again, so that traffic queues behind a
 * migration for no longer than that. It is less than the second after which the server looks for deadlocks: of two that
 * wait for each other it is the migration that steps back, never a request.
 * @param migratorUrl crm_migrator, or a superuser
 */
export async function migrate(migratorUrl: string, options: Options = {}): Promise<void> {
  const { folder = migrationsFolder, log = () => {} } = options;
  await alone(migratorUrl, async (client) => {
    await client.query("set lock_timeout = '500ms'");
    await client.query('set role crm_owner');
    await client.query(`create schema if not exists app_migrations;
      create table if not exists ${journal} (id serial primary key, hash text not null, created_at bigint)`);
    for (const migration of await pending(client, folder)) {
      const insert = `insert into ${journal} (hash, created_at) values ('${migration.hash}', ${migration.folderMillis})`;
      if (migration.sql[0]?.startsWith(outside)) {
        for (const statement of migration.sql) await again(() => runAlone(client, statement), log);
        await client.query(insert);
      } else await again(() => inTransaction(client, [...migration.sql, insert].join('\n;\n')), log);
    }
    await client.query('reset role');
    const secure = await readFile(path.resolve('db/secure.sql'), 'utf8');
    await again(() => inTransaction(client, `set local role crm_owner;\n${secure}`), log);
  });
}

/** Whether the database has every migration this code knows; false also when it cannot be told. */
export async function migrationsCurrent(client: pg.ClientBase | pg.Pool): Promise<boolean> {
  const newest = readMigrationFiles({ migrationsFolder }).at(-1);
  const answer = await client.query<{ newest: string | null }>(
    `select max(created_at)::text as newest from ${journal}`,
  );
  return Number(answer.rows[0]?.newest ?? 0) >= (newest?.folderMillis ?? 0);
}

/** The migrations that this database has not had, oldest first. */
async function pending(client: pg.Client, folder: string): Promise<MigrationMeta[]> {
  const { rows } = await client.query<{ at: string }>(`select created_at::text as at from ${journal}`);
  const had = new Set(rows.map((row) => Number(row.at)));
  return readMigrationFiles({ migrationsFolder: folder }).filter((migration) => !had.has(migration.folderMillis));
}

/** All or nothing. */
async function inTransaction(client: pg.Client, statements: string): Promise<void> {
  try {
    await client.query(`begin;\n${statements}\n;\ncommit`);
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

/** Tries again when a lock was not to be had in time, or a deadlock was ended at our cost. */
async function again(run: () => Promise<void>, log: (line: string) => void): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (!['55P03', '40P01'].includes(code ?? '') || attempt === 30) throw error;
      log(`Migration: ${message}; attempt ${attempt + 1} follows.`);
      await sleep(Math.min(200 * attempt, 2000));
    }
  }
}
