import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, hasBrowser, launch, person } from '../support/browser';
import { inDatabase } from './pages/database';
import { signUpAs } from './pages/site';

/** What only admins see: jobs that were given up, and whether the log of everything is whole. */
let browser: Browser;
let owner: Awaited<ReturnType<typeof person>>;
let tenant: string;

beforeAll(async () => {
  if (!hasBrowser()) return;
  browser = await launch();
  owner = await person(browser);
  tenant = await signUpAs(owner.page, 'Una Berg');
});
afterAll(() => browser?.close());

/** Runs a statement whose `$1` is the id of this file's tenant. */
const inTenant = (sql: string) =>
  inDatabase(sql.replaceAll('$1', '(select id from app.tenant where slug = $1)'), [tenant.split('/')[2]]);

describe.runIf(hasBrowser())('failed jobs', () => {
  it('H2: run again or leave the list at a press, and the log says who pressed', async () => {
    await inTenant(
      `insert into app.failed_job (tenant_id, id, queue, payload, error, attempts, created_at, failed_at)
       select $1, gen_random_uuid(), 'import', j.payload::jsonb, 'jobStopped', 12, now(), now() - j.ago
       from (values ('{"importId":"00000000-0000-7000-8000-000000000001"}', interval '1 hour'),
         ('{"importId":"00000000-0000-7000-8000-000000000002"}', interval '2 hours')) j (payload, ago)`,
    );
    const { page } = owner;
    await page.goto(`${tenant}/settings/jobs`);
    const rows = page.getByRole('list', { name: 'Failed jobs' }).getByRole('listitem');
    await rows.nth(1).waitFor();
    await rows.first().getByRole('button', { name: 'Run again: An import' }).click();
    await page.getByText('It runs again').waitFor();
    await expect.poll(() => rows.count()).toBe(1);
    await rows.first().getByRole('button', { name: 'Dismiss: An import' }).click();
    await page.getByText('Nothing has failed').waitFor();
    expect(await axe(page)).toEqual([]);
    const left = await inTenant(
      `select payload ->> 'importId' as import, replayed_at is not null as replayed, dismissed_at is not null as dismissed
       from app.failed_job where tenant_id = $1 order by 1`,
    );
    expect(left).toEqual([
      { import: '00000000-0000-7000-8000-000000000001', replayed: true, dismissed: false },
      { import: '00000000-0000-7000-8000-000000000002', replayed: false, dismissed: true },
    ]);
    await page.goto(`${tenant}/settings/audit`);
    for (const name of ['Ran a failed job again', 'Dismissed a failed job'])
      await page.getByRole('row').filter({ hasText: name }).waitFor();
  });
});

describe.runIf(hasBrowser())('the audit log', () => {
  it('U2: says plainly when nothing is sealed yet, and when the chain was tampered with', async () => {
    const { page } = owner;
    await page.goto(`${tenant}/settings/audit`);
    await page.getByRole('button', { name: 'Check the log' }).click();
    await page.getByText('Nothing is sealed yet').waitFor();
    await inTenant(
      `insert into app.audit_seal (tenant_id, seq, sealed_to, entries, hash) values ($1, 1, now(), 3, repeat('0', 64))`,
    );
    await page.getByRole('button', { name: 'Check the log' }).click();
    await page.getByText('The log was tampered with').waitFor();
    expect(await axe(page)).toEqual([]);
    expect(owner.problems).toEqual([]);
  });
});
