import { readdir, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { failedJobs } from '@/db/schema/audit';
import { inTenant } from '@/db/tenant';
import { openFiles, storeFile } from '@/server/core/files';
import { newId } from '@/server/core/ids';
import { tenantKey } from '@/server/core/keys';
import { createMailer } from '@/server/core/mail/mail';
import { renderMail } from '@/server/core/mail/templates';
import { giveUpImport, type ImportJob } from '@/server/imports/jobs';
import { sweepFiles } from '@/server/imports/sweep';
import { ownFolder } from '../support/folders';
import { importFile, planFor, upload, workOff } from '../support/imports';
import { smtpServer } from '../support/smtp';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

const log = pino({ level: 'silent' });

/** A job of the tenant that was given up. */
async function failed(
  tenant: TestTenant,
  queue: string,
  payload: Record<string, unknown>,
  minute = 0,
): Promise<string> {
  const id = newId();
  const at = new Date(Date.UTC(2026, 0, 2, 3, minute)).toISOString();
  await inTenant(tenant.tenantId, 'write', (db) =>
    db.insert(failedJobs, {
      id,
      queue,
      payload,
      error: 'mailFailed',
      attempts: 13,
      requestId: 'r',
      createdAt: at,
      failedAt: at,
    }),
  );
  return id;
}

const events = (tenant: TestTenant) =>
  superuser(
    async (client) =>
      (
        await client.query(
          `select action, subject, member_id from app.audit_event where tenant_id = $1 and action like 'job%' order by id`,
          [tenant.tenantId],
        )
      ).rows,
  );

describe('jobs that were given up', () => {
  it('are told to an admin, newest first, page by page, without what their mails open', async () => {
    const tenant = await createTestTenant();
    const other = await createTestTenant();
    await failed(other, 'mail', { to: 'other@example.com' });
    for (let i = 0; i < 59; i++) await failed(tenant, 'undo', { changeSetId: `s${i}` }, i);
    const mail = { key: 'k', to: 'a@example.com', locale: 'en', kind: 'reset', sealed: 'v1.SEALED' };
    await failed(tenant, 'mail', mail, 59);
    const first = await tenant.api.jobs.failed({});
    expect(first.rows).toHaveLength(50);
    expect(first.rows[0]).toMatchObject({
      queue: 'mail',
      error: 'mailFailed',
      attempts: 13,
      subject: { to: 'a@example.com', template: 'reset' },
    });
    expect(JSON.stringify(first)).not.toContain('SEALED');
    const second = await tenant.api.jobs.failed({ cursor: first.next ?? '' });
    expect(second).toMatchObject({ next: null });
    expect(second.rows.map(({ subject }) => subject.changeSetId)).toEqual(
      Array.from({ length: 10 }, (_, i) => `s${9 - i}`),
    );
    await expect(tenant.api.jobs.failed({ cursor: 'x' })).rejects.toMatchObject({ message: 'badCursor' });
    const member = await tenant.person('manager');
    await expect(member.api.jobs.failed({})).rejects.toMatchObject({ message: 'forbidden' });
  });

  it('are tried anew once, which the audit tells', async () => {
    const tenant = await createTestTenant();
    const id = await failed(tenant, 'undo', { changeSetId: 's' });
    const all = await Promise.allSettled(Array.from({ length: 12 }, () => tenant.api.jobs.replay({ id })));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(tenant.jobs.filter(({ queue }) => queue === 'undo')).toEqual([
      { queue: 'undo', payload: { changeSetId: 's', again: true } },
    ]);
    expect((await tenant.api.jobs.failed({})).rows).toEqual([]);
    expect(await events(tenant)).toMatchObject([
      { action: 'jobReplayed', subject: { id }, member_id: tenant.memberId },
    ]);
    await expect(tenant.api.jobs.dismiss({ id })).rejects.toMatchObject({ message: 'notFound' });
  });

  it('are taken off the list, which the audit tells', async () => {
    const tenant = await createTestTenant();
    const id = await failed(tenant, 'undo', { changeSetId: 's' });
    await tenant.api.jobs.dismiss({ id });
    expect(tenant.jobs).toEqual([]);
    expect((await tenant.api.jobs.failed({})).rows).toEqual([]);
    expect(await events(tenant)).toMatchObject([{ action: 'jobDismissed', subject: { id } }]);
    await expect(tenant.api.jobs.replay({ id })).rejects.toMatchObject({ message: 'notFound' });
  });
});

describe('an import whose job was given up', () => {
  it('is failed, so that the next one goes on, and goes on itself when an admin asks', async () => {
    const tenant = await createTestTenant();
    const fileId = await upload(tenant, 'a.csv', 'Company Name\nOne GmbH\nTwo GmbH\n');
    const plan = await planFor(tenant, fileId, { object: 'company' });
    const { id } = await tenant.api.imports.start({ fileId, plan });
    const next = await upload(tenant, 'b.csv', 'Company Name\nThree GmbH\n');
    const second = await tenant.api.imports.start({ fileId: next, plan });
    const [job] = tenant.jobs.splice(0);
    // Jobs of this queue are ImportJobs.
    const payload = job?.payload as unknown as ImportJob;
    await inTenant(tenant.tenantId, 'write', (db) => giveUpImport(db, payload, tenant.context.enqueue));
    expect(await tenant.api.imports.get({ id })).toMatchObject({ status: 'failed', error: 'jobStopped' });
    expect(tenant.jobs).toMatchObject([{ queue: 'import', payload: { importId: second.id } }]);
    // Only on asking: a job that is late finds it over.
    tenant.jobs.push({ queue: 'import', payload: { ...payload } });
    await workOff(tenant);
    expect(await tenant.api.imports.get({ id })).toMatchObject({ status: 'failed' });
    tenant.jobs.push({ queue: 'import', payload: { ...payload, again: true } });
    await workOff(tenant);
    expect(await tenant.api.imports.get({ id })).toMatchObject({ status: 'done', error: null });
  });
});

describe('a file that is brought a second time', () => {
  it('H3: is known by its bytes, whatever its name, in its tenant only', async () => {
    const tenant = await createTestTenant();
    const text = 'Company Name\nAgain GmbH\n';
    const fileId = await upload(tenant, 'first.csv', text);
    expect((await tenant.api.imports.analyse({ fileId })).sameAs).toBeNull();
    const { id } = await importFile(tenant, fileId, await planFor(tenant, fileId, { object: 'company' }));
    const again = await upload(tenant, 'second.csv', text);
    const { sameAs } = await tenant.api.imports.analyse({ fileId: again });
    expect(sameAs).toMatchObject({ importId: id, name: 'first.csv' });
    expect(Date.parse(sameAs?.at ?? '')).toBeGreaterThan(0);
    const changed = await upload(tenant, 'first.csv', `${text}One more\n`);
    expect((await tenant.api.imports.analyse({ fileId: changed })).sameAs).toBeNull();
    const other = await createTestTenant();
    const foreign = await upload(other, 'first.csv', text);
    expect((await other.api.imports.analyse({ fileId: foreign })).sameAs).toBeNull();
  });
});

describe('stored files', () => {
  const folder = ownFolder('sweep');

  it('F4: without a row are removed after a day, of their tenant only; a row keeps its file', async () => {
    openFiles(folder);
    const tenant = await createTestTenant();
    const other = await createTestTenant();
    const kept = await upload(tenant, 'kept.csv', 'a\n1\n');
    const orphan = async ({ tenantId }: TestTenant) => (await storeFile(tenantId, Readable.from(['x']), 10)).id;
    const [old, fresh, foreign] = [await orphan(tenant), await orphan(tenant), await orphan(other)];
    const broken = newId();
    const home = ({ tenantId }: TestTenant) => path.join(folder, tenantKey(tenantId));
    const [mine, theirs] = [home(tenant), home(other)];
    await writeFile(path.join(mine, `${broken}.part`), 'half');
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    for (const name of [kept, old, `${broken}.part`]) await utimes(path.join(mine, name), yesterday, yesterday);
    await utimes(path.join(theirs, foreign), yesterday, yesterday);
    expect(await sweepFiles(tenant.tenantId, { now: () => new Date(), log })).toBe(2);
    expect((await readdir(mine)).sort()).toEqual([kept, fresh].sort());
    expect(await readdir(theirs)).toEqual([foreign]);
  });
});

describe('a mail that is sent twice', () => {
  it('H1: is the same to the byte, under the same Message-ID', async () => {
    const server = await smtpServer();
    const mailer = createMailer({ smtpUrl: server.url, from: 'Guanxi <no-reply@example.com>', dataDir: os.tmpdir() });
    const mail = renderMail({
      key: 'invitation-1',
      to: 'a@example.com',
      locale: 'zh',
      template: 'invitation',
      params: { link: 'https://x/invite?token=t', company: '甲', inviter: '乙', days: 7 },
    });
    const asked = new Date(Date.UTC(2026, 0, 2));
    for (let i = 0; i < 2; i++) await mailer.send(mail, 'invitation-1', asked);
    server.close();
    const [first = '', second] = server.mails;
    expect(first).toMatch(/^Message-ID: <invitation-1@example\.com>$/im);
    expect(second).toBe(first);
  });
});
