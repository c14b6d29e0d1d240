import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, hasBrowser, launch, person, product } from '../support/browser';
import { act, ask } from './pages/api';
import { signIn, signUp } from './pages/site';

/** What hands do in lists: carry cards and entries, paste from a spreadsheet, fill down, merge, and pass links on. */
let browser: Browser;
let page: Page;
let tenant: string;
let problems: string[];
let email: string;
const password = 'correct horse battery';
const ids: Record<string, string> = {};
const day = (away: number) => new Date(Date.now() + away * 86_400_000).toISOString().slice(0, 10);

beforeAll(async () => {
  if (!hasBrowser()) return;
  browser = await launch();
  const owner = await person(browser);
  ({ page, problems } = owner);
  await owner.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const unique = Date.now().toString(36);
  email = `vera-${unique}@example.com`;
  tenant = await signUp(page, { company: `Vera ${unique}`, name: 'Vera Holm', email, password });
  for (const [name, type] of [
    ['Alder', 'customer'],
    ['Birch', 'customer'],
    ['Cedar', 'prospect'],
  ] as const) {
    const values = { name, type, industry: `${name} trade` };
    ids[name] = (await act<{ id: string }>(page, tenant, 'companies.create', { values })).id;
  }
  const values = { name: 'Big saws', expectedClose: day(0) };
  ids.deal = (await act<{ id: string }>(page, tenant, 'deals.create', { values })).id;
});
afterAll(() => browser?.close());

const company = (name: string) =>
  ask<{ type: string | null; industry: string | null }>(page, tenant, 'companies.get', { id: ids[name] });
const typeOf = async (name: string) => (await company(name)).type;
const closeOn = async () =>
  (await ask<{ expectedClose: string }>(page, tenant, 'deals.get', { id: ids.deal })).expectedClose;

/** Carries something with the mouse, as a hand does: pressed, moved a little, moved there, let go. */
async function carry(from: Locator, to: Locator): Promise<void> {
  const a = await from.boundingBox();
  const b = await to.boundingBox();
  if (!a || !b) throw new Error('nothing there to carry');
  await page.mouse.move(a.x + a.width / 2, a.y + Math.min(12, a.height / 2));
  await page.mouse.down();
  await page.mouse.move(a.x + a.width / 2 + 8, a.y + 16, { steps: 3 });
  await page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 10 });
  await page.mouse.up();
}

const undo = () => page.getByRole('button', { name: 'Undo' }).last().click();

describe.runIf(hasBrowser())('a board of any object', () => {
  const column = (type: string) => page.locator(`section[data-column="${type}"]`);
  const card = (type: string, name: string) => column(type).locator(`[data-card="${ids[name]}"]`);

  it('changes a choice by the mouse, and undo takes it back', async () => {
    await page.goto(`${tenant}/companies?kind=board`);
    await card('customer', 'Alder').waitFor();
    await carry(card('customer', 'Alder'), column('partner'));
    await card('partner', 'Alder').waitFor();
    await expect.poll(() => card('customer', 'Alder').count()).toBe(0);
    await expect.poll(() => typeOf('Alder')).toBe('partner');
    await expect.poll(() => column('customer').locator('header').textContent()).toContain('1');
    await undo();
    await card('customer', 'Alder').waitFor();
    expect(await typeOf('Alder')).toBe('customer');
  });

  it('does the same by keys and by the menu, and the focus goes along', async () => {
    await card('customer', 'Birch').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Escape');
    await card('customer', 'Birch').waitFor();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await card('prospect', 'Birch').waitFor();
    await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLElement).dataset.card)).toBe(ids.Birch);
    await expect.poll(() => typeOf('Birch')).toBe('prospect');
    await card('prospect', 'Birch').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Move to' }).press('ArrowRight');
    await page.getByRole('menuitem', { name: 'Customer' }).click();
    await card('customer', 'Birch').waitFor();
    await expect.poll(() => typeOf('Birch')).toBe('customer');
    expect(await axe(page)).toEqual([]);
  });
});

