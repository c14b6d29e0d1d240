import { beforeAll, describe, expect, it } from 'vitest';
import { inTenant } from '@/db/tenant';
import { newObjectRights } from '@/domain/permissions';
import { refusalView } from '@/server/core/trpc';
import { outdateSearch, rebuildSearch } from '@/server/search/rebuild';
import { clock, createTestTenant, superuser, type TestTenant } from '../support/tenants';

const titles = (hits: { title: string }[]) => hits.map(({ title }) => title);
const marked = ({ title, marks }: { title: string; marks: [number, number][] }) =>
  marks.map(([from, to]) => title.slice(from, to));

describe('a search', () => {
  let tenant: TestTenant;
  const pick = async (q: string, object = 'company') => titles(await tenant.api.search.pick({ object, q }));

  beforeAll(async () => {
    tenant = await createTestTenant();
    for (const name of [
      '阿里巴巴集团',
      '重庆啤酒',
      '中国平安',
      '平安银行',
      '长安汽车',
      'Papadopoulos Foods',
      'Anna Glass',
    ])
      await tenant.api.companies.create({ values: { name } });
    for (const name of ['单雄信', '曾国藩', '解缙', '仇英', '张三', 'Anna Schmidt', 'Schmidt Berta'])
      await tenant.api.contacts.create({ values: { name } });
    await tenant.api.contacts.create({
      values: { name: 'Jo Doe', email: 'jo.doe@mail.acme.com', phone: '+86 138-1234-5678' },
    });
  });

  it.each([
    ['阿里ba', '阿里巴巴集团'],
    ['chongqing', '重庆啤酒'],
    ['zhongqing', '重庆啤酒'],
    ['重慶', '重庆啤酒'],
    ['庆', '重庆啤酒'],
    ['pingan', '平安银行'],
    ['changan', '长安汽车'],
    ['zhangan', '长安汽车'],
    ['chogqing', '重庆啤酒'],
    ['papadoplos', 'Papadopoulos Foods'],
    ['papadopuolso', 'Papadopoulos Foods'],
    ['papdaopuolos', 'Papadopoulos Foods'],
    ['annna glass', 'Anna Glass'],
    ['glas', 'Anna Glass'],
    ['galss', 'Anna Glass'],
  ])('for %s finds the company %s first', async (q, name) => {
    expect((await pick(q))[0]).toBe(name);
  });

  it.each([
    ['shan', '单雄信'],
    ['dxx', '单雄信'],
    ['zeng', '曾国藩'],
    ['xie', '解缙'],
    ['qiu', '仇英'],
    ['zhang三', '张三'],
    ['zs', '张三'],
    ['schmdit anna', 'Anna Schmidt'],
    ['5678', 'Jo Doe'],
    ['jo.doe', 'Jo Doe'],
    ['mail.acme', 'Jo Doe'],
    ['@mail.acme.com', 'Jo Doe'],
  ])('for %s finds the person %s first', async (q, name) => {
    expect((await pick(q, 'contact'))[0]).toBe(name);
  });

  it('takes words in any order, the order typed first', async () => {
    expect(await pick('schmidt', 'contact')).toEqual(['Schmidt Berta', 'Anna Schmidt']);
    expect(await pick('schmidt anna', 'contact')).toEqual(['Anna Schmidt']);
    expect(await pick('anna ber', 'contact')).toEqual([]);
  });

  it('does not guess at what is short, or where something is found as typed', async () => {
    expect(await pick('glx')).toEqual([]);
    expect(await pick('anna', 'contact')).toEqual(['Anna Schmidt']);
  });

  it.each([
    ['galss', 'company', 'glass'],
    ['annna glass', 'company', 'anna glass'],
    ['schmdit anna', 'contact', 'schmidt anna'],
    ['重慶', 'company', '重庆'],
    ['glass', 'company', null],
    ['cqpj', 'company', null],
    ['nothing at all', 'company', null],
    ['', 'company', null],
  ])('says what is meant by %s in a list', async (q, object, meant) => {
    expect(await tenant.api.search.meant({ object, q })).toEqual({ q: meant });
    if (!meant) return;
    // What it says is found by the list, which what was typed is not.
    const list = object === 'company' ? tenant.api.companies.list : tenant.api.contacts.list;
    expect((await list({ q })).rows).toEqual([]);
    expect((await list({ q: meant })).rows).not.toEqual([]);
  });

  it('says which part was found, of the title or of another text', async () => {
    const [spelt] = await tenant.api.search.pick({ object: 'company', q: 'cqpj' });
    expect(spelt && marked({ title: spelt.title, marks: spelt.marks ?? [] })).toEqual(['重庆啤酒']);
    const [inner] = await tenant.api.search.global({ q: 'pinganyin' });
    expect(inner && marked(inner)).toEqual(['平安银']);
    const [phone] = await tenant.api.search.global({ q: '5678' });
    expect(phone).toMatchObject({
      title: 'Jo Doe',
      marks: [],
      found: { field: 'phone', text: '+86 138-1234-5678', marks: [[13, 17]] },
    });
    const [typo] = await tenant.api.search.global({ q: 'galss' });
    expect(typo && marked(typo)).toEqual(['Glass']);
  });

  it('finds as many records as there are, however many of their words begin alike', async () => {
    const crowd = await createTestTenant();
    const make = (values: { name: string; legalName: string }) => crowd.api.companies.create({ values });
    for (let i = 0; i < 40; i++) await make({ name: `测试${i} 平安`, legalName: '平安公司' });
    for (let i = 0; i < 5; i++) await make({ name: `其他${i}`, legalName: '平安集团' });
    expect(await crowd.api.search.pick({ object: 'company', q: '平安', limit: 50 })).toHaveLength(45);
    const [group] = await crowd.api.search.groups({ q: '平安' });
    expect(group).toMatchObject({ count: 45, more: false });
  });

  it('groups by kind, the kind with the best first, and says how many there are', async () => {
    const groups = await tenant.api.search.groups({ q: 'anna', limit: 1 });
    expect(groups.map(({ object, hits, count, more }) => [object, titles(hits), count, more])).toEqual(
      expect.arrayContaining([
        ['company', ['Anna Glass'], 1, false],
        ['contact', ['Anna Schmidt'], 1, false],
      ]),
    );
    expect((await tenant.api.search.groups({ q: '张三' }))[0]?.object).toBe('contact');
  });
});

