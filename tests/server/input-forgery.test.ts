import { sql } from 'drizzle-orm';
import type { FastifyInstance, InjectOptions } from 'fastify';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { companies } from '@/db/schema/records';
import { sessionCookie } from '@/server/core/session';
import { createCaller, procedure, router } from '@/server/core/trpc';
import { routes } from '@/server/rest';
import { machineCall, refusalCode, screenCall, testApp } from '../support/http';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

let app: FastifyInstance;
let tenant: TestTenant;
let key: string;
const seenByNext: string[] = [];

beforeAll(async () => {
  ({ app } = await testApp(
    { LOG_LEVEL: 'silent', NODE_ENV: 'development' },
    {
      next: async (request, reply) => {
        seenByNext.push(`${request.method} ${request.url}`);
        reply.end('next');
      },
    },
  ));
  tenant = await createTestTenant();
  key = (await tenant.api.apiKeys.create({ name: 'test', access: 'write' })).secret;
});
afterAll(() => app.close());

const cookie = () => `${sessionCookie(false)}=${tenant.sid}`;
const companiesOf = () =>
  superuser(async (client) => {
    const { rows } = await client.query('select 1 from app.company where tenant_id = $1', [tenant.tenantId]);
    return rows.length;
  });

/** How another site, or a page of ours, may ask. Undefined headers are not sent. */
const senders = {
  'another site': { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  'a neighbouring site': { 'sec-fetch-site': 'same-site', origin: 'http://sub.localhost' },
  'a bookmark or a typed address': { 'sec-fetch-site': 'none' },
  'an old browser on another site': { 'sec-fetch-site': undefined, origin: 'https://evil.example' },
  'a sandboxed frame': { 'sec-fetch-site': undefined, origin: 'null' },
  'a browser that says nothing': { 'sec-fetch-site': undefined },
  'an origin that begins like ours': { 'sec-fetch-site': undefined, origin: 'http://localhost:80.evil.example' },
  'one that claims both': { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:80' },
} satisfies Record<string, Record<string, string | undefined>>;

describe('C1: what changes something', () => {
  const body = { values: { name: 'Evil' } };

  it.each(Object.entries(senders))('C1: is refused from %s, at every door', async (_, headers) => {
    const before = await companiesOf();
    const answer = await screenCall(app, tenant, 'companies.create', body, headers);
    expect([answer.statusCode, refusalCode(answer)]).toEqual([403, 'foreignOrigin']);
    const sent = Object.fromEntries(Object.entries(headers).flatMap(([n, v]) => (v === undefined ? [] : [[n, v]])));
    seenByNext.length = 0;
    for (const url of [
      `/api/trpc/${tenant.slug}/companies.create`,
      `/api/upload/${tenant.slug}`,
      `/api/live/${tenant.slug}/here`,
      '/api/auth/callback/credentials',
      '/api/auth/signout',
      '/sign-in',
      // Other spellings of the same addresses.
      `/%61pi/trpc/${tenant.slug}/companies.create`,
      `/api/tr%70c/${tenant.slug}/companies.create`,
      `/api/uploa%64/${tenant.slug}`,
      '/api/aut%68/signout',
      '//api/auth/signout',
    ]) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
        const refused = await app.inject({
          method,
          url,
          headers: { cookie: cookie(), 'content-type': 'application/json', ...sent },
          payload: JSON.stringify(body),
        });
        expect([method, url, refused.statusCode]).toEqual([
          method,
          url,
          expect.toSatisfy((s: number) => s === 403 || s === 404),
        ]);
      }
    }
    expect(seenByNext).toEqual([]);
    expect(await companiesOf()).toBe(before);
  });

  it('C1: is let through from our own pages, also without fetch metadata', async () => {
    const before = await companiesOf();
    const own = { 'sec-fetch-site': undefined, origin: 'http://localhost:80', host: 'localhost:80' };
    expect((await screenCall(app, tenant, 'companies.create', body)).statusCode).toBe(200);
    expect((await screenCall(app, tenant, 'companies.create', body, own)).statusCode).toBe(200);
    expect(await companiesOf()).toBe(before + 2);
    seenByNext.length = 0;
    for (const headers of [
      { 'sec-fetch-site': 'same-origin' },
      { origin: 'http://localhost:80', host: 'localhost:80' },
    ])
      await app.inject({ method: 'POST', url: '/api/auth/signout', headers, payload: 'x=1' });
    expect(seenByNext).toEqual(['POST /api/auth/signout', 'POST /api/auth/signout']);
  });

  it('C1: comes as JSON only: no form, plain text or upload that a page can send unasked', async () => {
    const before = await companiesOf();
    const text = JSON.stringify(body);
    for (const type of [
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain',
      'text/plain; application/json',
      'application/json-seq',
      'application/octet-stream',
      undefined,
    ]) {
      const answer = await screenCall(app, tenant, 'companies.create', text, { 'content-type': type });
      expect([type, answer.statusCode]).toEqual([type, 400]);
      expect(refusalCode(answer)).toBe('mediaType');
    }
    for (const type of ['application/json; charset=utf-8', 'Application/JSON'])
      expect((await screenCall(app, tenant, 'companies.create', text, { 'content-type': type })).statusCode).toBe(200);
    expect(await companiesOf()).toBe(before + 2);
    const upload = await app.inject({
      method: 'POST',
      url: `/api/upload/${tenant.slug}`,
      headers: { cookie: cookie(), 'sec-fetch-site': 'same-origin', 'content-type': 'text/plain' },
      payload: 'a,b',
    });
    expect(upload.statusCode).toBeGreaterThanOrEqual(400);
    expect(upload.statusCode).toBeLessThan(500);
  });

  it('C1: is no GET, whatever the address or the headers say about the method', async () => {
    const before = await companiesOf();
    const input = encodeURIComponent(JSON.stringify(body));
    const headers = { cookie: cookie(), 'sec-fetch-site': 'cross-site' };
    const tries: InjectOptions[] = [
      { url: `companies.create?input=${input}` },
      { url: `companies.create?input=${input}&_method=POST` },
      { url: `companies.create?batch=1&input=${encodeURIComponent(JSON.stringify({ 0: body }))}` },
      {
        url: `companies.create?input=${input}`,
        headers: { 'x-http-method-override': 'POST', 'x-method-override': 'POST' },
      },
      { url: `companies.create?input=${input}`, headers: { 'content-type': 'application/json' } },
      { method: 'HEAD', url: `companies.create?input=${input}` },
    ];
    for (const each of tries) {
      const answer = await app.inject({
        ...each,
        url: `/api/trpc/${tenant.slug}/${each.url}`,
        headers: { ...headers, ...each.headers },
      });
      expect([each.url, answer.statusCode < 500]).toEqual([each.url, true]);
      if (each.method !== 'HEAD') expect(answer.statusCode).toBe(405);
    }
    expect(await companiesOf()).toBe(before);
  });

  it('C1: a query that tries to write is stopped by the database', async () => {
    const codes: (string | undefined)[] = [];
    const values = { id: '018f0000-0000-7000-8000-00000000000a', name: 'Sly', nameKey: 'sly', sortKey: 'sly' };
    const sly = router({
      insert: procedure('company.read').query(({ ctx }) => ctx.work.db.insert(companies, values as never)),
      delete: procedure('company.read').query(({ ctx }) =>
        ctx.work.db.rows(sql`delete from app.company where tenant_id = ${ctx.work.actor.tenantId}`),
      ),
      escape: procedure('company.read').query(({ ctx }) =>
        ctx.work.db.rows(sql`select set_config('transaction_read_only', 'off', true), id from app.company`),
      ),
    });
    // The database's own code of each failure: drizzle wraps the driver's error.
    const codeOf = ({ err }: { err: { code?: string; cause?: { code?: string } } }) => err.code ?? err.cause?.code;
    const log = pino({ level: 'error', hooks: { logMethod: ([about]) => void codes.push(codeOf(about as never)) } });
    const caller = createCaller(sly)({ ...tenant.context, log });
    await tenant.api.companies.create({ values: { name: 'Stays' } });
    const before = await companiesOf();
    await expect(caller.insert()).rejects.toThrow('internal');
    await expect(caller.delete()).rejects.toThrow('internal');
    await expect(caller.escape()).rejects.toThrow('internal');
    expect(codes).toEqual(['25006', '25006', '25001']);
    expect(await companiesOf()).toBe(before);
  });
});