describe.runIf(hasBrowser())('the pipeline', () => {
  it('shows on its cards what a person or a view chose, own fields too, and tables stay as they are', async () => {
    const { key } = await act<{ key: string }>(page, tenant, 'fields.create', {
      object: 'deal',
      type: 'number',
      label: { en: 'Seats' },
      settings: {},
    });
    await act(page, tenant, 'deals.update', { id: ids.deal, values: { [key]: 12, nextStep: 'Call them' } });
    const small = await act<{ id: string }>(page, tenant, 'deals.create', { values: { name: 'Small saws' } });
    await page.goto(`${tenant}/deals`);
    const card = page.locator(`[data-card="${ids.deal}"]`);
    const height = async (id = ids.deal) => (await page.locator(`[data-card="${id}"]`).boundingBox())?.height ?? 0;
    await card.waitFor();
    const usual = await height();
    expect(await card.textContent()).not.toContain('Seats');
    await page.getByRole('button', { name: 'Fields on cards' }).click();
    const menu = page.getByRole('dialog', { name: 'Fields on cards' });
    expect(await menu.getByRole('checkbox', { name: 'Stage', exact: true }).count()).toBe(0);
    await menu.getByRole('checkbox', { name: 'Seats' }).click();
    await menu.getByRole('checkbox', { name: 'Next step' }).click();
    await menu.getByRole('checkbox', { name: 'Company', exact: true }).click();
    await page.keyboard.press('Escape');
    await card.getByText('Call them').waitFor();
    expect(await card.textContent()).toMatch(/^Big sawsSeats12Next step: Call them/);
    expect(await card.textContent()).not.toContain('No company');
    // A line less for the company, two and their distance more for what is there; a card without them is shorter.
    expect(await height()).toBe(usual - 20 + 46);
    expect(await height(small.id)).toBe(usual - 20);
    const low = await page.locator(`[data-card="${small.id}"]`).boundingBox();
    const high = await card.boundingBox();
    expect(Math.abs((low?.y ?? 0) - (high?.y ?? 0))).toBeGreaterThanOrEqual(
      Math.min(low?.height ?? 0, high?.height ?? 0),
    );
    // A card that is higher than others lands where it is let go.
    const to = page.locator('section[data-column]').nth(1);
    await carry(card, to);
    await to.locator(`[data-card="${ids.deal}"]`).waitFor();
    await expect.poll(() => to.locator(`[data-card="${ids.deal}"]`).textContent()).toContain('Call them');
    expect(await axe(page)).toEqual([]);
    await undo();
    await page.goto(`${tenant}/deals/table`);
    await page.getByRole('columnheader', { name: 'Company' }).waitFor();
    expect(await page.getByRole('columnheader', { name: 'Seats' }).count()).toBe(0);
    // A link or a view says it for everybody.
    await page.goto(`${tenant}/deals?cols=name*${key}`);
    await card.getByText('Seats').waitFor();
    expect(await card.textContent()).not.toContain('Call them');
    await act(page, tenant, 'deals.remove', { ids: [small.id] });
    expect(problems).toEqual([]);
  });
});

describe.runIf(hasBrowser())('a calendar', () => {
  const entry = (date: string) => page.locator(`[data-day="${date}"] [data-entry="${ids.deal}"]`);

  it('puts an entry on another day by the mouse and by keys', async () => {
    await page.goto(`${tenant}/deals?kind=calendar&span=week`);
    const from = await closeOn();
    await entry(from).waitFor();
    const other = await page.locator('[data-day]').nth(new Date(from).getUTCDay() === 1 ? 1 : 0);
    const to = (await other.getAttribute('data-day')) ?? '';
    await carry(entry(from), other);
    await entry(to).waitFor();
    await expect.poll(closeOn).toBe(to);
    await undo();
    await entry(from).waitFor();
    expect(await closeOn()).toBe(from);
    const key = new Date(from).getUTCDay() === 0 ? 'ArrowLeft' : 'ArrowRight';
    await entry(from).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press(key);
    await page.keyboard.press('Enter');
    await expect.poll(closeOn).not.toBe(from);
    await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLElement).dataset.entry)).toBe(ids.deal);
    expect(await axe(page)).toEqual([]);
  });
});

