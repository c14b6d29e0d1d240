import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { eraseHistory } from '@/db/erase';
import { erasures } from '@/db/schema/duplicates';
import type { TenantDb } from '@/db/tenant';
import { Refusal } from '@/domain/refusals';
import { digestOf } from '../audit/erased';
import { afterCommit } from '../core/after-commit';
import { audit, auditSystem } from '../core/audit';
import { removeStored } from '../core/files';
import { newId } from '../core/ids';
import { type RecordType, snake } from '../core/record-types';
import { inScope, isTopic } from '../core/scope';
import { topicFields } from '../core/topics';
import { andKind, type Types } from '../core/types';
import type { Work } from '../core/work';
import { kindOf } from '../duplicates/kinds';
import { type BinItem, itemsInput, requireInBin } from './bin';

/** `count` is what the person was shown and has confirmed. */
export const eraseInput = itemsInput.extend({ items: itemsInput.shape.items.max(100), count: z.int().min(1) });
export const countInput = eraseInput.pick({ items: true });

/** Where erasing looks: a tenant's rows and its kinds of records. */
interface Erasing {
  db: TenantDb;
  types: Types;
}

/** Records by kind. */
type Doomed = Map<RecordType, Set<string>>;

/** What hangs on a record and means nothing without it, with the column of each record it may hang on. */
const dependents = ['note', 'task', 'activity'];
const links: Record<string, readonly string[]> = {
  contactCompany: ['contactId', 'companyId'],
  dealContact: ['dealId', 'contactId'],
  relationLink: ['fromId', 'toId'],
};

/** How many records of each kind erasing these would take: they, and notes, tasks and activities on nothing else. */
export async function countErased(
  work: Work,
  { items }: { items: BinItem[] },
): Promise<{ count: number; objects: { object: string; count: number }[] }> {
  return counted(await doomedWith(work, await chosen(work, items, false)));
}

function counted(doomed: Doomed): { count: number; objects: { object: string; count: number }[] } {
  const objects = [...doomed]
    .filter(([type, ids]) => ids.size > 0 && !Object.hasOwn(links, type.object))
    .map(([type, ids]) => ({ object: type.object, count: ids.size }));
  return { count: objects.reduce((sum, { count }) => sum + count, 0), objects };
}

/**
 * Erases records in the bin for good: the records, what hangs on them, their values in history, and every copy.
 * @throws Refusal conflict `eraseCount` when it would take other than the confirmed number of records
 */
export async function erase(work: Work, input: z.infer<typeof eraseInput>): Promise<{ erased: number }> {
  const doomed = await doomedWith(work, await chosen(work, input.items, true));
  const { count } = counted(doomed);
  if (count !== input.count) throw new Refusal('conflict', { code: 'eraseCount', params: { count } });
  const done = await eraseAll(work, doomed, { memberId: work.actor.memberId, why: 'person', now: work.now });
  await audit(work, 'recordsErased', undefined, done);
  return { erased: count };
}

async function chosen(work: Work, items: BinItem[], lock: boolean): Promise<Doomed> {
  const doomed: Doomed = new Map();
  for (const [object, ofObject] of Map.groupBy(items, (item) => item.object)) {
    const type = kindOf(work, object, 'delete');
    const ids = [...new Set(ofObject.map(({ id }) => id))];
    if (inScope(work, type, 'delete')) throw new Refusal('notFound', 'notFound');
    await requireInBin(work, type, ids, lock);
    doomed.set(type, new Set(ids));
  }
  return doomed;
}

/**
 * Erases what has been in the bin for longer than it is kept, so many at a time.
 * @returns `records`, how many of them went; `done`, whether nothing was left to take
 */
export async function eraseExpired(
  { db, types }: Erasing,
  before: Date,
  now: Date,
  limit: number,
): Promise<{ records: number; done: boolean }> {
  const doomed: Doomed = new Map();
  let left = limit;
  for (const type of types.all()) {
    if (!('deletedAt' in type.table) || !binned(type) || left <= 0) continue;
    const rows = await db.rows<{ id: string }>(sql`select t.id from ${type.table} t
      where t.tenant_id = ${db.tenantId} and t.deleted_at < ${before} ${andKind(type)} order by t.deleted_at limit ${left} for update skip locked`);
    if (rows.length > 0) doomed.set(type, new Set(rows.map(({ id }) => id)));
    left -= rows.length;
  }
  if (doomed.size === 0) return { records: 0, done: true };
  const all = await doomedWith({ db, types }, doomed);
  const erased = await eraseAll({ db, types }, all, { memberId: null, why: 'expired', now });
  await auditSystem(db, 'recordsErased', undefined, erased);
  // A batch of nothing but links has no records in it, and more may follow.
  return { records: erased.records, done: false };
}

