import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { and, eq, inArray, or } from 'drizzle-orm';
import { archives } from '@/db/schema/archives';
import { members } from '@/db/schema/tenants';
import { inTenant, type TenantDb } from '@/db/tenant';
import { type ArchiveStage, type ArchiveSummary, archiveDays, type Manifest } from '@/domain/archives';
import { Refusal } from '@/domain/refusals';
import release from '@/package.json' with { type: 'json' };
import { requirePermission } from '../core/context';
import { readStored, removeStored, type StoredFile, storeFile, workFolder } from '../core/files';
import { inJob, type JobActor } from '../core/job-work';
import type { Enqueue, Job } from '../core/jobs';
import { siteAddress } from '../core/site';
import type { Work } from '../core/work';
import { tellOfExport } from '../notifications/write';
import type { ArchiveJob, ArchiveRow } from './archives';
import { fillWorkspace } from './load';
import { broken, checkArchive, type OpenArchive, openArchive } from './open';
import { type About, packArchive } from './pack';
import { publicKeys } from './signing';
import { takeSnapshot } from './snapshot';
import { discardWorkspace, openWorkspace, personOf, workspaceToFill } from './workspace';

export interface ArchiveDeps {
  enqueue: Enqueue;
  signal: AbortSignal;
  /** Archives at most this many bytes large are written. */
  maxBytes: number;
  /** The job it runs as: each of its transactions makes sure that it still has it, the last one ends it. */
  held?: Pick<Job, 'hold' | 'complete'>;
  /** Called whenever a piece of the work is committed. */
  checkpoint?: (stage: ArchiveStage, done: number) => void;
}

/** Somebody else has this archive, or it is over: nothing to do, and nothing wrong. */
class HandedOn extends Error {}

/** The reason of an archive whose job was given up. */
const givenUp = 'jobStopped';
const statuses = { make: ['queued', 'running'], check: ['checking'], load: ['loading'] };

/**
 * Makes an archive, checks one that was brought, or puts one in place of an empty workspace. A worker that is killed leaves nothing
 * that counts: the next one makes or checks anew, and goes on with loading where that was.
 */
export async function runArchive(job: ArchiveJob, deps: ArchiveDeps): Promise<void> {
  const told = reporter(job, deps);
  try {
    await { make, check, load }[job.does](job, deps, told.tell);
  } catch (error) {
    if (error instanceof HandedOn) return;
    // A refusal is an answer: trying again gives the same one.
    if (!(error instanceof Refusal)) throw error;
    await told.stop();
    await refuse(job, deps, error);
  } finally {
    await told.stop();
  }
}

type Tell = (stage: ArchiveStage, done: number, total: number) => void;

