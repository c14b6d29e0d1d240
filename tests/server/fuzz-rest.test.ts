import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { liftLimits } from '@/server/core/limits';
import { inputSchema, parameterKinds } from '@/server/core/rest-input';
import { describedRoutes, type Route } from '@/server/rest';
import {
  asJson,
  assertDecent,
  damaged,
  fitting,
  fuzzSettings,
  hostileJson,
  hostileText,
  type Ids,
} from '../support/fuzz';
import { machineCall, testApp } from '../support/http';
import type { Schema } from '../support/schemas';
import { createTestTenant, type TestTenant } from '../support/tenants';
import { furnish, refurnish } from '../support/world';

let app: FastifyInstance;
let lines: string[];
let tenant: TestTenant;
let key: string;
let ids: Ids;

beforeAll(async () => {
  liftLimits();
  ({ app, lines } = await testApp());
});
afterAll(() => app.close());

async function ready(): Promise<void> {
  const alive = tenant && (await machineCall(app, key, 'GET', '/tenant')).statusCode === 200;
  if (alive) ids = { ...ids, ...(await refurnish(tenant)) };
  else {
    tenant = await createTestTenant();
    ({ ids } = await furnish(tenant));
    key = (await tenant.api.apiKeys.create({ name: 'fuzz', access: 'write' })).secret;
  }
}

/** Texts a program may put into an address. */
const hostileParts = fc.oneof(
  hostileText.map((text) => encodeURIComponent(text.toWellFormed())),
  fc.constantFrom(
    '%00',
    '%ff',
    '%',
    '%zz',
    '..%2f..',
    '%2e%2e',
    'a'.repeat(2500),
    '018f0000-0000-7000-8000-000000000000',
  ),
);

const singular: Record<string, string> = {
  companies: 'company',
  contacts: 'contact',
  deals: 'deal',
  products: 'product',
  tasks: 'task',
  notes: 'note',
  members: 'member',
  teams: 'team',
  pipelines: 'pipeline',
  stages: 'stage',
  imports: 'import',
};

