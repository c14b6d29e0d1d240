import type pg from 'pg';
import { alone } from './alone';

/** What a coordinator is told, in this order. */
export interface Step {
  /** Nothing when it is a setting. */
  table?: string;
  statement: string;
}

/**
 * Makes the tables of schema `app` distributed on a Citus coordinator: by `tenant_id`, all of a tenant's rows on one
 * node; tables without a tenant on every node. The rules that make it possible are tests/architecture/catalogue.test.ts.
 * May be stopped and run again, and is run again after a release that brings tables: what is distributed is left alone.
 * @param adminUrl a superuser's address at the coordinator, on the application's database: under forced row policies
 *   nobody else could copy the rows
 * @param log told of each step
 * @param plan only says what it would do
 * @throws Error with one clear line when this is no coordinator, or foreign keys lead round in a circle
 */
export async function distribute(
  adminUrl: string,
  { log = () => {}, plan = false }: { log?: (line: string) => void; plan?: boolean } = {},
): Promise<Step[]> {
  return alone(adminUrl, async (client) => {
    await requireCoordinator(client);
    const steps = await stepsFor(client);
    for (const { statement } of steps) {
      log(`${statement};`);
      if (!plan) await client.query(statement);
    }
    return steps;
  });
}

async function requireCoordinator(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ super: boolean; citus: boolean }>(`
    select r.rolsuper as super, to_regclass('pg_dist_partition') is not null as citus
    from pg_roles r where r.rolname = current_user`);
  if (!rows[0]?.super)
    throw new Error('DATABASE_ADMIN_URL must be a superuser: row policies hide the rows from everybody else.');
  if (!rows[0].citus) throw new Error('This database has no Citus: run create extension citus on every node first.');
  const nodes = await client.query<{ coordinator: boolean | null; workers: number }>(
    'select bool_or(groupid = 0) as coordinator, count(*) filter (where groupid > 0)::int as workers from pg_dist_node',
  );
  // Sign-in and jobs stay on the coordinator and reference tables that are everywhere.
  if (!nodes.rows[0]?.coordinator)
    throw new Error("The coordinator does not know its own address: run select citus_set_coordinator_host('…').");
  if (nodes.rows[0].workers === 0)
    throw new Error("There is no node to distribute to: run select citus_add_node('…', 5432) for each.");
}

async function stepsFor(client: pg.Client): Promise<Step[]> {
  const settings = ['crm_app', 'crm_worker'].map((role) => ({
    // The nodes ask for the tenant, too: without this only the coordinator would know it.
    statement: `alter role ${role} set citus.propagate_set_commands = 'local'`,
  }));
  const { rows } = await client.query<Table>(`
  select format('%I.%I', n.nspname, c.relname) as name,
    exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as owned,
    exists (select from pg_dist_partition d where d.logicalrelid = c.oid
      and (d.partmethod = 'h' or d.repmodel = 't')) as distributed,
    array(select distinct format('%I.%I', n.nspname, f.relname) from pg_constraint k join pg_class f on f.oid = k.confrelid
      where k.conrelid = c.oid and k.contype = 'f' and f.relnamespace = n.oid and f.oid <> c.oid) as "leadsTo"
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'app' and c.relkind in ('r', 'p') and not c.relispartition
  order by owned, name`);
  const ordered = inOrder(rows);
  const anchor = ordered.find(({ owned }) => owned)?.name;
  const moves = ordered
    .filter(({ distributed }) => !distributed)
    .map(({ name, owned }) => ({ table: name, statement: owned ? shard(name, anchor) : copy(name) }));
  return [...settings, ...moves];
}

/** All tables lie beside one of them: a tenant's rows are on one node, and their foreign keys with them. */
const shard = (name: string, anchor: string | undefined) =>
  `select create_distributed_table('${name}', 'tenant_id', colocate_with => '${name === anchor ? 'none' : anchor}')`;

const copy = (name: string) => `select create_reference_table('${name}')`;

interface Table {
  /** Quoted where needed, with its schema. */
  name: string;
  /** Whether its rows belong to tenants. */
  owned: boolean;
  distributed: boolean;
  /** Tables of the same schema that its foreign keys lead to, but itself. */
  leadsTo: string[];
}

/** Each table after those its foreign keys lead to, for Citus refuses a key to a table that it does not have yet. */
function inOrder(all: Table[]): Table[] {
  const ordered: Table[] = [];
  const placed = new Set<string>();
  while (ordered.length < all.length) {
    const next = all.find(({ name, leadsTo }) => !placed.has(name) && leadsTo.every((other) => placed.has(other)));
    if (!next) {
      const left = all.filter(({ name }) => !placed.has(name)).map(({ name }) => name);
      throw new Error(`Foreign keys lead round in a circle: ${left.join(', ')}.`);
    }
    ordered.push(next);
    placed.add(next.name);
  }
  return ordered;
}
