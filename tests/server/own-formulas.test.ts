import { describe, expect, it } from 'vitest';
import type { FieldInput } from '@/domain/custom-fields';
import { refusalView } from '@/server/core/trpc';
import { recomputeDaily, runCompute } from '@/server/fields/recompute';
import { clock, createTestTenant, superuser, type TestTenant } from '../support/tenants';

const field = async (
  { api }: TestTenant,
  object: string,
  type: FieldInput['type'],
  name: string,
  settings: FieldInput['settings'] = {},
) => api.fields.create({ object, type, label: { en: name }, settings });
const formula = (tenant: TestTenant, object: string, name: string, text: string, more: FieldInput['settings'] = {}) =>
  field(tenant, object, 'formula', name, { formula: text, ...more });
const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'not refused',
    (error) => refusalView(error),
  );
const never = new AbortController().signal;

describe('formula fields', () => {
  it('are computed on every write, over each other, and filter and sort like others', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    await field(tenant, 'deal', 'number', 'Pieces');
    await formula(tenant, 'deal', 'Each', 'amount / c_pieces', { decimals: 2 });
    await formula(tenant, 'deal', 'Size', 'if(c_each > 100, "large", "small") & " " & name');
    const deal = await api.deals.create({ values: { name: 'D', amount: 1_000_00, c_pieces: 4 } as never });
    const read = async () => {
      const { c_each, c_size } = await api.deals.get({ id: deal.id });
      return [c_each, c_size];
    };
    expect(await read()).toEqual([250_00, 'large D']);
    const { changeSetId } = await api.deals.update({ id: deal.id, values: { c_pieces: 20 } as never });
    expect(await read()).toEqual([50_00, 'small D']);
    const found = (filter: unknown) => api.deals.list({ filter: filter as never }).then(({ rows }) => rows.length);
    expect(await found({ field: 'c_each', op: 'lt', value: 60_00 })).toBe(1);
    expect(await found({ field: 'c_size', op: 'startsWith', value: 'large' })).toBe(0);
    // Nobody typed it in: history and timeline tell of the number of pieces alone.
    const { items } = await api.changes.timeline({ object: 'deal', id: deal.id, limit: 10 });
    expect(items[0]?.changes[0]?.after).toEqual({ c_pieces: 20 });
    await api.changes.undo({ changeSetId });
    expect(await read()).toEqual([250_00, 'large D']);
    expect((await api.deals.list({ sort: [{ field: 'c_size', dir: 'asc' }] })).rows[0]?.c_size).toBe('large D');
    expect(await refused(api.deals.update({ id: deal.id, values: { c_each: 1 } as never }))).toMatchObject({
      fields: [{ field: 'values.c_each', code: 'readOnly' }],
    });
    await api.deals.create({ values: { name: 'None' } });
    expect(await found({ field: 'c_each', op: 'isEmpty' })).toBe(1);
  });

  it('are computed for the records that are there when they are made, changed, undone', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    await field(tenant, 'company', 'number', 'A');
    const { id } = await api.companies.create({ values: { name: 'X', c_a: 2 } as never });
    const made = await formula(tenant, 'company', 'Twice', 'c_a * 2');
    await formula(tenant, 'company', 'Next', 'c_twice + 1');
    const read = async () => {
      const { c_twice, c_next } = await api.companies.get({ id });
      return [c_twice, c_next];
    };
    expect(await read()).toEqual([4, 5]);
    const { changeSetId } = await api.fields.update({ id: made.id, values: { settings: { formula: 'c_a * 3' } } });
    expect(await read()).toEqual([6, 7]);
    await api.changes.undo({ changeSetId });
    expect(await read()).toEqual([4, 5]);
    const version = (await api.companies.get({ id })).version;
    const removed = await api.fields.remove({ id: made.id });
    expect((await api.companies.get({ id })).c_next).toBeNull();
    await api.companies.update({ id, values: { c_a: 10 } as never, version });
    await api.changes.undo({ changeSetId: removed.changeSetId });
    expect(await read()).toEqual([20, 21]);
    expect(await api.fields.affected({ id: made.id })).toMatchObject({ records: 1, fields: [{ key: 'c_next' }] });
    const gone = await api.companies.remove({ ids: [id] });
    await api.fields.update({ id: made.id, values: { settings: { formula: 'c_a * 5' } } });
    await api.changes.undo({ changeSetId: gone.changeSetId });
    expect(await read()).toEqual([50, 51]);
  });

  it('say what is wrong with them, and where', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    expect(await refused(formula(tenant, 'deal', 'F', '1 + c_none'))).toMatchObject({
      kind: 'invalid',
      code: 'formulaUnknownField',
      field: 'settings.formula',
      params: { name: 'c_none', at: 5 },
    });
    expect(await refused(formula(tenant, 'deal', 'F', 'name', { result: 'date' }))).toMatchObject({
      code: 'formulaResult',
    });
    const a = await formula(tenant, 'deal', 'A', '1');
    await formula(tenant, 'deal', 'B', 'c_a + 1');
    expect(await refused(api.fields.update({ id: a.id, values: { settings: { formula: 'c_b' } } }))).toMatchObject({
      code: 'fieldCycle',
      params: { path: 'deal.c_a → deal.c_b → deal.c_a' },
    });
    expect(await refused(api.fields.update({ id: a.id, values: { settings: { formula: 'c_a' } } }))).toMatchObject({
      code: 'fieldCycle',
    });
    let last = 'c_b';
    for (let n = 3; n <= 10; n++) last = (await formula(tenant, 'deal', `N${n}`, `${last} + 1`)).key;
    expect(await refused(formula(tenant, 'deal', 'N11', `${last} + 1`))).toMatchObject({ code: 'fieldChain' });
    expect(await api.fields.tryFormula({ object: 'deal', formula: 'amount * 2' })).toMatchObject({
      result: 'money',
      uses: ['amount'],
    });
    expect(await api.fields.tryFormula({ object: 'deal', formula: 'amount *' })).toMatchObject({
      problem: { code: 'formulaSyntax' },
    });
  });

  it('of more records than one transaction holds are computed by a job, which may be cut off', async () => {
    const tenant = await createTestTenant();
    await field(tenant, 'company', 'number', 'A');
    await superuser((client) =>
      client.query(
        `insert into app.company (tenant_id, id, name, name_key, sort_key, custom)
         select $1, gen_random_uuid(), 'C' || n, 'c' || n, 'c' || n, jsonb_build_object('c_a', n) from generate_series(1, 2001) n`,
        [tenant.tenantId],
      ),
    );
    await formula(tenant, 'company', 'Twice', 'c_a * 2');
    const job = tenant.jobs.find(({ queue }) => queue === 'compute');
    expect(job?.payload).toMatchObject({ objects: ['company'] });
    const done = () => tenant.api.companies.count({ filter: { field: 'c_twice', op: 'gte', value: 2 }, exact: true });
    expect(await done()).toMatchObject({ count: 0 });
    const stopping = new AbortController();
    let batches = 0;
    const held = {
      hold: async () => {
        if (++batches === 2) stopping.abort(new Error('stopped'));
      },
      complete: async () => {},
    };
    await expect(runCompute(job?.payload as never, stopping.signal, held)).rejects.toThrow('stopped');
    expect((await done()).count).toBe(1000);
    let completed = 0;
    await runCompute(job?.payload as never, never, { hold: async () => {}, complete: async () => void completed++ });
    expect((await done()).count).toBe(2001);
    expect(completed).toBe(1);
  });

  it('know the day, and follow it', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    clock.now = new Date('2026-03-01T23:30:00Z');
    await api.tenant.update({ timeZone: 'Asia/Shanghai' } as never);
    await field(tenant, 'contact', 'date', 'Since');
    await formula(tenant, 'contact', 'Days', 'daysBetween(c_since, today())');
    const { id } = await api.contacts.create({ values: { name: 'P', c_since: '2026-03-01' } as never });
    const days = async () => (await api.contacts.get({ id })).c_days;
    expect(await days()).toBe(1);
    await recomputeDaily(tenant.tenantId, new Date('2026-03-02T09:02:00Z'), never);
    expect(await days()).toBe(1);
    const { version } = await api.contacts.get({ id });
    await recomputeDaily(tenant.tenantId, new Date('2026-03-02T16:02:00Z'), never);
    expect(await days()).toBe(2);
    expect((await api.contacts.get({ id })).version).toBe(version);
    clock.now = new Date();
  });

  it('go by the workspace’s time zone and currency, and follow when those change', async () => {
    const tenant = await createTestTenant();
    const { api, jobs } = tenant;
    await api.tenant.update({ timeZone: 'Etc/UTC', currency: 'USD' });
    await field(tenant, 'contact', 'datetime', 'Seen');
    await field(tenant, 'contact', 'money', 'Sum');
    await formula(tenant, 'contact', 'Day', 'date(c_seen)');
    await formula(tenant, 'contact', 'Large', 'c_sum > 1000');
    const values = { name: 'P', c_seen: '2026-03-01T20:00:00Z', c_sum: 5000 };
    const { id } = await api.contacts.create({ values: values as never });
    const read = async () => {
      const { c_day, c_large } = await api.contacts.get({ id });
      return [c_day, c_large];
    };
    expect(await read()).toEqual(['2026-03-01', false]);
    const { changeSetId } = await api.tenant.update({ timeZone: 'Asia/Tokyo', currency: 'JPY' });
    const follow = () => runCompute(jobs.findLast(({ queue }) => queue === 'compute')?.payload as never, never);
    await follow();
    expect(await read()).toEqual(['2026-03-02', true]);
    await api.changes.undo({ changeSetId });
    await follow();
    expect(await read()).toEqual(['2026-03-01', false]);
    const before = jobs.length;
    await api.tenant.update({ name: 'Another' });
    expect(jobs.slice(before).filter(({ queue }) => queue === 'compute')).toEqual([]);
  });
});