/** The route's address with ids that are there, or now and then with something else in their place. */
function addressOf(route: Route): fc.Arbitrary<string> {
  const [, first = ''] = route.path.split('/');
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const parts = names.map((name) => {
    const meant = ids[name === 'id' ? (singular[first] ?? 'company') : name.replace(/Id$/, '')] ?? ids.company ?? '';
    return fc.oneof(
      { weight: 6, arbitrary: fc.constant(meant) },
      { weight: 1, arbitrary: fc.constantFrom(...Object.values(ids)) },
      { weight: 1, arbitrary: hostileParts },
    );
  });
  return fc
    .tuple(...parts)
    .map((filled) => names.reduce((path, name, i) => path.replace(`{${name}}`, () => filled[i] ?? ''), route.path));
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

describe('I3, I4: every route answers whatever it is given', () => {
  it.each(describedRoutes().map((route) => [route.method, route.path, route] as const))(
    'I3 I4: %s %s',
    async (method, _path, route) => {
      await ready();
      const schema = route.input as unknown as Schema | undefined;
      const shape = schema?._zod.def.shape ?? {};
      // A route's body is what the procedure's input has under `values`, where it says so.
      const whole = schema
        ? fitting(route.shape === 'values' && shape.values ? shape.values : schema, { ...ids, id: ids.company ?? '' })
        : fc.constant<unknown>({});
      const names = new Set([...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      const fit = whole.map((value) =>
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? Object.fromEntries(
              Object.entries(value).filter(([name]) => !names.has(name) && !Object.hasOwn(route.fixed ?? {}, name)),
            )
          : value,
      );
      const inQuery = method === 'GET' || method === 'DELETE';
      const kinds = inQuery && route.input ? parameterKinds(inputSchema(route.input)) : new Map();
      const written = (name: string, value: unknown): string => {
        if (kinds.get(name) === 'list' && Array.isArray(value)) return value.map(asText).join(',');
        if (kinds.get(name) === 'sort' && Array.isArray(value))
          return value.map((s) => `${s?.dir === 'desc' ? '-' : ''}${asText(s?.field)}`).join(',');
        return asText(value);
      };
      const call = async (address: string, value: unknown, salt: number) => {
        if (!inQuery) return assertDecent(await machineCall(app, key, method, address, asJson(value, salt)), lines);
        const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [['x', value] as const];
        const query = entries
          .filter(([, part]) => part !== undefined)
          .map(
            ([name, part]) =>
              `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(written(name, part).toWellFormed())}`,
          );
        if (salt % 7 === 0 && query[0]) query.push(query[0]);
        if (salt % 9 === 0) query.push('q=%ff%00', '%=%');
        assertDecent(await machineCall(app, key, method, `${address}?${query.join('&').slice(0, 12_000)}`), lines);
      };
      const args = (value: fc.Arbitrary<unknown>) => [addressOf(route), value, fc.nat(1000)] as const;
      await fc.assert(fc.asyncProperty(...args(fit), call), fuzzSettings(10));
      await fc.assert(fc.asyncProperty(...args(damaged(fc.oneof(fit, hostileJson))), call), fuzzSettings(10));
    },
  );
});

describe('I4: whatever reaches the server', () => {
  const addresses = () =>
    fc.constantFrom(
      '/api/v1/companies',
      `/api/v1/companies/${ids.company}`,
      '/api/v1/openapi.json',
      '/api/v1/%2e%2e/%2e%2e/etc/passwd',
      '/api/v1/companies/%E0%A4%A',
      `/api/trpc/${tenant.slug}/companies.create`,
      `/api/trpc/${tenant.slug}/companies.list?batch=1&input=%7B%220%22%3A%7B%7D%7D`,
      `/api/trpc/${tenant.slug}/companies.list,companies.list,nope?batch=1&input=[]`,
      `/api/trpc/${tenant.slug}/companies.list?input=%7B&input=%7B`,
      `/api/trpc/${tenant.slug}/__proto__`,
      `/api/trpc/${tenant.slug}/constructor.constructor`,
      '/api/trpc/-/account.me',
      '/api/trpc/%00/account.me',
      '/api/trpc/%ff/account.me',
      `/api/upload/${tenant.slug}`,
      `/api/imports/${tenant.slug}/${ids.import}/refused.csv`,
      `/api/imports/${tenant.slug}/${'-'.repeat(36)}/refused.csv`,
      `/api/imports/${tenant.slug}/%00/refused.csv`,
      '/livez',
      '/readyz',
      '/%c0%ae%c0%ae/',
      '//',
      '/*',
    );
  const methods = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS');
  const bodies = fc.constantFrom(
    undefined,
    '',
    '{',
    'null',
    '""',
    '[]',
    '{"values":{"name":"x"}}',
    '\ufeff{}',
    '{"values":{"name":"x"},"values":{"name":"y"}}',
    '{"a":1}{"b":2}',
    '[1,2',
    '{"name":NaN}',
    '{"name":"\\ud800"}',
    '{"name":"\\u0000"}',
    '1e999',
    Buffer.from([0xff, 0xfe, 0x00]),
    Buffer.from([0x1f, 0x8b, 0x08]),
    '--x\r\nContent-Disposition: form-data; name="file"; filename="a\u0000\r\n.csv"\r\n\r\na,b\r\n--x--\r\n',
    '--x\r\nContent-Disposition: form-data; name="file"; filename="../../a.csv"\r\n\r\na,b\r\n1,2\r\n--x--\r\n',
    '--x\r\nContent-Disposition: form-data; name="file"',
  );
  const headerValue = fc.oneof(
    fc.constantFrom(
      '',
      'x',
      '-1',
      '0',
      'a'.repeat(4000),
      'null',
      '*/*',
      'bytes=0-',
      'é',
      '%00',
      'application/json',
      'text/html',
      'application/jsonl',
      'gzip',
      'utf-32',
    ),
    fc.string({ unit: fc.constantFrom('a', ';', '=', ',', '"', '\t', '/', 'ÿ') }),
  );
  const headers = fc.dictionary(
    fc.constantFrom(
      'content-type',
      'content-encoding',
      'accept',
      'accept-language',
      'trpc-accept',
      'authorization',
      'cookie',
      'origin',
      'host',
      'x-forwarded-for',
      'x-forwarded-proto',
      'x-forwarded-host',
      'x-request-id',
      'traceparent',
      'tracestate',
      'idempotency-key',
      'if-match',
      'range',
      'user-agent',
      'x-http-method-override',
      'expect',
      'sec-fetch-site',
      'last-event-id',
    ),
    headerValue,
    { maxKeys: 4 },
  );
  const types = fc.constantFrom(
    undefined,
    'application/json',
    'application/json; charset=utf-16',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'multipart/form-data',
    'text/plain',
    'application/xml',
    'garbage',
    ';',
  );

  it.each(['0', '2'])(
    'I4: is answered without a fault: methods, headers, types and bodies of all kinds (%s proxies)',
    async (proxies) => {
      await ready();
      const own = await testApp({ TRUST_PROXY: proxies });
      const signedIn = {
        cookie: `guanxi.session=${tenant.sid}`,
        authorization: `Bearer ${key}`,
        'sec-fetch-site': 'same-origin',
      };
      const call = async (
        method: string,
        url: string,
        type: string | undefined,
        given: Record<string, string>,
        payload: string | Buffer | undefined,
      ) => {
        const answer = await own.app.inject({
          method: method as 'GET',
          url,
          headers: { ...signedIn, ...(type === undefined ? {} : { 'content-type': type }), ...given },
          ...(payload === undefined ? {} : { payload }),
        });
        assertDecent(answer, own.lines);
      };
      await fc.assert(fc.asyncProperty(methods, addresses(), types, headers, bodies, call), fuzzSettings(600));
      await own.app.close();
    },
  );

  it('I4: a log has a line of JSON for each request, whatever is in it', async () => {
    await ready();
    const own = await testApp();
    const nasty = ['\r\n{"level":50}', '"}\n', '\u2028', '\u001b[2J'];
    for (const text of nasty) {
      const path = encodeURIComponent(text);
      const agent = text.replace(/[^\t\u0020-\u007e\u0080-\u00ff]/g, '');
      await own.app.inject({
        url: `/api/v1/companies/${path}?${path}=${path}`,
        headers: { 'user-agent': agent, referer: path },
      });
      await machineCall(own.app, key, 'POST', '/companies', { [text]: text, name: text });
      await own.app.inject({ url: `/${path}` });
    }
    expect(own.lines.length).toBeGreaterThanOrEqual(3 * nasty.length);
    for (const line of own.lines) {
      expect(line.match(/[\r\n]/g)).toEqual(['\n']);
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number) });
    }
  });
});
