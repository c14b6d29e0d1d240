import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import type { z } from 'zod';
import type { exportInput } from '@/domain/exports';
import { openFiles, readStored } from '@/server/core/files';
import { inJob } from '@/server/core/job-work';
import { type ExportJob, fileOfExport } from '@/server/exports/exports';
import { type ExportDeps, runExport } from '@/server/exports/jobs';
import { ownFolder } from './folders';
import type { TestPerson, TestTenant } from './tenants';

openFiles(ownFolder('files'));

/** The waiting job of an export, as the worker gets it. */
export function takeExport(tenant: TestTenant): ExportJob {
  const at = tenant.jobs.findIndex(({ queue }) => queue === 'export');
  const [job] = tenant.jobs.splice(at, 1);
  if (at < 0 || !job) throw new Error('No export waits');
  // Jobs of this queue are ExportJobs.
  return job.payload as unknown as ExportJob;
}

export const workOffExport = (tenant: TestTenant, job: ExportJob, deps: Partial<ExportDeps> = {}) =>
  runExport(job, { enqueue: tenant.context.enqueue, signal: new AbortController().signal, ...deps });

/** An export from its beginning to the bytes of its file. */
export async function exportedFile(
  tenant: TestTenant,
  input: z.input<typeof exportInput>,
  person: TestPerson = tenant,
): Promise<{ name: string; bytes: Buffer }> {
  const { id } = await person.api.exports.start(input);
  await workOffExport(tenant, takeExport(tenant));
  const { status, error } = await person.api.exports.get({ id });
  if (status !== 'done') throw new Error(`The export is ${status}: ${error}`);
  const { tenantId } = tenant;
  const asker = { tenantId, memberId: person.memberId, channel: 'screen', requestId: 'test' } as const;
  const { fileId, name } = await inJob(asker, tenant.context.enqueue, 'read', (work) => fileOfExport(work, id));
  return { name, bytes: await buffer(await readStored(tenantId, fileId)) };
}

/** The members of a zip, by name, in their order. */
export async function unzipped(bytes: Buffer): Promise<Map<string, Buffer>> {
  const open = promisify<Buffer, yauzl.Options, ZipFile>(yauzl.fromBuffer);
  const zip = await open(bytes, { lazyEntries: true });
  const read = promisify<Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip));
  const members = new Map<string, Buffer>();
  return new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', () => resolve(members));
    zip.on('entry', async (entry: Entry) => {
      members.set(entry.fileName, await buffer(await read(entry)));
      zip.readEntry();
    });
    zip.readEntry();
  });
}