describe('a record that is called otherwise', () => {
  it('is found by its new name and no more by its old one, alone and among many', async () => {
    const { api } = await createTestTenant();
    const company = (await api.companies.create({ values: { name: 'Giraffe' } })).id;
    const task = (await api.tasks.create({ values: { subject: 'Giraffe' } })).id;
    await api.companies.update({ id: company, values: { name: 'Okapi' } });
    await api.tasks.update({ id: task, values: { subject: 'Okapi' } });
    const found = async (q: string) => (await api.search.global({ q })).map(({ object }) => object).sort();
    expect(await found('okapi')).toEqual(['company', 'task']);
    expect(await found('giraffe')).toEqual([]);
    await api.companies.updateMany({ ids: [company], values: { name: 'Zebra' } });
    await api.tasks.updateMany({ ids: [task], values: { subject: 'Zebra' } });
    expect(await found('zebra')).toEqual(['company', 'task']);
    expect(await found('okapi')).toEqual([]);
  });
});

describe('the order', () => {
  it('is: whole title, beginning, inside, pinyin, other texts; then own and newest', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const make = (name: string, values: Record<string, unknown> = {}) =>
      api.companies.create({ values: { name, ...values } });
    await make('Other', { shortName: 'Pinga House' });
    await make('平安银行');
    await make('中国平安');
    await make('New Pinga');
    await make('Pinga Works');
    await make('Pinga');
    expect(titles(await api.search.pick({ object: 'company', q: 'pinga' }))).toEqual([
      'Pinga',
      'Pinga Works',
      'New Pinga',
      '平安银行',
      '中国平安',
      'Other',
    ]);
    const other = await tenant.person('member');
    await make('Twin', { ownerId: other.memberId, domain: 'theirs.example' });
    await make('Twin', { ownerId: tenant.memberId, domain: 'mine.example' });
    clock.now = new Date(clock.now.getTime() + 60_000);
    await make('Twin', { ownerId: other.memberId, domain: 'newest.example' });
    const twins = await api.search.pick({ object: 'company', q: 'twin' });
    expect(twins.map(({ subtitle }) => subtitle)).toEqual(['mine.example', 'newest.example', 'theirs.example']);
  });
});

