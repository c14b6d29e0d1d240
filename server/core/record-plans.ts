import { type SQL, sql } from 'drizzle-orm';
import type { Filter } from '@/domain/filters';
import { type OwnTest, ownTests } from './filter-sql';
import type { RecordType } from './record-types';
import type { Work } from './work';

/**
 * How a list with tests of a tenant's own fields is read. Postgres knows how common a value is over all tenants' fields,
 * not of this one's, and guesses wrong by orders of magnitude; so what there is of it is counted first, up to a bound.
 */
export interface OwnPlan {
  /** In place of the tests, where few records pass one of them. */
  few?: SQL;
  /** What the filter asks besides. */
  rest: Filter | undefined;
  tests: OwnTest[];
}

/** How many records are few, measured with 1,000,000 of them (docs/performance.md); tests make do with less. */
export const bounds = {
  /** So many are sorted sooner than a page of them is found among all. */
  few: 5000,
  /** The same where several tests together leave fewer still. */
  fewOfSeveral: 20_000,
  /** So many are looked at in a list's order before it is sorted by what else is known of them. */
  walked: 20_000,
};

/** Undefined where a filter has no such test. */
export async function planOf(work: Work, type: RecordType, filter: Filter | undefined): Promise<OwnPlan | undefined> {
  if (!filter) return undefined;
  const { tests, rest } = ownTests(work, type, filter);
  if (tests.length === 0) return undefined;
  const bound = tests.length > 1 ? bounds.fewOfSeveral : bounds.few;
  const counts = tests.map(
    ({ ids }, i) => sql`(select count(*)::int from (${ids} limit ${bound + 1}) c) as ${sql.identifier(`n${i}`)}`,
  );
  const [row = {}] = await work.db.rows<Record<string, number>>(sql`select ${sql.join(counts, sql`, `)}`);
  const sizes = tests.map((_, i) => row[`n${i}`] ?? bound + 1);
  const least = sizes.indexOf(Math.min(...sizes));
  const first = tests[least];
  if (!first || (sizes[least] ?? 0) > bound) return { rest, tests };
  const others = tests.filter((test) => test !== first).map(({ passes }) => passes(sql`v.record_id`));
  return {
    few: sql`t.id = any(array(${first.ids} ${others.length > 0 ? sql`and ${sql.join(others, sql` and `)}` : sql``}))`,
    rest,
    tests,
  };
}
