import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { eq, type SQL, sql } from 'drizzle-orm';
import { archives, type LoadCursor } from '@/db/schema/archives';
import { inTenant, type TenantDb } from '@/db/tenant';
import { workspaceItself } from '@/domain/archives';
import { nameKey } from '@/domain/imports/matching';
import { Refusal } from '@/domain/refusals';
import { sortKey } from '@/domain/search-keys';
import { storeFile } from '../core/files';
import { type RecordValues, snake, standardTypes } from '../core/record-types';
import { inBatch, type Loading } from './batches';
import { followLoad } from './follow';
import { renamed } from './lines';
import { broken, fileList, fileOf, type OpenArchive } from './open';
import { type ArchivedTable, archivedColumns, keyOf, loadedTables, memberName, selfReferences } from './tables';

/** A piece of the work, committed with where it ended. */
interface Step {
  name: string;
  run(from: LoadCursor): Promise<void>;
}

/**
 * Puts an archive's files and rows into the workspace that is being filled, and makes what follows from them. A transaction per
 * batch, each with how far it came: begun again, it goes on there.
 * @throws Refusal invalid `archiveBroken`, `archiveNewer` for rows that cannot be put back
 */
export async function fillWorkspace(loading: Loading): Promise<void> {
  const { loadingId, archiveId } = loading;
  const [row] = await inTenant(loadingId, 'read', (db) => db.find(archives, eq(archives.id, archiveId)));
  const cursor = row?.cursor ?? null;
  loading.at = cursor;
  const steps = stepsOf(loading);
  const first = cursor ? steps.findIndex(({ name }) => name === cursor.step) : 0;
  if (first < 0) throw new Error(`No step ${cursor?.step}`);
  for (const [i, step] of steps.slice(first).entries())
    await step.run(i === 0 && cursor ? cursor : { step: step.name, line: 0 });
}

function stepsOf(loading: Loading): Step[] {
  const { members } = loading.archive.manifest.content;
  const all = [...members, ...loading.archive.manifest.installation.members];
  const total = all.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  const steps: Step[] = [{ name: 'files', run: (from) => loadFiles(loading, from) }];
  for (const of of loadedTables) {
    const member = all.find(({ name }) => name === memberName(of));
    if (!member) continue;
    const before = done;
    done += member.rows;
    const told = (line: number) => loading.progress?.('rows', before + line, total);
    steps.push({ name: member.name, run: (from) => loadRows(loading, of, from, told) });
    if (selfReferences(of.table).length > 0)
      steps.push({ name: `${member.name} again`, run: (from) => loadReferences(loading, of, from) });
  }
  steps.push({ name: 'following', run: (from) => followLoad(loading, from) });
  return steps;
}

/** Files, in few steps for many: to store one twice changes nothing. */
const filesAtOnce = 20;

async function loadFiles(loading: Loading, from: LoadCursor): Promise<void> {
  const { archive, loadingId } = loading;
  const { count } = archive.manifest.content.files;
  let line = 0;
  for await (const lines of archive.lines(fileList))
    for (const text of lines) {
      line += 1;
      if (line <= from.line) continue;
      loading.signal.throwIfAborted();
      const { id, bytes, sha256, missing } = fileOf(text);
      if (!missing) await loadFile(archive, loadingId, { id, bytes, sha256 });
      if (line % filesAtOnce > 0) continue;
      await inBatch(loading, { step: 'files', line }, async () => {});
      await loading.progress?.('files', line, count);
    }
}

async function loadFile(
  archive: OpenArchive,
  tenantId: string,
  { id, bytes, sha256 }: { id: string; bytes: number; sha256: string },
): Promise<void> {
  const name = `files/${id}`;
  const hash = createHash('sha256');
  const meter = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    // Before the file is whole and kept.
    flush(done) {
      done(hash.digest('hex') === sha256 ? null : broken(name));
    },
  });
  const source = await archive.bytes(name);
  source.on('error', () => meter.destroy(broken(name)));
  await storeFile(tenantId, source.pipe(meter), Math.max(1, bytes), id);
}

/** Rows at once, and characters of their lines. */
const batchRows = 1000;
const batchLength = 4_000_000;

/** A member's lines behind a line, in batches; the last may be empty. */
async function* batchesOf(
  archive: OpenArchive,
  name: string,
  after: number,
): AsyncGenerator<{ lines: string[]; end: number }> {
  let line = 0;
  let batch: string[] = [];
  let length = 0;
  for await (const lines of archive.lines(name))
    for (const text of lines) {
      line += 1;
      if (line <= after) continue;
      batch.push(text);
      length += text.length;
      if (batch.length < batchRows && length < batchLength) continue;
      yield { lines: batch, end: line };
      batch = [];
      length = 0;
    }
  yield { lines: batch, end: line };
}

