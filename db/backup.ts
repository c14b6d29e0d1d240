import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { type Dirent, existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { readSecrets, systemIdentifier } from './embedded';

/**
 * A backup of the embedded server: `<name>/` holds a copy of the cluster that can be started by itself, `wal/` the log
 * since, by which it is brought to a later moment, `files/` what people uploaded. Keys are never in it.
 */
export interface Backup {
  name: string;
  /** The earliest and, for the copy by itself, the only moment it can be brought to. */
  finishedAt: string;
  systemIdentifier: string;
  /** Major version of the server, which alone can read the files. */
  postgres: string;
  /** First and last piece of the log that the copy needs; they are in it. */
  firstWal: string;
  lastWal: string;
  /** Tells whether a set of keys is this database's. */
  keys: string;
  directories: string[];
  data: Record<string, Content>;
  files: Record<string, Content>;
}

export interface Content {
  size: number;
  sha256: string;
}

/** Not copied: what a start makes anew, and the log, of which only the needed part comes along. */
const skipped =
  /^(postmaster\.(pid|opts)|pg_wal\/.+|pg_(replslot|dynshmem|notify|serial|snapshots|stat_tmp|subtrans)\/.+)$/;
const temporary = /(^|\/)(pgsql_tmp[^/]*|pg_internal\.init[^/]*)$/;

/**
 * Copies a running database and the uploaded files while people work.
 * @param url the superuser's address
 * @param to the folder of all backups
 * @returns what was written; an interrupted attempt leaves a folder ending in `.part`, which counts for nothing
 */
export async function backUp(dataDir: string, url: string, to: string, signal?: AbortSignal): Promise<Backup> {
  const root = await fs.realpath(dataDir);
  await fs.mkdir(to, { recursive: true });
  if (inside(root, await fs.realpath(to)))
    throw new Error(`${to} lies in the data directory and would be lost with it.`);
  const name = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const folder = path.join(to, `${name}.part`);
  await fs.mkdir(folder, { mode: 0o700 });
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {}); // the statement that was running reports it
  await client.connect();
  try {
    const cluster = await copyCluster(client, path.join(folder, 'postgres'), signal);
    // A file is there before the row that names it: copied now, none that the database knows can be missing.
    const files = await mirrorFiles(root, to, (await listBackups(to)).at(-1)?.files);
    const backup: Backup = { name, ...cluster, keys: fingerprint(readSecrets(root)), files };
    await fs.writeFile(path.join(folder, 'manifest.json'), JSON.stringify(backup, null, 1));
    await promisify(execFile)('sync');
    await fs.rename(folder, path.join(to, name));
    return backup;
  } catch (error) {
    await fs.rm(folder, { recursive: true, force: true });
    throw error;
  } finally {
    await client.end();
  }
}

/** Complete backups in a folder, oldest first. */
export async function listBackups(to: string): Promise<Backup[]> {
  const names = existsSync(to) ? await fs.readdir(to) : [];
  const whole = names.filter((name) => existsSync(path.join(to, name, 'manifest.json')) && !name.endsWith('.part'));
  const backups = whole.map(async (name) =>
    JSON.parse(await fs.readFile(path.join(to, name, 'manifest.json'), 'utf8')),
  );
  return (await Promise.all<Backup>(backups)).sort((a, b) => a.finishedAt.localeCompare(b.finishedAt));
}

/**
 * Copies uploaded files that are not there yet; a stored file never changes.
 * @param known what an earlier copy says of them
 * @param seen those the caller has had copied; not looked at again
 * @returns all there are
 */
export async function mirrorFiles(
  dataDir: string,
  to: string,
  known: Record<string, Content> = {},
  seen: Record<string, Content> = {},
): Promise<Record<string, Content>> {
  const found: Record<string, Content> = {};
  const source = path.join(dataDir, 'files');
  for (const { name } of await walk(source)) {
    if (name.endsWith('.part')) continue;
    const target = path.join(to, 'files', name);
    const there = seen[name] ?? known[name];
    if (there && (seen[name] || existsSync(target))) found[name] = there;
    else {
      await fs.mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
      const content = await copyFile(path.join(source, name), `${target}.part`);
      if (!content) continue;
      await fs.rename(`${target}.part`, target);
      found[name] = content;
    }
  }
  return found;
}

/** Forgets all but the newest backups of a database, and what only the forgotten ones needed. */
export async function prune(dataDir: string, to: string, keep: number): Promise<string[]> {
  const own = systemIdentifier(path.join(dataDir, 'postgres'));
  const backups = await listBackups(to);
  const gone = backups.filter((backup) => backup.systemIdentifier === own).slice(0, -keep);
  for (const { name } of gone) await fs.rm(path.join(to, name), { recursive: true });
  const kept = backups.filter((backup) => !gone.includes(backup));
  const [oldest] = kept.filter((backup) => backup.systemIdentifier === own);
  for (const { name } of await walk(path.join(to, 'wal', own))) {
    // Any timeline's: the number counts on from one to the next.
    if (oldest && isWal(name) && walNumber(name) < walNumber(oldest.firstWal))
      await fs.rm(path.join(to, 'wal', own, name));
  }
  const needed = new Set(kept.flatMap((backup) => Object.keys(backup.files)));
  for (const { name } of await walk(path.join(to, 'files'))) {
    const isNeeded = needed.has(name) || existsSync(path.join(dataDir, 'files', name));
    if (!isNeeded) await fs.rm(path.join(to, 'files', name), { force: true });
  }
  for (const entry of await fs.readdir(to)) {
    const age = Date.now() - (await fs.stat(path.join(to, entry))).mtimeMs;
    if (/^\d{8}T.*\.part$/.test(entry) && age > 86_400_000) await fs.rm(path.join(to, entry), { recursive: true });
  }
  return gone.map((backup) => backup.name);
}

