import { describe, expect, it } from 'vitest';
import { type UndoJob, undo } from '@/server/changes/changes';
import { runUndo } from '@/server/changes/jobs';
import { inJob } from '@/server/core/job-work';
import { createTestTenant, superuser } from '../support/tenants';

describe('records', () => {
  it('are made, listed, changed, removed and restored by undo', async () => {
    const { api } = await createTestTenant();
    const company = await api.companies.create({
      values: { name: 'Acme GmbH', industry: 'Tools', annualRevenue: 1_250_00 },
    });
    const deal = await api.deals.create({ values: { name: 'Acme – 10 saws', companyId: company.id, amount: 500_00 } });
    const page = await api.deals.list({});
    expect(page.rows).toMatchObject([
      {
        id: deal.id,
        name: 'Acme – 10 saws',
        amount: 500_00,
        status: 'open',
        refs: { companyId: 'Acme GmbH', stageId: 'Qualified', ownerId: 'Olivia Owner' },
      },
    ]);

    const update = await api.deals.update({ id: deal.id, values: { amount: 600_00 }, version: 1 });
    expect(update.version).toBe(2);
    await expect(api.deals.update({ id: deal.id, values: { amount: 1 }, version: 1 })).rejects.toMatchObject({
      message: 'stale',
    });

    const removed = await api.deals.remove({ ids: [deal.id] });
    expect((await api.deals.list({})).rows).toHaveLength(0);
    await expect(api.deals.get({ id: deal.id })).rejects.toMatchObject({ message: 'notFound' });
    const report = await api.changes.undo({ changeSetId: removed.changeSetId });
    expect(report).toMatchObject({ undone: 1, kept: [] });
    expect(await api.deals.get({ id: deal.id })).toMatchObject({ amount: 600_00 });

    await api.changes.undo({ changeSetId: update.changeSetId });
    expect(await api.deals.get({ id: deal.id })).toMatchObject({ amount: 500_00 });
  });

  it('keep what was edited since when an older change is undone, and say so', async () => {
    const { api } = await createTestTenant();
    const { id } = await api.companies.create({ values: { name: 'Old', city: 'Bonn' } });
    const first = await api.companies.update({ id, values: { name: 'New', city: 'Köln' } });
    await api.companies.update({ id, values: { name: 'Newest' } });
    const report = await api.changes.undo({ changeSetId: first.changeSetId });
    expect(report.kept).toMatchObject([{ object: 'company', recordId: id, field: 'name', by: 'Olivia Owner' }]);
    expect(await api.companies.get({ id })).toMatchObject({ name: 'Newest', city: 'Bonn' });
  });

  it('write exactly one change set per verb, in the same transaction', async () => {
    const tenant = await createTestTenant();
    const before = await sets(tenant.tenantId);
    await tenant.api.contacts.create({ values: { name: '王小明', email: 'wang@example.com' } });
    expect(await sets(tenant.tenantId)).toBe(before + 1);
    await expect(
      tenant.api.contacts.create({ values: { name: 'X', companyId: tenant.memberId } }),
    ).rejects.toMatchObject({ message: 'noSuchRecord' });
    expect(await sets(tenant.tenantId)).toBe(before + 1);
  });

  it('page by key through every row once, in every sort, with blanks last', async () => {
    const { api } = await createTestTenant();
    for (let i = 0; i < 23; i++)
      await api.companies.create({
        values: { name: `Company ${String(i % 7)}`, employees: i % 3 === 0 ? null : i % 5 },
      });
    for (const field of ['name', 'employees', 'createdAt', 'ownerId']) {
      for (const dir of ['asc', 'desc'] as const) {
        const seen: string[] = [];
        let cursor: string | null | undefined;
        do {
          const page = await api.companies.list({ sort: [{ field, dir }], limit: 5, cursor });
          seen.push(...page.rows.map((r) => r.id));
          cursor = page.next;
        } while (cursor);
        expect(new Set(seen).size).toBe(23);
        expect(seen).toHaveLength(23);
      }
    }
  });

  it('are found by Chinese substring, pinyin, initials and English prefix', async () => {
    const { api } = await createTestTenant({ locale: 'zh', currency: 'CNY' });
    const { id } = await api.companies.create({ values: { name: '平安银行股份有限公司' } });
    await api.companies.create({ values: { name: 'Northwind Traders' } });
    for (const q of ['平安', '银行', '行', 'pingan', 'payh']) {
      expect((await api.search.global({ q })).map((hit) => hit.id)).toEqual([id]);
    }
    expect(await api.search.global({ q: 'trad' })).toMatchObject([{ title: 'Northwind Traders' }]);
    expect(await api.search.global({ q: '100%' })).toEqual([]);
  });
});

