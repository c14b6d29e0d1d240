import { createHash } from 'node:crypto';
import path from 'node:path';
import { Readable } from 'node:stream';
import pino from 'pino';
import { inTenant } from '@/db/tenant';
import type { ImportPlan } from '@/domain/imports/mapping';
import { openFiles, storeFile } from '@/server/core/files';
import { newId } from '@/server/core/ids';
import { typesOf } from '@/server/core/types';
import type { Work } from '@/server/core/work';
import { type ImportDeps, type ImportJob, runImport } from '@/server/imports/jobs';
import { keepUpload } from '@/server/imports/uploads';
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
  await inTenant(tenant.tenantId, 'write', async (db) => keepUpload(await workOf(tenant, db), stored, name));
  return stored.id;
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
