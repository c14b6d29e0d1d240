import { beforeAll, describe, expect, it } from 'vitest';
import en from '@/domain/messages/en/demo.json' with { type: 'json' };
import { roles } from '@/domain/permissions';
import type { PipelineView } from '@/domain/pipelines';
import { openFiles } from '@/server/core/files';
import { type DemoLogin, seedDemo } from '@/server/samples/demo';
import { ownWords } from '@/server/samples/demo-own';
import { tellOwn } from '@/server/samples/demo-own-story';
import { tellStory } from '@/server/samples/demo-story';
import { todayIn } from '@/server/tenants/settings';
import { ownFolder } from '../support/folders';
import { clock, createTestTenant, signedIn, strangerContext, superuser } from '../support/tenants';

// Invitations end by the database's own clock.
clock.now = new Date();
openFiles(ownFolder('files'));

const objects = ['companies', 'contacts', 'deals', 'products', 'tasks', 'notes'] as const;

describe('sample data', () => {
  it.each(['en', 'zh'] as const)('fills a tenant in its language and currency (%s)', async (locale) => {
    const tenant = await createTestTenant({ locale, currency: locale === 'zh' ? 'CNY' : 'EUR' });
    expect(await tenant.api.samples.status()).toEqual({ count: 0 });
    const added = await tenant.api.samples.add();
    const counts = await Promise.all(objects.map(async (object) => (await tenant.api[object].count({})).count));
    expect(counts).toEqual([12, 25, 20, 6, 15, 8]);
    expect(added.count).toBe(86);
    expect(await tenant.api.samples.status()).toEqual({ count: 86 });

    const [pipeline] = await tenant.api.pipelines.list();
    const board = await tenant.api.deals.board({ pipelineId: pipeline?.id ?? '' });
    expect(board.columns.length).toBe(pipeline?.stages.length);
    const { rows } = await tenant.api.companies.list({ limit: 50 });
    expect(rows.filter((row) => row.parentId)).toHaveLength(3);
    expect(rows.every((row) => /\p{Script=Han}/u.test(String(row.name)) === (locale === 'zh'))).toBe(true);
    await expect(tenant.api.samples.add()).rejects.toMatchObject({ message: 'samplesThere' });
  });

  it('takes back what nobody touched and names what stays', async () => {
    const { api } = await createTestTenant();
    await api.samples.add();
    const [edited, used, free] = (await api.companies.list({ limit: 12 })).rows.filter((row) => !row.parentId);
    if (!edited || !used || !free) throw new Error('no companies');
    await api.companies.update({ id: edited.id, values: { phone: '+1 503 555 0100' } });
    const own = await api.tasks.create({ values: { subject: 'Mine', companyId: used.id } });

    const report = await api.samples.remove();
    expect(report.kept).toEqual(
      expect.arrayContaining([
        { object: 'company', id: edited.id, title: edited.name, why: 'edited' },
        { object: 'company', id: used.id, title: used.name, why: 'used' },
      ]),
    );
    expect(report.removed).toBe(86 - report.kept.length);
    await expect(api.companies.get({ id: free.id })).rejects.toMatchObject({ message: 'notFound' });
    expect((await api.tasks.get({ id: own.id })).refs.companyId).toBe(used.name);
    expect((await api.deals.count({})).count).toBe(0);

    // Undo brings them back, and they can be taken out again.
    await api.changes.undo({ changeSetId: report.changeSetId ?? '' });
    expect(await api.samples.status()).toEqual({ count: 86 });
    expect((await api.samples.remove()).removed).toBe(report.removed);
  });

  it('counts an edit that was taken back as none', async () => {
    const { api } = await createTestTenant();
    await api.samples.add();
    const [deal] = (await api.deals.list({ limit: 1 })).rows;
    const { changeSetId } = await api.deals.update({ id: deal?.id ?? '', values: { nextStep: 'Call', amount: 1 } });
    await api.changes.undo({ changeSetId });
    expect(await api.samples.remove()).toMatchObject({ removed: 86, kept: [] });
    expect(await api.samples.remove()).toEqual({ changeSetId: null, removed: 0, kept: [] });
    expect((await api.samples.add()).count).toBe(86);
  });

  it('keeps the company and the people of a deal that somebody took over', async () => {
    const { api } = await createTestTenant();
    await api.samples.add();
    const [deal] = (await api.deals.list({ limit: 1 })).rows;
    if (!deal) throw new Error('no deal');
    await api.deals.update({ id: deal.id, values: { name: 'Ours now' } });
    await api.samples.remove();
    const kept = await api.deals.get({ id: deal.id });
    expect(kept.refs.companyId).toBeTruthy();
    expect(await api.deals.contacts({ id: deal.id })).toHaveLength(1);
  });

  it('keeps what somebody filled in a field of their own, and what their own records point to', async () => {
    const { api } = await createTestTenant();
    await api.samples.add();
    const { key: object } = await api.objects.create({ label: { en: { one: 'Site', other: 'Sites' } } });
    const make = (of: string, type: 'text' | 'reference' | 'relation', en: string) =>
      api.fields.create({ object: of, type, label: { en }, settings: type === 'text' ? {} : { to: 'company' } });
    await Promise.all([
      make('company', 'text', 'Tier'),
      make(object, 'reference', 'At'),
      make(object, 'relation', 'For'),
    ]);
    const [filled, at, served] = (await api.companies.list({ limit: 12 })).rows.filter((row) => !row.parentId);
    if (!filled || !at || !served) throw new Error('no companies');
    await api.companies.update({ id: filled.id, values: { c_tier: 'Gold' } as never });
    const site = await api.records.create({ object, values: { name: 'Quay', c_at: at.id } as never });
    await api.relations.link({ object, field: 'c_for', id: site.id, to: served.id });
    const { kept } = await api.samples.remove();
    for (const [{ id, name }, why] of [
      [filled, 'edited'],
      [at, 'used'],
      [served, 'used'],
    ] as const)
      expect(kept).toContainEqual({ object: 'company', id, title: name, why });
  });

  it('is for admins', async () => {
    const tenant = await createTestTenant();
    const member = await tenant.person('member');
    await expect(member.api.samples.add()).rejects.toMatchObject({ message: 'forbidden' });
  });
});

