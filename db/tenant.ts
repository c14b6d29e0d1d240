import type { Writable } from 'node:stream';
import { and, eq, getTableColumns, type SQL, sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import {
  type PgColumn,
  PgDialect,
  type PgInsertValue,
  type PgSelect,
  type PgTable,
  type PgUpdateSetSource,
} from 'drizzle-orm/pg-core';
import type pg from 'pg';
import { abandon, callerGone, currentCaller } from './caller';
import { observer } from './observe';
import { commitWrite, reading } from './replica';
import { poolOf, writeGate } from './shards';

/** A table whose rows belong to tenants. */
export type TenantTable = PgTable & { tenantId: PgColumn };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const dialect = new PgDialect({ casing: 'snake_case' });
const databases = new WeakMap<object, NodePgDatabase>();

/** Names of the statements whose plans are kept, and how often others came. Every connection keeps each of them. */
const kept = new Map<string, string>();
const seen = new Map<string, number>();
const maxKept = 150;

/** A name for a statement that comes again and again; undefined for one that does not. */
function nameOf(text: string): string | undefined {
  const name = kept.get(text);
  if (name || kept.size >= maxKept) return name;
  const times = (seen.get(text) ?? 0) + 1;
  if (times < 3) {
    if (seen.size > 1000) seen.clear();
    seen.set(text, times);
    return undefined;
  }
  seen.delete(text);
  const given = `kept.${kept.size}`;
  kept.set(text, given);
  return given;
}

const corked = new WeakSet<object>();

/** What a request sends in one turn of the event loop leaves in one message: each costs both sides a system call. */
function together(client: pg.PoolClient): void {
  // The socket: the driver's types leave it out.
  const { stream } = client.connection as unknown as { stream: Writable };
  if (corked.has(stream)) return;
  corked.add(stream);
  stream.cork();
  process.nextTick(() => {
    corked.delete(stream);
    stream.uncork();
  });
}

/**
 * The only way to a tenant's rows: one transaction with the tenant set for its length, READ ONLY for queries.
 * `BEGIN; SET LOCAL` goes out in one message and nobody waits for it before the first statement; if it fails the
 * statements after it fail too, since no context is an error. When the caller goes away, what a query is running is
 * cancelled; a change that has begun is carried out.
 * @throws what `work` throws, after rolling back; pg errors when the server refuses or goes away
 */
export async function inTenant<T>(
  tenantId: string,
  mode: 'read' | 'write',
  work: (db: TenantDb) => Promise<T>,
): Promise<T> {
  // The id is written into the statement, so its shape is the guard against injection.
  if (!UUID.test(tenantId)) throw new Error('Not a tenant id');
  const run = () =>
    mode === 'write'
      ? transaction(poolOf(tenantId), tenantId, mode, work)
      : reading(tenantId, poolOf(tenantId), (from) => transaction(from, tenantId, mode, work));
  try {
    return observer.transaction ? await observer.transaction(mode, run) : await run();
  } catch (error) {
    observer.failed?.(error);
    throw error;
  }
}

async function transaction<T>(
  from: pg.Pool,
  tenantId: string,
  mode: 'read' | 'write',
  work: (db: TenantDb) => Promise<T>,
): Promise<T> {
  const caller = mode === 'read' ? currentCaller() : undefined;
  if (caller?.gone) throw callerGone();
  const client = await from.connect();
  if (caller?.gone) {
    // While it waited for the connection.
    client.release();
    throw callerGone();
  }
  let db: TenantDb | undefined;
  let dead: Error | undefined;
  const onError = (error: Error) => {
    dead = error;
  };
  client.on('error', onError);
  const unwatch = caller?.onLeave(() => {
    dead = callerGone();
    void abandon(client);
  });
  const release = (error?: Error) => {
    client.off('error', onError);
    // A broken client is discarded, never used again.
    client.release(dead ?? error);
  };
  try {
    together(client);
    const gate = mode === 'write' ? writeGate(tenantId) : '';
    const begun = client.query(
      `begin${mode === 'read' ? ' read only' : ''}; set local app.tenant_id = '${tenantId}'${gate}`,
    );
    begun.catch(() => {});
    db = new TenantDb(client, tenantId);
    // A tenant that is moving is why, whatever fails after it.
    if (gate) db.requires(begun);
    const result = await work(db);
    await db.required();
    unwatch?.();
    if (mode === 'read') {
      // Nothing can be lost by a read's commit: the answer need not wait for it.
      Promise.all([begun, client.query('commit')]).then(() => release(), release);
      return result;
    }
    // Sent behind what nobody has waited for: had that failed, this would be a rollback, and say so below.
    await Promise.all([begun, ...(await db.sent()), commitWrite(tenantId, client, from)]);
    release();
    return result;
  } catch (error) {
    unwatch?.();
    if (dead) release();
    else client.query('rollback').then(() => release(), release);
    // After the rollback has left: what is asked for here has been sent before it.
    throw db ? await db.reasonFor(error) : error;
  }
}

/** One tenant's view of the database. Adds the tenant to every statement it builds: plans fit the tenant, Citus can route. */
export class TenantDb {
  readonly tenantId: string;
  readonly client: pg.PoolClient;
  private readonly db: NodePgDatabase;
  private readonly unawaited: Promise<unknown>[] = [];
  private readonly requirements: Promise<unknown>[] = [];
  /** The first of the statements nobody waited for that failed. */
  private failed: { error: unknown } | undefined;

  constructor(client: pg.PoolClient, tenantId: string) {
    this.client = client;
    this.tenantId = tenantId;
    let db = databases.get(client);
    if (!db) {
      db = drizzle(client, { casing: 'snake_case' });
      databases.set(client, db);
    }
    this.db = db;
  }

  /**
   * Takes questions under way that must be answered well for anything the transaction does: that a record is in reach.
   * What follows need not wait, and travels with them. Nothing is committed, and no answer given, before they are; what
   * they refuse is what the transaction ends with, whatever else went wrong.
   */
  requires(...questions: Promise<unknown>[]): void {
    for (const question of questions) {
      question.catch(() => {});
      this.requirements.push(question);
    }
  }

  /** @throws what the first of the questions refused */
  async required(): Promise<void> {
    // Those that are asked while others are waited for are waited for too.
    for (const question of this.requirements) await question;
  }

  /** Why the transaction failed: what was required, then the first statement that went wrong, then what was thrown. */
  async reasonFor(thrown: unknown): Promise<unknown> {
    const answers = await Promise.allSettled(this.requirements);
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    // What comes after a statement that failed fails too, and says nothing.
    const told = [...refused, ...(this.failed ? [this.failed.error] : [])].filter((error) => !isAborted(error));
    return told.length > 0 ? told[0] : thrown;
  }

  /**
   * Takes statements under way whose answers nobody needs: the transaction ends with them, in the same round trip, or
   * fails as they do. Statements after them find what they wrote.
   */
  unheard(...statements: Promise<unknown>[]): void {
    for (const statement of statements) {
      this.unawaited.push(statement);
      statement.catch((error) => {
        this.failed ??= { error };
      });
    }
  }

  /**
   * Whatever nobody waited for has left.
   * @throws what kept one of them from leaving, after which a commit would keep the others
   */
  async sent(): Promise<Promise<unknown>[]> {
    if (this.unawaited.length === 0) return this.unawaited;
    // What the driver cannot put into words it says before this.
    await new Promise((resolve) => setImmediate(resolve));
    if (this.failed) throw this.failed.error;
    return this.unawaited;
  }

  /** `tenant_id = $n` of a table, for statements written with `sql`. */
  own(table: TenantTable): SQL {
    return eq(table.tenantId, this.tenantId);
  }

  /** Rows of a statement written with `sql`; every table in it carries `own(table)`. */
  async rows<T>(statement: SQL): Promise<T[]> {
    const { text, values } = this.compile(statement);
    together(this.client);
    // The caller names the columns it selected; Postgres returns exactly those.
    return (await this.client.query(text, values)).rows as T[];
  }

  /** Drizzle's select, with the tenant in every where and join. */
  select<F extends Record<string, unknown>>(fields: F) {
    return {
      from: <T extends TenantTable>(table: T) =>
        this.bound(
          this.db
            .select(fields as never)
            .from(table as PgTable)
            .$dynamic(),
          table,
        ) as unknown as Bound<F>,
    };
  }

  /** All columns of the rows of a table that meet a condition. */
  async find<T extends TenantTable>(
    table: T,
    where?: SQL,
    options: { lock?: boolean; limit?: number; orderBy?: SQL | PgColumn } = {},
  ): Promise<T['$inferSelect'][]> {
    const { orderBy, limit, lock } = options;
    // The pool's parsers give the types that the schema declares, so drizzle has nothing to decode.
    return this.kept(sql`select ${allColumns(table)} from ${table} where ${and(this.own(table), where)}
      ${orderBy ? sql`order by ${orderBy}` : sql``} ${limit ? sql`limit ${limit}` : sql``} ${lock ? sql`for update` : sql``}`);
  }

  async insert<T extends TenantTable>(table: T, values: PgInsertValue<T> | PgInsertValue<T>[]): Promise<void> {
    if (Array.isArray(values) && values.length === 0) return;
    await this.db.insert(table).values(values as PgInsertValue<T>[]);
  }

  /** Inserts, leaving rows that are there already as they are. */
  async insertMissing<T extends TenantTable>(table: T, values: PgInsertValue<T>[]): Promise<void> {
    if (values.length === 0) return;
    await this.db.insert(table).values(values).onConflictDoNothing();
  }

  async upsert<T extends TenantTable>(
    table: T,
    values: PgInsertValue<T>,
    target: PgColumn[],
    set: PgUpdateSetSource<T>,
  ): Promise<void> {
    await this.db.insert(table).values(values).onConflictDoUpdate({ target, set });
  }

  /** @returns how many rows changed */
  async update<T extends TenantTable>(table: T, set: PgUpdateSetSource<T>, where: SQL | undefined): Promise<number> {
    const result = await this.db
      .update(table)
      .set(set)
      .where(and(this.own(table), where));
    return result.rowCount ?? 0;
  }

  async delete<T extends TenantTable>(table: T, where: SQL | undefined): Promise<number> {
    const result = await this.db.delete(table).where(and(this.own(table), where));
    return result.rowCount ?? 0;
  }

  /** A statement by text and values, named so that Postgres keeps its plan: for hot paths only. */
  async prepared<T extends pg.QueryResultRow>(name: string, text: string, values: unknown[]): Promise<T[]> {
    together(this.client);
    return (await this.client.query<T>({ name, text, values })).rows;
  }

  /**
   * Statements that write, sent as one: each costs both sides a message and an answer. All of them see what was there
   * before any of them, and none may touch a row that another touches. The same ones in the same order keep their plan.
   */
  async atOnce(parts: readonly Part[]): Promise<void> {
    const key = parts.map(({ name }) => name).join(' ');
    let whole = wholes.get(key);
    if (!whole) {
      whole = { text: joined(parts), name: wholes.size < maxKept ? `whole.${wholes.size}` : undefined };
      if (whole.name) wholes.set(key, whole);
    }
    together(this.client);
    await this.client.query({ ...whole, values: parts.flatMap(({ values }) => values) });
  }

  /**
   * Rows of a short statement that many requests send: Postgres keeps its plan once it has come a few times. Not for
   * statements whose best plan depends on their values, such as sums over a tenant's records.
   */
  async kept<T>(statement: SQL): Promise<T[]> {
    const { text, values } = this.compile(statement);
    together(this.client);
    // The caller names the columns it selected; Postgres returns exactly those.
    return (await this.client.query({ name: nameOf(text), text, values })).rows as T[];
  }

  /** Rows as arrays of values in the order selected; `kept` as above. */
  async arrays(text: string, values: unknown[], kept: boolean): Promise<unknown[][]> {
    together(this.client);
    return (await this.client.query({ name: kept ? nameOf(text) : undefined, text, values, rowMode: 'array' })).rows;
  }

  /** Text and parameters of a statement, to be kept and run as `prepared`. */
  compile(statement: SQL): { text: string; values: unknown[] } {
    const built = dialect.sqlToQuery(statement);
    return { text: built.sql, values: built.params };
  }

  private bound<Q extends PgSelect>(query: Q, table: TenantTable): Q {
    const { where, leftJoin, innerJoin } = query;
    const own = (t: TenantTable, condition?: SQL) => and(this.own(t), condition);
    Object.assign(query, {
      where: (condition?: SQL) => where.call(query, own(table, condition)),
      leftJoin: (t: TenantTable, on: SQL) => leftJoin.call(query, t, own(t, on)),
      innerJoin: (t: TenantTable, on: SQL) => innerJoin.call(query, t, own(t, on)),
    });
    where.call(query, this.own(table));
    return query;
  }
}

/** A statement that writes, by a name that says which it is: the same name is always the same text. */
export interface Part {
  name: string;
  text: string;
  values: unknown[];
}

const wholes = new Map<string, { text: string; name: string | undefined }>();

/** One statement of several, with the parameters of each behind those of the one before it. */
function joined(parts: readonly Part[]): string {
  let before = 0;
  const texts = parts.map(({ text, values }) => {
    const past = before;
    before += values.length;
    return text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + past}`);
  });
  const last = texts.pop() ?? '';
  return texts.length > 0 ? `with ${texts.map((text, i) => `part${i} as (${text})`).join(', ')} ${last}` : last;
}

/** in_failed_sql_transaction: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const isAborted = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '25P02';

const columnLists = new WeakMap<TenantTable, SQL>();

/** `"stage_id" as "stageId", …`: built once per table. */
function allColumns(table: TenantTable): SQL {
  let list = columnLists.get(table);
  if (!list) {
    const named = Object.entries(getTableColumns(table)).map(
      ([name, column]) => sql`${column} as ${sql.identifier(name)}`,
    );
    list = sql.raw(dialect.sqlToQuery(sql.join(named, sql`, `)).sql);
    columnLists.set(table, list);
  }
  return list;
}

type Cell<C> =
  C extends PgColumn<infer Config>
    ? Config['notNull'] extends true
      ? Config['data']
      : Config['data'] | null
    : C extends SQL.Aliased<infer S>
      ? S
      : C extends SQL<infer S>
        ? S
        : never;
/** What a bound select offers: drizzle's chain, its rows typed by the selected fields. */
export interface Bound<F> extends PromiseLike<{ [K in keyof F]: Cell<F[K]> }[]> {
  where(condition?: SQL): Bound<F>;
  leftJoin(table: TenantTable, on: SQL | undefined): Bound<F>;
  innerJoin(table: TenantTable, on: SQL | undefined): Bound<F>;
  groupBy(...by: (SQL | PgColumn | SQL.Aliased)[]): Bound<F>;
  having(condition: SQL): Bound<F>;
  orderBy(...by: (SQL | PgColumn | SQL.Aliased)[]): Bound<F>;
  limit(rows: number): Bound<F>;
  for(strength: 'update'): Bound<F>;
}
