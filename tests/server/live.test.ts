import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { tenantSetStatus } from '@/db/global';
import { newObjectRights } from '@/domain/permissions';
import { startBus } from '@/server/core/bus';
import { rememberFor, sessionCookie } from '@/server/core/session';
import { startSessionListener } from '@/server/core/session-listener';
import { openDoors } from '../support/doors';
import { LiveStream } from '../support/live';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

let app: FastifyInstance;
let url: string;
let stops: (() => Promise<void>)[];
const streams: LiveStream[] = [];

beforeAll(async () => {
  // Nothing grows old by itself while a test looks.
  rememberFor(3_600_000);
  app = await openDoors();
  const { app: connectionString } = inject('database');
  stops = [startSessionListener(connectionString, { warn: () => {} }), startBus(connectionString, { warn: () => {} })];
  await app.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  await vi.waitFor(async () => expect(await buses()).not.toEqual([]), { timeout: 20_000 });
});
afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});
afterAll(async () => {
  rememberFor(1000);
  await Promise.all(stops.map((stop) => stop()));
  app.server.closeAllConnections();
  await app.close();
});

/** The database's processes behind which a process hears of changes. */
const buses = () =>
  superuser(
    async (c) =>
      (
        await c.query<{ pid: number }>(
          `select pid from pg_stat_activity where application_name = 'guanxi-listen' and datname = current_database() and query ~ 'guanxi_changes|pg_notify'`,
        )
      ).rows,
  );

async function listening({ slug }: { slug: string }, sid: string): Promise<LiveStream> {
  const stream = await LiveStream.open(url, slug, sid);
  streams.push(stream);
  expect(stream.status).toBe(200);
  await expect.poll(() => stream.events().length, { timeout: 20_000 }).toBeGreaterThan(0);
  return stream;
}

/** That something comes; how soon is no business of a test. */
const comes = (stream: LiveStream) => expect.poll(() => stream.records(), { timeout: 20_000 });

async function here(tenant: Pick<TestTenant, 'slug'>, sid: string, body: unknown): Promise<number> {
  const { statusCode } = await app.inject({
    method: 'POST',
    url: `/api/live/${tenant.slug}/here`,
    headers: { 'sec-fetch-site': 'same-origin', cookie: `${sessionCookie(false)}=${sid}` },
    payload: body as object,
  });
  return statusCode;
}

/** A tenant with a member who sees only their own deals, and its owner with a deal of theirs. */
async function world() {
  const tenant = await createTestTenant();
  const member = await tenant.person('member');
  const company = await tenant.api.companies.create({ values: { name: 'Tidewheel' } });
  const deal = await tenant.api.deals.create({ values: { name: 'CANARY deal', ownerId: tenant.memberId } });
  return { tenant, member, company, deal };
}

