import { type JobWithMetadata, PgBoss } from 'pg-boss';
import { figuresOf, handBack, holdsJob, type QueueFigures, waitingJobs } from '@/db/queues';
import type { TenantDb } from '@/db/tenant';
import { Refusal } from '@/domain/refusals';
import type { Log } from './log';
import { sealMail } from './mail/sealed';
import { type QueueName, queues } from './queues';
import { currentTrace, inTrace, nextTraceparent, type Trace } from './trace';

/** Puts a job on a queue in the caller's transaction: it exists only if the change that caused it does. */
export type Enqueue = (db: TenantDb, queue: QueueName, payload: Record<string, unknown>) => Promise<void>;

export interface Job {
  id: string;
  queue: QueueName;
  /** Whose job it is; null for what precedes a tenant and for what is due by the clock. */
  tenantId: string | null;
  payload: Record<string, unknown>;
  /** The request that caused it; its own id when none did. */
  requestId: string;
  /** When it was asked for, however often it was tried since. */
  createdAt: Date;
  /** Aborted when the worker shuts down or has lost the job: a long one stops at its next checkpoint. */
  signal: AbortSignal;
  /** Carries the job on every line; the request that caused it is told by the trace. */
  log: Log;
  /** On the queue `dead`: the job that was given up. */
  dead?: { queue: string; id: string; createdAt: Date; attempts: number; output: unknown };
  /**
   * Makes sure that the job is still this worker's until the transaction ends. A job of several transactions begins each
   * with it: a worker that was thought dead must not go on beside the one that took its place.
   * @throws Error when it is somebody else's by now
   */
  hold(db: TenantDb): Promise<void>;
  /**
   * Ends the job in the transaction of its last effect: both are there, or neither. What has an effect in the database
   * ends this way, since a worker may be killed between an effect and an end that are two.
   * @throws Error when the job is somebody else's by now, so that the effect is rolled back
   */
  complete(db: TenantDb): Promise<void>;
}

export type Handler = (job: Job) => Promise<void>;

/** A job to make: nobody's, or a tenant's. */
export interface Part {
  payload: Record<string, unknown>;
  tenantId?: string;
}

/** What makes jobs. */
export interface JobQueue {
  enqueue: Enqueue;
  /** Puts a job on a queue that is nobody's yet, such as a mail to whoever has no tenant. */
  enqueueGlobal(queue: QueueName, payload: Record<string, unknown>): Promise<void>;
}

/** What makes jobs and takes them. */
export interface Jobs extends JobQueue {
  /** Takes jobs from a queue, `width` at a time in this process, looking for new ones every `seconds`. */
  work(queue: QueueName, options: { width: number; seconds?: number }, handler: Handler): Promise<void>;
  /**
   * Takes jobs from a queue that become others: the jobs they become and their own end are one transaction.
   * @param split gives the parts and where they go, and what is left to split as a job of the same queue
   */
  split(
    queue: QueueName,
    into: QueueName,
    split: (job: Job) => Promise<{ parts: Part[]; rest?: Part['payload'] }>,
  ): Promise<void>;
  /** Makes a job of a queue whenever its time comes, one in all processes together; earlier schedules of it go. */
  schedule(queue: QueueName, times: { key: string; cron: string }[]): Promise<void>;
  stop(): Promise<void>;
}

/** How each queue stands. */
export const queueFigures = (): Promise<QueueFigures[]> => figuresOf(Object.keys(queues));

/** Longest wait for handlers that do not hear that the worker shuts down. */
const drainMs = 15_000;

/**
 * Connects to the job tables in the same Postgres.
 * @param role whether this process also does the housekeeping that returns the jobs of killed workers
 */
