import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressKey, plainAddress } from '@/server/core/client-address';
import { globalKey } from '@/server/core/keys';
import { heavyLimits, limits, RateLimit } from '@/server/core/limits';
import { machineCall, refusalCode, screenCall, testApp } from '../support/http';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

let app: FastifyInstance;
let tenant: TestTenant;
let key: string;
/** Every test has an address of its own: the limits of an address are the process's. */
let address: string;
let counter = 0;

beforeAll(async () => {
  ({ app } = await testApp({ TRUST_PROXY: '1', LOG_LEVEL: 'silent' }));
});
afterAll(() => app.close());
beforeEach(async () => {
  tenant = await createTestTenant();
  key = (await tenant.api.apiKeys.create({ name: 'test', access: 'write' })).secret;
  address = `198.51.100.${++counter}`;
  // Buckets do not refill while the clock stands still.
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const forwarded = () => ({ 'x-forwarded-for': address });
const rest = (path = '/teams') => machineCall(app, key, 'GET', path, undefined, forwarded());
const screen = (path = 'teams.list', body: unknown = undefined) =>
  screenCall(app, tenant, path, body, forwarded(), 'GET');

/** Calls until refused. @returns how many were let through, and the refusal */
async function untilRefused(call: () => ReturnType<typeof rest>, most: number) {
  for (let passed = 0; passed <= most; passed++) {
    const answer = await call();
    if (answer.statusCode === 429) return { passed, answer };
    expect(answer.statusCode, answer.body).toBeLessThan(500);
  }
  throw new Error(`${most} calls and no end`);
}

/** Uses up all but `left` of a limit, by the key that a call is counted under. */
function drain(limit: RateLimit, left: number, bucket: Parameters<RateLimit['take']>[0]): void {
  while (limit.take(bucket) > left);
}

describe('L1: limits', () => {
  it('L1: an API key makes 400 calls at once, then 429 with Retry-After, and 40 more a second later', async () => {
    const first = await rest();
    expect(first.headers['ratelimit-policy']).toBe(
      '"address";q=1500;w=10, "key";q=400;w=10, "user";q=600;w=12, "tenant";q=3000;w=12',
    );
    expect(first.headers.ratelimit).toMatch(/^"address";r=1499;t=1, "key";r=399;t=1, /);
    const { passed, answer } = await untilRefused(rest, 400);
    expect(passed).toBe(399);
    expect(answer.json()).toMatchObject({ code: 'rateLimited', detail: expect.stringContaining('1 second') });
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.headers.ratelimit).toContain('"key";r=0;t=10');
    vi.setSystemTime(Date.now() + 1000);
    expect((await untilRefused(rest, 41)).passed).toBe(40);
  });

  it('L1: a person makes 600 calls at once on the screens, and the answer says so at that door too', async () => {
    const first = await screen();
    // Making the tenant and the key took from the same limit.
    const left = Number(/"user";r=(\d+)/.exec(String(first.headers.ratelimit))?.[1]);
    expect(left).toBeGreaterThan(590);
    const { passed, answer } = await untilRefused(screen, 600);
    expect(passed).toBe(left);
    expect(refusalCode(answer)).toBe('rateLimited');
    expect(answer.json().error.data.refusal.retryAfter).toBe(1);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.headers.ratelimit).toContain('"user";r=0;');
    vi.setSystemTime(Date.now() + 2000);
    expect((await untilRefused(screen, 101)).passed).toBe(100);
  });

  it("L1: one person over their limit leaves their colleagues'", async () => {
    const other = await tenant.person('member');
    drainUser(tenant, 0);
    expect((await screen()).statusCode).toBe(429);
    expect(
      (await screenCall(app, { ...tenant, sid: other.sid }, 'teams.list', undefined, forwarded(), 'GET')).statusCode,
    ).toBe(200);
  });

  it('L1: a tenant has 3,000 in all, and another tenant is not touched', async () => {
    const person = await tenant.person('member');
    drain(limits.tenant, 0, tenantCalls(tenant));
    const asOther = () => screenCall(app, { ...tenant, sid: person.sid }, 'teams.list', undefined, forwarded(), 'GET');
    const refused = await asOther();
    expect(refused.statusCode).toBe(429);
    expect(refused.headers.ratelimit).toContain('"tenant";r=0;');
    vi.useRealTimers();
    const elsewhere = await createTestTenant();
    expect((await screenCall(app, elsewhere, 'teams.list', undefined, forwarded(), 'GET')).statusCode).toBe(200);
  });

  it('L1: an address has 1,500 in all, whether anybody is known there or not', async () => {
    drain(limits.address, 2, globalKey('calls', address));
    const stranger = () =>
      app.inject({ url: '/api/trpc/-/account.me', headers: { 'sec-fetch-site': 'same-origin', ...forwarded() } });
    expect((await stranger()).statusCode).toBe(200);
    // A key that is none counts as well.
    expect((await machineCall(app, 'gx_nonsense', 'GET', '/teams', undefined, forwarded())).statusCode).toBe(401);
    for (const answer of [
      await stranger(),
      await rest(),
      await app.inject({ method: 'POST', url: `/api/upload/${tenant.slug}`, headers: forwarded() }),
    ]) {
      expect(answer.statusCode).toBe(429);
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.headers['ratelimit-policy']).toBe('"address";q=1500;w=10');
    }
    address = '198.51.100.250';
    expect((await rest()).statusCode).toBe(200);
  });

  it.each([
    ['search', 'search.global', { q: 'a' }],
    ['reports', 'reports.home', {}],
    ['board', 'deals.board', { pipelineId: '018f0000-0000-7000-8000-000000000000' }],
    ['imports', 'imports.analyse', { fileId: '018f0000-0000-7000-8000-000000000000' }],
  ] as const)('L1: %s has a limit of its own', async (name, path, input) => {
    const limit = heavyLimits[name];
    const { passed, answer } = await untilRefused(() => screen(path, input), limit.burst);
    expect(passed).toBe(limit.burst);
    expect(answer.headers.ratelimit).toContain(`"${name}";r=0;`);
    expect((await screen()).statusCode).toBe(200);
  });

  it('L1: the heavy ones are limited for machines too', async () => {
    const { passed } = await untilRefused(() => rest('/reports/home'), heavyLimits.reports.burst);
    expect(passed).toBe(heavyLimits.reports.burst);
    expect((await rest()).statusCode).toBe(200);
  });

  it('L1: a bucket never holds more than its burst, and a clock set back takes nothing', () => {
    const limit = new RateLimit(3, 60);
    const one = globalKey('one');
    const start = 1_000_000_000;
    expect([1, 2, 3].map(() => limit.take(one, start))).toEqual([2, 1, 0]);
    expect(() => limit.take(one, start)).toThrow(/rateLimited/);
    expect(() => limit.take(one, start - 3_600_000)).toThrow(/rateLimited/);
    expect(limit.take(one, start + 3_600_000)).toBe(2);
  });

  const tenantCalls = (t: TestTenant) => `t/${t.tenantId}/calls` as Parameters<RateLimit['take']>[0];
  const drainUser = (t: TestTenant, left: number) => {
    const own = `t/${t.tenantId}/calls/${t.memberId}` as Parameters<RateLimit['take']>[0];
    drain(limits.user, left, own);
  };
});

