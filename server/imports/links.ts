import { sql } from 'drizzle-orm';
import type { Change } from '../core/changes';
import { newId } from '../core/ids';
import { standardType } from '../core/record-types';
import type { Work } from '../core/work';

/** A record's place at another: a contact in a company, a contact on a deal. */
export interface Link {
  id: string;
  from: string;
  to: string;
  isPrimary: boolean;
}

/** The tables of links, by the object whose rows bring them. */
const kinds = {
  contact: { object: 'contactCompany', table: 'contact_company', from: 'contactId', to: 'companyId' },
  deal: { object: 'dealContact', table: 'deal_contact', from: 'dealId', to: 'contactId' },
} as const;
export type LinkKind = keyof typeof kinds;

const snakes = { contactId: 'contact_id', companyId: 'company_id', dealId: 'deal_id' } as const;

/** Links that records have now. */
export async function linksOf(work: Work, kind: LinkKind, ids: readonly string[]): Promise<Map<string, Link[]>> {
  if (ids.length === 0) return new Map();
  const { table, from, to } = kinds[kind];
  const source = sql.identifier(snakes[from]);
  const rows = await work.db.rows<Link>(sql`
    select l.id, l.${source} as "from", l.${sql.identifier(snakes[to])} as "to", l.is_primary as "isPrimary" from app.${sql.identifier(table)} l
    where l.tenant_id = ${work.actor.tenantId} and l.${source} = any(${sql.param(ids)}::uuid[]) and l.deleted_at is null`);
  return Map.groupBy(rows, (link) => link.from);
}

/** Changes that give a record the links a row names, the primary one first; links it has besides stay. */
export function linkChanges(
  kind: LinkKind,
  from: string,
  wanted: readonly string[],
  existing: readonly Link[],
  primary: string | null,
): Change[] {
  const { object } = kinds[kind];
  const type = standardType(object);
  const list: Change[] = [];
  for (const to of new Set(wanted)) {
    if (!existing.some((link) => link.to === to)) {
      list.push({
        type,
        op: 'create',
        id: newId(),
        values: { [kinds[kind].from]: from, [kinds[kind].to]: to, isPrimary: to === primary },
      });
    }
  }
  for (const link of existing) {
    if (primary !== null && link.isPrimary !== (link.to === primary))
      list.push({ type, op: 'update', id: link.id, values: { isPrimary: link.to === primary } });
  }
  return list;
}
