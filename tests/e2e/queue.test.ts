import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, hasBrowser, launch, person, product } from '../support/browser';
import { act, ask } from './pages/api';
import { inDatabase } from './pages/database';
import { kept } from './pages/kept';
import { signIn } from './pages/site';

/** What is changed without a connection: kept over a reload, sent once there is one, and decided where others were quicker. */
let browser: Browser;
let context: BrowserContext;
let page: Page;
let colleague: Page;
let tenant: string;
let company: { id: string; name: string };

interface Company {
  id: string;
  name: string;
  industry: string | null;
}

beforeAll(async () => {
  if (!hasBrowser()) return;
  browser = await launch();
  ({ context, page } = await person(browser, { files: true }));
  const [owner] = product().logins;
  const other = product().logins.find((login) => login.tenant === owner?.tenant && login.role === 'admin');
  await signIn(page, owner?.email ?? '', owner?.password ?? '');
  tenant = `/t/${new URL(page.url()).pathname.split('/')[2]}`;
  ({ page: colleague } = await person(browser));
  await signIn(colleague, other?.email ?? '', other?.password ?? '');
  const { id } = await act<{ id: string }>(page, tenant, 'companies.create', {
    values: { name: 'Queue & Sons', industry: 'Boats' },
  });
  company = { id, name: 'Queue & Sons' };
});
afterAll(() => browser?.close());

const read = (by: Page) => ask<Company>(by, tenant, 'companies.get', { id: company.id });
const cell = (name: string) => page.locator(`[data-id="${company.id}"] [data-name="${name}"]`);

async function setIndustry(value: string): Promise<void> {
  await cell('industry').dblclick();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(value);
  await page.keyboard.press('Enter');
  await cell('industry').getByText(value).waitFor();
}

describe.runIf(hasBrowser())('without a connection', () => {
  it('a cell, a card and a note are changed, stay over a reload, and are on the server once when it is back', async () => {
    // Seen before, so here: the record, the list and the board.
    await page.goto(`${tenant}/companies/${company.id}`);
    await page.getByRole('heading', { name: company.name }).waitFor();
    await expect.poll(async () => (await kept(page)).text).toContain(company.id);
    await page.goto(`${tenant}/deals`);
    const card = page.locator('[data-card]').first();
    await card.waitFor();
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await page.getByRole('link', { name: 'Companies', exact: true }).click();
    await cell('industry').waitFor();

    await context.setOffline(true);
    await setIndustry('Ships');
    await page.getByText('1 change is kept here').waitFor();
    await page.getByRole('link', { name: 'Deals', exact: true }).click();
    await card.waitFor();
    const dealId = (await card.getAttribute('data-card')) ?? '';
    const from = await card.getAttribute('data-stage');
    await card.dragTo(page.locator(`[data-card]:not([data-stage="${from}"])`).first());
    const moved = page.locator(`[data-card="${dealId}"]:not([data-stage="${from}"])`);
    await moved.getByRole('img', { name: 'Waits to be sent' }).waitFor();
    const to = await moved.getAttribute('data-stage');
    await page.goto(`${tenant}/companies/${company.id}`, { waitUntil: 'commit' });
    await page.getByRole('radio', { name: 'Note' }).click();
    await page.locator('main [contenteditable=true]').first().pressSequentially('Seen at the harbour');
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.getByText('3 changes are kept here').waitFor();

    await page.reload({ waitUntil: 'commit' });
    await page.getByText('3 changes are kept here').waitFor();
    await page.getByText('Seen at the harbour').waitFor();
    expect(await read(colleague)).toMatchObject({ industry: 'Boats' });

    await context.setOffline(false);
    await page.getByText('changes are kept here').waitFor({ state: 'detached' });
    await expect.poll(async () => (await read(colleague)).industry).toBe('Ships');
    const counts = () =>
      inDatabase(
        `select (select count(*)::int from app.change where record_id = $1 and op = 'update') as edits,
         (select count(*)::int from app.note where company_id = $1 and body = 'Seen at the harbour') as notes,
         (select count(*)::int from app.change where record_id = $2 and after ->> 'stageId' = $3 and at > now() - interval '5 minutes') as moves`,
        [company.id, dealId, to],
      );
    await expect.poll(counts).toEqual([{ edits: 1, notes: 1, moves: 1 }]);
    await page.getByText(/^Sending/).waitFor({ state: 'detached' });
  });

  it('what somebody else has changed meanwhile is decided field by field', async () => {
    await page.goto(`${tenant}/companies`);
    await cell('industry').getByText('Ships').waitFor();
    await context.setOffline(true);
    await setIndustry('Mine');
    await page.getByText('1 change is kept here').waitFor();
    await act(colleague, tenant, 'companies.update', {
      id: company.id,
      values: { industry: 'Theirs', phone: '+1 555 0100' },
    });
    await context.setOffline(false);
    await page.getByText('1 change made off line could not be saved.').waitFor();
    await page.getByRole('button', { name: 'Decide' }).click();
    const dialog = page.getByRole('dialog', { name: 'Changes made off line' });
    const conflict = dialog.getByRole('group', { name: 'Industry' });
    await conflict.getByText('Theirs', { exact: true }).waitFor();
    expect(await conflict.getByRole('radio').count()).toBe(2);
    expect(await axe(page)).toEqual([]);
    // Nothing is written before somebody has decided.
    expect(await read(colleague)).toMatchObject({ industry: 'Theirs' });
    await dialog.getByRole('button', { name: 'Save choice' }).click();
    await dialog.getByText('Everything has been sent.').waitFor();
    expect(await read(colleague)).toMatchObject({ industry: 'Mine', phone: '+1 555 0100' });
  });
});
