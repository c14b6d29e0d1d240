import { describe, expect, it } from 'vitest';
import type { Filter, Operator } from '@/domain/filters';
import { refusalView } from '@/server/core/trpc';
import { remindTenant } from '@/server/tasks/reminders';
import type { BulkJob } from '@/server/views/bulk';
import { runBulk } from '@/server/views/jobs';
import { clock, createTestTenant, superuser, type TestPerson, type TestTenant } from '../support/tenants';

const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'not refused',
    (error) => refusalView(error).code,
  );
const namesOf = async ({ api }: TestPerson) =>
  (await api.views.list({ object: 'company' })).views.map(({ name }) => name);

const jobOf = ({ jobs }: TestTenant) => jobs.find(({ queue }) => queue === 'bulk')?.payload as unknown as BulkJob;

describe('saved views', () => {
  it('are one’s own, a team’s or everyone’s, and changed by those who may', async () => {
    const tenant = await createTestTenant();
    const boss = await tenant.person('manager');
    const { id: teamId } = await tenant.api.teams.create({ name: 'North', managerId: boss.memberId });
    const inside = await tenant.person('member', { teamId });
    const outside = await tenant.person('viewer');
    const filter: Filter = {
      and: [
        { field: 'parentId.parentId.industry', op: 'is', value: 'Steel' },
        { field: 'ownerId', op: 'me' },
      ],
    };
    const config = {
      filter,
      sort: [{ field: 'name', dir: 'asc' as const }],
      columns: [{ field: 'industry', width: 200 }],
      density: 'compact' as const,
    };
    const mine = await inside.api.views.create({ object: 'company', name: 'Mine', config });
    const forTeam = await boss.api.views.create({ object: 'company', name: 'Team', audience: 'team', teamId });
    await tenant.api.views.create({
      object: 'company',
      name: 'All',
      audience: 'everyone',
      kind: 'board',
      config: { board: 'type' },
    });
    expect(await namesOf(inside)).toEqual(['Mine', 'Team', 'All']);
    expect(await namesOf(boss)).toEqual(['Team', 'All']);
    expect(await namesOf(outside)).toEqual(['All']);
    const [own, team, all] = (await inside.api.views.list({ object: 'company' })).views;
    expect([own?.config, own?.editable, team?.editable, all?.editable]).toEqual([config, true, false, false]);

    // A viewer has views of their own too.
    await outside.api.views.create({ object: 'company', name: 'Just looking' });
    expect(await refused(inside.api.views.create({ object: 'company', name: 'x', audience: 'everyone' }))).toBe(
      'viewNotYours',
    );
    expect(await refused(inside.api.views.create({ object: 'company', name: 'x', audience: 'team', teamId }))).toBe(
      'viewNotYours',
    );
    expect(await refused(boss.api.views.create({ object: 'company', name: 'x', audience: 'team' }))).toBe(
      'noSuchRecord',
    );
    expect(await refused(inside.api.views.update({ id: forTeam.id, values: { name: 'x' } }))).toBe('viewNotYours');
    expect(await refused(inside.api.views.update({ id: mine.id, values: { audience: 'everyone' } }))).toBe(
      'viewNotYours',
    );
    expect(await refused(outside.api.views.update({ id: mine.id, values: { name: 'x' } }))).toBe('notFound');
    expect(await refused(inside.api.views.remove({ id: forTeam.id }))).toBe('viewNotYours');
    const { changeSetId } = await boss.api.views.update({ id: forTeam.id, values: { name: 'North' } });
    expect(await refused(inside.api.changes.undo({ changeSetId }))).toBe('viewNotYours');
    await tenant.api.changes.undo({ changeSetId });
    expect(await namesOf(boss)).toEqual(['Team', 'All']);
    const removed = await boss.api.views.remove({ id: forTeam.id });
    expect(await namesOf(inside)).toEqual(['Mine', 'All']);
    await boss.api.changes.undo(removed);
    expect(await namesOf(inside)).toEqual(['Mine', 'Team', 'All']);
  });

  it('of a team that is gone are still an admin’s to take over or remove', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { id: teamId } = await api.teams.create({ name: 'South' });
    const view = { object: 'company', audience: 'team' as const, teamId };
    const { id } = await api.views.create({ ...view, name: 'Kept' });
    const gone = await api.views.create({ ...view, name: 'Removed' });
    await api.teams.remove({ id: teamId });
    await api.views.update({ id, values: { name: 'Still here' } });
    await api.views.remove({ id: gone.id });
    await api.views.update({ id, values: { audience: 'everyone' } });
    expect(await refused(api.views.update({ id, values: { audience: 'team', teamId } }))).toBe('noSuchRecord');
    expect(await namesOf(tenant)).toEqual(['Still here']);
  });

  it('made at once in one place are put in the order asked for', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const ids = [];
    for (const name of ['A', 'B', 'C']) ids.push((await api.views.create({ object: 'company', name })).id);
    await superuser((client) =>
      client.query('update app.view set position = 1 where tenant_id = $1', [tenant.tenantId]),
    );
    for (const order of [ids, ids.toReversed()]) {
      await api.views.reorder({ object: 'company', ids: order });
      expect((await api.views.list({ object: 'company' })).views.map(({ id }) => id)).toEqual(order);
    }
  });

  it('are ordered, doubled, set as the start, and refuse what could not be shown', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const a = await api.views.create({ object: 'company', name: 'A', config: { q: 'steel' } });
    const b = await api.views.create({ object: 'company', name: 'B' });
    const c = await api.views.duplicate({ id: a.id, name: 'A again' });
    await api.views.reorder({ object: 'company', ids: [c.id, b.id, a.id] });
    expect(await namesOf(tenant)).toEqual(['A again', 'B', 'A']);
    expect((await api.views.list({ object: 'company' })).views[0]?.config).toEqual({ q: 'steel' });
    await api.views.setStart({ object: 'company', id: b.id });
    expect((await api.views.list({ object: 'company' })).start).toBe(b.id);
    await api.views.remove({ id: b.id });
    expect((await api.views.list({ object: 'company' })).start).toBe(null);
    expect(await refused(api.views.setStart({ object: 'contact', id: a.id }))).toBe('notFound');
    const nonsense: Filter = { field: 'nothing', op: 'is', value: 1 };
    expect(await refused(api.views.create({ object: 'company', name: 'x', config: { filter: nonsense } }))).toBe(
      'unknownField',
    );
    expect(
      await refused(
        api.views.create({ object: 'company', name: 'x', config: { columns: [{ field: 'name', width: 1 }] } }),
      ),
    ).toBe('invalid');
    expect(await refused(api.views.create({ object: 'member', name: 'x' }))).toBe('notFound');
    expect(await refused(api.views.update({ id: a.id, values: { name: 'y' }, version: 7 }))).toBe('stale');
  });

  it('that were kept as a preference are taken over once, with what they said', async () => {
    const { api } = await createTestTenant();
    const filter: Filter = { and: [{ field: 'industry', op: 'contains', value: '钢' }] };
    const search = `?${new URLSearchParams({ filter: JSON.stringify(filter), sort: '-name', q: 'x y' })}`;
    await api.preferences.set({
      key: 'views:company',
      value: [
        { id: 'old', name: 'Old', search },
        { id: 'cut', name: 'Cut', search: '?filter=%7B%22an' },
      ],
    });
    expect(await api.views.adopt({ object: 'company' })).toEqual({ count: 2 });
    expect(await api.views.adopt({ object: 'company' })).toEqual({ count: 0 });
    const { views } = await api.views.list({ object: 'company' });
    expect(views.map(({ name, config }) => [name, config])).toEqual([
      ['Old', { filter, sort: [{ field: 'name', dir: 'desc' }], q: 'x y' }],
      ['Cut', {}],
    ]);
    expect((await api.tenant.boot()).preferences['views:company']).toBeUndefined();
  });

  it('shared with a colleague show no more than the colleague may see, whatever they filter and group by', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const nobody = { owner: 'all', admin: 'all', manager: 'none', member: 'none', viewer: 'none' } as const;
    const { key: object } = await api.objects.create({
      label: { en: { one: 'Audit', other: 'Audits' } },
      rights: { read: nobody, write: nobody, delete: nobody },
    });
    const { key: audit } = await api.fields.create({
      object: 'company',
      type: 'reference',
      label: { en: 'Audit' },
      settings: { to: object },
    });
    const secret = await api.records.create({ object, values: { name: 'Secret audit' } });
    await api.companies.create({ values: { name: 'Acme', [audit]: secret.id } as never });
    const filter: Filter = { field: `${audit}.name`, op: 'contains', value: 'secret' };
    const view = await api.views.create({
      object: 'company',
      name: 'Audited',
      audience: 'everyone',
      config: { filter },
    });
    expect((await api.companies.list({ filter })).rows).toHaveLength(1);

    const member = await tenant.person('member');
    const { views } = await member.api.views.list({ object: 'company' });
    expect(views).toMatchObject([{ id: view.id, name: 'Audited', editable: false }]);
    expect((await member.api.companies.list({ filter })).rows).toEqual([]);
    const { groups } = await member.api.views.groups({ object: 'company', group: { field: audit } });
    expect(groups.map(({ title, count }) => [title, count])).toEqual([[null, 1]]);
    expect((await api.views.groups({ object: 'company', group: { field: audit } })).groups[0]?.title).toBe(
      'Secret audit',
    );
  });
});

