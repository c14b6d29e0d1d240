import { describe, expect, it } from 'vitest';
import { tenantIdsReminding } from '@/db/global';
import type { FieldInput } from '@/domain/custom-fields';
import { newObjectRights } from '@/domain/permissions';
import { refusalView } from '@/server/core/trpc';
import { remindTenant } from '@/server/tasks/reminders';
import { clock, createTestTenant, superuser, type TestTenant } from '../support/tenants';

const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'not refused',
    (error) => refusalView(error),
  );
const open = async ({ api }: TestTenant) =>
  (
    await api.tasks.list({
      filter: { field: 'done', op: 'is', value: false },
      sort: [{ field: 'dueOn', dir: 'asc' }],
    })
  ).rows;
const day = (days: number) => new Date(clock.now.getTime() + days * 86_400_000).toISOString().slice(0, 10);

describe('tasks that come again', () => {
  it('make the next one when they are done, in the change set that undo takes back', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const company = await api.companies.create({ values: { name: 'Acme' } });
    const due = day(3);
    const { id } = await api.tasks.create({
      values: {
        subject: 'Report',
        dueOn: due,
        recurrence: 'FREQ=DAILY;INTERVAL=2',
        companyId: company.id,
        remindAt: `${day(2)}T08:00:00Z`,
      },
    });
    const { changeSetId } = await api.tasks.update({ id, values: { done: true } });
    const [next, ...others] = await open(tenant);
    expect(others).toEqual([]);
    expect(next).toMatchObject({
      subject: 'Report',
      dueOn: day(5),
      companyId: company.id,
      recurrence: 'FREQ=DAILY;INTERVAL=2',
    });
    expect(Date.parse(String(next?.remindAt))).toBe(Date.parse(`${day(4)}T08:00:00Z`));

    await api.changes.undo({ changeSetId });
    expect((await open(tenant)).map((row) => row.id)).toEqual([id]);

    // Reopened and done once more there is still one next.
    await api.tasks.update({ id, values: { done: true } });
    await api.tasks.update({ id, values: { done: false } });
    await api.tasks.updateMany({ ids: [id], values: { done: true } });
    expect(await open(tenant)).toHaveLength(1);
  });

  it('end after a count, and on a day', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    await api.tasks.create({ values: { subject: 'Twice', dueOn: day(1), recurrence: 'FREQ=DAILY;COUNT=2' } });
    const until = day(2).replaceAll('-', '');
    await api.tasks.create({ values: { subject: 'Until', dueOn: day(1), recurrence: `FREQ=DAILY;UNTIL=${until}` } });
    for (const wanted of [2, 0]) {
      const ids = (await open(tenant)).map((row) => row.id);
      expect((await api.tasks.updateMany({ ids, values: { done: true } })).count).toBe(ids.length);
      expect(await open(tenant)).toHaveLength(wanted);
    }
  });

  it('do not make up for days that went by', async () => {
    const tenant = await createTestTenant();
    const { id } = await tenant.api.tasks.create({
      values: { subject: 'Daily', dueOn: day(-10), recurrence: 'FREQ=DAILY' },
    });
    await tenant.api.tasks.update({ id, values: { done: true } });
    const [next] = await open(tenant);
    expect(next?.dueOn).toBe(day(0));
  });

  it('are changed for one only, or from one on', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { id } = await api.tasks.create({
      values: { subject: 'Report', dueOn: '2027-03-01', recurrence: 'FREQ=WEEKLY', priority: 'high' },
    });
    expect(await api.tasks.get({ id })).toMatchObject({ recurrence: 'FREQ=WEEKLY;BYDAY=MO' });
    await api.tasks.updateThis({ id, values: { subject: 'Report to the board', dueOn: '2027-03-03' } });
    await api.tasks.reschedule({ ids: [id], dueOn: '2027-03-04' });
    await api.tasks.update({ id, values: { priority: 'low' } });
    await api.tasks.update({ id, values: { done: true } });
    const [next] = await open(tenant);
    expect(next).toMatchObject({ subject: 'Report', dueOn: '2027-03-08', priority: 'low' });
    await api.tasks.update({ id: next?.id ?? '', values: { subject: 'Weekly report', recurrence: null } });
    await api.tasks.update({ id: next?.id ?? '', values: { done: true } });
    expect(await open(tenant)).toEqual([]);
  });

  it('move with their series where all that follow are meant, and not where this one is', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { id } = await api.tasks.create({
      values: { subject: 'Report', dueOn: '2027-03-01', recurrence: 'FREQ=WEEKLY', priority: 'high' },
    });
    await api.tasks.updateThis({ id, values: { dueOn: '2027-03-03' } });
    expect(await api.tasks.get({ id })).toMatchObject({ dueOn: '2027-03-03', recurrence: 'FREQ=WEEKLY;BYDAY=MO' });
    const { changeSetId } = await api.tasks.update({ id, values: { dueOn: '2027-03-05' } });
    expect(await api.tasks.get({ id })).toMatchObject({ dueOn: '2027-03-05', recurrence: 'FREQ=WEEKLY;BYDAY=FR' });
    await api.changes.undo({ changeSetId });
    expect(await api.tasks.get({ id })).toMatchObject({ dueOn: '2027-03-03', recurrence: 'FREQ=WEEKLY;BYDAY=MO' });
    await api.tasks.update({ id, values: { dueOn: '2027-03-05' } });
    await api.tasks.update({ id, values: { done: true } });
    expect((await open(tenant)).map(({ dueOn }) => dueOn)).toEqual(['2027-03-12']);
  });

  it('hand on the tenant’s own values, but none that only one may have or that follow from others', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const own = (name: string, type: FieldInput['type'], settings: FieldInput['settings'] = {}) =>
      api.fields.create({ object: 'task', type, label: { en: name }, settings });
    await own('Room', 'text');
    await own('Ticket', 'number', { unique: true });
    await own('Day', 'formula', { formula: 'dueOn', result: 'date' });
    const { id } = await api.tasks.create({
      values: { subject: 'Report', dueOn: day(1), recurrence: 'FREQ=DAILY', c_room: 'B2', c_ticket: 7 } as never,
    });
    expect(await api.tasks.get({ id })).toMatchObject({ c_day: day(1) });
    const { changeSetId } = await api.tasks.update({ id, values: { done: true } });
    expect(await open(tenant)).toMatchObject([{ c_room: 'B2', c_ticket: null, c_day: day(2) }]);
    expect(await api.changes.undo({ changeSetId })).toMatchObject({ kept: [] });
    expect((await open(tenant)).map((row) => row.id)).toEqual([id]);
  });

  it('change how they come again together, even where this one only was meant', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { id } = await api.tasks.create({
      values: { subject: 'Report', dueOn: '2027-03-01', recurrence: 'FREQ=WEEKLY' },
    });
    await api.tasks.updateThis({ id, values: { recurrence: 'FREQ=DAILY' } });
    await api.tasks.update({ id, values: { done: true } });
    expect(await open(tenant)).toMatchObject([{ dueOn: '2027-03-02', recurrence: 'FREQ=DAILY' }]);
  });

  it('end with the days there are, and lose a reminder that no day is left for', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const last = await api.tasks.create({ values: { subject: 'x', dueOn: '9999-12-31', recurrence: 'FREQ=DAILY' } });
    await api.tasks.update({ id: last.id, values: { done: true } });
    expect(await open(tenant)).toEqual([]);
    const remindAt = '9999-12-31T12:00:00Z';
    const { id } = await api.tasks.create({
      values: { subject: 'x', dueOn: day(1), recurrence: 'FREQ=DAILY', remindAt },
    });
    await api.tasks.update({ id, values: { done: true } });
    expect(await open(tenant)).toMatchObject([{ dueOn: day(2), remindAt: null }]);
  });

  it('keep a day to begin on, also when the change that gave it is taken back', async () => {
    const { api } = await createTestTenant();
    const { id } = await api.tasks.create({ values: { subject: 'x' } });
    const { changeSetId } = await api.tasks.update({ id, values: { dueOn: day(1) } });
    await api.tasks.update({ id, values: { recurrence: 'FREQ=DAILY' } });
    expect(await refused(api.changes.undo({ changeSetId }))).toMatchObject({
      code: 'recurrenceNeedsDue',
      field: 'dueOn',
    });
    expect(await api.tasks.get({ id })).toMatchObject({ dueOn: day(1) });
  });

  it('say which field is wrong and what to do', async () => {
    const { api } = await createTestTenant();
    const noDay = { code: 'recurrenceNeedsDue', field: 'dueOn' };
    expect(await refused(api.tasks.create({ values: { subject: 'x', recurrence: 'FREQ=DAILY' } }))).toMatchObject(
      noDay,
    );
    const { id } = await api.tasks.create({ values: { subject: 'x', dueOn: day(1), recurrence: 'FREQ=DAILY' } });
    expect(await refused(api.tasks.update({ id, values: { dueOn: null } }))).toMatchObject(noDay);
    expect(await refused(api.tasks.update({ id, values: { recurrence: 'FREQ=SECONDLY' } }))).toMatchObject({
      fields: [{ field: 'values.recurrence', code: 'recurrence' }],
    });
  });
});

