import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, hasBrowser, launch, person } from '../support/browser';
import { signIn, signUp } from './pages/site';

/** What a person arranges for themselves, and finds on another device. */
let browser: Browser;
let who: Awaited<ReturnType<typeof person>>;
let tenant: string;
const email = `dana-${Date.now().toString(36)}@example.com`;
const password = 'correct horse battery';

beforeAll(async () => {
  if (!hasBrowser()) return;
  browser = await launch();
  who = await person(browser);
  tenant = await signUp(who.page, { company: 'Desk Ltd', name: 'Dana Desk', email, password });
});
afterAll(() => browser?.close());

/** Does something that is kept on the server, and waits until it is. */
async function kept(page: Page, task: () => Promise<unknown>): Promise<void> {
  const stored = page.waitForResponse((answer) => answer.url().includes('preferences.set') && answer.ok());
  await task();
  await stored;
}

describe.runIf(hasBrowser())('a desk of one’s own', () => {
  it('has pages in the sidebar, named as one likes', async () => {
    const { page } = who;
    await page.goto(`${tenant}/companies`);
    await kept(page, () => page.getByRole('button', { name: 'Pin to your sidebar' }).click());
    const pinned = page.getByRole('list', { name: 'Pinned' });
    await pinned.getByRole('link', { name: 'Companies' }).hover();
    await pinned.getByRole('button', { name: 'More about Companies' }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByRole('textbox', { name: 'Name in your sidebar' }).fill('My round');
    await kept(page, () => page.keyboard.press('Enter'));
    await page.goto(`${tenant}/contacts`);
    await kept(page, () => page.getByRole('button', { name: 'Pin to your sidebar' }).click());
    await pinned.getByRole('link', { name: 'Contacts' }).hover();
    await kept(page, () => pinned.getByRole('button', { name: 'Move Contacts' }).press('ArrowUp'));
    expect(await pinned.getByRole('link').allTextContents()).toEqual(['Contacts', 'My round']);
    await pinned.getByRole('link', { name: 'My round' }).click();
    await page.waitForURL(`**${tenant}/companies`);
    expect(await axe(page)).toEqual([]);
  });

  it('takes other keys, but none that are taken', async () => {
    const { page } = who;
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog');
    await sheet.getByRole('button', { name: 'Change keys' }).click();
    await sheet.getByRole('button', { name: 'Keys for New company' }).click();
    await page.keyboard.press('c');
    await sheet.getByText('Create… has these keys or begins with them.').waitFor();
    await sheet.getByRole('button', { name: 'Keys for Go to Reports' }).click();
    await page.keyboard.press('y');
    await kept(page, () => page.keyboard.press('r'));
    await sheet.getByRole('button', { name: 'Keys for Go to Reports Y R' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await page.keyboard.press('y');
    await page.keyboard.press('r');
    await page.waitForURL(`**${tenant}/reports`);
  });

  it('begins where one said, with the same keys and pages, on another device', async () => {
    const { page } = who;
    await page.goto(`${tenant}/settings/profile`);
    await page.getByRole('combobox', { name: 'Begin with' }).click();
    await kept(page, () => page.getByRole('option', { name: 'My round' }).click());
    const other = await person(browser);
    await signIn(other.page, email, password);
    await other.page.waitForURL(`**${tenant}/companies`);
    await other.page.getByRole('list', { name: 'Pinned' }).getByRole('link', { name: 'My round' }).waitFor();
    await other.page.keyboard.press('y');
    await other.page.keyboard.press('r');
    await other.page.waitForURL(`**${tenant}/reports`);
    // Home is still there for whoever asks for it.
    await other.page.getByRole('link', { name: 'Home' }).click();
    await other.page.waitForURL(`**${tenant}`);
  });
});
