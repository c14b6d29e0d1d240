import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasBrowser, launch, person, product } from '../support/browser';
import { signIn } from './pages/site';

const { script } = JSON.parse(readFileSync('.ci/budget.json', 'utf8')) as { script: Record<string, number> };

let browser: Browser;
beforeAll(async () => {
  if (hasBrowser()) browser = await launch();
});
afterAll(() => browser?.close());

it.runIf(hasBrowser())('screens load no more script than their budget', async () => {
  const { context, page, problems } = await person(browser);
  const login = product().logins[0] ?? { email: '', password: '' };
  await signIn(page, login.email, login.password);
  const [, , slug] = new URL(page.url()).pathname.split('/');
  await page.goto(`/t/${slug}/contacts`);
  const record = await page.locator('[role=row] a[href*="/contacts/"]').first().getAttribute('href');
  const state = await context.storageState();
  const loaded: Record<string, number> = {};
  for (const screen of Object.keys(script)) {
    // Every screen in a browser that has nothing yet, and fetches nothing it does not need.
    const fresh = await browser.newContext({ baseURL: product().url, serviceWorkers: 'block', storageState: state });
    await fresh.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
    // A stream that stays open is never an idle network.
    await fresh.addInitScript(() => Reflect.deleteProperty(window, 'EventSource'));
    const first = await fresh.newPage();
    await first.goto(screen === '/contacts/:id' ? (record ?? '') : `/t/${slug}${screen}`.replace(/\/$/, ''));
    await first.locator('main h1').waitFor();
    await first.waitForLoadState('networkidle');
    loaded[screen] = await first.evaluate(() =>
      (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
        .filter(({ name }) => /\/_next\/static\/.*\.js$/.test(name))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    );
    await fresh.close();
  }
  console.log(loaded);
  for (const [screen, bytes] of Object.entries(loaded)) {
    expect(bytes, screen).toBeGreaterThan(50_000);
    expect(bytes, screen).toBeLessThanOrEqual(script[screen] ?? 0);
  }
  expect(problems).toEqual([]);
  await context.close();
});
