import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, launch, person, product } from '../support/browser';
import { act, ask } from './pages/api';
import { signIn } from './pages/site';

/** Two colleagues at two browsers: what one does is on the other's screen without their doing anything. */
let browser: Browser;
let mine: Awaited<ReturnType<typeof person>>;
let theirs: Awaited<ReturnType<typeof person>>;
let tenant: string;

beforeAll(async () => {
  if (!hasBrowser()) return;
  browser = await launch();
  [mine, theirs] = await Promise.all([person(browser, { live: true }), person(browser, { live: true })]);
  const [first] = product().logins;
  const logins = product().logins.filter((login) => login.tenant === first?.tenant);
  for (const [{ page }, login] of [
    [mine, logins[0]],
    [theirs, logins[1]],
  ] as const)
    await signIn(page, login?.email ?? '', login?.password ?? '');
  tenant = new URL(mine.page.url()).pathname.split('/').slice(0, 3).join('/');
});
afterAll(() => browser?.close());

/** Opens a screen and waits until it is told of changes. */
async function listening(page: Page, path: string): Promise<void> {
  const stream = page.waitForResponse((answer) => /\/api\/live\/[^/]+$/.test(answer.url()));
  await page.goto(`${tenant}${path}`);
  expect((await stream).status()).toBe(200);
}

describe.runIf(hasBrowser())('two colleagues', () => {
  it('see in lists, on the board and on a record what the other does, and that the other is there', async () => {
    const [me, you] = [mine.page, theirs.page];
    const company = await act<{ id: string }>(you, tenant, 'companies.create', { values: { name: 'Aa Live' } });
    await listening(me, '/companies');
    await me.getByRole('link', { name: 'Aa Live' }).waitFor();
    await act(you, tenant, 'companies.update', { id: company.id, values: { name: 'Aa Renamed' } });
    await me.getByRole('link', { name: 'Aa Renamed' }).waitFor();
    const other = await act<{ id: string }>(you, tenant, 'companies.create', { values: { name: 'Aa Second' } });
    await me.getByRole('link', { name: 'Aa Second' }).waitFor();

    const { pipelines } = await ask<{ pipelines: { stages: { id: string; name: string }[] }[] }>(
      you,
      tenant,
      'tenant.boot',
    );
    const [first, second] = pipelines[0]?.stages ?? [];
    const values = { name: 'Live deal', stageId: first?.id };
    const deal = await act<{ id: string }>(you, tenant, 'deals.create', { values });
    await listening(me, '/deals');
    const card = (stage: string | undefined) => me.getByRole('region', { name: stage }).getByText('Live deal');
    await card(first?.name).waitFor();
    await act(you, tenant, 'deals.move', { id: deal.id, stageId: second?.id });
    await card(second?.name).waitFor();
    await card(first?.name).waitFor({ state: 'detached' });

    await listening(me, `/companies/${company.id}`);
    await listening(you, `/companies/${company.id}`);
    await me.getByRole('img', { name: /is looking at this too/ }).waitFor();
    await act(you, tenant, 'companies.update', { id: company.id, values: { phone: '+1 303 555 0142' } });
    await me.getByText('+1 303 555 0142').first().waitFor();
    // Another tab of the same browser hears it by the first one's stream.
    const tab = await mine.context.newPage();
    const streams: string[] = [];
    tab.on('request', (request) => /\/api\/live\/[^/]+$/.test(request.url()) && streams.push(request.url()));
    await tab.goto(`${tenant}/companies`);
    await tab.getByRole('link', { name: 'Aa Renamed' }).waitFor();
    await act(you, tenant, 'companies.update', { id: company.id, values: { name: 'Aa Again' } });
    await tab.getByRole('link', { name: 'Aa Again' }).waitFor();
    expect(streams).toEqual([]);
    await you.goto(`${tenant}/companies`);
    await me.getByRole('img', { name: /is looking at this too/ }).waitFor({ state: 'detached' });
    // Other journeys go through the same workspace.
    await act(you, tenant, 'companies.remove', { ids: [company.id, other.id] });
    await act(you, tenant, 'deals.remove', { ids: [deal.id] });
    expect([...mine.problems, ...theirs.problems]).toEqual([]);
  });
});
