import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tenantSetStatus } from '@/db/global';
import { readEnv } from '@/server/core/env';
import { sessionCookie } from '@/server/core/session';
import { createHttp } from '@/server/http';
import { createTestTenant, type TestTenant } from '../support/tenants';

let app: FastifyInstance;
let tenant: TestTenant;
const lines: string[] = [];

beforeAll(async () => {
  tenant = await createTestTenant();
  app = await createHttp({
    env: readEnv({ LOG_LEVEL: 'info' }),
    log: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
    jobs: { enqueue: async () => {}, enqueueGlobal: async () => {} },
    mailer: {
      send: async () => {},
      outbox: async () => [
        { id: '1', at: '2026-06-01', to: 'a@b.c', subject: '<b>x</b>', text: 'see http://localhost/x', html: '' },
      ],
    },
    ready: async () => undefined,
    now: () => new Date(),
  });
});
afterAll(() => app.close());

/** A call as the page makes it; a header given as undefined is left out. */
const call = (path: string, body: unknown, headers: Record<string, string | undefined> = {}) => {
  const all = {
    'content-type': 'application/json',
    'sec-fetch-site': 'same-origin',
    cookie: `${sessionCookie(false)}=${tenant.sid}`,
    ...headers,
  };
  return app.inject({
    method: 'POST',
    url: `/api/trpc/${tenant.slug}/${path}`,
    headers: Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });
};

