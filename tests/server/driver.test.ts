import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Caller, forCaller } from '@/db/caller';
import { asJob, closePool, openJobPool, openPool, pool, poolFigures } from '@/db/pool';
import { inTenant, type TenantDb } from '@/db/tenant';
import { toRefusal } from '@/server/core/errors';
import { newId } from '@/server/core/ids';
import { superuser } from '../support/tenants';

// What a database does to us when it is slow, busy or gone: the promise rejects, the process lives, the next query works.

const tenantId = newId();
const idleErrors: Error[] = [];

beforeAll(() => {
  const options = { max: 3, waitMs: 2000, onError: (error: Error) => void idleErrors.push(error) };
  openPool({ ...options, connectionString: inject('database').app });
  openJobPool({ ...options, connectionString: inject('database').worker });
});
afterAll(() => closePool());

const works = async () =>
  expect(await inTenant(tenantId, 'read', (db) => db.rows(sql`select 1 as one`))).toEqual([{ one: 1 }]);
const stateOf = async (db: TenantDb) => {
  const [row] = await db.rows<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  return row?.pid ?? 0;
};
const terminate = (pid: number) => superuser((client) => client.query('select pg_terminate_backend($1)', [pid]));

describe('a connection that the server closes', () => {
  it('H2: inside a transaction rejects the promise, and the next query works', async () => {
    const ended = inTenant(tenantId, 'write', async (db) => {
      await terminate(await stateOf(db));
      await sleep(100);
      return db.rows(sql`select 1`);
    });
    const error = await ended.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(toRefusal(error)?.kind).toBe('unavailable');
    await works();
  });

  it('H2: while it idles in the pool is replaced, and nothing else happens', async () => {
    const pid = await inTenant(tenantId, 'read', stateOf);
    await sleep(50);
    const removed = new Promise((resolve) => pool().once('remove', resolve));
    await terminate(pid);
    await removed;
    expect(idleErrors.length).toBeGreaterThan(0);
    await works();
  });
});

describe('the timeouts of the roles', () => {
  it('O2: are those that were decided', async () => {
    const settings = async (role: string) =>
      superuser(async (client) => {
        const { rows } = await client.query<{ rolconfig: string[] }>(
          'select rolconfig from pg_roles where rolname = $1',
          [role],
        );
        return rows[0]?.rolconfig;
      });
    expect(await settings('crm_app')).toEqual(
      expect.arrayContaining([
        'statement_timeout=5s',
        'lock_timeout=2s',
        'idle_in_transaction_session_timeout=5s',
        'transaction_timeout=30s',
      ]),
    );
    expect(await settings('crm_worker')).toEqual(
      expect.arrayContaining([
        'statement_timeout=60s',
        'lock_timeout=2s',
        'idle_in_transaction_session_timeout=15s',
        'transaction_timeout=10min',
      ]),
    );
  });

  it("O2: reach the requests' and the jobs' own connections", async () => {
    const timeout = () =>
      inTenant(tenantId, 'read', (db) =>
        db.rows(sql`select current_setting('statement_timeout') as t, current_user as u`),
      );
    expect(await timeout()).toEqual([{ t: '5s', u: 'crm_app' }]);
    expect(await asJob(timeout)).toEqual([{ t: '1min', u: 'crm_worker' }]);
  });

  /** The refusal that a piece of work ends with; afterwards the pool works as before. */
  async function refusal(work: (db: TenantDb) => Promise<unknown>) {
    const error = await inTenant(tenantId, 'write', work).catch((thrown: unknown) => thrown);
    await works();
    const { kind, detail, retryAfter } = toRefusal(error) ?? {};
    return { kind, code: detail?.code, retries: Boolean(retryAfter) };
  }

  it('O2: a statement that takes too long ends', async () => {
    expect(
      await refusal(async (db) => {
        await db.rows(sql`set local statement_timeout = '50ms'`);
        await db.rows(sql`select pg_sleep(30)`);
      }),
    ).toEqual({ kind: 'unavailable', code: 'tookTooLong', retries: true });
  });

  it('O2: waiting for a lock ends after the two seconds of the role', async () => {
    await superuser(async (client) => {
      await client.query('begin; select pg_advisory_xact_lock(20001)');
      const waited = await refusal((db) => db.rows(sql`select pg_advisory_xact_lock(20001)`));
      await client.query('rollback');
      expect(waited).toEqual({ kind: 'unavailable', code: 'busy', retries: true });
    });
  });

  it('O2: a transaction that does nothing ends, and its connection with it', async () => {
    expect(
      await refusal(async (db) => {
        await db.rows(sql`set local idle_in_transaction_session_timeout = '50ms'`);
        await sleep(300);
        await db.rows(sql`select 1`);
      }),
    ).toMatchObject({ kind: 'unavailable', retries: true });
  });

  it('O2: a transaction that goes on for too long ends', async () => {
    // The pool hands out next what came back last, and a transaction keeps the timeout it began with.
    const client = await pool().connect();
    await client.query("set transaction_timeout = '100ms'");
    client.release();
    expect(
      await refusal(async (db) => {
        for (let i = 0; i < 50; i++) await db.rows(sql`select pg_sleep(0.01)`);
      }),
    ).toMatchObject({ kind: 'unavailable', retries: true });
  });
});

describe('a caller who goes away', () => {
  const running = (marker: string) =>
    superuser(async (client) => {
      const { rows } = await client.query<{ n: number }>(
        "select count(*)::int as n from pg_stat_activity where state = 'active' and query like $1 and pid <> pg_backend_pid()",
        [`%${marker}%`],
      );
      return rows[0]?.n;
    });

  it('O3: stops what a query is running, and its connection serves nobody else', async () => {
    const caller = new Caller();
    const before = poolFigures()[0]?.total ?? 0;
    const ended = forCaller(caller, () =>
      inTenant(tenantId, 'read', (db) => db.rows(sql`select pg_sleep(4), 'marker-read'`)),
    ).catch((thrown: unknown) => thrown);
    await expect.poll(() => running('marker-read')).toBe(1);
    caller.leave();
    expect(toRefusal(await ended)?.kind).toBe('unavailable');
    await expect.poll(() => running('marker-read'), { timeout: 2000 }).toBe(0);
    await expect.poll(() => poolFigures()[0]?.total ?? 0).toBeLessThanOrEqual(before);
    await works();
  });

  it('O3: asks for nothing more once gone', async () => {
    const caller = new Caller();
    caller.leave();
    await expect(forCaller(caller, () => inTenant(tenantId, 'read', works))).rejects.toThrow('gone');
  });

  it('O3: does not undo a change that has begun', async () => {
    const caller = new Caller();
    const [row] = await forCaller(caller, () =>
      inTenant(tenantId, 'write', async (db) => {
        caller.leave();
        return db.rows<{ done: boolean }>(sql`select pg_sleep(0.5), true as done`);
      }),
    );
    expect(row?.done).toBe(true);
  });
});

describe('a pool that is used up', () => {
  it('O1: turns away who would wait in an endless line', async () => {
    const asked = Array.from({ length: 300 }, () =>
      inTenant(tenantId, 'read', (db) => db.rows(sql`select pg_sleep(0.01)`)),
    );
    expect(poolFigures()[0]?.waiting).toBeLessThanOrEqual(200);
    const ended = await Promise.allSettled(asked);
    const refused = ended.flatMap((one) => (one.status === 'rejected' ? [toRefusal(one.reason)?.detail.code] : []));
    expect(refused.length).toBeGreaterThanOrEqual(90);
    expect(new Set(refused)).toEqual(new Set(['busy']));
    await works();
  });
});