describe.runIf(hasBrowser())('a table', () => {
  const cell = (name: string, field: string) => page.locator(`[data-id="${ids[name]}"] [data-name="${field}"]`);
  const industries = async () => Promise.all(['Alder', 'Birch', 'Cedar'].map(async (n) => (await company(n)).industry));
  const trades = ['Alder trade', 'Birch trade', 'Cedar trade'];

  it('takes what a spreadsheet copied, quotes and lines and all, and undo takes it back', async () => {
    await page.goto(`${tenant}/companies?sort=name`);
    await cell('Alder', 'industry').waitFor();
    await carry(cell('Alder', 'industry'), cell('Cedar', 'industry'));
    await expect.poll(() => page.locator('[role=gridcell][aria-selected=true]').count()).toBe(3);
    const pasted = 'Steel\r\n"Iron\nand tin"\r\n"say ""hi"""\r\n';
    await page.evaluate((text) => navigator.clipboard.writeText(text), pasted);
    await page.keyboard.press('ControlOrMeta+v');
    await page.getByText('Changed 3 cells in 3 records').waitFor();
    const [steel, iron, hi] = await industries();
    expect([steel, iron?.replace(/\s+/g, ' '), hi]).toEqual(['Steel', 'Iron and tin', 'say "hi"']);
    await page.keyboard.press('ControlOrMeta+z');
    await expect.poll(industries).toEqual(trades);
  });

  it('copies a range, fills down by key and by the handle, says what it cannot read', async () => {
    await cell('Alder', 'industry').click({ position: { x: 8, y: 8 } });
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('ControlOrMeta+c');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('Alder trade\nBirch trade');
    await page.keyboard.press('ControlOrMeta+d');
    await expect.poll(industries).toEqual(['Alder trade', 'Alder trade', 'Cedar trade']);
    await page.keyboard.press('ControlOrMeta+z');
    await expect.poll(industries).toEqual(trades);
    await cell('Alder', 'industry').click({ position: { x: 8, y: 8 } });
    await carry(page.locator('[data-handle]'), cell('Cedar', 'industry'));
    await expect.poll(industries).toEqual(['Alder trade', 'Alder trade', 'Alder trade']);
    // Not by the toast: that of the first fill may still lie over this one's.
    await page.keyboard.press('ControlOrMeta+z');
    await expect.poll(industries).toEqual(trades);
    await cell('Alder', 'ownerId').click({ position: { x: 120, y: 8 } });
    await page.evaluate(() => navigator.clipboard.writeText('Nobody Known'));
    await page.keyboard.press('ControlOrMeta+v');
    await page.getByText('No record has exactly this name, or several have.').waitFor();
  });

  it('keeps widths, order, frozen columns and height of rows for the person, on every device', async () => {
    const heads = page.getByRole('columnheader');
    const edge = await heads.nth(1).locator('[data-edge]').boundingBox();
    const wide = (await heads.nth(1).boundingBox())?.width ?? 0;
    if (!edge) throw new Error('no edge');
    await page.mouse.move(edge.x + 4, edge.y + 10);
    await page.mouse.down();
    await page.mouse.move(edge.x + 84, edge.y + 10, { steps: 5 });
    await page.mouse.up();
    await expect.poll(async () => (await heads.nth(1).boundingBox())?.width).toBe(wide + 80);
    await heads.nth(2).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Move left' }).click();
    await heads.nth(1).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Freeze up to here' }).click();
    const names = await heads.allInnerTexts();
    const height = async (of: Page) => (await of.locator('[data-id]').first().boundingBox())?.height;
    const usual = (await height(page)) ?? 0;
    await page.getByRole('button', { name: 'Grouping, totals and density' }).click();
    await page.getByRole('radio', { name: 'Compact' }).click();
    await page.keyboard.press('Escape');
    await expect.poll(() => height(page)).toBeLessThan(usual);
    // Preferences are sent a moment later.
    await expect
      .poll(async () => {
        const { preferences } = await ask<{ preferences: Record<string, unknown> }>(page, tenant, 'tenant.boot');
        return preferences['table:company'];
      })
      .toMatchObject({ frozen: 2, density: 'compact', widths: { domain: wide + 80 } });
    await page.reload();
    await heads.first().waitFor();
    expect(await heads.allInnerTexts()).toEqual(names);
    expect((await heads.nth(2).boundingBox())?.width).toBe(wide + 80);
    expect(await heads.nth(1).evaluate((head) => getComputedStyle(head).position)).toBe('sticky');

    const other = await person(browser);
    await signIn(other.page, email, password);
    await other.page.goto(`${tenant}/companies?sort=name`);
    const theirs = other.page.getByRole('columnheader');
    await theirs.first().waitFor();
    expect(await theirs.allInnerTexts()).toEqual(names);
    expect((await theirs.nth(2).boundingBox())?.width).toBe(wide + 80);
    expect(await theirs.nth(1).evaluate((head) => getComputedStyle(head).position)).toBe('sticky');
    await expect.poll(() => height(other.page)).toBe(await height(page));
    expect(other.problems).toEqual([]);
    await other.context.close();
  });

  it('says when a cell made a record like another, and leads to both', async () => {
    await act(page, tenant, 'companies.update', { id: ids.Birch, values: { domain: 'birch.example' } });
    await page.reload();
    const notice = page.locator('[data-sonner-toast]').filter({ hasText: '“Alder” may be the same as' });
    const type = async (text: string) => {
      await cell('Alder', 'domain').click({ position: { x: 8, y: 8 } });
      await page.keyboard.press('F2');
      await page.getByRole('grid').getByRole('textbox').fill(text);
      const asked = page.waitForResponse((answer) => answer.url().includes('duplicates.check'));
      await page.keyboard.press('Enter');
      await asked;
    };
    await type('alder.example');
    expect(await notice.count()).toBe(0);
    await type('birch.example');
    await notice.getByText('Birch').waitFor();
    expect(await axe(page)).toEqual([]);
    await notice.getByRole('button', { name: 'Compare' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('columnheader', { name: /Alder/ }).waitFor();
    await dialog.getByRole('columnheader', { name: /Birch/ }).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    // It has been saved all the same.
    expect(await ask(page, tenant, 'companies.get', { id: ids.Alder })).toMatchObject({ domain: 'birch.example' });
    await act(page, tenant, 'companies.update', { id: ids.Alder, values: { domain: null } });
    await page.reload();
  });

  it('merges what is chosen', async () => {
    await cell('Birch', 'name').getByRole('checkbox').click();
    await cell('Cedar', 'name').getByRole('checkbox').click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Merge' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Merge', exact: true }).click();
    await expect.poll(async () => (await ask<{ count: number }>(page, tenant, 'companies.count')).count).toBe(2);
    await undo();
    await expect.poll(async () => (await ask<{ count: number }>(page, tenant, 'companies.count')).count).toBe(3);
    expect(await axe(page)).toEqual([]);
    expect(problems).toEqual([]);
  });
});

