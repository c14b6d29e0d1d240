import { describe, expect, it } from 'vitest';
import type { FieldInput, Rollup } from '@/domain/custom-fields';
import { refusalView } from '@/server/core/trpc';
import { createTestTenant, type TestTenant } from '../support/tenants';

const field = async (
  { api }: TestTenant,
  object: string,
  type: FieldInput['type'],
  name: string,
  settings: FieldInput['settings'] = {},
) => api.fields.create({ object, type, label: { en: name }, settings });
const rollup = (tenant: TestTenant, object: string, name: string, of: Rollup, more: FieldInput['settings'] = {}) =>
  field(tenant, object, 'rollup', name, { rollup: of, ...more });
const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'not refused',
    (error) => refusalView(error),
  );
const deals = { object: 'deal', through: 'companyId' };

describe('roll-ups', () => {
  it('follow what is made, changed, moved, removed, restored and undone', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const acme = (await api.companies.create({ values: { name: 'Acme' } })).id;
    const first = await api.deals.create({ values: { name: 'A', companyId: acme, amount: 100, currency: 'USD' } });
    await rollup(tenant, 'company', 'Deals', { ...deals, fn: 'count' });
    await rollup(tenant, 'company', 'Sum', { ...deals, fn: 'sum', field: 'amount' }, { currency: 'USD' });
    await rollup(tenant, 'company', 'Most', { ...deals, fn: 'max', field: 'amount' }, { currency: 'USD' });
    await rollup(tenant, 'company', 'Average', { ...deals, fn: 'avg', field: 'amount' }, { currency: 'USD' });
    await rollup(tenant, 'company', 'First', { ...deals, fn: 'min', field: 'startedOn' });
    await rollup(tenant, 'company', 'Big', {
      ...deals,
      fn: 'count',
      filter: { field: 'amount', op: 'gte', value: 150 },
    });
    await field(tenant, 'company', 'formula', 'Share', { formula: 'if(c_deals > 0, c_big / c_deals, 0)' });
    const read = async (id: string) => {
      const { c_deals, c_sum, c_most, c_average, c_first, c_big, c_share } = await api.companies.get({ id });
      return [c_deals, c_sum, c_most, c_average, c_first, c_big, c_share];
    };
    expect(await read(acme)).toEqual([1, 100, 100, 100, null, 0, 0]);
    const bolt = (await api.companies.create({ values: { name: 'Bolt' } })).id;
    expect(await read(bolt)).toEqual([0, 0, null, null, null, 0, 0]);

    const second = await api.deals.create({
      values: { name: 'B', companyId: acme, amount: 201, currency: 'USD', startedOn: '2026-02-01' },
    });
    expect(await read(acme)).toEqual([2, 301, 201, 151, '2026-02-01', 1, 0.5]);
    // Amounts in another currency are counted, not added up.
    const yen = await api.deals.create({ values: { name: 'Y', companyId: acme, amount: 9, currency: 'JPY' } });
    expect(await read(acme)).toEqual([3, 301, 201, 151, '2026-02-01', 1, 0.333333]);
    await api.deals.remove({ ids: [yen.id] });
    const moved = await api.deals.update({ id: second.id, values: { companyId: bolt } });
    expect(await read(acme)).toEqual([1, 100, 100, 100, null, 0, 0]);
    expect(await read(bolt)).toEqual([1, 201, 201, 201, '2026-02-01', 1, 1]);
    await api.changes.undo({ changeSetId: moved.changeSetId });
    expect(await read(bolt)).toEqual([0, 0, null, null, null, 0, 0]);
    const gone = await api.deals.remove({ ids: [first.id] });
    expect(await read(acme)).toEqual([1, 201, 201, 201, '2026-02-01', 1, 1]);
    const binned = await api.companies.remove({ ids: [acme] });
    await api.changes.undo({ changeSetId: gone.changeSetId });
    await api.changes.undo({ changeSetId: binned.changeSetId });
    expect(await read(acme)).toEqual([2, 301, 201, 151, '2026-02-01', 1, 0.5]);
    const rows = async (filter: unknown) =>
      (await api.companies.list({ filter: filter as never })).rows.map((r) => r.id);
    expect(await rows({ field: 'c_sum', op: 'gt', value: 300 })).toEqual([acme]);
    expect(await rows({ field: 'c_deals', op: 'is', value: 0 })).toEqual([bolt]);
    const { items } = await api.changes.timeline({ object: 'company', id: acme, limit: 50 });
    expect(JSON.stringify(items)).not.toContain('c_sum');
  });

  it('reach through own references and objects, over several levels', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const site = (await api.objects.create({ label: { en: { one: 'Site', other: 'Sites' } } })).key;
    const press = (await api.objects.create({ label: { en: { one: 'Press', other: 'Presses' } } })).key;
    await field(tenant, press, 'reference', 'Site', { to: site });
    await field(tenant, press, 'number', 'Load');
    await field(tenant, press, 'formula', 'Weight', { formula: 'c_load * 2' });
    await field(tenant, site, 'reference', 'Company', { to: 'company' });
    await rollup(tenant, site, 'Weight', { object: press, through: 'c_site', fn: 'sum', field: 'c_weight' });
    await rollup(tenant, 'company', 'Weight', { object: site, through: 'c_company', fn: 'sum', field: 'c_weight' });
    const company = (await api.companies.create({ values: { name: 'C' } })).id;
    const make = async (object: string, values: Record<string, unknown>) =>
      (await api.records.create({ object, values: { name: 'R', ...values } as never })).id;
    const a = await make(site, { c_company: company });
    const b = await make(site, { c_company: company });
    const p = await make(press, { c_site: a, c_load: 5 });
    await make(press, { c_site: b, c_load: 1 });
    const weight = async () => (await api.companies.get({ id: company })).c_weight;
    expect(await weight()).toBe(12);
    await api.records.update({ object: press, id: p, values: { c_load: 7 } });
    expect(await weight()).toBe(16);
    await api.records.update({ object: press, id: p, values: { c_site: null } });
    expect(await weight()).toBe(2);
    await api.records.update({ object: press, id: p, values: { c_site: a } });
    const objects = await api.objects.list();
    const id = objects.rows.find(({ key }) => key === press)?.id ?? '';
    const { changeSetId } = await api.objects.remove({ id });
    expect((await api.companies.get({ id: company })).c_weight).toBe(0);
    await api.changes.undo({ changeSetId });
    expect(await weight()).toBe(16);
  });

  it('are right when many write at the same time', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    await rollup(tenant, 'company', 'Deals', { ...deals, fn: 'count' });
    await rollup(tenant, 'company', 'Sum', { ...deals, fn: 'sum', field: 'amount' }, { currency: 'USD' });
    const ids = [];
    for (const name of ['A', 'B', 'C']) ids.push((await api.companies.create({ values: { name } })).id);
    const [a = '', b = ''] = ids;
    const of = (companyId: string, n: number) => ({ values: { name: `D${n}`, companyId, amount: n, currency: 'USD' } });
    const made = await Promise.all(Array.from({ length: 12 }, (_, n) => api.deals.create(of(n % 2 ? a : b, n))));
    const calls = made.flatMap(({ id }, n) => [
      api.deals.update({ id, values: { companyId: n % 2 ? b : a } }),
      api.companies.update({ id: n % 2 ? a : b, values: { city: `City ${n}` } }),
      api.deals.create(of(n % 3 ? a : b, 100)),
    ]);
    calls.push(
      api.deals.updateMany({ ids: made.map(({ id }) => id), values: { amount: 3 } }) as never,
      api.deals.updateMany({ ids: made.map(({ id }) => id).reverse(), values: { companyId: ids[2] } }) as never,
      api.companies.updateMany({ ids: [...ids].reverse(), values: { city: 'Z' } }) as never,
    );
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
    for (const id of ids) {
      const rows = (await api.deals.list({ filter: { field: 'companyId', op: 'is', value: id }, limit: 100 })).rows;
      const { c_deals, c_sum } = await api.companies.get({ id });
      expect([c_deals, c_sum]).toEqual([rows.length, rows.reduce((sum, { amount }) => sum + Number(amount), 0)]);
    }
  });

  it('say what does not fit', async () => {
    const tenant = await createTestTenant();
    const wrong = (of: Rollup) => refused(rollup(tenant, 'company', 'X', of));
    expect(await wrong({ ...deals, fn: 'sum' })).toMatchObject({ code: 'rollupField', field: 'settings.rollup.field' });
    expect(await wrong({ ...deals, fn: 'sum', field: 'name' })).toMatchObject({ code: 'rollupField' });
    expect(await wrong({ ...deals, through: 'ownerId', fn: 'count' })).toMatchObject({ code: 'rollupThrough' });
    expect(await wrong({ object: 'o_none', through: 'x', fn: 'count' })).toMatchObject({
      field: 'settings.rollup.object',
    });
    for (const [op, value] of [
      ['inLast', 7],
      ['olderThan', 7],
      ['during', 'thisMonth'],
    ] as const)
      expect(
        await wrong({ ...deals, fn: 'count', filter: { field: 'startedOn', op, value } as never }),
        op,
      ).toMatchObject({ code: 'rollupFilter' });
    expect(
      await wrong({ ...deals, fn: 'count', filter: { field: 'companyId.name', op: 'is', value: 'x' } }),
    ).toMatchObject({ code: 'rollupFilter' });
    // Of companies below this one, what each computes from those below it: never-ending.
    const made = await rollup(tenant, 'company', 'Below', { object: 'company', through: 'parentId', fn: 'count' });
    await field(tenant, 'company', 'formula', 'All', { formula: 'c_below + 1' });
    expect(
      await refused(
        tenant.api.fields.update({
          id: made.id,
          values: { settings: { rollup: { object: 'company', through: 'parentId', fn: 'sum', field: 'c_all' } } },
        }),
      ),
    ).toMatchObject({ code: 'fieldCycle' });
    const parent = (await tenant.api.companies.create({ values: { name: 'P' } })).id;
    await tenant.api.companies.create({ values: { name: 'C', parentId: parent } });
    expect(await tenant.api.companies.get({ id: parent })).toMatchObject({ c_below: 1, c_all: 2 });
  });

  it('leave out what an undo has left behind in a field of another type', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { id: companyId } = await api.companies.create({ values: { name: 'Acme' } });
    const size = await field(tenant, 'deal', 'number', 'Size');
    const deal = async (name: string, c_size: number) =>
      api.deals.create({ values: { name, companyId, c_size } as never });
    const first = await deal('A', 2);
    await deal('B', 3);
    const { changeSetId } = await api.fields.convert({ id: size.id, type: 'text' });
    await api.deals.update({ id: first.id, values: { c_size: 'many' } as never });
    await api.changes.undo({ changeSetId });
    await rollup(tenant, 'company', 'Sum', { ...deals, fn: 'sum', field: 'c_size' });
    expect((await api.companies.get({ id: companyId })).c_sum).toBe(3);
    await deal('C', 4);
    expect((await api.companies.get({ id: companyId })).c_sum).toBe(7);
  });
});
