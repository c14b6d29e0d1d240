import { describe, expect, it } from 'vitest';
import type { UndoJob } from '@/server/changes/changes';
import { runUndo } from '@/server/changes/jobs';
import { dryRun, importFile, planFor, upload, uploadReal, workOff } from '../support/imports';
import { hasRealData, realText } from '../support/real-data';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

/** The plan offered for a file whose records are to be an object of their own. */
async function planAsNew(tenant: TestTenant, fileId: string) {
  const { plan } = await tenant.api.imports.analyse({ fileId, asNew: true });
  if (!plan) throw new Error('No plan');
  return plan;
}

const objectsOf = async (tenant: TestTenant) => (await tenant.api.objects.list()).rows;
const rowsOf = (query: string, values: unknown[]) =>
  superuser(async (client) => (await client.query(query, values)).rows as Record<string, unknown>[]);

async function undoWhole(tenant: TestTenant, changeSetId: string | null) {
  await tenant.api.changes.undo({ changeSetId: changeSetId ?? '' });
  const job = tenant.jobs.find(({ queue }) => queue === 'undo')?.payload as unknown as UndoJob | undefined;
  if (job) await runUndo(job, tenant.context.enqueue, new AbortController().signal);
}

describe('an object made from a file', () => {
  it('has a title, a field for every column by its values and relations to whom it names, in one step', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const acme = await api.companies.create({ values: { name: 'Acme', domain: 'acme.com' } });
    const ada = await api.contacts.create({ values: { name: 'Ada', email: 'ada@acme.com' } });
    const fileId = await upload(
      tenant,
      'tickets-export-2026.csv',
      [
        'Ticket ID,Ticket Subject,Ticket Status,Ticket Priority,Opened,Hours,Customer Name,Customer Email,Account Name,Ticket Owner,Create Date',
        'T-1,Screen is dark,Open,High,2026-01-02,1.5,Ada Lee,ada@acme.com,acme.com,Olivia Owner,2026-01-02',
        'T-2,Screen is bright,Closed,Low,2026-01-03,2,Ben Kim,ben@other.org,,Olivia Owner,2026-01-03',
        'T-3,No screen,Open,High,2026-01-04,,Ben Kim,ben@other.org,,,2026-01-04',
      ].join('\n'),
    );
    // Tickets are nothing everybody has: a place of their own is offered without asking.
    const plan = await planFor(tenant, fileId);
    expect(plan.make?.label).toEqual({ en: { one: 'Ticket', other: 'Tickets' }, zh: { one: '工单', other: '工单' } });
    expect(
      plan.columns.map(
        ({ target, create }) => target ?? [create?.label.en, create?.type, create?.settings?.to].join(' ').trim(),
      ),
    ).toEqual([
      ...['externalId', 'name', 'Status text', 'Priority text', 'Opened date', 'Hours number'],
      ...['Customer Name text', 'Contact reference contact', 'Company reference company', 'owner', 'createdAt'],
    ]);
    expect(plan.columns.map(({ header }) => header)[2]).toBe('Ticket Status');
    const dry = await dryRun(tenant, { fileId, plan });
    expect(dry).toMatchObject({ created: 3, refused: 0, also: { contact: 1 } });
    expect(await objectsOf(tenant)).toEqual([]);

    const done = await importFile(tenant, fileId, plan);
    expect(done).toMatchObject({ status: 'done', created: 3, refused: 0, also: { contact: 1 }, unmatched: [] });
    const [object] = await objectsOf(tenant);
    expect(object).toMatchObject({ key: 'o_ticket', icon: 'ticket' });
    expect(done.object).toBe('o_ticket');
    const list = async () =>
      (await api.records.list({ object: 'o_ticket', sort: [{ field: 'name', dir: 'desc' }] })).rows;
    expect(await list()).toMatchObject([
      {
        ...{ name: 'Screen is dark', c_status: 'Open', c_priority: 'High', c_opened: '2026-01-02', c_hours: 1.5 },
        ...{ c_contact: ada.id, c_company: acme.id, refs: { ownerId: 'Olivia Owner' } },
        createdAt: expect.stringMatching(/^2026-01-02/),
      },
      { name: 'Screen is bright', refs: { c_contact: 'Ben Kim' } },
      { name: 'No screen', refs: { c_contact: 'Ben Kim' } },
    ]);

    // The same file again is the same records, in the object that is there by now.
    const again = await planFor(tenant, fileId);
    expect([again.object, again.make]).toEqual(['o_ticket', undefined]);
    expect(await importFile(tenant, fileId, { ...again, columns: done.plan?.columns ?? [] })).toMatchObject({
      ...{ created: 0, updated: 0, unchanged: 3 },
    });
    await undoWhole(tenant, done.changeSetId);
    expect(await objectsOf(tenant)).toEqual([]);
  });

  it('stays when records have come into it since, and is for those alone who may make objects', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const fileId = await upload(tenant, 'deliveries.csv', 'Number,Weight\nD-1,3\nD-2,4\n');
    const plan = await planAsNew(tenant, fileId);
    expect(plan.make?.label).toEqual({ en: { one: 'Delivery', other: 'Deliveries' } });
    const done = await importFile(tenant, fileId, plan);
    expect(done).toMatchObject({ status: 'done', created: 2 });
    await api.records.create({ object: done.object, values: { name: 'D-3' } });
    await undoWhole(tenant, done.changeSetId);
    expect(await objectsOf(tenant)).toHaveLength(1);
    expect((await api.records.list({ object: done.object })).rows).toMatchObject([{ name: 'D-3' }]);
    // Another object of that name is refused where it is asked for.
    await expect(api.imports.start({ fileId, plan })).rejects.toMatchObject({ message: expect.stringMatching(/./) });
  });

  it('is one for all files of a set that hold the same', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const file = (n: number) =>
      upload(
        tenant,
        `tickets ${n}.csv`,
        `Ticket ID,Ticket Subject,Ticket Status,Customer ID,Customer Name\nT-${n},No ${n},Open,C-1,Ada Lee\n`,
      );
    const ids = [await file(1), await file(2)];
    const files = await Promise.all(ids.map(async (fileId) => ({ fileId, plan: await planFor(tenant, fileId) })));
    const { id } = await api.imports.startSet({ files });
    await workOff(tenant);
    expect((await api.imports.getSet({ id })).imports).toMatchObject([{ created: 1 }, { created: 1 }]);
    expect(await objectsOf(tenant)).toMatchObject([{ key: 'o_ticket' }]);
    const { rows } = await api.records.list({ object: 'o_ticket', sort: [{ field: 'name', dir: 'asc' }] });
    expect(rows).toMatchObject([
      { name: 'No 1', c_status: 'Open' },
      { name: 'No 2', c_status: 'Open' },
    ]);
    // One person, by the id in the second column, made by the first file and found by the other.
    expect(rows[0]?.c_contact).toBe(rows[1]?.c_contact);
    expect((await api.contacts.list({})).rows).toHaveLength(1);
  });

  it('keeps records of one name apart that have ids of their own in the source', async () => {
    const tenant = await createTestTenant();
    const fileId = await upload(
      tenant,
      'order lines.csv',
      [
        'Row ID,Order ID,Product ID,Product Name,Quantity',
        '1,O-1,P-1,Staple envelope,2',
        '2,O-1,P-2,Staple envelope,3',
        '3,O-2,P-1,Staple envelope,4',
      ].join('\n'),
    );
    const plan = await planAsNew(tenant, fileId);
    expect(plan.columns.map(({ target, create }) => target ?? create?.type)).toEqual([
      ...['externalId', 'name', 'c_new_3ExternalId', 'reference', 'number'],
    ]);
    const done = await importFile(tenant, fileId, plan);
    expect(done).toMatchObject({ status: 'done', created: 3, also: { product: 2 } });
    const { rows } = await tenant.api.records.list({ object: done.object });
    expect(new Set(rows.map((row) => row.c_product)).size).toBe(2);
  });
});

