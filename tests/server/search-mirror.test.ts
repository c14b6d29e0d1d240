import { beforeAll, describe, expect, it } from 'vitest';
import { LocalIndex, type MirrorRow } from '@/domain/local-index';
import { type Caller, createTestTenant, superuser, type TestPerson, type TestTenant } from '../support/tenants';

/** What a browser holds after it has asked for everything. */
async function mirror(api: Caller): Promise<{ index: LocalIndex; at: string; reach: string; rows: MirrorRow[] }> {
  const { objects, at, reach } = await api.search.mirrorStart();
  const index = new LocalIndex();
  index.objects = objects;
  const rows: MirrorRow[] = [];
  for (const object of objects) {
    let after: string | undefined;
    do {
      const page = await api.search.mirrorPage({ object, after });
      rows.push(...page.rows);
      after = page.next ?? undefined;
    } while (after);
  }
  index.put(rows);
  return { index, at, reach, rows };
}

const titles = (groups: { object: string; hits: { title: string }[] }[]) =>
  groups.map(({ object, hits }) => [object, hits.map(({ title }) => title)]);

describe('the search in the browser', () => {
  let tenant: TestTenant;
  let index: LocalIndex;

  beforeAll(async () => {
    tenant = await createTestTenant();
    const { api } = tenant;
    await api.fields.create({ object: 'company', key: 'c_code', type: 'text', label: { en: 'Code' } });
    for (const name of [
      '阿里巴巴集团',
      '重庆啤酒',
      '中国平安',
      '平安银行',
      '长安汽车',
      'TCL科技',
      'Papadopoulos Foods',
    ])
      await api.companies.create({ values: { name } });
    const { id: companyId } = await api.companies.create({
      values: { name: 'Anna Glass', legalName: '安娜玻璃', domain: 'anna-glass.example', c_code: 'GX-77' },
    });
    for (const name of ['单雄信', '曾国藩', '张三', 'Anna Schmidt', 'Schmidt Berta', 'Zoë Müller'])
      await api.contacts.create({ values: { name, companyId } });
    await api.contacts.create({
      values: { name: 'Jo Doe', email: 'jo.doe@mail.acme.com', phone: '+86 138-1234-5678' },
    });
    await api.deals.create({ values: { name: 'Glass for Anna', companyId } });
    await api.tasks.create({ values: { subject: 'Call Anna', dueOn: '2026-11-24' } });
    ({ index } = await mirror(api));
  });

  it.each([
    ...['anna', 'an', 'anna glass', 'glass anna', 'schmidt', 'muller', 'müller', 'ber', 'annagl'],
    ...[
      'pingan',
      'pa',
      '平安',
      '安',
      'payh',
      'zhongqing',
      'chongqing',
      'cqpj',
      'tclkj',
      'alibaba',
      '巴巴集',
      'zs',
      'dxx',
      'shan',
    ],
    ...[
      '5678',
      '13812345678',
      '+86 138-1234-5678',
      '1234',
      'jo.doe',
      'mail.acme',
      'jo.doe@mail.acme.com',
      '@mail.acme.com',
    ],
    ...['安娜', 'annabl', 'gx-77', 'gx', 'anna-glass.example'],
    ...['galss', 'schmdit', 'papadoplos', 'papadopuolso', 'annna glass', 'schmdit anna', 'glx', 'nothing at all'],
  ])('answers %j as the server does', async (q) => {
    const asked = await tenant.api.search.groups({ q, limit: 5 });
    const found = index.search(q, 5);
    expect(titles(found)).toEqual(titles(asked));
    expect(found.map(({ count, more }) => [count, more])).toEqual(asked.map(({ count, more }) => [count, more]));
    // What stands beside a name is told with it, and so is the other text it was found by.
    const beside = (groups: typeof asked | typeof found) =>
      groups.flatMap(({ hits }) => hits.map(({ subtitle, when, found: by }) => [subtitle, when, by?.field, by?.text]));
    expect(beside(found)).toEqual(beside(asked));
  });

  it('marks what was found as it is written', () => {
    const [group] = index.search('5678', 5);
    expect(group?.hits[0]?.found).toEqual({ field: 'phone', text: '+86 138-1234-5678', marks: [[13, 17]] });
  });

  it('finds names whose stored keys are still to be made by their sound too', async () => {
    const late = await createTestTenant();
    await late.api.companies.create({ values: { name: '重庆火锅' } });
    await superuser((client) => client.query('delete from app.search_key where tenant_id = $1', [late.tenantId]));
    const held = await mirror(late.api);
    expect(titles(held.index.search('cqhg', 5))).toEqual([['company', ['重庆火锅']]]);
  });

  it('comes page by page, each record once, the newest first', async () => {
    const crowd = await createTestTenant();
    await superuser((client) =>
      client.query(
        `insert into app.contact (tenant_id, id, name, name_key, sort_key, created_at)
         select $1, gen_random_uuid(), 'Person ' || n, '', '', now() - make_interval(secs => n / 3) from generate_series(1, 2300) n`,
        [crowd.tenantId],
      ),
    );
    const { rows } = await mirror(crowd.api);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(2300);
    const first = await crowd.api.search.mirrorPage({ object: 'contact' });
    expect(first.rows).toHaveLength(1000);
    expect(first.rows.slice(0, 2).every(({ title }) => /^Person [12]$/.test(title))).toBe(true);
    await expect(crowd.api.search.mirrorPage({ object: 'contact', after: 'x' })).rejects.toThrow('badCursor');
    await expect(crowd.api.search.mirrorPage({ object: 'note' })).rejects.toThrow('notFound');
  });
});

