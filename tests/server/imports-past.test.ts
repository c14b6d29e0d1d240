import { describe, expect, it } from 'vitest';
import type { ImportPlan } from '@/domain/imports/mapping';
import { acceptStages, dryRun, importFile, planFor, upload } from '../support/imports';
import { clock, createTestTenant, superuser, type TestTenant } from '../support/tenants';

const missing = { company: 'create', contact: 'leave', product: 'leave', owner: 'create' } as const;

async function bring(tenant: TestTenant, name: string, lines: string[], more: Partial<ImportPlan> = {}) {
  const fileId = await upload(tenant, name, lines.join('\n'));
  const plan = await acceptStages(tenant, fileId, await planFor(tenant, fileId, { missing, ...more }));
  return { fileId, plan, result: await importFile(tenant, fileId, plan) };
}

const rowsOf = (query: string, values: unknown[]) =>
  superuser(async (client) => (await client.query(query, values)).rows as Record<string, unknown>[]);

describe('what was before the import', () => {
  it('stays: who made a record and when, when it was changed, and owners who have left', async () => {
    const tenant = await createTestTenant();
    const lines = [
      'Record ID,First Name,Last Name,Email,Contact owner,Created by,Create Date,Last Modified Date',
      '1,Ada,Lee,ada@example.com,Gone Away,Old Hand,2019-02-03 10:00,2021-04-05 11:30',
      '2,Ben,Kim,ben@example.com,,,,',
    ];
    const { plan, result } = await bring(tenant, 'contacts.csv', lines);
    expect(plan.columns.map(({ target }) => target)).toEqual([
      ...['externalId', 'firstName', 'lastName', 'email', 'owner', 'createdBy', 'createdAt', 'updatedAt'],
    ]);
    expect(result).toMatchObject({ status: 'done', created: 2, also: { member: 2 } });
    const list = async () => (await tenant.api.contacts.list({ sort: [{ field: 'name', dir: 'asc' }] })).rows;
    const before = await list();
    expect(before).toMatchObject([
      {
        ...{ createdAt: '2019-02-03T10:00:00Z', updatedAt: '2021-04-05T11:30:00Z' },
        refs: { ownerId: 'Gone Away', createdBy: 'Old Hand' },
      },
      { createdBy: tenant.memberId },
    ]);
    expect(Date.parse(String(before[1]?.createdAt))).toBe(clock.now.getTime());
    const left = await rowsOf(
      `select name, status, user_id is null as nobody from app.member where tenant_id = $1 and name in ('Gone Away', 'Old Hand') order by 1`,
      [tenant.tenantId],
    );
    expect(left).toEqual([
      { name: 'Gone Away', status: 'placeholder', nobody: true },
      { name: 'Old Hand', status: 'placeholder', nobody: true },
    ]);
    // Brought again, who made it is no change, and it was changed only if something is.
    const again = await bring(tenant, 'contacts.csv', lines);
    expect(again.result).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
    expect(await list()).toEqual(before);
    // A later edit is told, and the import can still be taken back around it.
    await tenant.api.contacts.update({ id: before[0]?.id ?? '', values: { jobTitle: 'Engineer' } });
    const report = await tenant.api.changes.undo({ changeSetId: result.changeSetId ?? '' });
    expect(report.kept).toMatchObject([{ recordTitle: 'Ada Lee', field: 'jobTitle', by: 'Olivia Owner' }]);
    expect((await list()).map(({ name }) => name)).toEqual(['Ada Lee']);
  });

  it('stays: an owner who has left, without anybody asking for it where a product wrote the file', async () => {
    const tenant = await createTestTenant();
    const lines = (owner: string) =>
      `Record ID,First Name,Email,Lifecycle Stage,Contact owner\n1,Ada,ada@example.com,Lead,${owner}\n`;
    const known = await upload(tenant, 'contacts.csv', lines('Gone Away'));
    const plan = await planFor(tenant, known);
    expect(plan).toMatchObject({ source: 'hubspot', missing: { owner: 'create', company: 'leave' } });
    expect(await importFile(tenant, known, plan)).toMatchObject({ created: 1, also: { member: 1 }, unmatched: [] });
    // In a table of anybody's, a word beside a name may be anything.
    const table = await upload(tenant, 'list.csv', 'Name,Owner\nBen,n/a yet\n');
    expect((await planFor(tenant, table)).missing.owner).toBe('leave');
  });

  it('stays: the stages a deal went through, each on its day, once however often the file is brought', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const lines = [
      'Deal ID,Deal Name,Deal Stage,Pipeline,Amount,Create Date,Close Date,"Date entered ""Talk (Renewals)""","Date entered ""Offer (Renewals)""","Date entered ""Closed Won (Renewals)""","Date exited ""Talk (Renewals)"""',
      '1,Long,Closed Won,Renewals,100,2020-01-01,2020-03-03,2020-01-02 09:00,2020-02-02 09:00,2020-03-03 09:00,2020-02-02 09:00',
      '2,Short,Talk,Renewals,50,2020-01-05,,2020-01-05 09:00,,,',
      '3,Offered,Offer,Renewals,70,2020-01-05,,2020-01-05 09:00,2020-04-01 08:00,,',
    ];
    const { fileId, plan, result } = await bring(tenant, 'hubspot-deals.csv', lines, { source: 'hubspot' });
    expect(plan.columns.map(({ target }) => target).slice(7, 10)).toEqual(Array(3).fill('stageEntered'));
    expect(result).toMatchObject({ status: 'done', created: 3, refused: 0, unmatched: [] });
    const deals = (await api.deals.list({ sort: [{ field: 'name', dir: 'asc' }] })).rows;
    expect(deals.map(({ name, stageEnteredAt }) => [name, stageEnteredAt])).toEqual([
      ['Long', '2020-03-03T09:00:00Z'],
      ['Offered', '2020-04-01T08:00:00Z'],
      ['Short', '2020-01-05T09:00:00Z'],
    ]);
    const history = async (id = '') =>
      (await api.changes.history({ object: 'deal', id, field: 'stageId' })).map((entry) => [
        ...[entry.at, entry.verb, entry.before, entry.after],
      ]);
    const long = deals[0]?.id;
    const moved = [
      ['2020-03-03T09:00:00Z', 'move', 'Offer', 'Closed Won'],
      ['2020-02-02T09:00:00Z', 'move', 'Talk', 'Offer'],
    ];
    expect((await history(long)).filter(([, verb]) => verb === 'move')).toEqual(moved);
    expect((await history(deals[2]?.id)).filter(([, verb]) => verb === 'move')).toEqual([]);
    // On the timeline they stand before the import that brought them.
    const { items } = await api.changes.timeline({ object: 'deal', id: long ?? '', limit: 10 });
    expect(items.map(({ verb }) => verb)).toEqual(['import', 'move', 'move']);

    expect(await dryRun(tenant, { fileId, plan })).toMatchObject({ unchanged: 3 });
    const again = await importFile(tenant, fileId, plan);
    expect(again).toMatchObject({ created: 0, updated: 0, unchanged: 3 });
    expect((await history(long)).filter(([, verb]) => verb === 'move')).toEqual(moved);
  });

  it('stays: the moves of Salesforce, a file of their own, with who made them; unknown deals are refused', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const source = 'salesforce';
    await bring(tenant, 'User.csv', ['Id,Name,Email,IsActive', '005A,Mia Fox,mia@example.com,false'], {
      ...{ source, object: 'member' },
    });
    const deals = [
      'Id,IsDeleted,Name,StageName,Amount,CloseDate,OwnerId,CreatedDate',
      '006A,false,Long,Closed Won,100,2020-03-01,005A,2020-01-02T09:00:00.000Z',
    ];
    await bring(tenant, 'Opportunity.csv', deals, { source });
    const lines = [
      'Id,OpportunityId,CreatedById,CreatedDate,StageName,Amount,ExpectedRevenue,CloseDate,Probability,ForecastCategory,IsDeleted',
      '008A,006A,005A,2020-01-02T09:00:00.000Z,Prospecting,90,9,2020-03-03,10,Pipeline,false',
      '008B,006A,005A,2020-01-20T09:00:00.000Z,Prospecting,100,10,2020-03-03,10,Pipeline,false',
      '008C,006A,005A,2020-02-02T09:00:00.000Z,Negotiation,100,50,2020-03-03,50,BestCase,false',
      '008D,006A,,2020-03-03T09:00:00.000Z,Closed Won,100,100,2020-03-03,100,Closed,false',
      '008E,006Z,005A,2020-03-03T09:00:00.000Z,Closed Won,100,100,2020-03-03,100,Closed,false',
    ];
    const before = (await api.deals.list({})).rows[0]?.stageEnteredAt;
    const { fileId, plan, result } = await bring(tenant, 'OpportunityHistory.csv', lines, { source });
    expect(plan.object).toBe('deal');
    expect(plan.columns.flatMap(({ target }) => target ?? [])).toEqual([
      ...['externalId', 'createdByExternalId', 'stageEntered', 'stage', 'deleted'],
    ]);
    expect(result).toMatchObject({ status: 'done', created: 0, updated: 3, unchanged: 1, refused: 1, money: [] });
    const [deal] = (await api.deals.list({})).rows;
    expect(deal).toMatchObject({ name: 'Long', amount: 10_000, createdAt: '2020-01-02T09:00:00Z' });
    const moves = async () =>
      (await api.changes.history({ object: 'deal', id: deal?.id ?? '', field: 'stageId' }))
        .filter(({ verb }) => verb === 'move')
        .map((entry) => [entry.at.slice(0, 10), entry.by, entry.before, entry.after]);
    const whole = [
      ['2020-03-03', null, 'Negotiation', 'Won'],
      ['2020-02-02', 'Mia Fox', 'Prospecting', 'Negotiation'],
      ['2020-01-02', 'Mia Fox', null, 'Prospecting'],
    ];
    expect(await moves()).toEqual(whole);
    // The deal is in its stage since the last of them, not since the import.
    const since = async () => (await api.deals.list({})).rows[0]?.stageEnteredAt;
    expect(await since()).toBe('2020-03-03T09:00:00Z');
    expect(await importFile(tenant, fileId, plan)).toMatchObject({ updated: 0, unchanged: 4, refused: 1 });
    expect(await moves()).toEqual(whole);

    // Taken back, they stand as taken back; brought again, they are there again.
    await api.changes.undo({ changeSetId: result.changeSetId ?? '' });
    expect(await since()).toBe(before);
    const { items } = await api.changes.timeline({ object: 'deal', id: deal?.id ?? '', limit: 20 });
    expect(items.filter(({ verb }) => verb === 'move').map(({ undoneBy }) => undoneBy !== null)).toEqual([
      ...[true, true, true],
    ]);
    expect(await importFile(tenant, fileId, plan)).toMatchObject({ updated: 3, unchanged: 1, refused: 1 });
  });

  it('stays: who has which part in deals and companies, files of links alone, taken back without the records', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const source = 'salesforce';
    await bring(tenant, 'Account.csv', ['Id,Name', '001000000000001AAA,Acme', '001000000000002AAA,Bolt'], { source });
    // A report cuts the same ids to fifteen characters.
    const people = ['Id,FirstName,LastName,AccountId', '003A,Ada,Lee,001000000000001', '003B,Ben,Kim,001000000000001'];
    await bring(tenant, 'Contact.csv', people, { source });
    await bring(tenant, 'Opportunity.csv', ['Id,Name,StageName', '006A,Long,Open', '006B,Short,Open'], { source });
    const roles = [
      'Id,OpportunityId,ContactId,Role,IsPrimary,IsDeleted',
      '00K1,006A,003A,Economic Buyer,false,false',
      '00K2,006A,003B,Decision Maker,true,false',
      '00K3,006B,003A,Wizard,false,false',
      '00K4,006B,003Z,,false,false',
      '00K5,006B,003B,,false,true',
    ];
    const of = async (name: string) => {
      const deal = (await api.deals.list({})).rows.find((row) => row.name === name)?.id ?? '';
      const list = await api.deals.contacts({ id: deal });
      return list.map((each) => [each.name, each.role, each.primary]).sort();
    };
    const { plan, result, fileId } = await bring(tenant, 'OpportunityContactRole.csv', roles, { source });
    expect(plan).toMatchObject({ object: 'deal', matchKey: 'externalId' });
    expect(result).toMatchObject({ created: 0, updated: 3, refused: 1, partly: 1, left: { deleted: 1 } });
    const { rows } = await api.imports.problems({ id: result.id });
    expect(rows.find(({ row }) => row === 5)?.problems).toMatchObject([
      { code: 'requiredReference', target: 'contact', params: { text: '003Z' } },
    ]);
    const whole = [
      ['Ada Lee', 'buyer', false],
      ['Ben Kim', 'decisionMaker', true],
    ];
    expect(await of('Long')).toEqual(whole);
    expect(await of('Short')).toEqual([['Ada Lee', null, false]]);
    expect(await dryRun(tenant, { fileId, plan })).toMatchObject({ updated: 0, unchanged: 3, refused: 1 });
    // Another is the primary one now; a role that somebody chose here stays where blanks alone are filled.
    const later = [roles[0] ?? '', '00K1,006A,003A,Influencer,true,false', '00K3,006B,003A,Other,false,false'];
    const filled = await bring(tenant, 'OpportunityContactRole.csv', later, { source, policy: 'fillBlanks' });
    expect(filled.result).toMatchObject({ updated: 1, unchanged: 1 });
    expect([await of('Long'), await of('Short')]).toEqual([whole, [['Ada Lee', 'other', false]]]);
    const replaced = await bring(tenant, 'OpportunityContactRole.csv', later, { source });
    expect(await of('Long')).toEqual([
      ['Ada Lee', 'influencer', true],
      ['Ben Kim', 'decisionMaker', false],
    ]);
    for (const each of [replaced, filled, { result }])
      await api.changes.undo({ changeSetId: each.result.changeSetId ?? '' });
    expect([await of('Long'), await of('Short')]).toEqual([[], []]);

    const relations = [
      'Id,AccountId,ContactId,Roles,IsDirect,IsActive,StartDate,EndDate,IsDeleted',
      '07k1,001000000000001AAA,003A,,true,true,2019-01-02,,false',
      '07k2,001000000000002AAA,003A,Technical Buyer,false,true,2020-01-02,2021-03-04,false',
    ];
    const placed = await bring(tenant, 'AccountContactRelation.csv', relations, { source });
    expect(placed.result).toMatchObject({ created: 0, updated: 2, refused: 0 });
    const links = await rowsOf(
      `select c.name, l.role, l.is_primary as main, l.from_date::text as since, l.to_date::text as until
       from app.contact_company l join app.company c on c.tenant_id = l.tenant_id and c.id = l.company_id
       join app.contact p on p.tenant_id = l.tenant_id and p.id = l.contact_id and p.name = 'Ada Lee'
       where l.tenant_id = $1 and l.deleted_at is null order by 1`,
      [tenant.tenantId],
    );
    expect(links).toEqual([
      { name: 'Acme', role: null, main: true, since: '2019-01-02', until: null },
      { name: 'Bolt', role: 'technical', main: false, since: '2020-01-02', until: '2021-03-04' },
    ]);
  });

  it('is told to nobody: no notices, no mails, no reminders, no work for others', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const owner = (await api.members.list()).members.find(({ id }) => id === tenant.memberId)?.name ?? '';
    const company = await api.companies.create({ values: { name: 'Acme' } });
    await api.conversation.follow({ object: 'company', recordId: company.id, on: true });
    tenant.jobs.splice(0);
    await bring(tenant, 'companies.csv', ['Company name,Company owner,Industry', `Acme,${owner},Steel`]);
    await bring(tenant, 'tasks.csv', [
      'Task ID,Task title,Due date,Task owner,Status',
      `1,Call,2020-01-01,${owner},Not started`,
    ]);
    await bring(tenant, 'deals.csv', [
      'Deal ID,Deal Name,Deal Stage,Deal owner,Associated Company',
      `1,D,Talk,${owner},Acme`,
    ]);
    expect((await api.notifications.list({})).items).toEqual([]);
    // What is left to do is the search's alone.
    expect(tenant.jobs.map(({ queue }) => queue).filter((queue) => !/search/i.test(queue))).toEqual([]);
  });
});
