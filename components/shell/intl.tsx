'use client';

import { createContext, type ReactNode, use, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { IntlProvider, useMessages, useTimeZone } from 'use-intl';
import { isLocale, type Locale, loadFirstWords, loadMoreWords } from '@/domain/messages/load';
import { writeCookie } from './cookies';

type Words = Awaited<ReturnType<typeof loadFirstWords>>;
const more = new Map<Locale, ReturnType<typeof loadMoreWords>>();

/** The words of settings and imports, asked for once in each language. */
export function moreWords(locale: Locale): ReturnType<typeof loadMoreWords> {
  const known = more.get(locale);
  if (known) return known;
  const loading = loadMoreWords(locale);
  more.set(locale, loading);
  // What failed is asked for again.
  loading.catch(() => more.delete(locale));
  return loading;
}

interface Language {
  locale: Locale;
  switchTo: (locale: Locale) => Promise<void>;
}

const LanguageContext = createContext<Language | null>(null);

/** The language the page was served in. */
export function servedLocale(): Locale {
  const { lang } = document.documentElement;
  return isLocale(lang) ? lang : 'en';
}

/** Words for everything inside, `fallback` until they are here. Switching needs no reload. */
export function LanguageProvider({ fallback, children }: { fallback: ReactNode; children: ReactNode }) {
  const [shown, setShown] = useState<{ locale: Locale; messages: Words } | null>(null);
  const switchTo = useCallback(async (locale: Locale) => {
    // Somebody who has the further words on the screen needs them with the others.
    const [messages] = await Promise.all([loadFirstWords(locale), more.size > 0 && moreWords(locale)]);
    document.documentElement.lang = locale;
    writeCookie('locale', locale);
    setShown((before) => (before?.locale === locale ? before : { locale, messages }));
  }, []);
  useEffect(() => {
    let current = true;
    const locale = servedLocale();
    void loadFirstWords(locale).then((messages) => {
      if (current) setShown((before) => before ?? { locale, messages });
    });
    return () => {
      current = false;
    };
  }, []);
  const language = useMemo(() => shown && { locale: shown.locale, switchTo }, [shown, switchTo]);
  if (!shown || !language) return fallback;
  return (
    <LanguageContext value={language}>
      <IntlProvider locale={shown.locale} messages={shown.messages} timeZone="UTC">
        {children}
      </IntlProvider>
    </LanguageContext>
  );
}

export function useLanguage(): Language {
  const language = useContext(LanguageContext);
  if (!language) throw new Error('useLanguage outside LanguageProvider');
  return language;
}

/** Adds the words of settings and imports for what is inside; waits until they are here. */
export function MoreWords({ children }: { children: ReactNode }) {
  const { locale } = useLanguage();
  const first = useMessages();
  const timeZone = useTimeZone();
  const further = use(moreWords(locale));
  const messages = useMemo(() => ({ ...first, ...further }), [first, further]);
  return (
    <IntlProvider locale={locale} messages={messages} timeZone={timeZone}>
      {children}
    </IntlProvider>
  );
}
