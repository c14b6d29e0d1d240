import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pool } from '@/db/pool';
import { inTenant } from '@/db/tenant';
import { auditActions } from '@/domain/audit';
import { verbs } from '@/domain/changes';
import audit from '@/domain/messages/en/audit.json' with { type: 'json' };
import { upload } from '../support/imports';
import { type AuditEntry, entriesOf, oneStatement, unaudited, validCalls } from '../support/mutations';
import { callByPath, procedures } from '../support/procedures';
import { callerOf, createTestTenant, type TestTenant } from '../support/tenants';

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
      const result = await callByPath(api, path, input);
      expect(result, path).toHaveProperty('answer');
      const added = await entriesSince(before);
      expect(added, path).toHaveLength(1);
      const { requestId, ip } = by.context;
      // Whoever joins is nobody in the tenant yet: the product makes the member.
      const who = guest ? { channel: 'system' } : { channel: 'screen', memberId: by.memberId };
      expect(added[0]).toMatchObject({ ...who, requestId, ip });
      if (guest) expect(added[0]?.memberId).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

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
