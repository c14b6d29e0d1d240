import { globSync } from 'node:fs';
import { get } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { screens } from '@/app/t/[tenant]/screens';
import { hasBrowser, launch, person, product } from '../support/browser';
import { xssCorpus } from '../support/xss';
import { act, ask } from './pages/api';
import { inDatabase } from './pages/database';
import { kept } from './pages/kept';
import { clickThrough, throughShell, watchPolicy } from './pages/policy';
import { signIn } from './pages/site';

/** What the browser is told to forbid, forbids nothing the product does; what it is given tells no secret. */
let browser: Browser;
beforeAll(async () => {
  if (hasBrowser()) browser = await launch();
});
afterAll(() => browser?.close());

const login = (locale: 'en' | 'zh') => {
  const found = product().logins.find(
    (l) => l.role === 'owner' && /\p{Script=Han}/u.test(l.tenant) === (locale === 'zh'),
  );
  if (!found) throw new Error('No demo login');
  return found;
};

/** The pages before sign-in, from their files. */
const sitePages = globSync('app/(site)/**/page.tsx')
  .map((file) => `/${file.split('/').slice(2, -1).join('/')}`)
  .filter((address) => !address.includes('['));

/** Every address of the map of screens in a tenant, with a record where a screen shows one. */
async function addressesOf(page: Page, tenant: string): Promise<string[]> {
  const firstOf = async (path: string) => {
    const { rows } = await ask<{ rows: { id: string }[] }>(page, tenant, `${path}.list`, { limit: 1 });
    return rows[0]?.id;
  };
  await page.goto(`${tenant}/settings`);
  const links = page.locator('nav a[href*="/settings/"]');
  await links.first().waitFor();
  const settings = await links.evaluateAll((all) =>
    all.map((link) => `/${new URL((link as HTMLAnchorElement).href).pathname.split('/').slice(3).join('/')}`),
  );
  const addresses: string[] = [];
  const [own = ''] = (await ask<{ objects: { key: string }[] }>(page, tenant, 'tenant.boot')).objects.map((o) => o.key);
  for (const { path } of screens) {
    if (path === '/settings/:page') addresses.push(...settings);
    else if (path.includes(':object')) {
      const input = { object: own, limit: 1 };
      const { rows } = await ask<{ rows: { id: string }[] }>(page, tenant, 'records.list', input);
      addresses.push(path.replace(':object', own).replace(':id', rows[0]?.id ?? ''));
    } else if (path === '/imports/:id') addresses.push('/imports/00000000-0000-7000-8000-000000000000');
    else
      addresses.push(
        path.replace(':id', path.includes(':id') ? ((await firstOf(path.split('/')[1] ?? '')) ?? '') : ''),
      );
  }
  return addresses;
}

const preferencesOf = async (page: Page, tenant: string) =>
  (await ask<{ preferences: Record<string, unknown> }>(page, tenant, 'tenant.boot')).preferences;

/** What was clicked at folded sections and changed lists of the person: the next test finds them as they were. */
async function putBack(page: Page, tenant: string, before: Record<string, unknown>): Promise<void> {
  const now = await preferencesOf(page, tenant);
  for (const key of Object.keys(now)) {
    const value = before[key] ?? null;
    if (JSON.stringify(now[key]) !== JSON.stringify(value)) await act(page, tenant, 'preferences.set', { key, value });
  }
}

