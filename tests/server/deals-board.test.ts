import { describe, expect, it } from 'vitest';
import { refusalView } from '@/server/core/trpc';
import { createTestTenant } from '../support/tenants';

const label = (en: string) => ({ en });

/** A tenant with fields of its own on deals, and a deal that has them. */
async function withOwnFields() {
  const { api } = await createTestTenant();
  const budget = await api.fields.create({ object: 'deal', type: 'number', label: label('Seats'), settings: {} });
  const partner = await api.fields.create({
    object: 'deal',
    type: 'reference',
    label: label('Partner'),
    settings: { to: 'company' },
  });
  const company = await api.companies.create({ values: { name: 'Acme' } });
  const values = {
    name: 'Fleet',
    companyId: company.id,
    [budget.key]: 12,
    [partner.key]: company.id,
    nextStep: 'Call',
  };
  const deal = await api.deals.create({ values });
  await api.deals.create({ values: { name: 'Other' } });
  const { stageId, pipelineId } = await api.deals.get({ id: deal.id });
  return { api, seats: budget.key, partner: partner.key, stageId: String(stageId), pipelineId: String(pipelineId) };
}

describe('cards of the pipeline', () => {
  it('have the fields asked for, own ones too, and nothing that no card shows', async () => {
    const { api, seats, partner, stageId } = await withOwnFields();
    const usual = (await api.deals.column({ stageId })).rows[1];
    expect(Object.keys(usual ?? {})).toEqual(
      expect.arrayContaining(['name', 'companyId', 'amount', 'currency', 'ownerId', 'stageEnteredAt', 'nextTask']),
    );
    expect(usual).not.toHaveProperty(seats);
    const { rows } = await api.deals.column({ stageId, columns: [seats, partner, 'nextStep'] });
    expect(rows.map(({ name }) => name)).toEqual(['Other', 'Fleet']);
    expect(rows[1]).toMatchObject({ [seats]: 12, nextStep: 'Call', refs: { [partner]: 'Acme' }, amount: null });
    expect(Object.keys(rows[1] ?? {}).sort()).toEqual(
      [
        ...['id', 'version', 'refs', 'name', 'amount', 'currency', 'stageId', 'status', 'stageEnteredAt', 'boardOrder'],
        ...[seats, partner, 'nextStep', 'nextTask'],
      ].sort(),
    );
  });

  it('of a field that is not there are refused by its name', async () => {
    const { api, stageId } = await withOwnFields();
    const refused = await api.deals.column({ stageId, columns: ['c_gone'] }).catch(refusalView);
    expect(refused).toMatchObject({ code: 'unknownField', params: { field: 'c_gone' } });
  });

  it('tell the day of no task that is somebody else’s', async () => {
    const tenant = await createTestTenant();
    const seller = await tenant.person('member');
    const { id: dealId } = await seller.api.deals.create({ values: { name: 'Fleet' } });
    const task = (api: typeof seller.api, dueOn: string) =>
      api.tasks.create({ values: { subject: 'Call', dealId, dueOn } });
    await task(tenant.api, '2026-01-02');
    const stageId = String((await seller.api.deals.get({ id: dealId })).stageId);
    const shown = async ({ api }: typeof seller) => (await api.deals.column({ stageId })).rows[0]?.nextTask;
    expect([await shown(tenant), await shown(seller)]).toEqual(['2026-01-02', null]);
    await task(seller.api, '2026-03-04');
    expect([await shown(tenant), await shown(seller)]).toEqual(['2026-01-02', '2026-03-04']);
  });

  it('and their counts follow a filter by an own field', async () => {
    const { api, seats, stageId, pipelineId } = await withOwnFields();
    const filter = { field: seats, op: 'gt', value: 10 } as const;
    const { columns } = await api.deals.board({ pipelineId, filter });
    expect(columns.map(({ stageId: id, count }) => [id, count])).toEqual([[stageId, 1]]);
    const { rows } = await api.deals.column({ stageId, filter, columns: [] });
    expect(rows.map(({ name }) => name)).toEqual(['Fleet']);
  });
});
