import { createHmac } from 'node:crypto';
import { asc, desc, eq, gt, type SQL, sql } from 'drizzle-orm';
import { auditSeals } from '@/db/schema/audit';
import type { TenantDb } from '@/db/tenant';
import { tenantKey } from '../core/keys';
import { BrokenSecret } from '../core/secrets';
import { keepSecret, readSecret, tenantKeyBytes } from '../secrets/secrets';
import { unaccounted } from './erased';
import { type Row, type Rows, rowsOf, tables } from './rows';

/**
 * The hash chain over a tenant's audit: each seal covers every row written in its window, (the one before, sealedTo],
 * and the seal before it. The hash is keyed: whoever has the database alone cannot make a chain that holds.
 */
export interface Seal {
  seq: number;
  sealedTo: string;
  entries: number;
  hash: string;
}

/**
 * Longer than the longest transaction (db/roles.sql: 10 minutes): whatever began before the window's end has been
 * written or given up, so no row can still appear in it.
 */
export const marginSeconds = 660;
/** A tenant in which nothing happens gets an empty seal this often: windows stay short and quick to look through. */
const idleSeconds = 86_400;
/** A seal takes about so many changes and no more: it must be checked within a request. */
const changesPerSeal = 50_000;

/**
 * Seals what was written since the last seal, but for the last minutes.
 * @param most changes in one seal; those of one transaction stay together
 * @returns whether more waits for the next seal; undefined when nothing is to be sealed, or another process is at it
 */
