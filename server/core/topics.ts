import { type SQL, sql } from 'drizzle-orm';
import { customRecords } from '@/db/schema/catalogue';
import type { TenantTable } from '@/db/tenant';
import { type RecordType, type RecordValues, snake, standardTypes } from './record-types';
import { inScope, isTopic } from './scope';
import { andKind } from './types';
import type { Work } from './work';

/** A record that something is about. */
export interface Topic {
  id: string;
  object: string;
  title: string | null;
}

/** Of these ids those of live records the actor may read, of whichever kind. */
export async function topicsOf(work: Work, ids: readonly string[]): Promise<Map<string, Topic>> {
  const wanted = sql`any(${sql.param([...new Set(ids)])}::uuid[])`;
  const parts = work.types
    .all()
    .filter(isTopic)
    .map((type) => {
      const scope = inScope(work, type, 'read');
      return sql`(select t.id, ${type.object}::text as object, left(t.${sql.identifier(snake(type.title))}::text, 200) as title
        from ${type.table} t where t.tenant_id = ${work.actor.tenantId} and t.id = ${wanted} and t.deleted_at is null
          ${andKind(type)} ${scope ? sql`and ${scope}` : sql``})`;
    });
  if (ids.length === 0 || parts.length === 0) return new Map();
  const rows = await work.db.rows<Topic>(sql.join(parts, sql` union all `));
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * What the record is called that a column leads to, whichever kind it is: an id is of one record only. Whoever may read the
 * row may read what it is about (`inScope`), so nothing more is asked here; the statement is the same for every tenant.
 * @param name a column of the alias `t`
 * @param by what it is called, or what that is sorted by
 */
export function topicTitle(tenantId: string, name: string, by: 'title' | 'sortKey' = 'title'): SQL {
  const id = sql`t.${sql.identifier(snake(name))}`;
  const read = (table: TenantTable, title: string) =>
    sql`(select p.${sql.identifier(by === 'title' ? snake(title) : 'sort_key')} from ${table} p
      where p.tenant_id = ${tenantId} and p.id = ${id} and p.deleted_at is null)`;
  const standard = standardTypes()
    .filter(isTopic)
    .map(({ table, title }) => read(table, title));
  return sql`coalesce(${sql.join([...standard, read(customRecords, 'name')], sql`, `)})`;
}

/** Names of the fields of a kind that lead to records of whichever kind, each with the one that says of which. */
export function topicFields(type: RecordType): [name: string, kindIn: string][] {
  return Object.entries(type.fields).flatMap(([name, { kindIn }]): [string, string][] =>
    kindIn ? [[name, kindIn]] : [],
  );
}

/** What a column of a note, task, call or meeting leads to, as its declaration has it. */
export const leadsToTopic = (_: unknown, name: string, row: RecordValues): string | undefined =>
  name === 'aboutId' && typeof row.aboutObject === 'string' ? row.aboutObject : undefined;
