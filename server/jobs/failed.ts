import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { failedJobs } from '@/db/schema/audit';
import { inTenant } from '@/db/tenant';
import { momentSchema } from '@/domain/fields';
import { notFound } from '@/domain/refusals';
import { audit } from '../core/audit';
import { makeCursor, readCursor } from '../core/cursor';
import { type QueueName, queues } from '../core/queues';
import type { Work } from '../core/work';

export interface FailedJobView {
  id: string;
  queue: string;
  /** A key of messages' errors. */
  error: string;
  attempts: number;
  createdAt: string;
  failedAt: string;
  requestId: string | null;
  subject: JobSubject;
}

/** What a job was about: names and ids, never the links in a mail. */
export type JobSubject = Partial<Record<(typeof told)[number], string>>;
const told = ['template', 'to', 'importId', 'changeSetId', 'cron'] as const;

export const failedInput = z.strictObject({ cursor: z.string().max(100).optional() });
const cursorSchema = z.tuple([momentSchema, z.uuid()]);
const pageSize = 50;

/** Jobs that were given up and not dealt with since, newest first. */
export async function listFailed(
  work: Work,
  { cursor }: z.infer<typeof failedInput>,
): Promise<{ rows: FailedJobView[]; next: string | null }> {
  const after = cursor === undefined ? undefined : readCursor(cursorSchema, cursor);
  const rows = await work.db.find(
    failedJobs,
    and(open, after && sql`(${failedJobs.failedAt}, ${failedJobs.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`),
    { orderBy: sql`${desc(failedJobs.failedAt)}, ${desc(failedJobs.id)}`, limit: pageSize + 1 },
  );
  const shown = rows.slice(0, pageSize);
  const last = rows.length > pageSize ? shown.at(-1) : undefined;
  return { rows: shown.map(view), next: last ? makeCursor([last.failedAt, last.id]) : null };
}

/** Puts a job that was given up on its queue once more, in the transaction that says so. */
export async function replay(work: Work, id: string): Promise<{ ok: true }> {
  const job = await take(work, id, 'replayedAt');
  // Written from the names of the queues.
  const queue = job.queue as QueueName;
  if (!(queue in queues)) throw notFound();
  // The payload is one that was on the queue: an object.
  await work.enqueue(work.db, queue, { ...(job.payload as Record<string, unknown>), again: true });
  await audit(work, 'jobReplayed', { object: 'job', id, name: queue });
  return { ok: true };
}

/** Takes a job that was given up off the list; it is not done. */
export async function dismiss(work: Work, id: string): Promise<{ ok: true }> {
  const { queue } = await take(work, id, 'dismissedAt');
  await audit(work, 'jobDismissed', { object: 'job', id, name: queue });
  return { ok: true };
}

const keptDays = 90;

/** Forgets jobs that were dealt with long ago; the audit keeps who dealt with them. */
export async function pruneFailed(tenantId: string, now: Date): Promise<void> {
  const before = new Date(now.getTime() - keptDays * 86_400_000).toISOString();
  await inTenant(tenantId, 'write', (db) =>
    db.delete(failedJobs, sql`coalesce(${failedJobs.replayedAt}, ${failedJobs.dismissedAt}) < ${before}`),
  );
}

const open = and(isNull(failedJobs.replayedAt), isNull(failedJobs.dismissedAt));

/** Marks a job as dealt with; of two who do that at once, one is refused. */
async function take(work: Work, id: string, mark: 'replayedAt' | 'dismissedAt') {
  const marked = await work.db.update(failedJobs, { [mark]: work.now.toISOString() }, and(eq(failedJobs.id, id), open));
  const [job] = await work.db.find(failedJobs, eq(failedJobs.id, id));
  if (!job || marked === 0) throw notFound();
  return job;
}

function view({ id, queue, error, attempts, createdAt, failedAt, requestId, payload }: typeof failedJobs.$inferSelect) {
  return { id, queue, error, attempts, createdAt, failedAt, requestId, subject: subjectOf(payload) };
}

function subjectOf(payload: unknown): JobSubject {
  const values = payload as Record<string, unknown>;
  const named: Record<string, unknown> = { ...values, template: values.template ?? values.kind };
  return Object.fromEntries(told.flatMap((name) => (typeof named[name] === 'string' ? [[name, named[name]]] : [])));
}