describe('rights', () => {
  it('hold: a member finds their own deals among thousands of others, and no trace of the rest', async () => {
    const tenant = await createTestTenant();
    const person = await tenant.person('member');
    const deal = (name: string, ownerId: string) => tenant.api.deals.create({ values: { name, ownerId } });
    await deal('Secret saw', tenant.memberId);
    await deal('Zz saw of mine', person.memberId);
    expect(titles(await person.api.search.global({ q: 'saw' }))).toEqual(['Zz saw of mine']);
    expect(titles(await person.api.search.pick({ object: 'deal', q: '' }))).toEqual(['Zz saw of mine']);
    expect(titles(await person.api.search.global({ q: 'secrte saw' }))).toEqual([]);
    // More keys than are gone through in order: what is the member's own is found from the other side.
    await superuser(async (client) => {
      await client.query(
        `insert into app.search_key (tenant_id, key, object, record_id, rank)
         select $1, 'saw' || i, 'deal', uuidv7(), 0 from generate_series(1, 4000) i`,
        [tenant.tenantId],
      );
    });
    expect(titles(await person.api.search.pick({ object: 'deal', q: 'saw' }))).toEqual(['Zz saw of mine']);
    expect(titles(await person.api.search.pick({ object: 'deal', q: 'saw mine' }))).toEqual(['Zz saw of mine']);
  });

  it('hold for what was probably meant: a word of a title nobody showed them is none', async () => {
    const tenant = await createTestTenant();
    const person = await tenant.person('member');
    await tenant.api.deals.create({ values: { name: 'Secret saw', ownerId: tenant.memberId } });
    expect(await tenant.api.search.meant({ object: 'deal', q: 'secrte' })).toEqual({ q: 'secret' });
    expect(await person.api.search.meant({ object: 'deal', q: 'secrte' })).toEqual({ q: null });
  });

  it('hold for own objects: own, of the team, of all, and after they change', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const [mate, other] = [await tenant.person('member'), await tenant.person('member')];
    const { id: teamId } = await api.teams.create({ name: 'East' });
    for (const { memberId } of [mate, tenant]) await api.members.setTeam({ id: memberId, teamId });
    const { key: object, id } = await api.objects.create({
      label: { en: { one: 'Machine', other: 'Machines' } },
      icon: 'box',
      tone: 'slate',
      rights: { ...newObjectRights, read: { ...newObjectRights.read, member: 'own' } },
    });
    for (const [name, ownerId] of [
      ['Digger of the boss', tenant.memberId],
      ['Digger of mine', mate.memberId],
    ] as const)
      await api.records.create({ object, values: { name, ownerId } });
    const seen = async ({ api }: Pick<TestTenant, 'api'>) => {
      const [group] = await api.search.groups({ q: 'digger' });
      const picked = titles(await api.search.pick({ object, q: 'digger' })).sort();
      // Whatever way one looks, it is the same records, and as many.
      expect(titles(await api.search.global({ q: 'digegr' })).sort()).toEqual(picked);
      expect(titles(await api.search.pick({ object, q: '' })).sort()).toEqual(picked);
      expect(group?.count ?? 0).toBe(picked.length);
      return picked;
    };
    expect(await seen(tenant)).toEqual(['Digger of mine', 'Digger of the boss']);
    expect(await seen(mate)).toEqual(['Digger of mine']);
    expect(await seen(other)).toEqual([]);
    for (const [reach, theirs] of [
      ['team', ['Digger of mine', 'Digger of the boss']],
      ['none', []],
    ] as const) {
      const rights = { ...newObjectRights, read: { ...newObjectRights.read, member: reach } };
      await api.objects.update({ id, values: { rights } });
      expect(await seen(mate)).toEqual(theirs);
    }
  });

  it('of recent records are asked anew, and what is gone is left out', async () => {
    const tenant = await createTestTenant();
    const person = await tenant.person('member');
    const theirs = await tenant.api.deals.create({ values: { name: 'Theirs', ownerId: tenant.memberId } });
    const company = await tenant.api.companies.create({ values: { name: 'Acme' } });
    const gone = await tenant.api.companies.create({ values: { name: 'Gone' } });
    await tenant.api.companies.remove({ ids: [gone.id] });
    const records = [
      { object: 'deal', id: theirs.id },
      { object: 'company', id: gone.id },
      { object: 'company', id: company.id },
      { object: 'o_nothing', id: company.id },
    ];
    expect(titles(await person.api.search.recent({ records }))).toEqual(['Acme']);
    expect(titles(await tenant.api.search.recent({ records }))).toEqual(['Theirs', 'Acme']);
  });
});

