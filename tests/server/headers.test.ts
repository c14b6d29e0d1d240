import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { createRequire } from 'node:module';
import type { FastifyInstance, HTTPMethods } from 'fastify';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnv } from '@/server/core/env';
import { toastStyles } from '@/server/core/headers';
import { sessionCookie } from '@/server/core/session';
import { createHttp } from '@/server/http';
import { createTestTenant, type TestTenant } from '../support/tenants';

/** The whole server as it runs in production, Next replaced by a page that says nothing. */
const serve = (env: Record<string, string>): Promise<FastifyInstance> =>
  createHttp({
    env: readEnv({ NODE_ENV: 'production', ...env }),
    log: pino({ level: 'silent' }),
    jobs: { enqueue: async () => {}, enqueueGlobal: async () => {} },
    mailer: {
      send: async () => {},
      outbox: async () => [{ id: '1', at: '2026-06-01', to: 'a@b.c', subject: 'x', text: 'y', html: '' }],
    },
    ready: async () => undefined,
    now: () => new Date(),
  });

let app: FastifyInstance;
let tls: FastifyInstance;
let tenant: TestTenant;
beforeAll(async () => {
  tenant = await createTestTenant();
  [app, tls] = await Promise.all([serve({}), serve({ PUBLIC_URL: 'https://crm.example' })]);
  await app.ready();
});
afterAll(() => Promise.all([app.close(), tls.close()]));

/** Every route Fastify has, from its own list: `[method, address]`, its named parts filled in. */
function routes(): [HTTPMethods, string][] {
  const text = app.printRoutes({ commonPrefix: false, includeHooks: false });
  return [...text.matchAll(/^[│├└─ ]*(\S*) \(([A-Z, ]+)\)$/gm)].flatMap(([, path = '', methods = '']) =>
    methods.split(', ').map((method): [HTTPMethods, string] => [
      method as HTTPMethods,
      path
        .replace(':tenant', tenant.slug)
        .replace(/:[A-Za-z]+/g, '01980000-0000-7000-8000-000000000000')
        .replace('*', 'companies.list'),
    ]),
  );
}

describe('the headers', () => {
  it('X1, X3: are on the answer of every route, by whomever and however it is called', async () => {
    const all = routes();
    expect(all.length).toBeGreaterThan(20);
    expect(all.map(([, path]) => path)).toEqual(expect.arrayContaining(['/livez', '/outbox', '/api/v1/companies']));
    const cookie = { cookie: `${sessionCookie(false)}=${tenant.sid}` };
    for (const [method, url] of [...all, ['GET', '/nowhere'], ['POST', '/nowhere'], ['GET', '/api/nowhere']] as const) {
      for (const headers of [{}, cookie]) {
        // A stream has no end; its headers are looked at in live.test.ts.
        if (method === 'GET' && url.startsWith('/api/live/') && headers === cookie) continue;
        const response = await app.inject({ method: method as 'GET', url, headers });
        const where = `${method} ${url} ${response.statusCode}`;
        expect(response.headers, where).toMatchObject({
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'strict-origin-when-cross-origin',
          'cross-origin-opener-policy': 'same-origin',
          'permissions-policy': expect.stringContaining('camera=()'),
        });
        expect(response.headers['x-powered-by'], where).toBeUndefined();
        // What answers calls is no page, and may load nothing at all.
        const policy = /^\/api\/(trpc|v1)\//.test(url) ? /^default-src 'none'; frame-ancestors 'none'$/ : strict;
        expect(response.headers['content-security-policy'], where).toMatch(policy);
        // The description of the interface is the same for everybody.
        if (/^\/(api|outbox)/.test(url) && !url.endsWith('openapi.json'))
          expect(response.headers['cache-control'], where).toBe('no-store');
      }
    }
  });

  it('X1: a nonce is of one answer, and what may run needs it', async () => {
    const policies = await Promise.all([1, 2, 3].map(async () => policyOf(await app.inject('/outbox'))));
    expect(new Set(policies.map((policy) => policy['script-src'])).size).toBe(3);
    for (const policy of policies) {
      expect(policy).toMatchObject({
        'default-src': "'self'",
        'object-src': "'none'",
        'base-uri': "'none'",
        'frame-ancestors': "'none'",
        'form-action': "'self'",
      });
      expect(policy['script-src']).toMatch(/^'nonce-[\w+/]{22}==' 'strict-dynamic'$/);
      expect(JSON.stringify(policy)).not.toMatch(/unsafe-|https?:|\*/);
    }
  });

  it('X1: the page of unsent mails carries its nonce', async () => {
    const page = await app.inject('/outbox');
    const nonce = /'nonce-([^']+)'/.exec(String(page.headers['content-security-policy']))?.[1];
    expect(page.body).toContain(`<style nonce="${nonce}">`);
  });

  it('X1: of styles without a nonce only those of the notices are known', () => {
    const source = readFileSync(
      createRequire(import.meta.url)
        .resolve('sonner')
        .replace(/\.js$/, '.mjs'),
      'utf8',
    );
    const css: string = JSON.parse(/__insertCSS\(("(?:[^"\\]|\\.)*")\)/.exec(source)?.[1] ?? '""');
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(toastStyles).toEqual([hash(''), hash(css)]);
  });

  it('X3: an address that cannot be read is refused with them too', async () => {
    await app.listen({ port: 0, host: '127.0.0.1' });
    const address = app.server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) =>
      get({ port, host: '127.0.0.1', path: '/%' }, (response) => {
        response.resume();
        resolve({ status: response.statusCode, ...response.headers });
      }).on('error', reject),
    );
    expect(headers).toMatchObject({ status: 400, 'x-content-type-options': 'nosniff' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('X3: HSTS for a year where people come by TLS, and nowhere else', async () => {
    const hsts = async (server: FastifyInstance, url: string) =>
      (await server.inject(url)).headers['strict-transport-security'];
    for (const url of ['/livez', '/nowhere', '/api/v1/companies']) {
      expect(await hsts(tls, url)).toBe('max-age=31536000; includeSubDomains');
      expect(await hsts(app, url)).toBeUndefined();
    }
  });
});

const strict =
  /^default-src 'self'; script-src 'nonce-[\w+/]+={0,2}' 'strict-dynamic'; .*object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'$/;

function policyOf(response: { headers: Record<string, unknown> }): Record<string, string> {
  return Object.fromEntries(
    String(response.headers['content-security-policy'])
      .split('; ')
      .map((part) => [part.slice(0, part.indexOf(' ')), part.slice(part.indexOf(' ') + 1)]),
  );
}
