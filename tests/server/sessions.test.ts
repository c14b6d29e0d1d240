import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { tenantSetStatus } from '@/db/global';
import { hashSecret } from '@/server/core/ids';
import { inJob } from '@/server/core/job-work';
import { readSession, rememberFor, setListening, startSession } from '@/server/core/session';
import { startSessionListener } from '@/server/core/session-listener';
import { signInWithPassword } from '@/server/core/sign-in';
import { openDoors, restStatus, TestBrowser } from '../support/doors';
import { linkOf, visitor } from '../support/sign-in';
import {
  callerOf,
  createTestTenant,
  password,
  signedIn,
  strangerContext,
  superuser,
  type TestTenant,
} from '../support/tenants';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

let now = new Date();
let app: FastifyInstance;
let stop: () => Promise<void>;

beforeAll(async () => {
  app = await openDoors(() => now);
  // With what is remembered for a second: the harder case.
  stop = startSessionListener(inject('database').app, { warn: () => {} });
  await createTestTenant();
  await setTimeout(200);
});
afterAll(async () => {
  await stop();
  await app.close();
});

const browserOf = (tenant: Pick<TestTenant, 'slug' | 'sid'>, sid = tenant.sid) => new TestBrowser(app, tenant, sid);
const at = (ms: number) => {
  now = new Date(ms);
};
const reset = () => {
  now = new Date();
};
const sessionRows = (userId: string) =>
  superuser(async (c) => (await c.query('select * from auth.session where user_id = $1', [userId])).rows);

describe('the session id', () => {
  it('S1: is new and of 256 bits at each sign-in, and only its hash is stored', async () => {
    const { email, userId } = await createTestTenant();
    const [first, second] = [
      await signInWithPassword(email, password, visitor()),
      await signInWithPassword(email, password, visitor()),
    ];
    if (!first || !second) throw new Error('not signed in');
    expect(first.sid).not.toBe(second.sid);
    expect(Buffer.from(first.sid, 'base64url')).toHaveLength(32);
    const rows = await sessionRows(userId);
    expect(rows.map((row) => row.sid_hash)).toEqual(
      expect.arrayContaining([first, second].map(({ sid }) => hashSecret(sid))),
    );
    expect(JSON.stringify(rows)).not.toContain(first.sid);
  });

  it('S1: of the browser that signs in again is dead', async () => {
    const tenant = await createTestTenant();
    const again = await signInWithPassword(tenant.email, password, visitor({ session: tenant.sid }));
    expect((await browserOf(tenant).query('tenant.boot')).status).toBe(401);
    expect((await browserOf(tenant, again?.sid).query('tenant.boot')).status).toBe(200);
  });

  it.each([
    ['a step-up', 'account.stepUp', () => ({ password })],
    ['a new password', 'account.changePassword', () => ({ current: password, next: 'the newest password' })],
    ['another role of one’s own', 'members.setRole', (t: TestTenant) => ({ id: t.memberId, role: 'admin' })],
  ])('S1: is another after %s, and the old one is dead', async (_, path, input) => {
    const tenant = await createTestTenant();
    await tenant.person('owner');
    const browser = browserOf(tenant);
    expect((await browser.query('tenant.boot')).status).toBe(200);
    const answer = await browser.mutate(path, input(tenant));
    expect([answer.status, answer.sid]).toEqual([200, expect.stringMatching(/^[\w-]{43}$/)]);
    expect(answer.sid).not.toBe(tenant.sid);
    expect((await browserOf(tenant).query('tenant.boot')).status).toBe(401);
    expect((await browser.query('tenant.boot')).status).toBe(200);
  });

  it('S1: of somebody whose role an admin changes opens nothing sensitive until it is another', async () => {
    const tenant = await createTestTenant();
    const member = await tenant.person('member');
    const browser = browserOf(tenant, member.sid);
    await tenant.api.members.setRole({ id: member.memberId, role: 'admin' });
    // The new rights are there at once, and the work goes on.
    expect((await browser.query('audit.list', {})).status).toBe(200);
    const key = { name: 'k', access: 'read' };
    expect((await browser.mutate('apiKeys.create', key)).refused).toBe('stepUpNeeded');
    expect((await browser.mutate('account.stepUp', { password })).sid).not.toBe(member.sid);
    expect((await browser.mutate('apiKeys.create', key)).status).toBe(200);
    expect((await browserOf(tenant, member.sid).query('tenant.boot')).status).toBe(401);
  });

  it('S1: of a rotated session goes on to the same end', async () => {
    const tenant = await createTestTenant();
    const started = Date.now();
    const sid = await startSession(tenant.userId, ['password'], null, null, { now: new Date(started) });
    const browser = browserOf(tenant, sid);
    try {
      for (let t = started; t < started + 30 * day - hour; t += 10 * hour) {
        at(t);
        expect((await browser.mutate('account.stepUp', { password })).status).toBe(200);
      }
      at(started + 30 * day - minute);
      expect((await browser.query('tenant.boot')).status).toBe(200);
      at(started + 30 * day + minute);
      expect((await browser.query('tenant.boot')).status).toBe(401);
    } finally {
      reset();
    }
  });
});

