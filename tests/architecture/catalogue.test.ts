import { describe, expect, it } from 'vitest';
import { catalogRules, definerFunctions, globalTables } from '../support/catalog-rules';
import { superuser } from '../support/tenants';

describe('the catalogue keeps tenants apart (T1, T4, T5, T10, T11)', () => {
  for (const [rule, statement] of Object.entries(catalogRules)) {
    it(rule, async () => {
      expect(
        await superuser(
          async (client) => (await client.query({ text: statement, values: [globalTables], rowMode: 'array' })).rows,
        ),
      ).toEqual([]);
    });
  }

  it('the rules find a planted defect: a table without policy, a global unique key, a single-column foreign key', async () => {
    const found = await superuser(async (client) => {
      await client.query(
        `begin; create table app.planted (tenant_id uuid not null, id uuid primary key, email text unique, company_id uuid, trusted boolean)`,
      );
      await client.query(
        'alter table app.planted add foreign key (company_id) references app.planted (id) on delete set null',
      );
      const names: string[] = [];
      for (const [rule, statement] of Object.entries(catalogRules)) {
        const { rowCount } = await client.query(statement, [globalTables]);
        if (rowCount) names.push(rule.split(' ')[0] ?? '');
      }
      await client.query('rollback');
      return names;
    });
    expect(found).toEqual(expect.arrayContaining(['R2', 'R3', 'R4', 'R5', 'R6', 'R15']));
  });

  it('T11: only the listed functions look across tenants', async () => {
    const functions = await superuser(async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `select p.oid::regprocedure::text as name from pg_proc p where p.prosecdef and p.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)`,
      );
      return rows.map((r) => r.name.replaceAll(', ', ',').replaceAll('"', '')).sort();
    });
    expect(functions).toEqual(definerFunctions);
  });

  it('T10: the application cannot read the tables behind sign-in', async () => {
    const denied = await superuser(async (client) => {
      const codes: string[] = [];
      for (const table of ['app.user_account', 'app.tenant', 'auth.session', 'auth.token']) {
        await client.query('begin; set local role crm_app');
        codes.push(
          await client.query(`select * from ${table}`).then(
            () => 'read',
            (e: { code: string }) => e.code,
          ),
        );
        await client.query('rollback');
      }
      return codes;
    });
    expect(denied).toEqual(['42501', '42501', '42501', '42501']);
  });
});