describe('what colleagues do', () => {
  it('T7: comes to those who may see it, and to nobody else', async () => {
    const { tenant, member, company, deal } = await world();
    const stranger = await createTestTenant();
    const [own, theirs, foreign] = [
      await listening(tenant, tenant.sid),
      await listening(tenant, member.sid),
      await listening(stranger, stranger.sid),
    ];
    await tenant.api.deals.update({ id: deal.id, values: { name: 'Renamed' } });
    await tenant.api.companies.update({ id: company.id, values: { phone: '+49 30 1' } });
    await comes(own).toEqual([`deal ${deal.id} update`, `company ${company.id} update`]);
    await comes(theirs).toEqual([`company ${company.id} update`]);
    // Given to the member it is theirs, taken from them it is gone: both are told, with nothing of what is in it.
    await tenant.api.deals.update({ id: deal.id, values: { ownerId: member.memberId } });
    await comes(theirs).toContain(`deal ${deal.id} update`);
    await tenant.api.deals.update({ id: deal.id, values: { ownerId: tenant.memberId } });
    await comes(theirs).toContain(`deal ${deal.id} gone`);
    const { count } = { count: theirs.records().length };
    await tenant.api.deals.remove({ ids: [deal.id] });
    await tenant.api.companies.remove({ ids: [company.id] });
    await comes(own).toContain(`deal ${deal.id} delete`);
    await comes(theirs).toContain(`company ${company.id} delete`);
    expect(theirs.records()).toHaveLength(count + 1);
    await stranger.api.companies.create({ values: { name: 'Elsewhere' } });
    await comes(foreign).toHaveLength(1);
    for (const { text } of [own, theirs, foreign]) expect(text).not.toMatch(/CANARY|Renamed|Elsewhere/);
    expect(foreign.text).not.toContain(deal.id);
  });

  it('is told by kind alone where it is much, and configuration always is', async () => {
    const { tenant, member } = await world();
    const made = await Promise.all(
      Array.from({ length: 45 }, (_, i) => tenant.api.companies.create({ values: { name: `Company ${i}` } })),
    );
    // Of records nobody of a role sees, not even the kind.
    const { key: object } = await tenant.api.objects.create({
      label: { en: { one: 'Salary', other: 'Salaries' } },
      rights: { ...newObjectRights, read: { ...newObjectRights.read, member: 'none' as const } },
    });
    const hidden = await Promise.all(
      Array.from({ length: 45 }, (_, i) => tenant.api.records.create({ object, values: { name: `Salary ${i}` } })),
    );
    const stream = await listening(tenant, member.sid);
    await tenant.api.companies.updateMany({ ids: made.map(({ id }) => id), values: { phone: '+49 30 3' } });
    await tenant.api.records.updateMany({ object, ids: hidden.map(({ id }) => id), values: { name: 'x' } });
    await tenant.api.teams.create({ name: `Team ${randomUUID()}` });
    const said = (key: 'many' | 'kinds') =>
      stream.events().flatMap(({ event, data }) => (event === 'news' ? (data as Record<string, string[]>)[key] : []));
    await expect.poll(() => said('kinds'), { timeout: 20_000 }).toContain('team');
    expect(said('many')).toEqual(['company']);
    // The last of those made may have been on their way still.
    expect(stream.records().filter((record) => !record.endsWith('create'))).toEqual([]);
    expect(stream.text).not.toContain(object);
  });

  it('T7: is answered for a gap by the same rules, and a gap that is too long with everything', async () => {
    const { tenant, member, company, deal } = await world();
    const since = new Date(Date.now() - 1000).toISOString();
    const all = await tenant.api.live.since({ since });
    const some = await member.api.live.since({ since });
    const ids = ({ records }: typeof all) => records.map(([, id]) => id);
    expect(ids(all)).toEqual(expect.arrayContaining([company.id, deal.id]));
    expect(ids(some)).toContain(company.id);
    expect(ids(some)).not.toContain(deal.id);
    await tenant.api.deals.update({ id: deal.id, values: { ownerId: member.memberId } });
    await tenant.api.deals.update({ id: deal.id, values: { ownerId: tenant.memberId } });
    expect((await member.api.live.since({ since })).records).toContainEqual(['deal', deal.id, 'gone']);
    const old = await tenant.api.live.since({ since: new Date(Date.now() - 48 * 3_600_000).toISOString() });
    expect(old).toMatchObject({ all: true, records: [] });
  });

  it('is asked about when messages were lost', async () => {
    const { tenant, company } = await world();
    const stream = await listening(tenant, tenant.sid);
    const lost = await buses();
    await superuser(async (c) => {
      for (const { pid } of lost) await c.query('select pg_terminate_backend($1)', [pid]);
    });
    await expect.poll(() => stream.events().map(({ event }) => event), { timeout: 20_000 }).toContain('missed');
    await tenant.api.companies.update({ id: company.id, values: { phone: '+49 30 2' } });
    await comes(stream).toContain(`company ${company.id} update`);
  });
});

