import type pg from 'pg';
import type { FieldSettings, OwnFieldType } from '@/domain/custom-fields';

/** Fields of its own that the measured tenant has; keys as the product would have given them. */
const definitions: { object: string; key: string; type: OwnFieldType; settings: FieldSettings }[] = [
  {
    object: 'contact',
    key: 'c_tier',
    type: 'choice',
    settings: {
      choices: (['gold', 'silver', 'bronze', 'iron', 'tin'] as const).map((value) => ({
        value,
        label: { en: value },
        tone: 'slate' as const,
      })),
    },
  },
  { object: 'contact', key: 'c_budget', type: 'money', settings: { currency: 'USD' } },
  { object: 'contact', key: 'c_score', type: 'number', settings: { decimals: 0 } },
  { object: 'contact', key: 'c_renewal', type: 'date', settings: {} },
  { object: 'contact', key: 'c_reference', type: 'text', settings: {} },
  { object: 'contact', key: 'c_account', type: 'reference', settings: { to: 'company' } },
  { object: 'contact', key: 'c_vip', type: 'boolean', settings: {} },
  { object: 'deal', key: 'c_double', type: 'formula', settings: { formula: 'amount * 2', result: 'money' } },
  {
    object: 'company',
    key: 'c_orders',
    type: 'rollup',
    settings: {
      rollup: { object: 'deal', through: 'companyId', fn: 'sum', field: 'amount' },
      currency: 'USD',
      result: 'money',
    },
  },
  {
    object: 'company',
    key: 'c_count',
    type: 'rollup',
    settings: { rollup: { object: 'deal', through: 'companyId', fn: 'count' }, result: 'number' },
  },
];

/** Ids of the fields by object and key. */
export type FieldIds = Record<string, string>;

export async function fieldIds(client: pg.Client, tenantId: string): Promise<FieldIds> {
  const { rows } = await client.query<{ name: string; id: string }>(
    `select object || '.' || key as name, id from app.custom_field where tenant_id = $1`,
    [tenantId],
  );
  return Object.fromEntries(rows.map(({ name, id }) => [name, id]));
}

export async function defineFields(client: pg.Client, tenantId: string): Promise<FieldIds> {
  const fields = definitions.map((field, position) => ({ ...field, label: { en: field.key.slice(2) }, position }));
  await client.query(
    `insert into app.custom_field (tenant_id, id, object, key, type, label, settings, position)
     select $1, uuidv7(), r.object, r.key, r.type, r.label, r.settings, r.position
     from jsonb_to_recordset($2) as r (object text, key text, type text, label jsonb, settings jsonb, position float8)`,
    [tenantId, JSON.stringify(fields)],
  );
  return fieldIds(client, tenantId);
}

/** Values of contact `c.i`, as SQL; null where it has none. Some common, some rare, one that nearly everybody has. */
const contactValues: Record<string, { sql: string; column: 'text' | 'number' | 'time' | 'ref' }> = {
  c_tier: {
    sql: `case when c.i % 10 <> 0 then case when pg_temp.mix(c.i + 3, 100) < 2 then 'gold' when pg_temp.mix(c.i + 3, 100) < 12 then 'silver'
      when pg_temp.mix(c.i + 3, 100) < 40 then 'bronze' when pg_temp.mix(c.i + 3, 100) < 70 then 'iron' else 'tin' end end`,
    column: 'text',
  },
  c_budget: { sql: 'case when c.i % 10 <> 1 then (1 + pg_temp.mix(c.i + 11, 1000000)) * 100 end', column: 'number' },
  c_score: { sql: 'pg_temp.mix(c.i + 13, 101)', column: 'number' },
  c_renewal: { sql: 'case when c.i % 2 = 0 then current_date + pg_temp.mix(c.i + 17, 1000) - 300 end', column: 'time' },
  c_reference: {
    sql: `case when c.i % 10 in (2, 3, 4) then 'ref ' || left(md5(c.i::text), 6) end`,
    column: 'text',
  },
  c_account: { sql: 'case when c.i % 10 < 8 then a.id end', column: 'ref' },
  c_vip: { sql: 'case when c.i % 100 = 7 then 1 end', column: 'number' },
};

/** What leads from contact `c` of a made-up table to the company its own reference names. */
export const accountJoin = (companies: string) =>
  `left join bench_company a on a.tenant_id = c.tenant_id and a.i = pg_temp.mix(c.i + 19, ${companies})`;

/** The tenant's own values of contact `c`, as jsonb. */
export const contactCustom = `jsonb_strip_nulls(jsonb_build_object(${Object.entries(contactValues)
  .map(([key, { sql }]) => `'${key}', ${key === 'c_vip' ? `(${sql}) = 1` : sql}`)
  .join(', ')}))`;

/** The copies of contacts in `bench_contact`. */
export async function contactCopies(client: pg.Client, tenantId: string, ids: FieldIds, companies: number) {
  for (const [key, { sql, column }] of Object.entries(contactValues)) {
    const value = column === 'time' ? `(${sql})::timestamp at time zone 'UTC'` : `(${sql})`;
    const sort = column !== 'text' ? 'null' : key === 'c_tier' ? placeOf(value) : value;
    await client.query(
      `insert into app.field_value (tenant_id, field_id, record_id, n, ${column}, sort)
       select c.tenant_id, $2::uuid, c.id, 0, ${value}, ${sort} from bench_contact c ${accountJoin('$3::int')}
       where c.tenant_id = $1 and ${value} is not null order by c.id`,
      [tenantId, ids[`contact.${key}`], companies],
    );
  }
}

const placeOf = (value: string) =>
  `lpad((array_position(array['gold','silver','bronze','iron','tin'], ${value}))::text, 4, '0')`;

/** Formulas of deals and roll-ups of companies, as the product would have kept them. */
export async function computedValues(client: pg.Client, tenantId: string, ids: FieldIds): Promise<void> {
  await client.query(
    `insert into app.field_value (tenant_id, field_id, record_id, n, number)
     select tenant_id, $2, id, 0, amount * 2 from app.deal where tenant_id = $1`,
    [tenantId, ids['deal.c_double']],
  );
  await client.query(
    `create temp table bench_sum as select c.id, count(d.id)::float8 as n, coalesce(sum(d.amount), 0)::float8 as total
     from app.company c left join app.deal d on d.tenant_id = c.tenant_id and d.company_id = c.id where c.tenant_id = $1 group by c.id`,
    [tenantId],
  );
  for (const [key, column] of [
    ['c_orders', 'total'],
    ['c_count', 'n'],
  ] as const)
    await client.query(
      `insert into app.field_value (tenant_id, field_id, record_id, n, number) select $1, $2, id, 0, ${column} from bench_sum`,
      [tenantId, ids[`company.${key}`]],
    );
  await client.query(
    `update app.company c set custom = jsonb_build_object('c_orders', s.total, 'c_count', s.n) from bench_sum s
     where c.tenant_id = $1 and c.id = s.id`,
    [tenantId],
  );
}

/** Fills tables without their secondary indexes, which are made again when all is there: a fifth of the time. */
export async function withoutIndexes(client: pg.Client, tables: string[], work: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<{ name: string; made: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made from pg_index i
     where i.indrelid = any($1::regclass[]) and not i.indisprimary
       and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [tables.map((table) => `app.${table}`)],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  await work();
  await client.query("set maintenance_work_mem = '1GB'; set max_parallel_maintenance_workers = 1");
  for (const { made } of rows) await client.query(made);
}
