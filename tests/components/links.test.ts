import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeHref } from '@/components/records/hrefs';
import { safeNext } from '@/components/site/next-address';
import { xssCorpus } from '../support/xss';

const types = ['link', 'email', 'phone'] as const;
const schemes = ['javascript', 'data', 'vbscript', 'file', 'blob', 'about', 'ftp', 'ws', 'view-source', 'intent'];
const disguises = ['', ' ', '\t', '\n', '\r\n', '\u0000', '\u00a0', '\u200b', '\ufeff', 'JaVa', '%20', '\u0001'];

/** What the browser would do with it in a link of ours. */
const followed = (href: string) => new URL(href, 'https://crm.example/t/acme').protocol;

describe('a link from data', () => {
  it('X4: leads by http, https, mail or phone, or is no link', () => {
    const texts = schemes.flatMap((scheme) =>
      disguises.flatMap((trick) => [
        `${trick}${scheme}:alert(1)`,
        `${scheme}${trick}:alert(1)`,
        `${scheme.slice(0, 2)}${trick}${scheme.slice(2)}:alert(1)`,
        `${scheme.toUpperCase()}:${trick}//x`,
        `${scheme}:${trick}https://example.com`,
      ]),
    );
    for (const text of [...texts, ...xssCorpus(), '//evil.example', '/\\evil', '\\\\evil\\share', 'x']) {
      for (const type of types) {
        const href = safeHref(type, text);
        if (href !== null) expect(['http:', 'https:', 'mailto:', 'tel:'], `${type} ${text}`).toContain(followed(href));
      }
      const own = /^\s*https?:/i.test(text);
      if (!own) expect(safeHref('link', text), text).toBeNull();
    }
    expect(safeHref('link', 'https://example.com/a?b=c#d')).toBe('https://example.com/a?b=c#d');
    expect(safeHref('link', 'HTTP://EXAMPLE.com')).toBe('http://example.com/');
  });

  it('X4: whatever the text is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.oneof(
          fc.string(),
          fc.tuple(fc.constantFrom(...schemes), fc.string()).map(([scheme, text]) => `${scheme}:${text}`),
        ),
        (type, text) => {
          const href = safeHref(type, text);
          return href === null || /^(https?|mailto|tel):$/.test(followed(href));
        },
      ),
    );
  });

  it('X4: cannot put a second recipient or a head line into a mail', () => {
    expect(safeHref('email', 'a@b.example?bcc=c@d.example&body=x')).toBe(
      'mailto:a@b.example%3Fbcc%3Dc@d.example%26body%3Dx',
    );
    expect(safeHref('email', 'a@b.example\r\nBcc: c@d.example')).not.toMatch(/[\r\n]/);
  });

  it('X4: is made in one place', () => {
    // Every other href is an address of our own, written here or made of one.
    const own = [
      /^"[/#]/,
      /^\{`\/(t|api|sign-in|invite)[/?]/,
      /^\{useHref\(/,
      /^\{(call|mail)\}$/,
      /^\{href\}$/,
      /^\{(download|shown|address)\}$/,
    ];
    const found: string[] = [];
    for (const file of [...globSync('components/**/*.tsx'), ...globSync('app/**/*.tsx')]) {
      const source = readFileSync(file, 'utf8');
      for (const [, value = ''] of source.matchAll(/\b(?:href|src|formAction)=("[^"]*"|\{[^\n]*?\})(?=[\s/>])/g))
        if (!own.some((allowed) => allowed.test(value)) && !value.startsWith('{`/site/'))
          found.push(`${file}: ${value}`);
      for (const [word] of source.matchAll(
        /dangerouslySetInnerHTML|\.innerHTML|insertAdjacentHTML|document\.write|srcDoc/g,
      ))
        found.push(`${file}: ${word}`);
      if (/href=\{(href|call|mail)\}/.test(source) && !/safeHref\(/.test(source) && !/function TextLink/.test(source))
        found.push(`${file}: a link that did not come from safeHref`);
      if (/(href|src)=\{(download|shown|address)\}/.test(source) && !/useFileAddress\(/.test(source))
        found.push(`${file}: an address of a file that did not come from useFileAddress`);
    }
    expect(found).toEqual([]);
  });
});

describe('where sign-in leads', () => {
  it('X4: only to an address of this site', () => {
    for (const next of [
      ...xssCorpus(),
      '//evil',
      '/\\evil',
      '/\t/evil',
      '/%0a/evil',
      '/a\u0000b',
      'evil',
      '\\evil',
      ' /x',
    ]) {
      const address = safeNext(next);
      if (address !== null) expect(new URL(address, 'https://crm.example').origin, next).toBe('https://crm.example');
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        const address = safeNext(`/${text}`);
        return address === null || new URL(address, 'https://crm.example').origin === 'https://crm.example';
      }),
    );
    expect(safeNext('/t/acme/deals?q=1')).toBe('/t/acme/deals?q=1');
  });
});
