import { observer } from '@/db/observe';
import { log } from './log';
import { count } from './metrics';
import { currentTrace } from './trace';

const windowMs = 60_000;
/** So many things that are not there within a minute are no longer somebody's stale tab. */
const burst = 30;
const maxKnown = 10_000;

const misses = new Map<string, { since: number; count: number }>();

/** Notes an answer that was no. Many `notFound` to one member are somebody who tries ids. */
export function noteRefusal(code: string, now = Date.now()): void {
  count.refusals.inc({ code });
  const member = currentTrace()?.memberId;
  if (code !== 'notFound' || !member) return;
  let known = misses.get(member);
  if (!known || now - known.since > windowMs) {
    if (misses.size >= maxKnown) misses.clear();
    known = { since: now, count: 0 };
    misses.set(member, known);
  }
  known.count++;
  if (known.count !== burst) return;
  count.security.inc({ kind: 'foreignIds' });
  log.warn({ misses: burst }, 'a member asks for many things that are not there');
}

/** Counts what Postgres refuses to keep tenants apart: each is a mistake of ours, or somebody at work. */
export function noteDatabaseError(error: unknown): void {
  const kind = kindOf(error);
  if (!kind) return;
  count.security.inc({ kind });
  log.error({ err: error, kind }, 'the database kept tenants apart');
}

/** From here on, what ends transactions is looked at. */
export function watchTransactions(): void {
  observer.failed = noteDatabaseError;
}

function kindOf(error: unknown): 'noTenant' | 'rowPolicy' | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? error.code : undefined;
  if (code === '42501') return 'rowPolicy';
  // A setting that was never made, or was reset to nothing by an earlier transaction's end.
  if (code === '42704' && error.message.includes('app.tenant_id')) return 'noTenant';
  if (code === '22P02' && error.message.endsWith('uuid: ""')) return 'noTenant';
  return error.cause ? kindOf(error.cause) : undefined;
}
