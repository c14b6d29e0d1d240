import type en from './en';
import type first from './en-first';
import type more from './en-more';

/** The languages the product speaks; the first is for those whose browser asks for neither. */
export const locales = ['en', 'zh'] as const;
export type Locale = (typeof locales)[number];

/** Every word, by area and key. The Chinese file has the same keys; a test compares them. */
export type Messages = typeof en;

export function isLocale(value: unknown): value is Locale {
  return locales.some((locale) => locale === value);
}

/** The words of one language, loaded as one chunk. */
export async function loadMessages(locale: Locale): Promise<Messages> {
  const loaded = locale === 'zh' ? await import('./zh') : await import('./en');
  // Both files have the same keys, which tests/domain/messages.test.ts checks.
  return loaded.default as Messages;
}

/** The words of most of the signed-in product. */
export async function loadFirstWords(locale: Locale): Promise<typeof first> {
  const loaded = locale === 'zh' ? await import('./zh-first') : await import('./en-first');
  return loaded.default as typeof first;
}

/** The words of settings and imports. */
export async function loadMoreWords(locale: Locale): Promise<typeof more> {
  const loaded = locale === 'zh' ? await import('./zh-more') : await import('./en-more');
  return loaded.default as typeof more;
}

/** The language of somebody not signed in: what they chose before, else what their browser prefers. */
export function pickLocale(chosen: string | undefined, acceptLanguage: string | null | undefined): Locale {
  if (isLocale(chosen)) return chosen;
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = parameters.map((p) => p.trim()).find((p) => p.startsWith('q='));
      return { language: tag.toLowerCase().split('-')[0], quality: quality ? Number(quality.slice(2)) : 1 };
    })
    .filter((want) => want.quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const want of wanted) if (isLocale(want.language)) return want.language;
  return locales[0];
}
