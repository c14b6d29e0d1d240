import { beforeAll, describe, expect, test } from 'vitest';
import type { ReportDimension, RevenueRow } from '@/domain/reports';
import { type Caller, clock, createTestTenant, superuser, type TestPerson, type TestTenant } from '../support/tenants';

/**
 * One tenant with figures small enough to add up by hand, in US dollars:
 *
 *   owner   company   product  stage   amount  started     closed
 *   Ann     North     Alpha    won     100.00  2026-01-01  2026-01-11   10 days
 *   Ann     North 2   Alpha    won     300.00  2026-02-01  2026-02-21   20 days   North 2 is below North
 *   Ann     South     Beta     lost     50.00  2026-02-01  2026-03-01   28 days
 *   Bob     North 3   Beta     won     200.01  -           2026-04-05             North 3 is below North 2
 *   Bob     South     -        lost    900.00  2026-04-01  2026-04-03    2 days
 *   Cem     -         -        won      40.00  2025-12-01  2025-12-31   30 days
 *   Cem     South     Alpha    won    EUR 70   2026-05-01  2026-05-02    1 day
 *   Ann     South     Alpha    open   1,000.00 (probability of the stage), list price 120.00
 *   Cem     -         Beta     open     500.00                            list price 80.00
 *
 * Ann and Bob are in team East (office Berlin, managed by Mia), Cem is in no team.
 */
let tenant: TestTenant;
let mia: TestPerson;
let ann: TestPerson;
let bob: TestPerson;
let cem: TestPerson;
let viewer: TestPerson;
let pipelineId: string;
const id: Record<string, string> = {};

beforeAll(async () => {
  tenant = await createTestTenant({ currency: 'USD' });
  // Invitations run out by the database's clock, so people join by the real one.
  clock.now = new Date();
  mia = await tenant.person('manager', { name: 'Mia' });
  const team = await tenant.api.teams.create({ name: 'East', office: 'Berlin', managerId: mia.memberId });
  id.east = team.id;
  ann = await tenant.person('member', { name: 'Ann', teamId: team.id });
  bob = await tenant.person('member', { name: 'Bob', teamId: team.id });
  cem = await tenant.person('member', { name: 'Cem' });
  viewer = await tenant.person('viewer', { name: 'Vera' });
  clock.now = new Date('2026-06-15T08:00:00.000Z');

  const company = async (name: string, industry: string | null, parentId?: string) => {
    id[name] = (await tenant.api.companies.create({ values: { name, industry, parentId: parentId ?? null } })).id;
  };
  await company('North', 'Retail');
  await company('North 2', 'Retail', id.North);
  await company('North 3', 'Software', id['North 2']);
  await company('South', null);
  id.Alpha = (await tenant.api.products.create({ values: { name: 'Alpha', price: 120_00, currency: 'USD' } })).id;
  id.Beta = (await tenant.api.products.create({ values: { name: 'Beta', price: 80_00, currency: 'USD' } })).id;

  const [pipeline] = await tenant.api.pipelines.list();
  pipelineId = pipeline?.id ?? '';
  const stageOf = (kind: string) => pipeline?.stages.find((stage) => stage.kind === kind)?.id ?? '';
  const deal = (who: TestPerson, kind: string, amount: number, rest: Record<string, unknown>) =>
    who.api.deals.create({
      values: {
        name: `Deal ${amount}`,
        ownerId: who.memberId,
        stageId: stageOf(kind),
        amount,
        lossReason: 'Price',
        ...rest,
      },
    });
  await deal(ann, 'won', 100_00, {
    companyId: id.North,
    productId: id.Alpha,
    startedOn: '2026-01-01',
    closedOn: '2026-01-11',
  });
  await deal(ann, 'won', 300_00, {
    companyId: id['North 2'],
    productId: id.Alpha,
    startedOn: '2026-02-01',
    closedOn: '2026-02-21',
  });
  await deal(ann, 'lost', 50_00, {
    companyId: id.South,
    productId: id.Beta,
    startedOn: '2026-02-01',
    closedOn: '2026-03-01',
  });
  await deal(bob, 'won', 200_01, { companyId: id['North 3'], productId: id.Beta, closedOn: '2026-04-05' });
  await deal(bob, 'lost', 900_00, { companyId: id.South, startedOn: '2026-04-01', closedOn: '2026-04-03' });
  await deal(cem, 'won', 40_00, { startedOn: '2025-12-01', closedOn: '2025-12-31' });
  await deal(cem, 'won', 70_00, {
    companyId: id.South,
    productId: id.Alpha,
    currency: 'EUR',
    startedOn: '2026-05-01',
    closedOn: '2026-05-02',
  });
  await deal(ann, 'open', 1000_00, { companyId: id.South, productId: id.Alpha });
  await deal(cem, 'open', 500_00, { productId: id.Beta });

  // A second tenant whose figures would show at once if they leaked.
  const other = await createTestTenant({ currency: 'USD' });
  const [theirs] = await other.api.pipelines.list();
  const won = theirs?.stages.find((stage) => stage.kind === 'won')?.id;
  await other.api.deals.create({
    values: { name: 'Theirs', stageId: won, amount: 7_777_777_00, closedOn: '2026-03-03' },
  });
  id.other = other.slug;
});

