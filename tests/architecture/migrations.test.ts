import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as drizzleMigrate } from 'drizzle-orm/node-postgres/migrator';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { alone } from '@/db/alone';
import { migrate } from '@/db/migrate';
import { connect, makeDatabase, migrationsFolder, query } from '../support/databases';

// A migration runs beside the release it follows, under traffic, and may be stopped at any moment.

const folder = path.resolve('db/migrations');
const files = fs.readdirSync(folder).filter((name) => name.endsWith('.sql'));
const journal: { entries: { when: number; tag: string }[] } = JSON.parse(
  fs.readFileSync(path.join(folder, 'meta/_journal.json'), 'utf8'),
);
const marker = '-- outside a transaction\n';
const temporary: string[] = [];
const databases: Awaited<ReturnType<typeof makeDatabase>>[] = [];
const tenant = '018f0000-0000-7000-8000-000000000001';

afterAll(async () => {
  for (const database of databases) await database.drop();
  for (const dir of temporary) fs.rmSync(dir, { recursive: true, force: true });
});

function migrations(count: number, more?: Record<string, string>): string {
  const dir = migrationsFolder(count, more);
  temporary.push(dir);
  return dir;
}

async function empty() {
  const database = await makeDatabase(`migrations_${process.pid}_${databases.length}`);
  databases.push(database);
  return database;
}

/** A database as release 0.1.0 left it: made by drizzle's migrator, with a row in each table that changes. */
async function oldDatabase() {
  const database = await empty();
  const client = await connect(database.migrator);
  await client.query('set role crm_owner');
  await drizzleMigrate(drizzle(client), { migrationsFolder: migrations(1), migrationsSchema: 'app_migrations' });
  await client.query(`
    set app.tenant_id = '${tenant}';
    insert into app.tenant (id, slug) values ('${tenant}', 'old');
    insert into app.tenant_settings (tenant_id, id, name, locale, currency, time_zone)
      values ('${tenant}', '${tenant}', 'Old', 'en', 'USD', 'Etc/UTC')`);
  await client.end();
  return database;
}

const applied = async (url: string) =>
  (await query<{ at: string }>(url, 'select created_at::text as at from app_migrations.__drizzle_migrations')).map(
    ({ at }) => Number(at),
  );

/** Where the rows and entries of each table and index lie; another number means that all of them were written anew. */
async function places(url: string): Promise<Record<string, string>> {
  const rows = await query<{ name: string; place: string }>(
    url,
    `select c.oid::regclass::text as name, c.relfilenode::text as place from pg_class c
     where c.relnamespace in ('app'::regnamespace, 'auth'::regnamespace) and c.relkind in ('r', 'i')`,
  );
  return Object.fromEntries(rows.map(({ name, place }) => [name, place]));
}

function squawk(file: string) {
  const text = fs.readFileSync(file, 'utf8');
  const mode = text.startsWith(marker) ? '--no-assume-in-transaction' : '--assume-in-transaction';
  return spawnSync('node_modules/.bin/squawk', [mode, '--reporter=gcc', file], { encoding: 'utf8' });
}

