import { PgBoss } from 'pg-boss';
import { alone, runAlone } from './alone';
import { pool } from './pool';

/**
 * Installs or upgrades the job tables and makes the queues, as the schema's owner. One starter at a time.
 * @param queues name to pg-boss queue options; a queue stands behind the dead letter queue it names
 */
export async function migrateQueues(
  migratorUrl: string,
  queues: Record<string, object & { policy?: string }>,
): Promise<void> {
  await alone(migratorUrl, async (client) => {
    await makeQueues(migratorUrl, queues);
    await client.query('set role crm_owner');
    await runAlone(
      client,
      "create index concurrently if not exists guanxi_waiting on pgboss.job_common (name, group_id) where state < 'active'",
    );
    await client.query(`
      grant usage on schema pgboss to crm_app, crm_worker;
      grant select, insert, update, delete on all tables in schema pgboss to crm_app, crm_worker;
      grant usage, select on all sequences in schema pgboss to crm_app, crm_worker;
      grant execute on all functions in schema pgboss to crm_app, crm_worker`);
  });
}

async function makeQueues(migratorUrl: string, queues: Record<string, object & { policy?: string }>): Promise<void> {
  const boss = new PgBoss({
    connectionString: migratorUrl,
    schema: 'pgboss',
    options: '-c role=crm_owner',
    max: 2,
    supervise: false,
    schedule: false,
    reindex: false,
  });
  boss.on('error', () => {});
  await boss.start();
  try {
    for (const [name, { policy, ...options }] of Object.entries(queues)) {
      if (await boss.getQueue(name)) await boss.updateQueue(name, options);
      else await boss.createQueue(name, { ...options, policy });
    }
  } finally {
    await boss.stop({ graceful: false });
  }
}

/** Anything statements can be sent to: the pool, or a transaction's connection. */
interface Runner {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

/** How many of a tenant's jobs wait in a queue, counted up to a thousand. */
export async function waitingJobs(db: Runner, queue: string, tenantId: string): Promise<number> {
  const { rows } = await db.query(
    `select count(*)::int as n from
       (select from pgboss.job_common where name = $1 and group_id = $2 and state < 'active' limit 1000) as waiting`,
    [queue, tenantId],
  );
  // One row with the count, always.
  return (rows as [{ n: number }])[0].n;
}

/**
 * Whether a job is still this attempt's, and keeps it so until the transaction ends: nobody claims a row that is locked.
 */
export async function holdsJob(db: Runner, queue: string, jobId: string, attempt: number): Promise<boolean> {
  const { rows } = await db.query(
    `select 1 from pgboss.job_common where name = $1 and id = $2 and state = 'active' and retry_count = $3 for share`,
    [queue, jobId, attempt],
  );
  return rows.length > 0;
}

/**
 * Gives a job back that its worker stops before the end: the next worker may take it at once, and it has not cost a try.
 * pg-boss's own `fail` makes it wait and counts it, and its `restore` lets the next claim look like this one, so that the
 * end of this attempt could settle that one.
 * @param attempt the claim it is given back from; a later one is left alone
 */
export async function handBack(queue: string, jobId: string, attempt: number): Promise<void> {
  await pool().query(
    `update pgboss.job_common set state = 'retry', start_after = now(), retry_limit = retry_limit + 1, heartbeat_on = null
     where name = $1 and id = $2 and state = 'active' and retry_count = $3`,
    [queue, jobId, attempt],
  );
}

export interface QueueFigures {
  queue: string;
  /** Jobs that wait, now or for their next try. */
  depth: number;
  active: number;
  /** Seconds the longest waiting job that could run has waited; 0 when none does. */
  oldestSeconds: number;
  /** Jobs given up within the last hour. */
  failed: number;
}

/** How the queues stand, one entry for each name. */
export async function figuresOf(names: string[]): Promise<QueueFigures[]> {
  const { rows } = await pool().query<QueueFigures>(
    `select q.name as queue,
       count(j.id) filter (where j.state < 'active')::int as depth,
       count(j.id) filter (where j.state = 'active')::int as active,
       coalesce(extract(epoch from now() - min(greatest(j.start_after, j.created_on))
         filter (where j.state < 'active' and j.start_after <= now())), 0)::float8 as "oldestSeconds",
       count(j.id) filter (where j.state = 'failed' and j.completed_on > now() - interval '1 hour')::int as failed
     from unnest($1::text[]) as q (name) left join pgboss.job_common j on j.name = q.name
     group by q.name order by q.name`,
    [names],
  );
  return rows;
}
