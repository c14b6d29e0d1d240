import { describe, expect, it } from 'vitest';
import { acceptStages, dryRun, importFile, planFor, upload, uploadReal, workOffKeys } from '../support/imports';
import { hasRealData } from '../support/real-data';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

const owners = { missing: { company: 'leave', contact: 'leave', product: 'leave', owner: 'create' } } as const;

async function bring(tenant: TestTenant, object: string) {
  const fileId = await uploadReal(tenant, `hubspot-dummy/hubspot_${object}.csv`);
  const plan = await acceptStages(tenant, fileId, await planFor(tenant, fileId, owners));
  return {
    fileId,
    plan,
    dry: await dryRun(tenant, { fileId, plan }),
    result: await importFile(tenant, fileId, plan),
  };
}

describe.skipIf(!hasRealData)('the HubSpot data', () => {
  it('keeps companies, people and deals apart and together as HubSpot has them', { timeout: 120_000 }, async () => {
    const tenant = await createTestTenant();
    const companies = await bring(tenant, 'companies');
    expect(companies.plan.source).toBe('hubspot');
    expect(companies.dry).toMatchObject({ created: 200, refused: 0 });
    expect(companies.result).toMatchObject({ status: 'done', rows: 200, created: 200, refused: 0 });
    const contacts = await bring(tenant, 'contacts');
    expect(contacts.dry).toMatchObject({ created: 950, updated: 0, refused: 0 });
    expect(contacts.result).toMatchObject({ status: 'done', rows: 950, created: 950, refused: 0 });
    const deals = await bring(tenant, 'deals');
    expect(deals.dry).toMatchObject({ created: 500, refused: 0, unmatched: {} });
    expect(deals.result).toMatchObject({ status: 'done', rows: 500, created: 500, refused: 0, unmatched: [] });
    expect(deals.result.money.every(({ equal }) => equal)).toBe(true);
    expect(deals.result.money.reduce((sum, { stored }) => sum + stored.minor, 0)).toBe(6_249_979_017);

    await superuser(async (client) => {
      const one = async (query: string) => (await client.query(query, [tenant.tenantId])).rows;
      expect(
        await one('select count(*)::int as n, count(company_id)::int as linked from app.contact where tenant_id = $1'),
      ).toEqual([{ n: 950, linked: 679 }]);
      expect(
        await one(
          'select count(*)::int as n, count(*) filter (where is_primary)::int as main from app.contact_company where tenant_id = $1',
        ),
      ).toEqual([{ n: 679, main: 679 }]);
      expect(
        await one(
          'select count(*)::int as n, count(company_id)::int as companies, count(owner_id)::int as owners from app.deal where tenant_id = $1',
        ),
      ).toEqual([{ n: 500, companies: 500, owners: 500 }]);
      expect(
        await one(
          'select count(distinct deal_id)::int as deals from app.deal_contact where tenant_id = $1 and is_primary',
        ),
      ).toEqual([{ deals: 500 }]);
      expect(
        await one(
          `select status, count(*)::int as n, sum(amount)::bigint::text as minor from app.deal where tenant_id = $1 and status <> 'open' group by 1 order by 1`,
        ),
      ).toEqual([
        { status: 'lost', n: 69, minor: '871958246' },
        { status: 'won', n: 71, minor: '893436148' },
      ]);
      expect(
        await one(
          `select p.name, count(*)::int as n, sum(d.amount)::bigint::text as minor from app.deal d join app.pipeline p on p.tenant_id = d.tenant_id and p.id = d.pipeline_id where d.tenant_id = $1 group by 1 order by 1`,
        ),
      ).toMatchObject([
        { name: 'Renewals Pipeline', n: 248, minor: '3199792812' },
        { n: 252, minor: '3050186205' },
      ]);
      expect(
        await one(
          `select loss_reason as reason, count(*)::int as n from app.deal where tenant_id = $1 and status = 'lost' and loss_reason is not null group by 1 order by 2 desc`,
        ),
      ).toEqual([
        { reason: 'Product Fit', n: 16 },
        { reason: 'Price', n: 13 },
        { reason: 'Competitor', n: 10 },
        { reason: 'Timing', n: 9 },
        { reason: 'Lost Interest', n: 8 },
      ]);
      expect(
        await one(
          `select c.name, sum(d.amount)::bigint::text as minor from app.deal d join app.company c on c.tenant_id = d.tenant_id and c.id = d.company_id where d.tenant_id = $1 and d.status = 'won' group by c.id, c.name order by sum(d.amount) desc limit 1`,
        ),
      ).toEqual([{ name: 'Klein, Ford and Oliver', minor: '40426502' }]);
      expect(
        await one(
          `select (select count(*)::int from app.company where tenant_id = $1 and postal_code ~ '^0') + (select count(*)::int from app.contact where tenant_id = $1 and postal_code ~ '^0') as zeros`,
        ),
      ).toEqual([{ zeros: 99 }]);
      // People of one name who are not the same.
      expect(
        await one(
          `select count(*)::int as names from (select 1 from app.contact where tenant_id = $1 group by name having count(*) = 2) twins`,
        ),
      ).toEqual([{ names: 9 }]);
      expect(await one(`select phone from app.company where tenant_id = $1 and name = 'Cruz Inc'`)).toContainEqual({
        phone: '831.605.2433x72946',
      });
      expect(
        await one(`select name, email from app.member where tenant_id = $1 and email = 'dwight.schrute@example.com'`),
      ).toEqual([{ name: 'Dwight Schrute', email: 'dwight.schrute@example.com' }]);
    });

    for (const [name, rows] of [
      ['companies', 200],
      ['contacts', 950],
      ['deals', 500],
    ] as const) {
      const { result } = await bring(tenant, name);
      expect(result, name).toMatchObject({ status: 'done', created: 0, updated: 0, unchanged: rows, refused: 0 });
    }
  });
});

