import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, hasBrowser, launch, person, product } from '../support/browser';
import { act, ask } from './pages/api';
import { signIn } from './pages/site';

/** What is planned, logged, done again and looked for, through the browser, where it is the browser that decides. */
let browser: Browser;
let page: Page;
let problems: string[];
let tenant: string;
const contact = { name: 'Wilhelmina Quist', email: 'wilhelmina@quist.example' };
let contactId: string;

interface Rows {
  rows: { id: string; [field: string]: unknown }[];
}

beforeAll(async () => {
  if (!hasBrowser()) return;
  browser = await launch();
  ({ page, problems } = await person(browser));
  const login = product().logins.find(({ role, tenant }) => role === 'owner' && !/\p{Script=Han}/u.test(tenant));
  if (!login) throw new Error('no login of the demo');
  await signIn(page, login.email, login.password);
  tenant = new URL(page.url()).pathname.replace(/^(\/t\/[^/]+).*/, '$1');
  contactId = (await act<{ id: string }>(page, tenant, 'contacts.create', { values: contact })).id;
});
afterAll(() => browser?.close());

describe.runIf(hasBrowser())('calls and meetings', () => {
  it('are logged and planned by buttons on the page of whom they are with', async () => {
    await page.goto(`${tenant}/contacts/${contactId}`);
    await page.getByRole('button', { name: 'Log a call' }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('combobox', { name: 'Contact' }).getByText(contact.name).waitFor();
    expect(await axe(page)).toEqual([]);
    await form.getByPlaceholder('What was said?').fill('Wants a quote');
    await form.getByRole('button', { name: 'Log call' }).click();
    await page.getByText(`Call logged: ${contact.name}`).waitFor();
    await page.getByRole('button', { name: 'Plan a meeting' }).click();
    await form.getByLabel('Subject').fill('Quote with Quist');
    await form.getByRole('button', { name: 'Plan meeting' }).click();
    await page.getByText('“Quote with Quist” planned').waitFor();
    const filter = { field: 'contactId', op: 'is', value: contactId };
    const { rows } = await ask<Rows>(page, tenant, 'activities.list', { filter });
    expect(rows.map(({ kind, subject }) => [kind, subject]).sort()).toEqual([
      ['call', contact.name],
      ['meeting', 'Quote with Quist'],
    ]);
  });

  it('are joined by somebody known by their mail address only', async () => {
    const filter = { field: 'subject', op: 'is', value: 'Quote with Quist' };
    const { rows } = await ask<Rows>(page, tenant, 'activities.list', { filter });
    const id = rows[0]?.id ?? '';
    await page.goto(`${tenant}/activities/${id}`);
    await page.getByRole('button', { name: 'Add people' }).click();
    await page.keyboard.type('guest@acme.example');
    await page.getByText('By their mail address').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Attendees of “Quote with Quist” changed').waitFor();
    const people = await ask<{ id: string; object: string }[]>(page, tenant, 'activities.attendees', { id });
    expect(people.map(({ id, object }) => [object, id])).toEqual([
      ['contact', contactId],
      ['email', 'guest@acme.example'],
    ]);
  });
});

describe.runIf(hasBrowser())('a task that comes again', () => {
  const series = { subject: 'Weekly report', dueOn: '2027-03-01', recurrence: 'FREQ=WEEKLY' };
  const rename = async (to: string) => {
    await page.getByRole('button', { name: /^Edit Subject/ }).click();
    await page.getByRole('textbox', { name: 'Subject' }).fill(to);
    await page.keyboard.press('Enter');
    const question = page.getByRole('dialog');
    await question.getByText('This one only').waitFor();
    return question;
  };

  it('asks whether this one or the series is meant, and does just that', async () => {
    const { id } = await act<{ id: string }>(page, tenant, 'tasks.create', { values: series });
    await page.goto(`${tenant}/tasks/${id}`);
    const named = async () => (await ask<Rows['rows'][number]>(page, tenant, 'tasks.get', { id })).subject;

    const closed = await rename('Never');
    await page.keyboard.press('Escape');
    await closed.waitFor({ state: 'detached' });
    expect(await named()).toBe(series.subject);

    // The first answer has the focus, whatever had it before.
    const once = await rename('Report to the board');
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await once.waitFor({ state: 'detached' });
    await expect.poll(named).toBe('Report to the board');

    await act(page, tenant, 'tasks.update', { id, values: { done: true } });
    const filter = {
      and: [
        { field: 'subject', op: 'is', value: series.subject },
        { field: 'done', op: 'is', value: false },
      ],
    };
    const { rows } = await ask<Rows>(page, tenant, 'tasks.list', { filter });
    expect(rows.map(({ dueOn }) => dueOn)).toEqual(['2027-03-08']);
  });
});

describe.runIf(hasBrowser())('the search', () => {
  it('leaves Enter and Escape to the input method while it composes', async () => {
    await page.goto(tenant);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog');
    const field = palette.getByRole('combobox');
    await field.waitFor();
    const protocol = await page.context().newCDPSession(page);
    const press = (key: string) =>
      field.evaluate((element, key) => {
        const event = new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true, cancelable: true });
        element.dispatchEvent(event);
      }, key);
    const before = page.url();
    // Somebody not opened before, so that they are found or not there at all.
    const values = { name: 'Ottoline Pryce' };
    const { id } = await act<{ id: string }>(page, tenant, 'contacts.create', { values });
    const found = palette.getByRole('option', { name: values.name });
    await protocol.send('Input.imeSetComposition', { text: 'pryce', selectionStart: 5, selectionEnd: 5 });
    for (const key of ['Enter', 'Escape']) await press(key);
    expect(await field.inputValue()).toBe('pryce');
    expect(page.url()).toBe(before);
    expect(await found.count()).toBe(0);
    await protocol.send('Input.insertText', { text: 'pryce' });
    await found.waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/contacts/${id}`);
  });

  it('of a list says what was probably meant', async () => {
    await page.goto(`${tenant}/contacts?q=wilhelmnia`);
    await page.getByRole('button', { name: 'wilhelmina' }).click();
    await page.getByRole('link', { name: contact.name }).waitFor();
    expect(page.url()).toContain('q=wilhelmina');
  });

  it('finds tasks, and leads to the list of them', async () => {
    await page.goto(`${tenant}/tasks?q=board`);
    await page.getByRole('button', { name: /^Done/ }).click();
    await page.getByRole('link', { name: 'Report to the board' }).waitFor();
    expect(problems).toEqual([]);
  });
});