describe('home', () => {
  test('adds up what is open by stage, in list price and by probability', async () => {
    const { funnel, open, currency } = await tenant.api.reports.home({});
    const [pipeline] = await tenant.api.pipelines.list();
    const stages = pipeline?.stages.filter((stage) => stage.kind === 'open') ?? [];
    const probability = stages[0]?.probability ?? 0;
    expect(currency).toBe('USD');
    expect(funnel.map((stage) => stage.stageId)).toEqual(stages.map((stage) => stage.id));
    expect(funnel[0]).toMatchObject({ count: 2, total: 1500_00, weighted: 1500 * probability, listTotal: 200_00 });
    expect(funnel.slice(1).every((stage) => stage.count === 0 && stage.total === 0)).toBe(true);
    expect(open).toMatchObject({ count: 2, total: 1500_00, listTotal: 200_00, other: [] });
  });

  test("counts all currencies and adds up only the tenant's own", async () => {
    const { closed } = await tenant.api.reports.home({});
    expect(closed).toMatchObject({ won: 5, lost: 2, revenue: 640_01, average: 160_00, min: 40_00, max: 300_00 });
    expect(closed.winRate).toBeCloseTo(500 / 7, 10);
    expect(closed.other).toEqual([{ currency: 'EUR', count: 1, total: 70_00 }]);
  });

  test('measures the sales cycle and says how many deals have none', async () => {
    const { closed } = await tenant.api.reports.home({});
    expect(closed.wonCycle).toEqual({ average: 61 / 4, min: 1, max: 30, counted: 4, excluded: 1 });
    expect(closed.lostCycle).toEqual({ average: 15, min: 2, max: 28, counted: 2, excluded: 0 });
  });

  test('goes month by month without gaps', async () => {
    const { months } = await tenant.api.reports.home({});
    expect(months.map(({ start, won, lost, revenue }) => [start, won, lost, revenue])).toEqual([
      ['2025-12-01', 1, 0, 40_00],
      ['2026-01-01', 1, 0, 100_00],
      ['2026-02-01', 1, 0, 300_00],
      ['2026-03-01', 0, 1, 0],
      ['2026-04-01', 1, 1, 200_01],
      ['2026-05-01', 1, 0, 0],
    ]);
  });

  test('keeps to its period and compares with the one before', async () => {
    const { period, compared, closed, previous, months } = await tenant.api.reports.home({ preset: 'quarter' });
    expect(period).toEqual({ preset: 'quarter', from: '2026-04-01', to: '2026-06-15' });
    expect(compared).toEqual({ from: '2026-01-01', to: '2026-03-15' });
    expect(closed).toMatchObject({ won: 2, lost: 1, revenue: 200_01 });
    expect(previous).toMatchObject({ won: 2, lost: 1, revenue: 400_00 });
    expect(months.map((month) => month.start)).toEqual(['2026-04-01', '2026-05-01']);
  });

  test('begins with this year where something was closed lately, with all time where not', async () => {
    expect((await tenant.api.reports.home({ preset: 'auto' })).period.preset).toBe('year');
    const sleepy = await createTestTenant();
    expect((await sleepy.api.reports.home({ preset: 'auto' })).period).toEqual({ preset: 'all', from: null, to: null });
  });

  test('has no figures for a tenant without deals', async () => {
    const empty = await createTestTenant({ currency: 'CNY' });
    const { closed, open, months, topCompanies, currency } = await empty.api.reports.home({});
    expect(closed).toMatchObject({ won: 0, lost: 0, winRate: null, revenue: 0, average: null, min: null, max: null });
    expect(closed.wonCycle).toEqual({ average: null, min: null, max: null, counted: 0, excluded: 0 });
    expect({ open: open.count, months, topCompanies, currency }).toEqual({
      open: 0,
      months: [],
      topCompanies: [],
      currency: 'CNY',
    });
  });

  test('names the companies with the highest revenue', async () => {
    const { topCompanies } = await tenant.api.reports.home({});
    expect(topCompanies.map(({ label, revenue }) => [label, revenue])).toEqual([
      ['North 2', 300_00],
      ['North 3', 200_01],
      ['North', 100_00],
      ['South', 0],
    ]);
  });
});

