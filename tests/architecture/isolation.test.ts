import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { inTenant } from '@/db/tenant';
import { plantRows, type TenantTableInfo, tenantTables } from '../support/plant';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

let a: TestTenant;
let b: TestTenant;
let tables: TenantTableInfo[];
let rowsOfA: Map<string, Record<string, unknown>>;
let rowsOfB: Map<string, Record<string, unknown>>;
let app: pg.Client;

beforeAll(async () => {
  a = await createTestTenant();
  b = await createTestTenant();
  await superuser(async (client) => {
    tables = await tenantTables(client);
    rowsOfA = await plantRows(client, a.tenantId, 'CANARY-A-', a.userId);
    rowsOfB = await plantRows(client, b.tenantId, 'CANARY-B-', b.userId);
  });
  app = new pg.Client({ connectionString: inject('database').app });
  await app.connect();
});
afterAll(() => app?.end());

/** Runs statements as the application with B's context and tells rows or SQLSTATE; nothing stays. */
async function asB(text: string, values: unknown[] = []): Promise<{ rows?: number; code?: string }> {
  await app.query(`begin; set local app.tenant_id = '${b.tenantId}'`);
  try {
    return { rows: (await app.query(text, values)).rowCount ?? 0 };
  } catch (error) {
    return { code: (error as { code: string }).code };
  } finally {
    await app.query('rollback');
  }
}

const rowOf = (rows: Map<string, Record<string, unknown>>, table: TenantTableInfo) => rows.get(table.name) ?? {};
/** Columns other than the tenant that pick the row. */
const keyOf = (table: TenantTableInfo) => table.key.filter((name) => name !== 'tenant_id');
const appendOnly = ['change', 'change_set', 'audit_event', 'audit_seal'];

describe('the database refuses', () => {
  it('T2: without a tenant every table is an error, never an empty answer', async () => {
    for (const table of tables) {
      const never = await app.query(`select * from app.${table.name}`).then(
        () => 'answered',
        (e: { code: string }) => e.code,
      );
      expect(['42704', '22P02'], table.name).toContain(never);
    }
    await app.query(`begin; set local app.tenant_id = '${b.tenantId}'; commit`);
    for (const table of tables) {
      const after = await app.query(`select count(*) from app.${table.name}`).then(
        () => 'answered',
        (e: { code: string }) => e.code,
      );
      expect(['42704', '22P02'], table.name).toContain(after);
    }
  });

  it('T3: B cannot see, change, remove, move or overwrite a row of A, in any table', async () => {
    for (const table of tables) {
      const row = rowOf(rowsOfA, table);
      const own = rowOf(rowsOfB, table);
      const keys = keyOf(table);
      const where = keys.map((name, i) => `${name} = $${i + 1}`).join(' and ') || 'true';
      const values = keys.map((name) => row[name]);
      const label = table.name;
      expect(await asB(`select * from app.${table.name} where tenant_id = $1`, [a.tenantId]), label).toEqual({
        rows: 0,
      });
      // Keys of A may be B's too in natural-key tables: what counts is whose row it is.
      const seen = await asB(`select * from app.${table.name} where tenant_id <> '${b.tenantId}' and ${where}`, values);
      expect(seen, label).toEqual({ rows: 0 });
      const names = Object.keys(row);
      const insert = `insert into app.${table.name} (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')})`;
      expect(await asB(insert, Object.values(row)), `${label} insert`).toEqual({ code: '42501' });
      expect(
        await asB(`${insert} on conflict do nothing returning *`, Object.values(row)),
        `${label} on conflict`,
      ).toEqual({ code: '42501' });
      if (appendOnly.includes(table.name)) {
        expect((await asB(`delete from app.${table.name}`)).code, `${label} append only`).toBe('42501');
        continue;
      }
      expect(
        await asB(`update app.${table.name} set tenant_id = tenant_id where tenant_id = $1 returning *`, [a.tenantId]),
        `${label} update`,
      ).toEqual({ rows: 0 });
      expect(
        await asB(`delete from app.${table.name} where tenant_id = $1 returning *`, [a.tenantId]),
        `${label} delete`,
      ).toEqual({ rows: 0 });
      const mine = keys.map((name) => own[name]);
      expect(
        await asB(`update app.${table.name} set tenant_id = '${a.tenantId}' where ${where}`, mine),
        `${label} move`,
      ).toEqual({ code: '42501' });
    }
  });

  it('T4: a row of B cannot refer to a row of A', async () => {
    for (const table of tables) {
      for (const reference of table.references) {
        const target = rowsOfA.get(reference.table);
        if (!target || reference.table === 'tenant' || appendOnly.includes(table.name)) continue;
        const column = reference.columns.find((name) => name !== 'tenant_id');
        const foreign = reference.foreign.find((name) => name !== 'tenant_id');
        if (!column || !foreign) continue;
        const keys = keyOf(table);
        const own = rowOf(rowsOfB, table);
        const where = keys.map((name, i) => `${name} = $${i + 2}`).join(' and ') || 'true';
        const set = await asB(`update app.${table.name} set ${column} = $1 where ${where}`, [
          target[foreign],
          ...keys.map((name) => own[name]),
        ]);
        expect(set, `${table.name}.${column}`).toEqual({ code: '23503' });
      }
    }
  });

  it('T9: parallel work of two tenants through one pool never meets', async () => {
    const worker = async (tenant: TestTenant) => {
      for (let i = 0; i < 15; i++) {
        const ids = await inTenant(tenant.tenantId, 'read', async (db) => {
          const client = db.client;
          const first = await client.query<{ tenant_id: string }>(
            'select tenant_id from app.company union all select tenant_id from app.member',
          );
          const second = await client.query<{ tenant_id: string }>('select tenant_id from app.change');
          return [...first.rows, ...second.rows].map((row) => row.tenant_id);
        });
        expect(new Set(ids)).toEqual(new Set([tenant.tenantId]));
      }
    };
    await Promise.all(Array.from({ length: 20 }, () => [worker(a), worker(b)]).flat());
  });

  it('the door takes only a tenant id, so nothing can be written into its statement', async () => {
    await expect(inTenant(`${randomUUID()}'; drop table app.company; --`, 'read', async () => 1)).rejects.toThrow(
      'Not a tenant id',
    );
  });

  it('queries run read only', async () => {
    await expect(
      inTenant(a.tenantId, 'read', (db) => db.client.query("update app.company set name = 'x'")),
    ).rejects.toMatchObject({ code: '25006' });
  });
});
