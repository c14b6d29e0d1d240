import { sql } from 'drizzle-orm';
import type { MovedRows } from '@/db/schema/duplicates';
import { primaryLink } from '../contacts/contacts';
import type { Change } from '../core/changes';
import { flat, type RecordType, type RecordValues, snake } from '../core/record-types';
import { isTopic } from '../core/scope';
import type { Work } from '../core/work';

/** Changes of a merge, one per record: a change set holds a record once. */
export class Moves {
  private readonly byId = new Map<string, Change>();

  update(type: RecordType, id: string, values: RecordValues): void {
    const known = this.byId.get(id);
    if (known?.op === 'delete') return;
    if (known && 'values' in known) Object.assign(known.values, values);
    else this.byId.set(id, { type, op: 'update', id, values: { ...values } });
  }

  remove(type: RecordType, id: string): void {
    this.byId.set(id, { type, op: 'delete', id });
  }

  add(change: Change): void {
    this.byId.set(change.id, change);
  }

  list(): Change[] {
    return [...this.byId.values()];
  }
}

export interface Merging {
  type: RecordType;
  survivorId: string;
  losers: string[];
}

/** Links between two records: both ends, and the one among whose links one is the main one. */
const linkTypes: Record<string, { ends: [string, string]; holder?: string }> = {
  contactCompany: { ends: ['contactId', 'companyId'], holder: 'contactId' },
  dealContact: { ends: ['dealId', 'contactId'], holder: 'dealId' },
  relationLink: { ends: ['fromId', 'toId'] },
};

/** Everything with a history that points to the losers points to the survivor. */
export async function moveReferences(work: Work, merging: Merging, values: RecordValues, moves: Moves): Promise<void> {
  for (const type of work.types.all()) {
    const link = linkTypes[type.object];
    if (link) await moveLinks(work, merging, type, link, values, moves);
    else await moveFields(work, merging, type, moves);
  }
}

async function moveFields(work: Work, { type: merged, survivorId, losers }: Merging, type: RecordType, moves: Moves) {
  for (const [name, field] of Object.entries(type.fields)) {
    // What is about a record of whichever kind is found by the record's id alone.
    const leads = field.to === merged.object || (field.kindIn !== undefined && isTopic(merged));
    if (field.type !== 'reference' || !leads || field.readOnly) continue;
    for (const id of await pointing(work, type, name, losers)) {
      // The merged records themselves are decided by the choice of values.
      if (id !== survivorId && !losers.includes(id)) moves.update(type, id, { [name]: survivorId });
    }
  }
  if (merged.object === 'contact' && 'attendeeIds' in type.table) {
    const rows = await work.db.rows<{ id: string; attendeeIds: string[] }>(
      sql`select t.id, t.attendee_ids as "attendeeIds" from ${type.table} t
        where t.tenant_id = ${work.actor.tenantId} and t.deleted_at is null and t.attendee_ids && ${sql.param(losers)}::uuid[]`,
    );
    for (const { id, attendeeIds } of rows)
      moves.update(type, id, {
        attendeeIds: [...new Set(attendeeIds.map((one) => (losers.includes(one) ? survivorId : one)))],
      });
  }
}

/** Live records with one of these in a reference field. */
async function pointing(work: Work, type: RecordType, name: string, ids: string[]): Promise<string[]> {
  const own = type.fields[name]?.own;
  const tenant = work.actor.tenantId;
  if (!own && !(name in type.table)) return [];
  const rows = await work.db.rows<{ id: string }>(
    own
      ? sql`select t.id from app.field_value v join ${type.table} t on t.tenant_id = ${tenant} and t.id = v.record_id and t.deleted_at is null
          where v.tenant_id = ${tenant} and v.field_id = ${own.id} and v.ref = any(${sql.param(ids)}::uuid[])`
      : sql`select t.id from ${type.table} t where t.tenant_id = ${tenant} and t.deleted_at is null
          and t.${sql.identifier(snake(name))} = any(${sql.param(ids)}::uuid[])`,
  );
  return rows.map(({ id }) => id);
}

interface LinkRow extends RecordValues {
  id: string;
}

async function moveLinks(
  work: Work,
  { type: merged, survivorId, losers }: Merging,
  type: RecordType,
  { ends, holder }: { ends: [string, string]; holder?: string },
  values: RecordValues,
  moves: Moves,
): Promise<void> {
  const all = [survivorId, ...losers];
  for (const end of ends) {
    const other = end === ends[0] ? ends[1] : ends[0];
    const column = sql`${type.table}.${sql.identifier(snake(end))}`;
    const stored = await work.db.find(
      type.table,
      sql`${column} = any(${sql.param(all)}::uuid[]) and ${type.table}.deleted_at is null`,
    );
    const links = stored
      .map((row) => flat(row) as LinkRow)
      .filter((link) => pointsTo(work, type, end, link) === merged.object);
    const groups = Map.groupBy(
      links,
      (link) => `${link.fieldId ?? ''} ${all.includes(String(link[other])) ? survivorId : link[other]}`,
    );
    const kept: { link: LinkRow; isPrimary: boolean; role: unknown }[] = [];
    for (const group of groups.values()) {
      const link = group.find((one) => one[end] === survivorId) ?? group.find((one) => one.isPrimary) ?? group[0];
      if (!link) continue;
      // A record's link to what it became one with says nothing any more.
      const toItself = all.includes(String(link[other])) && pointsTo(work, type, other, link) === merged.object;
      for (const one of group) if (toItself || one !== link) moves.remove(type, one.id);
      if (toItself) continue;
      const role = group.map((one) => one.role).find(Boolean) ?? null;
      kept.push({ link, role, isPrimary: group.some((one) => one.isPrimary === true) });
    }
    if (holder === end) onePrimary(type, kept, survivorId, values);
    for (const { link, isPrimary, role } of kept) {
      const next: RecordValues = { [end]: survivorId };
      if (holder) Object.assign(next, { isPrimary, role });
      if (Object.entries(next).some(([name, value]) => (link[name] ?? null) !== value))
        moves.update(type, link.id, next);
    }
    if (type.object === 'contactCompany' && end === 'contactId') {
      const companyId = values.companyId;
      if (typeof companyId === 'string' && !kept.some(({ link }) => link.companyId === companyId))
        moves.add(primaryLink(survivorId, companyId));
    }
  }
}

