import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const word = 'A-Za-z\\u4e00-\\u9fff';
const text = new RegExp(`>\\s*([${word}][^<>{}=;()]*[${word}!.?])\\s*</`, 'g');
const attribute = new RegExp(`\\b(placeholder|title|alt|aria-label|label)="([^"]*[${word}]{2,}[^"]*)"`, 'g');

it('components and pages hold no visible string of their own', () => {
  const found: string[] = [];
  for (const file of [...globSync('components/**/*.tsx'), ...globSync('app/**/*.tsx')]) {
    const source = readFileSync(file, 'utf8');
    for (const [, words = ''] of source.matchAll(text)) {
      // The product's own name is the same in every language.
      if (words !== 'Guanxi') found.push(`${file}: ${words}`);
    }
    for (const [, name, words = ''] of source.matchAll(attribute)) {
      // One lower-case word is a key of the messages, passed on.
      if (!/^[a-z][A-Za-z.]*$/.test(words)) found.push(`${file}: ${name}="${words}"`);
    }
  }
  expect(found).toEqual([]);
});