describe('each migration after the first', () => {
  it('M1: has nothing that squawk knows to stop traffic or to break half-way', () => {
    for (const file of files.slice(1)) {
      const { status, stdout, stderr } = squawk(path.join(folder, file));
      expect(`${stdout}${stderr}`, file).toBe('');
      expect(status).toBe(0);
    }
  });

  it('M1: squawk sees a rewrite, a plain index, a validated constraint and a statement that cannot be repeated', () => {
    const planted = migrations(1, {
      one: 'create index planted on app.company (tenant_id, name);',
      two: 'alter table app.deal alter column position type bigint;',
      three: 'alter table app.deal add constraint planted check (version > 0);',
      four: `${marker}alter table app.deal add column planted text;`,
    });
    const found = ['one', 'two', 'three', 'four'].map(
      (name) => / warning: ([\w-]+) /.exec(squawk(path.join(planted, `${name}.sql`)).stdout)?.[1],
    );
    expect(found).toEqual([
      'require-concurrent-index-creation',
      'changing-column-type',
      'constraint-missing-not-valid',
      'prefer-robust-stmts',
    ]);
  });

  it('M1: may be run again from its beginning, wherever it stopped', async () => {
    const { migrator } = await oldDatabase();
    const client = await connect(migrator);
    await client.query('set role crm_owner');
    for (const file of files.slice(1)) {
      const text = fs.readFileSync(path.join(folder, file), 'utf8');
      if (!text.startsWith(marker)) continue;
      for (const statement of text.split('--> statement-breakpoint')) {
        await client.query(statement);
        await client.query(statement);
      }
    }
    await client.end();
    await migrate(migrator);
    expect(await applied(migrator)).toEqual(journal.entries.map((entry) => entry.when));
  });

  it('M1: rewrites no table and no index that is there', async () => {
    const { migrator } = await oldDatabase();
    const before = await places(migrator);
    await migrate(migrator);
    const after = await places(migrator);
    // An index may go when another does its work; what stays lies where it lay.
    const staying = Object.entries(before).filter(([name]) => name in after || !name.endsWith('_index'));
    expect(after).toMatchObject(Object.fromEntries(staying));
    const rewrite = migrations(files.length, { planted: 'alter table app.change alter column before type text;' });
    await migrate(migrator, { folder: rewrite });
    expect(await places(migrator)).not.toMatchObject(Object.fromEntries(staying));
  });
});

describe('the runner', () => {
  it('goes on where drizzle left off, and drizzle finds nothing to do after it', async () => {
    const { migrator } = await oldDatabase();
    await migrate(migrator);
    expect(await applied(migrator)).toEqual(journal.entries.map((entry) => entry.when));
    const client = await connect(migrator);
    await client.query('set role crm_owner');
    await drizzleMigrate(drizzle(client), { migrationsFolder: folder, migrationsSchema: 'app_migrations' });
    await client.end();
    expect(await applied(migrator)).toHaveLength(files.length);
  });

  it('M1: gives up a lock it cannot have after half a second, lets the others pass, and tries again', async () => {
    const { migrator, superuser } = await oldDatabase();
    const reader = await connect(superuser);
    await reader.query('begin; select from app.change_set');
    const lines: string[] = [];
    const waits: number[] = [];
    let ended = false;
    const migrated = migrate(migrator, { log: (line) => lines.push(line) }).finally(() => {
      ended = true;
    });
    migrated.catch(() => {});
    // Queues behind the waiting statement each time, and must come through each time.
    const traffic = await connect(superuser);
    await traffic.query("set lock_timeout = '10s'");
    while (lines.length < 2 && !ended) {
      const since = performance.now();
      await traffic.query('select count(*) from app.change_set');
      waits.push(performance.now() - since);
      await sleep(20);
    }
    await reader.query('commit');
    await migrated;
    await Promise.all([reader.end(), traffic.end()]);
    expect(Math.max(...waits)).toBeGreaterThan(100);
    expect(lines[0]).toBe('Migration: canceling statement due to lock timeout; attempt 2 follows.');
    expect(waits.length).toBeGreaterThan(2);
    expect(await applied(migrator)).toHaveLength(files.length);
  });

  it('M1: builds an index anew that was left half-built', async () => {
    const { migrator, superuser } = await empty();
    await migrate(migrator);
    const statement = 'create unique index concurrently if not exists planted on app.tenant (tenant_name)';
    const next = migrations(files.length, {
      planted: `${marker}alter table app.tenant add column if not exists tenant_name text default 'same';
--> statement-breakpoint
${statement};`,
    });
    await query(
      superuser,
      "insert into app.tenant (id, slug) select gen_random_uuid(), 'slug-' || n from generate_series(1, 2) n",
    );
    await expect(migrate(migrator, { folder: next })).rejects.toThrow('could not create unique index');
    const state = () =>
      query(superuser, "select indisvalid from pg_index where indexrelid = to_regclass('app.planted')");
    expect(await state()).toEqual([{ indisvalid: false }]);
    await query(superuser, 'update app.tenant set tenant_name = slug');
    await migrate(migrator, { folder: next });
    expect(await state()).toEqual([{ indisvalid: true }]);
  });

  it('undoes a file that fails inside its transaction, whole', async () => {
    const { migrator } = await empty();
    const broken = migrations(files.length, {
      broken: 'create table app.planted (tenant_id uuid not null);\n--> statement-breakpoint\nselect 1 / 0; -- end',
    });
    await expect(migrate(migrator, { folder: broken })).rejects.toThrow('division by zero');
    expect(await query(migrator, "select to_regclass('app.planted') as planted")).toEqual([{ planted: null }]);
    expect(await applied(migrator)).toHaveLength(files.length);
  });
});

