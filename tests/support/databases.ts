import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { provision } from '@/db/provision';

/** Another database of the tests' own server, empty but for its owner; `as` gives its address for a role. */
export async function makeDatabase(name: string) {
  const { superuser, app, worker, migrator } = inject('database');
  const password = (url: string) => new URL(url).password;
  await provision(moved(superuser, 'postgres'), name, {
    migrator: password(migrator),
    app: password(app),
    worker: password(worker),
  });
  return {
    superuser: moved(superuser, name),
    app: moved(app, name),
    worker: moved(worker, name),
    migrator: moved(migrator, name),
    drop: () => query(moved(superuser, 'postgres'), `drop database if exists ${name} with (force)`),
  };
}

/** The same address, another database. */
function moved(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

/** Rows of one statement on a connection of its own. */
export async function query<T extends pg.QueryResultRow>(url: string, text: string, values?: unknown[]): Promise<T[]> {
  const client = await connect(url);
  try {
    return (await client.query<T>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** A connection that may be closed from the other side without ending the test run. */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** A folder with the first `count` migrations and, after them, others given by name and text. */
export function migrationsFolder(count: number, more: Record<string, string> = {}): string {
  const source = path.resolve('db/migrations');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'guanxi-migrations-'));
  fs.mkdirSync(path.join(folder, 'meta'));
  const journal = JSON.parse(fs.readFileSync(path.join(source, 'meta/_journal.json'), 'utf8'));
  const entries = journal.entries.slice(0, count);
  for (const { tag } of entries) fs.copyFileSync(path.join(source, `${tag}.sql`), path.join(folder, `${tag}.sql`));
  for (const [tag, text] of Object.entries(more)) {
    fs.writeFileSync(path.join(folder, `${tag}.sql`), text);
    const last = entries.at(-1);
    entries.push({ ...last, idx: last.idx + 1, when: last.when + 1, tag });
  }
  fs.writeFileSync(path.join(folder, 'meta/_journal.json'), JSON.stringify({ ...journal, entries }));
  return folder;
}