/** Of all the links the survivor has now, one is the main one: a contact's is that of its company. */
function onePrimary(
  type: RecordType,
  kept: { link: LinkRow; isPrimary: boolean }[],
  survivorId: string,
  values: RecordValues,
): void {
  const main =
    type.object === 'contactCompany'
      ? kept.find(({ link }) => link.companyId === values.companyId)
      : (kept.find(({ link, isPrimary }) => isPrimary && link[type.shownOn?.[0] ?? ''] === survivorId) ??
        kept.find(({ isPrimary }) => isPrimary));
  for (const one of kept) one.isPrimary = one === main;
}

const pointsTo = (work: Work, type: RecordType, end: string, link: LinkRow): string | undefined =>
  type.fields[end]?.to ?? type.leadsTo?.(work.types, end, link);

/** What hangs on a record by its id alone. */
const hanging = ['comment', 'attachment', 'notification'] as const;

/** Comments, files, notifications, followers and the ids of other systems follow to the survivor. */
export async function moveRows(work: Work, { type, survivorId, losers }: Merging): Promise<MovedRows> {
  const tenant = work.actor.tenantId;
  const rows: NonNullable<MovedRows['rows']> = [];
  const of = sql`= any(${sql.param(losers)}::uuid[])`;
  for (const table of hanging) {
    const moved = await work.db.rows<{ key: string; from: string }>(sql`
      with old as (select h.id, h.record_id from app.${sql.identifier(table)} h
        where h.tenant_id = ${tenant} and h.record_id ${of} and h.object = ${type.object} for update)
      update app.${sql.identifier(table)} h set record_id = ${survivorId} from old
      where h.tenant_id = ${tenant} and h.id = old.id returning h.id::text as key, old.record_id as "from"`);
    rows.push(...moved.map(({ key, from }) => ({ table, key, from })));
  }
  const external = await work.db.rows<{ system: string; externalId: string; from: string }>(sql`
    with old as (select x.system, x.external_id, x.record_id from app.external_id x
      where x.tenant_id = ${tenant} and x.object = ${type.object} and x.record_id ${of} for update)
    update app.external_id x set record_id = ${survivorId} from old
    where x.tenant_id = ${tenant} and x.object = ${type.object} and x.system = old.system and x.external_id = old.external_id
    returning x.system, x.external_id as "externalId", old.record_id as "from"`);
  rows.push(
    ...external.map(({ system, externalId, from }) => ({
      table: 'externalId',
      key: JSON.stringify([system, externalId]),
      from,
    })),
  );
  // They go on following the records in the bin, so that taking the merge back leaves them as they were.
  const followers = await work.db.rows<{ id: string }>(sql`
    insert into app.follower (tenant_id, record_id, member_id, object)
    select distinct ${tenant}::uuid, ${survivorId}::uuid, f.member_id, f.object from app.follower f
    where f.tenant_id = ${tenant} and f.object = ${type.object} and f.record_id ${of}
    on conflict do nothing returning member_id as id`);
  return { rows, followers: followers.map(({ id }) => id) };
}

/** Brings them back to the records they were on, those that are still with the survivor. */
export async function moveRowsBack(
  work: Work,
  { type, survivorId }: Omit<Merging, 'losers'>,
  moved: MovedRows,
): Promise<void> {
  const tenant = work.actor.tenantId;
  const byTable = Map.groupBy(moved.rows ?? [], ({ table }) => table);
  for (const table of hanging) {
    const rows = byTable.get(table);
    if (!rows) continue;
    await work.db.rows(sql`update app.${sql.identifier(table)} h set record_id = r.record
      from jsonb_to_recordset(${JSON.stringify(rows.map(({ key, from }) => ({ id: key, record: from })))}) as r (id uuid, record uuid)
      where h.tenant_id = ${tenant} and h.id = r.id and h.record_id = ${survivorId}`);
  }
  const external = (byTable.get('externalId') ?? []).map(({ key, from }) => {
    // Written by moveRows().
    const [system, id] = JSON.parse(key) as [string, string];
    return { system, id, record: from };
  });
  if (external.length > 0) {
    await work.db.rows(sql`update app.external_id x set record_id = r.record
      from jsonb_to_recordset(${JSON.stringify(external)}) as r (system text, id text, record uuid)
      where x.tenant_id = ${tenant} and x.object = ${type.object} and x.system = r.system collate "C"
        and x.external_id = r.id collate "C" and x.record_id = ${survivorId}`);
  }
  if (moved.followers?.length) {
    await work.db.rows(sql`delete from app.follower f where f.tenant_id = ${tenant} and f.record_id = ${survivorId}
      and f.member_id = any(${sql.param(moved.followers)}::uuid[])`);
  }
}
