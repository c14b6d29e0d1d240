import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pool } from '@/db/pool';
import { inTenant } from '@/db/tenant';
import { auditActions } from '@/domain/audit';
import { verbs } from '@/domain/changes';
import audit from '@/domain/messages/en/audit.json' with { type: 'json' };
import { upload } from '../support/imports';
import { type AuditEntry, entriesOf, oneStatement, unaudited, validCalls } from '../support/mutations';
import { callByPath, procedures } from '../support/procedures';
import { roundTrips } from '../support/round-trips';
import { callerOf, createTestTenant, type TestTenant } from '../support/tenants';

/** Round trips to Postgres of writes that wait for an answer before they know what to do. */
const writesOfSeveralTrips: Record<string, number> = {
  'account.confirmEmail': 3,
  'apiKeys.create': 3,
  'attachments.remove': 3,
  'attachments.rename': 3,
  'contacts.linkCompany': 3,
  'conversation.add': 3,
  'deals.create': 3,
  'deals.move': 3,
  'deals.unlinkContact': 3,
  'notes.update': 3,
  'pipelines.rename': 3,
  'pipelines.reorder': 3,
  'pipelines.reorderStages': 3,
  'relations.link': 3,
  'relations.setAttributes': 3,
  'relations.unlink': 3,
  'tasks.createQueue': 3,
  'tasks.updateQueue': 3,
  'teams.create': 3,
  'tenant.update': 3,
  'views.create': 3,
  'account.changePassword': 4,
  'account.stepUp': 4,
  'activities.setAttendees': 4,
  'archives.discard': 4,
  'archives.fetch': 4,
  'contacts.unlinkCompany': 4,
  'conversation.edit': 4,
  'conversation.remove': 4,
  'exports.cancel': 4,
  'fields.reorder': 4,
  'fields.update': 4,
  'imports.removeMapping': 4,
  'imports.saveMapping': 4,
  'jobs.dismiss': 4,
  'jobs.replay': 4,
  'members.reactivate': 4,
  'members.revokeInvitation': 4,
  'objects.update': 4,
  'pipelines.addStage': 4,
  'pipelines.updateStage': 4,
  'teams.remove': 4,
  'teams.update': 4,
  'views.adopt': 4,
  'views.reorder': 4,
  'account.resetPassword': 5,
  'apiKeys.revoke': 5,
  'duplicates.dismiss': 5,
  'duplicates.reopen': 5,
  'duplicates.setRules': 5,
  'exports.start': 5,
  'fields.create': 5,
  'members.deactivate': 5,
  'members.revokeSessions': 5,
  'members.setTeam': 5,
  'objects.create': 5,
  'objects.remove': 5,
  'pipelines.removeStage': 5,
  'tasks.putBack': 5,
  'tasks.removeQueue': 5,
  'tasks.reschedule': 5,
  'tenant.setSessionPolicy': 5,
  'views.duplicate': 5,
  'views.remove': 5,
  'views.update': 5,
  'audit.verify': 6,
  'bulk.remove': 6,
  'bulk.update': 6,
  'fields.remove': 6,
  'imports.discard': 6,
  'members.setRole': 6,
  'pipelines.remove': 6,
  'samples.add': 6,
  'tasks.takeNext': 6,
  'archives.make': 7,
  'imports.cancel': 7,
  'imports.pause': 7,
  'imports.resume': 7,
  'members.invite': 7,
  'account.acceptInvitation': 9,
  'imports.readAs': 9,
  'imports.start': 9,
  'changes.undo': 10,
  'imports.decide': 10,
  'fields.convert': 11,
  'imports.cancelSet': 11,
  'merges.unmerge': 14,
  'imports.undo': 15,
  'imports.undoSet': 18,
  'bin.restore': 20,
  'imports.startSet': 20,
  'merges.merge': 23,
  'merges.mergeCertain': 24,
  'bin.erase': 35,
  'samples.remove': 55,
};
/** What was found to be of more than two. */
const over: Record<string, number> = {};

const mutations = procedures()
  .filter(({ type }) => type === 'mutation')
  .map(({ path }) => path);

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await createTestTenant();
});

async function entriesSince(before: AuditEntry[]): Promise<AuditEntry[]> {
  const known = new Set(before.map(({ id }) => id));
  return (await entriesOf(tenant.tenantId)).filter(({ id }) => !known.has(id));
}

/**
 * The next transaction that begins ends in a failure instead of its commit. One that it begins beside itself would go
 * through, and its entry be found.
 */
