import { sql } from 'drizzle-orm';
import type { ExportPlan } from '@/domain/exports';
import { type RecordType, snake } from '../core/record-types';
import { listRecords, type RecordRow } from '../core/records';
import { inScope } from '../core/scope';
import { andKind } from '../core/types';
import type { Work } from '../core/work';
import { type Beside, namesToRead } from './cells';

/** Records read in one transaction, and cells: a list of five hundred fields comes in smaller pages. */
export const pageRows = 1000;
const pageCells = 20_000;

export interface Page {
  rows: RecordRow[];
  beside: Beside;
  next: string | null;
}

/** The next records of an export in the order of its list, as far as the actor may read them now. */
export async function readPage(work: Work, type: RecordType, plan: ExportPlan, cursor: string | null): Promise<Page> {
  const columns = namesToRead(type, plan.columns ?? null);
  const { filter, q, sort, ids } = plan;
  const limit = Math.max(20, Math.min(pageRows, Math.floor(pageCells / columns.length)));
  const { rows, next } = await listRecords(work, type, { filter, q, sort, ids, columns, cursor, limit });
  return { rows, next, beside: await besideOf(work, type, columns, rows) };
}

/** Names of what is linked to the records and lies in their fields of files: all of them, where a list shows the first. */
async function besideOf(work: Work, type: RecordType, names: string[], rows: RecordRow[]): Promise<Beside> {
  const beside = new Map<string, Map<string, string[]>>();
  for (const name of rows.length > 0 ? names : []) {
    const kind = type.fields[name]?.type;
    if (kind === 'relation') beside.set(name, await linked(work, type, name, rows));
    else if (kind === 'file') beside.set(name, await filed(work, name, rows));
  }
  return beside;
}

type Named = { recordId: string; name: string };

async function linked(work: Work, type: RecordType, name: string, rows: RecordRow[]): Promise<Map<string, string[]>> {
  const own = type.fields[name]?.own;
  const target = work.types.find(own?.settings.to ?? '');
  if (!own || !target) return new Map();
  const scope = inScope(work, target, 'read', 'a');
  const found = await work.db.rows<Named>(sql`
    select l.from_id as "recordId", a.${sql.identifier(snake(target.title))} as name
    from app.relation_link l join ${target.table} a on a.tenant_id = ${work.actor.tenantId} and a.id = l.to_id and a.deleted_at is null ${andKind(target, 'a')}
    where l.tenant_id = ${work.actor.tenantId} and l.field_id = ${own.id} and l.from_id = any(${idsOf(rows)}::uuid[])
      and l.deleted_at is null ${scope ? sql`and ${scope}` : sql``}
    order by l.position, l.id`);
  return grouped(found);
}

/** The values of a field of files are ids, in the order in which they were put there. */
async function filed(work: Work, field: string, rows: RecordRow[]): Promise<Map<string, string[]>> {
  const found = await work.db.rows<Named>(sql`
    select a.record_id as "recordId", a.name from app.attachment a
    where a.tenant_id = ${work.actor.tenantId} and a.record_id = any(${idsOf(rows)}::uuid[]) and a.field = ${field}
      and a.deleted_at is null
    order by a.created_at, a.id`);
  return grouped(found);
}

const idsOf = (rows: RecordRow[]) => sql.param(rows.map(({ id }) => id));

const grouped = (found: Named[]): Map<string, string[]> =>
  new Map([...Map.groupBy(found, ({ recordId }) => recordId)].map(([id, of]) => [id, of.map(({ name }) => name)]));
