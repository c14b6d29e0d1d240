import { mkdtemp } from 'node:fs/promises';
import http from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readEnv } from '@/server/core/env';
import { newId } from '@/server/core/ids';
import { type Jobs, startJobs } from '@/server/core/jobs';
import { createLog } from '@/server/core/log';
import { createMailer, type Mailer } from '@/server/core/mail/mail';
import { observedJobs } from '@/server/core/observed-jobs';
import { openSecrets } from '@/server/core/secrets';
import { sessionCookie } from '@/server/core/session';
import { startTelemetry } from '@/server/core/telemetry';
import { nextTraceparent, requestIdOf } from '@/server/core/trace';
import { createHttp } from '@/server/http';
import { startWorker } from '@/server/worker';
import { machineCall, screenCall } from '../support/http';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

// The whole way: HTTP, the job queue, a worker, mails into files; only Next and the network are left out.

let tenant: TestTenant;
let app: FastifyInstance;
let jobs: Jobs;
let mailer: Mailer;
let mailFails = false;
const lines: string[] = [];
const log = createLog((line) => void lines.push(line));
log.level = 'trace';

beforeAll(async () => {
  tenant = await createTestTenant();
  openSecrets(`test:${Buffer.alloc(32, 7).toString('base64')}`);
  const files = createMailer({
    from: 'Guanxi <g@localhost>',
    dataDir: await mkdtemp(path.join(os.tmpdir(), 'guanxi-')),
  });
  mailer = {
    ...files,
    send: async (mail, ...rest) => {
      if (mailFails) throw new Error(`550 mailbox of <${mail.to}> is full`);
      await files.send(mail, ...rest);
    },
  };
  jobs = await startJobs(inject('database').worker, { worker: true }, log);
  await startWorker(observedJobs(jobs), mailer, log);
  app = await createHttp({
    env: readEnv({ NODE_ENV: 'test' }),
    log,
    jobs,
    mailer,
    ready: async () => undefined,
    now: () => new Date(),
  });
});
afterAll(async () => {
  await app.close();
  await jobs.stop();
});

type Line = Record<string, unknown> & { msg: string };
const logged = (): Line[] => lines.map((line) => JSON.parse(line));
const invite = (email: string, headers: Record<string, string> = {}) =>
  screenCall(app, tenant, 'members.invite', { email, role: 'member' }, headers);
const mailTo = async (address: string) => (await mailer.outbox?.())?.find(({ to }) => to === address);

