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

it('settings and imports have words of their own, which nothing else uses', () => {
  const further = /\bimport \w+ from '\.\/en\/([\w-]+)\.json'/g;
  const areas = [...readFileSync('domain/messages/en-more.ts', 'utf8').matchAll(further)].map(([, file = '']) =>
    file.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
  );
  expect(areas).toContain('settings');
  // Screens with these words (lazyScreenWithMore in app/t/[tenant]/screens.ts) and what only they are made of.
  const inside = /^components\/(settings|imports)\//;
  const uses = new RegExp(`useTranslations\\('(${areas.join('|')})['.]`);
  const files = globSync('components/**/*.{ts,tsx}').map((file) => ({ file, source: readFileSync(file, 'utf8') }));
  const outside = files.filter(({ file }) => !inside.test(file));
  const found = outside.filter(({ source }) => uses.test(source)).map(({ file }) => file);
  // What others take from their folders says nothing in these words either.
  for (const { file, source } of outside) {
    for (const [, taken = ''] of source.matchAll(/from '@\/(components\/(?:settings|imports)\/[\w/-]+)'/g)) {
      const part = files.find((each) => each.file.replace(/\.tsx?$/, '') === taken);
      if (part && uses.test(part.source)) found.push(`${file} takes ${part.file}`);
    }
  }
  expect(found).toEqual([]);
});
