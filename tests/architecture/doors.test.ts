import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { tenantSetStatus } from '@/db/global';
import { recordObjects } from '@/domain/objects';
import { adminPermissions, recordActions } from '@/domain/permissions';
import { inJob } from '@/server/core/job-work';
import { globalKey, tenantKey } from '@/server/core/keys';
import { RateLimit } from '@/server/core/limits';
import { planInput } from '../support/plans';
import { plantRows, tenantTables } from '../support/plant';
import { callByPath, procedures } from '../support/procedures';
import { roundTrips } from '../support/round-trips';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

type Ids = Record<string, string>;

const record = (one: string) => ({
  [`${one}.get`]: (i: Ids) => ({ id: i[one] }),
  [`${one}.update`]: (i: Ids) => ({ id: i[one], values: {} }),
  [`${one}.updateMany`]: (i: Ids) => ({ ids: [i[one]], values: {} }),
  [`${one}.remove`]: (i: Ids) => ({ ids: [i[one]] }),
});

const plan = planInput({ columns: [{ index: 0, header: 'Name', target: 'name' }] });

/** For each procedure that takes ids: its input made of one tenant's ids. */
const withIds: Record<string, (ids: Ids) => unknown> = {
  ...record('companies'),
  ...record('contacts'),
  ...record('deals'),
  ...record('products'),
  ...record('tasks'),
  ...record('notes'),
  ...record('activities'),
  'fields.update': (i) => ({ id: i.fields, values: { required: false } }),
  'fields.remove': (i) => ({ id: i.fields }),
  'fields.reorder': (i) => ({ object: 'company', ids: [i.fields] }),
  'fields.affected': (i) => ({ id: i.fields }),
  'fields.previewConversion': (i) => ({ id: i.fields, type: 'longText' }),
  'fields.convert': (i) => ({ id: i.fields, type: 'longText' }),
  'objects.update': (i) => ({ id: i.objects, values: { icon: 'box' } }),
  'objects.remove': (i) => ({ id: i.objects }),
  'objects.affected': (i) => ({ id: i.objects }),
  'records.get': (i) => ({ object: 'o_x', id: i.records }),
  'records.create': (i) => ({ object: 'o_x', values: { name: 'x', ownerId: i.members } }),
  'records.update': (i) => ({ object: 'o_x', id: i.records, values: {} }),
  'records.updateMany': (i) => ({ object: 'o_x', ids: [i.records], values: {} }),
  'records.remove': (i) => ({ object: 'o_x', ids: [i.records] }),
  'relations.of': (i) => ({ object: 'o_x', field: 'c_rel', id: i.records }),
  'relations.pointing': (i) => ({ object: 'company', id: i.companies }),
  'relations.link': (i) => ({ object: 'o_x', field: 'c_rel', id: i.records, to: i.companies }),
  'relations.setAttributes': (i) => ({ object: 'o_x', field: 'c_rel', id: i.records, to: i.companies }),
  'relations.unlink': (i) => ({ object: 'o_x', field: 'c_rel', id: i.records, to: i.companies }),
  'views.create': (i) => ({ object: 'company', name: 'x', audience: 'team', teamId: i.teams }),
  'views.update': (i) => ({ id: i.views, values: { name: 'x' } }),
  'views.remove': (i) => ({ id: i.views }),
  'views.duplicate': (i) => ({ id: i.views, name: 'x' }),
  'views.reorder': (i) => ({ object: 'company', ids: [i.views] }),
  'views.setStart': (i) => ({ object: 'company', id: i.views }),
  'exports.start': (i) => ({ object: 'company', ids: [i.companies] }),
  'exports.get': (i) => ({ id: i.exports }),
  'exports.cancel': (i) => ({ id: i.exports }),
  'archives.fetch': (i) => ({ id: i.archives }),
  'archives.load': (i) => ({ id: i.archives }),
  'archives.discard': (i) => ({ id: i.archives }),
  'bulk.patch': (i) => ({ object: 'company', changes: [{ id: i.companies, values: {} }] }),
  'companies.contacts': (i) => ({ id: i.companies }),
  'companies.create': (i) => ({ values: { name: 'x', parentId: i.companies } }),
  'contacts.deals': (i) => ({ id: i.contacts }),
  'contacts.companies': (i) => ({ id: i.contacts }),
  'contacts.create': (i) => ({ values: { name: 'x', companyId: i.companies } }),
  'contacts.linkCompany': (i) => ({ contactId: i.contacts, companyId: i.companies }),
  'contacts.unlinkCompany': (i) => ({ contactId: i.contacts, companyId: i.companies }),
  'deals.board': (i) => ({ pipelineId: i.pipelines }),
  'deals.column': (i) => ({ stageId: i.stages }),
  'deals.create': (i) => ({ values: { name: 'x', stageId: i.stages } }),
  'deals.move': (i) => ({ id: i.deals, stageId: i.stages }),
  'deals.contacts': (i) => ({ id: i.deals }),
  'deals.linkContact': (i) => ({ dealId: i.deals, contactId: i.contacts }),
  'deals.unlinkContact': (i) => ({ dealId: i.deals, contactId: i.contacts }),
  'tasks.create': (i) => ({ values: { subject: 'x', dealId: i.deals } }),
  'tasks.updateThis': (i) => ({ id: i.tasks, values: {} }),
  'tasks.reschedule': (i) => ({ ids: [i.tasks], dueOn: '2026-12-01' }),
  'tasks.putBack': (i) => ({ id: i.tasks }),
  'tasks.takeNext': (i) => ({ id: i.queues }),
  'tasks.createQueue': (i) => ({ name: `x ${i.nonce}`, memberIds: [i.members] }),
  'tasks.updateQueue': (i) => ({ id: i.queues, name: `y ${i.nonce}` }),
  'tasks.removeQueue': (i) => ({ id: i.queues }),
  'activities.create': (i) => ({
    values: { subject: 'x', kind: 'call', startsAt: '2026-12-01T09:00:00Z', dealId: i.deals },
  }),
  'activities.attendees': (i) => ({ id: i.activities }),
  'activities.setAttendees': (i) => ({ id: i.activities, attendeeIds: [] }),
  'activities.logCall': (i) => ({ subject: 'x', contactId: i.contacts }),
  'activities.planMeeting': (i) => ({ subject: 'x', startsAt: '2026-12-01T09:00:00Z', attendeeIds: [i.contacts] }),
  'notes.create': (i) => ({ values: { body: 'x', contactId: i.contacts } }),
  'changes.timeline': (i) => ({ object: 'company', id: i.companies }),
  'changes.history': (i) => ({ object: 'company', id: i.companies, field: 'name' }),
  'changes.undo': (i) => ({ changeSetId: i.changeSets }),
  'members.invite': (i) => ({ email: 'x@example.com', role: 'member', memberId: i.members }),
  'members.revokeInvitation': (i) => ({ id: i.invitations }),
  'members.setRole': (i) => ({ id: i.members, role: 'member' }),
  'members.setTeam': (i) => ({ id: i.members, teamId: null }),
  'members.deactivate': (i) => ({ id: i.members }),
  'members.reactivate': (i) => ({ id: i.members }),
  'members.sessions': (i) => ({ id: i.members }),
  'members.revokeSessions': (i) => ({ id: i.members }),
  'pipelines.rename': (i) => ({ id: i.pipelines, name: 'x' }),
  'pipelines.reorder': (i) => ({ ids: [i.pipelines] }),
  'pipelines.remove': (i) => ({ id: i.pipelines }),
  'pipelines.addStage': (i) => ({ pipelineId: i.pipelines, name: 'x', kind: 'open', probability: 1, colour: 'blue' }),
  'pipelines.updateStage': (i) => ({ id: i.stages, name: 'x' }),
  'pipelines.reorderStages': (i) => ({ pipelineId: i.pipelines, ids: [i.stages] }),
  'pipelines.removeStage': (i) => ({ id: i.stages }),
  'teams.create': (i) => ({ name: `x ${i.nonce}`, managerId: i.members }),
  'teams.update': (i) => ({ id: i.teams, name: `y ${i.nonce}` }),
  'teams.remove': (i) => ({ id: i.teams }),
  'apiKeys.revoke': (i) => ({ id: i.apiKeys }),
  'audit.changes': (i) => ({ changeSetId: i.changeSets }),
  'duplicates.dismiss': (i) => ({ object: 'company', a: i.companies, b: i.companies }),
  'duplicates.reopen': (i) => ({ object: 'company', a: i.companies, b: i.companies }),
  'merges.preview': (i) => ({ object: 'company', ids: [i.companies, i.companies] }),
  'merges.merge': (i) => ({ object: 'company', survivorId: i.companies, mergedIds: [i.contacts] }),
  'merges.unmerge': (i) => ({ id: i.companies }),
  'merges.of': (i) => ({ object: 'company', id: i.companies }),
  'bin.restore': (i) => ({ items: [{ object: 'company', id: i.companies }] }),
  'bin.countErased': (i) => ({ items: [{ object: 'company', id: i.companies }] }),
  'bin.erase': (i) => ({ items: [{ object: 'company', id: i.companies }], count: 1 }),
  'imports.get': (i) => ({ id: i.imports }),
  'imports.problems': (i) => ({ id: i.imports }),
  'imports.analyse': (i) => ({ fileId: i.files }),
  'imports.values': (i) => ({ fileId: i.files, plan }),
  'imports.check': (i) => ({ fileId: i.files, plan }),
  'imports.checked': (i) => ({ fileId: i.files }),
  'imports.saveMapping': (i) => ({ id: i.mappings, name: 'x', plan }),
  'imports.removeMapping': (i) => ({ id: i.mappings }),
  'imports.start': (i) => ({ fileId: i.files, plan }),
  'imports.cancel': (i) => ({ id: i.imports }),
  'imports.pause': (i) => ({ id: i.imports }),
  'imports.resume': (i) => ({ id: i.imports }),
  'imports.edited': (i) => ({ id: i.imports }),
  'imports.undo': (i) => ({ id: i.imports }),
  'imports.review': (i) => ({ id: i.imports }),
  'imports.decide': (i) => ({ id: i.imports, row: 1, target: null, choice: { id: i.companies } }),
  'imports.checkSet': (i) => ({ files: [{ fileId: i.files, plan }] }),
  'imports.startSet': (i) => ({
    files: [
      { fileId: i.files, plan },
      { fileId: i.nonce, plan },
    ],
  }),
  'imports.getSet': (i) => ({ id: i.importSets }),
  'imports.cancelSet': (i) => ({ id: i.importSets }),
  'imports.undoSet': (i) => ({ id: i.importSets }),
  'imports.discard': (i) => ({ fileId: i.files }),
  'imports.readAs': (i) => ({ fileId: i.files, encoding: 'big5' }),
  'jobs.replay': (i) => ({ id: i.failedJobs }),
  'jobs.dismiss': (i) => ({ id: i.failedJobs }),
  'conversation.list': (i) => ({ object: 'company', recordId: i.companies }),
  'conversation.add': (i) => ({ object: 'company', recordId: i.companies, body: 'x' }),
  'conversation.edit': (i) => ({ id: i.comments, body: 'x' }),
  'conversation.remove': (i) => ({ id: i.comments }),
  'conversation.mentionable': (i) => ({ object: 'company', recordId: i.companies }),
  'conversation.react': (i) => ({ target: 'comment', id: i.comments, emoji: '👍' }),
  'conversation.followers': (i) => ({ object: 'company', recordId: i.companies }),
  'conversation.follow': (i) => ({ object: 'company', recordId: i.companies, on: true }),
  'attachments.list': (i) => ({ object: 'company', recordId: i.companies }),
  'attachments.rename': (i) => ({ id: i.attachments, name: 'x' }),
  'attachments.remove': (i) => ({ id: i.attachments }),
  'notifications.markRead': (i) => ({ ids: [i.notifications] }),
  'reports.home': (i) => ({ pipelineId: i.pipelines }),
  'reports.revenueBy': (i) => ({ dimension: 'owner', pipelineId: i.pipelines }),
  'reports.wonBy': (i) => ({ bucket: 'month', pipelineId: i.pipelines }),
  'search.recent': (i) => ({ records: [{ object: 'company', id: i.companies }] }),
};