describe.runIf(hasBrowser())('a filter', () => {
  it('is made by keys alone through three relations, and stands in the address as it is read', async () => {
    const top = await act<{ id: string }>(page, tenant, 'companies.create', {
      values: { name: 'Top', industry: 'Forestry' },
    });
    const middle = await act<{ id: string }>(page, tenant, 'companies.create', {
      values: { name: 'Middle', parentId: top.id },
    });
    await act(page, tenant, 'companies.update', { id: ids.Alder, values: { parentId: middle.id } });
    for (const [name, companyId] of [
      ['Ann Alder', ids.Alder],
      ['Bea Birch', ids.Birch],
    ])
      await act(page, tenant, 'contacts.create', { values: { name, companyId } });
    await page.goto(`${tenant}/contacts`);
    await page.getByRole('row', { name: /Bea Birch/ }).waitFor();
    const pick = async (text: string) => {
      // Enter in the same breath as the last letter takes what is first once the list has followed.
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
      await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe('');
    };
    await page.getByRole('button', { name: 'Filter', exact: true }).press('Enter');
    await pick('Fields of Company');
    for (let i = 0; i < 2; i++) {
      await page.getByRole('option', { name: 'Employees', exact: true }).waitFor();
      await pick('Fields of Parent company');
    }
    await page.getByRole('option', { name: 'Employees', exact: true }).waitFor();
    await pick('Industry');
    await page.getByRole('textbox', { name: 'Value' }).fill('Forest');
    await page.keyboard.press('Enter');
    await page.getByText('Company › Parent company › Parent company: Industry').waitFor();
    await page.getByText('1 contact', { exact: true }).waitFor();
    expect(await page.getByRole('row', { name: /Ann Alder/ }).count()).toBe(1);
    expect(new URL(page.url()).searchParams.get('filter')).toContain('companyId.parentId.parentId.industry');
    expect(await axe(page)).toEqual([]);
  });

  it('knows me, days told from today, tags and groups; one of a field that is gone says so and can be taken away', async () => {
    const shown = async (filter: string) => {
      await page.goto(`${tenant}/companies?filter=${filter}`);
      return page.getByText(/^\d+ compan(y|ies)$/).textContent();
    };
    expect(await shown('ownerId*me*-')).toBe('5 companies');
    expect(await shown('createdAt*during*stoday')).toBe('5 companies');
    await act(page, tenant, 'companies.update', { id: ids.Cedar, values: { tags: ['vip'] } });
    expect(await shown('tags*anyOf*1*svip')).toBe('1 company');
    expect(await shown('-or*2*tags*anyOf*1*svip*-and*2*ownerId*me*-*name*is*sBirch')).toBe('2 companies');
    await page.goto(`${tenant}/companies?filter=c_gone*is*s1`);
    await page.getByText('There is no such field.').waitFor();
    await page.getByRole('button', { name: 'Remove the condition on c_gone' }).click();
    await page.getByText('5 companies').waitFor();
  });
});

