import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** A tenant on its way from the server it began on to another. */
export interface Move {
  /** A superuser of the database the tenant is in. */
  from: string;
  /** A superuser of the database it goes to: migrated to the same version, on another server. */
  to: string;
  /** How the server it goes to reaches the one it comes from; `from` when not given. */
  source?: string;
  /** What the server it goes to is called. */
  shard: string;
  /** The tenant's address. */
  slug: string;
  /** Seconds for which nothing of the tenant may be written at the most. */
  pauseSeconds: number;
  log: (line: string) => void;
  signal?: AbortSignal;
}

export interface Moved {
  tables: number;
  rows: number;
  /** How long nothing could be written, in milliseconds. */
  pauseMs: number;
}

/** What the rows of the tenant in one table come to: how many, and the sum of their hashes. */
type Sums = Map<string, string>;

/** First number of the advisory locks that writers share and the mover takes alone (auth.write_gate in db/secure.sql). */
const gateLock = 7_236_502;
const moverLock = 7_236_503;

/**
 * Moves a tenant to another database server while people go on working (docs/decisions/0042-moving-a-tenant.md). Postgres
 * copies its rows and what changes meanwhile by logical replication; then nothing is written for a moment, both sides are
 * summed up, and where they are the same the tenant is the other server's. Whoever is killed in between has lost nothing:
 * called again, it goes on. The rows stay behind until `removeMoved`.
 * @throws Error in one line; where sums differ, or the pause was too short, all is as before and people can write
 */
export async function moveTenant(move: Move): Promise<Moved> {
  return between(move, async (mover) => {
    if (mover.tenant.shard === null) await mover.carry();
    return mover.arrive();
  });
}

/** Gives up a move under way: what has been copied is removed again. @throws Error when the tenant has moved already */
export async function abandonMove(move: Move): Promise<void> {
  await between(move, async (mover) => {
    if (mover.tenant.shard !== null) throw new Error(`${move.slug} has moved: there is nothing to give up.`);
    await mover.giveUp();
  });
}

/** Removes the rows that a tenant has left behind. @throws Error when it has not moved there for good */
export async function removeMoved(move: Move): Promise<number> {
  return between(move, (mover) => mover.removeLeft());
}

async function between<T>(move: Move, run: (mover: Mover) => Promise<T>): Promise<T> {
  const [from, to] = [await connected(move.from), await connected(move.to)];
  try {
    return await run(await Mover.meet(move, from, to));
  } finally {
    await Promise.all([from.end(), to.end()]);
  }
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, keepAlive: true, application_name: 'guanxi-move' });
  client.on('error', () => {}); // the statement that was running reports it
  await client.connect();
  // Rows are compared by their text, which must not depend on how either server is set.
  await client.query("set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres'");
  await client.query("set extra_float_digits = 1; set bytea_output = 'hex'");
  return client;
}

interface Tenant {
  id: string;
  status: string;
  shard: string | null;
}

class Mover {
  private pausedAt = 0;
  private moved: Omit<Moved, 'pauseMs'> = { tables: 0, rows: 0 };

  private constructor(
    private readonly move: Move,
    private readonly from: pg.Client,
    private readonly to: pg.Client,
    readonly tenant: Tenant,
    /** Tables with a tenant, and their columns in one order for both sides. */
    private readonly tables: Map<string, string[]>,
  ) {}

  static async meet(move: Move, from: pg.Client, to: pg.Client): Promise<Mover> {
    if (!/^[a-z][a-z0-9_-]{0,30}$/.test(move.shard)) throw new Error(`${move.shard} is no name for a server.`);
    const [tenant] = await rows<Tenant>(from, 'select id, status, shard from app.tenant where slug = $1', [move.slug]);
    if (!tenant) throw new Error(`There is no workspace at ${move.slug}.`);
    if (tenant.shard !== null && tenant.shard !== move.shard)
      throw new Error(`${move.slug} is on ${tenant.shard}: move it from there.`);
    if (tenant.shard === null && tenant.status !== 'active')
      throw new Error(`${move.slug} is ${tenant.status}: only an open workspace is moved.`);
    await requireFit(from, to);
    const [alone] = await rows<{ host: string }>(
      from,
      `select coalesce(host(client_addr), 'this machine') as host from pg_stat_activity
       where datname = current_database() and application_name = 'guanxi-alone' limit 1`,
    );
    if (alone)
      throw new Error(`A process on ${alone.host} runs without DATABASE_SHARDS: what it writes would be lost.`);
    const [lock] = await rows<{ alone: boolean }>(
      from,
      `select pg_try_advisory_lock(${moverLock}, hashtext($1)) as alone`,
      [tenant.id],
    );
    if (!lock?.alone) throw new Error(`${move.slug} is being moved by somebody else.`);
    return new Mover(move, from, to, tenant, await tenantTables(from));
  }