describe('the HTTP door', () => {
  it('answers a signed-in call, and a stranger with 401, and a member of elsewhere with 404', async () => {
    const made = await call('companies.create', { values: { name: 'Acme' } });
    expect(made.statusCode).toBe(200);
    expect((await call('companies.create', { values: { name: 'Acme' } }, { cookie: '' })).statusCode).toBe(401);
    const other = await createTestTenant();
    expect(
      (await call('companies.create', { values: { name: 'Acme' } }, { cookie: `${sessionCookie(false)}=${other.sid}` }))
        .statusCode,
    ).toBe(404);
  });

  it('C1: refuses writes that do not come from a page of its own as JSON', async () => {
    const body = { values: { name: 'Evil' } };
    expect((await call('companies.create', body, { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
    expect((await call('companies.create', body, { 'sec-fetch-site': 'same-site' })).statusCode).toBe(403);
    const noFetchMetadata = { 'sec-fetch-site': undefined };
    expect(
      (await call('companies.create', body, { ...noFetchMetadata, origin: 'https://evil.example' })).statusCode,
    ).toBe(403);
    expect((await call('companies.create', body, noFetchMetadata)).statusCode).toBe(403);
    expect(
      (
        await call('companies.create', body, {
          ...noFetchMetadata,
          origin: 'http://localhost:80',
          host: 'localhost:80',
        })
      ).statusCode,
    ).toBe(200);
    expect(
      (await call('companies.create', 'values=x', { 'content-type': 'application/x-www-form-urlencoded' })).statusCode,
    ).toBeGreaterThanOrEqual(400);
    expect(
      (await call('companies.create', JSON.stringify(body), { 'content-type': 'text/plain' })).statusCode,
    ).toBeGreaterThanOrEqual(400);
    const get = await app.inject({
      method: 'GET',
      url: `/api/trpc/${tenant.slug}/companies.create?input=${encodeURIComponent(JSON.stringify(body))}`,
      headers: { cookie: `${sessionCookie(false)}=${tenant.sid}` },
    });
    expect(get.statusCode).toBe(405);
  });

  it('X3: every answer carries the security headers, errors too', async () => {
    for (const response of [
      await app.inject('/livez'),
      await app.inject('/nowhere'),
      await call('companies.create', '{not json'),
      await call('no.such', {}),
    ]) {
      expect(response.headers['content-security-policy']).toMatch(
        /^default-src 'none'; |script-src 'nonce-[\w+/=]+' 'strict-dynamic'; /,
      );
      expect(response.headers['x-content-type-options']).toBe('nosniff');
      expect(response.headers['referrer-policy']).toBeTruthy();
      expect(response.headers['x-powered-by']).toBeUndefined();
      expect(response.headers['x-request-id']).toBeTruthy();
      expect(response.statusCode).toBeLessThan(500);
    }
  });

  it('compresses what a read answers at either door for whoever can read it, and never what a change does', async () => {
    const cookie = `${sessionCookie(false)}=${tenant.sid}`;
    const { secret } = await tenant.api.apiKeys.create({ name: 'k', access: 'read' });
    const input = encodeURIComponent(JSON.stringify({ 2: {} }));
    const doors: [string, Record<string, string>][] = [
      [`/api/trpc/${tenant.slug}/fields.list,pipelines.list,companies.list?batch=1&input=${input}`, { cookie }],
      ['/api/v1/tenant', { authorization: `Bearer ${secret}` }],
    ];
    for (const [url, headers] of doors) {
      const plain = await app.inject({ url, headers });
      const packed = await app.inject({ url, headers: { ...headers, 'accept-encoding': 'br, gzip' } });
      expect(packed.statusCode, url).toBe(200);
      expect(packed.headers['content-encoding'], url).toBe('gzip');
      expect(packed.headers.vary).toContain('accept-encoding');
      expect(packed.headers['content-type']).toBe(plain.headers['content-type']);
      expect(packed.headers['cache-control']).toBe('no-store');
      expect(JSON.parse(gunzipSync(packed.rawPayload).toString())).toEqual(plain.json());
      const refused = await app.inject({ url, headers: { ...headers, 'accept-encoding': 'gzip;q=0, br' } });
      expect(refused.headers['content-encoding'], url).toBeUndefined();
    }
    const name = 'x'.repeat(200);
    const changed = await call(
      Array(5).fill('companies.create').join(','),
      Object.fromEntries([0, 1, 2, 3, 4].map((i) => [i, { values: { name: `${name}${i}`, description: name } }])),
      { 'accept-encoding': 'gzip' },
    );
    expect(changed.headers['content-encoding']).toBeUndefined();
  });

  it('names each wrong field, its remedy, and never a stack or SQL', async () => {
    const response = await call('deals.create', {
      values: { name: '', amount: 1.5, nonsense: 1, tenantId: tenant.tenantId },
    });
    expect(response.statusCode).toBe(400);
    const { refusal } = response.json().error.data;
    const codes = Object.fromEntries(refusal.fields.map((f: { field: string; code: string }) => [f.field, f.code]));
    expect(codes).toMatchObject({
      'values.name': 'required',
      'values.amount': 'money',
      'values.nonsense': 'unknownField',
      'values.tenantId': 'unknownField',
    });
    expect(response.body).not.toMatch(/at \w+ \(|select |insert /i);
  });

  it('answers bad JSON and an oversized body with 4xx', async () => {
    expect((await call('companies.create', '{')).statusCode).toBe(400);
    expect(
      (await call('companies.create', { values: { name: 'x', description: 'y'.repeat(1_100_000) } })).statusCode,
    ).toBe(413);
  });

  it('logs one line a request with its id and tenant, and neither cookies nor bodies', async () => {
    lines.length = 0;
    await call('companies.create', { values: { name: 'Secret name' } });
    const line = JSON.parse(lines.find((l) => l.includes('"request"')) ?? '{}');
    expect(line).toMatchObject({ tenant: tenant.slug, status: 200, method: 'POST' });
    expect(line.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(lines.join('')).not.toContain('Secret name');
    expect(lines.join('')).not.toContain(tenant.sid);
  });

  it('T12: a suspended tenant is closed to its API keys and its pages within a second', async () => {
    const closed = await createTestTenant();
    const { secret } = await closed.api.apiKeys.create({ name: 'k', access: 'write' });
    const rest = () => app.inject({ url: '/api/v1/companies', headers: { authorization: `Bearer ${secret}` } });
    const page = () =>
      app.inject({
        url: `/api/trpc/${closed.slug}/companies.list?input=%7B%7D`,
        headers: { cookie: `${sessionCookie(false)}=${closed.sid}` },
      });
    expect([(await rest()).statusCode, (await page()).statusCode]).toEqual([200, 200]);
    await tenantSetStatus(closed.tenantId, 'suspended');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect([(await rest()).statusCode, (await page()).statusCode]).toEqual([401, 404]);
  });

  it('shows unsent mails as text, not as markup', async () => {
    const page = await app.inject('/outbox');
    expect(page.body).toContain('&#60;b&#62;x');
    expect(page.body).toContain('<a href="http://localhost/x">');
  });
});

describe('the environment', () => {
  it('refuses production without a secret, a short one, and nonsense, in one line', () => {
    expect(() => readEnv({ HOST: '0.0.0.0' })).toThrow(/NEXTAUTH_SECRET is missing/);
    expect(() => readEnv({ DATABASE_URL: 'postgres://x' })).toThrow(/NEXTAUTH_SECRET is missing/);
    expect(() => readEnv({ HOST: '0.0.0.0', NEXTAUTH_SECRET: 'short' })).toThrow(/too short/);
    expect(() => readEnv({ PORT: 'abc' })).toThrow(/PORT is not valid/);
    expect(readEnv({}).local).toBe(true);
    expect(readEnv({ HOST: '0.0.0.0', NEXTAUTH_SECRET: randomBytes(32).toString('base64') }).local).toBe(false);
  });
});
