import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { liftLimits } from '@/server/core/limits';
import { callByPath } from '../support/procedures';
import { createTestTenant, superuser } from '../support/tenants';

liftLimits();

describe('people who edit the same record at once', () => {
  it('H7: whoever saw an older version is refused as stale, and nothing of theirs is written', async () => {
    const { api } = await createTestTenant();
    const { id } = await api.companies.create({ values: { name: 'One', city: 'Bonn' } });
    await api.companies.update({ id, values: { city: 'Köln' }, version: 1 });
    await expect(
      api.companies.update({ id, values: { name: 'Mine', city: 'Trier' }, version: 1 }),
    ).rejects.toMatchObject({
      message: 'stale',
      code: 'CONFLICT',
    });
    expect(await api.companies.get({ id })).toMatchObject({ name: 'One', city: 'Köln', version: 2 });
  });

  it('H7: fifty who each add one to the same amount, each on what they saw, lose none of it', async () => {
    const tenant = await createTestTenant();
    const { id } = await tenant.api.companies.create({ values: { name: 'Counted', annualRevenue: 0 } });
    let refused = 0;
    const addOne = async () => {
      for (;;) {
        const { version, annualRevenue } = await tenant.api.companies.get({ id });
        const answer = await callByPath(tenant.api, 'companies.update', {
          id,
          values: { annualRevenue: Number(annualRevenue) + 1 },
          version,
        });
        if ('answer' in answer) return;
        expect(answer.refused).toBe('stale');
        refused++;
      }
    };
    await Promise.all(Array.from({ length: 50 }, addOne));
    expect(await tenant.api.companies.get({ id })).toMatchObject({ annualRevenue: 50, version: 51 });
    // They did meet: without anybody refused this would show nothing.
    expect(refused).toBeGreaterThan(0);
    expect(await updates(tenant.tenantId, id)).toBe(50);
  });

  it('H7: who edits different fields without a version overwrites nobody, in any order', async () => {
    const tenant = await createTestTenant();
    const fields = ['name', 'city', 'industry', 'website', 'phone'] as const;
    const texts: Record<(typeof fields)[number], (n: number) => string> = {
      name: (n) => `Name ${n}`,
      city: (n) => `City ${n}`,
      industry: (n) => `Industry ${n}`,
      website: (n) => `https://example.com/${n}`,
      phone: (n) => `+49 30 12345${n}`,
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ field: fc.constantFrom(...fields), n: fc.integer({ min: 10, max: 99 }) }), {
          minLength: 2,
          maxLength: 12,
        }),
        async (edits) => {
          const { id } = await tenant.api.companies.create({ values: { name: 'Shared' } });
          await Promise.all(
            edits.map(({ field, n }) => tenant.api.companies.update({ id, values: { [field]: texts[field](n) } })),
          );
          const record: Record<string, unknown> = await tenant.api.companies.get({ id });
          for (const field of fields) {
            const written = edits.filter((edit) => edit.field === field).map(({ n }) => texts[field](n));
            if (written.length > 0) expect(written).toContain(record[field]);
          }
        },
      ),
      { numRuns: 12 },
    );
  });
});

const updates = (tenantId: string, recordId: string) =>
  superuser(async (client) => {
    const { rows } = await client.query<{ n: number }>(
      `select count(*)::int as n from app.change where tenant_id = $1 and record_id = $2 and op = 'update'`,
      [tenantId, recordId],
    );
    return rows[0]?.n;
  });
