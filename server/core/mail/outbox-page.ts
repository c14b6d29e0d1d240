import type { OutboxMail } from './mail';
import { escapeHtml } from './templates';

const style = `
  body { font: 15px/1.6 system-ui, sans-serif; max-width: 720px; margin: 32px auto; padding: 0 16px; color: #17202a; background: #fff }
  article { border-top: 1px solid #d9e0e6; padding: 16px 0 }
  h1 { font-size: 20px } h2 { font-size: 16px; margin: 0 } p { color: #4a5866; margin: 4px 0 }
  pre { white-space: pre-wrap; word-break: break-word; font: inherit }
  @media (prefers-color-scheme: dark) {
    body { background: #10161c; color: #e8edf2 } a { color: #7cc4d6 } p { color: #a5b1bd } article { border-color: #2a343e }
  }`;

/**
 * The mails of a local installation as a page, newest first, with their links to click.
 * @param nonce what the answer's policy allows the style by
 */
export function outboxPage(mails: OutboxMail[], nonce: string): string {
  const items = mails.map(({ subject, to, at, text }) => {
    const body = escapeHtml(text).replace(/https?:\/\/[^\s&]+/g, '<a href="$&">$&</a>');
    return `<article><h2>${escapeHtml(subject)}</h2><p>${escapeHtml(to)} · ${escapeHtml(at)}</p><pre>${body}</pre></article>`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Outbox</title>
<style nonce="${nonce}">${style}</style></head><body><main><h1>Outbox</h1>${items.join('') || '<p>No mail yet.</p>'}</main></body></html>`;
}
