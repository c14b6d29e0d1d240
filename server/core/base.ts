import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { textArray } from '@/db/arrays';
import { anyValue, maxFields, recordOf } from '@/domain/fields';
import { Refusal } from '@/domain/refusals';
import { sameValue } from './changes';
import { flat, type RecordType, type RecordValues } from './record-types';
import { requireInScope } from './scope';
import { ofKind } from './types';
import type { Work } from './work';

/**
 * What the fields of a record were when somebody changed them, sent with a change that had to wait for a connection. Where
 * a version says that anything at all has changed, this says whether the very fields have: two people who change different
 * fields of a record are not in each other's way, however long one of them was off line.
 */
export type Base = Record<string, unknown>;
export const baseInput = recordOf(z.string().max(100), anyValue, maxFields).optional();

/**
 * @throws Refusal conflict `changedMeanwhile`, its `fields` those that somebody else has given another value since. What the
 *   same person has changed since is no conflict: their changes come in the order in which they made them.
 */
export async function requireUnchanged(
  work: Work,
  kind: RecordType,
  { id, values, base }: { id: string; values: RecordValues; base?: Base },
): Promise<void> {
  if (!base) return;
  const type = work.types.of(kind);
  // Before anything is said of the record.
  work.db.requires(requireInScope(work, type, 'write', [id]));
  const [found] = await work.db.find(type.table, and(eq(type.table.id, id), ofKind(type)), { lock: true });
  // What is not there is refused by the verb itself.
  if (!found) return;
  const row = flat(found);
  const moved = Object.keys(base).filter(
    (name) =>
      name in values &&
      !sameValue(type, name, row[name], base[name]) &&
      !sameValue(type, name, row[name], values[name]),
  );
  const fields = moved.length > 0 ? await changedByOthers(work, id, moved) : [];
  if (fields.length > 0) throw new Refusal('conflict', { code: 'changedMeanwhile', params: { fields: fields.join() } });
}

/** Of these fields of a record those that the actor was not the last to change. */
async function changedByOthers(work: Work, id: string, fields: readonly string[]): Promise<string[]> {
  const { tenantId, memberId } = work.actor;
  const own = await work.db.rows<{ field: string }>(sql`
    select f.field from unnest(${textArray([...fields])}::text[]) as f (field)
    where ${memberId}::uuid = (
      select s.member_id from app.change c
      join app.change_set s on s.tenant_id = ${tenantId} and s.id = c.change_set_id
      where c.tenant_id = ${tenantId} and c.record_id = ${id} and (jsonb_exists(c.after, f.field) or jsonb_exists(c.before, f.field))
      order by c.at desc, s.id desc limit 1)`);
  const mine = new Set(own.map(({ field }) => field));
  return fields.filter((field) => !mine.has(field));
}