describe('one id', () => {
  it('V3: goes from the call through log and history into the job and its mail', async () => {
    const requestId = newId();
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { 'x-request-id': requestId, traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    const answer = await invite('follow@example.com', headers);
    expect([answer.statusCode, answer.headers['x-request-id']]).toEqual([200, requestId]);
    expect((await screenCall(app, tenant, 'companies.create', { values: { name: 'A' } }, headers)).statusCode).toBe(
      200,
    );

    await expect.poll(() => mailTo('follow@example.com'), { timeout: 20_000 }).toBeTruthy();
    // The worker sends other files' mails too.
    const sent = () => logged().find((line) => line.msg === 'mail sent' && line.requestId === requestId);
    await expect.poll(sent).toBeTruthy();
    const who = { requestId, traceId, tenant: tenant.slug, memberId: tenant.memberId };
    expect(logged().find(({ msg }) => msg === 'request')).toMatchObject({ ...who, status: 200 });
    expect(sent()).toMatchObject({ traceId });
    expect((await mailTo('follow@example.com'))?.headers).toMatchObject({ 'X-Request-Id': requestId });
    const history = await superuser((client) =>
      client.query(
        'select (select count(*)::int from app.change_set where request_id = $1) as sets, (select count(*)::int from app.audit_event where request_id = $1) as events',
        [requestId],
      ),
    );
    expect(history.rows).toEqual([{ sets: 1, events: 1 }]);
  });

  it('V3: stands once in each line, which is JSON', () => {
    for (const line of lines) {
      expect(() => JSON.parse(line)).not.toThrow();
      expect(line.match(/"requestId":/g)?.length ?? 0, line).toBeLessThanOrEqual(1);
    }
  });

  it('V3: is made where the caller gives none, or one that is none', () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
    for (const given of [undefined, 'x', "1' or '1'='1", `${newId()}\n`, newId().toUpperCase()]) {
      const made = requestIdOf({ 'x-request-id': given });
      expect(made).toMatch(uuid);
      expect(made).not.toBe(given);
    }
    const ours = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
    const traceId = 'a'.repeat(32);
    for (const bad of [
      undefined,
      1,
      '',
      'x',
      `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`,
      `ff-${traceId}-${'1'.repeat(16)}-01`,
    ]) {
      expect(nextTraceparent(bad)).toMatch(ours);
      expect(nextTraceparent(bad)).not.toContain(traceId);
    }
    const next = nextTraceparent(`00-${traceId}-${'1'.repeat(16)}-00`);
    expect(next).toMatch(new RegExp(`^00-${traceId}-(?!1{16})[0-9a-f]{16}-00$`));
  });

  it('V3: is the same for what happens after a body was read', async () => {
    const requestId = newId();
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    // In two pieces, so that the end of the body comes in an event of the socket's own.
    await new Promise<void>((resolve, reject) => {
      const body = JSON.stringify({ email: 'pieces@example.com', role: 'member' });
      const headers = {
        cookie: `${sessionCookie(false)}=${tenant.sid}`,
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/json',
        'content-length': body.length,
        'x-request-id': requestId,
      };
      const where = { port, method: 'POST', path: `/api/trpc/${tenant.slug}/members.invite`, headers };
      const request = http.request(where, (response) => {
        response.resume().once('end', resolve);
      });
      request.once('error', reject);
      request.write(body.slice(0, 5));
      setTimeout(() => request.end(body.slice(5)), 50);
    });
    await expect.poll(() => mailTo('pieces@example.com'), { timeout: 20_000 }).toBeTruthy();
    expect((await mailTo('pieces@example.com'))?.headers).toMatchObject({ 'X-Request-Id': requestId });
    const line = logged().find(({ msg, requestId: id }) => msg === 'request' && id === requestId);
    expect(line).toMatchObject({ tenant: tenant.slug, memberId: tenant.memberId, traceId: expect.any(String) });
  });
});