describe('tasks', () => {
  it('that are done stay done when they were', async () => {
    const { api } = await createTestTenant();
    const { id } = await api.tasks.create({ values: { subject: 'x' } });
    const { changeSetId } = await api.tasks.update({ id, values: { done: true } });
    const { doneAt } = await api.tasks.get({ id });
    clock.now = new Date(clock.now.getTime() + 60_000);
    expect(await api.tasks.updateMany({ ids: [id], values: { done: true } })).toMatchObject({ count: 0 });
    expect(await api.tasks.get({ id })).toMatchObject({ doneAt });
    expect(await api.changes.undo({ changeSetId })).toMatchObject({ undone: 1, kept: [] });
    expect(await api.tasks.get({ id })).toMatchObject({ done: false, doneAt: null });
  });

  it('that are put off remind as long before as they did', async () => {
    const { api } = await createTestTenant();
    const { id } = await api.tasks.create({
      values: { subject: 'x', dueOn: '2027-03-01', remindAt: '2027-02-28T09:00:00Z' },
    });
    const { changeSetId } = await api.tasks.reschedule({ ids: [id], dueOn: '2027-03-08' });
    const reminded = async () => new Date(String((await api.tasks.get({ id })).remindAt)).toISOString();
    expect(await reminded()).toBe('2027-03-07T09:00:00.000Z');
    await api.changes.undo({ changeSetId });
    expect(await reminded()).toBe('2027-02-28T09:00:00.000Z');
  });
});

