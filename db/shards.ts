import type pg from 'pg';
import { atPool, homePool, newPool, type PoolOptions, pool } from './pool';

/**
 * Other database servers that tenants have moved to (docs/decisions/0042-moving-a-tenant.md). Which tenant is where is told
 * by the server that this installation began with; a process knows it by heart and hears of changes.
 */
interface Shards {
  pools: Map<string, pg.Pool>;
  of: Map<string, string>;
  /** Their connections: what belongs to a person is not asked there. */
  clients: WeakSet<object>;
}
/** The server's bundle and Next's share the process, and with it the pools. */
const holder = globalThis as typeof globalThis & { guanxiShards?: Shards };

/** Opens the pools of the other servers, by name. @returns closes them */
export function openShards(
  addresses: ReadonlyMap<string, string>,
  options: Omit<PoolOptions, 'connectionString'>,
): () => Promise<void> {
  const shards: Shards = { pools: new Map(), of: new Map(), clients: new WeakSet() };
  for (const [name, connectionString] of addresses) {
    const opened = newPool({ ...options, connectionString });
    opened.on('connect', (client) => shards.clients.add(client));
    shards.pools.set(name, opened);
  }
  holder.guanxiShards = shards;
  return async () => {
    holder.guanxiShards = undefined;
    await Promise.all([...shards.pools.values()].map((each) => each.end()));
  };
}

/** Asks where tenants are; nothing where there are no other servers. */
export async function learnShards(): Promise<void> {
  const shards = holder.guanxiShards;
  if (!shards) return;
  const { rows } = await homePool().query<{ id: string; shard: string }>('select id, shard from auth.tenant_shards()');
  shards.of = new Map(rows.map(({ id, shard }) => [id, shard]));
}

/** The pool that leads to a tenant's rows. @throws Error for a server that this process does not know */
export function poolOf(tenantId: string): pg.Pool {
  const shards = holder.guanxiShards;
  const name = shards?.of.get(tenantId);
  if (!shards || name === undefined) return pool();
  const found = shards.pools.get(name);
  if (!found) throw new Error(`DATABASE_SHARDS does not name ${name}, where a tenant is.`);
  return found;
}

/** Names of the other servers. */
export const shardNames = (): string[] => [...(holder.guanxiShards?.pools.keys() ?? [])];

/** Runs something on another server: what asks there for no tenant in particular, such as which there are. */
export function inShard<T>(name: string, run: () => T): T {
  const found = holder.guanxiShards?.pools.get(name);
  if (!found) throw new Error(`DATABASE_SHARDS does not name ${name}.`);
  return atPool(found, run);
}

/** Whether a connection leads to one of the other servers. */
export const isElsewhere = (client: object): boolean => holder.guanxiShards?.clients.has(client) ?? false;

/**
 * Those of the answers of all other servers that are of tenants which are there. A tenant on its way has rows there too,
 * which are nobody's yet and may be behind: only where home says that it has moved an answer counts.
 */
export async function fromShards<T extends { tenantId: string }>(ask: () => Promise<T[]>): Promise<T[]> {
  const shards = holder.guanxiShards;
  if (!shards) return [];
  const found = await Promise.all(
    [...shards.pools].map(async ([name, each]) => (await atPool(each, ask)).map((row) => ({ name, row }))),
  );
  const answers = found.flat();
  const isThere = ({ name, row }: (typeof answers)[number]) => shards.of.get(row.tenantId) === name;
  // One that has just moved is not known yet.
  if (!answers.every(isThere)) await learnShards();
  return answers.filter(isThere).map(({ row }) => row);
}

/** What every writing transaction begins with where tenants may move: it is let in, or learns that this one is moving. */
export const writeGate = (tenantId: string): string =>
  holder.guanxiShards ? `; select auth.write_gate('${tenantId}')` : '';
