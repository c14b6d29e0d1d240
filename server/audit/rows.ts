import { type SQL, sql } from 'drizzle-orm';
import type { TenantDb } from '@/db/tenant';

/** The tables a seal covers, in the order it covers them, and what of a row is hashed. */
export const tables = [
  {
    name: 'change_set',
    key: ['id'],
    columns: ['id', 'at', 'member_id', 'channel', 'verb', 'detail', 'request_id', 'ip', 'undoes', 'written_at'],
    // Undo marks the set it took back later on; the undo itself is a set, and sealed.
    left: ['undone_by'],
  },
  {
    name: 'change',
    key: ['change_set_id', 'record_id'],
    columns: ['change_set_id', 'object', 'record_id', 'op', 'at', 'before', 'after', 'written_at'],
    // Of an erased row; the entry of its erasure vouches for them (docs/decisions/0026-erase.md).
    left: ['erasure_id', 'erased_hash'],
  },
  {
    name: 'audit_event',
    key: ['id'],
    columns: ['id', 'at', 'member_id', 'action', 'subject', 'detail', 'channel', 'request_id', 'ip', 'written_at'],
    left: [],
  },
] as const;
type Table = (typeof tables)[number];

export interface Row {
  /** When it was written, to the microsecond. */
  at: string;
  hash: Buffer;
}

/** A table's rows in order, a page at a time. */
export interface Rows {
  name: string;
  /** Hands over every row not yet handed over that was written up to a moment. */
  upTo(moment: string, each: (row: Row) => void): Promise<void>;
  close(): Promise<void>;
}

/** As the statement below says. */
const pageSize = 2000;

/**
 * Opens a table's rows of a window, in the order they were written. The server sorts and keeps them: a million rows take
 * no more memory here than a page.
 */
export async function rowsOf(db: TenantDb, table: Table, from: string | null, to: string): Promise<Rows> {
  const cursor = sql.identifier(`audit_${table.name}`);
  const keys = table.key.map((name) => sql.identifier(name));
  // The subselect with its offset has rows hashed before they are sorted: hashes are narrower than rows.
  await db.rows(sql`declare ${cursor} no scroll cursor for
    select to_char(written_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, hash from (
      select written_at, ${sql.join(keys, sql`, `)}, ${rowHash(table)} as hash from app.${sql.identifier(table.name)}
      where tenant_id = ${db.tenantId} and written_at > coalesce(${from}::timestamptz, '-infinity') and written_at <= ${to}::timestamptz
      offset 0) as hashed
    order by written_at, ${sql.join(keys, sql`, `)}`);
  let page: Row[] = [];
  let next = 0;
  let isOver = false;
  return {
    name: table.name,
    async upTo(moment, each) {
      for (;;) {
        for (; next < page.length; next++) {
          const row = page[next];
          if (!row || row.at > moment) return;
          each(row);
        }
        if (isOver) return;
        page = await db.rows<Row>(sql`fetch forward 2000 from ${cursor}`);
        next = 0;
        isOver = page.length < pageSize;
      }
    },
    close: async () => {
      await db.rows(sql`close ${cursor}`);
    },
  };
}

/** SHA-256 of a row as a JSON array. Moments go in as UTC, so that no session's time zone changes them. */
function rowHash({ name, columns }: Table): SQL {
  const values = columns.map((column) =>
    column === 'at' || column === 'written_at'
      ? sql`${sql.identifier(column)} at time zone 'UTC'`
      : sql`${sql.identifier(column)}`,
  );
  const hash = sql`sha256(convert_to(jsonb_build_array(${sql.join(values, sql`, `)})::text, 'UTF8'))`;
  // An erased row has its values no more; what its hash was has been kept, and the erasure's own entry vouches for it.
  return name === 'change'
    ? sql`case when erased_hash is not null and before is null and after is null then decode(erased_hash, 'hex') else ${hash} end`
    : hash;
}
