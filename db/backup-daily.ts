import fs from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { type Backup, backUp, listBackups, mirrorFiles, prune, walNumber } from './backup';
import { systemIdentifier } from './embedded';

const turnMs = 10_000;
/** Turns from one question whether a whole copy is due to the next. */
const turns = 60;
const dayMs = 86_400_000;
/** Copies that stay. */
const kept = 7;

/**
 * Beside a running embedded server that keeps its log: uploaded files follow within seconds, a whole copy is made each day,
 * and those of the last week stay.
 * @param url the superuser's address
 * @returns ends it; a copy that is being made is given up
 */
export function keepBackups(
  dataDir: string,
  url: string,
  to: string,
  log: (problem: string) => void,
): () => Promise<void> {
  const stopping = new AbortController();
  const own = systemIdentifier(path.join(dataDir, 'postgres'));
  let seen: Backup['files'] | undefined;
  let said = '';
  let count = 0;
  const turn = async () => {
    const isFirst = count++ % turns === 0;
    const newest = isFirst ? (await listBackups(to)).findLast((b) => b.systemIdentifier === own) : undefined;
    seen = await mirrorFiles(dataDir, to, newest?.files, seen);
    if (!isFirst) return;
    if (newest && Date.now() - Date.parse(newest.finishedAt) < dayMs && (await leadsHere(newest, dataDir, url, to)))
      return;
    await backUp(dataDir, url, to, stopping.signal);
    await prune(dataDir, to, kept);
  };
  let running = Promise.resolve();
  const next = () => {
    running = running.then(turn).catch((error: Error) => {
      if (!stopping.signal.aborted && said !== error.message) log(`The backup failed: ${error.message}`);
      said = error.message;
    });
  };
  next();
  const timer = setInterval(next, turnMs).unref();
  return async () => {
    clearInterval(timer);
    stopping.abort();
    await running;
  };
}

/**
 * Whether the kept log leads from a copy to now without a gap. The server may have run without keeping it, or
 * the database may have been taken back to an earlier moment.
 */
async function leadsHere(backup: Backup, dataDir: string, url: string, to: string): Promise<boolean> {
  const data = path.join(dataDir, 'postgres');
  const current = await currentWal(url);
  if (current.slice(0, 8) !== backup.lastWal.slice(0, 8)) return false;
  const safely = await fs.readdir(path.join(to, 'wal', backup.systemIdentifier)).catch(() => []);
  const due = await fs.readdir(path.join(data, 'pg_wal/archive_status')).catch(() => []);
  const safe = new Set([...safely, ...due].map((name) => name.replace(/\.(gz|ready|done)$/, '')));
  const numbers = new Set([...safe].filter((name) => name.startsWith(current.slice(0, 8))).map(walNumber));
  for (let number = walNumber(backup.lastWal) + 1; number < walNumber(current); number++) {
    if (!numbers.has(number)) return false;
  }
  return true;
}

async function currentWal(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {}); // the statement reports it
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>('select pg_walfile_name(pg_current_wal_lsn()) as name');
    return rows[0]?.name ?? '';
  } finally {
    await client.end();
  }
}
