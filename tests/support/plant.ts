import { randomUUID } from 'node:crypto';
import type pg from 'pg';

export interface TableColumn {
  name: string;
  type: string;
  notNull: boolean;
  generated: boolean;
  hasDefault: boolean;
}

export interface TenantTableInfo {
  name: string;
  columns: TableColumn[];
  key: string[];
  /** Columns that point to another table, with the table and column they point to. */
  references: { columns: string[]; table: string; foreign: string[] }[];
  /** Values the table's checks allow, by column. */
  allowed: Record<string, string>;
}

/** Every tenant table as the catalogue has it, those referred to first. New tables join by existing. */
export async function tenantTables(client: pg.Client): Promise<TenantTableInfo[]> {
  const { rows } = await client.query<{
    name: string;
    columns: TableColumn[];
    key: string[];
    references: TenantTableInfo['references'] | null;
    checks: string[] | null;
  }>(`
    select c.relname as name,
      (select jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, null), 'notNull', a.attnotnull, 'generated', a.attgenerated <> '', 'hasDefault', a.atthasdef) order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      (select array_agg(a.attname::text order by array_position(i.indkey::int2[], a.attnum)) from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey) where i.indrelid = c.oid and i.indisprimary) as key,
      (select jsonb_agg(jsonb_build_object(
          'columns', (select jsonb_agg(a.attname order by u.ord) from unnest(k.conkey) with ordinality u(att, ord) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.att),
          'table', f.relname,
          'foreign', (select jsonb_agg(a.attname order by u.ord) from unnest(k.confkey) with ordinality u(att, ord) join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.att)))
        from pg_constraint k join pg_class f on f.oid = k.confrelid where k.conrelid = c.oid and k.contype = 'f') as references,
      (select array_agg(pg_get_constraintdef(k.oid)) from pg_constraint k where k.conrelid = c.oid and k.contype = 'c') as checks
    from pg_class c where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')`);
  const tables = rows.map(({ checks, references, ...table }) => ({
    ...table,
    references: references ?? [],
    allowed: allowedValues(checks ?? []),
  }));
  const sorted: TenantTableInfo[] = [];
  while (sorted.length < tables.length) {
    const next = tables.filter(
      (t) =>
        !sorted.includes(t) &&
        t.references.every(
          (r) =>
            r.table === t.name || !tables.some((o) => o.name === r.table) || sorted.some((s) => s.name === r.table),
        ),
    );
    if (next.length === 0) throw new Error('Foreign keys in a circle');
    sorted.push(...next);
  }
  return sorted;
}

/** `CHECK ((kind = ANY (ARRAY['open'::text, …])))`: the first allowed value by column. */
function allowedValues(checks: string[]): Record<string, string> {
  return Object.fromEntries(
    checks.flatMap((text) => {
      const match = /\(\((\w+) = ANY \(\(?ARRAY\['([^']+)'/.exec(text);
      return match?.[1] && match[2] ? [[match[1], match[2]]] : [];
    }),
  );
}

/**
 * Puts a row into every tenant table, each text column holding `canary` and the column's name, as a superuser.
 * @returns each table's row
 */
export async function plantRows(
  client: pg.Client,
  tenantId: string,
  canary: string,
  userId: string,
): Promise<Map<string, Record<string, unknown>>> {
  const planted = new Map<string, Record<string, unknown>>();
  for (const table of await tenantTables(client)) {
    const row: Record<string, unknown> = {};
    for (const column of table.columns) if (!column.generated) row[column.name] = sample(table, column, canary);
    for (const { columns, table: to, foreign } of table.references) {
      const target = to === table.name ? row : planted.get(to);
      columns.forEach((name, i) => {
        if (name === 'tenant_id') return;
        row[name] = to === 'user_account' ? userId : to === table.name ? null : target?.[foreign[i] ?? ''];
      });
    }
    row.tenant_id = tenantId;
    for (const name of ['deleted_at', 'revoked_at', 'accepted_at', 'undone_by', 'undoes'])
      if (name in row) row[name] = null;
    if (table.name === 'member') Object.assign(row, { user_id: null });
    if (table.name === 'tenant_settings') {
      // There is one row of settings, and sign-up made it.
      const { rows } = await client.query('select * from app.tenant_settings where tenant_id = $1', [tenantId]);
      planted.set(table.name, rows[0]);
      continue;
    }
    const names = Object.keys(row);
    await client.query(
      `insert into app.${table.name} (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
      Object.values(row),
    );
    planted.set(table.name, row);
  }
  return planted;
}

function sample(table: TenantTableInfo, column: TableColumn, canary: string): unknown {
  const { name, type } = column;
  if (table.allowed[name]) return table.allowed[name];
  if (type === 'uuid') return randomUUID();
  if (type === 'boolean') return false;
  if (type === 'integer' || type === 'bigint' || type === 'smallint') return 1;
  if (type === 'double precision') return 1.5;
  if (type === 'date') return '2026-06-01';
  if (type.startsWith('timestamp')) return name.startsWith('expires') ? '2099-01-01T00:00:00Z' : '2026-06-01T00:00:00Z';
  if (type === 'jsonb') return JSON.stringify({ text: `${canary}${name}` });
  if (type === 'uuid[]') return [randomUUID()];
  if (type === 'text[]') return [`${canary}${name}`];
  if (name === 'object') return 'company';
  if (name === 'op') return 'update';
  if (name === 'locale') return 'en';
  if (name === 'currency') return 'USD';
  return `${canary}${table.name}-${name}`;
}