describe.skipIf(!hasRealData)('real files without a place of their own', () => {
  it('A7: 300 tickets of HubSpot, all with their contact and 223 with their company', {
    timeout: 240_000,
  }, async () => {
    const tenant = await createTestTenant();
    const missing = { company: 'leave', contact: 'leave', product: 'leave', owner: 'create' } as const;
    const run = async (name: string) => {
      const fileId = await uploadReal(tenant, `hubspot-dummy/hubspot_${name}.csv`);
      return importFile(tenant, fileId, { ...(await planFor(tenant, fileId)), missing });
    };
    await run('companies');
    await run('contacts');
    const done = await run('tickets');
    expect(done).toMatchObject({ status: 'done', rows: 300, created: 300, refused: 0, unmatched: [] });
    const [linked] = await rowsOf(
      `select count(custom ->> 'c_contact')::int as contacts, count(custom ->> 'c_company')::int as companies, count(owner_id)::int as owners
       from app.custom_record where tenant_id = $1 and object = $2`,
      [tenant.tenantId, done.object],
    );
    expect(linked).toEqual({ contacts: 300, companies: 223, owners: 300 });
  });

  it('A8: 8,469 tickets with their people and products', { timeout: 240_000 }, async () => {
    const tenant = await createTestTenant();
    const fileId = await uploadReal(tenant, 'support-tickets/customer_support_tickets.csv');
    const plan = await planFor(tenant, fileId);
    expect(plan.make?.label.en?.other).toBe('Tickets');
    const done = await importFile(tenant, fileId, plan);
    expect(done).toMatchObject({ status: 'done', rows: 8469, created: 8469, refused: 0 });
    expect(done.also).toEqual({ contact: 8320, product: 42 });
    const by = async (field: string) =>
      Object.fromEntries(
        (
          await rowsOf(
            `select custom ->> $2 as value, count(*)::int as n from app.custom_record where tenant_id = $1 and object = $3 group by 1`,
            [tenant.tenantId, field, done.object],
          )
        ).map(({ value, n }) => [String(value), n]),
      );
    expect(await by('c_status')).toEqual({ open: 2819, pending_customer_response: 2881, closed: 2769 });
    expect(await by('c_priority')).toEqual({ critical: 2129, high: 2085, medium: 2192, low: 2063 });
    expect(await by('c_channel')).toEqual({ email: 2143, phone: 2132, social_media: 2121, chat: 2073 });
    const [rating] = await rowsOf(
      `select round(avg((custom ->> 'c_customer_satisfaction_rating')::numeric), 4)::text as mean from app.custom_record
       where tenant_id = $1 and custom ->> 'c_status' = 'closed'`,
      [tenant.tenantId],
    );
    expect(rating).toEqual({ mean: '2.9913' });
    // One address with several names is one person, and each ticket keeps the name it was sent under.
    const several = await rowsOf(
      `select count(*)::int as n from (select 1 from app.custom_record where tenant_id = $1 and object = $2
       group by custom ->> 'c_contact' having count(distinct custom ->> 'c_customer_name') > 1) shared`,
      [tenant.tenantId, done.object],
    );
    expect(several).toEqual([{ n: 139 }]);
    // Of 29,808 lines: most of them are in the middle of a quoted cell.
    expect(realText('support-tickets/customer_support_tickets.csv').split('\n')).toHaveLength(29_808 + 1);
    const [times] = await rowsOf(
      `select count(*) filter (where custom ->> 'c_priority' = 'critical' and custom ->> 'c_status' = 'open')::int as urgent,
         count(*) filter (where solved < answered)::int as backwards, count(*) filter (where solved = answered)::int as none
       from app.custom_record r, lateral (select (custom ->> 'c_first_response_time')::timestamptz as answered, (custom ->> 'c_time_to_resolution')::timestamptz as solved) t
       where tenant_id = $1 and object = $2`,
      [tenant.tenantId, done.object],
    );
    expect(times).toEqual({ urgent: 692, backwards: 1365, none: 2 });
  });

  it('A9: 9,994 order lines with their customers and products', { timeout: 240_000 }, async () => {
    const tenant = await createTestTenant();
    const fileId = await uploadReal(tenant, 'superstore-orders/superstore.csv');
    const plan = await planAsNew(tenant, fileId);
    expect(plan.make?.label.en?.other).toBe('Order lines');
    const done = await importFile(tenant, fileId, plan);
    expect(done).toMatchObject({ status: 'done', rows: 9994, created: 9994, refused: 0 });
    expect(done.also).toEqual({ contact: 793, product: 1862 });
    const [sums] = await rowsOf(
      `select round(sum((custom ->> 'c_sales')::numeric), 2)::text as sales, round(sum((custom ->> 'c_profit')::numeric), 2)::text as profit,
         sum((custom ->> 'c_quantity')::numeric)::int as quantity, count(distinct name)::int as orders
       from app.custom_record where tenant_id = $1 and object = $2`,
      [tenant.tenantId, done.object],
    );
    expect(sums).toEqual({ sales: '2297200.86', profit: '286397.02', quantity: 37873, orders: 5009 });
    const top = await rowsOf(
      `select p.name, round(sum((r.custom ->> 'c_sales')::numeric), 2)::text as sales from app.custom_record r
       join app.contact p on p.tenant_id = r.tenant_id and p.id = (r.custom ->> 'c_contact')::uuid
       where r.tenant_id = $1 group by 1 order by sum((r.custom ->> 'c_sales')::numeric) desc limit 3`,
      [tenant.tenantId],
    );
    expect(top).toEqual([
      { name: 'Sean Miller', sales: '25043.05' },
      { name: 'Tamara Chand', sales: '19052.22' },
      { name: 'Raymond Buch', sales: '15117.34' },
    ]);
    const years = await rowsOf(
      `select left(custom ->> 'c_order_date', 4) as year, round(sum((custom ->> 'c_sales')::numeric), 2)::text as sales
       from app.custom_record where tenant_id = $1 and object = $2 group by 1 order by 1`,
      [tenant.tenantId, done.object],
    );
    expect(years.map(({ sales }) => sales)).toEqual(['484247.50', '470532.51', '609205.60', '733215.26']);
    const accents = await rowsOf(`select name from app.contact where tenant_id = $1 and name ~ '[öü]' order by name`, [
      tenant.tenantId,
    ]);
    const family = new Set(accents.map(({ name }) => String(name).split(' ').at(-1)));
    expect([...family].sort()).toEqual(['Bühler', 'Französisch', 'Pölking']);
  });
});