describe('columns of associations', () => {
  it('link contacts to all of their companies, the primary one first, and deals to all of their contacts', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const run = async (name: string, text: string) => {
      const fileId = await upload(tenant, name, text);
      const plan = await acceptStages(tenant, fileId, await planFor(tenant, fileId));
      expect(plan.source).toBe('hubspot');
      return { plan, result: await importFile(tenant, fileId, plan) };
    };
    await run(
      'companies.csv',
      'Record ID,Company name,Company Domain Name,Lifecycle Stage\n1,Acme,,\n2,Bolt,,\n3,Core,,\n',
    );
    const contacts = await run(
      'contacts.csv',
      'Record ID,First Name,Email,Company Name,Associated Company,Associated Company IDs,Associated Company (Primary),Associated Company IDs (Primary)\n11,Ada,ada@example.com,Acme,Acme;Bolt,1;2,Bolt,2\n12,Ben,ben@example.com,,Core,3,Core,3\n13,Cid,cid@example.com,Acme,,,,\n',
    );
    expect(contacts.plan.columns.map(({ target }) => target)).toEqual([
      ...['externalId', 'firstName', 'email', null],
      ...['company', 'companyExternalId', 'company', 'companyExternalId'],
    ]);
    expect(contacts.result).toMatchObject({ created: 3, refused: 0, partly: 0, unmatched: [] });
    const linked = async (name: string) => {
      const { rows } = await api.contacts.list({});
      const list = await api.contacts.companies({ id: rows.find((row) => row.name === name)?.id ?? '' });
      return list.map((each) => [each.name, each.primary]).sort();
    };
    expect(await linked('Ada')).toEqual([
      ['Acme', false],
      ['Bolt', true],
    ]);
    expect(await linked('Ben')).toEqual([['Core', true]]);
    expect(await linked('Cid')).toEqual([]);
    const deals = await run(
      'deals.csv',
      'Record ID,Deal Name,Deal Stage,Associated Company,Associated Company IDs,Associated Contact,Associated Contact IDs\n21,Big,Open,Bolt;Acme,2;1,Ada (ada@example.com);Ben (ben@example.com),11;12\n',
    );
    expect(deals.result).toMatchObject({ created: 1, refused: 0, partly: 1 });
    const { rows } = await api.deals.list({ columns: ['companyId'] });
    expect(rows[0]?.refs.companyId).toBe('Bolt');
    expect((await api.deals.contacts({ id: rows[0]?.id ?? '' })).map(({ name }) => name).sort()).toEqual([
      'Ada',
      'Ben',
    ]);
    // There is one company on a deal: that the other is left out is said.
    expect((await api.imports.problems({ id: deals.result.id, kind: 'partly' })).rows).toMatchObject([
      { row: 2, problems: [{ code: 'moreValues', params: { text: '1' } }] },
    ]);
    // Another contact of the name of one that is here is not taken for it.
    const more = await run(
      'deals.csv',
      'Record ID,Deal Name,Deal Stage,Associated Company,Associated Company IDs,Associated Contact IDs\n22,New,Open,Acme,9,\n',
    );
    expect(more.result).toMatchObject({ created: 1, unmatched: [{ target: 'company', text: 'Acme', rows: 1 }] });
  });
});

describe.skipIf(!hasRealData)('Chinese listed companies', () => {
  it('are 5,418 accounts, and the same to the letter from a file in GB 18030', { timeout: 120_000 }, async () => {
    const tenant = await createTestTenant({ locale: 'zh', currency: 'CNY' });
    const bring = async (encoding: 'utf8bom' | 'gb18030') => {
      const fileId = await uploadReal(tenant, `cn-listed-companies/listed_companies.${encoding}.csv`);
      const plan = await planFor(tenant, fileId);
      return { encoding: plan.encoding, ...(await importFile(tenant, fileId, plan)) };
    };
    const done = { status: 'done', rows: 5418, refused: 0 };
    expect(await bring('utf8bom')).toMatchObject({ ...done, encoding: 'utf-8', created: 5418 });
    // Of so many the search learns by a job afterwards.
    await workOffKeys(tenant);
    const found = await tenant.api.search.pick({ object: 'company', q: 'payh', limit: 5 });
    expect(found[0]?.title).toBe('平安银行');
    expect(await bring('gb18030')).toMatchObject({ ...done, encoding: 'gb18030', created: 0, unchanged: 5418 });
  });
});
