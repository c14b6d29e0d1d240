import { createReadStream, existsSync, lstatSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { type Backup, type Content, copyFile, fingerprint, isWal, listBackups, walk, walNumber } from './backup';
import { type Embedded, holding, placeCluster, startEmbedded } from './embedded';

interface Options {
  from: string;
  /** The moment to go back to; the newest there is when not given. */
  at?: Date;
  into: string;
  /** A copy of the secrets.json of the database that was backed up; `into`'s own when not given. */
  keys?: string;
  /** Moves aside what `into` holds instead of refusing. */
  force?: boolean;
  log?: (line: string) => void;
}

/** What makes up an installation's data; the rest of a data directory is left where it is. */
const parts = ['postgres', 'secrets.json', 'files'];
/** In the cluster's own directory, for its account to read. */
const walFolder = 'restored_wal';
/** Names of the directories in which data directories are made; one that is there was left by a restore that was stopped. */
const stages = /^restore-\d{8}T\d{6}Z$/;

/**
 * Makes a data directory from a backup and the log since. Everything is checked, replayed and examined beside `into`
 * before anything there changes.
 * @throws Error with one clear line
 */
export async function restore(options: Options): Promise<{ backup: Backup; aside?: string }> {
  const { from, at, into, force = false } = options;
  if (at && at.getTime() > Date.now()) throw new Error(`${at.toISOString()} has not come yet.`);
  const backups = await listBackups(from);
  if (backups.length === 0) throw new Error(`${from} holds no complete backup.`);
  const secrets = await keysOf(options);
  const backup = choose(backups, secrets, options);
  return holding(into, async () => {
    const there = parts.filter((name) => lstatSync(path.join(into, name), { throwIfNoEntry: false }));
    if (there.length > 0 && !force) {
      throw new Error(`${into} holds data already: choose another directory, or --force to move it aside.`);
    }
    for (const left of await fs.readdir(into)) if (stages.test(left)) await discard(path.join(into, left));
    const stage = path.join(await fs.realpath(into), `restore-${backup.name}`);
    try {
      await make(stage, secrets, backup, options);
      const aside =
        there.length > 0 ? `before-restore-${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}` : undefined;
      if (aside) await move(into, path.join(into, aside), there);
      await move(stage, into, parts);
      return { backup, aside };
    } finally {
      await discard(stage);
    }
  });
}

/** The log does not say what was then. */
class NotReached extends Error {}

/**
 * A data directory from a backup. Two histories may lead on from it, if the database was once taken back to an earlier
 * moment: nothing was written to the first after that, so a moment that it reaches is the first's.
 */
async function make(
  stage: string,
  secrets: string,
  backup: Backup,
  { from, at, log = () => {} }: Options,
): Promise<void> {
  const timelines = at ? ['current', 'latest'] : ['latest'];
  for (const timeline of timelines) {
    try {
      await fs.mkdir(stage);
      log(`Copying backup ${backup.name} …`);
      await fs.writeFile(path.join(stage, 'secrets.json'), secrets, { mode: 0o600 });
      await placeCluster(stage, (data) => copyBack(from, backup, at, data));
      await copyFiles(from, backup, stage);
      log('Replaying the log …');
      return await recover(stage, at, timeline, log);
    } catch (error) {
      const isOther = error instanceof NotReached && timeline === 'current' && (await hasLaterTimeline(from, backup));
      if (!isOther) throw error;
      await discard(stage);
    }
  }
}

async function hasLaterTimeline(from: string, backup: Backup): Promise<boolean> {
  const names = (await walk(path.join(from, 'wal', backup.systemIdentifier))).map(({ name }) => name);
  return names.some((name) => name.endsWith('.history.gz') && name.slice(0, 8) > backup.lastWal.slice(0, 8));
}

/** The text of secrets.json, which no backup holds. */
async function keysOf({ keys, into }: Options): Promise<string> {
  const text = await fs.readFile(keys ?? path.join(into, 'secrets.json'), 'utf8').catch(() => '');
  if (text) return text;
  if (keys) throw new Error(`There are no keys in ${keys}.`);
  throw new Error(
    'The keys are missing, and no backup holds them: give --keys FILE, the copy of secrets.json that was kept apart.',
  );
}

/** The newest backup of the keys' database that was finished by then. */
function choose(backups: Backup[], secrets: string, { from, at }: Options): Backup {
  const own = backups.filter(({ keys }) => keys === fingerprint(parsed(secrets)));
  const [oldest] = own;
  if (!oldest) throw new Error(`The keys are those of another database than the ones in ${from}.`);
  const backup = own.findLast(({ finishedAt }) => !at || new Date(finishedAt) <= at);
  if (!backup) throw new Error(`The oldest backup in ${from} is of ${oldest.finishedAt}: nothing goes back further.`);
  return backup;
}

function parsed(secrets: string): Record<string, string> {
  try {
    return JSON.parse(secrets);
  } catch {
    throw new Error('The keys are not a copy of secrets.json.');
  }
}

/** The cluster's files, each compared with what the manifest says, and the log that follows them. */
async function copyBack(from: string, backup: Backup, at: Date | undefined, data: string): Promise<void> {
  for (const name of backup.directories) await fs.mkdir(path.join(data, name), { recursive: true, mode: 0o700 });
  for (const [name, content] of Object.entries(backup.data)) {
    await copyChecked(path.join(from, backup.name, 'postgres', name), path.join(data, name), content);
  }
  const archive = path.join(from, 'wal', backup.systemIdentifier);
  await fs.mkdir(path.join(data, walFolder), { mode: 0o700 });
  let next = walNumber(backup.lastWal) + 1;
  const names = (await walk(archive)).map(({ name }) => name).filter((name) => name.endsWith('.gz'));
  for (const name of names.sort((a, b) => walNumber(a) - walNumber(b))) {
    if (isWal(name)) {
      const number = walNumber(name);
      if (number < walNumber(backup.firstWal)) continue;
      // Replay would stop before a gap and call that the newest state. On the way to a moment, missing it is an error.
      if (number > next && !at)
        throw new Error(`The log has a gap before ${name}: say with --at where to stop before it.`);
      next = Math.max(next, number + 1);
    }
    await checkCompressed(path.join(archive, name));
    await fs.copyFile(path.join(archive, name), path.join(data, walFolder, name));
  }
  await fs.writeFile(path.join(data, 'recovery.signal'), '');
}

async function copyFiles(from: string, backup: Backup, stage: string): Promise<void> {
  await fs.mkdir(path.join(stage, 'files'), { mode: 0o700 });
  for (const { name } of await walk(path.join(from, 'files'))) {
    if (name.endsWith('.part')) continue;
    const target = path.join(stage, 'files', name);
    await fs.mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    // Those that came after the copy are not in its manifest; their rows know their sums.
    await copyChecked(path.join(from, 'files', name), target, backup.files[name]);
  }
  const lost = Object.keys(backup.files).find((name) => !existsSync(path.join(stage, 'files', name)));
  if (lost) throw new Error(`The backup is damaged: files/${lost} is missing.`);
}

async function copyChecked(from: string, to: string, wanted: Content | undefined): Promise<void> {
  const content = await copyFile(from, to);
  if (!content) throw new Error(`The backup is damaged: ${from} is missing.`);
  if (wanted && (content.size !== wanted.size || content.sha256 !== wanted.sha256)) {
    throw new Error(`The backup is damaged: ${from} is not what was written.`);
  }
}

/** A piece that does not unpack would end the replay without a word. */
async function checkCompressed(file: string): Promise<void> {
  try {
    for await (const _ of createReadStream(file).pipe(createGunzip()));
  } catch {
    throw new Error(`The backup is damaged: ${file} does not unpack.`);
  }
}

/** Replays the log up to the moment, opens the database for writing, examines it and stops it. */
async function recover(
  stage: string,
  at: Date | undefined,
  timeline: string,
  log: (line: string) => void,
): Promise<void> {
  const embedded = await startEmbedded(stage, {
    log: () => {},
    settings: {
      restore_command: `test -f ${walFolder}/%f.gz && gzip -dc ${walFolder}/%f.gz > "%p"`,
      recovery_target_action: 'promote',
      recovery_target_timeline: timeline,
      hot_standby: 'off',
      // Kept back until the server runs again: the history of the new log belongs to it.
      archive_mode: 'on',
      ...(at && { recovery_target_time: at.toISOString().replace('T', ' ').replace('Z', '+00') }),
    },
  }).catch(async (error) => {
    const text = await fs.readFile(path.join(stage, 'postgres.log'), 'utf8').catch(() => '');
    const [, fatal] = /FATAL: {2}(.+)/.exec(text) ?? [];
    if (!fatal) throw error;
    if (!fatal.includes('recovery ended before configured recovery target')) {
      throw new Error(`Postgres could not replay the log: ${fatal}`);
    }
    const last = /last completed transaction was at log time (.+)/.exec(text)?.[1];
    throw new NotReached(
      `The log${last ? ` ends with a change of ${last} and` : ''} does not reach ${at?.toISOString()}: leave out --at for the newest state there is.`,
    );
  });
  try {
    log('Examining tables and indexes …');
    await examine(embedded);
  } finally {
    await embedded.stop();
  }
  await fs.rm(path.join(stage, 'postgres', walFolder), { recursive: true, force: true });
}

/** Reads every page, whose checksum Postgres compares, and every index against its table. */
async function examine(embedded: Embedded): Promise<void> {
  const names = await inDatabase(embedded.superuserUrl(), (client) =>
    client.query<{ name: string }>('select datname as name from pg_database where datallowconn and not datistemplate'),
  );
  for (const { name } of names.rows) {
    const damage = (what: string) => new Error(`The restored database ${name} is damaged: ${what}`);
    const found = await inDatabase(embedded.superuserUrl(name), async (client) => {
      // The extension is not part of the schema: it goes with the transaction.
      await client.query('begin; create extension amcheck');
      await client.query(`
        select bt_index_check(index => c.oid, heapallindexed => true)
        from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
        where a.amname = 'btree' and c.relpersistence = 'p' and i.indisready and i.indisvalid and c.relkind = 'i'`);
      return client.query<{ place: string; msg: string }>(`
        select c.oid::regclass || ' block ' || v.blkno as place, v.msg from pg_class c, verify_heapam(c.oid) v
        where c.relkind in ('r', 'm', 't') and c.relpersistence = 'p' limit 1`);
    }).catch((error: Error) => {
      throw damage(error.message);
    });
    const [row] = found.rows;
    if (row) throw damage(`${row.place}: ${row.msg}`);
  }
}

async function inDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function move(from: string, to: string, names: string[]): Promise<void> {
  await fs.mkdir(to, { recursive: true });
  for (const name of names) await fs.rename(path.join(from, name), path.join(to, name));
}

/** The stage, and the database it may still lead to. */
async function discard(stage: string): Promise<void> {
  const link = path.join(stage, 'postgres');
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) {
    await fs.rm(path.dirname(await fs.readlink(link)), { recursive: true, force: true });
  }
  await fs.rm(stage, { recursive: true, force: true });
}
