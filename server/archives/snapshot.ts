import { open } from 'node:fs/promises';
import path from 'node:path';
import { type SQL, sql } from 'drizzle-orm';
import { inTenant, type TenantDb } from '@/db/tenant';
import { Refusal } from '@/domain/refusals';
import { type ArchivedTable, archivedColumns, archivedTables, keyOf } from './tables';

/** Rows of one table as Postgres wrote them, a JSON object a line, on this machine's disk. */
export interface Spooled {
  of: ArchivedTable;
  file: string;
  rows: number;
}

/** A workspace as of one moment. */
export interface Snapshot {
  tables: Spooled[];
  /** Ids, sizes and hashes of files. */
  files: { file: string; rows: number };
  rows: number;
  at: string;
  name: string;
  /** Fields that are computed, as `object key`: their values follow from others. */
  computed: ReadonlySet<string>;
}

export interface Watched {
  signal: AbortSignal;
  /** Told now and then how many rows are read. */
  progress?: (rows: number) => void | Promise<void>;
}

/** As the statement below says; a row may be a megabyte. */
const pageRows = 200;

/**
 * Writes all rows of a workspace to files of this machine, as of one moment. The transaction does nothing else, for while it
 * lasts no vacuum of the database gets rid of anything (docs/decisions/0029-archives.md).
 * @throws Refusal unavailable `archiveTooLong` when half an hour was not enough
 */
export async function takeSnapshot(tenantId: string, folder: string, watched: Watched): Promise<Snapshot> {
  try {
    return await inTenant(tenantId, 'read', async (db) => {
      await db.rows(sql`set transaction isolation level repeatable read`);
      await allowLonger(db);
      return await readAll(db, folder, watched);
    });
  } catch (error) {
    // The transaction's or the statement's time was up.
    if (error instanceof Error && 'code' in error && (error.code === '25P04' || error.code === '57014'))
      throw new Refusal('unavailable', 'archiveTooLong');
    throw error;
  }
}

async function readAll(db: TenantDb, folder: string, watched: Watched): Promise<Snapshot> {
  const [facts] = await db.rows<{ at: string; name: string }>(
    sql`select now() as at, s.name from app.tenant_settings s where s.tenant_id = ${db.tenantId}`,
  );
  if (!facts) throw new Error('A tenant without settings');
  const computed = await db.rows<{ field: string }>(sql`select f.object || ' ' || f.key as field from app.custom_field f
    where f.tenant_id = ${db.tenantId} and f.type in ('formula', 'rollup')`);
  let rows = 0;
  const spool = async (name: string, select: SQL): Promise<{ file: string; rows: number }> => {
    const file = path.join(folder, `${name.replace('/', '.')}.part`);
    const count = await toFile(db, select, file, watched.signal, (some) => watched.progress?.(rows + some));
    rows += count;
    return { file, rows: count };
  };
  const tables: Spooled[] = [];
  for (const of of archivedTables)
    tables.push({ of, ...(await spool(`${of.installation ? 'installation' : 'data'}/${of.name}`, rowsOf(of, db))) });
  const files = await spool('files', filesOf(db));
  return { tables, files, rows, ...facts, computed: new Set(computed.map(({ field }) => field)) };
}

function rowsOf(of: ArchivedTable, db: TenantDb): SQL {
  const columns = [...archivedColumns(of)].map(([name, column]) => sql`${column} as ${sql.identifier(name)}`);
  const order = keyOf(of.table).flatMap((name) => {
    const column = sql`r.${sql.identifier(name)}`;
    return name === of.workspaceFirst ? [sql`${column} <> ${db.tenantId}`, column] : [column];
  });
  return sql`select row_to_json(r)::text as line from (
      select ${sql.join(columns, sql`, `)} from ${of.table} where ${db.own(of.table)} ${of.only ? sql`and ${of.only}` : sql``}) r
    order by ${sql.join(order, sql`, `)}`;
}

/** What was uploaded and what hangs on records; several rows may share a file. */
const filesOf = ({ tenantId }: TenantDb): SQL => sql`select row_to_json(r)::text as line from (
    select f.id, f.size as bytes, f.sha256 from app.file f where f.tenant_id = ${tenantId}
    union select a.file_id, a.bytes, a.sha256 from app.attachment a where a.tenant_id = ${tenantId}) r
  order by r.id`;

async function toFile(
  db: TenantDb,
  select: SQL,
  name: string,
  signal: AbortSignal,
  progress: (rows: number) => void | Promise<void>,
): Promise<number> {
  await db.rows(sql`declare archive_rows no scroll cursor for ${select}`);
  const file = await open(name, 'wx', 0o600);
  try {
    let rows = 0;
    for (;;) {
      signal.throwIfAborted();
      const page = await db.rows<{ line: string }>(sql`fetch forward 200 from archive_rows`);
      if (page.length > 0) await file.appendFile(`${page.map(({ line }) => line).join('\n')}\n`);
      rows += page.length;
      await progress(rows);
      if (page.length < pageRows) break;
    }
    await db.rows(sql`close archive_rows`);
    return rows;
  } finally {
    await file.close();
  }
}

/** A worker's ten minutes are not enough for the largest workspaces; what is sealed is not written here. */
async function allowLonger(db: TenantDb): Promise<void> {
  const limits = ['statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout'];
  // Before version 17 Postgres has no transaction_timeout.
  await db.rows(sql`select set_config(name, '30min', true) from pg_settings where name = any(${sql.param(limits)})`);
}
