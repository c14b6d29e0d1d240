import { sql } from 'drizzle-orm';
import type { ChangeOp } from '@/domain/changes';
import type { ChangedRecord } from '../core/bus';
import type { Work } from '../core/work';
import { isTold, type Seen, seenBy } from './seen';

export interface Missed {
  /** What to ask from next time: a moment of the database. */
  at: string;
  /** Too much, or too long ago: whatever is shown is to be asked afresh. */
  all: boolean;
  records: readonly Seen[];
  /** Kinds of what else was changed: configuration, comments, links. */
  kinds: string[];
}

/** A change is stamped when its transaction begins, which may last 30 seconds; the rest is for clocks. */
const overlapMs = 60_000;
/** Whoever was away longer begins anew. */
const longestMs = 24 * 3_600_000;
const recordsAtMost = 1000;
const rowsAtMost = 5000;

/**
 * What was changed since a moment, as far as the actor may see it. By time and with an overlap, so that it needs no
 * number that all servers would have to agree on: some of it is told twice.
 */
export async function missedSince(work: Work, since: string): Promise<Missed> {
  const { db, types, actor } = work;
  const owners = Object.fromEntries(types.all().flatMap(({ object, owner }) => (owner ? [[object, owner]] : [])));
  const from = new Date(Date.parse(since) - overlapMs);
  const isLong = work.now.getTime() - from.getTime() > longestMs;
  const clock = db.kept<{ at: string }>(sql`select now() as at`);
  const rows = isLong
    ? []
    : await db.kept<{ object: string; id: string; op: ChangeOp; owner: string | null }>(sql`
        select c.object, c.record_id as id, c.op,
          case when c.op = 'update' then c.before ->> (${JSON.stringify(owners)}::jsonb ->> c.object) end as owner
        from app.change c where c.tenant_id = ${actor.tenantId} and c.written_at > ${from.toISOString()}
        order by c.written_at limit ${rowsAtMost + 1}`);
  const at = (await clock)[0]?.at ?? work.now.toISOString();
  const last = new Map<string, ChangedRecord>();
  const kinds = new Set<string>();
  for (const { object, id, op, owner } of rows) {
    if (!isTold(object)) kinds.add(object);
    else {
      const former = last.get(id)?.[3] ?? [];
      last.set(id, [object, id, op, owner ? [...former, owner] : former]);
    }
  }
  if (isLong || rows.length > rowsAtMost || last.size > recordsAtMost) return { at, all: true, records: [], kinds: [] };
  const seen = await seenBy(db, types, [actor], [...last.values()]);
  return { at, all: false, records: seen.get(actor.memberId) ?? [], kinds: [...kinds] };
}
