import { describe, expect, it } from 'vitest';
import { inTenant } from '@/db/tenant';
import { newObjectRights } from '@/domain/permissions';
import { mentionText } from '@/domain/rich-text';
import { apply } from '@/server/core/changes';
import { refusalView } from '@/server/core/trpc';
import { workOf } from '../support/imports';
import { createTestTenant, superuser, type TestPerson, type TestTenant } from '../support/tenants';

const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'not refused',
    (error) => refusalView(error),
  );

const missing = { field: 'aboutId', code: 'noSuchRecord' };

/** An object of the tenant's own with some records, by name. */
async function assets({ api }: TestTenant, ...names: string[]) {
  const { key: object, id: objectId } = await api.objects.create({ label: { en: { one: 'Asset', other: 'Assets' } } });
  const ids: string[] = [];
  for (const name of names) ids.push((await api.records.create({ object, values: { name } })).id);
  const [id = '', other = ''] = ids;
  return { object, objectId, id, other };
}

const starts = '2026-12-01T09:00:00.000Z';
const ends = '2026-12-01T10:00:00.000Z';
/** One of each that can be about a record, about this one. */
async function four({ api }: TestPerson, aboutId: string) {
  const note = await api.notes.create({ values: { body: 'It rattles', aboutId } });
  const task = await api.tasks.create({ values: { subject: 'Oil it', aboutId } });
  const call = await api.activities.logCall({ aboutId, minutes: 5 });
  const meeting = await api.activities.planMeeting({ aboutId, subject: 'Look at it', startsAt: starts, endsAt: ends });
  return { note: note.id, task: task.id, call: call.id, meeting: meeting.id };
}

