import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, hasBrowser, launch, person } from '../support/browser';
import { act, ask } from './pages/api';
import { signUpAs } from './pages/site';

/** A file that is about records which are here already: what a person sees and decides before anything is written. */
let browser: Browser;
let page: Page;
let tenant: string;
let problems: string[];
let imported: string;

beforeAll(async () => {
  if (!hasBrowser()) return;
  browser = await launch();
  ({ page, problems } = await person(browser));
  tenant = await signUpAs(page, 'Imo Lind');
  for (const [name, city, industry] of [
    ['Alder', 'Rome', 'Tools'],
    ['Birch', 'Oslo', null],
    ['Cedar', 'Bonn', 'Toys'],
  ])
    await act(page, tenant, 'companies.create', { values: { name, city, industry } });
});
afterAll(() => browser?.close());

const header = 'Company ID,Company Name,City,Industry,Phone Number,Annual Revenue\n';
const file = `${header}1,Alder,Lyon,Boats,+33 1 23 45 67 89,100000\n2,Birch,Oslo,Boats,,\n3,Cedar,Bonn,Toys,,\n4,Dogwood,Kyiv,Toys,,5000\n5,Elm\n6,,Nowhere,,,\n`;

/** Brings a file, up to the step of its columns. */
async function bring(name: string, text: string): Promise<void> {
  await page.goto(`${tenant}/imports`);
  await page.setInputFiles('input[type=file]', { name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.waitForURL(/\/imports\/new\?file=/);
  await next('columns');
}

async function next(step: 'columns' | 'values' | 'check'): Promise<void> {
  await page
    .locator('button:not([disabled])')
    .filter({ hasText: /^Continue$/ })
    .click();
  await page.waitForURL(new RegExp(`step=${step}`));
}

const goesTo = (column: string) => page.getByRole('combobox', { name: `Where ${column} goes` });
const start = () => page.locator('button:not([disabled])').filter({ hasText: /^Import \d+ rows?$/ });
/** The counts of a dry run or an import. */
const counts = () => page.locator('dl > div').allTextContents();
const companies = async () => {
  const columns = ['name', 'city', 'industry', 'phone'];
  const input = { columns, sort: [{ field: 'name', dir: 'asc' }] };
  const { rows } = await ask<{ rows: Record<string, unknown>[] }>(page, tenant, 'companies.list', input);
  return rows.map((row) => columns.map((name) => row[name] ?? '').join(' '));
};

describe.runIf(hasBrowser())('a file about companies that are here', () => {
  it('says what would happen, field by field, and lets each field have its own rule', async () => {
    await bring('companies.csv', file);
    await goesTo('Phone Number').click();
    await page.getByRole('option', { name: 'Leave out' }).click();
    await page.getByRole('button', { name: 'Save mapping…' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Lists of companies');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Remove the mapping Lists of companies' }).waitFor();
    await next('values');
    await next('check');
    await start().waitFor();
    expect(await counts()).toEqual(['Created1', 'Updated2', 'Unchanged1', 'Refused2']);
    const differences = page.getByRole('region', { name: 'Changes in existing records' });
    await differences.getByRole('button', { name: 'Industry' }).click();
    const sample = differences.getByRole('listitem').filter({ hasText: 'Alder' }).last();
    expect(await sample.textContent()).toBe('Row 2AlderToolsbecomesBoatsReplaced');
    await page.getByRole('region', { name: 'Rows that would be refused' }).getByText('The name is missing.').waitFor();
    expect(await axe(page)).toEqual([]);

    await differences.getByRole('combobox', { name: 'What the file may change: Industry' }).click();
    await page.getByRole('option', { name: 'Fill blanks', exact: true }).click();
    // What was opened stays open while the file is gone through again.
    await differences.getByText('1 value kept').waitFor();
    expect(await sample.textContent()).toMatch(/Kept/);
    await start().click();
    await page.getByText('6 rows = 1 created + 2 updated + 1 unchanged + 2 refused').waitFor();
    expect(await page.getByRole('cell', { name: 'Equal' }).count()).toBe(1);
    // The rule was that of one field; the column left out is left out.
    expect(await companies()).toEqual([
      'Alder Lyon Tools ',
      'Birch Oslo Boats ',
      'Cedar Bonn Toys ',
      'Dogwood Kyiv Toys ',
    ]);
    imported = page.url().split('/').at(-1) ?? '';
    const { imports, waiting } = await ask<{ imports: { id: string }[]; waiting: unknown[] }>(
      page,
      tenant,
      'imports.list',
      undefined,
    );
    expect([imports.map((one) => one.id), waiting]).toEqual([[imported], []]);
  });

  it('of deals offers stages anew when their pipeline is another one', async () => {
    await bring('deals.csv', 'Deal Name,Pipeline,Stage\nOak,Partners,Qualified\nElm,Partners,Odd\n');
    await next('values');
    const meaning = (text: string) => page.getByRole('combobox', { name: `What ${text} means`, exact: true });
    await expect.poll(() => meaning('Qualified').textContent()).toBe('Create “Qualified” (Open)');
    await meaning('Partners').click();
    await page.getByRole('option').first().click();
    await expect.poll(() => meaning('Qualified').textContent()).toBe('Qualified');
    await expect.poll(() => meaning('Odd').textContent()).toBe('Create “Odd” (Open)');
    const { waiting } = await ask<{ waiting: { id: string }[] }>(page, tenant, 'imports.list', undefined);
    for (const { id } of waiting) await act(page, tenant, 'imports.discard', { fileId: id });
  });

  it('offers the mapping for the next one, and is taken back whole', async () => {
    await bring('next.csv', `${header}7,Fir,Riga,Toys,+371 20000000,\n`);
    await page.getByText('The saved mapping “Lists of companies” fits this file.').waitFor();
    expect(await goesTo('Phone Number').textContent()).toBe('Phone');
    await page.getByRole('button', { name: 'Use it' }).click();
    await expect.poll(() => goesTo('Phone Number').textContent()).toBe('Leave out');

    await page.goto(`${tenant}/imports/${imported}`);
    await page.getByRole('button', { name: 'Undo this import' }).click();
    await page.getByText('Nothing of it was edited since.').waitFor();
    await page.getByRole('button', { name: 'Undo import', exact: true }).click();
    await page.getByText('Undone', { exact: true }).first().waitFor();
    expect(await companies()).toEqual(['Alder Rome Tools ', 'Birch Oslo  ', 'Cedar Bonn Toys ']);
    expect(problems).toEqual([]);
  });
});
