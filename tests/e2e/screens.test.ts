import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, hasBrowser, type Look, launch, looks, person, product, shoot } from '../support/browser';
import { inDatabase } from './pages/database';
import { signIn } from './pages/site';

/**
 * Every screen, in both languages, light and dark, wide and phone: a picture of each is kept, axe finds nothing, the
 * console is silent, and nothing runs out of the page sideways.
 */
let browser: Browser;
beforeAll(async () => {
  if (!hasBrowser()) return;
  browser = await launch();
  // A list with something in it.
  await inDatabase(
    `insert into app.failed_job (tenant_id, id, queue, payload, error, attempts, request_id, created_at, failed_at)
     select t.id, gen_random_uuid(), q.queue, q.payload::jsonb, q.error, 12, gen_random_uuid(), now() - interval '3 hours', now() - interval '1 hour'
     from app.tenant t, (values ('mail', '{"template":"invitation","to":"lin.wei@example.com"}', 'mailFailed'),
       ('import', '{"importId":"00000000-0000-7000-8000-000000000000"}', 'jobStopped')) q (queue, payload, error)`,
    [],
  );
});
afterAll(() => browser?.close());

const site = [
  '/',
  '/sign-up',
  '/sign-in',
  '/forgot',
  '/reset?token=0123456789012345678901234567890123456789',
  '/invite?token=0123456789012345678901234567890123456789',
  '/magic?token=0123456789012345678901234567890123456789',
  '/confirm?token=0123456789012345678901234567890123456789',
];
const signedIn = [
  ['home', ''],
  ['tasks', '/tasks'],
  ['activities', '/activities'],
  ['deals-board', '/deals'],
  ['deals-table', '/deals/table'],
  ['companies', '/companies'],
  ['contacts', '/contacts'],
  ['products', '/products'],
  ['imports', '/imports'],
  ['exports', '/exports'],
  ['reports', '/reports'],
  ['settings-profile', '/settings/profile'],
  ['settings-security', '/settings/security'],
  ['settings-company', '/settings/company'],
  ['settings-members', '/settings/members'],
  ['settings-teams', '/settings/teams'],
  ['settings-pipelines', '/settings/pipelines'],
  ['settings-api', '/settings/api'],
  ['settings-roles', '/settings/roles'],
  ['settings-audit', '/settings/audit'],
  ['settings-archive', '/settings/archive'],
  ['settings-jobs', '/settings/jobs'],
  ['settings-objects', '/settings/objects'],
  ['settings-fields', '/settings/objects/o_visit'],
  ['own-object', '/objects/o_visit'],
  ['duplicates', '/duplicates'],
  ['bin', '/bin'],
] as const;

describe.runIf(hasBrowser())('screens', () => {
  for (const look of looks) {
    it.concurrent(`${look.locale}, ${look.width} wide, light and dark`, async () => {
      const { context, page, problems } = await person(browser, look);
      const defects: string[] = [];
      for (const address of site) {
        await page.goto(address);
        await settled(page);
        await inspect(
          page,
          `site${address.split('?')[0]?.replace(/\//g, '-').replace(/-$/, '-landing')}`,
          look,
          defects,
        );
      }
      const login = product().logins.find(
        (l) => l.role === 'owner' && /\p{Script=Han}/u.test(l.tenant) === (look.locale === 'zh'),
      );
      if (!login) throw new Error('No demo login');
      await signIn(page, login.email, login.password);
      const tenant = new URL(page.url()).pathname.replace(/^(\/t\/[^/]+).*/, '$1');
      for (const [name, address] of signedIn) {
        await page.goto(`${tenant}${address}`);
        await settled(page);
        await inspect(page, name, look, defects);
        if (name === 'settings-audit') {
          const opener = look.width === 390 ? 'main li button[aria-expanded]' : 'tbody button[aria-expanded]';
          for (const i of [0, 1, 2]) await page.locator(opener).nth(i).click();
          await settled(page);
          await inspect(page, 'settings-audit-open', look, defects);
        }
      }
      for (const object of ['companies', 'contacts', 'deals', 'products']) {
        const id = await firstId(page, tenant, object);
        await page.goto(`${tenant}/${object}/${id}`);
        await settled(page);
        await inspect(page, `${object}-record`, look, defects);
      }
      expect(defects).toEqual([]);
      expect(problems).toEqual([]);
      await context.close();
    });
  }
});

/** The screen has its data: nothing is busy and no skeleton is left. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => !document.querySelector('[data-slot="skeleton"], [aria-busy="true"]'), undefined, {
    timeout: 20_000,
  });
  await page.evaluate(() => document.fonts.ready);
}

/** Looks at the screen as it stands, first in the theme the page has, then in the other: that is the next page's. */
async function inspect(page: Page, name: string, look: Omit<Look, 'theme'>, defects: string[]): Promise<void> {
  const dark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  for (const theme of dark ? (['dark', 'light'] as const) : (['light', 'dark'] as const)) {
    await page.emulateMedia({ colorScheme: theme });
    await shoot(page, name, { ...look, theme });
    for (const violation of await axe(page)) defects.push(`${name}, ${theme}: ${violation}`);
  }
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (sideways > 0) defects.push(`${name}: runs ${sideways} px out of the page`);
}

async function firstId(page: Page, tenant: string, object: string): Promise<string> {
  return page.evaluate(
    async ([slug, plural]) => {
      const answer = await fetch(
        `/api/trpc/${slug}/${plural}.list?input=${encodeURIComponent(JSON.stringify({ limit: 1 }))}`,
      );
      return (await answer.json()).result.data.rows[0].id as string;
    },
    [tenant.split('/')[2], object] as const,
  );
}