/** What tells one installation's keys from another's without giving any away. */
export function fingerprint(secrets: Record<string, string | undefined>): string {
  return createHash('sha256')
    .update(`guanxi ${secrets.postgres ?? ''}`)
    .digest('hex')
    .slice(0, 16);
}

/** Copies one file and says what was copied; undefined when it is gone meanwhile. */
export async function copyFile(from: string, to: string): Promise<Content | undefined> {
  const source = await fs.open(from).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (!source) return undefined;
  const target = await fs.open(to, 'w', 0o600);
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(1 << 20);
    for (let size = 0; ; ) {
      const { bytesRead } = await source.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return { size, sha256: hash.digest('hex') };
      const chunk = buffer.subarray(0, bytesRead);
      hash.update(chunk);
      await target.write(chunk);
      size += bytesRead;
    }
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
}

/** Files below a folder by their path in it; none when there is no such folder. */
export async function walk(folder: string): Promise<{ name: string }[]> {
  const entries = await entriesOf(folder);
  return entries.filter(({ entry }) => entry.isFile());
}

export const isWal = (name: string) => /^[0-9A-F]{24}(\.gz)?$/.test(name);
/** Pieces of the log count on from one timeline to the next: without the timeline, their names are one number. */
export const walNumber = (name: string) =>
  Number.parseInt(name.slice(8, 16), 16) * 256 + Number.parseInt(name.slice(16, 24), 16);

const inside = (outer: string, inner: string) => !path.relative(outer, inner).startsWith('..');

/** The data directory as it is under writes; the log that comes along makes it whole. */
async function copyCluster(client: pg.Client, target: string, signal: AbortSignal | undefined) {
  const source = await one<{ data: string; postgres: string; spaces: number }>(
    client,
    `select current_setting('data_directory') as data, split_part(current_setting('server_version'), '.', 1) as postgres,
     (select count(*)::int from pg_tablespace) as spaces`,
  );
  if (source.spaces > 2) throw new Error('The database has tablespaces of its own, which a backup does not hold.');
  // Until this connection ends, no piece of the log that is written from now on is thrown away.
  await client.query('select pg_create_physical_replication_slot($1, true, true)', [
    `backup_${process.pid}_${Date.now()}`,
  ]);
  const { first } = await one<{ first: string }>(
    client,
    "select pg_walfile_name(pg_backup_start('guanxi', true)) as first",
  );
  const { directories, data } = await copyData(source.data, target, signal);
  const stopped = await one<{ last: string; label: string; at: Date }>(
    client,
    `select pg_walfile_name(lsn) as last, labelfile as label, clock_timestamp() as at from pg_backup_stop(false)`,
  );
  await fs.writeFile(path.join(target, 'backup_label'), stopped.label, { mode: 0o600 });
  data.backup_label = { size: Buffer.byteLength(stopped.label), sha256: sha256(stopped.label) };
  for (const name of await fs.readdir(path.join(source.data, 'pg_wal'))) {
    if (!isWal(name) || name < first || name > stopped.last) continue;
    const content = await copyFile(path.join(source.data, 'pg_wal', name), path.join(target, 'pg_wal', name));
    if (content) data[`pg_wal/${name}`] = content;
  }
  return {
    finishedAt: stopped.at.toISOString(),
    systemIdentifier: systemIdentifier(target),
    postgres: source.postgres,
    firstWal: first,
    lastWal: stopped.last,
    directories,
    data,
  };
}

async function copyData(source: string, target: string, signal: AbortSignal | undefined) {
  const directories: string[] = [];
  const data: Record<string, Content> = {};
  await fs.mkdir(target, { mode: 0o700 });
  const control = 'global/pg_control';
  const copy = async (name: string) => {
    const content = await copyFile(path.join(source, name), path.join(target, name));
    if (content) data[name] = content;
  };
  for (const { name, entry } of await entriesOf(source)) {
    signal?.throwIfAborted();
    if (entry.isDirectory()) {
      if (skipped.test(name)) continue;
      directories.push(name);
      await fs.mkdir(path.join(target, name), { mode: 0o700 });
    } else if (entry.isFile() && !skipped.test(name) && !temporary.test(name) && name !== control) await copy(name);
  }
  await copy(control); // last, so that it never speaks of an older state than the files
  return { directories, data };
}

/** Everything below a folder, a folder before what is in it. What goes away meanwhile is left out. */
async function entriesOf(folder: string, prefix = ''): Promise<{ name: string; entry: Dirent }[]> {
  const found: { name: string; entry: Dirent }[] = [];
  const entries = await fs.readdir(path.join(folder, prefix), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const name = path.join(prefix, entry.name);
    found.push({ name, entry });
    if (entry.isDirectory()) found.push(...(await entriesOf(folder, name)));
  }
  return found;
}

async function one<T extends pg.QueryResultRow>(client: pg.Client, text: string): Promise<T> {
  const [row] = (await client.query<T>(text)).rows;
  if (!row) throw new Error('The database gave no answer.');
  return row;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