/** Kinds that have a bin: what people work with, what they said and put on it, and links. Configuration stays. */
const binned = (type: RecordType): boolean =>
  Boolean(type.rights) ||
  Object.hasOwn(links, type.object) ||
  ['company', 'contact', 'deal', 'product', 'comment', 'attachment', ...dependents].includes(type.object);

/** With what means nothing without them: links, and notes, tasks and activities that are on none but these. */
async function doomedWith({ db, types }: Erasing, chosen: Doomed): Promise<Doomed> {
  const doomed: Doomed = new Map([...chosen].map(([type, ids]) => [type, new Set(ids)]));
  const ids = () => [...doomed.values()].flatMap((set) => [...set]);
  for (const type of types.all()) {
    const ends = links[type.object];
    const columns = (
      ends ?? (dependents.includes(type.object) ? [...(type.shownOn ?? []), ...(type.shownOnAny ?? [])] : [])
    ).map((name) => sql`t.${sql.identifier(snake(name))}`);
    if (columns.length === 0) continue;
    const among = sql`any(${sql.param(ids())}::uuid[])`;
    const hit = sql.join(
      columns.map((column) => sql`${column} = ${among}`),
      sql` or `,
    );
    // A note on a company and a deal is still the deal's.
    const alone = ends
      ? sql`true`
      : sql.join(
          columns.map((column) => sql`(${column} is null or ${column} = ${among})`),
          sql` and `,
        );
    const rows = await db.rows<{ id: string }>(
      sql`select t.id from ${type.table} t where t.tenant_id = ${db.tenantId} and (${hit}) and ${alone}`,
    );
    if (rows.length === 0) continue;
    const known = doomed.get(type) ?? new Set<string>();
    for (const { id } of rows) known.add(id);
    doomed.set(type, known);
  }
  return doomed;
}

interface Why {
  memberId: string | null;
  why: 'person' | 'expired';
  now: Date;
}

interface Erased extends Record<string, unknown> {
  erasureId: string;
  records: number;
  /** Rows of the history whose values are gone, and what they were made of: the audit's check asks for it. */
  changes: number;
  digest: string;
}

async function eraseAll({ db, types }: Erasing, doomed: Doomed, { memberId, why, now }: Why): Promise<Erased> {
  const erasureId = newId();
  const tenant = db.tenantId;
  const records = [...doomed.values()].flatMap((ids) => [...ids]);
  const on = (column: SQL) => sql`${column} = any(${sql.param(records)}::uuid[])`;
  const comments = await idsOf(
    db,
    sql`select h.id from app.comment h where h.tenant_id = ${tenant} and (${on(sql`h.record_id`)} or ${on(sql`h.id`)})`,
  );
  const files = await db.rows<{ id: string; fileId: string }>(
    sql`select h.id, h.file_id as "fileId" from app.attachment h
      where h.tenant_id = ${tenant} and (${on(sql`h.record_id`)} or ${on(sql`h.id`)})`,
  );
  const hung = [...comments, ...files.map(({ id }) => id)];
  const everything = [...new Set([...records, ...hung])];
  await clearReferences({ db, types }, doomed);
  const all = (column: SQL) => sql`${column} = any(${sql.param(everything)}::uuid[])`;
  await db.rows(sql`delete from app.reaction h where h.tenant_id = ${tenant} and ${all(sql`h.target_id`)}`);
  // On a record that goes, an answer goes with what it answers; on one that stays it answers nothing any more.
  await db.rows(
    sql`update app.comment h set reply_to = null where h.tenant_id = ${tenant} and ${all(sql`h.reply_to`)} and not ${all(sql`h.id`)}`,
  );
  await db.rows(sql`delete from app.comment h where h.tenant_id = ${tenant} and ${all(sql`h.id`)}`);
  await db.rows(sql`delete from app.attachment h where h.tenant_id = ${tenant} and ${all(sql`h.id`)}`);
  for (const table of ['follower', 'notification', 'search_key', 'match_key', 'field_value', 'external_id'])
    await db.rows(
      sql`delete from app.${sql.identifier(table)} h where h.tenant_id = ${tenant} and ${all(sql`h.record_id`)}`,
    );
  await db.rows(
    sql`delete from app.duplicate_pair h where h.tenant_id = ${tenant} and (${on(sql`h.a`)} or ${on(sql`h.b`)})`,
  );
  await db.rows(sql`delete from app.field_value h where h.tenant_id = ${tenant} and ${on(sql`h.ref`)}`);
  // A merge of what is gone cannot be taken back any more.
  await db.rows(
    sql`delete from app.merge g where g.tenant_id = ${tenant} and (${on(sql`g.survivor_id`)} or g.merged_ids && ${sql.param(records)}::uuid[])`,
  );
  // Links and what hangs on records go before the records.
  const order = [...doomed].sort(([a], [b]) => rank(a) - rank(b));
  for (const [type, ids] of order) {
    if (ids.size === 0) continue;
    await db.rows(
      sql`delete from ${type.table} t where t.tenant_id = ${tenant} and t.id = any(${sql.param([...ids])}::uuid[])`,
    );
    if (Object.hasOwn(links, type.object)) continue;
    await db.insert(erasures, {
      id: newId(),
      at: now.toISOString(),
      memberId,
      object: type.object,
      count: ids.size,
      why,
    });
  }
  await db.insert(erasures, { id: erasureId, at: now.toISOString(), memberId, object: 'change', count: 0, why });
  const changes = await eraseHistory(db, erasureId, everything);
  const unshared = await unsharedFiles(
    db,
    files.map(({ fileId }) => fileId),
  );
  afterCommit(db, () => {
    for (const id of unshared) void removeStored(tenant, id).catch(() => {});
  });
  return { erasureId, records: counted(doomed).count, changes, digest: await digestOf(db, erasureId), why };
}

