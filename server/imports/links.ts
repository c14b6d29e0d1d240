import { sql } from 'drizzle-orm';
import { type ImportPolicy, mergeValues } from '@/domain/imports/mapping';
import type { Place } from '@/domain/imports/places';
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
  role: string | null;
  fromDate?: string | null;
  toDate?: string | null;
  /** This very import has written it. */
  mine: boolean;
}

/** The tables of links, by the object whose rows bring them. */
const kinds = {
  contact: { object: 'contactCompany', table: 'contact_company', from: 'contactId', to: 'companyId' },
  deal: { object: 'dealContact', table: 'deal_contact', from: 'dealId', to: 'contactId' },
} as const;
export type LinkKind = keyof typeof kinds;

const snakes = { contactId: 'contact_id', companyId: 'company_id', dealId: 'deal_id' } as const;

/**
 * Links that records have now.
 * @param changeSetId of the import whose links are told from others; null where that makes no difference
 */
export async function linksOf(
  work: Work,
  kind: LinkKind,
  ids: readonly string[],
  changeSetId: string | null = null,
): Promise<Map<string, Link[]>> {
  if (ids.length === 0) return new Map();
  const { table, from, to } = kinds[kind];
  const source = sql.identifier(snakes[from]);
  const dates = kind === 'contact' ? sql`l.from_date::text as "fromDate", l.to_date::text as "toDate",` : sql``;
  const rows = await work.db.rows<Link>(sql`
    select l.id, l.${source} as "from", l.${sql.identifier(snakes[to])} as "to", l.is_primary as "isPrimary", l.role, ${dates}
      ${changeSetId}::uuid is not null and exists (select from app.change c
        where c.tenant_id = ${work.actor.tenantId} and c.change_set_id = ${changeSetId}::uuid and c.record_id = l.id) as mine
    from app.${sql.identifier(table)} l
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

/**
 * Changes that put a record at a place as a row says: its link there, and the one before as no primary one any more.
 * @param primary of a contact: the company that is its primary one; of a deal null, where rows say it
 * @returns null for a link that this import has written already, and otherwise
 */
export function placeChanges(
  kind: LinkKind,
  { from, to, primary }: { from: string; to: string; primary: string | null },
  place: Place,
  existing: readonly Link[],
  policy: ImportPolicy,
): Change[] | null {
  const { object } = kinds[kind];
  const type = standardType(object);
  const there = existing.find((link) => link.to === to);
  const before = existing.filter((link) => link.isPrimary && link.to !== to);
  // There is one primary at most, and the first that an import has put there stays.
  const becomes = place.isPrimary === true && !before.some(({ mine }) => mine);
  const { isPrimary: _, ...told } = place;
  if (!there) {
    if (policy === 'keep') return [];
    const isPrimary = becomes || to === primary;
    const ends = { [kinds[kind].from]: from, [kinds[kind].to]: to };
    return [
      { type, op: 'create', id: newId(), values: { ...ends, ...told, isPrimary } },
      ...(becomes ? before : []).map(({ id }): Change => ({ type, op: 'update', id, values: { isPrimary: false } })),
    ];
  }
  const values = mergeValues(() => policy, { ...there }, { ...told, ...(becomes ? { isPrimary: true } : {}) });
  if (Object.keys(values).length === 0) return [];
  if (there.mine) return null;
  return [
    { type, op: 'update', id: there.id, values },
    ...(values.isPrimary ? before : []).map(
      ({ id }): Change => ({ type, op: 'update', id, values: { isPrimary: false } }),
    ),
  ];
}

/** Links as they are once changes of them are written. */
export function linksAfter(kind: LinkKind, from: string, links: readonly Link[], changes: readonly Change[]): Link[] {
  const list = links.map((link) => {
    const change = changes.find(({ op, id }) => op === 'update' && id === link.id);
    return change?.op === 'update' ? { ...link, ...change.values, mine: true } : link;
  });
  const added = changes.flatMap((change): Link[] => {
    if (change.op !== 'create') return [];
    const { role, isPrimary, fromDate, toDate, [kinds[kind].to]: to } = change.values;
    const text = (value: unknown) => (typeof value === 'string' ? value : null);
    const ends = { id: change.id, from, to: String(to), isPrimary: isPrimary === true, mine: true };
    return [{ ...ends, role: text(role), fromDate: text(fromDate), toDate: text(toDate) }];
  });
  return [...list, ...added];
}
