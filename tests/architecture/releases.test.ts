import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { migrate } from '@/db/migrate';
import { migrateQueues } from '@/db/queues';
import { queues } from '@/server/core/queues';
import { makeDatabase, query } from '../support/databases';
import { ownFolder } from '../support/folders';
import { bundle, bundleFolder, type Running, signIn, startServer, Visitor, walk } from '../support/server-process';

// While a deployment goes on, and after one that is taken back, the release before runs on today's schema.

interface Release {
  version: string;
  commit: string;
}

const releases: Release[] = JSON.parse(fs.readFileSync('db/releases.json', 'utf8'));
const { version: today } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as { version: string };
const number = (version: string) => version.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0);
const previous = releases.filter(({ version }) => number(version) < number(today)).at(-1);
const folder = ownFolder('releases');
const bundles = bundleFolder('releases');
const running: Running[] = [];
let drop = async () => {};

afterAll(async () => {
  for (const server of running) await server.end('SIGKILL');
  await drop();
  fs.rmSync(bundles, { recursive: true, force: true });
});

/** The files of a release in a folder of their own, with today's packages; undefined where its commit is not there. */
function treeOf({ commit }: Release): string | undefined {
  const archive = spawnSync('git', ['archive', '--format=tar', commit], { maxBuffer: 1 << 28 });
  if (archive.status !== 0) return undefined;
  const tree = path.join(folder, 'tree');
  fs.mkdirSync(tree);
  const unpacked = spawnSync('tar', ['-xf', '-', '-C', tree], { input: archive.stdout });
  if (unpacked.status !== 0) throw new Error(String(unpacked.stderr));
  fs.symlinkSync(path.resolve('node_modules'), path.join(tree, 'node_modules'));
  return tree;
}

/** Tables of history that the application may alter or empty. */
const changeable = (url: string) =>
  query(
    url,
    `select relname as name from pg_class where relnamespace = 'app'::regnamespace
     and relname in ('change', 'change_set', 'audit_event', 'audit_seal')
     and (has_table_privilege('crm_app', oid, 'update, delete') or has_table_privilege('crm_worker', oid, 'update, delete'))`,
  );

const tree = previous && treeOf(previous);
const missing = `the history of this clone does not reach release ${previous?.version}: fetch all of it to run this`;

describe(`release ${previous?.version ?? '(none)'} on the schema of ${today}`, () => {
  it('is listed, and is older than what this is', () => {
    expect(previous).toBeDefined();
    expect(releases.map(({ version }) => version)).not.toContain(today);
  });

  it('M2, G3: works beside and after today’s code, on the same rows', { timeout: 300_000 }, async (context) => {
    if (!tree) return context.skip(missing);
    const database = await makeDatabase(`releases_${process.pid}`);
    drop = async () => {
      await database.drop();
    };
    await migrate(database.migrator);
    await migrateQueues(database.migrator, queues);
    await bundle(tree, 'server/main.ts', path.join(tree, 'main.mjs'));
    const env = {
      DATABASE_URL: database.app,
      WORKER_DATABASE_URL: database.worker,
      NEXTAUTH_SECRET: randomBytes(32).toString('base64'),
      ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
      RATE_LIMITS: 'off',
    };
    const start = async (release: 'old' | 'new', more: Record<string, string> = {}) => {
      const cwd = release === 'old' ? tree : process.cwd();
      const file = release === 'old' ? path.join(tree, 'main.mjs') : path.join(bundles, 'main.mjs');
      const server = await startServer(file, cwd, { ...env, ...more, DATA_DIR: path.join(folder, 'data') });
      running.push(server);
      expect((await fetch(`${server.url}/readyz`)).status, release).toBe(200);
      return server;
    };

    const old = await start('old');
    const slug = await new Visitor(old.url).signUp('First', 'first@example.com');
    const sid = await signIn(database.app, 'first@example.com');
    expect(await walk(new Visitor(old.url, sid), old.url, slug)).toEqual({ companies: 3 });

    // Both at once, as while a deployment goes on: sessions, tenants and jobs of one are the other's too.
    await bundle(process.cwd(), 'server/main.ts', path.join(bundles, 'main.mjs'));
    const now = await start('new');
    expect(await walk(new Visitor(now.url, sid), now.url, slug)).toEqual({ companies: 6 });
    const later = await new Visitor(now.url).signUp('Second', 'second@example.com');
    const second = await signIn(database.app, 'second@example.com');
    expect(await walk(new Visitor(old.url, second), old.url, later)).toEqual({ companies: 3 });
    await now.end('SIGTERM');

    // Taken back: the old code alone, bringing its own migrations, policies and functions.
    await old.end('SIGTERM');
    const again = await start('old', { DATABASE_ADMIN_URL: database.migrator });
    expect(await walk(new Visitor(again.url, sid), again.url, slug)).toEqual({ companies: 9 });
    await again.end('SIGTERM');

    // And forward once more; what the old code granted too freely is taken away again.
    await migrate(database.migrator);
    const last = await start('new');
    expect(await walk(new Visitor(last.url, sid), last.url, slug)).toEqual({ companies: 12 });
    await last.end('SIGTERM');
    expect(await changeable(database.superuser)).toEqual([]);
    expect(running.map((server) => server.errors()).join('')).toBe('');
    const failed = await query(database.superuser, "select name, output from pgboss.job where state = 'failed'");
    expect(failed).toEqual([]);
  });
});
