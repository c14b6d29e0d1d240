import { queues } from '@/server/core/queues';
import { migrate } from './migrate';
import { provision } from './provision';
import { migrateQueues } from './queues';

/**
 * The migrate step of a deployment: makes the roles and the database of an empty server, then brings the schema up to
 * date. DATABASE_ADMIN_URL is a superuser's address naming the application's database; MIGRATOR_PASSWORD, APP_PASSWORD
 * and WORKER_PASSWORD are those the roles get; BACKUP_PASSWORD is that of crm_backup, which cannot sign in without one.
 */
async function main(env: Record<string, string | undefined>): Promise<void> {
  const need = (name: string) => {
    const value = env[name];
    if (!value) throw new Error(`${name} is missing.`);
    return value;
  };
  const admin = new URL(need('DATABASE_ADMIN_URL'));
  const database = admin.pathname.slice(1);
  const passwords = { migrator: need('MIGRATOR_PASSWORD'), app: need('APP_PASSWORD'), worker: need('WORKER_PASSWORD') };
  const server = new URL(admin);
  server.pathname = '/postgres';
  await provision(server.href, database, { ...passwords, backup: env.BACKUP_PASSWORD });
  const migrator = new URL(admin);
  migrator.username = 'crm_migrator';
  migrator.password = passwords.migrator;
  await migrate(migrator.href, { log: (line) => process.stderr.write(`${line}\n`) });
  await migrateQueues(migrator.href, queues);
}

try {
  await main(process.env);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
