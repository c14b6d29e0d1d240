import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { and, eq, isNotNull } from 'drizzle-orm';
import { readSecrets, runningUrl, startEmbedded } from '@/db/embedded';
import { tenantBySlug } from '@/db/global';
import { migrationsCurrent } from '@/db/migrate';
import { closePool, openPool } from '@/db/pool';
import { archives } from '@/db/schema/archives';
import { members } from '@/db/schema/tenants';
import { inTenant } from '@/db/tenant';
import { Refusal } from '@/domain/refusals';
import { auditSystem } from '../core/audit';
import { type Env, readEnv, refuseUnsafe, s3Of } from '../core/env';
import { openFiles, workFolder } from '../core/files';
import { newId } from '../core/ids';
import { log } from '../core/log';
import { s3Store } from '../core/s3-store';
import { say } from '../core/say';
import { openSecrets } from '../core/secrets';
import { openSite } from '../core/site';
import { type ArchiveRow, refuseSecond, requireEmpty } from './archives';
import { aboutOf, discardLoading, summaryOf } from './jobs';
import { fillWorkspace } from './load';
import { checkArchive, type OpenArchive, openArchive } from './open';
import { packArchive } from './pack';
import { takeSnapshot } from './snapshot';
import { openWorkspace, personOf, workspaceToFill } from './workspace';
// Every kind of record declares itself when it is imported.
import '../router';

// `npm run archive` and `npm run unarchive`: docs/archive.md says how to use them.

const usage = {
  archive: 'npm run archive -- --tenant ADDRESS --to FILE',
  unarchive: 'npm run unarchive -- --from FILE --tenant ADDRESS [--trust FINGERPRINT]',
};
const print = (line: string) => process.stdout.write(`${line}\n`);
const stopping = new AbortController();
const { signal } = stopping;

