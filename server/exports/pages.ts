import { type SQL, sql } from 'drizzle-orm';
import type { ExportPlan } from '@/domain/exports';
import { type RecordType, snake } from '../core/record-types';
import { listRecords, type RecordRow } from '../core/records';
import { inScope } from '../core/scope';
import { andKind } from '../core/types';
import type { Work } from '../core/work';
import { type Beside, dealContacts, type Linked, namesToRead } from './cells';

/** Records read in one transaction, and cells: a list of five hundred fields comes in smaller pages. */
export const pageRows = 1000;
const pageCells = 20_000;

export interface Page {
  rows: RecordRow[];
  beside: Beside;
  next: string | null;
}

/**
 * What of a kind of record is written.
 * @param withIds whether records stand with all they are linked to, as a file needs that is to be brought back
 */
export type PagePlan = Pick<ExportPlan, 'filter' | 'q' | 'sort' | 'ids' | 'columns'> & { withIds: boolean };

/** The next records of an export in the order of its list, as far as the actor may read them now. */
export async function readPage(work: Work, type: RecordType, plan: PagePlan, cursor: string | null): Promise<Page> {
  const columns = namesToRead(type, plan.columns);
  const { filter, q, sort, ids } = plan;
  const limit = Math.max(20, Math.min(pageRows, Math.floor(pageCells / columns.length)));
  const { rows, next } = await listRecords(work, type, { filter, q, sort, ids, columns, cursor, limit });
  return { rows, next, beside: await besideOf(work, type, plan, columns, rows) };
}

/** Names of what is linked to the records and lies in their fields of files: all of them, where a list shows the first. */
async function besideOf(
  work: Work,
  type: RecordType,
  plan: PagePlan,
  names: string[],
  rows: RecordRow[],
): Promise<Beside> {
  const beside = new Map<string, Map<string, Linked[]>>();
  if (rows.length === 0) return beside;
  for (const name of names) {
    const kind = type.fields[name]?.type;
    if (kind === 'relation') beside.set(name, await linked(work, type, name, rows));
    else if (kind === 'file') beside.set(name, await filed(work, name, rows));
  }
  if (!plan.withIds) return beside;
  if (type.object === 'contact' && names.includes('companyId')) beside.set('companyId', await companiesOf(work, rows));
  if (type.object === 'deal' && !plan.columns) beside.set(dealContacts, await contactsOf(work, rows));
  return beside;
}

interface Named extends Linked {
  recordId: string;
}

async function linked(work: Work, type: RecordType, name: string, rows: RecordRow[]): Promise<Map<string, Linked[]>> {
  const own = type.fields[name]?.own;
  const target = work.types.find(own?.settings.to ?? '');
  if (!own || !target) return new Map();
  const found = await work.db.rows<Named>(sql`
    select l.from_id as "recordId", a.id, a.${sql.identifier(snake(target.title))} as name
    from app.relation_link l join ${target.table} a on a.tenant_id = ${work.actor.tenantId} and a.id = l.to_id and a.deleted_at is null ${andKind(target, 'a')}
    where l.tenant_id = ${work.actor.tenantId} and l.field_id = ${own.id} and l.from_id = any(${idsOf(rows)}::uuid[])
      and l.deleted_at is null ${readable(work, target)}
    order by l.position, l.id`);
  return grouped(found);
}

/** All companies of contacts, the primary one first. */
async function companiesOf(work: Work, rows: RecordRow[]): Promise<Map<string, Linked[]>> {
  const companies = await primaryFirst(work, rows, {
    from: sql`app.contact_company`,
    record: sql`l.contact_id`,
    other: sql`l.company_id`,
    target: work.types.get('company'),
  });
  for (const { id, companyId, refs } of rows) {
    if (typeof companyId !== 'string' || !refs.companyId) continue;
    const others = (companies.get(id) ?? []).filter((company) => company.id !== companyId);
    companies.set(id, [{ id: companyId, name: refs.companyId }, ...others]);
  }
  return companies;
}

/** All people of deals, the primary one first. */
const contactsOf = (work: Work, rows: RecordRow[]): Promise<Map<string, Linked[]>> =>
  primaryFirst(work, rows, {
    from: sql`app.deal_contact`,
    record: sql`l.deal_id`,
    other: sql`l.contact_id`,
    target: work.types.get('contact'),
  });

/** What a table links records to. */
async function primaryFirst(
  work: Work,
  rows: RecordRow[],
  { from, record, other, target }: { from: SQL; record: SQL; other: SQL; target: RecordType },
): Promise<Map<string, Linked[]>> {
  const found = await work.db.rows<Named>(sql`
    select ${record} as "recordId", a.id, a.name
    from ${from} l join ${target.table} a on a.tenant_id = ${work.actor.tenantId} and a.id = ${other} and a.deleted_at is null
    where l.tenant_id = ${work.actor.tenantId} and ${record} = any(${idsOf(rows)}::uuid[])
      and l.deleted_at is null ${readable(work, target)}
    order by l.is_primary desc, l.id`);
  return grouped(found);
}

function readable(work: Work, type: RecordType) {
  const scope = inScope(work, type, 'read', 'a');
  return scope ? sql`and ${scope}` : sql``;
}

/** The values of a field of files are ids, in the order in which they were put there. */
async function filed(work: Work, field: string, rows: RecordRow[]): Promise<Map<string, Linked[]>> {
  const found = await work.db.rows<Named>(sql`
    select a.record_id as "recordId", a.id, a.name from app.attachment a
    where a.tenant_id = ${work.actor.tenantId} and a.record_id = any(${idsOf(rows)}::uuid[]) and a.field = ${field}
      and a.deleted_at is null
    order by a.created_at, a.id`);
  return grouped(found);
}

const idsOf = (rows: RecordRow[]) => sql.param(rows.map(({ id }) => id));

const grouped = (found: Named[]): Map<string, Linked[]> => Map.groupBy(found, ({ recordId }) => recordId);
