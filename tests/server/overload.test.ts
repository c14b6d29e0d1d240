import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTenant } from '@/db/tenant';
import { refusalStatus } from '@/domain/refusals';
import { addAdmission, Gate, type Gates, makeGates } from '@/server/core/admission';
import { readEnv } from '@/server/core/env';
import { toRefusal } from '@/server/core/errors';
import { createLog } from '@/server/core/log';
import { addLogging } from '@/server/core/request-log';
import { sessionCookie } from '@/server/core/session';
import { createHttp, type HttpDeps } from '@/server/http';
import { screenCall } from '../support/http';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

let tenant: TestTenant;
let app: FastifyInstance;
const gates: Gates = makeGates(1);

beforeAll(async () => {
  tenant = await createTestTenant();
  app = await createHttp({
    env: readEnv({ NODE_ENV: 'test', LOG_LEVEL: 'silent' }),
    log: createLog(() => {}),
    jobs: { enqueue: async () => {} } as unknown as HttpDeps['jobs'],
    mailer: { send: async () => {} },
    ready: async () => undefined,
    now: () => new Date(),
    gates,
  });
  app.get('/some.css', async () => 'a file');
  app.get('/api/imports/slow', async () =>
    inTenant(tenant.tenantId, 'read', (db) => db.rows(sql`select pg_sleep(4), 'marker-door'`)),
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  app.server.closeAllConnections();
  await app.close();
});

const list = (headers: Record<string, string> = {}) => screenCall(app, tenant, 'companies.list', {}, headers, 'GET');
const port = () => (app.server.address() as AddressInfo).port;

/** Takes every place of a gate and every place in its line. @returns gives them back */
function fill(gate: Gate): () => void {
  const giveUps: (() => void)[] = [];
  let taken = 0;
  const places = gate.limits.width + gate.limits.queue;
  for (let i = 0; i < places; i++) giveUps.push(gate.enter((refusal) => void (refusal || taken++)));
  return () => {
    for (const giveUp of giveUps) giveUp();
    while (taken-- > 0) gate.leave();
  };
}

describe('admission', () => {
  it('O1: follows from the number of connections', () => {
    expect(makeGates(20).calls.limits).toEqual({ width: 40, queue: 100, waitMs: 2000 });
  });

  it('O1: turns away at every door who comes in vain, in their language, and says when to come back', async () => {
    const giveBack = [fill(gates.calls), fill(gates.uploads)];
    const cookie = `${sessionCookie(false)}=${tenant.sid}`;
    const own = { 'sec-fetch-site': 'same-origin', cookie };
    const doors = (language: string) => [
      list({ 'accept-language': language }),
      screenCall(app, tenant, 'companies.create', { values: { name: 'x' } }, { 'accept-language': language }),
      app.inject({ url: '/api/v1/companies', headers: { authorization: 'Bearer x', 'accept-language': language } }),
      app.inject({
        method: 'POST',
        url: `/api/upload/${tenant.slug}`,
        headers: { ...own, 'accept-language': language },
      }),
    ];
    for (const [language, text] of [
      ['en', 'Guanxi is busy right now.'],
      ['zh-CN', '系统繁忙'],
    ] as const) {
      for (const answer of await Promise.all(doors(language))) {
        expect(answer.statusCode).toBe(503);
        expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
        const body = answer.json();
        expect(body.error?.data.refusal.code ?? body.code).toBe('busy');
        expect(body.error?.message ?? body.detail).toContain(text);
      }
    }
    for (const give of giveBack) give();
    expect((await list()).statusCode).toBe(200);
  });

  it('O1: lets files, health and metrics pass while everything is taken', async () => {
    const giveBack = fill(gates.calls);
    for (const url of ['/livez', '/readyz', '/metrics', '/some.css']) {
      expect((await app.inject(url)).statusCode, url).toBe(200);
    }
    giveBack();
  });

  it('O1: lets who waits in when a place is free, and turns away who has waited too long', async () => {
    const gate = new Gate('test', { width: 1, queue: 2, waitMs: 50 });
    const told: string[] = [];
    const enter = (name: string) => gate.enter((refusal) => told.push(`${name} ${refusal ? 'refused' : 'in'}`));
    for (const name of ['first', 'second', 'third', 'fourth']) enter(name);
    expect(told).toEqual(['first in', 'fourth refused']);
    gate.leave();
    expect(told.slice(2)).toEqual(['second in']);
    await expect.poll(() => told.slice(3)).toEqual(['third refused']);
    expect([gate.inside, gate.waiting]).toEqual([1, 0]);
  });

  it('O1: keeps no place for who went away while waiting', async () => {
    const taken = Array.from({ length: gates.calls.limits.width }, () => gates.calls.enter(() => {}));
    const request = http.get({ port: port(), path: `/api/trpc/${tenant.slug}/companies.list?input=%7B%7D` });
    request.on('error', () => {});
    await expect.poll(() => gates.calls.waiting).toBe(1);
    request.destroy();
    await expect.poll(() => gates.calls.waiting).toBe(0);
    for (const _ of taken) gates.calls.leave();
    expect(gates.calls.inside).toBe(0);
  });

  it('O1: takes no place for a body that is still on its way', async () => {
    const request = http.request({
      port: port(),
      method: 'POST',
      path: `/api/trpc/${tenant.slug}/companies.create`,
      headers: {
        'content-type': 'application/json',
        'content-length': '100',
        'sec-fetch-site': 'same-origin',
        cookie: `${sessionCookie(false)}=${tenant.sid}`,
      },
    });
    request.on('error', () => {});
    request.write('{');
    await sleep(100);
    expect(gates.calls.inside).toBe(0);
    request.destroy();
  });
});

describe('five times as many calls as can be answered', () => {
  it('O1: as many are answered as before, the others are refused, and nothing grows', async () => {
    // Work that keeps a connection for a tenth of a second and this machine's processor free.
    const gate = makeGates(4);
    const busy = Fastify({ forceCloseConnections: true });
    addLogging(busy);
    addAdmission(busy, gate);
    busy.setErrorHandler((error, _request, reply) => {
      const refusal = toRefusal(error);
      if (refusal?.retryAfter) reply.header('retry-after', refusal.retryAfter);
      return reply.code(refusal ? refusalStatus[refusal.kind] : 500).send();
    });
    let working = 0;
    let mostWorking = 0;
    busy.get('/api/trpc/slow', async () => {
      mostWorking = Math.max(mostWorking, ++working);
      try {
        await inTenant(tenant.tenantId, 'read', (db) => db.rows(sql`select pg_sleep(0.1)`));
      } finally {
        working--;
      }
      return { ok: true };
    });
    await busy.listen({ port: 0, host: '127.0.0.1' });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1000 });
    const { port: busyPort } = busy.server.address() as AddressInfo;
    const answers: { status: number; retryAfter?: string }[] = [];
    const call = () =>
      new Promise<void>((resolve, reject) => {
        const request = http.get({ port: busyPort, path: '/api/trpc/slow', agent }, (response) => {
          answers.push({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
          response.resume().once('end', resolve);
        });
        request.once('error', reject);
      });
    const good = () => answers.filter(({ status }) => status === 200).length;

    // The peak: as many at once as are let in.
    const peakMs = 1500;
    const until = performance.now() + peakMs;
    const one = async () => {
      while (performance.now() < until) await call();
    };
    await Promise.all(Array.from({ length: gate.calls.limits.width }, one));
    const peak = (good() / peakMs) * 1000;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));

    answers.length = 0;
    const heap = process.memoryUsage().heapUsed;
    const started = performance.now();
    const sent: Promise<void>[] = [];
    let longest = 0;
    const stormMs = 3000;
    while (performance.now() - started < stormMs && sent.length < 20_000) {
      const due = Math.ceil(((performance.now() - started) / 1000) * peak * 5);
      while (sent.length < due) sent.push(call());
      longest = Math.max(longest, gate.calls.waiting);
      await sleep(5);
    }
    const goodDuring = (good() / (performance.now() - started)) * 1000;
    await Promise.all(sent);

    expect(goodDuring / peak).toBeGreaterThan(0.5);
    expect(answers).toHaveLength(sent.length);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([503]));
    expect(refused.every(({ retryAfter }) => Number(retryAfter) >= 1)).toBe(true);
    expect(refused.length).toBeGreaterThan(answers.length / 3);
    expect(mostWorking).toBeLessThanOrEqual(gate.calls.limits.width);
    expect(longest).toBeLessThanOrEqual(gate.calls.limits.queue);
    expect([gate.calls.inside, gate.calls.waiting]).toEqual([0, 0]);
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(200e6);
    agent.destroy();
    await busy.close();
  });
});

