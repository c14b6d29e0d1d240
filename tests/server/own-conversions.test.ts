import { expect, it } from 'vitest';
import type { FieldInput, OwnFieldType } from '@/domain/custom-fields';
import type { UndoJob } from '@/server/changes/changes';
import { runUndo } from '@/server/changes/jobs';
import { refusalView } from '@/server/core/trpc';
import { type ConvertJob, runConversion } from '@/server/fields/convert';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

const choices = (...values: string[]) =>
  values.map((value) => ({ value, label: { en: value.toUpperCase() }, tone: 'slate' as const }));
const lost = null;

it.each<[OwnFieldType, OwnFieldType, FieldInput['settings'], unknown, unknown]>([
  ['text', 'longText', {}, 'abc', 'abc'],
  ['text', 'number', {}, ' 12.50 ', 12.5],
  ['text', 'number', {}, '12 pieces', lost],
  ['text', 'email', {}, 'nobody', lost],
  ['text', 'date', {}, ' 2026-03-01 ', '2026-03-01'],
  ['text', 'date', {}, 'some day', lost],
  ['text', 'date', {}, '2026-13-45', lost],
  ['number', 'text', {}, 1.5, '1.5'],
  ['number', 'money', { currency: 'USD' }, 12.345, 12_35],
  ['number', 'percent', {}, 20, 20],
  ['number', 'rating', { max: 5 }, 9, lost],
  ['money', 'number', {}, 1250, 12.5],
  ['choice', 'choices', {}, 'a', ['a']],
  ['choices', 'choice', {}, ['b'], 'b'],
  ['choices', 'choice', {}, ['a', 'b'], lost],
  ['choice', 'text', {}, 'a', 'A'],
  ['date', 'datetime', {}, '2026-03-01', '2026-03-01T00:00:00Z'],
  ['datetime', 'date', {}, '2026-03-01T23:00:00-05:00', '2026-03-02'],
])('a %s becomes a %s %o: %o is %o', async (from, to, settings, before, after) => {
  const { api } = await createTestTenant();
  const { id: field } = await api.fields.create({
    object: 'company',
    type: from,
    label: { en: 'X' },
    settings: from.startsWith('choice') ? { choices: choices('a', 'b') } : {},
  });
  const { id } = await api.companies.create({ values: { name: 'C', c_x: before } as never });
  const stored = (await api.companies.get({ id })).c_x;
  const expected = { values: 1, converted: after === lost ? 0 : 1, lost: after === lost ? 1 : 0 };
  expect(await api.fields.previewConversion({ id: field, type: to, settings })).toMatchObject(expected);
  expect((await api.fields.list()).rows[0]?.type).toBe(from);
  const { changeSetId, report } = await api.fields.convert({ id: field, type: to, settings });
  expect(report).toMatchObject(expected);
  expect((await api.companies.get({ id })).c_x ?? null).toEqual(after);
  const filled = async () =>
    (await api.companies.list({ filter: { field: 'c_x', op: 'isNotEmpty' } })).rows.map((row) => row.id);
  expect(await filled()).toEqual(after === lost ? [] : [id]);
  const same = { field: 'c_x', op: 'is' as const, value: stored as never };
  await api.changes.undo({ changeSetId });
  expect((await api.fields.list()).rows[0]?.type).toBe(from);
  expect((await api.companies.get({ id })).c_x).toEqual(stored);
  if (!Array.isArray(stored)) expect((await api.companies.list({ filter: same })).rows).toHaveLength(1);
});

it('types that have nothing in common are not turned into each other; views and layouts that name a field are counted', async () => {
  const { api } = await createTestTenant();
  const { id, key } = await api.fields.create({ object: 'company', type: 'text', label: { en: 'X' } });
  const refused = await api.fields.convert({ id, type: 'member' }).catch(refusalView);
  expect(refused).toMatchObject({ code: 'typeUnfit', field: 'type' });
  await api.views.create({
    object: 'company',
    name: 'V',
    config: { filter: { field: key, op: 'isEmpty' }, columns: [{ field: key }] },
  });
  await api.views.create({ object: 'deal', name: 'W', config: { columns: [{ field: `companyId.${key}` }] } });
  await api.views.create({ object: 'deal', name: 'Other', config: { columns: [{ field: 'name' }] } });
  expect(await api.fields.affected({ id })).toMatchObject({ views: 2, layouts: 0, fields: [] });
});