describe.runIf(hasBrowser())('what a page may do', () => {
  for (const locale of ['en', 'zh'] as const) {
    it.concurrent(`X1: no violation through a full click-through (${locale})`, async () => {
      const { context, page, problems } = await person(browser, { locale });
      const violations = await watchPolicy(context, page);
      for (const address of sitePages) {
        await page.goto(address);
        await page.waitForLoadState('networkidle');
      }
      const { email, password } = login(locale);
      await signIn(page, email, password);
      const tenant = tenantOf(page);
      const addresses = await addressesOf(page, tenant);
      expect(addresses.length).toBeGreaterThan(20);
      const arranged = await preferencesOf(page, tenant);
      for (const [i, address] of addresses.entries()) {
        await page.goto(tenant + address);
        await page.waitForLoadState('networkidle');
        // Around every screen there is the same shell.
        if (i % 8 === 0) await throughShell(page);
        await clickThrough(page);
      }
      await moveCard(page, tenant);
      await putBack(page, tenant, arranged);
      expect(violations).toEqual([]);
      expect(problems).toEqual([]);
      await context.close();
    });
  }

  it('X1: runs no script, handler or style that carries no nonce', async () => {
    const { context, page } = await person(browser);
    const violations = await watchPolicy(context, page);
    for (const address of ['/sign-in', '/outbox']) {
      await page.goto(address);
      // As if it had stood in the page that was sent.
      await page.evaluate(() =>
        document.write(
          '<img src=x onerror="window.__xss=1"><b style="position:fixed">x</b><style>b{top:7px}</style><script>window.__xss=2</' +
            'script><script src="data:text/javascript,window.__xss=3"></' +
            'script><a href="javascript:window.__xss=4">x</a>',
        ),
      );
      await page.getByRole('link', { name: 'x' }).click();
      await page.waitForTimeout(300);
      expect(await page.evaluate(() => '__xss' in window)).toBe(false);
      expect(await page.evaluate(() => getComputedStyle(document.querySelector('b') as Element).position)).toBe(
        'static',
      );
      expect(await page.evaluate(() => getComputedStyle(document.querySelector('b') as Element).top)).toBe('auto');
      expect(await page.evaluate(compiles)).toBe(false);
    }
    expect(violations.some((line) => line.includes('script-src'))).toBe(true);
    await context.close();
  });

  it('X2: texts made to break out of a page are shown as they are, everywhere', async () => {
    const { context, page, problems } = await person(browser, { width: 1440 });
    const { email, password } = login('en');
    page.on('dialog', (dialog) => {
      problems.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await signIn(page, email, password);
    const tenant = tenantOf(page);
    const corpus = xssCorpus();
    expect(corpus.length).toBeGreaterThan(180);
    const make = (object: string, values: Record<string, unknown>) =>
      act<{ id: string }>(page, tenant, `${object}.create`, { values });
    // Names of one line; what does not fit into one is in the notes, where everything is.
    const names = corpus.filter((text, i) => text.length <= 120 && i % 4 === 0);
    const companies: string[] = [];
    for (const name of names) companies.push((await make('companies', { name })).id);
    const companyId = companies[0] ?? '';
    for (let i = 0; i < corpus.length; i += 12)
      await make('notes', { companyId, body: corpus.slice(i, i + 12).join('\n') });
    const nasty = '<img src=x onerror=window.__xss=1>';
    const contact = await make('contacts', { name: nasty, companyId, jobTitle: nasty });
    const { pipelines } = await ask<{ pipelines: { id: string; stages: { id: string }[] }[] }>(
      page,
      tenant,
      'tenant.boot',
    );
    const [pipeline] = pipelines;
    const deal = await make('deals', {
      name: `"><svg onload=window.__xss=1>`,
      companyId,
      pipelineId: pipeline?.id,
      stageId: pipeline?.stages[0]?.id,
      description: nasty,
    });
    const task = await make('tasks', { subject: nasty, companyId });

    const clean = async (where: string) => {
      await page.waitForLoadState('networkidle');
      await page.waitForTimeout(150);
      const found = await page.evaluate(() => ({
        ran: '__xss' in window,
        planted: document.querySelectorAll(
          'body [onerror], body [onload], body [onclick], body [onfocus], iframe, object, embed, marquee, base, body meta, a[href^="javascript" i], a[href^="data" i]',
        ).length,
      }));
      expect(found, where).toEqual({ ran: false, planted: 0 });
    };
    for (const address of [
      '',
      '/companies',
      ...companies.slice(0, 8).map((id) => `/companies/${id}`),
      `/contacts/${contact.id}`,
      '/contacts',
      `/deals/${deal.id}`,
      '/deals',
      '/deals/table',
      '/tasks',
      `/tasks/${task.id}`,
      '/reports',
      '/settings/audit',
    ]) {
      await page.goto(tenant + address);
      await clean(address);
    }
    // The timeline loads as it is read.
    await page.goto(`${tenant}/companies/${companyId}`);
    await page.getByText('<script>window.__xss=1</script>', { exact: false }).first().waitFor();
    for (let i = 0; i < 8; i++) {
      await page.mouse.wheel(0, 4000);
      await page.waitForTimeout(100);
    }
    await clean('timeline');
    await page.keyboard.press('Control+k');
    await page.locator('[cmdk-input]').fill('onerror');
    await page.waitForTimeout(600);
    await clean('palette');
    await page.keyboard.press('Escape');
    await act(page, tenant, 'companies.remove', { ids: companies });
    await context.close();
    expect(problems).toEqual([]);
  });

  it('X4: a link that would do anything but lead somewhere is shown as text', async () => {
    const { context, page } = await person(browser);
    const { email, password } = login('en');
    await signIn(page, email, password);
    const tenant = tenantOf(page);
    const { id } = await act<{ id: string }>(page, tenant, 'companies.create', {
      values: { name: 'Linked Ltd', website: 'https://linked.example/', email: 'a@linked.example' },
    });
    for (const website of [
      'javascript:window.__xss=1',
      ' java\nscript:window.__xss=1',
      'data:text/html,x',
      'vbscript:x',
    ]) {
      // The door refuses them; what came past it, by an old import or by hand, must still be harmless.
      const refused = await page.evaluate(
        async ([url, body]) =>
          (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status,
        [
          `/api/trpc/${tenant.split('/')[2]}/companies.create`,
          JSON.stringify({ values: { name: 'x', website } }),
        ] as const,
      );
      expect(refused).toBe(400);
      await inDatabase('update app.company set website = $2 where id = $1', [id, website]);
      for (const address of [`/companies/${id}`, '/companies?q=Linked']) {
        await page.goto(tenant + address);
        await page.getByText('Linked Ltd').first().waitFor();
        await page.waitForLoadState('networkidle');
        const hrefs = await page
          .locator('main a')
          .evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).protocol));
        expect(hrefs.filter((protocol) => !/^(https?|mailto|tel):$/.test(protocol))).toEqual([]);
      }
      expect(await page.evaluate(() => '__xss' in window)).toBe(false);
    }
    await act(page, tenant, 'companies.remove', { ids: [id] });
    await context.close();
  });

  it('X4: after sign-in people stay here, whatever the address asked for', async () => {
    const { email, password } = login('en');
    for (const next of [
      '//evil.example',
      'https://evil.example/',
      '/\\evil.example',
      'javascript:alert(1)',
      '/%0a/x',
    ]) {
      const { context, page } = await person(browser);
      await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
      await page.fill('[name=email]', email);
      await page.fill('[name=password]', password);
      await page.click('button[type=submit]');
      await page.waitForURL((url) => url.pathname !== '/sign-in');
      expect(new URL(page.url()).origin).toBe(new URL(product().url).origin);
      const asked = await page.request.get(`/api/auth/signin?callbackUrl=${encodeURIComponent(next)}`, {
        maxRedirects: 0,
      });
      const location = new URL(asked.headers().location ?? '/', product().url);
      expect(location.origin).toBe(new URL(product().url).origin);
      await context.close();
    }
  });

  it('S5: after sign-in no token lies where a script could read it', async () => {
    const { context, page } = await person(browser);
    const { email, password } = login('en');
    await signIn(page, email, password);
    await page.goto(`${tenantOf(page)}/settings/security`);
    await page.waitForLoadState('networkidle');
    const cookies = await context.cookies();
    const session = cookies.find((cookie) => cookie.name.endsWith('guanxi.session'));
    expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    expect(session?.value).toMatch(/^[\w-]{43}$/);
    expect(
      cookies
        .filter((cookie) => !cookie.httpOnly)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(expect.not.arrayContaining([expect.stringMatching(/session|token|device|csrf/i)]));
    const readable = await page.evaluate(() => {
      return {
        cookies: document.cookie,
        local: JSON.stringify({ ...localStorage }),
        session: JSON.stringify({ ...sessionStorage }),
        url: location.href,
        page: document.documentElement.outerHTML,
        name: window.name,
      };
    });
    // Records lie there (tests/e2e/offline.test.ts), nothing that opens an account.
    const databases = await kept(page);
    const secrets = cookies.filter((cookie) => cookie.httpOnly).map(({ value }) => value);
    expect(secrets.length).toBeGreaterThan(0);
    for (const secret of secrets) expect(JSON.stringify({ ...readable, databases })).not.toContain(secret);
    expect(`${readable.local}${readable.session}`).not.toMatch(/token|bearer|password|eyJ[\w-]{10}|gx_/i);
    await context.close();
  });
});

describe('what goes out with every answer', () => {
  it('X1, X3: the headers are on pages, files, errors, sign-in and the unknown', async () => {
    const home = await fetch(product().url);
    const files = [...(await home.text()).matchAll(/(?:src|href)="(\/_next\/static\/[^"]+)"/g)].map(
      ([, file]) => file ?? '',
    );
    expect(files.length).toBeGreaterThan(2);
    const publicFiles = globSync('public/**/*.*').map((file) => file.slice('public'.length));
    const pages = [
      ...sitePages,
      '/t/nowhere',
      '/t/nowhere/deals',
      '/t',
      '/nowhere',
      '/_next/nowhere',
      '/_next/static/x.js',
    ];
    const rest = ['/icon.svg', '/outbox', '/outbox.json', '/livez', '/readyz', '/api/nowhere', '/api/v1/deals'];
    const auth = ['session', 'providers', 'csrf', 'signin', 'error', 'nowhere'].map((name) => `/api/auth/${name}`);
    for (const address of [...pages, ...files.slice(0, 6), ...publicFiles, ...rest, ...auth, '/%', '/..%2f', '/%00']) {
      const headers = await headersOf(address);
      const where = `${address} ${headers[':status']}`;
      expect(headers, where).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': expect.any(String),
        'permissions-policy': expect.stringContaining('camera=()'),
        'cross-origin-opener-policy': 'same-origin',
      });
      expect(headers['x-powered-by'], where).toBeUndefined();
      expect(headers['content-security-policy'], where).toMatch(/^default-src '(self|none)'; .*frame-ancestors 'none'/);
      expect(headers['content-security-policy'], where).not.toMatch(/unsafe-/);
      if (String(headers['content-type']).startsWith('text/html') || /^\/(api|outbox)/.test(address))
        expect(headers['cache-control'], where).toMatch(/no-store/);
    }
  });

  it('X1: each page fills in its own nonce, and no script is without one', async () => {
    for (const address of [...sitePages, '/t/nowhere', '/nowhere', '/outbox']) {
      const answer = await fetch(product().url + address);
      const nonce = /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy') ?? '')?.[1] ?? 'none';
      const html = await answer.text();
      const tags = html.match(/<(script|style)[\s>][^>]*>?/g) ?? [];
      expect(
        tags.filter((tag) => !tag.includes(`nonce="${nonce}"`)),
        address,
      ).toEqual([]);
      expect(html, address).not.toMatch(/ style="|<[^>]+ on[a-z]+=/);
    }
  });
});

