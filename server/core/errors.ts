import { Refusal } from '@/domain/refusals';
import { ServiceAway } from './breaker';

/** SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html) to what a person can do about it. */
const byState: Record<string, () => Refusal> = {
  '23503': () => new Refusal('invalid', 'noSuchRecord'),
  '23505': () => new Refusal('conflict', 'taken'),
  '40001': () => new Refusal('conflict', 'stale', 1),
  '40P01': () => new Refusal('conflict', 'stale', 1),
  '55P03': () => new Refusal('unavailable', 'busy', 1),
  '57014': () => new Refusal('unavailable', 'tookTooLong', 5),
  '25P03': () => new Refusal('unavailable', 'busy', 1),
  '25P04': () => new Refusal('unavailable', 'tookTooLong', 5),
  '57P01': () => new Refusal('unavailable', 'busy', 1),
  '57P03': () => new Refusal('unavailable', 'busy', 2),
  '53300': () => new Refusal('unavailable', 'busy', 2),
  // auth.write_gate of db/secure.sql.
  GX001: () => new Refusal('unavailable', 'tenantMoving', 2),
  // The database's disk, and this machine's (node:fs): nothing was half written, and it goes on once there is room.
  '53100': () => new Refusal('unavailable', 'diskFull', 30),
  ENOSPC: () => new Refusal('unavailable', 'diskFull', 30),
  EDQUOT: () => new Refusal('unavailable', 'diskFull', 30),
};

/** The refusal an unexpected error amounts to, where it is one: the database is away, busy, or says no. */
export function toRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (error instanceof ServiceAway) return new Refusal('unavailable', 'serviceAway', error.retryAfter);
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const known = code ? byState[code] : undefined;
  if (known) return known();
  if (code && /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/.test(code)) return new Refusal('unavailable', 'busy', 2);
  if (/timeout exceeded when trying to connect|Connection terminated|not queryable/.test(error.message))
    return new Refusal('unavailable', 'busy', 2);
  return toRefusal(error.cause);
}