describe('L2: the address of a caller', () => {
  const addressOf = async (proxies: number, header: string | undefined, remoteAddress = '192.0.2.1') => {
    const { app: own } = await testApp({ TRUST_PROXY: String(proxies), LOG_LEVEL: 'silent' });
    try {
      const answer = await own.inject({
        method: 'POST',
        url: `/api/trpc/${tenant.slug}/teams.create`,
        remoteAddress,
        headers: {
          'content-type': 'application/json',
          'sec-fetch-site': 'same-origin',
          cookie: `guanxi.session=${tenant.sid}`,
          ...(header === undefined ? {} : { 'x-forwarded-for': header }),
        },
        payload: JSON.stringify({ name: `Team ${++counter}` }),
      });
      expect(answer.statusCode, answer.body).toBe(200);
      return await superuser(async (client) => {
        const { rows } = await client.query<{ ip: string }>('select ip from app.change_set where id = $1', [
          answer.json().result.data.changeSetId,
        ]);
        return rows[0]?.ip;
      });
    } finally {
      await own.close();
    }
  };

  it.each([
    ['no proxy: the header is not looked at', 0, '203.0.113.7', '192.0.2.1'],
    ['one proxy: what it appended', 1, '203.0.113.7', '203.0.113.7'],
    ['one proxy: what the caller wrote before that is not', 1, '127.0.0.1, 10.0.0.1, 203.0.113.7', '203.0.113.7'],
    ['two proxies: the one before the last', 2, '127.0.0.1, 203.0.113.7, 10.0.0.2', '203.0.113.7'],
    ['more proxies than hops: the farthest there is', 5, '203.0.113.7', '203.0.113.7'],
    ['no header: the socket', 1, undefined, '192.0.2.1'],
    ['a port', 1, '203.0.113.7:4711', '203.0.113.7'],
    ['IPv6', 1, '2001:DB8::1', '2001:db8::1'],
    ['IPv6 with a port', 1, '[2001:db8::1]:4711', '2001:db8::1'],
    ['IPv4 in IPv6', 1, '::ffff:203.0.113.7', '203.0.113.7'],
    ['what is no address: the socket', 1, "x'; drop table app.contact --", '192.0.2.1'],
    ['nothing at all: the socket', 1, '', '192.0.2.1'],
  ])('L2: %s', async (_, proxies, header, expected) => {
    vi.useRealTimers();
    expect(await addressOf(proxies, header)).toBe(expected);
  });

  it('L2: a forged header does not buy another bucket', async () => {
    const { app: own } = await testApp({ TRUST_PROXY: '0', LOG_LEVEL: 'silent' });
    drain(limits.address, 1, globalKey('calls', '192.0.2.77'));
    const ask = (header: string) =>
      own.inject({
        url: '/api/trpc/-/account.me',
        remoteAddress: '192.0.2.77',
        headers: { 'x-forwarded-for': header },
      });
    expect([(await ask('203.0.113.1')).statusCode, (await ask('203.0.113.2')).statusCode]).toEqual([200, 429]);
    await own.close();
  });

  it('L2: addresses are read in every writing, and one household of IPv6 is one', () => {
    expect(plainAddress('fe80::1%eth0')).toBe('fe80::1');
    expect(plainAddress('1.2.3.4.5')).toBeUndefined();
    expect(plainAddress('256.1.1.1')).toBeUndefined();
    expect(plainAddress('::ffff:999.1.1.1')).toBeUndefined();
    expect(addressKey('203.0.113.7')).toBe('203.0.113.7');
    const home = addressKey('2001:db8:0:12:aaaa:bbbb:cccc:dddd');
    expect(home).toBe('2001:db8:0:12::/64');
    expect(addressKey('2001:0db8:0000:0012::1')).toBe(home);
    expect(addressKey('2001:db8:0:13::1')).not.toBe(home);
    expect(addressKey('::1')).toBe('0:0:0:0::/64');
  });
});
