import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, hasBrowser, launch, person } from '../support/browser';
import { act } from './pages/api';
import { signUpAs } from './pages/site';

/** An admin arranges the page of a record, and the page follows. */
let browser: Browser;
let page: Page;
let tenant: string;
let company: string;

beforeAll(async () => {
  if (!hasBrowser()) return;
  browser = await launch();
  ({ page } = await person(browser));
  tenant = await signUpAs(page, 'Pia Lund');
  company = (await act<{ id: string }>(page, tenant, 'companies.create', { values: { name: 'Aldous Mills' } })).id;
  await act(page, tenant, 'fields.create', {
    object: 'deal',
    type: 'reference',
    label: { en: 'Partner' },
    settings: { to: 'company', inverse: { en: 'Partner in' } },
  });
});
afterAll(() => browser?.close());

const open = (path: string) => page.goto(`${tenant}${path}`);
const beside = () => page.getByRole('region', { name: 'Related' });
const headings = async () => (await beside().getByRole('heading').allTextContents()).map((text) => text.trim());
const list = (name: string) => page.getByRole('list', { name, exact: true });
const handle = (name: string) => page.getByRole('button', { name: `Move Related: ${name}` });

describe.runIf(hasBrowser())('the layout of a record page', () => {
  it('arranges related lists by keys, by dragging and by the menu; a hidden one is not asked for; undo takes it back', async () => {
    await open(`/companies/${company}`);
    await beside().getByRole('heading', { name: 'Partner in' }).waitFor();
    const before = await headings();
    expect(before.slice(0, 3)).toEqual(['Contacts', 'Deals', 'Open tasks']);
    expect(before.at(-1)).toBe('Partner in');

    await open('/settings/layouts');
    await handle('Open tasks').focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    expect((await list('Beside the record').getByRole('listitem').allTextContents())[0]).toContain('Open tasks');
    expect(await axe(page)).toEqual([]);
    // Into a section with the mouse, out of the page by the menu.
    await list('Record').scrollIntoViewIfNeeded();
    const from = await handle('Partner in').boundingBox();
    const to = await list('Record').getByRole('listitem').last().boundingBox();
    if (!from || !to) throw new Error('nothing there to carry');
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(from.x + from.width / 2 + 8, from.y, { steps: 3 });
    await page.mouse.move(to.x + 60, to.y + to.height - 3, { steps: 10 });
    await page.mouse.up();
    await list('Record').getByText('Related: Partner in').waitFor();
    await page.getByRole('button', { name: 'Options of Related: Deals' }).click();
    await page.getByRole('menuitem', { name: 'Hide Related: Deals' }).click();
    await page.getByRole('button', { name: 'Save layout' }).click();
    await page.getByText('Layout saved').waitFor();

    const asked: string[] = [];
    page.on('request', (request) => asked.push(decodeURIComponent(request.url())));
    await open(`/companies/${company}`);
    const details = page.getByRole('region', { name: 'Details' });
    await details.getByRole('heading', { name: 'Partner in' }).waitFor();
    expect((await headings())[0]).toBe('Open tasks');
    expect(await headings()).not.toContain('Deals');
    expect(asked.some((url) => url.includes('relations.pointing'))).toBe(true);
    expect(asked.filter((url) => url.includes('deals.list') || url.includes('deals.count'))).toEqual([]);

    await open('/settings/layouts');
    await page.getByRole('button', { name: 'Back to the standard layout' }).click();
    const first = () => list('Beside the record').getByRole('listitem').first().textContent();
    await expect.poll(first).toContain('Contacts');
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await expect.poll(first).toContain('Open tasks');
    await page.getByRole('button', { name: 'Back to the standard layout' }).click();
    await expect.poll(first).toContain('Contacts');
    await open(`/companies/${company}`);
    await beside().getByRole('heading', { name: 'Partner in' }).waitFor();
    expect(await headings()).toEqual(before);
  });

  it('keeps what was changed while another object is looked at', async () => {
    await open('/settings/layouts');
    await page.getByRole('textbox', { name: 'Name of the section' }).first().fill('Essentials');
    await page.getByRole('combobox', { name: 'Object' }).click();
    await page.getByRole('option', { name: 'Deals' }).click();
    await page.getByRole('combobox', { name: 'Object' }).click();
    await page.getByRole('option', { name: 'Companies' }).click();
    const name = page.getByRole('textbox', { name: 'Name of the section' }).first();
    await expect.poll(() => name.inputValue()).toBe('Essentials');
  });

  it('shows a section while the record meets its condition', async () => {
    const { id } = await act<{ id: string }>(page, tenant, 'products.create', { values: { name: 'Bobbin' } });
    const section = (name: string, fields: string[], showIf: object | null) => {
      return { id: name, label: { en: name }, fields, showIf };
    };
    const sale = section('Sale', ['price'], { field: 'active', op: 'is', value: true });
    const config = { sections: [section('Main', ['active', 'code'], null), sale], hidden: [] };
    await act(page, tenant, 'layouts.set', { object: 'product', role: 'all', config });
    await open(`/products/${id}`);
    await page.getByRole('button', { name: 'Sale', exact: true }).waitFor();
    await page.getByRole('switch', { name: 'On sale' }).click();
    await page.getByRole('button', { name: 'Sale', exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Main', exact: true }).waitFor();
  });

  it('a change that another field forbids says which and why, beside the switch that was touched', async () => {
    await act(page, tenant, 'fields.create', { object: 'company', type: 'boolean', label: { en: 'Listed' } });
    await act(page, tenant, 'fields.create', {
      object: 'company',
      type: 'text',
      label: { en: 'Exchange' },
      settings: { requireIf: { field: 'c_listed', op: 'is', value: true } },
    });
    await open(`/companies/${company}`);
    const listed = page.getByRole('switch', { name: 'Listed' });
    await listed.click();
    await page.getByRole('alert').filter({ hasText: 'Exchange: Please fill this in.' }).waitFor();
    await expect.poll(() => listed.getAttribute('aria-checked')).toBe('false');
  });

  it('the key for a note is there on every kind of record that takes notes', async () => {
    const { id } = await act<{ id: string }>(page, tenant, 'products.create', { values: { name: 'Loom' } });
    await open(`/products/${id}`);
    await page.getByRole('region', { name: 'Related' }).getByRole('heading').first().waitFor();
    await page.keyboard.press('n');
    const typing = () => page.evaluate(() => document.activeElement?.matches('textarea, [contenteditable="true"]'));
    await expect.poll(typing).toBe(true);
  });

  it('a long text is kept when one clicks elsewhere, and not when one leaves it by Escape', async () => {
    await act(page, tenant, 'fields.create', { object: 'company', type: 'longText', label: { en: 'Story' } });
    await open(`/companies/${company}`);
    const story = page.locator('dl > div').filter({ has: page.getByText('Story', { exact: true }) });
    const edit = page.getByRole('button', { name: 'Edit Story' });
    await edit.click();
    await page.getByRole('textbox', { name: 'Story' }).fill('Began in a barn.');
    await page.getByRole('region', { name: 'Related' }).click({ position: { x: 5, y: 400 } });
    await story.getByText('Began in a barn.').waitFor();
    await edit.click();
    await page.getByRole('textbox', { name: 'Story' }).fill('Never said.');
    await page.keyboard.press('Escape');
    await story.getByText('Began in a barn.').waitFor();
    expect(await story.getByText('Never said.').count()).toBe(0);
  });
});
