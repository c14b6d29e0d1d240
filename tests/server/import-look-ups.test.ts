import { type SQL, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { inTenant } from '@/db/tenant';
import { newId } from '@/server/core/ids';
import type { RecordType } from '@/server/core/record-types';
import { eachOf, eachOfIds, lookUp } from '@/server/imports/each-of';
import { bySourceId } from '@/server/imports/references';
import { workOf } from '../support/imports';
import { createTestTenant } from '../support/tenants';

it('what rows may be about is looked up by the index of each key, whatever Postgres knows of the tenant', async () => {
  const tenant = await createTestTenant();
  const plans = await inTenant(tenant.tenantId, 'read', async (db) => {
    const work = await workOf(tenant, db);
    const planOf = async (statement: SQL) =>
      (await lookUp<{ 'QUERY PLAN': string }>(work, sql`explain ${statement}`))
        .map((row) => row['QUERY PLAN'])
        .join('\n');
    const of = (type: RecordType, column: SQL) => ({
      select: sql`t.id`,
      from: sql`${type.table} t`,
      column,
      where: sql`t.tenant_id = ${tenant.tenantId} and t.deleted_at is null`,
    });
    const contact = work.types.get('contact');
    const deal = work.types.get('deal');
    const found: Record<string, string> = {};
    for (const [type, name] of [
      [contact, 'email_norm'],
      [contact, 'name_key'],
      [work.types.get('company'), 'domain_norm'],
      [deal, 'sort_key'],
    ] as const) {
      const column = sql`t.${sql.identifier(name)}`;
      found[`${type.object} ${name}`] = await planOf(sql`select f.id from ${eachOf(['a', 'b'], of(type, column))}`);
    }
    found['contact id'] = await planOf(sql`select f.id from ${eachOfIds([newId(), newId()], of(contact, sql`t.id`))}`);
    found['deal source'] = await planOf(
      sql`select r.id from ${bySourceId(work, deal, 'csv', ['1', '2'], of(deal, sql`t.id`))}`,
    );
    return found;
  });
  const indexesOf = (plan = '') => [...plan.matchAll(/using (\w+) on/g)].map(([, index]) => index);
  expect(Object.fromEntries(Object.entries(plans).map(([key, plan]) => [key, indexesOf(plan)]))).toEqual({
    'contact email_norm': ['contact_tenant_id_email_norm_index'],
    'contact name_key': ['contact_tenant_id_name_key_index'],
    'company domain_norm': ['company_tenant_id_domain_norm_index'],
    'deal sort_key': ['deal_tenant_id_sort_key_id_index'],
    'contact id': ['contact_tenant_id_id_pk'],
    'deal source': ['external_id_tenant_id_object_system_external_id_pk', 'deal_tenant_id_id_pk'],
  });
  for (const plan of Object.values(plans)) expect(plan).not.toContain('Sort');
});