/** Whether the page may make code of text; asked later, because what the browser is told from outside may. */
const compiles = () =>
  new Promise<boolean>((resolve) =>
    setTimeout(() => {
      try {
        resolve(Boolean(new Function('')));
      } catch {
        resolve(false);
      }
    }),
  );

const tenantOf = (page: Page) => new URL(page.url()).pathname.replace(/^(\/t\/[^/]+).*/, '$1');

/** Headers of an address as it is written: fetch would tidy it first. */
function headersOf(path: string): Promise<Record<string, unknown>> {
  const { hostname, port } = new URL(product().url);
  return new Promise((resolve, reject) => {
    get({ hostname, port, path }, (response) => {
      response.resume();
      resolve({ ':status': response.statusCode, ...response.headers });
    }).on('error', reject);
  });
}

/** A drag on the board and the notice that offers to take it back. */
async function moveCard(page: Page, tenant: string): Promise<void> {
  await page.goto(`${tenant}/deals`);
  const card = page.locator('[data-card]').first();
  await card.waitFor();
  const stage = await card.getAttribute('data-stage');
  const target = page.locator(`[data-card]:not([data-stage="${stage}"])`).first();
  await card.dragTo(target);
  await page.locator('[data-sonner-toast]').first().waitFor();
  await page.locator('[data-sonner-toast] button').first().click();
  await page.waitForLoadState('networkidle');
}