function failNextCommit(): void {
  const real = pool();
  const connect = real.connect.bind(real);
  Object.assign(real, {
    connect: async (callback?: Parameters<typeof connect>[0]) => {
      // Statements outside of a transaction: `pool.query` asks this way.
      if (callback) return connect(callback);
      Object.assign(real, { connect });
      const client = await connect();
      const query = client.query.bind(client);
      const restored = client.release.bind(client);
      Object.assign(client, {
        query: (...args: Parameters<typeof query>) =>
          String(args[0]) === 'commit' ? Promise.reject(new Error('no commit')) : query(...args),
        release: (error?: Error) => {
          Object.assign(client, { query, release: restored });
          restored(error);
        },
      });
      return client;
    },
  });
  restore = () => Object.assign(real, { connect });
}
let restore = () => {};
afterEach(() => restore());

describe('every mutation', () => {
  it('U1: has a valid call here, or a reason why it leaves no entry', () => {
    expect(mutations.filter((path) => !(path in validCalls) && !(path in unaudited))).toEqual([]);
    expect([...Object.keys(validCalls), ...Object.keys(unaudited)].filter((path) => !mutations.includes(path))).toEqual(
      [],
    );
    for (const reason of Object.values(unaudited)) expect(reason.length).toBeGreaterThan(10);
  });

  it.each(Object.keys(validCalls))(
    'U1: %s leaves exactly one entry that says who, through what and from where',
    async (path) => {
      const { input, guest, by = tenant, api = by.api } = (await validCalls[path]?.(tenant)) ?? { input: undefined };
      const before = await entriesOf(tenant.tenantId);
      const known = () => callByPath(api, 'fields.list', undefined);
      const { result, trips } = await roundTrips(known, () => callByPath(api, path, input));
      expect(result, path).toHaveProperty('answer');
      if (trips > 2) over[path] = trips;
      const added = await entriesSince(before);
      expect(added, path).toHaveLength(1);
      const { requestId, ip } = by.context;
      // Whoever joins is nobody in the tenant yet: the product makes the member.
      const who = guest ? { channel: 'system' } : { channel: 'screen', memberId: by.memberId };
      expect(added[0]).toMatchObject({ ...who, requestId, ip });
      if (guest) expect(added[0]?.memberId).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('W1: a simple write makes two round trips to Postgres at most, its change set included', () => {
    const more = Object.entries(over).filter(([path, trips]) => trips > (writesOfSeveralTrips[path] ?? 2));
    expect(Object.fromEntries(more)).toEqual({});
    // Whoever makes one shorter says so.
    expect(Object.keys(writesOfSeveralTrips).filter((path) => !(path in over))).toEqual([]);
  });

  it.each(Object.keys(validCalls).filter((path) => !oneStatement.includes(path)))(
    'U1: %s leaves no entry when it is rolled back',
    async (path) => {
      const { input, by = tenant, api = by.api } = (await validCalls[path]?.(tenant)) ?? { input: undefined };
      const before = await entriesOf(tenant.tenantId);
      failNextCommit();
      const result = await callByPath(api, path, input);
      restore();
      expect(result, path).toEqual({ refused: 'internal' });
      expect(await entriesSince(before)).toEqual([]);
    },
  );

  it('U1: a sign-up leaves the first entries of its tenant', async () => {
    const t = await createTestTenant();
    const entries = await entriesOf(t.tenantId);
    const made = entries.filter(({ kind }) => kind === 'change');
    expect(made.length).toBeGreaterThan(0);
    for (const entry of made) expect(entry).toMatchObject({ memberId: t.memberId, channel: 'system' });
    for (const entry of made) expect(entry.ip).toMatch(/^10\./);
  });

  it('U1: a call over REST is told apart from one on screen', async () => {
    const api = callerOf({
      ...tenant.context,
      channel: 'api',
      session: undefined,
      apiKey: {
        tenantId: tenant.tenantId,
        slug: tenant.slug,
        keyId: tenant.memberId,
        access: 'write',
        memberId: tenant.memberId,
        userId: tenant.userId,
        role: 'owner',
        teamId: null,
        locale: 'en',
      },
    });
    const before = await entriesOf(tenant.tenantId);
    await api.companies.create({ values: { name: 'By a machine' } });
    expect(await entriesSince(before)).toMatchObject([{ channel: 'api', action: 'create' }]);
  });

  it('U1: an upload is an entry too', async () => {
    const before = await entriesOf(tenant.tenantId);
    await upload(tenant, 'firms.csv', 'Name\nAcme\n');
    const added = await entriesSince(before);
    expect(added).toMatchObject([{ kind: 'event', action: 'fileUploaded', memberId: tenant.memberId }]);
  });
});

describe('the list of the audit', () => {
  it('shows change sets and events in one order, page by page, each once', async () => {
    const t = await createTestTenant();
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) {
      ids.unshift((await t.api.companies.create({ values: { name: `Acme ${i}` } })).changeSetId);
      await t.api.audit.verify({});
    }
    const whole = (await t.api.audit.list({ limit: 100 })).rows;
    expect(whole.filter((row) => row.subject?.object === 'company').map((row) => row.changeSetId)).toEqual(ids);
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof t.api.audit.list>> = await t.api.audit.list({ limit: 3, cursor });
      paged.push(...page.rows.map((row) => row.id));
      cursor = page.next;
    } while (cursor);
    expect(paged).toEqual(whole.map((row) => row.id));
    expect([...whole].sort((x, y) => y.at.localeCompare(x.at))).toEqual(whole);
  });

  it('says who, what and from where, with titles in place of ids', async () => {
    const t = await createTestTenant();
    const { id, changeSetId } = await t.api.companies.create({ values: { name: 'Acme' } });
    const parent = await t.api.companies.create({ values: { name: 'Holding' } });
    const change = await t.api.companies.update({ id, values: { name: 'Acme Ltd', parentId: parent.id } });
    const [latest] = (await t.api.audit.list({ action: 'update' })).rows;
    expect(latest).toMatchObject({
      kind: 'change',
      memberName: 'Olivia Owner',
      channel: 'screen',
      subject: { object: 'company', id, name: 'Acme Ltd' },
      count: 1,
      ip: t.context.ip,
      requestId: t.context.requestId,
      undoneBy: null,
    });
    const detail = await t.api.audit.changes({ changeSetId: change.changeSetId });
    expect(detail).toMatchObject({
      more: false,
      changes: [
        { op: 'update', before: { name: 'Acme', parentId: null }, after: { name: 'Acme Ltd', parentId: 'Holding' } },
      ],
    });
    expect((await t.api.audit.changes({ changeSetId })).changes[0]).toMatchObject({ op: 'create' });
  });

  it('is filtered by member, action and time', async () => {
    const t = await createTestTenant();
    const person = await t.person('admin');
    await person.api.companies.create({ values: { name: 'Acme' } });
    await person.api.audit.verify({});
    const by = await t.api.audit.list({ memberId: person.memberId });
    expect(by.rows.length).toBeGreaterThan(1);
    expect(new Set(by.rows.map((row) => row.memberId))).toEqual(new Set([person.memberId]));
    expect((await t.api.audit.list({ action: 'auditVerified' })).rows.map((row) => row.kind)).toEqual(['event']);
    expect((await t.api.audit.list({ action: 'nothing' })).rows).toEqual([]);
    const at = by.rows[0]?.at ?? '';
    expect((await t.api.audit.list({ to: at, memberId: person.memberId })).rows).not.toContainEqual(by.rows[0]);
    expect((await t.api.audit.list({ from: at })).rows).toContainEqual(by.rows[0]);
    await expect(t.api.audit.list({ cursor: 'bm9uc2Vuc2U' })).rejects.toThrow('badCursor');
  });

  it('is for owners and admins', async () => {
    const t = await createTestTenant();
    await expect((await t.person('admin')).api.audit.list({})).resolves.toBeDefined();
    for (const role of ['manager', 'member', 'viewer'] as const) {
      const { api } = await t.person(role);
      for (const path of ['audit.list', 'audit.verify']) {
        expect(await callByPath(api, path, {}), `${role} ${path}`).toEqual({ refused: 'forbidden' });
      }
    }
  });

  it('has a sentence for every action and every verb', () => {
    expect(Object.keys(audit.events).sort()).toEqual([...auditActions].sort());
    expect(Object.keys(audit.changes).sort()).toEqual([...verbs].sort());
  });

  it('U1: reads leave no entry', async () => {
    const before = await entriesOf(tenant.tenantId);
    await tenant.api.audit.list({});
    await tenant.api.companies.list({});
    expect(await entriesOf(tenant.tenantId)).toEqual(before);
    await expect(
      inTenant(tenant.tenantId, 'read', (db) => db.prepared('x', `insert into app.audit_event (id) values (null)`, [])),
    ).rejects.toMatchObject({ code: '25006' });
  });
});
