import { createHash } from 'node:crypto';
import path from 'node:path';
import { Readable } from 'node:stream';
import { asc, eq } from 'drizzle-orm';
import pino from 'pino';
import { files } from '@/db/schema/imports';
import { inTenant } from '@/db/tenant';
import type { ImportPlan } from '@/domain/imports/mapping';
import { openFiles, storeFile } from '@/server/core/files';
import { newId } from '@/server/core/ids';
import { typesOf } from '@/server/core/types';
import type { Work } from '@/server/core/work';
import { type CheckDeps, type CheckJob, runCheck } from '@/server/imports/check-job';
import { type ImportDeps, type ImportJob, runImport } from '@/server/imports/jobs';
import { runUnpack, type UnpackDeps, type UnpackJob } from '@/server/imports/unpack';
import { keepUpload, uploadFormat } from '@/server/imports/uploads';
import { type KeysJob, runKeys } from '@/server/search/follow';
import { ownFolder } from './folders';
import { realBytes } from './real-data';
import { clock, type TestTenant } from './tenants';

openFiles(ownFolder('files'));

/** Brings a file into a tenant as the upload route does. @returns its id */
export async function upload(tenant: TestTenant, name: string, content: string | Uint8Array): Promise<string> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
  const stored = await storeFile(tenant.tenantId, Readable.from([bytes]), 50_000_000);
  if (stored.sha256 !== createHash('sha256').update(bytes).digest('hex'))
    throw new Error('The file was not stored as it came');
  const format = await uploadFormat(tenant.tenantId, stored.id);
  await inTenant(tenant.tenantId, 'write', async (db) => keepUpload(await workOf(tenant, db), stored, name, format));
  return stored.id;
}

/**
 * Brings a file that holds tables, and takes it apart as the worker would.
 * @returns its tables in the order in which they were found, and the file itself as it is afterwards
 */
export async function uploadTables(tenant: TestTenant, name: string, content: string | Uint8Array) {
  const fileId = await upload(tenant, name, content);
  await unpackAll(tenant);
  return inTenant(tenant.tenantId, 'read', async (db) => {
    const [file] = await db.find(files, eq(files.id, fileId));
    if (!file) throw new Error('The file is gone');
    return { file, tables: await db.find(files, eq(files.parentId, fileId), { orderBy: asc(files.id) }) };
  });
}

/** Takes the files apart that wait for it. */
export async function unpackAll(tenant: TestTenant, deps: Partial<UnpackDeps> = {}): Promise<void> {
  // Jobs of this queue are UnpackJobs.
  for (const { payload } of takeJobs(tenant, 'unpack'))
    await runUnpack(payload as unknown as UnpackJob, { enqueue: tenant.context.enqueue, ...deps });
}

function takeJobs({ jobs }: TestTenant, queue: string) {
  const taken = jobs.filter((job) => job.queue === queue);
  jobs.splice(0, jobs.length, ...jobs.filter((job) => job.queue !== queue));
  return taken;
}

export const uploadReal = (tenant: TestTenant, file: string) => upload(tenant, path.basename(file), realBytes(file));

/** What a verb is given where no caller stands between. */
export async function workOf(tenant: TestTenant, db: Work['db']): Promise<Work> {
  return {
    db,
    types: await typesOf(db),
    now: clock.now,
    requestId: newId(),
    enqueue: tenant.context.enqueue,
    ip: null,
    actor: {
      tenantId: tenant.tenantId,
      tenantSlug: tenant.slug,
      memberId: tenant.memberId,
      userId: tenant.userId,
      role: 'owner',
      teamId: null,
      locale: 'en',
      channel: 'screen',
    },
  };
}

/** Takes the jobs that wait in the tenant's queue, as the worker would. */
export async function workOff(tenant: TestTenant, deps: Partial<ImportDeps> = {}): Promise<void> {
  for (
    let i = tenant.jobs.findIndex(({ queue }) => queue === 'import');
    i >= 0;
    i = tenant.jobs.findIndex(({ queue }) => queue === 'import')
  ) {
    const [job] = tenant.jobs.splice(i, 1);
    // Jobs of this queue are ImportJobs.
    if (job)
      await runImport(job.payload as unknown as ImportJob, {
        enqueue: tenant.context.enqueue,
        log: pino({ level: 'silent' }),
        now: () => clock.now,
        ...deps,
      });
  }
}

/** Takes the dry runs that wait in the tenant's queue, as the worker would. */
export async function workOffChecks(tenant: TestTenant, deps: Partial<CheckDeps> = {}): Promise<void> {
  const next = () => tenant.jobs.findIndex(({ queue }) => queue === 'importCheck');
  for (let i = next(); i >= 0; i = next()) {
    const [job] = tenant.jobs.splice(i, 1);
    // Jobs of this queue are CheckJobs.
    if (job) await runCheck(job.payload as unknown as CheckJob, { enqueue: tenant.context.enqueue, ...deps });
  }
}

/** Lets the search learn of what a large import has made, as the worker would. */
export async function workOffKeys(tenant: TestTenant): Promise<void> {
  // Jobs of this queue are KeysJobs.
  for (const { payload } of takeJobs(tenant, 'searchKeys')) await runKeys(payload as unknown as KeysJob);
}

/** Goes through a file without writing anything. */
export async function dryRun(tenant: TestTenant, input: Parameters<TestTenant['api']['imports']['check']>[0]) {
  await tenant.api.imports.check(input);
  await workOffChecks(tenant);
  const found = await tenant.api.imports.checked({ fileId: input.fileId });
  if (found?.status !== 'checked') throw new Error('The dry run is not over');
  return found;
}

/** The plan offered for a file, with whatever a person would change. */
export async function planFor(
  tenant: TestTenant,
  fileId: string,
  changes: Partial<ImportPlan> = {},
): Promise<ImportPlan> {
  const { plan } = await tenant.api.imports.analyse({ fileId });
  if (!plan) throw new Error('The file was not recognised');
  return { ...plan, ...changes };
}

/** What a person does who accepts every new stage and pipeline that is offered. */
export async function acceptStages(tenant: TestTenant, fileId: string, plan: ImportPlan): Promise<ImportPlan> {
  let next = plan;
  for (const name of ['pipeline', 'stage'] as const) {
    const { groups } = await tenant.api.imports.values({ fileId, plan: next });
    for (const row of groups.find(({ group }) => group === name)?.rows ?? []) {
      if (row.match || row.choice || !row.proposal) continue;
      const values = structuredClone(next.values);
      // A proposal for a pipeline is a reference's choice, one for a stage a stage's.
      if (name === 'pipeline') values.pipeline[row.text] = row.proposal as (typeof values.pipeline)[string];
      else {
        const group = row.pipeline ?? '';
        values.stage[group] = {
          ...values.stage[group],
          [row.text]: row.proposal as (typeof values.stage)[string][string],
        };
      }
      next = { ...next, values };
    }
  }
  return next;
}

/** Imports a file from beginning to end. */
export async function importFile(tenant: TestTenant, fileId: string, plan: ImportPlan, deps: Partial<ImportDeps> = {}) {
  const { id } = await tenant.api.imports.start({ fileId, plan });
  await workOff(tenant, deps);
  return tenant.api.imports.get({ id });
}
