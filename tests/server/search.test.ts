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
