import { sql } from 'drizzle-orm';
import { inTenant, type TenantDb } from '@/db/tenant';
import { type Log, log as processLog } from '../core/log';
import { type ChainCheck, checkChain, type Seal, sealNext } from './chain';

/** Entries checked in one transaction of the nightly run. */
const checkedAtOnce = 200_000;

/**
 * Seals what a tenant's people did up to some minutes ago; nothing new is one quick question. The log line of each seal
 * is its witness outside of the database: a chain cut back to before it, and made anew, contradicts the log.
 */
export async function sealTenant(tenantId: string, margin?: number, log: Log = processLog): Promise<Seal | undefined> {
  let newest: Seal | undefined;
  for (let more = true; more; ) {
    const sealed = await inTenant(tenantId, 'write', async (db) => {
      await allowLonger(db);
      return sealNext(db, margin);
    });
    if (!sealed) break;
    const { more: waiting, ...seal } = sealed;
    log.info({ tenantId, ...seal }, 'audit sealed');
    newest = seal;
    more = waiting;
  }
  return newest;
}

/**
 * Checks a tenant's whole chain, a transaction per part; a broken one is an error in the log, by the text
 * `audit chain broken`.
 */
export async function verifyTenant(tenantId: string, log: Log = processLog): Promise<ChainCheck> {
  let seals = 0;
  let entries = 0;
  for (let after: number | null = null; ; ) {
    const from: number | null = after;
    const part: ChainCheck = await inTenant(tenantId, 'read', async (db) => {
      await allowLonger(db);
      return checkChain(db, from, checkedAtOnce);
    });
    seals += part.seals;
    entries += part.entries;
    after = part.next;
    if (after !== null) continue;
    const check = { ...part, seals, entries };
    if (!check.ok) log.error({ tenantId, ...check }, 'audit chain broken');
    return check;
  }
}

/** Sorting a large import's rows takes longer than a request may; neither transaction here writes what is sealed. */
async function allowLonger(db: TenantDb): Promise<void> {
  const limits = ['statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout'];
  // Before version 17 Postgres has no transaction_timeout.
  await db.rows(sql`select set_config(name, '9min', true) from pg_settings where name = any(${sql.param(limits)})`);
}
