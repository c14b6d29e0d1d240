import { type SQL, sql } from 'drizzle-orm';
import { snake } from '../core/record-types';
import { matching } from '../core/records';
import { inScope } from '../core/scope';
import type { Work } from '../core/work';
import { searchMembers } from '../members/members';

/** Objects a global search looks through, and the column that tells two of the same name apart. */
const searched = { company: 'domain', contact: 'email', deal: 'stageId', product: 'code' } as const;
export type Searched = keyof typeof searched;
export const searchedObjects = Object.keys(searched) as Searched[];

export interface Hit {
  object: Searched;
  id: string;
  title: string;
  subtitle: string | null;
}

/** Records in scope that have every typed word as the start of one of their keys; titles that start so come first. */
export async function searchGlobal(work: Work, q: string, limit: number): Promise<Hit[]> {
  if (q.trim() === '') return [];
  const hits = await Promise.all(searchedObjects.map((object) => searchObject(work, object, q, Math.ceil(limit / 2))));
  return interleave(hits, limit);
}

/** One kind of record for a picker; nothing typed gives the newest. */
export async function pick(
  work: Work,
  object: Searched | 'member' | 'team',
  q: string,
  limit: number,
): Promise<{ id: string; title: string; subtitle: string | null }[]> {
  if (object === 'member')
    return (await searchMembers(work, q, limit)).map(({ id, name }) => ({ id, title: name, subtitle: null }));
  if (object === 'team') return pickTeam(work, q, limit);
  return searchObject(work, object, q, limit);
}

async function searchObject(work: Work, object: Searched, q: string, limit: number): Promise<Hit[]> {
  const type = work.types.get(object);
  const tenant = work.actor.tenantId;
  const title = sql`t.${sql.identifier(snake(type.title))}`;
  const scope = inScope(work, type, 'read');
  const start = q.trim().toLowerCase();
  const conditions: SQL[] = [sql`t.tenant_id = ${tenant}`, sql`t.deleted_at is null`];
  if (scope) conditions.push(scope);
  if (start !== '') conditions.push(...matching(work, type, q));
  const order =
    start !== ''
      ? sql`starts_with(lower(${title}), ${start}) desc, length(${title}), t.id`
      : sql`t.created_at desc, t.id desc`;
  const rows = await work.db.rows<Omit<Hit, 'object'>>(sql`
    select t.id, ${title} as title, ${subtitle(tenant, object)} as subtitle from ${type.table} t
    where ${sql.join(conditions, sql` and `)} order by ${order} limit ${limit}`);
  return rows.map((row) => ({ object, ...row }));
}

function subtitle(tenant: string, object: Searched): SQL {
  if (object === 'deal')
    return sql`(select s.name from app.stage s where s.tenant_id = ${tenant} and s.id = t.stage_id)`;
  return sql`t.${sql.identifier(snake(searched[object]))}`;
}

function pickTeam(work: Work, q: string, limit: number) {
  return work.db.rows<{ id: string; title: string; subtitle: string | null }>(sql`
    select g.id, g.name as title, g.office as subtitle from app.team g
    where g.tenant_id = ${work.actor.tenantId} and g.deleted_at is null and position(${q.trim().toLowerCase()} in g.name_norm) > 0
    order by g.name_norm limit ${limit}`);
}

/** The best of each kind first, then the second best of each, so that no kind crowds out the others. */
function interleave(lists: Hit[][], limit: number): Hit[] {
  const longest = Math.max(...lists.map((list) => list.length));
  const merged = Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list[i] ?? []));
  return merged.flat().slice(0, limit);
}