describe('reminders', () => {
  const told = ({ tenantId }: TestTenant) =>
    superuser(
      async (client) =>
        (await client.query('select member_id, kind, record_id from app.notification where tenant_id = $1', [tenantId]))
          .rows,
    );

  it('are given once, when their time has come, to whom the task belongs', async () => {
    const tenant = await createTestTenant();
    const other = await createTestTenant();
    const now = new Date();
    const before = new Date(now.getTime() - 60_000).toISOString();
    const { id } = await tenant.api.tasks.create({ values: { subject: 'Call', remindAt: before } });
    await tenant.api.tasks.create({
      values: { subject: 'Later', remindAt: new Date(now.getTime() + 60_000).toISOString() },
    });
    const done = await tenant.api.tasks.create({ values: { subject: 'Done', remindAt: before } });
    await tenant.api.tasks.update({ id: done.id, values: { done: true } });

    const due = await tenantIdsReminding(null, 100_000, now);
    expect(due).toContain(tenant.tenantId);
    expect(due).not.toContain(other.tenantId);
    // Two workers at once.
    const given = await Promise.all([remindTenant(tenant.tenantId, now), remindTenant(tenant.tenantId, now)]);
    expect(given.reduce((a, b) => a + b)).toBe(1);
    expect(await told(tenant)).toEqual([{ member_id: tenant.memberId, kind: 'reminder', record_id: id }]);
    expect(await tenantIdsReminding(null, 100_000, now)).not.toContain(tenant.tenantId);

    // At a later time it is given again.
    await tenant.api.tasks.update({ id, values: { remindAt: new Date(now.getTime() + 30_000).toISOString() } });
    expect(await remindTenant(tenant.tenantId, now)).toBe(0);
    expect(await remindTenant(tenant.tenantId, new Date(now.getTime() + 30_000))).toBe(1);
  });

  it('come back with the change that had put them to another time', async () => {
    const { api, tenantId } = await createTestTenant();
    const now = new Date();
    const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);
    const { id } = await api.tasks.create({ values: { subject: 'Call', remindAt: at(60).toISOString() } });
    const { changeSetId } = await api.tasks.update({ id, values: { remindAt: at(-60).toISOString() } });
    expect(await remindTenant(tenantId, now)).toBe(1);
    expect(await api.changes.undo({ changeSetId })).toMatchObject({ undone: 1, kept: [] });
    expect(await remindTenant(tenantId, at(61))).toBe(1);
  });

  it('that fail to reach anybody are still to be given', async () => {
    const tenant = await createTestTenant();
    const now = new Date();
    await tenant.api.tasks.create({
      values: { subject: 'Call', remindAt: new Date(now.getTime() - 1000).toISOString() },
    });
    await expect(
      remindTenant(tenant.tenantId, now, async () => {
        throw new Error('no way to tell');
      }),
    ).rejects.toThrow('no way');
    // The task is passed over until the failed transaction has let go of it.
    await expect.poll(() => remindTenant(tenant.tenantId, now)).toBe(1);
  });
});