export async function sealNext(
  db: TenantDb,
  margin = marginSeconds,
  most = changesPerSeal,
): Promise<(Seal & { more: boolean }) | undefined> {
  const mine = await db.rows<{ locked: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended(${tenantKey(db.tenantId, 'audit', 'seal')}, 0)) as locked`,
  );
  if (!mine[0]?.locked) return undefined;
  const last = await lastSeal(db);
  const [end] = await db.rows<{ to: string; due: boolean }>(sql`
    select ${exact(sql`now() - make_interval(secs => ${margin})`)} as to,
      ${last ? sql`now() - make_interval(secs => ${margin + idleSeconds}) > ${last.sealedTo}::timestamptz` : sql`false`} as due`);
  if (!end || (last && end.to <= last.sealedTo)) return undefined;
  const open = { from: last?.sealedTo ?? null, to: end.to };
  if (!end.due && !(await anyRow(db, open))) return undefined;
  const full = await momentOfChange(db, open, most);
  const window = { ...open, to: full ?? open.to };
  const key = await tenantKeyBytes(db, 'audit');
  const sealed: Unhashed = { seq: (last?.seq ?? 0) + 1, ...window, previous: last?.hash ?? null };
  const streams = await openStreams(db, window);
  const { hash, entries } = await hashWindow(key, db.tenantId, sealed, streams);
  for (const stream of streams) await stream.close();
  const seal = { seq: sealed.seq, sealedTo: window.to, entries, hash };
  await db.insert(auditSeals, { ...seal, previous: sealed.previous });
  await keepHead(db, seal);
  return { ...seal, more: full !== null };
}

export interface ChainCheck {
  ok: boolean;
  /** Looked at in this call. */
  seals: number;
  entries: number;
  sealedTo: string | null;
  /** The newest seal: whoever wrote it down earlier can tell whether the chain was cut and made anew. */
  head: { seq: number; hash: string } | null;
  brokenAt?: Broken;
  /** Not at the end yet: go on from this seal. */
  next: number | null;
}

export interface Broken {
  seq: number;
  from: string | null;
  to: string | null;
  /**
   * `rows`: a row in the window was changed, added or removed, or the seal itself. `link`: the seal does not follow the
   * one before. `missing`: a seal is gone. `head`: the newest seals are gone. `key`: the chain's key is gone.
   */
  why: 'rows' | 'link' | 'missing' | 'head' | 'key';
}

/** Seals read at once, and entries after which a call hands over to the next. */
const sealsAtOnce = 500;

/**
 * Recomputes part of the chain.
 * @param after the seal to go on from, taken as right
 * @param budget entries after which the call may stop; it always goes through one seal at least
 */
export async function checkChain(db: TenantDb, after: number | null, budget: number): Promise<ChainCheck> {
  const [head, key, previous] = [await readHead(db), await intact(readSecret(db, 'audit')), await sealAt(db, after)];
  const found = await db.find(auditSeals, gt(auditSeals.seq, previous?.seq ?? 0), {
    orderBy: asc(auditSeals.seq),
    limit: sealsAtOnce + 1,
  });
  const seals = withinBudget(found, budget);
  const rest = found.length > seals.length;
  const check: ChainCheck = { ok: true, seals: 0, entries: 0, sealedTo: utc(previous), head: head ?? null, next: null };
  const broken = (why: Broken['why'], seq: number, from: string | null, to: string | null): ChainCheck => ({
    ...check,
    ok: false,
    brokenAt: { seq, from, to, why },
  });
  let last: StoredSeal | undefined = previous;
  if (seals.length > 0) {
    if (!key) return broken('key', seals[0]?.seq ?? 0, null, null);
    const streams = await openStreams(db, { from: utc(last), to: utc(seals.at(-1)) ?? '' });
    for (const seal of seals) {
      const window = { from: utc(last), to: utc(seal) ?? '' };
      const seq = (last?.seq ?? 0) + 1;
      if (seal.seq !== seq) return broken('missing', seq, window.from, window.to);
      if (seal.previous !== (last?.hash ?? null)) return broken('link', seq, window.from, window.to);
      const { hash, entries } = await hashWindow(
        key,
        db.tenantId,
        { seq, ...window, previous: last?.hash ?? null },
        streams,
      );
      if (hash !== seal.hash || entries !== seal.entries) return broken('rows', seq, window.from, window.to);
      check.seals += 1;
      check.entries += entries;
      check.sealedTo = window.to;
      last = seal;
    }
    for (const stream of streams) await stream.close();
  }
  if (rest) return { ...check, next: last?.seq ?? null };
  if ((head?.seq ?? 0) !== (last?.seq ?? 0) || (head && head.hash !== last?.hash))
    return broken('head', (last?.seq ?? 0) + 1, utc(last), null);
  const altered = await unaccounted(db);
  if (altered) return broken('rows', last?.seq ?? 0, null, altered);
  return check;
}

type StoredSeal = typeof auditSeals.$inferSelect;

interface Window {
  from: string | null;
  to: string;
}

interface Unhashed extends Window {
  seq: number;
  previous: string | null;
}

/** The part of the seals whose entries stay within the budget. */
function withinBudget(seals: StoredSeal[], budget: number): StoredSeal[] {
  let entries = 0;
  const end = seals.findIndex((seal, i) => {
    entries += seal.entries;
    return i > 0 && entries > budget;
  });
  return seals.slice(0, Math.min(end < 0 ? seals.length : end, sealsAtOnce));
}

/** Rows count in the order of the tables, within a table by the moment they were written, then by their ids. */
async function hashWindow(
  key: Buffer,
  tenantId: string,
  seal: Unhashed,
  streams: Rows[],
): Promise<{ hash: string; entries: number }> {
  const hmac = createHmac('sha256', key);
  hmac.update(JSON.stringify(['guanxi audit 1', tenantId, seal.seq, seal.previous, seal.from, seal.to]));
  let entries = 0;
  for (const stream of streams) {
    hmac.update(`\n${stream.name}\n`);
    await stream.upTo(seal.to, (row: Row) => {
      hmac.update(row.hash);
      entries += 1;
    });
  }
  return { hash: hmac.digest('hex'), entries };
}

const openStreams = async (db: TenantDb, { from, to }: Window): Promise<Rows[]> => {
  const streams: Rows[] = [];
  for (const table of tables) streams.push(await rowsOf(db, table, from, to));
  return streams;
};

async function anyRow(db: TenantDb, { from, to }: Window): Promise<boolean> {
  const some = tables.map(
    ({ name }) => sql`exists (select from app.${sql.identifier(name)} r where r.tenant_id = ${db.tenantId}
      and r.written_at > coalesce(${from}::timestamptz, '-infinity') and r.written_at <= ${to}::timestamptz)`,
  );
  return (await db.rows<{ some: boolean }>(sql`select ${sql.join(some, sql` or `)} as some`))[0]?.some ?? false;
}

/** When the change with this number in a window was written; null when there are fewer. */
async function momentOfChange(db: TenantDb, { from, to }: Window, number: number): Promise<string | null> {
  const [row] = await db.rows<{ at: string }>(sql`select ${exact(sql`c.written_at`)} as at from app.change c
    where c.tenant_id = ${db.tenantId} and c.written_at > coalesce(${from}::timestamptz, '-infinity') and c.written_at <= ${to}::timestamptz
    order by c.written_at offset ${number - 1} limit 1`);
  return row && row.at < to ? row.at : null;
}

async function lastSeal(db: TenantDb): Promise<Seal | undefined> {
  const [row] = await db.find(auditSeals, undefined, { orderBy: desc(auditSeals.seq), limit: 1 });
  return row && { seq: row.seq, entries: row.entries, hash: row.hash, sealedTo: utc(row) ?? '' };
}

async function sealAt(db: TenantDb, seq: number | null): Promise<StoredSeal | undefined> {
  return seq ? (await db.find(auditSeals, eq(auditSeals.seq, seq)))[0] : undefined;
}

/** What the newest seal was, encrypted: a chain whose end was cut off does not match it. */
async function keepHead(db: TenantDb, { seq, hash }: Seal): Promise<void> {
  await keepSecret(db, 'auditHead', Buffer.from(JSON.stringify({ seq, hash })));
}

async function readHead(db: TenantDb): Promise<{ seq: number; hash: string } | undefined> {
  const head = await intact(readSecret(db, 'auditHead'));
  // Written by keepHead() alone; what anybody else put there does not decrypt.
  return head && (JSON.parse(head.toString()) as { seq: number; hash: string });
}

/** A secret that somebody tampered with is as good as gone; one whose key is not at hand is a fault of the installation. */
const intact = (secret: Promise<Buffer | undefined>): Promise<Buffer | undefined> =>
  secret.catch((error: unknown) => {
    if (error instanceof BrokenSecret) return undefined;
    throw error;
  });

/** A moment with all its microseconds, in UTC: texts of one width, which sort as the moments do. */
const exact = (moment: SQL): SQL => sql`to_char((${moment}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The end of a seal in the same form; Postgres leaves out trailing zeros. */
function utc(seal: { sealedTo: string } | undefined): string | null {
  if (!seal) return null;
  const [second = '', fraction = ''] = seal.sealedTo.replace('Z', '').split('.');
  return `${second}.${fraction.padEnd(6, '0')}Z`;
}