describe('tasks, calls and meetings', () => {
  it('are found and picked by their names, with what they are about and when', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const company = await api.companies.create({ values: { name: 'Acme' } });
    const about = { companyId: company.id };
    const done = await api.tasks.create({ values: { subject: 'Send 报价单', dueOn: '2027-03-01', ...about } });
    await api.tasks.update({ id: done.id, values: { done: true } });
    const { id } = await api.tasks.create({ values: { subject: 'Send 报价单', dueOn: '2027-03-08', ...about } });
    await api.activities.planMeeting({ subject: 'Quarterly review', startsAt: '2027-03-02T09:00:00Z', ...about });
    // What is still to be done comes before what is done.
    expect(await api.search.pick({ object: 'task', q: 'bjd' })).toMatchObject([
      { id, title: 'Send 报价单', subtitle: 'Acme', when: '2027-03-08', done: false },
      { id: done.id, done: true },
    ]);
    expect(titles(await api.search.pick({ object: 'task', q: '' }))).toHaveLength(2);
    expect((await api.tasks.list({ q: '报价' })).rows).toHaveLength(2);
    const [meeting, ...others] = await api.search.global({ q: 'quraterly' });
    expect(others).toEqual([]);
    expect(meeting).toMatchObject({ object: 'activity', title: 'Quarterly review', subtitle: 'Acme' });
    expect(Date.parse(String(meeting?.when))).toBe(Date.parse('2027-03-02T09:00:00Z'));
    const person = await tenant.person('member');
    expect(await person.api.search.global({ q: 'send' })).toEqual([]);
    // A task of theirs about a company they may see names it; a deal out of their sight it does not.
    const deal = await api.deals.create({ values: { name: 'Secret', ownerId: tenant.memberId } });
    await api.tasks.create({
      values: { subject: 'Send theirs', ownerId: person.memberId, dealId: deal.id, ...about },
    });
    expect(await person.api.search.global({ q: 'send' })).toMatchObject([{ title: 'Send theirs', subtitle: 'Acme' }]);
  });
});

describe('colleagues', () => {
  it('are picked by their names, and Chinese ones by how they sound', async () => {
    const tenant = await createTestTenant();
    for (const name of ['张伟', '曾国藩', 'Zhao Ling', 'Wei Zhang']) await tenant.person('member', { name });
    const pick = async (q: string, limit = 20) => titles(await tenant.api.search.pick({ object: 'member', q, limit }));
    expect(await pick('zh')).toEqual(['Wei Zhang', 'Zhao Ling', '张伟']);
    expect(await pick('zhang w')).toEqual(['张伟']);
    expect(await pick('zgf')).toEqual(['曾国藩']);
    expect(await pick('伟')).toEqual(['张伟']);
    expect(await pick('zh', 2)).toEqual(['Wei Zhang', 'Zhao Ling']);
    expect(await pick('wu')).toEqual([]);
  });
});