describe('a request that the database holds up', () => {
  it('O2: ends in time with 503, when to come back and what to do, and the next one works', async () => {
    const { id, version } = (await screenCall(app, tenant, 'companies.create', { values: { name: 'Held' } })).json()
      .result.data;
    const rename = () => screenCall(app, tenant, 'companies.update', { id, version, values: { name: 'Free' } });
    const answer = await superuser(async (client) => {
      await client.query('begin');
      await client.query('select from app.company where id = $1 for update', [id]);
      const held = await rename();
      await client.query('rollback');
      return held;
    });
    expect(answer.statusCode).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(answer.json().error.data.refusal.code).toBe('busy');
    expect((await rename()).statusCode).toBe(200);
  });

  const running = () =>
    superuser(async (client) => {
      const { rows } = await client.query<{ pid: number }>(
        "select pid from pg_stat_activity where state = 'active' and query like '%marker-door%' and pid <> pg_backend_pid()",
      );
      return rows.map(({ pid }) => pid);
    });
  const living = (pid: number) =>
    superuser(async (client) => (await client.query('select from pg_stat_activity where pid = $1', [pid])).rowCount);

  it('O3: is cancelled when its browser goes away, and its connection serves nobody else', async () => {
    const request = http.get({ port: port(), path: '/api/imports/slow' });
    request.on('error', () => {});
    await expect.poll(running).toHaveLength(1);
    const [pid = 0] = await running();
    request.destroy();
    // Without the cancel the statement would end by its timeout, and its connection would stay.
    await expect.poll(() => living(pid), { timeout: 20_000 }).toBe(0);
    expect((await list()).statusCode).toBe(200);
    await expect.poll(() => gates.calls.inside).toBe(0);
  });
});
