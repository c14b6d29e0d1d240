import { sql } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { inTenant } from '@/db/tenant';
import { readEnv } from '@/server/core/env';
import { newId } from '@/server/core/ids';
import { createLog, log } from '@/server/core/log';
import { noteDatabaseError } from '@/server/core/security-signals';
import { createHttp, type HttpDeps } from '@/server/http';
import { readExposition } from '../support/exposition';
import { machineCall, screenCall } from '../support/http';
import { createTestTenant, type TestTenant } from '../support/tenants';

let app: FastifyInstance;
let tenant: TestTenant;

beforeAll(async () => {
  log.level = 'silent';
  tenant = await createTestTenant();
  app = await serve({});
});
afterAll(() => app.close());

const serve = (env: Record<string, string>) =>
  createHttp({
    env: readEnv({ NODE_ENV: 'test', ...env }),
    log: createLog(() => {}),
    jobs: { enqueue: async () => {} } as unknown as HttpDeps['jobs'],
    mailer: { send: async () => {} },
    ready: async () => undefined,
    now: () => new Date(),
  });

const figures = async () => {
  const samples = readExposition((await app.inject('/metrics')).body);
  return {
    samples,
    value: (name: string, labels: Record<string, string> = {}) =>
      samples.find(
        (sample) =>
          sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
      )?.value,
  };
};
const requests = 'guanxi_http_request_duration_seconds_count';

describe('what the process tells of itself', () => {
  it('V2: requests by door, route and status; no tenant, no person, no id', async () => {
    const { secret } = await tenant.api.apiKeys.create({ name: 'k', access: 'write' });
    const created = await machineCall(app, secret, 'POST', '/companies', { name: 'Acme' });
    const { id } = created.json();
    await machineCall(app, secret, 'GET', `/companies/${id}`);
    await machineCall(app, secret, 'GET', `/companies/${newId()}`);
    await screenCall(app, tenant, 'companies.list,deals.list', { 0: {}, 1: {} }, {}, 'GET');
    await screenCall(app, tenant, `no.${tenant.slug}`, {}, {}, 'GET');
    await app.inject(`/nowhere/${tenant.slug}`);
    const { samples, value } = await figures();
    expect(value(requests, { door: 'rest', route: 'POST /api/v1/companies', status: '201' })).toBe(1);
    expect(value(requests, { door: 'rest', route: 'GET /api/v1/companies/:id', status: '200' })).toBe(1);
    expect(value(requests, { door: 'rest', route: 'GET /api/v1/companies/:id', status: '404' })).toBe(1);
    expect(value(requests, { door: 'trpc', route: 'companies.list' })).toBe(1);
    expect(value(requests, { door: 'trpc', route: 'deals.list' })).toBe(1);
    expect(value(requests, { door: 'trpc', route: 'unknown' })).toBe(1);
    const labels = JSON.stringify(samples.map((sample) => sample.labels));
    for (const value of [tenant.slug, tenant.tenantId, tenant.memberId, tenant.email, id]) {
      expect(labels).not.toContain(value);
    }
  });

  it('V2: connections, gates, queues, the event loop, refusals', async () => {
    await screenCall(app, tenant, 'companies.get', { id: newId() }, {}, 'GET');
    const { samples, value } = await figures();
    expect(value('guanxi_db_connections', { pool: 'requests', state: 'max' })).toBe(8);
    expect(value('guanxi_db_connections', { pool: 'requests', state: 'waiting' })).toBe(0);
    expect(value('guanxi_admission', { gate: 'calls', state: 'inside' })).toBe(0);
    expect(value('guanxi_queue_depth', { queue: 'mail' })).toBeGreaterThanOrEqual(0);
    expect(value('guanxi_queue_oldest_seconds', { queue: 'import' })).toBeGreaterThanOrEqual(0);
    expect(value('guanxi_remembered', { kind: 'sessions' })).toBeGreaterThanOrEqual(0);
    expect(value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    expect(value('guanxi_refusals_total', { code: 'notFound' })).toBeGreaterThanOrEqual(1);
    expect(samples.length).toBeLessThan(5000);
  });

  it('V4: counts what the database refuses to keep tenants apart', async () => {
    const before = await figures();
    const other = newId();
    await expect(
      inTenant(tenant.tenantId, 'write', (db) =>
        db.rows(sql`insert into app.team (tenant_id, id, name) values (${other}, ${newId()}, 'x')`),
      ),
    ).rejects.toThrow('row-level security');
    const client = new pg.Client({ connectionString: inject('database').app });
    await client.connect();
    const countAll = () => client.query('select count(*) from app.company').catch(noteDatabaseError);
    await countAll();
    await client.query("begin; set local app.tenant_id = 'x'; commit");
    await countAll();
    await client.end();
    const after = await figures();
    const more = (kind: string) => {
      const name = 'guanxi_security_events_total';
      return (after.value(name, { kind }) ?? 0) - (before.value(name, { kind }) ?? 0);
    };
    expect([more('rowPolicy'), more('noTenant')]).toEqual([1, 2]);
  });

  it('V4: counts a member who tries one id after the other', async () => {
    const events = async () => (await figures()).value('guanxi_security_events_total', { kind: 'foreignIds' });
    const { secret } = await tenant.api.apiKeys.create({ name: 'k', access: 'read' });
    const before = (await events()) ?? 0;
    for (let i = 0; i < 31; i++) await machineCall(app, secret, 'GET', `/companies/${newId()}`);
    expect(await events()).toBe(before + 1);
  });

  it('V2: is told to programs on this machine only, or to whoever has the token', async () => {
    const asked = async (on: FastifyInstance, headers: Record<string, string> = {}, remoteAddress = '127.0.0.1') =>
      (await on.inject({ url: '/metrics', headers, remoteAddress })).statusCode;
    expect(await asked(app)).toBe(200);
    expect(await asked(app, {}, '10.1.2.3')).toBe(404);
    expect(await asked(app, { 'x-forwarded-for': '10.1.2.3' })).toBe(404);
    const open = await serve({ PUBLIC_URL: 'https://crm.example' });
    expect(await asked(open)).toBe(404);
    const token = 'k7Qm2vX9bTn4Lw8s';
    const guarded = await serve({ PUBLIC_URL: 'https://crm.example', METRICS_TOKEN: token });
    expect(await asked(guarded)).toBe(404);
    expect(await asked(guarded, { authorization: 'Bearer wrong' })).toBe(404);
    expect(await asked(guarded, { authorization: `Bearer ${token}` }, '10.1.2.3')).toBe(200);
    await Promise.all([open.close(), guarded.close()]);
  });
});
