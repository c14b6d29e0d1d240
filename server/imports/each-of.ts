import { type SQL, sql } from 'drizzle-orm';
import { plainArray, textArray } from '@/db/arrays';
import type { Work } from '../core/work';

/** What is looked up for each of many values. */
export interface Lookup {
  /** What each value gives, from `from`. */
  select: SQL;
  from: SQL;
  /** Compared with the values: an index of the table has it right after what `where` holds equal. */
  column: SQL;
  where: SQL;
}

/**
 * `(select … where column = value)` for each of many texts, as alias `f`; to be run by `lookUp`. Written as a range in the
 * column's order, which only its index gives without sorting: of a tenant that was filled a minute ago Postgres has no
 * statistics, and would take another index that begins with the tenant and read all of its records with every batch.
 */
export const eachOf = (values: readonly string[], lookup: Lookup): SQL =>
  sql`unnest(${textArray(values)}::text[]) as w (value) ${forEach(sql`w.value`, sql`f`, lookup)}`;

/** The same for ids. */
export const eachOfIds = (ids: readonly string[], lookup: Lookup): SQL =>
  sql`unnest(${plainArray(ids)}::uuid[]) as w (value) ${forEach(sql`w.value`, sql`f`, lookup)}`;

/** What a value of rows before gives, joined to them under an alias. */
export const forEach = (value: SQL, alias: SQL, { select, from, column, where }: Lookup): SQL =>
  sql`cross join lateral (select ${select} from ${from} where ${where} and ${column} >= ${value} and ${column} <= ${value} order by ${column}) as ${alias}`;

/** Runs a statement made of the above. */
export async function lookUp<T>(work: Work, statement: SQL): Promise<T[]> {
  const [, found] = await Promise.all([
    work.db.rows(sql`set local enable_sort = off`),
    work.db.rows<T>(statement),
    work.db.rows(sql`set local enable_sort = on`),
  ]);
  return found;
}