describe('C2: the door for machines', () => {
  it('C2: takes a key and nothing else: a signed-in session alone is 401 on every route', async () => {
    for (const { method, path } of routes) {
      const answer = await app.inject({
        method,
        url: `/api/v1${path.replace(/\{\w+\}/g, '018f0000-0000-7000-8000-000000000000')}`,
        headers: { cookie: cookie(), 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' },
        ...(method === 'GET' || method === 'DELETE' ? {} : { payload: '{}' }),
      });
      expect([method, path, answer.statusCode]).toEqual([method, path, 401]);
    }
  });

  it('C2: a key is not read from an address, a cookie or a body', async () => {
    for (const attempt of [
      { url: `/api/v1/companies?key=${key}` },
      { url: `/api/v1/companies?access_token=${key}` },
      { url: '/api/v1/companies', headers: { cookie: `authorization=Bearer ${key}; key=${key}` } },
      { url: '/api/v1/companies', headers: { 'x-api-key': key } },
    ])
      expect((await app.inject(attempt)).statusCode).toBe(401);
  });

  it('C2: opens to no other site: no CORS header anywhere, preflights refused', async () => {
    const origin = 'https://elsewhere.example';
    const answers = [
      await machineCall(app, key, 'GET', '/companies', undefined, { origin }),
      await machineCall(app, 'gx_wrong', 'GET', '/companies', undefined, { origin }),
      await app.inject({ url: '/api/v1/openapi.json', headers: { origin } }),
      await screenCall(app, tenant, 'companies.list', {}, { origin }, 'GET'),
    ];
    for (const url of [
      '/api/v1/companies',
      `/api/trpc/${tenant.slug}/companies.create`,
      `/api/upload/${tenant.slug}`,
      '/api/auth/session',
    ]) {
      const preflight = await app.inject({
        method: 'OPTIONS',
        url,
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      });
      expect([url, preflight.statusCode >= 400 && preflight.statusCode < 500]).toEqual([url, true]);
      answers.push(preflight);
    }
    for (const answer of answers)
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});
