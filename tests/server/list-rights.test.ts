import { afterEach, describe, expect, it } from 'vitest';
import type { TenantDb } from '@/db/tenant';
import { rememberTypes, typesChanged, typesOf } from '@/server/core/types';
import { createTestTenant, type TestTenant } from '../support/tenants';

/** A deal that nobody but its owner and the admins may see. */
async function hidden(tenant: TestTenant, name: string) {
  return (await tenant.api.deals.create({ values: { name } })).id;
}

/** A company linked with a deal that `rep` may not see. */
async function linked() {
  const tenant = await createTestTenant();
  const { api } = tenant;
  const rep = await tenant.person('member');
  const settings = { to: 'deal' };
  const { key } = await api.fields.create({ object: 'company', type: 'relation', label: { en: 'Bids' }, settings });
  const company = await api.companies.create({ values: { name: 'Acme' } });
  const link = { object: 'company', field: key, id: company.id };
  const deal = await hidden(tenant, 'Hush');
  await api.relations.link({ ...link, to: deal });
  return { tenant, rep, key, link, deal };
}

afterEach(() => rememberTypes(false));

describe('lists tell no title that the reader may not see', () => {
  it.each([[true], [false]])(
    'among what records are linked with, whoever asked before; kinds remembered: %s',
    async (listening) => {
      const { tenant, rep, key, link } = await linked();
      const mine = (await rep.api.deals.create({ values: { name: 'Mine' } })).id;
      await tenant.api.relations.link({ ...link, to: mine });
      rememberTypes(listening);
      const titles = async (reader: Pick<TestTenant, 'api'>) => {
        const { rows } = await reader.api.companies.list({});
        const read = [rows[0]?.[key], (await reader.api.companies.get({ id: link.id }))[key]];
        return read.map((links) => (links as { title: string }[]).map(({ title }) => title));
      };
      const [all, own] = [['Hush', 'Mine'], ['Mine']];
      for (const [reader, seen] of [[tenant, all] as const, [rep, own] as const, [tenant, all] as const])
        expect(await titles(reader)).toEqual([seen, seen]);
    },
  );

  it('in the order or the cursors of a list sorted by a reference', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const rep = await tenant.person('member');
    await api.fields.create({ object: 'company', type: 'reference', label: { en: 'Bid' }, settings: { to: 'deal' } });
    const make = (name: string, c_bid: string) => api.companies.create({ values: { name, c_bid } as never });
    await make('first', await hidden(tenant, 'Zulu'));
    await make('second', await hidden(tenant, 'Alpha'));
    await make('third', (await rep.api.deals.create({ values: { name: 'Mine' } })).id);
    const list = (input: { cursor?: string | null; limit: number }) =>
      rep.api.companies.list({ ...input, sort: [{ field: 'c_bid', dir: 'asc' }] });
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list({ cursor, limit: 1 });
      seen.push(...page.rows.map((row) => row.name));
      cursor = page.next;
      expect(Buffer.from(cursor ?? '', 'base64url').toString()).not.toMatch(/zulu|alpha/i);
    } while (cursor);
    // What one may not see is not there: such records come last, in the order they were made.
    expect(seen).toEqual(['third', 'first', 'second']);
  });
});

it('filters by links count what the reader is shown: nothing of others, nothing from the bin', async () => {
  const { tenant, rep, key, deal } = await linked();
  const found = async (reader: Pick<TestTenant, 'api'>) => {
    const filters = [
      { field: key, op: 'isNotEmpty' as const },
      { field: key, op: 'isEmpty' as const },
      { field: key, op: 'anyOf' as const, value: [deal] },
    ];
    const lists = filters.map(async (filter) => (await reader.api.companies.list({ filter })).rows.length);
    return Promise.all(lists);
  };
  expect(await found(tenant)).toEqual([1, 0, 1]);
  expect(await found(rep)).toEqual([0, 1, 0]);
  await tenant.api.deals.remove({ ids: [deal] });
  expect(await found(tenant)).toEqual([0, 1, 0]);
});

describe('the kinds a process remembers', () => {
  it('are read again when somebody changed them while they were read', async () => {
    rememberTypes(true);
    const tenantId = '00000000-0000-4000-8000-000000000000';
    const db = (during: () => void) => {
      const find = async () => {
        during();
        return [];
      };
      // Nothing else of it is used to read definitions.
      return { tenantId, find } as unknown as TenantDb;
    };
    let reads = 0;
    await typesOf(db(() => typesChanged(tenantId)));
    await typesOf(db(() => reads++));
    await typesOf(db(() => reads++));
    // Objects, fields and rules of matching, once: the second reading is remembered.
    expect(reads).toBe(3);
  });
});
