import { expect, it } from 'vitest';
import type { FieldInput } from '@/domain/custom-fields';
import { refusalView } from '@/server/core/trpc';
import { createTestTenant } from '../support/tenants';

const own = { c_points: 5, c_due: '2026-03-01' };

/** A company's field and a sum over a deal's, with one deal. */
async function summedUp(settings: FieldInput['settings'] & object) {
  const { api } = await createTestTenant();
  const make = (object: string, type: FieldInput['type'], en: string, rules: FieldInput['settings']) =>
    api.fields.create({ object, type, label: { en }, settings: rules });
  const points = await make('deal', 'number', 'Points', {});
  const due = await make('deal', 'date', 'Due', {});
  const score = await make('company', 'rollup', 'Score', settings);
  const companyId = (await api.companies.create({ values: { name: 'Acme' } })).id;
  await api.deals.create({ values: { name: 'A', companyId, amount: 1, currency: 'USD', ...own } as never });
  const read = async () => (await api.companies.get({ id: companyId })).c_score;
  return { api, points, due, score, companyId, read };
}

it('what a roll-up goes by cannot become something it could not sum up, whichever way', async () => {
  const rollup = { object: 'deal', through: 'companyId', fn: 'sum', field: 'c_points' } as const;
  const { api, points, score, companyId, read } = await summedUp({ rollup });
  expect(await read()).toBe(5);
  const convert = () => api.fields.convert({ id: points.id, type: 'text' });
  const refusal = { kind: 'conflict', code: 'rollupNeeds', params: { rollup: 'Score' } };
  expect(await convert().catch(refusalView)).toMatchObject(refusal);
  expect(await api.fields.previewConversion({ id: points.id, type: 'text' }).catch(refusalView)).toMatchObject(refusal);
  // Amounts are taken as well, and so is a text once nothing sums it up.
  const { changeSetId } = await api.fields.remove({ id: score.id });
  await convert();
  const words = { name: 'B', companyId, amount: 1, currency: 'USD', c_points: 'many' };
  await api.deals.create({ values: words as never });
  expect(await api.changes.undo({ changeSetId }).catch(refusalView)).toMatchObject({ code: 'rollupNeeds' });
});

it.each<[string, 'points' | 'due', 'text' | 'datetime', object]>([
  ['filter', 'points', 'text', { fn: 'count', filter: { and: [{ field: 'c_points', op: 'gt', value: 1 }] } }],
  ['latest day', 'due', 'datetime', { fn: 'max', field: 'c_due' }],
])('the %s of a roll-up stays one that can be asked', async (_, field, type, asked) => {
  const deals = { object: 'deal', through: 'companyId' };
  const { api, companyId, read, ...fields } = await summedUp({ rollup: { ...deals, ...asked } as never });
  const before = await read();
  const refused = await api.fields.convert({ id: fields[field].id, type }).catch(refusalView);
  expect(refused).toMatchObject({ code: 'rollupNeeds', params: { rollup: 'Score' } });
  // Writes of what is summed up go on.
  await api.deals.create({ values: { name: 'B', companyId, amount: 1, currency: 'USD', ...own } as never });
  expect(await read()).toEqual(typeof before === 'number' ? 2 : before);
});

it('limits of a number do not become those of another type', async () => {
  const { api } = await createTestTenant();
  const settings = { currency: 'USD', min: 10_00, max: 500_00, decimals: 2 };
  const { id } = await api.fields.create({ object: 'company', type: 'money', label: { en: 'Fee' }, settings });
  await api.companies.create({ values: { name: 'Acme', c_fee: 12_50 } as never });
  // Kept, ten dollars would be a thousand.
  expect((await api.fields.convert({ id, type: 'number' })).report).toMatchObject({ converted: 1, lost: 0 });
  expect((await api.fields.list()).rows[0]?.settings).toEqual({ decimals: 2 });
});