  private get name(): string {
    return `move_${this.tenant.id.replaceAll('-', '')}`;
  }

  private say(line: string): void {
    this.move.log(line);
  }

  /** Copies, follows, stops, compares and hands over: the last step is one transaction of the server it leaves. */
  async carry(): Promise<void> {
    await this.follow();
    await this.copied();
    try {
      await this.stop();
      await this.caughtUp();
      await this.compare();
      await this.handOver();
    } catch (error) {
      await this.goOn();
      if (error instanceof Different) await this.giveUp();
      throw error;
    }
  }

  /** Has Postgres copy the tenant's rows and everything that changes in them; what an earlier try has begun goes on. */
  private async follow(): Promise<void> {
    const { id } = this.tenant;
    if (await this.subscription()) return this.say('Going on with the copy that was begun.');
    await this.giveUp();
    await this.to.query("insert into app.tenant (id, slug, status) values ($1, $2, 'arriving')", [id, this.move.slug]);
    const all = [...this.tables.keys()].map((table) => `${table} where (tenant_id = '${id}')`);
    await this.from.query(`create publication ${this.name} for table ${all.join(', ')}`);
    const source = this.to.escapeLiteral(this.move.source ?? this.move.from);
    // From 16 on rows are written as the table's owner, whom the row policies hold back; before, as whoever subscribes.
    const [{ as = '' } = {}] = await rows<{ as: string }>(
      this.to,
      "select case when current_setting('server_version_num')::int >= 160000 then ', run_as_owner = true' else '' end as as",
    );
    // What has arrived must be on the disk before it is said to have.
    await this.to.query(
      `create subscription ${this.name} connection ${source} publication ${this.name} with (synchronous_commit = 'local'${as})`,
    );
    this.say(`Copying ${this.tables.size} tables.`);
  }

  /** Until every table is there and what follows comes at once. */
  private async copied(): Promise<void> {
    await this.until(Number.POSITIVE_INFINITY, async () => {
      const [left] = await rows<{ n: number; failed: number }>(
        this.to,
        `select (select count(*)::int from pg_subscription_rel r where r.srsubid = s.oid and r.srsubstate <> 'r') as n,
           (select (t.apply_error_count + t.sync_error_count)::int from pg_stat_subscription_stats t where t.subid = s.oid) as failed
         from pg_subscription s where s.subname = $1`,
        [this.name],
      );
      if (!left) throw new Error('The copy is gone: begin again.');
      if (left.failed > 20) throw new Error('The copy fails again and again: the log of the other server says why.');
      return left.n === 0;
    });
    // Fresh tables have no statistics, and plans without any are slow.
    await this.to.query(`analyze ${[...this.tables.keys()].join(', ')}`);
    await this.marked(600);
    this.say('Everything is copied; following what changes.');
  }

  /** Nobody writes from here on: a lease, so that people can write again by themselves should this be killed. */
  private async stop(): Promise<void> {
    this.move.signal?.throwIfAborted();
    const { id } = this.tenant;
    const lease = 'clock_timestamp() + make_interval(secs => $2)';
    await this.from.query(`update app.tenant set moving_until = ${lease} where id = $1`, [id, this.move.pauseSeconds]);
    this.pausedAt = performance.now();
    // Whoever was let in before holds the gate until they are done.
    await this.from.query(`begin; set local lock_timeout = '${Math.ceil(this.left())}ms'`);
    try {
      await this.from.query(`select pg_advisory_xact_lock(${gateLock}, hashtext($1))`, [id]);
    } finally {
      await this.from.query('commit');
    }
    await this.until(this.left(), async () => {
      const [job] = await rows(this.from, "select from pgboss.job where group_id = $1 and state = 'active' limit 1", [
        id,
      ]);
      return !job;
    });
  }

  /** Milliseconds of the pause that are left. */
  private left(): number {
    return Math.max(1, this.move.pauseSeconds * 1000 - (performance.now() - this.pausedAt));
  }

  private caughtUp(): Promise<void> {
    return this.marked(this.left() / 1000);
  }

  /** Writes a row as it is and waits until that has arrived: then everything before it has. */
  private async marked(seconds: number): Promise<void> {
    const place = 'pg_current_wal_insert_lsn()::text as place';
    const [before] = await rows<{ place: string }>(this.from, `select ${place}`);
    await this.from.query('update app.tenant_settings set tenant_id = tenant_id where tenant_id = $1', [
      this.tenant.id,
    ]);
    await this.until(seconds * 1000, async () => {
      const [arrived] = await rows<{ is: boolean | null }>(
        this.to,
        `select pg_replication_origin_progress('pg_' || s.oid, true) > $2::pg_lsn as is from pg_subscription s where s.subname = $1`,
        [this.name, before?.place],
      );
      return arrived?.is === true;
    });
  }

