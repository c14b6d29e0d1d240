import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backup, isWal, listBackups, walNumber } from '@/db/backup';
import { readSecrets, removeEmbedded, runningUrl, startEmbedded } from '@/db/embedded';
import { restore } from '@/db/restore';
import { catalogRules, globalTables } from '../support/catalog-rules';
import { connect, query } from '../support/databases';
import { bundle, bundleFolder, type Running, signIn, startServer, Visitor, walk } from '../support/server-process';

// A drill, as on the day the disk is gone: copy under writes, write on, lose everything, go back to a moment.

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'guanxi-backup-'));
fs.chmodSync(folder, 0o755); // the account that Postgres runs as may enter here
const bundles = bundleFolder('backup');
const at = (name: string) => path.join(folder, name);
const live = at('live');
const kept = at('kept');
const keys = at('keys.json');
const closed = at('closed');
const copy = path.join(closed, 'copy');
const running: Running[] = [];

beforeAll(() => bundle(process.cwd(), 'server/main.ts', path.join(bundles, 'main.mjs')));
afterAll(async () => {
  for (const server of running) await server.end('SIGKILL');
  for (const dataDir of [live, copy, at('left')]) await removeEmbedded(dataDir);
  for (const dir of [folder, bundles]) fs.rmSync(dir, { recursive: true, force: true });
});

async function serve(dataDir: string, env: Record<string, string> = {}) {
  const server = await startServer(path.join(bundles, 'main.mjs'), process.cwd(), {
    DATA_DIR: dataDir,
    RATE_LIMITS: 'off',
    ...env,
  });
  running.push(server);
  const superuser = runningUrl(dataDir)?.('guanxi') ?? '';
  const app = new URL(superuser);
  app.username = 'crm_app';
  app.password = readSecrets(dataDir).crm_app ?? '';
  return { ...server, superuser, app: app.href };
}

