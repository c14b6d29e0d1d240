import type { Page } from 'playwright-core';
import { mailedLink } from './mail';

/** Fills in the sign-in form and waits until the product is there. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/sign-in');
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', password);
  await page.click('button[type=submit]');
  await page.waitForURL(/\/t\/[^/]+/);
}

export interface NewTenant {
  company: string;
  name: string;
  email: string;
  password: string;
}

/** Signs a company up and waits for its home page. @returns the tenant's address `/t/<slug>` */
export async function signUp(page: Page, who: NewTenant): Promise<string> {
  await page.goto('/sign-up');
  for (const [name, value] of Object.entries(who)) await page.fill(`[name=${name}]`, value);
  await page.click('button[type=submit]');
  await page.waitForURL(/\/t\/[^/]+/);
  return new URL(page.url()).pathname;
}

/** Signs a person up with a company and an address that no other test has. @returns the tenant's address `/t/<slug>` */
export function signUpAs(page: Page, name: string): Promise<string> {
  const [first = ''] = name.split(' ');
  const unique = Date.now().toString(36);
  const email = `${first.toLowerCase()}-${unique}@example.com`;
  return signUp(page, { company: `${first} ${unique}`, name, email, password: 'correct horse battery' });
}

/** Opens the link of the mail that came after signing up, and confirms. */
export async function confirmEmail(page: Page, email: string): Promise<void> {
  await page.goto(await mailedLink(email, 'confirm'));
  await page.locator('main button[type=submit]').click();
  await page.locator('main a[href="/sign-in"]').waitFor();
}