  /** @throws Different naming the tables whose rows are not the same on both sides */
  private async compare(): Promise<void> {
    const [here, there] = await Promise.all([this.sums(this.from), this.sums(this.to)]);
    const different = [...this.tables.keys()].filter((table) => here.get(table) !== there.get(table));
    if (different.length > 0)
      throw new Different(`Not the same on both sides: ${different.join(', ')}. Nothing has moved; people can write.`);
    const count = [...here.values()].reduce((sum, value) => sum + Number(value.split(' ')[0]), 0);
    this.moved = { tables: here.size, rows: count };
    this.say(`${count} rows of ${here.size} tables are the same on both sides.`);
  }

  /** Sums of hashes: whatever order the rows lie in. */
  private async sums(client: pg.Client): Promise<Sums> {
    const sums: Sums = new Map();
    for (const [table, columns] of this.tables) {
      const row = `row(${columns.map((name) => `t.${client.escapeIdentifier(name)}`).join(', ')})`;
      const text = `select count(*) || ' ' || coalesce(sum(hashtextextended(${row}::text, 0)::numeric), 0) as sum
        from ${table} t where t.tenant_id = $1`;
      await client.query(`set statement_timeout = ${Math.ceil(this.left())}`);
      const [found] = await rows<{ sum: string }>(client, text, [this.tenant.id]);
      sums.set(table, found?.sum ?? '');
    }
    await client.query('set statement_timeout = 0');
    return sums;
  }

  /**
   * The tenant is the other server's once this is committed. Jobs that wait go along: they lie ready there before, for never,
   * and are let go by `arrive`.
   */
  private async handOver(): Promise<void> {
    const { id } = this.tenant;
    const waiting = `from pgboss.job where group_id = $1 and state < 'active'`;
    const jobs = await rows<{ id: string; job: object }>(
      this.from,
      `select id, to_jsonb(job) || '{"start_after": "infinity"}' as job ${waiting} and name <> 'cronPart'`,
      [id],
    );
    const people = await rows<{ id: string }>(
      this.from,
      'select distinct user_id as id from app.member where tenant_id = $1 and user_id is not null',
      [id],
    );
    await this.to.query('begin');
    for (const person of people) await this.to.query('select auth.user_known($1)', [person.id]);
    await this.to.query(`delete from pgboss.job where group_id = $1 and start_after = 'infinity'`, [id]);
    await this.to.query(
      'insert into pgboss.job select * from jsonb_populate_recordset(null::pgboss.job, $1) on conflict do nothing',
      [JSON.stringify(jobs.map(({ job }) => job))],
    );
    await this.to.query('commit');
    await this.from.query(`begin; set local lock_timeout = '${Math.ceil(this.left())}ms'`);
    try {
      await this.from.query(`select pg_advisory_xact_lock(${gateLock}, hashtext($1))`, [id]);
      const switched = await this.from.query(
        `update app.tenant set status = 'moved', shard = $2, moving_until = null
         where id = $1 and moving_until > clock_timestamp()`,
        [id, this.move.shard],
      );
      if (switched.rowCount !== 1) throw new Error('The pause was too short: nothing has moved. Give a longer one.');
      await this.from.query(`delete ${waiting}`, [id]);
      await this.from.query("select pg_notify('guanxi_sessions', 'shards')");
      await this.from.query('commit');
    } catch (error) {
      await this.from.query('rollback');
      throw error;
    }
    this.tenant.shard = this.move.shard;
  }

  /** Opens the tenant where it is now, lets its jobs go, and ends the copy. May be repeated. */
  async arrive(): Promise<Moved> {
    const { id } = this.tenant;
    await this.to.query('begin');
    await this.to.query("update app.tenant set status = 'active' where id = $1 and status = 'arriving'", [id]);
    await this.to.query(
      `update pgboss.job set start_after = now() where group_id = $1 and start_after = 'infinity' and state < 'active'`,
      [id],
    );
    await this.to.query("select pg_notify('guanxi_sessions', 'shards')");
    await this.to.query('commit');
    const pauseMs = this.pausedAt ? Math.round(performance.now() - this.pausedAt) : 0;
    await this.endCopy();
    await this.from.query(`delete from pgboss.job where group_id = $1 and state < 'active'`, [id]);
    this.say(`${this.move.slug} is on ${this.move.shard}. Its rows here are left: remove them with --remove.`);
    return { ...this.moved, pauseMs };
  }