describe('queues', () => {
  const queueOf = async ({ api }: TestTenant, memberIds: string[] = []) =>
    (await api.tasks.createQueue({ name: 'Leads', memberIds })).id;

  it('give each of many who ask at once another task, the most pressing first', async () => {
    const tenant = await createTestTenant();
    const queueId = await queueOf(tenant);
    const subjects = ['low', 'later', 'soon', 'high'];
    const values = [
      { priority: 'low' as const, dueOn: '2026-01-01' },
      { dueOn: '2027-01-02' },
      { dueOn: '2027-01-01' },
      { priority: 'high' as const },
    ];
    for (const [i, subject] of subjects.entries())
      await tenant.api.tasks.create({ values: { subject, queueId, ...values[i] } });
    const people = await Promise.all([0, 1, 2, 3, 4].map(() => tenant.person('member')));
    const first = people[0];
    if (!first) throw new Error('nobody');
    expect((await first.api.tasks.queues())[0]).toMatchObject({ waiting: 4, taken: 0, mine: true });
    // Nobody sees what waits before they take it: it is nobody's.
    expect((await first.api.tasks.list({})).rows).toEqual([]);
    expect((await first.api.tasks.takeNext({ id: queueId })).task?.subject).toBe('high');
    const taken = await Promise.all(people.slice(1).map(({ api }) => api.tasks.takeNext({ id: queueId })));
    const names = taken.map(({ task }) => task?.subject ?? null);
    expect([...names].sort()).toEqual(['later', 'low', 'soon', null].sort());
    expect((await first.api.tasks.queues())[0]).toMatchObject({ waiting: 0, taken: 4 });
  });

  it('are for those who are on them, and made by admins only', async () => {
    const tenant = await createTestTenant();
    const [on, off] = [await tenant.person('member'), await tenant.person('member')];
    const queueId = await queueOf(tenant, [on.memberId]);
    const { id } = await tenant.api.tasks.create({ values: { subject: 'Call', queueId } });
    expect(await refused(off.api.tasks.takeNext({ id: queueId }))).toMatchObject({ code: 'notFound' });
    expect((await off.api.tasks.queues())[0]).toMatchObject({ mine: false });
    expect((await on.api.tasks.takeNext({ id: queueId })).task?.id).toBe(id);
    await on.api.tasks.putBack({ id });
    expect((await on.api.tasks.queues())[0]).toMatchObject({ waiting: 1 });
    expect(await refused(on.api.tasks.createQueue({ name: 'Mine', memberIds: [] }))).toMatchObject({
      code: 'forbidden',
    });
    expect(await refused(tenant.api.tasks.createQueue({ name: 'leads ', memberIds: [] }))).toMatchObject({
      code: 'nameTaken',
      field: 'name',
    });
    const mine = await tenant.api.tasks.create({ values: { subject: 'Mine' } });
    expect(await refused(tenant.api.tasks.putBack({ id: mine.id }))).toMatchObject({ code: 'noQueue' });
  });

  it('lose no task when they go, and come back with them', async () => {
    const tenant = await createTestTenant();
    const queueId = await queueOf(tenant);
    const { id } = await tenant.api.tasks.create({ values: { subject: 'Call', queueId } });
    const { changeSetId, moved } = await tenant.api.tasks.removeQueue({ id: queueId });
    expect(moved).toBe(1);
    expect(await tenant.api.tasks.get({ id })).toMatchObject({ queueId: null, ownerId: tenant.memberId });
    expect(await tenant.api.tasks.queues()).toEqual([]);
    await tenant.api.changes.undo({ changeSetId });
    expect(await tenant.api.tasks.get({ id })).toMatchObject({ queueId, ownerId: null });
    expect((await tenant.api.tasks.queues())[0]).toMatchObject({ name: 'Leads', waiting: 1 });
  });

  it('go only when nothing is left in them, however that comes about, and leave what is done', async () => {
    const { api } = await createTestTenant();
    const { id: queueId, changeSetId } = await api.tasks.createQueue({ name: 'Leads', memberIds: [] });
    const done = await api.tasks.create({ values: { subject: 'Old', queueId, done: true } });
    const { id } = await api.tasks.create({ values: { subject: 'Call', queueId } });
    expect(await refused(api.changes.undo({ changeSetId }))).toMatchObject({ code: 'queueInUse' });
    expect(await api.tasks.queues()).toHaveLength(1);
    expect(await api.tasks.removeQueue({ id: queueId })).toMatchObject({ moved: 1 });
    expect(await api.tasks.get({ id: done.id })).toMatchObject({ queueId, version: 1 });
    // Nobody would find it there.
    expect(await refused(api.tasks.putBack({ id: done.id }))).toMatchObject({ code: 'noQueue', field: 'queueId' });
    expect(await api.tasks.get({ id })).toMatchObject({ queueId: null });
  });

  it('that are gone do not get the next one of a series that was in them', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const queueId = await queueOf(tenant);
    const { id } = await api.tasks.create({
      values: { subject: 'Check', queueId, dueOn: day(0), recurrence: 'FREQ=DAILY' },
    });
    await api.tasks.takeNext({ id: queueId });
    await api.tasks.updateThis({ id, values: { queueId: null } });
    await api.tasks.removeQueue({ id: queueId });
    await api.tasks.update({ id, values: { done: true } });
    expect(await open(tenant)).toMatchObject([{ dueOn: day(1), queueId: null, ownerId: tenant.memberId }]);
  });

  it('pass over what is about a record that whoever takes may not read', async () => {
    const tenant = await createTestTenant();
    const person = await tenant.person('member');
    const queueId = await queueOf(tenant);
    const rights = { ...newObjectRights, read: { ...newObjectRights.read, member: 'own' as const } };
    const { key: object } = await tenant.api.objects.create({
      label: { en: { one: 'Asset', other: 'Assets' } },
      rights,
    });
    const { id: aboutId } = await tenant.api.records.create({ object, values: { name: 'Crane' } });
    const secret = await tenant.api.tasks.create({
      values: { subject: 'Oil it', queueId, aboutId, priority: 'high' },
    });
    const { id } = await tenant.api.tasks.create({ values: { subject: 'Call', queueId } });
    expect(await tenant.api.tasks.queues()).toMatchObject([{ waiting: 2 }]);
    expect(await person.api.tasks.queues()).toMatchObject([{ waiting: 1 }]);
    expect((await person.api.tasks.takeNext({ id: queueId })).task?.id).toBe(id);
    expect(await person.api.tasks.takeNext({ id: queueId })).toEqual({ task: null, changeSetId: null });
    expect((await tenant.api.tasks.takeNext({ id: queueId })).task?.id).toBe(secret.id);
  });

  it('are edited also when somebody on them has left', async () => {
    const tenant = await createTestTenant();
    const [stays, leaves] = [await tenant.person('member'), await tenant.person('member')];
    const memberIds = [stays.memberId, leaves.memberId];
    const id = await queueOf(tenant, memberIds);
    await tenant.api.members.deactivate({ id: leaves.memberId, handTo: tenant.memberId });
    await tenant.api.tasks.updateQueue({ id, name: 'New leads', memberIds });
    expect(await tenant.api.tasks.queues()).toMatchObject([{ name: 'New leads', memberIds }]);
    const other = await queueOf(tenant);
    expect(await refused(tenant.api.tasks.updateQueue({ id: other, memberIds: [leaves.memberId] }))).toMatchObject({
      code: 'noSuchRecord',
      field: 'memberIds',
    });
  });

  it('take back what comes again, so that the next one waits for whoever is free', async () => {
    const tenant = await createTestTenant();
    const queueId = await queueOf(tenant);
    await tenant.api.tasks.create({ values: { subject: 'Check', queueId, dueOn: day(0), recurrence: 'FREQ=DAILY' } });
    const { task } = await tenant.api.tasks.takeNext({ id: queueId });
    await tenant.api.tasks.update({ id: task?.id ?? '', values: { done: true } });
    expect((await tenant.api.tasks.queues())[0]).toMatchObject({ waiting: 1, taken: 0 });
  });
});
