import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, hasBrowser, launch, person } from '../support/browser';
import { act, ask } from './pages/api';
import { signUpAs } from './pages/site';

/** What people say to each other on a record, what they put on it, and what comes back from the bin: in a browser. */
let browser: Browser;
let who: Awaited<ReturnType<typeof person>>;
let tenant: string;
let company: string;

const hours = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString();
const pdf = Buffer.from(
  '%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] >>\nendobj\ntrailer << /Size 4 /Root 1 0 R >>\n%%EOF',
);
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

beforeAll(async () => {
  if (!hasBrowser()) return;
  browser = await launch();
  who = await person(browser);
  tenant = await signUpAs(who.page, 'Tara Talk');
  company = await make('companies.create', { values: { name: 'Bolt', phone: '+1 303 555 0199' } });
});
afterAll(() => browser?.close());

const make = async (path: string, input: unknown) => (await act<{ id: string }>(who.page, tenant, path, input)).id;

async function open(page: Page, id = company): Promise<void> {
  await page.goto(`${tenant}/companies/${id}`);
  await page.getByRole('heading', { name: 'What happened' }).waitFor({ state: 'attached' });
}

describe.runIf(hasBrowser())('a record people talk on', () => {
  it('shows notes to react to, calls and meetings as cards, what is to come above', async () => {
    const { page } = who;
    await make('notes.create', { values: { companyId: company, body: 'They **agreed**' } });
    await make('activities.logCall', { companyId: company, minutes: 90, subject: 'Price call', description: 'Fine' });
    await make('activities.planMeeting', { companyId: company, subject: 'Site visit', startsAt: hours(30) });
    await open(page);
    const call = page.getByRole('article').filter({ hasText: 'Price call' });
    await call.getByText('Reached').waitFor();
    expect(await call.textContent()).toContain('1 h 30 min');
    expect(await call.textContent()).toContain('Fine');
    const ahead = page.getByRole('heading', { name: 'Coming up' }).locator('..');
    await ahead.getByRole('link', { name: 'Site visit' }).waitFor();
    // Once: what is to come is not told again below.
    expect(await page.getByRole('article').filter({ hasText: 'Site visit' }).count()).toBe(1);
    const note = page.locator('div.group\\/note').filter({ hasText: 'They agreed' });
    await note.hover();
    await note.getByRole('button', { name: 'Add a reaction' }).click();
    await page.getByRole('button', { name: '🎉' }).click();
    await note.getByRole('button', { name: '🎉', pressed: true }).waitFor();
    await open(page);
    await note.getByRole('button', { name: '🎉', pressed: true }).click();
    await note.getByRole('button', { name: '🎉' }).waitFor({ state: 'detached' });
    expect(await axe(page)).toEqual([]);
  });

  it('shows a file in place where a browser can, and says so where it cannot', async () => {
    const { page } = who;
    await open(page);
    await page.setInputFiles('input[type=file]', [
      { name: 'offer.pdf', mimeType: 'application/pdf', buffer: pdf },
      { name: 'plan.png', mimeType: 'image/png', buffer: png },
      { name: 'words.txt', mimeType: 'text/plain', buffer: Buffer.from('你好, hello') },
      { name: 'model.bin', mimeType: 'x/y', buffer: Buffer.from([1, 2, 3, 0, 255, 254]) },
    ]);
    const dialog = page.getByRole('dialog');
    const seen: Record<string, () => Promise<unknown>> = {
      // What a policy forbids becomes a page of the browser's own.
      'offer.pdf': () => expect.poll(() => page.frames().some((frame) => frame.url().endsWith('?inline=1'))).toBe(true),
      'plan.png': () =>
        expect.poll(() => dialog.locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1),
      'words.txt': () => dialog.getByText('你好, hello').waitFor(),
      'model.bin': () => dialog.getByText('This kind of file cannot be shown here.').waitFor(),
    };
    for (const [name, shown] of Object.entries(seen)) {
      await page.getByRole('button', { name, exact: true }).first().click();
      await shown();
      await dialog.getByRole('link', { name: 'Download' }).waitFor();
      if (name !== 'offer.pdf') expect(await axe(page)).toEqual([]);
      // By the key too, though a viewer of the browser's own would have taken it.
      if (name === 'offer.pdf') {
        await page.waitForTimeout(1500);
        await page.keyboard.press('Escape');
      } else await dialog.getByRole('button', { name: 'Close the preview' }).click();
      await dialog.waitFor({ state: 'detached' });
    }
  });

  it('says when an edit makes it likely the same as another, and who set the value', async () => {
    const { page } = who;
    const other = await make('companies.create', { values: { name: 'Nut' } });
    await open(page, other);
    await page.getByRole('button', { name: 'Edit Name' }).click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('Bolt Inc.');
    await page.keyboard.press('Enter');
    const hint = page.getByRole('status').filter({ hasText: 'This may be the same as' });
    await hint.getByRole('link', { name: 'Open Bolt' }).waitFor();
    await hint.getByRole('button', { name: 'Compare and merge' }).click();
    await page.getByRole('dialog', { name: 'Merge records' }).getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'History of Name' }).click();
    await page.getByText('Tara Talk ·').first().waitFor();
    expect(await page.getByRole('dialog', { name: 'History of Name' }).textContent()).toContain('Nut');
    await page.keyboard.press('Escape');
    await hint.getByRole('button', { name: 'Close this hint' }).click();
    await hint.waitFor({ state: 'detached' });
  });

  it('comes back from the bin, found by who put it there; the bell opens where a mail says so', async () => {
    const { page, problems } = who;
    const gone = await make('companies.create', { values: { name: 'By mistake' } });
    await act(page, tenant, 'companies.remove', { ids: [gone] });
    await page.goto(`${tenant}/bin`);
    await page.getByRole('combobox', { name: 'Deleted by' }).click();
    await page.getByRole('option', { name: /Tara Talk/ }).click();
    await page.getByText('By mistake').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Restore By mistake' }).click();
    await page.getByText('Nothing found').waitFor();
    expect(await ask<{ name: string }>(page, tenant, 'companies.get', { id: gone })).toMatchObject({
      name: 'By mistake',
    });
    await page.goto(`${tenant}?inbox=1`);
    await page.getByRole('heading', { name: 'Notifications' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.url()).not.toContain('inbox');
    expect(problems).toEqual([]);
  });
});
