import type { Page } from 'playwright-core';

/** Calls a procedure as the page's own person, the way the page does. */
export async function ask<T>(page: Page, tenant: string, path: string, input: unknown = {}): Promise<T> {
  const slug = tenant.split('/')[2] ?? '-';
  return page.evaluate(
    async ([url, body]) => {
      const answer = await fetch(`${url}?input=${encodeURIComponent(body)}`);
      return (await answer.json()).result.data;
    },
    [`/api/trpc/${slug}/${path}`, JSON.stringify(input)] as const,
  );
}

/** Like `ask`, for a change. */
export async function act<T>(page: Page, tenant: string, path: string, input: unknown): Promise<T> {
  const slug = tenant.split('/')[2] ?? '-';
  return page.evaluate(
    async ([url, body]) => {
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      return (await answer.json()).result.data;
    },
    [`/api/trpc/${slug}/${path}`, JSON.stringify(input)] as const,
  );
}