describe('the log', () => {
  it('P4: holds no value of a person or a customer, whatever happens', async () => {
    lines.length = 0;
    const canary = (name: string) => `CANARY-${name}`;
    const address = `${canary('mail')}@example.com`;
    const { secret } = await tenant.api.apiKeys.create({ name: 'k', access: 'write' });
    const screen = (procedure: string, input: unknown) => screenCall(app, tenant, procedure, input);
    const contact = await screen('contacts.create', {
      values: { firstName: canary('first'), lastName: canary('last'), emails: [{ value: address }] },
    });
    await screen('companies.create', { values: { name: canary('company'), description: canary('text') } });
    await screen('companies.create', { values: { name: canary('wrong'), nonsense: canary('key') } });
    await screen('notes.create', { body: canary('note') });
    await screen('account.signUp', { email: address, password: canary('password') });
    await screenCall(app, tenant, 'search.global', { text: canary('search') }, {}, 'GET');
    await screenCall(app, tenant, 'companies.create', `{"x": "${canary('broken')}`);
    await machineCall(app, secret, 'GET', `/companies?search=${canary('query')}`);
    await machineCall(app, `gx_${canary('key')}`, 'GET', '/companies');
    await app.inject({ url: `/nowhere?x=${canary('nowhere')}`, headers: { 'user-agent': canary('agent') } });
    mailFails = true;
    await invite(address);
    await expect.poll(() => logged().some(({ msg }) => msg === 'job failed'), { timeout: 20_000 }).toBe(true);
    mailFails = false;
    expect(contact.statusCode).toBeLessThan(500);
    expect(lines.length).toBeGreaterThan(8);
    expect(lines.filter((line) => line.includes('CANARY-'))).toEqual([]);
  });

  it('P4: tells of an error where and why, and none of the values it was about', async () => {
    const { sql } = await import('drizzle-orm');
    const { inTenant } = await import('@/db/tenant');
    const { companies } = await import('@/db/schema/records');
    const told: string[] = [];
    const own = createLog((line) => void told.push(line));
    const fail = async (work: () => Promise<unknown>) => {
      const err = await work().catch((thrown: unknown) => thrown);
      expect(JSON.stringify({ ...(err as object), message: String(err) })).toContain('CANARY');
      own.error({ err }, 'failed');
    };
    await fail(() => inTenant(tenant.tenantId, 'read', (db) => db.rows(sql`select ${'CANARY-1'}::text::uuid`)));
    await fail(() =>
      inTenant(tenant.tenantId, 'write', (db) =>
        db.insert(companies, { id: 'CANARY-2', name: 'CANARY-3' } as typeof companies.$inferInsert),
      ),
    );
    await fail(async () => {
      throw new Error('550 <CANARY-4@example.com> is unknown', { cause: new Error('to CANARY-5@example.com') });
    });
    await fail(async () => JSON.parse('{"CANARY-6": x}'));
    expect(told.join('')).not.toContain('CANARY');
    expect(told[0]).toContain('22P02');
    expect(told.every((line) => line.includes('trace.test.ts'))).toBe(true);
  });
});

describe('spans', () => {
  interface Span {
    name: string;
    traceId: string;
    spanId: string;
    parentSpanId?: string;
  }

  it('V3: are not made, and nothing of theirs is loaded, where nobody collects them', async () => {
    expect(await startTelemetry({ OTEL_SERVICE_NAME: 'guanxi' })).toBeUndefined();
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    expect(loaded.some((file) => file.includes('prom-client'))).toBe(true);
    expect(loaded.filter((file) => file.includes('@opentelemetry/sdk') || file.includes('exporter-trace'))).toEqual([]);
  });

  it('V3: of a request, its procedure, its transaction, the job and its work are one trace', async () => {
    const spans: Span[] = [];
    const services = new Set<string>();
    const sink = http.createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
          for (const { key, value } of resource.attributes) if (key === 'service.name') services.add(value.stringValue);
          for (const scope of scopeSpans) spans.push(...scope.spans);
        }
        response.setHeader('content-type', 'application/json').end('{}');
      });
    });
    await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
    const stop = await startTelemetry({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(sink.address() as AddressInfo).port}`,
      OTEL_SERVICE_NAME: 'guanxi-test',
    });
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    await invite('spans@example.com', { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
    await expect.poll(() => mailTo('spans@example.com'), { timeout: 20_000 }).toBeTruthy();
    await expect.poll(() => spans.map(({ name }) => name), { timeout: 20_000 }).toContain('job mail');
    await stop?.();
    sink.closeAllConnections();
    sink.close();

    const ours = spans.filter((span) => span.traceId === traceId);
    const named = (name: string) => ours.find((span) => span.name === name);
    const request = named('POST /api/trpc/:tenant/members.invite');
    expect(request?.parentSpanId).toBe('b7ad6b7169203331');
    const procedure = named('members.invite');
    expect(procedure?.parentSpanId).toBe(request?.spanId);
    expect(named('transaction write')?.parentSpanId).toBe(procedure?.spanId);
    expect(ours.map(({ spanId }) => spanId)).toContain(named('job mail')?.parentSpanId);
    expect(services).toEqual(new Set(['guanxi-test']));
    expect(JSON.stringify(spans)).not.toContain('spans@example.com');
  });
});