describe('the end of a session', () => {
  it('S2: comes after twelve hours without a request, by the clock of the request', async () => {
    const tenant = await createTestTenant();
    const start = Date.now();
    const browser = browserOf(
      tenant,
      await startSession(tenant.userId, ['password'], null, null, { now: new Date(start) }),
    );
    try {
      at(start + 11.9 * hour);
      expect((await browser.query('tenant.boot')).status).toBe(200);
      await expect
        .poll(async () => (await sessionRows(tenant.userId)).some((row) => row.last_seen_at > new Date(start + hour)))
        .toBe(true);
      at(start + 23.8 * hour);
      expect((await browser.query('tenant.boot')).status).toBe(200);
      at(start + 35.9 * hour);
      expect((await browser.query('tenant.boot')).status).toBe(401);
      expect(await browser.upload()).toBe(401);
    } finally {
      reset();
    }
  });

  it('S2: comes after thirty days however much it is used', async () => {
    const { userId } = await createTestTenant();
    const start = Date.now();
    const sid = await startSession(userId, ['password'], null, null, { now: new Date(start) });
    for (let t = start; t < start + 30 * day; t += 10 * hour) {
      expect(await readSession(sid, new Date(t))).toBeDefined();
      await superuser((c) =>
        c.query('update auth.session set last_seen_at = $2 where sid_hash = $1', [hashSecret(sid), new Date(t)]),
      );
    }
    expect(await readSession(sid, new Date(start + 30 * day - minute))).toBeDefined();
    expect(await readSession(sid, new Date(start + 30 * day))).toBeUndefined();
  });

  it('S2: comes sooner where a tenant of the person wants it, the strictest one for all', async () => {
    const strict = await createTestTenant();
    const lax = await createTestTenant();
    const { link } = await lax.api.members.invite({ email: strict.email, role: 'member' });
    await strict.api.account.acceptInvitation({ token: new URL(link).searchParams.get('token') ?? '' });
    await lax.api.tenant.setSessionPolicy({ idleMinutes: 600, days: 20 });
    await strict.api.tenant.setSessionPolicy({ idleMinutes: 30, days: 2 });
    expect(await strict.api.tenant.sessionPolicy()).toEqual({ idleMinutes: 30, days: 2 });
    const start = Date.now();
    const sid = await startSession(strict.userId, ['password'], null, null, { now: new Date(start) });
    const standing = async (ms: number) => Boolean(await readSession(sid, new Date(start + ms)));
    // The later first: a request prolongs what stands.
    expect([await standing(31 * minute), await standing(29 * minute)]).toEqual([false, true]);
    const seen = (ms: number) =>
      superuser((c) =>
        c.query('update auth.session set last_seen_at = $2 where sid_hash = $1', [
          hashSecret(sid),
          new Date(start + ms),
        ]),
      );
    await seen(2 * day);
    expect([await standing(2 * day + minute), await standing(2 * day - minute)]).toEqual([false, true]);
    await strict.api.tenant.setSessionPolicy({ idleMinutes: null, days: null });
    await seen(19 * day);
    expect([await standing(19 * day + 11 * hour), await standing(19 * day + 9 * hour)]).toEqual([false, true]);
    // Its own owner is bound too, and nothing longer than the product's own can be set.
    await expect(strict.api.tenant.setSessionPolicy({ idleMinutes: 721, days: null })).rejects.toThrow('too_big');
    await expect(strict.api.tenant.setSessionPolicy({ idleMinutes: null, days: 31 })).rejects.toThrow('too_big');
  });
});