describe.runIf(hasBrowser())('a link to a view', () => {
  it('shows a colleague with fewer rights the same view, of what they may see', async () => {
    const login = (role: string) => {
      const found = product().logins.find((each) => each.role === role && !/\p{Script=Han}/u.test(each.tenant));
      if (!found) throw new Error(`no ${role}`);
      return found;
    };
    const boss = await person(browser);
    await signIn(boss.page, login('owner').email, login('owner').password);
    const home = new URL(boss.page.url()).pathname.replace(/^(\/t\/[^/]+).*/, '$1');
    await boss.page.goto(
      `${home}/deals/table?filter=amount*gt*d100000&group=stageId&totals=amount.sum&density=compact`,
    );
    await boss.page.getByRole('button', { name: 'Save view' }).click();
    await boss.page.getByLabel('Name of the view').fill('Large ones');
    await boss.page.keyboard.press('Enter');
    await boss.page.waitForURL(/view=/);
    const id = new URL(boss.page.url()).searchParams.get('view');
    await act(boss.page, home, 'views.update', { id, values: { audience: 'everyone' } });

    const seller = await person(browser);
    await signIn(seller.page, login('member').email, login('member').password);
    await seller.page.goto(`${home}/deals?view=${id}`);
    await seller.page.getByRole('link', { name: 'Large ones' }).waitFor();
    await seller.page.getByText('is more than').waitFor();
    const filter = { field: 'amount', op: 'gt', value: 100_000 };
    const counted = async (of: Page) => (await ask<{ count: number }>(of, home, 'deals.count', { filter })).count;
    const own = await counted(seller.page);
    expect(own).toBeLessThan(await counted(boss.page));
    await seller.page.getByText(`${own} deal`).waitFor();
    await expect.poll(() => seller.page.getByRole('row').count()).toBeGreaterThan(1);
    // They may look at it and change it for themselves, and not for others.
    expect(await seller.page.getByRole('button', { name: 'Save', exact: true }).count()).toBe(0);
    expect(await axe(seller.page)).toEqual([]);
    expect([...boss.problems, ...seller.problems]).toEqual([]);
  });
});