describe('own objects and own fields', () => {
  it('are found and picked like any other', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const made = await api.objects.create({
      label: { en: { one: 'Machine', other: 'Machines' } },
      icon: 'box',
      tone: 'slate',
      rights: { ...newObjectRights, read: { ...newObjectRights.read, viewer: 'none' } },
    });
    const serial = await api.fields.create({ object: made.key, type: 'text', label: { en: 'Serial' } });
    await api.records.create({ object: made.key, values: { name: '挖掘机', [serial.key]: 'SN-90210' } });
    expect(titles(await api.search.pick({ object: made.key, q: 'wjj' }))).toEqual(['挖掘机']);
    expect(titles(await api.search.pick({ object: made.key, q: '' }))).toEqual(['挖掘机']);
    expect(await api.search.global({ q: '90210' })).toMatchObject([
      { object: made.key, title: '挖掘机', found: { field: serial.key, text: 'SN-90210', marks: [[3, 8]] } },
    ]);
    const viewer = await tenant.person('viewer');
    expect(await viewer.api.search.global({ q: '90210' })).toEqual([]);
    expect(await viewer.api.search.pick({ object: made.key, q: '' })).toEqual([]);
    const refused = await api.search.pick({ object: 'o_nothing', q: 'x' }).catch(refusalView);
    expect(refused).toMatchObject({ code: 'notFound' });
  });
});

describe('keys made by older rules', () => {
  it('are made anew, from where a rebuild was stopped, and found meanwhile as before', async () => {
    const tenant = await createTestTenant();
    const { api, tenantId } = tenant;
    const { id } = await api.companies.create({ values: { name: '平安银行' } });
    await api.contacts.create({ values: { name: 'Anna Glass' } });
    for (const one of ['Box', 'Box part']) {
      const { key } = await api.objects.create({ label: { en: { one, other: one } }, icon: 'box', tone: 'slate' });
      await api.records.create({ object: key, values: { name: `挖掘机 ${one}` } });
    }
    const { id: binned } = await api.companies.create({ values: { name: 'Gone' } });
    await api.companies.remove({ ids: [binned] });
    await superuser(async (client) => {
      await client.query('delete from app.search_key where tenant_id = $1', [tenantId]);
      await client.query(
        "insert into app.search_key (tenant_id, key, object, record_id) values ($1, '平安银行', 'company', $2)",
        [tenantId, id],
      );
    });
    expect(titles(await api.search.pick({ object: 'company', q: '平安' }))).toEqual(['平安银行']);
    expect(await api.search.pick({ object: 'company', q: 'yinhang' })).toEqual([]);
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(rebuildSearch(tenantId, stopped)).rejects.toThrow('stopped');
    expect(await rebuildSearch(tenantId)).toBe(4);
    expect((await api.search.groups({ q: 'wjj' })).map(({ object }) => object)).toEqual(['o_box', 'o_box_part']);
    expect(titles(await api.search.pick({ object: 'company', q: 'yinhang' }))).toEqual(['平安银行']);
    expect(titles(await api.search.pick({ object: 'contact', q: 'galss' }))).toEqual(['Anna Glass']);
    const keys = await superuser(
      async (client) =>
        (
          await client.query('select rank from app.search_key where tenant_id = $1 and (rank = 9 or record_id = $2)', [
            tenantId,
            binned,
          ])
        ).rows,
    );
    expect(keys).toEqual([]);
    expect(await rebuildSearch(tenantId)).toBe(0);
    await inTenant(tenantId, 'write', outdateSearch);
    expect(await rebuildSearch(tenantId)).toBe(4);
  });
});
