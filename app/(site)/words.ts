import { cookies, headers } from 'next/headers';
import { createTranslator } from 'use-intl/core';
import { type Locale, loadMessages, pickLocale } from '@/domain/messages/load';

/** Language and theme of somebody whose settings are not known yet: their cookies, else their browser. */
export async function readVisitor(): Promise<{ locale: Locale; theme: '' | 'light' | 'dark' }> {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  const theme = jar.get('theme')?.value;
  return {
    locale: pickLocale(jar.get('locale')?.value, head.get('accept-language')),
    theme: theme === 'light' || theme === 'dark' ? theme : '',
  };
}

/** The words of the site for a page. */
export async function siteWords() {
  const { locale } = await readVisitor();
  const messages = await loadMessages(locale);
  return createTranslator({ locale, messages: { site: messages.site }, namespace: 'site' });
}