describe('demo tenants', () => {
  let logins: DemoLogin[];

  beforeAll(async () => {
    // Opens the pool.
    const { log } = strangerContext();
    logins = await seedDemo({ log, now: () => clock.now });
  });

  it('has a login for every role in both languages', async () => {
    expect(logins.map(({ locale, role }) => `${locale} ${role}`).sort()).toEqual(
      ['en', 'zh'].flatMap((l) => roles.map((r) => `${l} ${r}`)).sort(),
    );
    for (const { slug, email, role } of logins) {
      const { api } = await signedIn(slug, email);
      expect((await api.tenant.boot()).member.role).toBe(role);
    }
  });

  it.each(['en', 'zh'] as const)('shows every state (%s)', async (locale) => {
    const login = logins.find((l) => l.locale === locale && l.role === 'owner');
    const { api } = await signedIn(login?.slug ?? '', login?.email ?? '');
    const count = async (object: (typeof objects)[number], filter?: Parameters<typeof api.deals.count>[0]['filter']) =>
      (await api[object].count({ filter })).count;
    expect([await count('companies'), await count('contacts'), await count('deals'), await count('products')]).toEqual([
      61, 152, 202, 8,
    ]);
    for (const status of ['open', 'won', 'lost'])
      expect(await count('deals', { field: 'status', op: 'is', value: status })).toBeGreaterThan(40);
    expect(
      await count('deals', {
        and: [
          { field: 'status', op: 'is', value: 'lost' },
          { field: 'lossReason', op: 'isEmpty' },
        ],
      }),
    ).toBe(0);
    const today = todayIn((await api.tenant.boot()).tenant.timeZone, clock.now);
    const open = { field: 'done', op: 'isNot' as const, value: true };
    for (const op of ['before', 'is', 'after'] as const)
      expect(await count('tasks', { and: [open, { field: 'dueOn', op, value: today }] })).toBeGreaterThan(8);
    expect(await count('notes')).toBeGreaterThan(100);
    const pipelines = await api.pipelines.list();
    expect(pipelines).toHaveLength(2);
    for (const pipeline of pipelines) {
      const { columns } = await api.deals.board({ pipelineId: pipeline.id });
      expect(columns).toHaveLength(pipeline.stages.length);
    }
    const { members, invitations } = await api.members.list();
    expect(new Set(members.map((m) => m.status))).toEqual(new Set(['active', 'placeholder', 'inactive']));
    expect(invitations).toHaveLength(1);
  });

  it.each(['en', 'zh'] as const)('has fields and an object of its own, lived in (%s)', async (locale) => {
    const login = logins.find((l) => l.locale === locale && l.role === 'owner');
    const { api } = await signedIn(login?.slug ?? '', login?.email ?? '');
    const boot = await api.tenant.boot();
    const types = new Set<string>(boot.fields.map(({ type }) => type));
    const many = ['text', 'longText', 'number', 'money', 'percent', 'date', 'datetime', 'time', 'boolean', 'choice'];
    for (const type of [...many, 'choices', 'rating', 'link', 'address', 'member', 'reference', 'relation', 'file'])
      expect(types, type).toContain(type);
    expect([...types].filter((type) => type === 'formula' || type === 'rollup')).toHaveLength(2);
    expect(boot.objects.map(({ key }) => key)).toEqual(['o_visit']);
    for (const { label } of boot.fields) expect([label.en, label.zh]).not.toContain('');

    const visits = (filter?: Parameters<typeof api.records.count>[0]['filter']) =>
      api.records.count({ object: 'o_visit', filter });
    for (const status of ['planned', 'underway', 'waiting', 'done'])
      expect((await visits({ field: 'c_status', op: 'is', value: status })).count, status).toBeGreaterThan(0);
    expect((await visits()).count).toBeGreaterThan(50);

    // What is worked out is: the sum of what was won is that of the deals.
    const { rows } = await api.companies.list({ sort: [{ field: 'c_won', dir: 'desc' }], limit: 1 });
    const [best] = rows;
    const won = await api.deals.list({
      filter: {
        and: [
          { field: 'companyId', op: 'is', value: best?.id ?? '' },
          { field: 'status', op: 'is', value: 'won' },
        ],
      },
      limit: 100,
    });
    const total = won.rows.reduce((sum, { amount }) => sum + Number(amount ?? 0), 0);
    expect(best).toMatchObject({ c_won: total, c_total: total + Number((best as Record<string, unknown>).c_open) });
    expect(total).toBeGreaterThan(0);

    for (const [object, kinds] of Object.entries({
      company: ['table', 'board'],
      deal: ['board', 'table', 'calendar'],
      o_visit: ['board', 'calendar', 'table'],
    })) {
      const { views } = await api.views.list({ object });
      expect(views.map(({ kind }) => kind)).toEqual(expect.arrayContaining(kinds));
    }
    const bell = await api.notifications.list({});
    expect(bell.items.some(({ kind }) => kind === 'mention')).toBe(true);
    const { rows: gone } = await api.bin.list({});
    expect(new Set(gone.map(({ object }) => object))).toEqual(new Set(['company', 'contact', 'deal', 'o_visit']));
    const pairs = await api.duplicates.list({ object: 'company' });
    expect(pairs.rows.map(({ a, b }) => [a.title, b.title])).toContainEqual(
      expect.arrayContaining([ownWords[locale].twins.company, ownWords[locale].twins.of]),
    );
  });

  it('is made once', async () => {
    const before = await rowCount();
    const { log } = strangerContext();
    expect(await seedDemo({ log, now: () => clock.now })).toEqual(logins);
    expect(await rowCount()).toBe(before);
  });

  it('tells the same story for the same seed', () => {
    const pipelines = ['sales', 'dealers'].map(fakePipeline) as [PipelineView, PipelineView];
    const setting = {
      words: en,
      seed: 7,
      currency: 'USD',
      timeZone: 'Etc/UTC',
      now: clock.now,
      pipelines,
      sellers: ['a', 'b', 'c'],
      idOf: (name: string) => name,
    };
    const story = tellStory(setting);
    expect(tellStory(setting)).toEqual(story);
    expect(tellStory({ ...setting, seed: 8 })).not.toEqual(story);
    const told = { ...setting, own: ownWords.en, names: new Map<string, string>(), relation: (name: string) => name };
    const own = tellOwn(told, story);
    expect(tellOwn(told, story)).toEqual(own);
    expect(own.length).toBeGreaterThan(story.length + 100);
    expect(own.every(({ at }) => at < clock.now)).toBe(true);
    const made = new Set<string>();
    for (const { changes } of own) {
      for (const change of changes) {
        if (change.op === 'create') made.add(change.id);
        else expect(made.has(change.id), change.id).toBe(true);
      }
    }
  });
});

function fakePipeline(name: string, position: number): PipelineView {
  const kinds = ['open', 'open', 'open', 'open', 'won', 'lost'] as const;
  const stages = kinds.map((kind, i) => ({
    id: `${name} ${i}`,
    pipelineId: name,
    name: `${i}`,
    kind,
    probability: 10,
    colour: 'slate' as const,
    position: i,
    requiredFields: [],
  }));
  return { id: name, name, position, stages };
}

const rowCount = () =>
  superuser(async (client) =>
    Number((await client.query<{ n: string }>('select count(*) as n from app.change')).rows[0]?.n),
  );
