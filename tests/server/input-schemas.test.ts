import { getTableColumns } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as auditTables from '@/db/schema/audit';
import * as importTables from '@/db/schema/imports';
import * as recordTables from '@/db/schema/records';
import * as tenantTables from '@/db/schema/tenants';
import { objects, recordObjects } from '@/domain/objects';
import { liftLimits } from '@/server/core/limits';
import { snake, standardType } from '@/server/core/record-types';
import { machineCall, refusalCode, screenCall, testApp, wrongFields } from '../support/http';
import { inputs, openEnds, type Schema } from '../support/schemas';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

let app: FastifyInstance;
let tenant: TestTenant;
let key: string;

beforeAll(async () => {
  liftLimits();
  ({ app } = await testApp());
  tenant = await createTestTenant();
  key = (await tenant.api.apiKeys.create({ name: 'test', access: 'write' })).secret;
});
afterAll(() => app.close());

/** Every column of every table, in the spelling of the code and of the database. */
const columns = [
  ...new Set(
    [auditTables, importTables, recordTables, tenantTables]
      .flatMap((module) => Object.values(module) as unknown[])
      .flatMap((table) => {
        try {
          return Object.keys(getTableColumns(table as never));
        } catch {
          return [];
        }
      })
      .flatMap((name) => [name, snake(name)]),
  ),
  'origin',
  'prototype',
  'refs',
];

describe('I1: inputs', () => {
  it('I1: every schema has a greatest size and refuses keys it does not know', () => {
    const open = inputs().flatMap(({ path, input }) => (input ? openEnds(input).map((end) => `${path} ${end}`) : []));
    expect(open).toEqual([]);
    expect(inputs().filter(({ input }) => input).length).toBeGreaterThan(70);
  });

  it('O6: every list says how many it gives and passes by at most: pages by key, never far into one', () => {
    const numbers = inputs().flatMap(({ path, type, input }) => {
      if (type !== 'query' || !input) return [];
      // The schemas of procedures are zod's; the tests look at the part of them that `Schema` names.
      const shape = z.toJSONSchema(input as unknown as z.ZodType, { io: 'input', unrepresentable: 'any' });
      return Object.entries(shape.properties ?? {}).flatMap(([name, property]) =>
        typeof property === 'object' && (name === 'limit' || name === 'skip')
          ? [{ path, name, most: property.maximum ?? Infinity }]
          : [],
      );
    });
    expect(numbers.filter(({ name, most }) => most > (name === 'skip' ? 10_000 : 1000))).toEqual([]);
    expect(numbers.length).toBeGreaterThan(10);
  });

  it('I1: the look at schemas sees what is open', () => {
    const ends = (schema: z.ZodType) => openEnds(schema as unknown as Schema).length;
    expect(ends(z.strictObject({ a: z.string().max(5), b: z.array(z.uuid()).max(3) }))).toBe(0);
    for (const open of [
      z.object({ a: z.string().max(5) }),
      z.strictObject({ a: z.string() }),
      z.strictObject({ a: z.array(z.uuid()) }),
      z.strictObject({ a: z.record(z.string().max(3), z.boolean()) }),
      z.strictObject({ a: z.unknown() }),
      z.strictObject({ a: z.union([z.uuid(), z.string()]).nullish() }),
      z.strictObject({ a: z.string().regex(/^\w+$/) }),
      z.strictObject({ a: z.json() }),
    ])
      expect(ends(open), JSON.stringify(z.toJSONSchema(open, { unrepresentable: 'any' }))).toBeGreaterThan(0);
  });

  it.each(inputs().flatMap(({ path, type, input }) => (input ? [[path, type] as const] : [])))(
    'I1: %s names every key it does not know',
    async (path, type) => {
      const stray = { tenantId: tenant.tenantId, createdBy: 'x', __v: 1, nonsense: { deep: [1] } };
      const method = type === 'query' ? 'GET' : 'POST';
      const answer = await screenCall(app, tenant, path, stray, {}, method);
      expect(answer.statusCode, answer.body).toBe(400);
      for (const name of Object.keys(stray))
        expect(wrongFields(answer), answer.body).toHaveProperty(name, 'unknownField');
    },
  );

  it.each(recordObjects)('I1: no column of a %s can be set that is not one of its fields', async (object) => {
    const { fields, plural } = objects[object];
    const writable = new Set(Object.entries(fields).flatMap(([name, field]) => (field.readOnly ? [] : [name])));
    const foreign = columns.filter((name) => !writable.has(name));
    expect(foreign).toEqual(
      expect.arrayContaining(['tenantId', 'tenant_id', 'id', 'version', 'createdBy', 'deletedAt']),
    );
    const id = '018f0000-0000-7000-8000-000000000000';
    const before = await countOf(object);
    for (const name of foreign) {
      const values = { [name]: 'x' };
      const screen = [
        await screenCall(app, tenant, `${plural}.create`, { values }),
        await screenCall(app, tenant, `${plural}.update`, { id, values }),
        await screenCall(app, tenant, `${plural}.updateMany`, { ids: [id], values }),
      ];
      for (const answer of screen) {
        expect(answer.statusCode, `${name} ${answer.body}`).toBe(400);
        expect(wrongFields(answer)).toHaveProperty([`values.${name}`], 'unknownField');
      }
    }
    // The same schemas, with other names for the fields: the ones that matter most.
    for (const name of ['tenantId', 'tenant_id', 'id', 'createdBy', 'deletedAt', 'origin', 'sortKey', 'refs']) {
      const bulk = await machineCall(app, key, 'POST', `/${plural}/bulk-update`, {
        ids: [id],
        values: { [name]: 'x' },
      });
      expect(wrongFields(bulk)).toHaveProperty([`values.${name}`], 'unknownField');
      for (const answer of [
        await machineCall(app, key, 'POST', `/${plural}`, { [name]: 'x' }),
        await machineCall(app, key, 'PATCH', `/${plural}/${id}`, { [name]: 'x' }),
      ]) {
        expect(answer.statusCode, `${name} ${answer.body}`).toBe(400);
        expect(wrongFields(answer)).toHaveProperty(name, 'unknownField');
      }
    }
    expect(await countOf(object)).toBe(before);
  });
});