describe('groups', () => {
  it('count and sum by choices, days and references, each with the filter that opens it', async () => {
    const tenant = await createTestTenant({ timeZone: 'Asia/Shanghai', currency: 'CNY' });
    const { api } = tenant;
    const choices = ['a', 'b'].map((value) => ({ value, label: { en: value }, tone: 'slate' as const }));
    const { key: kinds } = await api.fields.create({
      object: 'company',
      type: 'choices',
      label: { en: 'Kinds' },
      settings: { choices },
    });
    const { key: day } = await api.fields.create({ object: 'company', type: 'date', label: { en: 'Day' } });
    const { key: fee } = await api.fields.create({
      object: 'company',
      type: 'money',
      label: { en: 'Fee' },
      settings: { currency: 'EUR' },
    });
    const rows = [
      {
        name: 'A',
        type: 'partner',
        annualRevenue: 100,
        currency: 'CNY',
        employees: 3,
        [kinds]: ['a', 'b'],
        [day]: '2026-01-31',
        [fee]: 5,
      },
      {
        name: 'B',
        type: 'partner',
        annualRevenue: 50,
        currency: 'USD',
        employees: 5,
        [kinds]: ['b'],
        [day]: '2026-02-01',
        [fee]: 7,
      },
      { name: 'C', type: 'customer', annualRevenue: 7, currency: 'CNY', [day]: '2026-03-31' },
      { name: 'D' },
    ];
    for (const values of rows) await api.companies.create({ values });
    const group = async (field: string, totals: string[] = [], by?: 'month' | 'quarter') =>
      (await api.views.groups({ object: 'company', group: { field, by }, totals })).groups;

    const types = await group('type', ['annualRevenue', 'employees', fee]);
    expect(types.map(({ key, count }) => [key, count])).toEqual([
      ['customer', 1],
      ['partner', 2],
      [null, 1],
    ]);
    expect(types[1]?.totals).toEqual([
      { field: 'annualRevenue', currency: 'CNY', count: 1, sum: 100, avg: 100, min: 100, max: 100 },
      { field: 'employees', currency: null, count: 2, sum: 8, avg: 4, min: 3, max: 5 },
      { field: fee, currency: 'EUR', count: 2, sum: 12, avg: 6, min: 5, max: 7 },
      { field: 'annualRevenue', currency: 'USD', count: 1, sum: 50, avg: 50, min: 50, max: 50 },
    ]);
    expect((await group(kinds)).map(({ key, count }) => [key, count])).toEqual([
      ['a', 1],
      ['b', 2],
      [null, 2],
    ]);
    // Somebody in two groups is one record all the same: what is told is what is changed.
    expect(await api.views.groups({ object: 'company', group: { field: kinds } })).toMatchObject({
      total: 3,
      records: 4,
      next: null,
    });
    expect((await group(day, [], 'quarter')).map(({ key, count }) => [key, count])).toEqual([
      ['2026-01-01', 3],
      [null, 1],
    ]);
    expect((await group('ownerId')).map(({ title, count }) => [title, count])).toEqual([['Olivia Owner', 4]]);
    for (const list of [
      types,
      await group(kinds),
      await group(day),
      await group(day, [], 'quarter'),
      await group('createdAt'),
      await group('ownerId'),
    ]) {
      for (const { filter, count } of list)
        expect((await api.companies.list({ filter: filter ?? undefined })).rows.length, JSON.stringify(filter)).toBe(
          count,
        );
    }
    const [whole] = (
      await api.views.groups({
        object: 'company',
        totals: ['employees'],
        filter: { field: 'type', op: 'is', value: 'partner' },
      })
    ).groups;
    expect([whole?.count, whole?.totals[0]?.sum]).toEqual([2, 8]);
    expect(await refused(group('name'))).toBe('unknownField');
    expect(await refused(group('type', ['name']))).toBe('unknownField');
  });

  it('of more than are told at once come in pages, the largest first, and add up', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    await superuser(async (client) => {
      await client.query(
        `insert into app.company (tenant_id, id, name, name_key, sort_key) select $1, gen_random_uuid(), 'P' || n, 'p' || n, 'p' || n
         from generate_series(1, 700) n`,
        [tenant.tenantId],
      );
      await client.query(
        `insert into app.contact (tenant_id, id, name, name_key, sort_key, company_id)
         select $1, gen_random_uuid(), 'C' || n, 'c' || n, 'c' || n, c.id
         from (select id, row_number() over (order by name) as place from app.company where tenant_id = $1) c,
           generate_series(1, case when c.place <= 100 then 2 else 1 end) n`,
        [tenant.tenantId],
      );
      await client.query(
        `insert into app.product (tenant_id, id, name, name_key, sort_key, created_at)
         select $1, gen_random_uuid(), 'M' || n, 'm' || n, 'm' || n, '2020-01-01T12:00:00Z'::timestamptz + n * interval '1 day'
         from generate_series(1, 600) n`,
        [tenant.tenantId],
      );
    });
    const contacts = { object: 'contact', group: { field: 'companyId' } };
    const first = await api.views.groups(contacts);
    expect(first).toMatchObject({ total: 700, records: 800, next: 500 });
    expect(first.groups.slice(0, 101).map(({ count }) => count)).toEqual([...new Array(100).fill(2), 1]);
    const second = await api.views.groups({ ...contacts, cursor: 500 });
    expect(second).toMatchObject({ total: 700, records: 800, next: null });
    const all = [...first.groups, ...second.groups];
    expect(new Set(all.map(({ key }) => key)).size).toBe(700);
    expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(800);
    expect(all.every(({ title }) => title?.startsWith('P'))).toBe(true);
    expect((await api.views.groups({ ...contacts, cursor: 700 })).groups).toEqual([]);

    const days = { object: 'product', group: { field: 'createdAt', by: 'day' as const } };
    const early = await api.views.groups(days);
    const late = await api.views.groups({ ...days, cursor: early.next ?? 0 });
    const keys = [...early.groups, ...late.groups].map(({ key }) => key);
    expect(keys).toHaveLength(600);
    expect(keys).toEqual(keys.toSorted());
  });

  it('of moments begin at the tenant’s midnight, and show no more than the scope', async () => {
    const tenant = await createTestTenant({ timeZone: 'Asia/Shanghai' });
    const seller = await tenant.person('member');
    await tenant.api.deals.create({ values: { name: 'Boss’s', amount: 5 } });
    await seller.api.deals.create({ values: { name: 'Mine', amount: 7 } });
    const { groups } = await seller.api.views.groups({
      object: 'deal',
      group: { field: 'stageId' },
      totals: ['amount'],
    });
    expect(groups.map(({ count, totals }) => [count, totals[0]?.sum])).toEqual([[1, 7]]);
    const [today] = (await tenant.api.views.groups({ object: 'deal', group: { field: 'createdAt', by: 'day' } }))
      .groups;
    expect(JSON.stringify(today?.filter)).toContain('T16:00:00Z');
  });
});