describe('what ends access', () => {
  // Nothing grows old by itself while a test looks.
  beforeAll(() => rememberFor(3_600_000));
  afterAll(() => rememberFor(1000));

  const job = (tenant: TestTenant, memberId: string) =>
    inJob(
      { tenantId: tenant.tenantId, memberId, channel: 'import', requestId: 'r' },
      async () => {},
      'write',
      async () => 200,
    ).catch(() => 404);

  /** Answers of the doors to a person, each asked once and at once. */
  async function doors(tenant: TestTenant, memberId: string, sid: string, key: string) {
    const browser = browserOf(tenant, sid);
    return {
      screen: (await browser.query('tenant.boot')).status,
      upload: await browser.upload(),
      live: await browser.live(),
      rest: await restStatus(app, key),
      job: await job(tenant, memberId),
    };
  }
  const open = { screen: 200, upload: 400, live: 400, rest: 200, job: 200 };

  async function admin(tenant: TestTenant) {
    const person = await tenant.person('admin');
    const key = await person.api.apiKeys.create({ name: 'k', access: 'write' });
    const see = () => doors(tenant, person.memberId, person.sid, key.secret);
    expect(await see()).toEqual(open);
    return { ...person, key, see };
  }

  it('S3: signing out, at the next request', async () => {
    const person = await admin(await createTestTenant());
    await person.api.account.signOut();
    expect(await person.see()).toEqual({ ...open, screen: 401, upload: 401, live: 401 });
  });

  it('S3: a new password, in every other session', async () => {
    const tenant = await createTestTenant();
    const person = await admin(tenant);
    const other = await signedIn(tenant.slug, person.email);
    await other.api.account.changePassword({ current: password, next: 'the newest password' });
    expect(await person.see()).toEqual({ ...open, screen: 401, upload: 401, live: 401 });
    expect((await other.api.tenant.boot()).tenant.slug).toBe(tenant.slug);
  });

  it('S3: a password set by a link, in every session', async () => {
    const person = await admin(await createTestTenant());
    const asking = strangerContext();
    await callerOf(asking).account.requestReset({ email: person.email });
    await callerOf(asking).account.resetPassword({
      token: await linkOf(asking.mails[0]),
      password: 'the newest password',
    });
    expect(await person.see()).toEqual({ ...open, screen: 401, upload: 401, live: 401 });
  });

  it('S3: an admin who signs a person out', async () => {
    const tenant = await createTestTenant();
    const person = await admin(tenant);
    expect(await tenant.api.members.revokeSessions({ id: person.memberId })).toEqual({ ended: 1 });
    expect(await person.see()).toEqual({ ...open, screen: 401, upload: 401, live: 401 });
  });

  it('S3: leaving the tenant, at every door', async () => {
    const tenant = await createTestTenant();
    const person = await admin(tenant);
    await tenant.api.members.deactivate({ id: person.memberId });
    expect(await person.see()).toEqual({ screen: 404, upload: 404, live: 404, rest: 401, job: 404 });
  });

  it('S3: a lesser role, at every door', async () => {
    const tenant = await createTestTenant();
    const person = await admin(tenant);
    const { changeSetId } = await tenant.api.members.setRole({ id: person.memberId, role: 'viewer' });
    expect((await browserOf(tenant, person.sid).query('audit.list', {})).status).toBe(403);
    expect(await browserOf(tenant, person.sid).upload()).toBe(403);
    await tenant.api.changes.undo({ changeSetId });
    expect((await browserOf(tenant, person.sid).query('audit.list', {})).status).toBe(200);
  });

  it('S3: the revocation of a key, for the key alone', async () => {
    const person = await admin(await createTestTenant());
    await person.api.apiKeys.revoke({ id: person.key.id });
    expect(await person.see()).toEqual({ ...open, rest: 401 });
  });

  it('S3: the suspension of the tenant, at every door at once', async () => {
    const tenant = await createTestTenant();
    const person = await admin(tenant);
    await tenantSetStatus(tenant.tenantId, 'suspended');
    // The message has to come back from the database once.
    const closed = { screen: 404, upload: 404, live: 404, rest: 401, job: 404 };
    await expect.poll(person.see, { timeout: 20_000 }).toEqual(closed);
  });

  it('S3: what is rolled back ends nothing', async () => {
    const tenant = await createTestTenant();
    const person = await admin(tenant);
    await expect(tenant.api.members.deactivate({ id: tenant.memberId })).rejects.toMatchObject({
      message: 'notYourself',
    });
    expect(await person.see()).toEqual(open);
  });
});