describe('revenue by', () => {
  const rowsBy = async (api: Caller, dimension: ReportDimension) => {
    const { rows } = await api.reports.revenueBy({ dimension });
    return rows.map(({ label, won, lost, revenue }) => [label, won, lost, revenue]);
  };

  test('owner, team and office', async () => {
    expect(await rowsBy(tenant.api, 'owner')).toEqual([
      ['Ann', 2, 1, 400_00],
      ['Bob', 1, 1, 200_01],
      ['Cem', 2, 0, 40_00],
    ]);
    const team = [
      ['East', 3, 2, 600_01],
      [null, 2, 0, 40_00],
    ];
    expect(await rowsBy(tenant.api, 'team')).toEqual(team);
    expect(await rowsBy(tenant.api, 'office')).toEqual([['Berlin', 3, 2, 600_01], team[1]]);
  });

  test('product and sector, with a row for none', async () => {
    expect(await rowsBy(tenant.api, 'product')).toEqual([
      ['Alpha', 3, 0, 400_00],
      ['Beta', 1, 1, 200_01],
      [null, 1, 1, 40_00],
    ]);
    expect(await rowsBy(tenant.api, 'sector')).toEqual([
      ['Retail', 2, 0, 400_00],
      ['Software', 1, 0, 200_01],
      [null, 2, 2, 40_00],
    ]);
  });

  test('company, alone and with its subsidiaries at any depth', async () => {
    expect(await rowsBy(tenant.api, 'company')).toEqual([
      ['North 2', 1, 0, 300_00],
      ['North 3', 1, 0, 200_01],
      ['North', 1, 0, 100_00],
      [null, 1, 0, 40_00],
      ['South', 1, 2, 0],
    ]);
    expect(await rowsBy(tenant.api, 'companyGroup')).toEqual([
      ['North', 3, 0, 600_01],
      [null, 1, 0, 40_00],
      ['South', 1, 2, 0],
    ]);
  });

  test('gives averages, deals in other currencies, and totals over all rows', async () => {
    const { rows, total, other, more } = await tenant.api.reports.revenueBy({ dimension: 'owner', limit: 2 });
    expect(rows).toHaveLength(2);
    expect(more).toBe(true);
    expect(rows[0]).toMatchObject({ label: 'Ann', average: 200_00, otherWon: 0 });
    expect(rows[0]?.winRate).toBeCloseTo(200 / 3, 10);
    expect(total).toMatchObject({ won: 5, lost: 2, revenue: 640_01, average: 160_00 });
    expect(other).toEqual([{ currency: 'EUR', count: 1, total: 70_00 }]);
    const all = await tenant.api.reports.revenueBy({ dimension: 'owner' });
    expect(all.rows.find((row) => row.label === 'Cem')).toMatchObject({ otherWon: 1, average: 40_00 });
  });

  test.each(['owner', 'team', 'office', 'product', 'sector', 'company', 'companyGroup'] as const)(
    '%s: each row opens exactly its deals',
    async (dimension) => {
      // A company in the bin still has its deals.
      const binned = await tenant.api.companies.create({ values: { name: 'Binned', industry: 'Retail' } });
      const [pipeline] = await tenant.api.pipelines.list();
      const won = pipeline?.stages.find((stage) => stage.kind === 'won')?.id;
      const made = await tenant.api.deals.create({
        values: { name: 'Of a binned company', stageId: won, amount: 1, companyId: binned.id },
      });
      await tenant.api.companies.remove({ ids: [binned.id] });
      try {
        const { rows, total } = await tenant.api.reports.revenueBy({ dimension, from: '2026-01-01', to: '2026-12-31' });
        await Promise.all(rows.map((row) => expectToOpen(tenant.api, row)));
        expect(rows.reduce((sum, row) => sum + row.won + row.lost, 0)).toBe(total.won + total.lost);
        expect(rows.reduce((sum, row) => sum + row.revenue, 0)).toBe(total.revenue);
      } finally {
        await tenant.api.deals.remove({ ids: [made.id] });
      }
    },
  );
});