/** Runs `npm run backup` or `npm run restore` as far as it is ours. */
async function command(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { BACKUP_DIR: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', 'db/backup-main.ts', ...args], { env });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, out: out.trim(), err: err.trim() };
}

/** Changes one bit, and changes it back when called again. */
function flip(file: string): void {
  const bytes = fs.readFileSync(file);
  const place = Math.floor(bytes.length / 2) + 100;
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  fs.writeFileSync(file, bytes);
}

/** Rows and the sum of their texts, for each table and tenant. */
async function sums(url: string): Promise<Record<string, string>> {
  const client = await connect(url);
  await client.query('begin isolation level repeatable read');
  const { rows: tables } = await client.query<{ name: string; tenant: string }>(`
    select c.oid::regclass::text as name,
      coalesce((select 'tenant_id::text' from pg_attribute where attrelid = c.oid and attname = 'tenant_id'), '''-''') as tenant
    from pg_class c where c.relkind = 'r' and c.relnamespace::regnamespace::text in ('app', 'auth', 'app_migrations')`);
  const found: Record<string, string> = {};
  for (const { name, tenant } of tables) {
    const { rows } = await client.query<{ tenant: string; sum: string }>(
      `select ${tenant} as tenant, count(*) || ' ' || md5(string_agg(t::text, '|' order by t::text)) as sum from ${name} t group by 1`,
    );
    for (const row of rows) found[`${name} ${row.tenant}`] = row.sum;
  }
  await client.end();
  return found;
}

// Several servers are started, one after the other: patience where the machine is busy.
describe('backup and restore', { timeout: 300_000 }, () => {
  let backup: Backup;
  let moment: string;
  let lost: string;
  const now = `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as moment`;
  let wanted: Record<string, string>;
  let slugs: string[] = [];

  it('B1: the running server copies itself whole, keeps its log, and lets people work meanwhile', async () => {
    const server = await serve(live, { BACKUP_DIR: kept });
    // The server makes a first copy by itself.
    for (let waited = 0; (await listBackups(kept)).length === 0; waited++) {
      expect(waited, server.errors()).toBeLessThan(600);
      await sleep(100);
    }
    slugs = [];
    for (const name of ['One', 'Two']) {
      slugs.push(await new Visitor(server.url).signUp(name, `${name}@example.com`));
      const visitor = new Visitor(server.url, await signIn(server.app, `${name}@example.com`));
      expect(await walk(visitor, server.url, slugs.at(-1) ?? '')).toEqual({ companies: 3 });
    }

    const visitor = new Visitor(server.url, await signIn(server.app, 'one@example.com'));
    let isCopying = true;
    let written = 0;
    const writing = (async () => {
      for (; isCopying; written++) {
        await visitor.mutate('one', 'companies.create', { values: { name: `Meanwhile ${written}` } });
      }
    })();
    const made = await command('backup', '--to', kept, '--data', live, '--keys', keys);
    isCopying = false;
    await writing;
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(made.out).toMatch(/^Backup \d{8}T\d{6}Z: [\d.]+ MB in [\d.]+ s\.$/);
    expect(written).toBeGreaterThan(3);
    console.info(`B1: ${made.out} ${written} writes meanwhile.`);

    // After the copy: rows, a file, then the moment, then what must not come back.
    const file = await visitor.upload('two', 'later.csv', 'Company Name\nLater\n').catch(() => undefined);
    expect(file).toBeUndefined(); // another tenant's member
    const other = new Visitor(server.url, await signIn(server.app, 'two@example.com'));
    await walk(other, server.url, 'two');
    const copied = () => fs.readdirSync(path.join(kept, 'files/t'), { recursive: true, withFileTypes: true });
    for (let waited = 0; copied().filter((entry) => entry.isFile()).length < 3; waited++) {
      expect(waited, 'files follow').toBeLessThan(600);
      await sleep(100);
    }
    await sleep(500); // jobs and sessions write their last rows
    wanted = await sums(server.superuser);
    [{ moment }] = (await query(server.superuser, now)) as [{ moment: string }];
    await sleep(50);
    await other.mutate('two', 'companies.create', { values: { name: 'Too late' } });
    [{ moment: lost }] = (await query(server.superuser, now)) as [{ moment: string }];
    await sleep(50);
    await other.mutate('two', 'companies.create', { values: { name: 'Much too late' } });
    expect(await sums(server.superuser)).not.toEqual(wanted);

    // A piece of the log that is not full is closed after half a minute; the test does not wait for that.
    expect(await query(server.superuser, 'show archive_timeout')).toEqual([{ archive_timeout: '30s' }]);
    const since = Date.now();
    const [last] = await query<{ wal: string }>(server.superuser, 'select pg_walfile_name(pg_switch_wal()) as wal');
    backup = (await listBackups(kept)).at(-1) as Backup;
    const piece = path.join(kept, 'wal', backup.systemIdentifier, `${last?.wal}.gz`);
    while (!fs.existsSync(piece)) {
      expect(Date.now() - since, server.errors()).toBeLessThan(90_000);
      await sleep(200);
    }
    console.info(
      `B1: a change is safe 30 s after it was made, and the ${((Date.now() - since) / 1000).toFixed(1)} s it takes to pack.`,
    );
    await server.end('SIGKILL');
    expect(server.errors()).toBe('');
  });

  it('B1: a copy holds no keys, and its parts are readable by nobody else', () => {
    const secrets = Object.values(readSecrets(live)).filter((secret) => secret !== undefined);
    expect(secrets.length).toBeGreaterThan(3);
    const dir = path.join(kept, backup.name);
    expect(fs.statSync(dir).mode & 0o777).toBe(0o700);
    expect(fs.statSync(keys).mode & 0o777).toBe(0o600);
    const names = fs.readdirSync(kept, { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => name.endsWith('secrets.json'))).toEqual([]);
    const manifest = fs.readFileSync(path.join(dir, 'manifest.json'), 'utf8');
    for (const secret of secrets) expect(manifest).not.toContain(secret);
    expect(JSON.parse(fs.readFileSync(keys, 'utf8'))).toEqual(readSecrets(live));
  });

  it('B1, B2, B3: the data directory is gone; a restore brings both tenants to the moment, row by row', async () => {
    await removeEmbedded(live);
    fs.rmSync(live, { recursive: true, force: true });
    const since = Date.now();
    const restored = await command('restore', '--from', kept, '--into', live, '--keys', keys, '--at', moment);
    expect(restored).toMatchObject({ code: 0, err: '' });
    const bytes = Object.values(backup.data).reduce((sum, { size }) => sum + size, 0);
    console.info(
      `B1: ${(bytes / 1e6).toFixed(0)} MB restored, replayed and examined in ${((Date.now() - since) / 1000).toFixed(1)} s.`,
    );

    const server = await serve(live, { BACKUP_DIR: kept });
    const found = await sums(server.superuser);
    expect(Object.keys(found).filter((name) => name.startsWith('app.company ')).length).toBe(2);
    expect(found).toEqual(wanted);
    for (const [rule, statement] of Object.entries(catalogRules)) {
      expect(await query(server.superuser, statement, [globalTables]), rule).toEqual([]);
    }
    const settings = await query(
      server.superuser,
      "select current_setting('data_checksums') as checksums, pg_is_in_recovery() as recovering",
    );
    expect(settings).toEqual([{ checksums: 'on', recovering: false }]);
    const uploads = await query<{ tenant: string; id: string; sha256: string }>(
      server.superuser,
      'select tenant_id::text as tenant, id::text, sha256 from app.file',
    );
    expect(uploads.length).toBe(3);
    for (const { tenant, id, sha256 } of uploads) {
      const [file] = fs
        .readdirSync(path.join(live, 'files'), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.includes(tenant) && name.endsWith(id));
      expect(file).toBeDefined();
      const bytes = fs.readFileSync(path.join(live, 'files', file ?? ''));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    }
    for (const [i, email] of ['one@example.com', 'two@example.com'].entries()) {
      const visitor = new Visitor(server.url, await signIn(server.app, email));
      await walk(visitor, server.url, slugs[i] ?? '');
    }
    // It is on a log of its own now, and begins with a copy.
    for (let waited = 0; (await listBackups(kept)).length < 3; waited++) {
      expect(waited, server.errors()).toBeLessThan(600);
      await sleep(100);
    }
    expect((await listBackups(kept)).at(-1)?.lastWal.slice(0, 8)).not.toBe(backup.lastWal.slice(0, 8));
    await server.end('SIGTERM');
    expect(server.errors()).toBe('');
  });

  it('B1: a stopped database can be copied too, and restored without --at to what it was', async () => {
    const alone = at('alone');
    const before = await listBackups(kept);
    const made = await command('backup', '--to', alone, '--data', live);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(made.out).toContain('The keys are not in it');
    expect((await command('backup', '--to', alone, '--list')).out).toMatch(/^\d{8}T\d{6}Z {2}from \S+ {2}[\d.]+ MB$/);
    // As root: where the account that Postgres runs as cannot enter.
    fs.mkdirSync(closed, { mode: 0o700 });
    expect(await command('restore', '--from', alone, '--into', copy, '--keys', keys)).toMatchObject({
      code: 0,
      err: '',
    });
    const [one, two] = [await serve(live), await serve(copy)];
    expect(await sums(two.superuser)).toEqual(await sums(one.superuser));
    await Promise.all([one.end('SIGTERM'), two.end('SIGTERM')]);
    expect(await listBackups(kept)).toEqual(before);
  });

  it('B1: goes to a moment of the history that the restore left, too', async () => {
    await restore({ from: kept, into: at('left'), keys, at: new Date(lost) });
    const database = await startEmbedded(at('left'));
    const names = "select name from app.company where name ~ 'too late' or name ~ 'Too late'";
    expect(await query(database.superuserUrl('guanxi'), names)).toEqual([{ name: 'Too late' }]);
    await database.stop();
  });

  it('B3: a page that was damaged before it was copied is found', async () => {
    const database = await startEmbedded(copy);
    const [place] = await query<{ file: string }>(
      database.superuserUrl('guanxi'),
      "select current_setting('data_directory') || '/' || pg_relation_filepath('app.change') as file",
    );
    await database.stop();
    flip(place?.file ?? '');
    expect(await command('backup', '--to', at('bad'), '--data', copy)).toMatchObject({ code: 0 });
    await expect(restore({ from: at('bad'), into: at('new'), keys })).rejects.toThrow(
      /^The restored database guanxi is damaged: invalid page in block/,
    );
  });

  it('a restore refuses with one line, and leaves what is there as it was', async () => {
    const before = fs.readdirSync(live).sort();
    const refused = (options: Partial<Parameters<typeof restore>[0]>) =>
      restore({ from: kept, into: at('new'), keys, ...options }).then(
        () => 'restored',
        (error: Error) => error.message,
      );
    fs.writeFileSync(at('wrong.json'), '{"postgres":"x"}');
    const answers = [
      await refused({ into: live }),
      await refused({ from: at('nothing') }),
      await refused({ keys: undefined }),
      await refused({ keys: at('wrong.json') }),
      await refused({ at: new Date('2020-01-01') }),
      await refused({ at: new Date('2999-01-01') }),
      await refused({ at: new Date() }),
    ];
    expect(answers).toEqual([
      expect.stringMatching(/holds data already/),
      expect.stringMatching(/holds no complete backup/),
      expect.stringMatching(/The keys are missing/),
      expect.stringMatching(/another database/),
      expect.stringMatching(/nothing goes back further/),
      expect.stringMatching(/has not come yet/),
      expect.stringMatching(/^The log .*does not reach .* leave out --at/),
    ]);
    expect(answers.join('')).not.toContain('\n');
    expect(fs.readdirSync(live).sort()).toEqual(before);
    expect(fs.readdirSync(at('new'))).toEqual([]);
    const usual = ['restore', '--from', kept, '--into', at('new')];
    expect(await command(...usual, '--at', '2026-11-23 10:00')).toMatchObject({
      code: 1,
      err: '--at takes a moment with its zone, such as 2026-11-23T10:00:00Z, not "2026-11-23 10:00".',
    });
    expect((await command(...usual, '--nonsense')).err).toMatch(/^Unknown option .*Usage: npm run restore.*$/);
  });

  it('B1: a damaged backup is refused: a changed byte, a file gone, a piece of the log broken or missing', async () => {
    const latest = path.join(kept, (await listBackups(kept)).at(-1)?.name ?? '');
    fs.renameSync(latest, `${latest}.part`);
    const data = path.join(kept, backup.name, 'postgres');
    const table = Object.entries(backup.data).find(([name, { size }]) => /^base\/\d+\/\d+$/.test(name) && size > 8192);
    const file = path.join(data, table?.[0] ?? '');
    const wal = path.join(kept, 'wal', backup.systemIdentifier);
    const after = fs.readdirSync(wal).filter((name) => isWal(name) && walNumber(name) > walNumber(backup.lastWal));
    const first = Math.min(...after.map(walNumber));
    expect(Math.max(...after.map(walNumber))).toBeGreaterThan(first);
    const pieces = after.filter((name) => walNumber(name) === first).map((name) => path.join(wal, name));

    const hide = (file: string) => fs.renameSync(file, `${file}.hidden`);
    const show = (file: string) => fs.renameSync(`${file}.hidden`, file);
    const damaged = async (files: string[], harm: (file: string) => void, mend: (file: string) => void) => {
      files.forEach(harm);
      const error = restore({ from: kept, into: at('new'), keys }).then(
        () => 'restored',
        (error: Error) => error.message,
      );
      await error;
      files.forEach(mend);
      expect(fs.readdirSync(at('new'))).toEqual([]);
      return error;
    };
    expect(await damaged([file], flip, flip)).toMatch(/is damaged: .* is not what was written/);
    expect(await damaged([file], hide, show)).toMatch(/is damaged: .* is missing/);
    expect(await damaged(pieces, flip, flip)).toMatch(/does not unpack/);
    expect(await damaged(pieces, hide, show)).toMatch(/The log has a gap/);
    fs.renameSync(`${latest}.part`, latest);
  });

  it('a restore in place moves aside what was there, and nothing else', async () => {
    fs.writeFileSync(path.join(live, 'own.txt'), 'mine');
    const [first] = await listBackups(at('alone'));
    const { code, out } = await command('restore', '--from', at('alone'), '--into', live, '--force');
    expect(code).toBe(0);
    const aside = /What was there before is in (.+)\.$/.exec(out)?.[1] ?? '';
    expect(fs.readdirSync(aside).sort()).toEqual(['files', 'postgres', 'secrets.json']);
    expect(fs.readdirSync(live).sort()).toEqual([
      path.basename(aside),
      'files',
      'own.txt',
      'postgres',
      'postgres.log',
      'secrets.json',
    ]);
    expect(first?.keys).toBeDefined();
  });

  it('refuses a place that would be lost too, keys beside the copy, and a database that is not there', async () => {
    const refused = async (...args: string[]) => (await command('backup', '--data', live, ...args)).err;
    expect(await refused('--to', path.join(live, 'backups'))).toMatch(/lies in the data directory/);
    expect(await refused('--to', kept, '--keys', path.join(kept, 'keys.json'))).toMatch(/Keys lie apart/);
    expect(await refused('--to', kept, '--keep', '0')).toMatch(/--keep takes/);
    expect(await refused()).toMatch(/Say where to/);
    expect((await command('backup', '--data', at('nothing'), '--to', kept)).err).toMatch(/holds no database/);
  });

  it('B1: keeps as many as are asked for, and of the log and the files what they need', async () => {
    const made = await command('backup', '--to', kept, '--data', live, '--keep', '2');
    expect(made.code).toBe(0);
    const [oldest, ...others] = await listBackups(kept);
    expect(others).toHaveLength(1);
    const pieces = fs
      .readdirSync(path.join(kept, 'wal', backup.systemIdentifier))
      .filter((piece) => piece.length === 27);
    expect(pieces.every((piece) => piece.slice(8) >= (oldest?.firstWal ?? '').slice(8))).toBe(true);
    for (const name of Object.keys(oldest?.files ?? {}))
      expect(fs.existsSync(path.join(kept, 'files', name))).toBe(true);
  });
});
