import { createHash } from 'node:crypto';
import { and, eq, lt } from 'drizzle-orm';
import { idempotencyKeys } from '@/db/schema/idempotency';
import { inTenant } from '@/db/tenant';
import { Refusal } from '@/domain/refusals';
import type { Work } from './work';

/** How long a key is known: longer than anybody's queue of changes waits (components/shell/outbox.ts). */
export const keptDays = 30;
const longest = 200;

/**
 * The key in a request's header `Idempotency-Key`, with or without the quotes that draft-ietf-httpapi-idempotency-key-header
 * asks for.
 * @throws Refusal invalid `badIdempotencyKey` when it is empty, longer than 200 characters or not of visible ASCII
 */
export function readKey(header: string): string {
  const key = header.replace(/^"(.*)"$/, '$1');
  if (key.length > longest || !/^[\x21-\x7e]+$/.test(key))
    throw new Refusal('invalid', { code: 'badIdempotencyKey', params: { max: longest } });
  return key;
}

/**
 * Carries a change out once for a key. The key is taken in the change's own transaction before anything else: whoever sends
 * the same call meanwhile waits until that is over, and then gets its answer, or carries it out if it was rolled back.
 * What a call was made upon (`base`) is not part of what it asks for: the same call may be sent first without and then with it.
 * @param answerOf what is kept of what `run` came to
 * @throws Refusal conflict `keyReused` when the key was used for another call
 */
export async function once<T>(
  work: Work,
  call: { key: string; path: string; input: unknown },
  run: () => Promise<T>,
  answerOf: (fresh: T) => unknown,
): Promise<{ fresh: T } | { stored: unknown }> {
  const { path, input } = call;
  const key = readKey(call.key);
  const { tenantId, memberId } = work.actor;
  const request = createHash('sha256')
    .update(`${path} ${canonical(input, true)}`)
    .digest('hex');
  const taken = await work.db.prepared<{ key: string }>(
    'idempotency_key.take',
    'insert into app.idempotency_key (tenant_id, member_id, key, request, at) values ($1, $2, $3, $4, $5) on conflict do nothing returning key',
    [tenantId, memberId, key, request, work.now],
  );
  const mine = and(eq(idempotencyKeys.memberId, memberId), eq(idempotencyKeys.key, key));
  if (taken.length === 0) {
    const [known] = await work.db.find(idempotencyKeys, mine);
    if (known?.request !== request) throw new Refusal('conflict', 'keyReused');
    return { stored: known.answer ?? undefined };
  }
  const fresh = await run();
  work.db.unheard(
    work.db.prepared(
      'idempotency_key.answer',
      'update app.idempotency_key set answer = $4 where tenant_id = $1 and member_id = $2 and key = $3',
      [tenantId, memberId, key, JSON.stringify(answerOf(fresh)) ?? null],
    ),
  );
  return { fresh };
}

/** Forgets the keys of a tenant that are older than anybody will send again. */
export async function pruneKeys(tenantId: string, now: Date): Promise<void> {
  const before = new Date(now.getTime() - keptDays * 86_400_000).toISOString();
  await inTenant(tenantId, 'write', (db) => db.delete(idempotencyKeys, lt(idempotencyKeys.at, before)));
}

/** JSON that is the same however the names of an object are ordered. */
function canonical(value: unknown, outermost = false): string {
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one)).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([name, one]) => one !== undefined && !(outermost && name === 'base'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join()}}`;
}