async function expectToOpen(api: Caller, row: RevenueRow): Promise<void> {
  expect(row.filter).not.toBeNull();
  const { rows } = await api.deals.list({ filter: row.filter ?? undefined, limit: 200 });
  expect(rows.filter((deal) => deal.status === 'won')).toHaveLength(row.won);
  expect(rows.filter((deal) => deal.status === 'lost')).toHaveLength(row.lost);
  expect(rows).toHaveLength(row.won + row.lost);
  const amounts = rows
    .filter((deal) => deal.status === 'won' && deal.currency === 'USD')
    .map((deal) => Number(deal.amount));
  expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(row.revenue);
}

describe('won by', () => {
  test('quarter and year, each opening its deals', async () => {
    const quarters = await tenant.api.reports.wonBy({ bucket: 'quarter', from: '2026-01-15', to: '2026-12-31' });
    expect(quarters.rows.map(({ start, won, lost, revenue }) => [start, won, lost, revenue])).toEqual([
      ['2026-01-01', 1, 1, 300_00],
      ['2026-04-01', 2, 1, 200_01],
    ]);
    for (const { filter, won, lost } of quarters.rows) {
      expect((await tenant.api.deals.count({ filter, exact: true })).count).toBe(won + lost);
    }
    const years = await tenant.api.reports.wonBy({ bucket: 'year' });
    expect(years.rows.map(({ start, revenue }) => [start, revenue])).toEqual([
      ['2025-01-01', 40_00],
      ['2026-01-01', 600_01],
    ]);
    expect(years.other).toEqual([{ currency: 'EUR', count: 1, total: 70_00 }]);
  });
});

describe('scope', () => {
  test("a member sees their own, a manager the team's, a viewer everything", async () => {
    const figures = async (who: TestPerson) => {
      const { closed, open } = await who.api.reports.home({});
      return [closed.won, closed.lost, closed.revenue, open.count];
    };
    expect(await figures(ann)).toEqual([2, 1, 400_00, 1]);
    expect(await figures(cem)).toEqual([2, 0, 40_00, 1]);
    expect(await figures(mia)).toEqual([3, 2, 600_01, 1]);
    expect(await figures(viewer)).toEqual([5, 2, 640_01, 2]);
  });

  test('asking for somebody else shows nothing more', async () => {
    const { closed } = await ann.api.reports.home({ ownerId: cem.memberId });
    expect([closed.won, closed.revenue]).toEqual([0, 0]);
    const { rows } = await ann.api.reports.revenueBy({ dimension: 'owner' });
    expect(rows.map((row) => row.label)).toEqual(['Ann']);
  });

  test('narrows to a pipeline, an owner, a team', async () => {
    const won = async (scope: object) => (await tenant.api.reports.home(scope)).closed.won;
    expect(await won({ pipelineId })).toBe(5);
    expect(await won({ pipelineId: crypto.randomUUID() })).toBe(0);
    expect(await won({ ownerId: bob.memberId })).toBe(1);
    expect(await won({ teamId: id.east })).toBe(3);
  });

  test('nothing of another tenant is ever counted', async () => {
    const theirs = await superuser(async (client) => {
      const { rows } = await client.query<{ total: number }>(
        'select sum(d.amount)::int as total from app.deal d join app.tenant t on t.id = d.tenant_id where t.slug = $1',
        [id.other],
      );
      return rows[0]?.total;
    });
    expect(theirs).toBe(7_777_777_00);
    const { closed, topCompanies } = await tenant.api.reports.home({});
    expect(closed.max).toBe(300_00);
    expect(topCompanies.some((row) => row.revenue > 300_00)).toBe(false);
  });
});