describe('a filter by days', () => {
  it('of moments means whole days of the tenant’s calendar, of the tenant’s own fields as well', async () => {
    const { api } = await createTestTenant({ timeZone: 'Asia/Shanghai' });
    const { key } = await api.fields.create({ object: 'activity', type: 'datetime', label: { en: 'Told' } });
    // A quarter to midnight, midnight and the last minute of 2 March, and the midnight after, by clocks in Shanghai.
    const moments = ['03-01T15:45', '03-01T16:00', '03-02T15:59', '03-02T16:00'].map((at) => `2026-${at}:00Z`);
    for (const startsAt of moments)
      await api.activities.create({
        values: { kind: 'call', subject: String(moments.indexOf(startsAt)), startsAt, [key]: startsAt } as never,
      });
    const found = async (field: string, op: Operator, value: string | string[]) =>
      (await api.activities.list({ filter: { field, op, value } })).rows
        .map(({ subject }) => subject)
        .sort()
        .join('');
    const day = '2026-03-02';
    expect(await refused(found(key, 'between', [day]))).toBe('filterValue');
    for (const field of ['startsAt', key]) {
      const by = (op: Operator) => found(field, op, day);
      expect([await by('before'), await by('after')], field).toEqual(['0', '3']);
      expect([await by('lt'), await by('lte'), await by('gt'), await by('gte')]).toEqual(['0', '012', '3', '123']);
      expect([await found(field, 'between', [day, day]), await found(field, 'after', moments[1] ?? '')]).toEqual([
        '12',
        '23',
      ]);
    }
  });
});

