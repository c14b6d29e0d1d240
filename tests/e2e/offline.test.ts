import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, hasBrowser, launch, person, product } from '../support/browser';
import { kept } from './pages/kept';
import { signIn } from './pages/site';

/** What one browser keeps of the product: the page before the network answers, off line, and nothing after sign-out. */
let browser: Browser;
let page: Page;
let who: Awaited<ReturnType<typeof person>>;
let tenant: string;
const api = '**/api/**';

beforeAll(async () => {
  if (!hasBrowser()) return;
  browser = await launch();
  who = await person(browser, { files: true });
  page = who.page;
  const { email = '', password = '' } = product().logins[0] ?? {};
  await signIn(page, email, password);
  tenant = `/t/${new URL(page.url()).pathname.split('/')[2]}`;
});
afterAll(() => browser?.close());

/** The first contact of the list, which a new visit must show again. */
const firstRow = () => page.locator('a[href*="/contacts/"]').first();

describe.runIf(hasBrowser())('a browser that has been here before', () => {
  it('paints the list before the network answers', async () => {
    await page.goto(`${tenant}/contacts`);
    const name = (await firstRow().textContent()) ?? '';
    expect(name).not.toBe('');
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await expect.poll(async () => (await kept(page)).text).toContain(name.trim());
    let held = 0;
    let release = () => {};
    const network = new Promise<void>((resolve) => {
      release = resolve;
    });
    await who.context.route(api, async (route) => {
      held++;
      await network;
      await route.continue();
    });
    await page.reload({ waitUntil: 'commit' });
    await firstRow().filter({ hasText: name }).waitFor();
    await expect.poll(() => held).toBeGreaterThan(0);
    release();
    await who.context.unrouteAll({ behavior: 'wait' });
    await page.waitForLoadState('networkidle');
    await firstRow().filter({ hasText: name }).waitFor();
  });

  it('opens off line, shows what it has, says what it has not, and goes on by itself', async () => {
    await who.context.setOffline(true);
    await page.reload({ waitUntil: 'commit' });
    await firstRow().waitFor();
    await page.getByText('You are off line').waitFor();
    await page.goto(`${tenant}/products`, { waitUntil: 'commit' });
    await page.getByText('Not on this device').waitFor();
    expect(await axe(page)).toEqual([]);
    await who.context.setOffline(false);
    await page.getByText('Not on this device').waitFor({ state: 'detached' });
    await page.getByText('You are off line').waitFor({ state: 'detached' });
    await page.locator('a[href*="/products/"]').first().waitFor();
  });

  it('finds records and what the page offers by typing, off line too', async () => {
    // Where the tests before this one were slow it is all here by now, and nothing comes any more.
    const filled = page.waitForResponse((answer) => /mirrorPage.*contact/.test(answer.url()), { timeout: 8000 });
    await page.goto(`${tenant}/contacts`);
    const name = ((await firstRow().textContent()) ?? '').trim();
    await filled.catch(() => {});
    await who.context.setOffline(true);
    await page.getByText('You are off line').waitFor();
    await page.keyboard.press('Control+k');
    const typed = page.getByRole('combobox', { name: 'Command palette' });
    // What has come is written into the index a moment later.
    await expect
      .poll(async () => {
        await typed.fill('');
        await typed.fill(name.toLowerCase());
        return page.getByRole('option').filter({ hasText: name }).count();
      })
      .toBeGreaterThan(0);
    await typed.fill('columns');
    await page.getByRole('option', { name: 'Columns', exact: true }).click();
    await page.getByRole('dialog', { name: 'Columns' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Columns' }).waitFor({ state: 'detached' });
    await page.keyboard.press('f');
    await page.getByRole('dialog', { name: 'Filter' }).waitFor();
    await page.keyboard.press('Escape');
    await who.context.setOffline(false);
    await page.getByText('You are off line').waitFor({ state: 'detached' });
  });

  it('G2: takes a newer build with the next step to another page, and says that there is one', async () => {
    await who.context.route('**/api/trpc/**', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), 'x-guanxi-build': 'newer' } });
    });
    await page.evaluate(() => {
      document.title = 'as it was';
      Object.assign(window, { before: true });
    });
    await page.getByRole('link', { name: 'Companies', exact: true }).click();
    await page.getByText('A newer version is ready').waitFor();
    const isSame = () => page.evaluate(() => 'before' in window);
    expect(await isSame()).toBe(true);
    await page.getByRole('link', { name: 'Contacts', exact: true }).click();
    await expect.poll(isSame).toBe(false);
    await page.waitForURL(`**${tenant}/contacts`);
    await firstRow().waitFor();
    await who.context.unrouteAll({ behavior: 'wait' });
  });

  it('keeps no secret, and nothing at all once its person has signed out, in whichever tab', async () => {
    const other = await who.context.newPage();
    await other.goto(`${tenant}/contacts`);
    await other.evaluate(async () => void (await navigator.serviceWorker.ready));
    await other.waitForLoadState('networkidle');
    const { text } = await kept(page);
    expect(text.length).toBeGreaterThan(1000);
    const secrets = (await who.context.cookies()).filter(({ httpOnly }) => httpOnly).map(({ value }) => value);
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/"(?:token|password|secret)"|gx_[\w-]{20}/i);
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
    await other.waitForURL('**/sign-in');
    await expect.poll(async () => (await kept(page)).names).toEqual([]);
    await page.goto(`${tenant}/contacts`);
    await page.waitForURL('**/sign-in?**');
    expect(who.problems.filter((problem) => !problem.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
  });
});
