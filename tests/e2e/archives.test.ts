import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, hasBrowser, launch, person } from '../support/browser';
import { act } from './pages/api';
import { confirmEmail, signUp } from './pages/site';

/** A move: out of one workspace as a file, into another that looks the same then. */
let browser: Browser;
let owner: Awaited<ReturnType<typeof person>>;
const who = {
  name: 'Ara Lind',
  email: `ara-${Date.now().toString(36)}@example.com`,
  password: 'correct horse battery',
};

beforeAll(async () => {
  if (!hasBrowser()) return;
  browser = await launch();
  owner = await person(browser);
});
afterAll(() => browser?.close());

describe.runIf(hasBrowser())('the archive of a workspace', () => {
  let file: string;

  it('is made, and downloaded by the owner', async () => {
    const { page, problems } = owner;
    const tenant = await signUp(page, { company: 'Archers', ...who });
    await confirmEmail(page, who.email);
    await page.goto(tenant);
    for (const name of ['Alder', 'Birch']) await act(page, tenant, 'companies.create', { values: { name } });
    await page.goto(`${tenant}/settings/archive`);
    await page.getByText('An archive can only be loaded into a new workspace').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Make an archive' }).click();
    const download = page.getByRole('button', { name: /^Download/ });
    await download.waitFor();
    await page.getByText('2 records · 0 files').waitFor();
    const [got] = await Promise.all([page.waitForEvent('download'), download.click()]);
    expect(got.suggestedFilename()).toMatch(/^archers \d{4}-\d\d-\d\d\.guanxi\.zip$/);
    file = await got.path();
    expect(problems).toEqual([]);
  });

  it('takes the place of an empty workspace, all at once', async () => {
    const { page, problems } = await person(browser);
    const tenant = await signUp(page, { company: 'Newcomers', ...who });
    await page.goto(`${tenant}/settings/archive`);
    await page.getByLabel('Choose an archive').last().setInputFiles(file);
    await page.getByText('Checked and complete').waitFor();
    await page.getByText('Archers, archived on').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Load this archive' }).click();
    await page.getByRole('link', { name: 'Open it' }).click();
    await page.waitForURL((url) => url.pathname === tenant);
    await page.goto(`${tenant}/companies`);
    await page.getByText('Alder').waitFor();
    await page.getByText('Birch').waitFor();
    expect(problems).toEqual([]);
  });
});
