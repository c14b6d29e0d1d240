import { type SQL, sql } from 'drizzle-orm';
import { type RecordObject, recordObjects } from '@/domain/objects';
import { type RecordAction, type Role, type Scope, scopeOf } from '@/domain/permissions';
import { notFound } from '@/domain/refusals';
import type { RecordType } from './record-types';
import { snake } from './record-types';
import { andKind, type Types } from './types';
import type { Work } from './work';

/**
 * Who looks, in which tenant. In a statement about many people at once, member and team are columns of it.
 */
export interface Viewer {
  types: Types;
  actor: { tenantId: string; role: Role; memberId: string | SQL; teamId: string | SQL | null };
}

/**
 * The records an actor may read or write: a condition every query on them starts from. `t` is the alias of the
 * record's table. Undefined when all of them are in scope.
 */
export function inScope(work: Viewer, type: RecordType, action: RecordAction, t = 't'): SQL | undefined {
  const scope = ownersScope(work, type, action, t);
  const on = type.hangsOn ? onReadable(work, t) : aboutReadable(work, type, t);
  const conditions = [scope, on, withinReadable(work, type, t)].filter((condition) => condition !== undefined);
  return conditions.length > 0 ? sql`(${sql.join(conditions, sql` and `)})` : undefined;
}

/** Rows whose column `within` is empty, or names a record that the actor may read. */
function withinReadable(work: Viewer, type: RecordType, t: string): SQL | undefined {
  const column = type.within;
  const outer = column && work.types.find(type.fields[column]?.to ?? '');
  const scope = outer && inScope(work, outer, 'read', 'outside');
  if (!scope) return undefined;
  const id = sql`${sql.identifier(t)}.${sql.identifier(snake(column))}`;
  return sql`(${id} is null or exists (select from ${outer.table} outside
    where outside.tenant_id = ${work.actor.tenantId} and outside.id = ${id} and ${scope}))`;
}

/** Whether notes, tasks, calls and meetings can be about records of a kind without a field for it. */
export const isTopic = (type: RecordType): boolean => Boolean(type.rows) || type.topic === true;

/** Rows about nothing, or about a record that the actor may read; undefined where that is all of them. */
export function aboutReadable(work: Viewer, type: RecordType, t: string): SQL | undefined {
  const [name, field] = Object.entries(type.fields).find(([, { kindIn }]) => kindIn) ?? [];
  // Nobody can keep owners and admins out of a kind of record, one that was removed included.
  if (!name || !field?.kindIn || work.actor.role === 'owner' || work.actor.role === 'admin') return undefined;
  const [id, object] = [name, field.kindIn].map((column) => sql`${sql.identifier(t)}.${sql.identifier(snake(column))}`);
  const whole: string[] = [];
  const parts: SQL[] = [];
  for (const topic of work.types.all()) {
    if (!isTopic(topic)) continue;
    const scope = ownersScope(work, topic, 'read', 'topic');
    if (!scope) whole.push(topic.object);
    else if (scopeFor(work, topic, 'read') !== 'none')
      parts.push(sql`(${object} = ${topic.object} and exists (select from ${topic.table} topic
        where topic.tenant_id = ${work.actor.tenantId} and topic.id = ${id} and ${scope}))`);
  }
  const all = [sql`${id} is null`, sql`${object} = any(${sql.param(whole)}::text[])`, ...parts];
  return sql`(${sql.join(all, sql` or `)})`;
}

/** Rows whose columns `object` and `record_id` name a record that the actor may read. */
export function onReadable(work: Viewer, t: string): SQL {
  const row = sql.identifier(t);
  const whole: string[] = [];
  const parts: SQL[] = [];
  for (const type of work.types.all()) {
    if (!isAnchor(type)) continue;
    const scope = inScope(work, type, 'read', 'anchor');
    if (!scope) whole.push(type.object);
    else if (scopeFor(work, type, 'read') !== 'none')
      parts.push(sql`(${row}.object = ${type.object} and exists (select from ${type.table} anchor
        where anchor.tenant_id = ${work.actor.tenantId} and anchor.id = ${row}.record_id and ${scope}))`);
  }
  return sql`(${sql.join([sql`${row}.object = any(${sql.param(whole)}::text[])`, ...parts], sql` or `)})`;
}

/** Whether comments, files and followers may hang on records of a kind: those that have a page. */
export function isAnchor(type: RecordType): boolean {
  return Boolean(type.rows) || (recordObjects.includes(type.object as RecordObject) && type.object !== 'note');
}

/** The same by the owner alone, whatever the record is about. */
export function ownersScope(work: Viewer, type: RecordType, action: RecordAction, t: string): SQL | undefined {
  const scope = scopeFor(work, type, action);
  if (scope === 'all') return undefined;
  if (scope === 'none' || !type.owner) return sql`false`;
  const owner = sql`${sql.identifier(t)}.${sql.identifier(snake(type.owner))}`;
  const { tenantId, memberId, teamId } = work.actor;
  if (scope === 'own') return sql`${owner} = ${memberId}`;
  return sql`(${owner} = ${memberId} or ${owner} in (
    select m.id from app.member m where m.tenant_id = ${tenantId} and m.team_id in (
      select g.id from app.team g where g.tenant_id = ${tenantId} and (g.manager_id = ${memberId} or g.id = ${teamId}))))`;
}

/** Whose records of a kind the actor may act on. */
export function scopeFor(work: Viewer, type: RecordType, action: RecordAction): Scope {
  const rights = type.rights ?? type.hangsOn;
  if (rights) return rights[action][work.actor.role];
  const object = type.object as RecordObject;
  // Configuration and links have no scopes: the procedure's permission is all there is to ask.
  return recordObjects.includes(object) ? scopeOf(work.actor.role, object, action) : 'all';
}

/** Whether a live record is there for the actor to read. */
export async function isVisible(work: Work, type: RecordType, id: string): Promise<boolean> {
  const scope = inScope(work, type, 'read');
  const rows = await work.db.kept(
    sql`select 1 as found from ${type.table} t where t.tenant_id = ${work.actor.tenantId} and t.id = ${id} and t.deleted_at is null ${andKind(type)} ${scope ? sql`and ${scope}` : sql``}`,
  );
  return rows.length > 0;
}

/** Makes sure that a live record is there for the actor to read. @throws Refusal notFound otherwise */
export async function requireVisible(work: Work, type: RecordType, id: string): Promise<void> {
  if (!(await isVisible(work, type, id))) throw notFound();
}

/**
 * Makes sure that every id is a record the actor may act on.
 * @throws Refusal notFound otherwise: not there and not yours are the same answer
 */
export async function requireInScope(work: Work, type: RecordType, action: RecordAction, ids: string[]): Promise<void> {
  const scope = inScope(work, type, action);
  if (!scope) return;
  const unique = [...new Set(ids)];
  const rows = await work.db.kept<{ n: number }>(
    sql`select count(*)::int as n from ${type.table} t where t.tenant_id = ${work.actor.tenantId} and t.id = any(${sql.param(unique)}::uuid[]) ${andKind(type)} and ${scope}`,
  );
  if (rows[0]?.n !== unique.length) throw notFound();
}
