import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

type Node = string | string[] | { [key: string]: Node };

/** Every key of a message file with its text. */
function leaves(node: Node, at: string): [string, string][] {
  if (typeof node === 'string') return [[at, node]];
  return Object.entries(node).flatMap(([key, child]) => leaves(child, at ? `${at}.${key}` : key));
}
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Node;
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\s*[,}]/g)].map((m) => m[1] ?? '');

const areas = globSync('domain/messages/en/*.json').map((file) => path.basename(file));

describe('the two languages', () => {
  it('have the same areas', () => {
    expect(
      globSync('domain/messages/zh/*.json')
        .map((file) => path.basename(file))
        .sort(),
    ).toEqual([...areas].sort());
  });

  for (const area of areas) {
    it(`${area} has the same keys, filled, with the same placeholders`, () => {
      const en = new Map(leaves(read(`domain/messages/en/${area}`), ''));
      const zh = new Map(leaves(read(`domain/messages/zh/${area}`), ''));
      // Lists of sample words may differ in what they hold; their lengths may not matter.
      const keys = (map: Map<string, string>) => [...map.keys()].filter((key) => !/\.\d+(\.|$)/.test(key)).sort();
      expect(keys(zh)).toEqual(keys(en));
      for (const [key, text] of en) {
        if (/\.\d+(\.|$)/.test(key)) continue;
        expect(text.trim(), `en ${key}`).not.toBe('');
        expect((zh.get(key) ?? '').trim(), `zh ${key}`).not.toBe('');
        expect(new Set(placeholders(zh.get(key) ?? '')), key).toEqual(new Set(placeholders(text)));
      }
    });
  }

  it('components hold no visible string of their own', () => {
    const found: string[] = [];
    for (const file of [...globSync('components/**/*.tsx'), ...globSync('app/**/*.tsx')]) {
      const source = readFileSync(file, 'utf8');
      for (const [, text = ''] of source.matchAll(
        />\s*([A-Za-z\u4e00-\u9fff][^<>{}=;()]*[A-Za-z\u4e00-\u9fff!.?])\s*<\//g,
      ))
        if (text !== 'Guanxi') found.push(`${file}: ${text}`);
      for (const [, name = '', text = ''] of source.matchAll(
        /\b(placeholder|title|alt|aria-label|label)="([^"]*[A-Za-z\u4e00-\u9fff]{2,}[^"]*)"/g,
      ))
        found.push(`${file}: ${name}="${text}"`);
    }
    expect(found).toEqual([]);
  });
});