describe('what a process remembers', () => {
  it('S3: is nothing while it does not hear of changes', async () => {
    const tenant = await createTestTenant();
    const silently = (status: string) =>
      superuser((c) => c.query('update app.tenant set status = $2 where id = $1', [tenant.tenantId, status]));
    const at = new Date();
    const tenants = async () => (await readSession(tenant.sid, at))?.tenants.length;
    try {
      setListening(true);
      expect(await tenants()).toBe(1);
      await silently('suspended');
      expect(await tenants()).toBe(1);
      setListening(false);
      expect(await tenants()).toBe(0);
      await silently('active');
      expect(await tenants()).toBe(1);
    } finally {
      setListening(true);
    }
  });
});

describe('the tenant in the address', () => {
  it('S6: two tabs of one session are in two tenants, and each call asks for the membership anew', async () => {
    const [one, two] = [await createTestTenant(), await createTestTenant()];
    const { link } = await two.api.members.invite({ email: one.email, role: 'member' });
    await one.api.account.acceptInvitation({ token: new URL(link).searchParams.get('token') ?? '' });
    const [left, right] = [browserOf(one), browserOf(two, one.sid)];
    const booted = async (tab: TestBrowser) =>
      ((await tab.query('tenant.boot')).data as { tenant: { slug: string }; member: { role: string } } | undefined) ??
      null;
    expect(await Promise.all([booted(left), booted(right)])).toMatchObject([
      { tenant: { slug: one.slug }, member: { role: 'owner' } },
      { tenant: { slug: two.slug }, member: { role: 'member' } },
    ]);
    const { members } = await two.api.members.list();
    await two.api.members.deactivate({ id: members.find(({ email }) => email === one.email)?.id ?? '' });
    expect((await right.query('tenant.boot')).status).toBe(404);
    expect((await left.query('tenant.boot')).status).toBe(200);
    // A stranger's tenant and one that does not exist are the same answer.
    const stranger = await createTestTenant();
    const answers = await Promise.all(
      [stranger, { slug: 'no-such-tenant' }].map((t) => browserOf({ ...one, ...t }, one.sid).query('tenant.boot')),
    );
    expect(answers.map(({ status, refused }) => [status, refused])).toEqual([
      [404, 'notFound'],
      [404, 'notFound'],
    ]);
  });
});
