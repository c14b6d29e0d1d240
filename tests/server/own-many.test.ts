import { expect, it } from 'vitest';
import { type FieldInput, maxObjects } from '@/domain/custom-fields';
import { maxFields } from '@/domain/fields';
import { liftLimits } from '@/server/core/limits';
import { refusalView } from '@/server/core/trpc';
import { importFile, upload } from '../support/imports';
import { createTestTenant, superuser } from '../support/tenants';

const choices = Array.from({ length: 8 }, (_, i) => ({
  value: `v${i}`,
  label: { en: `Choice ${i}`, zh: `选项${i}` },
  tone: 'slate' as const,
}));
/** Of each type some. */
const kinds: [FieldInput['type'], FieldInput['settings'], (i: number) => unknown][] = [
  ['text', {}, (i) => `Text ${i}`],
  ['number', { decimals: 2 }, (i) => i / 4],
  ['money', { currency: 'EUR' }, (i) => i * 100],
  ['date', {}, (i) => `2026-01-${String(1 + (i % 28)).padStart(2, '0')}`],
  ['choice', { choices }, (i) => `v${i % 8}`],
  ['choices', { choices }, (i) => [`v${i % 8}`]],
  ['boolean', {}, (i) => i % 2 === 0],
  ['email', {}, (i) => `a${i}@example.com`],
  ['rating', {}, (i) => 1 + (i % 5)],
  ['phone', {}, (i) => `+86 139 0000 ${String(i).padStart(4, '0')}`],
];

it(`${maxFields} fields on an object: made, written, read, listed, filtered, sorted, imported; one more is refused`, async () => {
  liftLimits();
  const tenant = await createTestTenant();
  const { api } = tenant;
  const values: Record<string, unknown> = {};
  const computed: string[] = [];
  const inputs = Array.from({ length: maxFields }, (_, i): FieldInput & { key: string } => {
    const key = `c_field_${i}`;
    const field = { object: 'company', key, label: { en: `Field ${i}`, zh: `字段${i}` } };
    // Every fiftieth is worked out from another.
    if (i % 50 === 49) {
      computed.push(key);
      return { ...field, type: 'formula', settings: { formula: `c_field_${i - 8} + ${i}` } };
    }
    const [type, settings, value] = kinds[i % kinds.length] ?? ['text', {}, String];
    values[key] = value(i);
    return { ...field, type, settings };
  });
  // Most of them are laid straight into the table: what counts is that the last ones are made beside them.
  await superuser((client) =>
    client.query(
      `insert into app.custom_field (tenant_id, id, object, key, type, label, settings, position)
       select $1, gen_random_uuid(), r.object, r.key, r.type, r.label,
         r.settings || case when r.type = 'formula' then '{"result":"number"}' else '{}' end::jsonb, row_number() over ()
       from jsonb_to_recordset($2) as r (object text, key text, type text, label jsonb, settings jsonb)`,
      [tenant.tenantId, JSON.stringify(inputs.slice(0, 450))],
    ),
  );
  for (const input of inputs.slice(450)) await api.fields.create(input);
  const more = api.fields.create({ object: 'company', type: 'text', label: { en: 'One more' } });
  expect(await more.catch(refusalView)).toMatchObject({ code: 'tooManyFields', params: { max: maxFields } });

  const { id } = await api.companies.create({ values: { name: 'Wide', ...values } as never });
  await api.companies.create({ values: { name: 'Narrow', c_field_0: 'A' } as never });
  const stored = await api.companies.get({ id });
  expect(stored).toMatchObject(values);
  expect(computed.map((key) => stored[key])).toEqual(computed.map((_, n) => (n * 50 + 41) / 4 + n * 50 + 49));
  const page = await api.companies.list({
    columns: Object.keys(values).slice(0, 100),
    filter: {
      and: [
        { field: 'c_field_1', op: 'gt', value: 0 },
        { field: 'c_field_494', op: 'anyOf', value: ['v6'] },
        { field: 'c_field_490', op: 'contains', value: '490' },
      ],
    },
    sort: [{ field: 'c_field_491', dir: 'desc' }],
  });
  expect(page.rows.map((row) => row.id)).toEqual([id]);
  await api.companies.update({ id, values: { c_field_491: 1 } as never });
  const history = await api.changes.history({ object: 'company', id, field: 'c_field_491' });
  expect(history.map(({ after }) => after)).toEqual([1, 491 / 4]);

  const headers = Object.keys(values).map((key) => `Field ${key.slice('c_field_'.length)}`);
  const cells = Object.values(values).map((value, i) => (kinds[i % 10]?.[0] === 'money' ? '' : value));
  const file = await upload(tenant, 'companies.csv', `Company name,${headers.join(',')}\nBrought,${cells.join(',')}\n`);
  const { plan } = await api.imports.analyse({ fileId: file, object: 'company' });
  if (!plan) throw new Error('No plan');
  expect(plan.columns.filter(({ target }) => target?.startsWith('c_'))).toHaveLength(headers.length);
  expect(await importFile(tenant, file, plan)).toMatchObject({ status: 'done', created: 1 });

  // All that the shell needs of them comes with its first answer.
  const boot = await api.tenant.boot();
  expect(boot.fields).toHaveLength(maxFields);
  const bytes = JSON.stringify(boot.fields).length;
  console.log(`500 fields in the boot answer: ${Math.round(bytes / 1024)} kB`);
  expect(bytes).toBeLessThan(400_000);
}, 240_000);

it(`${maxObjects} objects with fields that point to each other: each works; one more is refused`, async () => {
  liftLimits();
  const tenant = await createTestTenant();
  const { api } = tenant;
  const made: `o_${string}`[] = [];
  for (let i = 0; i < maxObjects; i++) {
    const { key } = await api.objects.create({ label: { en: { one: `Thing ${i}`, other: `Things ${i}` } } });
    const object = key as `o_${string}`;
    const before = made.at(-1);
    await api.fields.create({ object, type: 'number', label: { en: 'Size' } });
    if (before) {
      await api.fields.create({ object, type: 'reference', label: { en: 'Before' }, settings: { to: before } });
      const rollup = { object, through: 'c_before', fn: 'sum' as const, field: 'c_size' };
      await api.fields.create({ object: before, type: 'rollup', label: { en: 'After' }, settings: { rollup } });
    }
    made.push(object);
  }
  const more = api.objects.create({ label: { en: { one: 'One more', other: 'Many more' } } });
  expect(await more.catch(refusalView)).toMatchObject({ code: 'tooManyObjects', params: { max: maxObjects } });
  let before: string | undefined;
  for (const object of made) {
    const values = { name: `Of ${object}`, c_size: 2, ...(before ? { c_before: before } : {}) };
    before = (await api.records.create({ object, values })).id;
  }
  for (const [i, object] of made.entries()) {
    const { rows } = await api.records.list({ object, filter: { field: 'c_size', op: 'is', value: 2 } });
    expect(rows).toHaveLength(1);
    expect(rows[0]?.c_after ?? null).toBe(i === maxObjects - 1 ? null : 2);
  }
  const hits = await api.search.global({ q: 'of o_thing', limit: 50 });
  expect(new Set(hits.map(({ object }) => object)).size).toBeGreaterThan(10);
  const boot = await api.tenant.boot();
  console.log(`50 objects in the boot answer: ${Math.round(JSON.stringify(boot.objects).length / 1024)} kB`);
}, 240_000);
