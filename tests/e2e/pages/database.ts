import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { product } from '../../support/browser';

/** Runs one statement in the product's own database, past everything: for setting clocks back. */
export async function inDatabase(sql: string, values: unknown[]): Promise<Record<string, unknown>[]> {
  const { dataDir } = product();
  const { postgres } = JSON.parse(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8'));
  const port = Number(readFileSync(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[3]);
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password: postgres, database: 'guanxi' });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}