async function make(job: ArchiveJob, deps: ArchiveDeps, tell: Tell): Promise<void> {
  const about = await inPart(job, deps, async (work) => {
    const [by] = await work.db.find(members, eq(members.id, work.actor.memberId));
    await takeUp(work, job, 'running');
    return aboutOf(work.actor.tenantId, work.actor.tenantSlug, by ?? null);
  });
  const folder = await workFolder(job.archiveId);
  let stored: StoredFile | undefined;
  try {
    const { signal } = deps;
    const snapshot = await takeSnapshot(job.tenantId, folder, { signal, progress: (rows) => tell('reading', rows, 0) });
    const { stream, packed } = packArchive(snapshot, about, {
      signal,
      progress: (rows) => tell('packing', rows, snapshot.rows),
    });
    stored = await storeFile(job.tenantId, stream, deps.maxBytes).catch((error: unknown) => {
      if (!(error instanceof Refusal) || error.detail.code !== 'fileTooLarge') throw error;
      throw new Refusal('invalid', { code: 'archiveTooLarge', params: { what: String(error.detail.params?.max) } });
    });
    const manifest = await packed;
    const { id: fileId, size: bytes, sha256 } = stored;
    await inPart(job, deps, async (work) => {
      const done = { status: 'done', stage: null, fileId, bytes, sha256, summary: ownSummary(manifest) };
      await work.db.update(archives, { ...done, ...ends(work.now) }, eq(archives.id, job.archiveId));
      await tellOfExport(work.db, work.now, news(job));
      await deps.held?.complete(work.db);
    });
  } catch (error) {
    if (stored) await removeStored(job.tenantId, stored.id);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is said of a workspace in its archive. */
export function aboutOf(tenantId: string, slug: string, by: { name: string; email: string | null } | null): About {
  return {
    tenantId,
    slug,
    release: release.version,
    address: siteAddress(),
    by: by && { name: by.name, email: by.email },
  };
}

async function check(job: ArchiveJob, deps: ArchiveDeps, tell: Tell): Promise<void> {
  const row = await inPart(job, deps, async (work, found) => {
    await takeUp(work, job, 'checking');
    return found;
  });
  await withArchive(job, row, async (archive) => {
    const total = [...archive.sizes()].reduce((sum, [, bytes]) => sum + bytes, 0);
    await checkArchive(archive, { signal: deps.signal, progress: (bytes) => tell('checking', bytes, total) });
    await inPart(job, deps, async (work) => {
      const checked = { status: 'checked', stage: null, summary: summaryOf(archive.manifest, archive.signer) };
      await work.db.update(archives, checked, eq(archives.id, job.archiveId));
      await deps.held?.complete(work.db);
    });
  });
}

async function load(job: ArchiveJob, deps: ArchiveDeps, tell: Tell): Promise<void> {
  const { row, person } = await inPart(job, deps, async (work, found) => {
    await takeUp(work, job, 'loading');
    return { row: found, person: await personOf(work.db, work.actor.memberId) };
  });
  await withArchive(job, row, async (archive) => {
    const loadingId = await workspaceToFill(job.tenantId, row);
    const { archiveId, requestId } = job;
    const { signal, held } = deps;
    const progress = (stage: ArchiveStage, done: number, total: number) => {
      tell(stage, done, total);
      deps.checkpoint?.(stage, done);
    };
    await fillWorkspace({ archive, archiveId, loadingId, signal, held, progress });
    // Whoever asked may have lost the right meanwhile.
    await inPart(job, deps, async () => {});
    await openWorkspace(job.tenantId, row, loadingId, person, { requestId, held });
  });
}

/** Brings an archive onto this machine's disk, as it was when it was brought. */
async function withArchive(
  { tenantId, archiveId }: ArchiveJob,
  { fileId, sha256 }: ArchiveRow,
  run: (archive: OpenArchive) => Promise<void>,
): Promise<void> {
  const folder = await workFolder(archiveId);
  try {
    const file = path.join(folder, 'archive.zip.part');
    const hash = createHash('sha256');
    const meter = new Transform({
      transform(chunk: Buffer, _, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    await pipeline(await readStored(tenantId, fileId ?? ''), meter, createWriteStream(file, { mode: 0o600 }));
    if (hash.digest('hex') !== sha256) throw broken('zip');
    const archive = await openArchive(file);
    try {
      await run(archive);
    } finally {
      archive.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const ownSummary = (manifest: Manifest): ArchiveSummary =>
  summaryOf(manifest, { fingerprint: publicKeys()[0]?.kid ?? '', ours: true });

/** What a person is shown of an archive. */
export function summaryOf(
  { content, installation }: Manifest,
  signer: { fingerprint: string; ours: boolean },
): ArchiveSummary {
  const { tenant, address, at, by, release } = installation;
  const rows = content.members.flatMap(({ name, rows }) =>
    rows > 0 ? [[name.slice('data/'.length, -'.ndjson'.length), rows]] : [],
  );
  const { files, sha256 } = content;
  return { tenant: tenant.name, address, at, by, release, rows: Object.fromEntries(rows), files, sha256, ...signer };
}

/** Says that a worker is at it, also after one that was given up. */
async function takeUp(work: Work, { archiveId }: ArchiveJob, status: string): Promise<void> {
  const begun = { status, stage: null, done: 0, total: 0, error: null, errorIn: null, finishedAt: null };
  await work.db.update(archives, begun, eq(archives.id, archiveId));
}

const ends = (now: Date) => ({
  finishedAt: now.toISOString(),
  expiresAt: new Date(now.getTime() + archiveDays * 86_400_000).toISOString(),
});

/** The job's archive, unless it is over. */
const mine = ({ archiveId, does, again }: ArchiveJob) => {
  const open = inArray(archives.status, statuses[does]);
  const reopened = and(eq(archives.status, 'failed'), eq(archives.error, givenUp));
  return and(eq(archives.id, archiveId), again ? or(open, reopened) : open);
};

/** One transaction of the job, with the rights that whoever asked has now. @throws HandedOn when the archive is over */
function inPart<T>(job: ArchiveJob, deps: ArchiveDeps, run: (work: Work, row: ArchiveRow) => Promise<T>): Promise<T> {
  // Thrown, so that the queue hands the job to another worker.
  deps.signal.throwIfAborted();
  const actor: JobActor = { ...job, channel: 'screen' };
  return inJob(actor, deps.enqueue, 'write', async (work) => {
    await deps.held?.hold(work.db);
    const [row] = await work.db.find(archives, mine(job), { lock: true });
    if (!row) throw new HandedOn();
    requirePermission(work.actor, 'archives.manage');
    return run(work, row);
  });
}

/** Ends an archive that comes to nothing; what was filled for it goes. */
async function refuse(job: ArchiveJob, deps: ArchiveDeps, { detail }: Refusal): Promise<void> {
  const loadingId = await inTenant(job.tenantId, 'write', async (db) => {
    const [row] = await db.find(archives, mine(job), { lock: true });
    await fail(db, job, detail.code, typeof detail.params?.what === 'string' ? detail.params.what : null);
    await deps.held?.complete(db);
    return row?.loadingId;
  });
  if (loadingId) await discardLoading(job.tenantId, job.archiveId, loadingId, deps.signal);
}

async function fail(db: TenantDb, job: ArchiveJob, error: string, errorIn: string | null): Promise<void> {
  const now = new Date();
  const over = { status: 'failed', stage: null, error, errorIn, finishedAt: now.toISOString() };
  if ((await db.update(archives, over, mine(job))) > 0) await tellOfExport(db, now, { ...news(job), failed: true });
}

/** An archive is told of as exports are. */
const news = ({ memberId, archiveId }: ArchiveJob) => ({ memberId, object: 'archive', exportId: archiveId });

/** Removes what was filled for an archive that came to nothing; the clock comes back to what is left. */
export async function discardLoading(
  tenantId: string,
  archiveId: string,
  loadingId: string,
  signal: AbortSignal,
): Promise<void> {
  await discardWorkspace(loadingId, signal);
  await inTenant(tenantId, 'write', (db) => db.update(archives, { loadingId: null }, eq(archives.id, archiveId)));
}

/** Ends an archive whose job was given up. */
export async function giveUpArchive(db: TenantDb, job: ArchiveJob): Promise<void> {
  await fail(db, job, givenUp, null);
}

/** Milliseconds between two looks at how far it is. */
const toldEveryMs = 1000;

/** Keeps the person at the screen informed, in transactions of its own and never more often than somebody looks. */
function reporter(job: ArchiveJob, deps: ArchiveDeps): { tell: Tell; stop(): Promise<void> } {
  let latest: { stage: ArchiveStage; done: number; total: number } | undefined;
  let writing: Promise<unknown> = Promise.resolve();
  const write = () => {
    const said = latest;
    latest = undefined;
    if (!said || deps.signal.aborted) return;
    writing = inTenant(job.tenantId, 'write', (db) => db.update(archives, said, mine(job))).catch(() => {});
  };
  const timer = setInterval(() => void writing.then(write), toldEveryMs);
  return {
    tell: (stage, done, total) => {
      latest = { stage, done, total };
    },
    async stop() {
      clearInterval(timer);
      latest = undefined;
      await writing;
    },
  };
}
