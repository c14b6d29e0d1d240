import { inArray, sql } from 'drizzle-orm';
import { tasks } from '@/db/schema/records';
import { inTenant } from '@/db/tenant';
import { remind } from '../notifications/write';

const atOnce = 500;

/**
 * Reminds the people of a tenant of tasks whose time has come, each once: that somebody was told and the note of it are
 * one transaction, and of two workers one passes over what the other has in hand.
 * @returns how many were given
 */
export async function remindTenant(tenantId: string, now: Date, tell = remind): Promise<number> {
  let given = 0;
  for (let batch = atOnce; batch === atOnce; given += batch) {
    batch = await inTenant(tenantId, 'write', async (db) => {
      const due = await db.rows<{ id: string; ownerId: string }>(sql`
        select t.id, t.owner_id as "ownerId" from app.task t
        where t.tenant_id = ${tenantId} and t.remind_at <= ${now.toISOString()} and t.reminded_at is null
          and t.done is not true and t.deleted_at is null and t.owner_id is not null
        order by t.remind_at limit ${atOnce} for update skip locked`);
      await tell(db, now, due);
      const ids = due.map(({ id }) => id);
      // The product's own note, no value of the record: it is in no history, and undo leaves it.
      if (ids.length > 0) await db.update(tasks, { remindedAt: now.toISOString() }, inArray(tasks.id, ids));
      return due.length;
    });
  }
  return given;
}