it('a value is allowed once again when that rule comes back by undo', async () => {
  const { api } = await createTestTenant();
  const settings = { unique: true, maxLength: 50 };
  const { id } = await api.fields.create({ object: 'company', type: 'text', label: { en: 'X' }, settings });
  await api.companies.create({ values: { name: 'A', c_x: 'one' } as never });
  const { changeSetId } = await api.fields.update({ id, values: { settings: {} } });
  await api.changes.undo({ changeSetId });
  const twice = api.companies.create({ values: { name: 'B', c_x: 'one' } as never });
  await expect(twice).rejects.toMatchObject({ message: 'taken' });
});

/** Companies with a value each, straight into the tables, as many as no request makes. */
async function fill({ tenantId }: TestTenant, fieldId: string, count: number): Promise<void> {
  await superuser(async (client) => {
    await client.query(
      `with made as (
         insert into app.company (tenant_id, id, name, name_key, sort_key, custom)
         select $1, gen_random_uuid(), 'C' || n, 'c' || n, 'c' || n,
           jsonb_build_object('c_x', case when n % 100 = 0 then 'many' else n::text end)
         from generate_series(1, $3::int) as n returning id, custom)
       insert into app.field_value (tenant_id, field_id, record_id, n, text, sort)
       select $1, $2, id, 0, custom ->> 'c_x', custom ->> 'c_x' from made`,
      [tenantId, fieldId, count],
    );
  });
}

it('more values than one request converts are a job’s, all at once; until then and after undo all is as it was', async () => {
  const tenant = await createTestTenant();
  const { api } = tenant;
  const { id } = await api.fields.create({ object: 'company', type: 'text', label: { en: 'X' } });
  const count = 10_100;
  await fill(tenant, id, count);
  const preview = await api.fields.previewConversion({ id, type: 'number' });
  expect(preview).toMatchObject({ values: count, checked: count, lost: 101, converted: count - 101 });
  expect(preview.examples).toHaveLength(10);
  const { changeSetId, queued } = await api.fields.convert({ id, type: 'number' });
  expect(queued).toBe(count);
  const typeNow = async () => (await api.fields.list()).rows[0]?.type;
  const found = async (filter: unknown) => (await api.companies.count({ filter: filter as never, exact: true })).count;
  expect(await typeNow()).toBe('text');
  const job = tenant.jobs.find(({ queue }) => queue === 'compute')?.payload as unknown as ConvertJob;
  const { enqueue } = tenant.context;
  const { signal } = new AbortController();
  // A worker that is killed in the middle leaves nothing behind.
  const killed = { hold: async () => {}, complete: () => Promise.reject(new Error('killed')) };
  await expect(runConversion(job, enqueue, signal, killed)).rejects.toThrow('killed');
  expect(await typeNow()).toBe('text');
  await runConversion(job, enqueue, signal);
  // The same job a second time finds nothing to do.
  await runConversion(job, enqueue, signal);
  expect(await typeNow()).toBe('number');
  expect(await found({ field: 'c_x', op: 'isNotEmpty' })).toBe(count - 101);
  expect(await found({ field: 'c_x', op: 'between', value: [1, 50] })).toBe(50);

  await api.changes.undo({ changeSetId });
  const undo = tenant.jobs.find(({ queue }) => queue === 'undo')?.payload as unknown as UndoJob;
  await runUndo(undo, enqueue, signal);
  expect(await typeNow()).toBe('text');
  expect(await found({ field: 'c_x', op: 'is', value: 'many' })).toBe(101);
  expect(await found({ field: 'c_x', op: 'is', value: '50' })).toBe(1);

  // Taken back before its turn, a conversion does nothing any more.
  const late = await api.fields.convert({ id, type: 'number' });
  await api.changes.undo({ changeSetId: late.changeSetId });
  const waiting = tenant.jobs.findLast(({ queue, payload }) => queue === 'compute' && 'convert' in payload);
  await runConversion(waiting?.payload as unknown as ConvertJob, enqueue, signal);
  expect(await typeNow()).toBe('text');
}, 120_000);
