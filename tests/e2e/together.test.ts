import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSecrets, runningUrl } from '@/db/embedded';
import { type Balancer, startBalancer } from '../support/balancer';
import { hasBrowser, launch, product } from '../support/browser';
import { type Running, startServer } from '../support/server-process';
import { signIn } from './pages/site';

/** A second process beside the product's, on the same database and files, and a balancer before both. */
let browser: Browser;
let second: Running;
let balancer: Balancer;

beforeAll(async () => {
  if (!hasBrowser()) return;
  const { url, dataDir, build } = product();
  const { crm_app, crm_worker, nextauth = '', encryption } = readSecrets(dataDir);
  const as = (user: string, password = '') => {
    const address = new URL(runningUrl(dataDir)?.('guanxi') ?? '');
    return Object.assign(address, { username: user, password }).href;
  };
  [browser, second] = await Promise.all([
    launch(),
    startServer(build.bundle, process.cwd(), {
      NODE_ENV: 'production',
      GUANXI_NO_NEXT: '',
      NEXT_DIST_DIR: build.distDir,
      DATA_DIR: dataDir,
      DATABASE_URL: as('crm_app', crm_app),
      WORKER_DATABASE_URL: as('crm_worker', crm_worker),
      NEXTAUTH_SECRET: nextauth,
      ENCRYPTION_KEYS: `local:${encryption}`,
      ROLE: 'web',
    }),
  ]);
  balancer = await startBalancer([url, second.url]);
});
afterAll(async () => {
  balancer?.close();
  await second?.end('SIGTERM');
  await browser?.close();
});

describe.runIf(hasBrowser())('two processes behind a balancer, as a browser meets them', () => {
  it('sign a person in, show the product and sign them out, with every request at another one', async () => {
    const [login] = product().logins;
    if (!login) throw new Error('No login');
    const context = await browser.newContext({ baseURL: balancer.url, locale: 'en-US' });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', ({ message }) => problems.push(message));
    await signIn(page, login.email, login.password);
    for (const name of ['Companies', 'Deals', 'Tasks']) {
      await page.getByRole('link', { name, exact: true }).first().click();
      await page.getByRole('heading', { name, exact: true }).first().waitFor();
    }
    await page.reload();
    await page.getByRole('heading', { name: 'Tasks', exact: true }).first().waitFor();
    for (const url of [product().url, second.url]) expect(balancer.answered.get(url)).toBeGreaterThan(5);
    const sid = (await context.cookies()).find(({ name }) => name.endsWith('guanxi.session'))?.value;
    const me = async (url: string) => {
      const headers = { cookie: `guanxi.session=${sid}`, 'sec-fetch-site': 'same-origin' };
      const { result } = await (await fetch(`${url}/api/trpc/-/account.me`, { headers })).json();
      return result.data;
    };
    for (const url of [product().url, second.url]) expect(await me(url)).not.toBeNull();
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(/sign-in/);
    // A process remembers a session for a second at the longest.
    for (const url of [product().url, second.url]) await expect.poll(() => me(url)).toBeNull();
    expect(problems).toEqual([]);
    await context.close();
  });
});
