import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, hasBrowser, launch, person } from '../support/browser';
import { act, ask } from './pages/api';
import { inDatabase } from './pages/database';
import { mailedLink } from './pages/mail';
import { signIn, signUp } from './pages/site';

/** How people get in, prove who they are, see where they are signed in, and are sent out again. */
let browser: Browser;
const password = 'correct horse battery';
const unique = Date.now().toString(36);
const email = `ida-${unique}@example.com`;
let tenant: string;
let owner: Awaited<ReturnType<typeof person>>;

beforeAll(async () => {
  if (!hasBrowser()) return;
  browser = await launch();
  owner = await person(browser);
  tenant = await signUp(owner.page, { company: `Ida ${unique}`, name: 'Ida Quist', email, password });
});
afterAll(() => browser?.close());

/** Makes this browser's proof of who it is older than the ten minutes it is good for. */
async function age(page: Page): Promise<void> {
  const { user } = await ask<{ user: { id: string } }>(page, tenant, 'account.me', undefined);
  await inDatabase(`update auth.session set auth_time = auth_time - interval '11 minutes' where user_id = $1`, [
    user.id,
  ]);
  // The server remembers a session for a second.
  await page.waitForTimeout(1200);
}

describe.runIf(hasBrowser())('getting in', () => {
  it('asks for the confirmed address before colleagues are invited, and sends the mail again', async () => {
    const { page } = owner;
    await page.goto(`${tenant}/settings/members`);
    await page.getByRole('button', { name: 'Invite someone' }).click();
    await page.fill('[type=email]', `first-${unique}@example.com`);
    await page.getByRole('button', { name: 'Send invitation' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Until then you cannot invite anyone.').waitFor();
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Send the mail again' }).click();
    await dialog.getByText(`A mail is on its way to ${email}`).waitFor();

    const link = await mailedLink(email, 'confirm');
    const other = await person(browser);
    await other.page.goto(link);
    // Nothing secret stays in the address bar, and opening the link alone does nothing.
    await other.page.waitForURL((url) => url.pathname === '/confirm' && url.search === '');
    expect(
      (await ask<{ user: { emailConfirmed: boolean } }>(page, tenant, 'account.me', undefined)).user,
    ).toMatchObject({
      emailConfirmed: false,
    });
    await other.page.getByRole('button', { name: 'Confirm' }).click();
    await other.page.getByText('Your email is confirmed').waitFor();
    expect(other.problems).toEqual([]);
    await other.context.close();

    // What was typed is still there, and now goes through.
    await page.getByRole('button', { name: 'Send invitation' }).click();
    await page.getByText('Invitation sent').waitFor();
  });

  it('A5: signs in by a mailed link at a click, once', async () => {
    const { context, page, problems } = await person(browser, { locale: 'zh', width: 390 });
    await page.goto('/sign-in');
    await page.fill('[name=email]', email);
    await page.getByRole('button', { name: '通过邮件链接登录' }).click();
    await page.getByText('请查收邮件').waitFor();
    const link = await mailedLink(email, 'magic');
    await page.goto(link);
    await page.waitForURL((url) => url.pathname === '/magic' && url.search === '');
    expect(await axe(page)).toEqual([]);
    await page.locator('main').getByRole('button', { name: '登录' }).click();
    await page.waitForURL(/\/t\/[^/]+/);
    const late = await person(browser);
    await late.page.goto(link);
    await late.page.locator('main').getByRole('button', { name: 'Sign in' }).click();
    await late.page.getByText('This link has expired or was already used').waitFor();
    await late.context.close();
    await context.close();
    expect(problems).toEqual([]);
  });

  it('says how long to wait after too many tries, and keeps what was typed', async () => {
    const { context, page } = await person(browser);
    await page.goto('/sign-in');
    await page.fill('[name=email]', `nobody-${unique}@example.com`);
    await page.fill('[name=password]', 'a wrong password');
    const waiting = page.getByText(/Too many attempts\. Please try again in \d+ (second|minute)s?/);
    for (let i = 0; i < 40 && !(await waiting.isVisible()); i++) {
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('alert').waitFor();
      await page.locator('button[type=submit]:not([disabled])').first().waitFor();
    }
    await waiting.waitFor();
    expect(await page.inputValue('[name=email]')).toBe(`nobody-${unique}@example.com`);
    await context.close();
  });
});

describe.runIf(hasBrowser())('sessions', () => {
  it('S4: are listed, and one ended elsewhere is signed out politely at its next step', async () => {
    const a = await person(browser, { width: 390 });
    await signIn(a.page, email, password);
    // Calls still under way when the session ends would send A out before A does anything.
    await a.page.waitForLoadState('networkidle');
    const b = owner.page;
    await b.goto(`${tenant}/settings/security`);
    const others = b.getByRole('button', { name: /^Sign out Chrome on/ });
    await others.first().waitFor();
    await b.getByText('This device').waitFor();
    expect(await axe(b)).toEqual([]);
    const rows = await ask<{ id: string; current: boolean; lastSeenAt: string }[]>(
      a.page,
      tenant,
      'account.sessions',
      undefined,
    );
    const index = (await ask<{ id: string; current: boolean }[]>(b, tenant, 'account.sessions', undefined))
      .filter((row) => !row.current)
      .findIndex((row) => row.id === rows.find((own) => own.current)?.id);
    await others.nth(index).click();
    await b
      .getByText(/is signed out$/)
      .first()
      .waitFor();

    // A goes on as if nothing had happened: one step in the product, and it stands before the door with a reason.
    await a.page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Companies' }).click();
    await a.page.waitForURL((url) => url.pathname === '/sign-in');
    await a.page.getByText('You were signed out. Sign in to go on where you were.').waitFor();
    expect(new URL(a.page.url()).searchParams.get('next')).toContain(`${tenant}/companies`);
    await a.page.fill('[name=email]', email);
    await a.page.fill('[name=password]', password);
    await a.page.click('button[type=submit]');
    await a.page.waitForURL((url) => url.pathname === `${tenant}/companies`);
    await a.page.waitForLoadState('networkidle');

    await b.getByRole('button', { name: 'Sign out everywhere else' }).click();
    await b.getByText(/^Signed out on \d+ other devices?$/).waitFor();
    await b.getByText('You are signed in on this device only.').waitFor();
    await a.page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Contacts' }).click();
    await a.page.waitForURL((url) => url.pathname === '/sign-in');
    expect(a.problems).toEqual([]);
    await a.context.close();
  });

  it('S4: an admin sees where a colleague is signed in and ends it', async () => {
    const { page } = owner;
    const address = `kit-${unique}@example.com`;
    await act(page, tenant, 'members.invite', { email: address, role: 'member' });
    const kit = await person(browser);
    await kit.page.goto(await mailedLink(address, 'invite'));
    await kit.page.fill('[name=name]', 'Kit Halden');
    await kit.page.fill('[name=password]', password);
    await kit.page.click('button[type=submit]');
    await kit.page.waitForURL(/\/t\/[^/]+/);

    await page.goto(`${tenant}/settings/members`);
    await page.getByRole('button', { name: 'Actions for Kit Halden' }).click();
    await page.getByRole('menuitem', { name: 'Where signed in' }).click();
    const dialog = page.getByRole('dialog', { name: 'Where Kit Halden is signed in' });
    await dialog.getByText('Chrome on Linux').waitFor();
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByText('Kit Halden is signed out on 1 device').waitFor();
    await kit.page
      .getByRole('navigation', { name: 'Main navigation' })
      .getByRole('link', { name: 'Companies' })
      .click();
    await kit.page.waitForURL((url) => url.pathname === '/sign-in');
    await kit.context.close();
  });
});

describe.runIf(hasBrowser())('what needs a fresh proof', () => {
  it('S4: asks for the password when it is needed and then goes on by itself, with all that was typed', async () => {
    const { page } = owner;
    await page.goto(`${tenant}/settings/api`);
    await page.getByRole('button', { name: 'New key' }).first().click();
    await page.getByLabel('Name').fill('Website form');
    await age(page);
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    const proof = page.getByRole('dialog', { name: 'Confirm it is you' });
    await proof.waitFor();
    expect(await axe(page)).toEqual([]);
    await proof.getByLabel('Password', { exact: true }).fill('not my password');
    await proof.getByRole('button', { name: 'Confirm' }).click();
    await proof.getByText('This is not your current password.').waitFor();
    await proof.getByLabel('Password', { exact: true }).fill(password);
    await proof.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('Website form is ready').waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('Website form').first().waitFor();
    // The cookie is another one now, and everything goes on with it.
    await page.getByRole('link', { name: 'Members', exact: true }).click();
    await page.getByText('Ida Quist').first().waitFor();
    expect(owner.problems).toEqual([]);
  });

  it('S4: leaves everything as it was when the person does not confirm', async () => {
    const { page } = owner;
    await page.goto(`${tenant}/settings/company`);
    await page.getByLabel('Without activity').click();
    await page.getByRole('option', { name: '30 minutes' }).click();
    await age(page);
    await page.getByRole('button', { name: 'Save' }).nth(1).click();
    const proof = page.getByRole('dialog', { name: 'Confirm it is you' });
    await proof.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('This needs your password once more.').waitFor();
    expect(await ask(page, tenant, 'tenant.sessionPolicy', undefined)).toEqual({ idleMinutes: null, days: null });
    // What was chosen is still chosen.
    await page.getByRole('button', { name: 'Save' }).nth(1).click();
    await proof.getByLabel('Password', { exact: true }).fill(password);
    await proof.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('Sessions that are older end with their next step.').waitFor();
    expect(await ask(page, tenant, 'tenant.sessionPolicy', undefined)).toEqual({ idleMinutes: 30, days: null });
  });

  it('S4: another address takes effect when its own link is opened', async () => {
    const { page } = owner;
    const next = `ida.new-${unique}@example.com`;
    await page.goto(`${tenant}/settings/security`);
    await page.getByLabel('New address').fill(next);
    await age(page);
    await page.getByRole('button', { name: 'Change email' }).click();
    const proof = page.getByRole('dialog', { name: 'Confirm it is you' });
    await proof.getByLabel('Password', { exact: true }).fill(password);
    await proof.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText(`A link is on its way to ${next}.`, { exact: false }).waitFor();
    await page.goto(await mailedLink(next, 'confirm'));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText(`You sign in with ${next}.`).waitFor();
    const again = await person(browser);
    await signIn(again.page, next, password);
    await again.context.close();
  });
});

describe.runIf(hasBrowser())('a server that is busy', () => {
  it('says after how many seconds to try again, and keeps the input', async () => {
    const { page } = owner;
    await page.goto(`${tenant}/companies`);
    await page.waitForLoadState('networkidle');
    for (const [status, kind, code, seconds] of [
      [503, 'unavailable', 'busy', 7],
      [429, 'tooMany', 'rateLimited', 9],
    ] as const) {
      await page.keyboard.press('c');
      await page.getByRole('dialog').getByRole('textbox').first().fill('Patience & Co');
      await page.route('**/companies.create*', (route) =>
        route.fulfill({
          status,
          headers: { 'retry-after': String(seconds) },
          contentType: 'application/json',
          // The seconds stand in the header alone, as they do in front of the procedures.
          body: JSON.stringify({ error: { code: -32603, message: code, data: { refusal: { kind, code } } } }),
        }),
      );
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Create/ })
        .last()
        .click();
      await page.getByText(`try again in ${seconds} seconds`, { exact: false }).first().waitFor();
      expect(await page.getByRole('dialog').getByRole('textbox').first().inputValue()).toBe('Patience & Co');
      await page.unroute('**/companies.create*');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  });
});