describe('several starters', () => {
  it('M5: at once: one runs, the other finds the work done, both end well', async () => {
    const { migrator } = await oldDatabase();
    // The planted index waits for every older statement: a starter waiting inside one would stop it for good.
    const slow = migrations(files.length, {
      slow: `${marker}select pg_sleep(0.5);
--> statement-breakpoint
create index concurrently if not exists planted on app.tenant (slug, status);`,
    });
    await Promise.all([1, 2, 3].map(() => migrate(migrator, { folder: slow })));
    expect(await applied(migrator)).toHaveLength(files.length + 1);
  });

  it('M5: where there is no database yet, with roles, schema and queues', async () => {
    const { superuser, app, worker, migrator } = inject('database');
    const name = `migrations_${process.pid}_starters`;
    const address = new URL(superuser);
    address.pathname = `/${name}`;
    const password = (url: string) => new URL(url).password;
    const run = () => {
      const child = spawn(process.execPath, ['--import', 'tsx', 'db/migrate-main.ts'], {
        env: {
          ...process.env,
          DATABASE_ADMIN_URL: address.href,
          MIGRATOR_PASSWORD: password(migrator),
          APP_PASSWORD: password(app),
          WORKER_PASSWORD: password(worker),
        },
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      return once(child, 'exit').then(([code]) => code);
    };
    try {
      expect(await Promise.all([run(), run()])).toEqual([0, 0]);
      expect(await applied(address.href)).toHaveLength(files.length);
    } finally {
      await query(superuser, `drop database if exists ${name} with (force)`);
    }
  });

  it('M5: one that dies while it holds the lock lets the next go on', async () => {
    const { migrator } = await oldDatabase();
    const program = `
      const { alone } = await import(${JSON.stringify(path.resolve('db/alone.ts'))});
      await alone(${JSON.stringify(migrator)}, async (client) => {
        console.log('alone');
        await client.query('select pg_sleep(600)');
      });`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    let isThere = false;
    const next = alone(migrator, async () => {
      isThere = true;
    });
    await sleep(500);
    expect(isThere).toBe(false);
    child.kill('SIGKILL');
    await next;
    expect(isThere).toBe(true);
  });
});

describe('what runs after every migration', () => {
  /** Everything secure.sql and roles.sql may touch, object by object. */
  const catalogue = (url: string) =>
    query(
      url,
      `select 'class' as kind, oid::regclass::text as name, relacl::text || relrowsecurity || relforcerowsecurity as what
         from pg_class where relnamespace in ('app'::regnamespace, 'auth'::regnamespace, 'app_migrations'::regnamespace)
       union all select 'column', attrelid::regclass || '.' || attname, attacl::text from pg_attribute where attacl is not null
       union all select 'namespace', nspname, nspacl::text from pg_namespace
       union all select 'function', oid::regprocedure::text, proacl::text || prosrc || proowner from pg_proc where pronamespace = 'auth'::regnamespace
       union all select 'policy', polrelid::regclass || '.' || polname, polroles::text || pg_get_expr(polqual, polrelid) from pg_policy
       union all select 'role', rolname, concat(rolsuper, rolbypassrls, rolcanlogin, rolinherit, rolpassword) from pg_authid where rolname like 'crm%'
       union all select 'setting', setrole::regrole::text, setconfig::text from pg_db_role_setting
       union all select 'member', roleid::regrole || ' ' || member::regrole, null from pg_auth_members
       order by 1, 2, 3`,
    );

  it('secure.sql and roles.sql may be repeated: policies, grants, functions, passwords stay as they are', async () => {
    const { migrator, superuser, app } = await empty();
    await migrate(migrator);
    const before = await catalogue(superuser);
    expect(before.length).toBeGreaterThan(50);
    await migrate(migrator);
    await query(superuser, fs.readFileSync('db/roles.sql', 'utf8'));
    expect(await catalogue(superuser)).toEqual(before);
    expect(await query(app, 'select current_user::text as me')).toEqual([{ me: 'crm_app' }]);
  });

  it('M2: takes nothing away that a role of the release before was given', async (context) => {
    const text = previous('db/secure.sql');
    if (!text) return context.skip('the history of this clone does not reach the release before');
    const { migrator, superuser } = await oldDatabase();
    const functions = () =>
      query<{ name: string }>(
        superuser,
        `select p.oid::regprocedure || ' ' || pg_get_function_result(p.oid) as name from pg_proc p
         where pronamespace = 'auth'::regnamespace and has_function_privilege('crm_app', p.oid, 'execute')`,
      );
    await query(migrator, `begin; set local role crm_owner; ${text}; commit`);
    const before = await functions();
    expect(before.length).toBeGreaterThan(15);
    await migrate(migrator);
    expect(await functions()).toEqual(expect.arrayContaining(before));
  });
});

describe('the role that dumps', () => {
  const as = async (role: string, text: string) =>
    query(inject('database').superuser, `begin; set local role ${role}; ${text}; rollback`).then(
      () => 'done',
      (error: { code: string }) => error.code,
    );

  it('B4: reads every row of every tenant and writes none; without BYPASSRLS a dump fails loudly', async () => {
    const { superuser } = inject('database');
    const tables = await query<{ name: string }>(
      superuser,
      `select oid::regclass::text as name from pg_class
       where relkind in ('r', 'S') and relnamespace::regnamespace::text in ('app', 'auth', 'app_migrations', 'pgboss')`,
    );
    expect(tables.length).toBeGreaterThan(30);
    // What pg_dump does: rather an error than a part of the rows.
    for (const { name } of tables) {
      expect(await as('crm_backup', `set local row_security = off; select * from ${name}`), name).toBe('done');
    }
    const writable = await query(
      superuser,
      `select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace::regnamespace::text !~ '^pg_toast|^information_schema'
       and has_table_privilege('crm_backup', oid, 'insert, update, delete, truncate')`,
    );
    expect(writable).toEqual([]);
    expect(await as('crm_backup', "insert into app.tenant (id, slug) values (gen_random_uuid(), 'x')")).toBe('42501');
    expect(await as('crm_backup', 'create table app.planted (id int)')).toBe('42501');
    await query(superuser, 'drop role if exists planted; create role planted; grant pg_read_all_data to planted');
    expect(await as('planted', 'select * from app.member')).not.toBe('done');
    expect(await as('planted', 'set local row_security = off; select * from app.company')).toBe('42501');
    await query(superuser, 'drop role planted');
  });
});

/** A file of the release before this one; undefined where the history is not there. */
function previous(file: string): string | undefined {
  const releases: { commit: string }[] = JSON.parse(fs.readFileSync('db/releases.json', 'utf8'));
  const { status, stdout } = spawnSync('git', ['show', `${releases.at(-1)?.commit}:${file}`], { encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}