/** Procedures that take no id of a tenant's row, with an input each. */
const withoutIds: Record<string, unknown> = {
  'account.signUp': undefined,
  'account.requestReset': undefined,
  'account.resetPassword': undefined,
  'account.me': undefined,
  'account.updateMe': undefined,
  'account.changePassword': undefined,
  'account.requestMagicLink': undefined,
  'account.confirmEmail': undefined,
  'account.stepUp': undefined,
  'account.requestConfirmation': undefined,
  'account.changeEmail': undefined,
  'account.sessions': undefined,
  'account.revokeSession': undefined,
  'account.revokeOtherSessions': undefined,
  'account.signOut': undefined,
  'account.invitation': undefined,
  'account.acceptInvitation': undefined,
  'duplicates.check': { object: 'company', values: { name: 'x' } },
  'duplicates.list': {},
  'duplicates.summary': undefined,
  'duplicates.rules': undefined,
  'duplicates.setRules': { object: 'company', weights: {}, threshold: 60, version: 0 },
  'merges.mergeCertain': { object: 'company', count: 1 },
  'merges.survivorOf': { object: 'company', id: randomUUID() },
  'bin.list': {},
  'bin.summary': undefined,
  'apiKeys.list': undefined,
  'apiKeys.create': { name: 'k', access: 'read' },
  'audit.list': {},
  'audit.verify': {},
  'changes.recent': {},
  'companies.list': {},
  'companies.count': { exact: true },
  'contacts.list': { q: 'CANARY' },
  'contacts.count': {},
  'contacts.create': { values: { name: 'B contact' } },
  'deals.list': {},
  'deals.count': {},
  'products.list': {},
  'products.count': {},
  'products.create': { values: { name: 'B product' } },
  'tasks.list': {},
  'tasks.count': {},
  'notes.list': {},
  'notes.count': {},
  'tasks.queues': undefined,
  'activities.list': {},
  'activities.count': {},
  'activities.agenda': { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
  'archives.list': undefined,
  'archives.make': undefined,
  'exports.list': undefined,
  'imports.list': undefined,
  'imports.mappings': undefined,
  'jobs.failed': {},
  'layouts.list': undefined,
  'layouts.set': { object: 'company', role: 'all', config: { sections: [], hidden: [] } },
  'live.since': { since: new Date().toISOString() },
  'notifications.list': {},
  'notifications.count': undefined,
  'notifications.markAllRead': undefined,
  'members.list': undefined,
  'members.renameSelf': { name: 'Olivia Owner' },
  'members.search': { q: 'CANARY' },
  'pipelines.list': undefined,
  'pipelines.create': { name: 'B pipeline', stages: [{ name: 'Open', kind: 'open', probability: 10, colour: 'blue' }] },
  'preferences.set': { key: 'k', value: 1 },
  'samples.status': undefined,
  'samples.add': undefined,
  'samples.remove': undefined,
  'search.global': { q: 'CANARY-A' },
  'search.groups': { q: 'CANARY-A' },
  'search.pick': { object: 'company', q: 'CANARY-A' },
  'search.meant': { object: 'company', q: 'CANARY-A' },
  'search.mirrorStart': undefined,
  'search.mirrorPage': { object: 'company' },
  'search.mirrorChanges': { since: new Date(Date.now() - 3_600_000).toISOString() },
  'teams.list': undefined,
  'fields.list': undefined,
  'fields.create': { object: 'company', type: 'text', label: { en: 'x' } },
  'fields.tryFormula': { object: 'company', formula: '1' },
  'objects.list': undefined,
  'objects.create': { label: { en: { one: 'y', other: 'ys' } } },
  'records.list': { object: 'o_x', q: 'CANARY' },
  'records.count': { object: 'o_x' },
  'views.list': { object: 'company' },
  'views.adopt': { object: 'company' },
  'views.groups': { object: 'company', q: 'CANARY', group: { field: 'ownerId' } },
  'views.marks': { object: 'company', q: 'CANARY' },
  'bulk.update': { object: 'company', q: 'CANARY', count: 1, values: {} },
  'bulk.remove': { object: 'company', q: 'CANARY', count: 1 },
  'tenant.boot': undefined,
  'tenant.checklist': undefined,
  'tenant.update': {},
  'tenant.sessionPolicy': undefined,
  'tenant.setSessionPolicy': undefined,
};

/** Answers by which a foreign id is told apart from nothing at all are the only ones allowed. */
const refusals = ['notFound', 'noSuchRecord', 'stale', 'notInBin'];
/** Filters: an id that is not one's own matches nothing. */
const filters = ['reports.home', 'reports.revenueBy', 'reports.wonBy', 'notifications.markRead', 'search.recent'];

/** Reads that ask Postgres again after an answer, and how often in all: what is asked follows from the answer. */
const readsOfSeveralTrips: Record<string, number> = {
  'activities.attendees': 2,
  'archives.list': 2,
  'conversation.list': 2,
  'exports.list': 2,
  'imports.checked': 2,
  'imports.get': 2,
  'imports.problems': 2,
  'imports.review': 2,
  'merges.of': 2,
  'notifications.count': 2,
  'notifications.list': 2,
  'reports.home': 2,
  'reports.revenueBy': 2,
  'reports.wonBy': 2,
  'tasks.queues': 2,
  'views.groups': 2,
  'audit.changes': 3,
  'imports.getSet': 3,
  'search.global': 3,
  'search.groups': 3,
  'search.meant': 3,
  'search.pick': 3,
  'views.list': 3,
  'audit.list': 5,
  'imports.mappings': 5,
  'merges.preview': 5,
};

let a: TestTenant;
let b: TestTenant;
let idsOfA: Ids;

beforeAll(async () => {
  a = await createTestTenant();
  b = await createTestTenant();
  await superuser(async (client) => {
    const rows = await plantRows(client, a.tenantId, 'CANARY-A-', a.userId);
    const id = (table: string) => String(rows.get(table)?.id);
    idsOfA = {
      companies: id('company'),
      contacts: id('contact'),
      deals: id('deal'),
      products: id('product'),
      tasks: id('task'),
      notes: id('note'),
      activities: id('activity'),
      queues: id('task_queue'),
      pipelines: id('pipeline'),
      stages: id('stage'),
      members: id('member'),
      teams: id('team'),
      invitations: id('invitation'),
      apiKeys: id('api_key'),
      changeSets: id('change_set'),
      imports: id('import'),
      importSets: id('import_set'),
      files: id('file'),
      mappings: id('import_mapping'),
      exports: id('export'),
      archives: id('archive'),
      failedJobs: id('failed_job'),
      comments: id('comment'),
      attachments: id('attachment'),
      notifications: id('notification'),
      fields: id('custom_field'),
      objects: id('custom_object'),
      records: id('custom_record'),
      views: id('view'),
      nonce: randomUUID(),
    };
  });
  await b.api.objects.create({ key: 'o_x', label: { en: { one: 'X', other: 'Xs' } } });
  const to = { to: 'company' };
  await b.api.fields.create({ object: 'o_x', key: 'c_rel', type: 'relation', label: { en: 'R' }, settings: to });
});

const randomIds = (): Ids => Object.fromEntries(Object.keys(idsOfA).map((name) => [name, randomUUID()]));

describe('every door', () => {
  it('Z3: every procedure carries a permission of the table or says why it needs none', () => {
    const known = new Set<string>([
      ...adminPermissions,
      ...recordObjects.flatMap((o) => recordActions.map((action) => `${o}.${action}`)),
    ]);
    for (const { path, permission, reason } of procedures()) {
      expect(permission ? known.has(permission) : Boolean(reason && reason.length > 10), path).toBe(true);
    }
  });

  it('T6: every procedure is in one of the two tables, so a new one cannot be forgotten', () => {
    const missing = procedures().filter(({ path }) => !(path in withIds) && !(path in withoutIds));
    expect(missing.map((p) => p.path)).toEqual([]);
  });

  it('T6: with ids of A, B gets what it gets for ids that do not exist, and nothing of A changes', async () => {
    const before = await fingerprint(a.tenantId);
    for (const [path, input] of Object.entries(withIds)) {
      const foreign = await callByPath(b.api, path, input(idsOfA));
      const random = randomIds();
      const nothing = await callByPath(b.api, path, input(random));
      expect(masked(foreign, idsOfA), path).toEqual(masked(nothing, random));
      if (!filters.includes(path))
        expect(refusals, path).toContain('refused' in foreign ? foreign.refused : JSON.stringify(foreign.answer));
    }
    expect(await fingerprint(a.tenantId)).toBe(before);
  });

  it('T7: no answer, mail or job of B ever holds a text of A', async () => {
    const seen: string[] = [];
    for (const { path, type } of procedures()) {
      if (type !== 'query') continue;
      const inputs = [withIds[path]?.(idsOfA), withoutIds[path]].filter((input, i) => i === 1 || input !== undefined);
      for (const input of inputs) seen.push(JSON.stringify(await callByPath(b.api, path, input)));
    }
    for (const object of ['companies', 'contacts', 'deals', 'products', 'tasks', 'notes', 'activities'] as const) {
      seen.push(JSON.stringify(await callByPath(b.api, `${object}.list`, { limit: 200 })));
    }
    seen.push(JSON.stringify(b.jobs));
    expect(seen.join('\n')).not.toContain('CANARY-A-');
    // The sweep can see: A's own answers hold it.
    expect(JSON.stringify(await a.api.companies.list({}))).toContain('CANARY-A-');
  });

  it('W1: what reads makes one round trip to Postgres, tenant and rights included', async () => {
    const over: Record<string, number> = {};
    for (const { path, type, door } of procedures()) {
      if (type !== 'query' || door !== 'tenant') continue;
      const input = withIds[path]?.(idsOfA) ?? withoutIds[path];
      const call = () => callByPath(a.api, path, input);
      const { trips } = await roundTrips(call, call);
      if (trips > 1) over[path] = trips;
    }
    const more = Object.entries(over).filter(([path, trips]) => trips > (readsOfSeveralTrips[path] ?? 1));
    expect(Object.fromEntries(more)).toEqual({});
    // Whoever makes one shorter says so.
    expect(Object.keys(readsOfSeveralTrips).filter((path) => !(path in over))).toEqual([]);
  });

  it('T8: keys of two tenants differ for equal ids, and only the key module makes keys', async () => {
    const id = randomUUID();
    expect(tenantKey(a.tenantId, 'calls', id)).not.toBe(tenantKey(b.tenantId, 'calls', id));
    expect(tenantKey(a.tenantId, 'x/y')).not.toBe(tenantKey(a.tenantId, 'x', 'y'));
    const limit = new RateLimit(1, 1);
    limit.take(tenantKey(a.tenantId, id));
    expect(() => limit.take(tenantKey(a.tenantId, id))).toThrow('rateLimited');
    limit.take(tenantKey(b.tenantId, id));
    expect(globalKey(id)).not.toBe(tenantKey('', id));
    const { globSync, readFileSync } = await import('node:fs');
    const makers = globSync('server/**/*.ts').filter((file) =>
      /as (TenantKey|GlobalKey|Key)\b/.test(readFileSync(file, 'utf8')),
    );
    expect(makers).toEqual(['server/core/keys.ts']);
  });

  it('T12: a suspended tenant is closed within a second at the session and job doors', async () => {
    const tenant = await createTestTenant();
    await tenant.api.tenant.boot();
    await tenantSetStatus(tenant.tenantId, 'suspended');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await expect(tenant.api.tenant.boot()).rejects.toMatchObject({ message: 'notFound' });
    const job = { tenantId: tenant.tenantId, memberId: tenant.memberId, channel: 'import' as const, requestId: 'r' };
    await expect(
      inJob(
        job,
        async () => {},
        'write',
        async () => 1,
      ),
    ).rejects.toMatchObject({ message: 'notFound: notFound' });
    await tenantSetStatus(tenant.tenantId, 'active');
    expect(
      await inJob(
        job,
        async () => {},
        'write',
        async () => 1,
      ),
    ).toBe(1);
  });
});

/** An answer without the ids that were asked with: a filter may repeat its own question. */
function masked(answer: unknown, ids: Ids): string {
  return Object.values(ids).reduce((text, id) => text.replaceAll(id, 'id'), JSON.stringify(answer));
}

/** All rows of a tenant as one hash. */
async function fingerprint(tenantId: string): Promise<string> {
  return superuser(async (client) => {
    const parts: string[] = [];
    for (const { name } of await tenantTables(client)) {
      const { rows } = await client.query<{ hash: string }>(
        `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as hash from app.${name} t where tenant_id = $1`,
        [tenantId],
      );
      parts.push(`${name}:${rows[0]?.hash}`);
    }
    return parts.join(' ');
  });
}
