import { expect, it } from 'vitest';
import type { FieldInput, OwnFieldType } from '@/domain/custom-fields';
import { refusalView } from '@/server/core/trpc';
import { createTestTenant } from '../support/tenants';

const choices = (...values: string[]) =>
  values.map((value) => ({ value, label: { en: value.toUpperCase() }, tone: 'slate' as const }));
const lost = null;

it.each<[OwnFieldType, OwnFieldType, FieldInput['settings'], unknown, unknown]>([
  ['text', 'longText', {}, 'abc', 'abc'],
  ['text', 'number', {}, ' 12.50 ', 12.5],
  ['text', 'number', {}, '12 pieces', lost],
  ['text', 'email', {}, 'nobody', lost],
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
