import { expect, it } from 'vitest';
import type { Filter } from '@/domain/filters';
import { createTestTenant } from '../support/tenants';

it('values written over leave no copy of the old behind, and unique ones change places in one change', async () => {
  const { api } = await createTestTenant();
  const choices = ['a', 'b', 'c'].map((value) => ({ value, label: { en: value }, tone: 'slate' as const }));
  const field = (type: 'number' | 'choices' | 'text', en: string, settings: object = {}) =>
    api.fields.create({ object: 'company', type, label: { en }, settings });
  await field('number', 'Score');
  await field('choices', 'Tags', { choices });
  await field('text', 'Code', { unique: true, maxLength: 20 });
  const make = async (values: Record<string, unknown>) => (await api.companies.create({ values: values as never })).id;
  const one = await make({ name: 'One', c_score: 1, c_tags: ['a', 'b', 'c'], c_code: 'x' });
  const two = await make({ name: 'Two', c_score: 2, c_tags: ['b'], c_code: 'y' });
  const found = async (filter: Filter) =>
    (await api.companies.list({ filter, columns: ['name'], sort: [{ field: 'name', dir: 'asc' }] })).rows.map(
      ({ name }) => name,
    );
  const update = (id: string, values: Record<string, unknown>) => api.companies.update({ id, values: values as never });

  await update(one, { c_score: 7 });
  expect(await found({ field: 'c_score', op: 'is', value: 1 })).toEqual([]);
  expect(await found({ field: 'c_score', op: 'is', value: 7 })).toEqual(['One']);
  await update(one, { c_tags: ['c'] });
  expect(await found({ field: 'c_tags', op: 'anyOf', value: ['a', 'b'] })).toEqual(['Two']);
  await update(one, { c_tags: ['a', 'c'] });
  expect(await found({ field: 'c_tags', op: 'is', value: 'a' })).toEqual(['One']);
  await update(one, { c_score: null, c_tags: [] });
  expect(await found({ field: 'c_score', op: 'isEmpty' })).toEqual(['One']);
  expect(await found({ field: 'c_tags', op: 'isEmpty' })).toEqual(['One']);

  await api.bulk.patch({
    object: 'company',
    changes: [
      { id: one, values: { c_code: 'y' } },
      { id: two, values: { c_code: 'x' } },
    ],
  });
  expect(await found({ field: 'c_code', op: 'is', value: 'y' })).toEqual(['One']);
  expect(await found({ field: 'c_code', op: 'is', value: 'x' })).toEqual(['Two']);

  await api.companies.remove({ ids: [one] });
  const third = await make({ name: 'Three', c_code: 'y' });
  await update(third, { c_code: 'z' });
  await update(two, { c_score: 3, c_code: 'w' });
  expect(await found({ field: 'c_score', op: 'gte', value: 3 })).toEqual(['Two']);
});
