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
    await page.getByRole('button', { name: 'Export', exact: true }).click();
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

  it('is behind the bell too, which opens it where it was', async () => {
    await page.goto(`${tenant}?inbox=1`);
    await page.getByText('Your export of companies is ready: 1 record').click();
    await page.waitForURL(/\/companies\?export=/);
    await dialog().getByText('1 record').waitFor();
    expect(await download()).toHaveLength(2);
    expect(problems).toEqual([]);
  });
});
