import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, hasBrowser, launch, person } from '../support/browser';
import { ask } from './pages/api';
import { signUpAs } from './pages/site';

/** Files that belong together: checked, loaded in order, decided about where two records fit, and taken back whole. */
let browser: Browser;
let page: Page;
let tenant: string;
let problems: string[];

beforeAll(async () => {
  if (!hasBrowser()) return;
  browser = await launch();
  ({ page, problems } = await person(browser));
  tenant = await signUpAs(page, 'Seto Lind');
});
afterAll(() => browser?.close());

const companies =
  'Record ID,Company name,Company Domain Name\n71,Twin Works,twin-a.example\n72,Twin Works,twin-b.example\n73,Solo Works,solo.example\n';
const contacts =
  'Record ID,First Name,Last Name,Email,Company Name\n81,Ada,Long,ada@x.example,Twin Works\n82,Bea,Short,bea@x.example,Twin Works\n83,Cid,Third,cid@x.example,Solo Works\n';
const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const button = (text: RegExp) => page.locator('button:not([disabled])').filter({ hasText: text });

/** Who is at which company, by its domain. */
async function places(): Promise<Record<string, string>> {
  type Rows = { rows: Record<string, string>[] };
  const firms = await ask<Rows>(page, tenant, 'companies.list', { columns: ['domain'] });
  const domains = new Map(firms.rows.map(({ id, domain }) => [id, domain]));
  const people = await ask<Rows>(page, tenant, 'contacts.list', { columns: ['name', 'companyId'] });
  return Object.fromEntries(people.rows.map(({ name, companyId }) => [name, domains.get(companyId) ?? 'none']));
}

describe.runIf(hasBrowser())('files that belong together', () => {
  it('are checked before anything is written, and imported in the order of what names what', async () => {
    await page.goto(`${tenant}/imports`);
    // The wrong way round.
    await page.setInputFiles('input[type=file]', [file('contacts.csv', contacts), file('companies.csv', companies)]);
    await button(/^Check all 2 files$/).click();
    await button(/^Import all 2 files$/).waitFor();
    const lines = await page.getByText('3 to create, 0 to update, 0 unchanged, 0 to refuse').count();
    expect(lines).toBe(2);
    expect(await axe(page)).toEqual([]);
    expect(await places()).toEqual({});
    await button(/^Import all 2 files$/).click();
    await page.getByText('All files are imported.').waitFor();
    const files = await page.getByRole('list', { name: 'Files of this import' }).getByRole('listitem').allInnerTexts();
    expect(files.map((text) => text.split(/\s+/)[1])).toEqual(['companies.csv', 'contacts.csv']);
    expect(await places()).toEqual({ 'Ada Long': 'none', 'Bea Short': 'none', 'Cid Third': 'solo.example' });
  });

  it('leave to a person what fits two records, and are taken back with what was decided', async () => {
    const set = page.url();
    await page.getByRole('link', { name: '2 rows to decide' }).click();
    await page.getByRole('combobox', { name: 'Company: “Twin Works”' }).first().click();
    await page.getByRole('option', { name: 'Twin Works · twin-b.example' }).click();
    await page.getByRole('checkbox', { name: 'For all rows with “Twin Works”' }).first().click();
    expect(await axe(page)).toEqual([]);
    await button(/^Apply$/).click();
    await page.getByText('2 rows decided').waitFor();
    await expect
      .poll(places)
      .toEqual({ 'Ada Long': 'twin-b.example', 'Bea Short': 'twin-b.example', 'Cid Third': 'solo.example' });

    await page.goto(set);
    await page.getByRole('button', { name: 'Undo all of it' }).click();
    await page.getByText('Nothing of it was edited since.').waitFor();
    await page.getByRole('button', { name: 'Undo import', exact: true }).click();
    await page.getByText('Undone', { exact: true }).first().waitFor();
    expect(await places()).toEqual({});
    expect(problems).toEqual([]);
  });
});