  /** People can write again. */
  private async goOn(): Promise<void> {
    if (this.tenant.shard === null)
      await this.from.query('update app.tenant set moving_until = null where id = $1 and shard is null', [
        this.tenant.id,
      ]);
  }

  /** Takes everything away again that is on the other server. */
  async giveUp(): Promise<void> {
    await this.goOn();
    await this.endCopy();
    const { id } = this.tenant;
    await this.to.query(`delete from pgboss.job where group_id = $1 and start_after = 'infinity'`, [id]);
    await this.removeRows(this.to);
    await this.to.query("delete from app.tenant where id = $1 and status = 'arriving'", [id]);
  }

  async removeLeft(): Promise<number> {
    const [there] = await rows<Tenant>(this.to, 'select id, status, shard from app.tenant where id = $1', [
      this.tenant.id,
    ]);
    if (this.tenant.shard === null || !there || there.status === 'arriving')
      throw new Error(`${this.move.slug} has not moved to ${this.move.shard}: its rows stay.`);
    // Were the copy still running it would carry the removal along.
    await this.endCopy();
    return this.removeRows(this.from);
  }

  /** All rows of the tenant on one server. No key is checked: whatever they refer to goes with them. */
  private async removeRows(client: pg.Client): Promise<number> {
    let count = 0;
    await client.query('set session_replication_role = replica');
    for (const table of this.tables.keys()) {
      const some = `select ctid from ${table} where tenant_id = $1 limit 5000`;
      for (let gone = 1; gone > 0; count += gone) {
        const result = await client.query(`delete from ${table} where ctid = any(array(${some}))`, [this.tenant.id]);
        gone = result.rowCount ?? 0;
      }
    }
    await client.query('set session_replication_role = origin');
    return count;
  }

  private async endCopy(): Promise<void> {
    if (await this.subscription()) await this.to.query(`drop subscription ${this.name}`);
    // One whose making was cut short has left its slot.
    await this.until(30_000, async () => {
      const [slot] = await rows<{ active: boolean }>(
        this.from,
        'select active from pg_replication_slots where slot_name = $1',
        [this.name],
      );
      if (slot && !slot.active) await this.from.query('select pg_drop_replication_slot($1)', [this.name]);
      return !slot;
    });
    await this.from.query(`drop publication if exists ${this.name}`);
  }

  private async subscription(): Promise<boolean> {
    return (await rows(this.to, 'select from pg_subscription where subname = $1', [this.name])).length > 0;
  }

  private async until(ms: number, met: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + ms;
    while (!(await met())) {
      if (performance.now() > end) throw new Error('The pause was too short: nothing has moved. Give a longer one.');
      // A pause is short, and a copy long.
      await sleep(this.pausedAt ? 5 : 100);
    }
  }
}

/** What was copied is not what was there. */
class Different extends Error {}

/** @throws Error in one line when a tenant cannot move from the one to the other */
async function requireFit(from: pg.Client, to: pg.Client): Promise<void> {
  const facts = (client: pg.Client) =>
    rows<{ cluster: string; version: number; level: string; newest: string }>(
      client,
      `select (select system_identifier::text from pg_control_system()) as cluster,
         current_setting('server_version_num')::int as version, current_setting('wal_level') as level,
         (select max(created_at)::text from app_migrations.__drizzle_migrations) as newest`,
    );
  const [[here], [there]] = await Promise.all([facts(from), facts(to)]);
  if (!here || !there) throw new Error('A server does not say what it is.');
  if (here.cluster === there.cluster) throw new Error('Both addresses lead to the same server.');
  if (Math.min(here.version, there.version) < 150000) throw new Error('Both servers must be Postgres 15 or newer.');
  if (here.level !== 'logical')
    throw new Error("The server the workspace leaves needs wal_level = 'logical' (and a restart after setting it).");
  if (here.newest !== there.newest)
    throw new Error('The two databases are not of the same version: migrate both first.');
}

/** Tables with a tenant: new ones join by existing. */
async function tenantTables(client: pg.Client): Promise<Map<string, string[]>> {
  const found = await rows<{ name: string; columns: string[] }>(
    client,
    `select format('app.%I', c.relname) as name, array_agg(a.attname::text order by a.attname) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and exists (
       select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id' and not t.attisdropped)
     group by c.relname order by c.relname`,
  );
  return new Map(found.map(({ name, columns }) => [name, columns]));
}

async function rows<T extends object>(client: pg.Client, text: string, values?: unknown[]): Promise<T[]> {
  return (await client.query<T & pg.QueryResultRow>(text, values)).rows;
}