async function countOf(object: (typeof recordObjects)[number]): Promise<number> {
  const { tableName } = standardType(object);
  return superuser(async (client) => {
    const { rows } = await client.query<{ n: string }>(
      `select count(*) as n from app.${tableName} where tenant_id = $1`,
      [tenant.tenantId],
    );
    return Number(rows[0]?.n);
  });
}

describe('I2: sizes', () => {
  const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  /** A body whose value nests so deep in all. */
  const bodyOf = (depth: number) => `{"values":{"name":"x","tags":${nested(depth - 2)}}}`;
  const flat = (depth: number) => `{"name":"x","tags":${nested(depth - 1)}}`;

  it.each(['en', 'zh'])(
    'I2: JSON may nest 20 levels deep, at every door, and the refusal says so in %s',
    async (locale) => {
      const language = { 'accept-language': locale };
      const fits = await screenCall(app, tenant, 'companies.create', bodyOf(20), language);
      expect(fits.statusCode).toBe(400);
      expect(refusalCode(fits)).toBe('invalid');
      const tooDeep = await screenCall(app, tenant, 'companies.create', bodyOf(21), language);
      expect([tooDeep.statusCode, refusalCode(tooDeep)]).toEqual([400, 'tooDeep']);
      expect(tooDeep.json().error.data.refusal.params).toEqual({ max: 20 });

      expect(refusalCode(await machineCall(app, key, 'POST', '/companies', flat(20), language))).toBe('invalid');
      const rest = await machineCall(app, key, 'POST', '/companies', flat(21), language);
      expect([rest.statusCode, refusalCode(rest)]).toEqual([400, 'tooDeep']);
      expect(rest.json().detail).toMatch(
        locale === 'zh' ? /嵌套超过 20 层，请减少/ : /more than 20 levels deep\. Please/,
      );
    },
  );

  it('I2: depth is judged in addresses, in batches and in texts that only look deep', async () => {
    const filter = (depth: number) => `${'{"and":['.repeat(depth / 2)}${']}'.repeat(depth / 2)}`;
    const inAddress = await screenCall(app, tenant, 'companies.list', `{"filter":${filter(20)}}`, {}, 'GET');
    expect(refusalCode(inAddress)).toBe('tooDeep');
    expect(refusalCode(await machineCall(app, key, 'GET', `/companies?filter=${encodeURIComponent(filter(22))}`))).toBe(
      'tooDeep',
    );
    const batch = (depth: number) =>
      screenCall(app, tenant, 'companies.create?batch=1', `{"0":${bodyOf(depth)}}`, {}).then((a) => a.json());
    expect((await batch(20))[0].error.data.refusal.code).toBe('invalid');
    expect((await batch(21)).error.data.refusal.code).toBe('tooDeep');
    const name = `"${nested(90)}\\"${nested(5)}`;
    const made = await screenCall(app, tenant, 'companies.create', { values: { name } });
    expect(made.statusCode).toBe(200);
    expect(refusalCode(await screenCall(app, tenant, 'companies.create', '['.repeat(900_000)))).toBe('tooDeep');
  });

  it('I2: a body has at most 1 MB, at every door', async () => {
    const body = (bytes: number, wrap: (text: string) => string) => wrap('x'.repeat(bytes - wrap('').length));
    const screen = (text: string) => `{"values":{"name":"${text}"}}`;
    const machine = (text: string) => `{"name":"${text}"}`;
    expect((await screenCall(app, tenant, 'companies.create', body(1024 * 1024, screen))).statusCode).toBe(400);
    const tooLarge = await screenCall(app, tenant, 'companies.create', body(1024 * 1024 + 1, screen));
    expect([tooLarge.statusCode, refusalCode(tooLarge)]).toEqual([413, 'tooLarge']);
    expect((await machineCall(app, key, 'POST', '/companies', body(1024 * 1024, machine))).statusCode).toBe(400);
    for (const language of ['en', 'zh']) {
      const rest = await machineCall(app, key, 'POST', '/companies', body(1024 * 1024 + 1, machine), {
        'accept-language': language,
      });
      expect([rest.statusCode, refusalCode(rest)]).toEqual([413, 'tooLarge']);
      expect(rest.json().detail).toMatch(language === 'zh' ? /请分批/ : /split it up/);
    }
  });

  it('I2: a list has at most 1,000 items, at every door', async () => {
    const ids = (n: number) => Array.from({ length: n }, () => '018f0000-0000-7000-8000-000000000000');
    const values = { city: 'x' };
    expect((await screenCall(app, tenant, 'companies.updateMany', { ids: ids(1000), values })).statusCode).toBe(404);
    expect(refusalCode(await screenCall(app, tenant, 'companies.updateMany', { ids: ids(1001), values }))).toBe(
      'tooManyItems',
    );
    const rest = (n: number) => machineCall(app, key, 'POST', '/companies/bulk-update', { ids: ids(n), values });
    expect((await rest(1000)).statusCode).toBe(404);
    const refused = await rest(1001);
    expect([refused.statusCode, refused.json().code]).toEqual([400, 'tooManyItems']);
    expect(refused.json().detail).toContain('1,000 items. Please send it in parts');
    // Without the door, where a job or a test calls, the schema says the same.
    await expect(tenant.api.companies.updateMany({ ids: ids(1001), values })).rejects.toThrow();
    const tags = await screenCall(app, tenant, 'companies.create', {
      values: { name: 'x', tags: Array(51).fill('t') },
    });
    expect(wrongFields(tags)).toEqual({ 'values.tags': 'tooMany' });
  });

  it('I2: a filter has at most 50 conditions and groups, at every door', async () => {
    // One group and the conditions in it.
    const filter = (nodes: number) => ({
      and: Array.from({ length: nodes - 1 }, () => ({ field: 'name', op: 'contains', value: 'x' })),
    });
    for (const path of ['companies.list', 'companies.count']) {
      expect((await screenCall(app, tenant, path, { filter: filter(50) }, {}, 'GET')).statusCode).toBe(200);
      const refused = await screenCall(app, tenant, path, { filter: filter(51) }, {}, 'GET');
      expect(refused.statusCode).toBe(400);
      expect(wrongFields(refused)).toEqual({ filter: 'filterTooLarge' });
    }
    const rest = (nodes: number) =>
      machineCall(app, key, 'GET', `/companies?filter=${encodeURIComponent(JSON.stringify(filter(nodes)))}`);
    expect((await rest(50)).statusCode).toBe(200);
    const refused = await rest(51);
    expect(refused.statusCode).toBe(400);
    expect(refused.json().fields).toEqual([
      { field: 'filter', code: 'filterTooLarge', detail: 'This filter has too many conditions. Please remove some.' },
    ]);
  });

  it('I2: at most 20 calls travel together', async () => {
    const batch = (n: number) =>
      screenCall(app, tenant, `${Array(n).fill('teams.list').join(',')}?batch=1&input=%7B%7D`, undefined, {}, 'GET');
    expect((await batch(20)).statusCode).toBe(200);
    const refused = await batch(21);
    expect([refused.statusCode, refusalCode(refused)]).toEqual([400, 'batchTooLarge']);
  });

  it('I2: what a preference or a plan keeps is bounded too', async () => {
    const set = (value: unknown) => screenCall(app, tenant, 'preferences.set', { key: 'k', value });
    expect((await set('x'.repeat(19_998))).statusCode).toBe(200);
    const refused = await set('x'.repeat(19_999));
    expect([refused.statusCode, wrongFields(refused)]).toEqual([400, { value: 'tooLong' }]);
  });
});
