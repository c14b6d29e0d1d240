import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { distribute } from '@/db/distribute';
import { migrate } from '@/db/migrate';
import { globalTables } from '../support/catalog-rules';
import { makeDatabase, query } from '../support/databases';

/**
 * What Citus is asked through, as far as the command uses it, by a Postgres without it: it takes a table only after those
 * its foreign keys lead to, and by `tenant_id` beside the others, as Citus does.
 */
const stand = `
  create table pg_dist_node (groupid int);
  create table pg_dist_partition (logicalrelid regclass primary key, partmethod "char", repmodel "char", beside text, nr serial);
  create function demand(told regclass) returns void language plpgsql as $$ declare missing text; begin
    select k.confrelid::regclass::text into missing from pg_constraint k where k.conrelid = told and k.contype = 'f'
      and k.confrelid <> told and not exists (select from pg_dist_partition d where d.logicalrelid = k.confrelid);
    if missing is not null then raise exception 'referenced table % must be a distributed table or a reference table', missing; end if;
  end $$;
  create function create_distributed_table(table_name regclass, distribution_column text, colocate_with text) returns void
  language plpgsql as $$ begin
    perform demand(table_name);
    perform from pg_attribute where attrelid = table_name and attname = distribution_column and attnotnull;
    if not found then raise exception 'no column %', distribution_column; end if;
    if colocate_with <> 'none' and not exists (select from pg_dist_partition where logicalrelid = colocate_with::regclass) then
      raise exception 'relation % is not distributed', colocate_with; end if;
    insert into pg_dist_partition values (table_name, 'h', 'c', colocate_with);
  end $$;
  create function create_reference_table(table_name regclass) returns void language plpgsql as $$ begin
    perform demand(table_name);
    insert into pg_dist_partition values (table_name, 'n', 't', null);
  end $$`;

const roles = ['crm_app', 'crm_worker'];
let database: Awaited<ReturnType<typeof makeDatabase>>;
beforeAll(async () => {
  database = await makeDatabase(`distribute_${process.pid}`);
  await migrate(database.migrator);
});
afterAll(async () => {
  // Roles are the whole server's, which other tests share.
  for (const role of roles) await sql(`alter role ${role} reset citus.propagate_set_commands`);
  await database?.drop();
});

const sql = <T extends object>(text: string) => query<T & Record<string, unknown>>(database.superuser, text);

describe('npm run db:distribute', () => {
  it('tells a coordinator to lay every table by tenant beside the others, goes on where it stopped, and refuses what is none', async () => {
    await expect(distribute(database.superuser)).rejects.toThrow('has no Citus');
    await sql(stand);
    await expect(distribute(database.superuser)).rejects.toThrow('citus_set_coordinator_host');
    await sql('insert into pg_dist_node values (0)');
    await expect(distribute(database.superuser)).rejects.toThrow('citus_add_node');
    await sql('insert into pg_dist_node values (1)');
    await expect(distribute(database.migrator)).rejects.toThrow('superuser');

    const planned = await distribute(database.superuser, { plan: true });
    expect(await sql('select from pg_dist_partition')).toEqual([]);
    expect(planned.map(({ statement }) => statement)).toContain(
      "alter role crm_app set citus.propagate_set_commands = 'local'",
    );

    // It stops at a table in the middle.
    const middle = planned[Math.floor(planned.length / 2)]?.table ?? '';
    await sql(`alter table pg_dist_partition add constraint full_here check (logicalrelid <> '${middle}'::regclass)`);
    await expect(distribute(database.superuser)).rejects.toThrow('full_here');
    await sql('alter table pg_dist_partition drop constraint full_here');
    const rest = await distribute(database.superuser);
    expect(rest.length).toBeLessThan(planned.length);

    const laid = await sql<{ table: string; partmethod: string; beside: string | null }>(
      'select logicalrelid::text as table, partmethod, beside from pg_dist_partition order by nr',
    );
    const owned = await sql<{ table: string }>(
      `select c.oid::regclass::text as table from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
       where c.relnamespace = 'app'::regnamespace and c.relkind = 'r'`,
    );
    const byTenant = laid.filter(({ partmethod }) => partmethod === 'h');
    expect(byTenant.map(({ table }) => table).sort()).toEqual(owned.map(({ table }) => table).sort());
    const [anchor, ...others] = byTenant;
    expect(anchor?.beside).toBe('none');
    expect(new Set(others.map(({ beside }) => beside))).toEqual(new Set([anchor?.table]));
    const everywhere = laid.filter(({ partmethod }) => partmethod === 'n').map(({ table }) => table);
    expect(everywhere.sort()).toEqual(globalTables.map((name) => `app.${name}`).sort());
    // Nothing is left for a third time; a release's new table would be.
    expect((await distribute(database.superuser)).filter(({ table }) => table)).toEqual([]);
  });
});
