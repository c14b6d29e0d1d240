import type { FastifyInstance } from 'fastify';
import type { Manifest } from '@/domain/archives';
import type { ArchiveJob } from '@/server/archives/archives';
import { type ArchiveDeps, runArchive } from '@/server/archives/jobs';
import { sessionCookie } from '@/server/core/session';
import { callerOf, password, signedIn, strangerContext, superuser, type TestPerson, type TestTenant } from './tenants';

export type Owner = TestPerson & Pick<TestTenant, 'slug' | 'tenantId' | 'jobs'>;

/** A new workspace of somebody who has an account already. */
export async function emptyWorkspace(email: string, its = password): Promise<Owner> {
  const { slug } = await callerOf(strangerContext()).account.signUp({
    company: 'Empty',
    name: 'Olivia Owner',
    email,
    password: its,
    locale: 'en',
    timeZone: 'Etc/UTC',
    currency: 'USD',
  });
  return owner(slug, await tenantOf(slug), email);
}

export async function owner(slug: string, tenantId: string, email: string): Promise<Owner> {
  const jobs: TestTenant['jobs'] = [];
  return { ...(await signedIn(slug, email, jobs)), slug, tenantId, jobs };
}

/** The waiting archive job, as the worker gets it. */
export function takeJob({ jobs }: Owner): ArchiveJob {
  const at = jobs.findIndex(({ queue }) => queue === 'archive');
  const [job] = at < 0 ? [] : jobs.splice(at, 1);
  if (!job) throw new Error('No archive waits');
  return job.payload as unknown as ArchiveJob;
}

export const run = (who: Owner, job: ArchiveJob, deps: Partial<ArchiveDeps> = {}) =>
  runArchive(job, {
    enqueue: who.context.enqueue,
    signal: new AbortController().signal,
    maxBytes: 1024 ** 3,
    ...deps,
  });

const cookieOf = ({ sid }: TestPerson) => `${sessionCookie(false)}=${sid}`;

export const fetchFile = (app: FastifyInstance, who: TestPerson & { slug: string }, id: string) =>
  app.inject({
    method: 'GET',
    url: `/api/archives/${who.slug}/${id}/file`,
    headers: { cookie: cookieOf(who) },
  });

/** From the click to the bytes. */
export async function made(app: FastifyInstance, who: Owner): Promise<Buffer> {
  const { id } = await who.api.archives.make();
  await run(who, takeJob(who));
  await who.api.archives.fetch({ id });
  const answer = await fetchFile(app, who, id);
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return answer.rawPayload;
}

/** Sends a file as the screen does. */
export function send(app: FastifyInstance, who: TestPerson, url: string, bytes: Uint8Array, name: string) {
  const boundary = 'archive-boundary';
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/zip\r\n\r\n`;
  return app.inject({
    method: 'POST',
    url,
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'sec-fetch-site': 'same-origin',
      cookie: cookieOf(who),
    },
    payload: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  });
}

export const bring = (app: FastifyInstance, who: Owner, bytes: Uint8Array) =>
  send(app, who, `/api/archives/${who.slug}`, bytes, 'all.guanxi.zip');

/** Brings a file and has it checked. @returns what the person is shown of it then */
export async function checked(app: FastifyInstance, who: Owner, bytes: Uint8Array) {
  const answer = await bring(app, who, bytes);
  if (answer.statusCode !== 200) throw new Error(answer.body);
  const { id } = answer.json<{ id: string }>();
  // The door has a queue of its own, which nobody works on.
  const { tenantId, memberId } = who;
  await run(who, { tenantId, memberId, requestId: 'check', archiveId: id, does: 'check' });
  const found = (await who.api.archives.list()).rows.find((row) => row.id === id);
  if (!found) throw new Error('The archive is not listed');
  return found;
}

/** Puts an archive in place of an empty workspace. @returns whoever did it, in what it is now */
export async function loaded(app: FastifyInstance, who: Owner, bytes: Uint8Array): Promise<Owner> {
  const { id, status } = await checked(app, who, bytes);
  if (status !== 'checked') throw new Error(status);
  await who.api.archives.load({ id });
  await run(who, takeJob(who));
  return owner(who.slug, await tenantOf(who.slug), who.email);
}

export const tenantOf = (slug: string): Promise<string> =>
  superuser(async (client) => {
    const { rows } = await client.query<{ id: string }>('select id from app.tenant where slug = $1', [slug]);
    return rows[0]?.id ?? '';
  });

/** What an archive says it holds, member by member. */
export const holds = ({ content }: Manifest) => ({
  ...content,
  members: Object.fromEntries(content.members.map(({ name, ...rest }) => [name, rest])),
});
