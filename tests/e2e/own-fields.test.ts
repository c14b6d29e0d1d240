import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, hasBrowser, launch, person } from '../support/browser';
import { act, ask } from './pages/api';
import { signUpAs } from './pages/site';

/** A tenant's own fields, made in the settings and filled in on a record, in a browser. */
let browser: Browser;
let owner: Awaited<ReturnType<typeof person>>;
let page: Page;
let tenant: string;
let company: string;

beforeAll(async () => {
  if (!hasBrowser()) return;
  browser = await launch();
  owner = await person(browser);
  page = owner.page;
  tenant = await signUpAs(page, 'Ida Holm');
  company = (await act<{ id: string }>(page, tenant, 'companies.create', { values: { name: 'Lindholm Works' } })).id;
  await act(page, tenant, 'contacts.create', { values: { name: 'Vera Aldous' } });
});
afterAll(() => browser?.close());

const dialog = () => page.getByRole('dialog');
const field = (label: string) => page.locator('dl > div').filter({ has: page.getByText(label, { exact: true }) });
const open = (path: string) => page.goto(`${tenant}${path}`);

describe.runIf(hasBrowser())('own fields', () => {
  it('a relation has links that say something: made in its dialog, filled in on a record, shown in the table', async () => {
    await open('/settings/objects/company');
    await page.getByRole('button', { name: 'Add field' }).click();
    await dialog()
      .getByRole('button', { name: /^Relation/ })
      .click();
    await dialog()
      .getByLabel(/^Name\W*$/)
      .fill('Advisers');
    await dialog().getByRole('combobox', { name: 'Points to' }).click();
    await page.getByRole('option', { name: 'Contacts' }).click();
    for (const [i, [name, type]] of [
      ['Task', 'Text'],
      ['Share', 'Number'],
    ].entries()) {
      await dialog().getByRole('button', { name: 'Add a detail' }).click();
      await dialog()
        .getByLabel('Name of the detail (English)')
        .nth(i)
        .fill(name ?? '');
      await dialog()
        .getByRole('combobox', { name: `Type of ${name}` })
        .click();
      await page.getByRole('option', { name: type }).click();
    }
    expect(await axe(page)).toEqual([]);
    await dialog().getByRole('button', { name: 'Add field' }).click();
    await page.getByRole('button', { name: 'Advisers' }).first().waitFor();

    await open(`/companies/${company}`);
    await page.getByRole('button', { name: 'Add to Advisers' }).click();
    await page.getByRole('option', { name: 'Vera Aldous' }).click();
    // What a link says is asked as soon as it is made.
    await dialog().getByLabel('Task').fill('Legal');
    await dialog().getByLabel('Share').fill('half');
    await dialog().getByText('number').waitFor();
    await dialog().getByLabel('Share').fill('12,5');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await field('Advisers').getByText('Legal · Share 12.5').waitFor();

    await open('/companies?cols=name*c_advisers');
    await page.getByRole('row').filter({ hasText: 'Lindholm Works' }).getByText('Vera Aldous').waitFor();
  });

  it('a field of files takes them on the record', async () => {
    const input = { object: 'company', type: 'file', label: { en: 'Contract' } };
    await act(page, tenant, 'fields.create', input);
    await open(`/companies/${company}`);
    await field('Contract')
      .locator('input[type=file]')
      .setInputFiles({
        name: 'agreement.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from('Agreed.'),
      });
    await field('Contract').getByText('agreement.txt').waitFor();
    const files = () => ask<{ c_contract?: string[] }>(page, tenant, 'companies.get', { id: company });
    await expect.poll(async () => (await files()).c_contract).toHaveLength(1);
  });

  it('a change of type says which values would be lost, and a toast takes it back', async () => {
    await act(page, tenant, 'fields.create', { object: 'company', type: 'text', label: { en: 'Floor' } });
    const other = await act<{ id: string }>(page, tenant, 'companies.create', {
      values: { name: 'Marsh', c_floor: '3' },
    });
    await act(page, tenant, 'companies.update', { id: company, values: { c_floor: 'ground' } });
    await open('/settings/objects/company');
    await page.getByRole('button', { name: 'Actions for Floor' }).click();
    await page.getByRole('menuitem', { name: 'Change the type' }).click();
    await dialog().getByRole('combobox').click();
    await page.getByRole('option', { name: 'Number' }).click();
    await dialog().getByText('1 of 2 values fit the new type.').waitFor();
    await dialog().getByRole('listitem').filter({ hasText: 'ground' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await dialog().getByRole('button', { name: 'Change the type' }).click();
    await page.getByText('Changed the type of Floor').waitFor();
    const floors = () =>
      Promise.all(
        [company, other.id].map(
          async (id) => (await ask<{ c_floor: unknown }>(page, tenant, 'companies.get', { id })).c_floor,
        ),
      );
    expect(await floors()).toEqual([null, 3]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(floors).toEqual(['ground', '3']);
  });

  it('an object goes with all its records only after it was said how many, and comes back', async () => {
    const name = { one: 'Van', other: 'Vans' };
    await act(page, tenant, 'objects.create', { key: 'o_van', label: { en: name } });
    await act(page, tenant, 'records.create', { object: 'o_van', values: { name: 'Blue one' } });
    await open('/settings/objects/o_van');
    await page.getByRole('button', { name: 'Actions for Vans' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await dialog().getByText('It has 1 record.').waitFor();
    await dialog().getByRole('button', { name: 'Delete object' }).click();
    await page.getByText('Deleted Vans with all its records').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: 'Vans' }).first().waitFor();
    expect(await ask(page, tenant, 'records.count', { object: 'o_van' })).toMatchObject({ count: 1 });
  });

  it('a record of an own object is found where it is pointed to, misspelt too', async () => {
    const van = await act<{ id: string }>(page, tenant, 'records.create', {
      object: 'o_van',
      values: { name: 'Wolfsberg' },
    });
    const input = { object: 'company', type: 'reference', label: { en: 'Delivered by' }, settings: { to: 'o_van' } };
    await act(page, tenant, 'fields.create', input);
    await open(`/companies/${company}`);
    await page.getByRole('button', { name: 'Edit Delivered by' }).click();
    await page.keyboard.type('wolfsburg');
    await page.getByRole('option', { name: 'Wolfsberg' }).click();
    // And it stands among what belongs to the record, with its name.
    await page.getByRole('region', { name: 'Related' }).getByRole('link', { name: 'Wolfsberg' }).waitFor();
    const saved = () => ask<{ c_delivered_by: string }>(page, tenant, 'companies.get', { id: company });
    await expect.poll(async () => (await saved()).c_delivered_by).toBe(van.id);
  });

  it('a task comes again as its page says, and waits in a queue', async () => {
    await act(page, tenant, 'tasks.createQueue', { name: 'New enquiries', memberIds: [] });
    const task = await act<{ id: string }>(page, tenant, 'tasks.create', {
      values: { subject: 'Water the plants', dueOn: '2026-03-02' },
    });
    await open(`/tasks/${task.id}`);
    const queue = page.getByRole('button', { name: 'Edit Queue' });
    const more = page.getByRole('button', { name: /(more|empty) field/ });
    await queue.or(more).first().waitFor();
    // What is empty may be folded, in any of the sections.
    for (let i = await more.count(); i > 0 && !(await queue.isVisible()); i--) await more.nth(i - 1).click();
    await queue.click();
    await page.getByRole('option', { name: 'New enquiries' }).click();
    await page.getByRole('button', { name: 'Repeats', exact: true }).click();
    await page.getByRole('button', { name: /^every Monday/i }).click();
    await expect
      .poll(() => ask<{ recurrence: string; queueId: string }>(page, tenant, 'tasks.get', { id: task.id }))
      .toMatchObject({ recurrence: expect.stringContaining('FREQ=WEEKLY'), queueId: expect.any(String) });
    expect(owner.problems).toEqual([]);
  });
});