const rank = (type: RecordType): number =>
  Object.hasOwn(links, type.object)
    ? 0
    : dependents.includes(type.object)
      ? 1
      : type.object === 'deal'
        ? 2
        : type.object === 'contact'
          ? 3
          : 4;

async function idsOf(db: TenantDb, statement: SQL): Promise<string[]> {
  return (await db.rows<{ id: string }>(statement)).map(({ id }) => id);
}

/** Files that no attachment has any more. */
async function unsharedFiles(db: TenantDb, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const used = await idsOf(
    db,
    sql`select h.file_id as id from app.attachment h where h.tenant_id = ${db.tenantId} and h.file_id = any(${sql.param(ids)}::uuid[])`,
  );
  return ids.filter((id) => !used.includes(id));
}

/** What stays no longer refers to what goes; the audit says why, the history of those records says nothing. */
async function clearReferences({ db, types }: Erasing, doomed: Doomed): Promise<void> {
  const tenant = db.tenantId;
  for (const type of types.all()) {
    if (Object.hasOwn(links, type.object)) continue;
    for (const [name, kindIn] of topicFields(type)) {
      const ids = [...doomed].flatMap(([topic, all]) => (isTopic(topic) ? [...all] : []));
      if (ids.length === 0) continue;
      const [column, kind] = [name, kindIn].map((each) => sql.identifier(snake(each)));
      await db.rows(sql`update ${type.table} t set ${column} = null, ${kind} = null, version = t.version + 1
        where t.tenant_id = ${tenant} and t.${column} = any(${sql.param(ids)}::uuid[])`);
    }
    for (const [name, field] of Object.entries(type.fields)) {
      if (field.type !== 'reference' || !field.to) continue;
      const target = types.find(field.to);
      const ids = target && doomed.get(target);
      if (!ids || ids.size === 0) continue;
      const list = sql`any(${sql.param([...ids])}::uuid[])`;
      if (field.own) {
        await db.rows(sql`update ${type.table} t set custom = t.custom - ${name}::text, version = t.version + 1
          from app.field_value v where v.tenant_id = ${tenant} and v.field_id = ${field.own.id} and v.ref = ${list}
            and t.tenant_id = ${tenant} and t.id = v.record_id`);
      } else if (name in type.table) {
        const column = sql.identifier(snake(name));
        await db.rows(sql`update ${type.table} t set ${column} = null, version = t.version + 1
          where t.tenant_id = ${tenant} and t.${column} = ${list}`);
      }
    }
    if ('attendeeIds' in type.table) {
      const contacts = [...doomed].find(([{ object }]) => object === 'contact')?.[1];
      if (contacts?.size) {
        const ids = sql.param([...contacts]);
        await db.rows(sql`update ${type.table} t set attendee_ids = array(
            select one from unnest(t.attendee_ids) as one where one <> all(${ids}::uuid[]))
          where t.tenant_id = ${tenant} and t.attendee_ids && ${ids}::uuid[]`);
        // Who was asked by address alone is known by it too.
        await db.rows(sql`with gone as (select email_norm as email from app.contact
            where tenant_id = ${tenant} and id = any(${ids}::uuid[]) and email_norm is not null)
          update ${type.table} t set attendee_emails = array(
            select one from unnest(t.attendee_emails) as one where lower(one) not in (select email from gone))
          where t.tenant_id = ${tenant} and t.attendee_emails <> '{}'
            and exists (select 1 from unnest(t.attendee_emails) as one where lower(one) in (select email from gone))`);
      }
    }
  }
}
