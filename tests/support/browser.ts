import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';

export const product = () => inject('product');
export const hasBrowser = () => product().chromium !== null;

const artefacts = path.resolve('tests/e2e/artefacts');

export async function launch(): Promise<Browser> {
  const executablePath = product().chromium;
  if (!executablePath) throw new Error('No Chromium');
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--force-color-profile=srgb',
    ],
  });
}

export interface Look {
  locale: 'en' | 'zh';
  theme: 'light' | 'dark';
  width: 1440 | 390;
}

/** Both languages, light and dark, wide and phone. */
export const looks: Omit<Look, 'theme'>[] = (['en', 'zh'] as const).flatMap((locale) =>
  ([1440, 390] as const).map((width) => ({ locale, width })),
);

/** A person's browser. Errors on the page are collected: a journey ends with none. */
export async function person(
  browser: Browser,
  look: Partial<Look> & { files?: boolean; live?: boolean } = {},
): Promise<{ context: BrowserContext; page: Page; problems: string[] }> {
  const { locale = 'en', theme = 'light', width = 1440, files = false, live = false } = look;
  const context = await browser.newContext({
    // Fetching a whole build in the background is nothing that journeys wait for.
    serviceWorkers: files ? 'allow' : 'block',
    baseURL: product().url,
    viewport: { width, height: width === 390 ? 844 : 900 },
    locale: locale === 'zh' ? 'zh-CN' : 'en-US',
    colorScheme: theme,
    timezoneId: locale === 'zh' ? 'Asia/Shanghai' : 'America/New_York',
    hasTouch: width === 390,
    isMobile: width === 390,
  });
  // A stream that stays open is never an idle network: only who wants to hear what others do has one.
  if (!live) await context.addInitScript(() => Reflect.deleteProperty(window, 'EventSource'));
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    // A refused call is the product speaking; anything else in the console is a defect.
    if (
      message.type() === 'error' &&
      !/Failed to load resource: the server responded with a status of 4\d\d/.test(message.text())
    ) {
      problems.push(`${page.url()}: ${message.text()}`);
    }
  });
  return { context, page, problems };
}

/** Nothing moves any more: a toast on its way in or out is half transparent, and what is judged is what stays. */
async function still(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        // A spinner never ends.
        .filter((animation) => animation.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY)
        .map((animation) => animation.finished.catch(() => {})),
    ),
  );
}

/** Keeps a picture of the screen: `deals.zh.dark.390.png`. */
export async function shoot(page: Page, name: string, look: Look): Promise<void> {
  mkdirSync(artefacts, { recursive: true });
  await still(page);
  await page.screenshot({ path: path.join(artefacts, `${name}.${look.locale}.${look.theme}.${look.width}.png`) });
}

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Violations axe finds on the page, one line each. */
export async function axe(page: Page): Promise<string[]> {
  await still(page);
  // Through the protocol: a script tag without the page's nonce would be refused, rightly.
  await page.evaluate(await axeSource);
  return page.evaluate(async () => {
    const { axe: engine } = window as unknown as {
      axe: {
        run: (options: object) => Promise<{
          violations: { id: string; help: string; nodes: { target: string[]; failureSummary?: string }[] }[];
        }>;
      };
    };
    const { violations } = await engine.run({ resultTypes: ['violations'] });
    return violations.flatMap((v) =>
      v.nodes
        .slice(0, 3)
        .map((node) =>
          `${v.id}: ${v.help} at ${node.target.join(' ')} ${node.failureSummary ?? ''}`.replace(/\s+/g, ' '),
        ),
    );
  });
}