async function sets(tenantId: string): Promise<number> {
  return superuser(async (client) =>
    Number((await client.query('select count(*) as n from app.change_set where tenant_id = $1', [tenantId])).rows[0].n),
  );
}

describe('undo of many records', () => {
  it('is left to a job, which can be run twice without doubling anything, and is a change set of its own', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const ids: string[] = [];
    for (let i = 0; i < 5; i++)
      ids.push((await api.companies.create({ values: { name: `Many ${i}`, city: 'Bonn' } })).id);
    const bulk = await api.companies.updateMany({ ids, values: { city: 'Trier' } });
    await api.companies.update({ id: ids[0] ?? '', values: { city: 'Mainz' } });
    const actor = { tenantId: tenant.tenantId, memberId: tenant.memberId, channel: 'screen' as const, requestId: 'r' };
    const { enqueue } = tenant.context;
    const report = await inJob(actor, enqueue, 'write', (work) => undo(work, bulk.changeSetId, 3));
    expect(report).toMatchObject({
      undone: 0,
      queued: 5,
      kept: [{ object: 'company', recordId: ids[0], recordTitle: 'Many 0', field: 'city', by: 'Olivia Owner' }],
    });
    const job = tenant.jobs.find(({ queue }) => queue === 'undo')?.payload as unknown as UndoJob;
    await runUndo(job, enqueue, new AbortController().signal);
    await runUndo(job, enqueue, new AbortController().signal);
    const cities = await Promise.all(ids.map(async (id) => (await api.companies.get({ id })).city));
    expect(cities).toEqual(['Mainz', 'Bonn', 'Bonn', 'Bonn', 'Bonn']);
    await expect(api.changes.undo({ changeSetId: bulk.changeSetId })).rejects.toMatchObject({
      message: 'alreadyUndone',
    });
    await api.changes.undo({ changeSetId: report.changeSetId });
    expect((await api.companies.get({ id: ids[1] ?? '' })).city).toBe('Trier');
  });
});

describe('the board and the timeline', () => {
  it('give cards in order, and what happened in sentences with names instead of ids', async () => {
    const { api } = await createTestTenant();
    const { pipelines } = await api.tenant.boot();
    const [first, second] = pipelines[0]?.stages ?? [];
    if (!first || !second) throw new Error('no stages');
    const company = await api.companies.create({ values: { name: 'Acme' } });
    const a = await api.deals.create({ values: { name: 'A', companyId: company.id, amount: 100 } });
    const b = await api.deals.create({ values: { name: 'B', amount: 200 } });
    await api.tasks.create({ values: { subject: 'Call', dealId: a.id, dueOn: '2026-06-01' } });
    await api.deals.move({ id: a.id, stageId: first.id, after: b.id });
    const column = await api.deals.column({ stageId: first.id });
    expect(column.rows.map((r) => [r.name, r.nextTask])).toEqual([
      ['A', '2026-06-01'],
      ['B', null],
    ]);
    await api.deals.move({ id: a.id, stageId: second.id });
    await api.notes.create({ values: { body: 'They like it', dealId: a.id } });
    const { items } = await api.changes.timeline({ object: 'deal', id: a.id });
    expect(items.map((item) => item.verb)).toEqual(['create', 'move', 'update', 'create', 'create']);
    expect(items[1]?.changes[0]).toMatchObject({
      recordTitle: 'A',
      before: { stageId: 'Qualified' },
      after: { stageId: 'Discovery' },
    });
    const history = await api.changes.history({ object: 'deal', id: a.id, field: 'stageId' });
    expect(history.map((h) => [h.before, h.after, h.by])).toEqual([
      ['Qualified', 'Discovery', 'Olivia Owner'],
      [null, 'Qualified', 'Olivia Owner'],
    ]);
    const board = await api.deals.board({ pipelineId: pipelines[0]?.id ?? '' });
    expect(board.columns.find((c) => c.stageId === second.id)).toEqual({
      stageId: second.id,
      count: 1,
      total: 100,
      weighted: 25,
    });
  });
});
