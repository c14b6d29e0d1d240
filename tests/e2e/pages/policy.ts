import type { BrowserContext, Page } from 'playwright-core';

/**
 * Collects what the page's policy forbade: as the page's own event tells it and as the browser's list of issues has it.
 * (The console is watched by `person`.)
 */
export async function watchPolicy(context: BrowserContext, page: Page): Promise<string[]> {
  const found: string[] = [];
  await context.exposeBinding('tellViolation', (_source, told: string) => void found.push(told));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { tellViolation } = window as unknown as { tellViolation: (told: string) => void };
      tellViolation(
        `${location.pathname}: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ''}:${event.lineNumber} ${event.sample}`,
      );
    });
  });
  const browser = await context.newCDPSession(page);
  await browser.send('Audits.enable');
  browser.on('Audits.issueAdded', ({ issue }) => {
    const details = issue.details.contentSecurityPolicyIssueDetails;
    if (details) found.push(`${page.url()}: ${details.violatedDirective} ${details.blockedURL ?? 'inline'}`);
  });
  return found;
}

/** Puts away what lies over the page. */
async function close(page: Page): Promise<void> {
  for (let i = 0; i < 3 && (await openLayers(page)) > 0; i++) await page.keyboard.press('Escape');
}

/** Uses what every screen has alike: palette, keys, dialogs. */
export async function throughShell(page: Page): Promise<void> {
  await page.locator('body').click({ position: { x: 2, y: 2 }, force: true });
  await close(page);
  await page.keyboard.press('Control+k');
  await page.locator('[cmdk-input]').fill('a');
  await page.locator('[cmdk-item]').first().waitFor();
  await close(page);
  for (const key of ['?', 'c']) {
    await page.keyboard.press(key);
    await page.getByRole('dialog').first().waitFor();
    await close(page);
  }
}

/** Uses everything a screen itself offers that changes nothing: menus, choices, hints. */
export async function clickThrough(page: Page): Promise<void> {
  for (const opener of ['[aria-haspopup="menu"]', '[role="combobox"]', '[aria-haspopup="dialog"]', '[aria-expanded]']) {
    const all = page.locator(`main ${opener}:visible:enabled`);
    for (let i = 0; i < Math.min(await all.count(), 2); i++) {
      await all
        .nth(i)
        .click({ timeout: 700 })
        .catch(() => {});
      await close(page);
    }
  }
  const hinted = page.locator('main button[aria-label]:visible').first();
  if ((await hinted.count()) > 0) await hinted.hover({ timeout: 700 }).catch(() => {});
  const menued = page.locator('main [data-card], main [role="row"] [role="gridcell"]').first();
  if ((await menued.count()) > 0) await menued.click({ button: 'right', timeout: 700 }).catch(() => {});
  await close(page);
}

const openLayers = (page: Page) =>
  page.locator('[role="dialog"], [role="menu"], [role="listbox"], [data-radix-popper-content-wrapper]').count();
