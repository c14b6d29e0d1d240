import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, hasBrowser, launch, person } from '../support/browser';
import { act } from './pages/api';
import { confirmEmail, signUp } from './pages/site';

/** Lists as files: from the button to the bytes on the person's own disk. */
let browser: Browser;
let page: Page;
let tenant: string;
let problems: string[];
const email = `exo-${Date.now().toString(36)}@example.com`;

beforeAll(async () => {
  if (!hasBrowser()) return;
  browser = await launch();
  ({ page, problems } = await person(browser));
  tenant = await signUp(page, { company: 'Exo', name: 'Exo Lind', email, password: 'correct horse battery' });
  for (const name of ['Alder', 'Birch', 'Cedar'])
    await act(page, tenant, 'companies.create', { values: { name, industry: `${name} trade` } });
});
afterAll(() => browser?.close());

const dialog = () => page.getByRole('dialog');
const start = () => dialog().getByRole('button', { name: 'Export as CSV' }).click();

/** The lines of the file behind the link. */
async function download(): Promise<string[]> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    dialog().getByRole('link', { name: 'Download' }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^Companies \d{4}-\d\d-\d\d\.csv$/);
  return (await readFile(await file.path(), 'utf8')).replace('\uFEFF', '').trimEnd().split('\r\n');
}

describe.runIf(hasBrowser())('a list as a file', () => {
  it('asks for the confirmed address first, with nothing lost', async () => {
    await page.goto(`${tenant}/companies`);
    const wide = page.viewportSize();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog().getByRole('button', { name: 'Export as CSV' }).waitFor();
    if (wide) await page.setViewportSize(wide);
    await start();
    await dialog().getByRole('alert').getByText('confirm your email address').waitFor();
    await confirmEmail(page, email);
  });

  it('of the list as it stands: its search, order and columns', async () => {
    await page.goto(`${tenant}/companies?sort=name&cols=name*industry`);
    await page.getByText('Cedar trade').waitFor();
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog().getByRole('button', { name: 'Export as CSV' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await start();
    await dialog().getByText('3 records').waitFor();
    expect(await download()).toEqual(['Name,Industry', 'Alder,Alder trade', 'Birch,Birch trade', 'Cedar,Cedar trade']);
    await page.keyboard.press('Escape');
  });

  it('only of what is chosen', async () => {
    await page.getByRole('checkbox').nth(1).click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Export' }).click();
    await dialog().getByText('1 selected record').waitFor();
    await start();
    expect(await download()).toEqual(['Name,Industry', 'Alder,Alder trade']);
    await page.keyboard.press('Escape');
  });

  it('as a workbook, with the ids to bring it back by', async () => {
    await page.goto(`${tenant}/companies?sort=name&cols=name*industry`);
    await page.getByText('Cedar trade').waitFor();
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog().getByRole('radio', { name: 'Excel' }).click();
    await dialog().getByRole('checkbox', { name: 'With record IDs' }).click();
    await dialog().getByRole('button', { name: 'Export as Excel' }).click();
    await dialog().getByText('3 records').waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      dialog().getByRole('link', { name: 'Download' }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/^Companies \d{4}-\d\d-\d\d\.xlsx$/);
    expect((await readFile(await file.path())).subarray(0, 2).toString()).toBe('PK');
    await page.keyboard.press('Escape');
  });

  it('everything, from the page that lists what was exported', async () => {
    await page.goto(`${tenant}/exports`);
    await page
      .getByRole('link', { name: /^Download Companies/ })
      .first()
      .waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Export everything' }).click();
    await dialog().getByRole('radio', { name: 'CSV' }).click();
    await dialog().getByRole('button', { name: 'Export as CSV' }).click();
    await dialog().getByRole('link', { name: 'Download' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: /^Download Everything/ }).waitFor();
  });

  it('is behind the bell too, which opens it where it was', async () => {
    await page.goto(`${tenant}?inbox=1`);
    await page.getByText('Your export of companies is ready: 1 record').first().click();
    await page.waitForURL(/\/companies\?export=/);
    await dialog().getByText('1 record').waitFor();
    expect(await download()).toHaveLength(2);
    expect(problems).toEqual([]);
  });
});