describe('a stream', () => {
  it('S3: ends with its session, its membership and its tenant, and hears of other rights', async () => {
    const tenant = await createTestTenant();
    const people = [await tenant.person('member'), await tenant.person('member'), await tenant.person('member')];
    const [out, removed, moved] = people;
    if (!out || !removed || !moved) throw new Error('three people');
    const open = await Promise.all(people.map(({ sid }) => listening(tenant, sid)));
    await out.api.account.signOut();
    await tenant.api.members.deactivate({ id: removed.memberId });
    await tenant.api.members.setRole({ id: moved.memberId, role: 'admin' });
    const last = (stream: LiveStream | undefined) => stream?.events().at(-1);
    await expect.poll(() => open.map((s) => s.isOver), { timeout: 20_000 }).toEqual([true, true, false]);
    expect(last(open[0])).toEqual({ event: 'end', data: { reason: 'session' } });
    expect(last(open[1])).toEqual({ event: 'end', data: { reason: 'removed' } });
    await expect.poll(() => open[2]?.events().map(({ event }) => event), { timeout: 20_000 }).toContain('reach');
    // From here on with the new rights.
    const deal = await tenant.api.deals.create({ values: { name: 'x', ownerId: tenant.memberId } });
    await expect.poll(() => open[2]?.records(), { timeout: 20_000 }).toContain(`deal ${deal.id} create`);
    expect(open[0]?.text).not.toContain(deal.id);
    await tenantSetStatus(tenant.tenantId, 'suspended');
    await expect.poll(() => open[2]?.isOver, { timeout: 20_000 }).toBe(true);
  });

  it('T6, X3: opens for members alone, from pages of ours, and is kept nowhere', async () => {
    const [tenant, stranger] = [await createTestTenant(), await createTestTenant()];
    const status = async (...args: [slug: string, sid: string, headers?: Record<string, string>]) => {
      const stream = await LiveStream.open(url, ...args);
      stream.close();
      return stream.status;
    };
    expect(await status(tenant.slug, stranger.sid)).toBe(404);
    expect(await status(tenant.slug, 'nobody')).toBe(401);
    expect(await status('no-such-tenant', tenant.sid)).toBe(404);
    expect(await status(tenant.slug, tenant.sid, { 'sec-fetch-site': 'cross-site' })).toBe(403);
    const { headers } = (await listening(tenant, tenant.sid)).answer;
    expect(headers.get('cache-control')).toBe('no-store, no-transform');
    expect(headers.get('x-accel-buffering')).toBe('no');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('L1: is one of so many that a person may have', async () => {
    const tenant = await createTestTenant();
    await Promise.all(Array.from({ length: 12 }, () => listening(tenant, tenant.sid)));
    const more = await LiveStream.open(url, tenant.slug, tenant.sid);
    expect([more.status, Number(more.answer.headers.get('retry-after')) > 0]).toEqual([429, true]);
  });
});

describe('who looks at a record', () => {
  it('T6: is known to those who look at it too, and to nobody who may not', async () => {
    const { tenant, member, company, deal } = await world();
    const [own, theirs] = [await listening(tenant, tenant.sid), await listening(tenant, member.sid)];
    const at = (stream: LiveStream, object: string, id: string, field?: string) => ({
      stream: stream.name(),
      tab: randomUUID(),
      place: { object, id },
      field,
    });
    const seen = (stream: LiveStream) =>
      stream.events().flatMap(({ event, data }) => (event === 'presence' ? data : [])) as {
        id: string;
        people: { member: string; field?: string }[];
      }[];
    const mine = at(own, 'company', company.id);
    expect(await here(tenant, tenant.sid, mine)).toBe(204);
    expect(await here(tenant, member.sid, at(theirs, 'company', company.id, 'phone'))).toBe(204);
    await expect
      .poll(() => seen(own).at(-1)?.people, { timeout: 20_000 })
      .toEqual([
        { member: tenant.memberId, tab: mine.tab },
        { member: member.memberId, tab: expect.any(String), field: 'phone' },
      ]);
    expect(await here(tenant, member.sid, at(theirs, 'deal', deal.id))).toBe(404);
    expect(theirs.text).not.toContain(deal.id);
    const count = () => expect.poll(() => seen(own).at(-1)?.people.length, { timeout: 20_000 });
    // Whose it no longer is, is there no more; nor is anybody whose browser has gone.
    await tenant.api.deals.update({ id: deal.id, values: { ownerId: member.memberId } });
    expect(await here(tenant, tenant.sid, { ...mine, place: { object: 'deal', id: deal.id } })).toBe(204);
    expect(await here(tenant, member.sid, at(theirs, 'deal', deal.id))).toBe(204);
    await count().toBe(2);
    await tenant.api.deals.update({ id: deal.id, values: { ownerId: tenant.memberId } });
    await count().toBe(1);
    expect(await here(tenant, tenant.sid, mine)).toBe(204);
    expect(await here(tenant, member.sid, at(theirs, 'company', company.id))).toBe(204);
    await count().toBe(2);
    theirs.close();
    await count().toBe(1);
    const stranger = await createTestTenant();
    expect(await here(tenant, stranger.sid, mine)).toBe(404);
    expect(await here(stranger, stranger.sid, mine)).toBe(404);
  });
});
