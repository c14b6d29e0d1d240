import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';
import { locales, pickLocale } from '@/domain/messages/load';
import { objects } from '@/domain/objects';
import { adminPermissions } from '@/domain/permissions';

const folder = path.resolve('domain/messages');
const areas = readdirSync(path.join(folder, 'en')).sort();

function words(locale: string, area: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, key: string) => {
    if (typeof value === 'string') found.set(key, value);
    else for (const [name, inner] of Object.entries(value ?? {})) walk(inner, key ? `${key}.${name}` : name);
  };
  walk(JSON.parse(readFileSync(path.join(folder, locale, area), 'utf8')), '');
  return found;
}

/** Names between braces, whatever their format: `{count, plural, …}` is `count`; the words of a branch are none. */
const argumentsOf = (text: string) =>
  [
    ...new Set(
      [
        ...text.replace(/\b(zero|one|two|few|many|other)\s*\{|=\d+\s*\{/g, '(').matchAll(/\{\s*([A-Za-z]\w*)\s*[,}]/g),
      ].map((match) => match[1]),
    ),
  ].sort();

/** Arguments whose value is shown: one that only selects a word, such as a Chinese measure word, is not. */
const shownBy = (text: string) => argumentsOf(text.replace(/\{\s*\w+\s*,\s*select\s*,/g, '('));

describe('messages', () => {
  it('has the same areas in every language', () => {
    for (const locale of locales) expect(readdirSync(path.join(folder, locale)).sort()).toEqual(areas);
  });

  it.each(areas)('%s says the same things with the same values in both languages', (area) => {
    const [en, zh] = [words('en', area), words('zh', area)];
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort());
    for (const [key, text] of en) {
      const other = zh.get(key) ?? '';
      expect(other.trim(), `${area} ${key} in Chinese`).not.toBe('');
      // A plural may name its noun in English only, never a value the other language does not show.
      expect(shownBy(other), `${area} ${key}`).toEqual(shownBy(text));
    }
  });

  it('names every right that is not of a record', () => {
    const named = [...words('en', 'settings.json').keys()].filter((key) => key.startsWith('roles.permissions.'));
    const rights = adminPermissions.map((permission) => `roles.permissions.${permission.replace('.', '_')}`);
    expect(named.sort()).toEqual(rights.sort());
  });

  it.each(locales)('can be read as messages in %s', (locale) => {
    for (const area of areas) {
      for (const [key, text] of words(locale, area)) {
        const values = Object.fromEntries(argumentsOf(text).map((name) => [name ?? '', 2]));
        const t = createTranslator({
          locale,
          messages: { text },
          onError: (error) => expect.unreachable(`${locale} ${area} ${key}: ${error.message}`),
        });
        if (!/<\w+>/.test(text)) t('text', values);
      }
    }
  });

  it('names every field and every choice of every object', () => {
    const labels = words('en', 'fields.json');
    for (const [object, { fields }] of Object.entries(objects)) {
      for (const [name, field] of Object.entries(fields)) {
        expect(labels.has(`${object}.${name}`), `${object}.${name}`).toBe(true);
        for (const choice of field.choices ?? []) {
          expect(labels.has(`choices.${object}.${name}.${choice}`), `${object}.${name} ${choice}`).toBe(true);
        }
      }
    }
  });

  it('has a text for every refusal', () => {
    const texts = words('en', 'errors.json');
    expect([...refusalCodes()].filter((code) => !texts.has(code))).toEqual([]);
  });
});

describe('the language of a visitor', () => {
  it.each([
    [undefined, 'zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    [undefined, 'fr-FR,en;q=0.7,zh;q=0.9', 'zh'],
    [undefined, 'fr', 'en'],
    [undefined, null, 'en'],
    ['en', 'zh', 'en'],
    ['xx', 'zh-TW', 'zh'],
  ])('is %s, %s -> %s', (chosen, accepted, expected) => {
    expect(pickLocale(chosen, accepted)).toBe(expected);
  });
});

function refusalCodes(): Set<string> {
  const codes = new Set<string>();
  for (const root of ['server', 'domain']) {
    for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const source = readFileSync(path.join(root, file), 'utf8');
      for (const match of source.matchAll(/new Refusal\(\s*'\w+',\s*(?:\{\s*code:\s*)?'(\w+)'/g))
        codes.add(match[1] ?? '');
    }
  }
  return codes;
}