describe('what a browser holds', () => {
  let tenant: TestTenant;
  let member: TestPerson;
  let colleague: TestPerson;

  beforeAll(async () => {
    tenant = await createTestTenant();
    member = await tenant.person('member');
    colleague = await tenant.person('member');
  });

  it('is what its person may see', async () => {
    await member.api.deals.create({ values: { name: 'Mine' } });
    await colleague.api.deals.create({ values: { name: 'Theirs' } });
    expect(titles((await mirror(member.api)).index.search('mine', 5))).toEqual([['deal', ['Mine']]]);
    expect(titles((await mirror(member.api)).index.search('theirs', 5))).toEqual([]);
    expect(titles((await mirror(tenant.api)).index.search('theirs', 5))).toEqual([['deal', ['Theirs']]]);
  });

  it('follows changes: new, renamed, handed on and removed records', async () => {
    const [kept, handed, removed] = await Promise.all(
      ['Kept', 'Handed', 'Removed'].map((name) => member.api.deals.create({ values: { name } })),
    );
    const foreign = await colleague.api.deals.create({ values: { name: 'Foreign' } });
    const { at } = await member.api.search.mirrorStart();
    await member.api.deals.update({ id: kept?.id ?? '', values: { name: 'Renamed' } });
    await tenant.api.deals.update({ id: handed?.id ?? '', values: { ownerId: colleague.memberId } });
    await member.api.deals.remove({ ids: [removed?.id ?? ''] });
    await colleague.api.deals.update({ id: foreign.id, values: { name: 'Foreign still' } });
    const { rows, gone, many } = await member.api.search.mirrorChanges({ since: at });
    expect(many).toBe(false);
    const names = rows.map(({ title }) => title);
    expect(names).toContain('Renamed');
    expect(names.filter((name) => /Handed|Removed|Foreign|Theirs/.test(name))).toEqual([]);
    // That a record one could never see has changed is not told, not even by its id.
    expect(gone.toSorted()).toEqual([handed?.id, removed?.id].toSorted());
  });

  it('begins anew when the rights change, or too much has happened', async () => {
    const before = await member.api.search.mirrorStart();
    expect((await colleague.api.search.mirrorStart()).reach).not.toBe(before.reach);
    await tenant.api.members.setRole({ id: member.memberId, role: 'viewer' });
    expect((await member.api.search.mirrorStart()).reach).not.toBe(before.reach);
    await tenant.api.fields.create({ object: 'deal', key: 'c_word', type: 'text', label: { en: 'Word' } });
    expect((await member.api.search.mirrorStart()).rules).not.toBe(before.rules);
    await superuser((client) =>
      client.query(
        `insert into app.change (tenant_id, change_set_id, object, record_id, op)
         select tenant_id, id, 'company', gen_random_uuid(), 'update' from
           (select tenant_id, id from app.change_set where tenant_id = $1 limit 1) s, generate_series(1, 2001)`,
        [tenant.tenantId],
      ),
    );
    expect((await member.api.search.mirrorChanges({ since: before.at })).many).toBe(true);
  });
});
