import { beforeAll, describe, expect, it } from 'vitest';
import type { ReportDimension } from '@/domain/reports';
import { hasRealData } from '../support/real-data';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';
import { loadMaven } from './reports-maven';

/** The figures of ../shared/data/TRUTH.md, A2 to A6, which were computed from the files by other means. */
describe.skipIf(!hasRealData)('reports on real sales data', () => {
  let tenant: TestTenant;
  let ids: Map<string, string>;
  beforeAll(async () => {
    tenant = await createTestTenant({ currency: 'USD' });
    const { memberId, tenantId, slug, userId } = tenant;
    ids = await loadMaven({
      tenantId,
      tenantSlug: slug,
      memberId,
      userId,
      role: 'owner',
      teamId: null,
      locale: 'en',
      channel: 'import',
    });
  });

  /** Whole dollars of each row, by its label. */
  const revenueBy = async (dimension: ReportDimension) => {
    const { rows } = await tenant.api.reports.revenueBy({ dimension });
    return new Map(rows.map((row) => [row.label, { ...row, dollars: row.revenue / 100 }]));
  };
  const dollarsBy = async (dimension: ReportDimension) =>
    Object.fromEntries(
      [...(await revenueBy(dimension))].flatMap(([label, row]) => (label && row.won > 0 ? [[label, row.dollars]] : [])),
    );

  it('A2: what was won, in all and by quarter', async () => {
    const { closed } = await tenant.api.reports.home({});
    expect(closed).toMatchObject({
      won: 4238,
      lost: 2473,
      revenue: 10_005_534_00,
      average: 2360_91,
      min: 38_00,
      max: 30_288_00,
    });
    const { rows } = await tenant.api.reports.wonBy({ bucket: 'quarter', from: '2017-01-01', to: '2017-12-31' });
    expect(rows.map((row) => row.revenue / 100)).toEqual([1_134_672, 3_086_111, 2_982_255, 2_802_496]);
  });

  it('A3: win rate, and revenue by person, team, office, product and sector', async () => {
    expect((await tenant.api.reports.home({})).closed.winRate?.toFixed(2)).toBe('63.15');
    const people = await revenueBy('owner');
    const rate = (name: string) => [people.get(name)?.won, people.get(name)?.winRate?.toFixed(2)];
    expect(rate('Hayden Neloms')).toEqual([107, '70.39']);
    expect(rate('Lajuana Vencill')).toEqual([127, '54.98']);
    expect([...people].slice(0, 5).map(([name, { dollars }]) => [name, dollars])).toEqual([
      ['Darcel Schlecht', 1_153_214],
      ['Vicki Laflamme', 478_396],
      ['Kary Hendrixson', 454_298],
      ['Cassey Cress', 450_489],
      ['Donn Cantrell', 445_860],
    ]);
    expect(await dollarsBy('team')).toEqual({
      'Melvin Marxen': 2_251_930,
      'Summer Sewald': 1_964_750,
      'Rocco Neubert': 1_960_545,
      'Celia Rouche': 1_603_897,
      'Cara Losch': 1_130_049,
      'Dustin Brinkmann': 1_094_363,
    });
    expect(await dollarsBy('office')).toEqual({ West: 3_568_647, Central: 3_346_293, East: 3_090_594 });
    expect(await dollarsBy('product')).toEqual({
      'GTX Pro': 3_510_578,
      'GTX Plus Pro': 2_629_651,
      'MG Advanced': 2_216_387,
      'GTX Plus Basic': 705_275,
      'GTX Basic': 499_263,
      'GTK 500': 400_612,
      'MG Special': 43_768,
    });
    expect(await dollarsBy('sector')).toEqual({
      retail: 1_867_528,
      technolgy: 1_515_487,
      medical: 1_359_595,
      software: 1_077_934,
      finance: 950_908,
      marketing: 922_321,
      entertainment: 689_007,
      telecommunications: 653_574,
      services: 533_006,
      employment: 436_174,
    });
  });

  it('A4: sales cycle, open pipeline at list price, top companies', async () => {
    const { closed, funnel, topCompanies } = await tenant.api.reports.home({});
    expect(closed.wonCycle).toMatchObject({ min: 1, max: 138, excluded: 0 });
    expect(closed.wonCycle.average?.toFixed(2)).toBe('51.78');
    expect(closed.lostCycle.average?.toFixed(2)).toBe('41.48');
    expect(funnel.map((stage) => [stage.count, stage.listTotal / 100])).toEqual([
      [500, 1_073_986],
      [1589, 3_892_229],
    ]);
    expect(topCompanies[0]).toMatchObject({ label: 'Kan-code', won: 115, lost: 72 });
    expect(topCompanies.slice(0, 3).map((row) => [row.label, row.revenue / 100])).toEqual([
      ['Kan-code', 341_455],
      ['Konex', 269_245],
      ['Condax', 206_410],
    ]);
  });

  it('A5: companies with their subsidiaries', async () => {
    const [groups, own] = [await revenueBy('companyGroup'), await revenueBy('company')];
    const both = (name: string) => [groups.get(name)?.dollars, own.get(name)?.dollars];
    expect(both('Acme Corporation')).toEqual([519_349, 101_744]);
    expect(both('Sonron')).toEqual([479_028, 103_673]);
    expect(both('Inity')).toEqual([340_612, 141_858]);
    expect(['Bubba Gump', 'Golddex', 'Massive Dynamic', 'Warephase'].map((name) => groups.get(name)?.dollars)).toEqual([
      329_909, 290_215, 288_130, 233_149,
    ]);
  });

  it('A6: a manager sees the team, a salesperson their own', async () => {
    const become = async (name: string, role: 'manager' | 'member') => {
      const person = await tenant.person(role);
      // The person takes the place of the one the file names.
      await superuser(async (client) => {
        const named = ids.get(`member ${name}`);
        await client.query('update app.deal set owner_id = $1 where tenant_id = $2 and owner_id = $3', [
          person.memberId,
          tenant.tenantId,
          named,
        ]);
        await client.query('update app.team set manager_id = $1 where tenant_id = $2 and id = $3', [
          person.memberId,
          tenant.tenantId,
          ids.get(`team ${name}`),
        ]);
      });
      return (await person.api.reports.home({})).closed;
    };
    expect(await become('Melvin Marxen', 'manager')).toMatchObject({ won: 882, lost: 536, revenue: 2_251_930_00 });
    expect(await become('Violet Mclelland', 'member')).toMatchObject({ won: 122, lost: 71, revenue: 123_431_00 });
  });
});