async function archive(args: string[]): Promise<void> {
  const { tenant, to } = parse('archive', args, { tenant: { type: 'string' }, to: { type: 'string' } });
  if (!tenant || !to) throw new Error(`Say which workspace and where to: ${usage.archive}`);
  if (await stat(to).catch(() => undefined)) throw new Error(`${to} is there already: choose another name.`);
  await connected(async () => {
    const tenantId = await tenantAt(tenant);
    const folder = await workFolder(newId());
    const unfinished = `${to}.part`;
    try {
      const snapshot = await takeSnapshot(tenantId, folder, { signal });
      const { stream, packed } = packArchive(snapshot, aboutOf(tenantId, tenant, null), { signal });
      await pipeline(stream, createWriteStream(unfinished, { mode: 0o600 }), { signal });
      const { content } = await packed;
      await inTenant(tenantId, 'write', (db) =>
        auditSystem(db, 'archiveMade', { object: 'archive', name: path.basename(to) }),
      );
      await rename(unfinished, to);
      print(`Archived ${tenant} into ${to}: ${snapshot.rows} rows, ${content.files.count} files.`);
      if (content.files.missing > 0)
        print(`The bytes of ${content.files.missing} files are gone; the archive says which.`);
      print(`Content ${content.sha256}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
      await rm(unfinished, { force: true });
    }
  });
}

async function unarchive(args: string[]): Promise<void> {
  const options = { tenant: { type: 'string' }, from: { type: 'string' }, trust: { type: 'string' } } as const;
  const { tenant, from, trust } = parse('unarchive', args, options);
  if (!tenant || !from) throw new Error(`Say from where and into which workspace: ${usage.unarchive}`);
  await connected(async () => {
    const tenantId = await tenantAt(tenant);
    const opened = await openArchive(from);
    try {
      await checkArchive(opened, { signal });
      const { fingerprint, ours } = opened.signer;
      if (!ours && trust !== fingerprint)
        throw new Error(
          `${from} was signed by another installation, by the key ${fingerprint}. Compare that with what it shows, and say --trust ${fingerprint}.`,
        );
      await load(tenantId, opened, await hashOf(from), path.basename(from));
    } finally {
      opened.close();
    }
    const { tenant: was } = opened.manifest.installation;
    print(`${was.name} is now at ${tenant}.`);
  });
}

/** Goes on where an earlier call with the same file was killed. */
async function load(tenantId: string, archive: OpenArchive, sha256: string, name: string): Promise<void> {
  const { row, person } = await inTenant(tenantId, 'write', async (db) => {
    await requireEmpty(db);
    const owners = and(eq(members.role, 'owner'), eq(members.status, 'active'), isNotNull(members.userId));
    const [owner] = await db.find(members, owners, { limit: 1 });
    if (!owner) throw new Error('The workspace has no owner.');
    const begun = and(eq(archives.status, 'loading'), eq(archives.sha256, sha256));
    const [known] = await db.find(archives, begun, { lock: true });
    return { row: known ?? (await begin(owner.id)), person: await personOf(db, owner.id) };

    async function begin(memberId: string): Promise<ArchiveRow> {
      await refuseSecond(db);
      const id = newId();
      const summary = summaryOf(archive.manifest, archive.signer);
      await db.insert(archives, { id, memberId, kind: 'load', status: 'loading', name, sha256, summary });
      await auditSystem(db, 'archiveLoading', { object: 'archive', id, name }, { sha256: summary.sha256 });
      const [made] = await db.find(archives, eq(archives.id, id));
      if (!made) throw new Error('A row that was just written is not there');
      return made;
    }
  });
  const loadingId = await workspaceToFill(tenantId, row);
  try {
    await fillWorkspace({ archive, archiveId: row.id, loadingId, signal, progress: shown() });
    await openWorkspace(tenantId, row, loadingId, person, { requestId: row.id });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const failed = { status: 'failed', error: error.detail.code, finishedAt: new Date().toISOString() };
    await inTenant(tenantId, 'write', (db) => db.update(archives, failed, eq(archives.id, row.id)));
    await discardLoading(tenantId, row.id, loadingId, signal);
    throw error;
  }
}

/** Says how far it is, every few seconds. */
function shown(): (stage: string, done: number, total: number) => void {
  let said = Date.now();
  return (stage, done, total) => {
    if (Date.now() - said < 5000) return;
    said = Date.now();
    print(`${stage}: ${done} of ${total}`);
  };
}

async function tenantAt(slug: string): Promise<string> {
  const found = await tenantBySlug(slug);
  if (found?.status !== 'active') throw new Error(`There is no workspace at ${slug}.`);
  return found.id;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** With the database, secrets and files of the installation that the environment names; the server may run or not. */
async function connected(run: () => Promise<void>): Promise<void> {
  const env = readEnv();
  log.level = 'error';
  for (const warning of refuseUnsafe(env)) print(warning);
  const dataDir = path.resolve(env.DATA_DIR);
  const secrets = readSecrets(dataDir);
  const database = await databaseOf(env, dataDir, secrets);
  try {
    const onError = (error: Error) => print(error.message);
    const pool = openPool({ connectionString: database.url, max: 4, waitMs: 10_000, onError });
    if (!(await migrationsCurrent(pool).catch(() => false)))
      throw new Error(
        'The database is not migrated to this version: start the server or run the migrate service first.',
      );
    openSecrets(env.ENCRYPTION_KEYS ?? `local:${secrets.encryption ?? ''}`);
    const s3 = s3Of(env);
    openFiles(path.join(dataDir, 'files'), s3 && s3Store(s3));
    openSite(env.PUBLIC_URL ?? `http://localhost:${env.PORT}`);
    await run();
  } finally {
    await closePool();
    await database.stop();
  }
}

async function databaseOf(
  env: Env,
  dataDir: string,
  secrets: Record<string, string | undefined>,
): Promise<{ url: string; stop(): Promise<void> }> {
  const given = env.WORKER_DATABASE_URL ?? env.DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  if (!secrets.crm_worker) throw new Error(`${dataDir} holds no database of Guanxi's own.`);
  const running = runningUrl(dataDir);
  const own = running ? undefined : await startEmbedded(dataDir, { archiveTo: env.BACKUP_DIR, log: () => {} });
  const url = new URL(running?.('guanxi') ?? own?.superuserUrl('guanxi') ?? '');
  url.username = 'crm_worker';
  url.password = secrets.crm_worker;
  return { url: url.href, stop: async () => own?.stop() };
}

type Flags = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

function parse<T extends Flags>(command: keyof typeof usage, args: string[], options: T) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new Error(`${(error as Error).message.split('\n')[0]?.replace(/\.?$/, '.')} Usage: ${usage[command]}`);
  }
}

for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.on(name, () => stopping.abort(new Error('Stopped. The same command goes on where it was.')));
try {
  const [command, ...args] = process.argv.slice(2);
  await (command === 'unarchive' ? unarchive(args) : archive(args));
} catch (error) {
  const refusal = error instanceof Refusal ? say('en', error.detail.code, error.detail.params) : undefined;
  process.stderr.write(`${refusal ?? (error instanceof Error ? error.message : String(error))}\n`);
  process.exitCode = 1;
}