async function loadRows(
  loading: Loading,
  of: ArchivedTable,
  from: LoadCursor,
  told: (line: number) => void | Promise<void>,
): Promise<void> {
  const name = memberName(of);
  const later = new Set(selfReferences(of.table));
  const columns = archivedColumns(of);
  const derive = derivationOf(of);
  for await (const { lines, end } of batchesOf(loading.archive, name, from.line)) {
    const rows = lines.map((text) => {
      const row = rowOf(of, text, columns, loading.loadingId);
      const derived = derive(row);
      return Object.fromEntries(Object.entries({ ...row, ...derived }).filter(([key]) => !later.has(key)));
    });
    await inBatch(loading, { step: name, line: end }, (db) => insertRows(db, of, rows, `${name}:${end}`));
    await told(end);
  }
}

/** A line as the row it was made from. @throws Refusal invalid `archiveNewer` for a column that is not known */
function rowOf(of: ArchivedTable, text: string, columns: ReadonlyMap<string, unknown>, tenantId: string): RecordValues {
  let row: unknown;
  try {
    row = JSON.parse(text);
    if (of.namesWorkspace) row = renamed(row, workspaceItself, tenantId);
  } catch {
    // No JSON, or nested deeper than the stack.
    throw broken(memberName(of));
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row)) throw broken(memberName(of));
  for (const name of Object.keys(row)) if (!columns.has(name)) throw new Refusal('invalid', 'archiveNewer');
  // Just looked at.
  const values = row as RecordValues;
  if (of.accepts?.(values) === false || Object.values(values).some(isEndless)) throw broken(memberName(of));
  // Whatever somebody has written into it: it does not say who may come in, or what goes on.
  return of.elsewhere?.(values) ?? values;
}

/** Far longer than any text a form takes: what follows from one is computed without a pause. */
const isEndless = (value: unknown) => typeof value === 'string' && value.length > 1_000_000;

/** Columns that follow from others, by today's rules. */
function derivationOf(of: ArchivedTable): (row: RecordValues) => RecordValues {
  const type = standardTypes().find(({ table }) => table === of.table);
  const left = new Set(of.without);
  const derive =
    type?.derive ??
    (left.has('nameKey')
      ? (row: RecordValues) => ({ nameKey: nameKey(String(row.name)), sortKey: sortKey(String(row.name)) })
      : undefined);
  if (!derive) return () => ({});
  return (row) => Object.fromEntries(Object.entries(derive(row)).filter(([name]) => left.has(name)));
}

/** Postgres reads the rows by the table's own types. */
async function insertRows(db: TenantDb, of: ArchivedTable, rows: RecordValues[], what: string): Promise<void> {
  if (rows.length === 0) return;
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].map((name) => sql.identifier(snake(name)));
  const values = names.map((name) => sql`r.${name}`);
  await readable(what, async () =>
    db.rows(sql`insert into ${of.table} (tenant_id, ${sql.join(names, sql`, `)})
      select ${db.tenantId}, ${sql.join(values, sql`, `)} from json_populate_recordset(null::${of.table}, ${jsonOf(rows)}) as r`),
  );
}

const jsonOf = (rows: RecordValues[]): string =>
  JSON.stringify(
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [snake(name), value]))),
  );

/** References to rows of the same table, which are all there now. */
async function loadReferences(loading: Loading, of: ArchivedTable, from: LoadCursor): Promise<void> {
  const name = memberName(of);
  const references = selfReferences(of.table);
  const columns = archivedColumns(of);
  const key = keyOf(of.table);
  for await (const { lines, end } of batchesOf(loading.archive, name, from.line)) {
    const rows = lines
      .map((text) => rowOf(of, text, columns, loading.loadingId))
      .filter((row) => references.some((reference) => row[reference] !== undefined))
      .map((row) => Object.fromEntries([...key, ...references].map((each) => [each, row[each] ?? null])));
    await inBatch(loading, { step: `${name} again`, line: end }, async (db) => {
      if (rows.length === 0) return;
      const set = joined(references, (column) => sql`${column} = r.${column}`, sql`, `);
      const found = joined(key, (column) => sql`t.${column} = r.${column}`, sql` and `);
      await readable(`${name}:${end}`, async () =>
        db.rows(sql`update ${of.table} t set ${set} from json_populate_recordset(null::${of.table}, ${jsonOf(rows)}) as r
          where t.tenant_id = ${db.tenantId} and ${found}`),
      );
    });
  }
}

const joined = (names: readonly string[], each: (column: SQL) => SQL, between: SQL): SQL =>
  sql.join(
    names.map((name) => each(sql`${sql.identifier(snake(name))}`)),
    between,
  );

/**
 * What Postgres refuses to take (SQLSTATE classes 22, 23 and 54: data, constraints, limits), or is nested deeper than the stack,
 * is no row of ours.
 */
async function readable<T>(what: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof RangeError) throw broken(what);
    if (error instanceof Error && 'code' in error && /^(22|23|54)/.test(String(error.code))) throw broken(what);
    throw error;
  }
}