describe('changes of many records', () => {
  it('of tasks bring what follows: the next of a series, reminders given again, and one undo for all', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const before = new Date(Date.now() - 1000).toISOString();
    const later = new Date(Date.now() + 60_000).toISOString();
    const made = (subject: string) =>
      api.tasks.create({ values: { subject, dueOn: '2026-01-05', recurrence: 'FREQ=DAILY', remindAt: before } });
    const [a, b] = [await made('A'), await made('B')];
    expect(await remindTenant(tenant.tenantId, new Date())).toBe(2);
    const remindedAt = async (id: string) =>
      (
        await superuser((client) =>
          client.query<{ at: string | null }>('select reminded_at as at from app.task where id = $1', [id]),
        )
      ).rows[0]?.at;
    expect(await remindedAt(a.id)).not.toBe(null);
    await api.bulk.patch({ object: 'task', changes: [{ id: a.id, values: { remindAt: later } }] });
    expect(await remindedAt(a.id)).toBe(null);

    const open: Filter = { field: 'done', op: 'is', value: false };
    const done = await api.bulk.update({ object: 'task', filter: open, count: 2, values: { done: true } });
    expect(done.count).toBe(2);
    expect(await api.tasks.get({ id: b.id })).toMatchObject({ done: true, doneAt: expect.any(String) });
    const next = (await api.tasks.list({ filter: open })).rows;
    expect(next.map(({ subject }) => subject).toSorted()).toEqual(['A', 'B']);
    expect(next.every(({ dueOn }) => String(dueOn) > '2026-01-05')).toBe(true);
    await api.changes.undo({ changeSetId: done.changeSetId });
    expect((await api.tasks.list({ filter: open })).rows.map(({ id }) => id).toSorted()).toEqual(
      [a.id, b.id].toSorted(),
    );

    const patched = await api.bulk.patch({
      object: 'task',
      changes: [a.id, b.id].map((id) => ({ id, values: { done: true } })),
    });
    expect(patched.count).toBe(2);
    expect((await api.tasks.count({ filter: open })).count).toBe(2);
    const wrong = api.bulk.patch({ object: 'task', changes: [{ id: a.id, values: { dueOn: null } }] });
    expect(await refused(wrong)).toBe('recurrenceNeedsDue');
  });

  it('of many tasks by a job leave alone what the job makes', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { id } = await api.tasks.create({ values: { subject: 'A', dueOn: '2026-01-05', recurrence: 'FREQ=DAILY' } });
    await superuser((client) =>
      client.query(
        `insert into app.task (tenant_id, id, subject, sort_key, type, priority, done, due_on, recurrence, owner_id, created_at)
         select tenant_id, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, subject, sort_key, type, priority, done, due_on, recurrence, owner_id, created_at
         from app.task, generate_series(1, 1200) n where id = $1`,
        [id],
      ),
    );
    const queued = await api.bulk.update({ object: 'task', count: 1201, values: { done: true } });
    await runBulk(jobOf(tenant), async () => {}, new AbortController().signal);
    expect(queued.queued).toBe(1201);
    const count = async (done: boolean) =>
      (await api.tasks.count({ filter: { field: 'done', op: 'is', value: done } })).count;
    expect([await count(true), await count(false)]).toEqual([1201, 1201]);
  });

  it('of different values are one change set that undoes as one', async () => {
    const { api } = await createTestTenant();
    const { key } = await api.fields.create({
      object: 'company',
      type: 'number',
      label: { en: 'Score' },
      settings: { max: 10 },
    });
    const ids = [];
    for (const name of ['A', 'B', 'C'])
      ids.push((await api.companies.create({ values: { name, industry: 'old' } })).id);
    const changes = ids.map((id, i) => ({ id, values: { industry: `new ${i}`, [key]: i } }));
    const done = await api.bulk.patch({ object: 'company', changes });
    expect(done.count).toBe(3);
    const seen = async () =>
      (await api.companies.list({ sort: [{ field: 'name', dir: 'asc' }] })).rows.map((row) => [row.industry, row[key]]);
    expect(await seen()).toEqual([
      ['new 0', 0],
      ['new 1', 1],
      ['new 2', 2],
    ]);
    await api.changes.undo({ changeSetId: done.changeSetId });
    expect(await seen()).toEqual([
      ['old', null],
      ['old', null],
      ['old', null],
    ]);
    const wrong = api.bulk.patch({
      object: 'company',
      changes: [
        { id: ids[0] ?? '', values: { industry: 'x' } },
        { id: ids[1] ?? '', values: { [key]: 11 } },
      ],
    });
    expect(await wrong.catch((error) => refusalView(error).fields)).toMatchObject([{ field: `values.${key}` }]);
    expect(await seen()).toEqual([
      ['old', null],
      ['old', null],
      ['old', null],
    ]);
    expect(
      await refused(api.bulk.patch({ object: 'company', changes: [{ id: ids[0] ?? '', values: { createdAt: 'x' } }] })),
    ).toBe('invalid');
  });

  it('keep a deal’s rules and a member’s scope', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const [pipeline] = await api.pipelines.list();
    const won = pipeline?.stages.find(({ kind }) => kind === 'won')?.id ?? '';
    const { id } = await api.deals.create({ values: { name: 'Saws' } });
    await api.bulk.patch({ object: 'deal', changes: [{ id, values: { stageId: won } }] });
    expect(await api.deals.get({ id })).toMatchObject({ status: 'won', probability: 100 });
    const seller = await tenant.person('member');
    expect(await refused(seller.api.bulk.patch({ object: 'deal', changes: [{ id, values: { name: 'x' } }] }))).toBe(
      'notFound',
    );
    const viewer = await tenant.person('viewer');
    expect(await refused(viewer.api.bulk.patch({ object: 'deal', changes: [{ id, values: { name: 'x' } }] }))).toBe(
      'forbidden',
    );
  });

  it('keep calls and meetings from ending before they begin', async () => {
    const { api } = await createTestTenant();
    const { id } = await api.activities.create({
      values: { kind: 'meeting', subject: 'Tour', startsAt: '2026-03-02T09:00:00Z', endsAt: '2026-03-02T10:00:00Z' },
    });
    const values = { endsAt: '2026-03-02T08:00:00Z' };
    expect(await refused(api.bulk.patch({ object: 'activity', changes: [{ id, values }] }))).toBe('endBeforeStart');
    expect(await refused(api.bulk.update({ object: 'activity', count: 1, values }))).toBe('endBeforeStart');
  });

  it('of all that match leave nothing empty that must be filled', async () => {
    const { api } = await createTestTenant();
    const text = { object: 'company', type: 'text' as const };
    const { key: must } = await api.fields.create({ ...text, label: { en: 'Region' }, required: true });
    const { key: may } = await api.fields.create({
      ...text,
      label: { en: 'Reason' },
      settings: { requireIf: { field: 'industry', op: 'is', value: 'closed' } },
    });
    for (const name of ['A', 'B']) await api.companies.create({ values: { name, [must]: 'North', [may]: null } });
    const wrongField = (values: Record<string, unknown>) =>
      api.bulk.update({ object: 'company', count: 2, values }).then(
        () => 'not refused',
        (error) => refusalView(error).fields?.[0]?.field,
      );
    expect(await wrongField({ [must]: null })).toBe(`values.${must}`);
    expect(await wrongField({ industry: 'closed' })).toBe(`values.${may}`);
    expect(await wrongField({ industry: 'closed', [may]: 'Moved' })).toBe('not refused');
  });

  it('of too many for one request are refused before a job begins that would be', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const text = { object: 'deal', type: 'text' as const };
    const { key: must } = await api.fields.create({ ...text, label: { en: 'Region' }, required: true });
    const { key: may } = await api.fields.create({
      ...text,
      label: { en: 'Reason' },
      settings: { requireIf: { field: 'source', op: 'is', value: 'x' } },
    });
    const { key: once } = await api.fields.create({
      ...text,
      label: { en: 'Number' },
      settings: { unique: true, maxLength: 100 },
    });
    const { id } = await api.deals.create({ values: { name: 'Saws', [must]: 'North' } as never });
    await superuser((client) =>
      client.query(
        `insert into app.deal select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid()))).*
         from app.deal d, generate_series(1, 1000) where d.id = $1`,
        [id],
      ),
    );
    const [pipeline] = await api.pipelines.list();
    const stage = pipeline?.stages.at(1);
    await api.pipelines.updateStage({ id: stage?.id ?? '', requiredFields: ['amount'] });
    const all = (values: Record<string, unknown>) => refused(api.bulk.update({ object: 'deal', count: 1001, values }));
    expect(await all({ [must]: null })).toBe('required');
    expect(await all({ [may]: null })).toBe('tooManyForRule');
    expect(await all({ [once]: 'same' })).toBe('taken');
    expect(await all({ stageId: stage?.id })).toBe('stageRequires');
    expect(tenant.jobs.some(({ queue }) => queue === 'bulk')).toBe(false);
    expect(await all({ stageId: stage?.id, amount: 5, [may]: 'because' })).toBe('not refused');
    await runBulk(jobOf(tenant), async () => {}, new AbortController().signal);
    const there = { field: 'stageId', op: 'is' as const, value: stage?.id };
    expect((await api.deals.count({ filter: there })).count).toBe(1001);
  });

  it('of a job that an undo overtakes are not made', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    await superuser((client) =>
      client.query(
        `insert into app.product (tenant_id, id, name, name_key, sort_key, created_at)
         select $1, gen_random_uuid(), 'M' || n, 'm' || n, 'm' || n, '2020-01-01' from generate_series(1, 1001) n`,
        [tenant.tenantId],
      ),
    );
    const { changeSetId } = await api.bulk.update({ object: 'product', count: 1001, values: { series: 'bulk' } });
    await superuser(async (client) => {
      await client.query('begin');
      const {
        rows: [own],
      } = await client.query('select pg_backend_pid() as pid');
      await client.query('update app.change_set set undone_by = $2 where id = $1', [changeSetId, crypto.randomUUID()]);
      let ended = false;
      const run = runBulk(jobOf(tenant), async () => {}, new AbortController().signal).finally(() => {
        ended = true;
      });
      const waits = async () => {
        const blocked = await client.query('select 1 from pg_stat_activity where $1 = any(pg_blocking_pids(pid))', [
          own.pid,
        ]);
        return blocked.rows.length > 0;
      };
      while (!ended && !(await waits())) await new Promise((resolve) => setTimeout(resolve, 20));
      await client.query('commit');
      await run;
    });
    const bulk: Filter = { field: 'series', op: 'is', value: 'bulk' };
    expect((await api.products.count({ filter: bulk })).count).toBe(0);
  });

  it('of all that match name their count, go through a job when many, and undo as one', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    for (let i = 0; i < 3; i++) await api.companies.create({ values: { name: `A${i}`, industry: 'old' } });
    const filter: Filter = { field: 'industry', op: 'is', value: 'old' };
    const all = { object: 'company', filter, values: { industry: 'new' } };
    expect(await refused(api.bulk.update({ ...all, count: 2 }))).toBe('countChanged');
    const done = await api.bulk.update({ ...all, count: 3 });
    expect(done).toMatchObject({ count: 3 });
    expect((await api.companies.count({ filter })).count).toBe(0);
    await api.changes.undo({ changeSetId: done.changeSetId });
    expect((await api.companies.count({ filter })).count).toBe(3);
    const gone = await api.bulk.remove({ object: 'company', filter, count: 3 });
    expect((await api.companies.count({ filter })).count).toBe(0);
    await api.changes.undo({ changeSetId: gone.changeSetId });

    await superuser((client) =>
      client.query(
        `insert into app.product (tenant_id, id, name, name_key, sort_key, created_at)
         select $1, gen_random_uuid(), 'M' || n, 'm' || n, 'm' || n, '2020-01-01' from generate_series(1, 1300) n`,
        [tenant.tenantId],
      ),
    );
    const queued = await api.bulk.update({ object: 'product', count: 1300, values: { series: 'bulk' } });
    expect(queued).toMatchObject({ count: 0, queued: 1300 });
    const job = jobOf(tenant);
    clock.now = new Date();
    await api.products.create({ values: { name: 'Made while the job waits' } });
    await runBulk(job, async () => {}, new AbortController().signal);
    const bulk: Filter = { field: 'series', op: 'is', value: 'bulk' };
    expect((await api.products.count({ filter: bulk })).count).toBe(1300);
    await api.changes.undo({ changeSetId: queued.changeSetId });
    expect((await api.products.count({ filter: bulk })).count).toBe(0);
  });
});
