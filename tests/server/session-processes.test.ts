import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { sessionsChanged, tenantSetStatus } from '@/db/global';
import { startBus } from '@/server/core/bus';
import { sessionCookie } from '@/server/core/session';
import { LiveStream } from '../support/live';
import { bundle } from '../support/server-process';
import { createTestTenant, password, superuser, type TestTenant } from '../support/tenants';

const name = `doors-${process.pid}`;
let program: string;
let child: ChildProcess;
let url: string;

beforeAll(async () => {
  // Beside the packages it imports.
  program = path.resolve('dist', `test-doors-${process.pid}`, 'doors.mjs');
  await bundle(process.cwd(), 'tests/support/door-process.ts', program);
  child = spawn(process.execPath, [program], {
    env: { ...process.env, NODE_ENV: 'test', TEST_DATABASE: `${inject('database').app}?application_name=${name}` },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  url = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk;
      const port = /port (\d+)/.exec(text)?.[1];
      if (port) resolve(`http://127.0.0.1:${port}`);
    });
    child.once('exit', (code) => reject(new Error(`The other process ended with ${code}`)));
  });
  await listening();
});
afterAll(async () => {
  child.stdin?.end();
  if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
  await rm(path.dirname(program), { recursive: true, force: true });
});

/** Connections by which the other process hears. */
const listeners = () =>
  superuser(async (c) => {
    const { rows } = await c.query<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = $1 and query in ('listen "guanxi_sessions"', 'select 1')`,
      [name],
    );
    return rows;
  });
const listening = () => vi.waitFor(async () => expect(await listeners()).not.toEqual([]), { timeout: 20_000 });

/** Statuses of the other process's doors to a person. */
async function screen(tenant: TestTenant, sid = tenant.sid): Promise<number> {
  const headers = { 'sec-fetch-site': 'same-origin', cookie: `${sessionCookie(false)}=${sid}` };
  return (await fetch(`${url}/api/trpc/${tenant.slug}/tenant.boot`, { headers })).status;
}
const rest = async (key: string) =>
  (await fetch(`${url}/api/v1/companies`, { headers: { authorization: `Bearer ${key}` } })).status;

/** That an answer changes with the change: the other process remembers for an hour, so only a message can have done it. */
async function atOnce(ask: () => Promise<number>, before: number, change: () => Promise<unknown>, after: number) {
  expect(await ask()).toBe(before);
  await change();
  await expect.poll(ask, { timeout: 20_000 }).toBe(after);
}

/** Without a message: only who asks again sees it. */
const silently = (status: string, tenant: TestTenant) =>
  superuser((c) => c.query('update app.tenant set status = $2 where id = $1', [tenant.tenantId, status]));

describe('another process on the same database', () => {
  it('tells its streams what this one changes, and ends them with their sessions', async () => {
    const tenant = await createTestTenant();
    const stop = startBus(inject('database').app, { warn: () => {} });
    const stream = await LiveStream.open(url, tenant.slug, tenant.sid);
    try {
      await vi.waitFor(
        async () => {
          // Until both have their connection.
          const { id } = await tenant.api.companies.create({ values: { name: 'Tidewheel' } });
          await vi.waitFor(() => expect(stream.records()).toContain(`company ${id} create`), { timeout: 1000 });
        },
        { timeout: 20_000 },
      );
      await tenant.api.account.signOut();
      await expect.poll(() => stream.isOver, { timeout: 20_000 }).toBe(true);
      expect(stream.events().at(-1)).toEqual({ event: 'end', data: { reason: 'session' } });
    } finally {
      stream.close();
      await stop();
    }
  });

  it('S3: closes its doors to a session, a member, a key and a tenant that this one ends', async () => {
    const tenant = await createTestTenant();
    const [out, revoked, left] = [
      await tenant.person('admin'),
      await tenant.person('admin'),
      await tenant.person('admin'),
    ];
    await atOnce(
      () => screen(tenant, out.sid),
      200,
      () => out.api.account.signOut(),
      401,
    );
    await atOnce(
      () => screen(tenant, revoked.sid),
      200,
      () => tenant.api.members.revokeSessions({ id: revoked.memberId }),
      401,
    );
    await atOnce(
      () => screen(tenant, left.sid),
      200,
      () => tenant.api.members.deactivate({ id: left.memberId }),
      404,
    );
    await atOnce(
      () => screen(tenant),
      200,
      () => tenant.api.account.stepUp({ password }),
      401,
    );
    const key = await tenant.api.apiKeys.create({ name: 'k', access: 'read' });
    await atOnce(
      () => rest(key.secret),
      200,
      () => tenant.api.apiKeys.revoke({ id: key.id }),
      401,
    );
    await atOnce(
      () => screen(tenant, tenant.context.sid),
      200,
      () => tenantSetStatus(tenant.tenantId, 'suspended'),
      404,
    );
  });

  it('S3: asks again once it loses the connection by which it hears, and hears again afterwards', async () => {
    const tenant = await createTestTenant();
    expect(await screen(tenant)).toBe(200);
    await silently('suspended', tenant);
    // It does remember: otherwise nothing here would be shown.
    expect(await screen(tenant)).toBe(200);
    const before = await listeners();
    await superuser(async (c) => {
      for (const { pid } of before) await c.query('select pg_terminate_backend($1)', [pid]);
    });
    await expect.poll(() => screen(tenant), { timeout: 20_000 }).toBe(404);
    await listening();
    await silently('active', tenant);
    await sessionsChanged();
    await expect.poll(() => screen(tenant), { timeout: 20_000 }).toBe(200);
    await atOnce(
      () => screen(tenant),
      200,
      () => tenant.api.account.signOut(),
      401,
    );
  });
});
