import { expect, it } from 'vitest';
import { refusalView } from '@/server/core/trpc';
import { createTestTenant } from '../support/tenants';

const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'not refused',
    (error) => refusalView(error),
  );

it('texts have the form their field asks for, or are refused in the field’s own words', async () => {
  const { api } = await createTestTenant();
  const make = (name: string, pattern: { expression: string; message?: { en: string } }) =>
    api.fields.create({ object: 'company', type: 'text', label: { en: name }, settings: { pattern } });
  await make('Code', { expression: '[A-Z]{2}-\\d+', message: { en: 'Two letters, a dash and a number.' } });
  await make('Plain', { expression: '\\d+' });
  // Catastrophic elsewhere; here it takes as long as the text.
  await make('Slow', { expression: '(a+)+b' });
  const { id } = await api.companies.create({ values: { name: 'A', c_code: ' AB-12 ', c_plain: '' } as never });
  expect(await api.companies.get({ id })).toMatchObject({ c_code: 'AB-12', c_plain: null });
  expect(
    await refused(
      api.companies.update({ id, values: { c_code: 'xAB-12', c_plain: '1a', c_slow: 'a'.repeat(999) } as never }),
    ),
  ).toMatchObject({
    fields: [
      { field: 'values.c_code', code: 'patternMessage', params: { message: 'Two letters, a dash and a number.' } },
      { field: 'values.c_plain', code: 'pattern' },
      { field: 'values.c_slow', code: 'pattern' },
    ],
  });
  expect(await refused(make('Bad', { expression: '(' }))).toMatchObject({
    code: 'badPattern',
    field: 'settings.pattern.expression',
  });
});
