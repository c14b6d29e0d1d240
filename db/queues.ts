import pg from 'pg';
import { PgBoss } from 'pg-boss';

/**
 * Installs or upgrades the job tables and makes the queues, as the schema's owner.
 * @param queues name to pg-boss queue options
 */
export async function migrateQueues(migratorUrl: string, queues: Record<string, object>): Promise<void> {
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
    for (const [name, options] of Object.entries(queues)) {
      if (await boss.getQueue(name)) await boss.updateQueue(name, options);
      else await boss.createQueue(name, options);
    }
  } finally {
    await boss.stop({ graceful: false });
  }
  const client = new pg.Client({ connectionString: migratorUrl });
  await client.connect();
  try {
    await client.query(`
      set role crm_owner;
      grant usage on schema pgboss to crm_app, crm_worker;
      grant select, insert, update, delete on all tables in schema pgboss to crm_app, crm_worker;
      grant usage, select on all sequences in schema pgboss to crm_app, crm_worker;
      grant execute on all functions in schema pgboss to crm_app, crm_worker`);
  } finally {
    await client.end();
  }
}
