import type { Page } from 'playwright-core';

/** Brings a file in through the wizard, taking what it proposes and every suggestion for names spelled otherwise. */
export async function importFile(
  page: Page,
  tenant: string,
  file: string,
): Promise<{ equation: string; verdicts: string[]; notices: string[] }> {
  await page.goto(`${tenant}/imports`);
  await page.setInputFiles('input[type=file]', file);
  await page.waitForURL(/\/imports\/new\?file=/);
  for (const step of ['columns', 'values', 'check']) {
    await enabled(page, /^Continue$/).click();
    await page.waitForURL(new RegExp(`step=${step}`));
    if (step === 'values') await takeSuggestions(page);
  }
  const start = enabled(page, /^Import [\d,]+ rows?$/);
  await start.waitFor({ timeout: 120_000 });
  const notices = await page.getByText(/ was imported before, on /).allTextContents();
  await start.click();
  await page.waitForURL(/\/imports\/[0-9a-f-]{36}$/);
  await page.getByText('Does it add up?').waitFor({ timeout: 180_000 });
  const equation = (await page.getByText(/rows = [\d,]+ created/).textContent()) ?? '';
  const verdicts = await page.getByRole('cell', { name: /^(Equal|Differs by .+)$/ }).allTextContents();
  return { equation, verdicts, notices };
}

/** A suggestion's button reads as the name and how sure it is: `GTX Pro 95%`. */
async function takeSuggestions(page: Page): Promise<void> {
  // Either there are groups of names to decide about, or the page says that there is nothing.
  await page.locator('section[aria-labelledby^="values-"], :text("Nothing to decide")').first().waitFor();
  const suggestions = page.getByRole('button', { name: /\d+%$/ });
  while ((await suggestions.count()) > 0) await suggestions.first().click();
}

function enabled(page: Page, name: RegExp) {
  return page.locator('button:not([disabled])').filter({ hasText: name });
}