describe('notes, tasks, calls and meetings', () => {
  it('are about a record of an own object or a product, whose timeline shows them and which they lead to', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { object, id } = await assets(tenant, 'Crane');
    const product = await api.products.create({ values: { name: 'Drill' } });
    for (const about of [
      { object, id, title: 'Crane' },
      { object: 'product', id: product.id, title: 'Drill' },
    ]) {
      const made = await four(tenant, about.id);
      const leads = { aboutId: about.id, aboutObject: about.object, refs: { aboutId: about.title } };
      expect(await api.notes.get({ id: made.note })).toMatchObject(leads);
      expect(await api.tasks.get({ id: made.task })).toMatchObject(leads);
      // A call without a name is called by what it is about.
      expect(await api.activities.get({ id: made.call })).toMatchObject({ ...leads, subject: about.title });
      expect(await api.activities.get({ id: made.meeting })).toMatchObject(leads);

      const { items } = await api.changes.timeline({ object: about.object, id: about.id, limit: 20 });
      const told = items.flatMap(({ changes }) => changes.map((change) => change.recordId));
      expect(told).toEqual([made.meeting, made.call, made.task, made.note, about.id]);
      expect(items[0]?.changes[0]?.after).toMatchObject({ aboutId: about.title });
      const tasks = await api.changes.timeline({ object: about.object, id: about.id, kinds: ['task'] });
      expect(tasks.items).toHaveLength(1);

      const filter = { field: 'aboutId', op: 'is', value: about.id } as const;
      expect((await api.tasks.list({ filter, columns: ['subject', 'aboutId'] })).rows).toMatchObject([
        { id: made.task, ...leads },
      ]);
      expect(await api.activities.count({ filter })).toMatchObject({ count: 2 });
      const { rows } = await api.relations.pointing({ object: about.object, id: about.id });
      expect(rows.map(({ object, field, count }) => [object, field, count])).toEqual(
        expect.arrayContaining([
          ['task', 'aboutId', 1],
          ['note', 'aboutId', 1],
          ['activity', 'aboutId', 2],
        ]),
      );
    }
    const none = { field: 'aboutId', op: 'isEmpty' } as const;
    await api.tasks.create({ values: { subject: 'About nothing' } });
    expect((await api.tasks.list({ filter: none })).rows).toMatchObject([
      { subject: 'About nothing', aboutObject: null },
    ]);
    const kind = { field: 'aboutObject', op: 'is', value: object } as const;
    expect((await api.notes.list({ filter: kind })).rows).toMatchObject([{ refs: { aboutId: 'Crane' } }]);
    const byTitle = await api.tasks.list({ sort: [{ field: 'aboutId', dir: 'desc' }] });
    expect(byTitle.rows.map(({ refs }) => refs.aboutId)).toEqual(['Drill', 'Crane', null]);
    const first = await api.tasks.list({ sort: [{ field: 'aboutId', dir: 'asc' }], limit: 1 });
    const next = await api.tasks.list({ sort: [{ field: 'aboutId', dir: 'asc' }], limit: 1, cursor: first.next });
    expect([first, next].map(({ rows }) => rows[0]?.refs.aboutId)).toEqual(['Crane', 'Drill']);
    const { groups } = await api.views.groups({ object: 'task', group: { field: 'aboutId' } });
    expect(groups.map(({ title, count }) => [title, count])).toEqual([
      ['Crane', 1],
      ['Drill', 1],
      [null, 1],
    ]);
  });

  it('are about nothing else: what is gone, unknown, of another kind or another company’s is named and nothing kept', async () => {
    const [tenant, other] = [await createTestTenant(), await createTestTenant()];
    const { api } = tenant;
    const { object, id, other: gone } = await assets(tenant, 'Crane', 'Gone');
    const foreign = await assets(other, 'Theirs');
    const company = await api.companies.create({ values: { name: 'Acme' } });
    await api.records.remove({ object, ids: [gone] });
    for (const aboutId of [gone, crypto.randomUUID(), company.id, foreign.id]) {
      for (const call of [
        () => api.tasks.create({ values: { subject: 'x', aboutId } }),
        () => api.notes.create({ values: { body: 'x', aboutId } }),
        () => api.activities.logCall({ aboutId, subject: 'x' }),
        () => api.activities.planMeeting({ aboutId, subject: 'x', startsAt: starts }),
      ])
        expect(await refused(call())).toMatchObject({ status: 400, fields: [missing] });
    }
    expect(await api.tasks.count({})).toMatchObject({ count: 0 });
    expect(await api.notes.count({})).toMatchObject({ count: 0 });
    const task = await api.tasks.create({ values: { subject: 'Oil it', aboutId: id } });
    const update = api.tasks.update({ id: task.id, values: { aboutId: gone } });
    expect(await refused(update)).toMatchObject({ status: 400 });
    const kind = api.tasks.update({ id: task.id, values: { aboutObject: 'product' } as never });
    expect(await refused(kind)).toMatchObject({ status: 400 });
    expect(await api.tasks.get({ id: task.id })).toMatchObject({ aboutId: id, aboutObject: object });
    expect(await refused(api.tasks.create({ values: { subject: 'x', aboutId: 'Crane' } }))).toMatchObject({
      status: 400,
    });
  });

  it('are there only for who may read that record', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { object, objectId, id } = await assets(tenant, 'Crane');
    const member = await tenant.person('member', { name: 'Mo' });
    const mine = await member.api.records.create({ object, values: { name: 'Mine' } });
    const made = await four(tenant, id);
    const given = await api.tasks.create({ values: { subject: 'Yours to do', aboutId: id, ownerId: member.memberId } });
    const own = await member.api.notes.create({ values: { body: 'My own', aboutId: mine.id } });
    await member.api.conversation.add({ object: 'task', recordId: given.id, body: 'When?' });
    const seen = async () => ({
      notes: (await member.api.notes.list({})).rows.map(({ body }) => body),
      tasks: (await member.api.tasks.list({})).rows.map(({ subject }) => subject),
      found: (await member.api.search.global({ q: 'yours' })).length,
      recent: (await member.api.search.recent({ records: [{ object: 'about', id }] })).map(({ title }) => title),
    });
    expect(await seen()).toEqual({
      notes: ['My own', 'It rattles'],
      tasks: ['Yours to do'],
      found: 1,
      recent: ['Crane'],
    });

    const rights = { ...newObjectRights, read: { ...newObjectRights.read, member: 'own', viewer: 'none' } } as const;
    await api.objects.update({ id: objectId, values: { rights } });
    expect(await seen()).toEqual({ notes: ['My own'], tasks: [], found: 0, recent: [] });
    expect(await refused(member.api.tasks.get({ id: given.id }))).toMatchObject({ status: 404 });
    expect(await refused(member.api.notes.get({ id: made.note }))).toMatchObject({ status: 404 });
    const comments = member.api.conversation.list({ object: 'task', recordId: given.id });
    expect(await refused(comments)).toMatchObject({ status: 404 });
    expect(await refused(member.api.tasks.update({ id: given.id, values: { done: true } }))).toMatchObject({
      status: 404,
    });
    expect(await refused(member.api.tasks.create({ values: { subject: 'x', aboutId: id } }))).toMatchObject({
      fields: [missing],
    });
    expect((await member.api.search.pick({ object: 'about', q: 'cra' })).map(({ title }) => title)).toEqual([]);
    expect((await member.api.search.pick({ object: 'about', q: '' })).map(({ title }) => title)).toEqual(['Mine']);
    const viewer = await tenant.person('viewer');
    expect((await viewer.api.notes.list({})).rows).toEqual([]);
    // Somebody who only takes part learns when, not what it is about.
    await api.activities.setAttendees({ id: made.meeting, attendeeIds: [member.memberId] });
    const span = { from: '2026-12-01T00:00:00Z', to: '2026-12-02T00:00:00Z' };
    const [item] = (await member.api.activities.agenda(span)).rows;
    expect(item).toMatchObject({ subject: 'Look at it', open: false, about: null, leadsTo: null, aboutId: null });
    const [whole] = (await api.activities.agenda(span)).rows;
    expect(whole).toMatchObject({ about: 'Crane', leadsTo: { object, id } });

    // With the object its notes are gone for all who cannot bring it back.
    await api.objects.update({ id: objectId, values: { rights: newObjectRights } });
    expect((await seen()).notes).toEqual(['My own', 'It rattles']);
    await api.objects.remove({ id: objectId });
    expect((await seen()).notes).toEqual([]);
    expect((await api.notes.list({})).rows).toHaveLength(2);
    expect(own.id).toBeTruthy();
  });

  it('tell in their history what they were about, and undo gives it back', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { object, id, other } = await assets(tenant, 'Crane', 'Press');
    const product = await api.products.create({ values: { name: 'Drill' } });
    const task = await api.tasks.create({ values: { subject: 'Oil it', aboutId: id } });
    const is = (aboutObject: string | null, aboutId: string | null, title: string | null) =>
      expect(api.tasks.get({ id: task.id })).resolves.toMatchObject({ aboutObject, aboutId, refs: { aboutId: title } });
    const sets: string[] = [];
    for (const aboutId of [other, product.id, null])
      sets.push((await api.tasks.update({ id: task.id, values: { aboutId } })).changeSetId);
    await is(null, null, null);
    const history = await api.changes.history({ object: 'task', id: task.id, field: 'aboutId' });
    expect(history.map(({ before, after }) => [before, after])).toEqual([
      ['Drill', null],
      ['Press', 'Drill'],
      ['Crane', 'Press'],
      [null, 'Crane'],
    ]);
    const { items } = await api.changes.timeline({ object: 'task', id: task.id, limit: 10 });
    expect(items.slice(0, 3).map(({ changes }) => [changes[0]?.before?.aboutId, changes[0]?.after?.aboutId])).toEqual([
      ['Drill', null],
      ['Press', 'Drill'],
      ['Crane', 'Press'],
    ]);
    for (const changeSetId of sets.toReversed()) await api.changes.undo({ changeSetId });
    await is(object, id, 'Crane');
  });

  it('are changed many at once, by pasting and by a whole list', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { object, id, other } = await assets(tenant, 'Crane', 'Press');
    const ids = [];
    for (const subject of ['a', 'b']) ids.push((await api.tasks.create({ values: { subject } })).id);
    const about = async () =>
      (await api.tasks.list({ sort: [{ field: 'subject', dir: 'asc' }] })).rows.map((row) => [
        row.aboutObject,
        row.aboutId,
      ]);
    await api.tasks.updateMany({ ids, values: { aboutId: id } });
    expect(await about()).toEqual([
      [object, id],
      [object, id],
    ]);
    await api.bulk.patch({ object: 'task', changes: [{ id: ids[0] ?? '', values: { aboutId: other } }] });
    expect(await about()).toEqual([
      [object, other],
      [object, id],
    ]);
    const all = await api.bulk.update({ object: 'task', count: 2, values: { aboutId: null } });
    expect(await about()).toEqual([
      [null, null],
      [null, null],
    ]);
    await api.changes.undo({ changeSetId: all.changeSetId });
    expect(await about()).toEqual([
      [object, other],
      [object, id],
    ]);
    const wrong = api.bulk.update({ object: 'task', count: 2, values: { aboutId: crypto.randomUUID() } });
    expect(await refused(wrong)).toMatchObject({ status: 400 });
  });

  it('of a series stay about it', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { object, id } = await assets(tenant, 'Crane');
    const values = { subject: 'Oil it', aboutId: id, dueOn: '2026-11-02', recurrence: 'FREQ=WEEKLY' };
    const task = await api.tasks.create({ values });
    await api.tasks.update({ id: task.id, values: { done: true } });
    const open = { field: 'done', op: 'is', value: false } as const;
    expect((await api.tasks.list({ filter: open })).rows).toMatchObject([{ aboutObject: object, aboutId: id }]);
  });

  it('name people who may read the record, and lead them there', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { object, objectId, id } = await assets(tenant, 'Crane');
    const ada = await tenant.person('member', { name: 'Ada' });
    const body = `Ask ${mentionText(ada.memberId, 'Ada')}`;
    await api.notes.create({ values: { aboutId: id, body } });
    expect((await ada.api.notifications.list({})).items).toMatchObject([
      { kind: 'mention', object, recordId: id, title: 'Crane' },
    ]);
    const rights = { ...newObjectRights, read: { ...newObjectRights.read, member: 'none' } } as const;
    await api.objects.update({ id: objectId, values: { rights } });
    expect(await refused(api.notes.create({ values: { aboutId: id, body } }))).toMatchObject({
      code: 'mentionCannotSee',
    });
    expect((await ada.api.notifications.list({})).items).toEqual([]);
  });

  it('carry the reactions on the notes of an own record’s page', async () => {
    const tenant = await createTestTenant();
    const { object, id } = await assets(tenant, 'Crane');
    const { note } = await four(tenant, id);
    await tenant.api.conversation.react({ target: 'note', id: note, emoji: '👍' });
    expect((await tenant.api.conversation.list({ object, recordId: id })).notes).toMatchObject([{ id: note }]);
  });

  it('go with the record in a merge and come back when it is taken back', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { object, id, other } = await assets(tenant, 'Crane', 'Crane 2');
    const made = await four(tenant, other);
    const about = async () => [
      (await api.notes.get({ id: made.note })).aboutId,
      (await api.tasks.get({ id: made.task })).aboutId,
      (await api.activities.get({ id: made.call })).aboutId,
      (await api.activities.get({ id: made.meeting })).aboutId,
    ];
    const { mergeId } = await api.merges.merge({ object, survivorId: id, mergedIds: [other] });
    expect(await about()).toEqual([id, id, id, id]);
    expect(await api.notes.get({ id: made.note })).toMatchObject({ aboutObject: object, refs: { aboutId: 'Crane' } });
    await api.tasks.update({ id: made.task, values: { aboutId: null } });
    await api.merges.unmerge({ id: mergeId });
    expect(await about()).toEqual([other, null, other, other]);
  });

  it('come out of the bin with the record they went there with, and are erased with it where they are on nothing else', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { object, id } = await assets(tenant, 'Crane');
    const made = await four(tenant, id);
    const company = await api.companies.create({ values: { name: 'Acme' } });
    const shared = await api.notes.create({ values: { body: 'Also on Acme', aboutId: id, companyId: company.id } });
    await inTenant(tenant.tenantId, 'write', async (db) => {
      const work = await workOf(tenant, db);
      const gone: [string, string][] = [
        [object, id],
        ['note', made.note],
        ['task', made.task],
        ['activity', made.call],
      ];
      await apply(
        work,
        'delete',
        gone.map(([name, id]) => ({ type: work.types.get(name), op: 'delete' as const, id })),
      );
    });
    expect(await refused(api.notes.get({ id: made.note }))).toMatchObject({ status: 404 });
    await api.bin.restore({ items: [{ object, id }] });
    for (const call of [
      api.notes.get({ id: made.note }),
      api.tasks.get({ id: made.task }),
      api.activities.get({ id: made.call }),
    ])
      expect(await call).toMatchObject({ aboutId: id, refs: { aboutId: 'Crane' } });

    await api.records.remove({ object, ids: [id] });
    expect((await api.notes.get({ id: made.note })).refs.aboutId).toBeNull();
    const items = [{ object, id }];
    const { count, objects } = await api.bin.countErased({ items });
    expect(objects).toEqual(
      expect.arrayContaining([
        { object: 'note', count: 1 },
        { object: 'task', count: 1 },
        { object: 'activity', count: 2 },
      ]),
    );
    await api.bin.erase({ items, count });
    expect(await api.notes.get({ id: shared.id })).toMatchObject({
      aboutId: null,
      aboutObject: null,
      companyId: company.id,
    });
    const left = await superuser(async (client) => {
      const text = `select 1 from app.task t where t.tenant_id = $1 union all select 1 from app.activity t where t.tenant_id = $1`;
      return (await client.query(text, [tenant.tenantId])).rowCount;
    });
    expect(left).toBe(0);
  });

  it('pick what they are about among products and own records, by what is typed', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { object, id } = await assets(tenant, 'Crane', 'Press');
    await api.products.create({ values: { name: 'Crane oil' } });
    await api.companies.create({ values: { name: 'Crane & Co' } });
    const found = await api.search.pick({ object: 'about', q: 'crane' });
    expect(found.map((hit) => [hit.object, hit.title])).toEqual([
      [object, 'Crane'],
      ['product', 'Crane oil'],
    ]);
    expect((await api.search.pick({ object: 'about', q: '' })).map(({ title }) => title).sort()).toEqual([
      'Crane',
      'Crane oil',
      'Press',
    ]);
    await api.tasks.create({ values: { subject: 'Oil it', aboutId: id } });
    expect(await api.search.global({ q: 'oil it' })).toMatchObject([{ object: 'task', subtitle: 'Crane' }]);
  });
});
