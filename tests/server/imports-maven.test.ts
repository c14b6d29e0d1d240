import { describe, expect, it } from 'vitest';
import type { UndoJob } from '@/server/changes/changes';
import { runUndo } from '@/server/changes/jobs';
import { acceptStages, dryRun, importFile, planFor, uploadReal } from '../support/imports';
import { hasRealData } from '../support/real-data';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

const folder = 'maven-crm-sales';

async function bring(tenant: TestTenant, file: string, change: Parameters<typeof planFor>[2] = {}) {
  const fileId = await uploadReal(tenant, `${folder}/${file}`);
  return importFile(tenant, fileId, await planFor(tenant, fileId, change));
}

async function bringDeals(tenant: TestTenant) {
  const fileId = await uploadReal(tenant, `${folder}/sales_pipeline.csv`);
  const plan = await acceptStages(tenant, fileId, await planFor(tenant, fileId));
  return { fileId, plan, result: await importFile(tenant, fileId, plan) };
}

describe.skipIf(!hasRealData)('the Maven sales data', () => {
  it('is imported whole, with its people, hierarchy, stages and money', { timeout: 120_000 }, async () => {
    const tenant = await createTestTenant();
    const people = await bring(tenant, 'sales_teams.csv');
    expect(people).toMatchObject({ status: 'done', rows: 35, created: 35, refused: 0, also: { team: 6, member: 6 } });
    expect(await bring(tenant, 'products.csv')).toMatchObject({ status: 'done', rows: 7, created: 7, refused: 0 });
    const accounts = await bring(tenant, 'accounts.csv');
    expect(accounts).toMatchObject({ status: 'done', rows: 85, created: 85, refused: 0 });

    const fileId = await uploadReal(tenant, `${folder}/sales_pipeline.csv`);
    const drafted = await planFor(tenant, fileId);
    const { groups } = await tenant.api.imports.values({ fileId, plan: drafted });
    const product = groups.find(({ group }) => group === 'product');
    expect(product?.rows).toMatchObject([
      {
        text: 'GTXPro',
        rows: 1480,
        match: null,
        suggestions: [{ name: 'GTX Pro', confidence: 0.95 }, { name: 'GTX Plus Pro' }],
      },
    ]);
    const suggested = product?.rows[0]?.suggestions[0];
    const plan = await acceptStages(tenant, fileId, drafted);
    const dry = await dryRun(tenant, { fileId, plan });
    expect(dry).toMatchObject({
      rows: 8800,
      taken: 8800,
      created: 8800,
      refused: 0,
      unmatched: { product: { GTXPro: 1480 } },
    });
    expect(await tenant.api.deals.count({ exact: true })).toMatchObject({ count: 0 });

    const decided = { ...plan, values: { ...plan.values, product: { GTXPro: { id: suggested?.id ?? '' } } } };
    const started = performance.now();
    const result = await importFile(tenant, fileId, decided);
    const seconds = (performance.now() - started) / 1000;
    console.info(`8,800 deals in ${seconds.toFixed(2)} s: ${Math.round(8800 / seconds)} a second`);
    expect(result).toMatchObject({ status: 'done', rows: 8800, created: 8800, updated: 0, refused: 0, unmatched: [] });
    expect(result.money.every(({ equal }) => equal)).toBe(true);
    expect(result.money.find(({ stage }) => stage === 'Won')).toMatchObject({
      currency: 'USD',
      read: { rows: 4238, minor: 1_000_553_400 },
      stored: { rows: 4238, minor: 1_000_553_400 },
    });

    await superuser(async (client) => {
      const one = async (query: string) => (await client.query(query, [tenant.tenantId])).rows;
      expect(
        await one(
          `select s.name, count(*)::int as n from app.deal d join app.stage s on s.tenant_id = d.tenant_id and s.id = d.stage_id where d.tenant_id = $1 group by 1 order by 2 desc`,
        ),
      ).toEqual([
        { name: 'Won', n: 4238 },
        { name: 'Lost', n: 2473 },
        { name: 'Engaging', n: 1589 },
        { name: 'Prospecting', n: 500 },
      ]);
      expect(
        await one(
          `select count(*)::int as n, count(*) filter (where status <> 'open')::int as closed from app.deal where tenant_id = $1 and company_id is null`,
        ),
      ).toEqual([{ n: 1425, closed: 0 }]);
      expect(
        await one(
          `select count(*)::int as n, count(product_id)::int as products, count(owner_id)::int as owners from app.deal where tenant_id = $1`,
        ),
      ).toEqual([{ n: 8800, products: 8800, owners: 8800 }]);
      expect(
        await one(
          `select count(*) filter (where role = 'manager')::int as managers, count(*) filter (where role = 'member')::int as agents, count(*) filter (where status = 'placeholder')::int as placeholders from app.member where tenant_id = $1`,
        ),
      ).toEqual([{ managers: 6, agents: 35, placeholders: 41 }]);
      expect(
        await one(
          `select count(*)::int as n, count(distinct office)::int as offices, count(manager_id)::int as managers from app.team where tenant_id = $1`,
        ),
      ).toEqual([{ n: 6, offices: 3, managers: 6 }]);
      expect(
        await one(
          `select count(*)::int as children, count(distinct parent_id)::int as parents from app.company where tenant_id = $1 and parent_id is not null`,
        ),
      ).toEqual([{ children: 15, parents: 7 }]);
      // A5: what a group has won with its subsidiaries, and by itself.
      expect(
        await one(
          `select p.name, (sum(d.amount) / 100)::int as whole, (sum(d.amount) filter (where c.id = p.id) / 100)::int as own
           from app.company p join app.company c on c.tenant_id = p.tenant_id and (c.id = p.id or c.parent_id = p.id)
           join app.deal d on d.tenant_id = c.tenant_id and d.company_id = c.id and d.status = 'won'
           where p.tenant_id = $1 and exists (select from app.company k where k.tenant_id = p.tenant_id and k.parent_id = p.id)
           group by p.id, p.name order by 2 desc`,
        ),
      ).toEqual([
        { name: 'Acme Corporation', whole: 519_349, own: 101_744 },
        { name: 'Sonron', whole: 479_028, own: 103_673 },
        { name: 'Inity', whole: 340_612, own: 141_858 },
        { name: 'Bubba Gump', whole: 329_909, own: expect.any(Number) },
        { name: 'Golddex', whole: 290_215, own: expect.any(Number) },
        { name: 'Massive Dynamic', whole: 288_130, own: expect.any(Number) },
        { name: 'Warephase', whole: 233_149, own: expect.any(Number) },
      ]);
      expect(
        await one(
          `select to_char(closed_on, '"Q"Q') as quarter, (sum(amount) / 100)::int as won from app.deal where tenant_id = $1 and status = 'won' group by 1 order by 1`,
        ),
      ).toEqual([
        { quarter: 'Q1', won: 1_134_672 },
        { quarter: 'Q2', won: 3_086_111 },
        { quarter: 'Q3', won: 2_982_255 },
        { quarter: 'Q4', won: 2_802_496 },
      ]);
      expect(
        await one(`select d.name, d.amount::int, m.name as owner, c.name as company, p.name as product, d.started_on::text, d.closed_on::text from app.deal d
        join app.external_id x on x.tenant_id = d.tenant_id and x.record_id = d.id and x.external_id = '60UOBOEM'
        join app.member m on m.tenant_id = d.tenant_id and m.id = d.owner_id join app.company c on c.tenant_id = d.tenant_id and c.id = d.company_id
        join app.product p on p.tenant_id = d.tenant_id and p.id = d.product_id where d.tenant_id = $1`),
      ).toMatchObject([{ amount: 3_028_800, owner: 'Rosalina Dieter', company: 'Groovestreet' }]);
      expect(
        await one(
          `select d.name from app.deal d join app.external_id x on x.tenant_id = d.tenant_id and x.record_id = d.id and x.external_id = 'Z063OYW0' where d.tenant_id = $1`,
        ),
      ).toEqual([{ name: 'Isdom – GTX Pro' }]);
    });

    const again = await importFile(tenant, fileId, decided);
    expect(again).toMatchObject({ status: 'done', created: 0, updated: 0, unchanged: 8800, refused: 0 });
    expect(await bring(tenant, 'accounts.csv')).toMatchObject({ created: 0, updated: 0, unchanged: 85 });
    expect(await bring(tenant, 'products.csv')).toMatchObject({ created: 0, unchanged: 7 });
    expect(await bring(tenant, 'sales_teams.csv')).toMatchObject({ created: 0, updated: 0, unchanged: 35, also: {} });
    expect(await tenant.api.deals.count({ exact: true })).toEqual({ count: 8800, capped: false });
  });

  it('names texts that fit nothing and leaves them empty, and the whole import can be undone', {
    timeout: 60_000,
  }, async () => {
    const tenant = await createTestTenant();
    await bring(tenant, 'products.csv');
    const { result } = await bringDeals(tenant);
    expect(result.unmatched).toContainEqual({ target: 'product', text: 'GTXPro', rows: 1480 });
    expect(result.unmatched.filter(({ target }) => target === 'company')).toHaveLength(85);
    // More than one request may put back: a job does it.
    const report = await tenant.api.changes.undo({ changeSetId: result.changeSetId ?? '' });
    expect(report).toMatchObject({ undone: 0, kept: [], queued: 8800 });
    const job = tenant.jobs.find(({ queue }) => queue === 'undo')?.payload as unknown as UndoJob;
    await runUndo(job, tenant.context.enqueue, new AbortController().signal);
    expect(await tenant.api.deals.count({ exact: true })).toMatchObject({ count: 0 });
    expect(await tenant.api.imports.get({ id: result.id })).toMatchObject({ undone: true });
  });
});