export async function startJobs(connectionString: string, role: { worker: boolean }, log: Log): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString,
    schema: 'pgboss',
    max: role.worker ? 5 : 2,
    migrate: false,
    createSchema: false,
    supervise: role.worker,
    schedule: role.worker,
    // How soon a heartbeat that stopped is noticed.
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
    // How soon what is over goes: its payload is nobody's business any more.
    maintenanceIntervalSeconds: 600,
    reindex: false,
    monitorVacuum: false,
    application_name: 'guanxi-jobs',
  });
  boss.on('error', (err) => log.warn({ err }, 'job queue'));
  await boss.start();
  const stopping = new AbortController();

  const send = (
    db: Statements | undefined,
    queue: QueueName,
    payload: Part['payload'],
    tenantId: string | null,
    priority = 0,
  ) =>
    boss.send(queue, envelope(queue, payload, tenantId), {
      singletonKey: keyOf(queue, payload, tenantId),
      ...(db && { db: { executeSql: (text: string, values?: unknown[]) => db.query(text, values) } }),
      // A group per tenant: so many of its jobs at a time in all processes, whatever else waits.
      ...(tenantId && { group: { id: tenantId }, priority }),
    });

  /** What a job is to its handler. */
  const jobOf = (queue: QueueName, raw: Raw): Job => {
    const { trace, ...payload } = raw.data;
    return {
      id: raw.id,
      queue,
      tenantId: raw.groupId ?? null,
      payload,
      requestId: raw.data.trace?.requestId ?? raw.id,
      createdAt: raw.createdOn,
      signal: AbortSignal.any([raw.signal, stopping.signal]),
      log: log.child({ job: queue, jobId: raw.id, tenantId: raw.groupId ?? undefined }),
      dead: raw.sourceName
        ? {
            queue: raw.sourceName,
            id: raw.sourceId ?? raw.id,
            createdAt: raw.sourceCreatedOn ?? raw.createdOn,
            attempts: (raw.sourceRetryCount ?? 0) + 1,
            output: raw.sourceOutput,
          }
        : undefined,
      hold: async (db) => {
        if (!(await holdsJob(db.client, queue, raw.id, raw.retryCount))) throw lost(raw.id);
      },
      complete: async (db) => {
        // Limited to this attempt: a worker that was thought dead cannot end the job of the one that came after it.
        const done = await boss.complete(queue, { id: raw.id, retryCount: raw.retryCount }, null, {
          db: { executeSql: (text, values) => db.client.query(text, values) },
        });
        // pg-boss leaves what it answers out of its types.
        if ((done as { affected: number }).affected !== 1) throw lost(raw.id);
      },
    };
  };

  /** How a try ends: done, given up at once, handed back, or thrown for another try. */
  async function attempt(queue: QueueName, raw: Raw, handler: Handler) {
    const job = jobOf(queue, raw);
    try {
      await handler(job);
      return [{ id: raw.id, status: 'completed' as const }];
    } catch (err) {
      if (stopping.signal.aborted) {
        await handBack(queue, raw.id, raw.retryCount);
        job.log.info('job handed back');
      } else if (err instanceof Refusal) {
        // A refusal is an answer: asking again gives the same one.
        job.log.warn({ code: err.detail.code }, 'job refused');
        return [{ id: raw.id, status: 'deadletter' as const, output: { refusal: err.detail.code } }];
      } else job.log.warn({ err, attempt: raw.retryCount + 1 }, 'job failed');
      throw err;
    }
  }

  return {
    async enqueue(db, queue, payload) {
      // Whoever has many jobs waiting queues behind those who have few: a place in one's own line is a place in all.
      const waiting = await waitingJobs(db.client, queue, db.tenantId);
      await send(db.client, queue, payload, db.tenantId, -waiting);
    },
    async enqueueGlobal(queue, payload) {
      await send(undefined, queue, payload, null);
    },
    async work(queue, { width, seconds = 0.5 }, handler) {
      const options = {
        pollingIntervalSeconds: seconds,
        groupConcurrency: Math.max(1, Math.ceil(width / 2)),
        includeMetadata: true,
        perJobResults: true,
      } as const;
      for (let i = 0; i < width; i++) {
        // One worker per call, for its name: after a job it looks for the next at once, not when its time is up.
        let name = '';
        name = await boss.work<Payload, unknown, typeof options>(queue, options, async ([raw]) => {
          if (!raw) return [];
          boss.notifyWorker(name);
          return inTrace(traceOf(raw), () => attempt(queue, raw, handler));
        });
      }
    },
    async split(queue, into, split) {
      const options = { pollingIntervalSeconds: 1, includeMetadata: true, transactional: true } as const;
      await boss.work<Payload, unknown, typeof options>(queue, options, async ([raw], db) => {
        if (!raw) return;
        const { parts, rest } = await inTrace(traceOf(raw), () => split(jobOf(queue, raw)));
        const insertable = ({ payload, tenantId }: Part) => ({
          data: envelope(into, payload, tenantId ?? null),
          singletonKey: keyOf(into, payload, tenantId ?? null),
          ...(tenantId && { group: { id: tenantId } }),
        });
        await boss.insert(into, parts.map(insertable), { db });
        if (rest) await boss.send(queue, envelope(queue, rest, null), { db });
      });
    },
    async schedule(queue, times) {
      for (const { key, cron } of times) await boss.schedule(queue, cron, { cron: key }, { key, tz: 'UTC' });
      const known = new Set(times.map(({ key }) => key));
      for (const { key } of await boss.getSchedules(queue)) if (!known.has(key)) await boss.unschedule(queue, key);
    },
    async stop() {
      stopping.abort(new Error('The worker is shutting down'));
      await boss.stop({ graceful: true, timeout: drainMs });
    },
  };
}

const lost = (id: string) => new Error(`Job ${id} is no longer this worker's`);

type Payload = Record<string, unknown> & { trace?: Trace };
type Raw = JobWithMetadata<Payload>;
interface Statements {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Under what a job of an exclusive queue is told apart from others. */
const keyOf = (queue: QueueName, { cron }: Part['payload'], tenantId: string | null) =>
  queue === 'cronPart' ? [cron, tenantId].filter(Boolean).join(' ') : undefined;

/** A payload as it lies in the table: secrets in it closed, and with the trace of whoever asks. */
function envelope(queue: QueueName, payload: Part['payload'], tenantId: string | null): object {
  const closed = queue === 'mail' ? sealMail(payload, tenantId) : payload;
  const trace = currentTrace();
  return trace ? { ...closed, trace } : closed;
}

/** A job goes on with the trace of whoever caused it; what nobody caused begins one of its own. */
function traceOf({ id, data }: Raw): Trace {
  return { requestId: id, ...data.trace, traceparent: data.trace?.traceparent ?? nextTraceparent() };
}
