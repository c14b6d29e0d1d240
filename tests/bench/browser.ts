import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { percentile } from './load';
import type { Account } from './product';

interface BrowserRow {
  name: string;
  p50: number;
  p95: number;
}

/** How often everything is done, after once for nothing: the first time code and data are fetched. */
const times = 8;

/**
 * What a person waits for in a filled tenant, through Chromium: milliseconds from pressing a key or a button to the next
 * paint, as the browser itself measures it (Event Timing, in steps of 8 ms, the longest event of the interaction), and with
 * `.there` until what was asked for is on the screen. `scroll` is the longest time between two frames while a list runs by.
 */
export async function browserTimings(url: string, account: Account): Promise<BrowserRow[]> {
  const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
    (file) => file && existsSync(file),
  );
  if (!executablePath) return [];
  const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  try {
    const page = await signedIn(browser, url, account);
    const taken = new Map<string, number[]>();
    const note = (name: string, ms: number) => taken.set(name, [...(taken.get(name) ?? []), ms]);
    for (let round = 0; round <= times; round++) {
      await onceThrough(page, `/t/${account.slug}`, round === 0 ? () => {} : note);
    }
    return [...taken].map(([name, ms]) => ({
      name: `browser.${name}`,
      p50: Math.round(percentile(ms, 0.5)),
      p95: Math.round(percentile(ms, 0.95)),
    }));
  } finally {
    await browser.close();
  }
}

async function signedIn(browser: Browser, url: string, account: Account): Promise<Page> {
  // Chromium takes only `localhost` for as safe as https, where the product's storage and compression are at work.
  const origin = url.replace('127.0.0.1', 'localhost');
  const context = await browser.newContext({ baseURL: origin, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await page.fill('[name=email]', account.email);
  await page.fill('[name=password]', account.password);
  await page.click('button[type=submit]');
  await page.waitForURL(/\/t\/[^/]+/);
  await page.evaluate(observe);
  return page;
}

declare global {
  interface Window {
    timing: { longest: number; frames: number[] };
  }
}

/** Runs in the page: remembers the longest event, and the times between frames. A text, for it must be as it is written here. */
const observe = `
  const timing = (window.timing = { longest: 0, frames: [] });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) timing.longest = Math.max(timing.longest, duration);
  }).observe({ type: 'event', durationThreshold: 16 });
  let last = performance.now();
  requestAnimationFrame(function frame(now) {
    timing.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  });
`;

type Note = (name: string, ms: number) => void;

async function onceThrough(page: Page, tenant: string, note: Note): Promise<void> {
  /** Does something and notes how long until the next paint, and until `there` is seen. */
  const timed = async (name: string, act: () => Promise<unknown>, there: string) => {
    await page.evaluate(() => {
      window.timing.longest = 0;
    });
    const began = performance.now();
    await act();
    await page.locator(there).first().waitFor();
    note(`${name}.there`, performance.now() - began);
    await page.waitForTimeout(400);
    // What lasts less than 16 ms is not told of.
    note(name, await page.evaluate(() => window.timing.longest || 8));
  };
  const key = (name: string) => page.keyboard.press(name);
  const goTo = async (letter: string) => {
    await key('g');
    await key(letter);
  };
  const nav = (path: string) => page.locator(`nav a[href="${tenant}${path}"]`).first().click();

  await timed('open.table', () => nav('/contacts'), '[role=grid] [role=row][data-id]');
  await page.evaluate(() => {
    window.timing.frames.length = 0;
  });
  await page.locator('[role=grid]').evaluate(async (grid) => {
    for (let step = 0; step < 40; step++) {
      grid.scrollBy(0, 700);
      await new Promise((done) => requestAnimationFrame(done));
    }
  });
  await page.waitForTimeout(300);
  note('scroll', Math.max(...(await page.evaluate(() => window.timing.frames))));
  await page.locator('[role=grid]').evaluate((grid) => grid.scrollTo(0, 0));
  await page.locator('[role=grid]').focus();
  await timed('row.next', () => key('j'), '[role=grid] [role=row][data-id]');
  await timed('edit.begin', () => key('e'), '[role=gridcell] input');
  await timed('edit.type', () => page.keyboard.type('x'), '[role=gridcell] input');
  await timed('edit.end', () => key('Escape'), '[role=grid]:not(:has([role=gridcell] input:not([type=checkbox])))');
  await timed('select', () => key('x'), '[role=row][aria-selected=true]');
  await key('Escape');
  await timed('open.panel', () => page.locator('[role=row] a[href*="/contacts/"]').nth(3).click(), 'aside');
  await timed(
    'open.record',
    () => page.locator('aside a[href*="/contacts/"]').first().click(),
    'main [role=textbox], main textarea',
  );
  await timed('next.record', () => key('j'), 'main h1');
  await timed('back.to.table', () => page.goBack(), '[role=grid] [role=row][data-id]');
  await timed(
    'search',
    () => page.locator('main input[type=search]').first().fill('smith'),
    '[role=grid] [role=row][data-id]',
  );
  await page.locator('main input[type=search]').first().fill('');
  await page.locator('main h1').click();
  await timed('open.board', () => goTo('d'), '[data-card]');
  await page.locator('[data-card]').first().focus();
  await timed('card.lift', () => key('Space'), '[data-card]');
  await timed('card.carry', () => key('ArrowDown'), '[data-card]');
  await timed('card.drop', () => key('Space'), '[data-card]');
  await timed('palette', () => key('ControlOrMeta+k'), '[role=dialog] input');
  await timed('palette.type', () => page.keyboard.type('sm'), '[role=dialog] [role=option]');
  await key('Escape');
  await page.locator('[role=dialog]').waitFor({ state: 'detached' });
  await timed('open.home', () => goTo('h'), 'main h1');
}
