import { and, eq, isNull, sql } from 'drizzle-orm';
import { getTableConfig } from 'drizzle-orm/pg-core';
import { tenantDiscard, tenantFill, tenantGiveUp, tenantReplace } from '@/db/global';
import { archives } from '@/db/schema/archives';
import { members } from '@/db/schema/tenants';
import { inTenant, type TenantDb } from '@/db/tenant';
import { committed } from '../core/after-commit';
import { audit } from '../core/audit';
import { removeStored, storedBefore } from '../core/files';
import { newId } from '../core/ids';
import type { Job } from '../core/jobs';
import { snake } from '../core/record-types';
import { forgetSessions } from '../core/session';
import type { Work } from '../core/work';
import { ofNobody } from '../fields/recompute';
import { type ArchiveRow, requireEmpty } from './archives';
import { keyOf, leftOut, loadedTables, selfReferences } from './tables';

/**
 * The workspace an archive is to fill: one beside the empty one, of status `loading`, which no door, session, job or clock
 * knows. Made once, whatever becomes of the worker.
 */
export async function workspaceToFill(tenantId: string, { id, name, loadingId }: ArchiveRow): Promise<string> {
  const loading = loadingId ?? newId();
  if (!loadingId)
    await inTenant(tenantId, 'write', async (db) => {
      await tenantFill(loading, db.client);
      await db.update(archives, { loadingId: loading }, eq(archives.id, id));
    });
  await inTenant(loading, 'write', (db) => db.insertMissing(archives, [{ id, kind: 'load', status: 'loading', name }]));
  return loading;
}

/** Whoever loads an archive, as the empty workspace knows them. */
export interface Person {
  userId: string;
  name: string;
  email: string | null;
}

/** The person behind a member of the empty workspace. */
export async function personOf(db: TenantDb, memberId: string): Promise<Person> {
  const [member] = await db.find(members, eq(members.id, memberId));
  if (!member?.userId) throw new Error('A member without an account loads an archive');
  return { userId: member.userId, name: member.name, email: member.email };
}

/**
 * Opens the filled workspace in place of the empty one, in one transaction: it takes its address, and whoever loaded it owns it.
 * @throws Refusal conflict `archiveNotEmpty` when somebody has begun to use the empty one meanwhile
 */
export async function openWorkspace(
  tenantId: string,
  row: ArchiveRow,
  loadingId: string,
  person: Person,
  { requestId, held }: { requestId: string; held?: Pick<Job, 'hold' | 'complete'> },
): Promise<void> {
  const inside = await inTenant(loadingId, 'write', async (db) => {
    await held?.hold(db);
    const now = new Date();
    const memberId = await makeOwner(db, person);
    const { kind, name, bytes, sha256, summary, createdAt } = row;
    const entry = { memberId, kind, name, bytes, sha256, summary, createdAt, replacedId: tenantId };
    const done = { ...entry, cursor: null, status: 'done' };
    await db.update(archives, { ...done, finishedAt: now.toISOString() }, eq(archives.id, row.id));
    const nobody = await ofNobody(db, now);
    const work: Work = { ...nobody, requestId, actor: { ...nobody.actor, memberId } };
    const from = { tenant: summary?.tenant, address: summary?.address, sha256: summary?.sha256 };
    await audit(work, 'archiveLoaded', { object: 'archive', id: row.id, name }, from);
    await tenantReplace(tenantId, loadingId, db.client);
    // Whoever writes into the empty one holds it, or waits for the end of this: what is there is all there will be.
    await inTenant(tenantId, 'read', requireEmpty);
    await forgetSessions(db);
    await held?.complete(db);
    return db;
  });
  committed(inside);
  // The clock comes back to what is left.
  await clearReplaced(loadingId, row.id, tenantId).catch(() => {});
}

/** Removes the files of a workspace in whose place another one is: no clock of its own comes to it any more. */
export async function clearReplaced(tenantId: string, archiveId: string, replacedId: string): Promise<void> {
  for (const id of await storedBefore(replacedId, Date.now() + 60_000)) await removeStored(replacedId, id);
  await inTenant(tenantId, 'write', (db) => db.update(archives, { replacedId: null }, eq(archives.id, archiveId)));
}

/** The member with the person's address becomes the person; without one they are added. */
async function makeOwner(db: TenantDb, { userId, name, email }: Person): Promise<string> {
  const same = and(eq(members.emailNorm, email?.toLowerCase() ?? ''), isNull(members.deletedAt));
  const [known] = email ? await db.find(members, same, { orderBy: members.createdAt, limit: 1 }) : [];
  const entry = { userId, role: 'owner', status: 'active' };
  if (known) {
    await db.update(members, entry, eq(members.id, known.id));
    return known.id;
  }
  const id = newId();
  const norms = { nameNorm: name.toLowerCase(), emailNorm: email?.toLowerCase() ?? null };
  await db.insert(members, { id, name, email, ...norms, ...entry });
  return id;
}

/** Rows that go in one transaction. */
const atOnce = 5000;
/** Only the database's own function removes these, and only of such a workspace. */
const history: ReadonlySet<string> = new Set(['change_set', 'change', 'audit_event', 'audit_seal']);

/**
 * Removes a workspace that was to be filled and will never open, with its files. One that has opened is left alone, whoever
 * thinks that it has not: only one that is closed is given up, and what is given up cannot open any more.
 */
export async function discardWorkspace(loadingId: string, signal: AbortSignal): Promise<void> {
  if (!(await inTenant(loadingId, 'write', (db) => tenantGiveUp(loadingId, db.client)))) return;
  for (const id of await storedBefore(loadingId, Date.now() + 60_000)) await removeStored(loadingId, id);
  const inBatches = async (remove: (db: TenantDb) => Promise<number>) => {
    let gone: number;
    do {
      signal.throwIfAborted();
      gone = await inTenant(loadingId, 'write', remove);
    } while (gone > 0);
  };
  const tables = [...leftOut.map(([table]) => table), ...loadedTables.map(({ table }) => table).reverse()];
  for (const table of tables.filter((each) => !history.has(getTableConfig(each).name))) {
    const key = sql.join(
      keyOf(table).map((name) => sql`t.${sql.identifier(snake(name))}`),
      sql`, `,
    );
    for (const name of selfReferences(table)) {
      const column = sql.identifier(snake(name));
      await inBatches(async (db) => {
        const rows =
          await db.rows(sql`update ${table} t set ${column} = null where t.tenant_id = ${loadingId} and (${key}) in (
          select ${key} from ${table} t where t.tenant_id = ${loadingId} and t.${column} is not null limit ${atOnce}) returning 1`);
        return rows.length;
      });
    }
    // A table with one row for the workspace has no other key.
    const few = sql`and (${key}) in (select ${key} from ${table} t where t.tenant_id = ${loadingId} limit ${atOnce})`;
    await inBatches(async (db) => {
      const rows = await db.rows(
        sql`delete from ${table} t where t.tenant_id = ${loadingId} ${keyOf(table).length > 0 ? few : sql``} returning 1`,
      );
      return rows.length;
    });
  }
  await inBatches((db) => tenantDiscard(loadingId, atOnce, db.client));
}