it('what a field leads to stays, and so does the unit of amounts that are there', async () => {
  const { api } = await createTestTenant({ currency: 'EUR' });
  const make = (type: FieldInput['type'], en: string, settings: FieldInput['settings']) =>
    api.fields.create({ object: 'company', type, label: { en }, settings });
  const update = (id: string, settings: object) =>
    api.fields.update({ id, values: { settings } }).then(() => 'done', refusalView);
  const lead = await make('reference', 'Lead', { to: 'contact' });
  expect(await update(lead.id, { to: 'deal' })).toMatchObject({ code: 'targetFixed', field: 'settings.to' });
  expect(await update(lead.id, { to: 'contact', unique: true })).toBe('done');

  const fee = await make('money', 'Fee', {});
  expect(await update(fee.id, { currency: 'JPY' })).toBe('done');
  await api.companies.create({ values: { name: 'Acme', c_fee: 100 } as never });
  const refusal = { code: 'currencyUnits', field: 'settings.currency', params: { from: 'JPY', to: 'EUR' } };
  expect(await update(fee.id, {})).toMatchObject(refusal);
  expect(await update(fee.id, { currency: 'KRW', min: 1 })).toBe('done');
});

it('a value in the bin does not keep a field from allowing each value once', async () => {
  const { api } = await createTestTenant();
  const { id } = await api.fields.create({
    object: 'company',
    type: 'text',
    label: { en: 'Code' },
    settings: { maxLength: 9 },
  });
  const values = { name: 'A', c_code: 'x' } as never;
  await api.companies.create({ values });
  const { id: binned } = await api.companies.create({ values });
  const once = () => api.fields.update({ id, values: { settings: { maxLength: 9, unique: true } } });
  expect(await once().catch(refusalView)).toMatchObject({ code: 'valuesNotUnique', params: { count: 2 } });
  await api.companies.remove({ ids: [binned] });
  await once();
});

it('undo does not take away a choice that records hold', async () => {
  const { api } = await createTestTenant();
  const choice = (value: string) => ({ value, label: { en: value }, tone: 'slate' as const });
  const field = { object: 'company', type: 'choice', label: { en: 'Kind' } } as const;
  const { id } = await api.fields.create({ ...field, settings: { choices: [choice('a')] } });
  const settings = { choices: [choice('a'), choice('b')] };
  const { changeSetId } = await api.fields.update({ id, values: { settings } });
  const company = await api.companies.create({ values: { name: 'Acme', c_kind: 'b' } as never });
  expect(await api.changes.undo({ changeSetId }).catch(refusalView)).toMatchObject({ code: 'choiceGone' });
  await api.companies.update({ id: company.id, values: { c_kind: 'a' } as never });
  await api.changes.undo({ changeSetId });
  expect((await api.fields.list()).rows[0]?.settings.choices).toHaveLength(1);
});

it('a default is a value the field takes, and stored in its form', async () => {
  const { api } = await createTestTenant();
  const make = (en: string, value: unknown, more: object = {}) =>
    api.fields.create({ object: 'company', type: 'text', label: { en }, settings: { default: value, ...more } });
  const pattern = { expression: '[A-Z]{2}' };
  const refused = await make('Code', 'abc', { pattern }).catch(refusalView);
  expect(refused).toMatchObject({ code: 'pattern', field: 'settings.default' });
  await make('Code', ' AB ', { pattern });
  const { id } = await api.companies.create({ values: { name: 'Acme' } });
  expect((await api.companies.get({ id })).c_code).toBe('AB');
});

it('a condition asks about the record itself', async () => {
  const { api } = await createTestTenant();
  const settings = { showIf: { field: 'parentId.name', op: 'isNotEmpty' } } as const;
  const refused = await api.fields
    .create({ object: 'company', type: 'text', label: { en: 'Why' }, settings })
    .catch(refusalView);
  expect(refused).toMatchObject({ code: 'conditionOwn', field: 'settings.showIf' });
});

it('an order names every field once', async () => {
  const { api } = await createTestTenant();
  const [a, b] = await Promise.all(
    ['A', 'B'].map((en) => api.fields.create({ object: 'company', type: 'text', label: { en } })),
  );
  const reorder = (...ids: string[]) => api.fields.reorder({ object: 'company', ids }).then(() => 'done', refusalView);
  expect(await reorder(a?.id ?? '', a?.id ?? '')).toMatchObject({ kind: 'notFound' });
  expect(await reorder(b?.id ?? '', a?.id ?? '')).toBe('done');
});
