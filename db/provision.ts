import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { alone } from './alone';

export interface Passwords {
  migrator: string;
  app: string;
  worker: string;
  /** Of the role that dumps; without one it keeps what it has, at first none, with which nobody signs in. */
  backup?: string;
}

/**
 * Creates the roles and the database of an empty server, or leaves them as they are. Passwords are set on each run,
 * so the ones in the data directory are always those that hold.
 * @param superuserUrl a role that may create roles and databases, connected to any database but `database`
 */
export async function provision(superuserUrl: string, database: string, passwords: Passwords): Promise<void> {
  await alone(superuserUrl, async (client) => {
    await client.query(await readFile(path.resolve('db/roles.sql'), 'utf8'));
    for (const [role, password] of [
      ['crm_migrator', passwords.migrator],
      ['crm_app', passwords.app],
      ['crm_worker', passwords.worker],
      ['crm_backup', passwords.backup],
    ] as const) {
      if (password) await client.query(`alter role ${role} password ${client.escapeLiteral(password)}`);
    }
    const exists = await client.query('select from pg_database where datname = $1', [database]);
    if (exists.rowCount === 0) {
      const name = client.escapeIdentifier(database);
      // The builtin provider sorts the same on every operating system and needs no reindex after an upgrade.
      const builtin = (await serverVersion(client)) >= 170000;
      const locale = builtin ? "locale_provider builtin builtin_locale 'C.UTF-8'" : "locale 'C.UTF-8'";
      await client.query(`create database ${name} owner crm_owner template template0 encoding 'UTF8' ${locale}`);
    }
  });
}

/** The server's version as a number: 180004 for 18.4. */
export async function serverVersion(client: pg.Client): Promise<number> {
  const answer = await client.query<{ v: number }>("select current_setting('server_version_num')::int as v");
  return answer.rows[0]?.v ?? 0;
}
